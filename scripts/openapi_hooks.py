"""What schemathesis is told that no schema says: the model's name, and how to keep requests short."""

from __future__ import annotations

from typing import Any

import schemathesis

NAMES = {"model": "model", "purpose": "batch", "completion_window": "24h"}
MOST = {"max_tokens": 8, "max_completion_tokens": 8, "max_output_tokens": 8, "n": 4}


@schemathesis.hook  # type: ignore[untyped-decorator]  # it is in an environment of its own
def map_body(context: Any, body: Any) -> Any:
    """Name what the server knows where a text was made up, and ask for less where much was asked."""
    if isinstance(body, dict):
        known = {name: value for name, value in NAMES.items() if isinstance(body.get(name), str)}
        less = {name: most for name, most in MOST.items() if _is_above(body.get(name), most)}
        return body | known | less
    return body


def _is_above(value: Any, most: int) -> bool:
    return type(value) is int and value > most
