"""Every write on the Registration Form: fill in, send, accept or decline being named, return, confirm (AP 193 3.2)."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.guidance.queries import must_read
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite, content, form, setting
from rostrum.policies.rolewords import approver
from rostrum.registry import answers as reading
from rostrum.registry import lookalike
from rostrum.registry import notices as N
from rostrum.registry.actions import check_sent, names
from rostrum.registry.checks import Note, address_notes, closest, mailbox_notes, name_notes
from rostrum.registry.known_settling import settle_official
from rostrum.registry.models import (
    AccessHolder,
    Account,
    AccountKey,
    AccountStanding,
    Designation,
    DesignationKind,
    Registration,
)
from rostrum.registry.search import search_text
from rostrum.registry.states import CONFIRM, LIVE, REGISTER, SEND, SEND_BACK, RegistrationState, RequestState, Standing
from rostrum.registry.taking_up import settle_taken_up
from rostrum.registry.turns import Turns, relations
from rostrum.workflow.moves import advance, clean_reason

FORM = "registration"
# No vowels and no look-alikes: an id that can be read aloud, printed, and never spells a word.
ID_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
# States of the form in which a named manager may still answer.
ANSWERABLE = frozenset(
    {RegistrationState.SENT.value, RegistrationState.RETURNED.value, RegistrationState.CONFIRMED.value}
)


def managers_min() -> int:
    """How many managers must have accepted before an account is official (AP 193 3.4; at least one)."""
    found = setting("managers_min")
    return found if isinstance(found, int) and found > 0 else 1


def managers_warn_below() -> int:
    """Below how many managers the screens warn (1.7 speaks of "managers"); 0 when the division set none."""
    found = setting("managers_warn_below")
    return found if isinstance(found, int) else 0


def columns(registration: Registration, result: reading.Reading) -> dict[str, Any]:
    """What a Registration Form's answers mean, for its columns."""
    values = result.values
    out: dict[str, Any] = {
        "address": "",
        "handle": "",
        "canonical_id": "",
        "platform_id": values.get("platform_id", ""),
        "mailbox": values.get("mailbox", ""),
        "recovery": values.get("recovery", ""),
        "second_factor": values.get("second_factor") is True,
        "custody": values.get("custody", ""),
    }
    if values.get("address"):
        found, _notes = address_notes(values["address"], registration.request.platform, "address")
        if found.status != "reject" and not [n for n in _notes if n.level == "problem"]:
            out.update(
                address=found.canonical_url[:500],
                handle=(found.handle or found.canonical_id)[:120],
                canonical_id=found.canonical_id[:200],
            )
    return out


def notes_for(registration: Registration, result: reading.Reading) -> list[Note]:
    """Everything the Registration Form has to say, for whoever fills it in and for whoever confirms it."""
    values, request = result.values, registration.request
    notes: list[Note] = []
    if values.get("address"):
        found, said = address_notes(values["address"], request.platform, "address")
        notes += said
        if found.status != "reject":
            same = Account.objects.filter(platform=request.platform, canonical_id=found.canonical_id, state__in=LIVE)
            twin = same.exclude(registration=registration).select_related("unit").first()
            if twin:
                notes.append(
                    Note(
                        "address",
                        "problem",
                        _("This account is registered already, for %(unit)s (%(id)s).")
                        % {"unit": twin.unit.name, "id": twin.public_id},
                        "1.2",
                    )
                )
            elif found.handle and request.handle and found.handle.casefold() != request.handle.casefold():
                notes.append(
                    Note(
                        "address",
                        "flag",
                        _("The request was for %(asked)s; this address is %(found)s.")
                        % {"asked": request.handle, "found": found.handle},
                        "3.1",
                    )
                )
            if not twin and found.handle:
                close = closest(found.handle, request.platform)
                if close:
                    notes.append(
                        Note(
                            "address",
                            "flag",
                            _("Close to an official account, %(name)s: %(reason)s")
                            % {"name": close[0].name, "reason": close[1]},
                        )
                    )
    if values.get("name"):
        notes += name_notes(values["name"], request.unit, request.entity_kind)
        if values["name"].casefold() != request.name.casefold():
            notes.append(
                Note("name", "flag", _("The request was for the name “%(name)s”.") % {"name": request.name}, "1.3")
            )
    if values.get("mailbox"):
        notes += mailbox_notes(values["mailbox"])
    if values.get("second_factor") is False:
        notes.append(Note("second_factor", "flag", _("Without a second factor, one stolen password is enough."), "3.4"))
    managers = values.get("managers", [])
    least, most = managers_min(), setting("managers_max")
    if managers and len(managers) < least:
        few = ngettext("Name at least %(count)d content manager.", "Name at least %(count)d content managers.", least)
        notes.append(Note("managers", "problem", few % {"count": least}, "3.4"))
    elif managers and len(managers) < managers_warn_below():
        notes.append(
            Note("managers", "flag", _("Only one content manager is named. Clause 1.7 speaks of managers."), "1.7")
        )
    if isinstance(most, int) and len(managers) > most:
        notes.append(
            Note(
                "managers",
                "problem",
                ngettext(
                    "The division allows at most %(count)d content manager.",
                    "The division allows at most %(count)d content managers.",
                    most,
                )
                % {"count": most},
                "1.7",
            )
        )
    return notes


