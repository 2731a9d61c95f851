"""Engine: requests in, tokens and text out, a step at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from martlet.engine.blocks import BlockPool
from martlet.engine.checkpoint import load_checkpoint
from martlet.engine.config import EngineConfig
from martlet.engine.constraints import MaskWorker
from martlet.engine.kernels import F32, Kernels, load
from martlet.engine.limits import failing, require_block_size, require_token_ids, resolve_max_model_len
from martlet.engine.lora import LoRAAdapter, LoRARegistry
from martlet.engine.memory import cache_block_bytes, num_cache_blocks, packed_bytes, require_weights_fit
from martlet.engine.models import build_model, check_architecture
from martlet.engine.request import FinishReason, Output, Request, SamplingParams
from martlet.engine.runner import Runner
from martlet.engine.sampling import Sample, Sampler
from martlet.engine.scheduler import Batch, Scheduler
from martlet.engine.text import Detokenizer, StopChecker, Tokenizer
from martlet.errors import EngineFailed, InvalidParameter

__all__ = ["BatchRunner", "Engine", "EngineConfig", "Stats"]


class BatchRunner(Protocol):
    """What the engine needs of `runner.Runner`."""

    def run(self, batch: Batch) -> F32:
        """Compute a batch. Returns logits [rows, vocab_size], valid until the next call.

        Rows are those of `batch.sampled`, one more for each draft, then those of `batch.scored`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Stats:
    """The engine at a moment, for metrics. Token and request counts are since the start and only grow."""

    num_running: int
    num_waiting: int
    kv_usage: float
    """Share of the KV cache's blocks in use, from 0 to 1."""
    num_blocks: int
    block_size: int
    num_preemptions: int
    prompt_tokens: int
    """Of prompts that have been computed, or found in the prefix cache."""
    generation_tokens: int
    num_steps: int
    last_step_tokens: int
    """Tokens that the latest step computed."""
    num_finished: Mapping[FinishReason, int]
    cached_prompt_tokens: int = 0
    """Those of `prompt_tokens` that were found."""
    prefix_queries: int = 0
    """Tokens that were looked up in the prefix cache, when their requests first ran."""
    prefix_hits: int = 0
    num_drafts: int = 0
    """Times that tokens were guessed ahead."""
    num_draft_tokens: int = 0
    accepted_at: tuple[int, ...] | None = None
    """Draft tokens that were right, by their place in the draft. None: nothing is guessed."""
    max_loras: int | None = None
    """Adapters that may run at a time. None: there are none."""
    running_loras: tuple[str, ...] = ()
    """Names of the adapters of requests that run."""
    waiting_loras: tuple[str, ...] = ()


