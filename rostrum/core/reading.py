"""One reading: while a page is put together, or between two changes, the same question is asked of the database once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("known", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Everything inside reads one state of things: what several areas of a page ask alike is asked once.

    For requests that change nothing, and for jobs and acts on many things: every entry of the log ends what is known
    (see `forget`). One inside another is the same reading.
    """
    known = _known.get()
    token = _known.set({} if known is None else known)
    try:
        yield
    finally:
        _known.reset(token)


def once(question: Hashable, ask: Callable[[], T]) -> T:
    """The answer to a question, asked once in one reading; outside of one it is asked each time.

    A question names what is asked and everything that the answer depends on, the day included. Answers are shared:
    nobody changes one.
    """
    known = _known.get()
    if known is None:
        return ask()
    if question not in known:
        known[question] = ask()
    answer: T = known[question]
    return answer


def forget() -> None:
    """Ask everything anew: something was changed. The log does this for every act."""
    known = _known.get()
    if known is not None:
        known.clear()


def going_on() -> bool:
    """Whether this is inside a reading: then several of a kind are better fetched together."""
    return _known.get() is not None
