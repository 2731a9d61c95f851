"""/v1/images: generations, edits, variations; replies, streamed events, parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from martlet.protocol.base import OneOf, WireModel
from martlet.protocol.files import FileTypes
from martlet.protocol.params import ReasoningEffort

Background = Literal["transparent", "opaque", "auto"]
OutputFormat = Literal["png", "webp", "jpeg", "gif", "svg"]
Quality = Literal["low", "medium", "high", "xhigh", "max", "auto"]

# --- replies ----------------------------------------------------------------------------------------


class Image(WireModel, kw_only=True):
    """One image, by its bytes or by its address."""

    b64_json: str | None = None
    """The file in base64."""
    revised_prompt: str | None = None
    """What the server made of the prompt."""
    url: str | None = None
    """Where the file is, for an hour."""


class SvgUsage(WireModel, kw_only=True):
    """Tokens that drawing an SVG took."""

    input_tokens: int
    model: str
    """The model that drew."""
    output_tokens: int
    reasoning_tokens: int
    total_tokens: int


class UsageInputTokensDetails(WireModel, kw_only=True):
    """How the input tokens divide."""

    image_tokens: int
    text_tokens: int


class UsageOutputTokensDetails(WireModel, kw_only=True):
    """How the output tokens divide."""

    image_tokens: int
    text_tokens: int


class Usage(WireModel, kw_only=True):
    """Tokens that a request took."""

    input_tokens: int
    input_tokens_details: UsageInputTokensDetails
    output_tokens: int
    total_tokens: int
    output_tokens_details: UsageOutputTokensDetails | None = None


class ImagesResponse(WireModel, kw_only=True):
    """The reply of the calls that make images. What it tells of them is what the server chose."""

    created: int
    """Unix time in seconds."""
    background: Literal["transparent", "opaque"] | str | None = None
    data: list[Image] | None = None
    output_format: OutputFormat | str | None = None
    quality: Quality | str | None = None
    safety_identifier: str | None = None
    """What the request gave as `safety_identifier`."""
    size: str | None = None
    """Width and height in pixels, such as `1024x1536`."""
    svg_usage: SvgUsage | None = None
    usage: Usage | None = None


# --- stream -----------------------------------------------------------------------------------------


class _ImageEvent(WireModel, kw_only=True):
    b64_json: str
    """The file in base64."""
    background: Background | str
    created_at: int
    """Unix time in seconds."""
    output_format: OutputFormat | str
    quality: Quality | str
    size: str
    """Width and height in pixels, such as `1024x1536`."""


class ImageGenPartialImageEvent(_ImageEvent, kw_only=True):
    """A picture of how far the image is."""

    type: Literal["image_generation.partial_image"] = "image_generation.partial_image"
    partial_image_index: int
    """Counts the pictures from 0."""


class ImageGenCompletedEvent(_ImageEvent, kw_only=True):
    """The image is done."""

    type: Literal["image_generation.completed"] = "image_generation.completed"
    usage: Usage
    safety_identifier: str | None = None
    """What the request gave as `safety_identifier`."""


class ImageEditPartialImageEvent(_ImageEvent, kw_only=True):
    """A picture of how far the edit is."""

    type: Literal["image_edit.partial_image"] = "image_edit.partial_image"
    partial_image_index: int
    """Counts the pictures from 0."""


class ImageEditCompletedEvent(_ImageEvent, kw_only=True):
    """The edited image is done."""

    type: Literal["image_edit.completed"] = "image_edit.completed"
    usage: Usage
    safety_identifier: str | None = None
    """What the request gave as `safety_identifier`."""


ImageGenStreamEvent = OneOf[ImageGenPartialImageEvent | ImageGenCompletedEvent]
ImageEditStreamEvent = OneOf[ImageEditPartialImageEvent | ImageEditCompletedEvent]


# --- calls ------------------------------------------------------------------------------------------


class SvgReasoning(TypedDict, total=False):
    """How the model that draws an SVG reasons."""

    effort: ReasoningEffort | None


class Svg(TypedDict, total=False):
    """How an SVG is drawn."""

    model: str
    """The model that draws."""
    reasoning: SvgReasoning | None


class _ImageParams(TypedDict, total=False):
    background: Background | None
    """Transparent needs a format that has transparency."""
    complexity: Literal["low", "medium", "high"] | None
    """How detailed an SVG is."""
    frame_count: int | None
    """How many frames a GIF has."""
    frame_duration_ms: int | None
    """How long each frame of a GIF stays."""
    model: str | None
    """The model that draws."""
    n: int | None
    """How many images to make, 1 to 10."""
    output_compression: int | None
    """Percentage, for webp and jpeg; 100 is the best quality."""
    output_format: OutputFormat | None
    partial_images: int | None
    """How many pictures to send while the image is made, 0 to 3; for streams."""
    response_format: Literal["url", "b64_json"] | None
    """How older models hand over the image; newer ones always send base64."""
    safety_identifier: str | None
    """A stable id of the end user, best a hash."""
    svg: Svg | None
    """How an SVG is drawn."""
    user: str
    """An id of the end user; replaced by `safety_identifier`."""


class _ImageGenerateRequired(TypedDict):
    prompt: str
    """What to draw."""


class ImageGenerateParams(_ImageGenerateRequired, _ImageParams, total=False):
    """Parameters of `images.generate`, beside `stream`."""

    moderation: Literal["low", "auto"] | None
    """How strictly the server judges."""
    quality: Quality | Literal["standard", "hd"] | None
    size: (
        str
        | Literal[
            "auto",
            "1024x1024",
            "1536x1024",
            "1024x1536",
            "256x256",
            "512x512",
            "1792x1024",
            "1024x1792",
        ]
        | None
    )
    """Width and height in pixels; which are possible depends on the model."""
    style: Literal["vivid", "natural"] | None
    """For older models."""


class _ImageEditRequired(TypedDict):
    image: FileTypes | Sequence[FileTypes]
    """One image, or several to compose from."""
    prompt: str
    """What to change."""


class ImageEditParams(_ImageEditRequired, _ImageParams, total=False):
    """Parameters of `images.edit`, beside `stream`."""

    input_fidelity: Literal["high", "low"] | None
    """How closely the result keeps to the given images."""
    markup: FileTypes
    """An image with marks that show what is meant."""
    mask: FileTypes
    """An image that is transparent where the first one is to be changed."""
    quality: Quality | Literal["standard"] | None
    size: str | Literal["1024x1024", "1536x1024", "1024x1536", "auto", "256x256", "512x512"] | None
    """Width and height in pixels; which are possible depends on the model."""


class _ImageCreateVariationRequired(TypedDict):
    image: FileTypes
    """A square PNG of at most 4 MB."""


class ImageCreateVariationParams(_ImageCreateVariationRequired, total=False):
    """Parameters of `images.create_variation`."""

    model: str | None
    n: int | None
    """How many images to make, 1 to 10."""
    response_format: Literal["url", "b64_json"] | None
    """How the image is handed over."""
    size: Literal["256x256", "512x512", "1024x1024"] | None
    """Width and height in pixels."""
    user: str
    """An id of the end user."""
