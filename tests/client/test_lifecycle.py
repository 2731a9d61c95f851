"""One client, many lives: processes that fork, loops that end, interpreters that exit."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref
from collections.abc import Callable

import pytest

import martlet
from tests.client.callers import HI
from tests.client.scripted import CHAT, PATIENCE_S, STREAM, ScriptedServer, http

Play = Callable[..., ScriptedServer]
PROGRAMS = {
    "sync": """
import martlet
client = martlet.OpenAI(base_url=URL)
client.models.list()
stream = client.chat.completions.create(model="m", messages=[], stream=True)
next(stream)
""",
    "async": """
import asyncio, martlet
client = martlet.AsyncOpenAI(base_url=URL)
async def main():
    await client.models.list()
    stream = await client.chat.completions.create(model="m", messages=[], stream=True)
    await stream.__anext__()
    global kept
    kept = stream
asyncio.run(main())
""",
}


@pytest.mark.parametrize("kind", PROGRAMS)
def test_exit_with_an_open_client_and_stream_is_silent(play: Play, kind: str) -> None:
    server = play([http(body={"object": "list", "data": []})], STREAM)
    program = PROGRAMS[kind].replace("URL", repr(server.url))
    command = [sys.executable, "-W", "error", "-c", program]
    result = subprocess.run(command, capture_output=True, text=True, timeout=110)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_forked_child_has_connections_of_its_own(play: Play) -> None:
    server = play([http(body=CHAT)])
    with martlet.OpenAI(base_url=server.url) as client:
        client.chat.completions.create(**HI)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = 0 if client.chat.completions.create(**HI).id == CHAT["id"] else 2
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        client.chat.completions.create(**HI)
    assert [seen.connection for seen in server.seen] == [0, 1, 0]


def test_dropped_client_closes_its_connections(play: Play) -> None:
    server = play([http(body=CHAT)])
    client = martlet.OpenAI(base_url=server.url)
    client.chat.completions.create(**HI)
    watch = weakref.ref(client)
    del client
    gc.collect()
    assert watch() is None
    assert server.gone.acquire(timeout=PATIENCE_S)
