"""Make the tiny checkpoints in tests/fixtures and what transformers computes from them.

    python scripts/make_goldens.py [--out tests/fixtures] [NAME ...]

Needs torch and transformers. Each folder is a complete model folder with random weights, one for each variant
of the family that a real checkpoint has shown, plus:

- goldens.json: a prompt, the 64 tokens that follow greedily, and what tokenizer and chat template give;
- logits.npy: float32 logits at the prompt's last positions.

Weights come from a seed. Seeds are tried in order until the greedy text has many different tokens and no
close calls, so that equality of texts means something and does not hang on rounding.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Literal

import numpy as np
import tokenizers
import torch
import transformers
from safetensors.torch import save_file
from tokenizers import AddedToken, Regex, decoders, models, normalizers, pre_tokenizers, processors, trainers

NUM_PROMPT_TOKENS = 40
NUM_GREEDY_TOKENS = 64
NUM_LOGITS_ROWS = 12
MIN_DISTINCT_TOKENS = 24
MIN_MARGIN = 2e-3
"""Least distance between the two likeliest tokens, relative to the largest logit."""

# --- tokenizers ---------------------------------------------------------------------------------------

TEXT = """\
The house martin builds its nest of mud under the eaves, and comes back to it in the spring. A martlet, in heraldry,
is a martin without feet: a bird that never lands. Whoever drew it first had watched swifts, which eat, drink and
sleep on the wing. Do you know what a server does? It waits, it listens, it answers; then it waits again.

Hello! How are you today? I am fine, thank you, and I hope that you are well. What is the capital of France? Paris is
the capital of France. What is 2 + 2? 2 + 2 = 4, and 12 * 12 = 144. Write a short poem about the sea. The sea is wide,
the sea is deep, and all its little fishes sleep. Count from one to ten: one, two, three, four, five, six, seven,
eight, nine, ten. Name three colours: red, green and blue.

def add(a, b):
    return a + b

for name in ["user", "assistant", "system"]:
    print(f"{name}: {len(name)}")

