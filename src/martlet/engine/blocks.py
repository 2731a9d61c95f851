"""BlockPool: who owns which block of the paged KV cache. Knows numbers only; the memory is the model's."""

from __future__ import annotations


class BlockPool:
    """Blocks 0 to num_blocks - 1, free or owned.

    Free blocks form a doubly linked list, so any of them can be taken in constant time wherever it stands:
    prefix caching needs that to bring a free block with known content back. A block may have many owners.
    """

    def __init__(self, num_blocks: int) -> None:
        self.num_blocks = num_blocks
        self.num_free = num_blocks
        self._owners = [0] * num_blocks
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
        return [self._take(self._next[self._sentinel]) for _ in range(count)]

    def share(self, block: int) -> None:
        """Add an owner to a block, which may be free."""
        if self._owners[block] == 0:
            self._take(block)
        else:
            self._owners[block] += 1

    def free(self, blocks: list[int]) -> None:
        """Drop one owner of each block. Those left with none go to the front: warm memory is reused first."""
        for block in reversed(blocks):
            assert self._owners[block] > 0
            self._owners[block] -= 1
            if self._owners[block] == 0:
                self._link_front(block)

    def check_invariants(self) -> None:
        """Assert that every block is either owned or in the free list, once, and that the counts agree."""
        free: list[int] = []
        at = self._next[self._sentinel]
        while at != self._sentinel and len(free) <= self.num_blocks:
            assert self._previous[self._next[at]] == at
            free.append(at)
            at = self._next[at]
        assert len(free) == len(set(free)) == self.num_free
        assert all(self._owners[block] == 0 for block in free)
        assert sum(owners > 0 for owners in self._owners) == self.num_used

    def num_owners(self, block: int) -> int:
        return self._owners[block]

    def _take(self, block: int) -> int:
        before, after = self._previous[block], self._next[block]
        self._next[before], self._previous[after] = after, before
        self._owners[block] = 1
        self.num_free -= 1
        return block

    def _link_front(self, block: int) -> None:
        after = self._next[self._sentinel]
        self._next[self._sentinel], self._previous[after] = block, block
        self._previous[block], self._next[block] = self._sentinel, after
        self.num_free += 1
