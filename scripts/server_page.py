"""Write the tables of docs/server.md: every endpoint and every flag.

Endpoints are read from apps around the three kinds of models, flags from the command line's parser: nothing
is kept by hand but what an endpoint is for. `--check` writes nothing and fails if the page is out of date.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from martlet.cli.local_models import HOUSE_FOLDER
from martlet.cli.serve import parser
from martlet.engine.engine import Engine, EngineConfig
from martlet.engine.pooling_engine import PoolingEngine
from martlet.server.app import create_app
from martlet.server.loop import EngineLoop
from martlet.server.metrics import Metrics
from martlet.server.openapi import OPERATIONS, operation_name
from martlet.server.settings import ServerSettings

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "server.md"
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


def flag_tables() -> str:
    """Return a table for each group of flags."""
    tables = []
    for group in parser()._action_groups:
        rows = [flag_row(action) for action in group._group_actions if action.dest != "help"]
        if rows:
            title = {"positional arguments": "model", "options": "other"}.get(group.title or "", group.title)
            tables.append("\n".join([f"**{title}**\n", "| flag | |", "|---|---|", *rows]))
    return "\n\n".join(tables)


def flag_row(action: argparse.Action) -> str:
    value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else "")
    value = f" {value}" if value and action.nargs != 0 and action.option_strings else ""
    names = [option for option in action.option_strings if not option.startswith("--no-")] or ["MODEL"]
    shown = ", ".join(f"`{option}{value}`" for option in names).replace("|", "\\|")
    return f"| {shown} | {(action.help or '').replace('|', chr(92) + '|')} |"


def filled(page: str) -> str:
    """Return the page with its tables as they should be."""
    for title, table in (("endpoints", endpoint_table()), ("flags", flag_tables())):
        begin, end = f"<!-- {title} -->\n", f"\n<!-- end of {title} -->"
        before, _, rest = page.partition(begin)
        _, found, after = rest.partition(end.lstrip())
        assert found, f"the page has no place for the {title}"
        page = f"{before}{begin}{table}{end}{after}"
    return page


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="fail if the page is out of date")
    page = PAGE.read_text()
    wanted = filled(page)
    if options.parse_args().check:
        if page != wanted:
            print("docs/server.md is out of date: run `python scripts/server_page.py`", file=sys.stderr)
        return int(page != wanted)
    PAGE.write_text(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
