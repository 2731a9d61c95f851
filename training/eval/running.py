"""Ask the model, on Martlet's engine: many conversations at a time, turn by turn."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from martlet.engine.engine import Engine, EngineConfig
from martlet.engine.pooling import PoolerConfig, PoolingOutput, PoolingParams
from martlet.engine.pooling_engine import PoolingEngine
from martlet.engine.request import SamplingParams
from training.eval.items import OWN, Item, Message, Ranking, assistant

MAX_TOKENS = 300
MAX_NUM_SEQS = 64
TAGS = ("<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>")

Prompt = tuple[list[Message], Item]


def default_sampling(folder: Path) -> dict[str, Any]:
    """Return what a server samples with when a request says nothing."""
    path = folder / "generation_config.json"
    config: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
    return {name: config[name] for name in ("temperature", "top_p", "top_k") if name in config}


class Speaker:
    """The model as one who answers. The seed of an answer is the number of its conversation."""

    def __init__(self, folder: Path) -> None:
        self._engine = Engine.from_folder(folder, EngineConfig(max_num_seqs=MAX_NUM_SEQS))
        tokenizer = self._engine.tokenizer
        found = (tokenizer.token_to_id(tag) for tag in TAGS)
        self._visible = frozenset(token_id for token_id in found if token_id is not None)

    def play(self, items: Sequence[Item], sampling: Mapping[str, Any]) -> list[list[str]]:
        """Return, for each item, what the model said at each of its turns."""
        said: list[list[str]] = [[] for _ in items]
        waiting = dict(enumerate(items))
        while waiting:
            prompts = {number: _next_prompt(item, said[number]) for number, item in waiting.items()}
            for number, text in self._answers(prompts, waiting, sampling):
                said[number].append(text)
            waiting = {n: item for n, item in waiting.items() if len(said[n]) <= item.messages.count(OWN)}
        return said

    def _answers(
        self, prompts: Mapping[int, list[Message]], items: Mapping[int, Item], sampling: Mapping[str, Any]
    ) -> Iterator[tuple[int, str]]:
        for number, messages in prompts.items():
            params = SamplingParams(
                max_tokens=MAX_TOKENS, seed=number, visible_token_ids=self._visible, **sampling
            )
            self._engine.add(str(number), self._encode(messages, items[number]), params)
        texts = dict.fromkeys(prompts, "")
        while self._engine.has_work:
            for output in self._engine.step():
                texts[int(output.request_id)] += output.text
        yield from texts.items()

    def _encode(self, messages: list[Message], item: Item) -> list[int]:
        tokenizer = self._engine.tokenizer
        variables: dict[str, Any] = {"enable_thinking": True} if item.enable_thinking else {}
        return tokenizer.encode(tokenizer.render(messages, tools=item.tools or None, **variables), False)


def _next_prompt(item: Item, said: Sequence[str]) -> list[Message]:
    """Return the messages up to the next answer of the model; its own thoughts are not repeated."""
    told = iter(said)
    messages: list[Message] = []
    for message in item.messages:
        if message is OWN:
            text = next(told, None)
            if text is None:
                break
            message = assistant(text.rpartition("</think>")[2].strip())
        messages.append(message)
    return messages


def passes(item: Item, said: Sequence[str]) -> bool:
    """Return whether the last answer is right, and every one is as all must be."""
    if item.always is not None and not all(map(item.always, said)):
        return False
    return item.passes(said[-1])


class Ranker:
    """The model as an embedder, pooled as its folder says, else over the mean."""

    def __init__(self, folder: Path) -> None:
        config = None if (folder / "modules.json").is_file() else PoolerConfig(pooling_type="MEAN")
        self._engine = PoolingEngine.from_folder(
            folder, EngineConfig(max_num_seqs=MAX_NUM_SEQS), pooler_config=config
        )

    def ranks_first(self, items: Sequence[Ranking]) -> list[bool]:
        """Return, for each item, whether no distractor is as near to the query as its other version."""
        texts = sorted({text for item in items for text in (item.query, item.match, *item.distractors)})
        vectors = self._embed(texts)
        return [_is_first(item, vectors) for item in items]

    def _embed(self, texts: Sequence[str]) -> dict[str, Any]:
        params = PoolingParams(task="embed")
        for number, text in enumerate(texts):
            self._engine.add(str(number), self._engine.tokenizer.encode(text), params)
        found: dict[str, Any] = {}
        while self._engine.has_work:
            for output in self._engine.step():
                assert isinstance(output, PoolingOutput)
                found[texts[int(output.request_id)]] = output.data.ravel()
        return found


def _is_first(item: Ranking, vectors: Mapping[str, Any]) -> bool:
    query = vectors[item.query]
    others = np.stack([vectors[text] for text in item.distractors])
    return bool(query @ vectors[item.match] > (others @ query).max())
