"""Constraints that cannot be followed are refused, and the refusal says why and where."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import Any

import pytest
import tokenizers
from tokenizers import decoders, models

from martlet.engine.constraints import Constraint, GrammarCompiler
from martlet.engine.text import Tokenizer
from martlet.errors import InvalidParameter, UnsupportedParameter
from tests.engine.constraints.samples import compiler
from tests.engine.fakes import VOCAB_SIZE, byte_tokenizer

STRUCTURE = {"begin": "<a>", "schema": {}, "end": ""}


def problem_of(kind: Any, text: str) -> str:
    with pytest.raises(InvalidParameter) as caught:
        compiler.compile(Constraint(kind, text))
    assert caught.value.param == kind
    return str(caught.value)


def nested(depth: int) -> str:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "array", "items": schema}
    return json.dumps(schema)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "foo"}, ["foo", "at $"]),
        (
            {"properties": {"a": {"type": "array", "items": {"type": "string", "format": "weird"}}}},
            ["weird", "at $.properties.a.items"],
        ),
        ({"anyOf": [{"type": "null"}, {"not": {}}]}, ["not", "at $.anyOf[1]"]),
        ({"properties": {"a": {"$ref": "#/$defs/nope"}}}, ["/$defs/nope", "at $.properties.a"]),
        (
            {"$defs": {"D": {"uniqueItems": True}}, "properties": {"d": {"$ref": "#/$defs/D"}}},
            ["uniqueItems", "at $.$defs.D"],
        ),
        ({"type": "integer", "minimum": 5, "maximum": 2}, ["minimum"]),
        (False, ["false"]),
        ([], ["must be an object"]),
    ],
)  # fmt: skip
def test_faulty_schema_is_refused_with_its_place(schema: Any, expected: list[str]) -> None:
    problem = problem_of("json", json.dumps(schema))
    assert all(part in problem for part in expected), problem


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("json", "{", "is not JSON"),
        ("json", nested(70), "64 levels"),
        ("json", "[" * 100_000, "nest"),
        ("regex", "[.*", "unclosed character class"),
        ("regex", "(?=a)b", "look-around"),
        ("regex", "a\0b", "NUL"),
        ("grammar", " ", "empty"),
        ("grammar", 'root ::= "a" other', "other"),
        ("grammar", 'start: "a" other', "other"),
        ("grammar", 'start: "a', "1("),
        ("structural_tag", "{}", "format"),
        ("structural_tag", '{"format": {"type": "qwen"}}', "qwen"),
        ("structural_tag", '{"format": {"type": "tag", "begin": "<", "end": ">"}}', "content"),
        ("structural_tag", json.dumps({"structures": [STRUCTURE], "triggers": ["x"]}), "<a>"),
        ("structural_tag", '{"format": {"type": "regex", "pattern": "("}}', "unclosed"),
    ],
)  # fmt: skip
def test_faulty_constraint_is_refused_with_its_reason(kind: Any, text: str, expected: str) -> None:
    assert expected in problem_of(kind, text)


def test_deep_but_allowed_schema_compiles() -> None:
    compiler.compile(Constraint("json", nested(63)))


def test_tokenizer_without_bytes_is_refused() -> None:
    backend = tokenizers.Tokenizer(models.WordPiece({"[UNK]": 0, "</s>": 1, "a": 2}, unk_token="[UNK]"))
    backend.decoder = decoders.WordPiece()
    tokenizer = Tokenizer(backend, special_tokens={"eos_token": "</s>"})
    with pytest.raises(UnsupportedParameter):
        GrammarCompiler(tokenizer, tokenizer.vocab_size).compile(Constraint("regex", "a"))


def test_model_without_an_end_is_refused() -> None:
    plain = byte_tokenizer()
    with pytest.raises(UnsupportedParameter):
        GrammarCompiler(Tokenizer(plain._backend), VOCAB_SIZE).compile(Constraint("regex", "a"))


def test_threads_may_compile_together() -> None:
    shared = GrammarCompiler(byte_tokenizer(), VOCAB_SIZE)
    grammars: list[object] = []

    def work(index: int) -> None:
        grammars.append(shared.compile(Constraint("regex", f"[a-z]{{{index % 3}}}")))

    threads = [threading.Thread(target=work, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(grammars) == 8


def test_library_is_imported_with_the_first_constraint_only() -> None:
    program = (
        "import sys, martlet.engine.engine, martlet.server.app\n"
        "assert 'llguidance' not in sys.modules\n"
        "from martlet.engine.constraints import Constraint\n"
        "Constraint('regex', 'a').to_llguidance({})\n"
        "assert 'llguidance' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
