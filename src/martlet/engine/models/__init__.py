"""Model families: the registry, and `build_model` from a checkpoint.

A family is a module named after Hugging Face's `model_type`. It describes its models as a `DecoderSpec`, and
says where their weights are; `decoder.py` is the one transformer that runs them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from martlet.engine.checkpoint import CONFIG_NAME, read_config
from martlet.engine.models.hf_config import HFConfig
from martlet.errors import CheckpointError

if TYPE_CHECKING:
    from martlet.engine.checkpoint import Checkpoint
    from martlet.engine.config import CacheDtype
    from martlet.engine.kernels import Kernels, Quantization
    from martlet.engine.models.decoder import Model
    from martlet.engine.models.spec import DecoderSpec

FAMILIES = {
    name: f"martlet.engine.models.{name}"
    for name in (
        "gemma2",
        "gemma3",
        "gemma3_text",
        "granite",
        "llama",
        "mistral",
        "mixtral",
        "olmo2",
        "phi3",
        "qwen2",
        "qwen3",
        "qwen3_moe",
        "smollm3",
    )
}
"""model_type -> module, which is imported when it is needed."""


class Family(Protocol):
    """What a family's module offers."""

    ARCHITECTURES: tuple[str, ...]
    """config.json's `architectures` that it runs."""
    WEIGHTS: dict[str, str]
    """The decoder's name of each part -> the checkpoint's, with {layer} for the layer's number."""
    IGNORED_WEIGHTS: str
    """Pattern of tensors that may be left unused."""

    def spec(self, config: HFConfig) -> DecoderSpec: ...


def build_model(
    checkpoint: Checkpoint,
    kernels: Kernels,
    context: int | None = None,
    quantization: Quantization | None = None,
    cache_dtype: CacheDtype = "float32",
) -> Model:
    """Load a checkpoint's weights into a model. Raises CheckpointError if it is not one that can be run.

    `context` is how many positions of a text will be served, if not all that the model takes. `quantization`
    rounds the weights as they are read.
    """
    from martlet.engine.models.decoder import Model
    from martlet.engine.models.weights import load_weights

    family = _family(checkpoint.config, checkpoint.folder)
    spec = family.spec(HFConfig(checkpoint.config, checkpoint.config_path))
    weights = load_weights(checkpoint, spec, family, kernels, quantization)
    return Model(spec, weights, kernels, context, cache_dtype)


def check_architecture(folder: str | Path) -> None:
    """Raise CheckpointError for a folder whose config.json tells that no family here can run it.

    That is worth telling before anything else of the folder is read, or downloaded.
    """
    _family(read_config(Path(folder)), Path(folder))


def context_length(folder: Path) -> int:
    """Return how many tokens a model that makes text was made for. Raises CheckpointError."""
    config = read_config(folder)
    path = folder / CONFIG_NAME if folder.is_dir() else folder
    spec = _family(config, folder).spec(HFConfig(config, path))
    return spec.max_position_embeddings


def _family(config: Mapping[str, Any], folder: Path) -> Family:
    model_type = config.get("model_type")
    architectures = config.get("architectures")
    if isinstance(model_type, str) and model_type in FAMILIES:
        family = cast(Family, import_module(FAMILIES[model_type]))
        if not architectures or (
            isinstance(architectures, list) and architectures[0] in family.ARCHITECTURES
        ):
            return family
    supported = [name for module in FAMILIES.values() for name in import_module(module).ARCHITECTURES]
    raise CheckpointError(
        f"{folder}/config.json: model_type {model_type!r} with architectures {architectures!r} "
        f"is not supported; supported: {', '.join(supported)}"
    )
