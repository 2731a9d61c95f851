"""Model folders: what is read, and the one line that says what is wrong with a broken one."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from martlet.engine.checkpoint import Checkpoint, load_checkpoint
from martlet.engine.kernels import load
from martlet.engine.models import build_model
from martlet.errors import CheckpointError

FIXTURES = Path(__file__).parents[1] / "fixtures"
NORM = "model.norm.weight"


def copy_of(name: str, tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    shutil.copytree(FIXTURES / name, folder)
    return folder


def small(tmp_path: Path, **tensors: Any) -> Path:
    """A folder with only a config and these tensors."""
    (tmp_path / "config.json").write_text("{}")
    save_file({name: np.asarray(value) for name, value in tensors.items()}, tmp_path / "model.safetensors")
    return tmp_path


def safetensors(header: object, data: bytes = b"") -> bytes:
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(raw).to_bytes(8, "little") + raw + data


def entry(dtype: Any = "F32", shape: Any = (2,), offsets: Any = (0, 8)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


# --- reading ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["f32", "f16"])
def test_tensor_equals_what_was_saved(tmp_path: Path, dtype: Any) -> None:
    values = np.linspace(-3, 3, 12).reshape(3, 4).astype({"f32": np.float32, "f16": np.float16}[dtype])
    tensor = load_checkpoint(small(tmp_path, a=values, b=np.ones(3, np.float32))).tensor("a", (3, 4))
    assert tensor.dtype == dtype
    assert np.array_equal(tensor.values, values)
    assert np.array_equal(tensor.as_f32(), values.astype(np.float32))


@pytest.mark.parametrize(
    ("dtype", "numpy_dtype", "bad"),
    [
        ("F32", "<u4", [0x7FC00000, 0xFFC00000, 0x7F800000, 0xFF800000]),
        ("F16", "<u2", [0x7E00, 0xFE00, 0x7C00, 0xFC00]),
        ("BF16", "<u2", [0x7FC0, 0xFFC0, 0x7F80, 0xFF80]),
    ],
)
def test_nan_and_infinity_are_found(tmp_path: Path, dtype: str, numpy_dtype: str, bad: list[int]) -> None:
    (tmp_path / "config.json").write_text("{}")
    largest = {"F32": [0x7F7FFFFF, 0xFF7FFFFF], "F16": [0x7BFF, 0xFBFF], "BF16": [0x7F7F, 0xFF7F]}[dtype]
    for pattern in [0, *largest, *bad]:
        values = np.zeros((3, 300_000), numpy_dtype)
        values[2, 7] = pattern
        header = {"weight": entry(dtype, [3, 300_000], [0, values.nbytes])}
        (tmp_path / "model.safetensors").write_bytes(safetensors(header, values.tobytes()))
        checkpoint = load_checkpoint(tmp_path)
        if pattern not in bad:
            assert checkpoint.tensor("weight", (3, 300_000)).values[2, 7].tobytes() == values[2, 7].tobytes()
            continue
        with pytest.raises(CheckpointError, match=r"tensor 'weight' is damaged: .* infinity at \[2, 7\]"):
            checkpoint.tensor("weight", (3, 300_000))


def test_tensors_stay_valid_when_their_memory_is_released() -> None:
    checkpoint = load_checkpoint(FIXTURES / "tiny-llama")
    first = checkpoint.tensor("model.norm.weight", (64,))
    before = first.values.copy()
    checkpoint.tensor("model.layers.0.input_layernorm.weight", (64,))
    checkpoint.release()
    assert np.array_equal(first.values, before)


def test_bf16_is_read_as_bits(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    bits = np.array([0x3F80, 0xC040, 0x4080], "<u2")  # 1, -3, 4
    header = {"__metadata__": {"format": "pt"}, "a": entry("BF16", [3], [0, 6])}
    (tmp_path / "model.safetensors").write_bytes(safetensors(header, bits.tobytes()))
    tensor = load_checkpoint(tmp_path).tensor("a", (3,))
    assert tensor.dtype == "bf16"
    assert tensor.values.tolist() == bits.tolist()
    assert tensor.as_f32().tolist() == [1.0, -3.0, 4.0]


def test_tensor_is_a_view_of_the_file(tmp_path: Path) -> None:
    checkpoint = load_checkpoint(small(tmp_path, a=np.ones((4, 4), np.float32)))
    first, second = checkpoint.tensor("a", (4, 4)).values, checkpoint.tensor("a", (4, 4)).values
    assert np.shares_memory(first, second)
    assert not first.flags.writeable


def test_tensor_outlives_its_checkpoint(tmp_path: Path) -> None:
    tensor = load_checkpoint(small(tmp_path, a=np.arange(4, dtype=np.float32))).tensor("a", (4,))
    assert tensor.values.tolist() == [0, 1, 2, 3]


def test_unaligned_tensor_is_read(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    values = np.array([1.5, -2.5], "<f4")
    header = json.dumps({"a": entry()}).encode()
    header += b" " * (3 - len(header) % 4 + 2)  # data begins at an odd address
    (tmp_path / "model.safetensors").write_bytes(safetensors(header, values.tobytes()))
    assert load_checkpoint(tmp_path).tensor("a", (2,)).values.tolist() == [1.5, -2.5]


def test_sharded_checkpoint_reads_as_one() -> None:
    checkpoint = load_checkpoint(FIXTURES / "tiny-llama2")
    index = json.loads((FIXTURES / "tiny-llama2" / "model.safetensors.index.json").read_text())
    assert set(checkpoint.names()) == index["weight_map"].keys()
    assert len(set(index["weight_map"].values())) == 3
    assert NORM in checkpoint
    assert checkpoint.tensor(NORM, (64,)).dtype == "f16"


def test_index_decides_between_two_shards_with_a_tensor(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    for number in range(3):
        save_file({"a": np.array([number], np.float32)}, tmp_path / f"{number}.safetensors")
    save_file({"a": np.array([3], np.float32), "b": np.zeros(1, np.float32)}, tmp_path / "3.safetensors")
    index = {"weight_map": {"b": "3.safetensors", "a": "1.safetensors"}}
    for weight_map in (index["weight_map"], dict(reversed(index["weight_map"].items()))):
        (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weight_map}))
        assert load_checkpoint(tmp_path).tensor("a", (1,)).values.tolist() == [1]


def test_shard_with_a_tensor_the_index_leaves_out_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    save_file({"a": np.zeros(1, np.float32), "more": np.zeros(1, np.float32)}, tmp_path / "1.safetensors")
    (tmp_path / "model.safetensors.index.json").write_text('{"weight_map": {"a": "1.safetensors"}}')
    checkpoint = load_checkpoint(tmp_path)
    checkpoint.tensor("a", (1,))
    with pytest.raises(CheckpointError, match="tensor 'more' has no place in the model"):
        checkpoint.require_all_used()


def test_settings_are_read() -> None:
    checkpoint = load_checkpoint(FIXTURES / "tiny-llama")
    assert checkpoint.config["architectures"] == ["LlamaForCausalLM"]
    assert checkpoint.generation_config["temperature"] == 0.6


def test_generation_config_may_be_absent(tmp_path: Path) -> None:
    folder = copy_of("tiny-llama", tmp_path)
    (folder / "generation_config.json").unlink()
    assert load_checkpoint(folder).generation_config == {}


def test_left_over_tensors_are_named(tmp_path: Path) -> None:
    checkpoint = load_checkpoint(small(tmp_path, a=[1.0], b=[1.0], c=[1.0]))
    checkpoint.ignore(["b"])
    with pytest.raises(CheckpointError, match=r"model\.safetensors: tensor 'a' and 1 more has no place"):
        checkpoint.require_all_used()


def test_use_of_every_tensor_passes(tmp_path: Path) -> None:
    checkpoint = load_checkpoint(small(tmp_path, a=np.ones(1, np.float32)))
    checkpoint.tensor("a", (1,))
    checkpoint.require_all_used()


# --- folders that cannot be read ----------------------------------------------------------------------


def remove(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def write(name: str, content: bytes | str) -> Callable[[Path], object]:
    data = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(data)


def cut(name: str, num_bytes: int) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:num_bytes])


def replace_by_folder(name: str) -> Callable[[Path], object]:
    def replace(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()

    return replace


def pickled(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


SHARD = "model-00002-of-00003.safetensors"
INDEX = "model.safetensors.index.json"
WEIGHTS = "model.safetensors"


@pytest.mark.parametrize(
    ("name", "damage", "problem"),
    [
        ("tiny-llama", shutil.rmtree, r"there is no folder '.*model'"),
        (
            "tiny-llama",
            remove("config.json"),
            r"model has no config\.json: is it a Hugging Face model folder\?",
        ),
        ("tiny-llama", write("config.json", "{'a'"), r"config\.json is not JSON: "),
        ("tiny-llama", write("config.json", b"\xff"), r"config\.json is not JSON: "),
        ("tiny-llama", write("config.json", "[]"), r"config\.json must hold a JSON object, it holds list"),
        ("tiny-llama", write("generation_config.json", "x"), r"generation_config\.json is not JSON: "),
        ("tiny-llama", remove(WEIGHTS), r"neither model\.safetensors nor model\.safetensors\.index\.json"),
        ("tiny-llama", pickled, r"only pickled weights \(pytorch_model\.bin\).*save_pretrained"),
        ("tiny-llama2", remove(SHARD), r"model-00002-of-00003\.safetensors is missing"),
        ("tiny-llama2", write(INDEX, "{}"), r"index\.json has no weight_map"),
        (
            "tiny-llama2",
            write(INDEX, '{"weight_map": {"a": "../x"}}'),
            r"'\.\./x', which is not a file of this",
        ),
        (
            "tiny-llama2",
            write(INDEX, '{"weight_map": {"a": ["x"]}}'),
            r"\['x'\], which is not a file of this",
        ),
        (
            "tiny-llama2",
            write(SHARD, safetensors({})),
            r"model-00002-of-00003\.safetensors has no tensor 'model\..*', which model\.safetensors\.index",
        ),
        (
            "tiny-llama",
            cut(WEIGHTS, 100_000),
            r"model\.safetensors is truncated: tensor 'model\.layers\.\S+' is",
        ),
        ("tiny-llama", cut(WEIGHTS, 1000), r"model\.safetensors is truncated within its header: 992 of \d+"),
        ("tiny-llama", cut(WEIGHTS, 5), r"model\.safetensors is not a safetensors file"),
        ("tiny-llama", cut(WEIGHTS, 0), r"model\.safetensors is not a safetensors file"),
        (
            "tiny-llama",
            write(WEIGHTS, b"version https://git-lfs.github.com"),
            "is not a safetensors file",
        ),
        ("tiny-llama", write(WEIGHTS, safetensors(b"{no")), r"is corrupt: its header is not JSON"),
        ("tiny-llama", write(WEIGHTS, safetensors(b"[" * 100_000)), r"is corrupt: its header is not JSON"),
        ("tiny-llama", write("config.json", "[" * 100_000), r"config\.json is not JSON: "),
        ("tiny-llama", write(WEIGHTS, safetensors([])), r"is corrupt: its header is not a JSON object"),
        ("tiny-llama", replace_by_folder(WEIGHTS), r"has neither model\.safetensors nor"),
        ("tiny-llama", write(WEIGHTS, safetensors({}, b"more")), r"corrupt: 4 bytes after its last tensor"),
    ],
)
def test_damage_is_named_in_one_line(
    tmp_path: Path, name: str, damage: Callable[[Path], object], problem: str
) -> None:
    folder = copy_of(name, tmp_path)
    damage(folder)
    with pytest.raises(CheckpointError, match=problem) as caught:
        load_checkpoint(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "broken",
    [
        entry(shape=[3]),
        entry(offsets=[8, 0]),
        entry(offsets=[0]),
        entry(shape=[-2], offsets=[0, 8]),
        entry(shape=["2"]),
        entry(offsets=[0.0, 8.0]),
        {"dtype": "F32"},
        7,
        entry(dtype=["F32"]),
    ],
)
def test_unsound_entry_is_named(tmp_path: Path, broken: Any) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(safetensors({"fine": entry(), "weird": broken}, bytes(8)))
    with pytest.raises(CheckpointError, match=r"model\.safetensors is corrupt: tensor 'weird' does not fit"):
        load_checkpoint(tmp_path)


@pytest.mark.parametrize("shape", [[0, 2**70], [0] * 100, [2**70, 0]])
def test_impossible_shape_is_named(tmp_path: Path, shape: list[int]) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(safetensors({"a": entry(shape=shape, offsets=[0, 0])}, b""))
    with pytest.raises(CheckpointError, match=r"tensor 'a' must have shape \[2, 2\] by config.json, it has"):
        load_checkpoint(tmp_path).tensor("a", (2, 2))


def test_any_cut_or_flipped_bit_is_named_or_read(tmp_path: Path) -> None:
    folder = copy_of("tiny-llama1", tmp_path)
    whole = (folder / WEIGHTS).read_bytes()
    header_end = 8 + int.from_bytes(whole[:8], "little")
    rng = random.Random(0)
    for _ in range(40):
        cut_at = rng.randrange(rng.choice([20, header_end, len(whole)]))
        (folder / WEIGHTS).write_bytes(whole[:cut_at])
        with pytest.raises(CheckpointError):
            load_checkpoint(folder)
    num_named = 0
    for _ in range(160):
        damaged = bytearray(whole)
        damaged[rng.randrange(header_end)] ^= 1 << rng.randrange(8)
        (folder / WEIGHTS).write_bytes(damaged)
        try:
            build_model(load_checkpoint(folder), load("reference"))
        except CheckpointError:
            num_named += 1
    assert num_named > 100


@pytest.mark.parametrize(
    ("name", "shape", "problem"),
    [
        ("b", (2,), r"model\.safetensors has no tensor 'b', which config\.json asks for"),
        ("a", (3,), r"tensor 'a' must have shape \[3\] by config.json, it has \[2\]"),
        ("a", (2, 1), r"must have shape \[2, 1\] by config.json, it has \[2\]"),
        ("i", (2,), "tensor 'i' is stored as I64; supported: F32, F16, BF16"),
    ],
)
def test_tensor_that_does_not_fit_is_named(tmp_path: Path, name: str, shape: Any, problem: str) -> None:
    checkpoint: Checkpoint = load_checkpoint(small(tmp_path, a=np.ones(2, np.float32), i=np.array([1, 2])))
    with pytest.raises(CheckpointError, match=problem):
        checkpoint.tensor(name, shape)
