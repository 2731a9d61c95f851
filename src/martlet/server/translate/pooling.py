"""Calls of pooling models: bodies to prompts with what is to be made of them, outputs to replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec

from martlet.engine.pooling import PoolingParams, PoolingTask
from martlet.engine.text import Encoded
from martlet.errors import InvalidParameter, ModelNotFound, UnsupportedParameter
from martlet.protocol.pooling_requests import (
    ClassificationRequest,
    CohereEmbedRequest,
    EmbeddingRequest,
    PairRequest,
    PooledRequest,
    PoolingRequest,
    RerankRequest,
    ScoreInput,
    ScoreRequest,
)
from martlet.server.errors import InvalidRequest
from martlet.server.loop import Prompt
from martlet.server.settings import ServerSettings
from martlet.server.translate.body import read_body
from martlet.server.translate.catalog import random_id
from martlet.server.translate.fields import check_cache_salt, check_ignored, ignored_fields
from martlet.server.translate.pooled_replies import (
    ClassificationReply,
    CohereReply,
    EmbeddingReply,
    PooledReply,
    PoolingReply,
    RerankReply,
    Scorer,
    ScoreReply,
    class_scores,
    compared,
    cosine_similarity,
    max_similarity,
)
from martlet.server.translate.pooled_texts import PooledTextReader, texts_of
from martlet.server.translate.translator import ServedEngine

if TYPE_CHECKING:
    from martlet.engine.pooling import Pooler

R = TypeVar("R", bound=PooledRequest)

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
    @property
    def prompts(self) -> Mapping[str, str]: ...


def scores_pairs(pooler: Pooler) -> bool:
    """Return whether a model can say how well two texts fit: by their vectors, or with one class for it."""
    return pooler.num_labels == (1 if pooler.task == "classify" else 0)


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
            texts_of(request.documents),
            request.top_n,
            scorer,
            prompts,
            self._id(request, request_id),
            self._settings.model_name,
        )
        reply.ignored = ignored
        return reply

    def cohere(self, body: bytes, request_id: str | None) -> PooledReply:
        request, ignored = self._read(CohereEmbedRequest, body)
        types = request.embedding_types or ["float"]
        params = self._params("embed", request, request.output_dimension)
        size = params.dimensions or self._pooler.embedding_size
        if size % 8 and not {"binary", "ubinary"}.isdisjoint(types):
            raise InvalidRequest(f"bits go into bytes by eights, and the vectors have {size} numbers")
        prompts = self._prompts(self._cohere_inputs(request), params)
        for prompt in prompts:
            self._check_cohere_length(request, len(prompt.token_ids))
        reply = CohereReply(
            types, request.texts, prompts, self._id(request, request_id), self._settings.model_name
        )
        reply.ignored = ignored
        return reply

    def _cohere_inputs(self, request: CohereEmbedRequest) -> list[Encoded]:
        if request.images is not None or not all(map(_is_text, request.contents())):
            raise InvalidRequest("only texts can be embedded: this model reads no images")
        prefix = self._prefix(request.input_type)
        if request.texts is not None and (prefix is None or not self._engine.tokenizer.has_chat_template):
            return [self._texts.text((prefix or "") + text, request) for text in request.texts]
        instruction = [] if prefix is None else [{"role": "system", "content": prefix}]
        return [
            self._texts.conversation([*instruction, {"role": "user", "content": content}], request)
            for content in request.contents()
        ]

    def _prefix(self, input_type: str | None) -> str | None:
        """Return what the model was trained to read before texts for some use."""
        prompts = self._engine.prompts
        if input_type is not None and input_type not in prompts:
            known = f"; known: {', '.join(sorted(prompts))}" if prompts else ", which knows none"
            raise InvalidRequest(f"input_type {input_type!r} means nothing to this model{known}")
        return None if input_type is None else prompts[input_type]

    def _check_cohere_length(self, request: CohereEmbedRequest, num_tokens: int) -> None:
        """Under truncate NONE, max_tokens is no place to cut, but a limit."""
        if request.truncate == "NONE" and request.max_tokens is not None and num_tokens > request.max_tokens:
            raise InvalidRequest(f"an input has {num_tokens} tokens, above max_tokens {request.max_tokens}")

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
        ignored = ignored_fields(request, inert, read.unknown)
        check_ignored(ignored, self._settings.strict)
        return request, ignored

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
        queries, documents = texts_of(first), texts_of(second)
        _check_numbers(len(queries), len(documents))
        self._texts.check_prefixes(request)
        self._texts.check_limit(request.truncate_prompt_tokens)
        queries = [self._texts.prefix(text, request.max_tokens_per_query) for text in queries]
        documents = [self._texts.prefix(text, request.max_tokens_per_doc) for text in documents]
        params = self._params(self._pooler.task, request)
        if self._pooler.task == "classify":
            if len(queries) == 1:
                queries = queries * len(documents)
            return class_scores, self._prompts(self._joined(queries, documents, request), params)
        compare = cosine_similarity if self._pooler.task == "embed" else max_similarity
        inputs = [self._texts.text(text, request) for text in (*queries, *documents)]
        return compared(len(queries), compare), self._prompts(inputs, params)

    def _joined(
        self, queries: Sequence[str], documents: Sequence[str], request: PairRequest
    ) -> list[Encoded]:
        pairs = zip(queries, documents, strict=True)
        if self._engine.uses_pairs:
            return [self._texts.text(query, request, pair=document) for query, document in pairs]
        return [self._texts.text(query + document, request) for query, document in pairs]

    def _id(self, request: PooledRequest, request_id: str | None) -> str:
        return request_id or request.request_id or random_id()


def _is_text(content: Any) -> bool:
    """Return whether a message's content is a text, or a list of nothing but texts."""
    if isinstance(content, str):
        return True
    return isinstance(content, list) and all(
        isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str)
        for part in content
    )


def _check_numbers(num_queries: int, num_documents: int) -> None:
    if num_queries == 0 or num_documents == 0:
        raise InvalidRequest("there must be at least one text on either side")
    if num_queries not in (1, num_documents):
        raise InvalidRequest(
            f"{num_queries} texts cannot be scored against {num_documents}: one goes against many, "
            "or as many against as many"
        )
