"""Encoders, heads and poolers against transformers, and against themselves: in any company the same bits."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from safetensors.numpy import load_file, save_file

from martlet.engine import kernels
from martlet.engine.config import EngineConfig, QuantizationMode
from martlet.engine.models.pooled import check_servable, is_pooling_model
from martlet.engine.pooling import PoolerConfig, PoolingParams, PoolingTask
from martlet.engine.pooling_engine import PoolingEngine
from martlet.errors import CheckpointError, InvalidParameter
from tests.engine.models.oracle import load_script

F32 = npt.NDArray[np.float32]
Tensors = dict[str, npt.NDArray[Any]]

TINY_LLAMA = Path(__file__).parents[2] / "fixtures" / "tiny-llama"
FIXTURES = TINY_LLAMA.parent / "pooled"
FOLDERS = sorted(path.parent for path in FIXTURES.glob("*/goldens.json"))
ALONE = EngineConfig(max_num_seqs=1)

each_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
each_kernels = pytest.mark.parametrize("kernels_name", kernels.available())


def load(
    folder: Path, kernels_name: str | None = None, config: EngineConfig | None = None, **pooler: Any
) -> PoolingEngine:
    chosen = kernels.load(kernels_name or kernels.available()[0], num_threads=2)
    return PoolingEngine.from_folder(folder, config, chosen, pooler_config=PoolerConfig(**pooler))


def read_cases(folder: Path) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((folder / "goldens.json").read_text(encoding="utf-8"))["cases"]
    return cases


def run(
    engine: PoolingEngine,
    cases: Sequence[dict[str, Any]],
    task: PoolingTask | None = None,
    **params: Any,
) -> list[F32]:
    """Pool the cases together and return what each brought, checking the engine's invariants at each step."""
    for number, case in enumerate(cases):
        resolved = PoolingParams(
            task=task or engine.pooler.task, token_type_ids=case["token_type_ids"], **params
        )
        engine.add(str(number), case["token_ids"], resolved)
    found: dict[str, F32] = {}
    while engine.has_work:
        for output in engine.step():
            assert output.finish_reason == "stop"
            found[output.request_id] = output.data
        engine.check_invariants()
    return [found[str(number)] for number in range(len(cases))]


def error(got: F32, wanted: Sequence[Any]) -> float:
    expected = np.array(wanted, np.float32)
    return float(np.abs(got - expected).max() / max(1.0, np.abs(expected).max()))


# --- against transformers -----------------------------------------------------------------------------


@each_kernels
@each_folder
def test_answers_match_transformers(folder: Path, kernels_name: str) -> None:
    engine, cases = load(folder, kernels_name), read_cases(folder)
    if engine.pooler.num_labels:
        token_wise = cases[0]["token_logits"] is not None
        task: PoolingTask = "token_classify" if token_wise else "classify"
        for got, case in zip(run(engine, cases, task, use_activation=False), cases, strict=True):
            wanted = case["token_logits"] if token_wise else case["logits"]
            assert error(got[-2] if token_wise else got, wanted) < 1e-4
    else:
        for got, case in zip(run(engine, cases), cases, strict=True):
            assert error(got, case["embedding"]) < 1e-4


