"""What the server counts, under vLLM's metric names. Counting is arithmetic; text is made when asked for."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client.core import Metric

    from martlet.engine.engine import Stats

CONTENT_TYPE = "text/plain; version=1.0.0; charset=utf-8"

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
N_BUCKETS = (1, 2, 5, 10, 20)
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

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

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
        self.time_to_first_token = Histogram(FIRST_TOKEN_BUCKETS)
        self.inter_token_latency = Histogram(PER_TOKEN_BUCKETS)
        self.time_per_output_token = Histogram(PER_TOKEN_BUCKETS)
        self.e2e_request_latency = Histogram(REQUEST_BUCKETS)
        self.http_requests: dict[tuple[str, str, str], int] = {}
        self.http_durations: dict[tuple[str, str], Histogram] = {}

    def finish(self, reason: str) -> None:
        self.finished[reason] += 1

    def count_http(self, path: str, method: str, status: int, duration_s: float) -> None:
        if path in UNCOUNTED_PATHS:
            return
        key = (path, method, f"{status // 100}xx")
        self.http_requests[key] = self.http_requests.get(key, 0) + 1
        durations = self.http_durations.get(key[:2])
        if durations is None:
            durations = self.http_durations[key[:2]] = Histogram(HTTP_BUCKETS)
        durations.observe(duration_s)

    def render(self, stats: Stats) -> bytes:
        """Write all figures, with the engine's `stats`, as Prometheus text."""
        from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
        from prometheus_client.exposition import generate_latest

        registry = CollectorRegistry(auto_describe=False)
        GCCollector(registry)
        PlatformCollector(registry)
        ProcessCollector(registry=registry)
        registry.register(_Snapshot(self, stats))
        return generate_latest(registry)