@transaction.atomic
def save(registration: Registration, raw: reading.Raw, *, by: Person, seen: int | None = None) -> Registration:
    """Keep the Registration Form as typed. Raises NotAllowed, WrongState, Overtaken, Invalid as `save_draft` does."""
    request = registration.request
    if by.pk != request.requester_id or not may(by, "registration:edit", request.unit, {"requester"}):
        raise NotAllowed(_("Only %(name)s can fill in this form.") % {"name": request.requester.name})
    if registration.state not in SEND.sources or request.state != RequestState.APPROVED:
        raise WrongState(_("This form was already sent. Here it is as it stands."))
    definition = form(request.edition, FORM)
    check_sent(definition, raw)
    kept = {**registration.answers, **reading.keep(definition, raw)}
    version = registration.version if seen is None else seen
    saved = Registration.objects.filter(pk=registration.pk, version=version, state=registration.state).update(
        answers=kept, saved_at=clock.now(), version=version + 1, **columns(registration, reading.read(definition, kept))
    )
    if not saved:
        raise Overtaken(
            _("This form was saved from another window or device in the meantime."),
            way_forward=_("What you typed is still below. Look at the other version, then save again."),
        )
    registration.refresh_from_db()
    return registration


@transaction.atomic
def send(registration: Registration, *, by: Person, seen: int | None = None) -> Registration:
    """Send the Registration Form: names the managers, who must each accept, and then asks Communications."""
    request = registration.request
    definition = form(request.edition, FORM)
    result = reading.read(definition, registration.answers)
    if registration.state in SEND.sources and by.pk == request.requester_id and by.is_active:
        problems = dict(result.problems)
        problems.update(
            {
                reading.key_for(definition, n.field): n.message
                for n in notes_for(registration, result)
                if n.level == "problem"
            }
        )
        if problems:
            raise Invalid(_("The form is not complete yet."), fields={k: [m] for k, m in problems.items()})
        if request.state != RequestState.APPROVED:
            raise WrongState(_("This request is no longer approved. Here it is as it stands."))
    now = clock.now()
    advance(
        registration,
        SEND,
        by=by,
        relations=relations(by, request),
        seen=seen,
        not_you=_("Only %(name)s can send this form.") % {"name": request.requester.name},
        fields={"sent_at": now, "last_comment": ""},
        after={"address": registration.address},
    )
    _name_people(registration, result, by)
    _ask_to_confirm(registration, by)
    return registration


def _name_people(registration: Registration, result: reading.Reading, by: Person) -> None:
    """Write down managers and holders of access; ask each newly named manager to accept.

    Whoever sends the form and names themself has accepted by sending it, unless the division asks them to read the
    procedure first: then they answer like everybody else.
    """
    now = clock.now()
    request = registration.request
    managers: list[tuple[Person, str]] = result.values["managers"]
    wanted = {person.pk for person, _role in managers}
    standing = {d.person_id: d for d in registration.designations.filter(released_at=None, declined_at=None)}
    for person_id, designation in standing.items():
        if person_id not in wanted:
            Designation.objects.filter(pk=designation.pk).update(released_at=now)
    for n, (person, _role) in enumerate(managers):
        if person.pk in standing:
            continue
        mine = person.pk == by.pk and not must_read(by)
        designation = Designation.objects.create(
            registration=registration,
            person=person,
            named_at=now,
            accepted_at=now if mine else None,
            kind=DesignationKind.PRIMARY if n == 0 else DesignationKind.SECOND,
        )
        record(
            by,
            "designation:name",
            designation,
            citations=cite(["1.7", "3.4"]),
            label=person.name,
            role="requester",
            after={"registration": registration.pk, "accepted": mine},
        )
        if not mine:
            N.tell([person], N.DESIGNATED, request, N.context(request, by, clauses=cite(["1.7", "3.4"])))
    registration.access_holders.filter(until=None).update(until=now)
    AccessHolder.objects.bulk_create(
        AccessHolder(registration=registration, person=person, name=person.name, platform_role=role, since=now)
        for person, role in result.values.get("access", [])
    )


