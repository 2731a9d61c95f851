"""Every decoder family against transformers, and against itself, on tiny models with weights from a seed."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast, get_args

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from martlet.engine import kernels
from martlet.engine.checkpoint import load_checkpoint
from martlet.engine.models import FAMILIES, Family, build_model
from martlet.engine.models.base import ACTIVATIONS
from martlet.engine.models.decoder import Model
from martlet.engine.models.hf_config import HFConfig
from martlet.engine.models.rope import Rope, RopeKind
from martlet.engine.models.spec import DecoderSpec, LayerSpec
from martlet.engine.models.weights import load_weights
from martlet.errors import CheckpointError
from tests.engine.models.oracle import load_script
from tests.engine.models.random_checkpoint import (
    FAMILY_FIXTURES,
    FamilyFixture,
    fixture_names,
    write_checkpoint,
)
from tests.engine.models.sessions import Session, load_model, random_prompts, relative_error

NAMES = fixture_names()

each_fixture = pytest.mark.parametrize("name", NAMES)
each_kernels = pytest.mark.parametrize("kernels_name", kernels.available())


@cache
def read(name: str) -> FamilyFixture:
    return FamilyFixture.read(name)


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Model folders by the name of their fixture."""
    root = tmp_path_factory.mktemp("families")

    @cache
    def folder_of(name: str) -> Path:
        fixture = read(name)
        write_checkpoint(root / name, fixture.config, fixture.tensors, fixture.seed)
        return root / name

    return folder_of


@pytest.fixture
def folder(folders: Callable[[str], Path], name: str) -> Path:
    return folders(name)


def family_of(fixture: FamilyFixture) -> Family:
    return cast(Family, import_module(FAMILIES[fixture.config["model_type"]]))


# --- the same as transformers -------------------------------------------------------------------------


def test_every_family_has_a_fixture() -> None:
    tested = {read(name).config["model_type"] for name in NAMES}
    assert tested == set(FAMILIES) - {"llama"}  # its own fixtures are in test_decoder.py
    for name in NAMES:
        assert read(name).config["architectures"][0] in family_of(read(name)).ARCHITECTURES


@each_kernels
@each_fixture
def test_logits_equal_transformers(name: str, folder: Path, kernels_name: str) -> None:
    fixture = read(name)
    got = Session(load_model(folder, kernels_name)).last_logits(fixture.prompt_token_ids, len(fixture.logits))
    assert relative_error(got, fixture.logits) < 1e-4


@each_kernels
@each_fixture
def test_greedy_text_equals_transformers(name: str, folder: Path, kernels_name: str) -> None:
    wanted = read(name).greedy_token_ids
    session = Session(load_model(folder, kernels_name))
    request = session.new(read(name).prompt_token_ids, len(wanted))
    assert len(wanted) == 64
    assert session.greedy(request, len(wanted)) == wanted


