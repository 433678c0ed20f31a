"""Every write on known accounts: bring in, find, say whose they are, place, open again, approve together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Person, Unit
from rostrum.people.queries import may
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import keeper
from rostrum.registry import actions
from rostrum.registry import known_notices as L
from rostrum.registry import notices as N
from rostrum.registry.checks import address_notes
from rostrum.registry.known_models import KnownAccount, NoOthers
from rostrum.registry.known_queries import Deciders, held, home_of, keepers, relations, search_text
from rostrum.registry.known_request import request_for
from rostrum.registry.known_states import CLAIM, CLOSED, DISOWN, REOPEN, UNREACHABLE, KnownState, Origin
from rostrum.registry.models import AccountRequest
from rostrum.registry.platforms import choices, key_of
from rostrum.registry.turns import Turns
from rostrum.workflow.moves import Move, advance

ANSWERS: dict[str, Move] = {"ours": CLAIM, "not_ours": DISOWN, "unreachable": UNREACHABLE}
NOTE_LIMIT = 2000


@dataclass(frozen=True)
class Entry:
    """What is known of an account when it is brought in: whose, where, and who is said to look after it."""

    platform: str
    handle: str
    handle_key: str
    address: str
    unit: Unit
    name: str = ""
    manager_text: str = ""
    manager: Person | None = None
    mailbox: str = ""
    note: str = ""
    seen_on: date | None = None
    screenshot: str = ""
    screenshot_type: str = ""


def entry_of(address: str, unit: Unit, **more: Any) -> Entry:
    """An entry from a pasted address. Raises Invalid (field `address`) when no account of a listed platform is read."""
    found, notes = address_notes(address, "", "address")
    stops = [note.message for note in notes if note.level == "problem"]
    platform = key_of(found.platform) if found.status != "reject" else ""
    if not stops and platform not in {key for key, _label in choices()}:
        stops = [_("This platform is not one that the division lists. Tell %(keeper)s.") % {"keeper": keeper()}]
    if stops:
        raise Invalid(stops[0], fields={"address": stops})
    return Entry(
        platform=platform, handle=found.handle or "", handle_key=found.canonical_id, address=found.canonical_url,
        unit=unit, **more,
    )  # fmt: skip


def _row(entry: Entry, origin: str, source: str, by: Person | None) -> KnownAccount:
    now = clock.now()
    known = KnownAccount(
        platform=entry.platform, handle=entry.handle[:120], handle_key=entry.handle_key[:200],
        address=entry.address[:500], unit=entry.unit, name=entry.name[:120], manager_text=entry.manager_text[:200],
        manager=entry.manager, mailbox=entry.mailbox[:254], note=entry.note[:NOTE_LIMIT], seen_on=entry.seen_on,
        screenshot=entry.screenshot, screenshot_type=entry.screenshot_type, origin=origin, source=source[:200],
        found_by=by, found_at=now, moved_at=now,
    )  # fmt: skip
    known.search_text = search_text(known)
    return known


def _ask(units: Counter[int], by: Person | None) -> None:
    """One letter to whoever decides for each school, however many accounts came in for it."""
    if not units:
        return
    places = {u.pk: u for u in Unit.objects.all()}
    deciders = Deciders(places[pk] for pk in units)
    asked: dict[tuple[int, int], list[Any]] = {}
    for pk, count in units.items():
        home = home_of(places[pk], places)
        for person in deciders.of(places[pk]).people:
            asked.setdefault((person.pk, home.pk), [person, home, 0])[2] += count
    for person, home, count in asked.values():
        said = {"who": by.name if by else "Rostrum", "many": L.many(count), "clauses": cite(["1.2", "3.2"])}
        L.tell([person], L.ASKED, home, home.pk, said)


@transaction.atomic
def bring_in(entries: Sequence[Entry], *, by: Person | None, source: str) -> list[KnownAccount]:
    """Take a list of today's accounts in as known, not official; all of it or nothing (AP 193 1.2, 3.2).

    `by` is None on the command line. Each has its own entry in the log; each school's decider gets one letter.
    Raises NotAllowed, and Invalid when one of them is held already: the list was judged before, so someone was faster.
    """
    if by is not None and not may(by, "known:import", None):
        raise NotAllowed(_("Only %(keeper)s can bring a list of accounts in.") % {"keeper": keeper()})
    taken = held((e.platform, e.handle_key) for e in entries)
    if taken:
        raise Overtaken(_("Some of these came in from elsewhere a moment ago. Look at the list again."))
    rows = [_row(entry, Origin.IMPORT, source, by) for entry in entries]
    try:
        with transaction.atomic():
            made = KnownAccount.objects.bulk_create(rows, batch_size=500)
    except IntegrityError:
        raise Invalid(_("The same account stands twice in this list.")) from None
    citations = cite(["1.2", "3.2"])
    for known in made:
        record(
            by, "knownaccount:add", known, citations=citations, role="communications" if by else "clock",
            after={"address": known.address, "unit": known.unit_id, "source": source},
        )  # fmt: skip
    _ask(Counter(known.unit_id for known in made), by)
    return made


@transaction.atomic
def sight(entry: Entry, *, by: Person) -> KnownAccount:
    """Note an account that someone found and that speaks as if it were ours (AP 193 1.2, 1.3).

    Any employee or volunteer may. The unit's administrator or supervisor is asked whose it is. Raises Invalid when it
    is official, asked for or known already, and says where.
    """
    if not may(by, "known:sight"):
        raise NotAllowed(_("Only people who work or volunteer for the division can note an account."))
    try:
        note = clean(entry.note, multiline=True, max_length=NOTE_LIMIT)
    except UnsafeText:
        message = _("Write the note in plain text of at most %(limit)d characters.") % {"limit": NOTE_LIMIT}
        raise Invalid(message, fields={"note": [message]}) from None
    refuse_held(entry.platform, entry.handle_key)
    known = _row(entry, Origin.SIGHTING, "", by)
    known.note = note
    try:
        with transaction.atomic():
            known.save(force_insert=True)
    except IntegrityError:
        refuse_held(entry.platform, entry.handle_key)
        raise
    record(
        by, "knownaccount:sight", known, citations=cite(["1.2", "1.3"]), note=note,
        after={"address": known.address, "unit": known.unit_id, "screenshot": known.screenshot},
    )  # fmt: skip
    _ask(Counter([known.unit_id]), by)
    return known


def refuse_held(platform: str, handle_key: str, field: str = "address") -> None:
    """Raise Invalid, with where to look, when an address is official, asked for, or known already."""
    found = held([(platform, handle_key)]).get((platform, handle_key))
    if not found:
        return
    if found.account:
        message = _("This account is official already, for %(unit)s (%(id)s).") % {
            "unit": found.account.unit.name, "id": found.account.public_id,
        }  # fmt: skip
    elif found.request:
        message = _("%(who)s has already asked for this one, for %(unit)s.") % {
            "who": found.request.requester.name,
            "unit": found.request.unit.name if found.request.unit else "-",
        }
    else:
        known = found.known
        message = _("This one is known already, for %(unit)s: %(state)s.") % {
            "unit": known.unit.name if known else "", "state": known.get_state_display() if known else "",
        }  # fmt: skip
    raise Invalid(message, fields={field: [message]}, clause="1.2")


@dataclass(frozen=True)
class Decision:
    """One answer on a known account: ours (with who looks after it), not ours or out of reach (with why)."""

    known: KnownAccount
    answer: str
    manager: Person | None = None
    reason: str = ""
    seen: int | None = None


def _not_you(known: KnownAccount) -> str:
    turn = Deciders([known.unit]).of(known.unit)
    waiting = actions.names(turn.people) if turn.people else "-"
    return _("It is not for you to say whose this account is. It is waiting for %(names)s.") % {"names": waiting}


def _answer(decision: Decision, by: Person) -> AccountRequest | None:
    """Make one answer's move; for "ours" also the request, already endorsed where the decider is apart from it."""
    known, move = decision.known, ANSWERS[decision.answer]
    fields: dict[str, Any] = {
        "moved_at": clock.now(), "decided_by": by, "last_comment": decision.reason.strip()[:2000],
    }  # fmt: skip
    request = None
    mine = relations(by, known)
    if move is CLAIM and "endorser" in mine and known.state in move.sources:
        manager = decision.manager
        if manager is None or not manager.is_active:
            message = _("Name who looks after it: someone who works or volunteers here.")
            raise Invalid(message, fields={"manager": [message]}, clause="1.7")
        request = request_for(known, manager, by)
        fields |= {"request": request, "manager": manager}
    advance(
        known, move, by=by, relations=mine, seen=decision.seen, reason=decision.reason, not_you=_not_you(known),
        fields=fields, after={"manager": fields["manager"].name} if request else None,
    )  # fmt: skip
    if request is None:
        return None
    if request.requester_id != by.pk:
        with N.hushed(N.APPROVE_ASKED, N.ENDORSED):  # one letter says it for all of them
            actions.endorse(request, by=by, reason=decision.reason)
        request.refresh_from_db()
    else:  # nobody endorses their own: the next above does, as always
        turn = Turns([request]).endorsers(request)
        N.tell(turn.people, N.ENDORSE_ASKED, request, N.context(request, by, clauses=cite(["3.1"])))
    return request


