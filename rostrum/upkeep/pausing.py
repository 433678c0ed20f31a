"""Every write on pauses: an account rests for some days with a reason, over the summer, and goes on again."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.core.secretive import looks_secret
from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.schoolyear.queries import Calendar
from rostrum.upkeep.liveness_models import Pause
from rostrum.upkeep.looking_after import relations
from rostrum.upkeep.states import PASS, RESUME, PauseState
from rostrum.workflow.moves import advance

LONGEST = timedelta(days=366)
REASON_LIMIT = 300
CITES = ("1.7",)


def summer(calendar: Calendar, today: date) -> tuple[date, date] | None:
    """The summer that comes or is: from the day after this school year to the day before the next one's second week.

    None where the calendar does not know both. The first week is left to settle in.
    """
    for year, after in zip(calendar.years, calendar.years[1:], strict=False):
        end = after.starts_on + timedelta(days=6)
        if today <= end and year.ends_on < after.starts_on:
            return max(year.ends_on + timedelta(days=1), today), end
    return None


@transaction.atomic
def pause(
    account: Account, *, by: Person, reason: str, ends_on: date, starts_on: date | None = None, is_summer: bool = False
) -> Pause:
    """Let an account rest until a day (inclusive): until then no day without a post counts (AP 193 1.7).

    Raises NotAllowed, WrongState (retired; paused already), Invalid by field.
    """
    hold_the_pen()
    account.refresh_from_db(fields=["state"])
    if not may(by, "pause:set", account.unit, relations(by, account)):
        raise NotAllowed(
            _("Only those who look after this account, lead its school or keep the register can pause it.")
        )
    if account.state not in LIVE:
        raise WrongState(_("This account is retired. There is nothing to pause."))
    today = clock.today()
    first = starts_on or today
    if first < today:
        raise _wrong("starts_on", _("A pause cannot begin in the past."))
    if ends_on < first:
        raise _wrong("ends_on", _("The last day lies before the first."))
    if ends_on - first > LONGEST:
        raise _wrong("ends_on", _("A pause lasts a year at the most. An account that rests longer is better retired."))
    let_pass(account)
    try:
        with transaction.atomic():
            made = Pause.objects.create(
                account=account, starts_on=first, ends_on=ends_on, summer=is_summer, reason=_reason(reason), set_by=by,
                set_at=clock.now(), moved_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise WrongState(_("This account is paused already. End that pause first.")) from None
    record(by, "pause:begin", made, citations=cite(CITES), note=made.reason,
           after={"account": account.public_id, "from": first, "to": ends_on})  # fmt: skip
    return made


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: [message]})


def _reason(typed: str) -> str:
    try:
        text = clean(typed, max_length=REASON_LIMIT)
    except UnsafeText:
        raise _wrong(
            "reason", _("Write it in plain text of at most %(limit)d characters.") % {"limit": REASON_LIMIT}
        ) from None
    if not text:
        raise _wrong("reason", _("Say why, in a few words."))
    if looks_secret(text):
        raise _wrong("reason", _("This looks like a password. Say it without: Rostrum never keeps one."))
    return text


@transaction.atomic
def resume(it: Pause, *, by: Person, seen: int | None = None) -> Pause:
    """End a pause before its day. Raises NotAllowed, WrongState (over), Overtaken."""
    hold_the_pen()
    advance(
        it, RESUME, by=by, relations=relations(by, it.account), seen=seen, fields={"moved_at": clock.now()},
        not_you=_("Only those who look after this account, lead its school or keep the register can end its pause."),
        after={"account": it.account.public_id},
    )  # fmt: skip
    return it


@transaction.atomic
def let_pass(account: Account) -> int:
    """Note that a pause whose last day is over is over. The clock does this each night, and whoever pauses again."""
    over = Pause.objects.filter(account=account, state=PauseState.RUNNING, ends_on__lt=clock.today())
    return sum(1 for one in over if advance(one, PASS, by=None, fields={"moved_at": clock.now()}) is not None)
