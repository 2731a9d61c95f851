"""Forms with files: values and files in every accepted shape to one body, which a retry can send again."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping
from typing import Any

from martlet.client.options import ABSENT
from martlet.client.urls import pairs

DEFAULT_FILENAME = "upload"
_ESCAPES = str.maketrans({'"': "%22", "\\": "\\\\", **{chr(code): f"%{code:02X}" for code in range(32)}})


class FilePart:
    """One file as it goes into a form. `filename` and the media type are left out where they are None."""

    __slots__ = ("content", "filename", "headers")

    def __init__(self, filename: str | None, content: bytes, headers: Mapping[str, str]) -> None:
        self.filename = filename
        self.content = content
        self.headers = headers


def split_files(
    params: Mapping[str, Any], names: Iterable[str]
) -> tuple[dict[str, Any], list[tuple[str, FilePart]]]:
    """The plain values of a call, and the files among them: a list under one name becomes `name[]`."""
    files = []
    for name in names:
        given = params.get(name)
        if given is None or isinstance(given, ABSENT):
            continue
        if isinstance(given, list):
            files += [(f"{name}[]", read_file(item, f"{name}[{i}]")) for i, item in enumerate(given)]
        else:
            files.append((name, read_file(given, name)))
    return {key: value for key, value in params.items() if key not in names}, files


def read_files(given: Any) -> list[tuple[str, FilePart]]:
    """Files as the generic verbs take them: a mapping, or pairs of a name and a file."""
    if isinstance(given, Mapping):
        given = given.items()
    elif not isinstance(given, Iterable) or isinstance(given, (str, bytes)):
        raise TypeError(
            f"files is a mapping of names to files, or a list of pairs, not {type(given).__name__}"
        )
    return [(name, read_file(file, name)) for name, file in given]


def read_file(given: Any, key: str) -> FilePart:
    """Read one file input: bytes, a path, an open binary file, or a tuple of 2 to 4 that names and types it.

    Raises RuntimeError for anything else, TypeError for a file opened as text, OSError if it cannot be read.
    """
    if isinstance(given, tuple):
        return _from_tuple(given, key)
    content = _read(given, key)
    return _part(_name_of(given), content, None, {})


def file_from_path(path: str) -> tuple[str, bytes]:
    """The file's name and contents, as file parameters take them."""
    with open(path, "rb") as opened:
        return os.path.basename(path), opened.read()


def _from_tuple(given: tuple[Any, ...], key: str) -> FilePart:
    if not 2 <= len(given) <= 4:
        raise TypeError(
            f"`{key}`: a file as a tuple is (filename, content), then content_type and headers if wanted; "
            f"got {len(given)} items"
        )
    filename, content, media_type, headers = (*given, None, None)[:4]
    body = content.encode() if isinstance(content, str) else _read(content, key)
    return _part(filename, body, media_type, headers or {})


def _part(
    filename: str | None, content: bytes, media_type: str | None, headers: Mapping[str, str]
) -> FilePart:
    all_headers = dict(headers)
    if media_type is None and filename:
        from mimetypes import guess_type

        media_type = guess_type(filename)[0] or "application/octet-stream"
    if media_type is not None and not any(name.lower() == "content-type" for name in headers):
        all_headers["Content-Type"] = media_type
    for name, value in all_headers.items():
        if not f"{name}{value}".replace("\t", "").isprintable() or ":" in name:
            raise ValueError(f"a file's header {name!r} holds a line break or another control character")
    return FilePart(filename, content, all_headers)


def _read(given: Any, key: str) -> bytes:
    if isinstance(given, (bytes, bytearray, memoryview)):
        return bytes(given)
    if isinstance(given, os.PathLike):
        with open(given, "rb") as file:
            return file.read()
    if isinstance(given, io.TextIOBase):
        raise TypeError(f"`{key}`: files are sent as bytes: open it with mode 'rb', or use io.BytesIO")
    if not callable(getattr(given, "read", None)):
        raise RuntimeError(
            f"Expected a file at `{key}`: bytes, an open binary file, a pathlib.Path, or a tuple of a name "
            f"and one of these; got {type(given).__name__}"
        )
    return _read_open(given, key)


def _read_open(file: Any, key: str) -> bytes:
    """All of an open file, from its start wherever it stands."""
    if getattr(file, "seekable", lambda: False)():
        file.seek(0)
    content = file.read()
    if not isinstance(content, (bytes, bytearray)):
        if hasattr(content, "close"):
            content.close()  # a coroutine that nobody will await
        raise TypeError(f"`{key}`: read() gave {type(content).__name__}, not bytes")
    return bytes(content)


def _name_of(given: Any) -> str:
    name = given if isinstance(given, os.PathLike) else getattr(given, "name", None)
    if not isinstance(name, (str, os.PathLike)):
        return DEFAULT_FILENAME
    return os.path.basename(os.fspath(name)) or DEFAULT_FILENAME


def encode_form(
    fields: Mapping[str, Any], files: Iterable[tuple[str, FilePart]], boundary: str | None = None
) -> tuple[bytes, str]:
    """A body of multipart/form-data, plain values first, and its content type.

    Lists and mappings are written as in queries: `a[]`, `b[c]`. None and values not given are left out.
    """
    mark = boundary or os.urandom(16).hex()
    opening = f"--{mark}\r\nContent-Disposition: form-data; "
    parts: list[bytes] = []
    for key, value in fields.items():
        for name, text in pairs(key, value):
            parts.append(f'{opening}name="{_escaped(name)}"\r\n\r\n{text}\r\n'.encode())
    for name, file in files:
        head = [f'{opening}name="{_escaped(name)}"']
        if file.filename:
            head.append(f'; filename="{_escaped(file.filename)}"')
        head += [f"\r\n{header}: {value}" for header, value in file.headers.items()]
        parts += ["".join(head).encode() + b"\r\n\r\n", file.content, b"\r\n"]
    parts.append(f"--{mark}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={mark}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
