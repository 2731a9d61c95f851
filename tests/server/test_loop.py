"""Between asyncio and the engine's thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from martlet.engine.request import FinishReason, Output, SamplingParams
from martlet.errors import EngineFailed, InvalidParameter, QueueFull
from martlet.server.errors import ClientDisconnected, ServerStopping
from martlet.server.loop import (
    MAX_OFFLOADED,
    MAX_PENDING_OUTPUTS,
    PACE_S,
    Batch,
    EngineLoop,
    Generation,
    Prompt,
)
from martlet.server.metrics import Metrics
from tests.server.fakes import WORD, FakeEngine, failing_at

T = TypeVar("T")


class Gate:
    """Holds the engine before its step until the test lets it go on."""

    def __init__(self) -> None:
        self.reached = threading.Semaphore(0)
        self.opened = threading.Semaphore(0)
        self.is_open = False

    def __call__(self, step: int) -> None:
        self.reached.release()
        if not self.is_open:
            assert self.opened.acquire(timeout=30)

    async def reach(self) -> None:
        assert await asyncio.to_thread(self.reached.acquire, timeout=30)

    def open(self, steps: int = 1) -> None:
        self.opened.release(steps)

    def open_for_good(self) -> None:
        self.is_open = True
        self.opened.release()


def run(
    engine: FakeEngine,
    use: Callable[[EngineLoop], Awaitable[T]],
    *,
    max_in_flight: int = 100,
    pace_s: float = PACE_S,
) -> tuple[T, Metrics]:
    metrics = Metrics("fake", 1000)

    async def main() -> T:
        loop = EngineLoop(engine, metrics, max_in_flight=max_in_flight, pace_s=pace_s)
        loop.start()
        try:
            return await asyncio.wait_for(use(loop), 30)
        finally:
            loop.stop()

    return asyncio.run(main()), metrics


def prompt(max_tokens: int = 3, seed: int | None = None) -> Prompt:
    return Prompt([1, 2], SamplingParams(max_tokens=max_tokens, seed=seed))


async def text(generation: Generation) -> list[str]:
    texts: dict[int, str] = {}
    async for batch in generation:
        for index, output in batch:
            texts[index] = texts.get(index, "") + output.text
    return [texts[index] for index in sorted(texts)]


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.001)


def test_sequences_of_a_request_arrive_together() -> None:
    async def use(loop: EngineLoop) -> list[str]:
        return await text(loop.generate([prompt(3), prompt(5)]))

    texts, metrics = run(FakeEngine(), use)
    assert texts == [WORD * 3, WORD * 5]
    assert metrics.finished["length"] == 2
    assert sum(metrics.time_to_first_token.counts) == 2
    assert sum(metrics.inter_token_latency.counts) == 2 + 4


def test_shortcut_is_offered_what_comes_while_the_reader_waits() -> None:
    offered: list[list[str]] = []

    def take(batch: Batch) -> bool:
        offered.append([output.text for _, output in batch])
        return offered[-1] != ["no"]

    async def use() -> list[str]:
        generation = Generation(["0"], lambda request_id: None)
        generation.shortcut = take

        def arrive(*words: str, finish_reason: FinishReason | None = None) -> None:
            for word in words:
                generation.push(0, Output("0", [1], word, finish_reason=finish_reason))
            generation.hand_over()

        arrive("before")
        seen = [output.text for _, output in await anext(aiter(generation))]
        reader = asyncio.ensure_future(text(generation))
        await asyncio.sleep(0)
        arrive("taken")
        arrive("two", "too")
        arrive("no")
        arrive("behind")
        arrive("end", finish_reason="stop")
        return seen + await reader

    assert asyncio.run(use()) == ["before", "nobehindend"]
    assert offered == [["taken"], ["two", "too"], ["no"]]


def test_outputs_of_fast_steps_go_out_together_and_with_an_end_at_once() -> None:
    async def use(loop: EngineLoop) -> list[list[str]]:
        generations = [loop.generate([prompt(count)]) for count in (6, 4)]
        return await asyncio.gather(*map(batches, generations))

    async def batches(generation: Generation) -> list[str]:
        return ["".join(output.text for _, output in batch) async for batch in generation]

    found, metrics = run(FakeEngine(), use, pace_s=3600)
    assert ["".join(each) for each in found] == [WORD * 6, WORD * 4]
    assert len(found[0]) <= 3  # the first outputs, those up to the other's end, and the rest
    assert len(found[1]) <= 2
    assert sum(metrics.inter_token_latency.counts) == 5 + 3


def test_what_has_arrived_is_read_before_the_error_that_ends_it() -> None:
    gate = Gate()

    async def use(loop: EngineLoop) -> list[str]:
        generation = loop.generate([prompt(9)])
        gate.open(3)
        for _ in range(4):
            await gate.reach()
        loop.refuse(ServerStopping())
        seen = [output.text for _, output in await anext(generation)]
        with pytest.raises(ServerStopping):
            await anext(generation)
        gate.open_for_good()
        return seen

    assert run(FakeEngine(before_step=gate), use, pace_s=3600)[0] == [WORD] * 3


def test_requests_of_one_turn_run_together() -> None:
    engine = FakeEngine()

    async def use(loop: EngineLoop) -> None:
        await asyncio.gather(*(text(loop.generate([prompt()])) for _ in range(20)))

    run(engine, use)
    assert engine.num_steps == 3


def test_engine_sleeps_without_work() -> None:
    engine = FakeEngine()

    async def use(loop: EngineLoop) -> None:
        await text(loop.generate([prompt()]))
        await asyncio.sleep(0.05)

    run(engine, use)
    assert engine.num_steps == 3


def test_refused_request_leaves_others_alone() -> None:
    async def use(loop: EngineLoop) -> list[str]:
        refused, good = loop.generate([prompt(seed=13)]), loop.generate([prompt()])
        with pytest.raises(InvalidParameter, match="13"):
            await text(refused)
        return await text(good)

    assert run(FakeEngine(), use)[0] == [WORD * 3]


def test_close_aborts_within_a_step() -> None:
    gate = Gate()
    engine = FakeEngine(before_step=gate)

    async def use(loop: EngineLoop) -> None:
        generation = loop.generate([prompt(1000)])
        await gate.reach()
        generation.close()
        generation.close()
        gate.open_for_good()
        await until(lambda: engine.aborted == ["0"] and loop.stats.num_running == 0)
        assert loop.num_in_flight == 0

    _, metrics = run(engine, use)
    assert engine.num_steps == 1
    assert metrics.finished["abort"] == 1


def test_disconnect_reaches_the_reader() -> None:
    gate = Gate()

    async def use(loop: EngineLoop) -> None:
        generation = loop.generate([prompt(1000)])
        reader = asyncio.ensure_future(text(generation))
        await gate.reach()
        generation.fail(ClientDisconnected())
        gate.open_for_good()
        with pytest.raises(ClientDisconnected):
            await reader

    run(FakeEngine(before_step=gate), use)


def test_slow_reader_finds_few_outputs() -> None:
    num_tokens = 50 * MAX_PENDING_OUTPUTS

    async def use(loop: EngineLoop) -> list[tuple[int, Output]]:
        generation = loop.generate([prompt(num_tokens)])
        await until(lambda: loop.num_in_flight == 0)
        return [pair async for batch in generation for pair in batch]

    pairs, _ = run(FakeEngine(), use)
    assert len(pairs) == MAX_PENDING_OUTPUTS
    assert "".join(output.text for _, output in pairs) == WORD * num_tokens
    assert sum(len(output.token_ids) for _, output in pairs) == num_tokens
    assert [output.finish_reason for _, output in pairs] == [None] * (MAX_PENDING_OUTPUTS - 1) + ["length"]


def test_full_queue_refuses() -> None:
    gate = Gate()

    async def use(loop: EngineLoop) -> None:
        generation = loop.generate([prompt(), prompt()])
        with pytest.raises(QueueFull):
            loop.generate([prompt(), prompt()])
        third = loop.generate([prompt()])
        gate.open_for_good()
        assert await text(generation) == [WORD * 3] * 2
        assert await text(third) == [WORD * 3]
        assert await text(loop.generate([prompt()] * 3)) == [WORD * 3] * 3

    _, metrics = run(FakeEngine(before_step=gate), use, max_in_flight=3)
    assert metrics.num_rejections == 1


def test_engine_fault_reaches_every_request() -> None:
    failures: list[str] = []

    async def use(loop: EngineLoop) -> None:
        loop.on_failure = lambda: failures.append("exit")
        assert loop.is_healthy
        readers = [text(loop.generate([prompt(1000)])) for _ in range(3)]
        results = await asyncio.gather(*readers, return_exceptions=True)
        assert [type(result) for result in results] == [EngineFailed] * 3
        assert not loop.is_healthy
        with pytest.raises(EngineFailed):
            loop.generate([prompt()])

    _, metrics = run(FakeEngine(before_step=failing_at(3)), use)
    assert failures == ["exit"]
    assert metrics.finished["error"] == 3


def test_offloaded_work_runs_beside_the_event_loop() -> None:
    async def use(loop: EngineLoop) -> None:
        begun, may_end = threading.Event(), threading.Event()

        def work() -> str:
            begun.set()
            assert may_end.wait(30)
            return "done"

        task = asyncio.ensure_future(loop.offload(work))
        await until(begun.is_set)
        may_end.set()
        assert await task == "done"
        with pytest.raises(ZeroDivisionError):
            await loop.offload(lambda: 1 // 0)

    run(FakeEngine(), use)


def test_offloaded_work_is_given_up_when_the_server_stops() -> None:
    may_end = threading.Event()

    async def use(loop: EngineLoop) -> None:
        begun = threading.Event()

        def work() -> None:
            begun.set()
            may_end.wait(30)

        tasks = [asyncio.ensure_future(loop.offload(work)) for _ in range(MAX_OFFLOADED + 1)]
        await until(begun.is_set)
        loop.refuse(ServerStopping())
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(result) for result in results] == [ServerStopping] * len(tasks)

    try:
        run(FakeEngine(), use)
    finally:
        may_end.set()


def test_stop_ends_open_requests() -> None:
    gate = Gate()

    async def use(loop: EngineLoop) -> None:
        reader = asyncio.ensure_future(text(loop.generate([prompt(1000)])))
        await gate.reach()
        gate.open_for_good()
        loop.stop()
        with pytest.raises(ServerStopping):
            await reader
        with pytest.raises(ServerStopping):
            loop.generate([prompt()])

    run(FakeEngine(before_step=gate), use)
