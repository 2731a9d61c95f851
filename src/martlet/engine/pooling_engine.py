"""PoolingEngine: prompts in, vectors or class scores out. Engine's sibling for models that do not generate.

A prompt is one request and brings one output. Encoders compute it whole; decoders, which look back only, may
take several steps for a long one.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from martlet.engine.config import EngineConfig
from martlet.engine.engine import Stats
from martlet.engine.kernels import Kernels, load
from martlet.engine.limits import failing, require_block_size, require_token_ids, resolve_max_model_len
from martlet.engine.memory import num_cache_blocks
from martlet.engine.pooling import Pooler, PoolerConfig, PoolingOutput, PoolingParams
from martlet.engine.runner import ModelInputs, lay_out
from martlet.engine.text import Tokenizer
from martlet.errors import EngineFailed, InvalidParameter, PromptTooLong

if TYPE_CHECKING:
    from martlet.engine.kernels import F32, I32
    from martlet.engine.models.decoder import KVCache
    from martlet.engine.request import FinishReason

__all__ = ["PoolingEngine", "PoolingModel"]


class PoolingModel(Protocol):
    """What the engine needs of an encoder, or of a decoder without its head."""

    is_causal: bool
    """Tokens see only what is before them, so that a prompt may be computed in pieces."""
    vocab_size: int
    hidden_size: int
    max_position_embeddings: int

    def block_bytes(self, block_size: int) -> int: ...
    def new_cache(self, num_blocks: int, block_size: int) -> KVCache: ...
    def hidden_states(self, inputs: ModelInputs, cache: KVCache, token_type_ids: I32) -> F32:
        """Compute a step's tokens; return the rows [R, hidden_size] that `inputs.logits_rows` names."""
        ...


@dataclass(slots=True, eq=False)
class PoolingRequest:
    """One prompt in the engine."""

    request_id: str
    token_ids: Sequence[int]
    params: PoolingParams
    num_computed_tokens: int = 0
    block_table: list[int] = field(default_factory=list)
    rows: list[F32] = field(default_factory=list)
    """What the pooler will want, as far as it is computed."""

    @property
    def num_tokens(self) -> int:
        return len(self.token_ids)

    def tokens_between(self, start: int, end: int) -> Sequence[int]:
        return self.token_ids[start:end]

    @property
    def is_computed(self) -> bool:
        return self.num_computed_tokens == self.num_tokens


Batch = list[tuple[PoolingRequest, int]]
"""Requests, and how many tokens of each a step computes."""


