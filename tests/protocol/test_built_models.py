"""Models that programs build themselves, by keywords, as the official package's allow."""

from __future__ import annotations

from typing import Any

import pytest

from martlet import BaseModel
from martlet.protocol.common import CompletionTokensDetails, CompletionUsage


def test_keywords_without_a_field_are_kept() -> None:
    model: Any = CompletionTokensDetails
    details = model(audio_tokens=3, reasoning_tokens=1, house=2)
    assert (details.audio_tokens, details.reasoning_tokens, details.house) == (3, 1, 2)
    assert details.to_dict() == {"reasoning_tokens": 1, "audio_tokens": 3, "house": 2}
    assert isinstance(details, BaseModel)


def test_missing_and_positional_arguments_are_refused() -> None:
    model: Any = CompletionUsage
    with pytest.raises(TypeError, match="prompt_tokens"):
        model(house=1)
    with pytest.raises(TypeError):
        model(1, house=1)


def test_model_fields_are_the_names_of_all_fields() -> None:
    model: Any = CompletionTokensDetails
    assert {"reasoning_tokens", "audio_tokens"} < set(model.model_fields)