class Engine:
    """Runs many requests together. For one thread, whose owner calls `step` while `has_work`.

    After EngineFailed from `step` every request is lost: tell their callers, and call `abort_all("error")`.
    The engine is consistent and may be used again.
    """

    def __init__(
        self,
        runner: BatchRunner,
        tokenizer: Tokenizer,
        config: EngineConfig,
        *,
        num_blocks: int,
        max_model_len: int,
        vocab_size: int,
        window: int | None = None,
        loras: LoRARegistry | None = None,
        kernels: Kernels | None = None,
    ) -> None:
        """`window` is how many positions a token sees at most, in every layer. None: all before it.

        `kernels` are those that tokens are chosen with; they default to the fastest.
        """
        self.tokenizer = tokenizer
        self.config = config
        self.max_model_len = max_model_len
        self.cache_block_size = config.block_size if config.enable_prefix_caching else 0
        """Tokens that the prefix cache keeps together; 0 if there is none."""
        self.vocab_size = vocab_size
        self.runner = runner
        self.loras = loras
        """Adapters, if the engine was made with `enable_lora`."""
        self._max_loras = config.max_loras or config.max_num_seqs
        self.blocks = BlockPool(num_blocks)
        self.scheduler = Scheduler(config, self.blocks, max_model_len, window)
        # A tokenizer may have ends that the model has no logit for: it cannot say them.
        self._eos_token_ids = [id for id in tokenizer.eos_token_ids if 0 <= id < vocab_size]
        self.sampler = Sampler(self._eos_token_ids, config.seed, kernels)
        self._masks = MaskWorker()
        self._texts: dict[str, _Text] = {}
        self._reset_counts()

    @classmethod
    def from_folder(
        cls,
        folder: str | Path,
        config: EngineConfig | None = None,
        kernels: Kernels | None = None,
        chat_template: str | Path | None = None,
    ) -> Engine:
        """Load a Hugging Face folder. Raises CheckpointError for a folder that cannot be served.

        `kernels` default to the fastest; `chat_template`, a path or a template, replaces the folder's.
        """
        config = config or EngineConfig()
        require_block_size(config.block_size)
        check_architecture(folder)
        checkpoint = load_checkpoint(folder, is_exact=config.quantization == "none")
        tokenizer = Tokenizer.from_folder(folder, chat_template)
        require_weights_fit(packed_bytes(checkpoint.nbytes, config.quantization))
        kernels = kernels or load()
        model = build_model(checkpoint, kernels, config.max_model_len, config.rounds_to, config.cache_dtype)
        max_model_len = resolve_max_model_len(config.max_model_len, model.max_position_embeddings)
        _require_room_for_output(max_model_len)
        block_bytes = cache_block_bytes(model, config.block_size)
        num_blocks = num_cache_blocks(config, max_model_len, block_bytes, window=model.window)
        return cls(
            Runner(model, num_blocks, config.block_size),
            tokenizer,
            config,
            num_blocks=num_blocks,
            max_model_len=max_model_len,
            vocab_size=model.vocab_size,
            window=model.window,
            loras=LoRARegistry(model, config) if config.enable_lora else None,
            kernels=kernels,
        )

    @property
    def has_work(self) -> bool:
        return self.scheduler.has_work

    def add(
        self,
        request_id: str,
        prompt_token_ids: Sequence[int],
        params: SamplingParams,
        *,
        cache_salt: str | None = None,
        lora: LoRAAdapter | None = None,
    ) -> None:
        """Queue a request. Raises PromptTooLong or InvalidParameter if it cannot be served as it is.

        Requests share cached prefixes only with those of the same `cache_salt` and `lora`, an adapter of
        `loras` that may have been removed meanwhile.
        """
        if request_id in self._texts:
            raise InvalidParameter("request_id", f"`{request_id}` is in use by another request")
        if not prompt_token_ids:
            raise InvalidParameter("prompt", "must have at least one token")
        self._check_token_ids("prompt", prompt_token_ids)
        self._check_params(params)
        request = Request(request_id, list(prompt_token_ids), len(prompt_token_ids), params)
        request.lora = lora
        request.cache_keys = _cache_keys(cache_salt, lora)
        self.scheduler.add(request)
        if params.grammar is not None:
            request.matcher = params.grammar.matcher()
        self._texts[request_id] = _Text(self.tokenizer, request)

    def abort(self, request_id: str) -> bool:
        """Drop a request at whatever point it is and free its blocks. False if it is not here any more."""
        return self._drop(request_id, "abort")

    def abort_all(self, reason: FinishReason = "abort") -> list[str]:
        """Drop every request and return their ids. `reason` is what the statistics count."""
        request_ids = list(self._texts)
        for request_id in request_ids:
            self._drop(request_id, reason)
        return request_ids

    def step(self) -> list[Output]:
        """Compute one batch; return what it brought for each request that was due a token.

        A request for which the model computed no usable logits ends with finish_reason "error". Raises
        EngineFailed, from whatever went wrong.
        """
        batch = self.scheduler.schedule()
        if not batch.scheduled:
            return []
        with failing(self.blocks.forget_all):
            self._masks.begin(batch.sampled)
            logits = self.runner.run(batch)
            num_sampled = batch.num_sampled_rows
            self._score_prompts(batch, logits[num_sampled:])
            self.scheduler.commit(batch)
            self._num_steps += 1
            self._last_step_tokens = batch.num_tokens
            if num_sampled == len(batch.sampled):
                return self._take_tokens(logits[:num_sampled], batch.sampled)
            return self._check_drafts(logits[:num_sampled], batch.sampled)

    def reset_prefix_cache(self) -> None:
        """Let no later request find blocks that were computed until now."""
        self.blocks.forget_all()

    def warm_up(self) -> None:
        """Produce one token, so that whatever is made on first use is made: also the chat template.

        For an engine without work.

        Raises EngineFailed if the model cannot.
        """
        assert not self.has_work
        self.add("warm-up", [0], SamplingParams(max_tokens=1, temperature=0))
        try:
            [output] = self.step()
        finally:
            self.abort_all()
            self._reset_counts()
        if output.finish_reason == "error":
            raise EngineFailed("the model's logits are not finite: its weights seem to be damaged")
        self.tokenizer.warm_up()

    def stats(self) -> Stats:
        return Stats(
            num_running=len(self.scheduler.running),
            num_waiting=len(self.scheduler.waiting),
            kv_usage=self.blocks.usage,
            num_blocks=self.blocks.num_blocks,
            block_size=self.config.block_size,
            num_preemptions=self.scheduler.num_preemptions,
            prompt_tokens=self._prompt_tokens,
            cached_prompt_tokens=self._cached_prompt_tokens,
            prefix_queries=self.scheduler.num_prefix_queries,
            prefix_hits=self.scheduler.num_prefix_hits,
            num_drafts=self._num_drafts,
            num_draft_tokens=self._num_draft_tokens,
            accepted_at=tuple(self._accepted_at) if self.config.speculative_config else None,
            generation_tokens=self._generation_tokens,
            num_steps=self._num_steps,
            last_step_tokens=self._last_step_tokens,
            num_finished=dict(self._num_finished),
            max_loras=self._max_loras if self.loras is not None else None,
            running_loras=self._names_of_loras(self.scheduler.running),
            waiting_loras=self._names_of_loras(self.scheduler.waiting),
        )

    def check_invariants(self) -> None:
        """Assert that the engine's parts agree. For tests, between any two calls."""
        self.scheduler.check_invariants()
        assert self._texts.keys() == self.scheduler.running.keys() | self.scheduler.waiting.keys()

    def _names_of_loras(self, requests: Mapping[str, Request]) -> tuple[str, ...]:
        if self.loras is None:
            return ()
        names = (request.lora.name for request in requests.values() if request.lora is not None)
        return tuple(dict.fromkeys(names))

    def _take_tokens(self, logits: F32, requests: Sequence[Request]) -> list[Output]:
        """Give request i the token that row i of `logits` brings."""
        samples = self.sampler.sample(logits, requests)
        self._generation_tokens += len(samples) - samples.count(None)
        return [self._output(request, sample) for request, sample in zip(requests, samples, strict=True)]

    def _check_drafts(self, logits: F32, requests: Sequence[Request]) -> list[Output]:
        """Give each request tokens from its rows of `logits`, one for each draft that is right and one more.

        In rounds over all requests: a token depends on those before it, also by penalties and stop strings.
        """
        drafts = [request.draft_token_ids.copy() for request in requests]
        rows = np.cumsum([0, *(1 + len(draft) for draft in drafts[:-1])])
        outputs = self._take_tokens(logits[rows], requests)
        self._num_drafts += sum(map(bool, drafts))
        self._num_draft_tokens += sum(map(len, drafts))
        going = list(range(len(requests)))
        for depth in range(max(map(len, drafts))):
            going = [i for i in going if outputs[i].token_ids[depth:] == drafts[i][depth : depth + 1]]
            self._accepted_at[depth] += len(going)
            going = [i for i in going if outputs[i].finish_reason is None]
            later = self._take_tokens(logits[rows[going] + depth + 1], [requests[i] for i in going])
            for i, output in zip(going, later, strict=True):
                outputs[i] = outputs[i].followed_by(output)
        return outputs

    def _score_prompts(self, batch: Batch, logits: F32) -> None:
        """Add to each request what `logits` [batch.num_scored, vocab_size] say of its prompt's tokens."""
        row = 0
        for request, positions in batch.scored:
            num_top = request.params.num_prompt_logprobs
            assert num_top is not None
            rows = logits[row : row + len(positions)]
            following = request.token_ids[positions.start + 1 : positions.stop + 1]
            request.prompt_logprobs += self.sampler.score(rows, following, num_top)
            row += len(positions)

    def _output(self, request: Request, sample: Sample | None) -> Output:
        """Give a request its token and return what it brings; finish it if the token or its text ends it."""
        request_id, params = request.request_id, request.params
        if sample is None:
            self._drop(request_id, "error")
            return Output(request_id, [], "", finish_reason="error")
        token_id, logprob = sample
        request.append(token_id)
        num_output = len(request.token_ids) - request.num_prompt_tokens
        num_cached = request.num_cached_tokens or 0
        prompt_logprobs = None
        if num_output == 1:
            self._prompt_tokens += request.num_prompt_tokens
            self._cached_prompt_tokens += num_cached
            prompt_logprobs = None if params.num_prompt_logprobs is None else request.prompt_logprobs
        reason, stop_reason = self._end_by_token(request, token_id)
        hides_token = reason == "stop" and not params.include_stop_str_in_output
        text, stop = self._texts[request_id].push(
            None if hides_token else token_id, num_output > params.min_tokens, reason is not None
        )
        if stop is not None:
            reason, stop_reason = "stop", stop
        if reason is not None:
            self.scheduler.remove(request_id)
            self._close(request, reason, stop_reason)
        return Output(
            request_id,
            [token_id],
            text,
            None if logprob is None else [logprob],
            reason,
            stop_reason,
            num_cached,
            prompt_logprobs,
            request.scheduled_s,
            request.num_preemptions,
        )

    def _end_by_token(self, request: Request, token_id: int) -> tuple[FinishReason | None, int | str | None]:
        params = request.params
        # After a grammar's end nothing may follow, whatever ignore_eos says.
        goes_on = params.ignore_eos and request.matcher is None
        if not goes_on and token_id in self.tokenizer.eos_token_ids:
            return "stop", None if token_id == self.tokenizer.eos_token_ids[0] else token_id
        if token_id in params.stop_token_ids:
            return "stop", token_id
        num_tokens = len(request.token_ids)
        detection, num_output = params.repetition_detection, num_tokens - request.num_prompt_tokens
        if num_output >= params.max_tokens or num_tokens >= self.max_model_len:
            return "length", None
        if detection is not None and num_output >= params.min_tokens:
            if detection.is_found_in(request.token_ids, num_output):
                return "repetition", "repetition_detected"
        return None, None

    def _drop(self, request_id: str, reason: FinishReason) -> bool:
        request = self.scheduler.remove(request_id)
        if request is None:
            return False
        self._close(request, reason, None)
        return True

    def _close(self, request: Request, reason: FinishReason, stop_reason: int | str | None) -> None:
        request.finish_reason, request.stop_reason = reason, stop_reason
        self._num_finished[reason] += 1
        del self._texts[request.request_id]

    def _check_params(self, params: SamplingParams) -> None:
        self._check_token_ids("logit_bias", params.logit_bias)
        self._check_token_ids("stop_token_ids", params.stop_token_ids)
        if params.allowed_token_ids is not None:
            self._check_token_ids("allowed_token_ids", params.allowed_token_ids)
        self._check_token_ids("logprob_token_ids", params.logprob_token_ids or ())
        for word in params.bad_words:
            self._check_token_ids("bad_words", word)
        if params.thinking_budget is not None:
            for mark in (*params.thinking_budget.starts, *params.thinking_budget.ends):
                self._check_token_ids("thinking_token_budget", mark)
        if params.min_tokens > 0:
            self._check_token_is_left(params)

    def _check_token_is_left(self, params: SamplingParams) -> None:
        ends = {*self._eos_token_ids, *params.stop_token_ids}
        if params.allowed_token_ids is not None and ends.issuperset(params.allowed_token_ids):
            raise InvalidParameter("allowed_token_ids", "allows only tokens that min_tokens forbids")
        if len(ends) == self.vocab_size:
            raise InvalidParameter("stop_token_ids", "leaves no token that min_tokens does not forbid")

    def _check_token_ids(self, param: str, token_ids: Iterable[int]) -> None:
        require_token_ids(param, token_ids, self.vocab_size)

    def _reset_counts(self) -> None:
        self._prompt_tokens = 0
        self._cached_prompt_tokens = 0
        self.scheduler.reset_counts()
        self._generation_tokens = 0
        self._num_steps = 0
        self._last_step_tokens = 0
        self._num_finished: Counter[FinishReason] = Counter()
        speculative = self.config.speculative_config
        self._num_drafts = 0
        self._num_draft_tokens = 0
        self._accepted_at = [0] * (speculative.num_speculative_tokens if speculative else 0)


