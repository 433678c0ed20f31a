"""Every write on liveness: a last post noted, a look at the account, a whole list of last posts, another plan, a nudge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.core.secretive import looks_secret
from rostrum.core.text import UnsafeText, clean
from rostrum.notices.actions import owe
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.upkeep import quiet_notices as N
from rostrum.upkeep.liveness_models import TROUBLE, Alive, Liveness, Plan, Source
from rostrum.upkeep.looking_after import asked_of, communications, relations
from rostrum.upkeep.quiet import plan_of, running_pause

CITES = ("1.7",)
NOTE_LIMIT = 300
EARLIEST = date(2004, 2, 4)  # before any of these platforms
NUDGE_AGAIN = 14  # days in which an account's managers are nudged at most once by hand: Rostrum's own
BATCH = 500


def row_of(account: Account) -> Liveness:
    """The liveness row of an account, made when it is first needed; its plan is what Form 193-1 said."""
    found = Liveness.objects.filter(account=account).first()
    if found is None:
        plan = plan_of(account.registration.request.answers)
        found, _made = Liveness.objects.get_or_create(account=account, defaults={"plan": plan})
    return found


def _need(by: Person, account: Account, permission: str) -> None:
    if not may(by, permission, account.unit, relations(by, account)):
        raise NotAllowed(_("Only those who look after this account, lead its school or keep the register can do this."))
    if account.state not in LIVE:
        raise WrongState(_("This account is retired. Nothing more is noted about it."))


def _changed(account: Account, seen: int | None, **fields: Any) -> Liveness:
    """Write the row once: whoever looked at an older one is too late."""
    row = row_of(account)
    version = row.version if seen is None else seen
    if not Liveness.objects.filter(pk=row.pk, version=version).update(version=version + 1, **fields):
        raise Overtaken(_("While you were reading, someone else noted something about this account. Look at it again."))
    row.refresh_from_db()
    return row


def checked_day(on: date, field: str = "on") -> date:
    """A day on which something can have been posted. Raises Invalid for one that is still to come or impossible."""
    if on > clock.today():
        message = _("This day is still to come.")
    elif on < EARLIEST:
        message = _("No platform existed on that day. Check the year.")
    else:
        return on
    raise Invalid(message, fields={field: [message]})


def _plain(text: str, field: str) -> str:
    try:
        kept = clean(text, max_length=NOTE_LIMIT)
    except UnsafeText:
        message = _("Write it in plain text of at most %(limit)d characters.") % {"limit": NOTE_LIMIT}
        raise Invalid(message, fields={field: [message]}) from None
    if looks_secret(kept):
        message = _("This looks like a password. Say it without: Rostrum never keeps one.")
        raise Invalid(message, fields={field: [message]})
    return kept


@transaction.atomic
def note_post(account: Account, on: date, *, by: Person, seen: int | None = None) -> Liveness:
    """Note the day of an account's last post (AP 193 1.7), by hand. An older day than the one on record corrects it.

    Raises NotAllowed, WrongState (retired), Invalid (a day to come), Overtaken.
    """
    hold_the_pen()
    account.refresh_from_db(fields=["state"])
    _need(by, account, "liveness:note")
    day = checked_day(on)
    before = row_of(account).last_post_on
    row = _changed(
        account, seen, last_post_on=day, post_source=Source.HAND, post_noted_at=clock.now(), post_noted_by=by,
        reminded_for=None,
    )  # fmt: skip
    record(
        by, "account:note_post", account, citations=cite(CITES), before={"last_post": before}, after={"last_post": day}
    )
    return row


@transaction.atomic
def note_look(account: Account, found: str, *, by: Person, note: str = "", seen: int | None = None) -> Liveness:
    """Note what somebody found who opened the account today: there, locked, taken, gone (AP 193 1.5, 1.7).

    What is not in order is told to Communications at once. Raises as `note_post`.
    """
    hold_the_pen()
    account.refresh_from_db(fields=["state"])
    _need(by, account, "liveness:note")
    if found not in Alive.values:
        message = _("Choose what you found.")
        raise Invalid(message, fields={"alive": [message]})
    words, today = _plain(note, "note"), clock.today()
    before = row_of(account).alive
    row = _changed(account, seen, alive=found, alive_on=today, alive_by=by, alive_note=words)
    record(by, "account:look", account, citations=cite(["1.5", "1.7"]), note=words,
           before={"found": before}, after={"found": found})  # fmt: skip
    if found in TROUBLE:
        for person in communications():
            if person.pk != by.pk:
                owe(N.TROUBLE, to=person, about=account, ref=account.public_id,
                    context=N.found(account, by, Alive(found), words))  # fmt: skip
    return row


@dataclass(frozen=True)
class PostDay:
    """One line of a list: the account (by primary key), the day of its last post."""

    account: int
    on: date


@transaction.atomic
def bring_in(days: Iterable[PostDay], *, by: Person | None, source: str = Source.IMPORT, label: str = "",
             sha256: str = "") -> int:  # fmt: skip
    """Take a list of last posts in, all of it or nothing; says how many accounts have a newer day than before.

    Connectors feed what they read through here, too (`by` None, source `connector`). A day that is older than the one
    on record changes nothing. One event for the list. Raises NotAllowed, Invalid for an impossible day.
    """
    hold_the_pen()
    if by is not None and not may(by, "liveness:import"):
        raise NotAllowed(worded(_("Only {keeper} can bring a list of last posts in.")))
    newest: dict[int, date] = {}
    for one in days:
        newest[one.account] = max(checked_day(one.on), newest.get(one.account, one.on))
    now, changed = clock.now(), 0
    ids = sorted(newest)
    for start in range(0, len(ids), BATCH):
        changed += _take(ids[start : start + BATCH], newest, by, source, now)
    record(
        by, "postlist:bring_in", None, subject=("postlist", None), label=label, citations=cite(CITES),
        role="communications" if by else "clock",
        after={"source": str(source), "listed": len(newest), "newer": changed, "sha256": sha256},
    )  # fmt: skip
    return changed


def _take(ids: list[int], newest: dict[int, date], by: Person | None, source: str, now: Any) -> int:
    """One batch: rows that are there and older are renewed, rows that are missing are made."""
    accounts = Account.objects.filter(pk__in=ids, state__in=LIVE).select_related("registration__request")
    live = {account.pk: account for account in accounts.only("pk", "registration__request__answers")}
    rows = {row.pk: row for row in Liveness.objects.filter(pk__in=live)}
    fresh = [
        Liveness(account_id=pk, plan=plan_of(live[pk].registration.request.answers), last_post_on=newest[pk],
                 post_source=source, post_noted_at=now, post_noted_by=by)
        for pk in live if pk not in rows
    ]  # fmt: skip
    newer = [row for pk, row in rows.items() if row.last_post_on is None or row.last_post_on < newest[pk]]
    for row in newer:
        row.last_post_on, row.post_source, row.post_noted_at, row.post_noted_by = newest[row.pk], source, now, by
        row.version, row.reminded_for = row.version + 1, None
    Liveness.objects.bulk_create(fresh, batch_size=BATCH)
    fields = ["last_post_on", "post_source", "post_noted_at", "post_noted_by", "version", "reminded_for"]
    Liveness.objects.bulk_update(newer, fields, batch_size=BATCH)
    return len(fresh) + len(newer)


@transaction.atomic
def change_plan(account: Account, plan: str, *, by: Person, seen: int | None = None) -> Liveness:
    """Say how often an account is to post from now on (AP 193 1.7 says regularly). Form 193-1 asked for it first."""
    hold_the_pen()
    account.refresh_from_db(fields=["state"])
    _need(by, account, "liveness:plan")
    if plan not in Plan.values:
        message = _("Choose how often the account is to post.")
        raise Invalid(message, fields={"plan": [message]})
    before = row_of(account).plan
    row = _changed(account, seen, plan=plan)
    record(by, "account:plan_posts", account, citations=cite(CITES), before={"plan": before}, after={"plan": plan})
    return row


@transaction.atomic
def nudge(account: Account, *, by: Person, words: str = "") -> list[Person]:
    """Write to those who look after a quiet account, once in two weeks; says to whom (AP 193 1.7).

    Raises NotAllowed, WrongState (retired, paused, nudged lately, nobody to write to), Invalid.
    """
    hold_the_pen()
    account.refresh_from_db(fields=["state"])
    if not may(by, "liveness:nudge", account.unit):
        raise NotAllowed(worded(_("Only whoever leads this school, or {keeper}, can nudge its managers.")))
    if account.state not in LIVE:
        raise WrongState(_("This account is retired. Nobody is nudged about it."))
    if running_pause(account) is not None:
        raise WrongState(_("This account is paused. Its managers are left alone until the pause is over."))
    note, today = _plain(words, "words"), clock.today()
    row = row_of(account)
    if row.nudged_on is not None and today - row.nudged_on < timedelta(days=NUDGE_AGAIN):
        raise WrongState(
            _("Its managers were nudged less than two weeks ago. Talk to them, or look at the other ways forward.")
        )
    people = [one for one in asked_of(account) if one.pk != by.pk]
    if not people:
        raise WrongState(_("There is nobody else to write to. Name a content manager first."))
    row = _changed(account, row.version, nudged_on=today)
    for person in people:
        owe(N.NUDGED, to=person, about=account, ref=account.public_id, context=N.quiet_words(account, row, by, note))
    record(by, "account:nudge", account, citations=cite(CITES), note=note, after={"to": [one.name for one in people]})
    return people
