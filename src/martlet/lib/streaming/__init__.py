"""Streams as events: `martlet.lib.streaming.chat` and `martlet.lib.streaming.responses`."""
