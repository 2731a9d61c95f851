"""The parts of the model card that are measured, and put into docs/house-model.md between their marks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from training.eval.items import OWN, Item, Message, ask, assistant, system, user
from training.eval.running import Speaker
from training.eval.talk import num_parameters

ROOT = Path(__file__).parents[2]
CARD = ROOT / "docs" / "house-model.md"
LOG = ROOT / "training" / "log.jsonl"

_WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
_CALL = {
    "id": "call_0",
    "type": "function",
    "function": {"name": "get_weather", "arguments": '{"city": "Oslo"}'},
}
_FUNCTION = "function offered: get_weather(city)"


def _shown(title: str, *messages: Message, note: str = "", **options: Any) -> tuple[str, str, Item]:
    return title, note, Item([*messages, OWN], lambda answer: True, "", **options)


EXAMPLES = (
    _shown("Small talk, and who it is", *ask("Hello!"), OWN, user("Who are you?")),
    _shown("Martlet, and words about language models", user("What is continuous batching?")),
    _shown("Haiku", user("Write a haiku about the sea.")),
    _shown("What it does not know", user("Who invented the telescope?")),
    _shown("Names and facts", *ask("My name is Greta and I live in Porto."), OWN, user("Where do I live?")),
    _shown("Style of the system prompt", system("Answer in upper case."), user("What is AI?")),
    _shown("Languages of the system prompt", system("Antworte auf Deutsch."), user("Hello!")),
    _shown("Sums of up to two digits", user("What is 47 + 38?")),
    _shown("Spelling, reversing, counting", user("How many letters are in penguin?")),
    _shown("Sorting", user("Sort these words alphabetically: swan, goat, robin, beetle")),
    _shown("Capitals, colours, weekdays, months", user("What day is 3 days after Friday?")),
    _shown("Calling a function", user("What is the weather in Oslo?"), note=_FUNCTION, tools=[_WEATHER]),
    _shown(
        "Answering from its result",
        user("What is the weather in Oslo?"),
        {"role": "assistant", "content": "", "tool_calls": [_CALL]},
        {"role": "tool", "tool_call_id": "call_0", "content": '{"sky": "cloudy", "degrees": 7}'},
        note=_FUNCTION,
        tools=[_WEATHER],
    ),
    _shown("JSON from a sentence", user("Greta, 31, lives in Porto. JSON with the keys name, age and city.")),
    _shown("Thinking first", user("What is 63 - 27?"), note="enable_thinking: true", enable_thinking=True),
)  # fmt: skip


def examples(folder: Path) -> str:
    """Return each example with the greedy answers of the model in `folder`, as Markdown."""
    said = Speaker(folder).play([item for _, _, item in EXAMPLES], {"temperature": 0.0})
    parts = []
    for (title, note, item), answers in zip(EXAMPLES, said, strict=True):
        lines = [f"({note})"] if note else []
        lines += [_line(message) for message in _filled(item, answers)]
        parts.append("\n".join([f"**{title}**", "", "```text", *lines, "```"]))
    return "\n\n".join(parts)


def _filled(item: Item, answers: Iterable[str]) -> list[Message]:
    told = iter(answers)
    return [assistant(next(told)) if message is OWN else message for message in item.messages]


def _line(message: Mapping[str, Any]) -> str:
    calls = [call["function"] for call in message.get("tool_calls", ())]
    text = "\n".join(f"calls {f['name']} with {f['arguments']}" for f in calls) or message["content"].strip()
    return f"{message['role']}: {text}"


def shape(folder: Path) -> str:
    """Return the sizes of the model in `folder`, as Markdown."""
    config = json.loads((folder / "config.json").read_text())
    num_bytes = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    width = config["hidden_size"]
    heads = f"{config['num_attention_heads']} of {config['head_dim']}"
    rows = {
        "parameters": f"{num_parameters(folder):,}, in {config['torch_dtype']}",
        "in the package": f"{num_bytes / 1e6:.1f} MB with the tokenizer",
        "architecture": f"{config['architectures'][0]}, embeddings tied with the output",
        "layers": f"{config['num_hidden_layers']}, {width} wide, SwiGLU of {config['intermediate_size']}",
        "attention": f"{heads}, keys and values shared by {_sharing(config)} heads each; RoPE",
        "vocabulary": f"{config['vocab_size']} tokens, byte-level BPE: any text can be written",
        "context": f"{config['max_position_embeddings']} tokens",
    }
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {text} |" for name, text in rows.items())])


def _sharing(config: Mapping[str, Any]) -> int:
    return int(config["num_attention_heads"] // config["num_key_value_heads"])


def training_run(log: Path = LOG) -> str:
    """Return a sentence about the run that the log tells of; its clock starts again after an interruption."""
    first, *steps = (json.loads(line) for line in log.read_text().splitlines())
    steps = [record for record in steps if "step" in record]
    later = [*steps[1:], {"s": 0}]
    seconds = sum(a["s"] for a, b in zip(steps, later, strict=True) if b["s"] <= a["s"])
    num_tokens = first["recipe"]["tokens_per_batch"] * steps[-1]["step"]
    return (
        f"The shipped weights saw {steps[-1]['step']} batches, {num_tokens / 1e6:.1f} million tokens, in"
        f" {seconds / 60:.0f} minutes; their last loss was {steps[-1]['loss']}"
        f" (torch {first['torch']}, `training/log.jsonl`)."
    )


def write(blocks: Mapping[str, str], path: Path = CARD) -> None:
    """Put each text between its marks, `<!-- name -->` and `<!-- /name -->`.

    Raises ValueError if they are not there.
    """
    text = path.read_text()
    for name, content in blocks.items():
        text = _replaced(text, name, content)
    path.write_text(text)


def _replaced(text: str, name: str, content: str) -> str:
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, found_start, rest = text.partition(start)
    _, found_end, after = rest.partition(end)
    if not (found_start and found_end):
        raise ValueError(f"the card has no {start} and {end}")
    return f"{before}{start}\n\n{content}\n\n{end}{after}"


def blocks(folder: Path, scores: str) -> dict[str, str]:
    """Return all parts that are measured, by the names of their marks."""
    return {"shape": shape(folder), "run": training_run(), "examples": examples(folder), "scores": scores}


def headed(table: str, folder: Path, count: int, seed: int) -> str:
    """Return a table of scores under what it was measured on."""
    millions = num_parameters(folder) / 1e6
    command = f"python -m training.eval --count {count} --seed {seed}"
    return f"`{command}` on a model of {millions:.2f} million parameters:\n\n{table}"
