"""Chat templates: messages to prompt text, by the Jinja template that comes with a model.

Templates are run as transformers runs them: sandboxed, with trimmed blocks, loop controls,
`raise_exception`, `strftime_now` and a `tojson` that escapes nothing. Source: transformers 5.23,
utils/chat_template_utils.py, for the names a template may rely on; vLLM 0.32 for the messages it receives.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from martlet.errors import CheckpointError, InvalidParameter, RequestRejected

if TYPE_CHECKING:
    from jinja2 import Template, nodes
    from jinja2.sandbox import ImmutableSandboxedEnvironment

Message = dict[str, Any]
ContentFormat = Literal["string", "openai"]

# Ends in a space, so that a template which strips the content also strips it, and that can be seen.
_CONTINUE_MARK = "MARTLET_CONTINUES_HERE "

_TEXT_KEYS = {"text": "text", "input_text": "text", "output_text": "text", "refusal": "refusal"}
"""Kinds of content part that are text, and the key that holds it."""

_TEMPLATE_FAILURES = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What a template's expressions raise on messages they were not written for, besides jinja2's own errors."""


class ChatTemplate:
    """One Jinja chat template. jinja2 is imported when it is first rendered."""

    def __init__(self, source: str) -> None:
        self.source = source

    @cached_property
    def content_format(self) -> ContentFormat:
        """ "openai" if the template walks over the parts of a message's content, else "string"."""
        return "openai" if _iterates_over_content(_parse(self.source)) else "string"

    @cached_property
    def _compiled(self) -> Template:
        from jinja2 import TemplateError

        try:
            return _environment().from_string(self.source)
        except TemplateError as error:
            raise RequestRejected(f"the chat template does not compile: {error}") from error

    def compile(self) -> None:
        """Do now what the first rendering would do. Raises RequestRejected for a template that is none."""
        _ = self._compiled, self.content_format

    def render(
        self,
        messages: Sequence[Mapping[str, Any]],
        variables: Mapping[str, Any],
        *,
        add_generation_prompt: bool = True,
        continue_final_message: bool = False,
    ) -> str:
        """Return the prompt for `messages`; `variables` are the other names that the template may read.

        Raises RequestRejected with the template's own words when it refuses the messages or fails on them.
        """
        if continue_final_message and add_generation_prompt:
            raise InvalidParameter("continue_final_message", "needs add_generation_prompt to be false")
        prepared = self._prepare(messages)
        if continue_final_message:
            _mark_end(prepared)
        text = self._run(
            {
                **variables,
                "messages": prepared,
                "add_generation_prompt": add_generation_prompt,
                "continue_final_message": continue_final_message,
            }
        )
        return _cut_at_mark(text) if continue_final_message else text

    def _run(self, variables: Mapping[str, Any]) -> str:
        from jinja2 import TemplateError

        template = self._compiled
        try:
            return template.render(variables)
        except TemplateError as error:
            raise RequestRejected(str(error)) from error
        except _TEMPLATE_FAILURES as error:
            raise RequestRejected(f"the chat template failed on these messages: {error}") from error

    def _prepare(self, messages: Sequence[Mapping[str, Any]]) -> list[Message]:
        if not messages:
            raise InvalidParameter("messages", "must hold at least one message")
        content_format = self.content_format
        prepared = [_prepare_message(dict(m), i, content_format) for i, m in enumerate(messages)]
        return prepared if "developer" in self.source else _developer_as_system(prepared)


def read_chat_templates(folder: Path, tokenizer_config: Mapping[str, Any]) -> dict[str, ChatTemplate]:
    """Return a model folder's templates by name; the one for ordinary use is "default"."""
    found = tokenizer_config.get("chat_template")
    sources: dict[str, str] = {}
    if isinstance(found, str):
        sources["default"] = found
    elif isinstance(found, list):
        try:
            sources.update((str(entry["name"]), str(entry["template"])) for entry in found)
        except (TypeError, KeyError) as error:
            problem = "'chat_template' must be a template, or a list of objects with name and template"
            raise CheckpointError(f"{folder / 'tokenizer_config.json'}: {problem}") from error
    for path in sorted((folder / "additional_chat_templates").glob("*.jinja")):
        sources[path.stem] = _read_template(path)
    path = folder / "chat_template.jinja"
    if path.is_file():
        sources["default"] = _read_template(path)
    return {name: ChatTemplate(source) for name, source in sources.items()}


def chat_template_from_option(value: str | Path) -> ChatTemplate:
    """Return the template that an operator named: the path of a file, or the template itself on one line.

    Raises CheckpointError for one that does not compile: it was given so that chats work.
    """
    is_template = isinstance(value, str) and re.search(r"\{[{%#]|\n", value) is not None
    template = ChatTemplate(str(value) if is_template else _read_template(Path(value)))
    try:
        template.compile()
    except RequestRejected as error:
        raise CheckpointError(str(error)) from error
    return template


