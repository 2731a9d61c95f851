"""What one key has stored is for another key as if it were not there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import openai
import pytest

from martlet.server.errors import NotStored
from martlet.server.owners import EVERYBODY, Owner
from martlet.server.responses.archive import Archive, StoredResponse, status_of
from martlet.server.storage import Limits, Storage
from tests.server.wire import Answer, call, fake_server, until
from tests.servers import TINY_LLAMA, ServerProcess, start_server

ALICE, BOB = "key-of-alice-4c1f", "key-of-bob-93ab"
SERVE = (str(TINY_LLAMA), "--served-model-name", "tiny", "--generation-config", "vllm")
ASK: dict[str, Any] = {"input": "Hello", "temperature": 0, "max_output_tokens": 4}
RESPONSES, FILES, BATCHES = "/v1/responses", "/v1/files", "/v1/batches"


@pytest.fixture(scope="module")
def shared() -> Iterator[ServerProcess]:
    with start_server(*SERVE, "--api-key", ALICE, BOB) as server:
        yield server


def ask(server: ServerProcess, key: str, method: str, path: str, body: Any = None) -> Answer:
    return call(server, method, path, body, headers={"authorization": f"Bearer {key}"})


def respond(server: ServerProcess, key: str, **fields: Any) -> str:
    answer = ask(server, key, "POST", RESPONSES, {**ASK, **fields})
    assert answer.status == 200, answer.body
    found: str = answer.json["id"]
    return found


def upload(server: ServerProcess, key: str, requests: Sequence[dict[str, Any]] = ()) -> str:
    content = "".join(f"{json.dumps(request)}\n" for request in requests) or "{}"
    with openai.OpenAI(base_url=server.url, api_key=key) as client:
        return client.files.create(file=("in.jsonl", content.encode()), purpose="batch").id


def run_batch(server: ServerProcess, key: str, bodies: Sequence[dict[str, Any]]) -> Any:
    """Run a batch of responses to its end."""
    lines = [
        {"custom_id": str(n), "method": "POST", "url": RESPONSES, "body": body}
        for n, body in enumerate(bodies)
    ]
    file_id = upload(server, key, lines)
    with openai.OpenAI(base_url=server.url, api_key=key) as client:
        batch = client.batches.create(
            input_file_id=file_id, endpoint="/v1/responses", completion_window="24h"
        )
        while batch.status != "completed":
            batch = client.batches.retrieve(batch.id)
            assert batch.status not in ("failed", "expired"), batch
        return batch


def answers_of(server: ServerProcess, key: str, file_id: str) -> dict[str, Any]:
    content = ask(server, key, "GET", f"{FILES}/{file_id}/content").body
    lines = [json.loads(line) for line in content.splitlines()]
    return {line["custom_id"]: line["response"] for line in lines}


def assert_unknown(server: ServerProcess, key: str, method: str, path: str, stored: str) -> None:
    """An id that somebody else holds is answered as one that nobody holds, but for the id itself."""
    unknown = stored[:-4] + ("0000" if stored[-4:] != "0000" else "1111")
    theirs, nobodys = (ask(server, key, method, path.format(each)) for each in (stored, unknown))
    assert theirs.status == nobodys.status == 404, (method, path)
    assert theirs.body.replace(stored.encode(), unknown.encode()) == nobodys.body


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/responses/{}"),
        ("GET", "/v1/responses/{}?stream=true"),
        ("GET", "/v1/responses/{}/input_items"),
        ("POST", "/v1/responses/{}/cancel"),
        ("DELETE", "/v1/responses/{}"),
    ],
)
def test_response_of_another_key_is_unknown(method: str, path: str, shared: ServerProcess) -> None:
    response_id = respond(shared, ALICE)
    assert_unknown(shared, BOB, method, path, response_id)
    assert ask(shared, ALICE, "GET", f"{RESPONSES}/{response_id}").status == 200


@pytest.mark.parametrize("path", [RESPONSES, "/v1/responses/input_tokens"])
def test_response_of_another_key_is_not_continued(path: str, shared: ServerProcess) -> None:
    response_id = respond(shared, ALICE, input="My secret is 42")
    follow_up = {**ASK, "previous_response_id": response_id}
    refused = ask(shared, BOB, "POST", path, follow_up)
    unknown = ask(shared, BOB, "POST", path, {**ASK, "previous_response_id": "resp_0"})
    assert refused.status == unknown.status == 404
    assert refused.body.replace(response_id.encode(), b"resp_0") == unknown.body
    assert ask(shared, ALICE, "POST", path, follow_up).status == 200


def test_response_in_the_making_is_its_owners() -> None:
    settings = json.dumps({"api_keys": [ALICE, BOB]})
    with fake_server("slow", "0.01", "0", "64", settings) as server:
        response_id = respond(server, ALICE, background=True, max_output_tokens=50_000)
        for method, path in (
            ("GET", "/v1/responses/{}"),
            ("GET", "/v1/responses/{}?stream=true"),
            ("POST", "/v1/responses/{}/cancel"),
            ("DELETE", "/v1/responses/{}"),
        ):
            assert_unknown(server, BOB, method, path, response_id)
        cancelled = ask(server, ALICE, "POST", f"{RESPONSES}/{response_id}/cancel")
        assert (cancelled.status, cancelled.json["status"]) == (200, "cancelled")
        assert_unknown(server, BOB, "POST", "/v1/responses/{}/cancel", response_id)


def test_two_keys_may_choose_one_id(shared: ServerProcess) -> None:
    for key in (ALICE, BOB):
        assert respond(shared, key, request_id="mine", input=f"I am {key}") == "mine"
    assert ask(shared, BOB, "DELETE", f"{RESPONSES}/mine").status == 200
    items = ask(shared, ALICE, "GET", f"{RESPONSES}/mine/input_items").json["data"]
    assert items[0]["content"][0]["text"] == f"I am {ALICE}"
    assert ask(shared, BOB, "GET", f"{RESPONSES}/mine").status == 404


def test_file_of_another_key_is_unknown(shared: ServerProcess) -> None:
    file_id = upload(shared, ALICE)
    for method, path in (
        ("GET", "/v1/files/{}"),
        ("GET", "/v1/files/{}/content"),
        ("DELETE", "/v1/files/{}"),
    ):
        assert_unknown(shared, BOB, method, path, file_id)
    assert file_id not in ask(shared, BOB, "GET", FILES).body.decode()
    assert file_id in ask(shared, ALICE, "GET", FILES).body.decode()
    assert ask(shared, BOB, "GET", f"{FILES}?after={file_id}").status == 400
    body = {"input_file_id": file_id, "endpoint": RESPONSES, "completion_window": "24h"}
    assert ask(shared, BOB, "POST", BATCHES, body).status == 404
    assert ask(shared, ALICE, "DELETE", f"{FILES}/{file_id}").status == 200


def test_batch_of_another_key_is_unknown(shared: ServerProcess) -> None:
    batch = run_batch(shared, ALICE, [ASK])
    assert_unknown(shared, BOB, "GET", "/v1/batches/{}", batch.id)
    assert_unknown(shared, BOB, "POST", "/v1/batches/{}/cancel", batch.id)
    assert_unknown(shared, BOB, "GET", "/v1/files/{}/content", batch.output_file_id)
    assert batch.id not in ask(shared, BOB, "GET", BATCHES).body.decode()
    assert batch.id in ask(shared, ALICE, "GET", BATCHES).body.decode()


def test_lines_of_a_batch_run_as_its_owner(shared: ServerProcess) -> None:
    own, others = respond(shared, ALICE), respond(shared, BOB)
    batch = run_batch(shared, ALICE, [{**ASK, "previous_response_id": each} for each in (own, others)])
    made = answers_of(shared, ALICE, batch.output_file_id)["0"]["body"]["id"]
    assert ask(shared, ALICE, "GET", f"{RESPONSES}/{made}").status == 200
    assert_unknown(shared, BOB, "GET", "/v1/responses/{}", made)
    assert answers_of(shared, ALICE, batch.error_file_id)["1"]["status_code"] == 404


# --- a folder and several servers -------------------------------------------------------------------------


def contents(folder: Path) -> bytes:
    """Return all that lies in a folder, names and contents."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return b"\n".join([str(path).encode() + b"\n" + path.read_bytes() for path in files])