@transaction.atomic
def decide(home: Unit, decisions: Sequence[Decision], *, by: Person, no_others: bool = False) -> list[AccountRequest]:
    """Say whose several known accounts of one school are, in one act of sending; all of it or nothing (AP 193 3.1).

    "Ours" makes a request in the name of who looks after the account, endorsed by this very act; Communications
    approves it next. Raises Invalid with the problems of every account (`fields` by its number), NotAllowed,
    WrongState and Overtaken as every move does.
    """
    if not decisions and not no_others:
        raise Invalid(_("Answer for at least one account, or say that there are no others."))
    problems: dict[str, list[str]] = {}
    made: list[AccountRequest] = []
    for one in decisions:
        if one.answer not in ANSWERS:
            raise Invalid(_("Choose an answer."), fields={f"answer-{one.known.pk}": [_("Choose an answer.")]})
        try:
            with transaction.atomic():
                request = _answer(one, by)
        except Invalid as refusal:
            for name, messages in (refusal.fields or {"answer": [refusal.message]}).items():
                kept = name if name in {"manager", "reason"} else "answer"
                problems.setdefault(f"{kept}-{one.known.pk}", []).extend(messages)
            continue
        if request is not None:
            made.append(request)
    if problems:
        raise Invalid(_("Some answers need a look. Nothing was sent yet."), fields=problems)
    if no_others:
        say_no_others(home, by=by, tell=False)
    L.name_managers(((r.requester, r, N.what(r)) for r in made), by)
    counts = Counter(one.answer for one in decisions)
    said = {
        "who": by.name, "many": L.many(len(decisions)), "clauses": cite(["1.2", "3.1"]),
        "summary": L.summary(counts["ours"], counts["not_ours"], counts["unreachable"], no_others),
    }  # fmt: skip
    L.tell(keepers(), L.DECIDED, home, home.pk, said, but=by)
    return made


