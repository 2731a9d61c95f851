"""URLs, headers, timeouts and sentinels."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

import martlet
from martlet.client.headers import Headers, merge_headers
from martlet.client.options import Timeout, resolve_timeouts
from martlet.client.urls import URL, encode_query, fill

openai = pytest.importorskip("openai")


@pytest.mark.parametrize(
    ("text", "url", "host", "port", "path"),
    [
        ("http://localhost:8000/v1", "http://localhost:8000/v1/", "localhost", 8000, "/v1/"),
        ("http://localhost:8000/v1/", "http://localhost:8000/v1/", "localhost", 8000, "/v1/"),
        ("https://Example.COM", "https://example.com/", "example.com", None, "/"),
        ("http://[::1]:8000/a/b", "http://[::1]:8000/a/b/", "::1", 8000, "/a/b/"),
        (" http://h/v 1\n", "http://h/v%201/", "h", None, "/v%201/"),
        (
            "http://bücher.example/v1",
            "http://xn--bcher-kva.example/v1/",
            "xn--bcher-kva.example",
            None,
            "/v1/",
        ),
        ("http://h/v1?api-version=2", "http://h/v1/?api-version=2", "h", None, "/v1/"),
    ],
)
def test_base_url_is_taken_apart(text: str, url: str, host: str, port: int | None, path: str) -> None:
    parsed = URL(text)
    assert (str(parsed), parsed.host, parsed.port, parsed.path) == (url, host, port, path)
    assert pickle.loads(pickle.dumps(parsed)).host == host


@pytest.mark.parametrize(
    "text", ["", "localhost:8000/v1", "ftp://h/v1", "http://", "http://h:port/v1", "/v1"]
)
def test_base_url_that_leads_nowhere_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        URL(text)


def test_base_url_with_a_password_is_refused_without_showing_it() -> None:
    with pytest.raises(ValueError, match="base_url") as caught:
        URL("http://me:hunter2@h/v1")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("gpt", "/models/gpt"),
        ("Qwen/Qwen2.5 0.5B", "/models/Qwen%2FQwen2.5%200.5B"),
        ("a?b#c%", "/models/a%3Fb%23c%25"),
        ("ft:gpt@x,y;(1)", "/models/ft:gpt@x,y;(1)"),
        ("ü", "/models/%C3%BC"),
    ],
)
def test_path_value_stays_one_segment(value: str, path: str) -> None:
    assert fill("/models/{model}", "model", value) == path


@pytest.mark.parametrize("value", ["", ".", "..", "%2e%2E"])
def test_path_value_that_changes_the_path_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="`model`"):
        fill("/models/{model}", "model", value)


def test_query_is_written_with_brackets() -> None:
    query = {"a": [1, 2], "b": {"c": True, "d": None}, "e": None, "f": "", "g": martlet.omit, "h": "x y"}
    assert encode_query(query) == "a%5B%5D=1&a%5B%5D=2&b%5Bc%5D=true&f=&h=x+y"


def test_headers_are_found_in_any_case() -> None:
    headers = Headers([("Content-Type", "a"), ("set-cookie", "1"), ("Set-Cookie", "2")])
    assert headers["CONTENT-TYPE"] == headers.get("content-type") == "a"
    assert headers["set-cookie"] == "1, 2"
    assert headers.get_list("Set-Cookie") == ["1", "2"]
    assert "x" not in headers
    assert list(headers) == ["content-type", "set-cookie"]
    assert "1" not in repr(headers).replace("'1'", "")


def test_header_merge_ignores_case_and_omit_removes() -> None:
    merged = merge_headers({"a": "1", "b": "2"}, {"A": "3", "B": martlet.omit, "C": "4"})
    assert merged == {"a": "3", "c": "4"}


@pytest.mark.parametrize(
    ("value", "error"), [(None, TypeError), (3, TypeError), ("a\nb", ValueError), ("ü", ValueError)]
)
def test_header_value_that_cannot_be_sent_is_refused(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="x-h") as caught:
        merge_headers({}, {"X-H": value})
    assert "a\nb" not in str(caught.value)


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((60.0,), {}),
        ((60.0,), {"connect": 5.0}),
        ((None,), {}),
        ((None,), {"read": 3}),
        ((), {"connect": 1, "read": 2, "write": 3, "pool": None}),
        (((1, 2, 3, 4),), {}),
        ((), {"timeout": 3, "read": None}),
    ],
)
def test_timeout_is_built_as_the_official_one(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    ours, official = Timeout(*args, **kwargs), openai.Timeout(*args, **kwargs)
    assert ours.as_dict() == official.as_dict()
    assert repr(ours) == repr(official)
    assert ours == Timeout(*args, **kwargs)
    assert pickle.loads(pickle.dumps(ours)) == ours
    assert resolve_timeouts(official) == resolve_timeouts(ours)


def test_timeout_keeps_the_clocks_of_streams() -> None:
    made = Timeout(60, first_token=300, gap=None)
    assert (made.first_token, made.gap, made.read) == (300, None, 60)
    assert Timeout(60).gap is martlet.NOT_GIVEN
    assert made == Timeout(made) == pickle.loads(pickle.dumps(made)) == copy.deepcopy(made)
    assert made != Timeout(60) != Timeout(60, gap=60)
    assert len({made, Timeout(made), Timeout(60)}) == 2
    assert repr(made) == "Timeout(timeout=60, first_token=300, gap=None)"
    assert made.as_dict() == Timeout(60).as_dict()
    assert Timeout(made, connect=3) == Timeout(60, connect=3, first_token=300, gap=None)


@pytest.mark.parametrize("kwargs", [{}, {"connect": 3}])
def test_timeout_without_a_default_is_refused(kwargs: dict[str, Any]) -> None:
    for timeout in (Timeout, openai.Timeout):
        with pytest.raises(ValueError, match="default"):
            timeout(**kwargs)


@pytest.mark.parametrize("value", ["5", True, [1]])
def test_timeout_of_another_type_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="timeout"):
        Timeout(value)


@pytest.mark.parametrize("sentinel", [martlet.NOT_GIVEN, martlet.not_given, martlet.omit])
def test_sentinels_are_falsy_and_survive_copies(sentinel: Any) -> None:
    assert not sentinel
    assert copy.deepcopy(sentinel) is pickle.loads(pickle.dumps(sentinel)) is sentinel
    assert repr(martlet.NOT_GIVEN) == repr(openai.NOT_GIVEN)