def accepted(registration: Registration) -> int:
    """How many managers have accepted, still stand and still work here."""
    return registration.designations.filter(accepted_at__isnull=False, released_at=None, person__is_active=True).count()


def asked_managers(registration: Registration) -> list[Person]:
    """Named managers who still work here and have not answered yet."""
    open_now = registration.designations.filter(
        accepted_at=None, declined_at=None, released_at=None, person__is_active=True
    )
    return [d.person for d in open_now.select_related("person")]


def missing(registration: Registration) -> list[str]:
    """What still stands between a sent registration and its confirmation, in words."""
    have, need = accepted(registration), managers_min()
    if have >= need:
        return []
    asked = asked_managers(registration)
    if asked:
        return [_("Waiting for %(names)s to accept being content manager.") % {"names": names(asked)}]
    return [_("No content manager has accepted. The person who asked must name another one.")]


def _ask_to_confirm(registration: Registration, by: Person) -> None:
    """Ask those in turn to confirm, as soon as enough managers have accepted."""
    request = registration.request
    if registration.state == RegistrationState.SENT and not missing(registration):
        turn = Turns([request]).approvers(request)
        N.tell(turn.people, N.CONFIRM_ASKED, request, N.context(request, by, clauses=cite(CONFIRM.cites)))


@transaction.atomic
def answer_designation(designation: Designation, *, by: Person, accept: bool, reason: str = "") -> Designation:
    """A named manager accepts, or declines with a reason (AP 193 1.7, 3.4).

    When too few are left and nobody else has been asked, the form goes back to the person who asked at once, so that
    they can name another manager.
    """
    registration = designation.registration
    if by.pk != designation.person_id or not may(by, "designation:answer", registration.unit, {"named"}):
        raise NotAllowed(_("Only %(name)s can answer this.") % {"name": designation.person.name})
    note = clean_reason(reason, required=not accept)
    now = clock.now()
    if registration.state not in ANSWERABLE:
        raise WrongState(_("This registration is no longer open."))
    if accept and must_read(by):
        raise WrongState(_("Say first that you have read the procedure in force. The division asks it of every manager."))
    hold_the_pen()
    changed = Designation.objects.filter(
        pk=designation.pk, accepted_at=None, declined_at=None, released_at=None,
        registration__in=Registration.objects.filter(state__in=ANSWERABLE),
    ).update(**({"accepted_at": now} if accept else {"declined_at": now, "reason": note}))
    if not changed:
        raise WrongState(_("You have already answered this, or are no longer named."))
    designation.refresh_from_db()
    record(
        by,
        "designation:accept" if accept else "designation:decline",
        designation,
        citations=cite(["1.7", "3.4"]),
        label=by.name,
        note=note,
        role="named",
    )
    request = registration.request
    answer = N.ANSWERS["accept" if accept else "decline"]
    said = N.context(request, by, note, cite(["1.7", "3.4"]), answer=N.both(answer))
    short = not accept and accepted(registration) < managers_min() and not asked_managers(registration)
    if short and _back_for_another_manager(registration, by, note):
        return designation
    N.tell([p for p in [request.requester] if p.pk != by.pk], N.DESIGNATION_ANSWERED, request, said)
    if accept and accepted(registration) == managers_min():  # from here on nobody need be asked twice
        _ask_to_confirm(registration, by)
    return designation


def _back_for_another_manager(registration: Registration, by: Person, note: str) -> bool:
    """Return a form that nobody can complete any more, with the reason of whoever declined; whether it was open."""
    registration.refresh_from_db()
    if registration.state != RegistrationState.SENT:
        return False
    request = registration.request
    advance(registration, SEND_BACK, by=None, reason=note, fields={"last_comment": note})
    N.tell([request.requester], N.REGISTRATION_RETURNED, request, N.context(request, by, note, cite(["3.4"])))
    return True


