"""Runner: a batch of requests to arrays, through the model, to logits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from martlet.engine.kernels import F32, I32
    from martlet.engine.lora import LoRAAdapter
    from martlet.engine.models.decoder import KVCache, Model
    from martlet.engine.request import Request
    from martlet.engine.scheduler import Batch


class Scheduled(Protocol):
    """What there is to know of a request whose tokens are computed."""

    block_table: list[int]

    @property
    def num_computed_tokens(self) -> int: ...
    def tokens_between(self, start: int, end: int) -> Sequence[int]: ...


@dataclass(frozen=True, slots=True, eq=False)
class ModelInputs:
    """One step's work as int32 arrays: M tokens of S sequences, each sequence's together and in order."""

    token_ids: I32
    """[M]"""
    positions: I32
    """[M] Place of each token in its sequence."""
    slot_mapping: I32
    """[M] Where the token's key and value go: block * block_size + offset."""
    block_tables: I32
    """[S, max_blocks] Padded with zeros, which are never read."""
    query_start: I32
    """[S + 1] Sequence s has the tokens query_start[s]:query_start[s + 1]."""
    context_lens: I32
    """[S] Tokens of each sequence up to and with this step's."""
    logits_rows: I32
    """[R] Tokens whose next-token logits are wanted."""
    loras: Sequence[AdaptedRows] = ()
    """Tokens of requests with an adapter, each adapter's together."""


class AdaptedRows(NamedTuple):
    """Tokens that an adapter is applied to."""

    rows: slice
    adapter: LoRAAdapter


class Runner:
    """A model with its KV cache."""

    def __init__(self, model: Model, num_blocks: int, block_size: int) -> None:
        self.model = model
        self.cache: KVCache = model.new_cache(num_blocks, block_size)
        self._block_size = block_size

    def run(self, batch: Batch) -> F32:
        """Compute the batch's tokens and return logits [rows, vocab_size].

        Rows are those of `batch.sampled`, in that order, then those of `batch.scored`. A sampled request has
        one for its next token, and one for the token behind each of its drafts. The array is valid until the
        next call. Block tables must already have room for the tokens.
        """
        return self.model.forward(prepare_inputs(batch, self._block_size), self.cache)


def prepare_inputs(batch: Batch, block_size: int) -> ModelInputs:
    """Lay out a batch as the model reads it."""
    has_more = batch.uses_lora or batch.scored
    if not has_more and len(batch.sampled) == len(batch.scheduled) == batch.num_tokens:
        return _lay_out_last(batch.sampled, block_size)
    scheduled, loras = _by_adapter(batch.scheduled) if batch.uses_lora else (batch.scheduled, ())
    return lay_out(scheduled, _logits_rows(batch, scheduled), block_size, loras)


def _lay_out_last(requests: Sequence[Request], block_size: int) -> ModelInputs:
    """Lay out the last token of each request, all that most steps compute: as `lay_out` would."""
    positions = np.array([request.num_computed_tokens for request in requests], np.int32)
    block_tables = _pad_block_tables([request.block_table for request in requests])
    query_start = np.arange(len(requests) + 1, dtype=np.int32)
    rows = query_start[:-1]
    block, offset = np.divmod(positions, np.int32(block_size))
    return ModelInputs(
        token_ids=np.array([request.token_ids[-1] for request in requests], np.int32),
        positions=positions,
        slot_mapping=block_tables[rows, block] * np.int32(block_size) + offset,
        block_tables=block_tables,
        query_start=query_start,
        context_lens=positions + np.int32(1),
        logits_rows=rows,
    )


def lay_out(
    scheduled: Sequence[tuple[Scheduled, int]],
    logits_rows: Sequence[int],
    block_size: int,
    loras: Sequence[AdaptedRows] = (),
) -> ModelInputs:
    """Lay out so many tokens of each request, from its first on that is not computed."""
    starts = [request.num_computed_tokens for request, _ in scheduled]
    ends = [start + num_tokens for start, (_, num_tokens) in zip(starts, scheduled, strict=True)]
    token_ids = [
        request.tokens_between(*span) for (request, _), *span in zip(scheduled, starts, ends, strict=True)
    ]
    first, context_lens = np.array(starts, np.int32), np.array(ends, np.int32)
    num_tokens_each = context_lens - first
    query_start = np.zeros(len(ends) + 1, np.int32)
    np.cumsum(num_tokens_each, out=query_start[1:])
    block_tables = _pad_block_tables([request.block_table for request, _ in scheduled])

    sequence = np.repeat(np.arange(len(ends), dtype=np.int32), num_tokens_each)
    positions = np.arange(query_start[-1], dtype=np.int32) + (first - query_start[:-1])[sequence]
    block, offset = np.divmod(positions, np.int32(block_size))
    return ModelInputs(
        token_ids=np.fromiter(chain.from_iterable(token_ids), np.int32, len(positions)),
        positions=positions,
        slot_mapping=block_tables[sequence, block] * np.int32(block_size) + offset,
        block_tables=block_tables,
        query_start=query_start,
        context_lens=context_lens,
        logits_rows=np.array(logits_rows, np.int32),
        loras=loras,
    )


def _by_adapter(
    scheduled: Sequence[tuple[Request, int]],
) -> tuple[list[tuple[Request, int]], list[AdaptedRows]]:
    """Return the same with the requests of each adapter together, and where their tokens are."""
    groups: dict[LoRAAdapter | None, list[tuple[Request, int]]] = {}
    for request, num_tokens in scheduled:
        groups.setdefault(request.lora, []).append((request, num_tokens))
    loras: list[AdaptedRows] = []
    end = 0
    for adapter, group in groups.items():
        start, end = end, end + sum(num_tokens for _, num_tokens in group)
        if adapter is not None:
            loras.append(AdaptedRows(slice(start, end), adapter))
    return list(chain.from_iterable(groups.values())), loras


def _logits_rows(batch: Batch, scheduled: Sequence[tuple[Request, int]]) -> list[int]:
    """Return where the logits that are wanted stand; a request's position p is in row p plus its offset."""
    offsets: dict[int, int] = {}
    row = 0
    for request, num_tokens in scheduled:
        offsets[id(request)] = row - request.num_computed_tokens
        row += num_tokens
    rows: list[int] = []
    for request in batch.sampled:
        first = offsets[id(request)] + len(request.token_ids) - 1
        if request.draft_token_ids:
            rows += range(first, first + 1 + len(request.draft_token_ids))
        else:
            rows.append(first)
    for request, positions in batch.scored:
        rows += [offsets[id(request)] + position for position in positions]
    return rows


def _pad_block_tables(tables: list[list[int]]) -> I32:
    lengths = np.array([len(table) for table in tables], np.int32)
    padded = np.zeros((len(tables), int(lengths.max(initial=0))), np.int32)
    padded[np.arange(padded.shape[1]) < lengths[:, None]] = np.fromiter(chain.from_iterable(tables), np.int32)
    return padded
