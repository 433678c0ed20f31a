"""Findings (AP 193 1.5, 1.7, 1.10, 3.4): one for each evidence, decided by people apart, answered by managers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rostrum.archive.models import Post, PostVersion
from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.jobs.models import JobRun
from rostrum.monitoring import deciding, tuning
from rostrum.monitoring.jobs import look_at_accounts, tell_late
from rostrum.monitoring.models import CheckRound, Finding
from rostrum.monitoring.queries import allowed, asked_of, exactness, following, looked_at, queue, visible_to
from rostrum.monitoring.scanning import capture, gone
from rostrum.monitoring.states import FINDING_MOVES, LIVE_FINDINGS
from rostrum.notices.models import Notice
from rostrum.policies.actions import set_setting
from tests.cast import Cast, official
from tests.monitoring.reached import GIVEN, PHONE, REACHED, confirmed, kept, opened

pytestmark = pytest.mark.django_db
WHO = {"answer": "teacher", "settle": "communications"}


@pytest.mark.parametrize("move", [m for m in FINDING_MOVES if m.name != "vanish"], ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(REACHED))
def test_every_state_and_move(cast: Cast, state: str, move: Any) -> None:
    it = REACHED[state](cast)
    by = getattr(cast, WHO.get(move.name, "principal"))
    events = Event.objects.count()
    if state in move.sources:
        assert move in allowed(by, it)
        deciding.ACTS[move.name](it, by=by, **GIVEN[move.name])
        assert Finding.objects.get(pk=it.pk).state == move.target
        assert Event.objects.count() == events + 1
        assert Event.objects.latest("seq").act == f"finding:{move.name}"
    else:
        assert move not in allowed(by, it)
        with pytest.raises(Refusal):
            deciding.ACTS[move.name](it, by=by, **GIVEN[move.name])
        assert Finding.objects.get(pk=it.pk).state == state
        assert Event.objects.count() == events


@pytest.mark.parametrize("who", ["colleague", "charlie", "privacy", "director", "auditor", "sysadmin", "teacher"])
@pytest.mark.parametrize("move", ["confirm", "dismiss", "escalate"])
def test_nobody_but_those_who_judge_there_decides(cast: Cast, move: str, who: str) -> None:
    it = opened(cast)
    with pytest.raises(NotAllowed):
        deciding.ACTS[move](it, by=getattr(cast, who), **GIVEN[move])


def test_whoever_looks_after_the_account_never_judges_what_was_found_on_it(cast: Cast) -> None:
    it = opened(cast)
    it.account.registration.designations.filter(person=cast.colleague).update(
        person=cast.principal, accepted_at=clock.now()
    )
    with pytest.raises(NotAllowed, match="somebody else decides"):
        deciding.dismiss(it, by=cast.principal, ground="small")
    assert deciding.dismiss(it, by=cast.communications, ground="small").state == "dismissed"


def test_two_who_decide_at_once_one_wins_and_one_is_told(cast: Cast) -> None:
    first = opened(cast)
    second = Finding.objects.get(pk=first.pk)
    deciding.dismiss(first, by=cast.principal, ground="allowed", seen=1)
    with pytest.raises(Overtaken):
        deciding.confirm(second, by=cast.communications, task="edit", seen=1)
    assert Notice.objects.filter(kind="finding.asked").count() == 0


def test_3_4_a_post_is_checked_the_moment_it_is_kept_and_its_words_are_not_in_the_log(cast: Cast) -> None:
    it = opened(cast)
    assert (it.severity, it.state, it.clauses) == ("block", "open", ["ap-193@2015-09#1.1", "ap-193@2015-09#3.3"])
    assert it.seen_in is not None
    assert it.seen_in.text[it.start : it.end] == "306-967-3058"
    for model in (Event, Notice):
        assert "967-3058" not in str(list(model.objects.values()))
    assert "967-3058" not in str(list(Finding.objects.values()))


def test_the_same_evidence_opens_nothing_twice_and_a_dismissal_holds_until_it_changes(cast: Cast) -> None:
    it = opened(cast)
    deciding.dismiss(it, by=cast.principal, ground="allowed", reason="Public line of the team.")
    capture(it.account, by=cast.teacher, address=it.post.address, text="Morning! " + PHONE)
    it.refresh_from_db()
    assert it.state == "dismissed"
    assert Finding.objects.filter(rule="person.phone").count() == 1
    assert (it.start, it.seen_in.number) == (27, 2), "its place follows the text"
    capture(it.account, by=cast.teacher, address=it.post.address, text=PHONE.replace("3058", "3059"))
    assert sorted(Finding.objects.filter(rule="person.phone").values_list("state", flat=True)) == ["dismissed", "open"]


def test_what_is_mended_is_settled_by_the_clock_and_a_post_that_is_gone_too(cast: Cast) -> None:
    it = confirmed(cast)
    capture(it.account, by=cast.teacher, address=it.post.address, text="Call the office for a ride.")
    it.refresh_from_db()
    assert it.state == "resolved"
    assert Event.objects.latest("seq").act == "finding:vanish"
    other = opened(cast)
    gone(other.post, by=cast.teacher)
    other.refresh_from_db()
    assert other.state == "resolved"
    with pytest.raises(WrongState):
        gone(other.post, by=cast.teacher)


def test_1_7_a_manager_is_asked_answers_and_is_told_that_it_is_settled(cast: Cast) -> None:
    it = opened(cast)
    assert not visible_to(cast.teacher).exists(), "what nobody has looked at is no word to a manager"
    assert [one.pk for one in queue(cast.principal)] == [it.pk]
    deciding.confirm(it, by=cast.principal, task="edit", reason="Use the office number.", due_on=clock.today())
    assert [one.pk for one in asked_of(cast.teacher)] == [it.pk]
    asked = Notice.objects.filter(kind="finding.asked").values_list("person__email", flat=True)
    accepted = it.account.registration.designations.filter(accepted_at__isnull=False)
    assert set(asked) == set(accepted.values_list("person__email", flat=True))
    deciding.answer(it, by=cast.teacher, reason="Changed it to the office.")
    assert Notice.objects.filter(kind="finding.answered", person=cast.principal).count() == 1
    deciding.send_back(it, by=cast.principal, reason="Also in the comments.")
    assert (it.state, it.answered_by) == ("confirmed", None)
    deciding.answer(it, by=cast.teacher, reason="There too.")
    deciding.accept(it, by=cast.principal)
    assert Notice.objects.filter(kind="finding.settled", person=cast.teacher).count() == 1
    assert not asked_of(cast.teacher).exists()


def test_the_division_s_own_number_gives_the_day_and_without_it_there_is_none(cast: Cast) -> None:
    assert confirmed(cast).due_on is None
    set_setting("finding_days", 5, by=cast.communications, by_name="Marc Laurent", reason="A school week.")
    it = confirmed(cast)
    assert it.due_on is not None
    assert it.due_on > clock.today()


def test_a_day_that_passes_is_told_once(cast: Cast) -> None:
    it = opened(cast)
    deciding.confirm(it, by=cast.principal, task="edit", due_on=clock.today())
    tell_late()
    assert not Notice.objects.filter(kind="finding.late").exists()
    with clock.standing_at(clock.now() + timedelta(days=2)):
        tell_late()
        tell_late()
        assert Notice.objects.filter(kind="finding.late", person=cast.teacher).count() == 1
        assert Notice.objects.filter(kind="finding.late", person=cast.principal).count() == 1


@pytest.mark.parametrize(
    ("act", "given", "field"),
    [("confirm", {"task": "shout"}, "task"), ("dismiss", {"ground": ""}, "ground"), ("answer", {"reason": " "}, "reason"),
     ("escalate", {"reason": ""}, "reason")],
)  # fmt: skip
def test_bad_input_names_its_field_and_changes_nothing(cast: Cast, act: str, given: dict[str, Any], field: str) -> None:
    it = confirmed(cast) if act == "answer" else opened(cast)
    by = cast.teacher if act == "answer" else cast.principal
    before = Finding.objects.filter(pk=it.pk).values().get()
    with pytest.raises(Invalid) as refused:
        deciding.ACTS[act](it, by=by, **given)
    assert field in refused.value.fields
    assert Finding.objects.filter(pk=it.pk).values().get() == before


def test_a_day_in_the_past_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        deciding.confirm(opened(cast), by=cast.principal, task="edit", due_on=clock.today() - timedelta(days=1))
    assert "due_on" in refused.value.fields


def test_several_are_dismissed_together_and_those_decided_meanwhile_are_counted(cast: Cast) -> None:
    three = [opened(cast) for _n in range(3)]
    deciding.confirm(three[0], by=cast.communications, task="edit")
    done, left = deciding.dismiss_many([one.pk for one in three], by=cast.principal, ground="false_alarm")
    assert (len(done), left) == (2, 1)
    assert Event.objects.filter(act="finding:dismiss").count() == 2


def test_taking_on_giving_away_and_looking(cast: Cast) -> None:
    it = opened(cast)
    assert deciding.look(it, by=cast.principal)
    it.refresh_from_db()
    assert looked_at(it, cast.communications) == cast.principal
    assert looked_at(it, cast.principal) is None
    assert not deciding.look(it, by=cast.communications)
    with clock.standing_at(clock.now() + timedelta(minutes=6)):
        assert looked_at(it, cast.communications) is None
        assert deciding.look(it, by=cast.communications)
    deciding.assign(it, by=cast.principal, to=cast.principal)
    assert it.assigned_to == cast.principal
    with pytest.raises(Invalid):
        deciding.assign(it, by=cast.principal, to=cast.teacher)
    with pytest.raises(NotAllowed):
        deciding.assign(it, by=cast.charlie, to=cast.charlie)
    deciding.dismiss(it, by=cast.principal, ground="small")
    assert it.looked_at_by is None
    with pytest.raises(WrongState):
        deciding.assign(it, by=cast.principal, to=None)


def test_reviewers_see_their_schools_only(cast: Cast) -> None:
    it = opened(cast)
    for who, sees in (("principal", True), ("communications", True), ("privacy", True), ("auditor", True),
                      ("charlie", False), ("colleague", False), ("sysadmin", False)):  # fmt: skip
        assert visible_to(getattr(cast, who)).filter(pk=it.pk).exists() is sees, who


def test_the_queue_is_worst_first_and_goes_round(cast: Cast) -> None:
    mild = kept(cast, "Call 871-2231 now! Views are my own.")
    bad = opened(cast)
    line = list(queue(cast.principal))
    assert line[0].pk == bad.pk
    assert {one.subject for one in line} == {f"post:{mild.post_id}", f"post:{bad.post_id}"}
    walked = [line[0]]
    for _step in line[1:]:
        walked.append(following(cast.principal, walked[-1]))
    assert [one.pk for one in walked] == [one.pk for one in line]
    assert following(cast.principal, line[-1]).pk == line[0].pk


def test_how_exact_a_rule_is_comes_from_peoples_decisions(cast: Cast) -> None:
    for ground in ("false_alarm", "allowed"):
        deciding.dismiss(opened(cast), by=cast.principal, ground=ground)
    confirmed(cast)
    opened(cast)
    told = exactness()["person.phone"]
    assert (told.true, told.false, told.open, told.share, told.sure) == (2, 1, 2, 67, False)


def test_a_silenced_rule_finds_nothing_and_what_it_found_is_settled(cast: Cast) -> None:
    it = opened(cast)
    with pytest.raises(NotAllowed):
        tuning.choose("person.phone", by=cast.principal, silenced=True, reason="Noise.")
    with pytest.raises(Invalid):
        tuning.choose("person.phone", by=cast.communications, silenced=True, reason="")
    tuning.choose("person.phone", by=cast.communications, silenced=True, reason="Coaches publish their lines here.")
    round_ = CheckRound.objects.get()
    from rostrum.monitoring.rounds import go_on

    while go_on(round_.pk):
        pass
    round_.refresh_from_db()
    assert (round_.done, round_.total, round_.vanished) == (1, 1, 1)
    it.refresh_from_db()
    assert it.state == "resolved"
    assert not Finding.objects.filter(rule="person.phone", state__in=LIVE_FINDINGS).exists()
    tuning.restore("person.phone", by=cast.communications)
    round_ = CheckRound.objects.get(finished_at=None)
    while go_on(round_.pk):
        pass
    assert Finding.objects.filter(rule="person.phone", state="open").count() == 1
    with pytest.raises(WrongState):
        tuning.restore("person.phone", by=cast.communications)


def test_a_silenced_rule_about_accounts_has_all_accounts_looked_at_again_at_once(cast: Cast) -> None:
    account = official(cast)
    look_at_accounts()
    link = Finding.objects.get(rule="account.no_notice_link", account=account)
    tuning.choose(link.rule, by=cast.communications, silenced=True, reason="The line stands in a pinned post.")
    assert not CheckRound.objects.exists()  # posts are not concerned
    assert JobRun.objects.filter(name="monitoring.accounts").count() == 1
    look_at_accounts()
    link.refresh_from_db()
    assert link.state == "resolved"
    tuning.restore(link.rule, by=cast.communications)
    assert JobRun.objects.filter(name="monitoring.accounts").count() == 2
    look_at_accounts()
    assert Finding.objects.get(rule=link.rule, state="open").account == account


def test_another_severity_is_the_division_s_own(cast: Cast) -> None:
    it = opened(cast)
    tuning.choose("person.phone", by=cast.communications, severity="note", reason="Seldom matters here.")
    from rostrum.monitoring.rounds import go_on

    while go_on(CheckRound.objects.get(finished_at=None).pk):
        pass
    it.refresh_from_db()
    assert (it.severity, it.rank) == ("note", 0)


class TestArchive:
    """Posts as somebody saw them: of registered accounts only, hashed, versioned."""

    def test_1_5_only_those_with_a_part_in_the_account_keep_its_posts(self, cast: Cast) -> None:
        account = official(cast)
        where = f"{account.address}/posts/x"
        for who in ("charlie", "auditor", "sysadmin"):
            with pytest.raises(NotAllowed):
                capture(account, by=getattr(cast, who), address=where, text="Hello.")
        for n, who in enumerate(("teacher", "colleague", "principal", "communications")):
            capture(account, by=getattr(cast, who), address=f"{where}{n}", text="Hello.")
        assert Post.objects.count() == 4

    def test_a_text_is_kept_once_and_another_is_another_version(self, cast: Cast) -> None:
        version = kept(cast, "Hello.\r\nThere.")
        assert version.text == "Hello.\nThere."
        with pytest.raises(WrongState):
            capture(version.post.account, by=cast.teacher, address=version.post.address, text="Hello.\nThere.\n")
        second, _tally = capture(version.post.account, by=cast.teacher, address=version.post.address, text="Hello!")
        assert (second.number, second.post_id) == (2, version.post_id)
        assert PostVersion.objects.count() == 2

    @pytest.mark.parametrize(
        ("address", "text", "field"),
        [("rendell", "Hi there", "address"), ("https://www.instagram.com/p/abc/", "Hi there", "address"),
         ("https://rendellpark.example/1", "   ", "text"), ("https://rendellpark.example/1", "a" * 20_001, "text"),
         ("https://rendellpark.example/1", "a\x00b", "text"), ("https://rendellpark.example/1", "a\ud800b", "text"),
         ("https://x.y/\u202e", "Hi", "address")],
    )  # fmt: skip
    def test_bad_input_names_its_field(self, cast: Cast, address: str, text: str, field: str) -> None:
        account = official(cast)
        with pytest.raises(Invalid) as refused:
            capture(account, by=cast.teacher, address=address, text=text)
        assert field in refused.value.fields
        assert not Post.objects.exists()

    def test_a_day_to_come_is_refused(self, cast: Cast) -> None:
        with pytest.raises(Invalid) as refused:
            kept(cast, posted_on=clock.today() + timedelta(days=1))
        assert "posted_on" in refused.value.fields
