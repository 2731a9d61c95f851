"""Pairs of a request and its reply: how they are written down, sent, and read back.

A reply is kept as a client sees it, without what is different each time: ids are numbered in order of
appearance, times are 0, header values that count bytes are `*`. Messages of errors are `<text>`: the corpus
holds a server's behaviour, not its sentences.
"""

from __future__ import annotations

import base64
import json
import re
import socket
import struct
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
REQUESTS = HERE / "requests"
RECORDED = HERE / "recorded"
TIMEOUT_S = 120

Json = Any


@dataclass(frozen=True)
class Call:
    """One request. `body` is JSON to be; `raw` goes as it is.

    In a body, `{"$repeat": [text, times]}` stands for a long text, `{"$adapter": ""}` for the folder of an
    adapter.
    """

    name: str
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json = None
    raw: str | None = None
    """Characters stand for bytes (Latin-1)."""
    once: bool = False
    """Whether a second time would answer differently, since the server remembers the first."""

    def to_json(self) -> dict[str, Json]:
        defaults: dict[str, Json] = {"headers": {}, "body": None, "raw": None, "once": False}
        return {
            key: value for key, value in asdict(self).items() if value != defaults.get(key, value is None)
        }

    def to_bytes(self, adapter: Path | None = None) -> bytes:
        """Return the request as it goes over the wire."""
        content = b""
        headers = {"host": "corpus", "connection": "close"}
        if self.raw is not None:
            content = self.raw.encode("latin-1")
        elif self.body is not None:
            content = json.dumps(expanded(self.body, adapter), ensure_ascii=False).encode()
        if self.raw is not None or self.body is not None:
            headers |= {"content-type": "application/json", "content-length": str(len(content))}
        headers |= self.headers
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items() if v)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


def expanded(body: Json, adapter: Path | None = None) -> Json:
    if isinstance(body, dict):
        if "$adapter" in body:
            return str(adapter)
        if "$repeat" in body:
            text, times = body["$repeat"]
            return text * times
        return {key: expanded(value, adapter) for key, value in body.items()}
    return [expanded(item, adapter) for item in body] if isinstance(body, list) else body


# --- requests and recordings --------------------------------------------------------------------------


def read_calls(server: str) -> list[Call]:
    """Read the requests that are sent to one server: see tests/corpus/README.md for the format."""
    document = json.loads((REQUESTS / f"{server}.json").read_text())
    return [call for group in document["groups"] for call in _calls(group, document.get("bases", {}))]


def _calls(group: dict[str, Json], bases: dict[str, Json]) -> Iterator[Call]:
    base: Json = bases[group["base"]] if "base" in group else {}
    for name, body in group.get("bodies", {}).items():
        whole = {**base["body"], **group.get("with", {}), **body}
        path = group.get("path", base["path"])
        yield Call(f"{group['name']}: {name}", "POST", path, base.get("headers", {}), whole)
    for name, call in group.get("calls", {}).items():
        headers = {**base.get("headers", {}), **call.get("headers", {})}
        yield Call(f"{group['name']}: {name}", **{**call, "headers": headers})


@dataclass(frozen=True)
class Pair:
    """A request and what vLLM answered."""

    call: Call
    reply: Json


def read_pairs(server: str) -> tuple[dict[str, Json], list[Pair]]:
    """Return what is said about a recording, and its pairs."""
    about, *lines = (RECORDED / f"{server}.jsonl").read_text().splitlines()
    pairs = [json.loads(line) for line in lines]
    return json.loads(about), [Pair(Call(**pair["request"]), pair["reply"]) for pair in pairs]


def write_pairs(server: str, about: dict[str, Json], pairs: list[Pair]) -> None:
    lines = [about, *({"request": pair.call.to_json(), "reply": pair.reply} for pair in pairs)]
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    (RECORDED / f"{server}.jsonl").write_text(text)


# --- exchange -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What came back, as bytes."""

    status: int
    headers: dict[str, str]
    body: bytes


