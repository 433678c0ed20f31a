"""The engine of checks as this division needs it: its public values, kept ready in each process."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from django.conf import settings

from rostrum.checks import Division, Engine, own_rules
from rostrum.core.errors import WrongState
from rostrum.monitoring.models import OwnRule, OwnRuleState
from rostrum.monitoring.own import as_rules, in_use
from rostrum.people.models import Unit
from rostrum.people.queries import active_people
from rostrum.policies.queries import current

FRESH_SECONDS = 0.0 if settings.TESTING else 60.0
_kept: dict[str, tuple[float, tuple[object, ...], Engine]] = {}


def _domains() -> tuple[list[str], list[str]]:
    """The division's work-mail domains and the names under which it speaks, as the edition in force has them."""
    try:
        division = current().division
    except WrongState:
        return [], []
    names = [*division.initials, *{division.name.en, division.name.fr or division.name.en}]
    return [domain.lstrip(".") for domain in division.mail_domains], names


def _addresses(units: list[Unit]) -> Iterator[str]:
    for unit in units:
        if unit.street:
            yield unit.street
            if unit.town:
                yield f"{unit.street}, {unit.town}"


def division_values() -> Division:
    """What the division makes public anyway: office numbers, addresses, schools, staff, mail domains, its names."""
    units = list(Unit.objects.filter(closed_on=None))
    domains, names = _domains()
    websites = (re.sub(r"^https?://(?:www\.)?([^/:]+).*$", r"\1", unit.website) for unit in units if unit.website)
    return Division(
        public_phones=[unit.phone for unit in units if unit.phone],
        domains=[*domains, *websites],
        addresses=list(_addresses(units)),
        schools=[unit.name for unit in units if unit.kind not in {"classroom", "division"}],
        staff=list(active_people().values_list("name", flat=True)),
        **({"names": names} if names else {}),
    )


def engine() -> Engine:
    """The engine for texts of this division. Built at most once a minute in each process; without students.

    Student names stand only with consents, and Rostrum keeps none yet: whoever has a list of its own gives it to
    `rostrum check`.
    """
    return _ready("staff")


def public_engine() -> Engine:
    """The engine of the public page: the rules that come with Rostrum, and nothing that the division keeps inside."""
    return _ready("public")


def _ready(which: str) -> Engine:
    """Built again after a minute, and at once when the division changed a rule of its own: one small query tells."""
    mark: tuple[object, ...] = ()
    if which == "staff":
        mark = tuple(OwnRule.objects.filter(state=OwnRuleState.LIVE).order_by("pk").values_list("pk", "version"))
    known = _kept.get(which)
    if known is None or known[1] != mark or time.monotonic() - known[0] > FRESH_SECONDS:
        rules = [*own_rules(), *as_rules(in_use())] if mark else None
        known = _kept[which] = (time.monotonic(), mark, Engine((), division_values(), rules))
    return known[2]


def trial_engine(own: OwnRule) -> Engine:
    """An engine with one rule of the division's own and nothing else, for trying it."""
    return Engine((), division_values(), as_rules([own]))
