"""GGUF files give what the Hugging Face folders that they were made from give."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import tokenizers

from martlet.cli.local_models import find_model
from martlet.cli.sampling import default_sampling
from martlet.engine import kernels
from martlet.engine.checkpoint import Checkpoint, Tensor, gguf_file, load_checkpoint, read_config
from martlet.engine.engine import Engine
from martlet.engine.gguf.blocks import rounded, widened
from martlet.engine.gguf.file import GGUFFile
from martlet.engine.models import build_model
from martlet.engine.models.weights import DecoderWeights
from martlet.engine.request import SamplingParams
from martlet.engine.text import Tokenizer
from martlet.errors import CheckpointError
from tests.engine.gguf_files import stored_values, write_gguf
from tests.engine.models.random_checkpoint import FamilyFixture, write_checkpoint
from tests.engine.models.sessions import Session, load_model, relative_error
from tests.engine.random_gguf import write_random_gguf

FIXTURES = Path(__file__).parents[1] / "fixtures"
LLAMAS = (
    "tiny-llama",
    "tiny-llama1",
    "tiny-llama2",
    "tiny-llama32",
    "tiny-bias",
    "tiny-smollm2",
    "tiny-linear",
)
YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32}
SPLIT = {
    "llama-bpe": (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "qwen2": (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
}
TEXTS = (
    "",
    "The quick brown fox jumps over 12345 lazy dogs.",
    "  two spaces, (brackets) and\n\nnew lines\t.\r\n  ",
    "café naïve 漢字 🙂 e\u0301",
    "it's WE'LL they'd",
    "<|begin|>inside<|end|> and after</s> it",
)


def logits_of(path: Path) -> Any:
    return Session(load_model(path)).last_logits([5, 7, 3, 11, 42, 30, 9], 3)


@pytest.mark.parametrize("name", LLAMAS)
def test_f32_llama_has_the_folders_logits(name: str, tmp_path: Path) -> None:
    path = write_gguf(FIXTURES / name, tmp_path / "model.gguf")
    assert relative_error(logits_of(path), logits_of(FIXTURES / name)) < 2e-6


@pytest.mark.parametrize("rope", [{}, {"rope_scaling": YARN}], ids=["plain", "yarn"])
@pytest.mark.parametrize("name", ["qwen2", "qwen3"])
def test_f32_qwen_has_the_folders_logits(name: str, rope: dict[str, Any], tmp_path: Path) -> None:
    fixture = FamilyFixture.read(name)
    write_checkpoint(tmp_path, fixture.config | rope, fixture.tensors, fixture.seed)
    path = write_gguf(tmp_path, tmp_path / "model.gguf")
    assert relative_error(logits_of(path), logits_of(tmp_path)) < 2e-6


@pytest.mark.parametrize("kind", ["BF16", "F16", "Q8_0", "Q4_0"])
def test_tensors_are_what_the_file_says(kind: str, tmp_path: Path) -> None:
    folder = load_checkpoint(FIXTURES / "tiny-llama")
    file = load_checkpoint(write_gguf(FIXTURES / "tiny-llama", tmp_path / "model.gguf", kind))
    quantized = gguf.GGMLQuantizationType[kind]
    for name in folder.names():
        wanted = stored_values(folder, name)
        if wanted.ndim == 2:
            wanted = gguf.quants.dequantize(gguf.quants.quantize(wanted, quantized), quantized)
        got = file.matrix(name, wanted.shape)
        held = {"BF16": "bf16", "F16": "f16", "Q8_0": "int8", "Q4_0": "int4"}[kind]
        assert got.dtype == ("f32" if wanted.ndim == 1 else held)
        np.testing.assert_array_equal(got.as_f32(), wanted)
    file.require_all_used()


@pytest.mark.parametrize(("kind", "size"), [("Q4_K", 144), ("Q6_K", 210)])
def test_k_quants_are_read(kind: str, size: int, tmp_path: Path) -> None:
    """The package cannot write them: any bytes are numbers of these kinds, but for those of the scales."""
    blocks = np.random.default_rng(7).integers(0, 256, (3, size), np.uint8)
    scales = blocks[:, :4].view(np.float16) if kind == "Q4_K" else blocks[:, 208:].view(np.float16)
    scales[:] = 0.01
    writer = gguf.GGUFWriter(tmp_path / "model.gguf", "llama")
    writer.add_tensor("x.weight", blocks, raw_dtype=gguf.GGMLQuantizationType[kind])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    file = GGUFFile.open(tmp_path / "model.gguf")
    exact, near = widened(file.tensors["x.weight"]), rounded(file.tensors["x.weight"])
    assert exact.values.shape == near.values.shape == file.tensors["x.weight"].shape == (3, 256)
    row = np.array(q4_k(blocks[1]) if kind == "Q4_K" else q6_k(blocks[1]))
    np.testing.assert_allclose(exact.values[1], row, rtol=1e-6, atol=1e-7)
    steps = np.abs(row).reshape(-1, 32).max(axis=1) / 127
    assert near.dtype == "int8"
    assert (np.abs(near.as_f32()[1] - row).reshape(-1, 32) <= 0.501 * steps[:, None]).all()


def q4_k(block: Any) -> list[float]:
    """Eight groups of 32: two scales for all, then six bits of scale and of minimum for each."""
    d, dmin = block[:4].view(np.float16).astype(float)
    bits, nibbles = block[4:16].astype(int), block[16:].astype(int)
    row = []
    for group in range(8):
        if group < 4:
            scale, least = bits[group] & 63, bits[group + 4] & 63
        else:
            scale = (bits[group + 4] & 15) | (bits[group - 4] >> 6 << 4)
            least = (bits[group + 4] >> 4) | (bits[group] >> 6 << 4)
        codes = nibbles[group // 2 * 32 :][:32] >> (4 * (group % 2)) & 15
        row += list(d * scale * codes - dmin * least)
    return row


def q6_k(block: Any) -> list[float]:
    """Two halves of 128, each of four rows of 32 numbers of six bits; a signed scale for every 16."""
    low, high = block[:128].astype(int), block[128:192].astype(int)
    scales, d = block[192:208].view(np.int8).astype(int), float(block[208:].view(np.float16)[0])
    row = []
    for at in range(256):
        half, quarter, column = at // 128, at % 128 // 32, at % 32
        nibble = low[half * 64 + quarter % 2 * 32 + column] >> (4 * (quarter // 2)) & 15
        top = high[half * 32 + column] >> (2 * quarter) & 3
        row.append(d * scales[at // 16] * ((nibble | top << 4) - 32))
    return row


def reference_tokenizer(folder: Path, pre: str) -> tokenizers.Tokenizer:
    """Return the folder's tokenizer with the words of the real models that `pre` stands for."""
    settings = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    steps: list[dict[str, Any]] = [byte_level]
    if pre in SPLIT:
        split = {"type": "Split", "pattern": {"Regex": SPLIT[pre]}, "behavior": "Isolated", "invert": False}
        steps = [split, byte_level | {"use_regex": False}]
    elif pre == "smollm":
        steps = [{"type": "Digits", "individual_digits": True}, byte_level]
    settings["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": steps}
    settings["normalizer"] = {"type": "NFC"} if pre == "qwen2" else None
    settings["model"]["ignore_merges"] = pre == "llama-bpe"
    return tokenizers.Tokenizer.from_str(json.dumps(settings))


