"""How many connections are opened while calls wait: on a clock that runs only while nothing else does."""

from __future__ import annotations

import asyncio
import random
import selectors
import socket
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest

from martlet import errors
from martlet.client.transport import AsyncHTTPTransport, Origin, pool
from martlet.client.transport.aio import Connection, LoopPool
from martlet.client.transport.base import Timeouts
from martlet.client.transport.reach import Way
from tests.client.transport.peer import PATIENCE_S, Link, Peer, post

ORIGIN = Origin("http", "server", 80)
FOREVER = float("inf")
_NO_TIMEOUTS = Timeouts()


class _NoWait(selectors.DefaultSelector):
    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        assert timeout is not None, "everything waits, and no timer will ever wake it"
        self.now += timeout
        assert self.now < 200.0, "somebody waits for ever"
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Jumps to its next timer at once. Where nothing is left to happen, it fails instead of hanging."""

    def __init__(self) -> None:
        self._clock = _NoWait()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


class Wire:
    """Stands for a connection."""

    origin = ORIGIN
    idle_since = 0.0
    is_lost = False

    def __init__(self, home: Pool) -> None:
        self.home = home

    def is_usable(self) -> bool:
        return True

    def abort(self) -> None:
        if not self.is_lost:
            self.is_lost = True
            self.home.forget(cast(Connection, self))


Dial = Callable[[], Coroutine[Any, Any, None]]


class Pool(LoopPool):
    """Opens `Wire`s by awaiting `dial`."""

    def __init__(self, dial: Dial, *, max_connections: int = pool.MAX_CONNECTIONS) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(loop, max_connections, pool.KEEP_ALIVE_S, ends_with_loop=False)
        self._dial = dial
        self.num_dialled = 0
        self.most_open = 0

    async def _connect(self, origin: Origin, *_: object) -> Connection:
        self.num_dialled += 1
        await self._dial()
        wire = cast(Connection, Wire(self))
        self._open.add(wire)
        self.most_open = max(self.most_open, len(self._open))
        return wire

    async def get(self, timeouts: Timeouts = _NO_TIMEOUTS, total_deadline: float = FOREVER) -> Connection:
        return self.take(ORIGIN) or await self.open(ORIGIN, timeouts, total_deadline, Way())

    async def call(self, answer_s: float, **options: Any) -> float:
        """One call; when it was on its way."""
        wire = await self.get(**options)
        began = self.loop.time()
        try:
            await asyncio.sleep(answer_s)
        except BaseException:
            wire.abort()
            raise
        self.put(wire)
        return began


def run(main: Coroutine[Any, Any, Any]) -> Any:
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(main)
    finally:
        loop.close()


def taking(seconds: float) -> Dial:
    async def dial() -> None:
        await asyncio.sleep(seconds)

    return dial


# --- what the rule is for


def test_fast_server_is_served_by_few_connections() -> None:
    async def main() -> None:
        home = Pool(taking(0.0001))
        await asyncio.gather(*[home.call(0.0005) for _ in range(4000)])
        assert home.num_dialled <= pool.FIRST_BATCH + 20

    run(main())


@pytest.mark.parametrize("dial_s", [0.0, 0.001, 0.1])
def test_slow_server_has_all_calls_within_a_moment(dial_s: float) -> None:
    async def main() -> None:
        home = Pool(taking(dial_s))
        began = await asyncio.gather(*[home.call(30.0) for _ in range(1000)])
        assert home.num_dialled == 1000
        assert max(began) <= dial_s + 0.05

    run(main())


def test_a_few_calls_never_wait() -> None:
    async def main() -> None:
        home = Pool(taking(0.1))
        for _ in range(3):
            began = await asyncio.gather(*[home.call(30.0) for _ in range(pool.FIRST_BATCH)])
            assert max(began) - min(began) == 0.0
            assert home.num_dialled == pool.FIRST_BATCH
            await asyncio.sleep(pool.KEEP_ALIVE_S)
            home.retire(ORIGIN)
            home.num_dialled = 0

    run(main())


def test_slow_calls_do_not_hold_up_the_others() -> None:
    """Some answers take a minute: the calls behind them are sent all the same."""

    async def main() -> None:
        home = Pool(taking(0.001))
        began = await asyncio.gather(*[home.call(60.0 if num % 2 else 0.01) for num in range(500)])
        assert max(began) <= 0.1

    run(main())


def test_those_that_go_on_calling_get_a_connection_each() -> None:
    async def main() -> None:
        home = Pool(taking(0.0001))

        async def worker() -> None:
            while home.loop.time() < 2.0:
                await home.call(0.002)

        await asyncio.gather(*[worker() for _ in range(200)])
        assert home.num_dialled == 200

    run(main())


def test_calls_are_served_in_their_order() -> None:
    async def main() -> None:
        home = Pool(taking(0.001))
        began = await asyncio.gather(*[home.call(0.01) for _ in range(1000)])
        assert began == sorted(began)

    run(main())


# --- what must hold


def test_every_call_hears_that_the_server_is_down() -> None:
    async def refuse() -> None:
        await asyncio.sleep(0.0001)
        raise errors.ConnectError("refused")

    async def main() -> None:
        home = Pool(refuse)
        ended = await asyncio.gather(*[home.call(0.0) for _ in range(1000)], return_exceptions=True)
        assert all(isinstance(error, errors.ConnectError) for error in ended)
        assert len({id(error) for error in ended}) == 1000
        assert home._queues[ORIGIN].shelf.num_open == 0

    run(main())


def test_pool_clock_has_a_call_open_a_connection_while_it_may() -> None:
    async def main() -> None:
        home = Pool(taking(0.0001))
        timeouts = Timeouts(pool=0.02)
        await asyncio.gather(*[home.call(0.001, timeouts=timeouts) for _ in range(4000)])

    run(main())


def test_pool_clock_ends_the_wait_where_the_limit_is_reached() -> None:
    async def main() -> None:
        home = Pool(taking(0.0), max_connections=1)
        holder = asyncio.ensure_future(home.call(10.0))
        await asyncio.sleep(0)
        for seconds in (1.0, 0.5):
            with pytest.raises(errors.PoolTimeout, match=r"all 1 connections .*pool=" + f"{seconds:g} s"):
                await home.call(0.0, timeouts=Timeouts(pool=seconds))
        assert home.loop.time() == pytest.approx(1.5, abs=0.01)
        await holder

    run(main())


def test_deadlines_end_waits_in_any_order() -> None:
    async def main() -> None:
        home = Pool(taking(0.0), max_connections=1)
        holder = asyncio.ensure_future(home.call(10.0))
        await asyncio.sleep(0)
        ended_at: dict[float, float] = {}

        async def wait(deadline: float) -> None:
            with pytest.raises(errors.PoolTimeout, match=r"total="):
                await home.call(0.0, timeouts=Timeouts(total=1.0), total_deadline=deadline)
            ended_at[deadline] = home.loop.time()

        deadlines = [random.Random(0).uniform(0.01, 5.0) for _ in range(200)]
        await asyncio.gather(*[wait(deadline) for deadline in deadlines])
        assert all(abs(at - deadline) <= 0.01 for deadline, at in ended_at.items())
        assert await holder == 0.0

    run(main())


@pytest.mark.parametrize("then", ["passed on", "lost"])
def test_call_cancelled_with_a_connection_in_hand_lets_go_of_it(then: str) -> None:
    async def main() -> None:
        home = Pool(taking(0.0), max_connections=1)
        wire = await home.get()
        first, second = (asyncio.ensure_future(home.get()) for _ in range(2))
        await asyncio.sleep(0.001)
        home.put(wire)
        first.cancel()
        if then == "lost":
            wire.abort()
        got = await second
        assert (got is wire) == (then == "passed on")
        with pytest.raises(asyncio.CancelledError):
            await first
        home.put(got)
        assert home._queues[ORIGIN].shelf.idle == [got]

    run(main())


@pytest.mark.parametrize("seed", range(150))
def test_no_call_is_forgotten_whatever_happens(seed: int) -> None:
    """Servers of any speed, dials that fail, connections that break, calls that are cancelled."""
    chance = random.Random(seed)
    limit = chance.choice([1, 3, 40, pool.MAX_CONNECTIONS])
    longest_answer_s = chance.choice([0.0001, 0.002, 0.05, 1.0])
    longest_dial_s = chance.choice([0.0, 0.0005, 0.02, 0.2])
    failing, breaking, cancelled = (chance.choice([0.0, 0.1, 0.6]) for _ in range(3))
    spread_s = chance.choice([0.0, 0.001, 0.1, 2.0])

    async def dial() -> None:
        await asyncio.sleep(chance.uniform(0, longest_dial_s))
        if chance.random() < failing:
            raise errors.ConnectError("refused")

    async def main() -> None:
        home = Pool(dial, max_connections=limit)

        async def call() -> None:
            await asyncio.sleep(chance.uniform(0, spread_s))
            timeouts = Timeouts(pool=chance.choice([None, 600.0, 0.05]))
            wire = await home.get(timeouts)
            if chance.random() < breaking:
                wire.abort()
                return
            try:
                await asyncio.sleep(chance.uniform(0, longest_answer_s))
            except BaseException:
                wire.abort()
                raise
            home.put(wire)
            if chance.random() < cancelled:  # somebody who may have been given it just now
                min((task for task in calls if not task.done()), key=calls.index).cancel()

        calls = [asyncio.ensure_future(call()) for _ in range(chance.choice([5, 80, 400]))]
        for task in calls:
            if chance.random() < cancelled:
                home.loop.call_later(chance.uniform(0, spread_s + 0.05), task.cancel)
        ended = await asyncio.gather(*calls, return_exceptions=True)
        allowed = (errors.ConnectError, errors.PoolTimeout, asyncio.CancelledError, type(None))
        assert all(isinstance(end, allowed) for end in ended)
        shelf = home._queues[ORIGIN].shelf
        assert home.most_open <= limit
        assert not shelf.waiters
        assert shelf.num_opening == 0
        assert shelf.num_open == len(home._open) == len(shelf.idle)
        home.close()
        assert shelf.num_open == 0

    run(main())


# --- on sockets


@pytest.mark.parametrize("new_loop", ["asyncio", "uvloop"])
def test_burst_with_cancels_and_lost_connections_ends_clean(
    new_loop: str, listen: Callable[..., Peer]
) -> None:
    def moody(link: Link) -> None:
        chance = random.Random(link.number)
        while link.read_request():
            mood = chance.random()
            if mood < 0.05:
                link.reset()
                return
            link.send(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n")
            link.send(b"\r\nhi" if mood < 0.9 else b"connection: close\r\n\r\nhi")

    peer = listen(moody)

    async def main() -> None:
        chance = random.Random(1)
        transport = AsyncHTTPTransport()

        async def call() -> bytes:
            return await (await transport.send(post(peer.origin))).read()

        calls = [asyncio.ensure_future(call()) for _ in range(600)]
        for task in calls:
            if chance.random() < 0.2:
                asyncio.get_running_loop().call_later(chance.uniform(0, 0.1), task.cancel)
        ended = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), PATIENCE_S)
        assert {type(end) for end in ended} <= {bytes, errors.ConnectionLost, asyncio.CancelledError}
        assert sum(end == b"hi" for end in ended) > 300
        (home,) = transport._pools.values()
        shelf = home._queues[peer.origin].shelf
        assert shelf.num_open == len(home._open) == len(shelf.idle)
        await transport.aclose()
        assert shelf.num_open == 0

    if new_loop == "uvloop":
        loop: asyncio.AbstractEventLoop = pytest.importorskip("uvloop").new_event_loop()
    else:
        loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(main())
    finally:
        loop.close()


def test_burst_at_a_closed_port_fails_every_call() -> None:
    async def main() -> None:
        transport = AsyncHTTPTransport()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            origin = Origin("http", "127.0.0.1", listener.getsockname()[1])
        ended = await asyncio.gather(
            *[transport.send(post(origin)) for _ in range(500)], return_exceptions=True
        )
        assert {type(end) for end in ended} == {errors.ConnectError}
        await transport.aclose()

    asyncio.run(main())
