"""HTTP clients of other libraries, with limits that suit a model client. They are the caller's to close."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from martlet.client.transport.pool import KEEP_ALIVE_S, MAX_CONNECTIONS


class _Default:
    """Stands for a class of a library that may not be installed: to call, to subclass, for isinstance."""

    def __init__(self, family: str, name: str) -> None:
        self._family = family
        self._name = name
        self._made: type[Any] | None = None
        self.__name__ = f"Default{'Async' if name == 'AsyncClient' else ''}{family.title()}Client"
        self.__doc__ = f"An `{family}.{name}` for `http_client=`; options given win over the defaults."

    def _class(self) -> type[Any]:
        if self._made is None:
            try:
                library: Any = import_module(self._family)  # a user's own choice, never a dependency of ours
            except ImportError as error:
                message = f"{self.__name__} needs {self._family}: `pip install {self._family}`"
                raise RuntimeError(message) from error
            limits = library.Limits(
                max_connections=MAX_CONNECTIONS,
                max_keepalive_connections=MAX_CONNECTIONS,
                keepalive_expiry=KEEP_ALIVE_S,
            )

            def __init__(client: Any, **options: Any) -> None:
                base.__init__(client, **{"limits": limits, **options})

            base = getattr(library, self._name)
            self._made = type(self.__name__, (base,), {"__init__": __init__, "__doc__": self.__doc__})
        return self._made

    def __call__(self, **options: Any) -> Any:
        return self._class()(**options)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type[Any]]:
        return (self._class(),)

    def __instancecheck__(self, instance: object) -> bool:
        return self._made is not None and isinstance(instance, self._made)


DefaultHttpxClient: Any = _Default("httpx", "Client")
DefaultAsyncHttpxClient: Any = _Default("httpx", "AsyncClient")
DefaultHttpx2Client: Any = _Default("httpx2", "Client")
DefaultAsyncHttpx2Client: Any = _Default("httpx2", "AsyncClient")
