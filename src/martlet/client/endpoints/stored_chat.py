"""Endpoints of stored chat completions."""

from __future__ import annotations

from typing import Any

from martlet.client.calls import Endpoint
from martlet.client.endpoints.lists import page_of
from martlet.client.options import RequestOptions
from martlet.protocol.chat import ChatCompletion
from martlet.protocol.stored_chat import (
    ChatCompletionDeleted,
    ChatCompletionStoreMessage,
    CompletionListParams,
    CompletionUpdateParams,
    MessageListParams,
)


class CompletionUpdateKeywords(CompletionUpdateParams, RequestOptions, total=False):
    """Keywords of `chat.completions.update`."""


class CompletionListKeywords(CompletionListParams, RequestOptions, total=False):
    """Keywords of `chat.completions.list`."""


class MessageListKeywords(MessageListParams, RequestOptions, total=False):
    """Keywords of `chat.completions.messages.list`."""


_PATH = "/chat/completions/{completion_id}"
RETRIEVE: Endpoint[ChatCompletion] = Endpoint("chat.completions.retrieve", "GET", _PATH, ChatCompletion)
UPDATE: Endpoint[ChatCompletion] = Endpoint(
    "chat.completions.update", "POST", _PATH, ChatCompletion, CompletionUpdateParams
)
LIST: Endpoint[Any] = Endpoint(
    "chat.completions.list",
    "GET",
    "/chat/completions",
    page_of(ChatCompletion, "ChatCompletionList"),
    CompletionListParams,
    has_cursor=True,
)
DELETE: Endpoint[ChatCompletionDeleted] = Endpoint(
    "chat.completions.delete", "DELETE", _PATH, ChatCompletionDeleted
)
MESSAGES_LIST: Endpoint[Any] = Endpoint(
    "chat.completions.messages.list",
    "GET",
    f"{_PATH}/messages",
    page_of(ChatCompletionStoreMessage, "ChatCompletionStoreMessageList"),
    MessageListParams,
    has_cursor=True,
)
