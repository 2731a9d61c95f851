"""Write the tables of docs/server.md and docs/cli.md: every endpoint, every flag, every command.

Endpoints are read from apps around the three kinds of models, flags from the parsers, commands from their
table: nothing is kept by hand but what an endpoint is for. `--check` writes nothing and fails if a page is
out of date.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from martlet.cli import ENVIRONMENT, chat, complete, models, serve, tokenize
from martlet.cli.commands import COMMANDS
from martlet.cli.local_models import HOUSE_FOLDER
from martlet.engine.engine import Engine, EngineConfig
from martlet.engine.pooling_engine import PoolingEngine
from martlet.server.app import create_app
from martlet.server.loop import EngineLoop
from martlet.server.metrics import Metrics
from martlet.server.openapi import OPERATIONS, operation_name
from martlet.server.settings import ServerSettings

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
POOLED = ROOT / "tests" / "fixtures" / "pooled"
ALIASES = frozenset({"/v1/models/", "/v1/score", "/v1/rerank", "/v2/rerank"})


def endpoints() -> Iterator[tuple[str, str]]:
    """Yield each endpoint and the kind of model that has it. Raises KeyError for one without a purpose."""
    config = EngineConfig(max_model_len=64, kv_cache_bytes=1 << 22)
    writing = routes(Engine.from_folder(HOUSE_FOLDER, config))
    folders = (POOLED / "tiny-bert", POOLED / "tiny-roberta-classify")
    pooling = set().union(*(routes(PoolingEngine.from_folder(folder)) for folder in folders))
    unknown = (writing | pooling) - OPERATIONS.keys()
    if unknown:
        raise KeyError(f"say in openapi.OPERATIONS what these are for: {sorted(unknown)}")
    for name in OPERATIONS:
        if name in writing & pooling:
            yield name, "all"
        elif name in writing | pooling:
            yield name, "writing" if name in writing else "pooling"


def routes(engine: Engine | PoolingEngine) -> set[str]:
    settings: dict[str, Any] = {"served_model_names": ("model",), "tokenizer_info": b"{}"}
    if isinstance(engine, Engine):
        settings["allow_runtime_lora_updating"] = True
    metrics = Metrics("model", engine.max_model_len)
    loop = EngineLoop(engine, metrics, max_in_flight=100)
    app: Any = create_app(loop, engine, ServerSettings(**settings), metrics)
    while not hasattr(app, "routes"):
        app = app._app
    return {operation_name(route) for route in app.routes if route.path not in ALIASES}


def endpoint_table() -> str:
    rows = [f"| `{name}` | {OPERATIONS[name].purpose} | {models} |" for name, models in endpoints()]
    return "\n".join(["| endpoint | what for | models |", "|---|---|---|", *rows])


def flag_tables(parser: argparse.ArgumentParser) -> str:
    """Return a table for each group of flags."""
    tables = []
    for group in parser._action_groups:
        rows = [flag_row(action) for action in group._group_actions if action.dest != "help"]
        if rows:
            title = {"positional arguments": "model", "options": "other"}.get(group.title or "", group.title)
            tables.append("\n".join([f"**{title}**\n", "| flag | |", "|---|---|", *rows]))
    return "\n\n".join(tables)


def flag_row(action: argparse.Action) -> str:
    value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else "")
    value = f" {value}" if value and action.nargs != 0 and action.option_strings else ""
    is_switch = isinstance(action, argparse.BooleanOptionalAction)
    hidden = "--no-" if is_switch else "--no-such-flag"
    names = [option for option in action.option_strings if not option.startswith(hidden)] or ["MODEL"]
    return cells(", ".join(f"`{option}{value}`" for option in names), action.help or "")


def command_table() -> str:
    """Return the table of what a conversation's lines may begin with."""
    rows = []
    for command in COMMANDS:
        names = ", ".join(f"`{name}`" for name in (command.usage, *command.aliases))
        rows.append(cells(names, command.help))
    return "\n".join(["| command | |", "|---|---|", *rows])


def environment_table() -> str:
    rows = [cells(f"`{names}`".replace(", ", "`, `"), what) for names, what in ENVIRONMENT.items()]
    return "\n".join(["| variable | |", "|---|---|", *rows])


def cells(*texts: str) -> str:
    return f"| {' | '.join(text.replace('|', chr(92) + '|').replace('<', '&lt;') for text in texts)} |"


TABLES: dict[str, dict[str, Callable[[], str]]] = {
    "server.md": {"endpoints": endpoint_table, "flags": lambda: flag_tables(serve.parser())},
    "cli.md": {
        "commands": command_table,
        "chat": lambda: flag_tables(chat.parser()),
        "complete": lambda: flag_tables(complete.parser()),
        "tokenize": lambda: flag_tables(tokenize.parser()),
        "models": lambda: flag_tables(models.parser()),
        "environment": environment_table,
    },
}
"""Page -> title of each table on it -> what makes it."""


def filled(page: str, tables: Mapping[str, Callable[[], str]]) -> str:
    """Return the page with its tables as they should be."""
    for title, make in tables.items():
        begin, end = f"<!-- {title} -->\n", f"\n<!-- end of {title} -->"
        before, _, rest = page.partition(begin)
        _, found, after = rest.partition(end.lstrip())
        assert found, f"the page has no place for the {title}"
        page = f"{before}{begin}{make()}{end}{after}"
    return page


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="fail if the page is out of date")
    is_check = options.parse_args().check
    stale = []
    for name, tables in TABLES.items():
        page = (DOCS / name).read_text()
        wanted = filled(page, tables)
        if page != wanted:
            stale.append(name)
            if not is_check:
                (DOCS / name).write_text(wanted)
    if is_check and stale:
        print(f"out of date: {', '.join(stale)}; run `python scripts/server_page.py`", file=sys.stderr)
    return int(is_check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