@pytest.mark.oracle
@each_fixture
def test_transformers_still_gives_the_goldens(name: str, folder: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    script, fixture = load_script("make_family_goldens"), read(name)
    goldens, logits, _ = script.compute(folder, fixture.prompt_token_ids)
    assert relative_error(logits, fixture.logits) < 1e-5
    assert goldens["greedy_token_ids"] == fixture.greedy_token_ids
    assert script.saved_tensors(fixture.config) == fixture.tensors


# --- the same bits, however it is run -----------------------------------------------------------------


@each_kernels
@each_fixture
def test_batched_logits_equal_single(name: str, folder: Path, kernels_name: str) -> None:
    session = Session(load_model(folder, kernels_name))
    prompts = random_prompts(session.runner.model, 1, 17, 40, 5, 16)
    alone = [session.step((session.new(prompt), len(prompt)))[0] for prompt in prompts]
    together = session.step(*((session.new(prompt), len(prompt)) for prompt in prompts))
    assert together.tobytes() == np.stack(alone).tobytes()


@each_kernels
@each_fixture
def test_chunked_prompt_equals_one_shot(name: str, folder: Path, kernels_name: str) -> None:
    session = Session(load_model(folder, kernels_name))
    (prompt,) = random_prompts(session.runner.model, 50)
    whole = session.step((session.new(prompt), 50))
    chunked = session.new(prompt)
    for num_tokens in (1, 7, 16, 18):
        session.step((chunked, num_tokens))
    assert session.step((chunked, 8)).tobytes() == whole.tobytes()


# --- every difference of a family shows ---------------------------------------------------------------


def mutations(spec: DecoderSpec) -> Iterator[tuple[str, DecoderSpec]]:
    """A spec with each thing that its family says left out, one at a time."""
    for field in dataclasses.fields(spec):
        value = getattr(spec, field.name)
        if field.default is not dataclasses.MISSING and value != field.default:
            yield field.name, replace(spec, **{field.name: field.default})
    yield "attention_scale", replace(spec, attention_scale=spec.attention_scale * 1.5)
    yield "rms_norm_eps", replace(spec, rms_norm_eps=0.1)
    if spec.tie_embeddings:  # a head that is stored is used, whatever the settings say
        yield "tie_embeddings", replace(spec, tie_embeddings=False)
    for number, layer in enumerate(spec.layers):
        for what, other in layer_mutations(layer):
            layers = (*spec.layers[:number], other, *spec.layers[number + 1 :])
            yield f"layers.{number}.{what}", replace(spec, layers=layers)


def layer_mutations(layer: LayerSpec) -> Iterator[tuple[str, LayerSpec]]:
    if layer.window is not None:
        yield "window", replace(layer, window=None)
        yield "window + 1", replace(layer, window=layer.window + 1)
    else:
        yield "window", replace(layer, window=12)
    if layer.rope is None:
        yield "rope", replace(layer, rope=Rope(theta=10000.0))
    else:
        yield "rope", replace(layer, rope=None)
        for what, rope in rope_mutations(layer.rope):
            yield f"rope.{what}", replace(layer, rope=rope)
    if layer.experts is not None:
        one_less = layer.experts.num_experts_per_tok - 1
        yield "experts", replace(layer, experts=replace(layer.experts, num_experts_per_tok=one_less))
        yield (
            "experts.normalizes_shares",
            replace(
                layer,
                experts=replace(layer.experts, normalizes_shares=not layer.experts.normalizes_shares),
            ),
        )


def rope_mutations(rope: Rope) -> Iterator[tuple[str, Rope]]:
    yield "theta", replace(rope, theta=rope.theta * 2)
    if rope.kind == "longrope":
        yield "factors", replace(rope, short_factor=rope.long_factor, long_factor=rope.short_factor)
        yield "attention_factor", replace(rope, attention_factor=1.0)
        return
    for field in dataclasses.fields(rope):
        default: Any = field.default
        if field.name != "theta" and getattr(rope, field.name) != default:
            yield field.name, replace(rope, **{field.name: default})


@each_fixture
def test_every_setting_of_the_spec_shows(name: str, folder: Path) -> None:
    """Whatever is left out or changed, logits are others, or the weights do not fit."""
    fixture, family = read(name), family_of(read(name))
    reference = kernels.load("reference")
    spec = family.spec(HFConfig(fixture.config, folder / "config.json"))
    unnoticed = []
    for what, other in mutations(spec):
        try:
            weights = load_weights(load_checkpoint(folder), other, family, reference)
        except CheckpointError:
            continue
        got = Session(Model(other, weights, reference)).last_logits(
            fixture.prompt_token_ids, len(fixture.logits)
        )
        if relative_error(got, fixture.logits) < 1e-3:
            unnoticed.append(what)
    assert not unnoticed


# --- settings -----------------------------------------------------------------------------------------


def spec_of(name: str, **changes: Any) -> DecoderSpec:
    """The spec of a fixture whose config.json says something else; ... takes a key away."""
    config = {key: value for key, value in {**read(name).config, **changes}.items() if value is not ...}
    return family_of(read(name)).spec(HFConfig(config, Path("config.json")))


def windows_of(spec: DecoderSpec) -> list[int | None]:
    return [layer.window for layer in spec.layers]


def test_absent_window_is_the_familys_and_null_is_none() -> None:
    assert windows_of(spec_of("mistral", sliding_window=...)) == [4096, 4096]
    assert windows_of(spec_of("mistral", sliding_window=None)) == [None, None]
    assert windows_of(spec_of("mixtral", sliding_window=...)) == [None, None]
    assert windows_of(spec_of("gemma2", sliding_window=...)) == [4096, None]


def test_layer_types_decide_which_layers_slide() -> None:
    kinds = ["full_attention", "sliding_attention"]
    assert windows_of(spec_of("gemma2", layer_types=kinds)) == [None, 12]
    assert windows_of(spec_of("gemma3", layer_types=kinds)) == [None, 12]
    assert windows_of(spec_of("qwen2-window-yarn", layer_types=kinds[::-1])) == [12, None]
    assert windows_of(spec_of("qwen2", layer_types=kinds)) == [None, None]  # use_sliding_window is false


def test_gemma3_alternates_in_sixes_by_default() -> None:
    spec = spec_of("gemma3", sliding_window_pattern=..., num_hidden_layers=12)
    assert [number for number, window in enumerate(windows_of(spec)) if window is None] == [5, 11]


def test_cache_forgets_only_what_no_layer_sees() -> None:
    windows = {name: spec_of(name).window for name in NAMES}
    assert {name for name, window in windows.items() if window is not None} == {
        name for name in NAMES if None not in windows_of(spec_of(name))
    }
    assert (windows["mistral"], windows["mistral-full"], windows["gemma2"], windows["gemma3"]) == (
        12,
        *[None] * 3,
    )


def test_smollm3_knows_no_positions_in_every_fourth_layer_by_default() -> None:
    spec = spec_of(
        "smollm3", no_rope_layers=..., no_rope_layer_interval=..., layer_types=..., num_hidden_layers=8
    )
    assert [number for number, layer in enumerate(spec.layers) if layer.rope is None] == [3, 7]


def test_qwen3_moe_has_experts_in_every_so_many_layers() -> None:
    spec = spec_of("qwen3_moe", num_hidden_layers=6, decoder_sparse_step=2, mlp_only_layers=[3])
    assert [number for number, layer in enumerate(spec.layers) if layer.experts] == [1, 5]


def test_text_settings_of_gemma3_may_be_the_default_ones() -> None:
    """Hub checkpoints say only what differs from transformers' defaults."""
    settings = {
        "hidden_size": 2560,
        "intermediate_size": 10240,
        "num_hidden_layers": 34,
        "rope_scaling": {"factor": 8.0, "rope_type": "linear"},
        "sliding_window": 1024,
    }
    spec = spec_of("gemma3-vision", text_config=settings, tie_word_embeddings=...)
    assert (spec.vocab_size, spec.num_heads, spec.num_kv_heads, spec.head_dim) == (262208, 8, 4, 256)
    assert spec.max_position_embeddings == 131072
    assert spec.tie_embeddings
    ropes = {layer.window: layer.rope for layer in spec.layers}
    assert ropes == {
        1024: Rope(theta=10000.0),
        None: Rope(theta=1000000.0, kind="linear", factor=8.0),
    }


def test_yarn_stretches_the_original_context() -> None:
    assert spec_of("qwen2-window-yarn").max_position_embeddings == 4 * 32
    assert spec_of("qwen3-yarn").max_position_embeddings == 8 * 64


def test_longrope_turns_by_the_context_that_is_served(folders: Callable[[str], Path]) -> None:
    fixture = read("phi3-longrope")
    checkpoint, reference = folders("phi3-longrope"), kernels.load("reference")
    (rope,) = {layer.rope for layer in spec_of("phi3-longrope").layers}
    assert rope is not None
    assert np.array_equal(rope.inv_freq(4, 32) / rope.inv_freq(4, 33), np.array([1.5, 4.0 / 1.3], np.float32))
    logits = [
        Session(build_model(load_checkpoint(checkpoint), reference, context)).last_logits(
            fixture.prompt_token_ids[:32], 1
        )
        for context in (None, 33, 32)
    ]
    assert logits[0].tobytes() == logits[1].tobytes() != logits[2].tobytes()


@pytest.mark.parametrize(
    ("name", "changes", "problem"),
    [
        ("mistral", {"hidden_act": "gelu_new"}, "'hidden_act' is 'gelu_new'; supported: silu, gelu"),
        ("mistral", {"num_hidden_layers": 2**31 - 1}, "'num_hidden_layers' must be at most 10000"),
        ("mistral", {"sliding_window": 0}, "'sliding_window' must be a whole number from 1"),
        ("mistral", {"layer_types": ["full_attention"] * 2}, "'layer_types' is .*; supported: absent"),
        ("mistral", {"quantization_config": {"bits": 4}}, "'quantization_config' is"),
        ("qwen2", {"dual_chunk_attention_config": {"chunk_size": 8}}, "'dual_chunk_attention_config' is"),
        ("qwen2", {"layer_types": ["linear_attention"] * 2}, "'layer_types' must be 2 times"),
        ("qwen2", {"max_window_layers": -1}, "'max_window_layers' must be"),
        ("qwen3", {"rope_scaling": {"rope_type": "mrope"}}, "'rope_scaling' has rope_type 'mrope'"),
        (
            "qwen3",
            {"rope_scaling": {"rope_type": "default", "mrope_section": [1]}},
            "'rope_scaling' has 'mrope_section'",
        ),
        ("qwen3", {"rope_scaling": {"rope_type": "dynamic", "factor": 2.0}}, "has rope_type 'dynamic'"),
        ("qwen3", {"rope_scaling": {"rope_type": "yarn"}}, "'rope_scaling.factor' must be a finite number"),
        (
            "qwen3",
            {"rope_scaling": {"rope_type": "yarn", "factor": 2.0, "truncate": 1}},
            "'rope_scaling.truncate' must be true or false",
        ),
        (
            "qwen3",
            {"rope_scaling": {"rope_type": "yarn", "factor": 2.0, "beta_fast": 1.0}},
            "'rope_scaling.beta_fast' must be above beta_slow",
        ),
        (
            "qwen3",
            {"rope_theta": 1.0, "rope_scaling": {"rope_type": "yarn", "factor": 2.0}},
            "'rope_scaling.rope_theta' must be above 1",
        ),
        ("gemma2", {"use_bidirectional_attention": True}, "'use_bidirectional_attention' is True"),
        ("gemma2", {"hidden_activation": "quick_gelu"}, "'hidden_activation' is 'quick_gelu'"),
        ("gemma2", {"query_pre_attn_scalar": 0}, "'query_pre_attn_scalar' must be a finite number above 0"),
        ("gemma3", {"attn_logit_softcapping": 50.0}, "'attn_logit_softcapping' is 50.0; supported: absent"),
        (
            "gemma3",
            {"rope_scaling": ..., "rope_parameters": {"full_attention": 3}},
            r"'rope_parameters.full_attention' must be an object, got 3",
        ),
        (
            "gemma3-vision",
            {"text_config": {"final_logit_softcapping": 30.0}},
            "'final_logit_softcapping' is 30.0; supported: absent",
        ),
        ("gemma3-vision", {"text_config": []}, r"'text_config' must be an object, got \[\]"),
        ("phi3", {"attention_bias": True}, "'attention_bias' is True"),
        ("phi3", {"partial_rotary_factor": 1.5}, "'partial_rotary_factor' must be at most 1, got 1.5"),
        ("phi3", {"partial_rotary_factor": 0.4}, "'partial_rotary_factor' would turn 3 of a head's 8"),
        (
            "phi3-longrope",
            {"rope_scaling": {"type": "longrope", "short_factor": [1.0], "long_factor": [1.0, 2.0]}},
            "'short_factor' must have 2 numbers, got 1",
        ),
        (
            "phi3-longrope",
            {"rope_scaling": {"type": "longrope", "short_factor": [1.0, "2"], "long_factor": [1.0, 2.0]}},
            "'rope_scaling.short_factor' must be a finite number above 0, got '2'",
        ),
        ("phi3-longrope", {"original_max_position_embeddings": 1}, "must be above 1, got 1"),
        ("smollm3", {"no_rope_layers": [1]}, "'no_rope_layers' must have 2 numbers, got 1"),
        ("smollm3", {"no_rope_layers": "01"}, "'no_rope_layers' must be a list of whole numbers"),
        ("granite", {"residual_multiplier": -1}, "'residual_multiplier' must be a finite number above 0"),
        ("mixtral", {"num_experts_per_tok": 5}, "'num_experts_per_tok' is 5, of 4 experts"),
        ("qwen3_moe", {"mlp_only_layers": [True]}, "'mlp_only_layers' must be a list of whole numbers"),
    ],
)
def test_setting_that_cannot_be_honoured_is_named(name: str, changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(CheckpointError, match=problem):
        spec_of(name, **changes)


def test_missing_and_left_over_tensors_of_experts_are_named(tmp_path: Path) -> None:
    fixture = read("mixtral")
    expert = "model.layers.1.block_sparse_moe.experts"
    for number, tensors, problem in (
        (1, {k: v for k, v in fixture.tensors.items() if k != f"{expert}.3.w2.weight"}, "3.w2.weight"),
        (2, fixture.tensors | {f"{expert}.4.w2.weight": [32, 48]}, "4.w2.weight' has no place"),
    ):
        write_checkpoint(tmp_path / str(number), fixture.config, tensors, 1)
        with pytest.raises(CheckpointError, match=problem):
            load_model(tmp_path / str(number))


@pytest.mark.parametrize("name", ["mixtral", "qwen3_moe-sparse"])
def test_experts_in_one_tensor_are_those_in_many(
    folders: Callable[[str], Path], name: str, tmp_path: Path
) -> None:
    fixture, tensors = read(name), load_file(folders(name) / "model.safetensors")
    (tmp_path / "config.json").write_text(json.dumps(fixture.config))
    pattern = re.compile(r"(model\.layers\.\d+)\.\w+\.experts\.\d+\.(\w+)\.weight")
    parts: dict[tuple[str, str], list[Any]] = {}
    for key in sorted(tensors, key=lambda key: (len(key), key)):
        if found := pattern.fullmatch(key):
            parts.setdefault((found[1], found[2]), []).append(tensors.pop(key))
    gate, up, down = ("w1", "w3", "w2") if name == "mixtral" else ("gate_proj", "up_proj", "down_proj")
    for layer in {layer for layer, _ in parts}:
        fused = [np.concatenate(pair) for pair in zip(parts[layer, gate], parts[layer, up], strict=True)]
        tensors[f"{layer}.mlp.experts.gate_up_proj"] = np.stack(fused)
        tensors[f"{layer}.mlp.experts.down_proj"] = np.stack(parts[layer, down])
    tensors = {key.replace("block_sparse_moe", "mlp"): value for key, value in tensors.items()}
    save_file(tensors, tmp_path / "model.safetensors")
    logits = [
        Session(load_model(folder)).last_logits(fixture.prompt_token_ids, 4)
        for folder in (folders(name), tmp_path)
    ]
    assert logits[0].tobytes() == logits[1].tobytes()


# --- docs/models.md -----------------------------------------------------------------------------------


def test_documentation_lists_every_family_and_fixture() -> None:
    page = (Path(__file__).parents[3] / "docs" / "models.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:-1] for line in page.splitlines() if "ForC" in line and line.startswith("|")]
    listed = {(names(kinds)[0], *names(architectures)) for architectures, kinds, _, _ in rows}
    assert listed == {
        (kind, *cast(Family, import_module(module)).ARCHITECTURES) for kind, module in FAMILIES.items()
    }
    fixtures = {name: names(kinds)[0] for _, kinds, _, cell in rows for name in names(cell)}
    tiny = [path.parent.name for path in FAMILY_FIXTURES.parent.glob("*/goldens.json")]
    assert fixtures == {name: read(name).config["model_type"] for name in NAMES} | dict.fromkeys(
        [name for name in tiny if name in fixtures], "llama"
    )
    for kinds in (get_args(RopeKind), ACTIVATIONS):
        assert all(f"`{kind}`" in page for kind in kinds)


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)
