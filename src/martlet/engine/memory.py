"""How much memory there is, and how many blocks of KV cache to make of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from martlet.engine.config import EngineConfig
from martlet.errors import EngineFailed

if TYPE_CHECKING:
    from martlet.engine.models.decoder import Model

CACHE_SHARE = 0.5
"""Share of the available memory that the KV cache takes unasked."""
UNKNOWN_BYTES = 2 * 1024**3
"""Taken as available where the system does not say."""


def cache_block_bytes(model: Model, block_size: int) -> int:
    """Return the size of one block over all layers: keys and values, float32."""
    return 2 * model.num_layers * model.num_kv_heads * model.head_dim * block_size * 4


def num_cache_blocks(
    config: EngineConfig, max_model_len: int, block_bytes: int, available: int | None = None
) -> int:
    """Return how many blocks of `block_bytes` each the KV cache has.

    Never more than `max_num_seqs` sequences at full length can use. Raises EngineFailed if not even one fits.
    """
    num_per_sequence = -(-max_model_len // config.block_size)
    budget = config.kv_cache_bytes
    if budget is None:
        budget = int(CACHE_SHARE * (available_bytes() if available is None else available))
    num_blocks = budget // block_bytes
    if num_blocks < num_per_sequence:
        needed = num_per_sequence * block_bytes
        raise EngineFailed(
            f"the KV cache may take {_size(budget)}, and one sequence of {max_model_len} tokens needs "
            f"{_size(needed)}: set max_model_len to at most {num_blocks * config.block_size}, "
            f"or kv_cache_bytes to at least {needed}"
        )
    return min(num_blocks, config.max_num_seqs * num_per_sequence)


def available_bytes() -> int:
    """Return the memory that this process can still have without swapping, as far as the system tells."""
    system, container = _system_bytes(), _cgroup_bytes()
    return system if container is None else min(system, container)


def _system_bytes() -> int:
    for line in _lines(Path("/proc/meminfo")):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    try:  # macOS tells only how much there is in all
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):
        return UNKNOWN_BYTES


def _cgroup_bytes(folder: Path = Path("/sys/fs/cgroup")) -> int | None:
    """Return what a container's limit leaves, None without a limit. Files in the page cache can go."""
    limit, used = _lines(folder / "memory.max"), _lines(folder / "memory.current")
    if not limit or not used or limit[0] == "max":
        return None
    stat = dict(line.split(maxsplit=1) for line in _lines(folder / "memory.stat"))
    return max(0, int(limit[0]) - int(used[0]) + int(stat.get("inactive_file", 0)))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").splitlines()
    except OSError:
        return []


def _size(num_bytes: float) -> str:
    for unit in ("B", "KiB", "MiB"):
        if num_bytes < 1024:
            return f"{num_bytes:.4g} {unit}"
        num_bytes /= 1024
    return f"{num_bytes:.4g} GiB"
