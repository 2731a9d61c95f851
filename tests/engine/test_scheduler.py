"""The scheduler alone: who runs, in what pieces, who gives way. Tokens are made up as they are committed."""

from __future__ import annotations

import random

import pytest

from martlet.engine.blocks import BlockPool
from martlet.engine.config import EngineConfig
from martlet.engine.request import Request, SamplingParams
from martlet.engine.scheduler import Batch, Scheduler
from martlet.errors import InvalidParameter, PromptTooLong


def new_scheduler(
    num_blocks: int = 64, max_model_len: int = 64, max_num_seqs: int = 8, max_num_batched_tokens: int = 64
) -> Scheduler:
    config = EngineConfig(
        max_num_seqs=max_num_seqs, max_num_batched_tokens=max_num_batched_tokens, block_size=4
    )
    return Scheduler(config, BlockPool(num_blocks), max_model_len)


def new_request(request_id: str, num_prompt_tokens: int, max_tokens: int = 100) -> Request:
    """A request whose prompt begins like no other's."""
    tokens = [*request_id.encode(), *range(num_prompt_tokens)][:num_prompt_tokens]
    return Request(request_id, tokens, num_prompt_tokens, SamplingParams(max_tokens=max_tokens))


def step(scheduler: Scheduler) -> Batch:
    """Schedule and commit; finish the requests that are long enough."""
    batch = scheduler.schedule()
    scheduler.check_invariants()
    scheduler.commit(batch)
    for request in batch.sampled:
        request.append(7)
    for request in batch.sampled:
        is_full = request.num_tokens == scheduler.max_model_len
        if is_full or request.num_output_tokens == request.params.max_tokens:
            scheduler.remove(request.request_id)
    scheduler.check_invariants()
    return batch


def tokens_by_id(batch: Batch) -> dict[str, int]:
    return {request.request_id: num_tokens for request, num_tokens in batch.scheduled}


def test_prompts_and_decodes_share_a_step() -> None:
    scheduler = new_scheduler()
    scheduler.add(new_request("a", 5))
    assert tokens_by_id(step(scheduler)) == {"a": 5}
    scheduler.add(new_request("b", 9))
    batch = step(scheduler)
    assert tokens_by_id(batch) == {"a": 1, "b": 9}
    assert [request.request_id for request in batch.sampled] == ["a", "b"]
    assert tokens_by_id(step(scheduler)) == {"a": 1, "b": 1}


def test_long_prompt_runs_in_chunks_beside_decodes() -> None:
    scheduler = new_scheduler(max_num_batched_tokens=10)
    scheduler.add(new_request("a", 3))
    step(scheduler)
    scheduler.add(new_request("b", 25))
    batches = [step(scheduler) for _ in range(4)]
    assert [tokens_by_id(batch) for batch in batches] == [
        {"a": 1, "b": 9},
        {"a": 1, "b": 9},
        {"a": 1, "b": 7},
        {"a": 1, "b": 1},
    ]
    assert [len(batch.sampled) for batch in batches] == [1, 1, 2, 2]


def test_requests_are_admitted_first_come_first_served() -> None:
    scheduler = new_scheduler(max_num_seqs=2)
    for name in "abc":
        scheduler.add(new_request(name, 2, max_tokens=2))
    assert list(tokens_by_id(step(scheduler))) == ["a", "b"]
    assert list(tokens_by_id(step(scheduler))) == ["a", "b"]
    assert list(tokens_by_id(step(scheduler))) == ["c"]


def test_request_waits_until_all_its_tokens_fit() -> None:
    scheduler = new_scheduler(num_blocks=8, max_model_len=32, max_num_batched_tokens=8)
    scheduler.add(new_request("a", 8, max_tokens=2))
    step(scheduler)
    scheduler.add(new_request("b", 24))  # 6 blocks are missing, 5 are free once "a" has its third
    assert tokens_by_id(step(scheduler)) == {"a": 1}
    assert tokens_by_id(step(scheduler)) == {"b": 8}


def test_last_running_is_preempted_and_recomputed() -> None:
    scheduler = new_scheduler(num_blocks=4, max_model_len=16)
    scheduler.add(new_request("a", 7))
    scheduler.add(new_request("b", 8))
    assert tokens_by_id(step(scheduler)) == {"a": 7, "b": 8}
    # "a" still has room for one token; "b" needs a third block and is the last running: it is its own victim.
    assert tokens_by_id(step(scheduler)) == {"a": 1}
    assert list(scheduler.waiting) == ["b"]
    victim = scheduler.waiting["b"]
    assert (victim.num_computed_tokens, victim.num_tokens, victim.num_preemptions) == (0, 9, 1)
    assert scheduler.num_preemptions == 1
    while "a" in scheduler.running:
        assert tokens_by_id(step(scheduler)) == {"a": 1}
    assert tokens_by_id(step(scheduler)) == {"b": 9}  # its output so far is computed again with the prompt


