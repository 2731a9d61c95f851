"""The house model in torch: a Llama decoder with Hugging Face's parameter names, so that export is a copy."""

# Where types are checked, torch is not installed and its classes are Any.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class ModelConfig:
    """The shape of the model; field names are those of a Llama config.json."""

    vocab_size: int
    hidden_size: int = 256
    intermediate_size: int = 768
    num_hidden_layers: int = 5
    num_attention_heads: int = 4
    num_key_value_heads: int = 2
    head_dim: int = 64
    max_position_embeddings: int = 2048
    rope_theta: float = 10000.0
    rms_norm_eps: float = 1e-5

    def to_hf(self, bos_token_id: int, eos_token_id: int, pad_token_id: int) -> dict[str, Any]:
        """Return the config.json of this shape for LlamaForCausalLM."""
        return {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            **asdict(self),
            "attention_bias": False,
            "attention_dropout": 0.0,
            "bos_token_id": bos_token_id,
            "eos_token_id": eos_token_id,
            "pad_token_id": pad_token_id,
            "hidden_act": "silu",
            "initializer_range": 0.02,
            "mlp_bias": False,
            "rope_scaling": None,
            "tie_word_embeddings": True,
            "torch_dtype": "bfloat16",
            "use_cache": True,
        }


def rope_table(config: ModelConfig) -> tuple[Tensor, Tensor]:
    """Return cos and sin, each [max_position_embeddings, head_dim], halves repeated."""
    half = torch.arange(0, config.head_dim, 2, dtype=torch.float32) / config.head_dim
    angles = torch.outer(torch.arange(config.max_position_embeddings).float(), config.rope_theta**-half)
    angles = torch.cat((angles, angles), dim=-1)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Apply rotary position embedding, x: [batch, heads, tokens, head_dim]."""
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-second, first), dim=-1) * sin


class Positions(NamedTuple):
    """What depends on positions alone: rotary tables [tokens, head_dim], causal bias [tokens, tokens]."""

    cos: Tensor
    sin: Tensor
    bias: Tensor


class Attention(nn.Module):
    """Causal grouped-query attention."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.head_dim = config.head_dim
        q_size = config.num_attention_heads * config.head_dim
        kv_size = config.num_key_value_heads * config.head_dim
        self.q_proj = nn.Linear(config.hidden_size, q_size, bias=False)
        self.k_proj = nn.Linear(config.hidden_size, kv_size, bias=False)
        self.v_proj = nn.Linear(config.hidden_size, kv_size, bias=False)
        self.o_proj = nn.Linear(q_size, config.hidden_size, bias=False)

    def heads(self, x: Tensor) -> Tensor:
        """[batch, tokens, heads * head_dim] -> [batch, heads, tokens, head_dim]."""
        return x.unflatten(-1, (-1, self.head_dim)).transpose(1, 2)

    def forward(self, x: Tensor, positions: Positions) -> Tensor:
        q = rotate(self.heads(self.q_proj(x)), positions.cos, positions.sin) * self.head_dim**-0.5
        k = rotate(self.heads(self.k_proj(x)), positions.cos, positions.sin)
        v = self.heads(self.v_proj(x))
        # Written out: the backward of torch's fused CPU attention is two times slower for rows this short.
        batch, kv_heads, length, _ = k.shape
        scores = q.reshape(batch, kv_heads, -1, self.head_dim).to(v.dtype) @ k.to(v.dtype).transpose(-1, -2)
        scores = scores.view(batch, kv_heads, -1, length, length).float() + positions.bias
        weights = scores.softmax(-1).to(v.dtype).view(batch, kv_heads, -1, length)
        out = (weights @ v).view(batch, -1, length, self.head_dim)
        return self.o_proj(out.transpose(1, 2).flatten(2))


class MLP(nn.Module):
    """SwiGLU."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    """One pre-norm decoder layer."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.input_layernorm = nn.RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = nn.RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.mlp = MLP(config)

    def forward(self, x: Tensor, positions: Positions) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), positions)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    """Embeddings, layers and the last norm; called `model` inside a causal LM, as in Hugging Face's names."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.norm = nn.RMSNorm(config.hidden_size, eps=config.rms_norm_eps)


class HouseModel(nn.Module):
    """A causal language model with tied embeddings."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.model = Decoder(config)
        cos, sin = rope_table(config)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        bias = torch.full((config.max_position_embeddings,) * 2, float("-inf")).triu(1)
        self.register_buffer("bias", bias, persistent=False)
        self.reset()

    def reset(self) -> None:
        """Draw the initial weights; what writes into the residual stream starts smaller."""
        shrink = (2 * self.config.num_hidden_layers) ** -0.5
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                residual = name.endswith(("o_proj.weight", "down_proj.weight"))
                nn.init.normal_(
                    parameter, std=0.02 if "embed" in name else 0.05 * (shrink if residual else 1)
                )

    def hidden(self, token_ids: Tensor) -> Tensor:
        """token_ids: [batch, tokens]. Returns what the head reads, [batch, tokens, hidden_size]."""
        length = token_ids.shape[1]
        positions = Positions(self.cos[:length], self.sin[:length], self.bias[:length, :length])
        x = self.model.embed_tokens(token_ids)
        for layer in self.model.layers:
            x = layer(x, positions)
        return self.model.norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        """hidden: [..., hidden_size]. Returns [..., vocab]."""
        return F.linear(hidden, self.model.embed_tokens.weight)

    def forward(self, token_ids: Tensor) -> Tensor:
        """token_ids: [batch, tokens]. Returns logits [batch, tokens, vocab]."""
        return self.logits(self.hidden(token_ids))
