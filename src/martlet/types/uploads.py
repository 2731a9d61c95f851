"""Parts of uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from martlet.protocol.uploads import PartCreateParams as PartCreateParams
    from martlet.protocol.uploads import UploadPart as UploadPart
else:
    from martlet.types.lazy import offer

    __getattr__, __dir__, __all__ = offer(__name__)