@transaction.atomic
def say_no_others(home: Unit, *, by: Person, tell: bool = True) -> NoOthers:
    """A school's word that it has no accounts beside those known here, with its day (AP 193 3.2)."""
    turn = Deciders([home]).of(home)
    related = {"endorser"} if any(p.pk == by.pk for p in turn.people) else set()
    if not may(by, "known:claim", home, related):
        raise NotAllowed(_("Only whoever decides for %(unit)s can say this.") % {"unit": home.name})
    word = NoOthers.objects.create(unit=home, said_by=by, said_at=clock.now())
    record(by, "noothers:say", word, citations=cite(["3.2"]), label=home.name, role=turn.role)
    if tell:
        said = {"who": by.name, "many": L.many(0), "summary": L.summary(0, 0, 0, True), "clauses": cite(["3.2"])}
        L.tell(keepers(), L.DECIDED, home, home.pk, said, but=by)
    return word


@transaction.atomic
def reopen(known: KnownAccount, *, by: Person, reason: str, seen: int | None = None) -> KnownAccount:
    """Ask the school again, with a reason. Raises WrongState when the account is official by now."""
    found = held([(known.platform, known.handle_key)]).get((known.platform, known.handle_key))
    if found and (found.account or found.request):
        raise WrongState(_("The register holds this account, or a request for it. There is nothing to ask."))
    try:
        with transaction.atomic():
            note = advance(
                known, REOPEN, by=by, relations=relations(by, known), seen=seen, reason=reason,
                fields={"moved_at": clock.now(), "request": None, "account": None, "outcome": "",
                        "last_comment": reason.strip()[:2000]},
            )  # fmt: skip
    except IntegrityError:
        raise WrongState(_("The same account is known a second time and open there.")) from None
    places = {u.pk: u for u in Unit.objects.filter(pk__in=known.unit.ancestor_ids)}
    home = home_of(known.unit, places)
    said = {"who": by.name, "what": str(known), "comment": note, "facts": L.facts(known), "clauses": cite(REOPEN.cites)}
    L.tell(Deciders([known.unit]).of(known.unit).people, L.REOPENED, home, home.pk, said, but=by)
    return known


