"""Names for what blocks of the KV cache hold, so that requests with the same beginning share them."""

from __future__ import annotations

import os
from array import array
from hashlib import blake2b

from martlet.engine.request import Request

DIGEST_BYTES = 16


class PrefixHasher:
    """Hashes full blocks in a chain: a block's hash stands for all tokens up to its end.

    The chain begins with a secret, so that nobody can look for two prompts with the same hash without asking
    this process about each; by chance two of 128 bits do not meet.
    """

    def __init__(self, block_size: int) -> None:
        self._block_size = block_size
        self._secret = os.urandom(DIGEST_BYTES)

    def catch_up(self, request: Request, num_blocks: int) -> list[bytes]:
        """Return the hashes of a request's first `num_blocks` blocks, which its tokens must fill."""
        hashes = request.block_hashes
        if len(hashes) < num_blocks:
            start, end = len(hashes) * self._block_size, num_blocks * self._block_size
            hashes += self._chain(hashes[-1] if hashes else self._root(request), request.token_ids[start:end])
        return hashes[:num_blocks]

    def _root(self, request: Request) -> bytes:
        return _digest(self._secret + repr(request.cache_keys).encode())

    def _chain(self, parent: bytes, token_ids: list[int]) -> list[bytes]:
        content = array("i", token_ids).tobytes()
        width = len(content) // len(token_ids) * self._block_size
        hashes = []
        for start in range(0, len(content), width):
            parent = _digest(parent + content[start : start + width])
            hashes.append(parent)
        return hashes


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=DIGEST_BYTES).digest()
