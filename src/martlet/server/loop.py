"""asyncio on one side, the engine's thread on the other. Nothing else in Martlet knows of both.

Commands go to the thread through a queue; outputs come back with one `call_soon_threadsafe`, those of steps
that follow each other fast together. The thread sleeps on the queue while the engine has no work.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from martlet.engine.pooling import PoolingParams
from martlet.engine.request import Output, SamplingParams
from martlet.errors import EngineFailed, QueueFull
from martlet.server.errors import ServerStopping
from martlet.server.metrics import Metrics

if TYPE_CHECKING:
    from martlet.engine.engine import Stats
    from martlet.engine.lora import LoRAAdapter

logger = logging.getLogger("martlet.server")

Batch = list[tuple[int, Output]]
"""Which sequence of the request, and what it brought."""

MAX_PENDING_OUTPUTS = 128
"""Per sequence: from there on, outputs that nobody has taken yet are merged."""

PACE_S = 0.002
"""Outputs wait so long at most, so that steps that take less share a way to the clients, who cannot tell."""
MAX_STEPS_AT_ONCE = 32
"""Of which the outputs of a sequence go to its client together: fewer than are merged."""

MAX_OFFLOADED = 8
"""Bodies that are translated in threads at the same time."""

T = TypeVar("T")


class StepEngine(Protocol):
    """What the loop needs of an engine. `abort` of an unknown request does nothing."""

    @property
    def has_work(self) -> bool: ...
    def add(
        self,
        request_id: str,
        prompt_token_ids: Sequence[int],
        params: Any,  # of the engine's own kind
        *,
        cache_salt: str | None = None,
    ) -> None: ...
    def abort(self, request_id: str) -> bool: ...
    def step(self) -> Sequence[Output]: ...
    def stats(self) -> Stats: ...


@dataclass(frozen=True, slots=True)
class Prompt:
    """One sequence to continue, or to pool."""

    token_ids: list[int]
    params: SamplingParams | PoolingParams
    cache_salt: str | None = None
    lora: LoRAAdapter | None = None

    @property
    def options(self) -> dict[str, Any]:
        """What `add` of an engine is to know beside tokens and parameters."""
        return {"cache_salt": self.cache_salt} | ({} if self.lora is None else {"lora": self.lora})

    @property
    def max_tokens(self) -> int:
        """Tokens that may be generated."""
        return self.params.max_tokens if isinstance(self.params, SamplingParams) else 0


@dataclass(slots=True)
class Timeline:
    """When what happened to one sequence, by `time.monotonic()`; 0 is not yet."""

    index: int
    """Among those of its request."""
    num_prompt_tokens: int
    max_tokens: int
    arrival_s: float
    num_output_tokens: int = 0
    num_cached_tokens: int = 0
    scheduled_s: float = 0.0
    first_token_s: float = 0.0
    last_token_s: float = 0.0
    end_s: float = 0.0
    finish_reason: str = ""


@dataclass(slots=True)
class _Sequence(Timeline):
    generation: Generation = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class _Step:
    """What a step of the engine brought."""

    outputs: Sequence[Output]
    rejected: Sequence[tuple[str, BaseException]]
    """Requests that it did not take, and why."""
    end_s: float
    """By `time.monotonic()`."""


class Generation:
    """The sequences of one HTTP request while the engine works on them.

    Iterating yields what has arrived since the last look. When a slow reader leaves too many outputs waiting,
    further ones are merged into them. `close()` aborts what is unfinished.
    """

    def __init__(self, request_ids: Sequence[str], abort: Callable[[str], None]) -> None:
        self._request_ids = request_ids
        self._abort = abort
        self._open = set(range(len(request_ids)))
        self._pending: Batch = []
        self._max_pending = MAX_PENDING_OUTPUTS * len(request_ids)
        self._longest = 0
        self._has_end = False
        self._error: BaseException | None = None
        self._waiter: asyncio.Future[None] | None = None
        self.on_end: Callable[[Timeline], object] | None = None
        """Called for each sequence when it has ended, in whatever way."""
        self.shortcut: Callable[[Batch], bool] | None = None
        """Offered what comes while the reader waits, but for ends; false leaves it to the reader."""

    def __aiter__(self) -> Generation:
        return self

    async def __anext__(self) -> Batch:
        while not self._pending:
            if self._error is not None:
                raise self._error
            if not self._open:
                raise StopAsyncIteration
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self._take_pending()

    def _take_pending(self) -> Batch:
        batch, self._pending, self._has_end = self._pending, [], False
        return batch

    def note_length(self, num_tokens: int) -> int | None:
        """Take the length of a sequence that ends. Return the longest once all but this one have ended."""
        self._longest = max(self._longest, num_tokens)
        return self._longest if len(self._open) == 1 else None

    def push(self, index: int, output: Output) -> None:
        """Add an output to what `hand_over` passes on."""
        if len(self._pending) < self._max_pending:
            self._pending.append((index, output))
        else:
            self._merge_into_last(index, output)
        if output.finish_reason is not None:
            self._open.discard(index)
            self._has_end = True

    def hand_over(self) -> None:
        """Let the shortcut, or else the reader, have what was pushed."""
        if self.shortcut is not None and self._pending and not self._has_end and self._is_awaited:
            if self.shortcut(self._pending):
                self._pending = []
                return
        self._wake()

    def _merge_into_last(self, index: int, output: Output) -> None:
        for position in range(len(self._pending) - 1, -1, -1):
            if self._pending[position][0] == index:
                self._pending[position] = (index, self._pending[position][1].followed_by(output))
                return
        self._pending.append((index, output))

    def fail(self, error: BaseException) -> None:
        """Abort what is unfinished; the reader gets `error` after what has already arrived."""
        if self._open and self._error is None:
            self._error = error
            self.close()
            self._wake()

    def close(self) -> None:
        for index in self._open:
            self._abort(self._request_ids[index])
        self._open.clear()

    @property
    def _is_awaited(self) -> bool:
        return self._waiter is not None and not self._waiter.done()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _settle(loop: asyncio.AbstractEventLoop, future: asyncio.Future[T], function: Callable[[], T]) -> None:
    """Give `future`, from another thread, what `function` brings."""
    try:
        settle = partial(_set_result, future, function())
    except Exception as error:  # noqa: BLE001  # whoever awaits the future raises it
        settle = partial(_set_exception, future, error)
    with suppress(RuntimeError):  # the event loop has closed meanwhile
        loop.call_soon_threadsafe(settle)


def _set_result(future: asyncio.Future[T], result: T) -> None:
    if not future.done():
        future.set_result(result)


def _set_exception(future: asyncio.Future[T], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)


class EngineLoop:
    """Drives an engine in a thread of its own. All methods belong to the event loop's thread."""

    def __init__(
        self, engine: StepEngine, metrics: Metrics, *, max_in_flight: int, pace_s: float = PACE_S
    ) -> None:
        """Refuse requests beyond `max_in_flight` sequences, running or waiting."""
        self._engine = engine
        self._metrics = metrics
        self.max_in_flight = max_in_flight
        self._sequences: dict[str, _Sequence] = {}
        self._commands: queue.SimpleQueue[list[Callable[[], object]] | None] = queue.SimpleQueue()
        self._outbox: list[Callable[[], object]] = []
        """New requests go to the thread together, when all that is ready in the event loop had its turn."""
        self._rejected: list[tuple[str, BaseException]] = []
        self._arrived: deque[_Step] = deque()
        self._is_awaiting_delivery = False
        """Whether the event loop knows that something has arrived."""
        self._delivered_s = -pace_s
        self._pace_s = pace_s
        self._delivery: asyncio.TimerHandle | None = None
        self._ids = itertools.count()
        self._stats = engine.stats()
        self._failure: BaseException | None = None
        self._stopping = False
        self._offload_slots = asyncio.Semaphore(MAX_OFFLOADED)
        self._offloaded: set[asyncio.Future[Any]] = set()
        self._thread = threading.Thread(target=self._run, name="martlet-engine", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.on_failure: Callable[[], object] | None = None
        """Called once if the engine dies."""
        self.on_start: list[Callable[[], object]] = []
        """Called when the loop starts: work that nobody waits for may begin."""
        self.on_stop: list[Callable[[], object]] = []
        """Called when the server is told to stop: such work ends."""

    @property
    def stats(self) -> Stats:
        """The engine's figures as of its last step."""
        return self._stats

    @property
    def num_in_flight(self) -> int:
        return len(self._sequences)

    @property
    def is_healthy(self) -> bool:
        return self._failure is None and self._thread.is_alive() and not self._stopping

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread.start()
        for begin in self.on_start:
            begin()

    async def offload(self, function: Callable[[], T]) -> T:
        """Run in a thread what would hold up the event loop. Raises ServerStopping once the server stops."""
        async with self._offload_slots:
            if self._stopping:
                raise ServerStopping
            loop = asyncio.get_running_loop()
            future: asyncio.Future[T] = loop.create_future()
            self._offloaded.add(future)
            # A daemon: asyncio's own threads would hold up the end of the process.
            threading.Thread(target=_settle, args=(loop, future, function), daemon=True).start()
            try:
                return await future
            finally:
                self._offloaded.discard(future)

    def end_background_work(self) -> None:
        """Keep on answering, and begin nothing that nobody waits for."""
        for end in self.on_stop:
            end()

    def stop(self, join_timeout_s: float = 0.5) -> None:
        """End every open request and the thread; a step that takes longer is left to end by itself."""
        self.refuse(ServerStopping())
        self._send_commands()
        self._commands.put(None)
        if self._thread.is_alive():
            self._thread.join(join_timeout_s)

    def refuse(self, error: BaseException) -> None:
        """Fail the open requests, and take no more."""
        self._stopping = True
        self._deliver()
        for generation in {sequence.generation for sequence in self._sequences.values()}:
            generation.fail(error)
        for future in self._offloaded:
            _set_exception(future, error)

    def generate(self, prompts: Sequence[Prompt]) -> Generation:
        """Start the sequences of one request.

        Raises QueueFull, ServerStopping and EngineFailed.
        """
        if self._failure is not None:
            raise EngineFailed("the engine has failed: the server is about to exit")
        if self._stopping:
            raise ServerStopping
        if len(self._sequences) + len(prompts) > self.max_in_flight:
            self._metrics.num_rejections += 1
            raise QueueFull(self.max_in_flight)
        request_ids = [str(next(self._ids)) for _ in prompts]
        generation = Generation(request_ids, self._abort)
        now = time.monotonic()
        for index, (request_id, prompt) in enumerate(zip(request_ids, prompts, strict=True)):
            self._sequences[request_id] = _Sequence(
                index, len(prompt.token_ids), prompt.max_tokens, now, generation=generation
            )
            self._outbox.append(partial(self._add, request_id, prompt))
        if len(self._outbox) == len(prompts):
            asyncio.get_running_loop().call_soon(self._send_commands)
        return generation

    def _abort(self, request_id: str) -> None:
        sequence = self._sequences.pop(request_id, None)
        if sequence is not None:
            reason = "abort" if self._failure is None else "error"
            self._metrics.finish(reason)
            self._outbox.append(partial(self._engine.abort, request_id))
            self._send_commands()  # at once: its blocks are to be free after this step
            self._tell_end(sequence, reason, time.monotonic())

    def _send_commands(self) -> None:
        if self._outbox:
            commands, self._outbox = self._outbox, []
            self._commands.put(commands)

    def _deliver_soon(self) -> None:
        """Deliver what has arrived, but not too soon after the last time."""
        wait_s = self._delivered_s + self._pace_s - time.monotonic()
        if wait_s <= 0:
            self._deliver()
        elif self._delivery is None:
            assert self._loop is not None
            self._delivery = self._loop.call_later(wait_s, self._deliver)

    def _deliver(self) -> None:
        if self._delivery is not None:
            self._delivery.cancel()
            self._delivery = None
        # Before a look at what there is: for what comes behind that look it will be called again.
        self._is_awaiting_delivery = False
        for first in range(0, num_steps := len(self._arrived), MAX_STEPS_AT_ONCE):
            self._deliver_steps(min(MAX_STEPS_AT_ONCE, num_steps - first))
        if num_steps:
            self._delivered_s = time.monotonic()

    def _deliver_steps(self, count: int) -> None:
        changed: dict[Generation, None] = {}
        for _ in range(count):
            step = self._arrived.popleft()
            self._take(step, changed)
            for request_id, error in step.rejected:
                refused = self._sequences.get(request_id)
                if refused is not None:
                    refused.generation.fail(error)
        for generation in changed:
            try:
                generation.hand_over()
            except Exception as bug:  # noqa: BLE001  # its reader must hear of it, or it would wait for ever
                generation.fail(bug)

    def _take(self, step: _Step, changed: dict[Generation, None]) -> None:
        """Count what a step brought and give it to the sequences that are still here."""
        now, sequences = step.end_s, self._sequences
        since: dict[float, int] = {}  # when sequences got their last tokens, and how many then
        for output in step.outputs:
            sequence = sequences.get(output.request_id)
            if sequence is None:
                continue  # aborted while the step ran
            generation = sequence.generation
            try:
                if num_tokens := len(output.token_ids):
                    if sequence.num_output_tokens > 0:
                        since[sequence.last_token_s] = since.get(sequence.last_token_s, 0) + 1
                    else:
                        sequence.first_token_s = now
                        self._metrics.time_to_first_token.observe(now - sequence.arrival_s)
                    sequence.last_token_s = now
                    sequence.num_output_tokens += num_tokens
                if output.finish_reason is not None:
                    self._end(sequence, output, now)
                generation.push(sequence.index, output)
                changed[generation] = None
            except Exception as bug:  # noqa: BLE001  # its reader must hear of it, or it would wait for ever
                generation.fail(bug)
        for last_s, number in since.items():
            self._metrics.inter_token_latency.observe(now - last_s, number)

    def _end(self, sequence: _Sequence, output: Output, now: float) -> None:
        self._observe_end(sequence, output, now)
        del self._sequences[output.request_id]
        if output.finish_reason == "error":
            raise EngineFailed("the engine failed on this request")

    def _observe_end(self, sequence: _Sequence, output: Output, now: float) -> None:
        metrics, num_tokens = self._metrics, sequence.num_output_tokens
        assert output.finish_reason is not None
        metrics.finish(output.finish_reason)
        metrics.e2e_request_latency.observe(now - sequence.arrival_s)
        metrics.request_prompt_tokens.observe(sequence.num_prompt_tokens)
        metrics.request_generation_tokens.observe(num_tokens)
        metrics.request_params_max_tokens.observe(sequence.max_tokens)
        metrics.request_num_preemptions.observe(output.num_preemptions)
        if num_tokens > 0:
            metrics.request_prefill_kv_computed_tokens.observe(
                sequence.num_prompt_tokens - output.num_cached_tokens
            )
            metrics.request_queue_time.observe(output.scheduled_s - sequence.arrival_s)
            metrics.request_prefill_time.observe(sequence.first_token_s - output.scheduled_s)
            metrics.request_inference_time.observe(sequence.last_token_s - output.scheduled_s)
            decode_s = sequence.last_token_s - sequence.first_token_s
            metrics.request_decode_time.observe(decode_s)
            if num_tokens > 1:
                metrics.time_per_output_token.observe(decode_s / (num_tokens - 1))
        longest = sequence.generation.note_length(num_tokens)
        if longest is not None:
            metrics.request_max_num_generation_tokens.observe(longest)
        sequence.scheduled_s, sequence.num_cached_tokens = output.scheduled_s, output.num_cached_tokens
        self._tell_end(sequence, output.finish_reason, now)

    def _tell_end(self, sequence: _Sequence, reason: str, now: float) -> None:
        sequence.end_s, sequence.finish_reason = now, reason
        if sequence.generation.on_end is not None:
            sequence.generation.on_end(sequence)

    def _engine_failed(self, error: BaseException) -> None:
        self._failure = error
        logger.error("the engine failed", exc_info=error)
        self.refuse(EngineFailed("the engine failed while it worked on this request"))
        if self.on_failure is not None:
            self.on_failure()

    # --- the engine's thread ---------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while self._apply_commands():
                outputs = self._step()
                if outputs or self._rejected:
                    rejected, self._rejected = self._rejected, []
                    self._pass_on(_Step(outputs, rejected, time.monotonic()))
        except BaseException as error:  # noqa: BLE001  # whatever it is, every open request must hear of it
            self._call(self._engine_failed, error)

    def _step(self) -> Sequence[Output]:
        has_work = self._engine.has_work
        outputs = self._engine.step() if has_work else []
        self._stats = self._engine.stats()
        if has_work:
            self._metrics.iteration_tokens.observe(self._stats.last_step_tokens)
        return outputs

    def _pass_on(self, step: _Step) -> None:
        """Ends go out at once; the rest may wait a little for the outputs of further steps."""
        self._arrived.append(step)
        if step.rejected or any([output.finish_reason is not None for output in step.outputs]):
            self._call(self._deliver)
        elif not self._is_awaiting_delivery:
            self._is_awaiting_delivery = True
            self._call(self._deliver_soon)

    def _apply_commands(self) -> bool:
        """Apply what has been asked for, sleeping until then if there is no work; False ends the thread."""
        wait = not self._engine.has_work
        while True:
            try:
                commands = self._commands.get(block=wait)
            except queue.Empty:
                return True
            if commands is None:
                return False
            for command in commands:
                command()
            wait = False

    def _add(self, request_id: str, prompt: Prompt) -> None:
        try:
            self._engine.add(request_id, prompt.token_ids, prompt.params, **prompt.options)
        except Exception as error:  # noqa: BLE001  # one request's trouble, told to that request alone
            self._rejected.append((request_id, error))

    def _call(self, function: Callable[..., None], *args: Any) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(function, *args)
        except RuntimeError:
            # The event loop closed while a step ran: nobody is left to tell.
            self._commands.put(None)
