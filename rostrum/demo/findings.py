"""Posts that managers kept, what rules found in them, and what people decided; the last weeks still wait for a look."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from rostrum.custody.queries import managed_by, managers
from rostrum.demo.days import Calendar
from rostrum.demo.play import Cast
from rostrum.jobs.actions import tick
from rostrum.monitoring import deciding
from rostrum.monitoring.models import Finding
from rostrum.monitoring.queries import allowed
from rostrum.monitoring.scanning import capture
from rostrum.people.models import Person, Unit
from rostrum.registry.models import Account

BEGAN = 44  # working days back, when the first manager kept a post
LOOKED = 30  # what was found before this day was decided on
CAPTIONS = Path(__file__).with_name("captions.toml")
GROUNDS = ("allowed", "false_alarm", "small", "false_alarm")
ASKS = (
    ("edit", "Use the office number, so that it stays right when people change."),
    ("take_down", "Take it down today; the office tells families itself."),
    ("explain", "Tell me who agreed to this, so that I can answer parents."),
)


def _looked_after(cast: Cast) -> list[tuple[Account, Person]]:
    """Live accounts that somebody of the demonstration looks after, each once, in the order of their names."""
    found: dict[int, tuple[Account, Person]] = {}
    for person in cast.values():
        for account in managed_by(person):
            found.setdefault(account.pk, (account, person))
    return sorted(found.values(), key=lambda pair: (pair[0].name, pair[0].pk))


def _judge(finding: Finding, cast: Cast) -> Person | None:
    """Whoever of the demonstration may decide on a finding: the school's principal before Communications."""
    for person in (*cast.values(),):
        if any(move.name == "escalate" for move in allowed(person, finding)):
            return person
    return cast["m.laurent"] if allowed(cast["m.laurent"], finding) else None


def captured(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """One post a day is kept; what was found in the first weeks is decided on, the rest waits."""
    captions: list[str] = tomllib.loads(CAPTIONS.read_text(encoding="utf-8"))["posts"]
    places: list[tuple[Account, Person]] = []
    for n, text in enumerate(captions):
        back = max(1, BEGAN - n * BEGAN // len(captions))
        moment = calendar.moment(back, 15, 5) + timedelta(minutes=3 * n % 40)
        yield moment
        places = places or _looked_after(cast)
        account, manager = places[(7 * n) % len(places)]
        if account not in managed_by(manager):
            continue
        where = f"{account.address.rstrip('/')}/posts/{2026_000 + n}"
        _version, tally = capture(account, by=manager, address=where, text=text)
        for place, finding in enumerate(tally.opened):
            if back > LOOKED:
                _decide(finding, cast, n + place)
    yield calendar.moment(1, 23, 40)
    tick("monitoring.accounts")


def _decide(finding: Finding, cast: Cast, n: int) -> None:
    """Somebody looks: every second one is dismissed, the others are confirmed and, but for a few, answered."""
    judge = _judge(finding, cast)
    if judge is None:
        return
    if n % 2:
        deciding.dismiss(finding, by=judge, ground=GROUNDS[n % len(GROUNDS)])
        return
    task, comment = ASKS[n % len(ASKS)]
    deciding.confirm(finding, by=judge, task=task, reason=comment)
    if n % 4:
        return
    for manager in managers(finding.account)[:1]:
        deciding.answer(finding, by=manager.person, reason="Done this morning. Thank you for the note.")
        deciding.accept(finding, by=judge)
