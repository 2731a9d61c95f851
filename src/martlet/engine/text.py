"""Text in and out of the model: tokenizer, incremental detokenizer, stop strings.

All of a folder's text settings are read here: tokenizer.json, tokenizer_config.json, the chat template, and
the end-of-sequence ids of generation_config.json and config.json.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

import tokenizers

from martlet.engine.chat_template import ChatTemplate, chat_template_from_option, read_chat_templates
from martlet.engine.checkpoint import gguf_file, read_json_object
from martlet.errors import CheckpointError, RequestRejected

_SPECIAL_ROLES = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")
"""Settings of tokenizer_config.json that name one special token; templates read them under these names."""


class Encoded(NamedTuple):
    """A text or a pair of texts as an encoder reads it."""

    token_ids: list[int]
    token_type_ids: list[int]
    """0 for the first text and what surrounds it; for models that tell, 1 for the second."""


class Tokenizer:
    """A model folder's tokenizer with its chat template."""

    def __init__(
        self,
        backend: tokenizers.Tokenizer,
        *,
        special_tokens: Mapping[str, str] | None = None,
        chat_templates: Mapping[str, ChatTemplate] | None = None,
        extra_eos_token_ids: Sequence[int] = (),
        has_token_types: bool = True,
    ) -> None:
        """`special_tokens`: role, such as bos_token, to text.

        Without `has_token_types` both texts of a pair are of the same type.
        """
        backend.no_truncation()  # a prompt is never cut unasked
        backend.no_padding()
        self._backend = backend
        self.special_tokens = dict(special_tokens or {})
        self._chat_templates = dict(chat_templates or {})
        self.bos_token_id = self._role_id("bos_token")
        eos_token_id = self._role_id("eos_token")
        primary = [] if eos_token_id is None else [eos_token_id]
        self.eos_token_ids: tuple[int, ...] = tuple(dict.fromkeys([*primary, *extra_eos_token_ids]))
        """Ids that end a sequence. The first is the primary one."""
        self.special_ids = frozenset(
            id for id, added in backend.get_added_tokens_decoder().items() if added.special
        )
        self._pieces = _Pieces.of(backend)
        self._has_token_types = has_token_types

    @classmethod
    def from_folder(cls, path: str | Path, chat_template: str | Path | None = None) -> Tokenizer:
        """Read a Hugging Face folder or a GGUF file.

        `chat_template`, a path or a one-line template, replaces the model's. Raises CheckpointError naming
        the file at fault.
        """
        folder = Path(path)
        if (file := gguf_file(folder)) is not None:
            return cls._from_gguf(file, chat_template)
        settings_path = folder / "tokenizer_config.json"
        if chat_template is None:
            templates = read_chat_templates(folder, _read_json(settings_path))
        else:
            templates = {"default": chat_template_from_option(chat_template)}
        return cls(
            _read_backend(folder / "tokenizer.json"),
            special_tokens=_special_tokens(folder / "special_tokens_map.json")
            | _special_tokens(settings_path),
            chat_templates=templates,
            extra_eos_token_ids=_configured_eos(folder),
            has_token_types=_has_token_types(settings_path),
        )

    @classmethod
    def _from_gguf(cls, path: Path, chat_template: str | Path | None) -> Tokenizer:
        from martlet.engine.gguf.tokenizer import read_tokenizer

        found = read_tokenizer(path)
        templates = found.chat_templates
        if chat_template is not None:
            templates = {"default": chat_template_from_option(chat_template)}
        return cls(
            found.backend,
            special_tokens=found.special_tokens,
            chat_templates=templates,
            extra_eos_token_ids=found.eos_token_ids,
        )

    @property
    def vocab_size(self) -> int:
        return self._backend.get_vocab_size(with_added_tokens=True)

    @property
    def knows_token_bytes(self) -> bool:
        """Whether a text's bytes are those of its tokens, one after the other."""
        return self._pieces is not None

    @property
    def has_chat_template(self) -> bool:
        return "default" in self._chat_templates

    @property
    def chat_template_source(self) -> str:
        """The template for conversations with tools, as written; "" if there is none."""
        found = self._chat_templates.get("tool_use") or self._chat_templates.get("default")
        return "" if found is None else found.source

    def warm_up(self) -> None:
        """Compile the chat templates, which importing jinja2 and their size make slow the first time."""
        for template in self._chat_templates.values():
            with suppress(RequestRejected):  # each chat will be told so; text completions work
                template.compile()

    def encode(self, text: str, add_special_tokens: bool = True) -> list[int]:
        """Return the ids of `text`; with `add_special_tokens`, what the model expects around it (BOS).

        What that is, tokenizer.json alone says: as transformers 5, this ignores `add_bos_token` beside it.
        """
        # Of the library's ways the one that keeps no offsets, and that lets other threads run meanwhile.
        [encoding] = self._backend.encode_batch_fast([text], add_special_tokens=add_special_tokens)
        ids: list[int] = encoding.ids
        return ids

    def encode_typed(
        self,
        text: str,
        pair: str | None = None,
        *,
        add_special_tokens: bool = True,
        limit: int | None = None,
        side: Literal["left", "right"] = "right",
    ) -> Encoded:
        """Return the ids of a text or a pair, cut to `limit` tokens, special ones included and never cut.

        `side` is where a text loses tokens. Of a pair the longer text does, then both alike.
        """
        texts = [text] if pair is None else [text, pair]
        found = self._backend.encode_batch(texts, add_special_tokens=False)
        if limit is not None:
            num_special = self.num_special_tokens(is_pair=pair is not None) if add_special_tokens else 0
            lengths = _shares([len(one.ids) for one in found], max(0, limit - num_special))
            for one, length in zip(found, lengths, strict=True):
                one.truncate(length, direction=side)
        second = found[1] if pair is not None else None
        whole = self._backend.post_process(found[0], second, add_special_tokens)
        return Encoded(whole.ids, whole.type_ids if self._has_token_types else [0] * len(whole.ids))

    def num_special_tokens(self, *, is_pair: bool) -> int:
        """Return how many tokens are put around a text, or around and between a pair."""
        count: int = self._backend.num_special_tokens_to_add(is_pair)
        return count

    def prefix(self, text: str, num_tokens: int) -> str:
        """Return the beginning of `text` that makes at most `num_tokens` tokens."""
        while True:
            [encoding] = self._backend.encode_batch([text], add_special_tokens=False)
            if len(encoding.ids) <= num_tokens:
                return text
            # A cut may split a word into more tokens than it was before: look again.
            end = min(encoding.offsets[num_tokens][0], len(text) - 1)
            text = text[:end]

    def decode(self, ids: Sequence[int], skip_special_tokens: bool = True) -> str:
        """Return the text of `ids`; unknown ids have none. Bytes that are no UTF-8 give U+FFFD."""
        if self._pieces is None:
            return self._backend.decode(list(ids), skip_special_tokens=skip_special_tokens)
        whole = Detokenizer(self, (), skip_special_tokens)
        return whole.push(ids) + whole.flush()

    def id_to_token(self, token_id: int) -> str:
        """Return the vocabulary's own spelling, such as "Ġworld"; "" if there is no such id."""
        return self._backend.id_to_token(token_id) or ""

    def token_to_id(self, token: str) -> int | None:
        return self._backend.token_to_id(token)

    def token_bytes(self, token_id: int) -> bytes:
        """Return the bytes that the token stands for within a text; they may be part of a character."""
        if self._pieces is None:
            return self.decode([token_id], skip_special_tokens=False).encode()
        piece = self._pieces[token_id]
        return piece.encode() if isinstance(piece, str) else piece

    def render(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        add_generation_prompt: bool = True,
        continue_final_message: bool = False,
        tools: Sequence[Mapping[str, Any]] | None = None,
        documents: Sequence[Mapping[str, Any]] | None = None,
        chat_template: str | None = None,
        **kwargs: Any,
    ) -> str:
        """Return the prompt for a conversation, special tokens included: encode it without adding more.

        `chat_template` replaces the model's; `kwargs` are further names that the template may read.
        Raises RequestRejected when there is no template, or the template refuses the messages.
        """
        template = self._template(bool(tools)) if chat_template is None else ChatTemplate(chat_template)
        return template.render(
            messages,
            {**self.special_tokens, "tools": tools, "documents": documents, **kwargs},
            add_generation_prompt=add_generation_prompt,
            continue_final_message=continue_final_message,
        )

    def _template(self, with_tools: bool) -> ChatTemplate:
        names = ("tool_use", "default") if with_tools else ("default",)
        for name in names:
            if name in self._chat_templates:
                return self._chat_templates[name]
        raise RequestRejected(
            "this model has no chat template: serve it with --chat-template, or call /v1/completions"
        )

    def _role_id(self, role: str) -> int | None:
        token = self.special_tokens.get(role)
        return None if token is None else self.token_to_id(token)


