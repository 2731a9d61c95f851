"""Calls of pooling models: bodies to prompts with what is to be made of them, outputs to replies."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

import msgspec
import numpy as np

from martlet.engine.pooling import PoolingOutput, PoolingParams, PoolingTask
from martlet.engine.text import Encoded, Tokenizer
from martlet.errors import InvalidParameter, ModelNotFound, PromptTooLong, UnsupportedParameter
from martlet.protocol.embeddings import CreateEmbeddingResponse, Embedding, Usage
from martlet.protocol.pooling import (
    ClassificationData,
    ClassificationResponse,
    PoolingResponse,
    PoolingResponseData,
    RerankDocument,
    RerankResponse,
    RerankResult,
    RerankUsage,
    ScoreResponse,
    ScoreResponseData,
)
from martlet.protocol.pooling_requests import (
    ClassificationRequest,
    EmbeddingRequest,
    EncodedRequest,
    InputRequest,
    PairRequest,
    PooledRequest,
    PoolingRequest,
    RerankRequest,
    ScoreInput,
    ScoreRequest,
    conversations,
)
from martlet.server.errors import InvalidRequest
from martlet.server.loop import Batch, Prompt
from martlet.server.settings import ServerSettings
from martlet.server.translate.body import read_body
from martlet.server.translate.fields import check_cache_salt, ignored_fields
from martlet.server.translate.prompts import PromptReader
from martlet.server.translate.translator import ServedEngine, random_id
from martlet.server.vectors import to_base64, to_bytes

if TYPE_CHECKING:
    from martlet.engine.kernels import F32
    from martlet.engine.pooling import Pooler

R = TypeVar("R", bound=PooledRequest)

encode = msgspec.json.Encoder().encode

INERT = ("user", "priority", "mm_processor_kwargs", "media_io_kwargs")
"""Fields without effect here: one queue in order of arrival, no media."""
PAIR_INERT = (*INERT, "instruction", "chat_template_kwargs")
"""And no template for pairs."""


class PooledModelNotFound(ModelNotFound):
    """As vLLM's calls of pooling models say it: without naming the field."""

    param = None  # type: ignore[assignment]  # the class it refines always names one


class ServedPooler(ServedEngine, Protocol):
    """What translation needs to know of an engine that pools."""

    @property
    def pooler(self) -> Pooler: ...
    @property
    def labels(self) -> Sequence[str]: ...
    @property
    def lowers_case(self) -> bool: ...
    @property
    def uses_pairs(self) -> bool: ...


def scores_pairs(pooler: Pooler) -> bool:
    """Return whether a model can say how well two texts fit: by their vectors, or with one class for it."""
    return pooler.num_labels == (1 if pooler.task == "classify" else 0)


# --- replies ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Content:
    """A reply's body."""

    body: bytes
    media_type: str = "application/json"
    metadata: str | None = None
    """vLLM's header that describes bare numbers."""


class PooledReply(ABC):
    """One request's reply in the making: `add` its outputs, then take `content`."""

    id_prefix: str

    def __init__(self, prompts: list[Prompt], request_id: str, model: str) -> None:
        self.prompts = prompts
        self.ignored: list[str] = []
        self._id = f"{self.id_prefix}-{request_id}"
        self._created = int(time.time())
        self._model = model
        self._data: list[F32] = [np.empty(0, np.float32)] * len(prompts)

    def add(self, batch: Batch) -> None:
        for index, output in batch:
            assert isinstance(output, PoolingOutput)
            self._data[index] = output.data

    @abstractmethod
    def content(self) -> Content: ...

    @property
    def num_numbers(self) -> int:
        """How many the engine brought, as far as it has."""
        return sum(vector.size for vector in self._data)

    @property
    def _num_tokens(self) -> int:
        return sum(len(prompt.token_ids) for prompt in self.prompts)

    def _usage(self) -> Usage:
        return Usage(prompt_tokens=self._num_tokens, total_tokens=self._num_tokens, completion_tokens=0)


