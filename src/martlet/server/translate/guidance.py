"""What a chat's output must follow, given its tools and its reasoning."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from martlet.engine.constraints import Constraint, ReasoningSpan
from martlet.protocol.chat import FunctionDefinition
from martlet.server.errors import InvalidRequest
from martlet.server.parsing.tools import Element, ToolFormat
from martlet.server.translate.constraints import ANY_OBJECT, RequestedConstraint, closed
from martlet.server.translate.outputs import OutputPlan
from martlet.server.translate.tools import ToolUse

NO_ARGUMENTS: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}

SchemaOf = Callable[[FunctionDefinition], dict[str, Any]]


def guided(
    asked: RequestedConstraint | None, plan: OutputPlan, *, disable_any_whitespace: bool = False
) -> RequestedConstraint | None:
    """Return what the whole output must follow, given what its text was `asked` to. Raises InvalidRequest.

    `disable_any_whitespace` is the server's own choice for all requests.
    """
    found = _with_tools(asked, plan, disable_any_whitespace)
    span = _reasoning_span(plan)
    if found is None or span is None:
        return found
    return RequestedConstraint(
        replace(found.constraint, reasoning=span),
        found.field,
        found.fallback and replace(found.fallback, reasoning=span),
    )


def _with_tools(
    asked: RequestedConstraint | None, plan: OutputPlan, is_compact: bool
) -> RequestedConstraint | None:
    tools, format = plan.tools, plan.tool_format
    if format is None:
        return asked
    if tools.is_forced:
        if asked is not None and tools.choice == "named":
            raise InvalidRequest(f"{asked.field} does not go with a tool_choice that names a function")
        return _from_tag(
            lambda schema_of: format.calls(_schemas(tools, schema_of), is_parallel=_many(tools)), is_compact
        )
    has_strict = any(function.strict for function in tools.functions)
    if asked is None:
        return _text_or_calls(format, tools, is_compact) if has_strict else None
    # structured_outputs hold for the whole output; a format is that of an answer, which a call is not.
    return _or_calls(asked, format, tools, is_compact) if has_strict or asked.is_format else asked


def _text_or_calls(format: ToolFormat, tools: ToolUse, is_compact: bool) -> RequestedConstraint:
    return _from_tag(
        lambda schema_of: format.text_or_calls(_schemas(tools, schema_of), is_parallel=_many(tools)),
        is_compact,
        _strict_schema,
    )


def _or_calls(
    asked: RequestedConstraint, format: ToolFormat, tools: ToolUse, is_compact: bool
) -> RequestedConstraint:
    calls = format.calls(_schemas(tools, _strict_schema), is_parallel=_many(tools))
    is_compact = is_compact or asked.constraint.disable_any_whitespace
    return replace(
        asked,
        constraint=replace(asked.constraint, calls=_encoded(calls), disable_any_whitespace=is_compact),
    )


def _many(tools: ToolUse) -> bool:
    return tools.max_calls is None


def _from_tag(
    tag: Callable[[SchemaOf], Element], is_compact: bool, schema_of: SchemaOf | None = None
) -> RequestedConstraint:
    """A schema that cannot be followed is let go, and any object will do, unless its function is strict."""
    looser = None if schema_of else _tag_constraint(tag(_strict_schema), is_compact)
    return RequestedConstraint(_tag_constraint(tag(schema_of or _schema), is_compact), "tools", looser)


def _tag_constraint(element: Element, is_compact: bool) -> Constraint:
    """Between JSON's tokens one space will do: a weak model might write blanks until max_tokens."""
    return Constraint(
        "structural_tag",
        _encoded(element),
        whitespace_pattern=" ",
        disable_any_whitespace=is_compact,
    )


def _encoded(element: Element) -> str:
    return json.dumps({"format": element}, ensure_ascii=False)


def _schemas(tools: ToolUse, schema_of: SchemaOf) -> dict[str, dict[str, Any]]:
    return {function.name: schema_of(function) for function in tools.functions}


def _schema(function: FunctionDefinition) -> dict[str, Any]:
    if not function.parameters:
        return NO_ARGUMENTS
    schema: dict[str, Any] = json.loads(closed(json.dumps(function.parameters)))
    return {"type": "object", **schema}


def _strict_schema(function: FunctionDefinition) -> dict[str, Any]:
    """Return the schema of a function that is strict; any object for another."""
    return _schema(function) if function.strict else json.loads(ANY_OBJECT)


def _reasoning_span(plan: OutputPlan) -> ReasoningSpan | None:
    format = plan.reasoning_format
    if format is None or plan.reasoning_state == "over":
        return None
    if plan.reasoning_state == "open":
        return ReasoningSpan(format.start, format.end, "written")
    if not plan.may_think:
        return None
    return ReasoningSpan(format.start, format.end, "maybe" if format.is_implied else "marked")
