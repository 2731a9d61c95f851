"""/v1/moderations. Names that are no identifiers on the wire have underscores here: `self-harm/intent`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypedDict

from msgspec import field

from martlet.protocol.base import WireModel

ModerationModel = Literal[
    "omni-moderation-latest", "omni-moderation-2024-09-26", "text-moderation-latest", "text-moderation-stable"
]

# --- replies ----------------------------------------------------------------------------------------


class Categories(WireModel, kw_only=True):
    """Which categories the input falls into."""

    harassment: bool
    harassment_threatening: bool = field(name="harassment/threatening")
    hate: bool
    hate_threatening: bool = field(name="hate/threatening")
    illicit: bool | None = None
    """Advice on wrongdoing; older models have no such category."""
    illicit_violent: bool | None = field(default=None, name="illicit/violent")
    self_harm: bool = field(name="self-harm")
    self_harm_instructions: bool = field(name="self-harm/instructions")
    self_harm_intent: bool = field(name="self-harm/intent")
    sexual: bool
    sexual_minors: bool = field(name="sexual/minors")
    violence: bool
    violence_graphic: bool = field(name="violence/graphic")


class CategoryAppliedInputTypes(WireModel, kw_only=True):
    """Whether text or image or both were judged, by category."""

    harassment: list[str]
    harassment_threatening: list[str] = field(name="harassment/threatening")
    hate: list[str]
    hate_threatening: list[str] = field(name="hate/threatening")
    illicit: list[str]
    illicit_violent: list[str] = field(name="illicit/violent")
    self_harm: list[str] = field(name="self-harm")
    self_harm_instructions: list[str] = field(name="self-harm/instructions")
    self_harm_intent: list[str] = field(name="self-harm/intent")
    sexual: list[str]
    sexual_minors: list[str] = field(name="sexual/minors")
    violence: list[str]
    violence_graphic: list[str] = field(name="violence/graphic")


class CategoryScores(WireModel, kw_only=True):
    """How sure the model is, 0 to 1, by category."""

    harassment: float
    harassment_threatening: float = field(name="harassment/threatening")
    hate: float
    hate_threatening: float = field(name="hate/threatening")
    illicit: float
    illicit_violent: float = field(name="illicit/violent")
    self_harm: float = field(name="self-harm")
    self_harm_instructions: float = field(name="self-harm/instructions")
    self_harm_intent: float = field(name="self-harm/intent")
    sexual: float
    sexual_minors: float = field(name="sexual/minors")
    violence: float
    violence_graphic: float = field(name="violence/graphic")


class Moderation(WireModel, kw_only=True):
    """The verdict on one input."""

    categories: Categories
    category_applied_input_types: CategoryAppliedInputTypes | None = None
    """Older models do not say."""
    category_scores: CategoryScores
    flagged: bool
    """Whether any category applies."""


class ModerationCreateResponse(WireModel, kw_only=True):
    """The reply of POST /v1/moderations."""

    id: str
    model: str
    results: list[Moderation]
    """One per input."""


# --- calls ------------------------------------------------------------------------------------------


class ImageURL(TypedDict):
    """Where an image is."""

    url: str
    """http(s), or data: with the image in base64."""


class ModerationImageURLInputParam(TypedDict):
    """An image to judge."""

    image_url: ImageURL
    type: Literal["image_url"]


class ModerationTextInputParam(TypedDict):
    """A text to judge."""

    text: str
    type: Literal["text"]


ModerationMultiModalInputParam = ModerationImageURLInputParam | ModerationTextInputParam


class _ModerationCreateRequired(TypedDict):
    input: str | Sequence[str] | Iterable[ModerationMultiModalInputParam]
    """A text, a list of texts, or a list of parts that are judged together."""


class ModerationCreateParams(_ModerationCreateRequired, total=False):
    """Parameters of `moderations.create`."""

    model: str | ModerationModel
    """The model that judges; the server's default is its newest."""
