"""BlockPool: who owns which block of the paged KV cache. Knows numbers only; the memory is the model's."""

from __future__ import annotations

from martlet.engine.config import EngineConfig


class BlockPool:
    """Blocks 0 to num_blocks - 1, free or owned, by one or by many.

    A full block may be kept under the hash of what it holds, and found by it: also while it is free, until
    its memory is needed. Free blocks form a doubly linked list, so that any can be brought back in constant
    time wherever it stands. The front is taken first: blocks with nothing to keep, then those unused longest.
    """

    def __init__(self, num_blocks: int) -> None:
        self.num_blocks = num_blocks
        self.num_free = num_blocks
        self._owners = [0] * num_blocks
        self._hashes: list[bytes | None] = [None] * num_blocks
        self._by_hash: dict[bytes, int] = {}
        # One ring through the free blocks and a sentinel, which has the index num_blocks.
        self._sentinel = num_blocks
        self._next = [*range(1, num_blocks + 1), 0]
        self._previous = [num_blocks, *range(num_blocks)]

    @property
    def num_used(self) -> int:
        return self.num_blocks - self.num_free

    @property
    def usage(self) -> float:
        """Share of the blocks in use, from 0 to 1."""
        return self.num_used / self.num_blocks

    def allocate(self, count: int) -> list[int]:
        """Take `count` blocks from the front of the free list. The caller has checked `num_free`."""
        assert count <= self.num_free
        blocks = [self._take(self._next[self._sentinel]) for _ in range(count)]
        for block in blocks:
            self._forget(block)
        return blocks

    def share(self, block: int) -> None:
        """Add an owner to a block, which may be free."""
        if self._owners[block] == 0:
            self._take(block)
        else:
            self._owners[block] += 1

    def free(self, blocks: list[int]) -> None:
        """Drop one owner of each block, in the order of a sequence.

        Those left with none go to the front, as warm memory, or to the back if their content is kept: the
        end of a sequence before its beginning, which others are more likely to have too.
        """
        for block in reversed(blocks):
            assert self._owners[block] > 0
            self._owners[block] -= 1
            if self._owners[block] == 0:
                after = self._next[self._sentinel] if self._hashes[block] is None else self._sentinel
                self._link_before(after, block)

    def find(self, block_hash: bytes) -> int | None:
        """Return the block that holds this content, owned or free."""
        return self._by_hash.get(block_hash)

    def keep(self, block: int, block_hash: bytes) -> None:
        """Let an owned block be found by its content; unless another block with the same is there already."""
        assert self._owners[block] > 0
        assert self._hashes[block] is None
        if block_hash not in self._by_hash:
            self._hashes[block], self._by_hash[block_hash] = block_hash, block

    def forget_all(self) -> None:
        """Let no block be found any more."""
        self._by_hash.clear()
        self._hashes = [None] * self.num_blocks

    def check_invariants(self) -> None:
        """Assert that every block is owned or in the free list, once, and that counts and hashes agree."""
        free: list[int] = []
        at = self._next[self._sentinel]
        while at != self._sentinel and len(free) <= self.num_blocks:
            assert self._previous[self._next[at]] == at
            free.append(at)
            at = self._next[at]
        assert len(free) == len(set(free)) == self.num_free
        assert all(self._owners[block] == 0 for block in free)
        assert sum(owners > 0 for owners in self._owners) == self.num_used
        kept = {block_hash: block for block, block_hash in enumerate(self._hashes) if block_hash is not None}
        assert kept == self._by_hash

    def num_owners(self, block: int) -> int:
        return self._owners[block]

    def hash_of(self, block: int) -> bytes | None:
        """Return what the block can be found by."""
        return self._hashes[block]

    def _take(self, block: int) -> int:
        before, after = self._previous[block], self._next[block]
        self._next[before], self._previous[after] = after, before
        self._owners[block] = 1
        self.num_free -= 1
        return block

    def _forget(self, block: int) -> None:
        block_hash = self._hashes[block]
        if block_hash is not None:
            del self._by_hash[block_hash]
            self._hashes[block] = None

    def _link_before(self, after: int, block: int) -> None:
        before = self._previous[after]
        self._next[before], self._previous[after] = block, block
        self._previous[block], self._next[block] = before, after
        self.num_free += 1


def most_blocks_at_once(config: EngineConfig, num_tokens: int, window: int | None) -> int:
    """Return how many blocks a sequence of `num_tokens` owns at most at a time."""
    num_blocks = -(-num_tokens // config.block_size)
    if window is None:
        return num_blocks
    span = window - 1 + config.max_num_batched_tokens  # seen by a step's first query, and up to its last
    return min(num_blocks, (span + config.block_size - 2) // config.block_size + 1)
