"""Scheduler: which tokens of which requests the next step computes.

There is no prefill phase and no decode phase. Every request has tokens, of which `num_computed_tokens` are in
the cache; a step computes as many of the missing ones as its budget allows, and a request with none missing
gets its next token sampled. Chunked prompts and recomputation after preemption need nothing more.

A request begins with the full blocks that hold its first tokens already, whoever computed them. A block can
be found from the step that fills it: each layer writes all keys and values of a step before it reads any.

Where every layer sees a window only, blocks wholly before it go back while their request runs, and a request
may begin behind blocks that nobody has any more, if those that its first query sees are there.
"""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from dataclasses import dataclass, field

from martlet.engine.blocks import BlockPool, most_blocks_at_once
from martlet.engine.config import EngineConfig
from martlet.engine.prefix import PrefixHasher
from martlet.engine.request import Request
from martlet.engine.speculative import NgramProposer
from martlet.errors import PromptTooLong

MAX_SCORED_TOKENS = 256
"""Prompt tokens in one step whose logits are wanted: a row of the vocabulary's size is kept for each."""

NOWHERE = 0
"""Stands in block tables for blocks that were given back: no kernel reads it."""


@dataclass(slots=True)
class Batch:
    """The work of one step. Each request's new tokens start at its `num_computed_tokens`."""

    scheduled: list[tuple[Request, int]] = field(default_factory=list)
    """Requests, and how many tokens of each to compute, drafts included. Their block tables have room for
    these."""
    sampled: list[Request] = field(default_factory=list)
    """Those whose tokens will all be computed: each gets a next token."""

    scored: list[tuple[Request, range]] = field(default_factory=list)
    """Those whose prompt's logprobs are wanted, and the positions whose logits give them."""

    uses_lora: bool = False
    """Some request has an adapter."""

    @property
    def num_tokens(self) -> int:
        return sum(num_tokens for _, num_tokens in self.scheduled)

    @property
    def num_sampled_rows(self) -> int:
        """Rows of logits for the sampled requests: each one's next token, and what follows each draft."""
        return sum(1 + len(request.draft_token_ids) for request in self.sampled)

    @property
    def num_scored(self) -> int:
        return sum(len(positions) for _, positions in self.scored)

    def append_next(self, request: Request) -> None:
        """Append a request whose one token that is not computed is its last."""
        self.scheduled.append((request, 1))
        self.sampled.append(request)
        self.uses_lora |= request.lora is not None

    def append(self, request: Request, num_tokens: int) -> None:
        self.scheduled.append((request, num_tokens))
        self.uses_lora |= request.lora is not None
        end = request.num_computed_tokens + num_tokens
        if end >= request.num_tokens:
            self.sampled.append(request)
        if request.num_unscored_tokens > 0:
            first = len(request.prompt_logprobs)
            assert request.num_computed_tokens <= first, "the prompt was not computed from its beginning"
            positions = range(first, min(end, request.num_prompt_tokens - 1))
            if positions:
                self.scored.append((request, positions))


