"""The programs that `benchmarks.engine` compares: each loads the model once and measures a case per line.

Run by the interpreter that has the program, so nothing but the standard library is imported before a worker
is chosen.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.turns import work

MAX_CONTEXT = 4352
MAX_STREAMS = 16
BATCH_TOKENS = 2048
KV_CACHE_BYTES = 2**30
READS = 5


@dataclass(frozen=True)
class Case:
    """What is measured once. `kind` is a method of a worker; its figure is per second, or a share."""

    kind: str
    streams: int = 1
    context: int = 100
    """Tokens of each prompt."""
    steps: int = 32
    kv_cache_dtype: str = "auto"
    params: str = ""
    """A key of `benchmarks.overhead.KINDS`."""
    extra_buffers: bool = True
    flash: bool = False

    def line(self) -> str:
        return json.dumps(asdict(self))


def prompt(length: int, seed: int, vocab_size: int) -> list[int]:
    """Token ids without structure, the same for everyone."""
    return [3 + (seed * 7919 + position * 104729) % (vocab_size - 3) for position in range(length)]


# --- martlet ------------------------------------------------------------------------------------------


class Martlet:
    """Every prompt but those whose computing is timed may come from the prefix cache."""

    def __init__(self, folder: Path, threads: int, variant: str) -> None:
        self.folder, self.threads = folder, threads
        self.quantization = "none" if variant == "bf16" else variant
        self.kv_cache_dtype = ""
        self.engine: Any = None

    def measure(self, case: Case) -> float:
        if case.kv_cache_dtype != self.kv_cache_dtype:
            self._load(case.kv_cache_dtype)
        figure: float = getattr(self, case.kind)(case)
        return figure

    def decode(self, case: Case) -> float:
        """Tokens per second of all streams."""
        self._begin(case, max_tokens=case.steps + 2)
        started = time.perf_counter()
        for _ in range(case.steps):
            self.engine.step()
        took = time.perf_counter() - started
        self._end()
        return case.streams * case.steps / took

    def prefill(self, case: Case) -> float:
        """Prompt tokens per second until the first token."""
        self.engine.reset_prefix_cache()
        started = time.perf_counter()
        self._begin(case, max_tokens=2)
        took = time.perf_counter() - started
        self._end()
        return case.streams * case.context / took

    def weights_read(self, case: Case) -> float:
        """Bytes of weights per second that decoding reads."""
        return self.decode(case) / case.streams * self._weight_bytes()

    def plain_read(self, _case: Case) -> float:
        """Bytes per second at which threads add up the weights' own memory, or as much that lies together.

        The best of some times.
        """
        import numpy as np

        together = np.ones(self._weight_bytes() // 8, np.int64)
        own = [np.frombuffer(weight, np.int64) for weight in self._matrices()]
        times = []
        for memory in ([together], own):
            parts = [np.array_split(array, self.threads) for array in memory]
            shares = [list(share) for share in zip(*parts, strict=True)]
            times += [self._time_sums(shares) for _ in range(READS)]
        return together.nbytes / min(times)

    def _time_sums(self, shares: list[list[Any]]) -> float:
        """Seconds in which threads add up their shares."""
        import threading

        def add_up(share: list[Any]) -> None:
            for part in share:
                part.sum()

        threads = [threading.Thread(target=add_up, args=[share]) for share in shares]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - started

    def overhead(self, case: Case) -> float:
        """Share of a step that is Python."""
        from benchmarks import overhead

        step_s, python_s = overhead.measure(self.engine, overhead.KINDS[case.params], rounds=1)
        return python_s / step_s

    def prefix_hits(self, _case: Case) -> float:
        """Share of the prompt tokens that could be found, of eight agents in conversation."""
        from benchmarks.prefix import Conversations

        self.engine.reset_prefix_cache()
        found = Conversations(self.engine, seed=0).run()
        return found.hits / found.possible

    def prefix_wait(self, _case: Case) -> float:
        """Time to the first token of a prompt that is cached, of that of one that is not."""
        from benchmarks.prefix import time_first_tokens

        miss_s, hit_s = time_first_tokens(self.engine, rounds=1)
        return hit_s / miss_s

    def _load(self, kv_cache_dtype: str) -> None:
        from martlet.engine.engine import Engine, EngineConfig
        from martlet.engine.kernels import load

        self.engine = None
        config = EngineConfig(
            max_model_len=MAX_CONTEXT,
            max_num_seqs=MAX_STREAMS,
            max_num_batched_tokens=BATCH_TOKENS,
            kv_cache_bytes=KV_CACHE_BYTES,
            quantization=self.quantization,  # type: ignore[arg-type]  # from the command line
            kv_cache_dtype=kv_cache_dtype,  # type: ignore[arg-type]  # from the command line
        )
        self.engine = Engine.from_folder(self.folder, config, load(num_threads=self.threads))
        self.kv_cache_dtype = kv_cache_dtype

    def _matrices(self) -> list[Any]:
        """All matrices that a token is multiplied by, packed."""
        weights = self.engine.runner.model.weights
        linears = [
            linear
            for layer in weights.layers
            for linear in (layer.qkv, layer.o, layer.mlp.gate_up, layer.mlp.down)
        ]
        return [weights.head, *(linear.weight for linear in linears)]

    def _weight_bytes(self) -> int:
        return sum(weight.nbytes for weight in self._matrices())

    def _begin(self, case: Case, max_tokens: int) -> None:
        """Step until every stream has its first token."""
        from martlet.engine.request import SamplingParams

        params = SamplingParams(max_tokens=max_tokens, temperature=0.0, ignore_eos=True)
        for index in range(case.streams):
            token_ids = prompt(case.context, index, self.engine.vocab_size)
            self.engine.add(str(index), token_ids, params)
        num_waiting = case.streams
        while num_waiting:
            num_waiting -= len(self.engine.step())

    def _end(self) -> None:
        self.engine.abort_all()


# --- llama.cpp ----------------------------------------------------------------------------------------


class LlamaCpp:
    """One context at a time, made for its case. Prompts stay in it from round to round."""

    def __init__(self, folder: Path, threads: int, variant: str) -> None:
        import llama_cpp

        self.api: Any = llama_cpp
        self.path, self.threads = folder / f"model-{variant}.gguf", threads
        self.vocab_size = int(json.loads((folder / "config.json").read_text())["vocab_size"])
        self.loaded: Case | None = None
        self.model: Any = None
        self.context: Any = None
        self.api.llama_backend_init()
        self.batch = self.api.llama_batch_init(BATCH_TOKENS, 0, 1)

    def measure(self, case: Case) -> float:
        self._load(case)
        figure: float = getattr(self, case.kind)(case)
        return figure

    def decode(self, case: Case) -> float:
        memory = self.api.llama_get_memory(self.context)
        for stream in range(case.streams):
            self.api.llama_memory_seq_rm(memory, stream, case.context, -1)
        last = self.first
        started = time.perf_counter()
        for step in range(case.steps):
            last = self._run([(token, case.context + step, at, True) for at, token in enumerate(last)])
        return case.streams * case.steps / (time.perf_counter() - started)

    def prefill(self, case: Case) -> float:
        self.api.llama_memory_clear(self.api.llama_get_memory(self.context), True)
        started = time.perf_counter()
        self._prefill(case)
        return case.streams * case.context / (time.perf_counter() - started)

    def _load(self, case: Case) -> None:
        """Hold one model and one context: those of the last case."""
        if case == self.loaded:
            return
        if self.context is not None:
            self.api.llama_free(self.context)
        if self.model is None or self.loaded is None or self.loaded.extra_buffers != case.extra_buffers:
            if self.model is not None:
                self.api.llama_model_free(self.model)
            parameters = self.api.llama_model_default_params()
            parameters.use_extra_bufts = case.extra_buffers
            self.model = self.api.llama_model_load_from_file(str(self.path).encode(), parameters)
        parameters = self.api.llama_context_default_params()
        parameters.n_ctx = case.streams * (case.context + case.steps + 256)
        parameters.n_batch = BATCH_TOKENS
        parameters.n_ubatch = 512
        parameters.n_seq_max = case.streams
        parameters.n_threads = parameters.n_threads_batch = self.threads
        parameters.flash_attn_type = int(case.flash)
        parameters.no_perf = True
        self.context = self.api.llama_init_from_model(self.model, parameters)
        self.loaded = case
        self.first = self._prefill(case)

    def _prefill(self, case: Case) -> list[int]:
        """Compute all prompts; return the token that follows each."""
        last = []
        for stream in range(case.streams):
            token_ids = prompt(case.context, stream, self.vocab_size)
            entries = [(token, at, stream, at == case.context - 1) for at, token in enumerate(token_ids)]
            for start in range(0, len(entries), BATCH_TOKENS):
                last += self._run(entries[start : start + BATCH_TOKENS])
        return last

    def _run(self, entries: list[tuple[int, int, int, bool]]) -> list[int]:
        """Run (token, position, stream, wants logits); return the greedy next token of those that want."""
        import numpy as np

        batch = self.batch
        batch.n_tokens = len(entries)
        for row, (token, position, stream, wanted) in enumerate(entries):
            batch.token[row] = token
            batch.pos[row] = position
            batch.n_seq_id[row] = 1
            batch.seq_id[row][0] = stream
            batch.logits[row] = wanted
        if self.api.llama_decode(self.context, batch) != 0:
            raise RuntimeError("llama_decode failed")
        num_rows = sum(entry[3] for entry in entries)
        if num_rows == 0:
            return []
        logits = np.ctypeslib.as_array(self.api.llama_get_logits(self.context), (num_rows, self.vocab_size))
        token_ids: list[int] = logits.argmax(axis=1).tolist()
        return token_ids


# --- vLLM ---------------------------------------------------------------------------------------------


class VLLM:
    """vLLM's engine in this process, in float32, which is its fastest on many CPUs, without compiling."""

    def __init__(self, folder: Path, threads: int, _: str) -> None:
        settings = {
            "HF_HUB_OFFLINE": "1",
            "VLLM_NO_USAGE_STATS": "1",
            "VLLM_CPU_KVCACHE_SPACE": "1",
            "VLLM_CPU_OMP_THREADS_BIND": f"0-{threads - 1}",
            "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
            "OMP_NUM_THREADS": str(threads),
        }
        os.environ.update(settings)
        import vllm

        self.vllm: Any = vllm
        arguments = vllm.EngineArgs(
            model=str(folder),
            dtype="float32",
            enforce_eager=True,
            max_model_len=1024,
            max_num_seqs=MAX_STREAMS,
            max_num_batched_tokens=BATCH_TOKENS,
            enable_prefix_caching=False,
            disable_log_stats=True,
        )
        self.engine: Any = vllm.LLMEngine.from_engine_args(arguments)
        self.vocab_size = int(json.loads((folder / "config.json").read_text())["vocab_size"])
        self.num_requests = 0

    def measure(self, case: Case) -> float:
        figure: float = getattr(self, case.kind)(case)
        return figure

    def decode(self, case: Case) -> float:
        request_ids = self._begin(case, case.steps + 2)
        started = time.perf_counter()
        for _ in range(case.steps):
            self.engine.step()
        took = time.perf_counter() - started
        self._end(request_ids)
        return case.streams * case.steps / took

    def prefill(self, case: Case) -> float:
        started = time.perf_counter()
        request_ids = self._begin(case, 2)
        took = time.perf_counter() - started
        self._end(request_ids)
        return case.streams * case.context / took

    def _begin(self, case: Case, max_tokens: int) -> list[str]:
        params = self.vllm.SamplingParams(
            max_tokens=max_tokens, temperature=0, ignore_eos=True, detokenize=False
        )
        waiting = set()
        for index in range(case.streams):
            self.num_requests += 1
            request_id = str(self.num_requests)
            token_ids = prompt(case.context, index, self.vocab_size)
            self.engine.add_request(request_id, {"prompt_token_ids": token_ids}, params)
            waiting.add(request_id)
        request_ids = sorted(waiting)
        while waiting:
            waiting -= {output.request_id for output in self.engine.step()}
        return request_ids

    def _end(self, request_ids: list[str]) -> None:
        self.engine.abort_request(request_ids)
        while self.engine.has_unfinished_requests():
            self.engine.step()


PROGRAMS: dict[str, Callable[[Path, int, str], Any]] = {
    "martlet": Martlet,
    "llama.cpp": LlamaCpp,
    "vLLM": VLLM,
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--worker", required=True, help="a program and its format: 'martlet int8'")
    arguments = parser.parse_args()
    program, variant = arguments.worker.split()

    @cache
    def worker() -> Any:  # made by the first case: what it prints on its way must not look like a figure
        return PROGRAMS[program](arguments.model, arguments.threads, variant)

    work(lambda line: float(worker().measure(Case(**json.loads(line)))))


if __name__ == "__main__":
    main()
