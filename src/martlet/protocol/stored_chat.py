"""Stored chat completions: /v1/chat/completions/{id} and its messages. A completion itself is in `chat`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypedDict

from martlet.protocol.base import OneOf, WireModel
from martlet.protocol.chat import ChatCompletionMessage

# --- replies ----------------------------------------------------------------------------------------


class ChatCompletionDeleted(WireModel, kw_only=True):
    """The reply to a deletion."""

    id: str
    deleted: bool
    object: Literal["chat.completion.deleted"] | str = "chat.completion.deleted"


class PromptCacheBreakpoint(WireModel, kw_only=True):
    """The prompt is cached up to here."""

    mode: Literal["explicit"] | str = "explicit"
    ttl: Literal["30m", "12h"] | str | None = None
    """For how long."""


class ChatCompletionContentPartText(WireModel, kw_only=True):
    """A piece of text."""

    type: Literal["text"] = "text"
    text: str
    prompt_cache_breakpoint: PromptCacheBreakpoint | None = None


class ImageURL(WireModel, kw_only=True):
    """Where an image is."""

    url: str
    """http(s), or data: with the image in base64."""
    detail: Literal["auto", "low", "high", "original"] | str | None = None
    """How closely to look."""


class ChatCompletionContentPartImage(WireModel, kw_only=True):
    """An image."""

    type: Literal["image_url"] = "image_url"
    image_url: ImageURL
    prompt_cache_breakpoint: PromptCacheBreakpoint | None = None


class ChatCompletionStoreMessage(ChatCompletionMessage, kw_only=True):
    """A message of a stored completion."""

    id: str
    content_parts: list[OneOf[ChatCompletionContentPartText | ChatCompletionContentPartImage]] | None = None
    """The content, if it was given in parts."""


# --- calls ------------------------------------------------------------------------------------------


class CompletionListParams(TypedDict, total=False):
    """Parameters of `chat.completions.list`."""

    after: str
    """The id after which the page begins."""
    limit: int
    """Most entries of a page."""
    metadata: Mapping[str, str] | None
    """List those with these texts only."""
    model: str
    """List those of this model only."""
    order: Literal["asc", "desc"]
    """By time of creation."""


class CompletionUpdateParams(TypedDict):
    """Parameters of `chat.completions.update`."""

    metadata: Mapping[str, str] | None
    """Texts of your own; those there before are replaced."""


class MessageListParams(TypedDict, total=False):
    """Parameters of `chat.completions.messages.list`."""

    after: str
    """The id after which the page begins."""
    limit: int
    """Most entries of a page."""
    order: Literal["asc", "desc"]
    """By time of creation."""
