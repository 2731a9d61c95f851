"""Make the checkpoints that scripts/interop.py serves and that no package holds. Run by vLLM's own Python.

interop_checkpoints.py adapter BASE FOLDER       a LoRA adapter for a Llama checkpoint, of random weights
interop_checkpoints.py classifier BASE FOLDER    a BERT classifier, of random weights, with BASE's tokenizer
interop_checkpoints.py reranker BASE FOLDER      the same with one class: how well two texts fit
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

RANK = 4
MODULES = ["q_proj", "v_proj"]
LABELS = ["calm", "glad", "cross"]


def adapter(base: Path, folder: Path) -> None:
    """Random weights of PEFT's names for every layer's q_proj and v_proj."""
    import torch
    from safetensors.torch import save_file

    config = json.loads((base / "config.json").read_text())
    heads, hidden = config["num_attention_heads"], config["hidden_size"]
    head_dim = config.get("head_dim") or hidden // heads
    sizes = {"q_proj": heads * head_dim, "v_proj": config["num_key_value_heads"] * head_dim}
    torch.manual_seed(0)
    tensors = {}
    for layer in range(config["num_hidden_layers"]):
        for module in MODULES:
            prefix = f"base_model.model.model.layers.{layer}.self_attn.{module}"
            tensors[f"{prefix}.lora_A.weight"] = torch.randn(RANK, hidden)
            tensors[f"{prefix}.lora_B.weight"] = torch.randn(sizes[module], RANK)
    folder.mkdir()
    save_file(tensors, folder / "adapter_model.safetensors")
    about = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": str(base),
        "r": RANK,
        "lora_alpha": 2 * RANK,
        "lora_dropout": 0.0,
        "bias": "none",
        "target_modules": MODULES,
    }
    (folder / "adapter_config.json").write_text(json.dumps(about))


def classifier(base: Path, folder: Path, labels: Sequence[str] = LABELS) -> None:
    """Two layers with heads of 32, the least that vLLM's attention takes on a CPU."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    tokenizer = AutoTokenizer.from_pretrained(base)
    torch.manual_seed(0)
    model = BertForSequenceClassification(
        BertConfig(
            vocab_size=len(tokenizer),
            hidden_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=128,
            id2label=dict(enumerate(labels)),
            label2id={label: number for number, label in enumerate(labels)},
            initializer_range=0.5,
        )
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def reranker(base: Path, folder: Path) -> None:
    classifier(base, folder, ["fits"])


if __name__ == "__main__":
    kind, base, folder = sys.argv[1:]
    makers = {"adapter": adapter, "classifier": classifier, "reranker": reranker}
    makers[kind](Path(base), Path(folder))
