"""Types that say what the model shall write: as a strict JSON schema, and from the text back to a value.

Pydantic models and dataclasses are handled by the pydantic that the program itself has imported; everything
else, such as msgspec Structs, dataclasses, TypedDicts and `list[int]`, by msgspec.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, get_args, get_origin
from weakref import WeakKeyDictionary

import msgspec

from martlet.client.options import ABSENT, NOT_GIVEN, NotGiven, Omit

if TYPE_CHECKING:
    from martlet.protocol.params import ChatCompletionFunctionToolParam, ResponseFormatJSONSchema
    from martlet.protocol.response_params import FunctionToolParam

T = TypeVar("T")

_NAME_CHARS = 64
"""As many as OpenAI allows in the name of a schema or function."""

_schemas: WeakKeyDictionary[type, dict[str, Any]] = WeakKeyDictionary()
"""Strict schemas of classes, for as long as the class lives."""


class OutputType(Generic[T]):
    """A type as a form for the model's output. Raises TypeError for a type that has no JSON schema."""

    def __init__(self, kind: type[T], *, param: str = "response_format") -> None:
        """`param` is where the caller gave the type, for messages."""
        self.kind = kind
        self._engine = _engine(kind, param)
        if not self._engine.schema:
            raise _unsupported(kind, param, "it says nothing about the value")

    @property
    def name(self) -> str:
        """The type's name, made of the characters that OpenAI allows."""
        return re.sub(r"[^a-zA-Z0-9_-]+", "_", _name(self.kind)).strip("_")[:_NAME_CHARS] or "output"

    @property
    def schema(self) -> dict[str, Any]:
        """The strict schema. Not to be changed: it is shared."""
        return self._engine.schema

    def decode(self, text: str) -> T:
        """The value that the text stands for. Raises pydantic's or msgspec's ValidationError."""
        return cast(T, self._engine.decode(text))

    def response_format(self) -> ResponseFormatJSONSchema:
        """The type as the `response_format` of a request."""
        return cast("ResponseFormatJSONSchema", {"type": "json_schema", "json_schema": self._form()})

    def text_format(self) -> dict[str, Any]:
        """The type as `text.format` of a request of the Responses API."""
        return {"type": "json_schema", **self._form()}

    def _form(self) -> dict[str, Any]:
        return {"name": self.name, "schema": self.schema, "strict": True}


class FunctionTool(dict[str, Any]):
    """A function made from a type, which reads the arguments of calls.

    It is the `function` of a tool of chat, or the tool itself in the Responses API.
    """

    model: Any

    def flat(self) -> FunctionTool:
        """The same for the Responses API."""
        tool = FunctionTool(type="function", **self)
        tool.model = self.model
        return tool


def function_tool(
    model: type[Any], *, name: str | None = None, description: str | None = None
) -> ChatCompletionFunctionToolParam:
    """Make a tool of a type: its fields are the parameters, and its docstring is the description.

    `model` is a pydantic model, a msgspec Struct, a dataclass or a TypedDict. With `parse` and `stream`, the
    arguments that the model writes come back as an instance of it, in `.parsed_arguments`. Raises TypeError
    for a type that is no object in JSON.
    """
    output: OutputType[Any] = OutputType(model, param="model")
    if output.schema.get("type") != "object":
        raise TypeError(f"model: the arguments of a function are an object, which {_name(model)} is not")
    function = FunctionTool(name=name or output.name, strict=True, parameters=deepcopy(output.schema))
    function.model = model
    described = _docstring(model) if description is None else description
    if described is not None:
        function["description"] = described
    return cast("ChatCompletionFunctionToolParam", {"type": "function", "function": function})


def responses_function_tool(
    model: type[Any],
    *,
    name: str | None = None,
    description: str | None = None,
    defer_loading: bool | NotGiven | Omit = NOT_GIVEN,
) -> FunctionToolParam:
    """Make a tool of a type, as `function_tool`, for the Responses API.

    `defer_loading` keeps it out of the prompt until a tool search finds it.
    """
    made = function_tool(model, name=name, description=description)["function"]
    assert isinstance(made, FunctionTool)
    tool = made.flat()
    if not isinstance(defer_loading, ABSENT):
        tool["defer_loading"] = defer_loading
    return cast("FunctionToolParam", tool)


pydantic_function_tool = function_tool
pydantic_responses_function_tool = responses_function_tool


