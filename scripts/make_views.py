"""Write src/martlet/client/views.py: what type checkers know of `with_raw_response` and its sibling.

At run time the views are made of any resource (client/raw.py); a checker needs each method by its name.
Run it after adding a method or a resource; a test compares.
"""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import martlet
from martlet.client.resources.base import AsyncResource, Resource

TARGET = Path(__file__).resolve().parent.parent / "src/martlet/client/views.py"
COMPOSED = {"stream", "wait_for_processing", "upload_file_chunked"}
"""Methods that make several calls, or none before something else happens: no single answer."""

HEAD = '''"""What type checkers know of `with_raw_response` and `with_streaming_response`; not for run time.

Written by scripts/make_views.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar, overload

from martlet.client.client import AsyncOpenAI, OpenAI
from martlet.client.raw import (
    AsyncResponseContextManager,
    LegacyAPIResponse,
    ResourceView,
    ResponseContextManager,
)
from martlet.client.resources import {modules}

P = ParamSpec("P")
R = TypeVar("R")


def raw(method: Callable[P, R]) -> Callable[P, LegacyAPIResponse[R]]:
    raise NotImplementedError


def async_raw(method: Callable[P, Awaitable[R]]) -> Callable[P, Coroutine[Any, Any, LegacyAPIResponse[R]]]:
    raise NotImplementedError


def streamed(method: Callable[P, R]) -> Callable[P, ResponseContextManager[R]]:
    raise NotImplementedError


def async_streamed(method: Callable[P, Awaitable[R]]) -> Callable[P, AsyncResponseContextManager[R]]:
    raise NotImplementedError

'''
DESCRIPTOR = '''
class {name}:
    """`{attribute}` of every resource and client."""

{overloads}
    @overload
    def __get__(self, instance: object, owner: Any = None) -> ResourceView: ...
    def __get__(self, instance: Any, owner: Any = None) -> Any:
        raise NotImplementedError

'''


def resources(parent: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every resource below a client with its path, the parts before the whole."""
    for name, value in members(parent):
        if isinstance(value, (Resource, AsyncResource)):
            yield from resources(value, (*path, name))
            yield (*path, name), value


def members(resource: Any) -> Iterator[tuple[str, Any]]:
    for name in sorted(dir(resource)):
        if not name.startswith(("_", "with_")):
            yield name, getattr(resource, name)


def class_name(path: tuple[str, ...]) -> str:
    return "".join(part.title().replace("_", "") for part in path)


def written() -> str:
    """The module's text, before formatting."""
    parts: list[str] = []
    modules: set[str] = set()
    found: dict[str, list[tuple[str, str]]] = {"Raw": [], "Streamed": []}
    for client in (martlet.OpenAI(), martlet.AsyncOpenAI()):
        prefix = "Async" if isinstance(client, martlet.AsyncOpenAI) else ""
        names: dict[type, str] = {}
        # `client.beta` repeats resources that have a name of their own.
        for path, resource in sorted(resources(client), key=lambda pair: pair[0][0] == "beta"):
            names.setdefault(type(resource), prefix + class_name(path))
        for kind, listed in found.items():
            done: set[type] = set()
            for _, resource in sorted(resources(client), key=lambda pair: pair[0][0] == "beta"):
                cls = type(resource)
                if cls in done:
                    continue
                done.add(cls)
                module = cls.__module__.rpartition(".")[2]
                modules.add(module)
                source = f"{module}.{cls.__name__}"
                parts.append(view(f"{kind}{names[cls]}", kind, source, resource, names, prefix))
                listed.append((source, f"{kind}{names[cls]}"))
            parts.append(view(f"{kind}{prefix}OpenAI", kind, f"{prefix}OpenAI", client, names, prefix))
            listed.append((f"{prefix}OpenAI", f"{kind}{prefix}OpenAI"))
    descriptors = [
        descriptor(f"{kind}View", attribute, found[kind])
        for kind, attribute in (("Raw", "with_raw_response"), ("Streamed", "with_streaming_response"))
    ]
    return HEAD.replace("{modules}", ", ".join(sorted(modules))) + "\n".join([*parts, *descriptors])


def view(name: str, kind: str, source: str, resource: Any, names: dict[type, str], prefix: str) -> str:
    wrap = f"async_{kind.lower()}" if prefix else kind.lower()
    lines = []
    for member, value in members(resource):
        if isinstance(value, (Resource, AsyncResource)):
            lines.append(f"self.{member} = {kind}{names[type(value)]}(resource.{member})")
        elif isinstance(resource, (Resource, AsyncResource)) and inspect.ismethod(value):
            if member not in COMPOSED:
                lines.append(f"self.{member} = {wrap}(resource.{member})")
    body = "\n        ".join(lines)
    return f"\nclass {name}:\n    def __init__(self, resource: {source}) -> None:\n        {body}\n"


def descriptor(name: str, attribute: str, views: list[tuple[str, str]]) -> str:
    overloads = "\n".join(
        f"    @overload\n    def __get__(self, instance: {source}, owner: Any = None) -> {made}: ..."
        for source, made in views
    )
    return DESCRIPTOR.format(name=name, attribute=attribute, overloads=overloads)


def formatted(text: str) -> str:
    for step in (["check", "--fix", "--select", "I", "--quiet"], ["format"]):
        command = [sys.executable, "-m", "ruff", *step, "--stdin-filename", str(TARGET), "-"]
        text = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    return text


if __name__ == "__main__":
    TARGET.write_text(formatted(written()))
