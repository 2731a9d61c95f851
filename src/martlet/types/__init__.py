"""Replies and parameter types under the official names, loaded when first used.

The paths are those of the official package: `types.Model`, `types.chat.ChatCompletion`,
`types.responses.response_output_text.Annotation`. Type checkers know the names of the packages; what stands
in their modules only is in `martlet.protocol`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from martlet.client.calls import CompletionCreateParams as CompletionCreateParams
    from martlet.protocol.audio import AudioModel as AudioModel
    from martlet.protocol.audio import AudioResponseFormat as AudioResponseFormat
    from martlet.protocol.batches import Batch as Batch
    from martlet.protocol.batches import BatchCreateParams as BatchCreateParams
    from martlet.protocol.batches import BatchError as BatchError
    from martlet.protocol.batches import BatchListParams as BatchListParams
    from martlet.protocol.batches import BatchRequestCounts as BatchRequestCounts
    from martlet.protocol.batches import BatchUsage as BatchUsage
    from martlet.protocol.common import AllModels as AllModels
    from martlet.protocol.common import ChatModel as ChatModel
    from martlet.protocol.common import CompletionUsage as CompletionUsage
    from martlet.protocol.common import FunctionParameters as FunctionParameters
    from martlet.protocol.common import Metadata as Metadata
    from martlet.protocol.common import ResponsesModel as ResponsesModel
    from martlet.protocol.completions import Completion as Completion
    from martlet.protocol.completions import CompletionChoice as CompletionChoice
    from martlet.protocol.embeddings import CreateEmbeddingResponse as CreateEmbeddingResponse
    from martlet.protocol.embeddings import Embedding as Embedding
    from martlet.protocol.embeddings import EmbeddingCreateParams as EmbeddingCreateParams
    from martlet.protocol.embeddings import EmbeddingModel as EmbeddingModel
    from martlet.protocol.errors import ErrorInfo as _ErrorInfo
    from martlet.protocol.files import FileContent as FileContent
    from martlet.protocol.files import FileCreateParams as FileCreateParams
    from martlet.protocol.files import FileDeleted as FileDeleted
    from martlet.protocol.files import FileListParams as FileListParams
    from martlet.protocol.files import FileObject as FileObject
    from martlet.protocol.files import FilePurpose as FilePurpose
    from martlet.protocol.images import Image as Image
    from martlet.protocol.images import ImageCreateVariationParams as ImageCreateVariationParams
    from martlet.protocol.images import ImageEditCompletedEvent as ImageEditCompletedEvent
    from martlet.protocol.images import ImageEditParams as ImageEditParams
    from martlet.protocol.images import ImageEditPartialImageEvent as ImageEditPartialImageEvent
    from martlet.protocol.images import ImageEditStreamEvent as ImageEditStreamEvent
    from martlet.protocol.images import ImageGenCompletedEvent as ImageGenCompletedEvent
    from martlet.protocol.images import ImageGenerateParams as ImageGenerateParams
    from martlet.protocol.images import ImageGenPartialImageEvent as ImageGenPartialImageEvent
    from martlet.protocol.images import ImageGenStreamEvent as ImageGenStreamEvent
    from martlet.protocol.images import ImagesResponse as ImagesResponse
    from martlet.protocol.models import Model as Model
    from martlet.protocol.models import ModelDeleted as ModelDeleted
    from martlet.protocol.moderations import Moderation as Moderation
    from martlet.protocol.moderations import ModerationCreateParams as ModerationCreateParams
    from martlet.protocol.moderations import ModerationCreateResponse as ModerationCreateResponse
    from martlet.protocol.moderations import ModerationImageURLInputParam as ModerationImageURLInputParam
    from martlet.protocol.moderations import ModerationModel as ModerationModel
    from martlet.protocol.moderations import ModerationMultiModalInputParam as ModerationMultiModalInputParam
    from martlet.protocol.moderations import ModerationTextInputParam as ModerationTextInputParam
    from martlet.protocol.params import ReasoningEffort as ReasoningEffort
    from martlet.protocol.response_items import ResponseFormatJSONObject as ResponseFormatJSONObject
    from martlet.protocol.response_tools import ComparisonFilter as ComparisonFilter
    from martlet.protocol.response_tools import CompoundFilter as CompoundFilter
    from martlet.protocol.response_tools import CustomToolInputFormat as CustomToolInputFormat
    from martlet.protocol.response_tools import ResponseFormatText as ResponseFormatText
    from martlet.protocol.responses import Reasoning as Reasoning
    from martlet.protocol.uploads import Upload as Upload
    from martlet.protocol.uploads import UploadCompleteParams as UploadCompleteParams
    from martlet.protocol.uploads import UploadCreateParams as UploadCreateParams
    from martlet.types import audio as audio
    from martlet.types import chat as chat
    from martlet.types import responses as responses
    from martlet.types import shared as shared
    from martlet.types import shared_params as shared_params
    from martlet.types import uploads as uploads

    ErrorObject = _ErrorInfo
else:
    from martlet.types.lazy import offer

    __getattr__, __dir__, __all__ = offer(__name__)
