"""Adapters against transformers with PEFT, and what is refused of their folders."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from safetensors.numpy import load_file, save_file

from martlet.engine.checkpoint import load_checkpoint
from martlet.engine.kernels import Quantization, available, load
from martlet.engine.lora import LoRAAdapter
from martlet.engine.lora.folder import load_adapter
from martlet.engine.models import build_model
from martlet.engine.models.decoder import Model
from martlet.engine.runner import prepare_inputs
from martlet.engine.scheduler import Batch
from martlet.errors import AdapterError, AdapterNotFound
from tests.engine.gguf_files import write_gguf
from tests.engine.models.oracle import load_script
from tests.engine.models.random_adapter import (
    TINY_LLAMA,
    LoRAFixture,
    lora_fixture_names,
    save_adapter,
    tiny_adapter,
    tiny_shapes,
    tiny_values,
    write_adapter,
)
from tests.engine.models.random_checkpoint import FamilyFixture, random_tensor, write_checkpoint
from tests.engine.models.sessions import BLOCK_SIZE, Session, load_model, relative_error

F32 = npt.NDArray[np.float32]

PROMPT = [1, 17, 300, 42, 42, 7, 128, 99, 250, 5, 6, 31]

each_fixture = pytest.mark.parametrize("name", lora_fixture_names())
each_kernels = pytest.mark.parametrize("kernels_name", available())


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Path]]:
    """The folders of a fixture's model and adapter."""
    root = tmp_path_factory.mktemp("lora")

    @cache
    def base(name: str) -> Path:
        fixture = FamilyFixture.read(name)
        write_checkpoint(root / "base" / name, fixture.config, fixture.tensors, fixture.seed)
        return root / "base" / name

    @cache
    def folders_of(name: str) -> tuple[Path, Path]:
        fixture = LoRAFixture.read(name)
        write_adapter(root / name, fixture.config, fixture.tensors, fixture.seed)
        return base(fixture.base), root / name

    return folders_of


def last_logits(model: Model, adapter: LoRAAdapter | None, token_ids: list[int], num_rows: int) -> F32:
    """Return logits of a text's last rows."""
    session, num_tokens = Session(model), len(token_ids)
    request = session.new(token_ids)
    request.lora = adapter
    batch = Batch()
    batch.append(request, num_tokens)
    rows = np.arange(num_tokens - num_rows, num_tokens, dtype=np.int32)
    inputs = replace(prepare_inputs(batch, BLOCK_SIZE), logits_rows=rows)
    logits: F32 = model.forward(inputs, session.runner.cache).copy()
    return logits


# --- the same as transformers with PEFT ---------------------------------------------------------------


@each_kernels
@each_fixture
def test_logits_equal_peft(folders: Callable[[str], tuple[Path, Path]], name: str, kernels_name: str) -> None:
    fixture, (base, folder) = LoRAFixture.read(name), folders(name)
    model = load_model(base, kernels_name)
    adapter = load_adapter(name, str(folder), model, max_rank=17)
    prompt = FamilyFixture.read(fixture.base).prompt_token_ids
    got = last_logits(model, adapter, prompt, len(fixture.logits))
    assert relative_error(got, fixture.logits) < 1e-4
    plain = last_logits(model, None, prompt, len(fixture.logits))
    assert relative_error(plain, fixture.logits) > 0.05


# PEFT 0.21 asks transformers 5 for it by the old name.
@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")
@pytest.mark.oracle
@each_fixture
def test_peft_still_gives_the_goldens(folders: Callable[[str], tuple[Path, Path]], name: str) -> None:
    for package in ("torch", "transformers", "peft"):
        pytest.importorskip(package)
    script, fixture, (base, folder) = load_script("make_lora_goldens"), LoRAFixture.read(name), folders(name)
    assert script.saved_adapter(base, script.VARIANTS[name][1])[1] == fixture.tensors
    logits = script.compute(base, folder, FamilyFixture.read(fixture.base).prompt_token_ids)
    assert relative_error(logits, fixture.logits) < 1e-5


# --- the same as weights that were merged -------------------------------------------------------------


