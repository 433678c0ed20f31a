"""Whose a review is: Communications by turns, never somebody tied to the account, else the Director or whom they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rostrum.people.models import Person, Role
from rostrum.people.queries import Roster, division
from rostrum.policies.rolewords import worded_lazy
from rostrum.registry.models import Account
from rostrum.registry.turns import UPWARD
from rostrum.reviews.conflicts import Conflicts
from rostrum.reviews.models import Review
from rostrum.reviews.states import OPEN_REVIEWS

KEEPS = frozenset({Role.COMMUNICATIONS.value})
# Why a review fell to somebody else than Communications, or to nobody.
DETOURS: dict[str, Promise | str] = {
    "upward": worded_lazy(_(
        "Everybody of {keeper} is tied to this account, so {director} does it "
        "or names somebody who is not."
    )),
    "vacant": worded_lazy(_("Nobody holds the role of {keeper} today, so {director} does it or names somebody else.")),
    "nobody": _("Everybody who could do it is tied to this account. Name somebody who is not: anyone may be asked."),
    "by_grant": worded_lazy(_("Asked to do this one review, without the role of {keeper}.")),
}


@dataclass(frozen=True)
class Choice:
    """Who reviews an account, and which detour led there (a key of DETOURS, or empty). Nobody where none is left."""

    person: Person | None
    detour: str = ""


class Reviewers:
    """Shares reviews out evenly: whoever has the fewest open ones comes next. Four queries, for any number of accounts."""

    def __init__(self, accounts: Collection[Account]) -> None:
        self.conflicts = Conflicts(accounts)
        root = division()
        roster = Roster([root]) if root is not None else None
        self.communications = roster.turn(root, (KEEPS,)).people if roster and root else ()
        self.upward = roster.turn(root, (UPWARD,)).people if roster and root else ()
        ids = [one.pk for one in (*self.communications, *self.upward)]
        open_now = Review.objects.filter(reviewer__in=ids, state__in=OPEN_REVIEWS).values_list("reviewer")
        self._load = Counter(dict(open_now.annotate(n=Count("pk")).order_by()))

    def choose(self, account: Account, *, apart: Iterable[int] = ()) -> Choice:
        """The next reviewer of an account, counted as busier from now on. `apart` are passed over as well."""
        out = self.conflicts.apart(account) | set(apart)
        found, detour = self._least_busy(self.communications, out), ""
        if found is None:
            detour = "upward" if self.communications else "vacant"
            found = self._least_busy(self.upward, out)
        if found is None:
            return Choice(None, "nobody")
        self._load[found.pk] += 1
        return Choice(found, detour)

    def _least_busy(self, people: Iterable[Person], out: Collection[int]) -> Person | None:
        free = [one for one in people if one.pk not in out]
        return min(free, key=lambda one: (self._load[one.pk], one.pk)) if free else None

    def is_usual(self, person: Person) -> bool:
        """Whether a person reviews by their role, and not by being asked for one review."""
        return any(one.pk == person.pk for one in (*self.communications, *self.upward))


def detour_words(detour: str) -> str:
    """Why a review fell to this reviewer or to nobody, as a sentence; empty where that needs no word."""
    return str(DETOURS[detour]) if detour in DETOURS else ""
