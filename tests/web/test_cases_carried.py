"""Findings carried over into a case, the closing checklist on the pages of a decision, and what cannot be done any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rostrum.cases.models import Case
from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.registry import closing
from rostrum.registry.closing_queries import open_closing
from rostrum.registry.standing import change_standing
from tests.cases.reach import appealed, decided, opened, setting
from tests.cast import Cast
from tests.monitoring import reached
from tests.reviews import made

pytestmark = pytest.mark.django_db


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("kind", ["reviewfinding", "finding"])
def test_one_button_carries_a_finding_over_into_a_case(cast: Cast, kind: str) -> None:
    if kind == "finding":
        it: Any = reached.confirmed(cast)
        page = reverse("web:finding", args=[it.pk])
    else:
        it = made.found(cast)
        page = reverse("web:review_finding", args=[it.ref])
    comm = as_(cast.communications)
    new = reverse("web:case_new", args=[it.account.public_id]) + f"?evidence={kind}:{it.pk}"
    assert new in text(comm.get(page))
    assert new not in text(as_(cast.teacher).get(page)), "whoever looks after the account opens no case on it"
    shown = text(comm.get(new))
    assert "It rests on something that is noted in Rostrum already" in shown
    assert "306-967" not in shown
    comm.post(new, {"reason": "Once more.", "words": "Seen twice.", "_key": "a"})
    case = Case.objects.get()
    assert list(case.evidence.values_list("kind", "ref", "words")) == [(kind, str(it.pk), "Seen twice.")]
    assert reverse("web:case", args=[case.pk]) in text(comm.get(page))
    there = text(comm.get(reverse("web:case", args=[case.pk])))
    assert f'href="{page}"' in there
    assert "306-967" not in there


def test_while_a_case_is_open_the_button_adds_to_it(cast: Cast) -> None:
    it = reached.confirmed(cast)
    case = opened(cast, it.account)
    comm, page = as_(cast.communications), reverse("web:finding", args=[it.pk])
    more = reverse("web:case_evidence", args=[case.pk]) + f"?evidence=finding:{it.pk}"
    assert more in text(comm.get(page))
    new = reverse("web:case_new", args=[it.account.public_id])
    assert comm.get(f"{new}?evidence=finding:{it.pk}")["Location"] == more.replace(":", "%3A")
    comm.post(more, {"words": "Again.", "_key": "b"})
    assert case.evidence.filter(kind="finding", ref=str(it.pk)).count() == 1


def test_a_finding_that_nobody_confirmed_offers_no_case(cast: Cast) -> None:
    it = reached.opened(cast)
    assert "/case/" not in text(as_(cast.communications).get(reverse("web:finding", args=[it.pk])))


def test_1_5_a_decision_to_close_owes_the_checklist_and_both_pages_say_so(cast: Cast) -> None:
    decision = decided(cast, "close")
    owed = open_closing(decision.account)
    assert owed is not None
    assert owed.state == "owed"
    assert "Its closing checklist is to be completed" in str(decision.letter["en"])
    comm, manager = as_(cast.communications), as_(cast.teacher)
    case_page, page = reverse("web:case", args=[decision.case_id]), reverse("web:decision", args=[decision.pk])
    for shown in (text(comm.get(case_page)), text(comm.get(page)), text(manager.get(page))):
        assert "The closing checklist is owed: 0 of 5 answered." in shown
        assert reverse("web:closing", args=[owed.pk]) in shown
    for item, said in (("told", "told"), ("archive", "taken"), ("keys", "recovered"), ("handle", "free"), ("notice", "none")):
        choices = closing.ANSWERS[item]
        closing.answer(
            owed, item, by=cast.communications, answer=said if said in choices else next(iter(choices)),
            detail="Noted.", day=clock.today() + timedelta(days=30),
        )  # fmt: skip
    closing.finish(owed, by=cast.communications)
    assert "The closing checklist is complete." in text(comm.get(case_page))


def test_the_checklist_is_named_no_longer_when_the_closing_fell_on_appeal(cast: Cast) -> None:
    appeal = appealed(cast, "close")
    boss = as_(cast.director)
    boss.post(
        reverse("web:appeal_move", args=[appeal.pk, "overturn"]),
        {"reason": "It was wrong.", "seen": str(appeal.version), "_key": "a"},
    )
    assert open_closing(appeal.decision.account) is None
    assert "closing checklist is" not in text(boss.get(reverse("web:case", args=[appeal.decision.case_id]))).lower()


def test_a_decision_on_an_account_already_closed_says_so_before_anything_is_typed(cast: Cast) -> None:
    it = decided(cast)
    change_standing(it.account, "close", by=cast.communications, reason="It is over.")
    answer = as_(cast.communications).get(reverse("web:case_decide", args=[it.case_id]))
    assert answer.status_code == 409
    assert "This account is closed already. There is nothing left to decide about it." in text(answer)


def test_an_appeal_after_its_day_says_the_day_and_what_is_left(cast: Cast) -> None:
    setting("appeal_days", 5)
    it = decided(cast)
    assert it.appeal_until is not None
    page = reverse("web:appeal_new", args=[it.pk])
    with clock.standing_at(clock.now() + timedelta(days=30)):
        teacher = as_(cast.teacher)
        answer = teacher.get(page)
        assert answer.status_code == 409
        said = text(answer)
        assert "It is too late: the last day to appeal this decision was" in said
        assert "Whoever decided can still replace the decision: write to them." in said
        shown = text(teacher.get(reverse("web:decision", args=[it.pk])))
        assert "This day has passed." in shown
        assert page not in shown


def test_a_reviewer_cannot_review_their_own_account_and_reads_why(cast: Cast) -> None:
    review = made.started(cast, reviewer=cast.communications)
    made.manages(cast, review.account, cast.communications)
    answer = as_(cast.communications).get(reverse("web:review_check", args=[review.ref]))
    assert answer.status_code == 403
    said = text(answer)
    assert "Marc Laurent looks after this account or was named to." in said
    assert "I should not do this one" in said
