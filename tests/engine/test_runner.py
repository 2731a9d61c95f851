"""Batches as arrays."""

from __future__ import annotations

import random
from dataclasses import fields

import numpy as np

from martlet.engine.request import Request, SamplingParams
from martlet.engine.runner import lay_out, prepare_inputs
from martlet.engine.scheduler import Batch

BLOCK_SIZE = 4


def new_request(num_tokens: int, rng: random.Random) -> Request:
    """A request of which all tokens but the last are computed."""
    token_ids = [rng.randrange(1000) for _ in range(num_tokens)]
    request = Request("r", token_ids, rng.randint(1, num_tokens), SamplingParams(max_tokens=99))
    request.num_computed_tokens = num_tokens - 1
    request.block_table = [rng.randrange(1000) for _ in range(-(-num_tokens // BLOCK_SIZE))]
    return request


def test_last_tokens_alone_are_laid_out_as_in_any_batch() -> None:
    rng = random.Random(5)
    batch = Batch()
    for num_tokens in [1, 2, 3, 4, 5, 8, 9, *(rng.randint(1, 40) for _ in range(20))]:
        batch.append(new_request(num_tokens, rng), 1)
    quick = prepare_inputs(batch, BLOCK_SIZE)
    general = lay_out(batch.scheduled, range(len(batch.sampled)), BLOCK_SIZE)
    for field in fields(general):
        got, wanted = getattr(quick, field.name), getattr(general, field.name)
        assert np.array_equal(got, wanted), field.name
        assert field.name == "loras" or got.dtype == wanted.dtype == np.int32


def test_batch_with_more_than_last_tokens_has_rows_for_those_that_are_complete() -> None:
    rng = random.Random(6)
    batch = Batch()
    for num_tokens, num_computed, num_scheduled in ((9, 0, 9), (5, 4, 1), (8, 2, 3), (7, 5, 2)):
        request = new_request(num_tokens, rng)
        request.num_computed_tokens = num_computed
        batch.append(request, num_scheduled)
    inputs = prepare_inputs(batch, BLOCK_SIZE)
    assert inputs.logits_rows.tolist() == [8, 9, 14]
    assert inputs.context_lens.tolist() == [9, 5, 5, 7]
    assert inputs.query_start.tolist() == [0, 9, 10, 13, 15]
    tokens = [
        id
        for request, count in batch.scheduled
        for id in request.token_ids[request.num_computed_tokens :][:count]
    ]
    assert inputs.token_ids.tolist() == tokens
