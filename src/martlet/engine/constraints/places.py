"""Where a JSON schema is at fault: llguidance says what, and not where."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

MAX_TRIALS = 300
_MAPS = ("$defs", "definitions", "properties", "patternProperties")
_SCHEMAS = ("items", "additionalProperties", "prefixItems", "anyOf", "oneOf", "allOf")


def faulty_place(schema: Any, problem: str, problem_of: Callable[[str], str]) -> str:
    """Return the path of the innermost subschema with the same `problem`, such as "$.properties.a.items".

    `problem_of` tries a schema, given as JSON.
    """
    if not isinstance(schema, dict):
        return "$"
    definitions = {key: schema[key] for key in ("$defs", "definitions") if key in schema}
    path, num_trials = "$", 0
    while True:
        for key, child in _subschemas(schema):
            num_trials += 1
            if num_trials > MAX_TRIALS:
                return path
            if problem_of(json.dumps(_alone(child, definitions, key))) == problem:
                path, schema = path + key, child
                break
        else:
            return path


def _alone(child: Any, definitions: dict[str, Any], key: str) -> Any:
    """Return a subschema that can be tried: its references need the definitions, unless it is one itself."""
    is_definition = key.startswith((".$defs", ".definitions"))
    return {**definitions, **child} if isinstance(child, dict) and not is_definition else child


def _subschemas(schema: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(schema, dict):
        return
    for name in _MAPS:
        if isinstance(schema.get(name), dict):
            yield from ((f".{name}.{key}", child) for key, child in schema[name].items())
    for name in _SCHEMAS:
        value = schema.get(name)
        if isinstance(value, list):
            yield from ((f".{name}[{index}]", child) for index, child in enumerate(value))
        elif isinstance(value, dict):
            yield f".{name}", value
