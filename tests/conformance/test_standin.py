"""The harness itself: what it must notice. The official tests are run by `make conformance`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from martlet.protocol.base import OneOf, WireModel, decode_reply
from tests.conformance import streaming_proxy
from tests.conformance.standin import private
from tests.conformance.standin.matching import assert_matches_type
from tests.conformance.standin.outcomes import Difference, Outcomes, read_differences

HERE = Path(__file__).parent
DOCUMENT = HERE.parent.parent / "docs" / "conformance.md"


class Text(WireModel):
    type: Literal["text"] = "text"
    text: str = ""


class Image(WireModel):
    type: Literal["image"] = "image"
    url: str = ""


class Message(WireModel):
    id: str
    content: list[OneOf[Text | Image]]
    score: float | None = None


def message(content: str, extra: str = "") -> Message:
    return decode_reply(Message, f'{{"id": "m", "content": [{content}]{extra}}}'.encode())


def test_reply_of_the_declared_shape_matches() -> None:
    reply = message('{"type": "text", "text": "a"}, {"type": "image", "url": "u"}', ', "score": 1')
    assert_matches_type(Message, reply, path=["reply"])


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        (Message, message('{"type": "text", "text": 7}')),
        (Message, message('{"type": "sound"}')),
        (Message, message("", ', "score": "high"')),
        (Message, {"id": "m", "content": []}),
        (list[int], [1, "2"]),
        (dict[str, int], {"a": None}),
        (Literal["a", "b"], "c"),
        (int, True),
        (str | None, 3),
    ],
)
def test_reply_of_another_shape_does_not_match(hint: Any, value: object) -> None:
    with pytest.raises(AssertionError):
        assert_matches_type(hint, value, path=["reply"])


@pytest.fixture
def outcomes(tmp_path: Path) -> Outcomes:
    listed = [Difference("differs", "by intent", ["file.py::test_a[*"], error="no stream")]
    made = Outcomes(listed, tmp_path / "outcomes.jsonl")
    made.expect("file.py::test_a[x]")
    return made


@pytest.mark.parametrize(
    ("test", "failure", "outcome"),
    [
        ("file.py::test_b", None, "passed"),
        ("file.py::test_b", "boom", "failed"),
        ("file.py::test_a[x]", "TypeError: no stream here", "differs"),
        ("file.py::test_a[x]", "another error", "failed"),
        ("file.py::test_a[x]", None, "failed"),
    ],
)
def test_outcome_is_judged_by_the_list(
    outcomes: Outcomes, test: str, failure: str | None, outcome: str
) -> None:
    assert outcomes.judge(test, failure)[0] == outcome


def test_brackets_of_a_pattern_stand_for_themselves() -> None:
    difference = Difference("differs", "r", ["f.py::test[a-*]"])
    assert difference.covering("f.py::test[a-b]") == "f.py::test[a-*]"
    assert difference.covering("f.py::testa") is None


def test_placeholder_can_be_named_but_not_used() -> None:
    placeholder: Any = private.not_offered("openai.lib.Thing")
    assert placeholder[int] is placeholder
    with pytest.raises(NotImplementedError, match=r"openai\.lib\.Thing"):
        placeholder()

    class Own(placeholder):  # type: ignore[misc]  # made at run time
        pass

    assert isinstance(Own(), placeholder)


@pytest.mark.parametrize(
    ("path", "content_type", "body", "asks"),
    [
        ("/chat/completions", "application/json", b'{"stream": true, "model": "m"}', True),
        ("/chat/completions", "application/json", b'{"stream": false, "input": "stream"}', False),
        ("/images/edits", "multipart/form-data; boundary=b", b'; name="stream"\r\n\r\ntrue\r\n--b--', True),
        ("/images/edits", "multipart/form-data; boundary=b", b'; name="file"\r\n\r\ntrue\r\n--b--', False),
        ("/responses/r?stream=true", "", b"", True),
        ("/responses/r?starting_after=1", "", b"", False),
    ],
)
def test_proxy_knows_who_asks_for_a_stream(path: str, content_type: str, body: bytes, asks: bool) -> None:
    assert streaming_proxy.asks_for_stream(path, content_type, body) is asks


def test_document_gives_every_difference_with_its_reason() -> None:
    text = " ".join(DOCUMENT.read_text().split())
    listed = read_differences(HERE / "differences.toml")
    assert listed
    assert all(difference.reason in text for difference in listed)
