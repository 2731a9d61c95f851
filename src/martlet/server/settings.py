"""What the server was asked to do. Filled by the command line, read by every part of the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from martlet.server.logs import LogFormat
from martlet.server.storage import Limits

MAX_BODY_BYTES = 32 * 1024 * 1024
KEEP_ALIVE_S = 75
"""Longer than the idle time of common connection pools, which would otherwise meet closed sockets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Everything but the engine. Defaults are the command line's."""

    served_model_names: tuple[str, ...]
    """Replies echo the first; requests may use any."""
    host: str = "127.0.0.1"
    port: int = 8000
    """0 picks a free one."""
    uds: str | None = None
    """Path of a Unix socket, instead of host and port."""
    api_keys: tuple[str, ...] = ()
    """Empty leaves the server open."""
    root_path: str = ""
    ssl_keyfile: str | None = None
    ssl_certfile: str | None = None
    ssl_keyfile_password: str | None = None
    ssl_ca_certs: str | None = None
    """Authorities whose clients are let in."""
    ssl_cert_reqs: int = 0
    """Whether clients need a certificate, as in Python's ssl: 0 no, 1 if they like, 2 yes."""
    ssl_ciphers: str | None = None
    ssl_refresh: bool = False
    """Whether the certificate is read again when its files change."""
    middleware: tuple[str, ...] = ()
    """Import paths of what requests pass behind the gate, the first outermost."""
    max_logprobs: int = 20
    """-1 allows the whole vocabulary."""
    max_num_queued_reqs: int = 4096
    """Sequences that may wait beside those that run."""
    max_body_bytes: int = MAX_BODY_BYTES
    client_timeout_s: float = 60.0
    """How long a client may keep the server waiting: for a request that it began, for reading a reply."""
    request_timeout_s: float = 0.0
    """How long a request may take, waiting included; 0 is for ever."""
    sse_keep_alive_interval_s: float = 0.0
    """After how long without a frame a stream gets a comment; 0 is never."""
    strict: bool = False
    """Whether fields without effect are refused instead of named in a header."""
    allowed_origins: tuple[str, ...] = ()
    allowed_methods: tuple[str, ...] = ("*",)
    allowed_headers: tuple[str, ...] = ("*",)
    allow_credentials: bool = False
    allowed_hosts: tuple[str, ...] = ()
    """Names under which the server may be asked; empty allows all."""
    default_sampling: Mapping[str, Any] = field(default_factory=dict)
    """generation_config.json: what a request that leaves a parameter out gets."""
    trust_request_chat_template: bool = False
    response_role: str = "assistant"
    enable_auto_tool_choice: bool = True
    """Whether models may call tools unasked, as tool_choice "auto" says."""
    tool_call_parser: str = "auto"
    """Format of tool calls; auto finds it by the chat template."""
    reasoning_parser: str = "auto"
    """Format of reasoning; auto finds it by the chat template, "" takes none."""
    exclude_tools_when_tool_choice_none: bool = False
    disable_any_whitespace: bool = False
    """Write constrained JSON without blanks, which small models are prone to add for ever."""
    force_include_usage: bool = False
    prompt_tokens_details: bool = False
    request_id_headers: bool = False
    otlp_traces_endpoint: str | None = None
    """Where to send a span for each sequence; None makes none."""
    access_log: bool = True
    log_format: LogFormat = "text"
    unlogged_paths: tuple[str, ...] = ()
    """Paths whose requests the access log leaves out."""
    allow_runtime_lora_updating: bool = False
    """Whether clients may load and unload adapters, from folders of this machine that they name."""
    lora_base_models: Mapping[str, str] = field(default_factory=dict)
    """An adapter's `parent` in /v1/models, where it is not the first served name."""
    shutdown_timeout_s: float = 0.0
    """How long open requests may go on after SIGTERM."""
    disable_docs: bool = False
    """Whether /openapi.json is left out."""
    tokenizer_info: bytes | None = None
    """What /tokenizer_info answers, as JSON; None leaves it out."""
    storage_dir: str | None = None
    """Where responses, files and batches are kept; None keeps them until the server ends."""
    max_stored_responses: int = 10_000
    max_storage_bytes: int = 1 << 30
    max_storage_age_s: float = 30 * 86400.0
    debug: bool = False

    @property
    def storage_limits(self) -> Limits:
        """Of what may be dropped when it gets too much: responses."""
        return Limits(self.max_stored_responses, self.max_storage_bytes, self.max_storage_age_s)

    @property
    def model_name(self) -> str:
        return self.served_model_names[0]


def fingerprint(version: str, config: object) -> str:
    """Name this build and configuration as `system_fingerprint` does: martlet-<version>-<8 hex of a hash>."""
    return f"martlet-{version}-{sha256(repr(config).encode()).hexdigest()[:8]}"
