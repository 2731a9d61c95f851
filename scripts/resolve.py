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
    """Make `socket.getaddrinfo` answer with the mapped addresses."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        target = mapping.get((name, int(port))) if name and port else None
        return look_up(*(target or (host, port)), *args, **kwargs)

    socket.getaddrinfo = getaddrinfo


def main() -> None:
    *pairs, program = sys.argv[1:]
    install({split(source): split(target) for source, _, target in (pair.partition("=") for pair in pairs)})
    sys.argv = [program]
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main()
