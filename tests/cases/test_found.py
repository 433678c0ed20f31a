"""Findings as evidence (AP 193 1.5, 1.10): only what a person stands behind, of this account, and no words of a post."""

from __future__ import annotations

import pytest

from rostrum.cases import sources
from rostrum.cases.models import CaseEvidence
from rostrum.cases.opening import Evidence, add_evidence, open_case
from rostrum.cases.parties import acted
from rostrum.core.errors import Invalid
from rostrum.reviews import settling
from tests.cases.reach import NOTE, appealed, decided, opened
from tests.cast import Cast, official
from tests.monitoring import reached
from tests.registry.seeing import nothing_changes
from tests.reviews import made

pytestmark = pytest.mark.django_db


def test_what_a_review_found_is_evidence_in_its_reviewers_words(cast: Cast) -> None:
    it = made.found(cast)
    there = sources.find(cast.communications, "reviewfinding", str(it.pk))
    assert there == sources.Found(it.account, it.found, "web:review_finding", it.ref)
    case = open_case(
        it.account, by=cast.communications, reason="It was never put right.",
        evidence=[Evidence(it.found, "reviewfinding", str(it.pk))],
    )  # fmt: skip
    assert list(case.evidence.values_list("kind", "ref")) == [("reviewfinding", str(it.pk))]


def test_what_a_rule_found_is_evidence_without_the_words_of_the_post(cast: Cast) -> None:
    it = reached.confirmed(cast)
    there = sources.find(cast.communications, "finding", str(it.pk))
    assert there is not None
    assert there.account == it.account
    for word in ("Kim", "306-967", "Coach"):
        assert word not in there.words
    case = open_case(
        it.account, by=cast.principal, reason="Once more.", evidence=[Evidence(there.words, "finding", str(it.pk))]
    )
    assert case.evidence.get().kind == "finding"


@pytest.mark.parametrize("state", ["open", "dismissed", "escalated"])
def test_what_nobody_confirmed_is_no_evidence(cast: Cast, state: str) -> None:
    it = reached.REACHED[state](cast)
    case = opened(cast, it.account)
    assert sources.find(cast.communications, "finding", str(it.pk)) is None
    with nothing_changes(), pytest.raises(Invalid, match="no such finding"):
        add_evidence(case, by=cast.communications, evidence=Evidence("It.", "finding", str(it.pk)))


@pytest.mark.parametrize("state", ["taken_back", "same"])
def test_what_was_taken_back_or_stands_elsewhere_is_no_evidence(cast: Cast, state: str) -> None:
    it = made.FINDINGS[state](cast)
    assert sources.find(cast.communications, "reviewfinding", str(it.pk)) is None


def test_a_finding_of_another_account_is_refused(cast: Cast) -> None:
    it, case = made.found(cast), opened(cast, official(cast))
    assert case.account != it.account
    with nothing_changes(), pytest.raises(Invalid, match="no such finding"):
        add_evidence(case, by=cast.communications, evidence=Evidence("It.", "reviewfinding", str(it.pk)))


def test_whoever_cannot_read_a_finding_cannot_name_it(cast: Cast) -> None:
    it = reached.confirmed(cast)
    for who in (cast.charlie, cast.sysadmin):
        assert sources.find(who, "finding", str(it.pk)) is None


def test_whoever_found_it_has_acted_and_decides_no_appeal(cast: Cast) -> None:
    """The reviewer whose finding a decision rests on had a part before (domain: decided by somebody else)."""
    it = made.found(cast, reviewer=cast.director)
    case = open_case(
        it.account, by=cast.communications, reason="It was never put right.",
        evidence=[Evidence(it.found, "reviewfinding", str(it.pk))],
    )  # fmt: skip
    appeal = appealed(cast, decision=decided(cast, "warning", case=case))
    assert cast.director.pk in acted([appeal])[appeal.pk]


def test_a_finding_that_a_case_rests_on_stays_named_after_it_was_taken_back(cast: Cast) -> None:
    it = made.contested(cast)
    case = opened(cast, it.account)
    row = add_evidence(case, by=cast.communications, evidence=Evidence("The name.", "reviewfinding", str(it.pk)))
    settling.take_back(it, by=made.judge(it), reason="You are right.")
    assert CaseEvidence.objects.get(pk=row.pk).words == "The name."
    assert NOTE.kind == "note"
