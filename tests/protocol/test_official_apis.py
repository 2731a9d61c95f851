"""Classes, fields, `type` strings and parameters of the other APIs equal those of the official package."""

from __future__ import annotations

import importlib
import json
import sys
import typing
from pathlib import Path
from typing import Any

import openai.types
import openai.types.audio
import openai.types.chat
import openai.types.responses
import openai.types.uploads
import pytest
from msgspec import Struct
from openai.types import image_edit_params, image_generate_params
from openai.types.audio import transcription_create_params
from openai.types.chat import completion_list_params, completion_update_params
from openai.types.chat.completions import message_list_params
from openai.types.responses import response_create_params, response_retrieve_params
from openai.types.uploads import part_create_params

import martlet.types
from martlet.protocol import (
    audio,
    batches,
    cohere,
    embeddings,
    files,
    images,
    moderations,
    pooling,
    response_calls,
    response_events,
    response_items,
    response_tools,
    stored_chat,
    uploads,
)
from martlet.protocol import vllm as vllm_calls
from martlet.protocol.base import LazyField
from martlet.types.table import PACKAGES

for package in PACKAGES:
    importlib.import_module(package)

PATHS = sorted(name for name in sys.modules if name.startswith("martlet.types."))
TABLES = {"martlet.types.lazy", "martlet.types.table"}


def field_names(cls: Any) -> set[str]:
    if not issubclass(cls, Struct):
        return set(cls.__annotations__)
    lazy = {
        name for base in cls.__mro__ for name, value in vars(base).items() if isinstance(value, LazyField)
    }
    return set(cls.__struct_fields__) | lazy


def official_fields(cls: Any) -> set[str]:
    return set(cls.model_fields if hasattr(cls, "model_fields") else typing.get_type_hints(cls))


def has_fields(cls: Any) -> bool:
    return isinstance(cls, type) and (hasattr(cls, "model_fields") or hasattr(cls, "__required_keys__"))


def literals(hint: Any) -> set[str]:
    if typing.get_origin(hint) is typing.Literal:
        return set(typing.get_args(hint))
    return {value for inner in typing.get_args(hint) for value in literals(inner)}


def official_models(*roots: Any) -> set[Any]:
    """Every model that is reached from the roots."""
    seen: set[Any] = set()

    def visit(hint: Any) -> None:
        if hasattr(hint, "model_fields") and hint not in seen:
            seen.add(hint)
            hint.model_rebuild(raise_errors=False)
            for field in hint.model_fields.values():
                visit(field.annotation)
        for inner in typing.get_args(hint):
            visit(inner)

    for root in roots:
        visit(root)
    return seen


# --- replies ----------------------------------------------------------------------------------------

ROOTS = [
    getattr(module, name)
    for module, names in (
        (
            openai.types,
            "Batch CreateEmbeddingResponse FileDeleted FileObject ImageEditStreamEvent ImageGenStreamEvent"
            " ImagesResponse ModelDeleted ModerationCreateResponse Upload",
        ),
        (
            openai.types.audio,
            "Transcription TranscriptionDiarized TranscriptionStreamEvent TranscriptionVerbose Translation"
            " TranslationVerbose",
        ),
        (openai.types.chat, "ChatCompletionDeleted ChatCompletionStoreMessage"),
        (
            openai.types.responses,
            "CompactedResponse InputTokenCountResponse Response ResponseInputItem ResponseItem"
            " ResponseItemList ResponseStreamEvent",
        ),
        (openai.types.uploads, "UploadPart"),
    )
    for name in names.split()
]


@pytest.mark.parametrize(
    "theirs", sorted(official_models(*ROOTS), key=str), ids=lambda cls: f"{cls.__module__}.{cls.__name__}"
)
def test_reply_class_has_every_official_field_at_its_path(theirs: Any) -> None:
    path = theirs.__module__.replace("openai.", "martlet.")
    ours = getattr(importlib.import_module(path), theirs.__name__)
    assert official_fields(theirs) - field_names(ours) == set()
    for name, field in theirs.model_fields.items():
        if field.alias:
            encoded = dict(zip(ours.__struct_fields__, ours.__struct_encode_fields__, strict=True))
            assert encoded[name] == field.alias
    if "type" in theirs.model_fields:
        wanted = literals(theirs.model_fields["type"].annotation)
        assert wanted <= literals(typing.get_type_hints(ours)["type"])


def official_params(*roots: Any) -> set[Any]:
    """Every TypedDict that stands inside the roots."""
    seen: set[Any] = set()

    def visit(hint: Any) -> None:
        if isinstance(hint, type) and hasattr(hint, "__required_keys__") and hint not in seen:
            seen.add(hint)
            for inner in typing.get_type_hints(hint).values():
                visit(inner)
        for inner in typing.get_args(hint):
            visit(inner)

    for root in roots:
        visit(root)
    return seen - set(roots)


