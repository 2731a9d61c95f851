"""Random constraints, and ways to follow them."""

from __future__ import annotations

import json
import random
import re
from typing import Any

from martlet.engine.constraints import Constraint, Grammar, GrammarCompiler
from martlet.engine.engine import Engine
from tests.engine.fakes import VOCAB_SIZE, byte_tokenizer

compiler = GrammarCompiler(byte_tokenizer(), VOCAB_SIZE)
"""For fake engines."""


def json_constraint(schema: Any, **options: Any) -> Constraint:
    return Constraint("json", json.dumps(schema), **options)


def grammar(kind: Any, text: str, **options: Any) -> Grammar:
    return compiler.compile(Constraint(kind, text, **options))


def compiler_of(engine: Engine) -> GrammarCompiler:
    return GrammarCompiler(engine.tokenizer, engine.vocab_size)


def random_schema(rng: random.Random, depth: int = 3) -> dict[str, Any]:
    kinds = ["string", "integer", "number", "boolean", "null", "enum", "const", "pattern"]
    if depth > 0:
        kinds += ["object", "object", "array", "anyOf", "tuple"]
    kind = rng.choice(kinds)
    if kind == "object":
        names = rng.sample(["a", "b", "long name", 'q"uote', "é", "x\\y"], rng.randint(0, 4))
        return {
            "type": "object",
            "properties": {name: random_schema(rng, depth - 1) for name in names},
            "required": rng.sample(names, rng.randint(0, len(names))),
            "additionalProperties": False,
        }
    if kind == "array":
        low = rng.randint(0, 2)
        items = random_schema(rng, depth - 1)
        return {"type": "array", "items": items, "minItems": low, "maxItems": low + rng.randint(0, 2)}
    if kind == "tuple":
        parts = [random_schema(rng, depth - 1) for _ in range(rng.randint(1, 3))]
        return {"type": "array", "prefixItems": parts, "items": False, "minItems": len(parts)}
    if kind == "anyOf":
        return {"anyOf": [random_schema(rng, depth - 1) for _ in range(rng.randint(1, 3))]}
    if kind == "integer":
        low = rng.randint(-50, 50)
        return {"type": "integer", "minimum": low, "maximum": low + rng.randint(0, 200)}
    if kind == "string":
        low = rng.randint(0, 3)
        return {"type": "string", "minLength": low, "maxLength": low + rng.randint(0, 6)}
    if kind == "pattern":
        return {"type": "string", "pattern": f"^{random_regex(rng, 2)}$"}
    if kind == "enum":
        return {"enum": rng.sample(["red", "grün", 7, -1.5, None, True, {"k": [1]}, []], 3)}
    if kind == "const":
        return {"const": rng.choice(["one", 1, {"a": "b"}, [1, 2], False])}
    return {"type": kind}


def random_regex(rng: random.Random, depth: int = 3) -> str:
    kind = rng.choice(["text", "class", *(["group", "sequence", "repeat", "maybe"] if depth > 0 else [])])
    if kind == "class":
        return rng.choice([r"[a-f]", r"\d", r"[^x-z\n/]", r"[A-Za-z_]", r"[0-9]{2}"])
    if kind == "group":
        return f"({random_regex(rng, depth - 1)}|{random_regex(rng, depth - 1)})"
    if kind == "sequence":
        return random_regex(rng, depth - 1) + random_regex(rng, depth - 1)
    if kind == "repeat":
        low = rng.randint(0, 3)
        return f"({random_regex(rng, depth - 1)}){{{low},{low + rng.randint(0, 3)}}}"
    if kind == "maybe":
        return f"({random_regex(rng, depth - 1)})?"
    return re.escape(rng.choice(["cat", "a", "é", "1.5", "(x)", "~~"]))
