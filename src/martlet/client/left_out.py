"""What the official package has and Martlet leaves out, and why: for error messages and docs/coverage.md."""

from __future__ import annotations

_SERVICE = "OpenAI's own service"
_SOCKETS = "needs WebSockets"

RESOURCES = {
    "admin": "OpenAI's own administration API",
    "audio.voice_consents": _SERVICE,
    "audio.voices": _SERVICE,
    "beta": "assistants, threads, agents and ChatKit run on OpenAI's own service; realtime needs WebSockets",
    "containers": _SERVICE,
    "content_provenance_checks": _SERVICE,
    "conversations": f"{_SERVICE}; vLLM keeps no conversations",
    "decisions": _SERVICE,
    "evals": _SERVICE,
    "fine_tuning": _SERVICE,
    "live": _SOCKETS,
    "realtime": _SOCKETS,
    "responses": f"`connect` {_SOCKETS}",
    "safety": _SERVICE,
    "skills": _SERVICE,
    "vector_stores": _SERVICE,
    "videos": "deprecated by OpenAI",
    "webhooks": _SERVICE,
}
"""Resources, with all below them that is missing."""

SETTINGS = {
    "admin_api_key": "for the administration API of OpenAI's own service",
    "workload_identity": "exchanges a cloud's tokens for keys of OpenAI's own service",
    "webhook_secret": "for webhooks of OpenAI's own service",
    "provider": "Azure's and Amazon's ways of signing in",
    "data_residency": "chooses among OpenAI's own hosts: give their `base_url`",
    "websocket_base_url": _SOCKETS,
    "_strict_response_validation": "private; replies are taken as servers send them",
    "_enforce_credentials": "private; a key is not asked for anyway",
}
"""Arguments and attributes of a client."""

_AZURE = "Azure's own ways of signing in are left out: what it serves is reached with `OpenAI(base_url=...)`"
_FORMER = "removed in version 1 of the official package: use a client, such as `OpenAI().chat.completions`"

NAMES = {
    **dict.fromkeys(("AzureOpenAI", "AsyncAzureOpenAI"), _AZURE),
    **dict.fromkeys(("BedrockOpenAI", "AsyncBedrockOpenAI"), _AZURE.replace("Azure", "Amazon", 1)),
    **dict.fromkeys(("ChatCompletion", "Completion", "Embedding", "Engine", "Moderation", "Model"), _FORMER),
    "DEFAULT_CONNECTION_LIMITS": "an object of httpx: pass `limits` to `DefaultHttpxClient`",
    "InvalidWebhookSignatureError": SETTINGS["webhook_secret"],
    "AssistantEventHandler": RESOURCES["beta"],
    "AsyncAssistantEventHandler": RESOURCES["beta"],
}
"""Of the package."""

_VERBS = "reach its paths with client.get(), .post() and the other verbs"


def of_client(path: str) -> str | None:
    """Why an attribute is missing, `path` being what follows `client.`; None for one that nobody has."""
    name = path.partition(".")[0]
    if path in RESOURCES:
        return f"left out ({RESOURCES[path]}): {_VERBS}"
    if path in SETTINGS:
        return f"left out: {SETTINGS[path]}"
    is_part = path in ("responses.connect", *(f"beta.{part}" for part in _BETA))
    return f"left out ({RESOURCES[name]}): {_VERBS}" if is_part else None


_BETA = ("agents", "assistants", "chatkit", "realtime", "responses", "threads", "vaults")


def of_package(name: str) -> str | None:
    """As `of_client`, of `martlet.<name>`."""
    return NAMES.get(name) or of_client(name)