class VectorReply(PooledReply):
    """Base of the replies of vectors, in the format that the request asks for."""

    def __init__(self, request: EncodedRequest, prompts: list[Prompt], request_id: str, model: str) -> None:
        super().__init__(prompts, request_id, model)
        self._request = request

    def content(self) -> Content:
        request = self._request
        if request.encoding_format == "float":
            return Content(encode(self._response([vector.tolist() for vector in self._data])))
        if request.encoding_format == "base64":
            texts = [to_base64(vector, request.embed_dtype, request.endianness) for vector in self._data]
            return Content(encode(self._response(texts)))
        return self._numbers()

    @abstractmethod
    def _response(self, vectors: Sequence[Any]) -> msgspec.Struct: ...

    def _numbers(self) -> Content:
        """Return the bare numbers; the header says where each vector begins."""
        request = self._request
        parts = [to_bytes(vector, request.embed_dtype, request.endianness) for vector in self._data]
        body = b"".join(parts)
        if request.encoding_format == "bytes_only":
            return Content(body, "application/octet-stream")
        items, start = [], 0
        for index, (part, vector) in enumerate(zip(parts, self._data, strict=True)):
            items.append(
                {
                    "index": index,
                    "embed_dtype": request.embed_dtype,
                    "endianness": request.endianness,
                    "start": start,
                    "end": start + len(part),
                    "shape": vector.shape,
                }
            )
            start += len(part)
        usage = {"prompt_tokens": self._num_tokens, "total_tokens": self._num_tokens}
        described = {"id": self._id, "created": self._created, "model": self._model, "data": items}
        return Content(body, "application/octet-stream", json.dumps(described | {"usage": usage}))


class EmbeddingReply(VectorReply):
    id_prefix = "embd"

    def _response(self, vectors: Sequence[Any]) -> CreateEmbeddingResponse:
        data = [Embedding(index=index, embedding=vector) for index, vector in enumerate(vectors)]
        return CreateEmbeddingResponse(
            id=self._id, created=self._created, model=self._model, data=data, usage=self._usage()
        )


class PoolingReply(VectorReply):
    id_prefix = "pooling"

    def _response(self, vectors: Sequence[Any]) -> PoolingResponse:
        data = [PoolingResponseData(index=index, data=vector) for index, vector in enumerate(vectors)]
        return PoolingResponse(
            id=self._id, created=self._created, model=self._model, data=data, usage=self._usage()
        )


class ClassificationReply(PooledReply):
    id_prefix = "classify"

    def __init__(self, labels: Sequence[str], prompts: list[Prompt], request_id: str, model: str) -> None:
        super().__init__(prompts, request_id, model)
        self._labels = labels

    def content(self) -> Content:
        data = [
            ClassificationData(
                index=index,
                label=self._labels[int(probs.argmax())],
                probs=probs.tolist(),
                num_classes=len(probs),
            )
            for index, probs in enumerate(self._data)
        ]
        return Content(
            encode(
                ClassificationResponse(
                    id=self._id, created=self._created, model=self._model, data=data, usage=self._usage()
                )
            )
        )


Scorer = Callable[[list["F32"]], list[float]]
"""Outputs of all prompts -> scores of all pairs."""


class ScoreReply(PooledReply):
    id_prefix = "score"

    def __init__(self, scorer: Scorer, prompts: list[Prompt], request_id: str, model: str) -> None:
        super().__init__(prompts, request_id, model)
        self._scorer = scorer

    def content(self) -> Content:
        scores = self._scorer(self._data)
        data = [ScoreResponseData(index=index, score=score) for index, score in enumerate(scores)]
        return Content(
            encode(
                ScoreResponse(
                    id=self._id, created=self._created, model=self._model, data=data, usage=self._usage()
                )
            )
        )


