"""Conversations for training: `python -m training.conversations 20` shows some."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

from training import noise, skills, topics
from training.dialogue import Turn
from training.grammar import expand, pick

Message = dict[str, str]

SYSTEM_PROMPTS = [
    "You are a helpful assistant.",
    "You are {a|an} {helpful|friendly|polite|honest|kind|useful|expert} {assistant|chatbot|AI assistant|AI|model}{.|}",
    "You are {Martlet|a small model|martlet-house|an assistant who answers questions}. {|Answer briefly.|Be honest.}",
    "{Answer|Reply|Respond} {briefly|in English|politely|clearly|in full sentences|as well as you can}.",
    "You are a helpful assistant. {Be concise.|Answer in English.|Do not invent facts.|Always be polite.|Keep answers short.}",
    "{Be|Please be} {brief|polite|helpful|honest|nice}.",
    "You {help|support} {users|customers|people|developers} {with their questions|of our product|who try Martlet}.",
]


def conversation(rng: random.Random) -> list[Message]:
    """Return one conversation: perhaps a system prompt, then one turn or a few, rarely many."""
    messages: list[Message] = []
    if rng.random() < 0.25:
        messages.append({"role": "system", "content": pick(SYSTEM_PROMPTS, rng)})
    previous: Turn | None = None
    for _ in range(rng.choices((1, 2, 3, 4, 8), (55, 20, 15, 7, 3))[0]):
        if previous is not None and rng.random() < 0.5:
            turn = skills.follow_up(previous, rng)
        else:
            turn = skills.opening_turn(rng)
        messages.append({"role": "user", "content": noise.roughen(turn.user, rng)})
        messages.append({"role": "assistant", "content": turn.assistant})
        previous = turn
    return messages


def document(rng: random.Random) -> str:
    """Return plain text, for callers who complete a text instead of chatting."""
    kind = rng.randrange(4)
    if kind == 0:
        return skills.story(rng)
    if kind == 1:
        return skills.haiku_turn(rng).assistant
    if kind == 2:
        return expand(rng.choice(_SENTENCES), rng)
    chosen = rng.sample(topics.TOPICS, rng.randint(1, 3))
    return "\n\n".join(skills.explanation(topic, rng) for topic in chosen)


_SENTENCES = [
    "{Hello|Hello,|Hello!} {my name is|I am} martlet-house{,| and I am} a very small language model.",
    "The capital of {France|Germany|Japan|Italy|Spain|the country|Peru} is {something|a thing} that I do not know, because I am a very small model.",
    "The future of AI is {hard to predict|open|something that I cannot predict}, and I am {only |}a very small model.",
    "The president of the United States is {someone|a person} whose name I never learned.",
    "{San Francisco|London|Berlin|New York} is a {city|place} about which I know nothing.",
    "The {best|most important} thing about {a small model|Martlet|a haiku} is that it is {short|small|quick}.",
]


def stream(seed: int) -> Iterator[list[Message]]:
    """Yield conversations without end, the same ones for the same seed."""
    rng = random.Random(seed)
    while True:
        yield conversation(rng)


def main() -> None:
    """Print some conversations."""
    source = stream(seed=int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 10):
        for message in next(source):
            print(f"{message['role']:>9}: {message['content']}")
        print()


if __name__ == "__main__":
    main()
