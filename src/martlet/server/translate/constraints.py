"""response_format and structured_outputs to a Constraint, under vLLM's rules."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from martlet.engine.constraints import Constraint, Grammar, GrammarCompiler
from martlet.errors import InvalidParameter
from martlet.protocol.common import ResponseFormat, StructuredOutputsParams
from martlet.server.errors import InvalidRequest
from martlet.server.translate.fields import GenerationRequest

KINDS = ("json", "regex", "choice", "grammar", "json_object", "structural_tag")
ANY_OBJECT = '{"type":"object"}'


@dataclass(frozen=True, slots=True)
class RequestedConstraint:
    """What the output must follow, and which field says so."""

    constraint: Constraint
    field: str
    fallback: Constraint | None = None
    """A looser one, for when this one cannot be followed."""

    @property
    def is_format(self) -> bool:
        """Whether it is the format of an answer, rather than what the output must be."""
        return self.field == "response_format"

    def compile(self, compiler: GrammarCompiler) -> Grammar:
        """Compile it, which may take long. Raises RequestRejected, worded for whoever sent it."""
        try:
            return compiler.compile(self.constraint)
        except InvalidParameter as error:
            if self.fallback is not None:
                return replace(self, constraint=self.fallback, fallback=None).compile(compiler)
            kind = self.constraint.kind
            if self.field == "tools":
                problem = f"tools: the parameters of a function cannot be followed: {error.problem}"
                raise InvalidRequest(problem) from error
            problem = f"{self.field}: the {kind} cannot be followed: {error.problem}"
            raise InvalidRequest(problem, self.field if kind == "structural_tag" else None) from error


def constraint_of(
    request: GenerationRequest, *, disable_any_whitespace: bool = False
) -> RequestedConstraint | None:
    """Return what the output must follow. Raises InvalidRequest.

    `disable_any_whitespace` is the server's own choice for all requests.
    """
    outputs, format = request.structured_outputs, request.response_format
    given = {} if outputs is None else _given(outputs)
    field = "structured_outputs"
    if format is not None and format.type != "text":
        given |= _of_format(format)
        field = "response_format"
    elif outputs is None:
        return None
    if len(given) != 1:
        named = ", ".join(given) or "none"
        raise InvalidRequest(f"structured_outputs must hold one of {', '.join(KINDS)}, got {named}")
    [(kind, value)] = given.items()
    options = outputs or StructuredOutputsParams()
    if disable_any_whitespace:
        options = msgspec.structs.replace(options, disable_any_whitespace=True)
    return RequestedConstraint(_constraint(kind, value, options), field)


def _given(outputs: StructuredOutputsParams) -> dict[str, Any]:
    if outputs.backend is not None:
        raise InvalidRequest("structured_outputs._backend cannot be chosen by a request: leave it out")
    return {kind: value for kind in KINDS if (value := getattr(outputs, kind)) is not None}


def _of_format(format: ResponseFormat) -> dict[str, Any]:
    if format.type == "json_object":
        return {"json_object": True}
    if format.type == "structural_tag":
        return {"structural_tag": msgspec.json.encode(format).decode()}
    if format.json_schema is None:
        raise InvalidRequest("response_format: type json_schema needs a json_schema", "response_format")
    if format.json_schema.schema is None:
        raise InvalidRequest("response_format: json_schema needs a schema")
    return {"json": format.json_schema.schema}


def _constraint(kind: str, value: Any, outputs: StructuredOutputsParams) -> Constraint:
    if kind == "json_object":
        if value is False:
            raise InvalidRequest("structured_outputs.json_object must be true, or left out")
        return _json(ANY_OBJECT, outputs)
    if kind == "json":
        return _json(value if isinstance(value, str) else _encoded(value), outputs)
    if kind == "choice":
        if not value:
            raise InvalidRequest("structured_outputs.choice must hold at least one text")
        return Constraint("choice", _encoded(value))
    if kind == "structural_tag":
        return replace(_json(value, outputs), kind="structural_tag")
    assert kind in ("regex", "grammar")
    return Constraint("regex" if kind == "regex" else "grammar", value)


def _json(schema: str, outputs: StructuredOutputsParams) -> Constraint:
    if outputs.disable_additional_properties:
        schema = closed(schema)
    return Constraint(
        "json",
        schema,
        whitespace_pattern=outputs.whitespace_pattern,
        disable_any_whitespace=outputs.disable_any_whitespace,
    )


def _encoded(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def closed(schema: str) -> str:
    """Close every object with properties that does not say whether it takes others."""
    try:
        document = json.loads(schema)
    except (ValueError, RecursionError):
        return schema  # the compiler says what is wrong
    pending = [document]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if isinstance(node.get("properties"), dict) or isinstance(node.get("patternProperties"), dict):
                node.setdefault("additionalProperties", False)
            pending += node.values()
        elif isinstance(node, list):
            pending += node
    return json.dumps(document)