class RerankReply(ScoreReply):
    def __init__(
        self,
        documents: Sequence[str],
        top_n: int,
        scorer: Scorer,
        prompts: list[Prompt],
        request_id: str,
        model: str,
    ) -> None:
        super().__init__(scorer, prompts, request_id, model)
        self._documents = documents
        self._top_n = top_n or len(documents)

    def content(self) -> Content:
        results = [
            RerankResult(index=index, document=RerankDocument(text=text), relevance_score=score)
            for index, (text, score) in enumerate(zip(self._documents, self._scorer(self._data), strict=True))
        ]
        results.sort(key=lambda result: result.relevance_score, reverse=True)
        usage = RerankUsage(prompt_tokens=self._num_tokens, total_tokens=self._num_tokens)
        return Content(
            encode(
                RerankResponse(id=self._id, model=self._model, usage=usage, results=results[: self._top_n])
            )
        )


# --- scores -------------------------------------------------------------------------------------------


def _class_scores(data: list[F32]) -> list[float]:
    """A cross-encoder has read each pair, and knows one class: that they fit."""
    return [float(scores[0]) for scores in data]


def _compared(num_queries: int, compare: Callable[[F32, F32], float]) -> Scorer:
    """Return what compares each query's vectors, which come first, with its document's."""

    def score(data: list[F32]) -> list[float]:
        queries, documents = data[:num_queries], data[num_queries:]
        if num_queries == 1:
            queries = queries * len(documents)
        return [compare(*pair) for pair in zip(queries, documents, strict=True)]

    return score


def cosine_similarity(query: F32, document: F32) -> float:
    lengths = np.linalg.norm(query) * np.linalg.norm(document)
    return float(query @ document / max(lengths, np.float32(1e-8)))


def max_similarity(query: F32, document: F32) -> float:
    """Sum, over the query's tokens, how well the best of the document's fits each.

    Source: Khattab and Zaharia 2020 (ColBERT), section 3.
    """
    return float((query @ document.T).max(axis=1).sum())


# --- texts --------------------------------------------------------------------------------------------


