"""Structural tags: free text with spans that follow a schema, as a Lark grammar for llguidance.

Both of vLLM's forms: the older `{"structures": [{begin, schema, end}], "triggers": [...]}`, and
`{"format": {"type": ...}}` with the types of FORMATS. Source: xgrammar's structural tags, as vLLM 0.32 takes
them; the server's own are `mark`, a text that may be a special token, and `text_to_mark`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

ANY_TEXT = r"/(.|\n)*/"


def structural_tag_grammar(
    text: str, json_options: Mapping[str, Any], special_tokens: Mapping[str, int]
) -> str:
    """Return the grammar of a structural tag written as JSON. Raises ValueError, KeyError or TypeError."""
    return Lark(json_options, special_tokens).grammar(_format(text))


def _format(text: str) -> Any:
    tag = json.loads(text)
    if not isinstance(tag, dict):
        raise TypeError(f"must be an object, got {type(tag).__name__}")
    if "structures" in tag:
        return {"type": "triggered_tags", "triggers": tag["triggers"], "tags": _legacy_tags(tag)}
    return tag["format"]


def guided_grammar(
    reasoning: ReasoningSpan | None,
    calls: str | None,
    json_options: Mapping[str, Any],
    special_tokens: Mapping[str, int],
) -> str:
    """Return the grammar of reasoning and then what another grammar, `output`, says, or calls instead.

    `calls` is a structural tag as JSON.
    """
    lark = Lark(json_options, special_tokens)
    output = "@output" if calls is None else f"(@output | {lark.expression(_format(calls))})"
    return lark.grammar_of(output if reasoning is None else lark.after(reasoning, output))


@dataclass(frozen=True, slots=True)
class ReasoningSpan:
    """Reasoning that goes before what is constrained. Of each mark there may be several spellings."""

    start: tuple[str, ...]
    end: tuple[str, ...]
    begins: Literal["written", "maybe", "marked"]
    """Its start is in the prompt; or may be left out; or it is only there if its start is."""


def _legacy_tags(tag: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "begin": structure["begin"],
            "content": {"type": "json_schema", "json_schema": structure["schema"]},
            "end": structure["end"],
        }
        for structure in tag["structures"]
    ]


class Lark:
    """Collects the rules of one grammar. Each format becomes an expression over them."""

    def __init__(self, json_options: Mapping[str, Any], special_tokens: Mapping[str, int]) -> None:
        """`special_tokens` are those whose text no other tokens make up."""
        self._json_options = dict(json_options)
        self._special_tokens = special_tokens
        self._rules: list[str] = []

    def grammar(self, format: Any) -> str:
        return self.grammar_of(self.expression(format))

    def grammar_of(self, start: str) -> str:
        """Return the grammar that begins with an expression over the rules so far."""
        return "\n".join(["%llguidance {}", f"start: {start}", *self._rules]) + "\n"

    def _rule(self, definition: str, attributes: str = "") -> str:
        name = f"part_{len(self._rules)}"
        self._rules.append(f"{name}{attributes}: {definition}")
        return name

    def expression(self, format: Any) -> str:
        if not isinstance(format, dict):
            raise TypeError(f"a format must be an object, got {type(format).__name__}")
        kind = format.get("type")
        if kind not in FORMATS:
            raise ValueError(f"format type {kind!r} is none of {', '.join(FORMATS)}")
        return FORMATS[kind](self, format)

    def after(self, span: ReasoningSpan, output: str) -> str:
        """Return reasoning and then `output`; or reasoning alone, as a model may end before it has closed."""
        start = f"({' | '.join(map(self._mark, span.start))})"
        closed = f"({' | '.join(map(self._text_to, span.end))})"
        rest = f"({closed} {output} | {self._rule(ANY_TEXT)})"
        if span.begins == "written":
            return rest
        return self._rule(f"{start}? {rest}") if span.begins == "maybe" else f"({start} {rest} | {output})"

    def _mark(self, text: str) -> str:
        """Return a mark as the special token that it is, or as text."""
        token_id = self._special_tokens.get(text)
        return literal(text) if token_id is None else f"<[{token_id}]>"

    def _text_to(self, mark: str) -> str:
        """Return any text to the end of the first `mark`."""
        is_token = mark in self._special_tokens
        return self._rule(f"{ANY_TEXT} {self._mark(mark)}", "" if is_token else "[lazy]")

    def mark(self, format: dict[str, Any]) -> str:
        return self._mark(format["value"])

    def text_to_mark(self, format: dict[str, Any]) -> str:
        return self._text_to(format["value"])

    def const_string(self, format: dict[str, Any]) -> str:
        return literal(format["value"])

    def json_schema(self, format: dict[str, Any]) -> str:
        schema = format["json_schema"]
        if isinstance(schema, dict):
            schema = {"x-guidance": self._json_options, **schema}
        return self._rule(f"%json {json.dumps(schema)}")

    def regex(self, format: dict[str, Any]) -> str:
        import llguidance

        return self._rule(f"/{llguidance.regex_to_lark(format['pattern'], 'dws')}/")

    def any_text(self, format: dict[str, Any]) -> str:
        return self._rule(ANY_TEXT)

    def sequence(self, format: dict[str, Any]) -> str:
        return self._rule(" ".join(map(self.expression, format["elements"])) or '""')

    def alternatives(self, format: dict[str, Any]) -> str:
        if not format["elements"]:
            raise ValueError("`or` must have elements")
        return self._rule(" | ".join(map(self.expression, format["elements"])))

    def optional(self, format: dict[str, Any]) -> str:
        return f"({self.expression(format['content'])})?"

    def plus(self, format: dict[str, Any]) -> str:
        return f"({self.expression(format['content'])})+"

    def star(self, format: dict[str, Any]) -> str:
        return f"({self.expression(format['content'])})*"

    def tag(self, format: dict[str, Any], num_begun: int = 0) -> str:
        """Return a tag whose first `num_begun` characters are there already."""
        begin, content, end = format["begin"], format["content"], format["end"]
        if not isinstance(begin, str) or not isinstance(end, (str, list)):
            raise TypeError("begin and end of a tag must be text")
        parts = [literal(begin[num_begun:])]
        ends = [end] if isinstance(end, str) else end
        if content.get("type") == "any_text" and any(ends):
            # Lazy: the text ends where an end is found first.
            parts += [self._rule(f"{ANY_TEXT} ({_any_of(ends)})", "[lazy]")]
        else:
            parts += [self.expression(content), f"({_any_of(ends)})"]
        return self._rule(" ".join(parts))

    def triggered_tags(self, format: dict[str, Any]) -> str:
        tags = [self._triggered(tag, format["triggers"]) for tag in format["tags"]]
        if not tags:
            raise ValueError("must have at least one tag")
        any_tag = f"({' | '.join(tags)})"
        if format.get("stop_after_first"):
            return any_tag if format.get("at_least_one") else f"({any_tag} | {self._rule(ANY_TEXT)})"
        return f"{any_tag}{'+' if format.get('at_least_one') else '*'} {self._rule(ANY_TEXT)}"

    def _triggered(self, tag: dict[str, Any], triggers: list[str]) -> str:
        """Return free text up to the tag's trigger, and the tag from there on."""
        trigger = next((each for each in triggers if each and tag["begin"].startswith(each)), None)
        if trigger is None:
            raise ValueError(f"no trigger begins the tag {tag['begin']!r}")
        text = self._rule(f"{ANY_TEXT} {literal(trigger)}", "[lazy]")
        return self._rule(f"{text} {self.tag(tag, len(trigger))}")

    def tags_with_separator(self, format: dict[str, Any]) -> str:
        any_tag = self._rule(" | ".join(self.tag(tag) for tag in format["tags"]))
        if not format.get("stop_after_first"):
            any_tag = f"{any_tag} ({literal(format['separator'])} {any_tag})*"
        return any_tag if format.get("at_least_one") else f"({any_tag})?"


FORMATS: dict[str, Callable[[Lark, dict[str, Any]], str]] = {
    "const_string": Lark.const_string,
    "json_schema": Lark.json_schema,
    "regex": Lark.regex,
    "any_text": Lark.any_text,
    "sequence": Lark.sequence,
    "or": Lark.alternatives,
    "optional": Lark.optional,
    "plus": Lark.plus,
    "star": Lark.star,
    "tag": Lark.tag,
    "triggered_tags": Lark.triggered_tags,
    "tags_with_separator": Lark.tags_with_separator,
    "mark": Lark.mark,
    "text_to_mark": Lark.text_to_mark,
}


def literal(text: str) -> str:
    """Return `text` as a Lark literal."""
    if not isinstance(text, str):
        raise TypeError(f"must be text, got {type(text).__name__}")
    return json.dumps(text, ensure_ascii=False)


def _any_of(texts: list[str]) -> str:
    return " | ".join(map(literal, texts))
