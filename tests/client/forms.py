"""Multipart bodies taken apart, for comparing what two clients sent."""

from __future__ import annotations

from tests.client.scripted import Seen


def plain_form(seen: Seen) -> bytes:
    """The body with its boundary, which is random, replaced by `B`."""
    media_type, _, boundary = seen.headers["content-type"].partition("; boundary=")
    assert media_type == "multipart/form-data"
    assert boundary
    return seen.body.replace(boundary.encode(), b"B")


def form_parts(seen: Seen) -> list[tuple[str, bytes]]:
    """Head and content of each part, in order."""
    pieces = plain_form(seen).split(b"--B")
    assert pieces[0] == b""
    assert pieces[-1] == b"--\r\n"
    parts = []
    for piece in pieces[1:-1]:
        head, _, content = piece.strip(b"\r\n").partition(b"\r\n\r\n")
        parts.append((head.decode(), content))
    return parts
