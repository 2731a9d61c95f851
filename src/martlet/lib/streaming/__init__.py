"""Streams as events: `martlet.lib.streaming.chat`."""