def test_key_that_comes_back_finds_its_data(tmp_path: Path) -> None:
    serve = (*SERVE, "--storage-dir", str(tmp_path))
    with start_server(*serve, "--api-key", ALICE, BOB) as server:
        ids = {
            key: {
                RESPONSES: respond(server, key),
                FILES: upload(server, key),
                BATCHES: run_batch(server, key, [ASK]).id,
            }
            for key in (ALICE, BOB)
        }
    with start_server(*serve, "--api-key", "new", BOB) as server:
        for path, response_id in ids[ALICE].items():
            assert ask(server, ALICE, "GET", f"{path}/{response_id}").status == 401
            for key in ("new", BOB):
                assert ask(server, key, "GET", f"{path}/{response_id}").status == 404
        for path, response_id in ids[BOB].items():
            assert ask(server, BOB, "GET", f"{path}/{response_id}").status == 200
        assert ask(server, "new", "GET", FILES).json["data"] == []
        assert ask(server, "new", "GET", BATCHES).json["data"] == []
    with start_server(*serve, "--api-key", ALICE) as server:
        for path, response_id in ids[ALICE].items():
            assert ask(server, ALICE, "GET", f"{path}/{response_id}").status == 200
        assert respond(server, ALICE, previous_response_id=ids[ALICE][RESPONSES])
    kept = contents(tmp_path)
    for key in (ALICE, BOB):
        assert key.encode() not in kept
        assert hashlib.sha256(key.encode()).hexdigest()[:32].encode() not in kept


