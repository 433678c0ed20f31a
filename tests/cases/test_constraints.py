"""What the database itself refuses about cases, whoever writes: forged rows that no act of ours could make."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from rostrum.cases.appeal_models import Appeal, AppealFile
from rostrum.cases.deciding import save_draft
from rostrum.cases.decision_models import Decision, Strike
from rostrum.cases.models import Case, CaseEvidence, DecisionDraft, TalkNote
from rostrum.core import clock
from tests.cast import Cast

from .reach import APPEALS, CASES, appealed, decided, opened

pytestmark = pytest.mark.django_db


def _copy(thing: models.Model, **changes: Any) -> None:
    thing.pk = None
    thing._state.adding = True
    for name, value in changes.items():
        setattr(thing, name, value)
    thing.save(force_insert=True)


def _change(thing: models.Model, **changes: Any) -> None:
    type(thing)._default_manager.filter(pk=thing.pk).update(**changes)


def _evidence(cast: Cast) -> CaseEvidence:
    return CaseEvidence.objects.filter(case=opened(cast)).latest("pk")


def _talk(cast: Cast) -> TalkNote:
    case = CASES["closed"](cast)
    return TalkNote.objects.create(
        case=case, held_on=clock.today(), held_by=cast.communications, held_with=cast.teacher, words="x",
        noted_at=clock.now(),
    )  # fmt: skip


def _file(cast: Cast) -> AppealFile:
    return AppealFile.objects.create(appeal=appealed(cast), file_hash="a" * 64, file_type="png", added_at=clock.now())


def _twice_elsewhere(cast: Cast) -> None:
    row = _evidence(cast)
    _change(row, kind="finding", ref="7")
    _copy(row, kind="finding", ref="7")


def _strike(cast: Cast) -> Strike:
    return Strike.objects.get(decision=decided(cast, "warning"))


FORGERIES: dict[str, Callable[[Cast], None]] = {
    "one_open_case_per_account": lambda c: _copy(opened(c), ref="C1"),
    "a_closed_case_says_how_it_ended": lambda c: _change(CASES["closed"](c), ending=""),
    "whoever_looks_says_since_when": lambda c: _change(opened(c), looking_by=c.teacher),
    "the_same_thing_is_evidence_once": _twice_elsewhere,
    "evidence_says_what_it_shows": lambda c: _change(_evidence(c), words=""),
    "a_file_of_evidence_has_hash_and_type": lambda c: _change(_evidence(c), file_hash="a" * 64),
    "a_talk_takes_two": lambda c: _change(_talk(c), held_with=c.communications),
    "one_draft_of_a_person_per_case": lambda c: _copy(save_draft(opened(c), {}, by=c.communications)),
    "one_decision_stands_per_case": lambda c: _copy(decided(c), ref="D1"),
    "a_decision_cites_a_clause": lambda c: _change(decided(c), clause_count=0),
    "a_decision_rests_on_evidence": lambda c: _change(decided(c), evidence_count=0),
    "a_decision_says_the_facts": lambda c: _change(decided(c), facts=""),
    "suspended_or_closed_not_both": lambda c: _change(decided(c, "suspend"), closes=True),
    "only_a_suspension_has_an_end": lambda c: _change(decided(c), suspended_until=clock.today()),
    "what_is_done_says_by_whom": lambda c: _change(decided(c), done_at=clock.now()),
    "a_strike_ends_after_it_begins": lambda c: _change(_strike(c), until=clock.today() - timedelta(days=9)),
    "a_wiped_strike_says_by_whom": lambda c: _change(_strike(c), wiped_at=clock.now()),
    "a_decided_appeal_says_who_and_why": lambda c: _change(appealed(c), state="upheld"),
    "an_appeal_is_decided_by_somebody_else": lambda c: _change(APPEALS["upheld"](c), decided_by=c.communications),
    "a_varied_decision_has_its_successor": lambda c: _change(APPEALS["varied"](c), outcome=None),
    "an_appeal_has_reasons": lambda c: _change(appealed(c), reasons=""),
    "a_named_decider_says_by_whom": lambda c: _change(appealed(c), named=c.superintendent),
    "the_same_attachment_once": lambda c: _copy(_file(c)),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_the_database_refuses(name: str, cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        FORGERIES[name](cast)


def test_every_constraint_of_cases_has_its_forgery() -> None:
    declared = {
        constraint.name
        for model in apps.get_app_config("rostrum").get_models()
        for constraint in model._meta.constraints
        if model.__module__.startswith("rostrum.cases.")
    }
    assert declared == set(FORGERIES)


def test_one_appeal_per_decision_one_successor_one_strike(cast: Cast) -> None:
    it = appealed(cast)
    decision = Decision.objects.get(pk=it.decision_id)
    _copy(Decision.objects.get(pk=decision.pk), ref="D8", state="overturned", former=decision)
    for forged in (
        lambda: _copy(Appeal.objects.get(pk=it.pk)),
        lambda: _copy(Strike.objects.get(decision=decision)),
        lambda: _copy(Decision.objects.get(pk=decision.pk), ref="D9", state="overturned", former=decision),
        lambda: _copy(Case.objects.get(pk=decision.case_id)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            forged()
    assert DecisionDraft.objects.count() == 0