@transaction.atomic
def note_closed(known: KnownAccount, *, by: Person, reason: str, seen: int | None = None) -> KnownAccount:
    """Note that the platform has closed an account that nobody could reach (AP 193 1.5)."""
    fields = {"moved_at": clock.now(), "outcome": "closed", "last_comment": reason.strip()[:2000]}
    advance(known, CLOSED, by=by, relations=relations(by, known), seen=seen, reason=reason, fields=fields)
    return known


@transaction.atomic
def place(known: KnownAccount, unit: Unit, *, by: Person, seen: int | None = None) -> KnownAccount:
    """Say that a known account seems to speak for another unit; that unit's decider is asked instead."""
    if not may(by, "known:place", known.unit):
        raise NotAllowed(_("Only %(keeper)s can move it to another school.") % {"keeper": keeper()})
    before = known.unit
    changed = KnownAccount.objects.filter(
        pk=known.pk, state=KnownState.KNOWN, version=known.version if seen is None else seen
    ).update(unit=unit, version=known.version + 1, moved_at=clock.now())
    if not changed:
        raise Overtaken(_("While you were reading, someone else acted on this. Look at it again."))
    known.refresh_from_db()
    KnownAccount.objects.filter(pk=known.pk).update(search_text=search_text(known))
    record(
        by, "knownaccount:place", known, citations=cite(["1.2"]), role="communications",
        before={"unit": before.name}, after={"unit": unit.name},
    )  # fmt: skip
    if unit.pk != before.pk:
        _ask(Counter([unit.pk]), by)
    return known


@transaction.atomic
def approve_together(
    requests: Iterable[tuple[AccountRequest, int | None]], *, by: Person, reason: str = ""
) -> list[AccountRequest]:
    """Approve several requests for accounts that exist already, each under the rules of one (AP 193 3.1).

    All or nothing: one that cannot be approved (decided by someone else meanwhile, or by the same person before)
    refuses them all, with its name.
    """
    done = []
    for request, seen in requests:
        if not request.retroactive:
            raise WrongState(_("%(ref)s is not about an account that exists already.") % {"ref": request.ref})
        try:
            done.append(actions.approve(request, by=by, seen=seen, reason=reason))
        except (NotAllowed, WrongState, Overtaken) as refusal:
            refusal.message = f"{request.ref}, {request.name}: {refusal.message}"
            refusal.args = (refusal.message,)
            raise
    if not done:
        raise Invalid(_("Tick at least one account."))
    return done
