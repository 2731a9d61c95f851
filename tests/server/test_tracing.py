"""OpenTelemetry spans: in memory, and received over OTLP, HTTP and gRPC, from a real server."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any, TypeAlias

import grpc
import pytest
import trustme
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from martlet.engine.config import EngineConfig
from martlet.engine.engine import Engine
from martlet.engine.pooling_engine import PoolingEngine
from martlet.server.tracing import CannotTrace, Tracer, connect, protocol_of
from tests.server.asgi import SETTINGS, post
from tests.server.fakes import FakeEngine, failing_at
from tests.server.wire import call
from tests.servers import FIXTURES, TINY_LLAMA, start_server

TRACE_ID, PARENT_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACED = {"traceparent": f"00-{TRACE_ID}-{PARENT_ID}-01", "tracestate": "vendor=1"}
COMPLETION = {"prompt": [5, 6, 7], "max_tokens": 4, "temperature": 0.5, "top_p": 0.75, "n": 2}


def spans_of(engine: Any, path: str, body: dict[str, Any], **options: Any) -> list[ReadableSpan]:
    """Return the spans that a request makes."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    post(engine, path, body, SETTINGS, tracer=Tracer(provider), **options)
    return list(exporter.get_finished_spans())


def test_each_sequence_makes_a_span() -> None:
    headers = {"x-request-id": "mine"}
    spans = spans_of(FakeEngine(), "/v1/completions", COMPLETION, headers=headers)
    assert [(span.name, span.kind) for span in spans] == [("llm_request", SpanKind.SERVER)] * 2
    for span in spans:
        attributes: Any = span.attributes
        assert {
            "gen_ai.request.id": "cmpl-mine",
            "gen_ai.request.n": 2,
            "gen_ai.request.temperature": 0.5,
            "gen_ai.request.top_p": 0.75,
            "gen_ai.request.max_tokens": 4,
            "gen_ai.usage.prompt_tokens": 3,
            "gen_ai.usage.completion_tokens": 4,
            "gen_ai.response.finish_reasons": ("length",),
        }.items() <= attributes.items()
        assert 0 < attributes["gen_ai.latency.time_to_first_token"] <= attributes["gen_ai.latency.e2e"]
        assert span.start_time is not None
        assert span.end_time is not None
        assert (span.end_time - span.start_time) / 1e9 == pytest.approx(
            attributes["gen_ai.latency.e2e"], abs=1e-5
        )


def test_span_joins_the_callers_trace() -> None:
    for span in spans_of(FakeEngine(), "/v1/completions", COMPLETION, headers=TRACED):
        assert span.context is not None
        assert span.parent is not None
        assert format(span.context.trace_id, "032x") == TRACE_ID
        assert format(span.parent.span_id, "016x") == PARENT_ID
        assert span.context.trace_state["vendor"] == "1"


def test_span_without_a_trace_is_a_root() -> None:
    for headers in ({}, {"traceparent": "00-nonsense"}):
        spans = spans_of(FakeEngine(), "/v1/completions", COMPLETION, headers=headers)
        assert [span.parent for span in spans] == [None, None]


def test_unsampled_trace_makes_no_span() -> None:
    headers = {"traceparent": f"00-{TRACE_ID}-{PARENT_ID}-00"}
    assert spans_of(FakeEngine(), "/v1/completions", COMPLETION, headers=headers) == []


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages", "/v1/responses"])
def test_streams_of_all_endpoints_make_spans(path: str) -> None:
    messages = [{"role": "user", "content": "Hi"}]
    body = {"messages": messages, "input": messages, "max_tokens": 4, "max_output_tokens": 4, "model": "fake"}
    (span,) = spans_of(FakeEngine(), path, {**body, "stream": True})
    attributes: Any = span.attributes
    assert attributes["gen_ai.usage.completion_tokens"] == 4


def test_background_response_makes_a_span_when_it_ends() -> None:
    body = {"input": "Hi", "max_output_tokens": 3, "background": True, "stream": True}
    (span,) = spans_of(FakeEngine(), "/v1/responses", body)
    attributes: Any = span.attributes
    assert attributes["gen_ai.request.id"].startswith("resp_")


def test_beam_search_makes_a_span_for_each_beam() -> None:
    engine = Engine.from_folder(TINY_LLAMA, EngineConfig(max_model_len=128))
    body = {"prompt": [5, 6, 7], "max_tokens": 3, "n": 2, "use_beam_search": True, "temperature": 0}
    spans = spans_of(engine, "/v1/completions", body)
    assert [span.attributes and span.attributes["gen_ai.usage.completion_tokens"] for span in spans] == [3, 3]


def test_pooled_prompt_makes_a_span() -> None:
    engine = PoolingEngine.from_folder(FIXTURES / "pooled" / "tiny-bert")
    spans = spans_of(engine, "/v1/embeddings", {"input": ["one", "two"]})
    assert [span.attributes and span.attributes["gen_ai.usage.completion_tokens"] for span in spans] == [0, 0]


