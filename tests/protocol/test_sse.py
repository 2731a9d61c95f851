"""The event parser gives the same events however the bytes are cut, and no more than it should."""

from __future__ import annotations

import random
import time

import pytest

from martlet.errors import ProtocolError
from martlet.protocol.sse import DONE, Event, SSEParser, comment, error_frame, frame


def parse(*chunks: bytes) -> list[Event]:
    parser = SSEParser()
    return [event for chunk in chunks for event in parser.feed(chunk)]


def data(*chunks: bytes) -> list[bytes]:
    return [event.data for event in parse(*chunks)]


def bytewise(stream: bytes) -> list[Event]:
    return parse(*(stream[i : i + 1] for i in range(len(stream))))


def test_ordinary_frame_is_one_event() -> None:
    assert parse(frame(b'{"a":1}')) == [Event(b'{"a":1}')]
    assert data(frame(b"1") + frame(b"2") + DONE) == [b"1", b"2", b"[DONE]"]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_every_line_ending_works_at_every_cut(end: bytes) -> None:
    stream = end.join([b"event: e", b"data: a", b"data: b", b"", b"data: c", b"", b""])
    expected = [Event(b"a\nb", "e"), Event(b"c")]
    for i in range(len(stream) + 1):
        assert parse(stream[:i], stream[i:]) == expected
    assert bytewise(stream) == expected


def test_crlf_cut_in_two_is_one_line_end() -> None:
    assert data(b"data: a\r", b"\ndata: b\r", b"\n\r", b"\n") == [b"a\nb"]
    assert data(b"data: a\n\r", b"data: b\r\r") == [b"a", b"b"]


def test_other_separators_are_text() -> None:
    text = "a\u2028b\u0085c\x0bd\x0ce\x1cf".encode()
    assert data(b"data: " + text + b"\n\n") == [text]
    assert data(b"data: " + text + b"\r", b"\r") == [text]


def test_fields_follow_the_rules() -> None:
    stream = (
        b"id: 1\nevent: e\nretry: 250\nretry: x\ndata:a\ndata:  b\ndata\nunknown: x\ndatax: y\n\n"
        b"id: bad\0id\ndata: c\n\n"
        b"id\ndata: d\n\n"
    )
    parser = SSEParser()
    assert parser.feed(stream) == [Event(b"a\n b\n", "e", "1"), Event(b"c", None, "1"), Event(b"d", None, "")]
    assert parser.retry_ms == 250
    assert bytewise(stream) == parse(stream)


def test_events_without_data_are_skipped() -> None:
    assert (
        parse(b"event: ping\n\n", b"id: 4\n\n", b"retry: 1\n\n", b"data:\n\n", b"data: \n\n", b"\n\n") == []
    )
    assert parse(b"data:\ndata:\n\n", b"data: \r\n\r\n") == []
    # A name without data does not stick to the next event.
    assert parse(b"event: ping\n\ndata: a\n\n") == [Event(b"a")]


def test_comments_are_counted_not_delivered() -> None:
    parser = SSEParser()
    assert parser.feed(comment("keep-alive")) == []
    assert parser.feed(b":\n: x\ndata: a\n: y\n\n") == [Event(b"a")]
    assert parser.num_comments == 4
    assert comment("keep-alive") == b": keep-alive\n\n"


def test_retry_of_thousands_of_digits_is_ignored() -> None:
    parser = SSEParser()
    assert parser.feed(b"retry: 3\nretry: " + b"9" * 5000 + b"\ndata: a\n\n") == [Event(b"a")]
    assert parser.retry_ms == 3


@pytest.mark.parametrize(
    ("stream", "is_inside"),
    [
        (b"", False),
        (b"data: a\n\n", False),
        (b": bye", False),
        (b"dat", True),
        (b"data: a\n", True),
        (b"event: e\n", True),
        (b"event: e\n\n", False),
    ],
)
def test_beginning_of_an_event_is_told_from_a_comment(stream: bytes, is_inside: bool) -> None:
    parser = SSEParser()
    parser.feed(stream)
    assert parser.is_inside_event is is_inside


@pytest.mark.parametrize("cut", [0, 1, 2, 3, 4, 9])
def test_byte_order_mark_is_stripped(cut: int) -> None:
    stream = b"\xef\xbb\xbfdata: a\n\ndata: b\n\n"
    assert data(stream[:cut], stream[cut:]) == [b"a", b"b"]
    assert [event.data for event in bytewise(stream)] == [b"a", b"b"]


def test_only_a_leading_byte_order_mark_is_stripped() -> None:
    assert data(b"data: a\n\n\xef\xbb\xbfdata: b\n\n", b"data: c\n\n") == [b"a", b"c"]
    assert data(b"\xef", b"\xbbdata: b\n\n", b"data: c\n\n") == [b"c"]


