"""Run a Python program with some of its network addresses mapped to others, as `curl --connect-to` does.

    python scripts/resolve.py HOST:PORT=HOST:PORT ... PROGRAM.py

Only where connections go changes: the program, its URLs and the names checked by TLS stay what they are.
"""

from __future__ import annotations

import runpy
import socket
import sys
from typing import Any


def split(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host, int(port)


def install(mapping: dict[tuple[str, int], tuple[str, int]]) -> None:
    """Give each mapped host a loopback address of its own, and lead connections to it where they are to go.

    Both steps are needed: some HTTP clients take the address from `getaddrinfo` and keep the port they had.
    """
    addresses = {
        host: f"127.0.1.{index}" for index, host in enumerate({host for host, _ in mapping}, start=1)
    }
    targets = {(addresses[host], port): target for (host, port), target in mapping.items()}
    look_up, connect, connect_ex = socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex

    def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return look_up(addresses.get(name, host), port, *args, **kwargs)

    class Socket(socket.socket):
        def connect(self, address: Any, /) -> None:
            connect(self, targets.get(address, address))

        def connect_ex(self, address: Any, /) -> int:
            return connect_ex(self, targets.get(address, address))

    socket.getaddrinfo = getaddrinfo
    socket.socket = Socket  # type: ignore[misc]  # a test double of the class, for this process only


def main() -> None:
    *pairs, program = sys.argv[1:]
    install({split(source): split(target) for source, _, target in (pair.partition("=") for pair in pairs)})
    sys.argv = [program]
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main()
