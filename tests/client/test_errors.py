"""What goes wrong, said so that it can be acted on: classes and attributes as officially, words our own."""

from __future__ import annotations

import copy
import pickle
import socket
import traceback
from collections.abc import Callable
from typing import Any

import pytest

import martlet
from martlet import errors
from tests.client.callers import HI, Caller
from tests.client.scripted import CLOSE, RESET, SILENCE, ScriptedServer, http, vllm_error

openai = pytest.importorskip("openai")
Play = Callable[..., ScriptedServer]


def failure(caller: Caller, url: str, package: Any = martlet, **settings: Any) -> Any:
    client = caller.client(url, package, **{"max_retries": 0, **settings})
    with pytest.raises(package.OpenAIError) as caught:
        caller.run(client.chat.completions.create(**HI))
    return caught.value


@pytest.mark.parametrize(
    "status", [300, 400, 401, 403, 404, 405, 409, 413, 418, 422, 429, 500, 501, 503, 529]
)
def test_status_gives_the_official_class_and_attributes(play: Play, caller: Caller, status: int) -> None:
    body = vllm_error(status, "that went wrong", "SomeError", "messages")
    server = play([http(status, body, x_request_id="req-1")])
    ours, official = failure(caller, server.url), failure(caller, server.url, openai)
    assert type(ours).__name__ == type(official).__name__
    assert [base.__name__ for base in type(ours).__mro__ if base.__module__ == "martlet.errors"][:2] == [
        base.__name__ for base in type(official).__mro__
    ][:2]
    assert str(ours) == str(official) == f"Error code: {status} - that went wrong"
    for name in ("status_code", "body", "code", "param", "type", "message", "request_id", "args"):
        assert getattr(ours, name) == getattr(official, name), name
    assert ours.response.status_code == status
    assert ours.response.text == official.response.text
    assert ours.response.json() == body
    assert ours.response.headers["X-Request-ID"] == "req-1"
    assert str(ours.request.url) == str(official.request.url)
    assert ours.request.method == "POST"


@pytest.mark.parametrize(
    ("body", "content_type", "said", "kept"),
    [
        ({"error": "Unauthorized"}, "application/json", "Unauthorized", "Unauthorized"),
        (
            {"message": "old vLLM", "code": 40303},
            "application/json",
            "old vLLM",
            {"message": "old vLLM", "code": 40303},
        ),
        ({"error": {"code": 1}}, "application/json", None, {"code": 1}),
        ({}, "application/json", None, {}),
    ],
)
def test_json_body_is_kept_as_officially(
    play: Play, caller: Caller, body: dict[str, Any], content_type: str, said: str | None, kept: Any
) -> None:
    server = play([http(418, body, content_type)])
    ours, official = failure(caller, server.url), failure(caller, server.url, openai)
    assert ours.body == official.body == kept
    assert (ours.code, ours.param, ours.type) == (official.code, official.param, official.type)
    assert str(ours) == ("Error code: 418" if said is None else f"Error code: 418 - {said}")


@pytest.mark.parametrize(
    ("body", "content_type", "said"),
    [
        ({"detail": "Not Found"}, "application/json", "Not Found"),
        (
            {"detail": [{"loc": ["body", "messages"], "msg": "Field required", "type": "missing"}]},
            "application/json",
            "body.messages: Field required",
        ),
        ("upstream is down\n", "text/plain", "upstream is down"),
        (
            "<!DOCTYPE html><html><head><title>502\n Bad Gateway</title></head><body>nginx</body></html>",
            "text/html",
            "an HTML page titled '502 Bad Gateway'",
        ),
        ("x" * 1000, "text/plain", "x" * 300 + "..."),
        ("", "", None),
        (b"\xff\xfe broken", "text/plain", "\ufffd\ufffd broken"),
    ],
)
def test_bodies_that_the_official_client_hides_are_shown(
    play: Play, caller: Caller, body: Any, content_type: str, said: str | None
) -> None:
    server = play([http(418, body, content_type)])
    error = failure(caller, server.url)
    assert str(error) == ("Error code: 418" if said is None else f"Error code: 418 - {said}")
    assert error.body == failure(caller, server.url, openai).body or isinstance(body, bytes)


def test_redirect_is_not_followed_and_names_where_to_go(play: Play, caller: Caller) -> None:
    server = play([http(307, location="http://elsewhere/v1/chat/completions/")])
    error = failure(caller, server.url)
    assert type(error) is martlet.APIStatusError
    assert "http://elsewhere/v1/chat/completions/" in str(error)
    assert "base_url" in str(error)
    assert len(server.seen) == 1


def test_refused_connection_says_where_and_what_to_do(caller: Caller) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = failure(caller, f"http://127.0.0.1:{port}/v1")
    assert type(error) is martlet.APIConnectionError
    assert str(error).startswith(
        f"Connection error: cannot connect to http://127.0.0.1:{port}: connection refused"
    )
    assert "martlet serve" in str(error)
    assert f"http://127.0.0.1:{port}/v1/chat/completions" in str(error)
    assert isinstance(error.__cause__, errors.ConnectError)
    assert error.__cause__.sent == "no"
    assert (error.body, error.code, error.request.url) == (
        None,
        None,
        f"http://127.0.0.1:{port}/v1/chat/completions",
    )


def test_unknown_host_says_so(caller: Caller) -> None:
    error = failure(caller, "http://nowhere.invalid/v1")
    assert isinstance(error.__cause__, errors.DNSError)
    assert "nowhere.invalid" in str(error)


