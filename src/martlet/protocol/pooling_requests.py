"""Bodies of the calls of pooling models, as a server reads them: /v1/embeddings, /pooling, /classify, /score,
/rerank and /v2/embed.

`protocol.embeddings` and `protocol.pooling` hold the same fields for the client's callers, and the replies.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from martlet.protocol.cohere import CohereEmbeddingType
from martlet.protocol.common import Messages, TruncateTokens, check_messages
from martlet.protocol.embeddings import EmbedDType, EncodingFormat, Endianness
from martlet.protocol.pooling import PoolingTask

InputItem = str | int | list[int | dict[str, Any]] | dict[str, Any]
Input = str | list[InputItem]
"""A text, texts, token ids, lists of token ids, messages, or lists of messages; mixtures are refused."""

ScoreItem = str | dict[str, Any]
ScoreInput = ScoreItem | list[ScoreItem]

Priority = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]


class PooledRequest(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What all calls of pooling models take."""

    model: str | None = None
    """A served name; None or "" means the first one."""
    user: str | None = None
    """An id of the end user. Ignored."""
    truncate_prompt_tokens: TruncateTokens | None = None
    """Cut the input to this many tokens; -1 means the model's context."""
    truncation_side: Literal["left", "right"] | None = None
    """`left` keeps the last tokens, `right` the first. None cuts the text on the right, and keeps what the
    tokenizer puts around it."""
    padding: Literal["max_length", "do_not_pad"] | None = None
    """Fill short inputs up to the model's context."""
    request_id: str | None = None
    """The reply's id is made from it."""
    priority: Priority = 0
    """Lower runs earlier, where the server schedules by priority."""
    mm_processor_kwargs: dict[str, Any] | None = None
    """Options for the model's media processor."""
    cache_salt: str | None = None
    """Prefixes are shared only among requests with the same salt."""
    use_activation: bool | None = None
    """Normalise vectors, turn scores into probabilities. None means the model's default."""


class InputRequest(PooledRequest, kw_only=True, omit_defaults=True):
    """Base of the calls on texts or conversations; from `add_generation_prompt` on for the latter."""

    input: Input | UnsetType | None = UNSET
    """What to work on; messages in it become `messages` on decoding."""
    messages: list[dict[str, Any] | Messages] | UnsetType = UNSET
    """A conversation, or a list of them."""
    add_special_tokens: bool | UnsetType = UNSET
    """Add the tokenizer's own special tokens. Decoding fills in true for `input`, false for messages."""
    add_generation_prompt: bool = False
    """End with the opening of an assistant message."""
    continue_final_message: bool = False
    """Leave the last message open."""
    chat_template: str | None = None
    """A Jinja template to use instead of the model's; needs the server's consent."""
    chat_template_kwargs: dict[str, Any] | None = None
    """More variables for the chat template."""
    media_io_kwargs: dict[str, dict[str, Any]] | None = None
    """Options for reading media, by modality."""

    def __post_init__(self) -> None:
        if self.messages is not UNSET:
            _check_conversations(self.messages, "messages")
        elif self._has_messages():
            _check_conversations(self.input, "input")
            self.messages, self.input = self.input, UNSET  # type: ignore[assignment]  # dicts, as just found
        else:
            self._check_input()
        if self.add_special_tokens is UNSET:
            self.add_special_tokens = self.messages is UNSET

    def _has_messages(self) -> bool:
        if not isinstance(self.input, list) or not self.input:
            return False
        first = self.input[0]
        return isinstance(first, dict) or (
            isinstance(first, list) and bool(first) and isinstance(first[0], dict)
        )

    def _check_input(self) -> None:
        if self.input is UNSET:
            raise ValueError("Object missing required field `input`")
        if self.input is None:
            raise ValueError("Expected `str | array`, got `null` - at `$.input`")
        if not isinstance(self.input, list):
            return
        if len({type(item) for item in self.input}) > 1 or any(
            isinstance(item, list) and not all(isinstance(token, int) for token in item)
            for item in self.input
        ):
            raise ValueError(
                "Expected texts, token ids or lists of token ids, got a mixture - at `$.input[0]`"
            )


def conversations(messages: list[Any]) -> list[Messages]:
    """Return a request's conversations, one or several."""
    return [messages] if isinstance(messages[0], dict) else messages


