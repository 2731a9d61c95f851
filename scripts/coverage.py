"""Write docs/coverage.md: every method of the official client, and ours beside it.

Both lists come from the packages as they are installed: nothing is kept by hand but the reasons for what is
left out. `--check` writes nothing and fails if the page is out of date.
"""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Iterator
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

import openai

import martlet
from martlet.client import left_out

PAGE = Path(__file__).resolve().parent.parent / "docs" / "coverage.md"
VLLM_PATHS = {
    "POST /v1/chat/completions": "",
    "POST /v1/completions": "",
    "POST /v1/responses": "",
    "GET /v1/responses/{response_id}": "",
    "POST /v1/responses/{response_id}/cancel": "",
    "GET /v1/models": "",
    "POST /v1/embeddings": "",
    "POST /v1/audio/transcriptions": "",
    "POST /v1/audio/translations": "",
    "POST /v1/chat/completions/batch": "",
    "POST /generative_scoring": "",
    "POST /tokenize": "",
    "POST /detokenize": "",
    "GET /tokenizer_info": "",
    "POST /pooling": "",
    "POST /classify": "",
    "POST /score": "",
    "POST /v1/score": "the same as /score",
    "POST /rerank": "",
    "POST /v1/rerank": "the same as /rerank",
    "POST /v2/rerank": "the same as /rerank",
    "POST /v2/embed": "",
    "GET /health": "",
    "GET /ping": "the same as /health",
    "GET /version": "",
    "GET /load": "",
    "GET /metrics": "",
    "GET /server_info": "",
    "POST /v1/load_lora_adapter": "",
    "POST /v1/unload_lora_adapter": "",
    "POST /adapters": "SageMaker's name of /v1/load_lora_adapter",
    "DELETE /adapters/{adapter_name}": "SageMaker's name of /v1/unload_lora_adapter",
    "POST /sleep": "",
    "POST /wake_up": "",
    "GET /is_sleeping": "",
    "POST /pause": "",
    "POST /resume": "",
    "GET /is_paused": "",
    "POST /abort_requests": "",
    "POST /reset_prefix_cache": "",
    "POST /reset_mm_cache": "",
    "POST /reset_encoder_cache": "",
    "POST /collective_rpc": "",
    "POST /invocations": "SageMaker's: any of the above by the shape of its body",
    "POST /v1/messages, /v1/messages/count_tokens, /v1/messages/render": "Anthropic's API",
    "POST /v1/systemone": "for a model of its own",
    "WS /v1/realtime": "needs WebSockets",
    "POST /v1/*/render, /v1/*/derender, /inference/v1/*": "between the parts of a scaled-out vLLM",
    "POST /init_weight_transfer_engine, /start_weight_update, /update_weights ...": "for trainers",
    "GET /get_world_size, /weight_info, POST /weight_checker, /release_kv_cache_memory": "for trainers",
    "GET /kv_event_sources": "for routers",
    "POST /scale_elastic_ep, /is_scaling_elastic_ep, /start_profile, /stop_profile": "for operators",
}
"""What vLLM 0.32 serves, and why there is no method for it; nothing where there is one."""

INTRODUCTION = """\
# Coverage of the official client

Written by `python scripts/coverage.py` from `openai` {version} and this package; a test keeps it true.

{num_present} of the {num_official} methods of the official client are here under the same names, synchronous
and asynchronous, and take every parameter that the official ones take, unless it says so. The rest belongs to
services that OpenAI-compatible servers do not have; `client.get`, `.post`, `.put`, `.patch` and `.delete`
reach their paths too:

```python
from martlet import OpenAI

client = OpenAI()
models = client.get("/models", cast_to=dict[str, object])
```
"""

VLLM_INTRODUCTION = """\
## What vLLM serves

Every path of vLLM 0.32, and our method for it. The others are reached by `client.post("../path", ...)`.

| path | method, or why there is none |
|---|---|
"""