@pytest.mark.parametrize(
    ("stream", "left"),
    [
        (b"data: [DONE]", [Event(b"[DONE]", is_complete=False)]),
        (b"data: a\n\ndata: [DONE]\n", [Event(b"[DONE]", is_complete=False)]),
        (b"data: a\r\n\r\ndata: b\r", [Event(b"b", is_complete=False)]),
        (b'data: a\n\ndata: {"x":', [Event(b'{"x":', is_complete=False)]),
        (b"event: e\ndata: b\nda", [Event(b"b", "e", is_complete=False)]),
        (b"data: a\n\n", []),
        (b"data: a\n\n: bye", []),
        (b"data: a\n\nevent: e", []),
        (b"", []),
    ],
)
def test_close_hands_out_the_unfinished_event(stream: bytes, left: list[Event]) -> None:
    parser = SSEParser()
    parser.feed(stream)
    assert parser.close() == left
    assert parser.close() == []


@pytest.mark.parametrize(
    "chunks",
    [[b"data: " + b"x" * 200 + b"\n\n"], [b"data: "] + [b"x"] * 200, [b"data: 123456789\n"] * 20],
    ids=["frame", "line", "lines"],
)
def test_too_large_an_event_is_an_error(chunks: list[bytes]) -> None:
    parser = SSEParser(max_event_bytes=100)
    with pytest.raises(ProtocolError, match="at most 100 bytes"):
        list(map(parser.feed, chunks))


def test_size_limit_is_per_event() -> None:
    parser = SSEParser(max_event_bytes=100)
    assert len(parser.feed(frame(b"x" * 80) * 10)) == 10


def test_large_event_in_tiny_chunks_takes_linear_time() -> None:
    def cpu_s(num_bytes: int) -> float:
        parser = SSEParser()
        started = time.process_time()
        parser.feed(b"data: ")
        for _ in range(num_bytes // 16):
            parser.feed(b"0123456789abcdef")
        (event,) = parser.feed(b"\n\n")
        assert len(event.data) == num_bytes
        return time.process_time() - started

    cpu_s(1 << 16)
    small, large = cpu_s(1 << 18), cpu_s(1 << 22)
    assert large < 16 * 8 * small  # 16 times the bytes; a parser that scans again takes 256 times as long


def test_large_event_of_many_lines_is_joined() -> None:
    lines = b"".join(b"data: %06d\n" % i for i in range(50_000))
    (event,) = parse(lines[:300_001], lines[300_001:], b"\n")
    assert event.data.count(b"\n") == 49_999


def test_large_event_of_64_mib_passes() -> None:
    block = b"x" * (1 << 20)
    (event,) = parse(b"data: ", *[block] * 64, b"\n\n")
    assert len(event.data) == 64 << 20


def test_frames_are_what_the_parser_reads() -> None:
    frames = frame(b"1") + comment("x") + frame(b"2", "name") + error_frame("né", "T", "p", 400) + DONE
    events = parse(frames)
    error = b'{"error": {"message": "n\\u00e9", "type": "T", "param": "p", "code": 400}}'
    assert events == [Event(b"1"), Event(b"2", "name"), Event(error), Event(b"[DONE]")]
    assert frame(b"2", "name") == b"event: name\ndata: 2\n\n"


def random_stream(rng: random.Random) -> bytes:
    lines = []
    for _ in range(rng.randrange(12)):
        for _ in range(rng.randrange(4)):
            name = rng.choice(["data", "data", "data", "event", "id", "retry", "", "other", "d"])
            value = "".join(rng.choice("ab :{}é7\0") for _ in range(rng.randrange(8)))
            lines.append(f"{name}{rng.choice([':', ': ', ':  '])}{value}" if rng.random() < 0.9 else name)
        lines.append("")
    stream = b"".join(line.encode() + rng.choice([b"\n", b"\r", b"\r\n"]) for line in lines)
    stream = stream[: len(stream) - rng.randrange(3)]
    return b"\xef\xbb\xbf" * (rng.random() < 0.2) + stream


def random_cuts(rng: random.Random, stream: bytes) -> list[bytes]:
    cuts = sorted(rng.randrange(len(stream) + 1) for _ in range(rng.randrange(20)))
    return [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]


def plain_parse(stream: bytes) -> list[tuple[str, str, str | None]]:
    """The rules written down once more, for a whole text: (data, name, id)."""
    text = stream.decode().removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    events: list[tuple[str, str, str | None]] = []
    lines: list[str] = []
    name = ""
    last_id: str | None = None
    for line in text.split("\n")[:-1]:
        field, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if not line:
            if "\n".join(lines).strip():
                events.append(("\n".join(lines), name, last_id))
            lines, name = [], ""
        elif field == "data":
            lines.append(value)
        elif field == "event":
            name = value
        elif field == "id" and "\0" not in value:
            last_id = value
    return events


def outcome(chunks: list[bytes]) -> tuple[list[Event], list[Event], int, int | None]:
    parser = SSEParser()
    events = [event for chunk in chunks for event in parser.feed(chunk)]
    return events, parser.close(), parser.num_comments, parser.retry_ms


@pytest.mark.parametrize("seed", range(300))
def test_random_stream_parses_the_same_in_any_chunks(seed: int) -> None:
    rng = random.Random(seed)
    stream = random_stream(rng)
    whole = outcome([stream])
    assert [(event.data.decode(), event.event or "", event.id) for event in whole[0]] == plain_parse(stream)
    assert outcome([stream[i : i + 1] for i in range(len(stream))]) == whole
    for _ in range(5):
        assert outcome(random_cuts(rng, stream)) == whole
