"""A Hugging Face hub on loopback: the calls that huggingface_hub makes to find and fetch a model's files."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class LocalHub:
    """Serves `repos`: model id -> path in it -> content. Change the fields to change what it answers."""

    def __init__(self, repos: dict[str, dict[str, bytes]]) -> None:
        self.repos = repos
        self.gated: set[str] = set()
        self.status = 200
        """Another one is the answer to everything."""
        self.hang_at = ""
        """A file that ends only once `hang` is set; `reached` tells that it has begun."""
        self.hang = threading.Event()
        self.reached = threading.Event()
        self.fetched: list[str] = []
        """Paths of the files that were asked for."""
        self.url = ""


@contextmanager
def serving(hub: LocalHub) -> Iterator[LocalHub]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path).strip("/").split("/")
            is_api = path[:2] == ["api", "models"]
            repo = "/".join(path[2:4] if is_api else path[:2])
            rest = path[4:] if is_api else path[2:]
            if hub.status != 200:
                self._error(hub.status, "", "out of order")
            elif repo not in hub.repos:
                self._error(404, "RepoNotFound")
            elif repo in hub.gated:
                self._error(403, "GatedRepo")
            elif rest[1:2] not in (["main"], [COMMIT]):
                self._error(404, "RevisionNotFound")
            elif is_api:
                self._json(self._info(repo) if rest[0] == "revision" else self._tree(repo))
            else:
                self._file(hub.repos[repo], "/".join(rest[2:]))

        def _info(self, repo: str) -> object:
            siblings = [{"rfilename": name} for name in hub.repos[repo]]
            return {"id": repo, "modelId": repo, "sha": COMMIT, "siblings": siblings, "tags": []}

        def _tree(self, repo: str) -> object:
            return [
                {"type": "file", "path": name, "size": len(data), "oid": sha1(data).hexdigest()}
                for name, data in hub.repos[repo].items()
            ]

        def _file(self, files: dict[str, bytes], name: str) -> None:
            if name not in files:
                self._error(404, "EntryNotFound")
                return
            data = files[name]
            headers = {"x-repo-commit": COMMIT, "etag": f'"{sha1(data).hexdigest()}"'}
            self._start(200, len(data), headers)
            if self.command == "HEAD":
                return
            hub.fetched.append(name)
            if name == hub.hang_at:
                self.wfile.write(data[:1])
                data = data[1:]
                hub.reached.set()
                hub.hang.wait(100)
            with suppress(OSError):  # its client may have left meanwhile
                self.wfile.write(data)

        def _json(self, value: object) -> None:
            data = json.dumps(value).encode()
            self._start(200, len(data), {"content-type": "application/json"})
            if self.command != "HEAD":
                self.wfile.write(data)

        def _error(self, status: int, code: str, message: str = "no") -> None:
            self._start(status, 0, {"x-error-code": code, "x-error-message": message})

        def _start(self, status: int, length: int, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "content-length": str(length)}.items():
                self.send_header(name, value)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