def _shares(lengths: list[int], limit: int) -> list[int]:
    """Divide `limit` tokens among one text or two: the shorter keeps up to half of them."""
    if sum(lengths) <= limit:
        return lengths
    if len(lengths) == 1:
        return [limit]
    first, second = lengths
    if first <= second:
        kept = min(first, limit // 2)
        return [kept, limit - kept]
    kept = min(second, limit // 2)
    return [limit - kept, kept]


class Detokenizer:
    """Turns a request's output tokens into text as they come, in constant time for each.

    Gives out whole characters only. The pieces joined equal the text of the whole output; a space at its
    start is kept when the prompt had text before it.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        prompt_token_ids: Sequence[int],
        skip_special_tokens: bool = True,
        visible_token_ids: frozenset[int] = frozenset(),
    ) -> None:
        """`visible_token_ids` are special tokens that are shown even so."""
        self._hidden = tokenizer.special_ids if skip_special_tokens else frozenset[int]()
        if visible_token_ids:
            self._hidden -= visible_token_ids
        decoder = _PieceDecoder if tokenizer._pieces is not None else _WindowDecoder
        self._decoder = decoder(tokenizer)
        self._step = self._decoder.step
        before = [id for id in prompt_token_ids[-_CONTEXT:] if id not in self._hidden]
        if not before:  # all special so far, or no prompt: is there any text before?
            before = list(islice((id for id in prompt_token_ids if id not in self._hidden), 1))
        self._decoder.prime(before)

    def push(self, ids: Iterable[int]) -> str:
        """Return the text that `ids` complete; it may be empty."""
        hidden, step = self._hidden, self._decoder.step
        return "".join([step(id) for id in ids if id not in hidden])

    def push_one(self, token_id: int) -> str:
        """Return the text that a token completes."""
        return "" if token_id in self._hidden else self._step(token_id)

    def flush(self) -> str:
        """Return what was held back: U+FFFD for a character that never became whole."""
        return self._decoder.flush()


class StopChecker:
    """Looks for stop strings in text that arrives in pieces.

    The match that completes first wins, whatever the pieces; among those completing at the same character
    the first in the list. Without `include`, text that may be the beginning of a stop string is held back.
    """

    def __init__(self, stop: Sequence[str], include: bool = False) -> None:
        self._stop = tuple(stop)
        self._include = include
        self._longest = max(map(len, self._stop), default=0)
        self._text = ""  # the end of the text so far: as much as a match may still need
        self._num_emitted = 0  # characters of `_text` that went out already

    def push(self, text: str, check: bool = True) -> tuple[str, str | None]:
        """Return the text that may go out, and the stop string that ended it; push nothing after a match.

        Without `check`, stop strings that `text` completes are let pass, as within `min_tokens`.
        """
        if not self._stop:
            return text, None
        self._text += text
        matched = self._first_match(len(self._text) - len(text)) if check else None
        if matched is not None:
            end, stop = matched
            return self._emit_to(end if self._include else end - len(stop)), stop
        return self._emit_to(len(self._text) - (0 if self._include else self._num_unsafe())), None

    def flush(self) -> str:
        """Return the text held back; for when generation ended without a match."""
        return self._emit_to(len(self._text))

    def _first_match(self, num_old: int) -> tuple[int, str] | None:
        best: tuple[int, str] | None = None
        for stop in self._stop:
            at = self._text.find(stop, max(0, num_old - len(stop) + 1))
            if at >= 0 and (best is None or at + len(stop) < best[0]):
                best = (at + len(stop), stop)
        return best

    def _num_unsafe(self) -> int:
        """Return the length of the longest end of the text that begins a stop string."""
        first = len(self._text)
        for stop in self._stop:
            at = self._text.find(stop[0], max(0, len(self._text) - len(stop) + 1), first)
            while at >= 0:
                if stop.startswith(self._text[at:]):
                    first = at
                    break
                at = self._text.find(stop[0], at + 1, first)
        return len(self._text) - first

    def _emit_to(self, end: int) -> str:
        out = self._text[self._num_emitted : end]
        keep = min(self._longest - 1, len(self._text))
        drop = min(max(self._num_emitted, end), len(self._text) - keep)
        self._num_emitted = max(self._num_emitted, end) - drop
        self._text = self._text[drop:]
        return out


# --- decoding -----------------------------------------------------------------------------------------

_UTF8 = codecs.getincrementaldecoder("utf-8")

_CONTEXT = 6
"""Prompt tokens that decide how the first output token reads: an unfinished character has at most 3 bytes."""


class _Pieces(dict[int, "bytes | str"]):
    """What each token adds to the text, found on first use: bytes, or whole characters.

    Bytes of neighbouring tokens form characters together; a str ends a run of bytes.
    """

    def __init__(self, backend: tokenizers.Tokenizer, is_byte_level: bool, num_stripped: int) -> None:
        super().__init__()
        self._backend = backend
        self._read = _byte_level_piece if is_byte_level else _sentencepiece_piece
        self.num_stripped = num_stripped
        """Spaces dropped at the start of a text."""
        self.fffd_per_byte = not is_byte_level
        self.texts: dict[int, str] = {}
        """Of tokens that are whole characters, what they read as where no character is unfinished."""

    @classmethod
    def of(cls, backend: tokenizers.Tokenizer) -> _Pieces | None:
        """Return the pieces for the two common kinds of decoder, None for any other."""
        steps = _decoder_steps(backend)
        kinds = [step["type"] for step in steps]
        if kinds == ["ByteLevel"]:
            return cls(backend, is_byte_level=True, num_stripped=0)
        is_sentencepiece = (
            kinds[:3] == ["Replace", "ByteFallback", "Fuse"]
            and steps[0]["pattern"] == {"String": "▁"}
            and steps[0]["content"] == " "
        )
        if is_sentencepiece and len(steps) == 3:
            return cls(backend, is_byte_level=False, num_stripped=0)
        if is_sentencepiece and kinds[3:] == ["Strip"]:
            strip = steps[3]
            if strip["content"] == " " and strip["stop"] == 0:
                return cls(backend, is_byte_level=False, num_stripped=strip["start"])
        return None

    def __missing__(self, token_id: int) -> bytes | str:
        token = self._backend.id_to_token(token_id) if 0 <= token_id < 2**32 else None
        if token is None:  # not kept: ids that callers make up have no end
            return b""
        piece = self[token_id] = self._read(token)
        return piece


def _decoder_steps(backend: tokenizers.Tokenizer) -> list[dict[str, Any]]:
    if backend.decoder is None:
        return []
    decoder: dict[str, Any] = json.loads(backend.decoder.__getstate__())
    return list(decoder["decoders"]) if decoder["type"] == "Sequence" else [decoder]


@cache
def _byte_of_char() -> dict[str, int]:
    """Return GPT-2's alphabet, in which byte-level vocabularies spell bytes as printable characters.

    Printable Latin-1 stands for itself; the other bytes, in order, take the characters from U+0100 on.
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in set(printable)]
    return {chr(b): b for b in printable} | {chr(0x100 + i): b for i, b in enumerate(others)}


def _byte_level_piece(token: str) -> bytes:
    alphabet = _byte_of_char()
    try:
        return bytes([alphabet[char] for char in token])
    except KeyError:  # an added token, spelt as it reads
        return token.encode()


def _sentencepiece_piece(token: str) -> bytes | str:
    if re.fullmatch(r"<0x[0-9A-Fa-f]{2}>", token):
        return bytes([int(token[3:5], 16)])
    return token.replace("▁", " ")


class _PieceDecoder:
    def __init__(self, tokenizer: Tokenizer) -> None:
        assert tokenizer._pieces is not None
        self._pieces = tokenizer._pieces
        self._texts = tokenizer._pieces.texts
        self._utf8 = _UTF8("replace")
        self._num_to_strip = self._pieces.num_stripped

    def prime(self, ids: Sequence[int]) -> None:
        for id in ids:
            self.step(id)
        if ids:
            self._num_to_strip = 0

    def step(self, token_id: int) -> str:
        text = None if self._utf8.buffer else self._texts.get(token_id)
        if text is None:
            text = self._read(token_id)
        return self._strip(text) if self._num_to_strip and text else text

    def _read(self, token_id: int) -> str:
        piece, is_clean = self._pieces[token_id], not self._utf8.buffer
        text = self._utf8.decode(piece) if isinstance(piece, bytes) else self._end_run() + piece
        if is_clean and not self._utf8.buffer and token_id in self._pieces:
            self._texts[token_id] = text
        return text

    def flush(self) -> str:
        return self._end_run()

    def _end_run(self) -> str:
        pending, _ = self._utf8.getstate()
        if not pending:
            return ""
        self._utf8.reset()
        return "\ufffd" * (len(pending) if self._pieces.fffd_per_byte else 1)

    def _strip(self, text: str) -> str:
        for _ in range(self._num_to_strip):
            if not text.startswith(" "):
                self._num_to_strip = 0
                break
            text = text[1:]
            self._num_to_strip -= 1
        return text


class _WindowDecoder:
    """For decoders of an unknown kind: decodes the last few tokens again and takes what is new.

    Texts of a few tokens agree with the whole from the second token on, as decoders look back one token.
    """

    _MAX_UNFINISHED = 12  # tokens; more than any character needs, so a true U+FFFD is not waited on for ever

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._backend = tokenizer._backend
        self._done: deque[int] = deque(maxlen=_CONTEXT)
        self._unfinished: list[int] = []

    def prime(self, ids: Sequence[int]) -> None:
        for id in ids:
            self.step(id)

    def step(self, token_id: int) -> str:
        self._unfinished.append(token_id)
        text = self._new_text()
        if text.endswith("\ufffd") and len(self._unfinished) < self._MAX_UNFINISHED:
            return ""
        self._done.extend(self._unfinished)
        self._unfinished.clear()
        return text

    def flush(self) -> str:
        return self._new_text()

    def _new_text(self) -> str:
        before = [*self._done]
        with_new = self._backend.decode([*before, *self._unfinished], skip_special_tokens=False)
        return with_new[len(self._backend.decode(before, skip_special_tokens=False)) :]


# --- files --------------------------------------------------------------------------------------------


def _read_backend(path: Path) -> tokenizers.Tokenizer:
    if not path.is_file():
        raise CheckpointError(
            f"{path.parent} has no tokenizer.json: save one with "
            "transformers.AutoTokenizer.from_pretrained(folder).save_pretrained(folder)"
        )
    try:
        return tokenizers.Tokenizer.from_buffer(path.read_bytes())  # from_file wants a path of UTF-8
    except Exception as error:  # the library raises bare Exception
        raise CheckpointError(f"{path} is not a tokenizer: {error}") from error


def _read_json(path: Path) -> dict[str, Any]:
    """Return the object in `path`, empty if there is no such file."""
    return read_json_object(path) if path.is_file() else {}


def _special_tokens(path: Path) -> dict[str, str]:
    """Return role to text; a token is written as a string, or as an object with its `content`."""
    settings = _read_json(path)
    found = {}
    for role in _SPECIAL_ROLES:
        token = settings.get(role)
        text = token.get("content") if isinstance(token, Mapping) else token
        if isinstance(text, str):
            if any("\ud800" <= char <= "\udfff" for char in text):
                raise CheckpointError(f"{path}: {role!r} is not Unicode text: {text!r}")
            found[role] = text
    return found


def _has_token_types(path: Path) -> bool:
    """Return whether a model reads token types: it does unless its inputs are named, and these are not."""
    names = _read_json(path).get("model_input_names")
    return not isinstance(names, list) or "token_type_ids" in names


def _configured_eos(folder: Path) -> list[int]:
    for name in ("generation_config.json", "config.json"):
        eos = _read_json(folder / name).get("eos_token_id")
        if eos is None:
            continue
        ids = eos if isinstance(eos, list) else [eos]
        if not all(isinstance(id, int) and not isinstance(id, bool) for id in ids):
            raise CheckpointError(
                f"{folder / name}: 'eos_token_id' must be a token id or a list, got {eos!r:.80}"
            )
        return ids
    return []