@each_kernels
@each_folder
def test_hidden_states_match_transformers(
    folder: Path, kernels_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, cases = load(folder, kernels_name), read_cases(folder)
    engine.pooler._head = engine.pooler._projection = None  # the bare vectors of any model
    for got, case in zip(run(engine, cases, "token_embed", use_activation=False), cases, strict=True):
        assert got.shape == (len(case["token_ids"]), engine.model.hidden_size)
        for row, wanted in case["rows"].items():
            assert error(got[int(row)], wanted) < 1e-4


@each_folder
def test_tokens_match_transformers(folder: Path) -> None:
    tokenizer = load(folder).tokenizer
    for case in read_cases(folder):
        encoded = tokenizer.encode_typed(case["text"], case["pair"])
        assert encoded.token_ids == case["token_ids"]
        assert encoded.token_type_ids == case["token_type_ids"]


@pytest.mark.oracle
@each_folder
def test_transformers_still_gives_the_goldens(folder: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    script = load_script("make_encoder_goldens")
    again = script.compute_goldens(folder, script.VARIANTS[folder.name])["cases"]
    for got, committed in zip(again, read_cases(folder), strict=True):
        for key, value in committed.items():
            if isinstance(value, list) and isinstance(value[0], float):
                assert error(np.array(got[key], np.float32), value) < 1e-5
            elif key != "rows":
                assert got[key] == value


# --- the same bits, however it is run -----------------------------------------------------------------


@each_kernels
@each_folder
def test_batched_equals_alone_to_the_bit(folder: Path, kernels_name: str) -> None:
    cases = read_cases(folder)
    together = run(load(folder, kernels_name), cases)
    alone = run(load(folder, kernels_name, ALONE), cases)
    assert [row.tobytes() for row in together] == [row.tobytes() for row in alone]


@each_folder
@pytest.mark.parametrize("quantization", ["int8", "int4"])
def test_rounded_weights_bring_near_vectors_and_the_same_in_company(
    folder: Path, quantization: QuantizationMode
) -> None:
    cases = read_cases(folder)
    exact = run(load(folder), cases, use_activation=False)
    rounded = run(load(folder, config=EngineConfig(quantization=quantization)), cases, use_activation=False)
    alone = run(
        load(folder, config=EngineConfig(quantization=quantization, max_num_seqs=1)),
        cases,
        use_activation=False,
    )
    assert [row.tobytes() for row in rounded] == [row.tobytes() for row in alone]
    distance = np.linalg.norm(np.concatenate(rounded) - np.concatenate(exact))
    limit = 0.05 if quantization == "int8" else 0.7  # 4 bits of so few columns cost much
    assert 0 < distance / np.linalg.norm(np.concatenate(exact)) < limit


def test_threads_change_no_bit() -> None:
    folder = FIXTURES / "tiny-modernbert"
    cases = read_cases(folder)
    found = []
    for num_threads in (1, 3):
        chosen = kernels.load(kernels.available()[0], num_threads=num_threads)
        found.append([row.tobytes() for row in run(PoolingEngine.from_folder(folder, None, chosen), cases)])
    assert found[0] == found[1]


@pytest.mark.parametrize("pooling_type", ["LAST", "MEAN", "CLS"])
def test_chunked_decoder_equals_one_shot(pooling_type: Any) -> None:
    folder = TINY_LLAMA
    cases = read_cases(FIXTURES / "tiny-llama-classify")
    whole = run(load(folder, pooling_type=pooling_type), cases)
    config = EngineConfig(max_num_seqs=3, max_num_batched_tokens=7)
    chunked = run(load(folder, config=config, pooling_type=pooling_type), cases)
    assert [row.tobytes() for row in whole] == [row.tobytes() for row in chunked]


def test_encoder_prompts_are_never_split() -> None:
    engine = load(FIXTURES / "tiny-bert", config=EngineConfig(max_num_seqs=4, max_num_batched_tokens=8))
    cases = read_cases(FIXTURES / "tiny-bert")
    wanted = run(load(FIXTURES / "tiny-bert"), cases)
    assert [row.tobytes() for row in run(engine, cases)] == [row.tobytes() for row in wanted]
    assert engine.stats().num_steps == len(cases)


# --- folders ------------------------------------------------------------------------------------------


@each_folder
def test_folder_is_known_to_pool(folder: Path) -> None:
    assert is_pooling_model(folder)


def test_folder_that_generates_does_not_pool_by_itself() -> None:
    assert not is_pooling_model(TINY_LLAMA)


@each_folder
def test_folder_can_be_served_by_its_config_alone(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "config.json", tmp_path)
    check_servable(tmp_path)


@pytest.mark.parametrize("architecture", ["BertForQuestionAnswering", "LlamaForQuestionAnswering"])
def test_folder_for_something_else_is_refused_by_its_config(tmp_path: Path, architecture: str) -> None:
    kind = "bert" if architecture.startswith("Bert") else "llama"
    (tmp_path / "config.json").write_text(json.dumps({"model_type": kind, "architectures": [architecture]}))
    with pytest.raises(CheckpointError, match=architecture):
        check_servable(tmp_path)


def test_generating_model_can_be_pooled() -> None:
    engine = load(TINY_LLAMA)
    [vector] = run(engine, [{"token_ids": [5, 6, 7], "token_type_ids": None}])
    assert engine.pooler.pooling_type == "LAST"
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)


def test_sentence_transformer_says_pooling_length_and_dense_layers() -> None:
    assert load(FIXTURES / "tiny-bert").pooler.pooling_type == "MEAN"
    assert load(FIXTURES / "tiny-bert").max_model_len == 128  # of 160 positions
    assert load(FIXTURES / "tiny-xlm-roberta").pooler.embedding_size == 24
    assert load(FIXTURES / "tiny-xlm-roberta").max_model_len == 160  # of 162 rows, the first two unused


def test_pooler_config_wins_over_the_folder() -> None:
    engine = load(FIXTURES / "tiny-bert", pooling_type="CLS", use_activation=False)
    case = read_cases(FIXTURES / "tiny-bert")[1]
    assert error(run(engine, [case])[0], case["rows"]["0"]) < 1e-4


def test_labels_are_named_as_configured() -> None:
    assert load(FIXTURES / "tiny-roberta-classify").labels == ["calm", "glad", "sad"]
    assert load(FIXTURES / "tiny-bert-rerank").labels == ["LABEL_0"]
    assert load(FIXTURES / "tiny-bert").labels == []


def test_activations_are_what_the_folder_asks_for() -> None:
    case = read_cases(FIXTURES / "tiny-bert-rerank")[5]
    [score] = run(load(FIXTURES / "tiny-bert-rerank"), [case])
    assert score[0] == pytest.approx(1 / (1 + np.exp(-case["logits"][0])), abs=1e-5)
    case = read_cases(FIXTURES / "tiny-modernbert-rerank")[5]
    [score] = run(load(FIXTURES / "tiny-modernbert-rerank"), [case])  # Identity
    assert score[0] == pytest.approx(case["logits"][0], abs=1e-4)
    case = read_cases(FIXTURES / "tiny-roberta-classify")[0]
    [scores] = run(load(FIXTURES / "tiny-roberta-classify"), [case])
    assert scores.sum() == pytest.approx(1, abs=1e-6)


def test_dimensions_cut_before_normalising() -> None:
    engine = load(FIXTURES / "tiny-xlm-roberta")
    case = read_cases(FIXTURES / "tiny-xlm-roberta")[0]
    [cut] = run(engine, [case], dimensions=8)
    head = np.array(case["embedding"][:8])
    assert np.allclose(cut, head / np.linalg.norm(head), atol=1e-5)


@pytest.mark.parametrize(
    ("name", "dimensions", "problem"),
    [
        ("tiny-bert", 8, "cannot be cut"),
        ("tiny-xlm-roberta", 9, "one of 8, 24"),
        ("tiny-xlm-roberta", 25, "from 1 to 24"),
        ("tiny-xlm-roberta", 0, "from 1 to 24"),
    ],
)
def test_dimensions_that_the_model_was_not_trained_for_are_refused(
    name: str, dimensions: int, problem: str
) -> None:
    with pytest.raises(InvalidParameter, match=problem):
        load(FIXTURES / name).pooler.resolve(PoolingParams(task="embed", dimensions=dimensions))


def test_task_that_the_model_lacks_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="task: is classify, and the model can embed and token_embed"):
        load(FIXTURES / "tiny-bert").pooler.resolve(PoolingParams(task="classify"))
    with pytest.raises(InvalidParameter, match=r"pooler_config\.task"):
        load(FIXTURES / "tiny-bert", task="classify")


