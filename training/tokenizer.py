"""Train the tokenizer on generated text: `python -m training.tokenizer` writes it into the build folder."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from training import conversations
from training.rendering import END, START, pieces

VOCAB_SIZE = 2048
SEED = 11
NUM_CONVERSATIONS = 40_000
END_OF_TEXT = "<|endoftext|>"
SPECIAL_TOKENS = (END_OF_TEXT, START, END)
MARKS = ("<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>")
"""Tokens of their own that are text all the same: a parser has to see them."""
JOINED = (
    "a about all am an and are as at be but by can did do does for from has have how i I if in is it its know"
    " like me my no not now of on one or so than that the their them then there these they this to too was we"
    " were what when where which who will with would you your"
).split()
"""Words that take the space before them along. All others are the same tokens wherever they stand: to copy a
word from a sentence into quotes is to copy its tokens."""
PATTERN = "|".join(
    (
        rf" (?:{'|'.join(JOINED)})(?![\p{{L}}\p{{N}}])",
        r"'(?:s|t|re|ve|m|ll|d)(?!\p{L})",
        r"\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{Lu}|\p{L}",
        r"\p{N}",
        r" ?[^\s\p{L}\p{N}]+",
        r"\n+|\s",
    )
)
HOUSE = Path(__file__).parent.parent / "src" / "martlet" / "house"
BUILD = Path(__file__).parent.parent / ".cache" / "house"
TEMPLATE = Path(__file__).parent / "chat_template.jinja"


def texts() -> Iterator[str]:
    """Yield the text that the tokenizer is trained on."""
    rng = random.Random(SEED)
    source = conversations.stream(SEED)
    for _ in range(NUM_CONVERSATIONS):
        for piece in pieces(next(source)):
            if piece.text not in SPECIAL_TOKENS:
                yield piece.text
        yield "".join(piece.text for piece in conversations.document(rng))


def train() -> Tokenizer:
    """Return a byte-level BPE tokenizer: every byte is a token, so that any text can be encoded.

    Digits are never joined: sums are learned by place. Words stand apart from the space before them.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB_SIZE - len(MARKS),
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts(), trainer)
    tokenizer.add_tokens([AddedToken(mark, normalized=False) for mark in MARKS])
    return tokenizer


def token_id(tokenizer: Tokenizer, token: str) -> int:
    """Return the id of a token that has to be there."""
    found = tokenizer.token_to_id(token)
    if found is None:
        raise KeyError(token)
    return found


def write(tokenizer: Tokenizer, folder: Path) -> None:
    """Write tokenizer.json, tokenizer_config.json and chat_template.jinja."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "add_bos_token": False,
        "bos_token": END_OF_TEXT,
        "eos_token": END,
        "pad_token": END_OF_TEXT,
        "clean_up_tokenization_spaces": False,
        "model_max_length": 2048,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
    shutil.copyfile(TEMPLATE, folder / "chat_template.jinja")


def main() -> None:
    """Train, write and report."""
    tokenizer = train()
    write(tokenizer, BUILD)
    print(f"{tokenizer.get_vocab_size()} tokens, written to {BUILD}")


if __name__ == "__main__":
    main()
