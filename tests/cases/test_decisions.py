"""Decisions (AP 193 1.5): clauses and evidence, measures with effect, letters in full, replaced and never edited."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from rostrum.audit.models import Event
from rostrum.cases.deciding import decide, preview, report_done, save_draft, supersede
from rostrum.cases.decision_models import Decision, Strike
from rostrum.cases.graduating import suggestions
from rostrum.cases.models import DecisionDraft
from rostrum.cases.queries import (
    counting,
    decisions_visible_to,
    find_decision,
    holds,
    to_do_by,
)
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.notices.models import Notice
from rostrum.notices.render import letter as rendered
from rostrum.people.models import Person
from rostrum.policies.graduated import set_graduated
from rostrum.registry.models import AccountStanding
from rostrum.registry.standing import change_standing, extend
from tests.cast import Cast, official
from tests.registry.seeing import nothing_changes

from .reach import appealed, decided, opened, ruling, setting

pytestmark = pytest.mark.django_db


def all_words(letter: dict[str, Any], lang: str = "en") -> str:
    return " ".join(f"{heading} {' '.join(paragraphs)}" for heading, paragraphs in letter[lang])


def test_1_5_a_decision_cites_clauses_and_evidence_and_is_sent_in_full(cast: Cast) -> None:
    case = opened(cast)
    it = decide(case, by=cast.communications, ruling=ruling(case, "warning", "content"))
    assert [one.number for one in it.clauses.all()] == ["1.9"]
    assert it.evidence.count() == it.evidence_count == 1
    assert (it.role, it.decided_by, it.effective_on) == ("communications", cast.communications, clock.today())
    words = all_words(it.letter)
    for said in (
        it.ref, case.account.name, "gets a warning", "taken down or changed by", "mocks people by name",
        "AP 193, 1.9 (edition 2015-09)", "Note: The post of Tuesday", "Take the post down.", "You can appeal this once",
        "Dana Whitford", "Marc Laurent, Communications",
    ):  # fmt: skip
        assert said in words, said
    french = all_words(it.letter, "fr")
    assert "1.9" in french
    assert "mocks people by name" in french, "what people wrote stays as they wrote it"
    told = {one.person: one for one in Notice.objects.filter(kind="decision.made")}
    assert set(told) == {cast.teacher, cast.colleague, cast.principal}
    sent = rendered(told[cast.teacher])
    for _heading, paragraphs in it.letter["en"]:
        for one in paragraphs:
            assert one in sent.text
    assert set(it.told.all()) == set(told)
    assert Notice.objects.filter(kind="decision.made_told").count() == 0, "only who else had a part: here nobody"
    acts = list(Event.objects.order_by("-seq").values_list("act", flat=True)[:3])
    assert acts == ["decision:issue", "account:unhold", "case:decide"]
    issued = Event.objects.filter(act="decision:issue").latest("seq").kept.payload
    assert issued["citations"] == ["ap-193@2015-09#1.9"]


def test_the_letter_is_previewed_as_it_is_sent(cast: Cast) -> None:
    case = opened(cast)
    said = ruling(case, "suspend", suspended_until=clock.today() + timedelta(days=30))
    with nothing_changes():
        before = preview(case, by=cast.communications, ruling=said)
    it = decide(case, by=cast.communications, ruling=said)
    assert list(before["en"][1:]) == it.letter["en"][1:], "but for its number"
    for who in (cast.teacher, cast.principal, cast.director):
        with pytest.raises(NotAllowed):
            preview(opened(cast), by=who, ruling=said)


@pytest.mark.parametrize(
    ("measures", "changes", "field"),
    [
        ((), {"measures": ()}, "measures"),
        ((), {"measures": ("fine",)}, "measures"),
        ((), {"measures": ("guidance", "warning")}, "measures"),
        ((), {"measures": ("suspend", "close"), "to_do": "x"}, "measures"),
        ((), {"clauses": ()}, "clauses"),
        ((), {"clauses": ("2.10",)}, "clauses"),
        ((), {"clauses": ("9.9",)}, "clauses"),
        ((), {"evidence": ()}, "evidence"),
        ((), {"evidence": (999_999,)}, "evidence"),
        ((), {"facts": " "}, "facts"),
        ((), {"facts": "x" * 4001}, "facts"),
        ((), {"facts": "The password is kite9"}, "facts"),
        (("content",), {"to_do": ""}, "to_do"),
        (("content",), {"do_by": None}, "do_by"),
        (("training",), {"do_by": date(2020, 1, 1)}, "do_by"),
        (("access",), {"do_by": date(2999, 1, 1)}, "do_by"),
        ((), {"do_by": "tomorrow"}, "to_do"),
        ((), {"effective_on": date(2020, 1, 1)}, "effective_on"),
        ((), {"effective_on": date(2999, 1, 1)}, "effective_on"),
        (("close",), {"effective_on": "tomorrow"}, "effective_on"),
        (("suspend",), {"effective_on": "tomorrow"}, "effective_on"),
        (("suspend",), {"suspended_until": date(2020, 1, 1)}, "suspended_until"),
        (("suspend",), {"suspended_until": date(2999, 1, 1)}, "suspended_until"),
        (("suspend",), {"suspended_until": None, "to_do": ""}, "to_do"),
        ((), {"severity": "grave"}, "severity"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_by_field(
    cast: Cast, measures: tuple[str, ...], changes: dict[str, Any], field: str
) -> None:
    case = opened(cast)
    tomorrow = clock.today() + timedelta(days=1)
    changes = {name: tomorrow if value == "tomorrow" else value for name, value in changes.items()}
    with nothing_changes(), pytest.raises(Invalid) as refused:
        decide(case, by=cast.communications, ruling=ruling(case, *measures, **changes))
    assert field in refused.value.fields
    assert case.drafts.count() == 0


def test_evidence_of_another_case_is_no_evidence(cast: Cast) -> None:
    case, other = opened(cast), opened(cast)
    with pytest.raises(Invalid):
        decide(case, by=cast.communications, ruling=ruling(other))


def test_section_2_is_guidance_and_cannot_be_cited(cast: Cast) -> None:
    from rostrum.cases.rulings import citable

    assert not [one.number for one in citable() if one.number.startswith("2.")]
    assert {"1.5", "1.9", "3.4"} <= {one.number for one in citable()}


@pytest.mark.parametrize("measure", ["guidance", "warning", "content", "training", "access"])
def test_measures_that_leave_the_standing_alone(cast: Cast, measure: str) -> None:
    it = decided(cast, measure)
    it.account.refresh_from_db()
    assert (it.account.state, it.standing) == ("recognised", None)
    assert Strike.objects.filter(decision=it).exists() is (measure == "warning")


def test_1_5_a_suspension_takes_effect_with_the_decision(cast: Cast) -> None:
    until = clock.today() + timedelta(days=30)
    it = decided(cast, "suspend", suspended_until=until)
    it.account.refresh_from_db()
    now = AccountStanding.objects.get(account=it.account, until=None)
    assert (it.account.state, it.standing, now.ends_on, now.by) == ("suspended", now, until, cast.communications)
    assert it.ref in now.reason
    acts = list(Event.objects.order_by("-seq").values_list("act", flat=True)[:4])
    assert acts == ["account:suspend", "decision:issue", "account:unhold", "case:decide"]
    assert not Notice.objects.filter(kind="account.standing").exists(), "the letter says it, once"


def test_a_suspension_until_something_is_done(cast: Cast) -> None:
    it = decided(cast, "suspend")
    assert it.standing is not None
    assert (it.standing.ends_on, it.standing.condition) == (None, "Take the post down.")
    report_done(it, by=cast.teacher, note="The post is gone since noon.")
    it.account.refresh_from_db()
    assert it.account.state == "suspended", "no rule restores it: a person does"
    told = {one.person for one in Notice.objects.filter(kind="decision.reported")}
    assert told == {cast.communications, cast.communications2}
    change_standing(it.account, "restore", by=cast.communications, reason="It is gone.")


def test_1_5_closing_takes_effect_with_the_decision_although_the_case_held_the_account(cast: Cast) -> None:
    it = decided(cast, "close")
    it.account.refresh_from_db()
    assert it.account.state == "retired"
    assert holds(it.account) == []


def test_a_decision_takes_over_a_suspension_that_goes_on(cast: Cast) -> None:
    account = change_standing(official(cast), "suspend", by=cast.communications2, reason="At once, as a precaution.")
    case = opened(cast, account)
    until = clock.today() + timedelta(days=10)
    it = decide(case, by=cast.communications, ruling=ruling(case, "suspend", suspended_until=until))
    states = list(AccountStanding.objects.filter(account=account).values_list("state", "ends_on"))
    assert states == [("recognised", None), ("suspended", None), ("suspended", until)]
    assert it.standing == AccountStanding.objects.get(account=account, until=None)


def test_a_decision_without_a_suspension_leaves_one_of_somebody_else_alone(cast: Cast) -> None:
    account = change_standing(official(cast), "suspend", by=cast.communications, reason="Stolen.")
    case = opened(cast, account)
    decide(case, by=cast.communications, ruling=ruling(case))
    account.refresh_from_db()
    assert account.state == "suspended"


def test_the_review_of_a_case_ends_with_its_decision(cast: Cast) -> None:
    account = official(cast)
    case = opened(cast, account, review=True)
    decide(case, by=cast.communications, ruling=ruling(case))
    account.refresh_from_db()
    assert account.state == "recognised"


def test_a_decision_on_an_account_already_closed_is_refused(cast: Cast) -> None:
    it = decided(cast)
    change_standing(it.account, "close", by=cast.communications, reason="It is over.")
    with nothing_changes(), pytest.raises(WrongState, match="closed already"):
        supersede(it.case, by=cast.communications, ruling=ruling(it.case))


def test_a_decision_is_replaced_and_never_edited(cast: Cast) -> None:
    first = decided(cast, "warning", "suspend")
    words = dict(first.letter)
    second = supersede(first.case, by=cast.communications2, ruling=ruling(first.case, "warning"))
    first = Decision.objects.get(pk=first.pk)
    assert (first.state, first.letter, second.former) == ("superseded", words, first)
    assert f"takes the place of decision {first.ref}" in all_words(second.letter)
    first.account.refresh_from_db()
    assert first.account.state == "recognised", "what it did to the standing ends with it"
    assert [one.decision for one in counting([first.account_id])] == [second]
    assert Strike.objects.get(decision=first).wiped_by == cast.communications2
    acts = list(Event.objects.order_by("-seq").values_list("act", flat=True)[:4])
    assert acts == ["account:restore", "decision:issue", "decision:replace", "case:supersede"]


def test_a_closing_may_be_replaced_by_a_suspension(cast: Cast) -> None:
    first = decided(cast, "close")
    second = supersede(first.case, by=cast.communications, ruling=ruling(first.case, "suspend"))
    account = second.account
    account.refresh_from_db()
    assert account.state == "suspended"
    states = [one.state for one in AccountStanding.objects.filter(account=account)]
    assert states == ["recognised", "retired", "recognised", "suspended"]


def test_an_appeal_that_runs_is_decided_before_the_decision_is_replaced(cast: Cast) -> None:
    it = appealed(cast)
    with nothing_changes(), pytest.raises(WrongState, match="An appeal against decision"):
        supersede(it.decision.case, by=cast.communications, ruling=ruling(it.decision.case))


def test_a_suspension_stays_where_somebody_changed_the_standing_since(cast: Cast) -> None:
    first = decided(cast, "suspend")
    account = first.account
    account.refresh_from_db()
    extend(account, by=cast.communications, reason="Longer.", ends_on=clock.today() + timedelta(days=9))
    supersede(first.case, by=cast.communications, ruling=ruling(first.case))
    account.refresh_from_db()
    assert account.state == "recognised", "an extended suspension still rests on its decision"
    second = decided(cast, "suspend", case=opened(cast, account))
    account.refresh_from_db()
    change_standing(account, "restore", by=cast.communications, reason="Back.")
    change_standing(account, "suspend", by=cast.communications, reason="Stolen now.")
    supersede(second.case, by=cast.communications, ruling=ruling(second.case))
    account.refresh_from_db()
    assert account.state == "suspended", "this one is somebody else's"


def test_a_warning_counts_until_its_day_or_without_an_end(cast: Cast) -> None:
    it = decided(cast, "warning")
    assert it.strike.until is None
    assert "counts without an end" in all_words(it.letter)
    setting("strike_days", 90)
    other = decided(cast, "warning")
    last = clock.today() + timedelta(days=90)
    assert other.strike.until == last
    assert counting([other.account_id], last).count() == 1
    assert counting([other.account_id], last + timedelta(days=1)).count() == 0
    assert it.strike.until is None, "what a letter has said stays"


def test_a_warning_that_takes_effect_later_counts_later(cast: Cast) -> None:
    later = clock.today() + timedelta(days=5)
    it = decided(cast, "warning", effective_on=later)
    assert counting([it.account_id]).count() == 0
    assert counting([it.account_id], later).count() == 1


def test_the_last_day_to_appeal_counts_school_days_or_there_is_none(cast: Cast) -> None:
    it = decided(cast)
    assert it.appeal_until is None
    assert "Neither the procedure nor the division has set a last day" in all_words(it.letter)
    setting("appeal_days", 10)
    with clock.standing_at(clock.now().replace(year=2027, month=3, day=4, hour=18)):  # a Thursday
        other = decided(cast)
    assert other.appeal_until == date(2027, 3, 18)
    assert "until the end of Thursday 18 March" in all_words(other.letter)


def test_who_reads_a_decision(cast: Cast) -> None:
    it = decided(cast)
    readers = {who for who in vars(cast) if isinstance(getattr(cast, who), Person)
               and find_decision(getattr(cast, who), it.pk)}  # fmt: skip
    assert readers == {
        "teacher", "colleague", "principal", "superintendent", "communications", "communications2", "privacy",
        "director", "auditor",
    }  # fmt: skip
    assert decisions_visible_to(cast.charlie).count() == 0
    assert find_decision(cast.teacher, 2**70) is None


def test_what_is_ordered_waits_for_the_managers_until_one_says_that_it_is_done(cast: Cast) -> None:
    it = decided(cast, "content")
    assert to_do_by(cast.teacher) == to_do_by(cast.colleague) == [it]
    assert to_do_by(cast.principal) == []
    with nothing_changes(), pytest.raises(Invalid):
        report_done(it, by=cast.teacher, note=" ")
    for who in (cast.charlie, cast.sysadmin, cast.auditor):
        with nothing_changes(), pytest.raises(NotAllowed):
            report_done(it, by=who, note="Done.")
    with nothing_changes(), pytest.raises(Overtaken):
        report_done(it, by=cast.teacher, note="Done.", seen=it.version + 1)
    stale = Decision.objects.get(pk=it.pk)
    report_done(it, by=cast.colleague, note="Gone since noon.")
    assert to_do_by(cast.teacher) == []
    assert (it.done_by, it.done_note) == (cast.colleague, "Gone since noon.")
    with nothing_changes(), pytest.raises(Overtaken):
        report_done(stale, by=cast.teacher, note="Done.")
    with nothing_changes(), pytest.raises(WrongState):
        report_done(it, by=cast.teacher, note="Done again.")
    other = decided(cast, "warning")
    with nothing_changes(), pytest.raises(WrongState, match="orders nothing"):
        report_done(other, by=cast.teacher, note="Done.")


def test_what_a_replaced_decision_ordered_is_no_longer_to_be_done(cast: Cast) -> None:
    it = decided(cast, "content")
    supersede(it.case, by=cast.communications, ruling=ruling(it.case))
    it.refresh_from_db()
    assert to_do_by(cast.teacher) == []
    with nothing_changes(), pytest.raises(WrongState, match="no longer in force"):
        report_done(it, by=cast.teacher, note="Done.")


def test_a_draft_is_its_authors_and_goes_with_the_decision(cast: Cast) -> None:
    case = opened(cast)
    with nothing_changes():
        save_draft(case, {"facts": ["Half a sen"], "state": ["decided"]}, by=cast.communications)
        save_draft(case, {"facts": ["the password is kite9"]}, by=cast.communications2)
    assert DecisionDraft.objects.get(author=cast.communications).typed == {"facts": ["Half a sen"]}
    assert "kite9" not in str(DecisionDraft.objects.get(author=cast.communications2).typed)
    for who in (cast.teacher, cast.principal, cast.director):
        with pytest.raises(NotAllowed):
            save_draft(case, {"facts": ["Mine"]}, by=who)
    with pytest.raises(Invalid):
        save_draft(case, {"facts": ["x" * 9000]}, by=cast.communications)
    decide(case, by=cast.communications, ruling=ruling(case))
    assert DecisionDraft.objects.count() == 0
    save_draft(case, {"facts": ["Anew"]}, by=cast.communications)  # for the one that takes its place


TABLE: dict[str, Any] = {
    "cites": ["1.5"],
    "severities": [
        {"key": "minor", "label": {"en": "Minor", "fr": "Léger"}, "counts_days": 30},
        {"key": "serious", "label": {"en": "Serious", "fr": "Grave"}},
    ],
    "steps": [
        {"severity": "minor", "occurrence": 1, "measures": ["guidance"]},
        {"severity": "serious", "occurrence": 1, "measures": ["warning"]},
        {"severity": "serious", "occurrence": 2, "within_days": 365, "measures": ["warning", "suspend"]},
        {"severity": "serious", "occurrence": 2, "within_days": 365, "clauses": ["3.3"], "measures": ["close"]},
    ],
}


def test_graduated_actions_suggest_and_never_act(cast: Cast) -> None:
    account = official(cast)
    state, found = suggestions(account)
    assert (state.source, found) == ("not_set", [])
    set_graduated(TABLE, by_name="M. Laurent", reason="Decided in May.")
    state, found = suggestions(account)
    assert state.source == "division"
    assert [(one.severity.key, one.occurrence, one.step.measures if one.step else None) for one in found] == [
        ("minor", 1, ("guidance",)), ("serious", 1, ("warning",)),
    ]  # fmt: skip
    case = opened(cast, account)
    first = decide(case, by=cast.communications, ruling=ruling(case, "warning", severity="serious"))
    assert "How grave: Serious." in all_words(first.letter)
    assert "Grave" in all_words(first.letter, "fr")
    [_minor, serious] = suggestions(account)[1]
    assert serious.step is not None
    assert (serious.occurrence, serious.step.measures) == (2, ("warning", "suspend"))
    assert [(one.clauses, one.measures) for one in serious.special] == [(("3.3",), ("close",))]
    account.refresh_from_db()
    assert account.state == "recognised", "it suggests; nothing happened"
    again = opened(cast, account)
    decide(again, by=cast.communications, ruling=ruling(again, "guidance", severity="serious"))
    account.refresh_from_db()
    assert account.state == "recognised", "whoever decides may decide otherwise"
    assert suggestions(account, but_case=case.pk)[1][1].occurrence == 1
    later = clock.today() + timedelta(days=400)
    serious = suggestions(account, on=later)[1][1]
    assert serious.step is not None
    assert serious.step.measures == ("warning",), "outside of its time it counts no longer"


def test_a_severity_has_its_own_time_to_count(cast: Cast) -> None:
    set_graduated(TABLE, by_name="M. Laurent", reason="Decided in May.")
    setting("strike_days", 90)
    assert decided(cast, "warning", severity="minor").strike.until == clock.today() + timedelta(days=30)
    assert decided(cast, "warning", severity="serious").strike.until == clock.today() + timedelta(days=90)
