"""How many blocks the KV cache gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet.engine import memory
from martlet.engine.config import EngineConfig
from martlet.errors import EngineFailed


def test_cache_is_bounded_by_what_sequences_can_use() -> None:
    config = EngineConfig(max_num_seqs=4)
    assert memory.num_cache_blocks(config, 100, block_bytes=10, available=10**9) == 4 * 7


def test_cache_is_bounded_by_half_of_available_memory() -> None:
    assert memory.num_cache_blocks(EngineConfig(), 100, block_bytes=100, available=10_000) == 50


def test_cache_size_asked_for_is_taken() -> None:
    config = EngineConfig(kv_cache_bytes=3000)
    assert memory.num_cache_blocks(config, 100, block_bytes=100, available=0) == 30


def test_cache_too_small_for_one_sequence_is_refused() -> None:
    config = EngineConfig(kv_cache_bytes=10 * 1024)
    with pytest.raises(EngineFailed) as caught:
        memory.num_cache_blocks(config, 200, block_bytes=1024)
    assert str(caught.value) == (
        "the KV cache may take 10 KiB, and one sequence of 200 tokens needs 13 KiB: "
        "set max_model_len to at most 160, or kv_cache_bytes to at least 13312"
    )


def test_available_memory_is_plausible() -> None:
    assert 2**20 < memory.available_bytes() < 2**50


def test_container_limit_leaves_what_is_unused(tmp_path: Path) -> None:
    assert memory._cgroup_bytes(tmp_path) is None
    (tmp_path / "memory.current").write_text("700\n")
    (tmp_path / "memory.stat").write_text("anon 500\ninactive_file 150\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert memory._cgroup_bytes(tmp_path) is None
    (tmp_path / "memory.max").write_text("1000\n")
    assert memory._cgroup_bytes(tmp_path) == 450
