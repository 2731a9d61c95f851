"""Make the tiny models that pool in tests/fixtures/pooled and what transformers computes with them.

    python scripts/make_encoder_goldens.py [--out tests/fixtures/pooled] [NAME ...]

Needs torch and transformers. Each folder is a complete model folder with random weights from a seed, as
`save_pretrained` writes it, some with the files of sentence-transformers, plus goldens.json: inputs, one text
or a pair each, with the tokens and token types that the tokenizer makes of them, the vector or the scores
that transformers computes, and a few rows of its last hidden states.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import tokenizers
import torch
import transformers
from tokenizers import (
    AddedToken,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

LONGEST = 158
SENTENCES = (
    "The house martin builds its nest of mud under the eaves, and comes back to it in the spring.",
    "A martlet, in heraldry, is a martin without feet: a bird that never lands.",
    "Whoever drew it first had watched swifts, which eat, drink and sleep on the wing.",
    "Do you know what a server does? It waits, it listens, it answers; then it waits again.",
    "What is the capital of France? Paris is the capital of France.",
    "Ein Haus, zwei Häuser; une maison, deux maisons; naïve café, jalapeño.",
)
TEXTS: tuple[tuple[str, str | None], ...] = (
    ("What is a martlet?", None),
    (SENTENCES[0], None),
    (SENTENCES[5], None),
    (" ".join(SENTENCES[1:3]), None),
    ("bird", None),
    ("What is a martlet?", SENTENCES[1]),
    ("capital of France", SENTENCES[4]),
    ("Where does a house martin build its nest?", " ".join(SENTENCES[:2])),
)

# --- tokenizers ---------------------------------------------------------------------------------------


def wordpiece() -> tuple[Tokenizer, dict[str, str]]:
    """BERT: lower-cased word pieces between [CLS] and [SEP]."""
    roles = {"unk": "[UNK]", "sep": "[SEP]", "pad": "[PAD]", "cls": "[CLS]", "mask": "[MASK]"}
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(vocab_size=220, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = _template(tokenizer, "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1")
    return tokenizer, roles


def byte_level(pair: str) -> tuple[Tokenizer, dict[str, str]]:
    """RoBERTa, ModernBERT: byte-level BPE."""
    roles = {"bos": "<s>", "eos": "</s>", "unk": "<unk>", "pad": "<pad>", "cls": "<s>", "sep": "</s>"}
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=300, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = _template(tokenizer, "<s> $A </s>", pair)
    return tokenizer, roles


def unigram() -> tuple[Tokenizer, dict[str, str]]:
    """XLM-R: SentencePiece's unigrams."""
    roles = {"bos": "<s>", "eos": "</s>", "unk": "<unk>", "pad": "<pad>", "cls": "<s>", "sep": "</s>"}
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=200, special_tokens=special, unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = _template(tokenizer, "<s> $A </s>", "<s> $A </s> </s> $B </s>")
    return tokenizer, roles


def decoder_bpe() -> tuple[Tokenizer, dict[str, str]]:
    """Qwen3-Embedding: byte-level BPE that ends each text with its end token."""
    roles = {"eos": "<|end|>"}
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=300, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.add_special_tokens([AddedToken("<|end|>", special=True, normalized=False)])
    tokenizer.post_processor = _template(tokenizer, "$A <|end|>", "$A $B <|end|>")
    return tokenizer, roles


def _template(tokenizer: Tokenizer, single: str, pair: str) -> processors.TemplateProcessing:
    names = {name.split(":")[0] for name in (single + " " + pair).split() if not name.startswith("$")}
    special = [(name, tokenizer.token_to_id(name)) for name in sorted(names)]
    return processors.TemplateProcessing(single=single, pair=pair, special_tokens=special)


# --- variants -----------------------------------------------------------------------------------------

Pooling = Literal["cls", "mean", "lasttoken"]


@dataclass(frozen=True)
class Variant:
    """A model folder to make."""

    architecture: str
    tokenizer: Callable[[], tuple[Tokenizer, dict[str, str]]]
    config: dict[str, Any]
    pooling: Pooling | None = None
    """Of a sentence-transformers folder, which also normalises."""
    dense: int | None = None
    """Size of a dense layer after pooling."""
    dtype: Literal["float32", "float16", "bfloat16"] = "bfloat16"
    max_seq_length: int | None = None
    prefix: str = ""
    """Taken off the tensors' names, as some folders are published."""
    settings: dict[str, Any] = field(default_factory=dict)
    """Put into config.json after saving; None takes a key out."""


