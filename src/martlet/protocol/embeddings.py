"""/v1/embeddings. Field order is the key order of vLLM 0.32."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict

import msgspec

from martlet.protocol.base import WireModel
from martlet.protocol.common import CompletionTokensDetails, PromptTokensDetails
from martlet.protocol.deferred import Deferred, DeferredField, defer
from martlet.protocol.params import ChatTemplateParams, MessageInput

if TYPE_CHECKING:
    Vector = list[float]
else:
    Vector = list[float] | str  # base64 until the client has unpacked it, or where the caller asked for it

EmbeddingInput = str | Sequence[str] | Iterable[int] | Iterable[Iterable[int]]
"""A text, a list of texts, the token ids of one text, or a list of such."""
EmbeddingModel = Literal["text-embedding-ada-002", "text-embedding-3-small", "text-embedding-3-large"]
EncodingFormat = Literal["float", "base64", "bytes", "bytes_only"]
"""The last two are vLLM's: the reply is the bare numbers; `bytes` describes them in a header."""
EmbedDType = Literal["float32", "float16", "bfloat16", "fp8_e4m3", "fp8_e5m2"]
Endianness = Literal["native", "big", "little"]

# --- replies ----------------------------------------------------------------------------------------


class Embedding(WireModel, kw_only=True):
    """The vector of one input."""

    index: int
    """Which input."""
    object: Literal["embedding"] | str = "embedding"
    embedding: Deferred[Vector]
    """The numbers; a text in base64 if that was asked for."""

    def pack(self) -> None:
        """Let `embedding`, float32 in base64, become the list that it stands for when somebody looks at it.

        Making millions of Python floats takes far longer than the whole call. Numbers are left as they are.
        Raises ValueError for a text that stands for no such list.
        """
        held = _EMBEDDING.held(self)
        if isinstance(held, str):  # of a reply that was built without checks
            held = msgspec.Raw(msgspec.json.encode(held))
            _EMBEDDING.__set__(self, held)
        if type(held) is not msgspec.Raw or memoryview(held)[0] != QUOTE:
            return
        if _num_bytes(held) % FLOAT32_BYTES:
            raise ValueError(f"{len(memoryview(held)) - 2} characters that are no base64 of float32 numbers")
        vars(self)["_is_packed"] = True

    @property
    def embedding_bytes(self) -> bytes:
        """The numbers as little-endian float32, as for `numpy.frombuffer(..., "<f4")`: no list is made."""
        held = _EMBEDDING.held(self)
        if type(held) is msgspec.Raw and "_is_packed" in vars(self):
            return _from_base64(held)
        return _to_bytes(self.embedding)


class Usage(WireModel, kw_only=True):
    """Tokens that a request took."""

    prompt_tokens: int
    total_tokens: int
    completion_tokens: int | None = None
    """vLLM: always 0."""
    prompt_tokens_details: PromptTokensDetails | None = None
    """vLLM, with `--enable-prompt-tokens-details`."""
    completion_tokens_details: CompletionTokensDetails | None = None
    """vLLM: always null."""


class CreateEmbeddingResponse(WireModel, kw_only=True):
    """The reply of POST /v1/embeddings."""

    id: str | None = None
    """vLLM: `embd-` and the request's id."""
    object: Literal["list"] | str = "list"
    created: int | None = None
    """vLLM: Unix time in seconds."""
    model: str
    data: list[Embedding]
    """One per input, in the inputs' order."""
    usage: Usage


# --- packed vectors ---------------------------------------------------------------------------------

FLOAT32_BYTES = 4
QUOTE = ord('"')
_base64 = msgspec.json.Decoder(bytes)


class _VectorField(DeferredField):
    def decode(self, model: WireModel, raw: msgspec.Raw) -> Any:
        return _floats(_from_base64(raw)) if "_is_packed" in vars(model) else super().decode(model, raw)


defer(Embedding, "embedding", kind=_VectorField)
_EMBEDDING: DeferredField = vars(Embedding)["embedding"]


def _num_bytes(text: msgspec.Raw) -> int:
    """How many bytes a JSON text in base64 stands for; -1 if it has the length of none."""
    quoted = memoryview(text)
    num_characters = len(quoted) - 2
    if num_characters % 4 and b"\\" in bytes(text):  # a slash may be written with one before it
        return len(_from_base64(text))
    return -1 if num_characters % 4 else num_characters // 4 * 3 - bytes(quoted[-3:-1]).count(b"=")


def _from_base64(text: msgspec.Raw | bytes) -> bytes:
    try:
        return _base64.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError("the embedding is no base64") from error


def _floats(packed: bytes) -> list[float]:
    numbers = array("f", packed)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tolist()


def _to_bytes(vector: list[float] | str) -> bytes:
    if isinstance(vector, str):
        return _from_base64(msgspec.json.encode(vector))
    numbers = array("f", vector)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


# --- calls ------------------------------------------------------------------------------------------


class PoolingCommonParams(TypedDict, total=False):
    """vLLM: what all calls of pooling models take."""

    user: str | None
    """An id of the end user. Ignored."""
    truncate_prompt_tokens: int | None
    """vLLM: cut the input to this many tokens; -1 means the model's context."""
    truncation_side: Literal["left", "right"] | None
    """vLLM: `left` keeps the last tokens, `right` the first."""
    padding: Literal["max_length", "do_not_pad"] | None
    """vLLM: whether short inputs are filled up to the model's context, as some models were trained."""
    request_id: str
    """vLLM: the reply's id is made from it."""
    priority: int
    """vLLM: lower runs earlier, where the server schedules by priority."""
    mm_processor_kwargs: Mapping[str, Any] | None
    """vLLM: options for the model's media processor."""
    cache_salt: str | None
    """vLLM: prefixes are shared only among requests with the same salt."""
    use_activation: bool | None
    """vLLM: normalise the output; None means the pooler's default, normally true."""


class EncodingParams(TypedDict, total=False):
    """vLLM: how vectors are written."""

    dimensions: int | None
    """Cut the vector to this many numbers; for models trained for it."""
    embed_dtype: EmbedDType
    """vLLM: the numbers' type in base64 and bytes."""
    endianness: Endianness
    """vLLM: the numbers' byte order in base64 and bytes."""


class ChatInputParams(ChatTemplateParams, total=False):
    """vLLM: how texts and conversations become tokens."""

    add_special_tokens: bool
    """vLLM: add the tokenizer's own special tokens; the default is true for `input`, false for `messages`."""


class _EmbeddingCreateRequired(TypedDict):
    input: EmbeddingInput
    """What to embed."""
    model: str
    """A served name, as `models.list()` gives it."""


class EmbeddingCreateParams(
    _EmbeddingCreateRequired, PoolingCommonParams, EncodingParams, ChatInputParams, total=False
):
    """Parameters of `embeddings.create`."""

    messages: Iterable[MessageInput] | Iterable[Iterable[MessageInput]]
    """vLLM: a conversation in place of a text, or a list of conversations."""
    encoding_format: EncodingFormat
    """How the vectors travel. The client asks for base64 and unpacks it unless this is given."""
