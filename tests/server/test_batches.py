"""/v1/batches: the official client, a killed server, and the runner alone."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import openai
import pytest

from martlet.server.batches.ledger import Ledger
from martlet.server.batches.local import LocalEndpoints
from martlet.server.batches.runner import BatchRunner
from martlet.server.files.shelf import FileShelf
from martlet.server.loop import EngineLoop
from martlet.server.metrics import Metrics
from martlet.server.owners import EVERYBODY, Owner
from martlet.server.storage import Limits, Storage
from tests.server.fakes import FakeEngine
from tests.servers import TINY_LLAMA, ServerProcess, start_server

CHAT = "/v1/chat/completions"
ONE, OTHER = Owner("0" * 32), Owner("1" * 32)
BODY: dict[str, Any] = {
    "messages": [{"role": "user", "content": "Hello"}],
    "max_tokens": 4,
    "temperature": 0,
    "ignore_eos": True,
}


@pytest.fixture
def client(tiny: ServerProcess) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=tiny.url, api_key="EMPTY", max_retries=0) as client:
        yield client


def request(custom_id: str, url: str = CHAT, **fields: Any) -> dict[str, Any]:
    return {"custom_id": custom_id, "method": "POST", "url": url, "body": {**BODY, **fields}}


def upload(client: openai.OpenAI, requests: Sequence[Any]) -> str:
    content = "".join(f"{json.dumps(line)}\n" for line in requests)
    return client.files.create(file=("in.jsonl", content.encode()), purpose="batch").id


def start(client: openai.OpenAI, requests: Sequence[Any], endpoint: Any = CHAT) -> Any:
    return client.batches.create(
        input_file_id=upload(client, requests), endpoint=endpoint, completion_window="24h"
    )


def await_end(client: openai.OpenAI, batch_id: str) -> Any:
    deadline = time.monotonic() + 60
    while True:
        batch = client.batches.retrieve(batch_id)
        if batch.status in ("completed", "failed", "cancelled", "expired"):
            return batch
        assert time.monotonic() < deadline, batch


def lines(client: openai.OpenAI, file_id: str | None) -> list[dict[str, Any]]:
    assert file_id is not None
    return [json.loads(line) for line in client.files.content(file_id).read().splitlines()]


def test_batch_is_answered_as_single_requests_are(client: openai.OpenAI) -> None:
    batch = start(client, [request(f"r{n}", max_tokens=n + 1) for n in range(12)])
    assert (batch.status, batch.object, batch.endpoint) == ("validating", "batch", CHAT)
    done = await_end(client, batch.id)
    assert done.status == "completed"
    assert done.request_counts.to_dict() == {"completed": 12, "failed": 0, "total": 12}
    assert done.error_file_id is None
    assert done.created_at <= done.in_progress_at <= done.finalizing_at <= done.completed_at
    answers = {line["custom_id"]: line for line in lines(client, done.output_file_id)}
    assert answers.keys() == {f"r{n}" for n in range(12)}
    for n in (0, 11):
        line = answers[f"r{n}"]
        assert line["error"] is None
        assert line["response"]["status_code"] == 200
        single: Any = client.chat.completions.create(
            model="tiny", extra_body={**BODY, "max_tokens": n + 1}, messages=BODY["messages"]
        )
        assert line["response"]["body"]["choices"] == single.to_dict()["choices"]
    file = client.files.retrieve(done.output_file_id)
    assert file.purpose == "batch_output"


def test_requests_that_fail_go_to_the_error_file(client: openai.OpenAI) -> None:
    requests = [
        request("good"),
        request("hot", temperature=9),
        request("elsewhere", model="nope"),
        request("streamed", stream=True),
    ]
    done = await_end(client, start(client, requests).id)
    assert done.status == "completed"
    assert done.request_counts.to_dict() == {"completed": 1, "failed": 3, "total": 4}
    assert [line["custom_id"] for line in lines(client, done.output_file_id)] == ["good"]
    failures = {line["custom_id"]: line["response"] for line in lines(client, done.error_file_id)}
    assert {key: response["status_code"] for key, response in failures.items()} == {
        "hot": 400, "elsewhere": 404, "streamed": 400,
    }  # fmt: skip
    assert failures["hot"]["body"]["error"]["param"] == "temperature"


@pytest.mark.parametrize(
    ("requests", "code", "line"),
    [
        ([], "empty_file", None),
        ([request("a"), request("a")], "duplicate_custom_id", 2),
        ([request("a"), request("b", url="/v1/completions")], "mismatched_endpoint", 2),
        ([{**request("a"), "method": "GET"}], "invalid_request", 1),
        ([{**request("a"), "body": 5}], "invalid_request", 1),
        ([["no request"]], "invalid_request", 1),
    ],
)
def test_faulty_file_fails_the_batch(
    client: openai.OpenAI, requests: Sequence[Any], code: str, line: int | None
) -> None:
    done = await_end(client, start(client, requests).id)
    assert done.status == "failed"
    assert done.failed_at is not None
    [error] = done.errors.data
    assert (error.code, error.line) == (code, line)


def test_faulty_batch_is_refused(client: openai.OpenAI) -> None:
    file_id = upload(client, [request("a")])
    good: dict[str, Any] = {"input_file_id": file_id, "endpoint": CHAT, "completion_window": "24h"}
    for bad in (
        {"endpoint": "/v1/embeddings"},  # which a model that writes does not have
        {"completion_window": "1h"},
        {"metadata": {"k" * 65: "v"}},
        {"output_expires_after": {"anchor": "created_at", "seconds": 5}},
    ):
        with pytest.raises(openai.BadRequestError) as refused:
            client.batches.create(**{**good, **bad})
        assert (refused.value.param or "").startswith(next(iter(bad)))
    with pytest.raises(openai.NotFoundError):
        client.batches.create(**{**good, "input_file_id": "file-0"})
    with pytest.raises(openai.NotFoundError):
        client.batches.retrieve("batch_0")


def test_batch_is_cancelled(client: openai.OpenAI) -> None:
    batch = start(client, [request(f"r{n}", max_tokens=400) for n in range(300)])
    with pytest.raises(openai.BadRequestError, match="still reads"):
        client.files.delete(batch.input_file_id)
    assert client.batches.cancel(batch.id).status == "cancelling"
    done = await_end(client, batch.id)
    assert done.status == "cancelled"
    assert done.request_counts.completed < 300
    with pytest.raises(openai.BadRequestError):
        client.batches.cancel(batch.id)
    client.files.delete(batch.input_file_id)


def test_batches_are_listed(client: openai.OpenAI) -> None:
    made = [await_end(client, start(client, [request("a")]).id).id for _ in range(3)]
    assert [batch.id for batch in client.batches.list(limit=2)][:3] == made[::-1]


def test_batch_of_completions_and_responses(client: openai.OpenAI) -> None:
    completion = {"custom_id": "c", "method": "POST", "url": "/v1/completions"}
    done = await_end(
        client,
        start(client, [{**completion, "body": {"prompt": "Hi", "max_tokens": 2}}], "/v1/completions").id,
    )
    [line] = lines(client, done.output_file_id)
    assert line["response"]["body"]["object"] == "text_completion"
    response = {"custom_id": "r", "method": "POST", "url": "/v1/responses"}
    done = await_end(client, start(client, [{**response, "body": {"input": "Hi"}}], "/v1/responses").id)
    [line] = lines(client, done.output_file_id)
    assert client.responses.retrieve(line["response"]["body"]["id"]).object == "response"


def test_killed_server_goes_on_without_losing_or_doubling(tmp_path: Path) -> None:
    arguments = (str(TINY_LLAMA), "--served-model-name", "tiny", "--storage-dir", str(tmp_path / "kept"))
    custom_ids = [f"r{n}" for n in range(240)]
    # the second half takes so long that the server is killed before the end
    requests = [request(f"r{n}", max_tokens=20 if n < 120 else 250) for n in range(240)]
    batch_id = ""
    for is_first, progress in ((True, 40), (False, 120)):
        with start_server(*arguments) as server:
            client = openai.OpenAI(base_url=server.url, api_key="EMPTY", max_retries=0)
            batch_id = start(client, requests).id if is_first else batch_id
            while client.batches.retrieve(batch_id).request_counts.completed < progress:  # type: ignore[union-attr]  # there are counts
                pass
            server.process.kill()
            server.process.wait(60)
            client.close()
    [answers] = (tmp_path / "kept" / "batch-answers").iterdir()
    assert 120 <= len(answers.read_bytes().splitlines()) < 240
    with open(answers, "ab") as file:
        file.write(b'{"id": "batch_req_torn", "custom_id"')  # as a crash within a write leaves it
    with start_server(*arguments) as server, openai.OpenAI(base_url=server.url, api_key="EMPTY") as client:
        done = await_end(client, batch_id)
        assert done.status == "completed"
        assert done.request_counts.to_dict() == {"completed": 240, "failed": 0, "total": 240}
        counts = Counter(line["custom_id"] for line in lines(client, done.output_file_id))
        assert counts == Counter(custom_ids)


# --- the runner alone -----------------------------------------------------------------------------------


class Bench:
    """A runner on a fake engine, with a clock and an endpoint of the test's own."""

    def __init__(self, folder: Path, post: Callable[[bytes], tuple[int, bytes]]) -> None:
        self.now = 1000.0
        self.storage = Storage(folder)
        clock = lambda: self.now  # noqa: E731
        self.shelf = FileShelf(
            self.storage, max_bytes=10**6, max_owner_bytes=10**6, max_age_s=1e6, clock=clock
        )
        self.ledger = Ledger(self.storage, self.shelf, Limits(100, 10**6, 1e6), clock)
        self.loop = EngineLoop(FakeEngine(), Metrics("fake", 100), max_in_flight=8)
        self.local = LocalEndpoints([])
        self.posted: list[bytes] = []
        self.owners: list[Owner] = []
        self.gates: dict[Owner, asyncio.Event] = {}
        """What an owner's requests wait for."""

        async def answer(path: str, body: bytes, owner: Owner) -> tuple[int, bytes]:
            self.posted.append(body)
            self.owners.append(owner)
            if owner in self.gates:
                await self.gates[owner].wait()
            return post(body)

        self.local.post = answer  # type: ignore[method-assign]  # an endpoint without a model
        self.runner = BatchRunner(self.ledger, self.shelf, self.local, self.loop, 8)

    def begin(self, num_requests: int, owner: Owner = EVERYBODY) -> str:
        content = b"".join(json.dumps(request(f"r{n}")).encode() + b"\n" for n in range(num_requests))
        file = self.shelf.add(owner, content, "in", "batch", None)
        return self.ledger.create(owner, CHAT, file.id, None, None).id

    async def run(self) -> None:
        self.runner.wake()
        await asyncio.gather(*self.runner._tasks.values())


