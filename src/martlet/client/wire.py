"""What the requests of one client have in common, worked out once: origin, path, headers, time limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from martlet.client.headers import merge_headers
from martlet.client.options import NotGiven, resolve_timeouts
from martlet.client.transport.base import Origin, Request
from martlet.client.urls import encode_query

if TYPE_CHECKING:
    from martlet.client.calls import Call
    from martlet.client.urls import URL

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
        target = self._prefix + call.path
        if self._has_query or call.query:
            target = self._with_query(target, call.query)
        timeout = call.timeout
        return Request(
            call.method,
            self._origin,
            target,
            headers,
            call.body or b"",
            self._timeouts if isinstance(timeout, NotGiven) else resolve_timeouts(timeout),
        )

    def _headers_of(self, call: Call[Any], retries: int) -> HeaderList:
        headers = dict(self._headers)
        if self._owns_retry_count:
            headers["x-stainless-retry-count"] = str(retries)
        if call.body is None:
            headers.pop("content-type", None)
        return list(merge_headers(headers, call.headers or {}).items())

    def _with_query(self, target: str, extra: Mapping[str, object] | None) -> str:
        path, _, own = target.partition("?")
        added = encode_query({**self._default_query, **(extra or {})})
        query = "&".join(part for part in (self._base_query, own, added) if part)
        return f"{path}?{query}" if query else path
