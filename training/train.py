"""Train the house model: `python -m training.train`. Run it again to go on after an interruption."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

from training.examples import IGNORED, Batch, Pairs, Place, batches
from training.model import HouseModel, ModelConfig
from training.tokenizer import BUILD

LOG = BUILD / "log.jsonl"
TEMPERATURE = 0.05
PAIRS_WEIGHT = 0.1


class Round(NamedTuple):
    """Steps in which the learning rate goes up, stays level and goes down to almost nothing."""

    steps: int
    learning_rate: float
    level_steps: int


@dataclass(frozen=True)
class Recipe:
    """The hyper-parameters of a run."""

    rounds: tuple[Round, ...] = (Round(6500, 3e-3, 1600), Round(9500, 2e-3, 2000))
    seed: int = 3
    tokens_per_batch: int = 8192
    final_learning_rate: float = 1e-5
    warmup_steps: int = 100
    weight_decay: float = 0.05
    clip_norm: float = 1.0

    @property
    def steps(self) -> int:
        """How many steps the run takes."""
        return sum(part.steps for part in self.rounds)

    def rate(self, step: int) -> float:
        """Return the learning rate of `step`: in each round linear warm-up, level, then linear down."""
        for part in self.rounds:
            if step < part.steps:
                break
            step -= part.steps
        up = (step + 1) / self.warmup_steps
        down = (part.steps - step) / (part.steps - part.level_steps)
        level = min(1.0, up, max(0.0, down))
        return self.final_learning_rate + (part.learning_rate - self.final_learning_rate) * level


def optimizers(model: HouseModel, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """Return Muon for the layers' matrices, AdamW for the embedding and the norms' gains."""
    matrices = [p for name, p in model.named_parameters() if p.dim() == 2 and "embed" not in name]
    gains = [p for p in model.parameters() if p.dim() == 1]
    groups = [
        {"params": [model.model.embed_tokens.weight], "weight_decay": recipe.weight_decay},
        {"params": gains, "weight_decay": 0.0},
    ]
    return [
        torch.optim.Muon(matrices, weight_decay=recipe.weight_decay, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True),
    ]


def as_plain(recipe: Recipe) -> dict[str, Any]:
    """Return `recipe` as it is written into checkpoints and the log."""
    return {**asdict(recipe), "rounds": [list(part) for part in recipe.rounds]}


class Trainer:
    """A model, its optimizer and how far they are."""

    def __init__(self, recipe: Recipe, compiled: bool) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.tokenizer = Tokenizer.from_file(str(BUILD / "tokenizer.json"))
        self.model = HouseModel(ModelConfig(vocab_size=self.tokenizer.get_vocab_size()))
        self.optimizers = optimizers(self.model, recipe)
        self.hidden = torch.compile(self.model.hidden, dynamic=True) if compiled else self.model.hidden
        self.step = 0
        self.place = Place()

    def _loss(self, token_ids: Tensor, labels: Tensor) -> Tensor:
        # Logits only where something is to be learned: less than half of the positions.
        learned = labels != IGNORED
        logits = self.model.logits(self.hidden(token_ids)[learned]).float()
        return F.cross_entropy(logits, labels[learned])

    def _distance(self, pairs: Pairs) -> Tensor:
        """Return how hard each text's partner is to tell from the others, by their mean hidden states."""
        hidden = self.hidden(pairs.token_ids).float()
        inside = torch.arange(hidden.shape[1]) < pairs.lengths[:, None]
        pooled = F.normalize((hidden * inside[..., None]).sum(1), dim=-1)
        first, second = pooled.chunk(2)
        alike = pairs.meanings[:, None] == pairs.meanings
        alike.fill_diagonal_(fill_value=False)
        scores = (first @ second.T / TEMPERATURE).masked_fill(alike, float("-inf"))
        partners = torch.arange(len(scores))
        return (F.cross_entropy(scores, partners) + F.cross_entropy(scores.T, partners)) / 2

    def train_step(self, batch: Batch) -> float:
        """Learn from one batch and return its loss, without that of the pairs."""
        for group in self.param_groups():
            group["lr"] = self.recipe.rate(self.step)
        with torch.autocast("cpu", torch.bfloat16):
            loss = self._loss(batch.token_ids, batch.labels)
        loss.backward()
        if batch.pairs is not None:
            with torch.autocast("cpu", torch.bfloat16):
                distance = self._distance(batch.pairs)
            (distance * PAIRS_WEIGHT).backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.recipe.clip_norm)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad()
        self.step += 1
        return float(loss.detach())

    def param_groups(self) -> Iterator[dict[str, Any]]:
        """Yield what the optimizers keep for each group of parameters."""
        for optimizer in self.optimizers:
            yield from optimizer.param_groups

    def save(self) -> None:
        """Write a checkpoint to go on from; the old one stays until the new one is complete."""
        BUILD.mkdir(parents=True, exist_ok=True)
        state = {
            "recipe": as_plain(self.recipe),
            "config": asdict(self.model.config),
            "step": self.step,
            "place": asdict(self.place),
            "model": self.model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
        }
        torch.save(state, BUILD / "checkpoint.new")
        (BUILD / "checkpoint.new").replace(BUILD / "checkpoint.pt")

    def resume(self) -> None:
        """Go on from the checkpoint of the same recipe, if there is one."""
        path = BUILD / "checkpoint.pt"
        if not path.exists():
            return
        state = torch.load(path, weights_only=True)
        if state["recipe"] != as_plain(self.recipe):
            raise SystemExit(f"{path} is of another recipe, {state['recipe']}: move it away")
        self.model.load_state_dict(state["model"])
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        self.step = state["step"]
        self.place = Place(**state["place"])


def remaining(trainer: Trainer) -> Iterator[Batch]:
    """Yield the batches that the run has not seen yet."""
    source = batches(trainer.recipe.seed, trainer.recipe.tokens_per_batch, trainer.place)
    yield from islice(source, trainer.recipe.steps - trainer.step)


def log(record: dict[str, Any]) -> None:
    """Append one line to the log of the run, and show it."""
    line = json.dumps(record)
    print(line, flush=True)
    with LOG.open("a") as file:
        file.write(line + "\n")


def main() -> None:
    """Run the recipe to its end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--threads", type=int, default=1, help="2 take two thirds of the time, on a machine of their own"
    )
    parser.add_argument(
        "--no-compile", action="store_true", help="do without torch.compile (and a C++ compiler)"
    )
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    trainer = Trainer(Recipe(), compiled=not args.no_compile)
    trainer.resume()
    if trainer.step == 0:
        LOG.unlink(missing_ok=True)
    log(
        {
            "from": trainer.step,
            "recipe": as_plain(trainer.recipe),
            "model": asdict(trainer.model.config),
            "torch": torch.__version__,
            "threads": args.threads,
        }
    )
    start = time.monotonic()
    total, count = 0.0, 0
    for batch in remaining(trainer):
        total, count = total + trainer.train_step(batch), count + 1
        if trainer.step % 100 == 0 or trainer.step == trainer.recipe.steps:
            rate = trainer.recipe.rate(trainer.step - 1)
            seconds = time.monotonic() - start
            log(
                {
                    "step": trainer.step,
                    "loss": round(total / count, 4),
                    "rate": round(rate, 6),
                    "s": round(seconds),
                }
            )
            total, count = 0.0, 0
            trainer.save()


if __name__ == "__main__":
    main()
