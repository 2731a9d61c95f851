"""RoBERTa and XLM-RoBERTa: BERT whose positions begin after the padding token's row.

Source: transformers 5.23, models/roberta/modeling_roberta.py and models/xlm_roberta. Checked against them in
tests/engine/models.
"""

from __future__ import annotations

from martlet.engine.models import bert
from martlet.engine.models.encoder import EncoderSpec
from martlet.engine.models.head import DenseSpec, HeadSpec, num_labels
from martlet.engine.models.hf_config import HFConfig

ARCHITECTURES = (
    "RobertaModel",
    "RobertaForMaskedLM",
    "RobertaForSequenceClassification",
    "RobertaForTokenClassification",
    "XLMRobertaModel",
    "XLMRobertaForMaskedLM",
    "XLMRobertaForSequenceClassification",
    "XLMRobertaForTokenClassification",
)

PREFIX = "roberta."

WEIGHTS = bert.WEIGHTS

IGNORED_WEIGHTS = r"(roberta\.)?(pooler\..*|embeddings\.(position|token_type)_ids)|lm_head\..*"


def spec(config: HFConfig) -> EncoderSpec:
    return bert.with_learned_positions(config, first_position=config.count("pad_token_id", 1) + 1)


def classifier(config: HFConfig, architecture: str) -> HeadSpec | None:
    if architecture.endswith("ForTokenClassification"):
        return HeadSpec(pooling_type="CLS", layers=(DenseSpec(name="classifier", rows=num_labels(config)),))
    if not architecture.endswith("ForSequenceClassification"):
        return None
    return HeadSpec(
        pooling_type="CLS",
        layers=(
            DenseSpec(name="classifier.dense", rows=config.size("hidden_size"), activation="tanh"),
            DenseSpec(name="classifier.out_proj", rows=num_labels(config)),
        ),
    )
