"""`martlet serve [MODEL]`: flags are spelled as vLLM's, and every one acts."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from martlet.cli.adapters import add_lora_flags, check_lora, check_names, load_adapters, may_update
from martlet.cli.flags import (
    Parser,
    block_size,
    count,
    json_object,
    max_logprobs,
    names,
    paths,
    port,
    positive_seconds,
    root_path,
    seconds,
    structured_outputs_config,
)
from martlet.cli.local_models import (
    add_default_sampling_flags,
    add_engine_flags,
    add_hub_flags,
    add_template_flag,
    fetch,
    find_model,
    load_kernels,
    named_by_flags,
    with_flags,
)
from martlet.errors import InvalidParameter
from martlet.server.parsing.reasoning import FORMATS as REASONING_FORMATS
from martlet.server.parsing.tools import FORMATS as TOOL_FORMATS

if TYPE_CHECKING:
    from martlet.engine.config import EngineConfig
    from martlet.engine.engine import Engine
    from martlet.engine.pooling import PoolerConfig
    from martlet.engine.pooling_engine import PoolingEngine
    from martlet.server.settings import ServerSettings


def main(arguments: Sequence[str]) -> int:
    started_s = time.monotonic() - _age_s()
    flags = parser()
    options = flags.parse_args(arguments)
    check(flags, options)
    if options.stop_with_stdin:
        threading.Thread(target=stop_with_stdin, daemon=True).start()
    config = engine_config(flags, options)
    model, name = find_model(options.model)
    folder = model if isinstance(model, Path) else fetch(model, options)

    from martlet.server.process import run_app

    code = run_app(
        server_settings(options, folder, name),
        lambda: load_engine(folder, config, options),
        started_s=started_s,
        max_num_seqs=config.max_num_seqs,
        announce=lambda line: print(line, file=sys.stderr, flush=True),
    )
    if (
        threading.active_count() > 1 + options.stop_with_stdin
    ):  # a step or a long prompt is still worked on, for nobody
        sys.stderr.flush()
        os._exit(code)
    return code


STOP_S = 10.0
"""How long the server may take to stop by itself, once whoever started it is gone."""


def stop_with_stdin() -> None:
    """Wait for the end of standard input, which comes however its writer ends, and stop the process."""
    with suppress(OSError):
        while os.read(0, 4096):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_S)
    os._exit(1)


def _age_s() -> float:
    """How long this process has run, so that the ready line counts from its start, interpreter included."""
    try:
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        return time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError, ValueError, IndexError):
        return 0.0


# --- flags ------------------------------------------------------------------------------------------------


def parser() -> Parser:
    flags = Parser(
        prog="martlet serve",
        usage="martlet serve [MODEL] [OPTIONS]",
        description="Serve a model over HTTP, as OpenAI and vLLM do. Flags are spelled as vLLM's.",
        allow_abbrev=False,
    )
    flags.add_argument(
        "model", nargs="?", metavar="MODEL",
        help="a folder in Hugging Face's layout, a .gguf file, or a hub id such as "
        "HuggingFaceTB/SmolLM2-135M-Instruct; none serves the house model",
    )  # fmt: skip
    server = flags.add_argument_group("server")
    _add_address_flags(server)
    _add_limit_flags(server)
    _add_storage_flags(server)
    _add_reply_flags(server)
    _add_model_flags(flags.add_argument_group("model"))
    _add_engine_flags(flags.add_argument_group("engine"))
    add_lora_flags(flags.add_argument_group("adapters"))
    flags.add_argument(
        "--stop-with-stdin", action="store_true",
        help="stop when standard input ends, as it does with the program that started the server",
    )  # fmt: skip
    flags.add_argument("--debug", action="store_true", help="show tracebacks and debug messages")
    return flags


def _add_address_flags(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (127.0.0.1: this machine only)"
    )
    group.add_argument("--port", type=port, default=8000, help="0 picks a free one (8000)")
    group.add_argument("--uds", metavar="PATH", help="listen on a Unix socket instead")
    group.add_argument(
        "--api-key", nargs="+", metavar="KEY",
        help="keys of which a client must send one; what is stored with one is not there for the others",
    )  # fmt: skip
    group.add_argument(
        "--root-path",
        metavar="PATH",
        type=root_path,
        default="",
        help="prefix under which a proxy shows the server",
    )
    _add_browser_flags(group)
    _add_tls_flags(group)
    group.add_argument(
        "--middleware", action="append", default=[], metavar="NAME",
        help="import path of ASGI middleware (a class, or a function of request and call_next) that requests "
        "pass once their key was checked; may be given several times",
    )  # fmt: skip


def _add_tls_flags(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--ssl-keyfile", metavar="PATH", help="private key for TLS")
    group.add_argument("--ssl-certfile", metavar="PATH", help="certificate for TLS")
    group.add_argument(
        "--ssl-keyfile-password", metavar="TEXT",
        help="what the private key is locked with; MARTLET_SSL_KEYFILE_PASSWORD keeps it out of sight",
    )  # fmt: skip
    group.add_argument("--ssl-ca-certs", metavar="PATH", help="authorities of clients' certificates")
    group.add_argument(
        "--ssl-cert-reqs", type=int, choices=(0, 1, 2), default=0,
        help="whether clients need a certificate: 0 no, 1 none or a good one, 2 yes (0)",
    )  # fmt: skip
    group.add_argument("--ssl-ciphers", metavar="LIST", help="ciphers of TLS 1.2, as OpenSSL names them")
    group.add_argument(
        "--enable-ssl-refresh", action=argparse.BooleanOptionalAction, default=False,
        help="read certificate and key again when their files change",
    )  # fmt: skip


def _add_limit_flags(group: argparse._ArgumentGroup) -> None:
    switch = argparse.BooleanOptionalAction
    group.add_argument(
        "--max-num-queued-reqs", type=count, default=4096, metavar="N",
        help="sequences that may wait; beyond that requests get 429 (4096)",
    )  # fmt: skip
    group.add_argument(
        "--strict", action=switch, default=False,
        help="refuse requests with fields that have no effect, instead of naming these in x-martlet-ignored",
    )  # fmt: skip
    group.add_argument(
        "--request-timeout", type=seconds, default=0.0, metavar="S",
        help="how long a request may take, waiting included; 0 is for ever (0)",
    )  # fmt: skip
    group.add_argument(
        "--client-timeout", type=positive_seconds, default=60.0, metavar="S",
        help="how long a client may take to go on with a request that it began, or to read (60)",
    )  # fmt: skip
    group.add_argument(
        "--sse-keep-alive-interval", type=seconds, default=0.0, metavar="S",
        help="send a comment into a stream that was silent so long; 0 never does (0)",
    )  # fmt: skip
    group.add_argument(
        "--shutdown-timeout", type=seconds, default=0.0, metavar="S",
        help="how long open requests may go on when the server is told to stop (0)",
    )  # fmt: skip


def _add_storage_flags(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--storage-dir", metavar="PATH",
        help="folder for responses, files and batches, which then outlive the server (a temporary one)",
    )  # fmt: skip
    group.add_argument(
        "--max-stored-responses", type=count, default=10_000, metavar="N",
        help="responses that are kept; the oldest go first (10000)",
    )  # fmt: skip
    group.add_argument(
        "--max-storage-bytes", type=count, default=1 << 30, metavar="N",
        help="bytes of responses that are kept, and bytes of files (1 GiB each)",
    )  # fmt: skip
    group.add_argument(
        "--max-storage-age", type=seconds, default=30 * 86400.0, metavar="S",
        help="how long responses and the files of batches are kept (30 days)",
    )  # fmt: skip


def _add_reply_flags(group: argparse._ArgumentGroup) -> None:
    switch = argparse.BooleanOptionalAction
    group.add_argument(
        "--disable-uvicorn-access-log", "--disable-access-log", dest="access_log", action="store_false",
        help="do not log requests",
    )  # fmt: skip
    group.add_argument(
        "--disable-access-log-for-endpoints", type=paths, default=(), metavar="PATHS",
        help="do not log requests for these, as in /health,/metrics,/ping",
    )  # fmt: skip
    group.add_argument(
        "--log-format", "--logging-config.formatter", dest="log_format", choices=("text", "json"),
        default="text",
        help="json writes each line of the log as an object, requests with their tokens (text)",
    )  # fmt: skip
    group.add_argument(
        "--disable-fastapi-docs", "--disable-docs", dest="disable_docs", action="store_true",
        help="leave out /openapi.json",
    )  # fmt: skip
    group.add_argument(
        "--otlp-traces-endpoint", metavar="URL",
        help="send OpenTelemetry spans there, as in http://localhost:4318/v1/traces; needs martlet[otel]",
    )  # fmt: skip
    group.add_argument(
        "--enable-request-id-headers", action=switch, default=False, help="answer with x-request-id"
    )
    group.add_argument(
        "--enable-force-include-usage", action=switch, default=False, help="send usage in every stream"
    )
    group.add_argument(
        "--enable-prompt-tokens-details",
        action=switch,
        default=False,
        help="tell cached prompt tokens in usage",
    )


def _add_browser_flags(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--allowed-origins", type=names, default=(), metavar="JSON",
        help='sites whose pages may use the server, as in \'["http://localhost:3000"]\' (none)',
    )  # fmt: skip
    group.add_argument(
        "--allowed-methods", type=names, default=("*",), metavar="JSON", help='methods for them (["*"])'
    )
    group.add_argument(
        "--allowed-headers", type=names, default=("*",), metavar="JSON", help='headers for them (["*"])'
    )
    group.add_argument(
        "--allow-credentials", action=argparse.BooleanOptionalAction, default=False,
        help="let them send cookies",
    )  # fmt: skip
    group.add_argument(
        "--allowed-hosts", nargs="+", default=(), metavar="NAME",
        help="names under which the server answers, as in localhost or *.example.org (all)",
    )  # fmt: skip


def _add_model_flags(group: argparse._ArgumentGroup) -> None:
    switch = argparse.BooleanOptionalAction
    group.add_argument(
        "--served-model-name", nargs="+", metavar="NAME", help="names in the API; replies carry the first"
    )
    add_hub_flags(group)
    group.add_argument(
        "--enable-tokenizer-info-endpoint", action=switch, default=False,
        help="show the tokenizer's settings and the chat template at /tokenizer_info",
    )  # fmt: skip
    add_template_flag(group)
    group.add_argument(
        "--trust-request-chat-template", action=switch, default=False,
        help="let requests bring their own chat template",
    )  # fmt: skip
    group.add_argument(
        "--response-role", metavar="ROLE", default="assistant", help="role of the replies (assistant)"
    )
    group.add_argument(
        "--enable-auto-tool-choice", action=switch, default=True,
        help='let the model call tools as it sees fit, as tool_choice "auto" says (on)',
    )  # fmt: skip
    group.add_argument(
        "--tool-call-parser", choices=("auto", *TOOL_FORMATS), default="auto", metavar="NAME",
        help=f"format of the model's tool calls: {', '.join(TOOL_FORMATS)} (auto: what its template shows)",
    )  # fmt: skip
    group.add_argument(
        "--reasoning-parser", choices=("auto", "", *REASONING_FORMATS), default="auto", metavar="NAME",
        help=f"format of the model's reasoning: {', '.join(REASONING_FORMATS)}; '' leaves it in the content "
        "(auto: what its template shows)",
    )  # fmt: skip
    group.add_argument(
        "--exclude-tools-when-tool-choice-none", action=switch, default=False,
        help='do not show the model the tools of requests with tool_choice "none"',
    )  # fmt: skip
    group.add_argument(
        "--structured-outputs-config", dest="disable_any_whitespace", type=structured_outputs_config,
        default=False, metavar="JSON",
        help="how constrained output is written, as in '{\"disable_any_whitespace\": true}', "
        "without which small models may add blanks for ever",
    )  # fmt: skip
    add_default_sampling_flags(group)
    group.add_argument(
        "--runner", choices=("auto", "generate", "pooling"), default="auto",
        help="whether the model makes text, or vectors and scores (auto: what its folder says)",
    )  # fmt: skip
    group.add_argument(
        "--convert", choices=("auto", "none", "embed", "classify"), default="auto",
        help="what a model is pooled for; embed makes vectors with one that makes text (auto)",
    )  # fmt: skip
    group.add_argument(
        "--pooler-config", "--override-pooler-config", dest="pooler_config", type=json_object, default={},
        metavar="JSON",
        help='how to pool, over what the folder says, as in \'{"pooling_type": "MEAN"}\'',
    )  # fmt: skip
    group.add_argument(
        "--max-logprobs",
        type=max_logprobs,
        default=20,
        metavar="N",
        help="most logprobs per position; -1 allows all (20)",
    )


def _add_engine_flags(group: argparse._ArgumentGroup) -> None:
    add_engine_flags(group, quantization=("--quantization", "-q"))
    group.add_argument(
        "--max-num-seqs", type=count, default=64, metavar="N", help="sequences that run together (64)"
    )
    group.add_argument(
        "--max-num-batched-tokens", type=count, default=2048, metavar="N", help="tokens of one step (2048)"
    )
    group.add_argument(
        "--enable-prefix-caching", action=argparse.BooleanOptionalAction, default=True,
        help="keep what was computed for prompts that begin alike (on)",
    )  # fmt: skip
    group.add_argument(
        "--block-size", type=block_size, default=16, metavar="N", help="tokens in a block of the cache (16)"
    )


def check(flags: Parser, options: argparse.Namespace) -> None:
    """Refuse what no flag can see alone."""
    for flag in ("ssl_keyfile", "ssl_keyfile_password", "ssl_ca_certs", "ssl_cert_reqs", "ssl_ciphers"):
        if getattr(options, flag) and not options.ssl_certfile:
            flags.error(f"--{flag.replace('_', '-')} goes with --ssl-certfile, which is missing")
    if options.ssl_cert_reqs and not options.ssl_ca_certs:
        flags.error("--ssl-cert-reqs goes with --ssl-ca-certs, without which no certificate is good")
    if options.runner == "generate" and options.convert in ("embed", "classify"):
        flags.error(f"--convert {options.convert} makes no text: leave out --runner generate")
    check_lora(flags, options)
    if options.api_key is not None and not all(options.api_key):
        flags.error("--api-key is empty, which would let everybody in: give a key, or leave the flag out")


# --- model --------------------------------------------------------------------------------------------------


def load_engine(folder: Path, config: EngineConfig, options: argparse.Namespace) -> Engine | PoolingEngine:
    from martlet.engine.engine import Engine
    from martlet.engine.pooling_engine import PoolingEngine

    kernels = load_kernels(options.num_threads)
    with named_by_flags():
        if pools(folder, options):
            pooler = pooler_config_of(options)
            return PoolingEngine.from_folder(folder, config, kernels, options.chat_template, pooler)
        engine = Engine.from_folder(folder, config, kernels, options.chat_template)
        load_adapters(engine, options.lora_modules)
        return engine


def pools(folder: Path, options: argparse.Namespace) -> bool:
    """Return whether to make vectors and scores with a model: by the flags, else by what its folder says."""
    from martlet.engine.models.pooled import is_pooling_model

    if options.runner == "auto" and options.convert in ("auto", "none"):
        return is_pooling_model(folder)
    return bool(options.runner != "generate")


def pooler_config_of(options: argparse.Namespace) -> PoolerConfig:
    from martlet.engine.pooling import pooler_config

    task = {"task": options.convert} if options.convert in ("embed", "classify") else {}
    return pooler_config(task | options.pooler_config)


# --- settings ---------------------------------------------------------------------------------------------


def engine_config(flags: Parser, options: argparse.Namespace) -> EngineConfig:
    from martlet.engine.config import EngineConfig, SpeculativeConfig

    speculative = options.speculative_config
    try:
        return EngineConfig(
            max_model_len=options.max_model_len,
            max_num_seqs=options.max_num_seqs,
            max_num_batched_tokens=options.max_num_batched_tokens,
            block_size=options.block_size,
            kv_cache_bytes=options.kv_cache_memory_bytes,
            enable_prefix_caching=options.enable_prefix_caching,
            speculative_config=None if speculative is None else SpeculativeConfig.from_json(speculative),
            quantization=options.quantization,
            kv_cache_dtype=options.kv_cache_dtype,
            enable_lora=options.enable_lora,
            max_loras=options.max_loras,
            max_lora_rank=options.max_lora_rank,
            max_cpu_loras=options.max_cpu_loras,
            seed=options.seed,
        )
    except InvalidParameter as error:
        flags.error(with_flags(f"{error.param} {error.problem}"))


def server_settings(options: argparse.Namespace, folder: Path, name: str) -> ServerSettings:
    from martlet.cli.sampling import default_sampling
    from martlet.server.settings import ServerSettings

    served = tuple(options.served_model_name or [name])
    check_names(options.lora_modules, served)
    return ServerSettings(
        served_model_names=served,
        host=options.host,
        port=options.port,
        uds=options.uds,
        api_keys=api_keys(options.api_key, os.environ),
        root_path=options.root_path,
        ssl_keyfile=options.ssl_keyfile,
        ssl_certfile=options.ssl_certfile,
        ssl_keyfile_password=options.ssl_keyfile_password or os.environ.get("MARTLET_SSL_KEYFILE_PASSWORD"),
        ssl_ca_certs=options.ssl_ca_certs,
        ssl_cert_reqs=options.ssl_cert_reqs,
        ssl_ciphers=options.ssl_ciphers,
        ssl_refresh=options.enable_ssl_refresh,
        middleware=tuple(options.middleware),
        max_logprobs=options.max_logprobs,
        max_num_queued_reqs=options.max_num_queued_reqs,
        default_sampling=default_sampling(
            options.generation_config, options.override_generation_config, folder
        ),
        trust_request_chat_template=options.trust_request_chat_template,
        response_role=options.response_role,
        enable_auto_tool_choice=options.enable_auto_tool_choice,
        tool_call_parser=options.tool_call_parser,
        reasoning_parser=options.reasoning_parser,
        exclude_tools_when_tool_choice_none=options.exclude_tools_when_tool_choice_none,
        disable_any_whitespace=options.disable_any_whitespace,
        force_include_usage=options.enable_force_include_usage,
        prompt_tokens_details=options.enable_prompt_tokens_details,
        request_id_headers=options.enable_request_id_headers,
        disable_docs=options.disable_docs,
        otlp_traces_endpoint=options.otlp_traces_endpoint,
        access_log=options.access_log,
        log_format=options.log_format,
        unlogged_paths=options.disable_access_log_for_endpoints,
        strict=options.strict,
        request_timeout_s=options.request_timeout,
        client_timeout_s=options.client_timeout,
        sse_keep_alive_interval_s=options.sse_keep_alive_interval,
        allowed_origins=options.allowed_origins,
        allowed_methods=options.allowed_methods,
        allowed_headers=options.allowed_headers,
        allow_credentials=options.allow_credentials,
        allowed_hosts=tuple(options.allowed_hosts),
        allow_runtime_lora_updating=may_update(options.allow_runtime_lora_updating, os.environ),
        lora_base_models={
            each.name: each.base_model_name for each in options.lora_modules if each.base_model_name
        },
        shutdown_timeout_s=options.shutdown_timeout,
        tokenizer_info=tokenizer_info(options, folder) if options.enable_tokenizer_info_endpoint else None,
        storage_dir=options.storage_dir,
        max_stored_responses=options.max_stored_responses,
        max_storage_bytes=options.max_storage_bytes,
        max_storage_age_s=options.max_storage_age,
        debug=options.debug,
    )


def tokenizer_info(options: argparse.Namespace, folder: Path) -> bytes:
    """Return the model's tokenizer_config.json, with the chat template that is in use."""
    from martlet.engine.chat_template import chat_template_from_option, read_chat_templates

    try:
        found: dict[str, Any] = json.loads((folder / "tokenizer_config.json").read_bytes())
    except (OSError, ValueError):
        found = {}
    if options.chat_template is not None:
        found["chat_template"] = chat_template_from_option(options.chat_template).source
    elif "default" in (templates := read_chat_templates(folder, found)):
        found["chat_template"] = templates["default"].source
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def api_keys(given: Sequence[str] | None, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The flag wins over MARTLET_API_KEY, and that over VLLM_API_KEY. An empty variable counts as none."""
    if given:
        return tuple(given)
    key = environment.get("MARTLET_API_KEY") or environment.get("VLLM_API_KEY")
    return (key,) if key else ()
