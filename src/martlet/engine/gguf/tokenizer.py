"""The tokenizer in a GGUF file: vocabulary, merges or scores, special tokens and chat templates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import tokenizers
from tokenizers import AddedToken, Regex, decoders, models, normalizers, pre_tokenizers, processors

from martlet.engine.chat_template import ChatTemplate
from martlet.engine.gguf.config import end_token_ids
from martlet.engine.gguf.file import GGUFFile
from martlet.errors import CheckpointError

_UNKNOWN, _CONTROL, _USER_DEFINED, _UNUSED, _BYTE = 2, 3, 4, 5, 6
"""Types of tokens; 1 is the ordinary."""

_ROLES = {
    "bos_token": "bos_token_id",
    "eos_token": "eos_token_id",
    "unk_token": "unknown_token_id",
    "sep_token": "seperator_token_id",
    "pad_token": "padding_token_id",
    "cls_token": "cls_token_id",
    "mask_token": "mask_token_id",
}
"""Hugging Face's names of special tokens, and the format's: so spelt."""

_SENTENCEPIECE_IDS = {"bos_token": 1, "eos_token": 2, "unk_token": 0}
"""What a SentencePiece vocabulary has where the file does not say."""


_CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_SPACES = r"\s*[\r\n]+|\s+(?!\S)|\s+"
_BEFORE_WORD = r"[^\r\n\p{L}\p{N}]?"
_ENDS_LOW = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
_BEGINS_HIGH = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"


def _split(*alternatives: str) -> Callable[[], Any]:
    """Return a maker of the splitter that finds words by a pattern."""
    pattern = "|".join(alternatives)
    return lambda: pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )


def _words(numbers: str) -> Callable[[], Any]:
    """Return that of Llama 3 and its kin, which differ in how many digits go together."""
    return _split(_CONTRACTIONS, rf"{_BEFORE_WORD}\p{{L}}+", numbers, r" ?[^\s\p{L}\p{N}]+[\r\n]*", _SPACES)


def _cased_words(numbers: str, contractions: str) -> Callable[[], Any]:
    """Return that of models which part words where small letters meet capitals."""
    return _split(
        f"{_BEFORE_WORD}{_ENDS_LOW}{contractions}",
        f"{_BEFORE_WORD}{_BEGINS_HIGH}{contractions}",
        numbers,
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        _SPACES,
    )


def _digits_then_words() -> Any:
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )


def _byte_level_words() -> Any:
    return pre_tokenizers.ByteLevel(add_prefix_space=False)


_PRE_TOKENIZERS: dict[str, Callable[[], Any]] = {
    "llama-bpe": _words(r"\p{N}{1,3}"),
    "llama3": _words(r"\p{N}{1,3}"),
    "llama-v3": _words(r"\p{N}{1,3}"),
    "dbrx": _words(r"\p{N}{1,3}"),
    "smaug-bpe": _words(r"\p{N}{1,3}"),
    "qwen2": _words(r"\p{N}"),
    "deepseek-r1-qwen": _words(r"\p{N}"),
    "tekken": _cased_words(r"\p{N}", ""),
    "gpt-4o": _cased_words(r"\p{N}{1,3}", f"{_CONTRACTIONS}?"),
    "smollm": _digits_then_words,
    "refact": _digits_then_words,
    "starcoder": _digits_then_words,
    "gpt-2": _byte_level_words,
    "olmo": _byte_level_words,
}
"""tokenizer.ggml.pre -> how a text is split into words before merging, as the models' tokenizer.json does."""

_TAKES_WHOLE_WORDS = ("llama-bpe", "llama3", "llama-v3", "tekken")
"""A word that is a token is not merged; texts begin with bos_token, unless the file says otherwise."""


class GGUFTokenizer(NamedTuple):
    """What `text.Tokenizer` is made of."""

    backend: tokenizers.Tokenizer
    special_tokens: dict[str, str]
    """Role, such as bos_token, to text."""
    chat_templates: dict[str, ChatTemplate]
    eos_token_ids: list[int]


def read_tokenizer(path: Path) -> GGUFTokenizer:
    """Return a file's tokenizer. Raises CheckpointError.

    It is the last that is read of a file when a model is loaded, so the metadata is let go of.
    """
    file = GGUFFile.open(path)
    vocabulary = _Vocabulary(file)
    GGUFFile.forget()
    return GGUFTokenizer(
        vocabulary.backend(), vocabulary.special_tokens, vocabulary.chat_templates(), end_token_ids(file)
    )


