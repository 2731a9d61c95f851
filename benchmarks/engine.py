"""The engine's speed beside llama.cpp's and transformers': `python -m benchmarks.engine --llama PYTHON`.

    PYTHON   an interpreter with the peer installed: `pip install llama-cpp-python gguf numpy` for --llama,
             `pip install torch transformers` for --transformers

The model is a random-weight Llama of SmolLM2-135M's shape in bf16 (benchmarks/random_llama.py). Each program
loads it once; then they take turns, round by round, in one run. Figures are medians in tokens per second.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.turns import Worker, compare, work

PROMPT_TOKENS = 100
DECODE_STEPS = 32
PREFILL_TOKENS = 512
STREAMS = 16
VOCAB_SIZE = 32000
CASES = ("decode 1", f"decode {STREAMS}", f"prefill {PREFILL_TOKENS}")


def prompt(length: int, seed: int) -> list[int]:
    """Token ids without structure, the same for everyone."""
    return [3 + (seed * 7919 + position * 104729) % (VOCAB_SIZE - 3) for position in range(length)]


def case(name: str) -> tuple[int, int, int]:
    """Streams, prompt tokens and decode steps of a case."""
    kind, number = name.split()
    return (int(number), PROMPT_TOKENS, DECODE_STEPS) if kind == "decode" else (1, int(number), 0)


# --- the workers: one process each, a case name per line in, tokens per second per line out -----------


def martlet_worker(folder: Path, threads: int) -> Callable[[str], float]:
    from martlet.engine.engine import Engine, EngineConfig
    from martlet.engine.kernels import load
    from martlet.engine.request import SamplingParams

    config = EngineConfig(
        max_model_len=1024,
        max_num_seqs=STREAMS,
        max_num_batched_tokens=2048,
        enable_prefix_caching=False,  # every round computes the same prompts
    )
    engine = Engine.from_folder(folder, config, load(num_threads=threads))

    def measure(name: str) -> float:
        streams, length, steps = case(name)
        params = SamplingParams(max_tokens=steps + 2, temperature=0.0, ignore_eos=True)
        for index in range(streams):
            engine.add(f"{name} {index}", prompt(length, index), params)
        started = time.perf_counter()
        engine.step()
        prefill = time.perf_counter() - started
        started = time.perf_counter()
        for _ in range(steps):
            engine.step()
        decode = time.perf_counter() - started
        for index in range(streams):
            engine.abort(f"{name} {index}")
        while engine.has_work:
            engine.step()
        return streams * steps / decode if steps else length / prefill

    return measure


def llama_worker(folder: Path, threads: int) -> Callable[[str], float]:
    import llama_cpp
    import numpy as np

    path = folder / "model-bf16.gguf"
    llama_cpp.llama_backend_init()
    model = llama_cpp.llama_model_load_from_file(str(path).encode(), llama_cpp.llama_model_default_params())
    parameters = llama_cpp.llama_context_default_params()
    parameters.n_ctx = 1024 * STREAMS
    parameters.n_batch = parameters.n_ubatch = 2048
    parameters.n_seq_max = STREAMS
    parameters.n_threads = parameters.n_threads_batch = threads
    context = llama_cpp.llama_init_from_model(model, parameters)
    batch = llama_cpp.llama_batch_init(2048, 0, STREAMS)

    def decode(tokens: list[tuple[int, int, int, bool]]) -> list[int]:
        """Run (token, position, sequence, wants logits) entries; the greedy next token of those that want."""
        batch.n_tokens = len(tokens)
        for row, (token, position, sequence, wanted) in enumerate(tokens):
            batch.token[row] = token
            batch.pos[row] = position
            batch.n_seq_id[row] = 1
            batch.seq_id[row][0] = sequence
            batch.logits[row] = wanted
        if llama_cpp.llama_decode(context, batch) != 0:
            raise RuntimeError("llama_decode failed")
        rows = [row for row, entry in enumerate(tokens) if entry[3]]
        logits = [llama_cpp.llama_get_logits_ith(context, row) for row in rows]
        return [int(np.ctypeslib.as_array(row, (VOCAB_SIZE,)).argmax()) for row in logits]

    def measure(name: str) -> float:
        streams, length, steps = case(name)
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(context), True)
        started = time.perf_counter()
        last = []
        for stream in range(streams):
            tokens = prompt(length, stream)
            last += decode([(token, at, stream, at == length - 1) for at, token in enumerate(tokens)])
        prefill = time.perf_counter() - started
        started = time.perf_counter()
        for step in range(steps):
            last = decode([(token, length + step, stream, True) for stream, token in enumerate(last)])
        decoding = time.perf_counter() - started
        return streams * steps / decoding if steps else length / prefill

    return measure


def transformers_worker(folder: Path, threads: int) -> Callable[[str], float]:
    import torch
    from transformers import AutoModelForCausalLM

    torch.set_num_threads(threads)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16).eval()

    def measure(name: str) -> float:
        with torch.inference_mode():
            return generate(*case(name))

    def generate(streams: int, length: int, steps: int) -> float:
        started = time.perf_counter()
        output = model(torch.tensor([prompt(length, stream) for stream in range(streams)]), use_cache=True)
        last = output.logits[:, -1].argmax(-1, keepdim=True)
        prefill = time.perf_counter() - started
        started = time.perf_counter()
        for _ in range(steps):
            output = model(last, past_key_values=output.past_key_values, use_cache=True)
            last = output.logits[:, -1].argmax(-1, keepdim=True)
        decoding = time.perf_counter() - started
        return float(streams * steps / decoding if steps else length / prefill)

    return measure


WORKERS: dict[str, Callable[[Path, int], Callable[[str], float]]] = {
    "martlet": martlet_worker,
    "llama.cpp": llama_worker,
    "transformers": transformers_worker,
}


# --- the run ----------------------------------------------------------------------------------------


def report(medians: dict[tuple[str, str], float], names: list[str]) -> None:
    print(f"{'tok/s':14}" + "".join(f"{name:>14}" for name in names) + "   martlet / peer")
    for case_name in CASES:
        values: list[float] = [medians[name, case_name] for name in names]
        ratios = "  ".join(f"{values[0] / value:.2f}x" for value in values[1:])
        print(f"{case_name:14}" + "".join(f"{value:14.1f}" for value in values) + f"   {ratios}")


def prepare(folder: Path, arguments: argparse.Namespace) -> None:
    python = arguments.llama or sys.executable
    command = [python, "-m", "benchmarks.random_llama", str(folder)]
    subprocess.run(command + (["--gguf"] if arguments.llama else []), check=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--llama", metavar="PYTHON", help="interpreter with llama-cpp-python and gguf")
    parser.add_argument("--transformers", metavar="PYTHON", help="interpreter with torch and transformers")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--model", type=Path, help="a folder made earlier by benchmarks.random_llama")
    parser.add_argument("--worker", choices=WORKERS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        work(WORKERS[arguments.worker](arguments.model, arguments.threads))
        return
    pythons: dict[str, Any] = {
        "martlet": sys.executable,
        "llama.cpp": arguments.llama,
        "transformers": arguments.transformers,
    }
    with tempfile.TemporaryDirectory(prefix="martlet-bench-") as scratch:
        folder = arguments.model or Path(scratch)
        if arguments.model is None:
            prepare(folder, arguments)
        workers = [
            Worker(name, python, __spec__.name, folder, arguments.threads)
            for name, python in pythons.items()
            if python
        ]
        report(compare(workers, CASES, arguments.rounds), [worker.name for worker in workers])


if __name__ == "__main__":
    main()