FAMILIES = [
    (response_events.ResponseStreamEvent, openai.types.responses.ResponseStreamEvent),
    (response_items.ResponseOutputItem, openai.types.responses.ResponseOutputItem),
    (response_items.ResponseItem, openai.types.responses.ResponseItem),
    (response_items.ResponseInputItem, openai.types.responses.ResponseInputItem),
    (response_items.ResponseInputContent, openai.types.responses.ResponseInputContent),
    (response_tools.Tool, openai.types.responses.Tool),
    (images.ImageGenStreamEvent, openai.types.ImageGenStreamEvent),
    (images.ImageEditStreamEvent, openai.types.ImageEditStreamEvent),
    (audio.TranscriptionStreamEvent, openai.types.audio.TranscriptionStreamEvent),
]


@pytest.mark.parametrize(("ours", "theirs"), FAMILIES)
def test_family_knows_every_official_type(ours: Any, theirs: Any) -> None:
    family = ours.__metadata__[0]
    for member in typing.get_args(typing.get_args(theirs)[0]):
        for kind in literals(member.model_fields["type"].annotation):
            fitting = [
                cls for cls in family.classes(kind) if member.model_fields.keys() <= {*field_names(cls)}
            ]
            assert fitting, (kind, member)


# --- parameters -------------------------------------------------------------------------------------

VLLM: dict[str, list[str]] = json.loads((Path(__file__).parent / "vllm_api_fields.json").read_text())


def vllm(*requests: str) -> set[str]:
    return {name for request in requests for name in VLLM[request]}


VLLM_AUDIO = set(audio.VllmAudioParams.__annotations__)
EMBEDDING = (
    "EmbeddingCompletionRequest",
    "EmbeddingChatRequest",
    "EmbeddingChatInputRequest",
    "EmbeddingBatchChatRequest",
    "EmbeddingBatchChatInputRequest",
)

PARAMS = [
    (audio.SpeechCreateParams, openai.types.audio.SpeechCreateParams, set()),
    (audio.TranscriptionCreateParams, transcription_create_params.TranscriptionCreateParamsBase, VLLM_AUDIO),
    (audio.TranslationCreateParams, openai.types.audio.TranslationCreateParams, VLLM_AUDIO | {"language"}),
    (batches.BatchCreateParams, openai.types.BatchCreateParams, set()),
    (batches.BatchListParams, openai.types.BatchListParams, set()),
    (embeddings.EmbeddingCreateParams, openai.types.EmbeddingCreateParams, vllm(*EMBEDDING)),
    (files.FileCreateParams, openai.types.FileCreateParams, set()),
    (files.FileListParams, openai.types.FileListParams, set()),
    (images.ImageCreateVariationParams, openai.types.ImageCreateVariationParams, set()),
    (images.ImageEditParams, image_edit_params.ImageEditParamsBase, set()),
    (images.ImageGenerateParams, image_generate_params.ImageGenerateParamsBase, set()),
    (moderations.ModerationCreateParams, openai.types.ModerationCreateParams, set()),
    (stored_chat.CompletionListParams, completion_list_params.CompletionListParams, set()),
    (stored_chat.CompletionUpdateParams, completion_update_params.CompletionUpdateParams, set()),
    (stored_chat.MessageListParams, message_list_params.MessageListParams, set()),
    (uploads.PartCreateParams, part_create_params.PartCreateParams, set()),
    (uploads.UploadCompleteParams, openai.types.UploadCompleteParams, set()),
    (uploads.UploadCreateParams, openai.types.UploadCreateParams, set()),
    (
        response_calls.ResponseCreateParams,
        response_create_params.ResponseCreateParamsBase,
        vllm("ResponsesRequest"),
    ),
    (response_calls.ResponseRetrieveParams, response_retrieve_params.ResponseRetrieveParamsBase, set()),
    (response_calls.ResponseCompactParams, openai.types.responses.ResponseCompactParams, set()),
    (response_calls.InputItemListParams, openai.types.responses.InputItemListParams, set()),
    (response_calls.InputTokenCountParams, openai.types.responses.InputTokenCountParams, set()),
]


def official_required(cls: Any) -> set[str]:
    hints = typing.get_type_hints(cls, include_extras=True)
    return {name for name, hint in hints.items() if typing.get_origin(hint) is typing_required()}


def typing_required() -> Any:
    import typing_extensions

    return typing_extensions.Required


@pytest.mark.parametrize(
    ("ours", "theirs", "added"), PARAMS, ids=lambda value: getattr(value, "__name__", "")
)
def test_method_takes_the_official_and_the_vllm_parameters(ours: Any, theirs: Any, added: set[str]) -> None:
    assert set(ours.__annotations__) == (official_fields(theirs) | added) - {"stream"}
    assert ours.__required_keys__ == official_required(theirs)


