"""How many blocks the KV cache gets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.random_llama import SMOLLM2_135M, write_folder
from martlet.engine import memory
from martlet.engine.config import EngineConfig
from martlet.engine.kernels import available
from martlet.errors import EngineFailed


def test_cache_is_bounded_by_what_sequences_can_use() -> None:
    config = EngineConfig(max_num_seqs=4)
    assert memory.num_cache_blocks(config, 100, block_bytes=10, available=10**9) == 4 * 7


def test_cache_is_bounded_by_half_of_available_memory() -> None:
    assert memory.num_cache_blocks(EngineConfig(), 100, block_bytes=100, available=10_000) == 50


def test_cache_size_asked_for_is_taken() -> None:
    config = EngineConfig(kv_cache_bytes=3000)
    assert memory.num_cache_blocks(config, 100, block_bytes=100, available=3000) == 30


def test_cache_beyond_free_memory_is_refused() -> None:
    config = EngineConfig(kv_cache_bytes=3 * 2**30)
    with pytest.raises(
        EngineFailed, match=r"would take 3 GiB, and 2 GiB of memory are free: set kv_cache_by"
    ):
        memory.num_cache_blocks(config, 2**20, block_bytes=2**14, available=2**31)
    # What is asked for is a limit: no more is taken than the sequences can use.
    assert memory.num_cache_blocks(config, 16, block_bytes=2**14, available=2**31) == 64


def test_sequences_need_no_more_than_their_window_and_a_step() -> None:
    config = EngineConfig(kv_cache_bytes=20 * 100, max_num_seqs=4, max_num_batched_tokens=100)
    with pytest.raises(EngineFailed, match="one sequence of 4096 tokens"):
        memory.num_cache_blocks(config, 4096, block_bytes=100, available=10**9)
    assert memory.num_cache_blocks(config, 4096, block_bytes=100, available=10**9, window=128) == 20
    assert memory.num_cache_blocks(config, 64, block_bytes=100, available=10**9, window=128) == 4 * 4


def test_weights_beyond_free_memory_are_refused() -> None:
    memory.require_weights_fit(2**30, available=2**30)
    with pytest.raises(EngineFailed, match="the weights take 2 GiB, and 1 GiB of memory are free"):
        memory.require_weights_fit(2**31, available=2**30)


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


def write_group(folder: Path, limit: str, used: int, idle: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.max").write_text(f"{limit}\n")
    (folder / "memory.current").write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 500\ninactive_file {idle}\n")


def test_container_limit_leaves_what_is_unused(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert memory._cgroup_bytes(tmp_path, nowhere) == []
    write_group(tmp_path, "max", 700, 150)
    assert memory._cgroup_bytes(tmp_path, nowhere) == []
    write_group(tmp_path, "1000", 700, 150)
    assert memory._cgroup_bytes(tmp_path, nowhere) == [450]


def test_limits_of_all_groups_above_count(tmp_path: Path) -> None:
    write_group(tmp_path / "user", "5000", 1000, 0)
    write_group(tmp_path / "user" / "job", "900", 100, 50)
    (tmp_path / "self").write_text("0::/user/job\n")
    assert memory._cgroup_bytes(tmp_path, tmp_path / "self") == [4000, 850]


def test_old_groups_count_too(tmp_path: Path) -> None:
    folder = tmp_path / "memory" / "docker" / "abc"
    folder.mkdir(parents=True)
    (folder / "memory.limit_in_bytes").write_text("1000\n")
    (folder / "memory.usage_in_bytes").write_text("600\n")
    (folder / "memory.stat").write_text("inactive_file 5\ntotal_inactive_file 30\n")
    (tmp_path / "self").write_text("5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n0::/\n")
    assert memory._cgroup_bytes(tmp_path, tmp_path / "self") == [430]


# --- measured, in a process of its own ----------------------------------------------------------------------

CONFIG = SMOLLM2_135M | {
    "hidden_size": 512, "intermediate_size": 1536, "num_hidden_layers": 10, "num_attention_heads": 8,
    "num_key_value_heads": 4, "vocab_size": 8000,
}  # fmt: skip
LOAD = """
import sys
from martlet.engine.engine import Engine, EngineConfig
from martlet.engine.kernels import load

def memory(key):
    [line] = [line for line in open("/proc/self/status") if line.startswith(key + ":")]
    return int(line.split()[1]) * 1024

kernels, before = load(num_threads=1), memory("VmRSS")
engine = Engine.from_folder(sys.argv[1], EngineConfig(max_model_len=64, max_num_seqs=1), kernels)
print(memory("VmHWM") - before, memory("VmRSS") - before)
"""
LIMIT = """
import pathlib, resource
weights = pathlib.Path(sys.argv[1], "model.safetensors").stat().st_size
limit = memory("VmSize") + 3 * weights // 2  # mapping the file takes one, packing would take another
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
"""
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some 60 MB of weights."""
    folder = tmp_path_factory.mktemp("checkpoint")
    write_folder(folder, CONFIG)
    return folder


@linux_only
@pytest.mark.skipif("reference" == available()[0], reason="NumPy's kernels widen the weights")
def test_loading_takes_hardly_more_than_the_model(checkpoint: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD, checkpoint], capture_output=True, text=True, check=True
    )
    peak, final = map(int, done.stdout.split())
    assert final > 0.9 * (checkpoint / "model.safetensors").stat().st_size
    assert peak <= 1.1 * final


@linux_only
def test_too_little_memory_is_said_before_it_is_used(checkpoint: Path) -> None:
    script = LOAD.replace("engine = ", f"{LIMIT}engine = ")
    done = subprocess.run([sys.executable, "-c", script, checkpoint], capture_output=True, text=True)
    assert done.returncode == 1
    assert "memory are free" in done.stderr.splitlines()[-1]
