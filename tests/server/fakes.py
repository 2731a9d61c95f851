"""An engine whose pace and faults a test decides. It implements what the server needs of an engine."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

from martlet.engine.engine import Stats
from martlet.engine.request import Output, SamplingParams
from martlet.engine.text import Tokenizer
from martlet.errors import InvalidParameter
from tests.servers import TINY_LLAMA

WORD = "word "


class StuckTokenizer(Tokenizer):
    """Takes its time, and says when it begins."""

    def encode(self, text: str, add_special_tokens: bool = True) -> list[int]:
        print("encoding", file=sys.stderr, flush=True)  # noqa: T201
        time.sleep(60)
        return super().encode(text, add_special_tokens)


class FakeEngine:
    """Gives every request "word " at each step, until its max_tokens. `before_step` may block or raise."""

    def __init__(
        self,
        *,
        before_step: Callable[[int], None] = lambda step: None,
        max_running: int = 64,
        max_model_len: int = 100_000,
    ) -> None:
        self.tokenizer = Tokenizer.from_folder(TINY_LLAMA)
        self.max_model_len = max_model_len
        self.vocab_size = self.tokenizer.vocab_size
        self.cache_block_size = 0
        self.loras = None
        self.requests: dict[str, tuple[SamplingParams, int]] = {}
        """What is left to do: parameters, and how many tokens there are."""
        self.aborted: list[str] = []
        self.num_steps = 0
        self._before_step = before_step
        self._max_running = max_running

    @property
    def has_work(self) -> bool:
        return bool(self.requests)

    def add(
        self,
        request_id: str,
        prompt_token_ids: Sequence[int],
        params: SamplingParams,
        *,
        cache_salt: str | None = None,
    ) -> None:
        if params.seed == 13:
            raise InvalidParameter("seed", "must not be 13")
        self.requests[request_id] = (params, 0)

    def abort(self, request_id: str) -> bool:
        self.aborted.append(request_id)
        return self.requests.pop(request_id, None) is not None

    def step(self) -> list[Output]:
        self.num_steps += 1
        self._before_step(self.num_steps)
        outputs = []
        for request_id, (params, num_tokens) in list(self.requests.items())[: self._max_running]:
            is_last = num_tokens + 1 == params.max_tokens
            outputs.append(Output(request_id, [7], WORD, finish_reason="length" if is_last else None))
            if is_last:
                del self.requests[request_id]
            else:
                self.requests[request_id] = (params, num_tokens + 1)
        return outputs

    def warm_up(self) -> None:
        pass

    def stats(self) -> Stats:
        num_running = min(len(self.requests), self._max_running)
        return Stats(
            num_running=num_running,
            num_waiting=len(self.requests) - num_running,
            kv_usage=num_running / self._max_running,
            num_blocks=self._max_running,
            block_size=16,
            num_preemptions=0,
            prompt_tokens=0,
            generation_tokens=0,
            num_steps=self.num_steps,
            last_step_tokens=num_running,
            num_finished={},
        )


class FailingEngine(FakeEngine):
    """Breaks in the step after so many requests have begun to be answered."""

    def __init__(self, num_requests: int) -> None:
        super().__init__(before_step=self._fail)
        self._num_requests = num_requests

    def _fail(self, step: int) -> None:
        time.sleep(0.005)
        if sum(num_tokens > 0 for _, num_tokens in self.requests.values()) >= self._num_requests:
            raise RuntimeError("the fake engine breaks at /some/path.py")


def slow(step_s: float) -> Callable[[int], None]:
    return lambda step: time.sleep(step_s)


def failing_at(number: int) -> Callable[[int], None]:
    def before(step: int) -> None:
        time.sleep(0.005)
        if step == number:
            raise RuntimeError("the fake engine breaks at /some/path.py")

    return before


def stuck_at(number: int) -> Callable[[int], None]:
    return lambda step: time.sleep(60 if step == number else 0.005)
