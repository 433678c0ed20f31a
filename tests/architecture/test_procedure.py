"""The code and the procedure say the same: what a move cites exists, and what the procedure requires is carried."""

from __future__ import annotations

import re

from django.conf import settings

from rostrum.policies.check import read
from rostrum.policies.schema import Document
from rostrum.registry.answers import fields_of
from rostrum.registry.models import AccountRequest, Registration
from tests.architecture.test_code import all_tables
from tests.architecture.test_walls import FILES

MOVES = tuple(move for moves in all_tables().values() for move in moves)


def document() -> Document:
    """AP 193 as shipped."""
    found, problems = read(settings.DEMO_PROCEDURE.read_text(encoding="utf-8"))
    assert problems == []
    assert found is not None
    return found


def numbers() -> set[str]:
    return {clause.number for clause in document().clauses}


def test_every_move_cites_clauses_that_the_edition_has() -> None:
    for move in MOVES:
        assert move.cites, move.name
        assert set(move.cites) <= numbers(), move.name


def test_every_clause_that_code_names_exists() -> None:
    named: set[str] = set()
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        for listed in re.findall(r"cite\(\[([^\]]*)\]\)", text):
            named |= set(re.findall(r"\"(\d\.\d+)\"", listed))
    assert named
    assert named <= numbers()


def test_every_requirement_is_carried_by_a_move_or_a_field_or_says_that_it_is_not() -> None:
    shipped = document()
    carried = {number for move in MOVES for number in move.cites}
    asked = {field.clause for form in shipped.forms for field in fields_of(form) if field.clause}
    for clause in shipped.clauses:
        if clause.kind not in {"requirement", "prohibition", "authority"}:
            continue
        assert clause.carried_by, clause.number
        if clause.carried == "yes":
            by_check = {"1.3", "1.4"}  # the name check, and the classroom as a kind of unit under its school
            assert clause.number in carried | asked | by_check, clause.number


def test_guidance_is_carried_by_no_move() -> None:
    """Section 2 is guidance: nothing of Rostrum concerns a personal account."""
    guidance = {clause.number for clause in document().clauses if clause.kind == "guidance"}
    assert {number for number in guidance if number.startswith("2.")} == {f"2.{n}" for n in range(1, 11)}
    assert not {number for move in MOVES for number in move.cites} & guidance


def test_every_setting_that_code_reads_is_in_the_edition() -> None:
    keys = {one.key for one in document().settings}
    source = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
    read_by_code = set(re.findall(r"\bsetting\(\"([a-z_.]+)\"\)", source)) | set(
        re.findall(r"due_on\([^,]+, \"([a-z_.]+)\"", source)
    )
    assert read_by_code
    assert read_by_code <= keys


def test_every_number_is_set_by_nobody_unless_the_procedure_or_a_reading_says_so() -> None:
    """A default of ours is never shown as the procedure's."""
    for one in document().settings:
        assert (one.value is None) == (one.source is None), one.key
        if one.value is not None:
            assert one.key in {
                "managers_min",
                "managers_warn_below",
                "directory_managers",
                "second_factor",
                "shared_mailbox",
            }, one.key


def test_the_columns_that_forms_fill_exist() -> None:
    forms = {form.use: form for form in document().forms}
    for use, model in (("request", AccountRequest), ("registration", Registration)):
        columns = {field.name for field in model._meta.get_fields()}
        bound = {field.binds for field in fields_of(forms[use]) if field.binds}
        needed = {
            "request": {"unit", "entity_kind", "platform", "name", "handle", "mailbox", "purpose"},
            "registration": {"address", "platform_id", "mailbox", "recovery", "second_factor", "custody"},
        }[use]
        assert needed <= bound & columns | {"address"}
        assert not bound & {"state", "version", "ref", "requester", "endorsed_by", "approved_by", "confirmed_by"}


def test_the_steps_of_approval_are_two_and_by_different_roles() -> None:
    steps = document().approval.steps
    assert len(steps) == 2
    first, last = steps[0], steps[-1]
    assert last.role == "communications"
    assert set(first.role_by_kind.values()) | {first.role_outside_school} <= {"administrator", "supervisor", None, ""}
