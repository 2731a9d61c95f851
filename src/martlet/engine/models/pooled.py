"""Models that pool: encoders, and decoders without the head that generates.

A checkpoint's `architectures` says what it was trained for; sentence-transformers' files beside it say how
its vectors are pooled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from martlet.engine.checkpoint import load_checkpoint, read_config
from martlet.engine.memory import cache_block_bytes, packed_bytes, require_weights_fit
from martlet.engine.models import FAMILIES, check_architecture
from martlet.engine.models.encoder import Encoder, EncoderFamily, load_encoder
from martlet.engine.models.head import DenseSpec, Head, HeadSpec, PoolingType, load_head, num_labels
from martlet.engine.models.hf_config import HFConfig
from martlet.engine.pooling import (
    Pooler,
    PoolerConfig,
    classifier_activation,
    load_projection,
    read_sentence_transformer,
)
from martlet.errors import CheckpointError

if TYPE_CHECKING:
    from martlet.engine.checkpoint import Checkpoint
    from martlet.engine.kernels import F32, I32, Kernels, Quantization
    from martlet.engine.models import Family
    from martlet.engine.models.decoder import KVCache, Model
    from martlet.engine.models.spec import DecoderSpec
    from martlet.engine.pooling_engine import PoolingModel
    from martlet.engine.runner import ModelInputs

ENCODER_FAMILIES = {
    "bert": "martlet.engine.models.bert",
    "roberta": "martlet.engine.models.roberta",
    "camembert": "martlet.engine.models.roberta",
    "xlm-roberta": "martlet.engine.models.roberta",
    "modernbert": "martlet.engine.models.modernbert",
}
"""model_type -> module, which is imported when it is needed."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadedModel:
    """A model, its pooler, and what texts must know of it."""

    model: PoolingModel
    pooler: Pooler
    labels: Sequence[str]
    """Names of a classifier's classes."""
    max_seq_length: int | None
    """Tokens that it was trained to take, fewer than it could."""
    do_lower_case: bool
    prompts: Mapping[str, str]
    """Use, such as `query`, to what stands before texts for it."""
    uses_pairs: bool
    """A pair of texts is two to the tokenizer, which separates them; otherwise one follows the other."""


class HeadlessDecoder:
    """A decoder as what pools sees it: final hidden states, no logits."""

    is_causal = True

    def __init__(self, model: Model) -> None:
        self._model = model
        self.vocab_size = model.vocab_size
        self.hidden_size = model.spec.hidden_size
        self.max_position_embeddings = model.max_position_embeddings

    def block_bytes(self, block_size: int) -> int:
        return cache_block_bytes(self._model, block_size)

    def new_cache(self, num_blocks: int, block_size: int) -> KVCache:
        return self._model.new_cache(num_blocks, block_size)

    def hidden_states(self, inputs: ModelInputs, cache: KVCache, token_type_ids: I32) -> F32:
        return self._model.hidden_states(inputs, cache)


def is_pooling_model(folder: Path) -> bool:
    """Return whether a folder is to be pooled unless somebody says otherwise. Raises CheckpointError."""
    config = read_config(folder)
    if read_sentence_transformer(folder) is not None or _is_encoder(config):
        return True
    return _architecture(config) in _pooled_names(_decoder_family(config.get("model_type")))


def check_servable(folder: Path) -> None:
    """Raise CheckpointError for a folder whose config.json tells that nothing here can run it.

    That is worth telling before anything else of the folder is read, or downloaded.
    """
    config = read_config(folder)
    if _is_encoder(config):
        family = cast(EncoderFamily, import_module(ENCODER_FAMILIES[config["model_type"]]))
        if _architecture(config) not in ("", *_encoder_names(family)):
            raise _unsupported(config, folder)
    elif _architecture(config) not in _pooled_names(_decoder_family(config.get("model_type"))):
        check_architecture(folder)


def load_pooling_model(
    folder: Path,
    kernels: Kernels,
    override: PoolerConfig,
    context: int | None = None,
    quantization: Quantization | None = None,
) -> LoadedModel:
    """Load a folder's model and pooler. Raises CheckpointError if it is not one that can be pooled.

    `context` is how many positions of a text will be served, if not all that the model takes. `quantization`
    rounds the weights as they are read, but for those of heads.
    """
    checkpoint = load_checkpoint(folder)
    require_weights_fit(packed_bytes(checkpoint.nbytes, quantization or "none"))
    config = HFConfig(checkpoint.config, checkpoint.config_path)
    sentence = read_sentence_transformer(folder)
    if _is_encoder(checkpoint.config):
        model, head, pooling_type = _load_encoder(checkpoint, config, kernels, quantization)
    else:
        model, head, pooling_type = _load_decoder(checkpoint, config, kernels, context, quantization)
    pooler_config = PoolerConfig(pooling_type=pooling_type)
    if sentence is not None and head is None:
        pooler_config = sentence.pooler.over(pooler_config)
    projection = None
    if sentence is not None and head is None:
        projection = load_projection(sentence.dense_folders, model.hidden_size, kernels)
    pooler = Pooler(
        override.over(pooler_config),
        model.hidden_size,
        head=head,
        projection=projection,
        activation=classifier_activation(config),
        matryoshka_dimensions=_matryoshka_dimensions(config),
    )
    return LoadedModel(
        model=model,
        pooler=pooler,
        labels=_labels(config, pooler.num_labels),
        max_seq_length=None if sentence is None else sentence.max_seq_length,
        do_lower_case=sentence is not None and sentence.do_lower_case,
        prompts={} if sentence is None else sentence.prompts,
        uses_pairs=config.flag("use_sep_token", True),
    )