class Scheduler:
    """First come, first served; who came last gives way when blocks run out.

    `blocks` must hold what one sequence of `max_model_len` tokens needs at a time, so that the oldest can
    always go on.
    """

    def __init__(
        self, config: EngineConfig, blocks: BlockPool, max_model_len: int, window: int | None = None
    ) -> None:
        """`window` is how many positions, its own the last, a query sees at most. None: all."""
        assert blocks.num_blocks >= most_blocks_at_once(config, max_model_len, window)
        self.config = config
        self.blocks = blocks
        self.max_model_len = max_model_len
        self._window = window
        self.reset_counts()
        self.waiting: OrderedDict[str, Request] = OrderedDict()
        self.running: dict[str, Request] = {}
        self._block_size = config.block_size
        self._proposer = None
        self._num_speculative_tokens = 0
        if config.speculative_config is not None:
            self._proposer = NgramProposer(config.speculative_config)
            self._num_speculative_tokens = config.speculative_config.num_speculative_tokens
        self._hasher = PrefixHasher(config.block_size) if config.enable_prefix_caching else None
        self._is_simple = window is None and self._proposer is None
        self._max_num_seqs = config.max_num_seqs
        self._max_loras = config.max_loras
        self._max_num_batched_tokens = config.max_num_batched_tokens

    def reset_counts(self) -> None:
        self.num_preemptions = 0
        self.num_prefix_queries = 0
        """Tokens of requests that began, and might have been in the prefix cache."""
        self.num_prefix_hits = 0
        """Those of them that were."""

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

    def commit(self, batch: Batch) -> None:
        """Count the batch's tokens as computed, but for drafts: who appends one that was right counts it.

        Each sampled request must then get a token, or be removed, before the next step.
        """
        for request, num_tokens in batch.scheduled:
            num_computed = request.num_computed_tokens + num_tokens
            request.num_computed_tokens = min(num_computed, len(request.token_ids))

    def check_invariants(self) -> None:
        """Assert that blocks and requests add up. For tests, between any two calls."""
        self.blocks.check_invariants()
        assert not self.waiting.keys() & self.running.keys()
        assert len(self.running) <= self._max_num_seqs
        adapters = {request.lora for request in self.running.values()} - {None}
        assert self._max_loras is None or len(adapters) <= self._max_loras
        owners: Counter[int] = Counter()
        for request in self.running.values():
            owners.update(request.live_blocks)
            most = min(request.num_tokens + self._num_speculative_tokens, self.max_model_len)
            assert len(request.live_blocks) <= self._most_blocks(most)
            assert 0 <= request.num_computed_tokens < request.num_tokens <= self.max_model_len
            assert self._num_missing_blocks(request, request.num_computed_tokens) <= 0
            assert self._num_missing_blocks(request, most) >= 0
            self._check_shared_blocks(request)
        for request in self.waiting.values():
            assert request.num_computed_tokens == request.num_kept_blocks == request.num_left_blocks == 0
            assert not request.block_table
        assert all(count == self.blocks.num_owners(block) for block, count in owners.items())
        assert len(owners) == self.blocks.num_used

    def _check_shared_blocks(self, request: Request) -> None:
        """Assert that a request's blocks hold its tokens, and that it alone has those it will write to."""
        table, num_kept, num_left = request.block_table, request.num_kept_blocks, request.num_left_blocks
        assert len(set(request.live_blocks)) == len(request.live_blocks)
        assert num_left == 0 or num_left <= self._num_unseen_blocks(request.num_computed_tokens)
        assert num_kept <= len(request.block_hashes)
        hashes = request.block_hashes[num_left:num_kept]
        for block, block_hash in zip(table[num_left:num_kept], hashes, strict=True):
            assert self.blocks.hash_of(block) in (block_hash, None)
        for block in table[max(num_left, num_kept) :]:
            assert self.blocks.num_owners(block) == 1
            assert self.blocks.hash_of(block) is None

    def _continue_running(self, batch: Batch, budget: int) -> int:
        for request in list(self.running.values()):
            # Victims are taken from the end, so whoever comes after one is a victim too.
            if budget == 0 or request.request_id not in self.running:
                break
            if self._has_room_for_next(request):
                batch.append_next(request)
                budget -= 1
                continue
            num_tokens = _num_tokens_now(request, batch, budget)
            if num_tokens == 0:
                continue
            self._leave_unseen_blocks(request)
            if not self._make_room(request, num_tokens):
                break
            if self._proposer is not None:
                num_tokens += self._draft(request, num_tokens, budget)
            self._append(batch, request, num_tokens)
            budget -= num_tokens
        return budget

    def _has_room_for_next(self, request: Request) -> bool:
        """Whether all there is to do for a request is its last token, which fills no block.

        True of nearly all that run, and found out at little cost.
        """
        num_computed = request.num_computed_tokens
        return (
            num_computed + 1 == len(request.token_ids)
            and (num_computed + 1) % self._block_size > 0
            and num_computed < len(request.block_table) * self._block_size
            and request.params.num_prompt_logprobs is None
            and self._is_simple
        )

    def _draft(self, request: Request, num_tokens: int, budget: int) -> int:
        """Guess what comes after a request's tokens, if `num_tokens` reach their end. Return how many."""
        assert self._proposer is not None
        request.draft_token_ids = []
        if request.num_computed_tokens + num_tokens < request.num_tokens:
            return 0
        limit = min(
            budget - num_tokens,
            self.max_model_len - request.num_tokens - 1,
            request.params.max_tokens - request.num_output_tokens - 1,
        )
        drafts = self._proposer.propose(request, limit) if limit > 0 else []
        while drafts and not self._grow(request, num_tokens + len(drafts)):
            drafts.pop()
        request.draft_token_ids = drafts
        return len(drafts)

    def _admit_waiting(self, batch: Batch, budget: int) -> None:
        while self.waiting and budget > 0 and len(self.running) < self._max_num_seqs:
            request = next(iter(self.waiting.values()))
            num_left, cached = self._find_cached(request)
            num_idle = sum(self.blocks.num_owners(block) == 0 for block in cached)
            # Room for all that it will own, though only a part may run now: else it would soon be preempted.
            num_missing = min(
                self._num_missing_blocks(request, request.num_tokens) - num_left,
                self._most_blocks(request.num_tokens),
            ) - len(cached)
            if num_missing + num_idle > self.blocks.num_free or not self._may_use_adapter(request):
                break
            if _num_tokens_now(request, batch, budget) == 0:
                break
            del self.waiting[request.request_id]
            self.running[request.request_id] = request
            self._begin(request, num_left, cached)
            num_tokens = _num_tokens_now(request, batch, budget)
            self._grow(request, num_tokens)
            self._append(batch, request, num_tokens)
            budget -= num_tokens

    def _may_use_adapter(self, request: Request) -> bool:
        """Return whether a request's adapter runs already, or one more may."""
        if request.lora is None or self._max_loras is None:
            return True
        running = {other.lora for other in self.running.values()} - {None}
        return request.lora in running or len(running) < self._max_loras

    def _find_cached(self, request: Request) -> tuple[int, list[int]]:
        """Return the blocks that hold the request's first tokens; one token at least is left to compute.

        The first of them, as many as the number says, are left out: nothing behind them sees them. None for
        a request whose prompt's logits are wanted: all of it must be computed.
        """
        if self._hasher is None or request.num_unscored_tokens > 0:
            return 0, []
        blocks: list[int] = []
        whole_from = num_left = end = 0
        hashes = self._hasher.catch_up(request, (request.num_tokens - 1) // self._block_size)
        for count, block_hash in enumerate(hashes, 1):
            block = self.blocks.find(block_hash)
            if block is None:
                if self._window is None:
                    break
                whole_from = count
            blocks.append(NOWHERE if block is None else block)
            num_unseen = self._num_unseen_blocks(count * self._block_size)
            if whole_from <= num_unseen:
                num_left, end = num_unseen, count
        return num_left, blocks[num_left:end]

    def _begin(self, request: Request, num_left: int, cached: list[int]) -> None:
        for block in cached:
            self.blocks.share(block)
        request.num_left_blocks = num_left
        request.block_table = [NOWHERE] * num_left + cached
        request.num_kept_blocks = len(request.block_table)
        request.num_computed_tokens = len(request.block_table) * self._block_size
        if request.num_cached_tokens is None:
            request.num_cached_tokens = request.num_computed_tokens
            request.scheduled_s = time.monotonic()
            if self._hasher is not None and request.num_unscored_tokens == 0:
                self.num_prefix_queries += request.num_tokens
                self.num_prefix_hits += request.num_computed_tokens

    def _append(self, batch: Batch, request: Request, num_tokens: int) -> None:
        batch.append(request, num_tokens)
        self._keep_full_blocks(request, min(request.num_computed_tokens + num_tokens, request.num_tokens))

    def _keep_full_blocks(self, request: Request, num_tokens: int) -> None:
        """Let others find the blocks that the first `num_tokens` fill."""
        num_full = num_tokens // self._block_size
        if self._hasher is None or num_full <= request.num_kept_blocks:
            return
        hashes = self._hasher.catch_up(request, num_full)
        for index in range(request.num_kept_blocks, num_full):
            self.blocks.keep(request.block_table[index], hashes[index])
        request.num_kept_blocks = num_full

    def _make_room(self, request: Request, num_tokens: int) -> bool:
        """Give `request` blocks for `num_tokens` more. False if it was itself preempted for lack of them."""
        while not self._grow(request, num_tokens):
            _, victim = self.running.popitem()
            self._preempt(victim)
            if victim is request:
                return False
        return True

    def _leave_unseen_blocks(self, request: Request) -> None:
        """Give back the blocks that no token sees which is still to be computed."""
        num_left = self._num_unseen_blocks(request.num_computed_tokens)
        if num_left <= request.num_left_blocks:
            return
        self._keep_full_blocks(request, request.num_computed_tokens)
        left = slice(request.num_left_blocks, num_left)
        self.blocks.free(request.block_table[left])
        request.block_table[left] = [NOWHERE] * (num_left - request.num_left_blocks)
        request.num_left_blocks = num_left

    def _num_unseen_blocks(self, position: int) -> int:
        """Return how many blocks are wholly before what a query at `position` sees."""
        return 0 if self._window is None else max(0, position - self._window + 1) // self._block_size

    def _most_blocks(self, num_tokens: int) -> int:
        return most_blocks_at_once(self.config, num_tokens, self._window)

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
        request.num_computed_tokens = request.num_kept_blocks = request.num_left_blocks = 0
        request.draft_token_ids = []
        request.num_preemptions += 1
        self.num_preemptions += 1
        self.waiting[request.request_id] = request
        self.waiting.move_to_end(request.request_id, last=False)

    def _free(self, request: Request) -> None:
        self._keep_full_blocks(request, request.num_computed_tokens)
        self.blocks.free(request.live_blocks)
        request.block_table = []

    def _num_missing_blocks(self, request: Request, num_tokens: int) -> int:
        return -(-num_tokens // self._block_size) - len(request.block_table)


def _num_tokens_now(request: Request, batch: Batch, budget: int) -> int:
    num_tokens = min(request.num_tokens - request.num_computed_tokens, budget)
    if request.num_unscored_tokens > 0:
        num_tokens = min(num_tokens, MAX_SCORED_TOKENS - batch.num_scored)
    return num_tokens
