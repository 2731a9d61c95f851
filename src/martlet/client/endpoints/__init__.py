"""Endpoints beyond chat, completions and models, one module per API, loaded when the API is used."""
