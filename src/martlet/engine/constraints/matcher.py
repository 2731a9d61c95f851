"""Which tokens may come next: a request's way through its grammar; masks computed while the model runs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from llguidance import LLMatcher

    from martlet.engine.request import Request

Bits: TypeAlias = NDArray[np.int32]
"""One bit for each token, 32 to a word, the lowest first."""
Mask: TypeAlias = NDArray[np.bool_]

logger = logging.getLogger("martlet.engine")


class Matcher:
    """Follows one request's output through its grammar. For one thread at a time."""

    def __init__(self, matcher: LLMatcher, vocab_size: int) -> None:
        self._matcher = matcher
        self._vocab_size = vocab_size
        self._num_consumed = 0
        self._num_masked = -1
        """Output tokens after which `_bits` hold."""
        self._bits = np.zeros(-(-vocab_size // 32), np.int32)
        self.job: Future[None] | None = None

    def prepare(self, request: Request) -> None:
        """Compute the mask of the request's next token, if it is not there."""
        num_output = request.num_output_tokens
        if self._num_masked == num_output:
            return
        start = request.num_prompt_tokens + self._num_consumed
        self._matcher.consume_tokens(request.token_ids[start:])
        self._num_consumed = num_output
        self._matcher.unsafe_compute_mask_ptr(self._bits.ctypes.data, self._bits.nbytes)
        self._num_masked = num_output

    def prepared_by(self, job: Future[None]) -> None:
        """Say that `job` will have called `prepare`: until then the matcher is its own."""
        self.job = job

    def mask(self, request: Request) -> Mask | None:
        """Return which tokens may come next; None if the grammar was too much work and is lost."""
        if self.job is not None:
            self.job.result()
            self.job = None
        self.prepare(request)
        if self._matcher.is_error():
            logger.error("a grammar failed: %s", self._matcher.get_error().partition("\n")[0])
            return None
        bits = self._bits.view(np.uint8)
        return np.unpackbits(bits, count=self._vocab_size, bitorder="little").view(np.bool_)


class MaskWorker:
    """Computes masks in a thread of its own, which is started when the first one is wanted."""

    def __init__(self) -> None:
        self._executor: ThreadPoolExecutor | None = None

    def begin(self, requests: Sequence[Request]) -> None:
        """Start on the masks of those that have a matcher."""
        constrained = [request for request in requests if request.matcher is not None]
        if not constrained:
            return
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, thread_name_prefix="martlet-masks")
        job = self._executor.submit(_prepare, constrained)
        for request in constrained:
            assert request.matcher is not None
            request.matcher.prepared_by(job)


def _prepare(requests: Sequence[Request]) -> None:
    for request in requests:
        assert request.matcher is not None
        request.matcher.prepare(request)
