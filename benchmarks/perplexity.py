"""What rounding the weights and the cache costs: `python -m benchmarks.perplexity`.

Perplexity of the house model, which comes with the package, over the answers in conversations that it was not
trained on (benchmarks/perplexity.jsonl; `training.conversations` makes them from a seed of their own, with
`--write`). Beside it, over the same positions: the Kullback-Leibler divergence from the distribution of the
weights as stored, how far the logits lie from theirs at most, and how often the likeliest token is the same.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import martlet
from martlet.engine.checkpoint import load_checkpoint
from martlet.engine.config import CacheDtype
from martlet.engine.kernels import F32, F64, I32, Kernels, Quantization, load
from martlet.engine.models import build_model
from martlet.engine.models.decoder import Model
from martlet.engine.runner import lay_out
from martlet.engine.text import Tokenizer
from training import conversations

TEXTS = Path(__file__).with_suffix(".jsonl")
SEED, COUNT = 990_017, 120
BLOCK_SIZE = 16
EMBEDDINGS = "model.embed_tokens.weight"


@dataclass
class Text:
    """A text that is computed in one piece."""

    token_ids: list[int]
    answers: list[range]
    """Where the tokens of its answers are, with the one that ends each."""
    block_table: list[int] = field(init=False)
    num_computed_tokens: int = 0

    def __post_init__(self) -> None:
        self.block_table = list(range(-(-len(self.token_ids) // BLOCK_SIZE)))

    def tokens_between(self, start: int, end: int) -> list[int]:
        return self.token_ids[start:end]


@dataclass
class Figures:
    perplexity: float
    divergence: float
    largest_error: float
    same_token: float


def texts(folder: Path, path: Path) -> list[Text]:
    tokenizer = Tokenizer.from_folder(folder)
    return [text_of(tokenizer, **json.loads(line)) for line in path.read_text().splitlines()]


def text_of(tokenizer: Tokenizer, messages: list[dict[str, Any]], **variables: Any) -> Text:
    """Tokenize a conversation, given its messages and whatever else the template reads."""

    def tokens(end: int, is_asked: bool) -> list[int]:
        shown = tokenizer.render(messages[:end], add_generation_prompt=is_asked, **variables)
        return tokenizer.encode(shown, False)

    text = Text(tokens(len(messages), False), [])
    for index, message in enumerate(messages):
        if message["role"] == "assistant":
            asked, answered = tokens(index, True), tokens(index + 1, False)
            # Not an answer whose thoughts the template shows no more: nothing would say it so.
            if text.token_ids[: len(answered)] == answered:
                text.answers.append(range(len(asked), _after_end(answered, tokenizer)))
    return text


def _after_end(token_ids: list[int], tokenizer: Tokenizer) -> int:
    """Return the place behind the last token that ends an answer: a template goes on with a line's end."""
    return max(place for place, token_id in enumerate(token_ids, 1) if token_id in tokenizer.eos_token_ids)


def write_texts(path: Path) -> None:
    """Write conversations of the training text's kinds, of a seed that it has not had."""
    dialogues = itertools.islice(conversations.stream(SEED), COUNT)
    lines = [json.dumps(dataclasses.asdict(each), ensure_ascii=False) for each in dialogues]
    path.write_text("\n".join(lines) + "\n")


def models(folder: Path, kernels: Kernels) -> Iterator[tuple[str, Model]]:
    """The model as stored, and rounded in each way; the last takes 4 bits for the embeddings too."""
    roundings: tuple[Quantization | None, ...] = (None, "int8", "int4")
    dtypes: tuple[CacheDtype, ...] = ("float32", "bfloat16")
    for quantization, dtype in itertools.product(roundings, dtypes):
        model = build_model(load_checkpoint(folder), kernels, quantization=quantization, cache_dtype=dtype)
        yield (quantization or "none") + ", bf16 cache" * (dtype == "bfloat16"), model
    model = build_model(load_checkpoint(folder), kernels, quantization="int4")
    shape = model.weights.embed.rows, model.weights.embed.cols
    tensor = load_checkpoint(folder).tensor(EMBEDDINGS, shape)
    embeddings = kernels.pack(tensor.values, tensor.dtype, "int4")
    model.weights = dataclasses.replace(model.weights, embed=embeddings, head=embeddings)
    yield "int4, embeddings too", model


def logits_of(model: Model, given: Sequence[Text]) -> F32:
    """Logits before every token of every answer."""
    blocks = max(len(text.block_table) for text in given)
    cache = model.new_cache(blocks, BLOCK_SIZE)
    found = []
    for text in given:
        rows = [position - 1 for answer in text.answers for position in answer]
        inputs = lay_out([(text, len(text.token_ids))], rows, BLOCK_SIZE)
        found.append(model.forward(inputs, cache).copy())
    return np.concatenate(found)


def log_probabilities(logits: F32) -> F64:
    wide = logits.astype(np.float64)
    wide -= wide.max(axis=1, keepdims=True)
    wide -= np.log(np.exp(wide).sum(axis=1, keepdims=True))
    return wide


def compare(logits: F32, exact: F32, token_ids: I32) -> Figures:
    found, wanted = log_probabilities(logits), log_probabilities(exact)
    return Figures(
        perplexity=float(np.exp(-found[np.arange(len(found)), token_ids].mean())),
        divergence=float((np.exp(wanted) * (wanted - found)).sum(axis=1).mean()),
        largest_error=float(np.abs(logits - exact).max()),
        same_token=float((found.argmax(axis=1) == wanted.argmax(axis=1)).mean()),
    )


def measure(folder: Path, path: Path, kernels: Kernels) -> dict[str, Figures]:
    given = texts(folder, path)
    answered = [text.token_ids[place] for text in given for answer in text.answers for place in answer]
    token_ids = np.array(answered, np.int32)
    figures: dict[str, Figures] = {}
    exact: F32 | None = None
    for name, model in models(folder, kernels):
        logits = logits_of(model, given)
        exact = logits if exact is None else exact
        figures[name] = compare(logits, exact, token_ids)
    return figures


def house() -> Path:
    return Path(martlet.__file__).parent / "house"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=house(), help="a folder with tied embeddings in bf16")
    parser.add_argument("--texts", type=Path, default=TEXTS, help="a conversation per line")
    parser.add_argument("--write", action="store_true", help="make the conversations anew first")
    arguments = parser.parse_args()
    if arguments.write:
        write_texts(arguments.texts)
    figures = measure(arguments.model, arguments.texts, load())
    print(f"{'weights':22}{'perplexity':>12}{'':>9}{'KL':>10}{'largest error':>15}{'same token':>12}")
    for name, each in figures.items():
        more = each.perplexity / figures["none"].perplexity - 1
        rest = f"{each.divergence:10.1e}{each.largest_error:15.3f}{each.same_token:12.2%}"
        print(f"{name:22}{each.perplexity:12.4f}{more:+9.2%}{rest}")


if __name__ == "__main__":
    main()
