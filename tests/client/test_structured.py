"""Types as strict schemas and back: for pydantic the same as officially, and other kinds beside it."""

from __future__ import annotations

import enum
import gc
import json
import subprocess
import sys
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Dict, List, Literal, Optional, TypedDict, Union  # noqa: UP035

import msgspec
import pytest

import martlet
from martlet.client.structured import OutputType, strict_schema

openai = pytest.importorskip("openai")
import pydantic  # noqa: E402


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Inner(pydantic.BaseModel):
    """Inner words."""

    x: int
    y: Optional[str] = None  # noqa: UP045


class Plain(pydantic.BaseModel):
    city: str
    temperature: float = pydantic.Field(description="degrees", default=1.5)
    units: Literal["c", "f"] = "c"


class Nested(pydantic.BaseModel):
    """Nested words."""

    plain: Inner
    described: Inner = pydantic.Field(description="the inner one")
    maybe: Optional[Inner] = None  # noqa: UP045
    many: List[Inner] = []  # noqa: UP006
    by_name: Dict[str, int] = {}  # noqa: UP006
    anything: Dict[str, Any] = {}  # noqa: UP006
    color: Color = Color.RED
    shaded: Color = pydantic.Field(default=Color.RED, description="and shade")
    either: Union[int, Inner, None] = None  # noqa: UP007


class Node(pydantic.BaseModel):
    value: int
    children: List[Node] = []  # noqa: UP006
    parent: Optional[Node] = pydantic.Field(default=None, description="up")  # noqa: UP045


class Empty(pydantic.BaseModel):
    pass


class Place(msgspec.Struct):
    """Somewhere."""

    city: str
    zip: int | None = None
    tags: list[str] = []
    extra: dict[str, int] = {}
    spot: Annotated[Spot, msgspec.Meta(description="where in it")] = msgspec.field(
        default_factory=lambda: Spot(0.0)
    )
    other: Spot | None = None


class Spot(msgspec.Struct):
    lat: float
    free: dict[str, Any] = {}


@dataclass
class Tree:
    value: int
    left: Tree | None = None


@dataclass
class Documented:
    """Has words."""

    a: int = 0
    b: list[int] = field(default_factory=list)


class Entry(TypedDict, total=False):
    name: str
    age: int


@pytest.mark.parametrize("model", [Plain, Nested, Node, Empty, Inner])
def test_schema_of_a_pydantic_model_is_the_official_one(model: Any) -> None:
    from openai.lib._pydantic import to_strict_json_schema

    ours = OutputType(model).schema
    assert ours == to_strict_json_schema(model)
    assert list(ours["properties"]) == list(to_strict_json_schema(model)["properties"])


@pytest.mark.parametrize("model", [Plain, Nested, Inner])
@pytest.mark.parametrize("words", [{}, {"name": "look_up"}, {"description": "Looks."}, {"description": ""}])
def test_tool_of_a_pydantic_model_is_the_official_one(model: Any, words: dict[str, str]) -> None:
    ours: Any = martlet.pydantic_function_tool(model, **words)
    assert ours == openai.pydantic_function_tool(model, **words)
    assert json.loads(json.dumps(ours)) == ours


def test_pydantic_dataclass_has_the_official_schema() -> None:
    from openai.lib._pydantic import to_strict_json_schema
    from pydantic.dataclasses import dataclass as checked

    @checked
    class Reading:
        place: str
        degrees: Optional[float] = None  # noqa: UP045

    output: OutputType[Any] = OutputType(Reading)
    assert output.schema == to_strict_json_schema(pydantic.TypeAdapter(Reading))
    assert output.decode('{"place": "a", "degrees": 2}') == Reading("a", 2.0)
    assert output.name == "Reading"


def closed_everywhere(schema: Any) -> bool:
    """Whether every object with named properties requires them all and takes no others."""
    if isinstance(schema, list):
        return all(map(closed_everywhere, schema))
    if not isinstance(schema, Mapping):
        return True
    properties = schema.get("properties")
    if isinstance(properties, Mapping) and not (
        schema["required"] == list(properties) and schema["additionalProperties"] is False
    ):
        return False
    return all(map(closed_everywhere, schema.values()))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Spot, '{"lat": 1.5, "free": {"a": [1]}}', Spot(1.5, {"a": [1]})),
        (Tree, '{"value": 1, "left": {"value": 2, "left": null}}', Tree(1, Tree(2))),
        (Entry, '{"name": "a", "age": 3}', {"name": "a", "age": 3}),
        (list[int], "[1, 2]", [1, 2]),
        (dict[str, Spot], '{"a": {"lat": 1, "free": {}}}', {"a": Spot(1.0)}),
        (list[Plain], '[{"city": "a"}]', [Plain(city="a")]),
        (Literal["yes", "no"], '"yes"', "yes"),
        (int, "3", 3),
    ],
)
def test_any_type_goes_out_as_a_schema_and_comes_back(kind: Any, text: str, value: Any) -> None:
    output: OutputType[Any] = OutputType(kind)
    assert closed_everywhere(output.schema)
    assert output.decode(text) == value
    form: Any = output.response_format()
    assert form["type"] == "json_schema"
    assert form["json_schema"]["schema"] == output.schema
    assert form["json_schema"]["strict"] is True
    with pytest.raises(ValueError, match=r".+"):
        output.decode('{"other": 1')