def write_merged(folder: Path, adapter: Path, scale: float) -> Path:
    """Write tiny-llama with an adapter's product added to its weights."""
    folder.mkdir()
    checkpoint, lora = load_checkpoint(TINY_LLAMA), load_file(adapter / "adapter_model.safetensors")
    values = {name: checkpoint.tensor(name, shape).as_f32() for name, shape in tiny_shapes().items()}
    for name, a in lora.items():
        if ".lora_A." in name:
            b = lora[name.replace(".lora_A.", ".lora_B.")].astype(np.float64)
            weight = name.removeprefix("base_model.model.").replace(".lora_A.", ".")
            values[weight] = (values[weight] + scale * (b @ a.astype(np.float64))).astype(np.float32)
    save_file(values, folder / "model.safetensors")
    (folder / "config.json").write_bytes((TINY_LLAMA / "config.json").read_bytes())
    return folder


@each_kernels
@pytest.mark.parametrize(("quantization", "limit"), [(None, 1e-4), ("int8", 0.05), ("int4", 0.5)])
def test_adapter_on_any_weights_does_what_merging_does(
    tmp_path: Path, kernels_name: str, quantization: Quantization | None, limit: float
) -> None:
    folder = tiny_adapter(tmp_path / "adapter")
    merged = load_model(write_merged(tmp_path / "merged", folder, 2.0), kernels_name)
    model = build_model(
        load_checkpoint(TINY_LLAMA), load(kernels_name, num_threads=2), quantization=quantization
    )
    assert model.weights.layers[0].qkv.weight.dtype == (quantization or "bf16")
    adapter = load_adapter("a", str(folder), model, 4)
    wanted = last_logits(merged, None, PROMPT, len(PROMPT))
    got = last_logits(model, adapter, PROMPT, len(PROMPT))
    plain = last_logits(model, None, PROMPT, len(PROMPT))
    assert np.linalg.norm(got - wanted) / np.linalg.norm(wanted) < limit
    assert np.linalg.norm(plain - wanted) / np.linalg.norm(wanted) > 2 * limit


def test_dense_layer_of_a_model_with_experts_takes_an_adapter(tmp_path: Path) -> None:
    fixture = FamilyFixture.read("qwen3_moe-sparse")
    write_checkpoint(tmp_path / "base", fixture.config, fixture.tensors, fixture.seed)
    write_checkpoint(tmp_path / "merged", fixture.config, fixture.tensors, fixture.seed)
    name, stored = "model.layers.1.mlp.down_proj", load_file(tmp_path / "merged" / "model.safetensors")
    rows, cols = stored[f"{name}.weight"].shape
    a, b = random_tensor("a", (2, cols), 1).astype(np.float32), random_tensor("b", (rows, 2), 1)
    config = {"peft_type": "LORA", "r": 2, "lora_alpha": 1, "target_modules": ["mlp.down_proj"]}
    keys = [f"base_model.model.{name}.lora_{matrix}.weight" for matrix in "AB"]
    save_adapter(tmp_path / "adapter", config, dict(zip(keys, (a, b), strict=True)))
    stored = {key: value.astype(np.float32) for key, value in stored.items()}
    stored[f"{name}.weight"] += (b.astype(np.float32) @ a) / 2
    save_file(stored, tmp_path / "merged" / "model.safetensors")
    model, merged = load_model(tmp_path / "base"), load_model(tmp_path / "merged")
    adapter = load_adapter("a", str(tmp_path / "adapter"), model, 2)
    prompt = fixture.prompt_token_ids
    got, wanted = last_logits(model, adapter, prompt, 6), last_logits(merged, None, prompt, 6)
    assert relative_error(got, wanted) < 1e-4
    assert relative_error(last_logits(model, None, prompt, 6), wanted) > 1e-2


@each_kernels
def test_adapters_of_any_type_are_computed_with_as_they_are_stored(tmp_path: Path, kernels_name: str) -> None:
    values, config = tiny_values()
    values = {name: (value.view(np.uint32) & 0xFFFF0000).view(np.float32) for name, value in values.items()}
    save_adapter(tmp_path / "F32", config, values)
    save_adapter(tmp_path / "F16", config, {name: value.astype(np.float16) for name, value in values.items()})
    bits = {name: (value.view(np.uint32) >> 16).astype(np.uint16) for name, value in values.items()}
    save_adapter(tmp_path / "BF16", config, {})
    write_bf16(tmp_path / "BF16" / "adapter_model.safetensors", bits)
    model = load_model(TINY_LLAMA, kernels_name)
    adapters = [load_adapter("a", str(tmp_path / kind), model, 4) for kind in ("F32", "F16", "BF16")]
    sizes = [adapter.nbytes for adapter in adapters]
    assert sizes[0] == sizes[1]
    # Columns of bf16 are held in pairs.
    assert sizes[2] == pytest.approx(sizes[0] / (1 if kernels_name == "reference" else 2), rel=0.02)
    logits = [last_logits(model, adapter, PROMPT, 12) for adapter in adapters]
    assert logits[0].tobytes() == logits[1].tobytes()
    assert relative_error(logits[2], logits[0]) < 1e-5  # kernels may sum bf16 in another order