# --- checkpoints that must be refused -----------------------------------------------------------------


def altered(
    tmp_path: Path,
    name: str,
    config: dict[str, Any] | None = None,
    edit: Callable[[Tensors], object] = lambda tensors: None,
) -> Path:
    """A copy of a fixture with other settings or tensors; a setting of None is taken away."""
    folder = tmp_path / "model"
    shutil.copytree(FIXTURES / name, folder)
    settings = json.loads((folder / "config.json").read_text()) | (config or {})
    settings = {key: value for key, value in settings.items() if value is not None}
    (folder / "config.json").write_text(json.dumps(settings))
    tensors = load_file(folder / "model.safetensors")
    edit(tensors)
    save_file(tensors, folder / "model.safetensors")
    return folder


@pytest.mark.parametrize(
    ("name", "tensor"),
    [
        ("tiny-bert", "encoder.layer.1.attention.self.key.bias"),
        ("tiny-bert", "embeddings.LayerNorm.weight"),
        ("tiny-roberta-classify", "classifier.dense.weight"),
        ("tiny-roberta-classify", "roberta.embeddings.position_embeddings.weight"),
    ],
)
def test_missing_tensor_is_named(tmp_path: Path, name: str, tensor: str) -> None:
    folder = altered(tmp_path, name, edit=lambda tensors: tensors.pop(tensor))
    with pytest.raises(CheckpointError, match=f"has no tensor '{tensor}'"):
        load(folder)


