"""The statutory holidays of both provinces, worked out for a year: a list to start from, never entered by itself.

Lloydminster lies in Saskatchewan and Alberta, so a school there keeps what either province keeps. Sources: the public
holidays of The Saskatchewan Employment Act, the general holidays of Alberta's Employment Standards Code, and the
federal Holidays Act (Canada Day on a Sunday). The days that many schools close beside them (Truth and Reconciliation,
Easter Monday, Boxing Day) are offered as such.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MONDAY, SUNDAY = 0, 6


class Kept(StrEnum):
    """Whose holiday a day is."""

    BOTH = "both"
    SASKATCHEWAN = "saskatchewan"
    ALBERTA = "alberta"
    SCHOOLS = "schools"  # no statutory holiday in either province; many schools close


KEPT_WORDS: dict[Kept, Promise] = {
    Kept.BOTH: _("Statutory in Saskatchewan and Alberta"),
    Kept.SASKATCHEWAN: _("Statutory in Saskatchewan"),
    Kept.ALBERTA: _("Statutory in Alberta"),
    Kept.SCHOOLS: _("Not statutory; many schools close"),
}


@dataclass(frozen=True)
class Offered:
    """One day of the list: when, what it is called, whose it is."""

    on: date
    name: Promise
    kept: Kept


def easter(year: int) -> date:
    """Easter Sunday of the western churches (Gauss's rule as Meeus gives it, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    turn = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * turn) // 451
    month, day = divmod(h + turn - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _monday(year: int, month: int, n: int) -> date:
    """The n-th Monday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(MONDAY - first.weekday()) % 7 + 7 * (n - 1))


def _victoria(year: int) -> date:
    """The Monday before 25 May."""
    before = date(year, 5, 24)
    return before - timedelta(days=before.weekday())


_RULES: tuple[tuple[Callable[[int], date], Promise, Kept], ...] = (
    (lambda y: date(y, 1, 1), _("New Year’s Day"), Kept.BOTH),
    (lambda y: _monday(y, 2, 3), _("Family Day"), Kept.BOTH),
    (lambda y: easter(y) - timedelta(days=2), _("Good Friday"), Kept.BOTH),
    (lambda y: easter(y) + timedelta(days=1), _("Easter Monday"), Kept.SCHOOLS),
    (_victoria, _("Victoria Day"), Kept.BOTH),
    (lambda y: date(y, 7, 1), _("Canada Day"), Kept.BOTH),
    (lambda y: _monday(y, 8, 1), _("Saskatchewan Day"), Kept.SASKATCHEWAN),
    (lambda y: _monday(y, 9, 1), _("Labour Day"), Kept.BOTH),
    (lambda y: date(y, 9, 30), _("National Day for Truth and Reconciliation"), Kept.SCHOOLS),
    (lambda y: _monday(y, 10, 2), _("Thanksgiving Day"), Kept.BOTH),
    (lambda y: date(y, 11, 11), _("Remembrance Day"), Kept.BOTH),
    (lambda y: date(y, 12, 25), _("Christmas Day"), Kept.BOTH),
    (lambda y: date(y, 12, 26), _("Boxing Day"), Kept.SCHOOLS),
)
# When one of these falls on a Sunday, the Monday after it is kept: in Saskatchewan, Canada Day everywhere.
_MOVED = {(1, 1): Kept.SASKATCHEWAN, (7, 1): Kept.BOTH, (11, 11): Kept.SASKATCHEWAN, (12, 25): Kept.SASKATCHEWAN}


def holidays(first: date, last: date) -> list[Offered]:
    """The holidays of both provinces from a day to a day, in order.

    Where a province keeps the Monday after a Sunday, that Monday is listed beside the day itself.
    """
    found: list[Offered] = []
    for year in range(first.year, last.year + 1):
        for rule, name, kept in _RULES:
            on = rule(year)
            found.append(Offered(on, name, kept))
            if on.weekday() == SUNDAY and (on.month, on.day) in _MOVED:
                found.append(Offered(on + timedelta(days=1), name, _MOVED[on.month, on.day]))
    return sorted((one for one in found if first <= one.on <= last), key=lambda one: (one.on, str(one.kept)))
