"""The glue: vLLM's HTTP API in front of the engine."""