def test_what_is_late_expires(tmp_path: Path) -> None:
    def post(body: bytes) -> tuple[int, bytes]:
        if len(bench.posted) == 3:
            bench.now += 25 * 3600
        return 200, b"{}"

    bench = Bench(tmp_path, post)
    batch_id = bench.begin(100)
    asyncio.run(bench.run())
    batch = bench.ledger.find(EVERYBODY, batch_id).batch
    assert batch.status == "expired"
    assert batch.request_counts is not None
    assert batch.request_counts.completed + batch.request_counts.failed == 100
    assert batch.error_file_id is not None
    last = json.loads(bench.shelf.path(EVERYBODY, batch.error_file_id).read_bytes().splitlines()[-1])
    assert last["response"] is None
    assert last["error"]["code"] == "batch_expired"


def test_full_queue_is_no_failure(tmp_path: Path) -> None:
    replies = iter([(429, b"{}"), (503, b"{}")])
    bench = Bench(tmp_path, lambda body: next(replies, (200, b"{}")))
    batch_id = bench.begin(2)
    asyncio.run(bench.run())
    counts = bench.ledger.find(EVERYBODY, batch_id).batch.request_counts
    assert counts is not None
    assert (counts.completed, counts.failed) == (2, 0)
    assert len(bench.posted) == 4