@pytest.mark.parametrize("kind", ["BF16", "Q8_0"])
def test_adapter_on_a_gguf_file_does_what_it_does_on_the_folder(tmp_path: Path, kind: str) -> None:
    folder = str(tiny_adapter(tmp_path / "adapter"))
    path = write_gguf(TINY_LLAMA, tmp_path / "model.gguf", kind)
    logits = [
        last_logits(model, load_adapter("a", folder, model, 4), PROMPT, 12)
        for model in (load_model(path), load_model(TINY_LLAMA))
    ]
    assert relative_error(*logits) < (1e-4 if kind == "BF16" else 0.1)


def write_bf16(path: Path, bits: dict[str, npt.NDArray[np.uint16]]) -> None:
    """Write a safetensors file of a type that NumPy lacks."""
    header, end = {}, 0
    for name, value in bits.items():
        start, end = end, end + value.nbytes
        header[name] = {"dtype": "BF16", "shape": value.shape, "data_offsets": (start, end)}
    text = json.dumps(header).encode()
    data = b"".join(value.tobytes() for value in bits.values())
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


# --- what is refused ----------------------------------------------------------------------------------


def problem_of(folder: Path, max_rank: int = 4) -> str:
    with pytest.raises(AdapterError) as caught:
        load_adapter("a", str(folder), tiny_model(), max_rank)
    assert str(folder) not in str(caught.value)
    return str(caught.value)


@cache
def tiny_model() -> Model:
    return load_model(TINY_LLAMA)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"use_dora": True}, "'use_dora' is True; supported: absent"),
        ({"bias": "all"}, "'bias' is 'all'; supported: 'none'"),
        ({"bias": "lora_only"}, "'bias' is 'lora_only'"),
        ({"lora_bias": True}, "'lora_bias' is True"),
        ({"modules_to_save": ["lm_head"]}, "'modules_to_save' is ['lm_head']"),
        ({"trainable_token_indices": [1]}, "'trainable_token_indices' is"),
        ({"target_parameters": ["mlp.experts.gate_up_proj"]}, "'target_parameters' is"),
        ({"layer_replication": [[0, 2]]}, "'layer_replication' is"),
        ({"alora_invocation_tokens": [5]}, "'alora_invocation_tokens' is"),
        ({"tomorrows_idea": {"rank": 3}}, "'tomorrows_idea' is {'rank': 3}; supported: absent"),
        ({"init_lora_weights": "pissa"}, "'init_lora_weights' is 'pissa'; supported: True or False or"),
        ({"peft_type": "LOHA"}, "'peft_type' is 'LOHA'; supported: 'LORA'"),
        ({"peft_type": None}, "'peft_type' is missing"),
        ({"r": 0}, "'r' must be a whole number from 1"),
        ({"r": "8"}, "'r' must be a whole number from 1"),
        ({"lora_alpha": 0}, "'lora_alpha' must be a finite number above 0"),
        ({"use_rslora": 1}, "'use_rslora' must be true or false"),
        ({"rank_pattern": {"v_proj": 5}}, "rank 5 of model.layers.0.self_attn.v_proj is above max_lora_rank"),
        ({"rank_pattern": {"v_proj": -1}}, "'v_proj' must be a whole number from 1"),
        ({"rank_pattern": {"(": 3}}, "'rank_pattern' has '(', which is no pattern"),
        ({"rank_pattern": 3}, "'rank_pattern' must be an object, got 3"),
        ({"target_modules": None}, "'target_modules' must be a list of names, or a pattern"),
        ({"target_modules": [1]}, "'target_modules' must be a list of names, or a pattern"),
        ({"target_modules": "*"}, "'target_modules' has '*', which is no pattern"),
        ({"target_modules": ["query_key_value"]}, "'target_modules' names none of the model's linear layers"),
        ({"target_modules": ["q_proj", "lm_head"]}, "'target_modules' has lm_head, which takes no adapter"),
        ({"target_modules": ["embed_tokens"]}, "has model.embed_tokens, which takes no adapter here"),
        ({"layers_pattern": "blocks"}, "'layers_pattern' is 'blocks'"),
        ({"layers_to_transform": ["1"]}, "'layers_to_transform' must be a list of whole numbers"),
    ],
)
def test_setting_that_cannot_be_honoured_is_named(
    tmp_path: Path, changes: dict[str, Any], problem: str
) -> None:
    values, config = tiny_values()
    save_adapter(tmp_path, config | changes, values)
    found = problem_of(tmp_path)
    assert found.startswith("the adapter `a` cannot be loaded: adapter_config.json: ")
    assert problem in found


