"""The fixed cast of the tests and builders that reach every state by calling the actions that people use."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from django.conf import settings

from rostrum.people.actions import add_person, add_unit, appoint
from rostrum.people.models import Person, Unit
from rostrum.policies.actions import load_edition
from rostrum.registry import actions, registering
from rostrum.registry.models import Account, AccountRequest, Registration

PASSWORD = "a long sentence for tests only"
_numbers = count(1)


@dataclass
class Cast:
    """A small division and the people in it. Charlie works elsewhere and must see nothing of Rendell Park."""

    division: Unit
    school: Unit
    classroom: Unit
    other_school: Unit
    teacher: Person
    colleague: Person
    principal: Person
    superintendent: Person
    communications: Person
    communications2: Person
    privacy: Person
    director: Person
    auditor: Person
    sysadmin: Person
    charlie: Person


def build_cast() -> Cast:
    """Publish AP 193 and build the cast."""
    load_edition(settings.DEMO_PROCEDURE)
    division = add_unit(kind="division", name="Lloydminster Public School Division", code="lpsd", parent=None, by=None)
    school = add_unit(
        kind="school",
        name="Rendell Park School",
        code="rendell",
        parent=division,
        by=None,
        email="office.rendell@lpsd.ca",
        phone="780-555-0110",
    )
    classroom = add_unit(kind="classroom", name="Grade 4", code="rendell-gr4", parent=school, by=None)
    other = add_unit(kind="school", name="Winston Churchill School", code="winston", parent=division, by=None)

    def person(key: str, name: str, unit: Unit, role: str = "", at: Unit | None = None) -> Person:
        made = add_person(email=f"{key}@lpsd.ca", name=name, home_unit=unit, by=None, password=PASSWORD)
        if role:
            appoint(made, role=role, unit=at or unit, by=None)
        return made

    return Cast(
        division=division,
        school=school,
        classroom=classroom,
        other_school=other,
        teacher=person("s.nguyen", "Sofia Nguyen", school),
        colleague=person("o.clarke", "Owen Clarke", school),
        principal=person("a.petrova", "Ana Petrova", school, "administrator"),
        superintendent=person("r.okafor", "Ruth Okafor", division, "supervisor"),
        communications=person("m.laurent", "Marc Laurent", division, "communications"),
        communications2=person("j.gagnon", "Julie Gagnon", division, "communications"),
        privacy=person("p.nair", "Priya Nair", division, "privacy"),
        director=person("d.whitford", "Dana Whitford", division, "director"),
        auditor=person("h.singh", "Harpreet Singh", division, "auditor"),
        sysadmin=person("t.boyko", "Taras Boyko", division, "sysadmin"),
        charlie=person("c.dubois", "Charlie Dubois", other, "administrator"),
    )


def typed_request(cast: Cast, **changes: object) -> dict[str, list[str]]:
    """What a teacher types into Form 193-1 for a classroom blog; every call has its own handle and name."""
    n = next(_numbers)
    typed: dict[str, list[str]] = {
        "unit": [cast.classroom.code],
        "entity_kind": ["classroom"],
        "existing": ["new"],
        "purpose": ["Families see what the class is learning."],
        "audience": ["families"],
        "ages": ["under_13"],
        "platform": ["blog"],
        "page_kind": ["blog"],
        "name": [f"Rendell Park School Grade 4 Room {n}"],
        "handle": [f"https://rendellpark-room-{_word(n)}.wordpress.com"],
        "mailbox": ["grade4.rendellpark@lpsd.ca"],
        "primary_manager": [cast.teacher.email],
        "second_manager": [cast.colleague.email],
        "update_plan": ["weekly"],
        "parents_told": ["yes"],
        "permission_promise": ["yes"],
        "terms_read": ["yes"],
        "rules_accepted": ["yes"],
    }
    for key, value in changes.items():
        typed[key] = [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]
    return typed


def _word(n: int) -> str:
    """A word for a number, far from every other number's word, so that no two test handles look alike."""
    letters = "bdfgkmpstvz"
    word = ""
    while n:
        n, rest = divmod(n, len(letters))
        word += letters[rest] + "aeiou"[rest % 5] + letters[(rest * 7 + 3) % len(letters)]
    return word


def typed_registration(registration: Registration, cast: Cast, **changes: object) -> dict[str, list[str]]:
    """What a teacher types into the Registration Form of an approved blog."""
    handle = (registration.request.answers.get("handle") or [""])[0]
    typed: dict[str, list[str]] = {
        "address": [handle],
        "name": [registration.request.name],
        "visibility": ["public"],
        "comment_mode": ["moderated"],
        "logo_permission": ["none"],
        "mailbox": ["grade4.rendellpark@lpsd.ca"],
        "recovery": ["shared_mailbox"],
        "second_factor": ["yes"],
        "custody": ["Office vault, entry 14"],
        "managers": [cast.teacher.email, cast.colleague.email],
        "access": [cast.teacher.email, cast.colleague.email],
        "access__role": ["owner", "editor"],
        "directory_link": ["no"],
        "no_personal_address": ["yes"],
        "correct": ["yes"],
    }
    for key, value in changes.items():
        typed[key] = [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]
    return typed


def drafted(cast: Cast, requester: Person | None = None, **changes: object) -> AccountRequest:
    """A complete draft."""
    return actions.draft(requester or cast.teacher, typed_request(cast, **changes))


def submitted(cast: Cast, requester: Person | None = None, **changes: object) -> AccountRequest:
    """A request waiting for the principal."""
    request = drafted(cast, requester, **changes)
    return actions.submit(request, by=request.requester)


def endorsed(cast: Cast, **changes: object) -> AccountRequest:
    """A request waiting for Communications."""
    return actions.endorse(submitted(cast, **changes), by=cast.principal, reason="Name matches the class.")


def approved(cast: Cast, **changes: object) -> AccountRequest:
    """A request whose account may be made and registered."""
    return actions.approve(endorsed(cast, **changes), by=cast.communications, reason="Good plan.")


def sent_registration(cast: Cast, **changes: object) -> Registration:
    """A Registration Form waiting for the second manager and for Communications."""
    request = approved(cast, **changes)
    registration = Registration.objects.get(request=request)
    registering.save(registration, typed_registration(registration, cast), by=request.requester)
    return registering.send(registration, by=request.requester)


def official(cast: Cast, **changes: object) -> Account:
    """An official account."""
    registration = sent_registration(cast, **changes)
    for designation in registration.designations.filter(accepted_at=None):
        registering.answer_designation(designation, by=designation.person, accept=True)
    return registering.confirm(registration, by=cast.communications)