def test_bug_in_an_endpoint_fails_its_request_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def post(body: bytes) -> tuple[int, bytes]:
        if len(bench.posted) == 1:
            raise RuntimeError("at /secret/place.py")
        return 200, b"{}"

    bench = Bench(tmp_path, post)
    batch_id = bench.begin(3)
    asyncio.run(bench.run())
    batch = bench.ledger.find(EVERYBODY, batch_id).batch
    assert batch.error_file_id is not None
    failure = bench.shelf.path(EVERYBODY, batch.error_file_id).read_text()
    assert "secret" not in failure
    assert json.loads(failure)["response"]["status_code"] == 500
    assert "internal error in a request of a batch" in caplog.text


def test_batch_that_was_being_handed_out_is_handed_out_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path, lambda body: (200, b"{}"))
    batch_id = bench.begin(2)
    asyncio.run(bench.run())
    entry = bench.ledger.find(EVERYBODY, batch_id)
    before = bench.shelf.files(EVERYBODY)
    entry.batch.status, entry.batch.completed_at = "finalizing", None
    bench.ledger.save(entry)  # as if it had been killed right before the end
    bench.storage.close()

    again = Bench(tmp_path, lambda body: (200, b"{}"))
    asyncio.run(again.run())
    batch = again.ledger.find(EVERYBODY, batch_id).batch
    assert batch.status == "completed"
    assert batch.request_counts is not None
    assert batch.request_counts.completed == 2
    assert again.posted == []
    assert [file.id for file in again.shelf.files(EVERYBODY)] == [file.id for file in before]