class _Snapshot:
    """The figures at one moment, in the form that prometheus_client writes."""

    def __init__(self, metrics: Metrics, stats: Stats) -> None:
        self._metrics, self._stats = metrics, stats

    def collect(self) -> Iterator[Metric]:
        yield from self._gauges()
        yield from self._counters()
        yield from self._histograms()
        yield from self._http()

    def _gauges(self) -> Iterator[Metric]:
        from prometheus_client.core import GaugeMetricFamily

        stats = self._stats
        figures = (
            ("num_requests_running", "Sequences that the engine works on.", stats.num_running),
            ("num_requests_waiting", "Sequences that wait for a place.", stats.num_waiting),
            ("kv_cache_usage_perc", "Share of the KV cache in use, 0 to 1.", stats.kv_usage),
        )
        for name, text, value in figures:
            gauge = GaugeMetricFamily(f"vllm:{name}", text, labels=["model_name", "engine"])
            gauge.add_metric(self._labels, value)
            yield gauge

    def _counters(self) -> Iterator[Metric]:
        stats = self._stats
        yield self._counter("prompt_tokens", "Prompt tokens read.", stats.prompt_tokens)
        yield self._counter("generation_tokens", "Tokens generated.", stats.generation_tokens)
        yield self._counter("num_preemptions", "Times a sequence lost its blocks.", stats.num_preemptions)
        yield self._counter("prefix_cache_queries", "Tokens looked up.", stats.prefix_queries)
        yield self._counter("prefix_cache_hits", "Tokens found.", stats.prefix_hits)
        yield self._counter("prompt_tokens_cached", "Prompt tokens found.", stats.cached_prompt_tokens)
        yield self._prompt_tokens_by_source()
        yield from self._speculation()
        yield self._finished()
        yield self._rejections()

    def _counter(self, name: str, text: str, value: float) -> Metric:
        from prometheus_client.core import CounterMetricFamily

        counter = CounterMetricFamily(f"vllm:{name}", text, labels=["model_name", "engine"])
        counter.add_metric(self._labels, value, created=self._metrics.created_s)
        return counter

    def _prompt_tokens_by_source(self) -> Metric:
        from prometheus_client.core import CounterMetricFamily

        stats, labels = self._stats, ["model_name", "engine", "source"]
        counter = CounterMetricFamily(
            "vllm:prompt_tokens_by_source", "Where prompt tokens came from.", labels=labels
        )
        sources = (
            ("local_compute", stats.prompt_tokens - stats.cached_prompt_tokens),
            ("local_cache_hit", stats.cached_prompt_tokens),
            ("external_kv_transfer", 0),
        )
        for source, count in sources:
            counter.add_metric([*self._labels, source], count, created=self._metrics.created_s)
        return counter

    def _speculation(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily

        stats = self._stats
        if stats.accepted_at is None:
            return
        yield self._counter("spec_decode_num_drafts", "Times tokens were guessed.", stats.num_drafts)
        yield self._counter("spec_decode_num_draft_tokens", "Tokens guessed.", stats.num_draft_tokens)
        yield self._counter("spec_decode_num_accepted_tokens", "Of them right.", sum(stats.accepted_at))
        counter = CounterMetricFamily(
            "vllm:spec_decode_num_accepted_tokens_per_pos",
            "Right ones by their place in the guess.",
            labels=["model_name", "engine", "position"],
        )
        for position, count in enumerate(stats.accepted_at):
            counter.add_metric([*self._labels, str(position)], count, created=self._metrics.created_s)
        yield counter

    def _finished(self) -> Metric:
        from prometheus_client.core import CounterMetricFamily

        labels = ["model_name", "engine", "finished_reason"]
        counter = CounterMetricFamily("vllm:request_success", "Finished sequences.", labels=labels)
        for reason, count in self._metrics.finished.items():
            counter.add_metric([*self._labels, reason], count, created=self._metrics.created_s)
        return counter

    def _rejections(self) -> Metric:
        from prometheus_client.core import CounterMetricFamily

        counter = CounterMetricFamily(
            "vllm:admission_rejections", "Requests refused by a full queue.", labels=["model_name", "reason"]
        )
        labels = [self._metrics.model_name, "max_num_queued_reqs"]
        counter.add_metric(labels, self._metrics.num_rejections, created=self._metrics.created_s)
        return counter

    def _histograms(self) -> Iterator[Metric]:
        from prometheus_client.core import HistogramMetricFamily

        metrics = self._metrics
        figures = (
            ("time_to_first_token_seconds", "Arrival to first token.", metrics.time_to_first_token),
            ("inter_token_latency_seconds", "Between two outputs.", metrics.inter_token_latency),
            (
                "request_time_per_output_token_seconds",
                "Mean time per token after the first.",
                metrics.time_per_output_token,
            ),
            ("e2e_request_latency_seconds", "Arrival to last token.", metrics.e2e_request_latency),
            ("request_prompt_tokens", "Prompt lengths.", metrics.request_prompt_tokens),
            ("request_generation_tokens", "Output lengths.", metrics.request_generation_tokens),
            ("request_params_max_tokens", "max_tokens as resolved.", metrics.request_params_max_tokens),
            ("iteration_tokens_total", "Tokens that a step computed.", metrics.iteration_tokens),
            ("request_params_n", "n as asked for.", metrics.request_params_n),
        )
        for name, text, histogram in figures:
            family = HistogramMetricFamily(f"vllm:{name}", text, labels=["model_name", "engine"])
            family.add_metric(self._labels, histogram.cumulative(), histogram.total)
            yield family

    def _http(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

        requests = CounterMetricFamily(
            "http_requests", "Requests by handler.", labels=["handler", "method", "status"]
        )
        for key, count in self._metrics.http_requests.items():
            requests.add_metric(key, count, created=self._metrics.created_s)
        yield requests
        durations = HistogramMetricFamily(
            "http_request_duration_seconds", "Request to the end of the reply.", labels=["handler", "method"]
        )
        for handler, histogram in self._metrics.http_durations.items():
            durations.add_metric(handler, histogram.cumulative(), histogram.total)
        yield durations

    @property
    def _labels(self) -> list[str]:
        return [self._metrics.model_name, "0"]
