"""Ctrl-C: it ends what the user waits for, and never the conversation."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

PATIENCE = 3
"""How often Ctrl-C may be pressed where nothing expects it, before it ends the program after all."""


class Interrupts:
    """While it is in force, Ctrl-C raises KeyboardInterrupt inside `with interrupts.expected():`, once.

    Elsewhere, as while an answer that was stopped is being put away, it does nothing.
    """

    def __init__(self) -> None:
        self.is_expected = False
        self._num_unheard = 0
        self._before: Any = None

    def expected(self) -> _Expected:
        """Catch KeyboardInterrupt around the whole `with` statement: it may come as this begins or ends."""
        return _Expected(self)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._num_unheard = 0 if self.is_expected else self._num_unheard + 1
        if self.is_expected or self._num_unheard >= PATIENCE:
            self.is_expected = False
            raise KeyboardInterrupt

    def __enter__(self) -> Interrupts:
        is_main = threading.current_thread() is threading.main_thread()
        if is_main and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            self._before = signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
            self._before = None


class _Expected:
    """A plain object: a generator's context manager has moments in which an interrupt is lost."""

    def __init__(self, interrupts: Interrupts) -> None:
        self._interrupts = interrupts

    def __enter__(self) -> None:
        self._interrupts.is_expected = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._interrupts.is_expected = False