def test_half_of_the_places_stay_free(tmp_path: Path) -> None:
    bench = Bench(tmp_path, lambda body: (200, b"{}"))
    assert bench.runner._has_place(0)
    assert bench.runner._has_place(3)
    bench.loop._sequences = dict.fromkeys("abcd")  # type: ignore[assignment]  # four requests of others
    assert not bench.runner._has_place(3)
    assert bench.runner._has_place(0)


def test_batch_does_not_wait_for_another_owners(tmp_path: Path) -> None:
    bench = Bench(tmp_path, lambda body: (200, b"{}"))
    slow, quick = bench.begin(50, ONE), bench.begin(3, OTHER)
    gate = bench.gates[ONE] = asyncio.Event()

    async def main() -> None:
        bench.runner.wake()
        of_one = bench.runner._tasks[ONE]
        await bench.runner._tasks[OTHER]
        assert bench.ledger.find(OTHER, quick).batch.status == "completed"
        assert not of_one.done()
        gate.set()
        await of_one

    asyncio.run(main())
    assert bench.ledger.find(ONE, slow).batch.status == "completed"
    assert Counter(bench.owners) == {ONE: 50, OTHER: 3}


def test_owners_of_batches_share_the_places(tmp_path: Path) -> None:
    bench = Bench(tmp_path, lambda body: (200, b"{}"))
    bench.begin(1, ONE)
    bench.begin(1, OTHER)

    async def main() -> None:
        bench.runner.wake()
        assert bench.runner._has_place(1)
        assert not bench.runner._has_place(2)
        await asyncio.gather(*bench.runner._tasks.values())
        assert bench.runner._has_place(3)

    asyncio.run(main())


def test_batches_of_an_owner_run_in_order(tmp_path: Path) -> None:
    bench = Bench(tmp_path, lambda body: (200, json.dumps(len(bench.posted)).encode()))
    ids = [bench.begin(2) for _ in range(3)]
    asyncio.run(bench.run())
    files = [bench.ledger.find(EVERYBODY, batch_id).batch.output_file_id for batch_id in ids]
    content = b"".join(bench.shelf.path(EVERYBODY, file_id or "").read_bytes() for file_id in files)
    answers = [json.loads(line)["response"]["body"] for line in content.splitlines()]
    assert [(number - 1) // 2 for number in answers] == [0, 0, 1, 1, 2, 2]
