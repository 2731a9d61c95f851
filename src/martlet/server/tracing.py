"""OpenTelemetry spans: one `llm_request` for each sequence, with vLLM's attributes, under the caller's trace.

The libraries are an extra, `martlet[otel]`, and are imported only where spans are asked for.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

from martlet.engine.request import SamplingParams
from martlet.errors import MartletError
from martlet.server.loop import Prompt, Timeline

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

Attributes: TypeAlias = dict[str, Any]

SPAN_NAME = "llm_request"
CLOSE_S = 2.0
"""How long the last spans may take to be sent when the server ends."""
PROTOCOLS = ("grpc", "http/protobuf")
HTTP_PORT = 4318


class CannotTrace(MartletError):
    """Spans were asked for and cannot be sent."""


def connect(endpoint: str) -> Tracer:
    """Return a tracer that sends to an OTLP receiver. Raises CannotTrace."""
    protocol = protocol_of(endpoint)
    try:
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        exporter = _exporter(endpoint, protocol)
    except ImportError as error:
        raise CannotTrace(
            f"--otlp-traces-endpoint needs {error.name or 'opentelemetry'}: pip install 'martlet[otel]'"
        ) from error
    named = {} if os.environ.get("OTEL_SERVICE_NAME") else {SERVICE_NAME: "martlet"}
    provider = TracerProvider(resource=Resource.create({**named, "process.pid": os.getpid()}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Tracer(provider)


def protocol_of(endpoint: str) -> str:
    """As the environment says; else HTTP where the URL is one of HTTP's, and as in vLLM gRPC elsewhere."""
    given = os.environ.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
    if given is not None and given not in PROTOCOLS:
        raise CannotTrace(f"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL must be {' or '.join(PROTOCOLS)}, got {given}")
    try:
        url = urlsplit(endpoint)
        is_http = url.scheme in ("http", "https") and (url.port == HTTP_PORT or url.path not in ("", "/"))
    except ValueError as error:
        raise CannotTrace(f"--otlp-traces-endpoint is no URL: {endpoint}") from error
    return given or ("http/protobuf" if is_http else "grpc")


def _exporter(endpoint: str, protocol: str) -> SpanExporter:
    if protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GRPCExporter

        return GRPCExporter(endpoint=endpoint, insecure=_is_plain(endpoint))
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HTTPExporter

    has_path = urlsplit(endpoint).path not in ("", "/")
    return HTTPExporter(endpoint=endpoint if has_path else f"{endpoint.rstrip('/')}/v1/traces")


def _is_plain(endpoint: str) -> bool:
    """By the scheme; without one that says it by the environment, else plain."""
    scheme = urlsplit(endpoint).scheme
    if scheme in ("http", "https"):
        return scheme == "http"
    names = ("OTEL_EXPORTER_OTLP_TRACES_INSECURE", "OTEL_EXPORTER_OTLP_INSECURE")
    told = next((os.environ[name] for name in names if os.environ.get(name)), "true")
    return told.lower() == "true"


class Tracer:
    """Makes a span of each sequence that ends."""

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry.trace import SpanKind, StatusCode
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._provider = provider
        self._tracer = provider.get_tracer("martlet")
        self._propagator = TraceContextTextMapPropagator()
        self._kind, self._error = SpanKind.SERVER, StatusCode.ERROR

    def follow(
        self, headers: Mapping[str, str], request_id: str, prompts: Sequence[Prompt], n: int | None = None
    ) -> Callable[[Timeline], None]:
        """Return what is to be called at the end of each of a request's sequences.

        `traceparent` and `tracestate` of `headers` name the trace that the spans belong to.
        """
        parent = self._propagator.extract(headers)

        def end(timeline: Timeline) -> None:
            attributes = request_attributes(request_id, prompts[timeline.index], n)
            self._record(timeline, attributes | timeline_attributes(timeline), parent)

        return end

    def _record(self, timeline: Timeline, attributes: Attributes, parent: Context) -> None:
        offset_s = time.time() - time.monotonic()
        span = self._tracer.start_span(
            SPAN_NAME,
            context=parent,
            kind=self._kind,
            attributes=attributes,
            start_time=_nanoseconds(timeline.arrival_s + offset_s),
        )
        if timeline.finish_reason == "error":
            span.set_status(self._error)
        span.end(_nanoseconds(timeline.end_s + offset_s))

    def close(self) -> None:
        """Send what is left. A receiver that does not answer is not waited for."""
        closing = threading.Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(CLOSE_S)


def request_attributes(request_id: str, prompt: Prompt, n: int | None) -> Attributes:
    found: Attributes = {"gen_ai.request.id": request_id}
    if n is not None:
        found["gen_ai.request.n"] = n
    params = prompt.params
    if isinstance(params, SamplingParams):
        found["gen_ai.request.temperature"] = params.temperature
        found["gen_ai.request.top_p"] = params.top_p
        found["gen_ai.request.max_tokens"] = params.max_tokens
    return found


def timeline_attributes(timeline: Timeline) -> Attributes:
    found: Attributes = {
        "gen_ai.usage.prompt_tokens": timeline.num_prompt_tokens,
        "gen_ai.usage.completion_tokens": timeline.num_output_tokens,
        "gen_ai.latency.e2e": timeline.end_s - timeline.arrival_s,
        "gen_ai.response.finish_reasons": [timeline.finish_reason],
    }
    begun_s, first_s, last_s = timeline.scheduled_s, timeline.first_token_s, timeline.last_token_s
    if first_s:
        found["gen_ai.latency.time_to_first_token"] = first_s - timeline.arrival_s
        found["gen_ai.latency.time_in_model_decode"] = last_s - first_s
    if begun_s:
        found["gen_ai.latency.time_in_queue"] = begun_s - timeline.arrival_s
    if begun_s and first_s:
        found["gen_ai.latency.time_in_model_prefill"] = first_s - begun_s
        found["gen_ai.latency.time_in_model_inference"] = last_s - begun_s
    return found


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1e9)
