"""The page at `/`: one static file that tells nothing by itself; its script asks as any client does."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

_PAGE = Path(__file__).with_name("status.html")


async def status_page(request: Request) -> Response:
    page = _PAGE.read_text("utf-8")
    (script,) = re.findall(r"<script>(.*)</script>", page, re.DOTALL)
    (style,) = re.findall(r"<style>(.*)</style>", page, re.DOTALL)
    policy = (
        f"default-src 'none'; connect-src 'self'; script-src {_hash(script)}; style-src {_hash(style)};"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    headers = {
        "content-security-policy": policy,
        "cache-control": "no-cache",
        "referrer-policy": "no-referrer",
    }
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
