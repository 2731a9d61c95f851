"""Measurements beside the peers. Every figure is a median over runs that alternate with the peer's."""
