"""Objects of several classes in one place, and the replies of the other APIs that hold them."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from typing import Any, Literal

import msgspec
import pytest

from martlet.protocol import (
    audio,
    batches,
    embeddings,
    files,
    images,
    models,
    moderations,
    pooling,
    response_events,
    response_items,
    response_tools,
    responses,
    stored_chat,
    uploads,
)
from martlet.protocol.base import OneOf, Unknown, WireModel, decode_reply
from martlet.protocol.response_events import decode_event
from martlet.protocol.response_items import (
    EasyInputMessage,
    ItemReference,
    Message,
    ResponseInputMessageItem,
    ResponseOutputMessage,
    ResponseReasoningItem,
)
from martlet.protocol.responses import Response, ResponseItemList


class Cat(WireModel, kw_only=True):
    type: Literal["cat"] = "cat"
    lives: int


class Box(WireModel, kw_only=True):
    type: Literal["box", "crate"]
    inside: list[Thing]


class Shelf(WireModel, kw_only=True):
    things: list[Thing]
    best: Thing | None = None
    named: dict[str, str | Thing] | None = None
    label: str | Thing = ""


Thing = OneOf[Cat | Box]


def shelf(**keys: Any) -> Any:
    return decode_reply(Shelf, json.dumps({"things": []} | keys).encode())


def test_object_gets_the_class_of_its_type() -> None:
    crate = {"type": "crate", "inside": [{"type": "cat", "lives": 9}]}
    full = shelf(things=[crate], best={"type": "cat", "lives": 1}, named={"a": "b", "c": crate}, label="x")
    assert [type(thing) for thing in full.things] == [Box]
    assert full.things[0].inside == [Cat(lives=9)]
    assert full.best == Cat(lives=1)
    assert (full.named["a"], type(full.named["c"]), full.label) == ("b", Box, "x")


def test_object_of_unknown_type_keeps_its_keys() -> None:
    fish = {"type": "fish", "fins": [1, {"a": 2}], "type_of_water": None}
    full = shelf(things=[fish], label=fish)
    assert type(full.things[0]) is Unknown
    assert (full.things[0].type, full.things[0].fins[1]) == ("fish", {"a": 2})
    assert full.things[0].to_dict() == fish == full.label.to_dict()


@pytest.mark.parametrize("odd", [{}, {"type": None}, {"type": 5}, {"lives": 3}])
def test_object_without_type_is_unknown(odd: dict[str, Any]) -> None:
    thing = shelf(things=[odd]).things[0]
    assert type(thing) is Unknown
    assert thing.to_dict() == odd


def test_object_that_does_not_fit_its_class_is_kept() -> None:
    cat = shelf(things=[{"type": "cat", "lives": "many", "mood": 1}, 5, None, "x"]).things
    assert (type(cat[0]), cat[0].lives, cat[0].mood) == (Cat, "many", 1)
    assert cat[1:] == [5, None, "x"]
    broken = shelf(things="none", best=[{"type": "cat", "lives": 1}])
    assert broken.things == "none"


def test_keys_unknown_to_us_survive_inside() -> None:
    sent = {"things": [{"type": "box", "inside": [{"type": "cat", "lives": 1, "x": [2]}], "y": 3}], "z": 4}
    full = shelf(**sent)
    assert (full.things[0].inside[0].x, full.things[0].y, full.z) == ([2], 3, 4)
    assert full.to_dict() == sent
    for twin in (copy.deepcopy(full), pickle.loads(pickle.dumps(full)), Shelf.model_validate(sent)):
        assert twin == full
        assert twin.to_dict() == sent


def test_bodies_are_decoded_by_their_type() -> None:
    family: Any = Thing
    assert decode_reply(family, b'{"lives":2,"type":"cat","x":1}').x == 1
    assert type(decode_reply(family, b'{"type":"dog"}')) is Unknown
    assert decode_reply(family, b'{"type":"cat","lives":"a"}').lives == "a"
    assert decode_reply(family, b"[1]") == [1]
    assert decode_reply(family, b'{"type":"cat","lives":NaN}').type == "cat"
    with pytest.raises(msgspec.DecodeError):
        decode_reply(family, b'{"type":"cat"')


# --- responses --------------------------------------------------------------------------------------

RESPONSE = (
    b'{"id":"resp_b18cc91e31ad1a3d","created_at":1795382484,"incomplete_details":{"reason":"max_output_tokens"},'
    b'"instructions":null,"metadata":null,"model":"tiny","object":"response","output":[{"id":"rs_1","summary":[],'
    b'"type":"reasoning","content":[{"text":"hm","type":"reasoning_text"}],"encrypted_content":null,'
    b'"status":null},{"id":"msg_1","content":[{"annotations":[],"text":"co","type":"output_text","logprobs":'
    b'[{"token":"co","bytes":[99,111],"logprob":-1,"top_logprobs":[]}]},{"annotations":[],"text":"unt",'
    b'"type":"output_text","logprobs":null}],"role":"assistant","status":"completed","type":"message",'
    b'"phase":null},{"arguments":"{}","call_id":"chatcmpl-tool-1","name":"f","type":"function_call",'
    b'"id":"fc_1","status":"completed"}],"parallel_tool_calls":true,"temperature":0.0,"tool_choice":{"type":'
    b'"function","name":"f"},"tools":[{"type":"function","name":"f","parameters":{"type":"object"},'
    b'"strict":null}],"top_p":1.0,"background":false,"max_output_tokens":4,"max_tool_calls":null,'
    b'"previous_response_id":null,"prompt":null,"reasoning":null,"service_tier":"auto","status":"incomplete",'
    b'"text":null,"top_logprobs":null,"truncation":"disabled","usage":{"input_tokens":5,'
    b'"input_tokens_details":{"cached_tokens":0,"cache_write_tokens":0,"input_tokens_per_turn":[],'
    b'"cached_tokens_per_turn":[]},"output_tokens":4,"output_tokens_details":{"reasoning_tokens":0,'
    b'"tool_output_tokens":0,"output_tokens_per_turn":[],"tool_output_tokens_per_turn":[]},"total_tokens":9},'
    b'"user":null}'
)


def test_response_of_vllm_is_typed_to_the_bottom() -> None:
    response = decode_reply(Response, RESPONSE)
    reasoning, message, call = response.output
    assert isinstance(reasoning, ResponseReasoningItem)
    assert reasoning.content is not None
    assert reasoning.content[0].text == "hm"
    assert isinstance(message, ResponseOutputMessage)
    assert message.content[0].type == "output_text"
    assert message.content[0].logprobs is not None
    assert message.content[0].logprobs[0].logprob == -1.0
    assert call.type == "function_call"
    assert (call.name, call.arguments) == ("f", "{}")
    assert isinstance(response.tool_choice, response_tools.ToolChoiceFunction)
    assert isinstance(response.tools[0], response_tools.FunctionTool)
    assert response.usage is not None
    assert response.usage.input_tokens_details.input_tokens_per_turn == []
    assert response.output_text == "count"


def test_response_gives_back_what_the_server_sent() -> None:
    response = decode_reply(Response, RESPONSE)
    assert response.to_dict() == msgspec.json.decode(RESPONSE)
    assert response.model_extra == {}
    msgspec.json.decode(RESPONSE, type=Response)  # the typed path took it, not the unchecked one


def test_output_text_of_an_empty_response_is_empty() -> None:
    assert decode_reply(Response, b"{}").output_text == ""
    refusal = {"type": "message", "content": [{"type": "refusal", "refusal": "no"}, {"type": "new"}]}
    body = json.dumps({"output": [refusal, {"type": "message"}, {"type": "new"}]}).encode()
    assert decode_reply(Response, body).output_text == ""


def test_messages_are_told_apart_by_role_and_shape() -> None:
    text = [{"type": "input_text", "text": "a"}]
    out = {"id": "1", "type": "message", "role": "assistant", "status": "completed", "content": []}
    user = {"id": "2", "type": "message", "role": "user", "content": text}
    listed: Any = decode_reply(
        ResponseItemList,
        json.dumps(
            {"data": [user, out], "first_id": "2", "last_id": "1", "has_more": False, "object": "list"}
        ).encode(),
    )
    assert [type(item) for item in listed.data] == [ResponseInputMessageItem, ResponseOutputMessage]
    given = [
        {"role": "user", "content": "a"},
        {"role": "user", "content": text, "type": "message"},
        out,
        {"id": "x"},
    ]
    response: Any = decode_reply(Response, json.dumps({"instructions": given}).encode())
    kinds = [EasyInputMessage, Message, ResponseOutputMessage, ItemReference]
    assert [type(item) for item in response.instructions] == kinds
    assert response.to_dict() == {"instructions": given}


def test_event_is_decoded_by_its_type() -> None:
    delta = decode_event(
        b'{"content_index":0,"delta":"co","item_id":"msg_1","logprobs":[],"output_index":0,'
        b'"sequence_number":4,"type":"response.output_text.delta"}'
    )
    assert isinstance(delta, response_events.ResponseTextDeltaEvent)
    assert (delta.delta, delta.sequence_number, delta.logprobs) == ("co", 4, [])
    done = decode_event(b'{"type":"response.completed","sequence_number":9,"response":' + RESPONSE + b"}")
    assert isinstance(done, response_events.ResponseCompletedEvent)
    assert done.response.output_text == "count"
    assert done.to_dict()["response"] == msgspec.json.decode(RESPONSE)
    named: Any = decode_event(
        b'{"type":"response.function_call_arguments.done","sequence_number":1,"item_id":"i","output_index":0,'
        b'"arguments":"{}","name":"f","zip":1}'
    )
    assert (named.name, named.arguments, named.zip) == ("f", "{}", 1)


def test_event_of_a_later_version_is_usable() -> None:
    event: Any = decode_event(b'{"type":"response.hologram.delta","sequence_number":3,"delta":{"a":1}}')
    assert type(event) is Unknown
    assert (event.type, event.sequence_number, event.delta) == ("response.hologram.delta", 3, {"a": 1})


def test_every_event_class_decodes_its_own_type() -> None:
    family: Any = response_events.ResponseStreamEvent
    for cls in family.__metadata__[0].members:
        body = json.dumps({"type": kind_of(cls), "x": 1}).encode()
        event: Any = decode_event(body)
        assert (type(event), event.x) == (cls, 1)


def kind_of(cls: type[WireModel]) -> str:
    default: str = next(field.default for field in msgspec.structs.fields(cls) if field.name == "type")
    return default


# --- other replies ----------------------------------------------------------------------------------

USAGE = {"prompt_tokens": 3, "total_tokens": 3, "completion_tokens": 0, "prompt_tokens_details": None}
HEAD = {"object": "list", "created": 1795382484, "model": "tiny"}
SEGMENT = {
    "id": 0,
    "seek": 0,
    "start": 0.0,
    "end": 2.5,
    "text": "hello",
    "tokens": [1],
    "temperature": 0.0,
    "avg_logprob": -0.2,
    "compression_ratio": 1.1,
    "no_speech_prob": 0.01,
}
CATEGORIES = [
    *("harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent"),
    *("self-harm", "self-harm/instructions", "self-harm/intent", "sexual", "sexual/minors", "violence"),
    "violence/graphic",
]

REPLIES: list[tuple[type[WireModel], dict[str, Any]]] = [
    (
        embeddings.CreateEmbeddingResponse,
        {
            "id": "embd-1",
            **HEAD,
            "data": [{"index": 0, "object": "embedding", "embedding": [0.5, -1.0]}],
            "usage": USAGE,
        },
    ),
    (
        embeddings.CreateEmbeddingResponse,
        {
            "object": "list",
            "model": "m",
            "data": [{"index": 0, "object": "embedding", "embedding": "AAAAPw=="}],
            "usage": {"prompt_tokens": 3, "total_tokens": 3},
        },
    ),
    (
        pooling.PoolingResponse,
        {
            "id": "pooling-1",
            **HEAD,
            "data": [{"index": 0, "object": "pooling", "data": [[0.1], [0.2]]}],
            "usage": USAGE,
        },
    ),
    (
        pooling.ClassificationResponse,
        {
            "id": "classify-1",
            **HEAD,
            "data": [{"index": 0, "label": None, "probs": [0.25, 0.75], "num_classes": 2}],
            "usage": USAGE,
        },
    ),
    (
        pooling.ScoreResponse,
        {
            "id": "score-1",
            **HEAD,
            "data": [{"index": 0, "object": "score", "score": 0.078}],
            "usage": USAGE,
        },
    ),
    (
        pooling.RerankResponse,
        {
            "id": "score-1",
            "model": "tiny",
            "usage": {"prompt_tokens": 3, "total_tokens": 3},
            "results": [
                {"index": 2, "document": {"text": "d", "multi_modal": None}, "relevance_score": 0.078}
            ],
        },
    ),
    (
        files.FileObject,
        {
            "id": "file-1",
            "bytes": 3,
            "created_at": 1,
            "filename": "a.jsonl",
            "object": "file",
            "purpose": "batch",
            "status": "processed",
        },
    ),
    (uploads.UploadPart, {"id": "part_1", "created_at": 1, "object": "upload.part", "upload_id": "upload_1"}),
    (
        batches.Batch,
        {
            "id": "batch_1",
            "completion_window": "24h",
            "created_at": 1,
            "endpoint": "/v1/completions",
            "input_file_id": "file-1",
            "object": "batch",
            "status": "failed",
            "errors": {"object": "list", "data": [{"code": "c", "line": 3, "message": "m", "param": None}]},
            "request_counts": {"completed": 1, "failed": 2, "total": 3},
        },
    ),
    (
        moderations.ModerationCreateResponse,
        {
            "id": "modr-1",
            "model": "m",
            "results": [
                {
                    "flagged": True,
                    "categories": dict.fromkeys(CATEGORIES, True),
                    "category_scores": dict.fromkeys(CATEGORIES, 0.5),
                    "category_applied_input_types": {name: ["text"] for name in CATEGORIES},
                }
            ],
        },
    ),
    (images.ImagesResponse, {"created": 1, "data": [{"b64_json": "AA=="}], "size": "1x1"}),
    (audio.Transcription, {"text": "hello", "usage": {"type": "duration", "seconds": 16}}),
    (
        audio.TranscriptionVerbose,
        {
            "language": "en",
            "duration": 2.5,
            "text": "hello",
            "segments": [SEGMENT],
            "words": [{"word": "hello", "start": 0.0, "end": 2.5}],
        },
    ),
    (audio.TranslationVerbose, {"language": "en", "duration": 2.5, "text": "hello", "segments": [SEGMENT]}),
    (stored_chat.ChatCompletionDeleted, {"id": "1", "deleted": True, "object": "chat.completion.deleted"}),
    (
        stored_chat.ChatCompletionStoreMessage,
        {
            "id": "1",
            "role": "user",
            "content": None,
            "content_parts": [
                {"type": "text", "text": "a"},
                {"type": "image_url", "image_url": {"url": "data:"}},
            ],
        },
    ),
    (models.ModelDeleted, {"id": "m", "deleted": True, "object": "model"}),
]


@pytest.mark.parametrize(("cls", "sent"), REPLIES, ids=lambda value: getattr(value, "__name__", ""))
def test_reply_gives_back_what_the_server_sent(cls: type[WireModel], sent: dict[str, Any]) -> None:
    body = msgspec.json.encode(sent)
    reply = decode_reply(cls, body)
    assert reply.to_dict() == sent
    assert reply.model_extra == {}
    msgspec.json.decode(body, type=cls)  # the typed path took it, not the unchecked one


def test_moderation_names_are_identifiers() -> None:
    body = msgspec.json.encode(REPLIES[9][1])
    verdict = decode_reply(moderations.ModerationCreateResponse, body).results[0]
    assert (verdict.categories.self_harm_intent, verdict.category_scores.hate_threatening) == (True, 0.5)
    assert "self_harm" in verdict.categories.model_dump()
    assert "self-harm" in verdict.categories.to_dict()


def test_usage_of_a_transcription_has_its_class() -> None:
    timed = decode_reply(audio.Transcription, b'{"text":"a","usage":{"type":"duration","seconds":16}}')
    assert isinstance(timed.usage, audio.UsageDuration)
    tokens = b'{"type":"tokens","input_tokens":1,"output_tokens":2,"total_tokens":3}'
    counted = decode_reply(audio.Transcription, b'{"text":"a","usage":' + tokens + b"}")
    assert isinstance(counted.usage, audio.UsageTokens)


def test_transcription_chunk_of_vllm_stands_beside_the_official_events() -> None:
    family: Any = audio.TranscriptionStreamEvent
    chunk = decode_reply(
        family,
        b'{"id":"trsc-1","object":"transcription.chunk","created":1,"model":"tiny",'
        b'"choices":[{"delta":{"content":"hel"},"finish_reason":null,"stop_reason":null}]}',
    )
    assert isinstance(chunk, audio.TranscriptionChunk)
    assert (chunk.type, chunk.choices[0].delta.content) == (None, "hel")
    event = decode_reply(family, b'{"type":"transcript.text.delta","delta":"hel"}')
    assert isinstance(event, audio.TranscriptionTextDeltaEvent)


# --- cost -------------------------------------------------------------------------------------------

MODULES = (
    *(audio, batches, embeddings, files, images, models, moderations, pooling, response_events),
    *(response_items, response_tools, responses, stored_chat, uploads),
)


def test_all_models_have_decoders_on_this_python() -> None:
    for module in MODULES:
        for cls in vars(module).values():
            if isinstance(cls, type) and issubclass(cls, WireModel) and cls is not WireModel:
                msgspec.json.Decoder(cls)
                assert decode_reply(cls, b"{}").to_dict() == {}
                assert cls.__doc__ or cls.__name__.startswith("_")


def loaded_by(code: str) -> set[str]:
    run = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name for name in run.stdout.split() if name.startswith("martlet.")}


def test_chat_loads_none_of_the_other_apis() -> None:
    assert loaded_by("import martlet.protocol.chat") == {
        "martlet.protocol",
        "martlet.protocol.base",
        "martlet.protocol.chat",
        "martlet.protocol.common",
        "martlet.protocol.generation",
        "martlet.protocol.deferred",
        "martlet.protocol.source",
        "martlet.protocol.twins",
        "martlet.protocol.wire_model",
    }


def test_types_load_only_what_is_used() -> None:
    plain = loaded_by("import martlet.types, martlet.types.responses, martlet.types.chat.chat_completion")
    assert {name for name in plain if name.startswith(("martlet.protocol", "martlet.client"))} == set()
    used = loaded_by("from martlet.types import FileObject")
    assert {name for name in used if name.startswith(("martlet.protocol.", "martlet.client"))} == {
        "martlet.protocol.base",
        "martlet.protocol.files",
        "martlet.protocol.deferred",
        "martlet.protocol.source",
        "martlet.protocol.wire_model",
    }
