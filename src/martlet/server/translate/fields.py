"""What becomes of each request field: nothing that would change the output is passed over in silence.

A field that acts is read by another module. The others are here: REFUSED would change the output and cannot
be done, INERT have no effect on this server and are named in the reply's `x-martlet-ignored` header.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from types import SimpleNamespace
from typing import Any, TypeAlias

import msgspec

from martlet.errors import InvalidParameter, UnsupportedParameter
from martlet.protocol.chat import ChatCompletionRequest
from martlet.protocol.common import Messages
from martlet.protocol.completions import CompletionRequest
from martlet.server.errors import FieldsWithoutEffect, InvalidRequest

GenerationRequest: TypeAlias = ChatCompletionRequest | CompletionRequest

REFUSED = {
    "watermarking": "leave it out",
    "return_token_offsets": "leave it out",
    "suffix": "put everything into the prompt",
    "prompt_embeds": "send the prompt as text or token ids",
}
"""Fields that would change the output: whatever is neither default nor null is refused, with this advice."""

INERT = (
    "user",
    "session_id",
    "priority",
    "media_io_kwargs",
    "mm_processor_kwargs",
    "mm_payload",
    "return_mm_kwargs",
    "routed_experts_prompt_start",
    "kv_transfer_params",
    "ec_transfer_params",
    "vllm_xargs",
)
"""Fields without effect here: one queue in order of arrival, no media, no experts."""

SAMPLING_ONLY = (
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "seed",
    "presence_penalty",
    "frequency_penalty",
    "repetition_penalty",
)
"""Fields without effect on a beam search, which leaves nothing to chance."""

INERT_IN_BEAMS = (*INERT, *SAMPLING_ONLY)
INERT_IN_SAMPLING = (*INERT, "length_penalty")

MAX_CACHE_SALT = 128
MAX_NAMED = 32
MAX_METADATA, MAX_METADATA_KEY, MAX_METADATA_VALUE = 16, 64, 512
_NAME = re.compile(r"[\w.$@-]{1,64}", re.ASCII)
"""Keys that a header can carry."""


def check_fields(request: GenerationRequest) -> None:
    """Refuse what cannot be done. Raises UnsupportedParameter or InvalidParameter."""
    if not are_defaults(request, tuple(REFUSED)):
        for name, advice in REFUSED.items():
            if is_set(request, name):
                raise UnsupportedParameter(name, advice)
    if not request.spaces_between_special_tokens and not request.skip_special_tokens:
        raise UnsupportedParameter("spaces_between_special_tokens", "leave it true")
    check_cache_salt(request.cache_salt)


def inert_fields(request: GenerationRequest, unknown: Sequence[str]) -> list[str]:
    """Name what the request brought and nothing here reads, as far as it fits into a header."""
    return ignored_fields(request, INERT_IN_BEAMS if request.use_beam_search else INERT_IN_SAMPLING, unknown)


def ignored_fields(request: msgspec.Struct, inert: tuple[str, ...], unknown: Sequence[str]) -> list[str]:
    """Name those of the `inert` fields that a request sets, and the `unknown` ones."""
    if not unknown and are_defaults(request, inert):
        return []
    names = [name for name in inert if is_set(request, name)]
    names += [name for name in unknown if _NAME.fullmatch(name)]
    return names if len(names) <= MAX_NAMED else [*names[:MAX_NAMED], f"and {len(names) - MAX_NAMED} more"]


def check_ignored(ignored: Sequence[str], is_strict: bool) -> None:
    """Refuse what would be ignored, if the server is strict. Raises FieldsWithoutEffect."""
    if is_strict and ignored:
        raise FieldsWithoutEffect(ignored)


def is_set(request: msgspec.Struct, name: str) -> bool:
    value = getattr(request, name, None)
    if value is None:
        return False
    default = _defaults(type(request)).get(name)
    if value is default or (value is False and default is None):
        return False
    return value not in (default, [], "")


@cache
def _defaults(cls: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.name: field.default for field in msgspec.structs.fields(cls)}


def are_defaults(request: msgspec.Struct, names: tuple[str, ...]) -> bool:
    """Return whether no field of these has another value than its default; names of no field are none.

    In one comparison: nearly all of a request's many fields are left out of it.
    """
    read, defaults = _reader(type(request), names)
    return bool(read(request) == defaults)


@cache
def _reader(cls: type[msgspec.Struct], names: tuple[str, ...]) -> tuple[Callable[[object], Any], Any]:
    """Return what reads these fields of a request, and what it finds in an empty one."""
    values = {
        field.name: field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
        for field in msgspec.structs.fields(cls)
    }
    known = [name for name in names if name in values]
    read: Callable[[object], Any] = attrgetter(*known) if known else lambda request: None
    return read, read(SimpleNamespace(**values))


def check_cache_salt(salt: str | None) -> None:
    if salt is None:
        return
    if not 1 <= len(salt) <= MAX_CACHE_SALT or any(char in salt for char in "@/\\\0"):
        raise InvalidParameter(
            "cache_salt", f"must be 1 to {MAX_CACHE_SALT} characters without @ / \\ or NUL"
        )


def check_metadata(metadata: dict[str, str] | None) -> None:
    pairs = metadata or {}
    too_long = [k for k, v in pairs.items() if len(k) > MAX_METADATA_KEY or len(v) > MAX_METADATA_VALUE]
    if len(pairs) > MAX_METADATA or too_long:
        raise InvalidParameter(
            "metadata",
            f"holds up to {MAX_METADATA} pairs of at most "
            f"{MAX_METADATA_KEY} and {MAX_METADATA_VALUE} characters",
        )


def check_stream_options(request: GenerationRequest, has_members: bool) -> None:
    if has_members and not request.stream:
        raise InvalidParameter("stream_options", "goes with stream: true only")


def check_messages(messages: Messages | msgspec.UnsetType | None) -> Messages:
    if not messages:
        raise InvalidRequest("messages must hold at least one message")
    for i, message in enumerate(messages):
        if isinstance(message.get("content"), list) and any(isinstance(p, str) for p in message["content"]):
            raise InvalidRequest(f"messages[{i}].content holds text: its parts must be objects")
    return messages
