"""What a user can see: names, signatures, help, and the cost of looking."""

from __future__ import annotations

import inspect
import pydoc
import subprocess
import sys
from importlib import metadata
from typing import Any

import pytest

import martlet
from martlet import AsyncOpenAI, OpenAI
from martlet.client.options import RequestOptions
from martlet.protocol.params import ChatCompletionParams, CompletionParams

openai = pytest.importorskip("openai")


def surface(client: Any, path: str = "") -> dict[str, tuple[Any, str | None]]:
    """Every public method below a client: its signature without the async words, and its docstring."""
    found: dict[str, tuple[Any, str | None]] = {}
    for name in sorted(dir(client)):
        if name.startswith("_"):
            continue
        value = getattr(client, name)
        if inspect.ismethod(value):
            parameters = [
                (p.name, p.kind, str(p.default), str(p.annotation).replace("AsyncApiKey", "ApiKey"))
                for p in inspect.signature(value).parameters.values()
            ]
            found[f"{path}{name}"] = (parameters, value.__doc__)
        elif type(value).__module__.startswith("martlet.client.resources"):
            found |= surface(value, f"{path}{name}.")
    return found


def test_both_clients_offer_the_same_surface() -> None:
    ours, theirs = surface(OpenAI()), surface(AsyncOpenAI())
    assert ours == theirs
    assert {
        "chat.completions.create",
        "completions.create",
        "models.list",
        "models.retrieve",
        "close",
    } <= ours.keys()
    constructors = [inspect.signature(cls).parameters.keys() for cls in (OpenAI, AsyncOpenAI)]
    assert constructors[0] == constructors[1]


def test_constructor_shows_its_defaults() -> None:
    parameters = inspect.signature(OpenAI).parameters
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters.values())
    assert (parameters["timeout"].default, parameters["max_retries"].default) == (60.0, 2)


@pytest.mark.parametrize(
    ("path", "params", "required"),
    [
        ("chat.completions", ChatCompletionParams, ["messages", "model"]),
        ("completions", CompletionParams, ["model", "prompt"]),
    ],
)
@pytest.mark.parametrize("cls", [OpenAI, AsyncOpenAI])
def test_signature_names_every_parameter(cls: Any, path: str, params: Any, required: list[str]) -> None:
    create: Any = cls()
    for step in path.split("."):
        create = getattr(create, step)
    parameters = inspect.signature(create.create).parameters
    assert parameters.keys() == {*params.__annotations__, *RequestOptions.__annotations__, "stream"}
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters.values())
    assert sorted(name for name, p in parameters.items() if p.default is p.empty) == required
    assert "params" not in parameters
    assert parameters["temperature"].annotation == "float | None"


def test_official_parameters_are_all_taken() -> None:
    for path in ("chat.completions.create", "completions.create", "models.list", "models.retrieve"):
        ours: Any = OpenAI()
        theirs: Any = openai.OpenAI(api_key="k")
        for step in path.split("."):
            ours, theirs = getattr(ours, step), getattr(theirs, step)
        assert inspect.signature(theirs).parameters.keys() <= inspect.signature(ours).parameters.keys()


def test_help_and_source_are_about_the_method() -> None:
    create = OpenAI().chat.completions.create
    text = pydoc.plain(pydoc.render_doc(create))
    assert "structured_outputs" in text
    assert "Have the model reply" in text
    assert "return self._client._run" in inspect.getsource(create)
    assert inspect.iscoroutinefunction(AsyncOpenAI().chat.completions.create)
    assert not inspect.iscoroutinefunction(create)


def test_module_stands_in_for_the_official_one() -> None:
    for name in (
        "OpenAI AsyncOpenAI Client AsyncClient Stream AsyncStream Timeout NOT_GIVEN NotGiven Omit omit "
        "OpenAIError APIError APIStatusError APIConnectionError APITimeoutError APIResponseValidationError "
        "BadRequestError AuthenticationError PermissionDeniedError NotFoundError ConflictError "
        "UnprocessableEntityError RateLimitError InternalServerError LengthFinishReasonError "
        "types not_given ContentFilterFinishReasonError DEFAULT_TIMEOUT DEFAULT_MAX_RETRIES __version__"
    ).split():
        assert hasattr(openai, name), name
        assert hasattr(martlet, name), name
        assert name in dir(martlet)
    assert martlet.Client is OpenAI
    assert martlet.AsyncClient is AsyncOpenAI
    with pytest.raises(AttributeError, match="no_such_name"):
        martlet.no_such_name  # noqa: B018


def test_all_is_what_can_be_imported() -> None:
    namespace: dict[str, Any] = {}
    exec("from martlet import *", namespace)
    assert set(martlet.__all__) <= namespace.keys()


def test_version_is_that_of_the_package() -> None:
    assert martlet.__version__ == metadata.version("martlet")


def test_types_have_their_official_names() -> None:
    import martlet.types as types
    from martlet.types import chat

    for ours, theirs in ((types, openai.types), (chat, openai.types.chat)):
        for name in ours.__all__:
            assert getattr(ours, name) is not None
            assert hasattr(theirs, name), name
    with pytest.raises(AttributeError):
        getattr(types, "Nothing")  # noqa: B009  # type checkers know that it is not there


def loaded_by(code: str) -> set[str]:
    program = f"import sys\nbefore = set(sys.modules)\n{code}\nprint(*(set(sys.modules) - before))"
    return set(
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout.split()
    )


def test_import_loads_the_package_alone() -> None:
    assert {name for name in loaded_by("import martlet") if name.startswith("martlet")} == {"martlet"}


def test_first_attribute_of_a_client_loads_no_machinery() -> None:
    loaded = loaded_by("import martlet; martlet.OpenAI().chat.completions")
    heavy = {
        "numpy",
        "asyncio",
        "ssl",
        "msgspec",
        "httptools",
        "inspect",
        "json",
        "socket",
        "logging",
        "email",
        "http",
    }
    assert loaded & heavy == set()
    assert not {
        name for name in loaded if name.startswith(("martlet.server", "martlet.engine", "martlet.protocol"))
    }
    assert len(loaded) < 60


def test_a_sync_call_loads_neither_asyncio_nor_numpy_nor_the_server() -> None:
    loaded = loaded_by(
        "import martlet\n"
        "try: martlet.OpenAI(base_url='http://127.0.0.1:1/v1', max_retries=0).models.list()\n"
        "except martlet.APIConnectionError: pass"
    )
    assert "msgspec" in loaded
    assert not {"asyncio", "numpy", "openai", "pydantic", "httpx"} & loaded
    assert not {
        name for name in loaded if name.startswith(("martlet.server", "martlet.engine", "martlet.cli."))
    }