def test_unused_tensor_is_named(tmp_path: Path) -> None:
    def edit(tensors: Tensors) -> None:
        tensors["encoder.layer.0.attention.self.distance_embedding.weight"] = np.ones(3, np.float32)

    with pytest.raises(CheckpointError, match=r"distance_embedding\.weight' has no place in the model"):
        load(altered(tmp_path, "tiny-bert", edit=edit))


@pytest.mark.parametrize(
    ("name", "config", "problem"),
    [
        ("tiny-bert", {"position_embedding_type": "relative_key"}, "'position_embedding_type' is 'relative"),
        ("tiny-bert", {"hidden_act": "swish2"}, "'hidden_act' is 'swish2'; supported: gelu, gelu_new"),
        ("tiny-bert", {"num_attention_heads": 5}, "'num_attention_heads' is 5, which does not divide 32"),
        ("tiny-bert", {"num_hidden_layers": 2 * 10**9}, "'num_hidden_layers' must be at most 10000"),
        ("tiny-modernbert", {"num_hidden_layers": 2 * 10**9}, "'num_hidden_layers' must be at most 10000"),
        ("tiny-bert", {"is_decoder": True}, "'is_decoder' is True; supported: False"),
        ("tiny-bert", {"vocab_size": 221}, r"word_embeddings\.weight' must have shape \[221, 32\]"),
        (
            "tiny-bert",
            {"architectures": ["BertForQuestionAnswering"]},
            "cannot be pooled; supported: BertFor",
        ),
        ("tiny-bert", {"matryoshka_dimensions": [0]}, "'matryoshka_dimensions' must be a list of whole"),
        ("tiny-bert", {"model_type": "gpt2"}, "'gpt2' with architectures"),
        ("tiny-roberta-classify", {"pad_token_id": 170}, "is 162, and positions begin at 171"),
        ("tiny-roberta-classify", {"sbert_ce_default_activation_function": "os.system"}, "is 'os.system'"),
        ("tiny-roberta-classify", {"id2label": [1]}, r"'id2label' must be an object, got \[1\]"),
        ("tiny-modernbert", {"layer_types": ["full_attention"] * 3}, "'layer_types' must be 4 times"),
        ("tiny-modernbert", {"rope_scaling": {"factor": 2}}, "'rope_scaling' is {'factor': 2}; supported"),
        (
            "tiny-modernbert",
            {"rope_parameters": {"full_attention": {"rope_type": "axial"}}},
            "has rope_type 'axial'",
        ),
        ("tiny-modernbert-rerank", {"classifier_pooling": "max"}, "is 'max'; supported: cls, mean"),
    ],
)
def test_setting_that_cannot_be_honoured_is_named(
    tmp_path: Path, name: str, config: dict[str, Any], problem: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(FIXTURES / name, folder)
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | config))
    with pytest.raises(CheckpointError, match=problem):
        load(folder)


@pytest.mark.parametrize(
    ("file", "content", "problem"),
    [
        ("modules.json", "{}", "must hold a list of modules"),
        ("modules.json", "[", "is not JSON"),
        (
            "modules.json",
            '[{"type": "a.WeightedLayerPooling", "path": ""}]',
            "'a.WeightedLayerPooling' is not",
        ),
        ("1_Pooling/config.json", '{"pooling_mode_max_tokens": true}', "supported: one of CLS, mean"),
        (
            "1_Pooling/config.json",
            '{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": true}',
            "pools by",
        ),
    ],
)
def test_pooling_that_cannot_be_done_is_refused(
    tmp_path: Path, file: str, content: str, problem: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(FIXTURES / "tiny-bert", folder)
    (folder / file).write_text(content)
    with pytest.raises(CheckpointError, match=problem):
        load(folder)
