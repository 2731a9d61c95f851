"""/v1/batches: many requests from a file, answered later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypedDict

from martlet.protocol.base import WireModel

# --- replies ----------------------------------------------------------------------------------------


class BatchError(WireModel, kw_only=True):
    """What is wrong with the input file."""

    code: str | None = None
    line: int | None = None
    """Where in the file."""
    message: str | None = None
    param: str | None = None
    """The field that is wrong."""


class Errors(WireModel, kw_only=True):
    """All that is wrong with the input file."""

    data: list[BatchError] | None = None
    object: str | None = None
    """`list`."""


class BatchRequestCounts(WireModel, kw_only=True):
    """How far a batch is."""

    completed: int
    failed: int
    total: int


class InputTokensDetails(WireModel, kw_only=True):
    """How the input tokens divide."""

    cached_tokens: int
    """Tokens that were found in the cache."""


class OutputTokensDetails(WireModel, kw_only=True):
    """How the output tokens divide."""

    reasoning_tokens: int
    """Tokens spent on reasoning."""


class BatchUsage(WireModel, kw_only=True):
    """Tokens that a batch took."""

    input_tokens: int
    input_tokens_details: InputTokensDetails
    output_tokens: int
    output_tokens_details: OutputTokensDetails
    total_tokens: int


class Batch(WireModel, kw_only=True):
    """A batch. Times are Unix times in seconds."""

    id: str
    completion_window: str
    """The time within which it is to be done, such as `24h`."""
    created_at: int
    endpoint: str
    """The path that its requests go to."""
    input_file_id: str
    object: Literal["batch"] | str = "batch"
    status: (
        Literal[
            "validating",
            "failed",
            "in_progress",
            "finalizing",
            "completed",
            "expired",
            "cancelling",
            "cancelled",
        ]
        | str
    )
    cancelled_at: int | None = None
    cancelling_at: int | None = None
    completed_at: int | None = None
    error_file_id: str | None = None
    """The file of the requests that failed."""
    errors: Errors | None = None
    """What is wrong with the input file."""
    expired_at: int | None = None
    expires_at: int | None = None
    failed_at: int | None = None
    finalizing_at: int | None = None
    in_progress_at: int | None = None
    metadata: dict[str, str] | None = None
    """What the request gave as `metadata`."""
    model: str | None = None
    output_file_id: str | None = None
    """The file of the answers."""
    request_counts: BatchRequestCounts | None = None
    usage: BatchUsage | None = None


# --- calls ------------------------------------------------------------------------------------------


class OutputExpiresAfter(TypedDict):
    """When the files of answers and errors go away."""

    anchor: Literal["created_at"]
    """The moment from which the seconds count."""
    seconds: int
    """An hour to 30 days."""


class _BatchCreateRequired(TypedDict):
    completion_window: Literal["24h"]
    """The time within which it is to be done."""
    endpoint: Literal[
        "/v1/responses",
        "/v1/chat/completions",
        "/v1/embeddings",
        "/v1/completions",
        "/v1/moderations",
        "/v1/images/generations",
        "/v1/images/edits",
        "/v1/videos",
    ]
    """The path that its requests go to."""
    input_file_id: str
    """A file with one JSON request per line, uploaded for the purpose `batch`."""


class BatchCreateParams(_BatchCreateRequired, total=False):
    """Parameters of `batches.create`."""

    metadata: Mapping[str, str] | None
    """Up to 16 texts of your own, given back with the batch."""
    output_expires_after: OutputExpiresAfter
    """When the files of answers and errors go away."""


class BatchListParams(TypedDict, total=False):
    """Parameters of `batches.list`."""

    after: str
    """The id after which the page begins."""
    limit: int
    """Most entries of a page, 1 to 100."""
