"""What every engine asks of its settings and its requests, and how its steps fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from martlet.errors import EngineFailed, InvalidParameter

POSITIONS_AT_ONCE = 16
"""What the attention kernels read of a block."""


def require_block_size(block_size: int) -> None:
    """Raise InvalidParameter for blocks that the kernels cannot read."""
    if block_size % POSITIONS_AT_ONCE:
        problem = f"must be a multiple of {POSITIONS_AT_ONCE}, which the kernels read at once"
        raise InvalidParameter("block_size", f"{problem}, got {block_size}")


def resolve_max_model_len(asked: int | None, limit: int, trained: int | None = None) -> int:
    """Return how many tokens a request may have: of a model that takes `limit`, or was trained for fewer.

    Raises InvalidParameter if more were asked for.
    """
    if asked is not None and asked > limit:
        problem = f"is {asked}, and the model was made for at most {limit} tokens: lower it"
        raise InvalidParameter("max_model_len", problem)
    return asked or min(trained or limit, limit)


def require_token_ids(param: str, token_ids: Iterable[int], vocab_size: int) -> None:
    """Raise InvalidParameter if one of them is out of vocabulary."""
    lowest, highest = min(token_ids, default=0), max(token_ids, default=0)
    if lowest < 0 or highest >= vocab_size:
        token_id = lowest if lowest < 0 else highest
        problem = f"token id {token_id} is out of vocabulary, which has {vocab_size} tokens"
        raise InvalidParameter(param, problem)


@contextmanager
def failing(forget: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Raise whatever goes wrong as EngineFailed, after `forget` dropped what may be half written."""
    try:
        yield
    except Exception as error:
        forget()
        if isinstance(error, EngineFailed):
            raise
        raise EngineFailed(f"a step failed: {type(error).__name__}: {error}") from error
