"""What of a decode step is Python: `python -m benchmarks.overhead`.

Steps of 16 streams are timed with the kernels and with kernels that do nothing, in turn: what remains is
scheduling, laying out arrays, calling kernels, sampling and text. Medians; processor time where idle, as
other programs cannot stretch it.

The model is a random-weight Llama of SmolLM2-135M's shape in bf16 (benchmarks/random_llama.py).
"""

from __future__ import annotations

import statistics
import time
from typing import Any

from benchmarks.random_engine import model_arguments, random_engine
from martlet.engine.engine import Engine
from martlet.engine.request import SamplingParams
from martlet.engine.runner import Runner

STREAMS = 16
PROMPT_TOKENS = 100
STEPS = 20
KINDS = {
    "greedy": SamplingParams(max_tokens=4096, temperature=0.0, ignore_eos=True),
    "temperature": SamplingParams(max_tokens=4096, ignore_eos=True),
    "top_p 0.95": SamplingParams(max_tokens=4096, temperature=0.8, top_p=0.95, ignore_eos=True),
    "logprobs 5": SamplingParams(max_tokens=4096, temperature=0.0, num_logprobs=5, ignore_eos=True),
}


class IdleKernels:
    """Takes every call and computes nothing: logits stay what they were."""

    def __getattr__(self, name: str) -> Any:
        setattr(self, name, _do_nothing)  # or every look-up costs more than what is measured
        return _do_nothing


def _do_nothing(*_: Any) -> None:
    pass


def measure(engine: Engine, params: SamplingParams, rounds: int) -> tuple[float, float]:
    """Median seconds of a step, and of its Python alone."""
    assert isinstance(engine.runner, Runner)
    model: Any = engine.runner.model
    for stream in range(STREAMS):
        prompt = [3 + (stream * 7919 + at * 104729) % (engine.vocab_size - 3) for at in range(PROMPT_TOKENS)]
        engine.add(str(stream), prompt, params)
    engine.step()
    while engine.stats().last_step_tokens != STREAMS:  # prompts
        engine.step()
    kernels, whole, python = model.kernels, [], []
    for _ in range(rounds):
        started = time.perf_counter()
        for _ in range(STEPS):
            engine.step()
        whole.append((time.perf_counter() - started) / STEPS)
        model.kernels = IdleKernels()
        started = time.thread_time()
        for _ in range(STEPS):
            engine.step()
        python.append((time.thread_time() - started) / STEPS)
        model.kernels = kernels
    engine.abort_all()
    return statistics.median(whole), statistics.median(python)


def main() -> None:
    arguments = model_arguments(__doc__).parse_args()
    with random_engine(arguments) as engine:
        print(f"{STREAMS} streams   step ms   Python ms   share")
        for name, params in KINDS.items():
            step_s, python_s = measure(engine, params, arguments.rounds)
            print(f"{name:12}{step_s * 1e3:9.2f}{python_s * 1e3:12.2f}{python_s / step_s:8.1%}")


if __name__ == "__main__":
    main()