def send(url: str, call: Call, adapter: Path | None = None) -> Answer:
    """Send one request over a connection of its own."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port or 80), timeout=TIMEOUT_S) as connection:
        connection.sendall(call.to_bytes(adapter))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if headers.get("transfer-encoding") == "chunked" and call.method != "HEAD":
        body = b"".join(_chunks(body))
    return Answer(int(status.split()[1]), headers, body)


def _chunks(body: bytes) -> Iterator[bytes]:
    while True:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        if length == 0:
            return
        yield body[:length]
        body = body[length + 2 :]


# --- what is kept -------------------------------------------------------------------------------------

UNKEPT_HEADERS = {"date", "server", "connection"}
COUNTING_HEADERS = {"content-length"}
RANDOM_ID_LENGTH = 32
TIMES = {"created", "created_at", "completed_at"}
VARYING = {"system_fingerprint", "root", "signature"}
DECIMALS = 5
VECTOR_SIZE = 64


def kept(answer: Answer) -> dict[str, Json]:
    """Return the reply as the corpus holds it."""
    reply: dict[str, Json] = {"status": answer.status, "headers": _kept_headers(answer.headers)}
    content_type = answer.headers.get("content-type", "")
    masking = Masking()
    if content_type.startswith("text/event-stream"):
        reply["frames"] = [masking.frame(frame) for frame in _frames(answer.body.decode())]
    elif content_type.startswith("application/json") and answer.body:
        reply["json"] = masking.value(json.loads(answer.body))
    elif "version=1.0.0" in content_type:
        reply["metrics"] = metric_names(answer.body.decode())
    elif content_type == "application/octet-stream":
        reply["numbers"] = numbers(answer.body)
    elif answer.body:
        text = answer.body.decode("utf-8", "replace")
        reply["text"] = re.sub(r"^(\w+: ).*", r"\1<text>", text)
    return reply


def _kept_headers(headers: dict[str, str]) -> dict[str, Json]:
    names = sorted(headers.keys() - UNKEPT_HEADERS)
    return {name: _kept_header(name, headers[name]) for name in names}


def _kept_header(name: str, value: str) -> Json:
    if name in COUNTING_HEADERS or (name == "x-request-id" and len(value) == RANDOM_ID_LENGTH):
        return "*"
    return Masking().value(json.loads(value)) if value.startswith("{") else value


def _frames(text: str) -> Iterator[str]:
    assert text.endswith("\n\n"), text[-200:]
    yield from text.removesuffix("\n\n").split("\n\n")


def metric_names(text: str) -> dict[str, list[str]]:
    """Return each family's type, and the labels of its samples."""
    families: dict[str, list[str]] = {}
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, flags=re.MULTILINE):
        families[name] = [kind]
    for name, labels in re.findall(r"^(\w[\w:]*)\{(.*)\} ", text, flags=re.MULTILINE):
        family = next((name[:end] for end in range(len(name), 0, -1) if name[:end] in families), name)
        for label in re.findall(r"(\w+)=\"", labels):
            if label not in families.setdefault(family, ["?"])[1:]:
                families[family].append(label)
    return dict(sorted(families.items()))


def numbers(data: bytes) -> list[float]:
    """Return the vector that bytes hold: the corpus's have 64 numbers of float32 or float16."""
    kind = "f" if len(data) == VECTOR_SIZE * 4 else "e"
    return [round(number, DECIMALS) for (number,) in struct.iter_unpack(f"<{kind}", data)]


class Masking:
    """Replaces what is different each time. The same id gets the same number throughout a reply."""

    _ID = re.compile(
        r"^((?:[a-z]+[-_])*?[a-z]+[-_])?(?=[0-9a-f]*\d)(?:[0-9a-f]{16,}|[0-9a-f-]{36})((?:-\d+)?)$"
    )

    def __init__(self) -> None:
        self._numbers: dict[str, str] = {}

    def frame(self, frame: str) -> Json:
        """Return an event's data; with its name if it has one; as text if it is no JSON."""
        fields = [line.partition(": ")[::2] for line in frame.split("\n")]
        data = "\n".join(value for name, value in fields if name == "data")
        plain: Json = data
        if data.startswith("{"):
            plain = self.value(json.loads(data))
        names = [name for name, _ in fields]
        return plain if names == ["data"] else [dict(fields).get("event", frame), plain]

    def value(self, value: Json, key: str = "") -> Json:
        if isinstance(value, dict):
            if "message" in value and {"type", "code"} & value.keys() and isinstance(value["message"], str):
                return {k: "<text>" if k == "message" and v else self.value(v, k) for k, v in value.items()}
            return {k: self.value(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [self.value(item, key) for item in value]
        if isinstance(value, float):
            return round(value, DECIMALS)
        if key in ("embedding", "data", "base64") and isinstance(value, str):
            return {"base64": numbers(base64.b64decode(value))}
        if key in TIMES and isinstance(value, int):
            return 0
        if isinstance(value, str):
            return "*" if key in VARYING else self._without_id(value)
        return value

    def _without_id(self, text: str) -> str:
        found = self._ID.match(text)
        if found is None:
            return text
        prefix = found[1] or ""
        number = self._numbers.setdefault(text, str(len(self._numbers) + 1))
        return f"{prefix}*{number}"
