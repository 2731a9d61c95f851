"""The server's life as a process: bind, load, prove that a token comes out, serve, stop within a second.

The port is bound before the model is loaded, so that a taken one is known at once, but it listens only when a
token was produced: until then connections are refused.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import os
import signal
import socket
import ssl
import stat
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from martlet.errors import MartletError
from martlet.server.app import create_app
from martlet.server.connection import Connection
from martlet.server.errors import ServerStopping
from martlet.server.logs import JSONFormatter
from martlet.server.loop import EngineLoop
from martlet.server.metrics import Metrics
from martlet.server.middleware import load_middleware
from martlet.server.settings import KEEP_ALIVE_S, ServerSettings
from martlet.server.storage import Storage
from martlet.server.tls import CertificateWatch
from martlet.server.tracing import connect

if TYPE_CHECKING:
    from martlet.engine.engine import Engine
    from martlet.engine.pooling_engine import PoolingEngine

logger = logging.getLogger("martlet.server")

BACKLOG = 2048
MAX_FILES = 65536
GC_THRESHOLDS = (20_000, 10, 10)
"""Requests leave next to nothing for the collector; Python's own 700 has it look thirty times as often."""
UNOWNED = (
    "the storage folder has data that belongs to no key, kept without --api-key or by a Martlet that did not "
    "tell keys apart: only a server without --api-key shows it"
)
SWITCH_INTERVAL_S = 1e-4
"""How long the event loop keeps the engine's thread from its next kernel, or that the loop from its clients.

With Python's own 5 ms a fifth fewer requests are answered in a second.
"""
STREAMS_END_S = 0.4
"""How long open streams get to write their last frames once they were told to end."""


class CannotListen(MartletError):
    """The address cannot be had."""


def run_app(
    settings: ServerSettings,
    load_engine: Callable[[], Engine | PoolingEngine],
    *,
    started_s: float,
    max_num_seqs: int,
    announce: Callable[[str], None],
) -> int:
    """Serve until a signal or an engine failure; return the exit code.

    `announce` gets the ready line; `started_s` is the `time.monotonic()` from which its figure counts.
    Raises MartletError for what keeps the server from starting.
    """
    configure_logging(settings)
    raise_file_limit()
    middleware = load_middleware(settings.middleware)
    tracer = connect(settings.otlp_traces_endpoint) if settings.otlp_traces_endpoint else None
    storage = Storage(settings.storage_dir)
    if settings.api_keys and storage.holds_unowned():
        logger.warning(UNOWNED)
    listener = bind(settings)
    try:
        engine = load_engine()
        engine.warm_up()  # ready means that a token was produced
        metrics = Metrics(settings.model_name, engine.max_model_len)
        loop = EngineLoop(engine, metrics, max_in_flight=max_num_seqs + settings.max_num_queued_reqs)
        app = create_app(loop, engine, settings, metrics, storage, tracer, middleware)

        def ready() -> None:
            seconds = time.monotonic() - started_s
            url = base_url(settings, listener)
            announce(f"martlet: serving {settings.model_name} at {url} (ready in {seconds:.2f} s)")

        config = uvicorn_config(app, settings)
        server = MartletServer(config, loop, settings.shutdown_timeout_s, ready)
        if settings.ssl_refresh and config.ssl is not None:
            server.certificate = CertificateWatch(config.ssl, settings)
        # What was built so far lives as long as the process: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        server.run(sockets=[listener])
        return 1 if server.engine_failed else 0
    finally:
        storage.close()
        listener.close()
        if tracer is not None:
            tracer.close()
        if settings.uds is not None:
            with suppress(FileNotFoundError):
                os.unlink(settings.uds)


def configure_logging(settings: ServerSettings) -> None:
    handler = logging.StreamHandler(sys.stderr)
    is_json = settings.log_format == "json"
    handler.setFormatter(
        JSONFormatter() if is_json else logging.Formatter("martlet: %(levelname)s: %(message)s")
    )
    logging.basicConfig(handlers=[handler], level=logging.DEBUG if settings.debug else logging.WARNING)
    logging.getLogger("asyncio").setLevel(logging.WARNING)


def raise_file_limit() -> None:
    """Allow as many open connections as the system lets us: the usual 1024 leave the others unanswered."""
    with suppress(ImportError, ValueError, OSError):  # there is no such limit on Windows
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


# --- where to listen ------------------------------------------------------------------------------------


def bind(settings: ServerSettings) -> socket.socket:
    """Take the address. Raises CannotListen, saying what to do."""
    if settings.uds is not None:
        return _bind_uds(settings.uds)
    host, port = settings.host, settings.port
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise CannotListen(f"cannot find the address {host}: {error}") from error
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except (OSError, OverflowError) as error:
        listener.close()
        raise CannotListen(_why_not(error, host, port)) from error
    return listener


