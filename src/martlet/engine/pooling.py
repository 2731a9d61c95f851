"""From the vectors of a prompt's tokens to what was asked for: an embedding, class scores, vectors per token.

PoolingParams is what a request wants, PoolerConfig how a model's folder says it is to be pooled, Pooler the
two at work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from martlet.engine.checkpoint import read_json_object
from martlet.engine.models.head import DenseSpec, Head, HeadSpec, PoolingType, load_head
from martlet.engine.request import Output
from martlet.errors import CheckpointError, InvalidParameter

if TYPE_CHECKING:
    from martlet.engine.kernels import F32, Kernels
    from martlet.engine.models.hf_config import HFConfig

PoolingTask = Literal["embed", "classify", "token_embed", "token_classify"]

TASKS: tuple[PoolingTask, ...] = ("embed", "classify", "token_embed", "token_classify")
POOLING_TYPES: tuple[PoolingType, ...] = ("CLS", "LAST", "MEAN")

Activation = Callable[["F32"], "F32"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolingParams:
    """What to make of a prompt. Every field is resolved, but for what the model's own settings decide."""

    task: PoolingTask
    dimensions: int | None = None
    """Keep this many numbers of an embedding, for models trained for it."""
    use_activation: bool | None = None
    """Normalise an embedding, or turn scores into probabilities. None: as the model's settings say."""
    token_type_ids: Sequence[int] | None = None
    """One for each token of the prompt: which of two texts it is of. None: all of the first."""


@dataclass(slots=True)
class PoolingOutput(Output):
    """What a pooling request brought; there is one for each. Without `data` after an error."""

    data: F32 = field(default_factory=lambda: np.empty(0, np.float32))
    """embed: [dimensions]; classify: [num_labels]; token_embed and token_classify have a row per token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolerConfig:
    """How a model is pooled: vLLM's `--pooler-config`, laid over what the folder says."""

    task: PoolingTask | None = None
    """What the model is served for. None: embeddings, or classes if it has a head for them."""
    pooling_type: PoolingType | None = None
    use_activation: bool | None = None
    dimensions: int | None = None

    def __post_init__(self) -> None:
        self._check("task", self.task is None or self.task in TASKS, TASKS)
        self._check(
            "pooling_type", self.pooling_type is None or self.pooling_type in POOLING_TYPES, POOLING_TYPES
        )
        self._check(
            "use_activation",
            self.use_activation is None or isinstance(self.use_activation, bool),
            ("a bool",),
        )
        is_count = isinstance(self.dimensions, int) and self.dimensions > 0
        self._check("dimensions", self.dimensions is None or is_count, ("a number above 0",))

    def _check(self, name: str, ok: bool, supported: Sequence[str]) -> None:
        if not ok:
            raise InvalidParameter(
                f"pooler_config.{name}",
                f"is {getattr(self, name)!r}; supported: {', '.join(supported)}",
            )

    def over(self, other: PoolerConfig) -> PoolerConfig:
        """Return `other` with what is set here."""
        ours = {name.name: getattr(self, name.name) for name in fields(self)}
        return replace(other, **{name: value for name, value in ours.items() if value is not None})


def pooler_config(settings: Mapping[str, Any]) -> PoolerConfig:
    """Read `--pooler-config`, in vLLM's spelling. Raises InvalidParameter."""
    settings = dict(settings)
    if "seq_pooling_type" in settings:
        settings.setdefault("pooling_type", settings.pop("seq_pooling_type"))
    known = [name.name for name in fields(PoolerConfig)]
    if unknown := sorted(settings.keys() - set(known)):
        raise InvalidParameter(
            "pooler_config", f"has {unknown[0]!r}, which is not supported; supported: {', '.join(known)}"
        )
    return PoolerConfig(**settings)


# --- sentence-transformers folders --------------------------------------------------------------------

