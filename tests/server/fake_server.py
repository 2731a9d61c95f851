"""A server process on the fake engine: `python -m tests.server.fake_server slow 0.01`."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from martlet.server.process import run_app
from martlet.server.settings import ServerSettings
from tests.server import fakes
from tests.servers import TINY_LLAMA

PACES: dict[str, Any] = {
    "slow": fakes.slow,
    "stuck": fakes.stuck_at,
    "stuck-tokenizer": fakes.slow,
}


def main(
    pace: str, value: str, shutdown_timeout_s: str = "0", max_queued: str = "64", more_settings: str = "{}"
) -> int:
    settings = ServerSettings(
        served_model_names=("fake",),
        port=0,
        shutdown_timeout_s=float(shutdown_timeout_s),
        max_num_queued_reqs=int(max_queued),
        **json.loads(more_settings),
    )
    if pace == "failing":
        engine: Any = fakes.FailingEngine(int(value))
    else:
        engine = fakes.FakeEngine(before_step=PACES[pace](float(value)))
    if pace == "stuck-tokenizer":
        engine.tokenizer = fakes.StuckTokenizer.from_folder(TINY_LLAMA)
    return run_app(
        settings,
        lambda: engine,
        started_s=time.monotonic(),
        max_num_seqs=64,
        announce=lambda line: print(line, file=sys.stderr, flush=True),  # noqa: T201
    )


if __name__ == "__main__":
    os._exit(main(*sys.argv[1:]))  # as `martlet serve` does while a thread is busy
