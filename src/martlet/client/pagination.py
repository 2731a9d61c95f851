"""Lists that may come in several pages. Iterating over one goes through the items of all pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Mapping
from typing import Any, Generic, TypeVar

T = TypeVar("T")

NextQuery = Mapping[str, object]


class _Page(Generic[T]):
    """One page; what is not defined here (`object`, `has_more`, `to_dict()`, ...) is the reply's own."""

    data: list[T]

    def __init__(self, reply: Any, next_query: NextQuery | None) -> None:
        self._reply = reply
        self._next_query = next_query
        self.data = reply.data or []

    def has_next_page(self) -> bool:
        return self._next_query is not None

    def next_page_info(self) -> NextQuery | None:
        """The query parameters of the next page, None on the last one."""
        return self._next_query

    def __getattr__(self, name: str) -> Any:
        if name in ("_reply", "data"):  # not set yet, as while unpickling
            raise AttributeError(name)
        return getattr(self._reply, name)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and bool(self._reply == other._reply)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(data={self.data!r})"


class SyncPage(_Page[T]):
    """A page that fetches the next one itself."""

    def __init__(
        self, reply: Any, next_query: NextQuery | None, fetch: Callable[[NextQuery], SyncPage[T]]
    ) -> None:
        super().__init__(reply, next_query)
        self._fetch = fetch

    def __iter__(self) -> Iterator[T]:
        for page in self.iter_pages():
            yield from page.data

    def iter_pages(self) -> Iterator[SyncPage[T]]:
        page = self
        yield page
        while page.has_next_page():
            page = page.get_next_page()
            yield page

    def get_next_page(self) -> SyncPage[T]:
        """Fetch the next page. Raises RuntimeError if this is the last one."""
        if self._next_query is None:
            raise RuntimeError("this is the last page: check `.has_next_page()` first")
        return self._fetch(self._next_query)


class AsyncPage(_Page[T]):
    """As `SyncPage`, on asyncio."""

    def __init__(
        self, reply: Any, next_query: NextQuery | None, fetch: Callable[[NextQuery], Awaitable[AsyncPage[T]]]
    ) -> None:
        super().__init__(reply, next_query)
        self._fetch = fetch

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.iter_pages():
            for item in page.data:
                yield item

    async def iter_pages(self) -> AsyncIterator[AsyncPage[T]]:
        page = self
        yield page
        while page.has_next_page():
            page = await page.get_next_page()
            yield page

    async def get_next_page(self) -> AsyncPage[T]:
        """Fetch the next page. Raises RuntimeError if this is the last one."""
        if self._next_query is None:
            raise RuntimeError("this is the last page: check `.has_next_page()` first")
        return await self._fetch(self._next_query)


class SyncCursorPage(SyncPage[T]):
    """A page of a long list: the next one begins after its last item."""

    has_more: bool | None


class AsyncCursorPage(AsyncPage[T]):
    """As `SyncCursorPage`, on asyncio."""

    has_more: bool | None


def after_last(page: Any) -> NextQuery | None:
    """The query of the page after this one; None if the server says that there is none, or this is empty."""
    if not page.data or page.has_more is False:
        return None
    last_id = getattr(page.data[-1], "id", None)
    return None if last_id is None else {"after": last_id}


def following(page: Any, query: NextQuery | None, asked: Mapping[str, Any]) -> NextQuery | None:
    """The query of the next page, given what this one was asked with.

    A server that ignores cursors sends the same items again and again: they are dropped, and the list ends.
    """
    if query is None or any(asked.get(name) != value for name, value in query.items()):
        return query
    page.data = []
    return None


class AsyncPaginator(Generic[T]):
    """What an async `list()` returns: `await` it for the first page, or `async for` over all items."""

    def __init__(self, first: Callable[[], Awaitable[AsyncPage[T]]]) -> None:
        self._first = first

    def __await__(self) -> Generator[Any, None, AsyncPage[T]]:
        return self._first().__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        async for item in await self._first():
            yield item
