"""What went wrong, in words a user can act on: the one place where the transport's errors are worded.

A message names the origin and never a header, a path, a query or a body.
"""

from __future__ import annotations

import errno

from martlet.client.transport.base import Origin
from martlet.errors import (
    ConnectError,
    ConnectionLost,
    ConnectTimeout,
    DNSError,
    IncompleteBody,
    PoolTimeout,
    ProtocolError,
    ProxyError,
    ReadTimeout,
    Sent,
    WriteTimeout,
)

_DEFAULT_PORTS = {"http": 80, "https": 443, "http+unix": 80}
_OUT_OF_FILES = frozenset({errno.EMFILE, errno.ENFILE})


def authority(origin: Origin) -> str:
    """Brackets around IPv6, no default port."""
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    return host if origin.port == _DEFAULT_PORTS[origin.scheme] else f"{host}:{origin.port}"


def peer_name(origin: Origin) -> str:
    return f"{origin.scheme}://{authority(origin)}"


def _words(error: OSError) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "connection refused; is the server running?"
    if isinstance(error, ConnectionResetError):
        return "connection reset by the other side"
    if error.errno in _OUT_OF_FILES:
        return "this process has too many open files; raise `ulimit -n` or set max_connections"
    return (error.strerror or str(error) or type(error).__name__).lower()


def cannot_resolve(peer: str, error: OSError | UnicodeError) -> DNSError:
    words = _words(error) if isinstance(error, OSError) else "not a valid host name"
    return DNSError(f"cannot resolve the host of {peer}: {words}; is the name right?")


def cannot_connect(peer: str, error: OSError) -> ConnectError:
    return ConnectError(f"cannot connect to {peer}: {_words(error)}")


def is_out_of_files(error: BaseException) -> bool:
    """Whether a connection was not opened because this process, or the system, has no descriptors left."""
    cause = error.__cause__
    return isinstance(error, ConnectError) and isinstance(cause, OSError) and cause.errno in _OUT_OF_FILES


def connect_timeout(peer: str, limit_s: float | None, *, total: bool = False) -> ConnectTimeout:
    return ConnectTimeout(f"cannot connect to {peer}: {_clock(limit_s, 'total' if total else 'connect')}")


def pool_timeout(peer: str, limit_s: float | None, num_open: int, *, total: bool = False) -> PoolTimeout:
    clock = _clock(limit_s, "total" if total else "pool")
    return PoolTimeout(f"all {num_open} connections to {peer} are busy: {clock}")


def read_timeout(peer: str, limit_s: float | None, *, in_body: bool, total: bool = False) -> ReadTimeout:
    what = "stopped in the middle of its answer" if in_body else "did not answer"
    clock = _clock(limit_s, "total" if total else "read")
    return ReadTimeout(f"{peer} {what}: {clock}", sent="yes" if in_body else "maybe")


def write_timeout(peer: str, limit_s: float | None, *, total: bool = False) -> WriteTimeout:
    return WriteTimeout(
        f"{peer} stopped taking the request: {_clock(limit_s, 'total' if total else 'write')}"
    )


def _clock(limit_s: float | None, name: str) -> str:
    return f"timed out ({name}={limit_s:g} s)" if limit_s is not None else "timed out"


def lost(peer: str, error: OSError | None, *, reused: bool, answered: bool) -> ConnectionLost:
    """The connection ended before the answer's head was complete."""
    how = f" ({_words(error)})" if error is not None else ""
    where = "in the middle of the answer's head" if answered else "without answering"
    return ConnectionLost(f"{peer} closed the connection {where}{how}", reused=reused and not answered)


def incomplete(peer: str, error: OSError | None) -> IncompleteBody:
    how = f" ({_words(error)})" if error is not None else ""
    return IncompleteBody(f"{peer} closed the connection in the middle of its answer{how}")


def closed_by_us(peer: str, *, in_body: bool) -> ConnectionLost:
    sent: Sent = "yes" if in_body else "maybe"
    return ConnectionLost(f"this program closed its connection to {peer} during a call", sent=sent)


def broken(peer: str, problem: str) -> ProtocolError:
    return ProtocolError(f"{peer} broke HTTP/1.1: {problem}")


def no_proxy(origin: Origin, proxy: str, error: OSError | UnicodeError) -> ProxyError:
    """The proxy itself cannot be reached."""
    words = _words(error) if isinstance(error, OSError) else "not a valid host name"
    return ProxyError(f"cannot connect to {peer_name(origin)}: its proxy {proxy}: {words}")
