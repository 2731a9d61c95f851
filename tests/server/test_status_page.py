"""The page at `/`. That its script works was tried in a browser; here is what needs none."""

from __future__ import annotations

import base64
import hashlib
import re

from tests.server.wire import call
from tests.servers import TINY_LLAMA, ServerProcess, start_server


def test_page_comes_whole_and_runs_nothing_but_its_own_script(tiny: ServerProcess) -> None:
    answer = call(tiny, "GET", "/")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert len(answer.body) < 12_000
    assert not re.findall(rb"https?://|src=|innerHTML|\bon\w+=", answer.body)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; connect-src 'self'; ")
    for part in ("script", "style"):
        (text,) = re.findall(rf"<{part}>(.*)</{part}>".encode(), answer.body, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text).digest()).decode()
        assert f"{part}-src 'sha256-{digest}'" in policy


def test_page_asks_for_what_the_server_has(tiny: ServerProcess) -> None:
    page = call(tiny, "GET", "/").body.decode()
    for path in ("v1/models", "metrics"):
        assert f'load("{path}")' in page
        assert call(tiny, "GET", f"/{path}").status == 200
    assert 'fetch("v1/chat/completions"' in page
    names = re.findall(r'figure\(page, "([\w:]+)"\)', page)
    metrics = call(tiny, "GET", "/metrics").body.decode()
    assert len(names) == 4
    assert all(f"\n{name}{{" in metrics for name in names)


def test_page_needs_no_key_and_tells_nothing(tiny: ServerProcess) -> None:
    with start_server(str(TINY_LLAMA), "--api-key", "secret", "--served-model-name", "hidden") as guarded:
        page = call(guarded, "GET", "/")
        assert (page.status, page.body) == (200, call(tiny, "GET", "/").body)
        assert call(guarded, "GET", "/metrics").status == 401
        assert call(guarded, "POST", "/").status == 405
