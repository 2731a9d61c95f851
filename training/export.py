"""Write the trained model as a Hugging Face folder, and compare: `python -m training.export`."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor

from training.model import HouseModel, ModelConfig
from training.rendering import END
from training.tokenizer import BUILD, END_OF_TEXT, HOUSE, token_id

PROBE = "Once upon a time there was a haiku about tokens, and it was short."
SAMPLING = {"do_sample": True, "temperature": 0.7, "top_p": 0.9}
"""What a server uses when a request says nothing: varied, and seldom wrong."""


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write `value` as an indented JSON file."""
    path.write_text(json.dumps(value, indent=2) + "\n")


def export(checkpoint: Path, folder: Path) -> HouseModel:
    """Write the whole `folder`, weights in bf16; return the model with the rounded weights."""
    state = torch.load(checkpoint, weights_only=True)
    config = ModelConfig(**state["config"])
    weights: dict[str, Tensor] = {
        name: tensor.to(torch.bfloat16).contiguous() for name, tensor in state["model"].items()
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja"):
        shutil.copyfile(checkpoint.parent / name, folder / name)
    shutil.copyfile(checkpoint.parent / "log.jsonl", Path(__file__).parent / "log.jsonl")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    end, end_of_text = token_id(tokenizer, END), token_id(tokenizer, END_OF_TEXT)
    ids = {"bos_token_id": end_of_text, "pad_token_id": end_of_text}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    write_json(folder / "config.json", config.to_hf(eos_token_id=end, **ids))
    write_json(folder / "generation_config.json", {**ids, "eos_token_id": [end, end_of_text], **SAMPLING})
    model = HouseModel(config)
    model.load_state_dict(
        {name: tensor.float() for name, tensor in load_file(folder / "model.safetensors").items()}
    )
    model.eval()
    return model


def largest_difference(model: HouseModel, folder: Path) -> float:
    """Return how far transformers' logits for the exported folder are from ours, in float32."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    theirs = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    token_ids = AutoTokenizer.from_pretrained(folder)(PROBE, return_tensors="pt").input_ids
    with torch.inference_mode():
        return float((model(token_ids) - theirs(token_ids).logits).abs().max())


def main() -> None:
    """Export, compare and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=BUILD / "checkpoint.pt")
    parser.add_argument("--no-check", action="store_true", help="do not compare with transformers")
    args = parser.parse_args()
    model = export(args.checkpoint, HOUSE)
    num_bytes = sum(path.stat().st_size for path in HOUSE.iterdir() if path.is_file())
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {num_bytes} bytes in {HOUSE}")
    if not args.no_check:
        difference = largest_difference(model, HOUSE)
        print(f"largest difference of a logit from transformers': {difference:.2g}")
        if difference > 1e-3:
            raise SystemExit("the exported folder is not the model that was trained")


if __name__ == "__main__":
    main()
