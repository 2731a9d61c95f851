"""A model in this process, behind the same API as a server's: no port, no second program."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from martlet.cli.local_models import fetch, find_model, load_kernels, named_by_flags
from martlet.cli.sampling import default_sampling
from martlet.client.client import OpenAI
from martlet.client.transport.asgi import BlockingASGITransport
from martlet.engine.config import EngineConfig, SpeculativeConfig
from martlet.engine.engine import Engine
from martlet.server.app import create_app
from martlet.server.loop import EngineLoop
from martlet.server.metrics import Metrics
from martlet.server.settings import ServerSettings
from martlet.server.storage import Storage

if TYPE_CHECKING:
    from starlette.types import ASGIApp

MAX_NUM_SEQS = 8
"""Choices that one request may ask for, and some that are still being given up."""
MAX_NUM_BATCHED_TOKENS = 512
"""A step is worked on to its end, also for nobody: short ones let Ctrl-C act at once."""


@contextmanager
def local_client(model: str | None, options: argparse.Namespace) -> Iterator[tuple[OpenAI, str]]:
    """Yield a client of a model that is loaded here, and the model's name. Raises EngineFailed."""
    found, name = find_model(model)
    folder = found if isinstance(found, Path) else fetch(found, options)
    engine = load_engine(folder, options)
    settings = ServerSettings(
        served_model_names=(name,),
        default_sampling=default_sampling(
            options.generation_config, options.override_generation_config, folder
        ),
        reasoning_parser=options.reasoning_parser,
        access_log=False,
    )
    metrics = Metrics(name, engine.max_model_len)
    loop = EngineLoop(engine, metrics, max_in_flight=10 * MAX_NUM_SEQS)
    storage = Storage()
    app = EngineApp(create_app(loop, engine, settings, metrics, storage), loop)
    try:
        # No clock: a long prompt takes its time, and Ctrl-C is at hand.
        with OpenAI(
            api_key="EMPTY",
            base_url="http://martlet/v1",
            timeout=None,
            max_retries=0,
            http_client=BlockingASGITransport(app),
        ) as client:
            yield client, name
    finally:
        storage.close()


def load_engine(folder: Path, options: argparse.Namespace) -> Engine:
    speculative = options.speculative_config
    kernels = load_kernels(options.num_threads)
    with named_by_flags():
        config = EngineConfig(
            max_model_len=options.max_model_len,
            max_num_seqs=MAX_NUM_SEQS,
            max_num_batched_tokens=MAX_NUM_BATCHED_TOKENS,
            kv_cache_bytes=options.kv_cache_memory_bytes,
            kv_cache_dtype=options.kv_cache_dtype,
            speculative_config=None if speculative is None else SpeculativeConfig.from_json(speculative),
            quantization=options.quantization,
            seed=options.seed,
        )
        engine = Engine.from_folder(folder, config, kernels, options.chat_template)
        engine.warm_up()
        return engine


class EngineApp:
    """The server's app with the life of its engine: the thread runs from startup to shutdown."""

    def __init__(self, app: ASGIApp, loop: EngineLoop) -> None:
        self._app = app
        self._loop = loop

    async def __call__(
        self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        await receive()
        self._loop.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._loop.end_background_work()
        self._loop.stop()
        await send({"type": "lifespan.shutdown.complete"})