@pytest.mark.parametrize("pre", ["llama-bpe", "qwen2", "smollm", "gpt-2"])
def test_byte_level_token_ids_equal_the_folders(pre: str, tmp_path: Path) -> None:
    folder = FIXTURES / "tiny-llama"
    wanted = reference_tokenizer(folder, pre)
    got = Tokenizer.from_folder(write_gguf(folder, tmp_path / "model.gguf", pre=pre))
    for text in TEXTS:
        ids = wanted.encode(text, add_special_tokens=False).ids
        assert got.encode(text, add_special_tokens=False) == ids
        assert got.encode(text) == ([347, *ids] if pre == "llama-bpe" else ids)
        assert got.decode(ids) == wanted.decode(ids)


@pytest.mark.parametrize("name", ["tiny-llama1", "tiny-llama2", "tiny-tinyllama"])
def test_sentencepiece_token_ids_equal_the_folders(name: str, tmp_path: Path) -> None:
    wanted = Tokenizer.from_folder(FIXTURES / name)
    got = Tokenizer.from_folder(write_gguf(FIXTURES / name, tmp_path / "model.gguf"))
    for text in TEXTS:
        assert got.encode(text) == wanted.encode(text)
        assert got.decode(wanted.encode(text)) == wanted.decode(wanted.encode(text))
    assert got.special_tokens == wanted.special_tokens
    assert (got.eos_token_ids, got.special_ids) == (wanted.eos_token_ids, wanted.special_ids)


