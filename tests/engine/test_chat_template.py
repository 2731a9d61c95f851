"""Chat templates: the same prompts as transformers, and failures that say whose fault they are."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tokenizers

from martlet.engine.chat_template import ChatTemplate
from martlet.engine.text import Tokenizer
from martlet.errors import CheckpointError, InvalidParameter, RequestRejected

FIXTURES = Path(__file__).parents[1] / "fixtures"
WITH_CHAT = ["tiny-bias", "tiny-llama", "tiny-llama2", "tiny-llama32", "tiny-smollm2", "tiny-tinyllama"]

SIMPLE = """\
{%- for message in messages %}[{{ message.role }}]{{ message.content }}{% endfor %}
{%- if add_generation_prompt %}[assistant]{% endif %}"""
PARTS = "{% for m in messages %}{% for part in m['content'] %}<{{ part.text }}>{% endfor %}{% endfor %}"

Message = dict[str, Any]


def user(content: Any) -> list[Message]:
    return [{"role": "user", "content": content}]


def render(source: str, messages: list[Message], **variables: Any) -> str:
    return ChatTemplate(source).render(messages, variables)


# The conversation of scripts/make_goldens.py, which needs torch to be imported.
CONVERSATION = [
    {"role": "system", "content": "You are brief."},
    {"role": "user", "content": " What is the capital of France?\n"},
    {"role": "assistant", "content": "Paris, naïve one. 🐦"},
    {"role": "user", "content": "And of 世界?"},
]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Weather in <city> & around",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        },
    }
]


@pytest.mark.parametrize("name", WITH_CHAT)
def test_prompt_equals_transformers(name: str) -> None:
    tokenizer = Tokenizer.from_folder(FIXTURES / name)
    goldens = json.loads((FIXTURES / name / "goldens.json").read_text(encoding="utf-8"))["chat"]
    assert tokenizer.render(CONVERSATION) == goldens["prompt"]
    assert tokenizer.render(CONVERSATION, add_generation_prompt=False) == goldens["finished"]
    assert tokenizer.render(CONVERSATION, tools=TOOLS) == goldens["with_tools"]
    continued = tokenizer.render(CONVERSATION[:3], add_generation_prompt=False, continue_final_message=True)
    assert continued == goldens["continued"]


# --- content ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (SIMPLE, "string"),
        (PARTS, "openai"),
        ("{% for m in messages %}{% for c in m.content | list %}{{ c }}{% endfor %}{% endfor %}", "openai"),
        (
            "{% for m in messages %}{% set x = m.content %}{% for c in x %}{{ c }}{% endfor %}{% endfor %}",
            "openai",
        ),
        (
            "{% macro f(x) %}{% for c in x %}{{ c }}{% endfor %}{% endmacro %}{{ f(messages[0].content) }}",
            "openai",
        ),
        (
            "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% endif %}{% endfor %}",
            "string",
        ),
        (
            "{% for m in messages %}{% for line in m.content.split('x') %}{{ line }}{% endfor %}{% endfor %}",
            "string",
        ),
        ("{% set content = messages[0].role %}{% for c in content %}{{ c }}{% endfor %}", "string"),
    ],
)
def test_content_format_follows_the_template(source: str, wanted: str) -> None:
    assert ChatTemplate(source).content_format == wanted


def test_text_parts_join_by_lines_for_string_templates() -> None:
    parts = [{"type": "text", "text": "one"}, "two", {"type": "refusal", "refusal": "three"}]
    assert render(SIMPLE, user(parts)) == "[user]one\ntwo\nthree[assistant]"


def test_strings_become_parts_for_openai_templates() -> None:
    assert (
        render(PARTS, [*user("one"), *user([{"type": "text", "text": "two"}, "three"])])
        == "<one><two><three>"
    )


def test_missing_content_is_empty() -> None:
    assert (
        render(SIMPLE, [{"role": "user"}, {"role": "assistant", "content": None}])
        == "[user][assistant][assistant]"
    )
    assert render(PARTS, [{"role": "user"}]) == ""


@pytest.mark.parametrize(
    ("content", "param", "problem"),
    [
        (
            [{"type": "image_url", "image_url": {"url": "x"}}],
            "messages[1].content[0]",
            "not a multimodal model",
        ),
        ([{"type": "text"}], "messages[1].content[0]", "not a multimodal model"),
        ([3], "messages[1].content[0]", "'int'"),
        (3, "messages[1].content", "must be text or a list of parts, got int"),
    ],
)
def test_content_that_is_no_text_is_refused_by_name(content: Any, param: str, problem: str) -> None:
    with pytest.raises(InvalidParameter, match=problem) as caught:
        render(SIMPLE, [*user("x"), *user(content)])
    assert caught.value.param == param


def test_no_messages_are_refused() -> None:
    with pytest.raises(InvalidParameter, match="at least one"):
        render(SIMPLE, [])


def test_messages_of_the_caller_stay_as_they_are() -> None:
    messages = [
        {"role": "developer", "content": [{"type": "text", "text": "a"}]},
        {"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": '{"a": 1}'}}]},
    ]
    before = copy.deepcopy(messages)
    for source in (SIMPLE, PARTS):
        ChatTemplate(source).render(messages, {}, add_generation_prompt=False, continue_final_message=True)
    assert messages == before


# --- roles and tool calls -----------------------------------------------------------------------------


def test_developer_becomes_system_where_unknown() -> None:
    messages = [
        {"role": "system", "content": "a"},
        {"role": "developer", "content": "b"},
        {"role": "user", "content": "c"},
    ]
    assert render(SIMPLE, messages) == "[system]a\n\nb[user]c[assistant]"
    assert render("{# developer #}" + SIMPLE, messages) == "[system]a[developer]b[user]c[assistant]"


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [('{"city": "Ur"}', "Ur"), ({"city": "Ur"}, "Ur"), ("", "nowhere"), ("{", "nowhere"), (None, "nowhere")],
)
def test_tool_call_arguments_are_objects(arguments: Any, wanted: str) -> None:
    source = "{{ messages[0].tool_calls[0].function.arguments.get('city', 'nowhere') }}"
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": arguments}}
    assert render(source, [{"role": "assistant", "tool_calls": [call]}]) == wanted


# --- what templates may use ---------------------------------------------------------------------------


def test_variables_reach_the_template() -> None:
    source = "{{ tools[0].name }} {{ documents }} {{ thinking }} {{ bos_token }} {{ continue_final_message }}"
    tokenizer = Tokenizer.from_folder(FIXTURES / "tiny-llama")
    text = tokenizer.render(user("x"), tools=[{"name": "f"}], thinking=False, chat_template=source)
    assert text == "f None False <|begin|> False"


def test_tojson_escapes_nothing() -> None:
    source = "{{ tools | tojson }} {{ tools | tojson(indent=1, sort_keys=true, separators=(',', ':')) }}"
    text = render(source, user("x"), tools={"b": "<é & 'q'>", "a": 1})
    assert text == '{"b": "<é & \'q\'>", "a": 1} {\n "a":1,\n "b":"<é & \'q\'>"\n}'


def test_blocks_are_trimmed_and_loops_controlled() -> None:
    source = "{% for m in messages %}\n  {% if loop.index > 1 %}{% break %}{% endif %}\n{{ m }}\n{% endfor %}"
    assert render(source, user("a") * 3) == "{'role': 'user', 'content': 'a'}\n"


def test_generation_tags_render_their_body() -> None:
    source = "{% for m in messages %}a{% generation %}{{ m.content }}{% endgeneration %}{% endfor %}"
    assert render(source, user("b")) == "ab"


def test_strftime_now_formats_the_time() -> None:
    assert len(render("{{ strftime_now('%Y-%m-%d') }}", user("x"))) == len("2026-01-31")


# --- failures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ raise_exception('Roles must alternate') }}", "^Roles must alternate$"),
        ("{{ messages[9].content.x }}", "has no element 9"),
        ("{% if %}", "does not compile: Expected an expression"),
        ("{{ messages[0].role + 1 }}", "failed on these messages: can only concatenate str"),
        ("{{ 1 / 0 }}", "failed on these messages: division by zero"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{% set x = messages.append(1) %}", "not safely callable|immutable|unsafe"),
    ],
)
def test_template_failure_is_the_callers(source: str, text: str) -> None:
    with pytest.raises(RequestRejected, match=text) as caught:
        render(source, user("x"))
    assert caught.value.status == 400


# --- continuing the final message ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "content", "wanted"),
    [
        (SIMPLE, "Once ", "[user]Once "),
        (SIMPLE.replace("message.content", "message.content | trim"), "Once ", "[user]Once"),
        (SIMPLE.replace("{{ message.content }}", "{{ message.content }}</s>"), "", "[user]"),
        (PARTS.replace("<{{", "{{"), [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "a>b"),
    ],
)
def test_continued_message_is_left_open(source: str, content: Any, wanted: str) -> None:
    template = ChatTemplate(source)
    text = template.render(user(content), {}, add_generation_prompt=False, continue_final_message=True)
    assert text == wanted


def test_continuing_needs_no_generation_prompt() -> None:
    with pytest.raises(InvalidParameter, match="add_generation_prompt"):
        ChatTemplate(SIMPLE).render(user("x"), {}, continue_final_message=True)


def test_continuing_what_is_not_rendered_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="leaves out the final message"):
        ChatTemplate("nothing").render(
            user("x"), {}, add_generation_prompt=False, continue_final_message=True
        )


# --- where templates come from ------------------------------------------------------------------------


def test_option_is_a_path_or_a_template(tmp_path: Path) -> None:
    path = tmp_path / "t.jinja"
    path.write_text("from a file: {{ messages[0].content }}", encoding="utf-8")
    folder = FIXTURES / "tiny-llama1"
    for option, wanted in ((path, "from a file: x"), (str(path), "from a file: x"), ("{{ 1 + 1 }}", "2")):
        tokenizer = Tokenizer.from_folder(folder, chat_template=option)
        assert tokenizer.render(user("x")) == wanted


def test_option_that_is_no_file_is_named() -> None:
    with pytest.raises(
        CheckpointError, match=r"cannot read the chat template 'nowhere\.jinja': No such file"
    ):
        Tokenizer.from_folder(FIXTURES / "tiny-llama", chat_template="nowhere.jinja")


def test_named_template_is_used_for_tools() -> None:
    tokenizer = Tokenizer.from_folder(FIXTURES / "tiny-smollm2")
    assert "Tools" not in tokenizer.render(user("x"))
    assert tokenizer.render(user("x"), tools=[{"name": "f"}]).startswith("<|im_start|>system\nTools: [")


def test_jinja_is_imported_only_to_render() -> None:
    code = (
        "import sys; from martlet.engine.text import Tokenizer;"
        f"t = Tokenizer.from_folder({str(FIXTURES / 'tiny-llama')!r}); assert 'jinja2' not in sys.modules;"
        "t.render([{'role': 'user', 'content': 'x'}]); assert 'jinja2' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=110)


def test_warm_up_leaves_nothing_to_import_for_the_first_chat() -> None:
    code = (
        "import sys; from martlet.engine.engine import Engine;"
        f"engine = Engine.from_folder({str(FIXTURES / 'tiny-llama')!r}); engine.warm_up();"
        "before = set(sys.modules);"
        "engine.tokenizer.render([{'role': 'user', 'content': 'x'}]); assert set(sys.modules) == before"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=110)


def test_warm_up_passes_over_a_template_that_does_not_compile() -> None:
    tokenizer = Tokenizer(
        tokenizers.Tokenizer(tokenizers.models.BPE()), chat_templates={"default": ChatTemplate("{% if %}")}
    )
    tokenizer.warm_up()
    with pytest.raises(RequestRejected, match="does not compile"):
        tokenizer.render(user("x"))


def test_option_that_does_not_compile_is_the_operators_fault() -> None:
    with pytest.raises(CheckpointError, match="does not compile"):
        Tokenizer.from_folder(FIXTURES / "tiny-llama", "{% if %}")
