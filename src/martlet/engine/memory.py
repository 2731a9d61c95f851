"""How much memory there is, and how many blocks of KV cache to make of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from martlet.engine.blocks import most_blocks_at_once
from martlet.engine.config import EngineConfig, QuantizationMode
from martlet.errors import EngineFailed

if TYPE_CHECKING:
    from martlet.engine.models.decoder import Model

CACHE_SHARE = 0.5
"""Share of the available memory that the KV cache takes unasked."""
V1_NAMES = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
"""What the older version of cgroups calls its figures."""
UNKNOWN_BYTES = 2 * 1024**3
"""Taken as available where the system does not say."""


def cache_block_bytes(model: Model, block_size: int) -> int:
    """Return the size of one block over all layers: keys and values."""
    return 2 * model.num_layers * model.num_kv_heads * model.head_dim * block_size * model.kv_dtype.itemsize


def num_cache_blocks(
    config: EngineConfig,
    max_model_len: int,
    block_bytes: int,
    available: int | None = None,
    window: int | None = None,
) -> int:
    """Return how many blocks of `block_bytes` each the KV cache has.

    Never more than `max_num_seqs` sequences at full length can use. Raises EngineFailed if not even one fits,
    or if more was asked for than can be had without swapping. `available` is what the system tells, `window`
    how many positions a token sees in every layer, if not all.
    """
    num_per_sequence = most_blocks_at_once(config, max_model_len, window)
    available = available_bytes() if available is None else available
    budget = int(CACHE_SHARE * available) if config.kv_cache_bytes is None else config.kv_cache_bytes
    num_blocks = budget // block_bytes
    if num_blocks < num_per_sequence:
        needed = num_per_sequence * block_bytes
        raise EngineFailed(
            f"the KV cache may take {_size(budget)}, and one sequence of {max_model_len} tokens needs "
            f"{_size(needed)}: set max_model_len to at most {num_blocks * config.block_size}, "
            f"or kv_cache_bytes to at least {needed}"
        )
    num_blocks = min(num_blocks, config.max_num_seqs * num_per_sequence)
    if num_blocks * block_bytes > available:
        raise EngineFailed(
            f"the KV cache would take {_size(num_blocks * block_bytes)}, and {_size(available)} of memory "
            f"are free: set kv_cache_bytes to at most {available}"
        )
    return num_blocks


def packed_bytes(num_bytes: int, quantization: QuantizationMode) -> int:
    """Return about what weights take in memory that take `num_bytes` as stored, in 16 bits or more each."""
    return num_bytes if quantization in ("auto", "none") else num_bytes * 17 // 32


def require_weights_fit(num_bytes: int, available: int | None = None) -> None:
    """Raise EngineFailed if weights of this size would make the machine swap."""
    available = available_bytes() if available is None else available
    if num_bytes > available:
        raise EngineFailed(
            f"the weights take {_size(num_bytes)}, and {_size(available)} of memory are free: "
            "free some, or take a smaller model"
        )


def available_bytes() -> int:
    """Return the memory that this process can still have without swapping, as far as the system tells."""
    return min([_system_bytes(), *_cgroup_bytes(), *_process_bytes()])


def _system_bytes() -> int:
    for line in _lines(Path("/proc/meminfo")):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    try:  # macOS tells only how much there is in all
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):
        return UNKNOWN_BYTES


def _cgroup_bytes(
    root: Path = Path("/sys/fs/cgroup"), membership: Path = Path("/proc/self/cgroup")
) -> list[int]:
    """Return what is left under the limits of this process's group and of those above it, if there are any.

    Seen from within a container its own group is the root.
    """
    left = []
    for line in _lines(membership) or ["0::/"]:
        _, controllers, group = line.split(":", maxsplit=2)
        names = ("memory.max", "memory.current", "inactive_file") if not controllers else V1_NAMES
        if not controllers or "memory" in controllers.split(","):
            base = root if not controllers else root / "memory"
            folders = [base, *(base / part for part in _ancestors(group))]
            left += [found for folder in folders if (found := _group_bytes(folder, *names)) is not None]
    return left


def _ancestors(group: str) -> list[str]:
    """Return "a", "a/b", "a/b/c" for "/a/b/c"; nothing for a group outside of what can be seen."""
    parts = [part for part in group.split("/") if part]
    return [] if ".." in parts else ["/".join(parts[: end + 1]) for end in range(len(parts))]


def _group_bytes(folder: Path, limit_name: str, used_name: str, idle_name: str) -> int | None:
    """Return what a group's limit leaves, None without a limit. Files in the page cache can go."""
    limit, used = _lines(folder / limit_name), _lines(folder / used_name)
    if not limit or not used or limit[0] == "max":
        return None
    stat = dict(line.split(maxsplit=1) for line in _lines(folder / "memory.stat"))
    return max(0, int(limit[0]) - int(used[0]) + int(stat.get(idle_name, 0)))


def _process_bytes() -> list[int]:
    """Return what `ulimit -v` leaves this process."""
    try:
        import resource
    except ImportError:  # Windows
        return []
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    used = _lines(Path("/proc/self/statm"))
    if limit == resource.RLIM_INFINITY or not used:
        return []
    return [max(0, limit - int(used[0].split()[0]) * resource.getpagesize())]


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
