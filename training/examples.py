"""From conversations to batches of token ids."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor

from training import conversations
from training.dialogue import Dialogue
from training.pairs import Pair, pairs
from training.rendering import Piece, pieces
from training.tokenizer import BUILD, END_OF_TEXT, token_id

IGNORED = -100
BUCKETS = (*range(32, 128, 16), *range(128, 256, 32), *range(256, 448, 32), *range(448, 769, 64))
POOL = 16384
DOCUMENT_SHARE = 0.16
ROUGH_SHARE = 0.15
DROPOUT = 0.15
PAIRS_PER_BATCH = 48
PAIRS_EVERY = 6


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
        self._end_of_text = token_id(tokenizer, END_OF_TEXT)

    def dialogue(self, dialogue: Dialogue) -> Example:
        """Encode with the chat template; only the assistant's words and its end mark are learned."""
        token_ids: list[int] = []
        learned: list[bool] = []
        for piece in pieces(dialogue):
            rough = piece.role == "user" and self._rng.random() < ROUGH_SHARE
            ids = (self._rough if rough else self._plain).encode(piece.text).ids
            token_ids += ids
            learned += [piece.learned] * len(ids)
        return _shifted(token_ids, learned)

    def document(self, document: list[Piece]) -> Example:
        """Encode a text up to its end mark, which is learned where the end of the text is."""
        token_ids: list[int] = []
        learned: list[bool] = []
        for piece in document:
            ids = self._plain.encode(piece.text).ids
            token_ids += ids
            learned += [piece.learned] * len(ids)
        return _shifted([*token_ids, self._end_of_text], [*learned, document[-1].learned])

    def pairs(self, chosen: list[Pair]) -> Pairs:
        """Encode plain texts, the first of all pairs before the second of all pairs."""
        texts = [*(pair.first for pair in chosen), *(pair.second for pair in chosen)]
        rows = [encoding.ids for encoding in self._plain.encode_batch(texts)]
        token_ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
        for row, ids in enumerate(rows):
            token_ids[row, : len(ids)] = torch.tensor(ids)
        numbers = {pair.meaning: number for number, pair in enumerate(chosen)}
        meanings = torch.tensor([numbers[pair.meaning] for pair in chosen])
        return Pairs(token_ids, torch.tensor([len(ids) for ids in rows]), meanings)


def _shifted(token_ids: list[int], learned: list[bool]) -> Example:
    labels = [token if known else IGNORED for token, known in zip(token_ids, learned, strict=True)]
    return Example(token_ids[:-1], labels[1:])


class Pairs(NamedTuple):
    """Texts: row i means the same as row i + pairs.

    token_ids: [2 * pairs, tokens], filled up with zeros; lengths: [2 * pairs]; meanings: [pairs], numbered.
    """

    token_ids: Tensor
    lengths: Tensor
    meanings: Tensor


class Batch(NamedTuple):
    """Token ids and labels, each [rows, tokens], and sometimes pairs of texts beside them."""

    token_ids: Tensor
    labels: Tensor
    pairs: Pairs | None = None


def pool(index: int, seed: int, tokens_per_batch: int) -> list[Batch]:
    """Return the batches of the `index`-th pool: rows of similar length together, in random order."""
    rng = random.Random(f"{seed}/{index}")
    encoder = Encoder(Tokenizer.from_file(str(BUILD / "tokenizer.json")), rng)
    examples = [_example(encoder, rng) for _ in range(POOL)]
    found = []
    for length in BUCKETS:
        lower = max((bucket for bucket in BUCKETS if bucket < length), default=0)
        rows = [example for example in examples if lower < len(example.token_ids) <= length]
        size = max(1, tokens_per_batch // length)
        # The last rows of a bucket that do not fill a batch are dropped, and what is longer than all buckets.
        found += [_stack(rows[at : at + size], length) for at in range(0, len(rows) - size + 1, size)]
    rng.shuffle(found)
    with_pairs = range(0, len(found), PAIRS_EVERY)
    alike = pairs(rng, len(with_pairs) * PAIRS_PER_BATCH)
    for number, at in enumerate(with_pairs):
        chosen = alike[number * PAIRS_PER_BATCH : (number + 1) * PAIRS_PER_BATCH]
        found[at] = found[at]._replace(pairs=encoder.pairs(chosen))
    return found


def _example(encoder: Encoder, rng: random.Random) -> Example:
    if rng.random() < DOCUMENT_SHARE:
        return encoder.document(conversations.document(rng))
    return encoder.dialogue(conversations.dialogue(rng))


def _stack(rows: list[Example], length: int) -> Batch:
    token_ids = torch.zeros(len(rows), length, dtype=torch.long)
    labels = torch.full((len(rows), length), IGNORED)
    for row, example in enumerate(rows):
        token_ids[row, : len(example.token_ids)] = torch.tensor(example.token_ids)
        labels[row, : len(example.labels)] = torch.tensor(example.labels)
    return Batch(token_ids, labels)


@dataclass
class Place:
    """How far a run has read: the pool, and the batch within it."""

    pool: int = 0
    batch: int = 0


def batches(seed: int, tokens_per_batch: int, place: Place) -> Iterator[Batch]:
    """Yield batches without end from `place` on, which moves along: the same ones for the same seed.

    The next pool is made in another process meanwhile.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as workers:
        coming = workers.submit(pool, place.pool, seed, tokens_per_batch)
        while True:
            found = coming.result()
            coming = workers.submit(pool, place.pool + 1, seed, tokens_per_batch)
            while place.batch < len(found):
                place.batch += 1
                yield found[place.batch - 1]
            place.pool, place.batch = place.pool + 1, 0
