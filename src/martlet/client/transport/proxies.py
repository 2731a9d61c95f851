"""Which proxy a request goes through: what was given, else what the environment says.

`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` are read in lower case first, as curl does. Programs
that set them mean the internet: loopback, private addresses and names without a dot are reached directly
unless a proxy was given in so many words.
"""

from __future__ import annotations

import ipaddress
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from msgspec.structs import replace

from martlet.client.transport import failures
from martlet.client.transport.base import Origin, Request
from martlet.errors import ProxyError

_LOCAL_SUFFIXES = (".localhost", ".local")


class Proxy:
    """An HTTP proxy. Its credentials show in no message."""

    def __init__(self, url: str) -> None:
        """Raises ValueError for a URL that is none, or of a kind that this transport does not speak."""
        parts = urlsplit(url if "://" in url else f"http://{url}")
        shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        if parts.scheme.startswith("socks"):
            raise ValueError(
                f"proxy {shown}: SOCKS needs an adapter: `pip install 'httpx[socks]'` and pass "
                f"http_client=httpx.Client(proxy=...), or httpx.AsyncClient"
            )
        if parts.scheme == "https":
            raise ValueError(
                f"proxy {shown}: TLS to the proxy itself needs an adapter: pass "
                f"http_client=httpx.Client(proxy=...), or httpx.AsyncClient; is it http:// rather than https://?"
            )
        try:
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if parts.scheme != "http" or not host:
            raise ValueError(f"a proxy looks like http://host:port, got {shown!r}")
        self.origin = Origin("http", host, 80 if port is None else port)
        self.name = failures.peer_name(self.origin)
        self._authorization: str | None = None
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._authorization = f"Basic {b64encode(pair.encode()).decode()}"

    def __repr__(self) -> str:
        return f"<Proxy {self.name}>"

    def peer_name(self, origin: Origin) -> str:
        """For messages: who was called, and through whom."""
        return f"{failures.peer_name(origin)} (through the proxy {self.name})"

    def forwarded(self, request: Request) -> Request:
        """`request` as this proxy wants to read it: unchanged if it goes through a tunnel."""
        if request.origin.scheme == "https":
            return request
        headers = request.headers
        if self._authorization is not None:
            headers = [*headers, ("proxy-authorization", self._authorization)]
        return replace(request, target=request.url, headers=headers)

    def connect_head(self, origin: Origin) -> bytes:
        """What asks for a tunnel to `origin`."""
        host = f"[{origin.host}]" if ":" in origin.host else origin.host
        lines = [f"CONNECT {host}:{origin.port} HTTP/1.1", f"host: {host}:{origin.port}"]
        if self._authorization is not None:
            lines.append(f"proxy-authorization: {self._authorization}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


class TunnelReply:
    """The proxy's answer to CONNECT, as it arrives."""

    def __init__(self, proxy: Proxy, origin: Origin) -> None:
        self._data = b""
        self._proxy = proxy
        self._origin = origin

    def feed(self, data: bytes) -> bool:
        """Whether the tunnel is open. Raises ProxyError if the proxy refused, or says no HTTP."""
        if not data:
            raise self._error("it closed the connection")
        self._data += data
        head, end, rest = self._data.partition(b"\r\n\r\n")
        if not end:
            if len(self._data) > 64 * 1024:
                raise self._error("its answer does not end")
            return False
        version, _, status = head.partition(b"\r\n")[0].decode("latin-1").partition(" ")
        if not version.startswith("HTTP/1."):
            raise self._error("it does not speak HTTP")
        if not status.startswith("2"):
            raise self._error(f"it answered {status.strip() or 'nothing'}")
        if rest:
            raise self._error("it sent more than an answer")
        return True

    def _error(self, problem: str) -> ProxyError:
        peer = failures.peer_name(self._origin)
        return ProxyError(f"cannot connect to {peer}: the proxy {self._proxy.name} refused: {problem}")


class Proxies:
    """The proxy of each origin."""

    def __init__(self, given: str | None, environment: Mapping[str, str]) -> None:
        """Raises ValueError for a `given` that cannot be used; the environment's is judged when used."""
        self._given = None if given is None else Proxy(given)
        self._environment = environment
        self._no_proxy = [rule for rule in _split(_variable(environment, "no_proxy")) if rule]
        self._known: dict[Origin, Proxy | None] = {}

    def of(self, origin: Origin) -> Proxy | None:
        """Raises ProxyError if the environment names a proxy that cannot be used."""
        if origin not in self._known:
            self._known[origin] = self._choose(origin)
        return self._known[origin]

    def _choose(self, origin: Origin) -> Proxy | None:
        if origin.scheme == "http+unix":
            return None
        if self._given is not None:
            return self._given
        url = _variable(self._environment, f"{origin.scheme}_proxy") or _variable(
            self._environment, "all_proxy"
        )
        if not url or _is_near(origin.host) or any(_matches(rule, origin) for rule in self._no_proxy):
            return None
        try:
            return Proxy(url)
        except ValueError as error:
            raise ProxyError(f"cannot connect to {failures.peer_name(origin)}: {error}") from error


def _variable(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name)
    # A CGI program's HTTP_PROXY is the client's `Proxy:` header.
    if value is None and not (name == "http_proxy" and "REQUEST_METHOD" in environment):
        value = environment.get(name.upper())
    return (value or "").strip()


def _split(rules: str) -> list[str]:
    return rules.replace(",", " ").lower().split()


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def _is_near(host: str) -> bool:
    """Loopback, a private or link-local address, or a name that only a local network knows."""
    address = _address(host)
    if address is not None:
        return address.is_loopback or address.is_private or address.is_link_local
    name = host.lower().rstrip(".")
    return "." not in name or name.endswith(_LOCAL_SUFFIXES)


def _matches(rule: str, origin: Origin) -> bool:
    """Whether a rule of NO_PROXY means the origin: `*`, a name with those below it, an address or range."""
    if rule == "*":
        return True
    address = _address(origin.host)
    if "/" in rule:
        try:
            return address is not None and address in ipaddress.ip_network(rule, strict=False)
        except ValueError:
            return False
    if _address(rule) is not None:
        return _address(rule) == address
    name, separator, port = rule.rpartition(":")
    if separator and port.isdigit():
        if int(port) != origin.port:
            return False
        rule = name
    if _address(rule) is not None:
        return _address(rule) == address
    rule = rule.removeprefix("*").lstrip(".").rstrip(".")
    host = origin.host.lower().rstrip(".")
    return bool(rule) and (host == rule or host.endswith(f".{rule}"))
