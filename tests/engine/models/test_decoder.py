"""The models against transformers, and against themselves: batched and chunked runs give the same bits."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from safetensors.numpy import load_file, save_file

from martlet.engine import kernels
from martlet.engine.scheduler import Batch
from martlet.errors import CheckpointError
from tests.engine.models.sessions import Session, load_model, random_prompts, relative_error, rope_of

Tensors = dict[str, npt.NDArray[Any]]

FIXTURES = Path(__file__).parents[2] / "fixtures"
FOLDERS = sorted(path.parent for path in FIXTURES.glob("*/goldens.json"))

each_variant = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
each_kernels = pytest.mark.parametrize("kernels_name", kernels.available())


def read_goldens(folder: Path) -> Any:
    return json.loads((folder / "goldens.json").read_text(encoding="utf-8"))


# --- the same as transformers -------------------------------------------------------------------------


def test_fixtures_cover_every_variant() -> None:
    assert [folder.name for folder in FOLDERS] == [
        "tiny-bias",
        "tiny-linear",
        "tiny-llama",
        "tiny-llama1",
        "tiny-llama2",
        "tiny-llama32",
        "tiny-smollm2",
        "tiny-tinyllama",
    ]


@each_kernels
@each_variant
def test_logits_equal_transformers(folder: Path, kernels_name: str) -> None:
    wanted = np.load(folder / "logits.npy")
    session = Session(load_model(folder, kernels_name))
    got = session.last_logits(read_goldens(folder)["prompt_token_ids"], len(wanted))
    assert relative_error(got, wanted) < 1e-4


@each_kernels
@each_variant
def test_greedy_text_equals_transformers(folder: Path, kernels_name: str) -> None:
    goldens = read_goldens(folder)
    session = Session(load_model(folder, kernels_name))
    wanted = goldens["greedy_token_ids"]
    request = session.new(goldens["prompt_token_ids"], len(wanted))
    assert len(wanted) == 64
    assert session.greedy(request, len(wanted)) == wanted


@pytest.mark.oracle
@each_variant
def test_transformers_still_gives_the_goldens(folder: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    script = load_script("make_goldens")
    goldens, logits, _ = script.compute_model_goldens(folder)
    committed = read_goldens(folder)
    assert relative_error(logits, np.load(folder / "logits.npy")) < 1e-5
    token_ids = goldens["prompt_token_ids"] + goldens["greedy_token_ids"]
    for key, value in {**goldens, **script.compute_text_goldens(folder, token_ids)}.items():
        assert committed[key] == value, key


def load_script(name: str) -> ModuleType:
    path = Path(__file__).parents[3] / "scripts" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


# --- the same bits, however it is run -----------------------------------------------------------------


@each_kernels
@each_variant
def test_batched_logits_equal_single(folder: Path, kernels_name: str) -> None:
    session = Session(load_model(folder, kernels_name))
    prompts = random_prompts(session.runner.model, 1, 17, 40, 5, 16)
    alone = [session.step((session.new(prompt), len(prompt)))[0] for prompt in prompts]
    together = session.step(*((session.new(prompt), len(prompt)) for prompt in prompts))
    assert together.tobytes() == np.stack(alone).tobytes()


@each_kernels
@each_variant
def test_chunked_prompt_equals_one_shot(folder: Path, kernels_name: str) -> None:
    session = Session(load_model(folder, kernels_name))
    (prompt,) = random_prompts(session.runner.model, 50)
    whole = session.step((session.new(prompt), 50))
    chunked = session.new(prompt)
    for num_tokens in (1, 7, 16, 18):
        assert session.step((chunked, num_tokens)).shape == (0, session.runner.model.vocab_size)
    assert session.step((chunked, 8)).tobytes() == whole.tobytes()


@each_kernels
def test_decoding_beside_a_prompt_equals_alone(kernels_name: str) -> None:
    session = Session(load_model(FIXTURES / "tiny-llama", kernels_name))
    first, second = random_prompts(session.runner.model, 20, 33)
    wanted = session.greedy(session.new(first, 4), 4)
    request, beside = session.new(first, 4), session.new(second)
    got = session.greedy(request, 1)
    for num_tokens in (10, 20, 3):
        logits = session.step((beside, num_tokens), (request, 1))
        request.token_ids.append(int(logits[-1].argmax()))
        got = request.output_token_ids
    assert got == wanted


def test_logits_follow_the_order_of_sampled() -> None:
    session = Session(load_model(FIXTURES / "tiny-llama"))
    requests = [session.new(prompt) for prompt in random_prompts(session.runner.model, 3, 4)]
    scheduled = [(request, len(request.token_ids)) for request in requests]
    forward = session.runner.run(Batch(scheduled, requests)).copy()
    backward = session.runner.run(Batch(scheduled, requests[::-1])).copy()
    assert np.array_equal(forward, backward[::-1])


def test_positions_beyond_the_first_table_are_exact() -> None:
    model = load_model(FIXTURES / "tiny-llama")
    (table,) = model._rope_tables.values()
    early = table.covering(np.array([3], np.int32)).copy()
    grown = table.covering(np.array([70_000], np.int32))
    assert np.array_equal(grown[: len(early)], early)
    angle = np.float32(70_000) * rope_of(model).inv_freq(model.head_dim)[1]
    assert grown[70_000, 1] == np.float32(np.cos(np.float64(angle)))


# --- checkpoints that must be refused -----------------------------------------------------------------


def altered(
    tmp_path: Path,
    config: dict[str, Any] | None = None,
    edit: Callable[[Tensors], None] = lambda tensors: None,
) -> Path:
    """A copy of tiny-llama1 with other settings or tensors; a setting of None is taken away."""
    folder = tmp_path / "model"
    shutil.copytree(FIXTURES / "tiny-llama1", folder)
    settings = json.loads((folder / "config.json").read_text()) | (config or {})
    settings = {key: value for key, value in settings.items() if value is not None}
    (folder / "config.json").write_text(json.dumps(settings))
    tensors = load_file(folder / "model.safetensors")
    edit(tensors)
    save_file(tensors, folder / "model.safetensors")
    return folder


@pytest.mark.parametrize(
    "name",
    [
        "model.embed_tokens.weight",
        "model.layers.1.self_attn.k_proj.weight",
        "model.layers.0.input_layernorm.weight",
        "lm_head.weight",
    ],
)
def test_missing_tensor_is_named(tmp_path: Path, name: str) -> None:
    folder = altered(tmp_path, edit=lambda tensors: tensors.__delitem__(name))
    with pytest.raises(CheckpointError, match=rf"model\.safetensors has no tensor '{name}'"):
        load_model(folder)


def test_unused_tensor_is_named(tmp_path: Path) -> None:
    def edit(tensors: Tensors) -> None:
        tensors["model.layers.0.self_attn.q_norm.weight"] = np.ones(10, np.float32)
        tensors["model.layers.1.self_attn.q_norm.weight"] = np.ones(10, np.float32)

    with pytest.raises(
        CheckpointError, match=r"'model\.layers\.0\.self_attn\.q_norm\.weight' and 1 more has"
    ):
        load_model(altered(tmp_path, edit=edit))


def test_bias_without_its_setting_is_refused(tmp_path: Path) -> None:
    def edit(tensors: Tensors) -> None:
        tensors["model.layers.0.mlp.up_proj.bias"] = np.ones(72, np.float32)

    with pytest.raises(CheckpointError, match=r"up_proj\.bias' has no place in the model"):
        load_model(altered(tmp_path, edit=edit))


def test_wrong_shape_is_told_with_both(tmp_path: Path) -> None:
    def edit(tensors: Tensors) -> None:
        tensors["model.norm.weight"] = np.ones(41, np.float32)

    with pytest.raises(
        CheckpointError, match=r"model.safetensors: tensor 'model.norm.weight' .*\[40\].*\[41\]"
    ):
        load_model(altered(tmp_path, edit=edit))


def test_transposed_weight_is_refused(tmp_path: Path) -> None:
    def edit(tensors: Tensors) -> None:
        name = "model.layers.0.mlp.down_proj.weight"
        tensors[name] = np.ascontiguousarray(tensors[name].T)

    with pytest.raises(CheckpointError, match=r"down_proj.weight' must have shape \[40, 72\]"):
        load_model(altered(tmp_path, edit=edit))


def test_unsupported_tensor_type_is_named(tmp_path: Path) -> None:
    def edit(tensors: Tensors) -> None:
        tensors["model.norm.weight"] = np.ones(40, np.int8)

    with pytest.raises(
        CheckpointError, match=r"'model\.norm\.weight' is stored as I8; supported: F32, F16, BF16"
    ):
        load_model(altered(tmp_path, edit=edit))


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"hidden_act": "gelu_new"}, "'hidden_act' is 'gelu_new'; supported: silu, gelu"),
        ({"pretraining_tp": 2}, "'pretraining_tp' is 2; supported: 1"),
        ({"quantization_config": {"bits": 4}}, "'quantization_config' is {'bits': 4}; supported: absent"),
        ({"hidden_size": None}, "config.json has no 'hidden_size'"),
        ({"hidden_size": "40"}, "'hidden_size' must be a whole number from 1 to 2147483647, got '40'"),
        ({"num_hidden_layers": 0}, "'num_hidden_layers' must be a whole number from 1 to 2147483647, got 0"),
        ({"max_position_embeddings": 10**400}, "'max_position_embeddings' must be a whole number from 1 to"),
        ({"rms_norm_eps": 10**400}, "'rms_norm_eps' must be a finite number above 0, got 1000"),
        ({"rms_norm_eps": float("inf")}, "'rms_norm_eps' must be a finite number above 0, got inf"),
        ({"rope_scaling": {"rope_type": ["x"]}}, r"'rope_scaling' has rope_type \['x'\]; supported"),
        ({"architectures": 7}, "architectures 7 is not supported; supported: .*LlamaForCausalLM"),
        ({"architectures": {"a": 1}}, "is not supported; supported: .*LlamaForCausalLM"),
        (
            {
                "rope_scaling": {
                    "rope_type": "llama3",
                    "factor": 8,
                    "low_freq_factor": 4,
                    "high_freq_factor": 4,
                    "original_max_position_embeddings": 64,
                }
            },
            "'rope_scaling.low_freq_factor' must be below high_freq_factor",
        ),
        ({"num_key_value_heads": 3}, "'num_key_value_heads' is 3, which does not divide 4 heads"),
        ({"head_dim": 5}, "'head_dim' must be even, got 5"),
        ({"rms_norm_eps": -1}, "'rms_norm_eps' must be a finite number above 0, got -1"),
        ({"attention_bias": "no"}, "'attention_bias' must be true or false, got 'no'"),
        (
            {"rope_scaling": {"type": "dynamic", "factor": 2.0}},
            "'rope_scaling' has rope_type 'dynamic'; supported",
        ),
        ({"rope_parameters": {"rope_type": "axial"}}, "'rope_parameters' has rope_type 'axial'; supported"),
        ({"rope_parameters": {"rope_type": "yarn"}}, "'rope_parameters.factor' must be a finite number"),
        (
            {"rope_scaling": {"type": "linear"}},
            "'rope_scaling.factor' must be a finite number above 0, got None",
        ),
        ({"rope_scaling": {"rope_type": "default", "mscale": 1}}, "'rope_scaling' has 'mscale', which means"),
        ({"rope_scaling": {"rope_type": "default", "partial_rotary_factor": 0.5}}, "partial_rotary_factor"),
        ({"rope_scaling": [1]}, "'rope_scaling' must be an object"),
        ({"model_type": "gpt2"}, "model_type 'gpt2' .* is not supported; supported: .*LlamaForCausalLM"),
        ({"architectures": ["LlamaForSequenceClassification"]}, "supported: .*LlamaForCausalLM"),
        ({"vocab_size": 351}, r"'model.embed_tokens.weight' must have shape \[351, 40\]"),
    ],
)
def test_setting_that_cannot_be_honoured_is_named(
    tmp_path: Path, config: dict[str, Any], problem: str
) -> None:
    with pytest.raises(CheckpointError, match=problem):
        load_model(altered(tmp_path, config))


def test_tied_checkpoint_may_store_a_copy_as_its_head(tmp_path: Path) -> None:
    def copy_head(tensors: Tensors) -> None:
        tensors["lm_head.weight"] = tensors["model.embed_tokens.weight"].copy()

    tied = load_model(altered(tmp_path, {"tie_word_embeddings": True}, copy_head))
    assert tied.weights.head is tied.weights.embed


def test_head_with_values_of_its_own_is_not_tied(tmp_path: Path) -> None:
    folder = altered(tmp_path, {"tie_word_embeddings": True})
    sessions = [Session(load_model(path)) for path in (folder, FIXTURES / "tiny-llama1")]
    (prompt,) = random_prompts(sessions[0].runner.model, 9)
    got, wanted = (session.step((session.new(prompt), 9)) for session in sessions)
    assert np.array_equal(got, wanted)


def test_linear_scaling_stretches_the_context() -> None:
    assert load_model(FIXTURES / "tiny-linear").max_position_embeddings == 4 * 512
    assert load_model(FIXTURES / "tiny-llama32").max_position_embeddings == 512  # llama3 counts them scaled


def test_rope_scaling_overrides_rope_parameters(tmp_path: Path) -> None:
    config = {
        "rope_scaling": {"rope_type": "linear", "factor": 2.0},
        "rope_parameters": {"rope_type": "default", "rope_theta": 5.0},
    }
    rope = rope_of(load_model(altered(tmp_path, config)))
    assert (rope.kind, rope.factor, rope.theta) == ("linear", 2.0, 10000.0)


def test_mixed_precision_weights_load(tmp_path: Path) -> None:
    def edit(tensors: Tensors) -> None:
        name = "model.layers.0.self_attn.q_proj.weight"
        tensors[name] = tensors[name].astype(np.float16)

    folder = altered(tmp_path, edit=edit)
    session, original = Session(load_model(folder)), Session(load_model(FIXTURES / "tiny-llama1"))
    (prompt,) = random_prompts(session.runner.model, 9)
    logits, wanted = (s.step((s.new(prompt), 9)) for s in (session, original))
    assert 0 < relative_error(logits, wanted) < 1e-2


def test_cache_is_zeros_from_a_page_on_each_layer_by_itself() -> None:
    cache = load_model(FIXTURES / "tiny-llama1").new_cache(3, 16)
    arrays = [array for layer in cache.layers for array in layer]
    assert arrays[0].ctypes.data % 4096 == 0
    assert not any(array.any() for array in arrays)
    for number, array in enumerate(arrays):
        array[:] = number
    assert all((array == number).all() for number, array in enumerate(arrays))