class PooledTextReader(PromptReader):
    """Reads what is to be pooled, for one model."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        vocab_size: int,
        max_model_len: int,
        *,
        trust_chat_template: bool,
        lowers_case: bool,
    ) -> None:
        super().__init__(tokenizer, vocab_size, max_model_len, trust_chat_template=trust_chat_template)
        self._lowers_case = lowers_case

    def inputs(self, request: InputRequest) -> list[Encoded]:
        """Return the inputs of a request: texts, token ids or conversations."""
        self.check_limit(request.truncate_prompt_tokens)
        if request.messages is not msgspec.UNSET:
            texts = [self._render_chat(one, request) for one in conversations(request.messages)]
            return [self.text(text, request, bool(request.add_special_tokens)) for text in texts]
        given = request.input
        is_one = isinstance(given, str) or (bool(given) and isinstance(cast("list[Any]", given)[0], int))
        items = cast("list[str | list[int]]", [given] if is_one else given)
        if not items:
            raise InvalidRequest("input must hold at least one text")
        return [self._item(item, request) for item in items]

    def _render_chat(self, messages: list[dict[str, Any]], request: InputRequest) -> str:
        if request.add_generation_prompt and request.continue_final_message:
            raise InvalidRequest("add_generation_prompt and continue_final_message exclude each other")
        return self._render(messages, cast("Any", request))

    def _item(self, item: str | list[int], request: InputRequest) -> Encoded:
        if isinstance(item, str):
            return self.text(item, request, bool(request.add_special_tokens))
        lowest, highest = min(item, default=0), max(item, default=0)
        if lowest < 0 or highest >= self._vocab_size:
            token_id = lowest if lowest < 0 else highest
            raise InvalidRequest(
                f"token id {token_id} is out of vocabulary, which has {self._vocab_size} tokens"
            )
        token_ids = self._truncate(item, request.truncate_prompt_tokens, request.truncation_side or "right")
        return self._whole(Encoded(token_ids, [0] * len(token_ids)))

    def text(
        self,
        text: str,
        request: PooledRequest,
        add_special_tokens: bool = True,
        pair: str | None = None,
    ) -> Encoded:
        """Return a text or a pair as the model reads it, cut as the request asks."""
        limit, side = request.truncate_prompt_tokens, request.truncation_side
        if self._lowers_case:
            text, pair = text.lower(), pair and pair.lower()
        for one in (text, pair or ""):
            if limit is None:
                self._check_length(one)
        limit = self._max_model_len if limit == -1 else limit
        # A side that was named cuts the tokens as they are, as vLLM does, special ones and all.
        encoded = self._tokenizer.encode_typed(
            text, pair, add_special_tokens=add_special_tokens, limit=limit if side is None else None
        )
        cut = (self._truncate(values, limit, side or "right") for values in encoded)
        return self._whole(Encoded(*cut))

    def prefix(self, text: str, num_tokens: int) -> str:
        """Return the beginning of a text; 0 tokens mean no limit."""
        return self._tokenizer.prefix(text, num_tokens) if num_tokens else text

    def check_prefixes(self, request: PairRequest) -> None:
        for name in ("max_tokens_per_query", "max_tokens_per_doc"):
            if not 0 <= getattr(request, name) < self._max_model_len:
                raise InvalidRequest(
                    f"{name} must be at least 0 and below {self._max_model_len}, the model's context, "
                    f"got {getattr(request, name)}"
                )

    def check_limit(self, limit: int | None) -> None:
        if limit is not None and limit > self._max_model_len:
            raise InvalidRequest(
                f"truncate_prompt_tokens must be at most {self._max_model_len}, the model's context, "
                f"got {limit}"
            )

    def _whole(self, encoded: Encoded) -> Encoded:
        if not encoded.token_ids:
            raise InvalidRequest("the input is empty: it must have at least one token")
        if len(encoded.token_ids) > self._max_model_len:
            raise PromptTooLong(len(encoded.token_ids), self._max_model_len)
        return encoded


# --- requests -----------------------------------------------------------------------------------------


class PoolingTranslator:
    """Turns bodies into prompts with the reply they will make. Raises RequestRejected."""

    def __init__(self, engine: ServedPooler, settings: ServerSettings, max_sequences: int) -> None:
        """Refuse requests for more than `max_sequences` at once."""
        self._engine = engine
        self._pooler = engine.pooler
        self._settings = settings
        self._max_sequences = max_sequences
        self._texts = PooledTextReader(
            engine.tokenizer,
            engine.vocab_size,
            engine.max_model_len,
            trust_chat_template=settings.trust_request_chat_template,
            lowers_case=engine.lowers_case,
        )

    def embeddings(self, body: bytes, request_id: str | None) -> PooledReply:
        request, ignored = self._read(EmbeddingRequest, body)
        params = self._params("embed", request, request.dimensions)
        prompts = self._prompts(self._texts.inputs(request), params)
        reply = EmbeddingReply(request, prompts, self._id(request, request_id), self._settings.model_name)
        reply.ignored = ignored
        return reply

    def pooling(self, body: bytes, request_id: str | None) -> PooledReply:
        request, ignored = self._read(PoolingRequest, body)
        if request.data is not msgspec.UNSET:
            raise InvalidParameter("task", "data goes to a plugin, and this server has none: send input")
        if request.dimensions is not None:
            raise InvalidParameter("dimensions", "is not for /pooling: call /v1/embeddings")
        task = request.task or self._pooler.task
        if task not in self._pooler.tasks:
            raise InvalidParameter("task", f"is {task}, and the model can {' and '.join(self._pooler.tasks)}")
        params = self._params(task, request)
        prompts = self._prompts(self._texts.inputs(request), params)
        reply = PoolingReply(request, prompts, self._id(request, request_id), self._settings.model_name)
        reply.ignored = ignored
        return reply

    def classify(self, body: bytes, request_id: str | None) -> PooledReply:
        request, ignored = self._read(ClassificationRequest, body)
        prompts = self._prompts(self._texts.inputs(request), self._params("classify", request))
        reply = ClassificationReply(
            self._engine.labels, prompts, self._id(request, request_id), self._settings.model_name
        )
        reply.ignored = ignored
        return reply

    def score(self, body: bytes, request_id: str | None) -> PooledReply:
        request, ignored = self._read(ScoreRequest, body)
        scorer, prompts = self._pairs(request, *request.pair())
        reply = ScoreReply(scorer, prompts, self._id(request, request_id), self._settings.model_name)
        reply.ignored = ignored
        return reply

    def rerank(self, body: bytes, request_id: str | None) -> PooledReply:
        request, ignored = self._read(RerankRequest, body)
        scorer, prompts = self._pairs(request, request.query, request.documents)
        reply = RerankReply(
            _texts_of(request.documents),
            request.top_n,
            scorer,
            prompts,
            self._id(request, request_id),
            self._settings.model_name,
        )
        reply.ignored = ignored
        return reply

    def _read(self, cls: type[R], body: bytes) -> tuple[R, list[str]]:
        read = read_body(cls, body)
        request = read.request
        if "normalize" in read.unknown:
            raise InvalidParameter("normalize", "was removed: use use_activation")
        if request.model and request.model not in self._settings.served_model_names:
            served = list(self._settings.served_model_names)
            raise PooledModelNotFound(request.model, served)
        if request.padding == "max_length":
            raise UnsupportedParameter("padding", "leave it out: inputs are never filled up")
        check_cache_salt(request.cache_salt)
        inert = PAIR_INERT if isinstance(request, PairRequest) else INERT
        return request, ignored_fields(request, inert, read.unknown)

    def _params(
        self, task: PoolingTask, request: PooledRequest, dimensions: int | None = None
    ) -> PoolingParams:
        params = PoolingParams(task=task, dimensions=dimensions, use_activation=request.use_activation)
        try:
            return self._pooler.resolve(params)
        except InvalidParameter as error:  # vLLM reports them without naming the field
            raise InvalidRequest(f"{error.param}: {error.problem}") from error

    def _prompts(self, inputs: Sequence[Encoded], params: PoolingParams) -> list[Prompt]:
        if len(inputs) > self._max_sequences:
            raise InvalidRequest(
                f"{len(inputs)} inputs at once, of which this server takes {self._max_sequences}"
            )
        return [Prompt(one.token_ids, replace(params, token_type_ids=one.token_type_ids)) for one in inputs]

    def _pairs(
        self, request: PairRequest, first: ScoreInput, second: ScoreInput
    ) -> tuple[Scorer, list[Prompt]]:
        """Return the prompts that a request's pairs need, and what makes scores of their outputs."""
        queries, documents = _texts_of(first), _texts_of(second)
        _check_numbers(len(queries), len(documents))
        self._texts.check_prefixes(request)
        self._texts.check_limit(request.truncate_prompt_tokens)
        queries = [self._texts.prefix(text, request.max_tokens_per_query) for text in queries]
        documents = [self._texts.prefix(text, request.max_tokens_per_doc) for text in documents]
        params = self._params(self._pooler.task, request)
        if self._pooler.task == "classify":
            if len(queries) == 1:
                queries = queries * len(documents)
            return _class_scores, self._prompts(self._joined(queries, documents, request), params)
        compare = cosine_similarity if self._pooler.task == "embed" else max_similarity
        inputs = [self._texts.text(text, request) for text in (*queries, *documents)]
        return _compared(len(queries), compare), self._prompts(inputs, params)

    def _joined(
        self, queries: Sequence[str], documents: Sequence[str], request: PairRequest
    ) -> list[Encoded]:
        pairs = zip(queries, documents, strict=True)
        if self._engine.uses_pairs:
            return [self._texts.text(query, request, pair=document) for query, document in pairs]
        return [self._texts.text(query + document, request) for query, document in pairs]

    def _id(self, request: PooledRequest, request_id: str | None) -> str:
        return request_id or request.request_id or random_id()


def _texts_of(given: ScoreInput) -> list[str]:
    items = given if isinstance(given, list) else [given]
    if not all(isinstance(item, str) for item in items):
        raise InvalidRequest("only texts can be scored: this model reads no other parts")
    return cast("list[str]", items)


def _check_numbers(num_queries: int, num_documents: int) -> None:
    if num_queries == 0 or num_documents == 0:
        raise InvalidRequest("there must be at least one text on either side")
    if num_queries not in (1, num_documents):
        raise InvalidRequest(
            f"{num_queries} texts cannot be scored against {num_documents}: one goes against many, "
            "or as many against as many"
        )
