"""`inspect.signature` and `help()` of methods that take `**params`: every keyword, one by one."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

from martlet.client.options import NOT_GIVEN, RequestOptions

if TYPE_CHECKING:
    from inspect import Parameter, Signature

    from martlet.client.calls import Endpoint

F = TypeVar("F", bound=Callable[..., Any])


def calling(endpoint: Callable[[], Endpoint[Any]]) -> Callable[[F], F]:
    """Give a method the signature of its endpoint, made when somebody looks: importing `inspect` takes time.

    `inspect.signature` follows `__wrapped__` until something has a `__signature__`.
    """

    def mark(method: F) -> F:
        vars(method)["__wrapped__"] = _Described(method, endpoint)
        return method

    return mark


class _Described:
    def __init__(self, method: Callable[..., Any], endpoint: Callable[[], Endpoint[Any]]) -> None:
        assert isinstance(method, FunctionType)
        # For tools that follow `__wrapped__` to its end, such as inspect.getsource.
        self.__wrapped__ = FunctionType(
            method.__code__, method.__globals__, method.__name__, method.__defaults__, method.__closure__
        )
        self._endpoint = endpoint

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.__wrapped__(*args, **kwargs)

    @property
    def __signature__(self) -> Signature:
        from inspect import Parameter, signature

        endpoint = self._endpoint()
        plain = signature(self.__wrapped__)
        fixed = [p for p in plain.parameters.values() if p.kind is not Parameter.VAR_KEYWORD]
        hints = {**getattr(endpoint.params, "__annotations__", {}), **RequestOptions.__annotations__}
        if endpoint.stream is not None:
            hints["stream"] = "bool | None"
        added = [_parameter(name, hint, name in endpoint.required) for name, hint in hints.items()]
        added.sort(key=lambda parameter: parameter.default is not Parameter.empty)
        return plain.replace(parameters=[*fixed, *added])


def _parameter(name: str, hint: Any, is_required: bool) -> Parameter:
    from inspect import Parameter

    return Parameter(
        name,
        Parameter.KEYWORD_ONLY,
        default=Parameter.empty if is_required else NOT_GIVEN,
        annotation=getattr(hint, "__forward_arg__", hint),
    )
