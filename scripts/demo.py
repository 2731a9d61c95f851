"""The main job, shown in half a minute: serve the house model, run the examples, then many streams at once.

`make demo` calls this after installing. Three servers stand in for the examples' hosts: one on plain HTTP,
one on TLS with a certificate made on the spot, one that makes vectors. The programs run unchanged; only
where they connect to is mapped.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import trustme

from martlet.testing import Server

ROOT = Path(__file__).resolve().parent.parent
MODEL_NAME = "meta-llama/Llama-3.2-1B-Instruct"
"""What the examples ask for; the house model answers under that name."""
API_KEYS = ["EMPTY", "sk-vllm-secret-key", "sk-vllm-key", "production-api-key"]
QUESTIONS = ["What is AI?", "Write a haiku.", "Who are you?", "What can you do?"]
NUM_STREAMS = 64
HAS_COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def styled(code: int, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if HAS_COLOUR else text


def heading(text: str) -> None:
    print("\n" + styled(1, f"\N{BLACK RIGHT-POINTING TRIANGLE} {text}"), flush=True)


def aside(text: str) -> None:
    print(styled(2, f"  {text}"), flush=True)


# --- the servers -------------------------------------------------------------------------------------


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for the examples' TLS host; returns the authority's file and the server's."""
    authority = trustme.CA()
    issued = authority.issue_cert("vllm.example.com")
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    issued.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    return folder / "ca.pem", folder / "server.pem"


def serve(stack: contextlib.ExitStack, shown: str, *flags: str) -> Server:
    """Start `martlet serve` on the house model; it stops with the stack."""
    heading(f"martlet serve {shown}")
    server = Server(None, "--served-model-name", MODEL_NAME, "--api-key", *API_KEYS, *flags)
    stack.enter_context(server)
    found = re.search(r"^martlet: serving .*\)$", server.output, re.MULTILINE)
    print(found[0] if found else server.url, flush=True)
    return server


def address(server: Server) -> str:
    return server.root.partition("://")[2]


# --- what they are used for --------------------------------------------------------------------------


class Examples:
    """Runs the examples against the servers that there are so far."""

    def __init__(self, authority: Path) -> None:
        self.mapping: list[str] = []
        self.num_run = 0
        self._environment = {**os.environ, "SSL_CERT_FILE": str(authority)}

    def run(self, *names: str) -> None:
        for name in names:
            heading(f"python examples/{name}.py")
            started = time.monotonic()
            resolve, program = ROOT / "scripts" / "resolve.py", ROOT / "examples" / f"{name}.py"
            command = [sys.executable, "-u", str(resolve), *self.mapping, str(program)]
            if subprocess.run(command, env=self._environment, check=False, timeout=60).returncode:
                raise SystemExit(f"examples/{name}.py failed; the servers have stopped")
            aside(f"{time.monotonic() - started:.2f} s")
            self.num_run += 1


async def stream_at_once(server: Server) -> None:
    """Stream many answers together, and tell how fast the tokens came."""
    heading(f"{NUM_STREAMS} streams at once")
    async with server.async_client() as client:

        async def answer(question: str) -> tuple[str, int]:
            text, tokens = "", 0
            async for chunk in await client.chat.completions.create(
                model=server.model,
                messages=[{"role": "user", "content": question}],
                stream=True,
                stream_options={"include_usage": True},
            ):
                text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
                tokens += chunk.usage.completion_tokens if chunk.usage else 0
            return text, tokens

        questions = [QUESTIONS[i % len(QUESTIONS)] for i in range(NUM_STREAMS)]
        started = time.perf_counter()
        answers = await asyncio.gather(*[answer(question) for question in questions])
        seconds = time.perf_counter() - started
    for question, (text, _) in list(zip(questions, answers, strict=True))[: len(QUESTIONS)]:
        print(f"{question:18}{' / '.join(text.split(chr(10)))[:90]}")
    tokens = sum(count for _, count in answers)
    rate = f"{tokens / seconds:,.0f} tokens per second"
    print(f"... and {NUM_STREAMS - len(QUESTIONS)} more: {tokens} tokens in {seconds:.2f} s, {rate}")


def main() -> None:
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="martlet-demo-")))
        authority, chain = certificate(folder)
        examples = Examples(authority)

        plain = serve(stack, f"--served-model-name {MODEL_NAME}")
        examples.mapping += [f"localhost:8000={address(plain)}", f"vllm-server:8000={address(plain)}"]
        examples.run("basic", "api_key", "environment")

        tls = serve(stack, "--ssl-certfile ...", "--ssl-certfile", str(chain), "--ssl-keyfile", str(chain))
        examples.mapping.append(f"vllm.example.com:443={address(tls)}")
        examples.run("remote", "async_client", "streaming", "tools", "structured_output", "bulk")

        vectors = serve(stack, "--convert embed", "--convert", "embed")
        examples.mapping.append(f"localhost:8001={address(vectors)}")
        examples.run("embeddings", "in_process")
        asyncio.run(stream_at_once(plain))

    seconds = time.monotonic() - started
    heading(f"{examples.num_run} programs got their answers in {seconds:.0f} s; the servers have stopped")
    print("Your turn: .venv/bin/martlet chat; or .venv/bin/martlet serve, and any of the examples.")


if __name__ == "__main__":
    main()
