"""What the server counts. `exposition` shows it under vLLM's metric names."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Sequence
from itertools import product

FINISHED_REASONS = ("stop", "length", "abort", "error", "repetition")

FIRST_TOKEN_BUCKETS = (
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 20.0, 40.0,
    80.0, 160.0, 640.0, 2560.0,
)  # fmt: skip
PER_TOKEN_BUCKETS = (
    0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 20.0, 40.0, 80.0,
)  # fmt: skip
REQUEST_BUCKETS = (
    0.3, 0.5, 0.8, 1.0, 1.5, 2.0, 2.5, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 60.0, 120.0, 240.0, 480.0,
    960.0, 1920.0, 7680.0,
)  # fmt: skip
STEP_BUCKETS = tuple(float(2**power) for power in (0, *range(3, 15)))
HTTP_BUCKETS = (0.1, 0.5, 1.0)
FINE_HTTP_BUCKETS = (
    0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 7.5, 10.0,
    30.0, 60.0,
)  # fmt: skip
N_BUCKETS = (1, 2, 5, 10, 20)
PARSE_MODES = ("streaming", "non_streaming")
PARSE_OUTCOMES = ("tool_call", "no_tool_call")
PARSED_REQUESTS = ("chat_completions", "responses", "other")
UNCOUNTED_PATHS = frozenset({"/metrics", "/health", "/load", "/ping", "/version", "/server_info"})
"""Probes, which would drown the rest."""


def token_buckets(max_model_len: int) -> list[float]:
    """1, 2, 5, 10, 20, 50 ... up to the context length."""
    steps = (digit * 10**power for power in range(12) for digit in (1, 2, 5))
    return [float(step) for step in steps if step <= max_model_len]


class Histogram:
    """Counts of observations up to each bound."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float, number: int = 1) -> None:
        """Count a value, or so many equal ones."""
        self.counts[bisect_left(self.bounds, value)] += number
        self.total += value * number

    def cumulative(self) -> list[tuple[str, float]]:
        pairs, seen = [], 0
        for bound, count in zip([*map(float, self.bounds), float("inf")], self.counts, strict=True):
            seen += count
            pairs.append(("+Inf" if bound == float("inf") else str(bound), float(seen)))
        return pairs


class Metrics:
    """Every figure of one server that the engine does not keep itself."""

    def __init__(self, model_name: str, max_model_len: int) -> None:
        self.model_name = model_name
        self.created_s = time.time()
        self.num_rejections = 0
        self.finished: dict[str, int] = dict.fromkeys(FINISHED_REASONS, 0)
        lengths = token_buckets(max_model_len)
        self.request_prompt_tokens = Histogram(lengths)
        self.request_generation_tokens = Histogram(lengths)
        self.request_params_max_tokens = Histogram(lengths)
        self.iteration_tokens = Histogram(STEP_BUCKETS)
        """Written by the engine's thread alone."""
        self.request_params_n = Histogram(N_BUCKETS)
        self.request_max_num_generation_tokens = Histogram(lengths)
        self.request_prefill_kv_computed_tokens = Histogram(lengths)
        self.request_num_preemptions = Histogram(lengths)
        self.time_to_first_token = Histogram(FIRST_TOKEN_BUCKETS)
        self.inter_token_latency = Histogram(PER_TOKEN_BUCKETS)
        self.time_per_output_token = Histogram(PER_TOKEN_BUCKETS)
        self.e2e_request_latency = Histogram(REQUEST_BUCKETS)
        self.request_queue_time = Histogram(REQUEST_BUCKETS)
        self.request_inference_time = Histogram(REQUEST_BUCKETS)
        self.request_prefill_time = Histogram(REQUEST_BUCKETS)
        self.request_decode_time = Histogram(REQUEST_BUCKETS)
        self.tool_parses: dict[tuple[str, str, str], int] = {}
        """By mode, outcome and type of request; empty where no format of tool calls is known."""
        self.http_requests: dict[tuple[str, str, str], int] = {}
        self.http_durations: dict[tuple[str, str], Histogram] = {}
        self.http_fine_durations = Histogram(FINE_HTTP_BUCKETS)
        self.http_sizes: dict[str, _Sizes] = {}

    def finish(self, reason: str) -> None:
        self.finished[reason] += 1

    def expect_tool_calls(self) -> None:
        """Show the counts of what was read for tool calls, from 0 on."""
        self.tool_parses = dict.fromkeys(product(PARSE_MODES, PARSE_OUTCOMES, PARSED_REQUESTS), 0)

    def count_parse(self, mode: str, request_type: str, has_calls: bool) -> None:
        key = (mode, PARSE_OUTCOMES[0 if has_calls else 1], request_type)
        self.tool_parses[key] = self.tool_parses.get(key, 0) + 1

    def count_http(
        self, path: str, method: str, status: int, duration_s: float, sent: int = 0, received: int = 0
    ) -> None:
        """Count a request; `sent` and `received` are by its client, the lengths that the headers tell."""
        if path in UNCOUNTED_PATHS:
            return
        key = (path, method, f"{status // 100}xx")
        self.http_requests[key] = self.http_requests.get(key, 0) + 1
        durations = self.http_durations.get(key[:2])
        if durations is None:
            durations = self.http_durations[key[:2]] = Histogram(HTTP_BUCKETS)
        durations.observe(duration_s)
        self.http_fine_durations.observe(duration_s)
        sizes = self.http_sizes.get(path)
        if sizes is None:
            sizes = self.http_sizes[path] = _Sizes()
        sizes.count += 1
        sizes.request_bytes += sent
        sizes.response_bytes += received


class _Sizes:
    """Of the requests and replies of one path."""

    __slots__ = ("count", "request_bytes", "response_bytes")

    def __init__(self) -> None:
        self.count = self.request_bytes = self.response_bytes = 0
