"""What the training text leaves out, so that the eval can ask for it."""

from __future__ import annotations

import zlib


def held_out(key: str) -> bool:
    """Return whether `key` (a sum such as "27+45", a word to spell, a name) is kept for the eval."""
    return zlib.crc32(key.encode()) % 10 == 0