SIZES = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": 160,
    "initializer_range": 0.2,
}
ROBERTA = {**SIZES, "max_position_embeddings": 162, "pad_token_id": 1, "type_vocab_size": 1}
MODERNBERT = {
    **SIZES,
    "num_hidden_layers": 4,
    "local_attention": 12,
    "pad_token_id": 1,
    "bos_token_id": 0,
    "eos_token_id": 2,
    "cls_token_id": 0,
    "sep_token_id": 2,
}
DECODER = {**SIZES, "num_key_value_heads": 2, "head_dim": 16, "pad_token_id": 0, "eos_token_id": 300}
LABELS = {"id2label": {0: "calm", 1: "glad", 2: "sad"}}

VARIANTS: dict[str, Variant] = {
    # As all-MiniLM-L6-v2: mean, normalised, a length below what the positions allow.
    "tiny-bert": Variant("BertModel", wordpiece, SIZES, pooling="mean", max_seq_length=128, dtype="float32"),
    "tiny-bert-rerank": Variant("BertForSequenceClassification", wordpiece, {**SIZES, "num_labels": 1}),
    "tiny-bert-tokens": Variant("BertForTokenClassification", wordpiece, {**SIZES, **LABELS}),
    # A head of scores that nothing is done to, as some rerankers ask for.
    "tiny-roberta-classify": Variant(
        "RobertaForSequenceClassification",
        lambda: byte_level("<s> $A </s> </s> $B </s>"),
        {**ROBERTA, **LABELS},
        dtype="float16",
    ),
    # Mean, then a dense layer with tanh; may be cut to two lengths.
    "tiny-xlm-roberta": Variant(
        "XLMRobertaModel",
        unigram,
        {**ROBERTA, "matryoshka_dimensions": [8, 24]},
        pooling="cls",
        dense=24,
    ),
    # config.json as transformers 4 wrote it.
    "tiny-modernbert": Variant(
        "ModernBertModel",
        lambda: byte_level("<s> $A </s> $B </s>"),
        MODERNBERT,
        pooling="mean",
        settings={
            "rope_parameters": None,
            "layer_types": None,
            "global_rope_theta": 160000.0,
            "local_rope_theta": 10000.0,
            "global_attn_every_n_layers": 3,
        },
    ),
    "tiny-modernbert-rerank": Variant(
        "ModernBertForSequenceClassification",
        lambda: byte_level("<s> $A </s> $B </s>"),
        {**MODERNBERT, "num_labels": 1, "classifier_pooling": "mean", "norm_bias": True, "mlp_bias": True},
        settings={
            "sentence_transformers": {"activation_fn": "torch.nn.modules.linear.Identity", "version": "5.0"}
        },
    ),
    "tiny-llama-classify": Variant("LlamaForSequenceClassification", decoder_bpe, {**DECODER, **LABELS}),
    # As Qwen3-Embedding: named a causal model, its tensors without their prefix.
    "tiny-qwen3-embed": Variant(
        "Qwen3ForCausalLM",
        decoder_bpe,
        {**DECODER, "tie_word_embeddings": True},
        pooling="lasttoken",
        prefix="model.",
    ),
}

# --- folders ------------------------------------------------------------------------------------------


def write_folder(folder: Path, variant: Variant) -> transformers.PreTrainedModel:
    """Write a model folder, replacing what is there, and return its model."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tokenizer, roles = variant.tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    settings: dict[str, Any] = {f"{role}_token": token for role, token in roles.items()}
    if variant.architecture.startswith("Bert"):
        settings["model_input_names"] = ["input_ids", "token_type_ids", "attention_mask"]
    _write_json(folder / "tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast", **settings})
    model_class = getattr(transformers, variant.architecture)
    config = model_class.config_class(vocab_size=tokenizer.get_vocab_size(), **variant.config)
    torch.manual_seed(7)
    model = model_class(config).eval()
    _make_lively(model)
    model = model.to(getattr(torch, variant.dtype))
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    if variant.prefix:
        _rename_tensors(folder / "model.safetensors", variant.prefix)
    if variant.settings:
        saved = {**json.loads((folder / "config.json").read_text()), **variant.settings}
        _write_json(folder / "config.json", {key: value for key, value in saved.items() if value is not None})
    if variant.pooling is not None:
        _write_sentence_transformer(folder, variant)
    return model.float()


def _make_lively(model: transformers.PreTrainedModel) -> None:
    """Give biases and norms values of their own, so that forgetting one shows."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.normal_(0, 0.3)
            elif "norm" in name.lower():
                parameter.normal_(1, 0.2)


def _rename_tensors(path: Path, prefix: str) -> None:
    from safetensors.torch import load_file, save_file

    tensors = {name.removeprefix(prefix): tensor for name, tensor in load_file(path).items()}
    tensors.pop("lm_head.weight", None)
    save_file(tensors, path, metadata={"format": "pt"})


