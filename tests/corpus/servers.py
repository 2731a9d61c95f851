"""The servers of the corpus: what each serves, and how it is started, vLLM's way and ours."""

from __future__ import annotations

from dataclasses import dataclass, field

KEYS = ["sk-first", "sk-second"]
ORIGIN = "http://a.example"


@dataclass(frozen=True)
class Configuration:
    """One server. `options` are given to both, `vllm` and `martlet` to one of them.

    In these, `{adapter}` stands for the folder of a LoRA adapter of random weights.
    """

    checkpoint: str
    served_names: list[str]
    options: list[str] = field(default_factory=list)
    vllm: list[str] = field(default_factory=list)
    martlet: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    """Of vLLM, and of us where we know the name."""


# Without it, so small a model may fill the room between JSON's tokens with blanks for ever.
COMPACT_JSON = ["--structured-outputs-config", '{"backend": "xgrammar", "disable_any_whitespace": true}']
GENERATE = ["--max-model-len", "512"]
VLLM_GENERATE = ["--enforce-eager", *COMPACT_JSON]
VLLM_GUIDANCE = ["--enforce-eager", *(option.replace("xgrammar", "guidance") for option in COMPACT_JSON)]
"""The backend that makes the tokens of forced text as we do. It fails at tools, in vLLM 0.32."""
OURS = ["--structured-outputs-config", '{"disable_any_whitespace": true}', "--block-size", "128"]
"""The size of blocks is vLLM's on a CPU: it shows in what usage says of cached tokens."""
PLAIN = ["--reasoning-parser", "", "--no-enable-auto-tool-choice"]
"""vLLM reads thoughts and calls only if told to; we do where the model's template shows them."""
PARSERS = ["--enable-auto-tool-choice", "--tool-call-parser", "hermes", "--reasoning-parser", "qwen3"]
POOLING = ["--runner", "pooling"]

CONFIGURATIONS = {
    "house": Configuration(
        "house",
        ["tiny", "alias"],
        GENERATE,
        vllm=VLLM_GENERATE,
        martlet=[*OURS, *PLAIN],
        environment={"VLLM_ENABLE_RESPONSES_API_STORE": "1"},
    ),
    "guidance": Configuration(
        "house",
        ["tiny"],
        GENERATE,
        vllm=VLLM_GUIDANCE,
        martlet=[*OURS, *PLAIN],
    ),
    "thinking": Configuration(
        "thinking",
        ["tiny"],
        [*GENERATE, *PARSERS],
        vllm=VLLM_GENERATE,
        martlet=OURS,
    ),
    "guarded": Configuration(
        "house",
        ["tiny"],
        [*GENERATE, "--api-key", *KEYS, "--enable-request-id-headers", "--enable-force-include-usage",
         "--enable-prompt-tokens-details",
         "--allowed-origins", f'["{ORIGIN}"]'],
        vllm=[
            *VLLM_GENERATE, 
            "--enable-tokenizer-info-endpoint",
        ],
        martlet=[*OURS, *PLAIN],
        environment={"VLLM_SERVER_DEV_MODE": "1"},
    ),
    "lora": Configuration(
        "house",
        ["tiny"],
        GENERATE,
        vllm=[*VLLM_GENERATE, "--enable-lora", "--max-lora-rank", "8", "--lora-modules", "poet={adapter}"],
        martlet=[*PLAIN, "--enable-lora", "--max-lora-rank", "8", "--lora-modules", "poet={adapter}"],
        environment={"VLLM_ALLOW_RUNTIME_LORA_UPDATING": "1"},
    ),
    "embedder": Configuration("embedder", ["vectors"], POOLING, vllm=["--enforce-eager"]),
    "classifier": Configuration("classifier", ["classes"], POOLING, vllm=["--enforce-eager"]),
    "reranker": Configuration("reranker", ["pairs"], POOLING, vllm=["--enforce-eager"]),
}  # fmt: skip