def test_victim_finds_what_is_left_of_its_blocks() -> None:
    scheduler = new_scheduler(num_blocks=6, max_model_len=24)
    scheduler.add(new_request("a", 7))
    scheduler.add(new_request("b", 15))
    step(scheduler)
    step(scheduler)
    assert tokens_by_id(step(scheduler)) == {"a": 1}  # takes the last of the victim's blocks
    assert scheduler.waiting["b"].num_tokens == 17
    assert scheduler.remove("a") is not None
    assert tokens_by_id(step(scheduler)) == {"b": 5}
    assert scheduler.num_prefix_hits == 0  # these count when a request first runs


def test_victims_return_in_their_order() -> None:
    scheduler = new_scheduler(num_blocks=6, max_model_len=24)
    for name in "abc":
        scheduler.add(new_request(name, 7))
    scheduler.add(new_request("d", 4))
    step(scheduler)
    while len(scheduler.running) > 1:
        step(scheduler)
    assert list(scheduler.running) == ["a"]
    assert list(scheduler.waiting) == ["b", "c", "d"]


def test_prompt_of_whole_context_is_refused() -> None:
    scheduler = new_scheduler(max_model_len=16)
    with pytest.raises(PromptTooLong) as caught:
        scheduler.add(new_request("a", 16))
    assert (caught.value.num_tokens, caught.value.limit) == (16, 16)
    scheduler.add(new_request("b", 15))
    assert tokens_by_id(step(scheduler)) == {"b": 15}
    assert not scheduler.has_work


def test_remove_while_waiting_leaves_queue() -> None:
    scheduler = new_scheduler(max_num_seqs=1)
    for name in "abc":
        scheduler.add(new_request(name, 4, max_tokens=1))
    assert scheduler.remove("b") is not None
    assert scheduler.remove("b") is None
    assert [list(tokens_by_id(step(scheduler))) for _ in range(2)] == [["a"], ["c"]]


def test_remove_mid_prompt_frees_blocks() -> None:
    scheduler = new_scheduler(max_num_batched_tokens=8)
    scheduler.add(new_request("a", 40))
    step(scheduler)
    assert scheduler.blocks.num_used == 2
    assert scheduler.remove("a") is not None
    scheduler.check_invariants()
    assert scheduler.blocks.num_used == 0
    assert not scheduler.has_work


def test_uncommitted_batch_is_scheduled_again() -> None:
    scheduler = new_scheduler()
    scheduler.add(new_request("a", 6))
    lost = scheduler.schedule()
    scheduler.check_invariants()
    assert tokens_by_id(scheduler.schedule()) == tokens_by_id(lost) == {"a": 6}
    scheduler.check_invariants()


def test_config_refuses_budget_below_sequences() -> None:
    with pytest.raises(InvalidParameter, match="max_num_batched_tokens"):
        EngineConfig(max_num_seqs=8, max_num_batched_tokens=7)
    with pytest.raises(InvalidParameter, match="max_num_seqs: must be at least 1, got 0"):
        EngineConfig(max_num_seqs=0)


@pytest.mark.parametrize("seed", range(40))
def test_random_traffic_keeps_invariants(seed: int) -> None:
    rng = random.Random(seed)
    max_model_len = rng.choice([8, 17, 32])
    max_num_seqs = rng.randint(1, 6)
    scheduler = new_scheduler(
        num_blocks=-(-max_model_len // 4) + rng.randint(0, 6),
        max_model_len=max_model_len,
        max_num_seqs=max_num_seqs,
        max_num_batched_tokens=max_num_seqs + rng.randint(0, 12),
    )
    live: dict[str, Request] = {}
    num_added = num_steps = 0
    while num_added < 30 or scheduler.has_work:
        if num_added < 30 and rng.random() < 0.5:
            request = new_request(f"r{num_added}", rng.randint(1, max_model_len - 1), rng.randint(1, 20))
            scheduler.add(request)
            live[request.request_id] = request
            num_added += 1
        if live and rng.random() < 0.05:
            del_id = rng.choice(list(live))
            assert scheduler.remove(del_id) is live.pop(del_id)
            scheduler.check_invariants()
        oldest = next(iter(live), None)
        batch = step(scheduler)
        assert batch.num_tokens <= max_num_seqs + 12
        assert oldest is None or oldest in tokens_by_id(batch)  # whoever came first always advances
        live = {id: request for id, request in live.items() if id in scheduler.running | scheduler.waiting}
        num_steps += 1
        assert num_steps < 5000
    assert scheduler.blocks.num_used == 0
