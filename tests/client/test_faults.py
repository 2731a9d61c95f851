"""Every ending that docs/client.md lists: what the program gets, and that none of them passes for success."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import martlet
from tests.client.callers import HI, Caller
from tests.client.faults import EITHER, OK, STREAMS, UNREACHABLE, Fault
from tests.client.scripted import PATIENCE_S

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "client.md"
NAMES = {True: "streamed", False: "plain"}
TIMEOUTS_S = {"APITimeoutError": 0.25, "StreamStalled": 1.0}
"""For endings that only a limit brings. A stream's head must come within it, on a busy machine too."""


def outcome(call: Callable[[], Any]) -> str:
    """The class of what `call` raises; `OK` if it returned the whole reply."""
    try:
        got = call()
    except martlet.OpenAIError as error:
        return type(error).__name__
    if isinstance(got, list):
        assert "".join(item.choices[0].delta.content or "" for item in got) == "Hello!"
    else:
        assert got.choices[0].message.content == "Hello!"
    return OK


def call(caller: Caller, url: str, expected: str, *, stream: bool) -> str:
    client = caller.client(url, max_retries=0, timeout=TIMEOUTS_S.get(expected, PATIENCE_S))

    def run() -> Any:
        got = caller.run(client.chat.completions.create(**HI, stream=stream))
        return caller.items(got) if stream else got

    return outcome(run)


def faults(kinds: list[Fault], *, stream: bool) -> list[Any]:
    return [
        pytest.param(fault, stream, id=f"{fault.name}, {NAMES[stream]}")
        for fault in kinds
        if (fault.streamed if stream else fault.plain)
    ]


@pytest.mark.parametrize(
    ("fault", "stream"),
    [*faults(EITHER + STREAMS, stream=False), *faults(EITHER + STREAMS, stream=True)],
)
def test_ending_is_told_as_documented(play: Any, caller: Caller, fault: Fault, stream: bool) -> None:
    server = play(fault.scene)
    expected = fault.streamed if stream else fault.plain
    assert call(caller, server.url, expected, stream=stream) == expected
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("fault", "stream"), [*faults(UNREACHABLE, stream=False), *faults(UNREACHABLE, stream=True)]
)
def test_unreachable_server_is_told_as_documented(
    caller: Caller, fault: Fault, stream: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo

    def know_no_invalid(host: Any, *args: Any, **options: Any) -> Any:
        """Answers at once, as a network without that host does; where there is none, it may take its time."""
        if "invalid" in str(host):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", know_no_invalid)
    expected = fault.streamed if stream else fault.plain
    assert call(caller, fault.scene, expected, stream=stream) == expected


def test_document_lists_every_ending() -> None:
    rows = [
        [cell.strip().strip("`") for cell in line.strip("| \n").split("|")]
        for line in DOCUMENT.read_text().splitlines()
        if line.startswith("|")
    ]
    documented = {row[0]: row[1:3] for row in rows if len(row) == 3}
    for fault in [*UNREACHABLE, *EITHER, *STREAMS]:
        plain = fault.plain or "-"
        assert documented.get(fault.name) == [plain, fault.streamed], fault.name
