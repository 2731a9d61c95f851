"""Prometheus text, read: what `client.vllm.metrics()` returns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_SAMPLE = re.compile(r'([a-zA-Z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s+(\S+)')
_LABEL = re.compile(r'([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")


class Sample(NamedTuple):
    """One line of a metrics page."""

    name: str
    labels: dict[str, str]
    value: float


class Metrics:
    """A metrics page: iterate over its samples, or ask for one by name. `text` is the page as it came."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.samples = list(_samples(text))

    def value(self, name: str, **labels: str) -> float:
        """The sum of the samples of a name that have these labels. Raises KeyError if there are none."""
        values = [
            sample.value
            for sample in self.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        ]
        if not values:
            raise KeyError(name)
        return sum(values)

    def __iter__(self) -> Iterator[Sample]:
        return iter(self.samples)

    def __len__(self) -> int:
        return len(self.samples)

    def __repr__(self) -> str:
        return f"<Metrics of {len(self.samples)} samples>"


def _samples(text: str) -> Iterator[Sample]:
    for line in text.splitlines():
        match = None if line.startswith("#") else _SAMPLE.match(line)
        if match is not None:
            labels = {name: _unescaped(value) for name, value in _LABEL.findall(match[2] or "")}
            try:
                value = float(match[3])
            except ValueError:
                continue
            yield Sample(match[1], labels, value)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else match[1], text)
