"""How a request learns that its client is gone, where the server is ours and not another ASGI server."""

from __future__ import annotations

from collections.abc import Callable

LINE = "martlet.line"
"""Where a request's scope has the Line that it came by, if the server is ours."""


class Line:
    """Tells requests when their connection is lost, which costs them less than to wait for a message."""

    __slots__ = ("is_cut", "on_cut")

    def __init__(self) -> None:
        self.is_cut = False
        self.on_cut: set[Callable[[], object]] = set()

    def cut(self) -> None:
        self.is_cut = True
        for leave in list(self.on_cut):
            leave()
