from __future__ import annotations

from pathlib import Path

import pytest

from martlet.engine.kernels import load
from martlet.engine.kernels.threads import usable_cpus


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return folder


@pytest.mark.parametrize(
    "files",
    [
        {"cpu.max": "150000 100000\n"},
        {"cpu.max": "20000 100000\n"},
        {"cpu/cpu.cfs_quota_us": "100000\n", "cpu/cpu.cfs_period_us": "100000\n"},
    ],
)
def test_container_quotas_limit_threads(tmp_path: Path, files: dict[str, str]) -> None:
    assert usable_cpus(write(tmp_path, files)) == 1


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"cpu.max": "max 100000\n"},
        {"cpu.max": "90000000 100000\n"},
        {"cpu.max": "nonsense\n"},
        {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"},
    ],
)
def test_no_quota_leaves_every_cpu(tmp_path: Path, files: dict[str, str]) -> None:
    assert usable_cpus(write(tmp_path, files)) == usable_cpus(tmp_path / "absent")


def test_kernels_use_the_usable_cpus_by_default() -> None:
    kernels = load()
    assert kernels.num_threads == (1 if kernels.name == "reference" else usable_cpus())
