"""What the requests of one client have in common, worked out once: origin, path, headers, time limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from martlet.client.headers import SECRET, merge_headers
from martlet.client.options import NotGiven, resolve_timeouts, stream_timeouts
from martlet.client.transport.base import Origin, Request
from martlet.client.urls import URL, encode_query, without_keys

if TYPE_CHECKING:
    from martlet.client.calls import Call
    from martlet.client.transport.base import Timeouts

HeaderList = list[tuple[str, str]]


class Wire:
    """Turns calls into requests. Made anew when an attribute of the client changes, never changed itself."""

    def __init__(
        self,
        base_url: URL,
        headers: Mapping[str, str],
        default_headers: Mapping[str, object],
        default_query: Mapping[str, object],
        timeout: object,
    ) -> None:
        self._origin = Origin(scheme=base_url.scheme, host=base_url.host, port=base_url.netloc_port)
        self._prefix = base_url.path.rstrip("/")
        self._base_query = base_url.query
        self._default_query = dict(default_query)
        self._has_query = bool(base_url.query or default_query)
        self._timeouts = resolve_timeouts(timeout)
        self._stream_timeouts = stream_timeouts(self._timeouts)
        self._headers = merge_headers({**headers, "x-stainless-retry-count": "0"}, default_headers)
        self._owns_retry_count = "x-stainless-retry-count" not in {name.lower() for name in default_headers}
        # Shared by all requests: nothing below this line may append to them.
        self._with_body: HeaderList = list(self._headers.items())
        self._without_body: HeaderList = [pair for pair in self._with_body if pair[0] != "content-type"]

    def request(self, call: Call[Any], retries: int) -> Request:
        """The request of one attempt at `call`."""
        headers = self._with_body if call.body is not None else self._without_body
        if retries or call.headers:
            headers = self._headers_of(call, retries)
        origin, target = self._origin, self._prefix + call.path
        if call.path[0] != "/":
            origin, target = self._elsewhere(call.path)
        if origin is not self._origin:
            headers = _for_strangers(headers, call.headers)
            target = _with_query(target, call.query)
        elif self._has_query or call.query:
            target = self._with_query(target, call.query)
        return Request(call.method, origin, target, headers, call.body or b"", self._timeouts_of(call))

    def _timeouts_of(self, call: Call[Any]) -> Timeouts:
        timeout = call.timeout
        if isinstance(timeout, NotGiven):
            return self._stream_timeouts if call.stream else self._timeouts
        own = resolve_timeouts(timeout)
        return stream_timeouts(own) if call.stream else own

    def _headers_of(self, call: Call[Any], retries: int) -> HeaderList:
        headers = dict(self._headers)
        if self._owns_retry_count:
            headers["x-stainless-retry-count"] = str(retries)
        if call.body is None:
            headers.pop("content-type", None)
        return list(merge_headers(headers, call.headers or {}).items())

    def _elsewhere(self, path: str) -> tuple[Origin, str]:
        """Where a path leads that is not below base_url: `../x` is beside its `/v1`, others are URLs."""
        if path.startswith("../"):
            return self._origin, self._prefix.removesuffix("/v1") + path[2:]
        url = URL(path)
        origin = Origin(scheme=url.scheme, host=url.host, port=url.netloc_port)
        target = url.path if path.partition("?")[0].endswith("/") else url.path.rstrip("/") or "/"
        return self._origin if origin == self._origin else origin, f"{target}?{url.query}".rstrip("?")

    def _with_query(self, target: str, extra: Mapping[str, object] | None) -> str:
        return _with_query(target, {**self._default_query, **(extra or {})}, self._base_query)


def _with_query(target: str, params: Mapping[str, object] | None, base: str = "") -> str:
    """`target` with more in its query; `params` win over what is written in it."""
    path, _, own = target.partition("?")
    if own and params:
        own = without_keys(own, params)
    query = "&".join(part for part in (base, own, encode_query(params or {})) if part)
    return f"{path}?{query}" if query else path


def _for_strangers(headers: HeaderList, own: Mapping[str, object] | None) -> HeaderList:
    """Headers for another host: keys do not go there, unless this very call names them."""
    named = {name.lower() for name in own or {}}
    return [pair for pair in headers if pair[0] not in SECRET or pair[0] in named]
