"""What the output may be asked to follow, and how llguidance is told so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from martlet.engine.constraints.structural_tag import (
    ReasoningSpan,
    guided_grammar,
    literal,
    structural_tag_grammar,
)
from martlet.errors import InvalidParameter

if TYPE_CHECKING:
    from llguidance._lib import JsonCompileOptions

Kind = Literal["json", "regex", "choice", "grammar", "structural_tag"]

MAX_JSON_NESTING = 64
"""Levels of objects and arrays in a schema, as vLLM."""
WRAPPER_NESTING = 8
"""Levels that a structural tag may add around its schemas."""
BLANKS = r"[ \t\r\n]{1,64}"
"""Blanks between JSON tokens. Unlimited, a weak model may write nothing else until max_tokens."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A description that the whole output must match."""

    kind: Kind
    text: str
    """A JSON schema, a regular expression, a JSON list of texts, a grammar in GBNF or Lark notation, or a
    structural tag as JSON."""
    whitespace_pattern: str | None = None
    """JSON: regular expression of the blanks between tokens, where there are any."""
    disable_any_whitespace: bool = False
    """JSON: no blanks between tokens."""
    reasoning: ReasoningSpan | None = None
    """What goes before it."""
    calls: str | None = None
    """A structural tag that may be followed in its place."""

    def to_llguidance(self, special_tokens: Mapping[str, int]) -> str:
        """Return the constraint in llguidance's notation. Raises InvalidParameter.

        `special_tokens` are the ids of those by their text.
        """

        try:
            own = self._own(special_tokens)
            if self.reasoning is None and self.calls is None:
                return own
            compact = self.json_options() if self.disable_any_whitespace else {"whitespace_pattern": " "}
            main = guided_grammar(self.reasoning, self.calls, compact, special_tokens)
            [output, *others] = _parts(own)
            parts = [{"lark_grammar": main}, {**output, "name": "output"}, *others]
            return json.dumps({"grammars": parts})
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise InvalidParameter(self.kind, _problem(error)) from error

    def _own(self, special_tokens: Mapping[str, int]) -> str:
        from llguidance import LLMatcher

        if self.kind == "json":
            return LLMatcher.grammar_from_json_schema(self._schema(), overrides=self.json_options())
        if self.kind == "structural_tag":
            check_nesting(json.loads(self.text), MAX_JSON_NESTING + WRAPPER_NESTING)
            return LLMatcher.grammar_from_lark(
                structural_tag_grammar(self.text, self.json_options(), special_tokens)
            )
        return LLMatcher.grammar_from_lark(self._lark())

    def json_options(self) -> JsonCompileOptions:
        if self.disable_any_whitespace:
            return {"whitespace_flexible": False}
        return {"whitespace_pattern": self.whitespace_pattern or BLANKS}

    def _schema(self) -> str:
        schema = json.loads(self.text)
        if schema is True:
            return "{}"
        if not isinstance(schema, dict):
            raise ValueError(f"a schema must be an object or true, got {self.text[:40]}")
        check_nesting(schema, MAX_JSON_NESTING)
        return self.text

    def _lark(self) -> str:
        from llguidance import regex_to_lark
        from llguidance.gbnf_to_lark import any_to_lark

        if self.kind == "grammar":
            if not self.text.strip():
                raise ValueError("must not be empty")
            try:
                return any_to_lark(self.text)
            except Exception as error:  # the library raises bare Exception
                raise ValueError(str(error)) from error
        if self.kind == "choice":
            return f"start: {' | '.join(map(literal, json.loads(self.text)))}"
        if "\0" in self.text:
            raise ValueError("must not contain a NUL character")
        # As in xgrammar, which vLLM uses: \d, \w and \s are ASCII's.
        return f"start: /{regex_to_lark(self.text, 'dws')}/"


def _parts(notation: str) -> list[dict[str, Any]]:
    """Return the grammars that llguidance's notation holds."""
    if not notation.startswith("{"):
        return [{"lark_grammar": notation}]
    grammars: list[dict[str, Any]] = json.loads(notation)["grammars"]
    return grammars


def check_nesting(document: object, limit: int) -> None:
    """Raise ValueError if objects and arrays nest deeper than `limit`."""
    level = [document]
    for _ in range(limit):
        level = [child for node in level for child in _children(node) if isinstance(child, (dict, list))]
        if not level:
            return
    raise ValueError(f"nests deeper than {MAX_JSON_NESTING} levels")


def _children(node: object) -> Iterable[object]:
    return node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()


def _problem(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"is not JSON: {error}"
    if isinstance(error, KeyError):
        return f"lacks {error}"
    return "nests too deeply" if isinstance(error, RecursionError) else str(error)
