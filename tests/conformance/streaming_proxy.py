"""Stands before the mock server, which knows no event streams: `python streaming_proxy.py HOST:PORT`.

Where a request asks for a stream, the document that the mock server sends becomes a stream of one event.
Prints its own port.
"""

from __future__ import annotations

import http.client
import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FORM_FIELD = re.compile(rb'name="stream"\r\n\r\ntrue\r\n')
NOT_FORWARDED = {"connection", "content-length", "keep-alive", "transfer-encoding"}


def asks_for_stream(path: str, content_type: str, body: bytes) -> bool:
    if content_type.startswith("multipart/form-data"):
        return FORM_FIELD.search(body) is not None
    if content_type.startswith("application/json") and body:
        document = json.loads(body)
        return isinstance(document, dict) and document.get("stream") is True
    return "stream=true" in path.partition("?")[2].split("&")


def as_event(document: bytes) -> bytes:
    return b"data: " + json.dumps(json.loads(document)).encode() + b"\n\ndata: [DONE]\n\n"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    upstream = ""

    def _forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        upstream = http.client.HTTPConnection(self.upstream, timeout=60)
        try:
            headers = dict(self.headers.items())
            upstream.request(self.command, self.path, body or None, headers)
            answer = upstream.getresponse()
            document = answer.read()
        finally:
            upstream.close()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in NOT_FORWARDED}
        asked = asks_for_stream(self.path, self.headers.get("content-type") or "", body)
        if asked and answer.status == 200 and (answer.getheader("content-type") or "").endswith("json"):
            kept = {name: value for name, value in kept.items() if name.lower() != "content-type"}
            kept["content-type"], document = "text/event-stream", as_event(document)
        self._answer(answer.status, kept, document)

    def _answer(self, status: int, headers: dict[str, str], document: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("content-length", str(len(document)))
        self.end_headers()
        self.wfile.write(document)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _forward

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the mock server logs."""


def main() -> None:
    Handler.upstream = sys.argv[1]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
