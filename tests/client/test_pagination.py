"""Lists in pages, beside the official client."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import martlet
from martlet.client.pagination import AsyncCursorPage, SyncCursorPage
from tests.client.callers import Caller
from tests.client.scripted import Scene, ScriptedServer, Seen, http

openai = pytest.importorskip("openai")
Play = Callable[..., ScriptedServer]
IDS = [f"b{i}" for i in range(5)]


def paged(**ending: Any) -> Callable[[Seen], Scene]:
    """A server of five batches, two to a page; `ending` is what the last page says besides."""

    def answer(seen: Seen) -> Scene:
        query = parse_qs(urlsplit(seen.target).query)
        assert query["limit"] == ["2"]
        start = IDS.index(query["after"][0]) + 1 if "after" in query else 0
        data = [{"id": name} for name in IDS[start : start + 2]]
        more = {"has_more": True} if start + 2 < len(IDS) else ending
        return [http(body={"object": "list", "data": data, **more})]

    return answer


@pytest.mark.parametrize("package", [martlet, openai])
@pytest.mark.parametrize(
    ("ending", "num_requests"), [({"has_more": False}, 3), ({}, 4), ({"has_more": None}, 4)]
)
def test_iteration_walks_all_pages(
    play: Play, caller: Caller, package: Any, ending: dict[str, Any], num_requests: int
) -> None:
    server = play(paged(**ending))
    client = caller.client(server.url, package)
    batches = caller.items(client.batches.list(limit=2))
    assert [batch.id for batch in batches] == IDS
    assert len(server.seen) == num_requests
    page = caller.run(client.batches.list(limit=2))
    assert [batch.id for batch in caller.items(page)] == IDS


@pytest.mark.parametrize("package", [martlet, openai])
def test_pages_are_asked_for_one_by_one(play: Play, caller: Caller, package: Any) -> None:
    server = play(paged(has_more=False))
    client = caller.client(server.url, package)
    page = caller.run(client.batches.list(limit=2))
    pages = caller.items(page.iter_pages())
    assert [[batch.id for batch in each.data] for each in pages] == [IDS[:2], IDS[2:4], IDS[4:]]
    assert [each.has_next_page() for each in pages] == [True, True, False]
    assert [each.has_more for each in pages] == [True, True, False]
    second = caller.run(page.get_next_page())
    assert [batch.id for batch in second.data] == IDS[2:4]
    assert type(second) is type(page)
    if package is martlet:
        assert page.next_page_info() == {"after": "b1"}
        assert type(page) is (AsyncCursorPage if caller.is_async else SyncCursorPage)
        with pytest.raises(RuntimeError, match="last page"):  # officially, it asks the server once more
            caller.run(pages[-1].get_next_page())


@pytest.mark.parametrize("package", [martlet, openai])
@pytest.mark.parametrize("body", [{"data": []}, {"data": [], "has_more": True}, {}, {"data": None}])
def test_empty_page_is_the_last(play: Play, caller: Caller, package: Any, body: dict[str, Any]) -> None:
    server = play([http(body=body)])
    client = caller.client(server.url, package)
    assert caller.items(client.files.list()) == []
    assert not caller.run(client.files.list()).has_next_page()
    assert len(server.seen) == 2


@pytest.mark.parametrize("package", [martlet, openai])
def test_items_without_an_id_end_the_list(play: Play, caller: Caller, package: Any) -> None:
    server = play([http(body={"data": [{"filename": "x"}], "has_more": True})])
    assert len(caller.items(caller.client(server.url, package).files.list())) == 1
    assert len(server.seen) == 1


def test_headers_and_options_go_to_every_page(play: Play, caller: Caller) -> None:
    server = play(paged(has_more=False))
    client = caller.client(server.url)
    caller.items(client.batches.list(limit=2, extra_headers={"x-a": "b"}, extra_query={"q": "w"}))
    assert len(server.seen) == 3
    assert all(seen.headers["x-a"] == "b" and "q=w" in seen.target for seen in server.seen)


def test_error_on_a_later_page_is_raised_there(play: Play, caller: Caller) -> None:
    server = play([http(body={"data": [{"id": "a"}], "has_more": True})], [http(404, body={"error": "gone"})])
    page = caller.run(caller.client(server.url).batches.list())
    assert page.data[0].id == "a"
    with pytest.raises(martlet.NotFoundError):
        caller.items(page)


def test_server_that_ignores_cursors_is_asked_twice_and_no_more(play: Play, caller: Caller) -> None:
    server = play([http(body={"data": [{"id": name} for name in IDS]})])
    client = caller.client(server.url)
    assert [batch.id for batch in caller.items(client.batches.list())] == IDS
    assert len(server.seen) == 2


@pytest.mark.parametrize("package", [martlet, openai])
@pytest.mark.parametrize("kind", ["CursorPage", "Page"])
def test_list_of_any_path_is_paged_as_its_page_says(
    play: Play, caller: Caller, package: Any, kind: str
) -> None:
    server = play(paged(has_more=False))
    client = caller.client(server.url, package)
    pagination = importlib.import_module(f"{package.__name__}.pagination")
    batch = importlib.import_module(f"{package.__name__}.types").Batch
    page = getattr(pagination, f"{'Async' if caller.is_async else 'Sync'}{kind}")
    options = {"params": {"limit": 2}}
    listed = client.get_api_list("/batches", model=batch, page=page[batch], options=options)
    items = caller.items(listed)
    assert [type(item) for item in items] == [batch] * len(items)
    assert [item.id for item in items] == (IDS if kind == "CursorPage" else IDS[:2])
    first = caller.run(client.get_api_list("/batches", model=batch, page=page[batch], options=options))
    assert (len(first.data), first.has_next_page()) == (2, kind == "CursorPage")


def test_list_of_another_kind_of_page_is_refused(play: Play, caller: Caller) -> None:
    client = caller.client(play([http()]).url)
    with pytest.raises(TypeError, match="Page, not dict"):
        client.get_api_list("/batches", model=dict, page=dict)