def _check_conversations(messages: Any, name: str) -> None:
    """Raise ValueError, whose text ends in the path of the fault, unless these are conversations or one.

    `name` is the field's.
    """
    if not messages or all(isinstance(message, dict) for message in messages):
        several = {f"$.{name}": messages}
    elif all(isinstance(one, list) and one for one in messages):
        several = {f"$.{name}[{number}]": one for number, one in enumerate(messages)}
    else:
        raise ValueError(f"Expected messages or lists of messages, got a mixture - at `$.{name}`")
    for path, conversation in several.items():
        try:
            check_messages(conversation)
        except ValueError as error:
            raise ValueError(str(error).replace("$.messages", path)) from error


class EncodedRequest(InputRequest, kw_only=True, omit_defaults=True):
    """Base of the calls whose replies hold vectors."""

    encoding_format: EncodingFormat = "float"
    """How the vectors travel."""
    embed_dtype: EmbedDType = "float32"
    """The numbers' type in base64 and bytes."""
    endianness: Endianness = "native"
    """The numbers' byte order in base64 and bytes."""
    dimensions: int | None = None
    """Cut the vector to this many numbers; for models trained for it."""


class EmbeddingRequest(EncodedRequest, kw_only=True, omit_defaults=True):
    """Body of POST /v1/embeddings."""


class PoolingRequest(EncodedRequest, kw_only=True, omit_defaults=True):
    """Body of POST /pooling."""

    task: PoolingTask | Literal["score", "encode"] | None = None
    """What to do with the tokens' vectors; None means what the model is for. The last two vLLM once had."""
    data: Any = UNSET
    """What a plugin of vLLM's takes."""

    def _check_input(self) -> None:
        if self.data is UNSET:
            super()._check_input()


class ClassificationRequest(InputRequest, kw_only=True, omit_defaults=True):
    """Body of POST /classify."""


class PairRequest(PooledRequest, kw_only=True, omit_defaults=True):
    """Base of the calls that score pairs."""

    max_tokens_per_query: int = 0
    """Cut each query to this many tokens; 0 means no limit."""
    max_tokens_per_doc: int = 0
    """Cut each document to this many tokens; 0 means no limit."""
    instruction: str | None = None
    """What the query is for, for models that take an instruction."""
    chat_template_kwargs: dict[str, Any] | None = None
    """More variables for the model's template."""


class ScoreRequest(PairRequest, kw_only=True, omit_defaults=True):
    """Body of POST /score: one of four pairs of fields."""

    queries: ScoreInput | None = None
    documents: ScoreInput | None = None
    items: ScoreInput | None = None
    data_1: ScoreInput | None = None
    data_2: ScoreInput | None = None
    text_1: ScoreInput | None = None
    text_2: ScoreInput | None = None

    def __post_init__(self) -> None:
        self.pair()

    def pair(self) -> tuple[ScoreInput, ScoreInput]:
        """Return what to score against what: the first whole pair, in vLLM's order."""
        for first, second in (
            (self.queries, self.documents),
            (self.queries, self.items),
            (self.data_1, self.data_2),
            (self.text_1, self.text_2),
        ):
            if first is not None and second is not None:
                return first, second
        raise ValueError("Object missing required field `queries`")


class RerankRequest(PairRequest, kw_only=True, omit_defaults=True):
    """Body of POST /rerank."""

    query: ScoreItem
    documents: ScoreInput
    top_n: Annotated[int, Meta(ge=0)] = 0
    """Return only the best of them; 0 means all."""


class CohereEmbedRequest(PooledRequest, kw_only=True, omit_defaults=True):
    """Body of POST /v2/embed: one of `texts`, `images` and `inputs`."""

    texts: list[str] | None = None
    images: list[str] | None = None
    """As data: URLs."""
    inputs: list[dict[str, Any]] | None = None
    """Texts and images of several pieces: their `content`."""
    input_type: str | None = None
    """What the vectors are for, such as `search_query`."""
    embedding_types: list[CohereEmbeddingType] | None = None
    """In which types to write the vectors; None means float."""
    output_dimension: int | None = None
    """Cut the vectors to this many numbers; for models trained for it."""
    truncate: Literal["NONE", "START", "END"] = "END"
    """Where to cut an input that is too long."""
    max_tokens: int | None = None
    """Cut each input to this many tokens."""

    def __post_init__(self) -> None:
        given = [one for one in (self.texts, self.images, self.inputs) if one is not None]
        if len(given) != 1 or not given[0]:
            raise ValueError("Expected one of texts, images and inputs, and not empty - at `$`")
        if self.truncate != "NONE":
            self.truncate_prompt_tokens = -1 if self.max_tokens is None else self.max_tokens
            self.truncation_side = "left" if self.truncate == "START" else None

    def contents(self) -> list[Any]:
        """Return each text, or input of several pieces, as a message's content."""
        if self.inputs is not None:
            return [one.get("content") for one in self.inputs]
        return list(self.texts or ())