_POOLING_MODES: dict[str, PoolingType] = {
    "pooling_mode_cls_token": "CLS",
    "pooling_mode_mean_tokens": "MEAN",
    "pooling_mode_lasttoken": "LAST",
    "cls": "CLS",
    "mean": "MEAN",
    "lasttoken": "LAST",
}
_DENSE_ACTIVATIONS = {
    "torch.nn.modules.linear.Identity": None,
    "torch.nn.modules.activation.Tanh": "tanh",
    "torch.nn.modules.activation.ReLU": "relu",
    "torch.nn.modules.activation.GELU": "gelu",
}
_SETTINGS_FILES = (
    "sentence_bert_config.json",
    "sentence_roberta_config.json",
    "sentence_xlm-roberta_config.json",
    "sentence_camembert_config.json",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceTransformer:
    """What a sentence-transformers folder says beside the model itself."""

    pooler: PoolerConfig
    dense_folders: tuple[Path, ...] = ()
    """Of dense layers over the pooled vector, in order."""
    max_seq_length: int | None = None
    """Tokens that the model was trained to take, fewer than it could."""
    do_lower_case: bool = False
    """Texts lose their capitals before the tokenizer sees them."""
    prompts: Mapping[str, str] = field(default_factory=dict)
    """Use, such as `query`, to what stands before texts for it."""


def read_sentence_transformer(folder: Path) -> SentenceTransformer | None:
    """Read modules.json and what it names; None for a folder without pooling. Raises CheckpointError."""
    path = folder / "modules.json"
    if not path.is_file():
        return None
    modules: dict[str, list[Path]] = {"Pooling": [], "Dense": [], "Normalize": []}
    for module in _read_modules(path):
        kind = str(module.get("type", "")).rpartition(".")[2]
        if kind in modules:
            modules[kind].append(folder / str(module.get("path", "")))
        elif kind != "Transformer":
            raise CheckpointError(f"{path}: module {module.get('type')!r} is not supported")
    if not modules["Pooling"]:
        return None
    settings = _sentence_settings(folder)
    max_seq_length = settings.get("max_seq_length")
    return SentenceTransformer(
        pooler=PoolerConfig(
            pooling_type=_pooling_type(modules["Pooling"][0] / "config.json"),
            use_activation=bool(modules["Normalize"]),
        ),
        dense_folders=tuple(modules["Dense"]),
        max_seq_length=max_seq_length if isinstance(max_seq_length, int) else None,
        do_lower_case=settings.get("do_lower_case") is True,
        prompts=_prompts(folder / "config_sentence_transformers.json"),
    )


def _read_modules(path: Path) -> list[Mapping[str, Any]]:
    import json

    try:
        modules = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path} is not JSON: {error}") from error
    if not isinstance(modules, list) or not all(isinstance(module, dict) for module in modules):
        raise CheckpointError(f"{path} must hold a list of modules")
    return modules


def _pooling_type(path: Path) -> PoolingType:
    settings = read_json_object(path)
    mode = settings.get("pooling_mode")
    modes = [mode] if isinstance(mode, str) else [key for key, on in settings.items() if on is True]
    modes = [mode for mode in modes if mode in _POOLING_MODES or mode.startswith("pooling_mode")]
    if len(modes) != 1 or modes[0] not in _POOLING_MODES:
        raise CheckpointError(
            f"{path}: pools by {modes or 'nothing'}; supported: one of CLS, mean, last token"
        )
    return _POOLING_MODES[modes[0]]


def _sentence_settings(folder: Path) -> dict[str, Any]:
    for name in _SETTINGS_FILES:
        if (folder / name).is_file():
            return read_json_object(folder / name)
    return {}


def _prompts(path: Path) -> dict[str, str]:
    prompts = read_json_object(path).get("prompts") if path.is_file() else None
    found = prompts if isinstance(prompts, dict) else {}
    return {use: prompt for use, prompt in found.items() if isinstance(prompt, str)}


def load_projection(folders: Sequence[Path], num_inputs: int, kernels: Kernels) -> Head | None:
    """Load a folder's dense layers as one head. Raises CheckpointError."""
    from martlet.engine.checkpoint import load_checkpoint

    heads = []
    for folder in folders:
        checkpoint = load_checkpoint(folder)
        config = checkpoint.config
        if config.get("in_features") != num_inputs or not isinstance(config.get("out_features"), int):
            raise CheckpointError(f"{folder}/config.json does not fit vectors of {num_inputs} numbers")
        activation = config.get("activation_function", "torch.nn.modules.activation.Tanh")
        if activation not in _DENSE_ACTIVATIONS:
            raise CheckpointError(
                f"{folder}/config.json: activation_function {activation!r} is not supported"
            )
        dense = DenseSpec(
            name="linear",
            rows=config["out_features"],
            has_bias=config.get("bias", True) is True,
            activation=cast(Any, _DENSE_ACTIVATIONS[activation]),
        )
        heads.append(
            load_head(checkpoint, HeadSpec(pooling_type="MEAN", layers=(dense,)), num_inputs, kernels)
        )
        checkpoint.require_all_used()
        num_inputs = dense.rows
    return Head.chain(heads) if heads else None


# --- classes ------------------------------------------------------------------------------------------


def classifier_activation(config: HFConfig) -> Activation:
    """Return what turns a classifier's scores into its answer.

    As vLLM 0.32: by `problem_type`, else by what sentence-transformers' CrossEncoder wrote, else softmax, or
    a sigmoid for a single class.
    """
    problem_type = config.text("problem_type")
    if problem_type == "regression":
        return _identity
    if problem_type == "single_label_classification":
        return _probabilities
    if problem_type == "multi_label_classification":
        return _sigmoid
    name = config.mapping("sentence_transformers").get("activation_fn") or config.text(
        "sbert_ce_default_activation_function"
    )
    if name is None:
        return _probabilities
    kinds: dict[str, Activation] = {
        "Identity": _identity,
        "Sigmoid": _probabilities,
        "Softmax": _probabilities,
        "Tanh": _tanh,
        "ReLU": _relu,
    }
    module, _, kind = str(name).rpartition(".")
    if not module.startswith("torch.nn.modules.") or kind not in kinds:
        raise config.error(
            "sentence_transformers.activation_fn", f"is {name!r}; supported: {', '.join(kinds)}"
        )
    return kinds[kind]