def methods(client: Any) -> dict[str, Any]:
    """The public methods of a client's resources by dotted name, less those of the client itself."""
    return dict(_methods(client, ""))


def _methods(owner: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name in dir(type(owner)):
        if name.startswith(("_", "with_")):
            continue
        declared = inspect.getattr_static(type(owner), name)
        if isinstance(declared, cached_property) or (path and isinstance(declared, property)):
            yield from _methods(getattr(owner, name), f"{path}{name}.")
        elif path and inspect.isfunction(declared):
            yield f"{path}{name}", getattr(owner, name)


def request_of(method: Any) -> str:
    """`POST /files`, from the endpoint that a method of ours is marked with."""
    described = vars(method.__func__).get("__wrapped__")
    if described is None:
        return "several"
    endpoint = described._endpoint()
    path = endpoint.path.removeprefix("..") if endpoint.path.startswith("..") else f"/v1{endpoint.path}"
    return f"{endpoint.method} {path}"


def missing_parameters(ours: Any, theirs: Any) -> list[str]:
    return sorted(inspect.signature(theirs).parameters.keys() - inspect.signature(ours).parameters.keys())


def reason_for(name: str) -> tuple[str, str]:
    """The part of the API that a missing method belongs to, and why it is missing. Raises KeyError."""
    steps = name.split(".")
    for length in range(len(steps), 0, -1):
        part = ".".join(steps[:length])
        if part in left_out.RESOURCES:
            return part, left_out.RESOURCES[part]
    raise KeyError(f"{name} is missing and no reason is given in scripts/coverage.py")


def render() -> str:
    """The page."""
    official = methods(openai.OpenAI(api_key="k", admin_api_key="k"))
    ours = methods(martlet.OpenAI())
    present = [name for name in official if name in ours]
    sections = [
        INTRODUCTION.format(
            version=metadata.version("openai"), num_present=len(present), num_official=len(official)
        ),
        "## What is here\n\n| method | request |\n|---|---|\n" + "".join(map(_row(ours, official), present)),
        "## What is left out\n\n| resource | methods | why |\n|---|---|---|\n"
        + "".join(_left_out([name for name in official if name not in ours])),
        "## What the official client has not\n\n| method | request |\n|---|---|\n"
        + "".join(f"| `{name}` | `{request_of(ours[name])}` |\n" for name in ours if name not in official),
        VLLM_INTRODUCTION + "".join(map(_path_row(ours), VLLM_PATHS)),
    ]
    return "\n".join(sections)


def _path_row(ours: dict[str, Any]) -> Any:
    helpers = ("stream", "parse", "embed")  # other ways to call what `create` calls
    names = sorted(ours, key=lambda name: name.endswith(helpers), reverse=True)
    by_request = {request_of(ours[name]): name for name in names}

    def row(path: str) -> str:
        reason = VLLM_PATHS[path]
        if reason and path in by_request:
            raise ValueError(f"{path} has a method: {by_request[path]}")
        return f"| `{path}` | {reason or f'`{by_request[path]}`'} |\n"

    return row


def _row(ours: dict[str, Any], official: dict[str, Any]) -> Any:
    def row(name: str) -> str:
        lacking = missing_parameters(ours[name], official[name])
        note = f", without {', '.join(f'`{parameter}`' for parameter in lacking)}" if lacking else ""
        return f"| `{name}`{note} | `{request_of(ours[name])}` |\n"

    return row


def _left_out(names: list[str]) -> list[str]:
    counts: dict[tuple[str, str], int] = {}
    for name in names:
        key = reason_for(name)
        counts[key] = counts.get(key, 0) + 1
    return [f"| `{part}` | {count} | {reason} |\n" for (part, reason), count in sorted(counts.items())]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is out of date")
    check = parser.parse_args().check
    page = render()
    if check:
        return 0 if PAGE.read_text() == page else 1
    PAGE.write_text(page)
    print(f"wrote {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