@pytest.mark.parametrize("ending", [CLOSE, RESET])
def test_connection_lost_before_the_answer_is_retried(
    play: Play, caller: Caller, ending: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("martlet.client.exchange.BACKOFF_FIRST_S", 0.001)
    server = play([ending])
    error = failure(caller, server.url)
    assert type(error) is martlet.APIConnectionError
    assert isinstance(error.__cause__, errors.ConnectionLost)
    assert len(server.seen) == 1
    server = play([ending], [ending], [http(body={"object": "list", "data": []})])
    client = caller.client(server.url)
    assert caller.run(client.models.list()).data == []
    assert len(server.seen) == 3


def test_silent_server_times_out(play: Play, caller: Caller) -> None:
    error = failure(caller, play([SILENCE]).url, timeout=martlet.Timeout(5, read=0.05))
    assert type(error) is martlet.APITimeoutError
    assert str(error).startswith("Request timed out: ")
    assert isinstance(error.__cause__, errors.ReadTimeout)


def test_timeout_of_a_call_overrules_the_clients(play: Play, caller: Caller) -> None:
    client = caller.client(play([SILENCE]).url, max_retries=0, timeout=None)
    for timeout in (0.1, martlet.Timeout(30, read=0.05), openai.Timeout(30, read=0.05)):
        with pytest.raises(martlet.APITimeoutError):
            caller.run(client.chat.completions.create(**HI, timeout=timeout))


def test_body_cut_short_is_a_connection_error(play: Play, caller: Caller) -> None:
    answer = http(body=b'{"id": "x"}').replace(b"content-length: 11", b"content-length: 99")
    error = failure(caller, play([answer, CLOSE]).url)
    assert type(error) is martlet.APIConnectionError
    assert isinstance(error.__cause__, errors.IncompleteBody)


def test_error_body_cut_short_still_tells_the_status(play: Play, caller: Caller) -> None:
    answer = http(503, b'{"error').replace(b"content-length: 7", b"content-length: 99")
    error = failure(caller, play([answer, CLOSE]).url)
    assert type(error) is martlet.InternalServerError
    assert error.status_code == 503


KEY = "sk-very-secret-key"


@pytest.mark.parametrize(
    "scene",
    [
        [http(401, vllm_error(401, f"Incorrect API key provided: {KEY}", "auth"))],
        [http(500, f"echo {KEY}", "text/plain")],
        [CLOSE],
        [http(200, b"no json")],
    ],
)
def test_key_is_in_no_message_repr_or_traceback(play: Play, caller: Caller, scene: Any) -> None:
    error = failure(caller, play(scene).url, api_key=KEY)
    shown = [
        str(error),
        repr(error),
        repr(error.request),
        repr(error.request.headers),
        repr(dict(error.request.headers)),
        "".join(traceback.format_exception(error)),
    ]
    assert [text for text in shown if KEY in text] == []


def samples() -> list[BaseException]:
    from martlet.client.headers import Headers
    from martlet.client.replies import Request, Response

    request = Request("POST", "http://h/v1/chat/completions", Headers([("a", "b")]), b"{}")
    response = Response(429, headers=[("x-request-id", "r")], content=b'{"a": 1}', request=request)
    body = {"message": "m", "code": 1, "param": "p", "type": "t"}
    return [
        errors.APIError("m", request, body=body),
        errors.APIResponseValidationError(response, body),
        *(
            cls("m", response=response, body=body)
            for cls in vars(errors).values()
            if isinstance(cls, type) and issubclass(cls, errors.APIStatusError)
        ),
        errors.APIConnectionError(message="m", request=request),
        errors.APITimeoutError(request),
        errors.StreamInterrupted("m", request=request, partial={"x": 1}, num_events=3, num_bytes=4),
        errors.StreamStalled("m", request=request, partial=None, num_events=3, num_bytes=4),
        errors.LengthFinishReasonError(completion=None),
        errors.ContentFilterFinishReasonError(),
        errors.ClientClosedError("closed"),
        errors.ReadTimeout("slow", sent="maybe", reused=True),
        errors.ConnectionLost("lost"),
    ]


@pytest.mark.parametrize("error", samples(), ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_error_survives_copy_and_pickle(error: Any, clone: Callable[[Any], Any]) -> None:
    other = clone(error)
    assert type(other) is type(error)
    assert str(other) == str(error)
    assert other.args == error.args
    assert other.__dict__.keys() == error.__dict__.keys()
    for name in (
        "code",
        "param",
        "type",
        "body",
        "status_code",
        "request_id",
        "partial",
        "num_events",
        "sent",
    ):
        assert getattr(other, name, None) == getattr(error, name, None)
    if getattr(error, "response", None) is not None:
        assert other.response.headers == error.response.headers
        assert other.response.request.url == error.response.request.url


def test_error_from_a_real_call_survives_pickle(play: Play, caller: Caller) -> None:
    error = failure(caller, play([http(404, vllm_error(404, "no such model", "NotFoundError", "model"))]).url)
    other = pickle.loads(pickle.dumps(error))
    assert type(other) is martlet.NotFoundError
    assert other.response.json() == error.response.json()


def test_stalled_stream_is_a_timeout_too() -> None:
    assert issubclass(martlet.StreamStalled, martlet.APITimeoutError)
    assert issubclass(martlet.StreamStalled, martlet.StreamInterrupted)
    assert issubclass(martlet.StreamInterrupted, martlet.APIConnectionError)