class _Text:
    """The text of one request's output: detokenized as it comes, cut at stop strings."""

    def __init__(self, tokenizer: Tokenizer, request: Request) -> None:
        params = request.params
        self._detokenizer = Detokenizer(
            tokenizer, request.prompt_token_ids, params.skip_special_tokens, params.visible_token_ids
        )
        self._push_one = self._detokenizer.push_one
        self._checker = StopChecker(params.stop, params.include_stop_str_in_output) if params.stop else None

    def push(self, token_id: int | None, check: bool, is_last: bool) -> tuple[str, str | None]:
        """Return the text that may go out, and the stop string that ended it; `check` looks for one."""
        new = "" if token_id is None else self._push_one(token_id)
        if is_last:
            new += self._detokenizer.flush()
        if self._checker is None:
            return new, None
        text, stop = self._checker.push(new, check)
        if is_last and stop is None:
            text += self._checker.flush()
        return text, stop


def _cache_keys(cache_salt: str | None, lora: LoRAAdapter | None) -> tuple[object, ...]:
    salt = () if cache_salt is None else (("cache_salt", cache_salt),)
    return salt if lora is None else (*salt, ("lora", lora.cache_key))


def _require_room_for_output(max_model_len: int) -> None:
    if max_model_len < 2:
        raise InvalidParameter(
            "max_model_len", "must hold a token of the prompt and one of the output: raise it"
        )
