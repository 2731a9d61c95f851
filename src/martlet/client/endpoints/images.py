"""Endpoints of /v1/images."""

from __future__ import annotations

from martlet.client.calls import Endpoint, StreamKind
from martlet.client.options import RequestOptions
from martlet.client.partial import LastEventPartial
from martlet.protocol.images import (
    ImageCreateVariationParams,
    ImageEditParams,
    ImageEditStreamEvent,
    ImageGenerateParams,
    ImageGenStreamEvent,
    ImagesResponse,
)


class ImageGenerateKeywords(ImageGenerateParams, RequestOptions, total=False):
    """Keywords of `images.generate`, beside `stream`."""


class ImageEditKeywords(ImageEditParams, RequestOptions, total=False):
    """Keywords of `images.edit`, beside `stream`."""


class ImageVariationKeywords(ImageCreateVariationParams, RequestOptions, total=False):
    """Keywords of `images.create_variation`."""


GENERATE: Endpoint[ImagesResponse] = Endpoint(
    "images.generate",
    "POST",
    "/images/generations",
    ImagesResponse,
    ImageGenerateParams,
    stream=StreamKind(ImageGenStreamEvent, lambda: LastEventPartial("image_generation.completed")),
)
EDIT: Endpoint[ImagesResponse] = Endpoint(
    "images.edit",
    "POST",
    "/images/edits",
    ImagesResponse,
    ImageEditParams,
    stream=StreamKind(ImageEditStreamEvent, lambda: LastEventPartial("image_edit.completed")),
    files=("image", "mask", "markup"),
)
CREATE_VARIATION: Endpoint[ImagesResponse] = Endpoint(
    "images.create_variation",
    "POST",
    "/images/variations",
    ImagesResponse,
    ImageCreateVariationParams,
    files=("image",),
)
