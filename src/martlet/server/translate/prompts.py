"""Messages and texts to token ids that fit the model's context."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal

from martlet.engine.text import Tokenizer
from martlet.errors import InvalidParameter, PromptTooLong
from martlet.protocol.chat import ChatCompletionRequest, ChatCompletionToolsParam
from martlet.protocol.common import Messages
from martlet.protocol.completions import CompletionRequest
from martlet.protocol.tokenize import TokenizeRequest
from martlet.server.errors import InvalidRequest
from martlet.server.translate.fields import check_messages

MAX_PROMPTS = 1024
RESERVED_NAMES = frozenset({"self", "messages"})
"""What chat_template_kwargs may not set."""

REASONING_NAMES = frozenset({"reasoning", "reasoning_content"})

Side = Literal["left", "right"] | None


class NoRoomForOutput(InvalidParameter):
    """The prompt fits, and nothing fits behind it."""


class PromptReader:
    """Reads prompts for one model."""

    def __init__(
        self, tokenizer: Tokenizer, vocab_size: int, max_model_len: int, *, trust_chat_template: bool
    ) -> None:
        self._tokenizer = tokenizer
        self._vocab_size = vocab_size
        self._max_model_len = max_model_len
        self._trust_chat_template = trust_chat_template

    # --- chat --------------------------------------------------------------------------------------

    def chat(
        self, request: ChatCompletionRequest, tools: list[dict[str, Any]] | None
    ) -> tuple[str, list[int]]:
        """Return a conversation's prompt, which shows `tools`, as text and as token ids."""
        text = self._conversation(request, tools)
        self._check_length(text)
        token_ids = self._tokenizer.encode(text, request.add_special_tokens)
        token_ids = self._truncate(token_ids, request.truncate_prompt_tokens, request.truncation_side)
        return text, self._fitting(token_ids)

    def count_chat(self, request: ChatCompletionRequest, tools: list[dict[str, Any]] | None) -> int:
        """Return how many tokens a conversation's prompt is, whether or not it fits."""
        return len(self._tokenizer.encode(self._conversation(request, tools), request.add_special_tokens))

    def _conversation(self, request: ChatCompletionRequest, tools: list[dict[str, Any]] | None) -> str:
        return self._render(
            _with_reasoning(check_messages(request.messages)),
            request,
            tools=tools,
            documents=request.documents,
            **_reasoning_variables(request),
        )

    def _render(
        self, messages: Any, request: ChatCompletionRequest | TokenizeRequest, **variables: Any
    ) -> str:
        given = request.chat_template_kwargs or {}
        if RESERVED_NAMES & given.keys():
            raise InvalidParameter(
                "chat_template_kwargs", f"must not set {min(RESERVED_NAMES & given.keys())}"
            )
        if (request.chat_template or "chat_template" in given) and not self._trust_chat_template:
            raise InvalidRequest(
                "a chat template in the request is not accepted: "
                "put it on the server with --chat-template, or allow it with --trust-request-chat-template"
            )
        variables["chat_template"] = request.chat_template
        variables["add_generation_prompt"] = request.add_generation_prompt
        variables["continue_final_message"] = request.continue_final_message
        return self._tokenizer.render(messages, **(variables | given))

    # --- text --------------------------------------------------------------------------------------

    def texts(self, request: CompletionRequest) -> list[list[int]]:
        """Return the prompts of a completion request as token ids."""
        prompt = request.prompt
        if prompt is None or prompt == "":
            raise InvalidParameter("prompt", "must hold text or token ids")
        if prompt == []:
            raise InvalidRequest("prompt must hold at least one prompt")
        is_one = isinstance(prompt, str) or isinstance(prompt[0], int)
        prompts: Any = [prompt] if is_one else prompt
        if len(prompts) > MAX_PROMPTS:
            raise InvalidParameter("prompt", f"at most {MAX_PROMPTS} prompts at once, got {len(prompts)}")
        return [self._text(one, request) for one in prompts]

    def _text(self, prompt: str | list[int], request: CompletionRequest) -> list[int]:
        if isinstance(prompt, str):
            self._check_length(prompt)
            token_ids = self._tokenizer.encode(prompt, request.add_special_tokens) if prompt else []
        else:
            token_ids = prompt
            if max(token_ids, default=0) >= self._vocab_size:
                raise InvalidRequest(
                    f"token id {max(token_ids)} is out of vocabulary, which has {self._vocab_size} tokens"
                )
        token_ids = self._truncate(token_ids, request.truncate_prompt_tokens, request.truncation_side)
        return self._fitting(token_ids)

    # --- /tokenize ---------------------------------------------------------------------------------

    def tokenize(self, request: TokenizeRequest) -> list[int]:
        """Return the tokens of a text or a conversation, however many they are."""
        if isinstance(request.prompt, str):
            text = request.prompt
        else:
            tools = [shown_tool(tool) for tool in request.tools] if request.tools else None
            text = self._render(_with_reasoning(check_messages(request.messages)), request, tools=tools)
        return self._tokenizer.encode(text, bool(request.add_special_tokens)) if text else []

    # --- lengths -----------------------------------------------------------------------------------

    @cached_property
    def _longest_token(self) -> int:
        return max(len(self._tokenizer.id_to_token(i)) for i in range(self._tokenizer.vocab_size))

    def _check_length(self, text: str, param: str = "input_text") -> None:
        """Refuse a text that cannot fit, whatever its tokens are, before work is spent on it."""
        if len(text) <= 8 * self._max_model_len:
            return
        limit = self._max_model_len * self._longest_token
        if len(text) > limit:
            raise InvalidParameter(
                param,
                f"is {len(text)} characters, and the model's context holds at most {limit}: shorten it",
            )

    def _truncate(self, token_ids: list[int], limit: int | None, side: Side) -> list[int]:
        if limit is None:
            return token_ids
        if limit > self._max_model_len:
            raise InvalidParameter(
                "truncate_prompt_tokens",
                f"must be at most {self._max_model_len}, the model's context, got {limit}",
            )
        limit = self._max_model_len if limit == -1 else limit
        if len(token_ids) <= limit:
            return token_ids
        return token_ids[:limit] if side == "right" else token_ids[len(token_ids) - limit :]

    def _fitting(self, token_ids: list[int]) -> list[int]:
        if not token_ids:
            raise InvalidRequest("the prompt is empty: it must have at least one token")
        if len(token_ids) > self._max_model_len:
            raise PromptTooLong(len(token_ids), self._max_model_len)
        if len(token_ids) == self._max_model_len:
            raise NoRoomForOutput(
                "max_tokens",
                f"the prompt fills the model's context of {self._max_model_len} tokens: shorten it",
            )
        return token_ids


def _with_reasoning(messages: Messages) -> Messages:
    """Give templates a message's reasoning under both of its names, of which each reads one."""
    return [_named_twice(message) if REASONING_NAMES & message.keys() else message for message in messages]


def _named_twice(message: dict[str, Any]) -> dict[str, Any]:
    reasoning = message.get("reasoning")
    reasoning = message.get("reasoning_content") if reasoning is None else reasoning
    return message | dict.fromkeys(REASONING_NAMES, reasoning)


def shown_tool(tool: ChatCompletionToolsParam) -> dict[str, Any]:
    """Return a tool as chat templates see it: as with vLLM, a description and parameters are always there."""
    function = tool.function
    shown: dict[str, Any] = {
        "name": function.name,
        "description": function.description,
        "parameters": function.parameters,
    }
    if function.strict is not None:
        shown["strict"] = function.strict
    return {"type": "function", "function": shown}


def _reasoning_variables(request: ChatCompletionRequest) -> dict[str, Any]:
    effort = request.reasoning_effort
    return {} if effort is None else {"reasoning_effort": effort, "enable_thinking": effort != "none"}