def test_schema_of_a_struct_is_an_object_at_its_root() -> None:
    schema = OutputType(Place).schema
    assert schema["type"] == "object"
    assert schema["required"] == ["city", "zip", "tags", "extra", "spot", "other"]
    assert set(schema["$defs"]) == {"Spot"}
    assert schema["properties"]["zip"] == {"anyOf": [{"type": "integer"}, {"type": "null"}]}
    assert schema["properties"]["tags"] == {"type": "array", "items": {"type": "string"}, "default": []}
    assert schema["properties"]["extra"]["additionalProperties"] == {"type": "integer"}
    described = schema["properties"]["spot"]
    assert described["description"] == "where in it"
    assert described["required"] == ["lat", "free"]
    assert described["properties"]["free"] == {"type": "object", "default": {}}


def test_schema_of_a_recursive_type_has_an_end() -> None:
    assert set(OutputType(Tree).schema["$defs"]) == {"Tree"}
    own: dict[str, Any] = {"$ref": "#/$defs/A", "description": "again"}
    schema = {"$ref": "#/$defs/A", "$defs": {"A": {"type": "object", "properties": {"a": own}}}}
    strict = strict_schema(schema)
    assert strict["properties"]["a"] == {"$ref": "#/$defs/A"}
    assert schema["$defs"] == {"A": {"type": "object", "properties": {"a": own}}}


def test_names_are_those_that_openai_allows() -> None:
    assert OutputType(pydantic.create_model("Box[int]", a=(int, ...))).name == "Box_int"
    assert OutputType(list[int]).name == "list_int"
    assert OutputType(dict[str, Spot]).name == "dict_str_Spot"
    assert OutputType(Literal["yes", "no"]).name == "Literal_yes_no"  # type: ignore[arg-type]  # a special form


@pytest.mark.parametrize("kind", [object, Any, Plain(city="a"), "json_object", 3, Spot | Place])
def test_what_is_no_form_is_refused_with_the_ones_that_are(kind: Any) -> None:
    with pytest.raises(
        TypeError, match=r"response_format: cannot describe .*msgspec Struct.*schema as a dict"
    ):
        OutputType(kind)


def test_tools_are_made_of_any_class() -> None:
    struct: Any = martlet.function_tool(Place)
    assert struct["type"] == "function"
    assert struct["function"]["name"] == "Place"
    assert struct["function"]["description"] == "Somewhere."
    assert struct["function"]["strict"] is True
    assert "description" not in martlet.function_tool(Tree)["function"]
    assert martlet.function_tool(Documented)["function"]["description"] == "Has words."
    assert martlet.function_tool(Entry, name="f")["function"]["name"] == "f"
    with pytest.raises(TypeError, match="arguments of a function are an object"):
        martlet.function_tool(list[int])
    struct["function"]["parameters"]["properties"].clear()
    assert OutputType(Place).schema["properties"]


def test_classes_made_for_one_call_are_not_kept() -> None:
    def made() -> weakref.ref[type]:
        model = pydantic.create_model("Made", a=(int, ...))
        struct = msgspec.defstruct("Defined", [("a", int)])
        for kind in (model, struct):
            assert OutputType(kind).schema["required"] == ["a"]
        return weakref.ref(struct)

    kept = made()
    gc.collect()
    assert kept() is None


def test_pydantic_is_not_imported_for_other_types() -> None:
    program = (
        "import sys, martlet, dataclasses\n"
        "T = dataclasses.make_dataclass('T', [('a', int)])\n"
        "martlet.function_tool(T)\n"
        "from martlet.client import parsing\n"
        "parsing.parse_call({'response_format': T, 'model': 'm', 'messages': []})\n"
        "assert 'pydantic' not in sys.modules\n"
        "try: martlet.function_tool(object)\n"
        "except TypeError: pass\n"
        "assert 'pydantic' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
