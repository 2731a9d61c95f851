"""Objects that several APIs share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from martlet.protocol.common import AllModels as AllModels
    from martlet.protocol.common import ChatModel as ChatModel
    from martlet.protocol.common import FunctionParameters as FunctionParameters
    from martlet.protocol.common import Metadata as Metadata
    from martlet.protocol.common import ResponsesModel as ResponsesModel
    from martlet.protocol.errors import ErrorInfo as _ErrorInfo
    from martlet.protocol.params import ReasoningEffort as ReasoningEffort
    from martlet.protocol.response_items import ResponseFormatJSONObject as ResponseFormatJSONObject
    from martlet.protocol.response_tools import ComparisonFilter as ComparisonFilter
    from martlet.protocol.response_tools import CompoundFilter as CompoundFilter
    from martlet.protocol.response_tools import CustomToolInputFormat as CustomToolInputFormat
    from martlet.protocol.response_tools import ResponseFormatText as ResponseFormatText
    from martlet.protocol.responses import Reasoning as Reasoning

    ErrorObject = _ErrorInfo
else:
    from martlet.types.lazy import offer

    __getattr__, __dir__, __all__ = offer(__name__)
