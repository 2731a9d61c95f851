"""What the events of a streamed response amount to."""

from __future__ import annotations

from typing import Any

from martlet.protocol.base import construct
from martlet.protocol.responses import Response

_ENDINGS = frozenset({"response.completed", "response.failed", "response.incomplete", "error"})
_BEGINNINGS = frozenset({"response.created", "response.queued", "response.in_progress", "keepalive"})
"""What a server may send before it has generated anything."""
_DELTAS = {
    "response.output_text.delta": ("output_text", "text"),
    "response.refusal.delta": ("refusal", "refusal"),
}


class ResponsePartial:
    """Gathers the events of the Responses API into one Response."""

    def __init__(self) -> None:
        self._latest: Any = None
        """The response as the server last told it whole."""
        self._items: dict[int, dict[str, Any]] = {}
        self._texts: dict[tuple[int, int, str], list[str]] = {}
        """Pieces of texts whose item is not done, by item, part and kind of part."""
        self._arguments: dict[int, list[str]] = {}
        self.is_finished = False

    def add(self, item: Any) -> None:
        kind = item.type
        if kind in _ENDINGS:
            self.is_finished = True
        # Decoding is lenient: nothing is sure to have the type it should.
        response = getattr(item, "response", None)
        if isinstance(response, Response):
            self._latest = response
        index = getattr(item, "output_index", None)
        if not isinstance(index, int):
            return
        if kind in ("response.output_item.added", "response.output_item.done"):
            self._items[index] = _plain(item.item)
        if kind == "response.output_item.done":
            self._texts = {key: pieces for key, pieces in self._texts.items() if key[0] != index}
            self._arguments.pop(index, None)
        elif kind in _DELTAS and isinstance(item.delta, str):
            key = (index, int(item.content_index or 0), kind)
            self._texts.setdefault(key, []).append(item.delta)
        elif kind == "response.function_call_arguments.delta" and isinstance(item.delta, str):
            self._arguments.setdefault(index, []).append(item.delta)

    def has_token(self, item: Any) -> bool:
        return item.type not in _BEGINNINGS

    def result(self) -> Response | None:
        """The whole response once it has ended; before that, its latest state with what came since."""
        if self._latest is None:
            return None
        raw = self._latest.to_dict()
        if self.is_finished and raw.get("output"):
            return construct(Response, raw)
        items = {index: dict(item) for index, item in self._items.items()}
        for (index, _, kind), pieces in sorted(self._texts.items()):
            part_type, field = _DELTAS[kind]
            item = items.setdefault(index, {"type": "message", "role": "assistant", "status": "in_progress"})
            part = {"type": part_type, field: "".join(pieces), "annotations": []}
            item["content"] = [*(item.get("content") or []), part]
        for index, pieces in self._arguments.items():
            items.setdefault(index, {"type": "function_call"})["arguments"] = "".join(pieces)
        return construct(Response, {**raw, "output": [item for _, item in sorted(items.items())]})


def _plain(item: Any) -> dict[str, Any]:
    plain = item.to_dict() if hasattr(item, "to_dict") else item
    return plain if isinstance(plain, dict) else {}
