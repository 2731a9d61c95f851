"""Record what a vLLM 0.32 on this machine answers to the corpus's requests: `make corpus`.

Installs vLLM as `make interop` does, serves each configuration of tests/corpus/servers.py, and writes
tests/corpus/recorded/NAME.jsonl. Every request is sent until an answer has come twice; one that is answered
differently each time is named. `--only` takes some of the servers; `--url` uses a vLLM that runs already;
`--new` sends only requests that are not recorded yet. Run it as `python -m scripts.record_corpus`.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scripts import interop
from tests.corpus import checkpoints
from tests.corpus.pairs import RECORDED, Call, Json, Pair, kept, read_calls, read_pairs, send, write_pairs
from tests.corpus.servers import CONFIGURATIONS, Configuration

ATTEMPTS = 8
VERSION = interop.VLLM.partition("==")[2]


@contextlib.contextmanager
def vllm(configuration: Configuration, folder: Path) -> Iterator[str]:
    """Serve a configuration, its checkpoint and adapter written to `folder`."""
    interop.install()
    model = checkpoints.make(configuration.checkpoint, folder / "model")
    adapter = checkpoints.make("adapter", folder / "adapter")
    options = [*configuration.options, *configuration.vllm]
    options = [option.replace("{adapter}", str(adapter)) for option in options]
    server = interop.Server(lambda: model, configuration.served_names, options, [], configuration.environment)
    with interop.vllm_server(server) as url:
        yield url


def record(name: str, url: str, folder: Path, *, is_new: bool) -> None:
    known = {}
    if is_new and (RECORDED / f"{name}.jsonl").exists():
        known = {pair.call.name: pair for pair in read_pairs(name)[1]}
    pairs = []
    for call in read_calls(name):
        pair = known.get(call.name)
        if pair is None or pair.call != call:
            pair = Pair(call, steady_reply(url, call, folder / "adapter"))
        pairs.append(pair)
    digest = checkpoints.digest(checkpoints.make(CONFIGURATIONS[name].checkpoint, folder / "model"))
    write_pairs(name, {"vllm": VERSION, "checkpoint": digest}, pairs)
    print(f"{name}: {len(pairs)} pairs", flush=True)


def steady_reply(url: str, call: Call, adapter: Path) -> Json:
    """Return a reply that came twice, with the most frames: when it is late, vLLM puts tokens together."""
    replies: list[Json] = []
    for number in range(1 if call.once else ATTEMPTS):
        reply = kept(send(url, call, adapter))
        replies.append(reply)
        twice = [each for each in replies if call.once or replies.count(each) > 1]
        if twice and (call.once or number >= 2 or "frames" not in reply):
            return max(twice, key=_num_frames)
    print(
        f"never answered alike: {call.name}", *(str(reply)[:500] for reply in replies), sep="\n", flush=True
    )
    return max(replies, key=_num_frames)


def _num_frames(reply: Json) -> int:
    return len(reply.get("frames", ()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=CONFIGURATIONS, default=list(CONFIGURATIONS))
    parser.add_argument("--url", help="base URL of a vLLM that runs already; needs --only with one server")
    parser.add_argument(
        "--new", action="store_true", help="keep the recorded pairs whose request is the same"
    )
    arguments = parser.parse_args()
    for name in arguments.only:
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            url = arguments.url or stack.enter_context(vllm(CONFIGURATIONS[name], folder))
            record(name, url, folder, is_new=arguments.new)


if __name__ == "__main__":
    main()