Ein Haus, zwei Häuser; une maison, deux maisons; naïve café, jalapeño, smørrebrød, Ærø. Привет, мир! 你好，世界。
こんにちは。 {"type": "object", "properties": {"city": {"type": "string"}}} 🐦 🏠 "quoted" and 'quoted' text, 50% of it.
"""  # noqa: E501, RUF001 - other text would be other tokenizers

# Words with their space, numbers in groups of three, other marks, line ends: the usual way to cut before BPE.
WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)| ?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def byte_level_tokenizer(special: list[str], bos: str | None, vocab_size: int) -> tokenizers.Tokenizer:
    """Llama 3, SmolLM2: byte-level BPE; ids of special tokens come last, as in Llama 3."""
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size - len(special),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator([TEXT], trainer)
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    steps: list[Any] = [processors.ByteLevel(trim_offsets=False)]
    if bos is not None:
        steps.append(_add_bos(tokenizer, bos))
    tokenizer.post_processor = processors.Sequence(steps)
    return tokenizer


def sentencepiece_tokenizer(vocab_size: int) -> tokenizers.Tokenizer:
    """Llama 1 and 2, TinyLlama: BPE on characters with spaces as U+2581, and tokens for single bytes."""
    special = ["<unk>", "<s>", "</s>"]
    fixed = [*special, *(f"<0x{byte:02X}>" for byte in range(256))]
    spaces = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    ascii_only = "".join(char for char in TEXT if char == "\n" or " " <= char <= "~")

    trained = tokenizers.Tokenizer(models.BPE())
    trained.normalizer = spaces
    trained.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    size = vocab_size - len(fixed)
    trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False)
    trained.train_from_iterator(ascii_only.split("\n"), trainer)
    model = json.loads(trained.to_str())["model"]
    learnt = sorted(model["vocab"], key=model["vocab"].__getitem__)
    vocab = {token: id for id, token in enumerate([*fixed, *learnt])}

    merges = [tuple(pair) for pair in model["merges"]]
    tokenizer = tokenizers.Tokenizer(
        models.BPE(vocab=vocab, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    )
    tokenizer.normalizer = spaces
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(content=" ", left=1, right=0),
        ]
    )
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    tokenizer.post_processor = _add_bos(tokenizer, "<s>")
    return tokenizer


def _add_bos(tokenizer: tokenizers.Tokenizer, bos: str) -> processors.TemplateProcessing:
    bos_id = tokenizer.token_to_id(bos)
    return processors.TemplateProcessing(
        single=f"{bos} $A", pair=f"{bos} $A {bos} $B", special_tokens=[(bos, bos_id)]
    )


# --- chat templates -----------------------------------------------------------------------------------

HEADERS = """\
{{- bos_token }}
{%- if tools %}
    {{- '<|start|>system<|sep|>Tools: ' + tools | tojson + '<|end|>' }}
{%- endif %}
{%- for message in messages %}
    {{- '<|start|>' + message['role'] + '<|sep|>' }}
    {%- if message.tool_calls %}
        {%- for call in message.tool_calls %}
            {{- call.function.name + ' ' + call.function.arguments | tojson }}
        {%- endfor %}
    {%- endif %}
    {{- message['content'] | trim + '<|end|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start|>assistant<|sep|>' }}
{%- endif %}
"""

INST = """\
{% if messages[0]['role'] == 'system' %}\
{% set system = '<<SYS>>\\n' + messages[0]['content'] + '\\n<</SYS>>\\n\\n' %}\
{% set turns = messages[1:] %}{% else %}{% set system = '' %}{% set turns = messages %}{% endif %}\
{% for message in turns %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}\
{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}\
{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + (system if loop.first else '') }}\
{{ message['content'] | trim + ' [/INST]' }}\
{% else %}{{ ' ' + message['content'] | trim + ' ' + eos_token }}{% endif %}{% endfor %}"""

CHATML = """\
{% for message in messages %}
{% if loop.first and message['role'] != 'system' %}\
{{ '<|im_start|>system\\nBe helpful.<|im_end|>\\n' }}{% endif %}
{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}
{% endfor %}
{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"""

CHATML_TOOLS = "{{ '<|im_start|>system\\nTools: ' }}{{ tools | tojson }}{{ '<|im_end|>\\n' }}" + CHATML

PARTS = """\
{%- for message in messages %}
    {{- '<|start|>' + message.role + '<|sep|>' }}
    {%- for part in message.content %}
        {%- if part.type == 'text' %}{{- part.text }}{% endif %}
    {%- endfor %}
    {{- '<|end|>' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|start|>assistant<|sep|>' }}{% endif %}
"""

TURNS = """\
{% for message in messages %}
{{ '<|' + message['role'] + '|>\\n' + message['content'] + eos_token }}

{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}

{% endif %}
{% endfor %}"""

# --- variants -----------------------------------------------------------------------------------------

Dtype = Literal["float32", "float16", "bfloat16"]
Style = Literal["headers", "chatml", "sentencepiece"]

STYLES: dict[Style, tuple[list[str], str | None, str, str]] = {  # special tokens, added BOS, bos, eos
    "headers": (
        ["<|begin|>", "<|text_end|>", "<|start|>", "<|sep|>", "<|end|>"],
        "<|begin|>",
        "<|begin|>",
        "<|end|>",
    ),
    "chatml": (["<|endoftext|>", "<|im_start|>", "<|im_end|>"], None, "<|im_start|>", "<|im_end|>"),
    "sentencepiece": (["<unk>", "<s>", "</s>"], "<s>", "<s>", "</s>"),
}


@dataclass(frozen=True)
class Variant:
    """A model folder to make. `config` overrides BASE_CONFIG; a key set to None is left out."""

    style: Style
    dtype: Dtype
    config: dict[str, Any]
    chat_template: str | None = None
    tokenizer_config: dict[str, Any] = field(default_factory=dict)
    num_shards: int = 1
    extra_eos: tuple[str, ...] = ()
    with_inv_freq: bool = False


VOCAB_SIZE = 352

BASE_CONFIG: dict[str, Any] = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "vocab_size": VOCAB_SIZE,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "hidden_act": "silu",
    "max_position_embeddings": 512,
    "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0,
    "tie_word_embeddings": False,
    "attention_bias": False,
    "initializer_range": 0.02,
    "use_cache": True,
}

LLAMA3_ROPE = {
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
    "rope_type": "llama3",
}

VARIANTS: dict[str, Variant] = {
    # Llama 3.1: GQA, frequencies scaled by parts, untied; the fixture that other tests serve.
    "tiny-llama": Variant(
        "headers",
        "bfloat16",
        {"rope_theta": 500000.0, "rope_scaling": LLAMA3_ROPE, "mlp_bias": False, "pretraining_tp": 1},
        chat_template=HEADERS,
        extra_eos=("<|text_end|>",),
    ),
    # Llama 1: as many key heads as heads (the key is absent from config.json), no rope keys at all.
    "tiny-llama1": Variant(
        "sentencepiece",
        "float32",
        {
            "hidden_size": 40,
            "intermediate_size": 72,
            "num_key_value_heads": None,
            "rope_theta": None,
            "attention_bias": None,
            "rms_norm_eps": 1e-6,
        },
        with_inv_freq=True,
    ),
    "tiny-llama2": Variant(
        "sentencepiece",
        "float16",
        {"num_key_value_heads": 4, "rope_scaling": None, "pretraining_tp": 1},
        tokenizer_config={"chat_template": INST, "add_bos_token": True, "add_eos_token": False},
        num_shards=3,
    ),
    # Llama 3.2: tied, head_dim is not hidden_size / heads; config.json as transformers 5 writes it.
    "tiny-llama32": Variant(
        "headers",
        "bfloat16",
        {
            "head_dim": 32,
            "tie_word_embeddings": True,
            "rope_theta": None,
            "rope_parameters": {**LLAMA3_ROPE, "rope_theta": 500000.0, "factor": 32.0},
            "mlp_bias": False,
        },
        chat_template=PARTS,
    ),
    # One key head; the old spelling "type" of a linear scaling.
    "tiny-linear": Variant(
        "sentencepiece",
        "bfloat16",
        {"num_key_value_heads": 1, "rope_scaling": {"type": "linear", "factor": 4.0}},
    ),
    "tiny-smollm2": Variant(
        "chatml",
        "bfloat16",
        {
            "hidden_size": 72,
            "num_attention_heads": 9,
            "num_key_value_heads": 3,
            "rope_theta": 100000.0,
            "rope_interleaved": False,
            "tie_word_embeddings": True,
        },
        tokenizer_config={
            "chat_template": [
                {"name": "default", "template": CHATML},
                {"name": "tool_use", "template": CHATML_TOOLS},
            ]
        },
    ),
    "tiny-tinyllama": Variant(
        "sentencepiece",
        "bfloat16",
        {"num_attention_heads": 8, "num_key_value_heads": 2, "rope_scaling": None},
        tokenizer_config={"chat_template": TURNS},
    ),
    "tiny-bias": Variant(
        "headers", "bfloat16", {"attention_bias": True, "mlp_bias": True}, chat_template=PARTS
    ),
}


def write_folder(folder: Path, variant: Variant, seed: int) -> None:
    """Write a model folder with weights from `seed`, replacing what is there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tokenizer = _write_tokenizer(folder, variant)
    _, _, bos, eos = STYLES[variant.style]
    bos_id, eos_id = tokenizer.token_to_id(bos), tokenizer.token_to_id(eos)
    extra = [tokenizer.token_to_id(token) for token in variant.extra_eos]
    config = {
        **BASE_CONFIG,
        **variant.config,
        "bos_token_id": bos_id,
        "eos_token_id": eos_id,
        "torch_dtype": variant.dtype,
    }
    config = {key: value for key, value in config.items() if value is not None}
    _write_json(folder / "config.json", config)
    generation = {
        "bos_token_id": bos_id,
        "eos_token_id": [*extra, eos_id] if extra else eos_id,
        "do_sample": True,
    }
    _write_json(folder / "generation_config.json", {**generation, "temperature": 0.6, "top_p": 0.9})
    _write_weights(folder, dict(_weights(config, variant, np.random.default_rng(seed))), variant)


def _write_tokenizer(folder: Path, variant: Variant) -> tokenizers.Tokenizer:
    special, added_bos, bos, eos = STYLES[variant.style]
    if variant.style == "sentencepiece":
        tokenizer = sentencepiece_tokenizer(VOCAB_SIZE)
    else:
        tokenizer = byte_level_tokenizer(special, added_bos, VOCAB_SIZE)
    assert tokenizer.get_vocab_size() == VOCAB_SIZE
    tokenizer.save(str(folder / "tokenizer.json"))
    bos_setting: Any = {
        "content": bos,
        "lstrip": False,
        "normalized": False,
        "rstrip": False,
        "single_word": False,
    }
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": {**bos_setting, "__type": "AddedToken"} if variant.style == "sentencepiece" else bos,
        "eos_token": eos,
        "clean_up_tokenization_spaces": False,
        "model_max_length": 512,
        **({"unk_token": "<unk>"} if variant.style == "sentencepiece" else {}),
        **variant.tokenizer_config,
    }
    _write_json(folder / "tokenizer_config.json", settings)
    if variant.chat_template is not None:
        (folder / "chat_template.jinja").write_text(variant.chat_template, encoding="utf-8")
    return tokenizer


def _weights(
    config: dict[str, Any], variant: Variant, rng: np.random.Generator
) -> Iterator[tuple[str, torch.Tensor]]:
    hidden, inner, heads = config["hidden_size"], config["intermediate_size"], config["num_attention_heads"]
    kv_heads = config.get("num_key_value_heads", heads)
    head_dim = config.get("head_dim", hidden // heads)

    def tensor(*shape: int, scale: float = 1.0, mean: float = 0.0) -> torch.Tensor:
        values = mean + scale * rng.standard_normal(shape)
        return torch.from_numpy(values.astype(np.float32)).to(getattr(torch, variant.dtype))

    def linear(
        name: str, rows: int, cols: int, bias: bool, gain: float
    ) -> Iterator[tuple[str, torch.Tensor]]:
        yield f"{name}.weight", tensor(rows, cols, scale=gain * cols**-0.5)
        if bias:
            yield f"{name}.bias", tensor(rows, scale=0.3)

    yield "model.embed_tokens.weight", tensor(config["vocab_size"], hidden, scale=0.3)
    for i in range(config["num_hidden_layers"]):
        layer = f"model.layers.{i}"
        attention_bias, mlp_bias = config.get("attention_bias", False), config.get("mlp_bias", False)
        yield f"{layer}.input_layernorm.weight", tensor(hidden, scale=0.2, mean=1.0)
        yield f"{layer}.post_attention_layernorm.weight", tensor(hidden, scale=0.2, mean=1.0)
        yield from linear(f"{layer}.self_attn.q_proj", heads * head_dim, hidden, attention_bias, 2.0)
        yield from linear(f"{layer}.self_attn.k_proj", kv_heads * head_dim, hidden, attention_bias, 2.0)
        yield from linear(f"{layer}.self_attn.v_proj", kv_heads * head_dim, hidden, attention_bias, 2.0)
        yield from linear(f"{layer}.self_attn.o_proj", hidden, heads * head_dim, attention_bias, 2.0)
        yield from linear(f"{layer}.mlp.gate_proj", inner, hidden, mlp_bias, 2.0)
        yield from linear(f"{layer}.mlp.up_proj", inner, hidden, mlp_bias, 2.0)
        yield from linear(f"{layer}.mlp.down_proj", hidden, inner, mlp_bias, 2.0)
        if variant.with_inv_freq:
            values = 10000.0 ** (-np.arange(0, head_dim, 2, dtype=np.float32) / head_dim)
            yield f"{layer}.self_attn.rotary_emb.inv_freq", torch.from_numpy(values.astype(np.float32))
    yield "model.norm.weight", tensor(hidden, scale=0.2, mean=1.0)
    if not config["tie_word_embeddings"]:
        yield "lm_head.weight", tensor(config["vocab_size"], hidden, scale=2.0 * hidden**-0.5)


def _write_weights(folder: Path, weights: dict[str, torch.Tensor], variant: Variant) -> None:
    metadata = {"format": "pt"}
    if variant.num_shards == 1:
        save_file(weights, folder / "model.safetensors", metadata=metadata)
        return
    weight_map: dict[str, str] = {}
    names = list(weights)
    for shard in range(variant.num_shards):
        file = f"model-{shard + 1:05d}-of-{variant.num_shards:05d}.safetensors"
        part = {name: weights[name] for name in names[shard :: variant.num_shards]}
        save_file(part, folder / file, metadata=metadata)
        weight_map |= dict.fromkeys(part, file)
    total = sum(tensor.nbytes for tensor in weights.values())
    index = {"metadata": {"total_size": total}, "weight_map": dict(sorted(weight_map.items()))}
    _write_json(folder / "model.safetensors.index.json", index)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


# --- goldens ------------------------------------------------------------------------------------------

CONVERSATION = [
    {"role": "system", "content": "You are brief."},
    {"role": "user", "content": " What is the capital of France?\n"},
    {"role": "assistant", "content": "Paris, naïve one. 🐦"},
    {"role": "user", "content": "And of 世界?"},
]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Weather in <city> & around",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        },
    }
]
SAMPLES = [
    "",
    " ",
    "Hello! How are you today?",
    "  two spaces, and a\n\nblank line ",
    "naïve café 你好\uff0c世界 🐦\u200d🏠 Ærø",
    "x = {'a': 1234567}\t# done\r\n",
    "<s> is a token for some </s> and <|end|> for others",
]


def compute_model_goldens(folder: Path) -> tuple[dict[str, Any], np.ndarray[Any, Any], float]:
    """Return the prompt and its greedy continuation, logits at the prompt's end, and the closest call."""
    model = transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    prompt = np.random.default_rng(7).integers(3, VOCAB_SIZE - 8, NUM_PROMPT_TOKENS).tolist()
    token_ids, closest = list(prompt), float("inf")
    with torch.inference_mode():
        logits = model(torch.tensor([prompt])).logits[0, -NUM_LOGITS_ROWS:].numpy()
        for _ in range(NUM_GREEDY_TOKENS):
            last = model(torch.tensor([token_ids])).logits[0, -1]
            best = torch.topk(last, 2)
            closest = min(closest, float((best.values[0] - best.values[1]) / last.abs().max()))
            token_ids.append(int(best.indices[0]))
    goldens = {"prompt_token_ids": prompt, "greedy_token_ids": token_ids[NUM_PROMPT_TOKENS:]}
    return goldens, np.ascontiguousarray(logits, np.float32), closest


def compute_text_goldens(folder: Path, token_ids: list[int]) -> dict[str, Any]:
    """Return what transformers' tokenizer makes of some texts, of `token_ids`, and of a conversation."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)

    wants_parts = "part in message.content" in (tokenizer.chat_template or "")

    def chat(num_messages: int = len(CONVERSATION), **options: Any) -> str:
        messages: list[dict[str, Any]] = CONVERSATION[:num_messages]
        if wants_parts:  # transformers leaves it to the caller, servers look at the template
            messages = [{**m, "content": [{"type": "text", "text": m["content"]}]} for m in messages]
        text: str = tokenizer.apply_chat_template(messages, tokenize=False, **options)
        return text

    goldens: dict[str, Any] = {
        "encoded": [
            {
                "text": text,
                "token_ids": tokenizer.encode(text),
                "token_ids_plain": tokenizer.encode(text, add_special_tokens=False),
                "decoded": tokenizer.decode(tokenizer.encode(text), skip_special_tokens=True),
            }
            for text in SAMPLES
        ],
        "decoded": tokenizer.decode(token_ids),
        "decoded_without_special_tokens": tokenizer.decode(token_ids, skip_special_tokens=True),
    }
    if tokenizer.chat_template is not None:
        goldens["chat"] = {
            "prompt": chat(add_generation_prompt=True),
            "finished": chat(add_generation_prompt=False),
            "continued": chat(3, continue_final_message=True),
            "with_tools": chat(tools=TOOLS, add_generation_prompt=True),
        }
    return goldens


def make(folder: Path, variant: Variant) -> None:
    """Write a model folder and its goldens, with the first seed that gives a telling greedy text."""
    for seed in count(1):
        write_folder(folder, variant, seed)
        goldens, logits, closest = compute_model_goldens(folder)
        num_distinct = len(set(goldens["greedy_token_ids"]))
        if num_distinct >= MIN_DISTINCT_TOKENS and closest >= MIN_MARGIN:
            break
    goldens |= compute_text_goldens(folder, goldens["prompt_token_ids"] + goldens["greedy_token_ids"])
    made_with = {"transformers": transformers.__version__, "torch": torch.__version__, "seed": seed}
    text = json.dumps({"made_with": made_with, **goldens}, ensure_ascii=False)
    (folder / "goldens.json").write_text(text + "\n", encoding="utf-8")
    np.save(folder / "logits.npy", logits)
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{folder.name}: seed {seed}, {num_distinct} distinct, margin {closest:.1e}, {size / 1000:.0f} kB")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", default=list(VARIANTS), metavar="NAME")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "tests" / "fixtures")
    options = parser.parse_args()
    for name in options.names:
        make(options.out / name, VARIANTS[name])


if __name__ == "__main__":
    main()
