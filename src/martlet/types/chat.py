"""Conversations: replies, chunks, and the TypedDicts of what is sent, under the official names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from martlet.client.calls import ChatCompletionCreateParams as _ChatCompletionCreateParams
    from martlet.client.parsed import ParsedChatCompletion as ParsedChatCompletion
    from martlet.client.parsed import ParsedChatCompletionMessage as ParsedChatCompletionMessage
    from martlet.client.parsed import ParsedChoice as ParsedChoice
    from martlet.client.parsed import ParsedFunction as ParsedFunction
    from martlet.client.parsed import ParsedFunctionToolCall as ParsedFunctionToolCall
    from martlet.protocol.chat import ChatCompletion as ChatCompletion
    from martlet.protocol.chat import ChatCompletionAudio as ChatCompletionAudio
    from martlet.protocol.chat import ChatCompletionChunk as ChatCompletionChunk
    from martlet.protocol.chat import ChatCompletionMessage as ChatCompletionMessage
    from martlet.protocol.chat import (
        ChatCompletionMessageCustomToolCall as ChatCompletionMessageCustomToolCall,
    )
    from martlet.protocol.chat import (
        ChatCompletionMessageFunctionToolCall as ChatCompletionMessageFunctionToolCall,
    )
    from martlet.protocol.chat import ChatCompletionMessageToolCall as ChatCompletionMessageToolCall
    from martlet.protocol.chat import ChatCompletionMessageToolCall as _ChatCompletionMessageToolCall
    from martlet.protocol.chat import ChatCompletionTokenLogprob as ChatCompletionTokenLogprob
    from martlet.protocol.params import (
        ChatCompletionAllowedToolChoiceParam as ChatCompletionAllowedToolChoiceParam,
    )
    from martlet.protocol.params import ChatCompletionAllowedToolsParam as ChatCompletionAllowedToolsParam
    from martlet.protocol.params import (
        ChatCompletionAssistantMessageParam as ChatCompletionAssistantMessageParam,
    )
    from martlet.protocol.params import ChatCompletionAudioParam as ChatCompletionAudioParam
    from martlet.protocol.params import (
        ChatCompletionContentPartImageParam as ChatCompletionContentPartImageParam,
    )
    from martlet.protocol.params import (
        ChatCompletionContentPartInputAudioParam as ChatCompletionContentPartInputAudioParam,
    )
    from martlet.protocol.params import ChatCompletionContentPartParam as ChatCompletionContentPartParam
    from martlet.protocol.params import (
        ChatCompletionContentPartRefusalParam as ChatCompletionContentPartRefusalParam,
    )
    from martlet.protocol.params import (
        ChatCompletionContentPartTextParam as ChatCompletionContentPartTextParam,
    )
    from martlet.protocol.params import ChatCompletionCustomToolParam as ChatCompletionCustomToolParam
    from martlet.protocol.params import (
        ChatCompletionDeveloperMessageParam as ChatCompletionDeveloperMessageParam,
    )
    from martlet.protocol.params import (
        ChatCompletionFunctionCallOptionParam as ChatCompletionFunctionCallOptionParam,
    )
    from martlet.protocol.params import (
        ChatCompletionFunctionMessageParam as ChatCompletionFunctionMessageParam,
    )
    from martlet.protocol.params import ChatCompletionFunctionToolParam as ChatCompletionFunctionToolParam
    from martlet.protocol.params import (
        ChatCompletionMessageCustomToolCallParam as ChatCompletionMessageCustomToolCallParam,
    )
    from martlet.protocol.params import (
        ChatCompletionMessageFunctionToolCallParam as ChatCompletionMessageFunctionToolCallParam,
    )
    from martlet.protocol.params import ChatCompletionMessageParam as ChatCompletionMessageParam
    from martlet.protocol.params import ChatCompletionMessageParam as _ChatCompletionMessageParam
    from martlet.protocol.params import (
        ChatCompletionMessageToolCallParam as ChatCompletionMessageToolCallParam,
    )
    from martlet.protocol.params import (
        ChatCompletionMessageToolCallUnionParam as ChatCompletionMessageToolCallUnionParam,
    )
    from martlet.protocol.params import ChatCompletionModality as ChatCompletionModality
    from martlet.protocol.params import (
        ChatCompletionNamedToolChoiceCustomParam as ChatCompletionNamedToolChoiceCustomParam,
    )
    from martlet.protocol.params import (
        ChatCompletionNamedToolChoiceParam as ChatCompletionNamedToolChoiceParam,
    )
    from martlet.protocol.params import (
        ChatCompletionPredictionContentParam as ChatCompletionPredictionContentParam,
    )
    from martlet.protocol.params import ChatCompletionRole as ChatCompletionRole
    from martlet.protocol.params import ChatCompletionStreamOptionsParam as ChatCompletionStreamOptionsParam
    from martlet.protocol.params import ChatCompletionSystemMessageParam as ChatCompletionSystemMessageParam
    from martlet.protocol.params import (
        ChatCompletionToolChoiceOptionParam as ChatCompletionToolChoiceOptionParam,
    )
    from martlet.protocol.params import ChatCompletionToolMessageParam as ChatCompletionToolMessageParam
    from martlet.protocol.params import ChatCompletionToolParam as ChatCompletionToolParam
    from martlet.protocol.params import ChatCompletionToolUnionParam as ChatCompletionToolUnionParam
    from martlet.protocol.params import ChatCompletionUserMessageParam as ChatCompletionUserMessageParam
    from martlet.protocol.params import ReasoningEffort as _ReasoningEffort
    from martlet.protocol.stored_chat import ChatCompletionContentPartImage as ChatCompletionContentPartImage
    from martlet.protocol.stored_chat import ChatCompletionContentPartText as ChatCompletionContentPartText
    from martlet.protocol.stored_chat import ChatCompletionDeleted as ChatCompletionDeleted
    from martlet.protocol.stored_chat import ChatCompletionStoreMessage as ChatCompletionStoreMessage
    from martlet.protocol.stored_chat import CompletionListParams as CompletionListParams
    from martlet.protocol.stored_chat import CompletionUpdateParams as CompletionUpdateParams

    ChatCompletionMessageToolCallUnion = _ChatCompletionMessageToolCall
    ChatCompletionReasoningEffort = _ReasoningEffort
    CreateChatCompletionRequestMessageParam = _ChatCompletionMessageParam
    CompletionCreateParams = _ChatCompletionCreateParams
else:
    from martlet.types.lazy import offer

    __getattr__, __dir__, __all__ = offer(__name__)
