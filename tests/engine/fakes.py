"""A model without weights, and what tests need to run an engine on it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tokenizers
from tokenizers import decoders, models, pre_tokenizers

from martlet.engine.config import EngineConfig
from martlet.engine.engine import BatchRunner, Engine
from martlet.engine.kernels import F32, available
from martlet.engine.request import FinishReason, SamplingParams, TokenLogprob
from martlet.engine.scheduler import Batch
from martlet.engine.text import Tokenizer

FIXTURES = Path(__file__).parents[1] / "fixtures"
BOS, EOS, SECOND_EOS = 256, 257, 258
VOCAB_SIZE = 260
"""Bytes, three special tokens, and one row of padding as checkpoints have it."""


class FakeRunner:
    """Implements the Runner interface. The cache holds token ids, and logits are a hash of the context in it.

    So a block that two requests share, or a slot that is not written, changes the output. A request named in
    `script` is made to say what is written there. An adapter computes other tokens, by its rank.
    """

    def __init__(
        self,
        num_blocks: int,
        block_size: int,
        vocab_size: int = VOCAB_SIZE,
        script: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        self.cache = np.full((num_blocks, block_size), -1, np.int32)
        self.vocab_size = vocab_size
        self.script = script or {}
        self.batches: list[list[tuple[str, int]]] = []

    def run(self, batch: Batch) -> F32:
        self.batches.append([(request.request_id, num_tokens) for request, num_tokens in batch.scheduled])
        contexts = {}
        for request, num_tokens in batch.scheduled:
            start, end = request.num_computed_tokens, request.num_computed_tokens + num_tokens
            shift = 0 if request.lora is None else self.vocab_size * request.lora.rank
            for position in range(start, end):
                block, offset = divmod(position, self.cache.shape[1])
                [token_id] = request.tokens_between(position, position + 1)
                self.cache[request.block_table[block], offset] = token_id + shift
            contexts[request.request_id] = self.cache[request.block_table].ravel()[:end]
        rows = []
        for request in batch.sampled:
            for ahead in range(1 + len(request.draft_token_ids)):
                row = self.logits(contexts[request.request_id][: request.num_tokens + ahead])
                if request.request_id in self.script:
                    row[self.script[request.request_id][request.num_output_tokens + ahead]] += 50
                rows.append(row)
        for request, positions in batch.scored:
            rows += [self.logits(contexts[request.request_id][: position + 1]) for position in positions]
        return np.stack(rows) if rows else np.empty((0, self.vocab_size), np.float32)

    def logits(self, context: Sequence[int] | np.typing.NDArray[np.int32]) -> F32:
        seed = zlib.crc32(np.asarray(context, np.int32).tobytes())
        row = np.random.default_rng(seed).standard_normal(self.vocab_size, np.float32)
        row *= 3
        row[BOS:] = -20  # a fake text does not end by chance
        return row


class ParrotRunner(FakeRunner):
    """Says mostly what followed its last token before, as texts do that guesses are good for."""

    def logits(self, context: Sequence[int] | np.typing.NDArray[np.int32]) -> F32:
        row = super().logits(context)
        row[:BOS] *= 0.1
        return row + super().logits(context[-1:])


class WindowedRunner(ParrotRunner):
    """A parrot that sees the last `window` tokens only, so that it does not miss what was before them."""

    def __init__(self, num_blocks: int, block_size: int, window: int) -> None:
        super().__init__(num_blocks, block_size)
        self.window = window

    def logits(self, context: Sequence[int] | np.typing.NDArray[np.int32]) -> F32:
        return super().logits(context[-self.window :])


def every_fixture() -> list[tuple[Path, str]]:
    """Each causal model among the fixtures with the fastest kernels, and one of them with all."""
    folders = sorted(
        path.parent
        for path in FIXTURES.glob("tiny-*/config.json")
        if "ForCausalLM" in path.read_text(encoding="utf-8")
    )
    names = available()
    return [(folder, names[0]) for folder in folders] + [
        (FIXTURES / "tiny-llama", name) for name in names[1:]
    ]


@dataclass
class Result:
    """All outputs of one request, put together."""

    token_ids: list[int] = field(default_factory=list)
    text: str = ""
    pieces: list[str] = field(default_factory=list)
    logprobs: list[TokenLogprob] = field(default_factory=list)
    prompt_logprobs: list[TokenLogprob] | None = None
    finish_reason: FinishReason | None = None
    stop_reason: int | str | None = None


def byte_tokenizer() -> Tokenizer:
    """One token for each byte; </s> and <eot> end a text."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    backend = tokenizers.Tokenizer(
        models.BPE(vocab={char: id for id, char in enumerate(alphabet)}, merges=[])
    )
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens(["<s>", "</s>", "<eot>"])
    special_tokens = {"bos_token": "<s>", "eos_token": "</s>"}
    return Tokenizer(backend, special_tokens=special_tokens, extra_eos_token_ids=[EOS, SECOND_EOS])


def fake_engine(
    config: EngineConfig | None = None,
    *,
    num_blocks: int = 256,
    max_model_len: int = 256,
    runner: BatchRunner | None = None,
    script: Mapping[str, Sequence[int]] | None = None,
    window: int | None = None,
) -> Engine:
    config = config or EngineConfig()
    return Engine(
        runner or FakeRunner(num_blocks, config.block_size, script=script),
        byte_tokenizer(),
        config,
        num_blocks=num_blocks,
        max_model_len=max_model_len,
        vocab_size=VOCAB_SIZE,
        window=window,
    )


def run_to_end(engine: Engine) -> dict[str, Result]:
    """Step until nothing is left, checking the invariants after each step."""
    results: dict[str, Result] = {}
    while engine.has_work:
        collect(engine, results)
    return results


def collect(engine: Engine, results: dict[str, Result]) -> None:
    """Make one step and add what it brought to `results`."""
    for output in engine.step():
        result = results.setdefault(output.request_id, Result())
        assert result.finish_reason is None
        result.token_ids += output.token_ids
        result.text += output.text
        result.pieces.append(output.text)
        result.logprobs += output.logprobs or []
        result.prompt_logprobs = result.prompt_logprobs or output.prompt_logprobs
        result.finish_reason, result.stop_reason = output.finish_reason, output.stop_reason
    engine.check_invariants()


def generate(engine: Engine, prompts: Iterable[Sequence[int]], params: SamplingParams) -> list[Result]:
    """Run all prompts together."""
    request_ids = []
    for index, prompt in enumerate(prompts):
        engine.add(f"r{index}", prompt, params)
        request_ids.append(f"r{index}")
    results = run_to_end(engine)
    return [results[request_id] for request_id in request_ids]