def test_chat_template_of_the_file_is_used_unless_another_is_given(tmp_path: Path) -> None:
    path = write_gguf(FIXTURES / "tiny-llama", tmp_path / "model.gguf")
    chat = [{"role": "user", "content": "Hello"}]
    wanted = Tokenizer.from_folder(FIXTURES / "tiny-llama").render(chat)
    assert Tokenizer.from_folder(path).render(chat) == wanted
    assert Tokenizer.from_folder(path, "{{ messages[0].content }}!").render(chat) == "Hello!"


def test_engine_writes_the_folders_text(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    write_gguf(FIXTURES / "tiny-llama2", tmp_path / "model" / "any-name.gguf")
    assert greedy(tmp_path / "model") == greedy(FIXTURES / "tiny-llama2")


def test_reply_ends_at_the_end_of_turn_that_the_file_names(tmp_path: Path) -> None:
    first = greedy(write_gguf(FIXTURES / "tiny-llama", tmp_path / "plain.gguf"))[0]
    path = write_gguf(FIXTURES / "tiny-llama", tmp_path / "model.gguf", eot_token_id=first)
    assert Tokenizer.from_folder(path).eos_token_ids == (351, first)
    engine = Engine.from_folder(path)
    engine.add("a", engine.tokenizer.encode("Once upon a time"), SamplingParams(temperature=0, max_tokens=9))
    [output] = engine.step()
    assert (output.token_ids, output.finish_reason) == ([first], "stop")


def greedy(path: Path) -> list[int]:
    engine = Engine.from_folder(path)
    prompt = engine.tokenizer.encode("Once upon a time")
    engine.add("a", prompt, SamplingParams(temperature=0, max_tokens=12, ignore_eos=True))
    ids: list[int] = []
    while engine.has_work:
        for output in engine.step():
            ids += output.token_ids
    return ids


def test_served_file_needs_no_json_beside_it(tmp_path: Path) -> None:
    path = write_gguf(FIXTURES / "tiny-llama", tmp_path / "model.gguf")
    assert find_model(str(path)) == (path, str(path))
    assert default_sampling("auto", {}, path) == {}
    with pytest.raises(CheckpointError, match=r"there is no model folder nowhere/model\.gguf"):
        find_model("nowhere/model.gguf")


def test_folder_with_other_weights_or_several_files(tmp_path: Path) -> None:
    for name in ("a.gguf", "b.gguf"):
        (tmp_path / name).touch()
    with pytest.raises(
        CheckpointError, match=r"has several GGUF files, name the one to serve: a\.gguf, b\.gguf"
    ):
        gguf_file(tmp_path)
    (tmp_path / "model.safetensors").touch()
    assert gguf_file(tmp_path) is None
    assert gguf_file(tmp_path / "b.gguf") == tmp_path / "b.gguf"


def test_absent_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_gguf(FIXTURES / "tiny-llama", tmp_path / "model.gguf")
    monkeypatch.setitem(sys.modules, "gguf", None)
    with pytest.raises(CheckpointError, match=r"pip install 'martlet\[gguf\]'"):
        load_checkpoint(path)


def write_metadata(
    path: Path, architecture: str, write: Callable[[Any], object] = lambda writer: None
) -> Path:
    writer = gguf.GGUFWriter(path, architecture)
    write(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.mark.parametrize(
    ("architecture", "write", "problem"),
    [
        (
            "mamba",
            lambda _: None,
            "'general.architecture' is 'mamba'; supported: llama, qwen2, qwen3, qwen3moe",
        ),
        ("qwen3", lambda w: w.add_expert_count(8), "'qwen3.expert_count' is 8, which is not supported"),
        ("llama", lambda w: w.add_uint16("split.count", 2), "is one of 2 parts, which its name does not say"),
        (
            "llama",
            lambda w: w.add_uint32("general.alignment", 0),
            "no whole GGUF file of version 2 or 3: its alignm",
        ),
        ("llama", lambda _: None, "has no 'llama.embedding_length'"),
        ("llama", lambda w: w.add_string("llama.embedding_length", "x"), "must be of type int, got 'x'"),
    ],
)
def test_setting_that_cannot_be_honoured_is_named(
    architecture: str, write: Callable[[Any], object], problem: str, tmp_path: Path
) -> None:
    path = write_metadata(tmp_path / "model.gguf", architecture, write)
    with pytest.raises(CheckpointError) as caught:
        read_config(path)
    assert str(path) in str(caught.value)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("model", "pre", "problem"),
    [
        ("bert", None, "'tokenizer.ggml.model' is 'bert'; supported: gpt2, llama"),
        ("gpt2", "viking", "'tokenizer.ggml.pre' is 'viking'; supported: llama-bpe"),
        ("gpt2", None, "has no 'tokenizer.ggml.pre'"),
        ("llama", None, "has no 'tokenizer.ggml.tokens'"),
    ],
)
def test_tokenizer_that_is_not_supported_is_named(
    model: str, pre: str | None, problem: str, tmp_path: Path
) -> None:
    def write(writer: Any) -> None:
        writer.add_tokenizer_model(model)
        if pre is not None:
            writer.add_tokenizer_pre(pre)

    path = write_metadata(tmp_path / "model.gguf", "llama", write)
    with pytest.raises(CheckpointError, match=r"model\.gguf") as caught:
        Tokenizer.from_folder(path)
    assert problem in str(caught.value)


def test_file_that_is_cut_is_an_error_wherever_it_ends(tmp_path: Path) -> None:
    path = write_gguf(FIXTURES / "tiny-llama1", tmp_path / "whole.gguf", "F16")
    whole = path.read_bytes()
    for length in [0, 3, *range(7, len(whole) - 1, len(whole) // 40)]:
        cut = tmp_path / f"{length}.gguf"
        cut.write_bytes(whole[:length])
        with pytest.raises(CheckpointError, match=rf"{length}\.gguf is no whole GGUF file"):
            load_checkpoint(cut)


def test_tensor_that_has_no_place_is_named(tmp_path: Path) -> None:
    path = write_gguf(FIXTURES / "tiny-llama", tmp_path / "model.gguf", num_hidden_layers=1)
    with pytest.raises(CheckpointError, match=r"model\.gguf: tensor 'blk\.1\..* has no place in the model"):
        load_model(path)


# --- what is quantized stays so -----------------------------------------------------------------------


def weights_of(path: Path, **options: Any) -> DecoderWeights:
    return build_model(load_checkpoint(path), kernels.load(num_threads=1), **options).weights


@pytest.mark.parametrize(("kind", "held"), [("Q8_0", "int8"), ("Q4_0", "int4")])
@pytest.mark.parametrize("kernels_name", kernels.available())
def test_packed_matrices_say_what_their_numbers_say(
    kind: str, held: str, kernels_name: str, tmp_path: Path
) -> None:
    """Of q and k the rows, and so their scales, have another order in the file, and are merged with v's."""
    path = write_gguf(FIXTURES / "tiny-llama", tmp_path / "model.gguf", kind)
    packed = load_model(path, kernels_name)
    plain = build_model(widened_checkpoint(load_checkpoint(path)), kernels.load(kernels_name, num_threads=2))
    layer = packed.weights.layers[0]
    assert {layer.qkv.weight.dtype, layer.o.weight.dtype, packed.weights.embed.dtype} == {held}
    assert plain.weights.layers[0].qkv.weight.dtype == "f32"
    logits = [Session(model).last_logits([5, 7, 3, 11, 42, 30, 9], 3) for model in (packed, plain)]
    assert relative_error(*logits) < 2e-4  # activations meet integers as integers of 16 bits


def widened_checkpoint(checkpoint: Checkpoint) -> Checkpoint:
    """Return a checkpoint that gives all numbers as float32."""
    read = checkpoint.matrix
    checkpoint.matrix = lambda name, shape: Tensor(read(name, shape).as_f32(), "f32")  # type: ignore[method-assign]
    return checkpoint


def test_quantization_acts_on_what_is_quantized(tmp_path: Path) -> None:
    eight = write_gguf(FIXTURES / "tiny-llama", tmp_path / "8.gguf", "Q8_0")
    four = write_gguf(FIXTURES / "tiny-llama", tmp_path / "4.gguf", "Q4_0")
    half = write_gguf(FIXTURES / "tiny-llama", tmp_path / "16.gguf", "F16")
    for path, quantization, held, outer in (
        (eight, "int8", "int8", "int8"),
        (eight, "int4", "int4", "int8"),
        (four, "int8", "int4", "int4"),  # more bits would not bring back what is lost
        (four, "int4", "int4", "int4"),
        (half, None, "f32", "f32"),
        (half, "int8", "int8", "int8"),
        (half, "int4", "int4", "int8"),
    ):
        weights = weights_of(path, quantization=quantization)
        dtypes = weights.layers[0].qkv.weight.dtype, weights.layers[0].mlp.down.weight.dtype  # type: ignore[union-attr]
        assert (*dtypes, weights.head.dtype) == (held, held, outer)


def test_parts_of_four_and_eight_bits_are_merged_without_loss(tmp_path: Path) -> None:
    path = write_gguf(FIXTURES / "tiny-llama", tmp_path / "model.gguf", "Q4_0", kinds={"attn_v": "Q8_0"})
    qkv = weights_of(path).layers[0].qkv.weight
    assert qkv.dtype == "int8"
    exact = load_checkpoint(path)
    q = exact.tensor("model.layers.0.self_attn.q_proj.weight", (64, 64)).as_f32()
    got = np.empty((qkv.cols, qkv.rows), np.float32)
    kernels.load(num_threads=1).linear(np.eye(qkv.cols, dtype=np.float32), qkv, got)
    np.testing.assert_allclose(got.T[: len(q)], q, rtol=1e-4, atol=1e-6)


def test_kinds_that_kernels_lack_are_exact_on_request(tmp_path: Path) -> None:
    path = write_gguf(FIXTURES / "tiny-llama", tmp_path / "model.gguf", "Q5_1")
    name = "model.layers.0.mlp.up_proj.weight"
    shape = load_checkpoint(FIXTURES / "tiny-llama")._files[name].entries[name].shape  # type: ignore[attr-defined]  # of safetensors
    exact, near = (load_checkpoint(path, is_exact).matrix(name, shape) for is_exact in (True, False))
    assert (exact.dtype, near.dtype) == ("f32", "int8")
    assert 0 < relative_error(near.as_f32(), exact.as_f32()) < 0.004
    assert load_checkpoint(path).nbytes < load_checkpoint(path, is_exact=True).nbytes / 3


LOAD = """
import sys
from pathlib import Path
from martlet.engine.checkpoint import load_checkpoint
from martlet.engine.kernels import load
from martlet.engine.models import build_model, decoder
import gguf

def memory(key):
    [line] = [line for line in open("/proc/self/status") if line.startswith(key + ":")]
    return int(line.split()[1]) * 1024

kernels, before = load(num_threads=1), memory("VmRSS")
model = build_model(load_checkpoint(Path(sys.argv[1])), kernels)
print(memory("VmHWM") - before, memory("VmRSS") - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.skipif("reference" == kernels.available()[0], reason="NumPy's kernels widen the weights")
@pytest.mark.parametrize(("kind", "share"), [("Q8_0", 1.0), ("Q6_K", 8.5 / 6.5625)])
def test_model_takes_little_more_memory_than_the_file(kind: str, share: float, tmp_path: Path) -> None:
    path = write_random_gguf(tmp_path / "model.gguf", kind, hidden=512, inner=1536, layers=12, vocab=8000)
    done = subprocess.run([sys.executable, "-c", LOAD, path], capture_output=True, text=True, check=True)
    peak, final = map(int, done.stdout.split())
    assert final < 1.1 * share * path.stat().st_size + 32 * 2**20  # modules, and what threads keep
    assert peak <= 1.1 * final


# --- files in parts, and folders of several -----------------------------------------------------------


def write_parts(path: Path, whole: Path, count: int) -> list[Path]:
    """Write a file as llama-gguf-split does: metadata in the first part, tensors in all."""
    file = GGUFFile.open(whole)
    tensors = list(file.tensors.items())
    parts = [path.with_name(f"{path.stem}-{i + 1:05}-of-{count:05}.gguf") for i in range(count)]
    for number, part in enumerate(parts):
        writer = gguf.GGUFWriter(part, "llama")
        if number == 0:
            for key, value in file.metadata.items():
                if key.startswith("llama."):
                    kind = (
                        gguf.GGUFValueType.FLOAT32 if isinstance(value, float) else gguf.GGUFValueType.UINT32
                    )
                    writer.add_key_value(key, value, kind)
        writer.add_uint16("split.no", number)
        writer.add_uint16("split.count", count)
        for name, tensor in tensors[number::count]:
            writer.add_tensor(name, tensor.data, raw_dtype=gguf.GGMLQuantizationType[tensor.kind])
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
    return parts


def test_parts_are_one_model(tmp_path: Path) -> None:
    whole = write_gguf(FIXTURES / "tiny-llama", tmp_path / "whole.gguf", "Q8_0")
    (tmp_path / "model").mkdir()
    parts = write_parts(tmp_path / "model" / "tiny.gguf", whole, 3)
    (tmp_path / "model" / "mmproj-F16.gguf").touch()  # a vision tower is another file's business
    for path in (tmp_path / "model", *parts):
        assert logits_of(path).tobytes() == logits_of(whole).tobytes()
    parts[1].unlink()
    with pytest.raises(
        CheckpointError, match=r"one of 3 parts, of which tiny-00002-of-00003\.gguf is missing"
    ):
        load_checkpoint(tmp_path / "model")


def test_absent_tensor_is_named_as_in_the_file(tmp_path: Path) -> None:
    path = write_gguf(FIXTURES / "tiny-llama", tmp_path / "model.gguf", without=("blk.1.attn_k.weight",))
    with pytest.raises(
        CheckpointError,
        match=r"model\.gguf has no tensor 'blk\.1\.attn_k\.weight', which its metadata ask for",
    ):
        load_model(path)
