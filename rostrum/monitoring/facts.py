"""Gathering what the rules over accounts ask for, for any number of accounts in a few queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from django.db.models import Min
from django.utils import timezone

from rostrum.custody.queries import managers_of
from rostrum.guidance.queries import gate_is_set, read_at
from rostrum.keys.models import ResetCall
from rostrum.keys.states import CallState
from rostrum.monitoring.rules import AccountFacts
from rostrum.people.models import Unit
from rostrum.policies.queries import form, setting
from rostrum.registry.answers import fields_of
from rostrum.registry.checks import mail_domains, naming_rules
from rostrum.registry.mailbox import check_mailbox
from rostrum.registry.models import Account
from rostrum.registry.naming import check_name
from rostrum.registry.states import LIVE
from rostrum.upkeep.liveness_models import Liveness
from rostrum.upkeep.models import Certification, Correction
from rostrum.upkeep.quiet import measure, running
from rostrum.upkeep.states import CertificationState, CorrectionState

AT_ONCE = 1000
GENERIC = frozenset({"bare_division", "generalised_division"})


def _reset_due(accounts: Sequence[Account]) -> dict[int, date]:
    """The earliest day by which an open call asks for a reset, by account."""
    calls = ResetCall.objects.filter(account__in=accounts, state=CallState.OPEN, due_on__isnull=False).order_by()
    return dict(calls.values_list("account").annotate(day=Min("due_on")))


def _certification_due(accounts: Sequence[Account]) -> dict[int, date]:
    """The day of an open certification, by account."""
    waiting = Certification.objects.filter(account__in=accounts, state=CertificationState.OPEN, due_on__isnull=False)
    return {pk: day for pk, day in waiting.values_list("account", "due_on") if day is not None}


def _drift(accounts: Sequence[Account]) -> dict[int, list[str]]:
    """What managers said is not right any more, and nobody has settled, by account."""
    out: dict[int, list[str]] = {}
    found = Correction.objects.filter(account__in=accounts, state=CorrectionState.OPEN)
    for pk, fact in found.values_list("account", "fact"):
        out.setdefault(pk, []).append(fact)
    return out


class _Answers:
    """What the Registration Form of any edition says under a column's name, whatever its field is called there."""

    def __init__(self) -> None:
        self._keys: dict[tuple[int, str], list[str]] = {}

    def of(self, account: Account, binds: str) -> str | None:
        edition = account.registration.request.edition
        keys = self._keys.get((edition.pk, binds))
        if keys is None:
            found = form(edition, "registration")
            keys = self._keys[edition.pk, binds] = [one.key for one in fields_of(found) if one.binds == binds]
        for key in keys:
            given = account.registration.answers.get(key)
            return str(given[0]) if given else ""
        return None  # this edition does not ask


def _number(key: str) -> int | None:
    value = setting(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def gather(accounts: Sequence[Account], today: date) -> Iterator[tuple[Account, AccountFacts]]:
    """The facts of each account on a day. The queries do not grow with the accounts of one batch."""
    managers, by = managers_of(accounts), measure()
    posts = dict(Liveness.objects.filter(account__in=accounts).values_list("account", "last_post_on"))
    paused = set(running(today).filter(account__in=accounts).values_list("account", flat=True))
    resets, certifications, drift = _reset_due(accounts), _certification_due(accounts), _drift(accounts)
    people = {d.person_id for named in managers.values() for d in named}
    read = set(read_at(people)) if gate_is_set() else people
    ids = {pk for one in accounts for pk in one.unit.ancestor_ids}
    names = dict(Unit.objects.filter(pk__in=ids).values_list("pk", "name"))
    rules, domains, answers = naming_rules(), mail_domains(), _Answers()
    warn_below = _number("managers_warn_below")
    for one in accounts:
        found = check_name(
            one.name, rules=rules, unit_names=[names[pk] for pk in one.unit.ancestor_ids if pk in names],
            entity_kind=one.entity_kind,
        )  # fmt: skip
        mailbox = check_mailbox(one.mailbox, domains=domains)
        link, visible = answers.of(one, "directory_link"), answers.of(one, "visibility")
        yield one, AccountFacts(
            managers=len(managers.get(one.pk, ())), warn_below=warn_below, last_post=posts.get(one.pk),
            alive_since=timezone.localdate(one.official_since), quiet_before=by.floor, paused=one.pk in paused,
            reset_due=resets.get(one.pk), certification_due=certifications.get(one.pk),
            drift=tuple(drift.get(one.pk, ())),
            unread=sum(d.person_id not in read for d in managers.get(one.pk, ())),
            generic_name=any(f.code in GENERIC for f in found), mailbox_code=mailbox.code if mailbox else "",
            notice_link=None if link is None else link == "yes",
            privacy_attested=None if visible is None else bool(visible),
        )  # fmt: skip


def live_accounts() -> Iterator[list[Account]]:
    """Every live account, in batches, with what the facts need."""
    found = Account.objects.filter(state__in=LIVE).select_related("unit", "registration__request__edition__procedure")
    rows = found.defer("registration__request__edition__source").order_by("pk").iterator(chunk_size=AT_ONCE)
    while batch := list(islice(rows, AT_ONCE)):
        yield batch

