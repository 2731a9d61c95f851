"""From conversations to batches of token ids."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor

from training import conversations
from training.tokenizer import END, END_OF_TEXT, START, token_id

IGNORED = -100
BUCKETS = (32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 512, 768, 1024)
POOL = 16384
DOCUMENT_SHARE = 0.05
ROUGH_SHARE = 0.3
DROPOUT = 0.15


@dataclass
class Example:
    """Token ids, and for each position what comes next, or IGNORED where that is not to be learned."""

    token_ids: list[int]
    labels: list[int]


class Encoder:
    """Turns conversations and documents into examples.

    The user's words are sometimes cut into smaller tokens than necessary (BPE dropout), so that the model has
    seen words spelled out and does not stumble over a slip of the finger.
    """

    def __init__(self, tokenizer: Tokenizer, rng: random.Random) -> None:
        self._plain = tokenizer
        self._rough = Tokenizer.from_str(tokenizer.to_str())
        self._rough.model.dropout = DROPOUT
        self._rng = rng
        self._end = token_id(tokenizer, END)
        self._end_of_text = token_id(tokenizer, END_OF_TEXT)
        self._newline = self._ids("\n")

    def _ids(self, text: str) -> list[int]:
        return self._plain.encode(text).ids

    def conversation(self, messages: list[conversations.Message]) -> Example:
        """Encode with the chat template; only the assistant's words and its end mark are learned."""
        token_ids: list[int] = []
        learned: list[bool] = []
        for message in messages:
            spoken = message["role"] == "assistant"
            rough = not spoken and self._rng.random() < ROUGH_SHARE
            head = self._ids(f"{START}{message['role']}\n")
            body = self._rough.encode(message["content"]).ids if rough else self._ids(message["content"])
            token_ids += [*head, *body, self._end, *self._newline]
            learned += [False] * len(head) + [spoken] * (len(body) + 1) + [False] * len(self._newline)
        return _shifted(token_ids, learned)

    def document(self, text: str) -> Example:
        """Encode plain text up to its end mark; all of it is learned."""
        token_ids = [*self._ids(text), self._end_of_text]
        return _shifted(token_ids, [True] * len(token_ids))


def _shifted(token_ids: list[int], learned: list[bool]) -> Example:
    labels = [token if known else IGNORED for token, known in zip(token_ids, learned, strict=True)]
    return Example(token_ids[:-1], labels[1:])


def pool(index: int, seed: int, tokenizer: Tokenizer, tokens_per_batch: int) -> list[tuple[Tensor, Tensor]]:
    """Return the batches of the `index`-th pool: rows of similar length together, in random order."""
    rng = random.Random(f"{seed}/{index}")
    encoder = Encoder(tokenizer, rng)
    examples = [_example(encoder, rng) for _ in range(POOL)]
    batches = []
    for length in BUCKETS:
        lower = max((bucket for bucket in BUCKETS if bucket < length), default=0)
        rows = [example for example in examples if lower < len(example.token_ids) <= length]
        size = max(1, tokens_per_batch // length)
        # The last rows of a bucket that do not fill a batch are dropped.
        batches += [_stack(rows[at : at + size], length) for at in range(0, len(rows) - size + 1, size)]
    rng.shuffle(batches)
    return batches


def _example(encoder: Encoder, rng: random.Random) -> Example:
    if rng.random() < DOCUMENT_SHARE:
        return encoder.document(conversations.document(rng))
    return encoder.conversation(conversations.conversation(rng))


def _stack(rows: list[Example], length: int) -> tuple[Tensor, Tensor]:
    token_ids = torch.zeros(len(rows), length, dtype=torch.long)
    labels = torch.full((len(rows), length), IGNORED)
    for row, example in enumerate(rows):
        token_ids[row, : len(example.token_ids)] = torch.tensor(example.token_ids)
        labels[row, : len(example.labels)] = torch.tensor(example.labels)
    return token_ids, labels


def batches(seed: int, tokenizer: Tokenizer, tokens_per_batch: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield batches without end, the same ones for the same seed."""
    index = 0
    while True:
        yield from pool(index, seed, tokenizer, tokens_per_batch)
        index += 1