def strict_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a JSON schema that leaves nothing open: every property required, and no others allowed.

    Objects without named properties stay open, unless their schema says otherwise. `default: null` goes, an
    `allOf` of one is merged into what is around it, and a `$ref` beside other keys is replaced by what it
    names.
    """
    strict: dict[str, Any] = _strict(schema, schema, frozenset())
    return _without_own_definition(schema, strict)


# --- engines ----------------------------------------------------------------------------------------


class _Engine:
    """Schema and decoder of one type."""

    __slots__ = ("decode", "schema")

    def __init__(self, schema: dict[str, Any], decode: Callable[[str], Any]) -> None:
        self.schema = schema
        self.decode = decode


def _engine(kind: Any, param: str) -> _Engine:
    pydantic: Any = sys.modules.get("pydantic")
    is_class = isinstance(kind, type) and get_origin(kind) is None
    if pydantic is not None and is_class:
        if issubclass(kind, pydantic.BaseModel):
            return _pydantic_model(kind, param)
        if hasattr(kind, "__pydantic_validator__"):
            return _pydantic_adapter(pydantic, kind)
    try:
        schema = _cached(kind, lambda: msgspec.json.schema(kind), is_class)
    except TypeError as error:
        if pydantic is None:
            raise _unsupported(kind, param, error) from error
        return _with_pydantic_inside(pydantic, kind, param, error)
    return _Engine(schema, lambda text: msgspec.json.decode(text, type=kind))


def _pydantic_model(kind: Any, param: str) -> _Engine:
    if not hasattr(kind, "model_json_schema"):
        raise _unsupported(kind, param, "it is a model of pydantic 1; pydantic 2 is needed")
    return _Engine(_cached(kind, kind.model_json_schema), kind.model_validate_json)


def _pydantic_adapter(pydantic: Any, kind: Any) -> _Engine:
    adapter = pydantic.TypeAdapter(kind)
    is_class = isinstance(kind, type) and get_origin(kind) is None
    return _Engine(_cached(kind, adapter.json_schema, is_class), adapter.validate_json)


def _with_pydantic_inside(pydantic: Any, kind: Any, param: str, refusal: TypeError) -> _Engine:
    """For `list[SomeModel]` and the like, which msgspec does not know."""
    try:
        return _pydantic_adapter(pydantic, kind)
    except pydantic.PydanticUserError:
        raise _unsupported(kind, param, refusal) from refusal


def _cached(kind: Any, make: Callable[[], dict[str, Any]], is_class: bool = True) -> dict[str, Any]:
    if not is_class:
        return strict_schema(make())
    schema = _schemas.get(kind)
    if schema is None:
        schema = _schemas[kind] = strict_schema(make())
    return schema


def _unsupported(kind: object, param: str, reason: object) -> TypeError:
    said = str(reason).splitlines()
    return TypeError(
        f"{param}: cannot describe {_name(kind)} by a JSON schema: {said[-1] if said else 'unknown type'}; "
        "pass a pydantic model, a msgspec Struct, a dataclass, a TypedDict, a type such as list[int], "
        "or a schema as a dict"
    )


def _name(kind: Any) -> str:
    if isinstance(kind, str):
        return kind[:_NAME_CHARS]
    arguments = get_args(kind)
    if arguments:
        return "_".join(map(_name, (get_origin(kind), *arguments)))
    name = getattr(kind, "__name__", None)
    return name if isinstance(name, str) else repr(kind)[:_NAME_CHARS]


def _docstring(kind: Any) -> str | None:
    """The docstring that somebody wrote: dataclasses without one are given their signature."""
    written = getattr(kind, "__doc__", None)
    is_generated = hasattr(kind, "__dataclass_fields__") and str(written).startswith(f"{kind.__name__}(")
    return None if is_generated else written


# --- strict schemas ---------------------------------------------------------------------------------

_ONE = ("items", "additionalProperties", "contains", "not", "if", "then", "else")
_MANY = ("anyOf", "allOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "$defs", "definitions")


def _strict(node: Any, root: Mapping[str, Any], expanding: frozenset[str]) -> Any:
    """`expanding` holds the `$ref`s that this node came out of, so that a recursive type has an end."""
    if not isinstance(node, Mapping):
        return node
    made = dict(node)
    parts = made.get("allOf")
    if isinstance(parts, list) and len(parts) == 1:
        del made["allOf"]
        made.update(parts[0])
    ref = made.get("$ref")
    if isinstance(ref, str) and len(made) > 1:
        target = _resolve(root, ref)
        if ref in expanding or target is None:
            return {"$ref": ref}
        del made["$ref"]
        return _strict({**target, **made}, root, expanding | {ref})
    _close_object(made)
    if made.get("default", made) is None:
        del made["default"]
    for key in _ONE:
        if key in made:
            made[key] = _strict(made[key], root, expanding)
    for key in _MANY:
        if isinstance(made.get(key), list):
            made[key] = [_strict(part, root, expanding) for part in made[key]]
    for key in _NAMED:
        if isinstance(made.get(key), Mapping):
            made[key] = {name: _strict(part, root, expanding) for name, part in made[key].items()}
    return made


def _close_object(schema: dict[str, Any]) -> None:
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        schema["required"] = list(properties)
        if schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)


def _resolve(root: Mapping[str, Any], ref: str) -> Mapping[str, Any] | None:
    """What a `#/...` reference names; None if it names no schema of this document."""
    found: Any = root
    start, *steps = ref.split("/")
    for step in steps:
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    return found if start == "#" and isinstance(found, Mapping) else None


def _without_own_definition(schema: Mapping[str, Any], strict: dict[str, Any]) -> dict[str, Any]:
    """msgspec writes a class as a reference to its definition, which is not needed twice."""
    ref = schema.get("$ref")
    definitions = strict.get("$defs")
    if not isinstance(ref, str) or not isinstance(definitions, dict):
        return strict
    if not any(reference == ref for reference in _references(strict)):
        definitions.pop(ref.removeprefix("#/$defs/"), None)
        if not definitions:
            del strict["$defs"]
    return strict


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [ref for part in node for ref in _references(part)]
    if not isinstance(node, dict):
        return []
    found = [ref for part in node.values() for ref in _references(part)]
    return [*found, node["$ref"]] if isinstance(node.get("$ref"), str) else found