def test_data_without_a_key_is_no_keys(tmp_path: Path) -> None:
    serve = (*SERVE, "--storage-dir", str(tmp_path))
    with start_server(*serve) as server:
        response_id = respond(server, "none is asked for")
        assert (tmp_path / "responses" / f"{response_id}.json").exists()  # as before there were owners
    with start_server(*serve, "--api-key", ALICE) as server:
        assert_unknown(server, ALICE, "GET", "/v1/responses/{}", response_id)
        own = respond(server, ALICE)
        until(lambda: "belongs to no key" in server.stderr)
        assert str(tmp_path) not in server.stderr
    with start_server(*serve) as server:
        assert ask(server, "whoever", "GET", f"{RESPONSES}/{response_id}").status == 200
        assert ask(server, ALICE, "GET", f"{RESPONSES}/{own}").status == 404


def test_lost_secret_stops_the_start(tmp_path: Path) -> None:
    serve = (*SERVE, "--storage-dir", str(tmp_path), "--api-key", ALICE)
    with start_server(*serve) as server:
        respond(server, ALICE)
    (tmp_path / "secret").unlink()
    with pytest.raises(AssertionError, match="whose data is whose"), start_server(*serve):
        pass


def test_response_that_a_kill_interrupted_fails_for_its_owner(tmp_path: Path) -> None:
    one, other = Owner("0" * 32), Owner("1" * 32)
    limits = Limits(100, 10**6, 1e6)
    storage = Storage(tmp_path)
    begun = StoredResponse(response=msgspec.Raw(b'{"status":"queued"}'), input=[], history=[])
    Archive(storage, limits).begin(one, "resp_1", begun)
    storage.close()
    again = Archive(Storage(tmp_path), limits)
    assert status_of(again.find(one, "resp_1")) == "failed"
    for owner in (other, EVERYBODY):
        with pytest.raises(NotStored):
            again.find(owner, "resp_1")
