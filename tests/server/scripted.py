"""An engine that writes given texts, and an app around it to ask them of."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from martlet.engine.engine import Engine
from martlet.engine.request import Output, SamplingParams
from martlet.engine.text import Detokenizer, Tokenizer
from martlet.server.process import run_app
from martlet.server.settings import ServerSettings
from tests.server.asgi import post
from tests.server.fakes import FakeEngine
from tests.server.wire import Answer
from tests.servers import TINY_LLAMA

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
            "required": ["city"],
        },
    },
}

THINKING_SETTINGS = ServerSettings(
    served_model_names=("tiny",),
    access_log=False,
    enable_auto_tool_choice=True,
    tool_call_parser="hermes",
    reasoning_parser="qwen3",
)
THOUGHT_TEXT_AND_CALL = (
    "<think>hm, weather</think>Let me look.<tool_call>\n"
    '{"name": "get_weather", "arguments": {"city": "Rome"}}\n</tool_call>'
)
"""What a model with those formats may write."""


class ScriptedEngine(FakeEngine):
    """Answers every prompt with the same text, token by token, as far as max_tokens allows."""

    def __init__(self, text: str, tokenizer: Tokenizer, *, tokens_per_step: int = 1) -> None:
        super().__init__()
        self.tokenizer = tokenizer
        self.vocab_size = tokenizer.vocab_size
        self.cache_block_size = 0
        self.prompts: list[str] = []
        """What was asked."""
        self.params: list[SamplingParams] = []
        self._script = tokenizer.encode(text, add_special_tokens=False)
        self._tokens_per_step = tokens_per_step
        self._running: dict[str, tuple[SamplingParams, Detokenizer, list[int]]] = {}

    @property
    def has_work(self) -> bool:
        return bool(self._running)

    def add(
        self,
        request_id: str,
        prompt_token_ids: Sequence[int],
        params: SamplingParams,
        *,
        cache_salt: str | None = None,
    ) -> None:
        self.prompts.append(self.tokenizer.decode(prompt_token_ids, skip_special_tokens=False))
        self.params.append(params)
        text = Detokenizer(
            self.tokenizer, prompt_token_ids, params.skip_special_tokens, params.visible_token_ids
        )
        self._running[request_id] = (params, text, self._script[: params.max_tokens])

    def abort(self, request_id: str) -> bool:
        return self._running.pop(request_id, None) is not None

    def step(self) -> list[Output]:
        outputs = []
        for request_id, (params, text, left) in list(self._running.items()):
            token_ids, rest = left[: self._tokens_per_step], left[self._tokens_per_step :]
            output = Output(request_id, token_ids, text.push(token_ids))
            if rest:
                self._running[request_id] = (params, text, rest)
            else:
                del self._running[request_id]
                output.text += text.flush()
                output.finish_reason = "length" if len(self._script) >= params.max_tokens else "stop"
            outputs.append(output)
        return outputs


def ask(
    engine: FakeEngine | Engine, settings: ServerSettings, path: str = "/v1/chat/completions", **body: Any
) -> Answer:
    """Send one request through a new app."""
    return post(engine, path, body, settings)


def tokenizer_with(folder: Path, *special_tokens: str) -> Tokenizer:
    """Return a folder's tokenizer with more special tokens."""
    import tokenizers

    backend = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    backend.add_special_tokens([tokenizers.AddedToken(token, special=True) for token in special_tokens])
    found = Tokenizer.from_folder(folder)
    return Tokenizer(
        backend,
        special_tokens=found.special_tokens,
        chat_templates=found._chat_templates,
        extra_eos_token_ids=found.eos_token_ids,
    )


def main(text: str) -> int:
    """Serve the text on a free port: `python -m tests.server.scripted TEXT`."""
    engine: Any = ScriptedEngine(text, tokenizer_with(TINY_LLAMA, "<think>", "</think>", "<tool_call>"))
    settings = ServerSettings(
        served_model_names=("scripted",), port=0, tool_call_parser="hermes", reasoning_parser="think"
    )
    return run_app(
        settings,
        lambda: engine,
        started_s=time.monotonic(),
        max_num_seqs=64,
        announce=lambda line: print(line, file=sys.stderr, flush=True),  # noqa: T201
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
