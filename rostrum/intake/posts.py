"""A list of last posts on its way in: read and understood row by row, looked at, taken whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.core.text import fold
from rostrum.intake import tables
from rostrum.intake.days import Unreadable, as_day
from rostrum.intake.faults import shown
from rostrum.intake.post_models import PostList, PostListState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite, text
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account
from rostrum.registry.platforms import catalogue, key_of, understand
from rostrum.registry.states import LIVE
from rostrum.upkeep import liveness
from rostrum.upkeep.liveness import EARLIEST, PostDay

MOST_ROWS = 60_000
FAULTS_KEPT = 2_000
KEPT = timedelta(days=14)  # a list that nobody finishes is forgotten after this time
COLUMNS = {
    "account": ("public id", "id", "account", "address", "url", "link", "handle", "profile", "page", "username",
                "compte", "adresse", "lien", "identifiant", "identifiant public"),
    "platform": ("platform", "network", "service", "plateforme", "reseau"),
    "day": ("last post", "last posted", "last post on", "date", "day", "posted", "latest post", "most recent post",
            "derniere publication", "jour", "publie le"),
}  # fmt: skip


def _need(by: Person) -> None:
    if not may(by, "liveness:import"):
        raise NotAllowed(worded(_("Only {keeper} can bring a list of last posts in.")))


def _unusable(message: str) -> Invalid:
    return Invalid(message, fields={"file": [message]})


class _Register:
    """Every live account by what a list may call it, read once."""

    def __init__(self) -> None:
        self.by_id: dict[str, int] = {}
        self.by_address: dict[tuple[str, str], int] = {}
        self.by_handle: dict[tuple[str, str], int] = {}
        rows = Account.objects.filter(state__in=LIVE).values_list(
            "pk", "public_id", "platform", "canonical_id", "handle"
        )
        for pk, public_id, platform, canonical, handle in rows.iterator(chunk_size=2_000):
            self.by_id[public_id] = pk
            self.by_address[platform, canonical] = pk
            self.by_handle[platform, fold(handle).lstrip("@")] = pk
        self.platforms = {fold(text(p.label)): p.key for p in catalogue()} | {p.key: p.key for p in catalogue()}

    def find(self, called: str, platform: str) -> int | None:
        """The account that a cell means: its public id, its address, or a handle with its platform."""
        if called.upper() in self.by_id:
            return self.by_id[called.upper()]
        key = self.platforms.get(fold(platform), "")
        if key and (pk := self.by_handle.get((key, fold(called).lstrip("@")))) is not None:
            return pk
        found = understand(called, key)
        return self.by_address.get((key_of(found.platform), found.canonical_id)) if found.status != "reject" else None


@transaction.atomic
def stage(name: str, file: BinaryIO, *, by: Person) -> PostList:
    """Read a CSV, XLSX or other table of last posts and keep what was understood. Nothing changes in the register.

    Raises NotAllowed, and Invalid for the field `file` when nothing of it can be used.
    """
    _need(by)
    PostList.objects.filter(state=PostListState.OPEN, started_at__lt=clock.now() - KEPT).delete()
    file.seek(0)
    digest = hashlib.sha256()
    while part := file.read(1 << 20):
        digest.update(part)
    table = tables.read(name, file, known=[word for words in COLUMNS.values() for word in words])
    _refuse(table)
    at = {key: table.column(*words) for key, words in COLUMNS.items()}
    for key, label in (("account", _("Account")), ("day", _("Last post"))):
        if at[key] is None:
            raise _unusable(
                _("The file needs a column called “%(column)s”. Take the template to start from.") % {"column": label}
            )
    rows, faults, count = _understood(table, at)
    _refuse(table)
    if not count:
        raise _unusable(_("There is no row under the names of the columns."))
    return PostList.objects.create(
        by=by, file_name=shown(name)[:200], sha256=digest.hexdigest(), rows=rows, faults=faults[:FAULTS_KEPT],
        counts={"rows": count, "good": len(rows), "bad": len(faults)}, started_at=clock.now(),
    )  # fmt: skip


def _refuse(table: tables.Table) -> None:
    if table.faults.stopping:
        fault = next(one for one in table.faults if one.weight == "file")
        raise _unusable(f"{fault.message} {fault.remedy}".strip())


Fault = list[int | str]


def _understood(table: tables.Table, at: dict[str, int | None]) -> tuple[list[list[int | str]], list[Fault], int]:
    register, rows, faults, count = _Register(), list[list[int | str]](), list[Fault](), 0
    today = clock.today()
    first: dict[int, int] = {}
    for row in table:
        count += 1
        if count > MOST_ROWS:
            raise _unusable(_("The list has more than %(most)d rows. Split it.") % {"most": MOST_ROWS})
        cell = {key: row.cells[index].strip() if index is not None else "" for key, index in at.items()}
        called, why = cell["account"], ""
        account = register.find(called, cell["platform"]) if called else None
        if not called:
            why = _("No account stands in this row. Write its address or its public id.")
        elif account is None:
            why = _("No live account of the register is called so. Write its address or its public id.")
        elif account in first:
            why = _("The same account stands in row %(row)d already.") % {"row": first[account]}
        day = None if why else _day(cell["day"])
        if not why and not isinstance(day, date):
            why = day or _("This row has no day.")
        if not why and isinstance(day, date) and not EARLIEST <= day <= today:
            why = _("This day is still to come, or lies before any platform.")
        if why:
            faults.append([row.number, shown(called or cell["day"]), why])
        elif account is not None and isinstance(day, date):
            first[account] = row.number
            rows.append([account, day.isoformat()])
    faults += [
        [one.row, one.value, f"{one.message} {one.remedy}".strip()] for one in table.faults if one.weight == "row"
    ]
    return rows, faults, count


def _day(cell: str) -> date | str:
    """The day of a cell, or what is wrong with it."""
    if not cell:
        return ""
    try:
        return as_day(cell)
    except Unreadable as error:
        words = (
            _("“%(value)s” could be two different days. Write 2026-09-01.")
            if error.ambiguous
            else _("“%(value)s” is no day that can be read. Write 2026-09-01.")
        )
        return words % {"value": shown(cell)}


def _end(it: PostList, state: PostListState, counts: dict[str, int]) -> None:
    changed = PostList.objects.filter(pk=it.pk, state=PostListState.OPEN, version=it.version).update(
        state=state, version=it.version + 1, finished_at=clock.now(), counts=counts, rows=[], faults=[]
    )
    if not changed:
        raise Overtaken(_("Someone else has just brought this list in, or dropped it."))


@transaction.atomic
def take(it: PostList, *, by: Person, leave_out: bool = False) -> PostList:
    """Take a list in: all of it or nothing. Rows that cannot be used stop it, unless they are left out knowingly.

    Raises NotAllowed, WrongState (in already), Overtaken, Invalid.
    """
    _need(by)
    hold_the_pen()
    it.refresh_from_db()
    if it.state != PostListState.OPEN:
        raise WrongState(
            _("This list is “%(state)s”. Nothing of it can be changed.") % {"state": it.get_state_display()}
        )
    bad = it.counts.get("bad", 0)
    if bad and not leave_out:
        raise Invalid(
            ngettext(
                "One row cannot be used. Mend the file, or say that it is left out. Nothing was brought in.",
                "%(count)d rows cannot be used. Mend the file, or say that they are left out. Nothing was brought in.",
                bad,
            )
            % {"count": bad}
        )
    days = (PostDay(int(account), date.fromisoformat(str(day))) for account, day in it.rows)
    newer = liveness.bring_in(days, by=by, label=it.file_name, sha256=it.sha256)
    _end(it, PostListState.DONE, {**it.counts, "newer": newer})
    it.refresh_from_db()
    return it


@transaction.atomic
def drop(it: PostList, *, by: Person) -> PostList:
    """Give a list up. Nothing of it is kept."""
    _need(by)
    hold_the_pen()
    it.refresh_from_db()
    if it.state != PostListState.OPEN:
        raise WrongState(
            _("This list is “%(state)s”. Nothing of it can be changed.") % {"state": it.get_state_display()}
        )
    _end(it, PostListState.DROPPED, dict(it.counts))
    it.refresh_from_db()
    record(by, "postlist:drop", it, citations=cite(["1.7"]), role="communications")
    return it


def seen(it: PostList, most: int) -> list[dict[str, object]]:
    """The first rows as they were understood, for the preview: the account, its day, the day on record."""
    rows: list[tuple[int, str]] = [(int(account), str(day)) for account, day in it.rows[:most]]
    accounts = _accounts([pk for pk, _day in rows])
    return [
        {"account": accounts[pk], "day": date.fromisoformat(day), "before": _before(accounts[pk])}
        for pk, day in rows if pk in accounts
    ]  # fmt: skip


def _accounts(pks: Iterable[int]) -> dict[int, Account]:
    return {one.pk: one for one in Account.objects.filter(pk__in=list(pks)).select_related("liveness")}


def _before(account: Account) -> date | None:
    row = getattr(account, "liveness", None)
    return row.last_post_on if row is not None else None


def template() -> str:
    """A table with an example, to fill in with any spreadsheet."""
    rows = [(_("Account"), _("Platform"), _("Last post")), ("https://www.instagram.com/rendellparkschool/", "", "2026-09-01"),
            ("@rendellparkschool", "Instagram", "2026-09-01")]  # fmt: skip
    return "\ufeff" + "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)
