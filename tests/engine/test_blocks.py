"""The block pool: owners, the free list, and taking a block from the middle of it."""

from __future__ import annotations

import random

import pytest

from martlet.engine.blocks import BlockPool


def test_allocate_all_then_free_restores() -> None:
    pool = BlockPool(5)
    blocks = pool.allocate(5)
    pool.check_invariants()
    assert sorted(blocks) == [0, 1, 2, 3, 4]
    assert (pool.num_free, pool.usage) == (0, 1.0)
    pool.free(blocks)
    pool.check_invariants()
    assert (pool.num_free, pool.usage) == (5, 0.0)


def test_freed_blocks_are_reused_first() -> None:
    pool = BlockPool(8)
    first, _ = pool.allocate(2), pool.allocate(2)
    pool.free(first)
    assert pool.allocate(2) == first


def test_shared_block_stays_until_last_owner() -> None:
    pool = BlockPool(3)
    [block] = pool.allocate(1)
    pool.share(block)
    pool.free([block])
    assert (pool.num_free, pool.num_owners(block)) == (2, 1)
    pool.free([block])
    assert (pool.num_free, pool.num_owners(block)) == (3, 0)
    pool.check_invariants()


@pytest.mark.parametrize("block", [0, 2, 4])
def test_share_takes_free_block_from_anywhere(block: int) -> None:
    pool = BlockPool(5)
    pool.share(block)
    pool.check_invariants()
    assert pool.num_owners(block) == 1
    assert block not in pool.allocate(4)
    pool.check_invariants()


def test_free_of_free_block_is_caught() -> None:
    pool = BlockPool(2)
    with pytest.raises(AssertionError):
        pool.free([0])


def test_check_invariants_sees_damage() -> None:
    pool = BlockPool(4)
    pool.allocate(2)
    pool.num_free += 1
    with pytest.raises(AssertionError):
        pool.check_invariants()


@pytest.mark.parametrize("seed", range(5))
def test_random_use_keeps_invariants(seed: int) -> None:
    rng = random.Random(seed)
    pool = BlockPool(12)
    owned: list[int] = []
    for _ in range(300):
        action = rng.choice(["allocate", "share", "free"])
        if action == "allocate":
            owned += pool.allocate(rng.randint(0, pool.num_free))
        elif action == "share":
            owned.append(rng.randrange(12))
            pool.share(owned[-1])
        elif owned:
            pool.free([owned.pop(rng.randrange(len(owned))) for _ in range(rng.randint(1, len(owned)))])
        pool.check_invariants()
        assert all(pool.num_owners(block) == owned.count(block) for block in range(12))