@transaction.atomic
def send_back(registration: Registration, *, by: Person, reason: str, seen: int | None = None) -> Registration:
    """Communications returns the Registration Form for changes, with a reason."""
    request = registration.request
    note = advance(
        registration,
        SEND_BACK,
        by=by,
        relations=relations(by, request),
        seen=seen,
        reason=reason,
        not_you=_("Only %(keeper)s can return this form.") % {"keeper": approver(content(request.edition))},
        fields={"last_comment": reason.strip()[:2000]},
        role=Turns([request]).approvers(request).role,
    )
    said = N.context(request, by, note, cite(SEND_BACK.cites))
    told = N.tell([request.requester], N.REGISTRATION_RETURNED, request, said)
    N.tell(N.touched(request, but=by), N.REGISTRATION_RETURNED_TOLD, request, said, skip=told)
    return registration


def free_public_id() -> str:
    """A short id that no account has."""
    while True:
        candidate = "".join(secrets.choice(ID_LETTERS) for _n in range(6))
        if not Account.objects.filter(public_id=candidate).exists():
            return candidate


@transaction.atomic
def confirm(registration: Registration, *, by: Person, seen: int | None = None, reason: str = "") -> Account:
    """Communications confirms: the account becomes official and enters the directory (AP 193 1.2, 3.2)."""
    request = registration.request
    mine = relations(by, request)
    if registration.state == RegistrationState.SENT and "approver" in mine:
        gaps = missing(registration)
        if gaps:
            raise WrongState(_("This cannot be confirmed yet. %(gap)s") % {"gap": " ".join(gaps)})
    now = clock.now()
    turn = Turns([request]).approvers(request)
    not_you = _("Only %(keeper)s can confirm this. It is waiting for %(names)s.") % {
        "keeper": approver(content(request.edition)), "names": names(turn.people) or "-",
    }  # fmt: skip
    note = advance(
        registration,
        CONFIRM,
        by=by,
        relations=mine,
        seen=seen,
        reason=reason,
        not_you=not_you,
        fields={"confirmed_by": by, "confirmed_at": now},
        role=turn.role,
    )
    advance(
        request,
        REGISTER,
        by=by,
        relations=mine,
        not_you=not_you,
        role=turn.role,
        fields={"moved_at": now, "last_comment": note},
    )
    registration.request = request  # the one that has just moved, not the copy read before it
    account = _open_account(registration, by, note, turn.role)
    settle_official(account)
    settle_taken_up(account)
    said = {**N.context(request, by, note, cite(CONFIRM.cites)), "public_id": account.public_id}
    people = [
        d.person for d in registration.designations.filter(released_at=None, declined_at=None).select_related("person")
    ]
    N.tell_of_account([*N.touched(request, but=by), *people], N.OFFICIAL, account, said)
    return account


def _open_account(registration: Registration, by: Person, note: str, role: str) -> Account:
    """The account's row, its first standing and its look-alike keys."""
    request, now = registration.request, clock.now()
    name = (registration.answers.get(reading.key_for(form(request.edition, FORM), "name")) or [request.name])[
        0
    ].strip()[:120] or request.name
    account = Account(
        public_id=free_public_id(),
        registration=registration,
        unit=registration.unit,
        entity_kind=request.entity_kind,
        platform=request.platform,
        name=name,
        handle=registration.handle,
        canonical_id=registration.canonical_id,
        platform_id=registration.platform_id,
        address=registration.address,
        mailbox=registration.mailbox,
        purpose=request.purpose,
        official_since=now,
        standing_since=now,
        state=Standing.RECOGNISED,
    )
    account.search_text = search_text(account)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise Invalid(_("This account was registered a moment ago from another request.")) from None
    AccountStanding.objects.create(
        account=account, state=Standing.RECOGNISED, since=now, by=by, reason=note, citations=cite(CONFIRM.cites)
    )
    AccountKey.objects.bulk_create(
        AccountKey(account=account, key=key[:130]) for key in sorted(lookalike.search_keys(account.handle))
    )
    record(
        by,
        "account:open",
        account,
        citations=cite(CONFIRM.cites),
        label=account.name,
        role=role,
        after={"public_id": account.public_id, "address": account.address, "state": account.state},
    )
    return account