def test_failed_engine_ends_spans_as_errors(caplog: pytest.LogCaptureFixture) -> None:
    spans = spans_of(FakeEngine(before_step=failing_at(2)), "/v1/completions", COMPLETION)
    assert [span.status.status_code for span in spans] == [StatusCode.ERROR] * 2


# --- sending ----------------------------------------------------------------------------------------------


Received: TypeAlias = Queue[ExportTraceServiceRequest]


@contextmanager
def http_receiver() -> Iterator[tuple[str, Received]]:
    """Receive OTLP over HTTP. Yields the URL, and what has come."""
    found: Received = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            found.put(ExportTraceServiceRequest.FromString(body))
            self.send_response(200 if self.path == "/v1/traces" else 404)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/traces", found
        server.shutdown()


@contextmanager
def grpc_receiver(
    credentials: grpc.ServerCredentials | None = None,
) -> Iterator[tuple[str, Received]]:
    """Receive OTLP over gRPC. Yields the URL, and what has come."""
    found: Received = Queue()

    def export(request: ExportTraceServiceRequest, context: Any) -> ExportTraceServiceResponse:
        found.put(request)
        return ExportTraceServiceResponse()

    method = grpc.unary_unary_rpc_method_handler(
        export,
        request_deserializer=ExportTraceServiceRequest.FromString,
        response_serializer=ExportTraceServiceResponse.SerializeToString,
    )
    service = "opentelemetry.proto.collector.trace.v1.TraceService"
    with ThreadPoolExecutor(1) as pool:
        server = grpc.server(pool)
        server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(service, {"Export": method})])
        if credentials is None:
            url = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        else:
            url = f"https://localhost:{server.add_secure_port('127.0.0.1:0', credentials)}"
        server.start()
        yield url, found
        server.stop(grace=None).wait(60)


@pytest.mark.parametrize("receiver", [http_receiver, grpc_receiver])
def test_server_sends_its_spans_when_it_stops(
    receiver: Callable[[], AbstractContextManager[tuple[str, Received]]],
) -> None:
    with receiver() as (url, found):
        run_traced(url)
        (resource,) = found.get(timeout=110).resource_spans
    named = {each.key: each.value.string_value for each in resource.resource.attributes}
    assert named["service.name"] == "martlet"
    (span,) = resource.scope_spans[0].spans
    told = {each.key: each.value.int_value for each in span.attributes}
    assert (span.name, span.trace_id.hex(), span.parent_span_id.hex()) == ("llm_request", TRACE_ID, PARENT_ID)
    assert told["gen_ai.usage.completion_tokens"] == 3


@pytest.mark.parametrize("scheme", ["https://", "grpc://"])
def test_spans_go_over_tls(scheme: str, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    issued = authority.issue_cert("localhost")
    chain = b"".join(each.bytes() for each in issued.cert_chain_pems)
    credentials = grpc.ssl_server_credentials([(issued.private_key_pem.bytes(), chain)])
    told = {} if scheme == "https://" else {"OTEL_EXPORTER_OTLP_INSECURE": "false"}
    with grpc_receiver(credentials) as (url, found):
        certificate = {"OTEL_EXPORTER_OTLP_CERTIFICATE": str(tmp_path / "ca.pem")}
        run_traced(url.replace("https://", scheme), certificate | told)
        assert found.get(timeout=110).resource_spans[0].scope_spans[0].spans[0].name == "llm_request"


def run_traced(url: str, env: Mapping[str, str] | None = None) -> None:
    """Run a server for one request, traced to a receiver."""
    with start_server(str(TINY_LLAMA), "--otlp-traces-endpoint", url, env=env) as server:
        fields = {"prompt": "Hello", "max_tokens": 3, "ignore_eos": True}
        assert call(server, "POST", "/v1/completions", fields, headers=TRACED).status == 200


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1/traces", "grpc://127.0.0.1:9"])
def test_server_does_not_wait_for_a_dead_receiver(url: str) -> None:
    with start_server(str(TINY_LLAMA), "--otlp-traces-endpoint", url) as server:
        assert call(server, "POST", "/v1/completions", {"prompt": "Hello", "max_tokens": 1}).status == 200
        server.process.terminate()
        assert server.process.wait(timeout=10) == 0


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.resources", None)
    with pytest.raises(CannotTrace, match=r"pip install 'martlet\[otel\]'"):
        connect("http://localhost:4318")


@pytest.mark.parametrize(
    ("endpoint", "protocol"),
    [
        ("http://localhost:4318", "http/protobuf"),
        ("https://traces.example.org/v1/traces", "http/protobuf"),
        ("http://localhost:4317", "grpc"),
        ("grpc://localhost:4317", "grpc"),
        ("localhost:4317", "grpc"),
    ],
)
def test_endpoint_tells_the_protocol(endpoint: str, protocol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", raising=False)
    assert protocol_of(endpoint) == protocol


def test_environment_decides_the_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf")
    assert protocol_of("http://localhost:4317") == "http/protobuf"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "smoke")
    with pytest.raises(CannotTrace, match="smoke"):
        protocol_of("http://localhost:4317")


def test_endpoint_that_is_no_url_is_refused() -> None:
    with pytest.raises(CannotTrace, match="no URL"):
        protocol_of("http://[::1")
