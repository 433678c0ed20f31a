"""The demonstration's rules: an empty database only, once, by actions alone, and nobody is named who must not be."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client

import rostrum.demo
from rostrum.audit.queries import head
from rostrum.core.errors import Refusal, WrongState
from rostrum.demo import build, people_who_can_sign_in
from rostrum.demo.build import seed
from rostrum.demo.people import PEOPLE, roles
from rostrum.demo.places import PLACES, ROOT
from rostrum.demo.story import PURPOSES, stories
from rostrum.people.actions import add_person
from rostrum.people.models import Person, Unit
from tests.cast import Cast

FOLDER = Path(rostrum.demo.__file__).parent
# Layers that the demonstration may call, and what of each: never a table's own methods.
CALLED = re.compile(
    r"rostrum\.(core(\.\w+)?|demo(\.\w+)?|\w+\.(actions|queries|states|models)|registry\.(registering|standing|changing|merging|splitting|verifying|closing(_queries)?|known\w*)|intake\.(accounts(_reading)?|posts)|guidance\.actions|(custody|schoolyear|orders|closing|cases|keys|upkeep|reviews|monitoring|archive)\.\w+)\b"
)
TABLE_WORK = {"objects", "_default_manager", "save", "create", "bulk_create", "delete", "get_or_create"}
# Pairs of capitals that are no person: places, schools, programs, companies.
NOT_PEOPLE = re.compile("Registration Form|Privacy Minute")


def texts() -> list[str]:
    """Every sentence that somebody writes in the demonstration."""
    out = [*PURPOSES.values()]
    for story in stories():
        out += [story.purpose, *story.said.values(), *story.typed.values(), *(why for *_rest, why in story.then)]
    return [text for text in out if text]


@pytest.mark.django_db
def test_a_database_with_real_data_is_refused_and_left_alone(cast: Cast) -> None:
    before = head()
    with pytest.raises(WrongState) as refusal:
        seed()
    assert "already holds a division" in refusal.value.message
    assert refusal.value.way_forward
    assert head() == before
    assert Person.objects.filter(email="k.moyah@lpsd.ca").count() == 0


@pytest.mark.django_db
def test_a_database_with_one_real_person_is_refused() -> None:
    add_person(email="s.nguyen@lpsd.ca", name="A real person", by=None)
    with pytest.raises(Refusal):
        seed()
    assert Unit.objects.count() == 0


@pytest.mark.django_db
def test_a_real_division_offers_nobody_to_sign_in_as(cast: Cast) -> None:
    assert cast.teacher.email == "s.nguyen@lpsd.ca"  # the same address as one of the demonstration's people
    assert roles() == []
    assert people_who_can_sign_in() == []


@pytest.mark.django_db
def test_production_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "settings", SimpleNamespace(PRODUCTION=True, DEMO_PROCEDURE=settings.DEMO_PROCEDURE))
    with pytest.raises(WrongState):
        seed()
    assert Unit.objects.count() == 0


@pytest.mark.django_db
def test_a_seeding_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(build._Past, "_run", broken)
    with pytest.raises(RuntimeError):
        seed()
    assert Unit.objects.count() == 0
    assert head().size == 0


def test_only_actions_are_called() -> None:
    for path in sorted(FOLDER.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                # `registering.save` keeps a form; mail.py speaks of letters, not of tables.
                action = isinstance(node.value, ast.Name) and node.value.id == "registering"
                fine = action or path.name == "mail.py" or node.attr not in TABLE_WORK
                assert fine, f"{path.name}:{node.lineno} {node.attr}"
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rostrum."):
                for name in node.names:
                    full = f"{node.module}.{name.name}"
                    assert CALLED.match(full), f"{path.name}:{node.lineno} {full}"
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.db"):
                assert {name.name for name in node.names} <= {"transaction"}, f"{path.name}:{node.lineno}"


def test_nobody_is_named_but_the_invented_people() -> None:
    known = {part for who in PEOPLE for part in re.split(r"[ -]", who.name)}
    for place in (ROOT, *PLACES):
        known |= set(re.split(r"[ .]", place.name))
    for text in texts():
        for first, second in re.findall(r"\b([A-ZÉ][a-zé’]+) ([A-ZÉ][a-zé’]+)\b", NOT_PEOPLE.sub("", text)):
            assert {first, second} & known, f"Who is {first} {second}? {text}"


def test_the_people_are_at_work_and_nobody_can_be_rung() -> None:
    assert len(PEOPLE) >= 45
    assert len({who.email for who in PEOPLE}) == len(PEOPLE)
    assert all(who.email.endswith("@lpsd.ca") for who in PEOPLE)
    numbers = [place.phone for place in (ROOT, *PLACES) if place.phone]
    assert numbers
    assert all(re.fullmatch(r"780-555-01\d\d", number) for number in numbers)
    assert sum(place.kind == "school" for place in PLACES) == 9


@pytest.mark.django_db
def test_one_click_sign_in_is_for_demonstrations_only(client: Client) -> None:
    assert settings.DEMO is False
    response = client.post("/demo/sign-in", {"email": "s.nguyen@lpsd.ca"})
    assert response.status_code == 404
