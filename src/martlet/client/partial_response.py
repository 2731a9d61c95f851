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
        self._whole: set[int] = set()
        """Places of the items that are done."""
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
            self._take_output(response.output)
        index = getattr(item, "output_index", None)
        if not isinstance(index, int):
            return
        if kind in ("response.output_item.added", "response.output_item.done"):
            plain = _plain(item.item)
            if plain:  # some servers announce an item before they know what it is
                self._put(index, plain, is_whole=kind == "response.output_item.done")
        elif kind in _DELTAS and isinstance(item.delta, str):
            key = (index, int(item.content_index or 0), kind)
            self._texts.setdefault(key, []).append(item.delta)
        elif kind == "response.function_call_arguments.delta" and isinstance(item.delta, str):
            self._arguments.setdefault(index, []).append(item.delta)

    def has_token(self, item: Any) -> bool:
        return item.type not in _BEGINNINGS

    def _put(self, index: int, item: dict[str, Any], *, is_whole: bool) -> None:
        self._items[index] = item
        if is_whole:
            self._whole.add(index)
            self._texts = {key: pieces for key, pieces in self._texts.items() if key[0] != index}
            self._arguments.pop(index, None)

    def _take_output(self, output: Any) -> None:
        """Learn from the items of a response that is told whole, whose places may be others."""
        for index, item in enumerate(output if isinstance(output, list) else ()):
            plain = _plain(item)
            place = next((known for known, other in self._items.items() if _is_same(plain, other)), None)
            is_whole = plain.get("status") == "completed"
            if place is not None and is_whole:
                self._put(place, plain, is_whole=True)
            elif place is None and index not in self._items:
                self._put(index, plain, is_whole=is_whole)

    def result(self) -> Response | None:
        """The whole response once it has ended; before that, its latest state with what came since."""
        if self._latest is None:
            return None
        raw = self._latest.to_dict()
        if self.is_finished and isinstance(raw.get("output"), list):
            return construct(Response, raw)
        return construct(Response, {**raw, "output": self.output()})

    @property
    def num_unfinished(self) -> int:
        """Items that were begun and not done."""
        return len(self._items.keys() - self._whole)

    def output(self) -> list[dict[str, Any]]:
        """The items so far, in the order of their places, with the pieces of those that are not done."""
        items = {index: dict(item) for index, item in self._items.items()}
        for (index, place, kind), pieces in sorted(self._texts.items()):
            part_type, field = _DELTAS[kind]
            item = items.setdefault(index, {"type": "message", "role": "assistant", "status": "in_progress"})
            content = list(item.get("content") or [])
            if place >= len(content):
                content.append({"type": part_type, field: "", "annotations": []})
            part = content[min(place, len(content) - 1)]
            content[min(place, len(content) - 1)] = {**part, field: (part.get(field) or "") + "".join(pieces)}
            item["content"] = content
        for index, pieces in self._arguments.items():
            items.setdefault(index, {"type": "function_call"})["arguments"] = "".join(pieces)
        return [item for _, item in sorted(items.items())]


def _is_same(item: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two states are of the same item."""
    if item.get("type") != other.get("type"):
        return False
    return any(item.get(name) is not None and item[name] == other.get(name) for name in ("id", "call_id"))


def _plain(item: Any) -> dict[str, Any]:
    plain = item.to_dict() if hasattr(item, "to_dict") else item
    return plain if isinstance(plain, dict) else {}
