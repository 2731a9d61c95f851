"""Measure the shipped model on prompts it was not trained on: `python -m training.eval`. Needs no torch.

The templates, subjects and seed are not those of the training text. Every check is exact: a pattern, a meter.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from martlet.engine.engine import Engine, EngineConfig
from martlet.engine.request import SamplingParams
from training import conversations, haiku, noise, topics, unknowns
from training.tokenizer import HOUSE

SEED = 777
MAX_TOKENS = 200
REFUSAL = re.compile(
    r"do not know|not know|cannot|not learned|beyond me|not understand|not sure what you mean|only English",
    re.I,
)
ABOUT_AI = re.compile(r"artificial intelligence", re.I)
ABOUT_SELF = re.compile(r"martlet-house|ships with Martlet|inside Martlet|house model", re.I)

HELD_OUT_SUBJECTS = (
    "osmosis|the Ottoman Empire|a trombone|the Higgs boson|Winston Churchill|Galileo|Warsaw|Argentina|tofu"
    "|malaria|the Louvre|Fortran|a semaphore|topology|Monopoly|the Suez Canal|Venus|a zebra|lasagne|Sweden"
    "|a lighthouse keeper|the Magna Carta|cricket|helium|Elasticsearch|Haskell|Tolstoy|a saxophone|Iceland"
    "|Neptune|a walrus|garlic|a kangaroo|Dublin|the stock exchange"
).split("|")

EXPLAIN = [
    "Could you describe X for a beginner?",
    "In a few words, what is X?",
    "I have heard of X. What is it?",
    "Please explain to me what X is",
    "What would you say X is?",
    "I don't understand X. Can you explain it?",
]
HAIKU = [
    "Be so kind and write a haiku",
    "Could I ask you for a haiku?",
    "I'd love to read a haiku.",
    "Create one haiku now",
    "Would a haiku be possible?",
    "haiku time!",
    "My day was long. Please cheer it up with a haiku.",
]
HELLO = [
    "Hello, how can I start?",
    "Hello to you, little model",
    "Hi Martlet, good morning!",
    "Hey hey, anyone in?",
    "A very good morning to you",
    "Hi, I am here for the first time",
]
IDENTITY = [
    "Who exactly are you?",
    "And who might you be?",
    "Say, who is this I am chatting with?",
    "What model is answering me?",
    "May I ask your name?",
    "What sort of AI are you?",
]
SERVE = [
    "How would I run a bigger model?",
    "I'd like to load another model. How?",
    "What should I enter to start serving a Llama checkpoint?",
    "How can I serve my own checkpoint?",
    "Is it possible to use a larger model with Martlet?",
]
THANKS = [
    "Thank you so so much!",
    "Thanks, that was great",
    "You have my thanks",
    "alright, thank you very much",
    "That is just what I needed, thanks",
]
UNKNOWN = [
    "Who came up with SUBJECT?",
    "Could you describe SUBJECT for a beginner?",
    "In a few words, what is SUBJECT?",
    "Where can one find SUBJECT?",
    "What is so special about SUBJECT?",
    "Did SUBJECT change the world?",
    "Give me the history of SUBJECT in one sentence.",
    "I don't understand SUBJECT. Can you explain it?",
    "What's 17 + 25?",
    "Please solve 12 * 9 for me",
    "Write a Go program that parses SUBJECT.",
    "Write an essay on SUBJECT",
    "Do I need an umbrella tomorrow?",
    "Who is the current king of SUBJECT?",
]


@dataclass(frozen=True)
class Item:
    """A conversation up to the answer, and what the answer has to satisfy."""

    skill: str
    messages: list[conversations.Message]
    passes: Callable[[str], bool]


def ask(*turns: str) -> list[conversations.Message]:
    """Return messages, the user's and the assistant's in turn."""
    return [{"role": ("user", "assistant")[i % 2], "content": text} for i, text in enumerate(turns)]


def explains(topic: topics.Topic) -> Callable[[str], bool]:
    """Return a check that an answer is about `topic`: it has one of its sentences, word for word."""
    return lambda answer: any(text in answer for text in (*topic.openings, *topic.details))


def matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """Return a check that `pattern` occurs."""
    return lambda answer: pattern.search(answer) is not None


def items(count: int) -> list[Item]:
    """Return `count` items of each skill."""
    rng = random.Random(SEED)
    greeting = matches(re.compile(r"^(Hello|Hi)\b"))
    welcome = matches(re.compile(r"welcome|pleasure|glad", re.I))
    serving = matches(re.compile(r"`martlet serve"))
    found: list[Item] = []
    for _ in range(count):
        topic = rng.choice(topics.TOPICS)
        name = rng.choice(topic.names)
        poem = haiku.compose(rng.choice(haiku.THEMES), rng)
        unknown = unknowns.fill(rng.choice(UNKNOWN).replace("SUBJECT", rng.choice(HELD_OUT_SUBJECTS)), rng)
        found += [
            Item("seed: Hello!", ask("Hello!"), greeting),
            Item("seed: What is AI?", ask("What is AI?"), matches(ABOUT_AI)),
            Item("seed: Write a haiku.", ask("Write a haiku."), haiku.is_haiku),
            Item("greeting", ask(rng.choice(HELLO)), greeting),
            Item("AI, slips of the finger", ask(noise.slip("What is AI?", rng)), matches(ABOUT_AI)),
            Item("haiku", ask(rng.choice(HAIKU)), haiku.is_haiku),
            Item("haiku, slips of the finger", ask(noise.slip("Write a haiku.", rng)), haiku.is_haiku),
            Item(
                "another haiku",
                ask(rng.choice(HAIKU), poem, "Nice one. Could you do that again?"),
                haiku.is_haiku,
            ),
            Item("topics", ask(rng.choice(EXPLAIN).replace("X", name)), explains(topic)),
            Item(
                "more about a topic",
                ask(f"What is {name}?", rng.choice(topic.openings), "Tell me a bit more"),
                explains(topic),
            ),
            Item("identity", ask(rng.choice(IDENTITY)), matches(ABOUT_SELF)),
            Item("serving a model", ask(rng.choice(SERVE)), serving),
            Item("thanks", ask("Write a haiku.", poem, rng.choice(THANKS)), welcome),
            Item("unknown", ask(unknown), matches(REFUSAL)),
            Item(
                "unknown, third turn",
                ask(
                    "Hello!",
                    "Hello! How can I help you?",
                    "What is AI?",
                    topics.TOPICS[0].openings[0],
                    unknown,
                ),
                matches(REFUSAL),
            ),
        ]
    return found


def generate(
    engine: Engine, prompts: Sequence[list[conversations.Message]], temperature: float, top_p: float
) -> list[str]:
    """Return an answer to each prompt; the seed is the prompt's number."""
    for number, messages in enumerate(prompts):
        token_ids = engine.tokenizer.encode(engine.tokenizer.render(messages), False)
        params = SamplingParams(max_tokens=MAX_TOKENS, temperature=temperature, top_p=top_p, seed=number)
        engine.add(str(number), token_ids, params)
    answers = [""] * len(prompts)
    while engine.has_work:
        for output in engine.step():
            answers[int(output.request_id)] += output.text
    return answers


