"""Whether the host of a link only looks like one that people trust: the division's, a platform's, a meeting's."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final, NamedTuple

from rostrum.checks.listed import lines_of
from rostrum.checks.names import one_edit

SHORTEST: Final = 6  # letters of a name that is compared with one letter wrong: shorter ones have too many neighbours
_TRUSTED: Final = tuple(line for line in lines_of("hosts") if not line.startswith("="))
_TRUE: Final = frozenset(line.lstrip("= ") for line in lines_of("hosts"))
_DRAWN: Final = ((b"rn", b"m"), (b"vv", b"w"), (b"0", b"o"), (b"1", b"l"), (b"5", b"s"), (b"3", b"e"))


def _beneath(host: str, names: Iterable[str]) -> bool:
    """Whether a host is one of some names or lies beneath one."""
    return any(host == name or host.endswith("." + name) for name in names)


def _site(host: str, labels: int = 2) -> tuple[str, str]:
    """The name of a host and its ending, read at so many labels: ("facebook", "com") of www.facebook.com."""
    parts = host.split(".")
    size = 2 if len(parts) > 2 and len(parts[-2]) <= 2 and len(parts[-1]) == 2 else 1  # co.uk
    return ".".join(parts[-max(labels, size + 1) : -size]), ".".join(parts[-size:])


def _plainly(name: str) -> bytes:
    """A name as it looks at a glance: 0 for o, rn for m, no hyphens."""
    drawn = name.encode("latin-1", "replace").replace(b"-", b"")
    for one, other in _DRAWN:
        drawn = drawn.replace(one, other)
    return drawn


class _Known(NamedTuple):
    """A trusted host, read once: its labels, name and ending, and its name at a glance."""

    host: str
    labels: int
    name: str
    ending: str
    plain: bytes
    ours: bool


@cache
def _known(domains: tuple[str, ...]) -> tuple[_Known, ...]:
    made = []
    for host in (*domains, *_TRUSTED):
        labels = host.count(".") + 1
        name, ending = _site(host, labels)
        made.append(
            _Known(host, labels, name, ending, name.encode("latin-1", "replace").replace(b"-", b""), host in domains)
        )
    return tuple(made)


@lru_cache(maxsize=8192)
def imitated(host: str, original: str, domains: tuple[str, ...]) -> str:
    """The trusted host that a folded host only looks like; "" for one that is trusted, or like none.

    `original` is the host as written, in small letters: where it holds look-alike letters of another alphabet, it
    folds to the very host that it imitates. Posts name few hosts, and those again and again: answers are kept.
    """
    names = (*domains, *_TRUSTED)
    if _beneath(host, names) or _beneath(host, _TRUE):
        return "" if original.isascii() else next(name for name in (*names, *_TRUE) if _beneath(host, [name]))
    for known in _known(domains):
        if host.startswith((known.host + ".", "www." + known.host + ".")):
            return known.host  # facebook.com.login.example
        name, ending = _site(host, known.labels)
        if name == known.name:
            if ending != known.ending and known.ours:
                return known.host  # the division's own name under another ending
            continue
        near = min(len(name), len(known.name)) >= SHORTEST and one_edit(name.encode("latin-1", "replace"), known.plain)
        if len(known.name) > 3 and (near or _plainly(name) == _plainly(known.name)):
            return known.host
    return ""
