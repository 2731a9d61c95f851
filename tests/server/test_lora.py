"""Adapters over HTTP: chosen by `model`, listed, loaded and unloaded while requests run."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import martlet
from martlet.cli.adapters import LoRAModule, lora_module, may_update
from martlet.engine.config import EngineConfig
from martlet.engine.engine import Engine
from martlet.engine.request import SamplingParams
from martlet.server.exposition import render
from martlet.server.metrics import Metrics
from tests.cli.test_serve import failure
from tests.engine.fakes import run_to_end
from tests.engine.models.random_adapter import TINY_LLAMA, save_adapter, tiny_adapter, tiny_values
from tests.server.asgi import SETTINGS, post
from tests.server.fakes import FakeEngine
from tests.server.wire import call
from tests.servers import ServerProcess, start_server

PROMPT = "the cat sat on a mat, while 12 birds sang. hello world!"
GREEDY: dict[str, Any] = {"temperature": 0, "max_tokens": 12, "extra_body": {"ignore_eos": True}}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("adapters")
    return {"wide": tiny_adapter(root / "wide"), "other": tiny_adapter(root / "other", 2)}


@pytest.fixture(scope="module")
def texts(folders: dict[str, Path]) -> dict[str, str]:
    """What the base model and each adapter say."""
    engine = Engine.from_folder(TINY_LLAMA, EngineConfig(enable_lora=True))
    assert engine.loras is not None
    found = {}
    for name in ("tiny", *folders):
        lora = engine.loras.load(name, str(folders[name])) if name in folders else None
        params = SamplingParams(max_tokens=12, temperature=0, ignore_eos=True)
        engine.add(name, engine.tokenizer.encode(PROMPT), params, lora=lora)
        found[name] = run_to_end(engine)[name].text
    assert len(set(found.values())) == 3
    return found


@pytest.fixture(scope="module")
def server(folders: dict[str, Path]) -> Iterator[ServerProcess]:
    with start_server(
        str(TINY_LLAMA), "--served-model-name", "tiny", "alias", "--generation-config", "vllm",
        "--enable-lora", "--lora-modules", f"wide={folders['wide']}",
        env={"VLLM_ALLOW_RUNTIME_LORA_UPDATING": "1"},
    ) as server:  # fmt: skip
        yield server


@pytest.fixture
def client(server: ServerProcess) -> Iterator[martlet.OpenAI]:
    with martlet.OpenAI(base_url=server.url, api_key="none", max_retries=0) as client:
        yield client
        for name in {model.id for model in client.models.list()} - {"tiny", "alias", "wide"}:
            client.vllm.unload_lora_adapter(lora_name=name)


def said(client: martlet.OpenAI, model: str) -> str:
    reply = client.completions.create(model=model, prompt=PROMPT, **GREEDY)
    assert reply.model == model
    text: str = reply.choices[0].text
    return text


# --- choosing -----------------------------------------------------------------------------------------


def test_model_chooses_the_adapter(client: martlet.OpenAI, texts: dict[str, str]) -> None:
    assert said(client, "wide") == texts["wide"]
    assert said(client, "tiny") == texts["tiny"]


def test_adapter_goes_with_every_kind_of_reply(client: martlet.OpenAI, texts: dict[str, str]) -> None:
    stream = client.completions.create(model="wide", prompt=PROMPT, stream=True, **GREEDY)
    chunks = list(stream)
    assert {chunk.model for chunk in chunks} == {"wide"}
    assert "".join(chunk.choices[0].text for chunk in chunks) == texts["wide"]
    beams: dict[str, Any] = {**GREEDY, "extra_body": {"use_beam_search": True, "ignore_eos": True}}
    searched = [
        client.completions.create(model=model, prompt=PROMPT, n=2, **beams) for model in ("wide", "tiny")
    ]
    assert searched[0].choices[0].text != searched[1].choices[0].text
    messages: Any = [{"role": "user", "content": "hello"}]
    chats = [
        client.chat.completions.create(model=model, messages=messages, **GREEDY) for model in ("wide", "tiny")
    ]
    assert [chat.model for chat in chats] == ["wide", "tiny"]
    assert chats[0].choices[0].message.content != chats[1].choices[0].message.content
    responses = [
        client.responses.create(model=model, input="hello", temperature=0, max_output_tokens=12)
        for model in ("wide", "tiny")
    ]
    assert [response.model for response in responses] == ["wide", "tiny"]
    assert responses[0].output_text != responses[1].output_text


def test_adapters_are_listed_with_parent_and_root(client: martlet.OpenAI, folders: dict[str, Path]) -> None:
    base, alias, adapter = client.models.list()
    assert [base.id, alias.id, adapter.id] == ["tiny", "alias", "wide"]
    assert (base.parent, base.root) == (None, "tiny")
    assert (adapter.parent, adapter.root) == ("tiny", str(folders["wide"]))
    assert adapter.max_model_len is None
    assert client.models.retrieve("wide").root == adapter.root


def test_unknown_name_is_not_found_and_adapters_are_told(client: martlet.OpenAI) -> None:
    with pytest.raises(martlet.NotFoundError, match="served: `tiny`, `alias`, `wide`"):
        said(client, "nobody")
    with pytest.raises(martlet.NotFoundError):
        client.models.retrieve("nobody")


# --- loading and unloading ----------------------------------------------------------------------------


def test_adapter_is_loaded_used_replaced_and_unloaded(
    client: martlet.OpenAI, folders: dict[str, Path], texts: dict[str, str]
) -> None:
    load, unload = client.vllm.load_lora_adapter, client.vllm.unload_lora_adapter
    path = str(folders["other"])
    assert load(lora_name="new", lora_path=path) == "Success: LoRA adapter 'new' added successfully."
    assert said(client, "new") == texts["other"]
    with pytest.raises(martlet.BadRequestError, match=r"'new' has already been loaded\. If you"):
        load(lora_name="new", lora_path=path)
    assert "added" in load(lora_name="new", lora_path=str(folders["wide"]), load_inplace=True)
    assert said(client, "new") == texts["wide"]
    assert unload(lora_name="new") == "Success: LoRA adapter 'new' removed successfully."
    with pytest.raises(martlet.NotFoundError):
        said(client, "new")
    with pytest.raises(martlet.NotFoundError, match="The lora adapter 'new' cannot be found"):
        unload(lora_name="new")


def test_request_outlives_its_adapter(
    client: martlet.OpenAI, folders: dict[str, Path], texts: dict[str, str]
) -> None:
    client.vllm.load_lora_adapter(lora_name="short", lora_path=str(folders["other"]))
    options = {**GREEDY, "max_tokens": 300}
    stream = client.completions.create(model="short", prompt=PROMPT, stream=True, **options)
    pieces = [next(stream).choices[0].text]
    client.vllm.unload_lora_adapter(lora_name="short")
    with pytest.raises(martlet.NotFoundError):
        said(client, "short")
    pieces += [chunk.choices[0].text for chunk in stream]
    assert len(pieces) > 100
    assert "".join(pieces).startswith(texts["other"])


def refusal(server: ServerProcess, path: str, body: dict[str, Any]) -> tuple[int, str, str | None, str]:
    answer = call(server, "POST", path, body)
    error = answer.json["error"]
    assert error["code"] == answer.status
    return answer.status, error["type"], error["param"], error["message"]


@pytest.mark.parametrize(
    ("body", "status", "kind", "param", "message"),
    [
        ({"lora_name": "x"}, 400, "Bad Request", "body.lora_path", "missing required field"),
        ({"lora_path": "x"}, 400, "Bad Request", "body.lora_name", "missing required field"),
        ({"lora_name": 3, "lora_path": "x"}, 400, "Bad Request", "body.lora_name", "Expected `str`"),
        (
            {"lora_name": "", "lora_path": "x"},
            400, "InvalidUserInput", None, "Both 'lora_name' and 'lora_path' must be provided.",
        ),
        (
            {"lora_name": "alias", "lora_path": "x"},
            400, "InvalidUserInput", None, "The lora adapter 'alias' conflicts with a served base model.",
        ),
        ({"lora_name": "n" * 257, "lora_path": "x"}, 400, "InvalidUserInput", None, "at most 256 characters"),
        (
            {"lora_name": "x", "lora_path": "/etc"},
            404, "NotFoundError", None, "the adapter `x` cannot be loaded: no adapter_config.json was found",
        ),
        (
            {"lora_name": "x", "lora_path": "x", "is_3d_lora_weight": True},
            400, "BadRequestError", "is_3d_lora_weight", "experts take no adapters here",
        ),
    ],
)  # fmt: skip
def test_load_is_refused_as_by_vllm(
    server: ServerProcess, body: dict[str, Any], status: int, kind: str, param: str | None, message: str
) -> None:
    found = refusal(server, "/v1/load_lora_adapter", body)
    assert found[:3] == (status, kind, param)
    assert message in found[3]
    assert "/etc" not in found[3]


def test_unload_is_refused_as_by_vllm(server: ServerProcess) -> None:
    path = "/v1/unload_lora_adapter"
    assert refusal(server, path, {})[:3] == (400, "Bad Request", "body.lora_name")
    assert refusal(server, path, {"lora_name": ""})[:2] == (400, "InvalidUserInput")
    assert refusal(server, path, {"lora_name": "tiny"})[:2] == (404, "NotFoundError")


def test_damaged_adapter_names_the_tensor_and_no_path(server: ServerProcess, tmp_path: Path) -> None:
    values, config = tiny_values()
    name = min(values)
    values[name][0, 0] = float("nan")
    save_adapter(tmp_path, config, values)
    found = refusal(server, "/v1/load_lora_adapter", {"lora_name": "x", "lora_path": str(tmp_path)})
    assert found[:3] == (400, "BadRequestError", None)
    assert f"adapter_model.safetensors: tensor '{name}' is damaged" in found[3]
    assert str(tmp_path) not in found[3]
    assert str(tmp_path) not in server.stderr


def test_fields_that_do_nothing_are_named(
    server: ServerProcess, client: martlet.OpenAI, folders: dict[str, Path]
) -> None:
    body = {"lora_name": "named", "lora_path": str(folders["other"]), "colour": "red"}
    answer = call(server, "POST", "/v1/load_lora_adapter", body)
    assert (answer.status, answer.headers["x-martlet-ignored"]) == (200, "colour")


def test_metrics_tell_adapters(folders: dict[str, Path], client: martlet.OpenAI) -> None:
    engine = Engine.from_folder(TINY_LLAMA, EngineConfig(enable_lora=True, max_loras=1))
    assert engine.loras is not None
    for name, folder in folders.items():
        adapter = engine.loras.load(name, str(folder))
        engine.add(name, [1, 2, 3], SamplingParams(max_tokens=9, ignore_eos=True), lora=adapter)
    engine.step()
    page = render(Metrics("m", 100), engine.stats()).decode()
    labels = '{max_lora="1",running_lora_adapters="wide",waiting_lora_adapters="other"}'
    assert f"vllm:lora_requests_info{labels} " in page
    idle = {"max_lora": "64", "running_lora_adapters": "", "waiting_lora_adapters": ""}
    assert client.vllm.metrics().value("vllm:lora_requests_info", **idle) > 1e9


# --- where it is not allowed --------------------------------------------------------------------------


def test_routes_are_not_there_unless_allowed(tiny: ServerProcess) -> None:
    for path in ("/v1/load_lora_adapter", "/v1/unload_lora_adapter"):
        answer = call(tiny, "POST", path, {"lora_name": "x", "lora_path": "x"})
        assert (answer.status, answer.json) == (404, {"detail": "Not Found"})


def test_server_without_adapters_says_how_to_get_them() -> None:
    settings = replace(SETTINGS, allow_runtime_lora_updating=True)
    answer = post(FakeEngine(), "/v1/load_lora_adapter", {"lora_name": "x", "lora_path": "x"}, settings)
    assert answer.status == 400
    assert "start it with --enable-lora" in answer.json["error"]["message"]
    assert post(FakeEngine(), "/v1/unload_lora_adapter", {"lora_name": "x"}, settings).status == 404


def test_keys_guard_loading() -> None:
    settings = replace(SETTINGS, allow_runtime_lora_updating=True, api_keys=("secret",))
    assert post(FakeEngine(), "/v1/load_lora_adapter", {}, settings).status == 401


# --- flags --------------------------------------------------------------------------------------------


def test_modules_are_read_as_pairs_and_as_json() -> None:
    assert lora_module("a=/b=c") == LoRAModule("a", "/b=c")
    assert lora_module('{"name": "a", "path": "b"}') == LoRAModule("a", "b")
    assert lora_module('{"name": "a", "path": "b", "base_model_name": "c"}') == LoRAModule("a", "b", "c")
    for text in (
        "a",
        "=b",
        "a=",
        "{",
        '{"name": "a"}',
        '{"name": "a", "path": 1}',
        '{"name": "a", "weight": 1}',
    ):
        with pytest.raises(argparse.ArgumentTypeError):
            lora_module(text)


def test_flag_wins_over_the_environment() -> None:
    ours, theirs = "MARTLET_ALLOW_RUNTIME_LORA_UPDATING", "VLLM_ALLOW_RUNTIME_LORA_UPDATING"
    assert may_update(None, {theirs: "True"})
    assert may_update(None, {ours: "1"})
    assert not may_update(False, {theirs: "1"})
    assert not may_update(None, {ours: "0", theirs: "1"})
    assert may_update(True, {})
    assert not may_update(None, {})


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--lora-modules", "a=b"], 2, "--lora-modules goes with --enable-lora, which is missing"),
        (["--allow-runtime-lora-updating"], 2, "--allow-runtime-lora-updating goes with --enable-lora"),
        (["--enable-lora", "--lora-modules", "a=b", "a=c"], 2, "--lora-modules names a twice"),
        (["--enable-lora", "--lora-modules", "a"], 2, "must be NAME=PATH, or a JSON object, got a"),
        (["--enable-lora", "--max-lora-rank", "0"], 2, "--max-lora-rank must be at least 1"),
        (["--enable-lora", "--lora-modules", "m=b"], 1, "m is a name of the model itself"),
        (
            ["--enable-lora", "--lora-modules", '{"name": "a", "path": "b", "base_model_name": "c"}'],
            1,
            "a is for c, and served is m",
        ),
        (["--enable-lora", "--lora-modules", "a=./none"], 1, "no adapter_config.json was found (./none)"),
        (["--enable-lora", "--convert", "embed"], 1, "--enable-lora is True: only models that generate"),
    ],
)
def test_flags_that_cannot_be_are_told_in_one_line(arguments: list[str], code: int, message: str) -> None:
    assert message in failure(str(TINY_LLAMA), "--served-model-name", "m", *arguments, code=code)
