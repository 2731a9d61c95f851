"""Replies of models that pool: vectors in the format that was asked for, classes, scores."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from martlet.engine.pooling import PoolingOutput
from martlet.protocol.base import ABSENT
from martlet.protocol.cohere import (
    CohereBilledUnits,
    CohereEmbeddings,
    CohereEmbedResponse,
    CohereMeta,
)
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
from martlet.protocol.pooling_requests import EncodedRequest
from martlet.server.loop import Batch, Prompt
from martlet.server.vectors import sign_bits, to_base64, to_bytes

if TYPE_CHECKING:
    from martlet.engine.kernels import F32
    from martlet.protocol.cohere import CohereEmbeddingType

encode = msgspec.json.Encoder().encode


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
        self.id = f"{self.id_prefix}-{request_id}"
        self._created = int(time.time())
        self._model = model
        self._data: list[F32] = [np.empty(0, np.float32)] * len(prompts)

    @property
    def num_prompt_tokens(self) -> int:
        return sum(len(prompt.token_ids) for prompt in self.prompts)

    num_completion_tokens = 0

    @property
    def finish_reasons(self) -> list[str]:
        """Vectors and scores end without one."""
        return []

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
        described = {"id": self.id, "created": self._created, "model": self._model, "data": items}
        return Content(body, "application/octet-stream", json.dumps(described | {"usage": usage}))


class EmbeddingReply(VectorReply):
    id_prefix = "embd"

    def _response(self, vectors: Sequence[Any]) -> CreateEmbeddingResponse:
        data = [Embedding(index=index, embedding=vector) for index, vector in enumerate(vectors)]
        return CreateEmbeddingResponse(
            id=self.id, created=self._created, model=self._model, data=data, usage=self._usage()
        )


class PoolingReply(VectorReply):
    id_prefix = "pooling"

    def _response(self, vectors: Sequence[Any]) -> PoolingResponse:
        data = [PoolingResponseData(index=index, data=vector) for index, vector in enumerate(vectors)]
        return PoolingResponse(
            id=self.id, created=self._created, model=self._model, data=data, usage=self._usage()
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
                    id=self.id, created=self._created, model=self._model, data=data, usage=self._usage()
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
                    id=self.id, created=self._created, model=self._model, data=data, usage=self._usage()
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
            encode(RerankResponse(id=self.id, model=self._model, usage=usage, results=results[: self._top_n]))
        )


class CohereReply(PooledReply):
    """Each vector in all the types that were asked for."""

    id_prefix = "embd"

    def __init__(
        self,
        types: Sequence[CohereEmbeddingType],
        texts: list[str] | None,
        prompts: list[Prompt],
        request_id: str,
        model: str,
    ) -> None:
        super().__init__(prompts, request_id, model)
        self._types = types
        self._texts = texts

    def content(self) -> Content:
        made = {kind: [COHERE_TYPES[kind](vector) for vector in self._data] for kind in self._types}
        absent = dict.fromkeys(COHERE_TYPES.keys() - made.keys(), ABSENT)
        meta = CohereMeta(
            api_version={"version": "2"},
            billed_units=CohereBilledUnits(input_tokens=self._num_tokens, image_tokens=0),
        )
        return Content(
            encode(
                CohereEmbedResponse(
                    id=self.id,
                    embeddings=CohereEmbeddings(**made, **absent),
                    texts=ABSENT if self._texts is None else self._texts,
                    meta=meta,
                )
            )
        )


COHERE_TYPES: dict[str, Callable[[F32], Any]] = {
    "float": lambda vector: vector.tolist(),
    "binary": lambda vector: sign_bits(vector, is_signed=True),
    "ubinary": lambda vector: sign_bits(vector, is_signed=False),
    "base64": lambda vector: to_base64(vector, "float32", "little"),
}


# --- scores -------------------------------------------------------------------------------------------


def class_scores(data: list[F32]) -> list[float]:
    """A cross-encoder has read each pair, and knows one class: that they fit."""
    return [float(scores[0]) for scores in data]


def compared(num_queries: int, compare: Callable[[F32, F32], float]) -> Scorer:
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
