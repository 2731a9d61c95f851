"""What a server builds and encodes has vLLM's bytes, and what a client decodes loses none of them."""

from __future__ import annotations

import msgspec
import pytest

from martlet.protocol import chat, completions, models, sse, tokenize
from martlet.protocol.base import ABSENT, WireModel, decode_reply
from martlet.protocol.common import (
    CompletionUsage,
    Logprob,
    PerRequestMetrics,
)
from tests.protocol import captures

encode = msgspec.json.encode


def chunk(choices: list[chat.ChunkChoice], **keys: object) -> chat.ChatCompletionChunk:
    left_out = dict.fromkeys(
        ("usage", "prompt_token_ids", "prompt_text", "system_fingerprint", "metrics"), ABSENT
    )
    return chat.ChatCompletionChunk(
        id="chatcmpl-960718fa7e330722",
        created=1795382777,
        model="tiny",
        choices=choices,
        **{**left_out, **keys},
    )


def delta(**keys: object) -> chat.ChoiceDelta:
    left_out = dict.fromkeys(("role", "content", "reasoning", "tool_calls"), ABSENT)
    return chat.ChoiceDelta(**{**left_out, **keys})


def part(
    delta: chat.ChoiceDelta, finish: str | None = None, *, stop: object = ABSENT, ids: object = ABSENT
) -> chat.ChunkChoice:
    return chat.ChunkChoice(
        index=0,
        delta=delta,
        finish_reason=finish,
        stop_reason=stop,  # type: ignore[arg-type]  # ABSENT or a reason
        token_ids=ids,  # type: ignore[arg-type]  # ABSENT or ids
    )


def usage_tail() -> CompletionUsage:
    return CompletionUsage(
        prompt_tokens=5,
        total_tokens=9,
        completion_tokens=4,
        prompt_tokens_details=ABSENT,
        completion_tokens_details=ABSENT,
    )


def test_chat_reply_has_vllm_bytes() -> None:
    message = chat.ChatCompletionMessage(role="assistant", content="countcountcountcount", tool_calls=ABSENT)
    reply = chat.ChatCompletion(
        id="chatcmpl-ac5c37a4ea6192ee",
        created=1795382484,
        model="tiny",
        choices=[chat.Choice(index=0, message=message, finish_reason="length")],
        system_fingerprint="vllm-0.32.0-fc378a08",
        usage=CompletionUsage(prompt_tokens=5, total_tokens=9, completion_tokens=4),
    )
    assert encode(reply) == captures.CHAT


def test_chat_chunks_have_vllm_bytes() -> None:
    role = part(delta(role="assistant", content=""))
    first = chunk([role], prompt_token_ids=None, prompt_text=None)
    assert encode(first) == captures.CHUNK_FIRST

    assert encode(chunk([part(delta(content="count"), ids=None)])) == captures.CHUNK_CONTENT

    last = part(delta(content="count"), "length", stop=None, ids=None)
    assert encode(chunk([last], system_fingerprint="vllm-0.32.0-fc378a08")) == captures.CHUNK_LAST

    tail = chunk([], usage=usage_tail(), system_fingerprint="vllm-0.32.0-fc378a08")
    assert encode(tail) == captures.CHUNK_USAGE

    so_far = CompletionUsage(
        prompt_tokens=5, total_tokens=6, completion_tokens=1, prompt_tokens_details=ABSENT
    )
    continuous = chunk([role], usage=so_far, prompt_token_ids=None, prompt_text=None)
    assert encode(continuous) == captures.CHUNK_CONTINUOUS


def test_tool_chunks_have_vllm_bytes() -> None:
    named = chat.ChoiceDeltaToolCall(
        id="chatcmpl-tool-87a1633cd4df65ee",
        type="function",
        index=0,
        function=chat.ChoiceDeltaToolCallFunction(name="get_weather", arguments=ABSENT),
    )
    assert (
        encode(chunk([part(delta(content=None, tool_calls=[named]), ids=None)])) == captures.CHUNK_TOOL_NAME
    )

    piece = chat.ChoiceDeltaToolCall(
        id=ABSENT,
        type=ABSENT,
        index=0,
        function=chat.ChoiceDeltaToolCallFunction(name=ABSENT, arguments="{"),
    )
    assert (
        encode(chunk([part(delta(content=None, tool_calls=[piece]), ids=None)]))
        == captures.CHUNK_TOOL_ARGUMENTS
    )

    end = part(delta(), "tool_calls", stop=None, ids=None)
    assert encode(chunk([end])) == captures.CHUNK_TOOL_END


def test_reasoning_chunk_has_vllm_bytes() -> None:
    assert encode(chunk([part(delta(reasoning="abc"), ids=None)])) == captures.CHUNK_REASONING


def test_tool_message_has_vllm_bytes() -> None:
    call = chat.ChatCompletionMessageToolCall(
        id="chatcmpl-tool-a8e96375a77f73c9",
        function=chat.Function(name="get_weather", arguments='{"city": "Paris"}'),
    )
    message = chat.ChatCompletionMessage(role="assistant", tool_calls=[call], reasoning="x")
    assert encode(message) == captures.TOOL_MESSAGE