@pytest.mark.parametrize(
    "theirs",
    sorted(official_params(*(theirs for _, theirs, _ in PARAMS)), key=str),
    ids=lambda cls: f"{cls.__module__}.{cls.__name__}",
)
def test_object_in_parameters_has_the_official_keys_at_its_path(theirs: Any) -> None:
    path = theirs.__module__.replace("openai.", "martlet.")
    ours = getattr(importlib.import_module(path), theirs.__name__)
    assert set(ours.__annotations__) == official_fields(theirs)
    if "type" in ours.__annotations__:
        hint = ours.__annotations__["type"].__forward_arg__
        assert all(repr(value) in hint for value in literals(typing.get_type_hints(theirs)["type"]))


@pytest.mark.parametrize(
    ("ours", "requests"),
    [
        (pooling.EmbeddingChatParams, ("EmbeddingChatRequest", "EmbeddingBatchChatRequest")),
        (pooling.PoolingParams, ("PoolingCompletionRequest", "PoolingChatRequest", "IOProcessorRequest")),
        (pooling.RerankParams, ("RerankRequest",)),
        (
            pooling.ScoreParams,
            (
                "ScoreTextRequest",
                "ScoreDataRequest",
                "ScoreQueriesDocumentsRequest",
                "ScoreQueriesItemsRequest",
            ),
        ),
        (pooling.ScoreMultiModalParam, ("ScoreMultiModalParam",)),
        (vllm_calls.ChatBatchParams, ("BatchChatCompletionRequest",)),
        (vllm_calls.GenerativeScoringParams, ("GenerativeScoringRequest",)),
        (cohere.CohereEmbedParams, ("CohereEmbedRequest",)),
    ],
)
def test_vllm_call_takes_every_field_and_no_other(ours: Any, requests: tuple[str, ...]) -> None:
    assert set(ours.__annotations__) == vllm(*requests)


def test_classify_takes_what_embeddings_take_without_encoding() -> None:
    encoding = set(embeddings.EncodingParams.__annotations__) | {"encoding_format"}
    assert set(pooling.ClassifyParams.__annotations__) == vllm(*EMBEDDING) - encoding


# --- names ------------------------------------------------------------------------------------------

LEFT_OUT = {
    "openai.types": {
        "ImageModel",  # names of OpenAI's models
        *("FunctionDefinition", "ResponseFormatJSONSchema"),  # in requests only: see shared_params
        *("ResponseFormatTextGrammar", "ResponseFormatTextPython", "ImageInputReferenceParam"),
        "OAuthErrorCode",
    },
    "openai.types.chat": {"ChatCompletionFunctionTool"},
    "openai.types.responses": {
        *("ResponseInputAudio", "ResponseInputAudioParam"),  # stands in no input item
    },
    "openai.types.audio": set(),
    "openai.types.uploads": set(),
}
OTHER_APIS = (
    *("AutoFileChunking", "Container", "ContentProvenance", "Decision", "DeletedSkill", "Eval"),
    *("FileChunking", "OtherFileChunking", "Reconnecting", "ResponseSteer", "ResponsesClientEvent"),
    *("ResponsesServerEvent", "Skill", "StaticFileChunking", "SyncWebSocket", "VectorStore", "Video"),
    *("Voice", "WebSocket", "Websocket"),
)


@pytest.mark.parametrize("path", LEFT_OUT)
def test_every_official_name_is_offered_or_left_out_on_purpose(path: str) -> None:
    theirs = {name for name in dir(importlib.import_module(path)) if name[0].isupper()}
    theirs = {name for name in theirs if not name.startswith(OTHER_APIS) or name == "ContainerAutoParam"}
    ours = set(importlib.import_module(path.replace("openai", "martlet")).__all__)
    kept = {name for name in dir(openai.types.responses) if name.startswith(("Container", "Skill"))}
    if path == "openai.types.responses":
        theirs |= kept
    assert theirs - ours == LEFT_OUT[path] & theirs
    assert ours - {name for name in dir(importlib.import_module(path))} == set()


@pytest.mark.parametrize("path", sorted({*PATHS, "martlet.types"} - TABLES))
def test_offered_name_resolves_and_has_the_official_fields(path: str) -> None:
    module = importlib.import_module(path)
    try:
        official = importlib.import_module(path.replace("martlet", "openai"))
    except ModuleNotFoundError:  # a name of a package that has no module of its own
        official = importlib.import_module(path.rpartition(".")[0].replace("martlet", "openai"))
    assert module.__all__
    for name in module.__all__:
        ours, theirs = getattr(module, name), getattr(official, name)
        assert ours is not None
        if has_fields(theirs) and name != "ErrorObject":
            assert official_fields(theirs) - field_names(ours) == set(), name
            assert issubclass(ours, Struct) == hasattr(theirs, "model_fields"), name


def test_unknown_name_of_a_module_is_an_attribute_error() -> None:
    response_output_text = importlib.import_module("martlet.types.responses.response_output_text")
    assert "Annotation" in dir(response_output_text)
    with pytest.raises(AttributeError, match=r"'martlet.types.responses.response_output_text' has no"):
        _ = response_output_text.Nothing
    with pytest.raises(AttributeError, match=r"module 'martlet.types' has no attribute 'Nothing'"):
        _ = martlet.types.Nothing  # type: ignore[attr-defined]  # as intended
