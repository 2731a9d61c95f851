"""What prefix caching finds and saves: `python -m benchmarks.prefix`.

Eight agents with one system prompt hold conversations of ten turns, all at once. A token of a prompt could be
found if an earlier request computed it behind the same tokens; hits are counted against these. Then one long
prompt is asked for again and again, cached and not, in turn: medians of the time to its first token.

The model is a random-weight Llama of SmolLM2-135M's shape in bf16 (benchmarks/random_llama.py).
"""

from __future__ import annotations

import random
import statistics
import time
from dataclasses import dataclass, field

from benchmarks.random_engine import model_arguments, random_engine
from martlet.engine.engine import Engine
from martlet.engine.request import Output, SamplingParams

AGENTS = 8
TURNS = 10
SYSTEM_TOKENS = 400
MESSAGE_TOKENS = (10, 60)
REPLY_TOKENS = (10, 40)
LONG_PROMPT_TOKENS = 1024


@dataclass
class Found:
    """Prompt tokens of all requests, those that could be found, and those that were."""

    prompt: int = 0
    possible: int = 0
    hits: int = 0


@dataclass
class Agent:
    name: str
    history: list[int]
    """All tokens of the conversation so far."""
    turn: int = 0
    reply: list[int] = field(default_factory=list)


class Conversations:
    """Agents that ask again as soon as they have their reply."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine = engine
        self.random = random.Random(seed)
        self.found = Found()
        self._computed: list[list[int]] = []
        system = self._message(SYSTEM_TOKENS)
        self.agents = {f"agent {index}": Agent(f"agent {index}", [*system]) for index in range(AGENTS)}

    def run(self) -> Found:
        for agent in self.agents.values():
            self._ask(agent)
        while self.engine.has_work:
            for output in self.engine.step():
                self._take(output)
        return self.found

    def _ask(self, agent: Agent) -> None:
        agent.history += self._message(self.random.randint(*MESSAGE_TOKENS))
        agent.reply = []
        longest = max((common(agent.history, tokens) for tokens in self._computed), default=0)
        self.found.prompt += len(agent.history)
        self.found.possible += min(longest, len(agent.history) - 1)
        self._computed.append([*agent.history])
        params = SamplingParams(
            max_tokens=self.random.randint(*REPLY_TOKENS), temperature=0.0, ignore_eos=True
        )
        self.engine.add(agent.name, agent.history, params)

    def _take(self, output: Output) -> None:
        agent = self.agents[output.request_id]
        if not agent.reply:
            self.found.hits += output.num_cached_tokens
        agent.reply += output.token_ids
        if output.finish_reason is None:
            return
        agent.history += agent.reply
        self._computed.append(agent.history[:-1])  # the last token was sampled, not computed
        agent.turn += 1
        if agent.turn < TURNS:
            self._ask(agent)

    def _message(self, length: int) -> list[int]:
        return [self.random.randrange(3, self.engine.vocab_size) for _ in range(length)]


def common(first: list[int], second: list[int]) -> int:
    """Length of the common beginning."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(first), len(second)))


def first_token_s(engine: Engine, prompt: list[int]) -> float:
    engine.add("timed", prompt, SamplingParams(max_tokens=1, temperature=0.0))
    started = time.perf_counter()
    while engine.has_work:
        engine.step()
    return time.perf_counter() - started


def time_first_tokens(engine: Engine, rounds: int) -> tuple[float, float]:
    """Median time to the first token of a prompt that is not cached, and of one that is."""
    source = random.Random(1)
    prompt = [source.randrange(3, engine.vocab_size) for _ in range(LONG_PROMPT_TOKENS)]
    misses, hits = [], []
    for _ in range(rounds):
        engine.reset_prefix_cache()
        misses.append(first_token_s(engine, prompt))
        hits.append(first_token_s(engine, prompt))
    return statistics.median(misses), statistics.median(hits)


def main() -> None:
    arguments = model_arguments(__doc__).parse_args()
    with random_engine(arguments) as engine:
        found = Conversations(engine, seed=0).run()
        miss_s, hit_s = time_first_tokens(engine, arguments.rounds)
    print(f"{AGENTS} agents x {TURNS} turns: {found.prompt} prompt tokens, {found.possible} could be found")
    print(f"found {found.hits}: {found.hits / found.possible:.1%} of possible")
    print(f"first token of a prompt of {LONG_PROMPT_TOKENS}: miss {miss_s * 1e3:.1f} ms, hit", end=" ")
    print(f"{hit_s * 1e3:.1f} ms, {hit_s / miss_s:.1%}")


if __name__ == "__main__":
    main()