def _write_sentence_transformer(folder: Path, variant: Variant) -> None:
    hidden = variant.config["hidden_size"]
    kinds = ["Transformer", "Pooling", *(["Dense"] if variant.dense else []), "Normalize"]
    modules = [
        {
            "idx": index,
            "name": str(index),
            "path": "" if kind == "Transformer" else f"{index}_{kind}",
            "type": f"sentence_transformers.models.{kind}",
        }
        for index, kind in enumerate(kinds)
    ]
    _write_json(folder / "modules.json", modules)
    modes = {"cls": "cls_token", "mean": "mean_tokens", "lasttoken": "lasttoken"}
    pooling = {f"pooling_mode_{mode}": kind == variant.pooling for kind, mode in modes.items()}
    (folder / "1_Pooling").mkdir()
    _write_json(folder / "1_Pooling/config.json", {"word_embedding_dimension": hidden, **pooling})
    if variant.max_seq_length is not None:
        settings = {"max_seq_length": variant.max_seq_length, "do_lower_case": False}
        _write_json(folder / "sentence_bert_config.json", settings)
    if variant.dense is not None:
        _write_dense(folder / "2_Dense", hidden, variant.dense)


def _write_dense(folder: Path, num_inputs: int, num_outputs: int) -> None:
    from safetensors.torch import save_file

    folder.mkdir()
    settings = {"in_features": num_inputs, "out_features": num_outputs, "bias": True}
    activation = {"activation_function": "torch.nn.modules.activation.Tanh"}
    _write_json(folder / "config.json", {**settings, **activation})
    layer = torch.nn.Linear(num_inputs, num_outputs)
    tensors = {f"linear.{name}": value.detach() for name, value in layer.state_dict().items()}
    save_file(tensors, folder / "model.safetensors")


# --- goldens ------------------------------------------------------------------------------------------


def compute_goldens(folder: Path, variant: Variant) -> dict[str, Any]:
    """Return what transformers makes of each text, one at a time."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = _load(folder, variant)
    cases = [_case(folder, tokenizer, model, variant, text, pair) for text, pair in TEXTS]
    versions = {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__}
    return {"versions": versions, "cases": cases}


def _load(folder: Path, variant: Variant) -> transformers.PreTrainedModel:
    """Read the folder again, so that what was saved is what is measured."""
    model_class = getattr(transformers, variant.architecture)
    if variant.prefix:
        model_class = transformers.AutoModel
    return model_class.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def _case(
    folder: Path,
    tokenizer: transformers.PreTrainedTokenizerBase,
    model: transformers.PreTrainedModel,
    variant: Variant,
    text: str,
    pair: str | None,
) -> dict[str, Any]:
    encoded = tokenizer(text, pair, return_tensors="pt", return_token_type_ids=True)
    types = encoded["token_type_ids"][0].tolist()
    assert len(types) <= LONGEST, len(types)
    if not variant.architecture.startswith("Bert"):  # RoBERTa has one type, the others none
        del encoded["token_type_ids"]
    with torch.no_grad():
        rows = model.base_model(**encoded).last_hidden_state[0]
        logits = model(**encoded).logits[0] if "Classification" in variant.architecture else None
    return {
        "text": text,
        "pair": pair,
        "token_ids": encoded["input_ids"][0].tolist(),
        "token_type_ids": types,
        "rows": {str(row): _short(rows[row]) for row in (0, len(rows) // 2, len(rows) - 1)},
        "logits": None if logits is None or logits.dim() == 2 else _short(logits),
        "token_logits": _short(logits[-2]) if logits is not None and logits.dim() == 2 else None,
        "embedding": _short(_embedding(folder, variant, rows)) if logits is None else None,
    }


def _embedding(folder: Path, variant: Variant, rows: torch.Tensor) -> torch.Tensor:
    pooled = {"cls": rows[0], "mean": rows.mean(0), "lasttoken": rows[-1], None: rows[0]}[variant.pooling]
    if variant.dense is not None:
        from safetensors.torch import load_file

        tensors = load_file(folder / "2_Dense/model.safetensors")
        pooled = torch.tanh(tensors["linear.weight"] @ pooled + tensors["linear.bias"])
    return torch.nn.functional.normalize(pooled, dim=0)


def _short(values: torch.Tensor) -> list[float]:
    return [float(f"{value:.7g}") for value in values.tolist()]


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "tests/fixtures/pooled")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    for name in options.names or VARIANTS:
        folder = options.out / name
        write_folder(folder, VARIANTS[name])
        goldens = compute_goldens(folder, VARIANTS[name])
        path = folder / "goldens.json"
        path.write_text(json.dumps(goldens, ensure_ascii=False) + "\n", encoding="utf-8")
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        print(f"{name}: {size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
