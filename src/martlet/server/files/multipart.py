"""multipart/form-data, as uploads are sent.

Source: RFC 7578, with the boundary's rules of RFC 2046, section 5.1.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from martlet.server.errors import InvalidRequest

MAX_PARTS = 100
_BOUNDARY = re.compile(r'multipart/form-data\s*;.*\bboundary=(?:"([^"]{1,70})"|([^\s";]{1,70}))', re.I | re.S)
_PARAMETER = re.compile(r';\s*(name|filename\*?)=(?:"((?:\\.|[^"\\])*)"|([^;\s]*))', re.I)


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form; a file has a name."""

    content: bytes
    filename: str | None = None

    @property
    def text(self) -> str:
        """Raises InvalidRequest if it is no text."""
        try:
            return self.content.decode()
        except UnicodeDecodeError as error:
            raise InvalidRequest("the form's fields must be UTF-8") from error


def read_form(content_type: str, body: bytes) -> dict[str, Part]:
    """Return a form's fields by name; of two of the same name the last. Raises InvalidRequest."""
    found = _BOUNDARY.match(content_type)
    if found is None:
        raise InvalidRequest(
            "an upload is a form: the content-type must be multipart/form-data; boundary=..."
        )
    boundary = (found[1] or found[2]).encode("latin-1")
    _, *pieces = (b"\r\n" + body).split(b"\r\n--" + boundary, MAX_PARTS + 1)
    form: dict[str, Part] = {}
    for piece in pieces:
        if piece.startswith(b"--"):
            return form
        head, blank, content = piece.lstrip(b" \t").removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name, filename = _names(head.decode("utf-8", "replace"))
        if not blank or name is None:
            break
        form[name] = Part(content, filename)
    raise InvalidRequest(f"the form is broken or has more than {MAX_PARTS} parts: its end is missing")


def _names(head: str) -> tuple[str | None, str | None]:
    """Return a part's field and file names."""
    found: dict[str, str] = {}
    for line in head.split("\r\n"):
        key, _, value = line.partition(":")
        if key.strip().lower() == "content-disposition":
            for parameter, quoted, plain in _PARAMETER.findall(value):
                found[parameter.lower()] = re.sub(r"\\(.)", r"\1", quoted) or plain
    filename = found.get("filename")
    if "filename*" in found:
        filename = unquote(found["filename*"].rpartition("'")[2])
    return found.get("name"), filename
