"""Sockets before and between calls: the order of addresses, their options, whether one still lives."""

from __future__ import annotations

import select
import socket
from itertools import chain, zip_longest
from typing import Any

Address = tuple[Any, ...]
"""As `socket.getaddrinfo` gives it: family, type, protocol, canonical name, socket address."""

_FIRST_TRY_S = 2.0
"""Patience with an address while others wait: about one lost SYN. The last one gets all that is left."""


def interleave(addresses: list[Address]) -> list[Address]:
    """Alternate between address families, so that one dead family costs one try."""
    families: dict[int, list[Address]] = {}
    for address in addresses:
        families.setdefault(address[0], []).append(address)
    if len(families) < 2:
        return addresses
    return [found for found in chain.from_iterable(zip_longest(*families.values())) if found is not None]


def patience_s(left_s: float | None, *, is_last: bool) -> float | None:
    if is_last:
        return left_s
    return _FIRST_TRY_S if left_s is None else min(_FIRST_TRY_S, left_s)


def is_literal(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except OSError:
            continue
        return True
    return False


def tune(sock: socket.socket) -> None:
    """No delay for small writes; notice within minutes that a silent peer has died."""
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 20)):
        if hasattr(socket, option):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


class QuietSocket(socket.socket):
    """A socket that a dropped client closes without a ResourceWarning."""

    __slots__ = ()

    def __del__(self) -> None:
        if self.fileno() != -1:
            self.close()


def out_of_files() -> OSError | None:
    """The error of opening a socket, if no descriptors are left: resolvers fail obscurely then."""
    try:
        socket.socket().close()
    except OSError as error:
        return error
    return None


def is_readable(sock: socket.socket) -> bool:
    """Whether a read would not wait: on an idle connection, the sign that the peer has closed it."""
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([sock], [], [], 0)[0])
