"""Request fields given as text: `--set top_p=0.9`, `/set top_p 0.9`."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

from martlet.errors import MartletError

if TYPE_CHECKING:
    import msgspec

TAKEN = {
    "model": "is chosen by name: /model, or --model-name",
    "messages": "are the conversation itself",
    "prompt": "is the text itself",
    "stream": "is on, but with --json",
    "stream_options": "follow from --stats",
}
"""Fields that have ways of their own."""
EXTRA = "extra_body"
"""What goes into the body as it is: for servers that know more."""


class BadSetting(MartletError):
    """No such field, or no such value."""


def chat_fields() -> list[str]:
    """Return the names of what may be set for a chat."""
    from martlet.protocol.chat import ChatCompletionRequest

    return _names(ChatCompletionRequest)


def chat_setting(name: str, text: str) -> Any:
    """Read a value of a chat's field. Raises BadSetting."""
    from martlet.protocol.chat import ChatCompletionRequest

    return _setting(ChatCompletionRequest, {"messages": []}, name, text)


def completion_setting(name: str, text: str) -> Any:
    """Read a value of a completion's field. Raises BadSetting."""
    from martlet.protocol.completions import CompletionRequest

    return _setting(CompletionRequest, {}, name, text)


def _names(request: type[msgspec.Struct]) -> list[str]:
    import msgspec

    known = [field.encode_name for field in msgspec.structs.fields(request)]
    return sorted([name for name in known if name not in TAKEN] + [EXTRA])


def _setting(request: type[msgspec.Struct], least: dict[str, Any], name: str, text: str) -> Any:
    """`least` is what no such request can be without."""
    if name in TAKEN:
        raise BadSetting(f"{name} {TAKEN[name]}")
    known = _names(request)
    if name not in known:
        close = difflib.get_close_matches(name, known, n=3)
        hint = f": {' or '.join(close)}?" if close else f"; {EXTRA} takes what only this server knows"
        raise BadSetting(f"there is no setting {name}{hint}")
    return _value(request, least, name, text)


def _value(request: type[msgspec.Struct], least: dict[str, Any], name: str, text: str) -> Any:
    """Read JSON, or where that does not fit the text itself."""
    import msgspec

    problem: Exception | None = None
    for value in _readings(text):
        try:
            if name == EXTRA:
                return msgspec.convert(value, dict[str, Any])
            msgspec.convert({**least, name: value}, request)
        except msgspec.ValidationError as error:
            problem = problem or error
            continue
        return value
    assert problem is not None
    wanted = str(problem).partition(" - at ")[0]
    raise BadSetting(f"{name}: {wanted[:1].lower()}{wanted[1:]}") from problem


def _readings(text: str) -> list[Any]:
    try:
        return [json.loads(text), text]
    except ValueError:
        return [text]
