"""Scheduler: which tokens of which requests the next step computes.

There is no prefill phase and no decode phase. Every request has tokens, of which `num_computed_tokens` are in
the cache; a step computes as many of the missing ones as its budget allows, and a request with none missing
gets its next token sampled. Chunked prompts and recomputation after preemption need nothing more.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from martlet.engine.blocks import BlockPool
from martlet.engine.config import EngineConfig
from martlet.engine.request import Request
from martlet.errors import PromptTooLong

MAX_SCORED_TOKENS = 256
"""Prompt tokens in one step whose logits are wanted: a row of the vocabulary's size is kept for each."""


@dataclass(slots=True)
class Batch:
    """The work of one step. Each request's new tokens start at its `num_computed_tokens`."""

    scheduled: list[tuple[Request, int]] = field(default_factory=list)
    """Requests, and how many tokens of each to compute. Their block tables have room for these."""
    sampled: list[Request] = field(default_factory=list)
    """Those whose tokens will all be computed: each gets a next token."""

    scored: list[tuple[Request, range]] = field(default_factory=list)
    """Those whose prompt's logprobs are wanted, and the positions whose logits give them."""

    @property
    def num_tokens(self) -> int:
        return sum(num_tokens for _, num_tokens in self.scheduled)

    @property
    def num_scored(self) -> int:
        return sum(len(positions) for _, positions in self.scored)

    def append(self, request: Request, num_tokens: int) -> None:
        self.scheduled.append((request, num_tokens))
        end = request.num_computed_tokens + num_tokens
        if end == request.num_tokens:
            self.sampled.append(request)
        if request.num_unscored_tokens > 0:
            first = len(request.prompt_logprobs)
            assert request.num_computed_tokens <= first, "the prompt was not computed from its beginning"
            positions = range(first, min(end, request.num_prompt_tokens - 1))
            if positions:
                self.scored.append((request, positions))


class Scheduler:
    """First come, first served; who came last gives way when blocks run out.

    `blocks` must hold at least one sequence of `max_model_len` tokens, so that the oldest can always go on.
    """

    def __init__(self, config: EngineConfig, blocks: BlockPool, max_model_len: int) -> None:
        assert blocks.num_blocks * config.block_size >= max_model_len
        self.blocks = blocks
        self.max_model_len = max_model_len
        self.num_preemptions = 0
        self.waiting: OrderedDict[str, Request] = OrderedDict()
        self.running: dict[str, Request] = {}
        self._block_size = config.block_size
        self._max_num_seqs = config.max_num_seqs
        self._max_num_batched_tokens = config.max_num_batched_tokens

    @property
    def has_work(self) -> bool:
        return bool(self.waiting or self.running)

    def add(self, request: Request) -> None:
        """Queue a request. Raises PromptTooLong if its prompt leaves no room for a token in the context."""
        if request.num_prompt_tokens >= self.max_model_len:
            raise PromptTooLong(request.num_prompt_tokens, self.max_model_len)
        assert request.request_id not in self.waiting
        assert request.request_id not in self.running
        self.waiting[request.request_id] = request

    def remove(self, request_id: str) -> Request | None:
        """Take a request out at whatever point it is, finished or aborted, and free its blocks."""
        request = self.running.pop(request_id, None)
        if request is None:
            return self.waiting.pop(request_id, None)
        self._free(request)
        return request

    def schedule(self) -> Batch:
        """Choose the tokens of the next step and give them blocks. None counts as computed until `commit`."""
        batch = Batch()
        budget = self._continue_running(batch, self._max_num_batched_tokens)
        self._admit_waiting(batch, budget)
        return batch

    def commit(self, batch: Batch, token_ids: Sequence[int | None]) -> None:
        """Count the batch as computed and append to each sampled request its token.

        A request whose token is None got none, and must be removed before the next step.
        """
        for request, num_tokens in batch.scheduled:
            request.num_computed_tokens += num_tokens
        for request, token_id in zip(batch.sampled, token_ids, strict=True):
            if token_id is not None:
                request.token_ids.append(token_id)

    def check_invariants(self) -> None:
        """Assert that blocks and requests add up. For tests, between any two calls."""
        self.blocks.check_invariants()
        assert not self.waiting.keys() & self.running.keys()
        assert len(self.running) <= self._max_num_seqs
        owned: list[int] = []
        for request in self.running.values():
            owned += request.block_table
            assert 0 <= request.num_computed_tokens < request.num_tokens <= self.max_model_len
            assert self._num_missing_blocks(request, request.num_computed_tokens) <= 0
            assert self._num_missing_blocks(request, request.num_tokens) >= 0
        for request in self.waiting.values():
            assert request.num_computed_tokens == 0
            assert not request.block_table
        assert len(owned) == len(set(owned)) == self.blocks.num_used

    def _continue_running(self, batch: Batch, budget: int) -> int:
        for request in list(self.running.values()):
            # Victims are taken from the end, so whoever comes after one is a victim too.
            if budget == 0 or request.request_id not in self.running:
                break
            num_tokens = _num_tokens_now(request, batch, budget)
            if num_tokens == 0:
                continue
            if not self._make_room(request, num_tokens):
                break
            batch.append(request, num_tokens)
            budget -= num_tokens
        return budget

    def _admit_waiting(self, batch: Batch, budget: int) -> None:
        while self.waiting and budget > 0 and len(self.running) < self._max_num_seqs:
            request = next(iter(self.waiting.values()))
            # Room for all its tokens, though only a part may run now: else it would soon be preempted.
            if self._num_missing_blocks(request, request.num_tokens) > self.blocks.num_free:
                break
            num_tokens = _num_tokens_now(request, batch, budget)
            if num_tokens == 0:
                break
            del self.waiting[request.request_id]
            self.running[request.request_id] = request
            self._grow(request, num_tokens)
            batch.append(request, num_tokens)
            budget -= num_tokens

    def _make_room(self, request: Request, num_tokens: int) -> bool:
        """Give `request` blocks for `num_tokens` more. False if it was itself preempted for lack of them."""
        while not self._grow(request, num_tokens):
            _, victim = self.running.popitem()
            self._preempt(victim)
            if victim is request:
                return False
        return True

    def _grow(self, request: Request, num_tokens: int) -> bool:
        num_missing = self._num_missing_blocks(request, request.num_computed_tokens + num_tokens)
        if num_missing > self.blocks.num_free:
            return False
        if num_missing > 0:
            request.block_table += self.blocks.allocate(num_missing)
        return True

    def _preempt(self, request: Request) -> None:
        """Send a request back to the head of the queue, to be computed again, its output so far included."""
        self._free(request)
        request.num_computed_tokens = 0
        request.num_preemptions += 1
        self.num_preemptions += 1
        self.waiting[request.request_id] = request
        self.waiting.move_to_end(request.request_id, last=False)

    def _free(self, request: Request) -> None:
        self.blocks.free(request.block_table)
        request.block_table = []

    def _num_missing_blocks(self, request: Request, num_tokens: int) -> int:
        return -(-num_tokens // self._block_size) - len(request.block_table)


def _num_tokens_now(request: Request, batch: Batch, budget: int) -> int:
    num_tokens = min(request.num_tokens - request.num_computed_tokens, budget)
    if request.num_unscored_tokens > 0:
        num_tokens = min(num_tokens, MAX_SCORED_TOKENS - batch.num_scored)
    return num_tokens