# --- encoders -----------------------------------------------------------------------------------------


def _load_encoder(
    checkpoint: Checkpoint, config: HFConfig, kernels: Kernels, quantization: Quantization | None
) -> tuple[PoolingModel, Head | None, PoolingType]:
    family = cast(EncoderFamily, import_module(ENCODER_FAMILIES[checkpoint.config["model_type"]]))
    architecture = _architecture(checkpoint.config) or family.ARCHITECTURES[0]
    if architecture not in _encoder_names(family):
        raise _unsupported(checkpoint.config, checkpoint.folder)
    spec = family.spec(config)
    weights = load_encoder(checkpoint, spec, family, kernels, quantization)
    head_spec = family.classifier(config, architecture)
    head = None if head_spec is None else load_head(checkpoint, head_spec, spec.hidden_size, kernels)
    _finish(checkpoint, family.IGNORED_WEIGHTS)
    return Encoder(spec, weights, kernels), head, head_spec.pooling_type if head_spec else "CLS"


def _is_encoder(config: Mapping[str, Any]) -> bool:
    model_type = config.get("model_type")
    return isinstance(model_type, str) and model_type in ENCODER_FAMILIES


def _encoder_names(family: EncoderFamily) -> list[str]:
    """CamemBERT's models are RoBERTa's under another name."""
    camembert = [name.replace("Roberta", "Camembert") for name in family.ARCHITECTURES if name[0] == "R"]
    return [*family.ARCHITECTURES, *camembert]


# --- decoders -----------------------------------------------------------------------------------------


class _Headless:
    """A decoder family whose checkpoints lack the head, and perhaps the prefix, of those that generate."""

    def __init__(self, family: Family, checkpoint: Checkpoint) -> None:
        prefix = "" if f"{family.WEIGHTS['embed']}.weight" in checkpoint else "model."
        self._family = family
        self.ARCHITECTURES = family.ARCHITECTURES
        self.WEIGHTS = {part: name.removeprefix(prefix) for part, name in family.WEIGHTS.items()}
        self.WEIGHTS["head"] = ""  # no checkpoint has a tensor of that name
        self.IGNORED_WEIGHTS = rf"{family.IGNORED_WEIGHTS}|lm_head\.weight"

    def spec(self, config: HFConfig) -> DecoderSpec:
        return replace(self._family.spec(config), tie_embeddings=True)  # so the head costs nothing


def _load_decoder(
    checkpoint: Checkpoint,
    config: HFConfig,
    kernels: Kernels,
    context: int | None,
    quantization: Quantization | None,
) -> tuple[PoolingModel, Head | None, PoolingType]:
    from martlet.engine.models.decoder import Model
    from martlet.engine.models.weights import load_weights

    family = _decoder_family(checkpoint.config.get("model_type"))
    architecture = _architecture(checkpoint.config)
    if family is None or (
        architecture and architecture not in (*family.ARCHITECTURES, *_pooled_names(family))
    ):
        raise _unsupported(checkpoint.config, checkpoint.folder)
    headless = _Headless(family, checkpoint)
    spec = headless.spec(config)
    head = None
    if architecture.endswith("ForSequenceClassification"):
        scores = DenseSpec(name="score", rows=num_labels(config), has_bias=False)
        head = load_head(
            checkpoint, HeadSpec(pooling_type="LAST", layers=(scores,)), spec.hidden_size, kernels
        )
    weights = load_weights(checkpoint, spec, headless, kernels, quantization)
    model = Model(spec, weights, kernels, context)
    return HeadlessDecoder(model), head, "LAST"


def _decoder_family(model_type: Any) -> Family | None:
    if not isinstance(model_type, str) or model_type not in FAMILIES:
        return None
    return cast("Family", import_module(FAMILIES[model_type]))


def _pooled_names(family: Family | None) -> list[str]:
    """Names of a family's models without a head that generates."""
    if family is None:
        return []
    stems = [name.removesuffix("ForCausalLM") for name in family.ARCHITECTURES if "ForCausalLM" in name]
    return [stem + suffix for stem in stems for suffix in ("Model", "ForSequenceClassification")]


# --- settings -----------------------------------------------------------------------------------------


def _architecture(config: Mapping[str, Any]) -> str:
    """Return the first of config.json's `architectures`, "" if there is none."""
    names = config.get("architectures")
    return str(names[0]) if isinstance(names, list) and names else ""


def _unsupported(config: Mapping[str, Any], folder: Path) -> CheckpointError:
    encoders = {name for module in ENCODER_FAMILIES.values() for name in import_module(module).ARCHITECTURES}
    decoders = [name for kind in FAMILIES for name in _pooled_names(_decoder_family(kind))]
    return CheckpointError(
        f"{folder}/config.json: model_type {config.get('model_type')!r} with architectures "
        f"{config.get('architectures')!r} cannot be pooled; "
        f"supported: {', '.join([*sorted(encoders), *decoders])}"
    )


def _finish(checkpoint: Checkpoint, ignored: str) -> None:
    checkpoint.ignore([name for name in checkpoint.names() if re.fullmatch(ignored, name)])
    checkpoint.require_all_used()


def _matryoshka_dimensions(config: HFConfig) -> Sequence[int] | None:
    sizes = config.sizes("matryoshka_dimensions")
    return sizes if sizes or config.flag("is_matryoshka", False) else None


def _labels(config: HFConfig, count: int) -> list[str]:
    names = config.mapping("id2label")
    return [str(names.get(str(index), f"LABEL_{index}")) for index in range(count)]
