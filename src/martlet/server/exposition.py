"""The metrics page: what the server and its engine count, as Prometheus text under vLLM's names."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.exposition import generate_latest

from martlet.server.metrics import Histogram, Metrics

if TYPE_CHECKING:
    from martlet.engine.engine import Stats

CONTENT_TYPE = "text/plain; version=1.0.0; charset=utf-8"


def render(metrics: Metrics, stats: Stats) -> bytes:
    """Write all figures, those of the engine as of `stats`."""
    registry = CollectorRegistry(auto_describe=False)
    GCCollector(registry)
    PlatformCollector(registry)
    ProcessCollector(registry=registry)
    registry.register(_Page(metrics, stats))
    return generate_latest(registry)


class _Page:
    """The figures at one moment, in the form that prometheus_client writes."""

    def __init__(self, metrics: Metrics, stats: Stats) -> None:
        self._metrics, self._stats = metrics, stats
        self._labels = {"model_name": metrics.model_name, "engine": "0"}

    def collect(self) -> Iterator[Metric]:
        yield from self._gauges()
        yield from self._counters()
        yield from self._histograms()
        yield from self._http()

    # --- the engine ------------------------------------------------------------------------------

    def _gauges(self) -> Iterator[Metric]:
        stats = self._stats
        yield self._gauge("num_requests_running", "Sequences that the engine works on.", stats.num_running)
        yield self._gauge("num_requests_waiting", "Sequences that wait for a place.", stats.num_waiting)
        yield self._gauge_by(
            "num_requests_waiting_by_reason",
            "What they wait for.",
            "reason",
            {"capacity": stats.num_waiting, "deferred": 0},
        )
        yield self._gauge("kv_cache_usage_perc", "Share of the KV cache in use, 0 to 1.", stats.kv_usage)
        yield self._gauge_by(
            "engine_sleep_state",
            "1 for the state that holds; this engine never sleeps.",
            "sleep_state",
            {"awake": 1, "weights_offloaded": 0, "discard_all": 0},
        )
        yield self._cache_config()
        if stats.max_loras is not None:
            yield self._adapters(stats.max_loras)

    def _adapters(self, max_loras: int) -> Metric:
        stats = self._stats
        told = {
            "max_lora": str(max_loras),
            "waiting_lora_adapters": ",".join(stats.waiting_loras),
            "running_lora_adapters": ",".join(stats.running_loras),
        }
        gauge = GaugeMetricFamily("vllm:lora_requests_info", "Adapters of requests.", labels=list(told))
        gauge.add_metric(list(told.values()), time.time())
        return gauge

    def _cache_config(self) -> Metric:
        stats = self._stats
        told = {
            "block_size": str(stats.block_size),
            "num_gpu_blocks": str(stats.num_blocks),
            "kv_cache_size_tokens": str(stats.num_blocks * stats.block_size),
        }
        gauge = GaugeMetricFamily("vllm:cache_config_info", "The KV cache.", labels=["engine", *told])
        gauge.add_metric(["0", *told.values()], 1)
        return gauge

    def _counters(self) -> Iterator[Metric]:
        stats, metrics = self._stats, self._metrics
        cached = stats.cached_prompt_tokens
        yield self._counter("prompt_tokens", "Prompt tokens read.", stats.prompt_tokens)
        yield self._counter("generation_tokens", "Tokens generated.", stats.generation_tokens)
        yield self._counter("num_preemptions", "Times a sequence lost its blocks.", stats.num_preemptions)
        yield self._counter("prefix_cache_queries", "Tokens looked up.", stats.prefix_queries)
        yield self._counter("prefix_cache_hits", "Tokens found.", stats.prefix_hits)
        for name in ("external_prefix_cache", "mm_cache"):
            yield self._counter(f"{name}_queries", "This engine has none.", 0)
            yield self._counter(f"{name}_hits", "This engine has none.", 0)
        yield self._counter("prompt_tokens_cached", "Prompt tokens found.", cached)
        sources = {
            "local_compute": stats.prompt_tokens - cached,
            "local_cache_hit": cached,
            "external_kv_transfer": 0,
        }
        yield self._counter_by("prompt_tokens_by_source", "Where they came from.", "source", sources)
        tiers = {"device": stats.prefix_hits} | dict.fromkeys(
            ("host", "p2p", "disk", "external_unspecified"), 0
        )
        yield self._counter_by(
            "prompt_tokens_cached_by_source", "Tokens found, by where they lay.", "source", tiers
        )
        yield from self._speculation()
        yield self._counter_by("request_success", "Finished sequences.", "finished_reason", metrics.finished)
        yield self._rejections()
        if metrics.tool_parses:
            yield self._tool_parses()

    def _speculation(self) -> Iterator[Metric]:
        stats = self._stats
        if stats.accepted_at is None:
            return
        yield self._counter("spec_decode_num_drafts", "Times tokens were guessed.", stats.num_drafts)
        yield self._counter("spec_decode_num_draft_tokens", "Tokens guessed.", stats.num_draft_tokens)
        yield self._counter("spec_decode_num_accepted_tokens", "Of them right.", sum(stats.accepted_at))
        yield self._counter_by(
            "spec_decode_num_accepted_tokens_per_pos",
            "Right ones by their place in the guess.",
            "position",
            {str(position): count for position, count in enumerate(stats.accepted_at)},
        )

    def _rejections(self) -> Metric:
        counter = CounterMetricFamily(
            "vllm:admission_rejections", "Requests refused by a full queue.", labels=["model_name", "reason"]
        )
        counts = {"max_num_queued_reqs": self._metrics.num_rejections, "max_num_queued_tokens": 0}
        for reason, count in counts.items():
            counter.add_metric([self._metrics.model_name, reason], count, created=self._metrics.created_s)
        return counter

    def _tool_parses(self) -> Metric:
        counter = CounterMetricFamily(
            "vllm:tool_call_parser_invocations",
            "Choices, or outputs of streams, that were read for tool calls.",
            labels=["model_name", "mode", "outcome", "request_type"],
        )
        metrics = self._metrics
        for labels, count in metrics.tool_parses.items():
            counter.add_metric([metrics.model_name, *labels], count, created=metrics.created_s)
        return counter

    def _histograms(self) -> Iterator[Metric]:
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
            ("request_queue_time_seconds", "Arrival to the first step.", metrics.request_queue_time),
            ("request_inference_time_seconds", "First step to last token.", metrics.request_inference_time),
            ("request_prefill_time_seconds", "First step to first token.", metrics.request_prefill_time),
            ("request_decode_time_seconds", "First token to last.", metrics.request_decode_time),
            ("request_prompt_tokens", "Prompt lengths.", metrics.request_prompt_tokens),
            ("request_generation_tokens", "Output lengths.", metrics.request_generation_tokens),
            (
                "request_max_num_generation_tokens",
                "Length of a request's longest output.",
                metrics.request_max_num_generation_tokens,
            ),
            ("request_params_max_tokens", "max_tokens as resolved.", metrics.request_params_max_tokens),
            ("request_params_n", "n as asked for.", metrics.request_params_n),
            (
                "request_prefill_kv_computed_tokens",
                "Prompt tokens that were not found.",
                metrics.request_prefill_kv_computed_tokens,
            ),
            ("request_num_preemptions", "Times it lost its blocks.", metrics.request_num_preemptions),
            ("iteration_tokens_total", "Tokens that a step computed.", metrics.iteration_tokens),
        )
        for name, text, histogram in figures:
            yield self._histogram(f"vllm:{name}", text, [(self._labels, histogram)])

    # --- HTTP ------------------------------------------------------------------------------------

    def _http(self) -> Iterator[Metric]:
        metrics = self._metrics
        requests = CounterMetricFamily(
            "http_requests", "Requests by handler.", labels=["handler", "method", "status"]
        )
        for key, count in metrics.http_requests.items():
            requests.add_metric(key, count, created=metrics.created_s)
        yield requests
        for name in ("request", "response"):
            yield self._sizes(name)
        yield self._histogram(
            "http_request_duration_highr_seconds",
            "Request to the end of the reply.",
            [({}, metrics.http_fine_durations)],
        )
        yield self._histogram(
            "http_request_duration_seconds",
            "Request to the end of the reply, by handler.",
            [
                ({"handler": handler, "method": method}, histogram)
                for (handler, method), histogram in metrics.http_durations.items()
            ],
        )

    def _sizes(self, name: str) -> Metric:
        family = SummaryMetricFamily(f"http_{name}_size_bytes", "As the headers tell.", labels=["handler"])
        for handler, sizes in self._metrics.http_sizes.items():
            total = sizes.request_bytes if name == "request" else sizes.response_bytes
            family.add_metric([handler], sizes.count, total)
            self._add_created(family, {"handler": handler})
        return family

    # --- one family ------------------------------------------------------------------------------

    def _gauge(self, name: str, text: str, value: float) -> Metric:
        gauge = GaugeMetricFamily(f"vllm:{name}", text, labels=list(self._labels))
        gauge.add_metric(list(self._labels.values()), value)
        return gauge

    def _gauge_by(self, name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
        gauge = GaugeMetricFamily(f"vllm:{name}", text, labels=[*self._labels, label])
        for key, value in values.items():
            gauge.add_metric([*self._labels.values(), key], value)
        return gauge

    def _counter(self, name: str, text: str, value: float) -> Metric:
        counter = CounterMetricFamily(f"vllm:{name}", text, labels=list(self._labels))
        counter.add_metric(list(self._labels.values()), value, created=self._metrics.created_s)
        return counter

    def _counter_by(self, name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
        counter = CounterMetricFamily(f"vllm:{name}", text, labels=[*self._labels, label])
        for key, value in values.items():
            counter.add_metric([*self._labels.values(), key], value, created=self._metrics.created_s)
        return counter

    def _histogram(
        self, name: str, text: str, series: Iterable[tuple[Mapping[str, str], Histogram]]
    ) -> Metric:
        family: Metric | None = None
        for labels, histogram in series:
            family = family or HistogramMetricFamily(name, text, labels=list(labels))
            assert isinstance(family, HistogramMetricFamily)
            family.add_metric(list(labels.values()), histogram.cumulative(), histogram.total)
            self._add_created(family, labels)
        return family or HistogramMetricFamily(name, text)

    def _add_created(self, family: Metric, labels: Mapping[str, str]) -> None:
        family.add_sample(f"{family.name}_created", dict(labels), self._metrics.created_s)
