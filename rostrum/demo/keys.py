"""Resets of access: a phishing scare that was handled, a campaign half done, a lost phone that nobody answered in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from rostrum.core import clock
from rostrum.demo.days import Calendar
from rostrum.demo.play import Cast
from rostrum.jobs.actions import tick
from rostrum.keys import campaigns, stating
from rostrum.keys.actions import call_for_reset
from rostrum.keys.models import PARTS
from rostrum.keys.queries import open_reset
from rostrum.people.models import Person, Unit
from rostrum.policies.actions import set_setting
from rostrum.registry.models import Account
from rostrum.registry.verifying import verify
from rostrum.schoolyear.queries import calendar as entered

Acts = list[tuple[datetime, Callable[[], object]]]
CHOSEN = (
    ("reset_due_days.phishing", 1, "An account that somebody else can get into is not left for a week."),
    ("reset_due_days.lost_phone", 2, "A phone that turns up again is no reason to wait."),
    ("reset_due_days.leaver", 5, "Principals asked for a week after somebody leaves."),
)  # fmt: skip
CAMPAIGN = 16  # working days back on which the campaign began
# (working days back, address, who states it, who confirms it ("" not yet), where the entry is)
DONE = (
    (15, "https://www.facebook.com/barrcolonyschool", "a.desjarlais", "p.vandyk", "Barr Colony vault, Facebook page"),
    (15, "https://x.com/LPSDnetwork", "t.boyko", "i.santos", "1Password vault Technology, item LPSD network"),
    (15, "https://www.youtube.com/@LPSDtechnology", "i.santos", "t.boyko", "1Password vault Technology"),
    (14, "https://www.facebook.com/LPSDdivision", "j.gagnon", "m.laurent", "1Password vault Communications, Facebook"),
    (14, "https://x.com/LPSDschools", "j.gagnon", "m.laurent", "1Password vault Communications, X"),
    (13, "https://www.youtube.com/@LPSDdivision", "j.gagnon", "t.boyko", "1Password vault Communications, YouTube"),
    (12, "https://www.facebook.com/ecolecollegepark", "e.fontaine", "m.ouellette", "Coffre du bureau, fiche 3"),
    (12, "https://www.instagram.com/ecolecollegepark/", "e.fontaine", "m.ouellette", "Coffre du bureau, fiche 4"),
    (11, "https://www.facebook.com/jackkempschool", "b.okemow", "t.moosomin", "Office vault, entry 2"),
    (11, "https://lloydindigenouseducation.wordpress.com/", "l.whitestone", "t.moosomin", "KeePass, group Indigenous"),
    (10, "https://www.facebook.com/lloydcomprehensive", "l.oreilly", "n.shevchenko", "Office vault, entry 7"),
    (9, "https://www.instagram.com/lloydcomprehensive/", "l.oreilly", "g.kim", "Office vault, entry 8"),
    (8, "https://www.facebook.com/winstonchurchilllloyd", "h.friesen", "k.boateng", "Office vault, Facebook page"),
    (6, "https://www.pinterest.com/lloydearlylearning/", "w.hofer", "m.reyes", "Student Services vault, entry 5"),
    (5, "https://www.linkedin.com/company/lloydminster-public-careers", "c.mckay", "j.gagnon", "HR vault, LinkedIn"),
    (3, "https://www.facebook.com/bishoplloydschool", "f.yusuf", "", "Office vault, entry 11"),
    (2, "https://www.facebook.com/rendellparkschool", "o.clarke", "", "Office vault, entry 14"),
)  # fmt: skip


def _account(address: str) -> Account:
    found = verify(address).account
    if found is None:
        raise LookupError(f"Nothing official is at {address}.")
    return found


def _all_done(entry: str, note: str = "", **but: tuple[str, str]) -> stating.Statement:
    """Everything done, but for some parts: the outcome and the word why of each."""
    return stating.Statement(
        outcomes={**dict.fromkeys(PARTS, "done"), **{part: outcome for part, (outcome, _why) in but.items()}},
        why_not={part: why for part, (_outcome, why) in but.items()}, vault_entry=entry, note=note,
    )  # fmt: skip


def keys_without_secrets(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """What was asked for, stated and confirmed, each act at its own moment."""
    acts = [*_settings(cast, calendar), *_scare(cast, calendar), *_campaign(cast, units, calendar),
            *_alarms(cast, calendar), *_mornings(calendar)]  # fmt: skip
    for moment, act in sorted(acts, key=lambda one: one[0]):
        yield moment
        act()


def _settings(cast: Cast, calendar: Calendar) -> Acts:
    marc = cast["m.laurent"]

    def choose(key: str, value: int, why: str) -> Callable[[], object]:
        return lambda: set_setting(key, value, by_name=marc.name, reason=why, by=marc, role="communications")

    return [(calendar.moment(118, 14, 10 + n), choose(*one)) for n, one in enumerate(CHOSEN)]


def _state(address: str, who: Person, statement: stating.Statement) -> Callable[[], object]:
    return lambda: stating.make(_account(address), statement, by=who)


def _waiting(address: str, act: Callable[..., object], **more: object) -> Callable[[], object]:
    """An act on the statement of an account that waits at that moment."""

    def now() -> object:
        reset = open_reset(_account(address))
        if reset is None:
            raise LookupError(f"No statement waits for {address}.")
        return act(reset, **more)

    return now


def _scare(cast: Cast, calendar: Calendar) -> Acts:
    """A message asked a teacher to sign in again. She said so from her phone; the next morning it was over."""
    there = "https://www.instagram.com/bishoplloydschool/"
    fatima, joel = cast["f.yusuf"], cast["j.laboucane"]
    first = _all_done("Office vault, entry 12", apps=("could_not", "The list would not load on my phone."))
    second = _all_done("Office vault, entry 12", note="One app that nobody knew is gone.")
    return [
        (calendar.moment(41, 20, 12), lambda: call_for_reset(
            _account(there), trigger="phishing", by=fatima,
            note="A message said our page breaks a copyright and asked me to sign in. I did, and then it looked wrong.")),
        (calendar.moment(41, 20, 31), _state(there, fatima, first)),
        (calendar.moment(41, 21, 5), _waiting(there, stating.send_back, by=joel,
                                              reason="An app called “Growth helper” can still post. Take it away first.")),
        (calendar.moment(40, 7, 40), _waiting(there, stating.restate, statement=second, by=fatima)),
        (calendar.moment(40, 7, 58), _waiting(there, stating.confirm, by=joel, reason="Looked at it with her.")),
    ]  # fmt: skip


def _campaign(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Acts:
    """Every account of the division once this autumn: half are done, two wait for their second person."""
    marc = cast["m.laurent"]

    def start() -> object:
        due = entered().next_school_day(clock.today() + timedelta(days=31))
        return campaigns.start(
            by=marc, scope=units["lpsd"], name="Autumn check of access", due_on=due,
            reason="After the phishing of October, every account is looked through once. It takes ten minutes.",
        )  # fmt: skip

    def nudge() -> object:
        return campaigns.nudge(campaigns.running().get(), by=marc, reason="Half of us are done. Thank you to them.")

    acts: Acts = [(calendar.moment(CAMPAIGN, 9, 5), start), (calendar.moment(7, 8, 45), nudge)]
    for n, (back, address, who, witness, entry) in enumerate(DONE):
        acts.append((calendar.moment(back, 11, 3 * n), _state(address, cast[who], _all_done(entry))))
        if witness:
            acts.append((calendar.moment(back - 1, 13, 2 * n), _waiting(address, stating.confirm, by=cast[witness])))
    return acts


def _alarms(cast: Cast, calendar: Calendar) -> Acts:
    """A phone that was lost on a trip and that nobody answered for; a password that a helper should not know."""
    chantal, tyler = cast["c.beaulieu"], cast["t.moosomin"]
    return [
        (calendar.moment(9, 17, 20), lambda: call_for_reset(
            _account("https://www.instagram.com/lloydcompvolleyball/"), trigger="lost_phone", by=chantal,
            note="Left on the bus after the game in Vermilion. It was unlocked.")),
        (calendar.moment(1, 15, 50), lambda: call_for_reset(
            _account("https://www.instagram.com/jackkempdrumgroup/"), trigger="shared", by=tyler,
            note="A helper of last year still posts with it.")),
    ]  # fmt: skip


def _mornings(calendar: Calendar) -> Acts:
    """The night's round on the mornings after something happened, and once a week: nothing is told twice."""
    days: set[date] = {calendar.day(back) for back in (40, 35, 30, 25, 20, 15, 10, 8, 7, 6, 5, 3, 2, 1)}
    return [
        (timezone.make_aware(datetime.combine(day, time(5, 41))), lambda: tick("keys.round"))
        for day in sorted(days)
    ]
