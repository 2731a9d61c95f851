"""Base URLs, path segments and query strings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from urllib.parse import quote, unquote, urlencode, urlsplit

from martlet.client.options import ABSENT

DEFAULT_PORTS = {"http": 80, "https": 443, "http+unix": 80}
_PATH_SAFE = "/!$&'()*+,;=:@%-._~"
_QUERY_SAFE = _PATH_SAFE + "?"
_SEGMENT_SAFE = "!$&'()*+,;=:@-._~"


class URL(str):
    """A base URL as text, ending in a slash, with its parts as attributes."""

    scheme: str
    host: str
    port: int | None
    path: str
    query: str

    def __new__(cls, text: object) -> URL:
        raw = str(text).strip()
        parts = urlsplit(raw)
        if parts.scheme.lower() not in DEFAULT_PORTS or not parts.hostname:
            raise ValueError(f"base_url must look like http://host:port/v1, got {_without_userinfo(raw)!r}")
        if "@" in parts.netloc:
            raise ValueError("base_url must not contain a user or password: use api_key or default_headers")
        scheme = parts.scheme.lower()
        if scheme == "http+unix":  # the path of a socket, percent-encoded: case matters
            host = parts.netloc
        else:
            host = parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode()
        if not all("!" <= char <= "~" for char in host) or (":" in host and scheme == "http+unix"):
            raise ValueError(f"base_url has no valid host: {raw!r}")
        try:
            port = parts.port
        except ValueError:
            raise ValueError(f"base_url has no valid port: {raw!r}") from None
        path = quote(parts.path.rstrip("/"), safe=_PATH_SAFE) + "/"
        query = quote(parts.query, safe=_QUERY_SAFE)
        netloc = f"[{host}]" if ":" in host else host
        netloc = netloc if port is None else f"{netloc}:{port}"
        url = super().__new__(cls, f"{scheme}://{netloc}{path}" + (f"?{query}" if query else ""))
        url.scheme, url.host, url.port, url.path, url.query = scheme, host, port, path, query
        return url

    @property
    def netloc_port(self) -> int:
        """The port to connect to, given or implied."""
        return self.port if self.port is not None else DEFAULT_PORTS[self.scheme]

    def __reduce__(self) -> tuple[type[URL], tuple[str]]:
        return (URL, (str(self),))

    def __repr__(self) -> str:
        return f"URL({str(self)!r})"


def fill(template: str, name: str, value: str) -> str:
    """Put `value` for `{name}` into a path, as exactly one segment. Raises ValueError for an empty one."""
    if not value:
        raise ValueError(f"Expected a non-empty value for `{name}` but received {value!r}")
    if value.replace("%2e", ".").replace("%2E", ".") in (".", ".."):
        raise ValueError(f"`{name}` must not be {value!r}: it would name another path")
    return template.replace("{" + name + "}", quote(value, safe=_SEGMENT_SAFE))


def without_keys(query: str, names: Mapping[str, object]) -> str:
    """An encoded query less what `names` will say anew."""
    return "&".join(part for part in query.split("&") if unquote(part.partition("=")[0]) not in names)


def encode_query(params: Mapping[str, object]) -> str:
    """`a[]=1&a[]=2&b[c]=true`, as the official client writes it; None and values not given are left out."""
    return urlencode([pair for key, value in params.items() for pair in pairs(key, value)])


def pairs(key: str, value: object) -> Iterator[tuple[str, str]]:
    """One value of a query or form as names and texts. Raises TypeError for bytes, which have no text."""
    if value is None or isinstance(value, ABSENT):
        return
    if isinstance(value, Mapping):
        for inner, item in value.items():
            yield from pairs(f"{key}[{inner}]", item)
    elif isinstance(value, Enum):
        yield from pairs(key, value.value)
    elif isinstance(value, (bytes, bytearray)):
        raise TypeError(f"{key!r} is a text, a number or a list of these, not {type(value).__name__}")
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for item in value:
            yield from pairs(f"{key}[]", item)
    elif isinstance(value, bool):
        yield key, "true" if value else "false"
    else:
        yield key, str(value)


def _without_userinfo(raw: str) -> str:
    scheme, separator, rest = raw.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"
