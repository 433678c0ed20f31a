"""What a role is called within a sentence ("Communications", "the Director"), as the procedure in force calls it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _

from rostrum.core.errors import WrongState
from rostrum.policies.queries import current, text
from rostrum.policies.schema import Document

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

KEEPS_THE_REGISTER = "communications"


def called(role: str, document: Document | None = None) -> str:
    """A role in the active language, ready for "waits for …" and "decided by …"; empty for one that nobody named.

    Titles change and every division has its own: the edition says them, the one in force where none is given. Before
    any is, who keeps the register is just that.
    """
    document = document or _in_force()
    known = document.role(role) if document else None
    if known is not None:
        return text(known.called or known.label)
    return _("whoever keeps the register") if role == KEEPS_THE_REGISTER else ""


def keeper() -> str:
    """Who keeps the register (AP 193 1.2, 3.2)."""
    return called(KEEPS_THE_REGISTER)


def approver(document: Document | None = None) -> str:
    """Who gives the last yes to a request (AP 193 3.1), by its edition or the one in force."""
    document = document or _in_force()
    last = document.approval.steps[-1].role if document else None
    return called(last or KEEPS_THE_REGISTER, document)


def lead() -> str:
    """Who leads a school (AP 193 1.2, 3.1)."""
    return called("administrator") or _("whoever leads the school")


def director() -> str:
    """Who stands above all who keep the register."""
    return called("director") or _("whoever leads the division")


_ROLES: dict[str, Callable[[], str]] = {"keeper": keeper, "director": director, "principal": lead}
# In French a preposition joins the article that a role's name begins with: "à {keeper}" is "au Service ...".
_PLACE = re.compile(r"(?P<before>^|[.!?:]\s+)?(?P<join>\b[ÀàDd]e? )?\{(?P<role>keeper|director|principal)\}")
_JOINED = {"à le ": "au ", "à les ": "aux ", "de le ": "du ", "de les ": "des "}


def worded(sentence: str | Promise, name: Callable[[str], str] = str) -> str:
    """A sentence with {keeper}, {director} and {principal} in it, said with the names that the edition in force gives.

    A name that begins a sentence begins with a capital. Other places in the sentence stay for whoever fills them.
    `name` is what becomes of each name before it stands there (escaped, on a page).
    """
    return _PLACE.sub(lambda found: _named(found, name(_ROLES[found["role"]]())), str(sentence))


def _named(found: re.Match[str], name: str) -> str:
    before, join = found["before"], found["join"] or ""
    if not join and before is not None and before.strip() != ":":
        name = name[:1].upper() + name[1:]
    said = join + name
    for apart, joined in _JOINED.items():
        if said.lower().startswith(apart):
            said = (joined.capitalize() if said[0].isupper() else joined) + said[len(apart) :]
            break
    return (before or "") + said


def _in_force() -> Document | None:
    try:
        return current()
    except WrongState:
        return None


# For sentences that are written down before anybody's language is known.
KEEPER = lazy(keeper, str)()
APPROVER = lazy(approver, str)()
_worded = lazy(worded, str)


def worded_lazy(sentence: Promise | str) -> _StrPromise:
    """`worded` for a sentence that is written down before anybody's language, or the edition, is known."""
    return cast("_StrPromise", _worded(sentence))
