"""Every write on hand-over campaigns: start one, say of an account who stays and who goes, end it, remind."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.core.text import UnsafeText, clean
from rostrum.custody import campaign_notices as N
from rostrum.custody.campaign_models import HandOverAnswer, HandOverCampaign, HandOverLine
from rostrum.custody.campaign_queries import lines, may_answer, may_start, people_of, running_over, seen
from rostrum.custody.campaign_states import ANSWER, END, CampaignState
from rostrum.custody.queries import relations
from rostrum.people.models import Person, Unit
from rostrum.people.queries import subtree
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.schoolyear.series import once
from rostrum.workflow.moves import advance, clean_reason

CITES = ("1.7", "3.4")
LONGEST = timedelta(days=366)
PLACES = frozenset({"division", "school", "department"})


def _name(typed: str) -> str:
    try:
        text = clean(typed, max_length=80)
    except UnsafeText:
        message = _("Write it in plain text of at most %(limit)d characters.") % {"limit": 80}
        raise Invalid(message, fields={"name": [message]}) from None
    if not text:
        message = _("Give the campaign a name, for example “Hand-over June 2027”.")
        raise Invalid(message, fields={"name": [message]})
    return text


@transaction.atomic
def start(unit: Unit, *, by: Person, name: str, ends_on: date, note: str = "") -> HandOverCampaign:
    """Ask of every live account of a school or of the division who stays next year and who goes (AP 193 1.7, 3.4).

    Accounts that stand in another campaign that runs are left to that one. Raises NotAllowed, WrongState (one runs
    here; nothing to ask), Invalid by field.
    """
    hold_the_pen()
    if unit.kind not in PLACES or not may_start(by, unit):
        raise NotAllowed(worded(_("Only whoever leads the school or department and {keeper} can start this.")))
    called, why, today = _name(name), clean_reason(note, required=False), clock.today()
    if not today < ends_on <= today + LONGEST:
        message = _("Choose a last day from tomorrow on, within a year.")
        raise Invalid(message, fields={"ends_on": [message]})
    accounts = Account.objects.filter(unit__in=subtree(unit).values("pk"), state__in=LIVE).order_by("name", "pk")
    known = list(accounts)
    taken = running_over(one.pk for one in known)
    asked = [one for one in known if one.pk not in taken]
    if not asked:
        raise WrongState(
            _("Every account here stands in a campaign that runs already.") if known
            else _("There is no official account in use here to ask about.")
        )  # fmt: skip
    try:
        with transaction.atomic():
            made = HandOverCampaign.objects.create(
                unit=unit,
                name=called,
                note=why,
                starts_on=today,
                ends_on=ends_on,
                started_by=by,
                started_at=clock.now(),
            )
    except IntegrityError:
        raise WrongState(_("A campaign runs here already. End it first, or wait for its last day.")) from None
    HandOverLine.objects.bulk_create(HandOverLine(campaign=made, account=one) for one in asked)
    record(by, "handovercampaign:start", made, citations=cite(CITES), label=called, note=why,
           after={"unit": unit.name, "accounts": len(asked), "ends_on": ends_on})  # fmt: skip
    rows = list(lines().filter(campaign=made))
    N.tell_managers(made, N.STARTED, by, rows, why)
    N.tell_leaders(made, N.STARTED_TOLD, by, rows, why)
    return made


@transaction.atomic
def answer(line: HandOverLine, *, by: Person, goes: Collection[int] = (), groups: Collection[int] = (),
           seen_version: int | None = None) -> HandOverLine:  # fmt: skip
    """Say of an account which people and groups go; everyone else who has a part in it stays. May be said again.

    Nobody is released by it: the line then says what is missing. Raises NotAllowed, WrongState (ended, retired),
    Overtaken, Invalid (somebody who has no part in it).
    """
    hold_the_pen()
    if not may_answer(by, line.account):
        raise NotAllowed(worded(_("Only its managers, whoever leads its school and {keeper} can say this.")))
    line.campaign.refresh_from_db()
    if line.campaign.state != CampaignState.RUNNING:
        raise WrongState(_("This campaign has ended. Change managers and access on the page of the account."))
    found = seen([line])[0]
    people, here = people_of(found.row), found.row.groups
    if set(goes) - {one.pk for one in people} or set(groups) - {one.pk for one in here}:
        raise Invalid(_("Somebody whom you ticked has no part in this account any more. Look at it again."))
    advance(
        line, ANSWER, by=by, relations=relations(by, line.account), seen=seen_version,
        fields={"answered_by": by, "answered_at": clock.now()},
        after={"account": line.account.public_id, "goes": [one.name for one in people if one.pk in goes],
               "groups": [one.label for one in here if one.pk in groups]},
    )  # fmt: skip
    line.answers.all().delete()
    HandOverAnswer.objects.bulk_create(
        [
            *(HandOverAnswer(line=line, person=one, goes=one.pk in goes) for one in people),
            *(HandOverAnswer(line=line, group=one, goes=one.pk in groups) for one in here),
        ]
    )
    return line


@transaction.atomic
def end(
    it: HandOverCampaign, *, by: Person | None, reason: str = "", seen_version: int | None = None
) -> HandOverCampaign:
    """End a campaign, by hand or by the clock when its last day is over. Whoever leads is told what is missing."""
    note = advance(
        it, END, by=by, seen=seen_version, reason=reason, fields={"ended_at": clock.now()},
        role="clock" if by is None else "",
        not_you=worded(_("Only whoever leads the school or department and {keeper} can end this.")),
    )  # fmt: skip
    rows = N.unfinished(seen(list(lines().filter(campaign=it))))
    N.tell_leaders(it, N.ENDED if rows else N.ENDED_WHOLE, by, rows, note)
    return it


def remind(it: HandOverCampaign, period: date) -> bool:
    """Remind the managers of what is missing, once for a period; whoever leads where there is no manager."""
    with transaction.atomic():
        rows = N.unfinished(seen(list(lines().filter(campaign=it))))
        if not rows or not once("custody.campaign", it, period):
            return False
        alone = N.tell_managers(it, N.REMINDER, None, rows)
        if alone:
            N.tell_leaders(it, N.REMINDER_ALONE, None, alone)
    return True