def test_chat_logprobs_have_vllm_bytes() -> None:
    sampled = chat.TopLogprob(token="count", logprob=-7.478311061859131, bytes=list(b"count"))
    rival = chat.TopLogprob(token="<|assistant|>", logprob=-7.5, bytes=list(b"<|assistant|>"))
    entry = chat.ChatCompletionTokenLogprob(
        token="count",
        logprob=-7.478311061859131,
        bytes=list(b"count"),
        top_logprobs=[sampled, rival],
    )
    assert encode(chat.ChoiceLogprobs(content=[entry])) == captures.LOGPROBS


def test_completion_chunks_have_vllm_bytes() -> None:
    def completion_chunk(choices: list[completions.CompletionChunkChoice], **keys: object) -> bytes:
        left_out = dict.fromkeys(("usage", "system_fingerprint", "metrics"), ABSENT)
        return encode(
            completions.CompletionChunk(
                id="cmpl-9a7f4b7059dd3759",
                created=1795382484,
                model="tiny",
                choices=choices,
                **{**left_out, **keys},
            )
        )

    part = completions.CompletionChunkChoice(index=0, text="ren")
    assert completion_chunk([part]) == captures.COMPLETION_CHUNK
    tail = completion_chunk([], usage=usage_tail(), system_fingerprint="vllm-0.32.0-fc378a08")
    assert tail == captures.COMPLETION_USAGE


def test_completion_choice_has_vllm_bytes() -> None:
    logprobs = completions.CompletionLogprobs(
        text_offset=[0, 2, 3, 5, 8],
        token_logprobs=[None, -8.13, -8.28, -7.49, -6.83],
        tokens=["he", "l", "lo", "ren", "ren"],
        top_logprobs=[
            None,
            {"l": -8.13, '.",': -7.44},
            {"lo": -8.28, "sc": -7.57},
            {"ren": -7.49},
            {"ren": -6.83},
        ],
    )
    likeliest = {
        "80": Logprob(logprob=-8.13, rank=739, decoded_token="l"),
        "3446": Logprob(logprob=-7.44, rank=1, decoded_token="sc"),
    }
    choice = completions.CompletionChoice(
        index=0,
        text="hellorenren",
        logprobs=logprobs,
        finish_reason="length",
        prompt_logprobs=[None, likeliest],
    )
    assert encode(choice) == captures.COMPLETION_CHOICE


def test_model_card_has_vllm_bytes() -> None:
    permission = models.ModelPermission(id="modelperm-0123456789abcdef", created=1795382484)
    card = models.Model(
        id="tiny",
        created=1795382484,
        owned_by="vllm",
        root="/models/tiny",
        max_model_len=2048,
        permission=[permission],
    )
    assert encode(card) == captures.MODEL


def test_error_frame_has_vllm_bytes() -> None:
    assert sse.error_frame("<text>", "InternalServerError", None, 500) == captures.ERROR_FRAME


@pytest.mark.parametrize(
    ("cls", "body"),
    [
        (chat.ChatCompletion, captures.CHAT),
        (chat.ChatCompletionChunk, captures.CHUNK_FIRST),
        (chat.ChatCompletionChunk, captures.CHUNK_CONTENT),
        (chat.ChatCompletionChunk, captures.CHUNK_LAST),
        (chat.ChatCompletionChunk, captures.CHUNK_USAGE),
        (chat.ChatCompletionChunk, captures.CHUNK_CONTINUOUS),
        (chat.ChatCompletionChunk, captures.CHUNK_TOOL_NAME),
        (chat.ChatCompletionChunk, captures.CHUNK_TOOL_ARGUMENTS),
        (chat.ChatCompletionChunk, captures.CHUNK_TOOL_END),
        (chat.ChatCompletionChunk, captures.CHUNK_REASONING),
        (chat.ChoiceLogprobs, captures.LOGPROBS),
        (chat.ChatCompletionMessage, captures.TOOL_MESSAGE),
        (completions.Completion, captures.COMPLETION_CHUNK),
        (completions.CompletionChunk, captures.COMPLETION_CHUNK),
        (completions.Completion, captures.COMPLETION_USAGE),
        (completions.CompletionChoice, captures.COMPLETION_CHOICE),
        (models.Model, captures.MODEL),
        (models.ModelList, b'{"object":"list","data":[' + captures.MODEL + b"]}"),
        (models.VersionInfo, captures.VERSION),
        (PerRequestMetrics, captures.METRICS),
        (tokenize.TokenizeResponse, captures.TOKENIZED),
        (tokenize.DetokenizeResponse, captures.DETOKENIZED),
    ],
)
def test_decoded_capture_gives_all_back(cls: type[WireModel], body: bytes) -> None:
    reply = decode_reply(cls, body)
    assert reply.to_dict() == msgspec.json.decode(body)
    assert msgspec.json.decode(reply.to_json()) == msgspec.json.decode(body)
    assert reply.model_extra == {}
    msgspec.json.decode(body, type=cls)  # the typed path took it, not the unchecked one
