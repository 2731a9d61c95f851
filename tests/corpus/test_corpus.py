"""Our server answers the corpus's requests as vLLM 0.32 did, but for what differences.toml lists."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.corpus import checkpoints
from tests.corpus.comparison import Difference, Meant, differences, joined, read_meant
from tests.corpus.pairs import kept, read_calls, read_pairs, send
from tests.corpus.servers import CONFIGURATIONS
from tests.servers import start_server

MEANT = Path(__file__).with_name("differences.toml")
MIN_PAIRS = 250


class Replay:
    """All pairs of all servers, each sent once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.meant = read_meant(MEANT)
        self.unlisted = cache(self._unlisted)

    def _unlisted(self, name: str) -> list[Difference]:
        return [found for found in self._differences(name) if not self._is_meant(found)]

    def _is_meant(self, found: Difference) -> bool:
        return any(entry.covers(found) for entry in self.meant)

    def _differences(self, name: str) -> list[Difference]:
        configuration = CONFIGURATIONS[name]
        model = checkpoints.make(configuration.checkpoint, self._folder / configuration.checkpoint)
        adapter = checkpoints.make("adapter", self._folder / "adapter")
        options = [*configuration.options, *configuration.martlet]
        _, pairs = read_pairs(name)
        with start_server(
            str(model), "--served-model-name", *configuration.served_names,
            *(option.replace("{adapter}", str(adapter)) for option in options),
            env=configuration.environment,
        ) as server:  # fmt: skip
            replies = [kept(send(server.url, pair.call, adapter)) for pair in pairs]
        return [
            found
            for pair, ours in zip(pairs, replies, strict=True)
            for found in differences(f"{name}/{pair.call.name}", pair.reply, ours)
        ]


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    return Replay(tmp_path_factory.mktemp("corpus"))


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_replies_are_vllms_but_for_the_list(name: str, replay: Replay) -> None:
    unlisted = replay.unlisted(name)
    assert not unlisted, f"{len(unlisted)} differences\n" + "\n".join(map(str, unlisted))


def test_listed_differences_all_occur(replay: Replay) -> None:
    for name in CONFIGURATIONS:
        replay.unlisted(name)
    unused = [f"{sorted(entry.unused)}: {entry.reason}" for entry in replay.meant if entry.unused]
    assert not unused, "\n".join(unused)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_recording_is_of_these_requests_and_this_checkpoint(name: str, tmp_path: Path) -> None:
    about, pairs = read_pairs(name)
    assert [pair.call for pair in pairs] == read_calls(name), "record again: make corpus"
    folder = checkpoints.make(CONFIGURATIONS[name].checkpoint, tmp_path / "model")
    assert checkpoints.digest(folder) == about["checkpoint"], "record again: make corpus"


def test_corpus_has_enough_pairs() -> None:
    names = [f"{name}/{pair.call.name}" for name in CONFIGURATIONS for pair in read_pairs(name)[1]]
    assert len(set(names)) == len(names) >= MIN_PAIRS


def test_entry_covers_only_its_pairs_and_places() -> None:
    entry = Meant("why", ["house/chat: *", "house/other: a"], ["json.*", "headers.vary"])
    assert entry.covers(Difference("house/chat: plain", "json.id", 1, 2))
    assert not entry.covers(Difference("house/chat: plain", "headers.allow", 1, 2))
    assert not entry.covers(Difference("house/about: plain", "json.id", 1, 2))
    assert entry.unused == {"house/other: a", "headers.vary"}


def test_frames_are_joined_however_they_divide() -> None:
    def chunk(**delta: object) -> object:
        return {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}

    calls = (
        [{"index": 0, "id": "a", "function": {"name": "f"}}],
        [{"index": 0, "function": {"arguments": "{}"}}],
    )
    frames = [chunk(role="assistant", content=""), chunk(content="He"), chunk(content="llo"), "[DONE]"]
    frames += [chunk(tool_calls=each) for each in calls]
    delta = {
        "role": "assistant",
        "content": "Hello",
        "tool_calls": {"0": {"index": 0, "id": "a", "function": {"name": "f", "arguments": "{}"}}},
    }
    assert joined(frames) == {"0": {"index": 0, "delta": delta}}


def test_differences_name_each_place() -> None:
    vllm = {"status": 200, "json": {"a": [1, {"b": 1.0}], "c": None, "d": 1}}
    ours = {"status": 200, "json": {"d": 1, "a": [1, {"b": 2.0}], "e": None}}
    found = {each.place for each in differences("p", vllm, ours)}
    assert found == {"json.a.1.b", "json.c", "json.e", "json.order"}
    assert [each.place for each in differences("p", vllm, {**vllm, "status": 400})] == ["status"]
    assert differences("p", vllm, vllm) == []