def _read_template(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise CheckpointError(f"cannot read the chat template {str(path)!r}: {reason}") from error


# --- messages -----------------------------------------------------------------------------------------


def _prepare_message(message: Message, index: int, content_format: ContentFormat) -> Message:
    message["content"] = _shape_content(message.get("content"), f"messages[{index}].content", content_format)
    reasoning = message.get("reasoning") or message.get("reasoning_content")
    if reasoning:  # under both names: some templates know the one, some the other
        message["reasoning"] = message["reasoning_content"] = reasoning
    if isinstance(message.get("tool_calls"), Sequence):
        message["tool_calls"] = [_with_parsed_arguments(call) for call in message["tool_calls"]]
    return message


def _shape_content(content: Any, where: str, content_format: ContentFormat) -> str | list[Message]:
    if isinstance(content, str):
        texts = [content]
    elif content is None:
        texts = []
    elif isinstance(content, Sequence):
        texts = [_part_text(part, f"{where}[{i}]") for i, part in enumerate(content)]
    else:
        raise InvalidParameter(where, f"must be text or a list of parts, got {type(content).__name__}")
    if content_format == "string":
        return "\n".join(texts)
    return [{"type": "text", "text": text} for text in texts]


def _part_text(part: Any, where: str) -> str:
    if isinstance(part, str):
        return part
    kind = part.get("type") if isinstance(part, Mapping) else type(part).__name__
    text = part.get(_TEXT_KEYS[kind]) if isinstance(part, Mapping) and kind in _TEXT_KEYS else None
    if not isinstance(text, str):
        raise InvalidParameter(where, f"this is not a multimodal model: it reads text parts, not {kind!r}")
    return text


def _with_parsed_arguments(call: Any) -> Any:
    """Return the tool call with its arguments as an object, as templates expect it; {} if malformed."""
    if not isinstance(call, Mapping) or not isinstance(call.get("function"), Mapping):
        return call
    arguments = call["function"].get("arguments")
    if arguments is None or isinstance(arguments, str):
        try:
            arguments = json.loads(arguments or "{}")
        except ValueError:
            arguments = {}
    return {**call, "function": {**call["function"], "arguments": arguments}}


def _developer_as_system(messages: list[Message]) -> list[Message]:
    """Make developer messages system messages, for a template that does not know the role.

    Neighbours are merged: many templates accept only one system message, at the start.
    """
    if all(message.get("role") != "developer" for message in messages):
        return messages
    merged: list[Message] = []
    for message in messages:
        if message.get("role") == "developer":
            message = {**message, "role": "system"}
        if merged and message.get("role") == merged[-1].get("role") == "system":
            first, second = merged[-1]["content"], message["content"]
            content = f"{first}\n\n{second}" if isinstance(first, str) else first + second
            merged[-1] = {**merged[-1], "content": content}
        else:
            merged.append(message)
    return merged


def _mark_end(messages: list[Message]) -> None:
    last = messages[-1]
    if isinstance(last["content"], str):
        last["content"] += _CONTINUE_MARK
    elif last["content"]:
        last["content"][-1]["text"] += _CONTINUE_MARK
    else:
        last["content"] = [{"type": "text", "text": _CONTINUE_MARK}]


def _cut_at_mark(text: str) -> str:
    at = text.rfind(_CONTINUE_MARK.rstrip())
    if at < 0:
        raise InvalidParameter("continue_final_message", "the template leaves out the final message's text")
    strips_content = not text.startswith(_CONTINUE_MARK, at)
    return text[:at].rstrip() if strips_content else text[:at]


# --- Jinja --------------------------------------------------------------------------------------------


def _environment() -> ImmutableSandboxedEnvironment:
    import jinja2.ext
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class GenerationTag(jinja2.ext.Extension):
        """`{% generation %}`: marks the assistant's words for training; here it only renders its body."""

        tags = {"generation"}  # noqa: RUF012 - jinja2 declares it as a plain class attribute

        def parse(self, parser: Any) -> list[nodes.Node]:
            next(parser.stream)
            body: list[nodes.Node] = parser.parse_statements(("name:endgeneration",), drop_needle=True)
            return body

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols, GenerationTag]
    )
    environment.filters["tojson"] = _tojson
    environment.globals["raise_exception"] = _raise_exception
    environment.globals["strftime_now"] = _strftime_now
    return environment


def _tojson(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def _raise_exception(message: str) -> None:
    from jinja2 import TemplateError

    raise TemplateError(message)


def _strftime_now(format: str) -> str:
    return datetime.now().strftime(format)


def _parse(source: str) -> nodes.Template:
    from jinja2 import TemplateError

    try:
        return _environment().parse(source)
    except TemplateError as error:
        raise RequestRejected(f"the chat template does not compile: {error}") from error


def _iterates_over_content(tree: nodes.Template) -> bool:
    from jinja2 import nodes

    aliases = _content_aliases(tree)
    return any(_is_content(loop.iter, aliases) for loop in tree.find_all(nodes.For))


def _content_aliases(tree: nodes.Template) -> set[str]:
    """Return the names that hold a message's content: assigned from it, or parameters of a macro given it."""
    aliases: set[str] = set()
    bindings = list(_bindings(tree))
    while True:
        more = {name for name, value in bindings if _is_content(value, aliases)} - aliases
        if not more:
            return aliases
        aliases |= more


def _bindings(tree: nodes.Template) -> Iterator[tuple[str, nodes.Node]]:
    from jinja2 import nodes

    for assign in tree.find_all(nodes.Assign):
        if isinstance(assign.target, nodes.Name):
            yield assign.target.name, assign.node
    macros = {macro.name: macro for macro in tree.find_all(nodes.Macro)}
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in macros:
            for parameter, value in zip(macros[call.node.name].args, call.args, strict=False):
                yield parameter.name, value


def _is_content(node: nodes.Node, aliases: set[str]) -> bool:
    from jinja2 import nodes

    if isinstance(node, nodes.Filter) and node.node is not None:
        return _is_content(node.node, aliases)
    if isinstance(node, nodes.Getitem):
        return isinstance(node.arg, nodes.Const) and node.arg.value == "content"
    if isinstance(node, nodes.Getattr):
        return node.attr == "content"
    return isinstance(node, nodes.Name) and node.name in aliases