def _identity(x: F32) -> F32:
    return x


def _sigmoid(x: F32) -> F32:
    with np.errstate(over="ignore"):  # to infinity, whose inverse is the 0 that it should be
        result: F32 = np.reciprocal(1 + np.exp(-x))
    return result


def _probabilities(x: F32) -> F32:
    if x.shape[-1] < 2:
        return _sigmoid(x)
    weights: F32 = np.exp(x - x.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return weights


def _tanh(x: F32) -> F32:
    result: F32 = np.tanh(x)
    return result


def _relu(x: F32) -> F32:
    result: F32 = np.maximum(x, np.float32(0))
    return result


def _unit_length(x: F32) -> F32:
    length: F32 = np.sqrt(np.square(x).sum(axis=-1, keepdims=True))
    return np.divide(x, np.maximum(length, 1e-12), dtype=np.float32)


# --- the pooler ---------------------------------------------------------------------------------------


class Pooler:
    """Turns the rows of one prompt into its answer. The bits depend on nothing but those rows."""

    def __init__(
        self,
        config: PoolerConfig,
        hidden_size: int,
        *,
        head: Head | None = None,
        projection: Head | None = None,
        activation: Activation = _probabilities,
        matryoshka_dimensions: Sequence[int] | None = None,
    ) -> None:
        """`head` makes it a classifier, `projection` stands over embeddings.

        `matryoshka_dimensions`: sizes to which an embedding may be cut; empty for any, None for none.
        """
        assert config.pooling_type is not None
        self.pooling_type: PoolingType = config.pooling_type
        self.task: PoolingTask = config.task or ("embed" if head is None else "classify")
        self._config = config
        self._hidden_size = hidden_size
        self._head = head
        self._projection = projection
        self._activation = activation
        self._matryoshka_dimensions = matryoshka_dimensions
        if self.task not in self.tasks:
            raise InvalidParameter(
                "pooler_config.task", f"is {self.task}, and the model can {' and '.join(self.tasks)}"
            )

    @property
    def tasks(self) -> tuple[PoolingTask, ...]:
        """What the model can be asked for."""
        return ("embed", "token_embed") if self._head is None else ("classify", "token_classify")

    @property
    def num_labels(self) -> int:
        """Classes of a classifier, 0 for others."""
        return 0 if self._head is None else self._head.size

    @property
    def embedding_size(self) -> int:
        return self._hidden_size if self._projection is None else self._projection.size

    def resolve(self, params: PoolingParams) -> PoolingParams:
        """Fill in the model's defaults. Raises InvalidParameter for what the model cannot do."""
        if params.task not in self.tasks:
            raise InvalidParameter("task", f"is {params.task}, and the model can {' and '.join(self.tasks)}")
        use_activation = params.use_activation
        if use_activation is None:
            use_activation = self._config.use_activation
        dimensions = params.dimensions
        if self._head is None:
            dimensions = self._config.dimensions if dimensions is None else dimensions
            self._check_dimensions(dimensions)
        return replace(
            params, dimensions=dimensions, use_activation=True if use_activation is None else use_activation
        )

    def _check_dimensions(self, dimensions: int | None) -> None:
        if dimensions is None:
            return
        if self._matryoshka_dimensions is None:
            raise InvalidParameter("dimensions", "must be left out: the model's embeddings cannot be cut")
        if not 1 <= dimensions <= self.embedding_size:
            raise InvalidParameter("dimensions", f"must be from 1 to {self.embedding_size}, got {dimensions}")
        if self._matryoshka_dimensions and dimensions not in self._matryoshka_dimensions:
            wanted = ", ".join(map(str, self._matryoshka_dimensions))
            raise InvalidParameter("dimensions", f"must be one of {wanted}, got {dimensions}")

    def wants_all_rows(self, params: PoolingParams) -> bool:
        """Return whether every token's row is needed, or only the one that pooling takes."""
        return params.task.startswith("token") or self.pooling_type == "MEAN"

    def __call__(self, rows: F32, params: PoolingParams) -> F32:
        """Pool one prompt: all its rows, or the one wanted. `params` are resolved."""
        if params.task.startswith("token"):
            pooled = rows
        elif self.pooling_type == "MEAN":
            pooled = rows.mean(axis=0, keepdims=True)
        else:
            pooled = rows[:1] if self.pooling_type == "CLS" else rows[-1:]
        result = self._embed(pooled, params) if self._head is None else self._classify(pooled, params)
        return result if params.task.startswith("token") else result[0]

    def _embed(self, pooled: F32, params: PoolingParams) -> F32:
        if self._projection is not None:
            pooled = self._projection(pooled)
        pooled = pooled[:, : params.dimensions]
        return _unit_length(pooled) if params.use_activation else pooled.copy()

    def _classify(self, pooled: F32, params: PoolingParams) -> F32:
        assert self._head is not None
        scores = self._head(pooled)
        return self._activation(scores) if params.use_activation else scores