Q_A = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
Q_B = Q_A.replace("_A", "_B")


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        (Q_A, None, f"has no tensor '{Q_A}', which adapter_config.json asks for"),
        (Q_B, None, f"has no tensor '{Q_B}'"),
        (Q_A, np.zeros((3, 64), np.float32), f"'{Q_A}' must have shape [4, 64] by adapter_config.json"),
        (Q_B, np.zeros((64, 5), np.float32), f"'{Q_B}' must have shape [64, 4] by adapter_config.json"),
        (Q_A, np.full((4, 64), np.nan, np.float32), f"'{Q_A}' is damaged: it has NaN or infinity at [0, 0]"),
        (Q_A, np.zeros((4, 64), np.int32), f"'{Q_A}' is stored as I32"),
        (
            "base_model.model.lm_head.lora_A.weight",
            np.zeros((4, 64), np.float32),
            "tensor 'base_model.model.lm_head.lora_A.weight' has no place in the model",
        ),
        (
            "base_model.model.model.layers.2.self_attn.q_proj.lora_A.weight",
            np.zeros((4, 64), np.float32),
            "layers.2.self_attn.q_proj.lora_A.weight' has no place",
        ),
        (
            "base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector",
            np.zeros(64, np.float32),
            "lora_magnitude_vector' has no place",
        ),
        (
            "base_model.model.model.layers.0.mlp.experts.3.up_proj.lora_A.weight",
            np.zeros((4, 64), np.float32),
            "experts.3.up_proj.lora_A.weight' belongs to an expert, and experts take no adapters here",
        ),
    ],
)
def test_tensor_that_is_not_as_it_should_be_is_named(
    tmp_path: Path, name: str, value: npt.NDArray[Any] | None, problem: str
) -> None:
    values, config = tiny_values()
    values.pop(name, None)
    save_adapter(tmp_path, config, values if value is None else {**values, name: value})
    assert problem in problem_of(tmp_path)


def test_folder_without_an_adapter_is_told_without_its_path(tmp_path: Path) -> None:
    for folder in (tmp_path / "missing", tmp_path, Path("/dev/null/x"), Path("nul\0l"), Path("x" * 5000)):
        with pytest.raises(AdapterNotFound, match=r"no adapter_config.json was found$"):
            load_adapter("a", str(folder), tiny_model(), 4)


def test_pickled_and_missing_weights_are_told(tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text(json.dumps(tiny_values()[1]))
    assert problem_of(tmp_path).endswith(
        "its folder has no adapter_model.safetensors: save it by PEFT's save_pretrained"
    )
    (tmp_path / "adapter_model.bin").write_bytes(b"x")
    assert "only adapter_model.bin, which can run code when loaded" in problem_of(tmp_path)
    (tmp_path / "adapter_model.safetensors").write_bytes(b"x")
    assert "adapter_model.safetensors is not a safetensors file" in problem_of(tmp_path)
    (tmp_path / "adapter_config.json").write_text("[")
    assert "adapter_config.json is not JSON" in problem_of(tmp_path)


def test_modules_that_are_not_there_may_be_named_beside_others(tmp_path: Path) -> None:
    values, config = tiny_values()
    save_adapter(tmp_path, config | {"target_modules": [*config["target_modules"], "wq"]}, values)
    assert load_adapter("a", str(tmp_path), tiny_model(), 4).rank == 4