class _Vocabulary:
    """What a file says of its tokenizer. Raises CheckpointError for kinds that are not supported."""

    def __init__(self, file: GGUFFile) -> None:
        self._file = file
        self._kind = file.get("tokenizer.ggml.model", str)
        if self._kind not in ("gpt2", "llama"):
            raise file.error("tokenizer.ggml.model", f"is {self._kind!r}; supported: gpt2, llama")
        self._pre = ""
        if self._kind == "gpt2":
            self._pre = file.get("tokenizer.ggml.pre", str)
            if self._pre not in _PRE_TOKENIZERS:
                raise file.error(
                    "tokenizer.ggml.pre", f"is {self._pre!r}; supported: {', '.join(_PRE_TOKENIZERS)}"
                )
        self._tokens = file.get_list("tokenizer.ggml.tokens", str)
        count = len(self._tokens)
        self._types = [1] * count
        if "tokenizer.ggml.token_type" in file.metadata:
            self._types = file.get_list("tokenizer.ggml.token_type", int, count)
        self._ids = {token: id for id, token in enumerate(self._tokens) if self._types[id] != _UNUSED}
        self.special_tokens = self._special_tokens()

    def backend(self) -> tokenizers.Tokenizer:
        backend = self._byte_level() if self._kind == "gpt2" else self._sentencepiece()
        added = [
            AddedToken(token, normalized=False, special=self._types[id] != _USER_DEFINED)
            for token, id in self._ids.items()
            if self._types[id] in (_UNKNOWN, _CONTROL, _USER_DEFINED)
        ]
        backend.add_tokens(added)  # they have their ids from the vocabulary
        self._frame(backend)
        return backend

    def chat_templates(self) -> dict[str, ChatTemplate]:
        prefix = "tokenizer.chat_template"
        found = {}
        for key in self._file.metadata:
            if key == prefix or key.startswith(f"{prefix}."):
                name = key.removeprefix(prefix).removeprefix(".") or "default"
                found[name] = ChatTemplate(self._file.get(key, str))
        return found

    def _special_tokens(self) -> dict[str, str]:
        """Return role to text."""
        defaults = _SENTENCEPIECE_IDS if self._kind == "llama" else {}
        found = {}
        for role, name in _ROLES.items():
            key = f"tokenizer.ggml.{name}"
            id = self._file.get(key, int, defaults.get(role, -1))
            if key in self._file.metadata and not 0 <= id < len(self._tokens):
                raise self._file.error(key, f"is {id}, and there are {len(self._tokens)} tokens")
            if 0 <= id < len(self._tokens):
                found[role] = self._tokens[id]
        return found

    def _byte_level(self) -> tokenizers.Tokenizer:
        merges = []
        for merge in self._file.get_list("tokenizer.ggml.merges", str):
            left, _, right = merge.partition(" ")
            if not {left, right, left + right} <= self._ids.keys():
                raise self._file.error("tokenizer.ggml.merges", f"has {merge!r:.80}, which is not of tokens")
            merges.append((left, right))
        model = models.BPE(vocab=self._ids, merges=merges, ignore_merges=self._pre in _TAKES_WHOLE_WORDS)
        backend = tokenizers.Tokenizer(model)
        if self._pre == "qwen2":
            backend.normalizer = normalizers.NFC()
        backend.pre_tokenizer = _PRE_TOKENIZERS[self._pre]()
        backend.decoder = decoders.ByteLevel()
        return backend

    def _sentencepiece(self) -> tokenizers.Tokenizer:
        has_bytes = _BYTE in self._types
        unknown = self.special_tokens.get("unk_token")
        model = models.BPE(
            vocab=self._ids,
            merges=self._scored_merges(),
            unk_token=unknown,
            fuse_unk=True,
            byte_fallback=has_bytes,
        )
        backend = tokenizers.Tokenizer(model)
        adds_space = self._file.get("tokenizer.ggml.add_space_prefix", bool, True)
        spaces = normalizers.Replace(" ", "▁")
        backend.normalizer = (
            normalizers.Sequence([normalizers.Prepend("▁"), spaces]) if adds_space else spaces
        )
        strip = [decoders.Strip(" ", 1, 0)] if adds_space else []
        backend.decoder = decoders.Sequence(
            [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), *strip]
        )
        return backend

    def _scored_merges(self) -> list[tuple[str, str]]:
        """Return every way to make a token of two others, best score first: SentencePiece's merges."""
        scores = self._file.get_list("tokenizer.ggml.scores", float, len(self._tokens))
        ids = {token: id for token, id in self._ids.items() if self._types[id] in (1, _USER_DEFINED)}
        ranked = [
            (-scores[id], ids[token[:cut]], ids[token[cut:]])
            for token, id in ids.items()
            for cut in range(1, len(token))
            if token[:cut] in ids and token[cut:] in ids
        ]
        return [(self._tokens[left], self._tokens[right]) for _, left, right in sorted(ranked)]

    def _frame(self, backend: tokenizers.Tokenizer) -> None:
        """Put the tokens around a text that the file asks for."""
        has_bos = "bos_token" in self.special_tokens
        adds_bos_unasked = has_bos and (self._kind == "llama" or self._pre in _TAKES_WHOLE_WORDS)
        adds_bos = self._file.get("tokenizer.ggml.add_bos_token", bool, adds_bos_unasked)
        adds_eos = self._file.get("tokenizer.ggml.add_eos_token", bool, False)
        before = [self._role("bos_token")] if adds_bos else []
        after = [self._role("eos_token")] if adds_eos else []
        if before or after:
            text = [*before, "$A", *after]
            backend.post_processor = processors.TemplateProcessing(
                single=text,
                pair=[*text, *(item.replace("$A", "$B") for item in text)],
                special_tokens=[(token, self._ids[token]) for token in {*before, *after}],
            )

    def _role(self, role: str) -> str:
        token = self.special_tokens.get(role)
        if token is None or token not in self._ids:
            raise CheckpointError(
                f"{self._file.path} puts a {role} around texts, and has no 'tokenizer.ggml.{_ROLES[role]}'"
            )
        return token
