"""The folders that the corpus is about: the house model, and small ones made here, alike on every machine."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "src" / "martlet" / "house"
TINY_BERT = ROOT / "tests" / "fixtures" / "pooled" / "tiny-bert"
HIDDEN, INTERMEDIATE, LAYERS, POSITIONS = 64, 128, 2, 64
RANK = 4
LABELS = ["calm", "glad", "cross"]

Tensors = dict[str, npt.NDArray[np.float32]]


def make(name: str, folder: Path) -> Path:
    """Return the folder of a checkpoint; whatever is not there already is written to `folder`."""
    if name == "house":
        return HOUSE
    folder.mkdir(parents=True, exist_ok=True)
    makers = {"thinking": _thinking, "adapter": _adapter, "embedder": _embedder}
    if name in makers:
        makers[name](folder)
    else:
        _classifier(folder, {"classifier": LABELS, "reranker": ["fits"]}[name])
    return folder


def digest(folder: Path) -> str:
    """Name a folder's content, so that a recording is not replayed on another."""
    hashed = sha256()
    for path in sorted(folder.glob("*.*")):
        hashed.update(path.name.encode() + path.read_bytes())
    return hashed.hexdigest()[:16]


# --- text ---------------------------------------------------------------------------------------------


def _thinking(folder: Path) -> None:
    """Write the house model with a template of our own: one that has a model think unless told not to."""
    for file in HOUSE.iterdir():
        shutil.copy(file, folder)
    shutil.copy(Path(__file__).with_name("thinking.jinja"), folder / "chat_template.jinja")


def _adapter(folder: Path) -> None:
    """Write a LoRA adapter for the house model, of random weights."""
    config = json.loads((HOUSE / "config.json").read_text())
    hidden, head_dim = config["hidden_size"], config["head_dim"]
    sizes = {
        "q_proj": config["num_attention_heads"] * head_dim,
        "v_proj": config["num_key_value_heads"] * head_dim,
    }
    random = np.random.RandomState(0)
    tensors: Tensors = {}
    for layer in range(config["num_hidden_layers"]):
        for module, rows in sizes.items():
            prefix = f"base_model.model.model.layers.{layer}.self_attn.{module}"
            tensors[f"{prefix}.lora_A.weight"] = _normal(random, RANK, hidden, scale=0.3)
            tensors[f"{prefix}.lora_B.weight"] = _normal(random, rows, RANK, scale=0.3)
    _save(folder / "adapter_model.safetensors", tensors)
    about = {
        "peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": "house", "r": RANK,
        "lora_alpha": 2 * RANK, "lora_dropout": 0.0, "bias": "none", "target_modules": list(sizes),
    }  # fmt: skip
    (folder / "adapter_config.json").write_text(json.dumps(about))


# --- pooling ------------------------------------------------------------------------------------------


def _embedder(folder: Path) -> None:
    """Write a BERT of random weights, pooled and normalised as sentence-transformers' folders say."""
    config = _bert_config(folder, "BertModel")
    _save(folder / "model.safetensors", _bert(config))
    shutil.copy(TINY_BERT / "modules.json", folder)
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": POSITIONS}))
    (folder / "1_Pooling").mkdir(exist_ok=True)
    pooling = json.loads((TINY_BERT / "1_Pooling" / "config.json").read_text())
    pooling["word_embedding_dimension"] = HIDDEN
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))


def _classifier(folder: Path, labels: list[str]) -> None:
    """Write a BERT of random weights that sorts texts into classes."""
    config = _bert_config(folder, "BertForSequenceClassification", labels)
    random = np.random.RandomState(1)
    tensors = {f"bert.{name}": tensor for name, tensor in _bert(config).items()}
    tensors["bert.pooler.dense.weight"] = _normal(random, HIDDEN, HIDDEN)
    tensors["bert.pooler.dense.bias"] = _normal(random, HIDDEN)
    tensors["classifier.weight"] = _normal(random, len(labels), HIDDEN)
    tensors["classifier.bias"] = _normal(random, len(labels))
    _save(folder / "model.safetensors", tensors)


def _bert_config(folder: Path, architecture: str, labels: list[str] | None = None) -> dict[str, Any]:
    """Two heads of 32, the least that vLLM's attention takes on a CPU."""
    config = json.loads((TINY_BERT / "config.json").read_text())
    config |= {
        "architectures": [architecture], "hidden_size": HIDDEN, "num_attention_heads": 2,
        "num_hidden_layers": LAYERS, "intermediate_size": INTERMEDIATE, "max_position_embeddings": POSITIONS,
    }  # fmt: skip
    if labels is not None:
        config["id2label"] = dict(enumerate(labels))
        config["label2id"] = {label: number for number, label in enumerate(labels)}
    (folder / "config.json").write_text(json.dumps(config))
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(TINY_BERT / name, folder)
    return dict(config)


def _bert(config: dict[str, Any]) -> Tensors:
    random = np.random.RandomState(0)
    tensors: Tensors = {
        "embeddings.word_embeddings.weight": _normal(random, config["vocab_size"], HIDDEN),
        "embeddings.position_embeddings.weight": _normal(random, POSITIONS, HIDDEN),
        "embeddings.token_type_embeddings.weight": _normal(random, config["type_vocab_size"], HIDDEN),
        **_norm("embeddings.LayerNorm"),
    }
    for layer in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{layer}"
        for name in ("self.query", "self.key", "self.value", "output.dense"):
            tensors |= _dense(random, f"{at}.attention.{name}", HIDDEN, HIDDEN)
        tensors |= _norm(f"{at}.attention.output.LayerNorm")
        tensors |= _dense(random, f"{at}.intermediate.dense", INTERMEDIATE, HIDDEN)
        tensors |= _dense(random, f"{at}.output.dense", HIDDEN, INTERMEDIATE)
        tensors |= _norm(f"{at}.output.LayerNorm")
    return tensors


def _dense(random: np.random.RandomState, name: str, rows: int, columns: int) -> Tensors:
    return {f"{name}.weight": _normal(random, rows, columns), f"{name}.bias": _normal(random, rows)}


def _norm(name: str) -> Tensors:
    return {f"{name}.weight": np.ones(HIDDEN, np.float32), f"{name}.bias": np.zeros(HIDDEN, np.float32)}


def _normal(random: np.random.RandomState, *shape: int, scale: float = 0.5) -> npt.NDArray[np.float32]:
    """RandomState's numbers are the same in every version of NumPy."""
    return (scale * random.standard_normal(shape)).astype(np.float32)


# --- files --------------------------------------------------------------------------------------------


def _save(path: Path, tensors: Tensors) -> None:
    header: dict[str, Any] = {}
    offset = 0
    for name, tensor in tensors.items():
        end = offset + tensor.nbytes
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, end]}
        offset = end
    _write_safetensors(path, header, {name: tensor.tobytes() for name, tensor in tensors.items()})


def _write_safetensors(path: Path, header: dict[str, Any], pieces: dict[str, bytes]) -> None:
    encoded = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    encoded += b" " * (-len(encoded) % 8)
    path.write_bytes(len(encoded).to_bytes(8, "little") + encoded + b"".join(pieces.values()))