class PoolingEngine:
    """Runs many prompts together. For one thread, whose owner calls `step` while `has_work`.

    First come, first served. A step takes prompts while its tokens last; only the first in the queue may have
    been begun before. A prompt that must not be split and is longer than a step runs alone.

    After EngineFailed from `step` every request is lost: tell their callers, and call `abort_all("error")`.
    """

    def __init__(
        self,
        model: PoolingModel,
        pooler: Pooler,
        tokenizer: Tokenizer,
        config: EngineConfig,
        *,
        max_model_len: int,
        labels: Sequence[str] = (),
        lowers_case: bool = False,
        uses_pairs: bool = True,
        prompts: Mapping[str, str] | None = None,
    ) -> None:
        """`labels` names a classifier's classes.

        For who makes tokens of texts: they lose their capitals if `lowers_case`; of two, the tokenizer makes
        a pair if `uses_pairs`; `prompts` says what stands before texts for some use.
        """
        self.model = model
        self.pooler = pooler
        self.tokenizer = tokenizer
        self.config = config
        self.max_model_len = max_model_len
        self.cache_block_size = config.block_size if config.enable_prefix_caching else 0
        """Tokens that the prefix cache keeps together; 0 if there is none."""
        self.vocab_size = model.vocab_size
        self.labels = labels
        self.lowers_case = lowers_case
        self.uses_pairs = uses_pairs
        self.prompts = prompts or {}
        block_bytes = model.block_bytes(config.block_size)
        self._num_blocks = min(
            num_cache_blocks(config, max_model_len, block_bytes), _num_useful_blocks(config, max_model_len)
        )
        self._cache = model.new_cache(self._num_blocks, config.block_size)
        self._free_blocks = list(range(self._num_blocks))
        self._requests: OrderedDict[str, PoolingRequest] = OrderedDict()
        self._num_running = 0
        self._reset_counts()

    loras = None
    """No adapters here."""

    @classmethod
    def from_folder(
        cls,
        folder: str | Path,
        config: EngineConfig | None = None,
        kernels: Kernels | None = None,
        chat_template: str | Path | None = None,
        pooler_config: PoolerConfig | None = None,
    ) -> PoolingEngine:
        """Load a Hugging Face or sentence-transformers folder.

        `pooler_config` is laid over what the folder says. Raises CheckpointError for a folder that cannot be
        served.
        """
        from martlet.engine.models.pooled import load_pooling_model

        config = config or EngineConfig()
        require_block_size(config.block_size)
        for name, default in (("kv_cache_dtype", "auto"), ("enable_lora", False)):
            if getattr(config, name) != default:
                raise InvalidParameter(
                    name, f"is {getattr(config, name)!r}: only models that generate have it"
                )
        if config.speculative_config is not None:
            raise InvalidParameter("speculative_config", "guesses tokens, and this model makes none")
        loaded = load_pooling_model(
            Path(folder),
            kernels or load(),
            pooler_config or PoolerConfig(),
            config.max_model_len,
            config.rounds_to,
        )
        return cls(
            loaded.model,
            loaded.pooler,
            Tokenizer.from_folder(folder, chat_template),
            config,
            max_model_len=resolve_max_model_len(
                config.max_model_len, loaded.model.max_position_embeddings, loaded.max_seq_length
            ),
            labels=loaded.labels,
            lowers_case=loaded.do_lower_case,
            uses_pairs=loaded.uses_pairs,
            prompts=loaded.prompts,
        )

    @property
    def has_work(self) -> bool:
        return bool(self._requests)

    def add(
        self,
        request_id: str,
        prompt_token_ids: Sequence[int],
        params: PoolingParams,
        *,
        cache_salt: str | None = None,
    ) -> None:
        """Queue a prompt. Raises PromptTooLong or InvalidParameter if it cannot be served as it is.

        Requests share no blocks here, so that a `cache_salt` has nothing to keep apart.
        """
        if request_id in self._requests:
            raise InvalidParameter("request_id", f"`{request_id}` is in use by another request")
        if not prompt_token_ids:
            raise InvalidParameter("prompt", "must have at least one token")
        if len(prompt_token_ids) > self.max_model_len:
            raise PromptTooLong(len(prompt_token_ids), self.max_model_len)
        require_token_ids("prompt", prompt_token_ids, self.vocab_size)
        if params.token_type_ids is not None and len(params.token_type_ids) != len(prompt_token_ids):
            raise InvalidParameter("token_type_ids", "must be one for each token of the prompt")
        self._requests[request_id] = PoolingRequest(request_id, prompt_token_ids, self.pooler.resolve(params))

    def abort(self, request_id: str) -> bool:
        """Drop a request at whatever point it is. False if it is not here any more."""
        return self._close(request_id, "abort")

    def abort_all(self, reason: FinishReason = "abort") -> list[str]:
        """Drop every request and return their ids. `reason` is what the statistics count."""
        request_ids = list(self._requests)
        for request_id in request_ids:
            self._close(request_id, reason)
        return request_ids

    def step(self) -> list[PoolingOutput]:
        """Compute one batch; return the outputs of the prompts that it completed.

        A prompt for which the model computed no usable numbers ends with finish_reason "error". Raises
        EngineFailed, from whatever went wrong.
        """
        batch = self._schedule()
        if not batch:
            return []
        with failing():
            rows = self.model.hidden_states(
                prepare_inputs(batch, self.config.block_size, self.pooler),
                self._cache,
                _token_type_ids(batch),
            )
            self._take(batch, rows)
            self._num_steps += 1
            self._last_step_tokens = sum(num_tokens for _, num_tokens in batch)
            return [self._finish(request) for request, _ in batch if request.is_computed]

    def warm_up(self) -> None:
        """Pool one token, so that whatever is made on first use is made. For an engine without work.

        Raises EngineFailed if the model cannot.
        """
        assert not self.has_work
        self.add("warm-up", [0], PoolingParams(task=self.pooler.task))
        try:
            [output] = self.step()
        finally:
            self.abort_all()
            self._reset_counts()
        if output.finish_reason == "error":
            raise EngineFailed("the model's vectors are not finite: its weights seem to be damaged")
        self.tokenizer.warm_up()

    def stats(self) -> Stats:
        return Stats(
            num_running=self._num_running,
            num_waiting=len(self._requests) - self._num_running,
            kv_usage=1 - len(self._free_blocks) / self._num_blocks,
            num_blocks=self._num_blocks,
            block_size=self.config.block_size,
            num_preemptions=0,
            prompt_tokens=self._prompt_tokens,
            generation_tokens=0,
            num_steps=self._num_steps,
            last_step_tokens=self._last_step_tokens,
            num_finished=dict(self._num_finished),
        )

    def check_invariants(self) -> None:
        """Assert that the engine's parts agree. For tests, between any two calls."""
        owned = list(chain.from_iterable(request.block_table for request in self._requests.values()))
        assert sorted(owned + self._free_blocks) == list(range(self._num_blocks))
        begun = [request for request in self._requests.values() if request.num_computed_tokens]
        assert begun == list(self._requests.values())[: len(begun)]
        assert len(begun) <= (1 if self.model.is_causal else 0)
        assert all(not request.is_computed for request in self._requests.values())

    def _schedule(self) -> Batch:
        batch: Batch = []
        budget = self.config.max_num_batched_tokens
        for request in self._requests.values():
            missing = request.num_tokens - request.num_computed_tokens
            num_tokens = min(missing, budget) if self.model.is_causal else missing
            if num_tokens == 0 or len(batch) == self.config.max_num_seqs or (batch and num_tokens > budget):
                break
            if not self._allocate(request):
                break
            batch.append((request, num_tokens))
            budget -= num_tokens
        self._num_running = len(batch)
        return batch

    def _allocate(self, request: PoolingRequest) -> bool:
        """Give a request blocks for all its tokens. False if there are too few, until others are done."""
        count = -(-request.num_tokens // self.config.block_size) - len(request.block_table)
        if count > len(self._free_blocks):
            return False
        request.block_table += [self._free_blocks.pop() for _ in range(count)]
        return True

    def _take(self, batch: Batch, rows: F32) -> None:
        """Give each request the rows that the step computed for it."""
        start = 0
        for request, num_tokens in batch:
            count = _num_wanted(request, num_tokens, self.pooler)
            request.rows.append(rows[start : start + count])
            request.num_computed_tokens += num_tokens
            start += count

    def _finish(self, request: PoolingRequest) -> PoolingOutput:
        rows = request.rows[0] if len(request.rows) == 1 else np.concatenate(request.rows)
        data = self.pooler(rows, request.params)
        self._prompt_tokens += request.num_tokens
        is_usable = bool(np.isfinite(data).all())
        reason: FinishReason = "stop" if is_usable else "error"
        self._close(request.request_id, reason)
        if not is_usable:
            return PoolingOutput(request.request_id, [], "", finish_reason=reason)
        return PoolingOutput(request.request_id, [], "", finish_reason=reason, data=data)

    def _close(self, request_id: str, reason: FinishReason) -> bool:
        request = self._requests.pop(request_id, None)
        if request is None:
            return False
        self._free_blocks += request.block_table
        self._num_finished[reason] += 1
        self._num_running = min(self._num_running, len(self._requests))
        return True

    def _reset_counts(self) -> None:
        self._prompt_tokens = 0
        self._num_steps = 0
        self._last_step_tokens = 0
        self._num_finished: Counter[FinishReason] = Counter()


# --- a batch as arrays --------------------------------------------------------------------------------


def prepare_inputs(batch: Batch, block_size: int, pooler: Pooler) -> ModelInputs:
    """Lay out a batch as the model reads it."""
    return lay_out(batch, _wanted_rows(batch, pooler), block_size)


def _wanted_rows(batch: Batch, pooler: Pooler) -> list[int]:
    rows: list[int] = []
    start = 0
    for request, num_tokens in batch:
        count = _num_wanted(request, num_tokens, pooler)
        first = start if pooler.pooling_type == "CLS" else start + num_tokens - count
        rows += range(first, first + count)
        start += num_tokens
    return rows


def _num_wanted(request: PoolingRequest, num_tokens: int, pooler: Pooler) -> int:
    """Return how many of a step's rows of a request the pooler will look at."""
    if pooler.wants_all_rows(request.params):
        return num_tokens
    is_first = request.num_computed_tokens == 0
    is_last = request.num_computed_tokens + num_tokens == request.num_tokens
    return int(is_first if pooler.pooling_type == "CLS" else is_last)


def _token_type_ids(batch: Batch) -> I32:
    ids: list[int] = []
    for request, num_tokens in batch:
        start, known = request.num_computed_tokens, request.params.token_type_ids
        ids += (0,) * num_tokens if known is None else known[start : start + num_tokens]
    return np.array(ids, np.int32)


# --- sizes --------------------------------------------------------------------------------------------


def _num_useful_blocks(config: EngineConfig, max_model_len: int) -> int:
    """Return blocks enough for any step: the prompt that was begun before, those that fit, and the last."""
    per_prompt = -(-max_model_len // config.block_size)
    return 2 * per_prompt + -(-config.max_num_batched_tokens // config.block_size) + config.max_num_seqs
