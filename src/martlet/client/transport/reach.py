"""How a transport gets to an origin: directly, through a proxy, or over a Unix socket; and what it trusts."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from martlet.client.transport import failures, http1
from martlet.client.transport.base import Origin, Request

if TYPE_CHECKING:
    import ssl

    from martlet.client.transport.proxies import Proxies, Proxy
    from martlet.client.transport.sockets import Address
    from martlet.client.transport.tls import ClientCert
    from martlet.errors import TransportError

_PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


class Way:
    """The way to one origin."""

    __slots__ = ("_uds", "context", "proxy")

    def __init__(
        self, *, context: ssl.SSLContext | None = None, proxy: Proxy | None = None, uds: str | None = None
    ) -> None:
        self.context = context
        """Of the TLS with the origin itself, if it speaks any."""
        self.proxy = proxy
        self._uds = uds

    def peer_name(self, origin: Origin) -> str:
        if self._uds is not None:
            return f"{failures.peer_name(origin)} (at the Unix socket {self._uds})"
        return failures.peer_name(origin) if self.proxy is None else self.proxy.peer_name(origin)

    def dials(self, origin: Origin) -> Origin:
        """Whose address to look up."""
        return origin if self.proxy is None else self.proxy.origin

    def address(self) -> Address | None:
        """The address, where no name has to be looked up."""
        if self._uds is None:
            return None
        return (getattr(socket, "AF_UNIX", -1), socket.SOCK_STREAM, 0, "", self._uds)

    def tunnel(self) -> Proxy | None:
        """The proxy to ask for a tunnel before TLS starts."""
        return self.proxy if self.context is not None else None

    def cannot_resolve(self, origin: Origin, error: OSError | UnicodeError) -> TransportError:
        if self.proxy is not None:
            return failures.no_proxy(origin, self.proxy.name, error)
        return failures.cannot_resolve(self.peer_name(origin), error)

    def cannot_connect(self, origin: Origin, error: OSError) -> TransportError:
        if self.proxy is not None:
            return failures.no_proxy(origin, self.proxy.name, error)
        return failures.cannot_connect(self.peer_name(origin), error)


_STRAIGHT = Way()


class Reach:
    """What a transport was told about proxies, TLS and sockets."""

    def __init__(
        self,
        *,
        ssl_context: ssl.SSLContext | None = None,
        verify: bool | str | os.PathLike[str] = True,
        cert: ClientCert | None = None,
        proxy: str | None = None,
        trust_env: bool = True,
        uds: str | os.PathLike[str] | None = None,
    ) -> None:
        """Raises ValueError or FileNotFoundError for what cannot be used."""
        if ssl_context is not None and (verify is not True or cert is not None):
            raise ValueError("give either ssl_context, or verify and cert")
        if uds is not None and proxy is not None:
            raise ValueError("give either uds or proxy")
        if verify is not True or cert is not None:
            from martlet.client.transport.tls import context_for

            ssl_context = context_for(verify, cert)
        self._context = ssl_context
        self._uds = None if uds is None else os.fspath(uds)
        self.proxies = None if uds is not None else _proxies(proxy, trust_env)

    def head(self, request: Request) -> tuple[bytes, Proxy | None]:
        """The request's head as it goes out, and the proxy that it goes through."""
        if self.proxies is None:
            return http1.encode_head(request), None
        proxy = self.proxies.of(request.origin)
        return http1.encode_head(request if proxy is None else proxy.forwarded(request)), proxy

    def way(self, origin: Origin, proxy: Proxy | None) -> Way:
        if origin.scheme == "http" and proxy is None and self._uds is None:
            return _STRAIGHT
        if origin.scheme == "http+unix":
            return Way(uds=unquote(origin.host))
        context = self._tls_context() if origin.scheme == "https" else None
        return Way(context=context, proxy=proxy, uds=self._uds)

    def _tls_context(self) -> Any:
        if self._context is None:
            from martlet.client.transport.tls import default_context

            self._context = default_context()
        return self._context


def _proxies(given: str | None, trust_env: bool) -> Proxies | None:
    is_named = trust_env and any(os.environ.get(name) for name in _PROXY_VARIABLES)
    if given is None and not is_named:
        return None
    from martlet.client.transport.proxies import Proxies

    return Proxies(given, dict(os.environ) if trust_env else {})
