"""The thread pool: several callers at once, forks, exits."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from martlet.engine.kernels import Kernels, available, load


def product(kernels: Kernels, seed: int) -> bytes:
    """A multiplication large enough for the pool."""
    rng = np.random.default_rng(seed)
    weight = kernels.pack(rng.standard_normal((500, 300), dtype=np.float32))
    out = np.empty((20, 500), np.float32)
    kernels.linear(rng.standard_normal((20, 300), dtype=np.float32), weight, out)
    return out.tobytes()


def test_two_threads_and_two_kernels_get_right_answers(native: Kernels) -> None:
    other = load(native.name, num_threads=3)
    expected = [product(load(native.name, num_threads=1), seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as executor:
        for _ in range(5):
            futures = [executor.submit(product, (native, other)[i % 2], i % 8) for i in range(16)]
            assert [future.result() for future in futures] == expected * 2


def run(code: str) -> subprocess.CompletedProcess[str]:
    # Python 3.12 warns of every fork of a process with threads; that one of ours is fine is what we test.
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)


PRODUCT = """
import numpy as np, os, sys, threading
from martlet.engine.kernels import load
kernels = load(num_threads=2)
weight = kernels.pack(np.ones((500, 300), np.float32))
def product():
    out = np.empty((20, 500), np.float32)
    kernels.linear(np.ones((20, 300), np.float32), weight, out)
    return bool((out == 300).all())
"""


@pytest.mark.skipif(
    sys.platform == "win32" or available() == ["reference"], reason="needs the C kernels and fork"
)
def test_child_of_a_fork_starts_its_own_pool() -> None:
    code = """
assert product()
child = os.fork()
if child == 0:
    ok = product() and product() and (sys.platform != "linux" or len(os.listdir("/proc/self/task")) == 2)
    os._exit(0 if ok else 1)
assert os.waitpid(child, 0)[1] == 0
assert product()
"""
    result = run(PRODUCT + code)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.skipif(available() == ["reference"], reason="needs the C kernels")
def test_process_exits_cleanly_during_a_call() -> None:
    code = """
assert product()
def forever():
    while True:
        product()
threading.Thread(target=forever, daemon=True).start()
"""
    result = run(PRODUCT + code)
    assert (result.returncode, result.stderr) == (0, "")


def test_calls_without_an_extension_fall_back_with_one_warning() -> None:
    code = """
import sys, warnings
sys.modules["martlet.engine.kernels._native"] = None
from martlet.engine import kernels
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("default")
    names = {kernels.load().name for _ in range(3)}
assert kernels.available() == ["reference"]
assert names == {"reference"}
assert len(caught) == 1 and "C kernels were not built" in str(caught[0].message)
"""
    result = run(code)
    assert (result.returncode, result.stderr) == (0, "")