def _why_not(error: Exception, host: str, port: int) -> str:
    code = getattr(error, "errno", None)
    if code == errno.EADDRINUSE:
        return (
            f"port {port} on {host} is taken: stop what listens there, or choose another (--port 0 finds one)"
        )
    if code == errno.EACCES:
        return f"port {port} needs more rights than you have: choose one above 1023 with --port"
    return f"cannot listen on {host} port {port}: {error}"


def _bind_uds(path: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _remove_stale_socket(path)
        listener.bind(path)
    except OSError as error:
        listener.close()
        reason = (
            "something listens there" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
        )
        raise CannotListen(f"cannot listen on the socket {path}: {reason}") from error
    return listener


def _remove_stale_socket(path: str) -> None:
    """Unlink what a killed server left behind; a socket that still answers stays."""
    try:
        if not stat.S_ISSOCK(os.stat(path).st_mode):
            return
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)


def listen(listener: socket.socket) -> None:
    """Accept connections from here on. Of servers that bound the same port the first has it."""
    try:
        listener.listen(BACKLOG)
    except OSError as error:
        host, port = listener.getsockname()[:2]
        raise CannotListen(_why_not(error, host, port)) from error


def base_url(settings: ServerSettings, listener: socket.socket) -> str:
    if settings.uds is not None:
        return f"unix:{settings.uds}"
    host, port = listener.getsockname()[:2]
    scheme = "https" if settings.ssl_certfile else "http"
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}:{port}{settings.root_path}/v1"


# --- serving --------------------------------------------------------------------------------------------


def uvicorn_config(app: object, settings: ServerSettings) -> uvicorn.Config:
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]  # uvicorn's own ASGI types differ from Starlette's in name only
        http=partial(Connection, client_timeout_s=settings.client_timeout_s),  # type: ignore[arg-type]  # called as one
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        timeout_keep_alive=KEEP_ALIVE_S,
        backlog=BACKLOG,
        ssl_keyfile=settings.ssl_keyfile,
        ssl_certfile=settings.ssl_certfile,
        ssl_keyfile_password=settings.ssl_keyfile_password,
        ssl_ca_certs=settings.ssl_ca_certs,
        ssl_cert_reqs=settings.ssl_cert_reqs,
        ssl_ciphers=settings.ssl_ciphers,
        proxy_headers=False,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        raise CannotListen(f"cannot use {_tls_files(settings)}: {error.strerror or error}") from error
    return config


def _tls_files(settings: ServerSettings) -> str:
    found = f"the certificate {settings.ssl_certfile}"
    if settings.ssl_keyfile is not None:
        found += f" with the key {settings.ssl_keyfile}"
    if settings.ssl_ca_certs is not None:
        found += f" and the authorities {settings.ssl_ca_certs}"
    if settings.ssl_ciphers is not None:
        found += f" under the ciphers {settings.ssl_ciphers}"
    return found


class MartletServer(uvicorn.Server):
    """uvicorn with our life cycle: the engine's thread starts and ends with it, and no stream holds it up."""

    def __init__(
        self, config: uvicorn.Config, loop: EngineLoop, drain_s: float, on_ready: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._engine_loop = loop
        self._drain_s = drain_s
        self._on_ready = on_ready
        self.engine_failed = False
        self.certificate: CertificateWatch | None = None
        loop.on_failure = self._exit_failed

    def _exit_failed(self) -> None:
        self.engine_failed = True
        self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second. Returns whether to stop."""
        if self.certificate is not None and counter % 10 == 0:
            self.certificate.look()
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        for listener in sockets or ():
            listen(listener)
        self._engine_loop.start()
        await super().startup(sockets=sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        self._engine_loop.end_background_work()
        if not self.engine_failed:
            await self._until_idle(self._drain_s)
        self._engine_loop.refuse(ServerStopping())
        for connection in list(self.server_state.connections):
            connection.shutdown()  # closes the idle ones, and the others after their reply
        await self._until_closed(STREAMS_END_S)
        for connection in list(self.server_state.connections):
            connection.transport.abort()  # its client does not read
        self._engine_loop.stop()

    async def _until_idle(self, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while self._engine_loop.num_in_flight and time.monotonic() < deadline and not self.force_exit:
            await asyncio.sleep(0.02)

    async def _until_closed(self, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while self.server_state.connections and time.monotonic() < deadline and not self.force_exit:
            await asyncio.sleep(0.01)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop on SIGINT and SIGTERM; being told to stop is no failure, so the signal is not raised again."""
        signals = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in signals}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            self.force_exit = True  # the second time: at once
        self.should_exit = True
