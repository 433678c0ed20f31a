"""Cases on accounts: one that ended with a talk, a suspension that fell on appeal, an appeal that waits, one that is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from rostrum.cases import appealing, opening
from rostrum.cases.deciding import decide, report_done
from rostrum.cases.decision_models import Decision
from rostrum.cases.models import Case
from rostrum.cases.opening import Evidence, Talk
from rostrum.cases.queries import may_open, open_case
from rostrum.cases.rulings import Ruling
from rostrum.core import clock
from rostrum.core.evidence import keep
from rostrum.demo.days import Calendar
from rostrum.demo.play import Cast
from rostrum.demo.reviews import banner
from rostrum.people.models import Person, Unit
from rostrum.policies.actions import set_setting
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.registry.verifying import verify
from rostrum.reviews.queries import findings_visible_to

CHOSEN = (
    ("appeal_days", 10, "Two weeks of school, as for other decisions of the office."),
    ("strike_days", 365, "A year later it is a new start."),
    ("case_days", 15, "Nobody should wait longer than three weeks of school to know."),
)
TALKED = "https://www.facebook.com/RendellParkSchool"
SUSPENDED = "https://www.youtube.com/@bishoplloydband"
WARNED = "https://www.instagram.com/lloydcompvolleyball/"
OPEN = "https://www.facebook.com/BarrColonySchool"


def _account(address: str) -> Account:
    account = verify(address).account
    if account is None:
        raise LookupError(f"Nothing official is at {address}.")
    return account


def _decide(case: Case, by: Person, *, measures: tuple[str, ...], clauses: tuple[str, ...], facts: str, to_do: str = "",
            days: int = 0) -> Decision:  # fmt: skip
    """A decision that rests on all that the case holds."""
    case.refresh_from_db()
    return decide(
        case, by=by,
        ruling=Ruling(
            measures=measures, clauses=clauses, evidence=tuple(one.pk for one in case.evidence.all()), facts=facts,
            to_do=to_do, do_by=clock.today() + timedelta(days=days) if days else None,
        ),
    )  # fmt: skip


def numbers(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """How long one may appeal and how long a warning counts: neither is in the procedure."""
    yield calendar.moment(64, 15, 45)
    marc = cast["m.laurent"]
    for key, value, why in CHOSEN:
        set_setting(key, value, by_name=marc.name, reason=why, by=marc, role="communications")


def talked(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """A sharp answer to a parent: a talk was enough. It leaves no finding."""
    yield calendar.moment(60, 13, 5)
    case = opening.open_case(
        _account(TALKED), by=cast["a.petrova"], reason="An answer to a parent under the post about parking was sharp.",
        evidence=[Evidence("The answer of Tuesday under the post about parking. It is deleted meanwhile.")],
    )  # fmt: skip
    yield calendar.moment(58, 10, 20)
    opening.look(case, by=cast["m.laurent"])
    yield calendar.moment(57, 14, 40)
    case.refresh_from_db()
    note = "We agreed: nobody answers in anger, and the office helps when somebody is rude."
    opening.close_case(
        case, by=cast["m.laurent"], reason="A talk was enough. The answer was deleted within the hour.", ending="talk",
        talk=Talk(clock.today(), cast["o.clarke"], note),
    )  # fmt: skip


def overturned(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """A suspension for a song; on appeal the permission turned up, and the Director overturned it."""
    marc, joel = cast["m.laurent"], cast["j.laboucane"]
    yield calendar.moment(48, 10, 35)
    digest, kind = keep(banner())
    case = opening.open_case(
        _account(SUSPENDED), by=cast["j.gagnon"], review=True,
        reason="A publisher writes that the winter concert plays a song without a licence.",
        evidence=[
            Evidence("The publisher’s letter names the recording and asks us to take it down."),
            Evidence("The recording as it stood on the channel.", "picture", "", digest, kind),
        ],
    )  # fmt: skip
    yield calendar.moment(47, 9, 50)
    decision = _decide(
        case, marc, measures=("warning", "suspend"), clauses=("1.8",),
        facts="The channel shows a recording of the winter concert. The publisher of one song says that no licence was "
        "bought, and nobody at the school could show one when the office asked.",
        to_do="Take the recording down, or show the licence.",
    )  # fmt: skip
    yield calendar.moment(45, 16, 10)
    appeal = appealing.lodge(
        decision, by=joel, files=[appealing.Attachment(digest, kind, "The licence, from the choir library")],
        reasons="The licence was bought by the former band teacher and lies in the choir library. Nobody asked me before "
        "the channel was suspended: I was away with the band.",
    )  # fmt: skip
    yield calendar.moment(42, 11, 25)
    appealing.overturn(
        appeal, by=cast["d.whitford"],
        reason="The licence covers the recording. The office asked the school, but not the one person who knew. The "
        "warning and the suspension fall.",
    )  # fmt: skip


def waits_for_its_decider(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """A warning with something to be done; the coach appeals, and the Director has both letters before her."""
    yield calendar.moment(8, 9, 30)
    case = opening.open_case(
        _account(WARNED), by=cast["g.dhaliwal"], reason="A post makes fun of the other team after the game.",
        evidence=[Evidence("The post of Saturday night: a picture of the score with a line that mocks the other school.")],
    )  # fmt: skip
    yield calendar.moment(6, 13, 10)
    decision = _decide(
        case, cast["m.laurent"], measures=("warning", "content"), clauses=("1.8", "3.6"), days=17,
        facts="After the game of Saturday the account posted the score with a line that mocks the other school. The "
        "other school’s principal wrote to ours.",
        to_do="Take the post down, and write one line to the other team.",
    )  # fmt: skip
    yield calendar.moment(5, 15, 5)
    report_done(decision, by=cast["l.oreilly"], note="The post is down. I wrote to their coach.")
    yield calendar.moment(4, 16, 20)
    appealing.lodge(
        decision, by=cast["c.beaulieu"],
        reasons="It was meant among friends: their coach and I tease each other every year, and she wrote that she "
        "laughed. Taking it down was right. A warning for a year is too much.",
    )  # fmt: skip


def still_open(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """A case that somebody looks into today."""
    yield calendar.moment(5, 10, 15)
    case = opening.open_case(
        _account(OPEN), by=cast["r.okafor"], reason="Two families ask why private messages from the page reach students.",
        evidence=[Evidence("Two letters of families, of this week. Both describe messages sent from the page at night.")],
    )  # fmt: skip
    yield calendar.moment(4, 11, 50)
    opening.look(case, by=cast["j.gagnon"])
    case.refresh_from_db()
    opening.assign(case, by=cast["m.laurent"], to=cast["j.gagnon"])


def from_a_finding(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """What a review found was not put right in time: the finding is carried over as evidence."""
    yield calendar.moment(7, 14, 25)
    for it in findings_visible_to(cast["m.laurent"]).filter(question="contact", state="open"):
        live = it.account.state in LIVE  # one was merged into another in the meantime
        if live and open_case(it.account) is None and may_open(cast["m.laurent"], it.account):
            opening.open_case(
                it.account, by=cast["m.laurent"], reason="It was to be put right weeks ago, and nobody answers.",
                evidence=[Evidence(it.found, "reviewfinding", str(it.pk))],
            )  # fmt: skip


STORIES = (numbers, talked, overturned, waits_for_its_decider, from_a_finding, still_open)