def known_sentences() -> set[str]:
    """Return the sentences that the generator writes, from a large sample."""
    source = conversations.stream(SEED)
    found: set[str] = set()
    for _ in range(40_000):
        for message in next(source):
            if message["role"] == "assistant":
                found.update(sentences(message["content"]))
    return found


def sentences(text: str) -> list[str]:
    """Cut `text` at line ends and after the ends of sentences."""
    return [part for part in re.split(r"\n+|(?<=[.!?]) ", text) if part]


def report(found: list[Item], answers: list[str], known: set[str]) -> dict[str, float]:
    """Return the pass rate of each skill, and of all answers: the share with known sentences only."""
    rates: dict[str, list[bool]] = {}
    for item, answer in zip(found, answers, strict=True):
        rates.setdefault(item.skill, []).append(item.passes(answer))
        rates.setdefault("only known sentences", []).append(all(s in known for s in sentences(answer)))
    return {skill: sum(passed) / len(passed) for skill, passed in rates.items()}


def main() -> None:
    """Print the table of rates, and the failures if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40, help="items of each skill")
    parser.add_argument("--model", type=Path, default=HOUSE)
    parser.add_argument("--failures", action="store_true", help="show what failed")
    parser.add_argument("--json", type=Path, help="write the rates to this file")
    args = parser.parse_args()
    engine = Engine.from_folder(args.model, EngineConfig(max_num_seqs=64))
    known = known_sentences()
    found = items(args.count)
    columns: dict[str, dict[str, float]] = {}
    for title, temperature, top_p in (("greedy", 0.0, 1.0), ("default", 0.7, 0.9), ("t=1", 1.0, 1.0)):
        answers = generate(engine, [item.messages for item in found], temperature, top_p)
        columns[title] = report(found, answers, known)
        for item, answer in zip(found, answers, strict=True):
            if args.failures and not item.passes(answer):
                print(f"{title} {item.skill}: {item.messages[-1]['content']!r} -> {answer!r}")
    print("| skill | " + " | ".join(columns) + " |")
    print("|---|" + "---|" * len(columns))
    for skill in columns["greedy"]:
        print(f"| {skill} | " + " | ".join(f"{100 * rates[skill]:.1f}%" for rates in columns.values()) + " |")
    if args.json:
        args.json.write_text(json.dumps(columns, indent=2) + "\n")


if __name__ == "__main__":
    main()
