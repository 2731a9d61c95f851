"""The `martlet` command. Each subcommand is a module, imported when it is invoked."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

COMMANDS = {
    "serve": "serve a model over HTTP, speaking vLLM's and OpenAI's wire format",
    "chat": "chat with a model: in this process, or on a server with --base-url; -q for one question",
    "complete": "let a model go on with a text",
    "tokenize": "show the tokens of a text, or the text of tokens",
    "models": "list the models that a server serves",
}

ENVIRONMENT = {
    "MARTLET_API_KEY, VLLM_API_KEY": "serve: the key that clients must send, unless --api-key is given",
    "MARTLET_SSL_KEYFILE_PASSWORD": "serve: what the private key for TLS is locked with",
    "OPENAI_BASE_URL, OPENAI_API_KEY": "all but serve: the server to ask, and the key",
    "MARTLET_KERNELS": "which kernels compute: amx, avx512vnni, avx512, avx2, portable or reference",
    "HF_HOME, HF_TOKEN, HF_ENDPOINT": "where hub models are kept, and how they are fetched",
    "XDG_STATE_HOME": "chat: where martlet/chat_history is kept (~/.local/state)",
    "NO_COLOR": "chat: no colours",
}

DONE, FAILED, MISUSED = 0, 1, 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 misuse."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("-h", "--help", "help"):
        print(usage())
        return DONE
    name, *rest = given
    if name in ("-V", "--version", "version"):
        print(f"martlet {version()}")
        return DONE
    if name not in COMMANDS:
        return complain(f"there is no command {name!r}; there are: {', '.join(COMMANDS)}", MISUSED)
    return run(name, rest)


def run(name: str, arguments: Sequence[str]) -> int:
    """Run a subcommand; what fails on purpose becomes one line, unless --debug asks for the traceback."""
    from martlet.errors import MartletError

    try:
        module = importlib.import_module(f"martlet.cli.{name}")
        return int(module.main(arguments))
    except KeyboardInterrupt:
        if sys.stderr is not None and sys.stderr.isatty():
            print(file=sys.stderr)  # what comes next begins a line, behind the terminal's ^C
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left; nothing more can be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except MartletError as error:
        if "--debug" in arguments:
            raise
        return complain(str(error), FAILED)
    except ModuleNotFoundError as error:
        if "--debug" in arguments or (error.name or "").startswith("martlet"):
            raise
        return complain(f"{name} needs the module {error.name}: pip install 'martlet[serve]'", FAILED)


def complain(problem: str, code: int) -> int:
    from martlet.cli.terminal import harmless

    print(f"martlet: {harmless(' '.join(problem.split()))}", file=sys.stderr)
    return code


def version() -> str:
    from martlet import __version__

    return __version__


def usage() -> str:
    lines = ["usage: martlet COMMAND [OPTIONS]", "", "commands:"]
    lines += table(COMMANDS)
    lines += [
        "",
        "options:",
        *table({"--help": "show this, or a command's options", "--version": "show the version"}),
    ]
    lines += ["", "environment variables:", *table(ENVIRONMENT)]
    lines += ["", "Where no model is named, it is the small one that comes with Martlet: try `martlet chat`."]
    return "\n".join(lines)


def table(rows: dict[str, str]) -> list[str]:
    width = max(map(len, rows))
    return [f"  {name:<{width}}  {text}" for name, text in rows.items()]
