"""Every test of a kernel runs on each build this machine can run, and on the NumPy twin."""

from __future__ import annotations

import numpy as np
import pytest

from martlet.engine.kernels import Kernels, available, load


@pytest.fixture(params=["amx", "avx512vnni", "avx512", "avx2", "portable", "reference"])
def kernels(request: pytest.FixtureRequest) -> Kernels:
    if request.param not in available():
        pytest.skip(f"no {request.param} kernels on this machine")
    return load(request.param, num_threads=2)


@pytest.fixture(params=["amx", "avx512vnni", "avx512", "avx2", "portable"])
def native(request: pytest.FixtureRequest) -> Kernels:
    if request.param not in available():
        pytest.skip(f"no {request.param} kernels on this machine")
    return load(request.param, num_threads=2)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20261123)
