"""What a caller can set: sentinels for "not given", `Timeout`, and the defaults. Imports nothing heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from martlet.client.transport.base import Timeouts

DEFAULT_API_KEY = "EMPTY"
DEFAULT_BASE_URL = "http://localhost:8000/v1"
DEFAULT_TIMEOUT = 60.0
DEFAULT_MAX_RETRIES = 2
AGES_S = 20 * 24 * 3600.0
"""For ever, as a number; poll() takes no more than 24 days."""


class NotGiven:
    """The type of `NOT_GIVEN`, which stands for an argument that the caller left out. It is falsy."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "NOT_GIVEN"

    def __reduce__(self) -> str:
        return "NOT_GIVEN"


class Omit:
    """The type of `omit`: as a value in a body it leaves the key out, as a header it removes a default."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "omit"

    def __reduce__(self) -> str:
        return "omit"


NOT_GIVEN = NotGiven()
not_given = NOT_GIVEN
omit = Omit()

ABSENT = (NotGiven, Omit)
"""For `isinstance`: values that are never sent."""


class Timeout:
    """Limits in seconds for the phases of one attempt; None waits for ever.

    `Timeout(60.0)` sets connect, read, write and pool, `Timeout(60.0, connect=5.0)` all but one. Without a
    first argument all four must be named. `read` bounds every single wait for the server, not the whole
    reply. Streams have two clocks of their own, both on events: comments do not reset them. `first_token`
    runs from the sending of the request until something generated has come, `gap` from one event to the
    next; what the program does in between does not count. Where they are not given, `read` bounds each wait.
    """

    __slots__ = ("connect", "first_token", "gap", "pool", "read", "write")

    connect: float | None
    read: float | None
    write: float | None
    pool: float | None
    first_token: float | NotGiven | None
    gap: float | NotGiven | None

    def __init__(
        self,
        timeout: TimeoutTypes | tuple[float | None, ...] | NotGiven = NOT_GIVEN,
        *,
        connect: float | NotGiven | None = NOT_GIVEN,
        read: float | NotGiven | None = NOT_GIVEN,
        write: float | NotGiven | None = NOT_GIVEN,
        pool: float | NotGiven | None = NOT_GIVEN,
        first_token: float | NotGiven | None = NOT_GIVEN,
        gap: float | NotGiven | None = NOT_GIVEN,
    ) -> None:
        given = {"connect": connect, "read": read, "write": write, "pool": pool}
        if isinstance(timeout, NotGiven) and any(isinstance(value, NotGiven) for value in given.values()):
            raise ValueError(
                "Timeout needs a default as its first argument, or all of connect, read, write and pool"
            )
        for phase, value in given.items():
            seconds = _phase(timeout, phase) if isinstance(value, NotGiven) else value
            object.__setattr__(self, phase, _seconds(seconds))
        for name, value in (("first_token", first_token), ("gap", gap)):
            seconds = getattr(timeout, name, NOT_GIVEN) if isinstance(value, NotGiven) else value
            object.__setattr__(self, name, seconds if isinstance(seconds, NotGiven) else _seconds(seconds))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Timeout is immutable; make a new one to change {name!r}")

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuilt, (self.as_dict(), self._stream_limits()))

    def as_dict(self) -> dict[str, float | None]:
        """The four limits that httpx knows."""
        return {"connect": self.connect, "read": self.read, "write": self.write, "pool": self.pool}

    def _stream_limits(self) -> dict[str, float | None]:
        named = {"first_token": self.first_token, "gap": self.gap}
        return {name: value for name, value in named.items() if not isinstance(value, NotGiven)}

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Timeout)
            and self.as_dict() == other.as_dict()
            and self._stream_limits() == other._stream_limits()
        )

    def __hash__(self) -> int:
        return hash((*self.as_dict().values(), *self._stream_limits().items()))

    def __repr__(self) -> str:
        is_one = self.connect == self.read == self.write == self.pool
        limits = {"timeout": self.connect} if is_one else self.as_dict()
        return f"Timeout({', '.join(f'{k}={v}' for k, v in {**limits, **self._stream_limits()}.items())})"


def _rebuilt(limits: dict[str, Any], stream_limits: dict[str, Any]) -> Timeout:
    return Timeout(**limits, **stream_limits)


TimeoutTypes = float | Timeout | None
"""What `timeout=` takes. An `httpx.Timeout` works too: anything with the four attributes does."""


class RequestOptions(TypedDict, total=False):
    """What every method takes beside its own parameters."""

    extra_headers: Mapping[str, str | Omit] | None
    """Sent with this request; they win over the client's. `omit` removes a default header."""
    extra_query: Mapping[str, object] | None
    """Added to the URL's query."""
    extra_body: Mapping[str, object] | None
    """Merged over the JSON body, top-level key by top-level key."""
    timeout: TimeoutTypes | NotGiven
    """As the client's `timeout`, for this call only."""
    deadline: float | NotGiven | None
    """As the client's `deadline`, for this call only: seconds for all of it, retries and stream included."""


OPTION_NAMES = frozenset({"extra_headers", "extra_query", "extra_body", "timeout", "deadline"})


def _phase(timeout: Any, phase: str) -> object:
    if isinstance(timeout, tuple):
        order = ("connect", "read", "write", "pool")
        return timeout[order.index(phase)] if order.index(phase) < len(timeout) else None
    return getattr(timeout, phase) if hasattr(timeout, phase) else timeout


def _seconds(value: object) -> float | None:
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return value
    raise TypeError(f"a timeout is a number of seconds, a Timeout or None, not {value!r}")


def checked_deadline(deadline: object) -> float | None:
    """`deadline` as given. Raises TypeError for what is not a number of seconds or None."""
    if deadline is None or (isinstance(deadline, (int, float)) and not isinstance(deadline, bool)):
        return deadline
    raise TypeError(f"deadline is a number of seconds or None, not {deadline!r}")


def resolve_timeouts(timeout: object) -> Timeouts:
    """`timeout` in any accepted form as the transport's limits. Raises TypeError for anything else."""
    from martlet.client.transport.base import Timeouts

    limits = Timeout(timeout)  # type: ignore[arg-type]  # checked there
    return Timeouts(
        connect=limits.connect,
        read=limits.read,
        write=limits.write,
        pool=limits.pool,
        first_token=_or_ages(limits.first_token),
        gap=_or_ages(limits.gap),
    )


def stream_timeouts(limits: Timeouts) -> Timeouts:
    """`limits` for a call that streams, whose head is waited for as long as its first token may take."""
    if limits.first_token is None and limits.gap is None:
        return limits
    import msgspec

    read_s = limits.read if limits.first_token is None else limits.first_token
    gap_s = _or_ages(limits.read) if limits.gap is None else limits.gap
    return msgspec.structs.replace(limits, read=read_s, gap=gap_s)


def _or_ages(limit_s: float | NotGiven | None) -> float | None:
    """A limit of a stream as `Timeouts` has it, where None says that none was given."""
    if isinstance(limit_s, NotGiven):
        return None
    return AGES_S if limit_s is None else limit_s
