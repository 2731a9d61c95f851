"""TypedDicts that several APIs share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from martlet.protocol.common import ChatModel as ChatModel
    from martlet.protocol.common import FunctionParameters as FunctionParameters
    from martlet.protocol.common import Metadata as Metadata
    from martlet.protocol.common import ResponsesModel as ResponsesModel
    from martlet.protocol.params import FunctionDefinition as FunctionDefinition
    from martlet.protocol.params import ReasoningEffort as ReasoningEffort
    from martlet.protocol.params import ResponseFormatJSONSchema as ResponseFormatJSONSchema
    from martlet.protocol.response_params import ComparisonFilter as ComparisonFilter
    from martlet.protocol.response_params import CompoundFilter as CompoundFilter
    from martlet.protocol.response_params import Reasoning as Reasoning
    from martlet.protocol.response_params import ResponseFormatJSONObject as ResponseFormatJSONObject
    from martlet.protocol.response_params import ResponseFormatText as ResponseFormatText
else:
    from martlet.types.lazy import offer

    __getattr__, __dir__, __all__ = offer(__name__)
