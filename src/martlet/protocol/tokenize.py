"""/tokenize and /detokenize."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from martlet.protocol.base import WireModel
from martlet.protocol.chat import ChatCompletionToolsParam
from martlet.protocol.common import Messages, check_messages


class TokenizeRequest(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Body of POST /tokenize: a `prompt` or `messages`. Fields after `return_token_strs` go with messages."""

    model: str | None = None
    """A served name; None or "" means the first one."""
    prompt: str | UnsetType = UNSET
    """Text to tokenize."""
    messages: Messages | UnsetType = UNSET
    """A conversation to render with the chat template and tokenize."""
    add_special_tokens: bool | UnsetType = UNSET
    """Add the tokenizer's own special tokens. Decoding fills in true for a prompt, false for messages."""
    return_token_strs: bool | None = False
    """Return each token's text too."""
    add_generation_prompt: bool = True
    """End with the opening of an assistant message."""
    continue_final_message: bool = False
    """Leave the last message open; needs `add_generation_prompt` false."""
    chat_template: str | None = None
    """A Jinja template to use instead of the model's; needs the server's consent."""
    chat_template_kwargs: dict[str, Any] | None = None
    """More variables for the chat template."""
    media_io_kwargs: dict[str, dict[str, Any]] | None = None
    """Options for reading media, by modality."""
    mm_processor_kwargs: dict[str, Any] | None = None
    """Options for the model's media processor."""
    tools: list[ChatCompletionToolsParam] | None = None
    """Functions that the chat template is told of."""

    def __post_init__(self) -> None:
        if self.prompt is UNSET and self.messages is UNSET:
            raise ValueError("Object missing required field `prompt`")
        if self.messages is not UNSET:
            check_messages(self.messages)
        if self.add_special_tokens is UNSET:
            self.add_special_tokens = self.prompt is not UNSET


class TokenizeResponse(WireModel, kw_only=True):
    """The reply of POST /tokenize."""

    count: int
    """How many tokens there are."""
    max_model_len: int
    """The model's context in tokens."""
    tokens: list[int]
    token_strs: list[str] | None = None
    """With `return_token_strs`."""


class DetokenizeRequest(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Body of POST /detokenize."""

    model: str | None = None
    """A served name; None or "" means the first one."""
    tokens: list[Annotated[int, Meta(ge=0, le=2**63 - 1)]]
    """Token ids; one that the vocabulary lacks gives no text."""


class DetokenizeResponse(WireModel, kw_only=True):
    """The reply of POST /detokenize."""

    prompt: str
    """The text, special tokens included."""
