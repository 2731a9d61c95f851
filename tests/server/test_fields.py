"""Fields that are read in one look: none may be missed."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from martlet.engine.text import Tokenizer
from martlet.protocol.chat import ChatCompletionRequest
from martlet.protocol.completions import CompletionRequest
from martlet.server.translate.fields import (
    INERT_IN_BEAMS,
    INERT_IN_SAMPLING,
    REFUSED,
    GenerationRequest,
    are_defaults,
    is_set,
)
from martlet.server.translate.sampling import COMMON, RARE, SamplingReader
from tests.servers import TINY_LLAMA

REQUESTS: list[GenerationRequest] = [ChatCompletionRequest(messages=[]), CompletionRequest()]
NAMES = tuple(dict.fromkeys((*REFUSED, *INERT_IN_BEAMS, *INERT_IN_SAMPLING)))
MARK: Any = object()


@pytest.mark.parametrize("empty", REQUESTS)
def test_each_field_that_is_set_is_seen(empty: GenerationRequest) -> None:
    assert are_defaults(empty, NAMES)
    known = [name for name in NAMES if name in empty.__struct_fields__]
    assert len(known) > 15
    for name in known:
        request = replace(empty, **{name: MARK})
        assert is_set(request, name)
        assert not are_defaults(request, NAMES)


def test_fields_that_a_request_does_not_have_are_not_set() -> None:
    assert are_defaults(CompletionRequest(), ("no_such_field",))


class Watched:
    """A request that notes which of its fields are read."""

    def __init__(self, request: GenerationRequest) -> None:
        self.request = request
        self.names: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.names.add(name)
        return getattr(self.request, name)


@pytest.fixture(scope="module")
def reader() -> SamplingReader:
    return SamplingReader(Tokenizer.from_folder(TINY_LLAMA), 512, {"temperature": 0.5}, 20)


def test_parameters_are_kept_by_all_that_they_are_made_of(reader: SamplingReader) -> None:
    watched: Any = Watched(CompletionRequest())
    reader._read(watched, 5)
    assert watched.names <= {*COMMON, *RARE, "stream"}  # a stream only changes what RARE says


@pytest.mark.parametrize("empty", REQUESTS)
def test_requests_alike_share_their_parameters_and_others_do_not(
    empty: GenerationRequest, reader: SamplingReader
) -> None:
    plain = reader.read(empty, 5)
    assert reader.read(replace(empty), 5) is plain
    assert plain.temperature == 0.5
    other: dict[str, Any] = {
        "min_tokens": 2, "temperature": 1.5, "top_k": 3, "top_p": 0.5, "min_p": 0.1, "seed": 4,
        "presence_penalty": 1.0, "frequency_penalty": 1.0, "repetition_penalty": 2.0, "ignore_eos": True,
        "include_stop_str_in_output": True, "skip_special_tokens": False,
    }  # fmt: skip
    assert other.keys() == set(COMMON)
    for name, value in other.items():
        assert reader.read(replace(empty, **{name: value}), 5) != plain
    assert reader.read(empty, 6).max_tokens == 6
    assert reader.read(replace(empty, stop="x"), 5).stop == ("x",)
