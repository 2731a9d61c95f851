"""LoRA: small changes to a model that requests choose by name, many of them over one copy of the weights.

config    adapter_config.json -> which modules, and how strongly
folder    PEFT's files -> LoRAAdapter, every tensor checked
adapter   what an adapter is, and how it is computed
registry  the adapters that are loaded, by name
"""

from martlet.engine.lora.adapter import LoRAAdapter
from martlet.engine.lora.registry import LoRARegistry

__all__ = ["LoRAAdapter", "LoRARegistry"]
