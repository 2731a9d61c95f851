"""Running models step by step, as the engine does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from martlet.engine import kernels
from martlet.engine.checkpoint import load_checkpoint
from martlet.engine.models import build_model
from martlet.engine.models.decoder import Model
from martlet.engine.models.rope import Rope
from martlet.engine.request import Request, SamplingParams
from martlet.engine.runner import Runner, prepare_inputs
from martlet.engine.scheduler import Batch

F32 = npt.NDArray[np.float32]

BLOCK_SIZE = 16
NUM_BLOCKS = 64


def load_model(folder: Path, kernels_name: str = "reference") -> Model:
    return build_model(load_checkpoint(folder), kernels.load(kernels_name, num_threads=2))


def relative_error(got: F32, wanted: F32) -> float:
    """The largest error of any logit, as a share of the largest logit."""
    return float(np.abs(got - wanted).max() / np.abs(wanted).max())


class Session:
    """Runs sequences on one model, handing out blocks in a shuffled order."""

    def __init__(self, model: Model) -> None:
        self.runner = Runner(model, NUM_BLOCKS, BLOCK_SIZE)
        self._blocks = np.random.default_rng(3).permutation(NUM_BLOCKS).tolist()

    def new(self, token_ids: Sequence[int], num_tokens_to_come: int = 0) -> Request:
        params = SamplingParams(max_tokens=max(1, num_tokens_to_come))
        request = Request("r", list(token_ids), len(token_ids), params)
        num_blocks = -(-(len(token_ids) + num_tokens_to_come) // BLOCK_SIZE)
        request.block_table = [self._blocks.pop() for _ in range(num_blocks)]
        return request

    def step(self, *work: tuple[Request, int]) -> F32:
        """Compute the next tokens of some requests; returns logits of those that are complete by then."""
        batch = Batch()
        for request, num_tokens in work:
            batch.append(request, num_tokens)
        logits: F32 = self.runner.run(batch).copy()
        for request, num_tokens in work:
            request.num_computed_tokens += num_tokens
        return logits

    def last_logits(self, token_ids: Sequence[int], num_rows: int) -> F32:
        """Return logits of a text's last rows."""
        request, num_tokens = self.new(token_ids), len(token_ids)
        inputs = prepare_inputs(Batch([(request, num_tokens)], [request]), BLOCK_SIZE)
        rows = np.arange(num_tokens - num_rows, num_tokens, dtype=np.int32)
        logits: F32 = self.runner.model.forward(replace(inputs, logits_rows=rows), self.runner.cache)
        copied: F32 = logits.copy()
        return copied

    def greedy(self, request: Request, num_tokens: int) -> list[int]:
        num_new = len(request.token_ids) - request.num_computed_tokens
        for _ in range(num_tokens):
            logits = self.step((request, num_new))
            request.token_ids.append(int(logits[0].argmax()))
            num_new = 1
        return request.output_token_ids


def rope_of(model: Model) -> Rope:
    rope = model.spec.layers[0].rope
    assert rope is not None
    return rope


def random_prompts(model: Model, *lengths: int) -> list[list[int]]:
    rng = np.random.default_rng(5)
    return [rng.integers(0, model.vocab_size, length).tolist() for length in lengths]
