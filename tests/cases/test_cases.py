"""Cases (AP 193 1.5, 1.10): opened with a reason and evidence, looked into, passed on, closed without a decision."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rostrum.audit.models import Event
from rostrum.cases import opening, sources
from rostrum.cases.deciding import decide, supersede
from rostrum.cases.models import Case, TalkNote
from rostrum.cases.opening import Evidence, Talk, add_evidence, assign, close_case, leave, look, open_case
from rostrum.cases.queries import (
    allowed_case,
    counting,
    find_case,
    holds,
    may_open,
    talk_of,
    visible_to,
    waiting_cases,
)
from rostrum.cases.queries import (
    open_case as open_on,
)
from rostrum.cases.states import CASE_MOVES, CaseState
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.notices.models import Notice
from rostrum.people.actions import appoint, note_departure
from rostrum.people.models import Person
from rostrum.registry.models import Account, AccountStanding
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official
from tests.registry.seeing import nothing_changes

from .reach import CASES, NOTE, WHY, opened, ruling, setting

pytestmark = pytest.mark.django_db

DO: dict[str, Any] = {
    "decide": lambda c, by, **k: decide(c, by=by, ruling=ruling(c), **k),
    "supersede": lambda c, by, **k: supersede(c, by=by, ruling=ruling(c), **k),
    "escalate": lambda c, by, **k: opening.escalate(c, by=by, reason="It is about us.", **k),
    "hand_back": lambda c, by, **k: opening.hand_back(c, by=by, reason="Yours.", **k),
    "close": lambda c, by, **k: close_case(c, by=by, reason="Nothing in it.", ending="nothing", **k),
}


def turn(cast: Cast, state: str) -> Person:
    return cast.director if state == "escalated" else cast.communications


def test_every_state_is_reached_and_every_move_is_tried() -> None:
    assert set(CASES) == set(CaseState.values)
    assert set(DO) == {move.name for move in CASE_MOVES}


@pytest.mark.parametrize("move", CASE_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(CASES))
def test_every_state_and_move(cast: Cast, state: str, move: Any) -> None:
    it = CASES[state](cast)
    by = turn(cast, state)
    if state in move.sources:
        assert move in allowed_case(by, it)
        DO[move.name](it, by)
        assert Case.objects.get(pk=it.pk).state == move.target
        acts = list(Event.objects.filter(act=f"case:{move.name}").values_list("subject_id", flat=True))
        assert acts == [it.pk]
    else:
        assert move not in allowed_case(by, it)
        with nothing_changes(), pytest.raises(Refusal):
            DO[move.name](it, by)


@pytest.mark.parametrize(
    "who", ["teacher", "colleague", "principal", "superintendent", "privacy", "auditor", "sysadmin", "charlie"]
)
@pytest.mark.parametrize("move", ["decide", "escalate", "close"])
def test_nobody_but_those_in_turn_moves_a_case(cast: Cast, move: str, who: str) -> None:
    it = opened(cast)
    with nothing_changes(), pytest.raises(NotAllowed) as refused:
        DO[move](it, getattr(cast, who))
    assert "M. Laurent" not in refused.value.message
    assert "Marc Laurent, Julie Gagnon" in refused.value.message


def test_once_escalated_only_the_director_decides(cast: Cast) -> None:
    it = CASES["escalated"](cast)
    with pytest.raises(NotAllowed, match="Dana Whitford"):
        DO["decide"](it, cast.communications)
    assert [one.pk for one in waiting_cases(cast.director)] == [it.pk]
    opening.hand_back(it, by=cast.director, reason="Yours after all.")
    assert waiting_cases(cast.director) == []
    assert [one.pk for one in waiting_cases(cast.communications2)] == [it.pk]


def test_1_10_a_case_is_opened_with_a_reason_and_what_it_rests_on(cast: Cast) -> None:
    account = official(cast)
    it = opened(cast, account)
    assert (it.reason, it.state, it.opened_by) == (WHY, "open", cast.communications)
    assert it.ref == f"C{clock.today().year}-{it.pk:04d}"
    assert [one.words for one in it.evidence.all()] == [NOTE.words]
    events = list(Event.objects.order_by("-seq")[:2])
    assert [one.act for one in events] == ["account:hold", "case:open"]
    assert events[1].kept.payload["citations"] == ["ap-193@2015-09#1.5", "ap-193@2015-09#1.10"]
    told = Notice.objects.filter(kind="case.opened")
    assert [one.person for one in told] == [cast.communications2], "who opened it need not be told"
    assert open_on(account) == it


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"reason": "The password is kite9"}, "reason"),
        ({"reason": "a\x00b"}, "reason"),
        ({"evidence": []}, "evidence"),
        ({"evidence": [Evidence(" ")]}, "evidence"),
        ({"evidence": [Evidence("pwd: kite9")]}, "evidence"),
        ({"evidence": [Evidence("A picture without one", kind="picture")]}, "evidence"),
        ({"evidence": [Evidence("A note with a file", file_hash="0" * 64, file_type="png")]}, "evidence"),
        ({"evidence": [Evidence("Nothing of ours", kind="unheard_of", ref="7")]}, "evidence"),
    ],
)
def test_bad_input_opens_nothing(cast: Cast, changes: dict[str, Any], field: str) -> None:
    account = official(cast)
    said = {"reason": WHY, "evidence": [NOTE], **changes}
    with nothing_changes(), pytest.raises(Invalid) as refused:
        open_case(account, by=cast.communications, **said)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("who", "opens"),
    [("communications", True), ("director", True), ("principal", True), ("superintendent", True), ("charlie", False),
     ("teacher", False), ("colleague", False), ("privacy", False), ("auditor", False), ("sysadmin", False)],
)  # fmt: skip
def test_who_may_open_a_case(cast: Cast, who: str, opens: bool) -> None:
    account, person = official(cast), getattr(cast, who)
    assert may_open(person, account) is opens
    if opens:
        assert opened(cast, account, by=person).opened_by == person
    else:
        with nothing_changes(), pytest.raises(NotAllowed):
            opened(cast, account, by=person)


def test_nobody_opens_or_decides_a_case_on_an_account_of_their_own(cast: Cast) -> None:
    account = official(cast)
    appoint(cast.teacher, role="communications", unit=cast.division, by=None)
    teacher = Person.objects.get(pk=cast.teacher.pk)
    with pytest.raises(NotAllowed, match="look after this account yourself"):
        opened(cast, account, by=teacher)
    it = opened(cast, account)
    with pytest.raises(NotAllowed):
        DO["decide"](it, teacher)
    assert find_case(teacher, it.pk) is None, "nobody reads the file on an account of their own"
    assert waiting_cases(teacher) == []


def test_where_all_of_communications_look_after_it_the_director_decides(cast: Cast) -> None:
    account = official(cast)
    note_departure(cast.communications2, by=cast.sysadmin)
    registration = account.registration
    from rostrum.registry.models import AccessHolder

    AccessHolder.objects.create(registration=registration, person=cast.communications, name="M", since=clock.now())
    it = opened(cast, account, by=cast.director)
    with pytest.raises(NotAllowed, match="Dana Whitford"):
        DO["decide"](it, cast.communications)
    assert DO["decide"](it, cast.director).decided_by == cast.director


def test_where_nobody_is_left_the_refusal_says_so(cast: Cast) -> None:
    it = CASES["escalated"](cast)
    note_departure(cast.director, by=cast.sysadmin)
    with pytest.raises(NotAllowed, match="Nobody is left"):
        DO["decide"](it, cast.communications)


def test_the_division_may_keep_opening_and_deciding_apart(cast: Cast) -> None:
    it = opened(cast)
    setting("case_decided_by_another", True)
    with nothing_changes(), pytest.raises(NotAllowed):
        DO["decide"](it, cast.communications)
    assert DO["decide"](it, cast.communications2).decided_by == cast.communications2


def test_one_case_of_an_account_is_open_at_a_time(cast: Cast) -> None:
    account = official(cast)
    first = opened(cast, account)
    with nothing_changes(), pytest.raises(WrongState, match="open already"):
        opened(cast, account, by=cast.principal)
    close_case(first, by=cast.communications, reason="Nothing in it.", ending="nothing")
    assert opened(cast, account).pk != first.pk


def test_1_5_an_account_with_an_open_case_cannot_be_closed_silently(cast: Cast) -> None:
    account = official(cast)
    it = opened(cast, account)
    assert holds(account) == [f"A case about it is open ({it.ref})."]
    with nothing_changes(), pytest.raises(WrongState, match=f"A case about it is open \\({it.ref}\\)"):
        change_standing(account, "close", by=cast.communications, reason="It is over.")
    close_case(it, by=cast.communications, reason="Nothing in it.", ending="nothing")
    assert holds(account) == []
    change_standing(account, "close", by=cast.communications, reason="It is over.")


def test_no_case_on_an_account_that_is_closed_already(cast: Cast) -> None:
    account = change_standing(official(cast), "close", by=cast.communications, reason="It is over.")
    with nothing_changes(), pytest.raises(WrongState, match="retired already"):
        opened(cast, account)


def test_a_page_that_is_old_opens_nothing(cast: Cast) -> None:
    account = official(cast)
    seen = account.version
    change_standing(account, "review", by=cast.communications, reason="Yearly look.")
    with nothing_changes(), pytest.raises(Overtaken):
        opened(cast, account, seen=seen)


def test_a_case_may_put_the_account_under_review_and_ends_that_review(cast: Cast) -> None:
    account = official(cast)
    it = opened(cast, account, review=True)
    account.refresh_from_db()
    assert (account.state, it.review) == ("review", AccountStanding.objects.get(account=account, until=None))
    close_case(it, by=cast.communications, reason="Nothing in it.", ending="nothing")
    account.refresh_from_db()
    assert account.state == "recognised"
    with pytest.raises(NotAllowed):
        opened(cast, account, by=cast.principal, review=True)


def test_a_review_that_somebody_else_began_goes_on(cast: Cast) -> None:
    account = change_standing(official(cast), "review", by=cast.communications, reason="Yearly look.")
    it = opened(cast, account, review=True)
    assert it.review is None
    close_case(it, by=cast.communications, reason="Nothing in it.", ending="nothing")
    account.refresh_from_db()
    assert account.state == "review"


def test_evidence_is_added_by_its_opener_and_by_those_who_decide(cast: Cast) -> None:
    it = opened(cast, by=cast.principal)
    for who in (cast.principal, cast.communications, cast.communications2):
        add_evidence(it, by=who, evidence=Evidence("Seen again on Friday."))
    assert it.evidence.count() == 4
    for who in (cast.teacher, cast.charlie, cast.superintendent, cast.privacy):
        with nothing_changes(), pytest.raises(NotAllowed):
            add_evidence(it, by=who, evidence=Evidence("Seen again."))
    version = it.version
    with pytest.raises(Overtaken):
        add_evidence(it, by=cast.principal, evidence=NOTE, seen=version - 1)
    close_case(it, by=cast.communications, reason="Nothing in it.", ending="nothing")
    with nothing_changes(), pytest.raises(WrongState):
        add_evidence(it, by=cast.communications, evidence=NOTE)


def test_evidence_may_lie_elsewhere_and_no_key_points_there(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    account, other = official(cast), official(cast)

    def find(person: Person, pk: int) -> sources.Found | None:
        on = {7: account, 8: other}.get(pk)
        return sources.Found(on, "Names in a caption", "web:account", on.public_id) if on else None

    monkeypatch.setitem(sources.SOURCES, "finding", sources.Source("finding", "Finding", find))
    monkeypatch.setitem(sources.LABELS, "finding", "Finding")
    it = opened(cast, account)
    row = add_evidence(it, by=cast.communications, evidence=Evidence("Names in a caption.", "finding", "7"))
    assert (row.kind, row.ref) == ("finding", "7")
    for ref in ("8", "9", "x", ""):
        with nothing_changes(), pytest.raises(Invalid):
            add_evidence(it, by=cast.communications, evidence=Evidence("Names.", "finding", ref))
    with nothing_changes(), pytest.raises(Invalid, match="rests on this already"):
        add_evidence(it, by=cast.communications, evidence=Evidence("Once more.", "finding", "7"))


def test_a_case_is_given_to_one_of_those_who_may_decide_it(cast: Cast) -> None:
    it = opened(cast)
    assign(it, by=cast.communications, to=cast.communications2)
    assert Notice.objects.filter(kind="case.assigned", person=cast.communications2).count() == 1
    assert [waiting_cases(who) for who in (cast.communications, cast.communications2)] == [[], [it]]
    with nothing_changes(), pytest.raises(WrongState):
        assign(it, by=cast.communications, to=cast.communications2)
    for to in (cast.teacher, cast.principal, cast.director):
        with nothing_changes(), pytest.raises(Invalid):
            assign(it, by=cast.communications, to=to)
    with nothing_changes(), pytest.raises(NotAllowed):
        assign(it, by=cast.principal, to=cast.communications)


def test_whoever_looks_into_a_case_says_so_and_takes_it_back(cast: Cast) -> None:
    it = opened(cast)
    look(it, by=cast.communications)
    assert (it.looking_by, it.looking_since is not None) == (cast.communications, True)
    with nothing_changes(), pytest.raises(WrongState):
        look(it, by=cast.communications)
    look(it, by=cast.communications2)
    with nothing_changes(), pytest.raises(WrongState):
        leave(it, by=cast.communications)
    leave(it, by=cast.communications2)
    assert it.looking_by is None
    with nothing_changes(), pytest.raises(NotAllowed):
        look(it, by=cast.principal)


def a_talk(cast: Cast, **changes: Any) -> Talk:
    said = {"held_on": clock.today(), "held_with": cast.teacher, "words": "We talked about tone.", **changes}
    return Talk(**said)


def test_a_guidance_talk_is_not_a_finding(cast: Cast) -> None:
    account = official(cast)
    it = opened(cast, account, review=True)
    close_case(it, by=cast.communications, reason="We talked.", ending="talk", talk=a_talk(cast))
    account.refresh_from_db()
    assert (it.state, it.ending, account.state) == ("closed", "talk", "recognised")
    assert list(counting([account.pk])) == []
    assert not it.decisions.exists()
    note = TalkNote.objects.get(case=it)
    assert talk_of(cast.teacher, it) == talk_of(cast.communications, it) == note
    for who in (cast.communications2, cast.director, cast.principal, cast.auditor, cast.privacy, cast.colleague):
        assert talk_of(who, it) is None
    told = Notice.objects.get(kind="case.talked")
    assert told.person == cast.teacher
    said = str(told.context) + str([one.kept.payload for one in Event.objects.all()])
    assert "tone" not in said, "the note is for the two: neither the letter nor the log holds it"


@pytest.mark.parametrize(
    ("ending", "changes", "field"),
    [
        ("talk", None, "ending"),
        ("nothing", {}, "ending"),
        ("found", None, "ending"),
        ("talk", {"words": " "}, "words"),
        ("talk", {"words": "the pin is 4821"}, "words"),
        ("talk", {"held_on": date(2999, 1, 1)}, "held_on"),
        ("talk", {"held_with": "communications"}, "held_with"),
    ],
)
def test_a_talk_that_cannot_be_is_refused(cast: Cast, ending: str, changes: dict[str, Any] | None, field: str) -> None:
    it = opened(cast)
    if changes and "held_with" in changes:
        changes = {"held_with": getattr(cast, changes["held_with"])}
    talk = None if changes is None else a_talk(cast, **changes)
    with nothing_changes(), pytest.raises(Invalid) as refused:
        close_case(it, by=cast.communications, reason="We talked.", ending=ending, talk=talk)
    assert list(refused.value.fields) == [field]


def test_who_reads_a_case(cast: Cast) -> None:
    it = opened(cast)
    readers = {who for who in vars(cast) if isinstance(getattr(cast, who), Person)
               and visible_to(getattr(cast, who)).filter(pk=it.pk).exists()}  # fmt: skip
    assert readers == {
        "principal", "superintendent", "communications", "communications2", "privacy", "director", "auditor",
    }  # fmt: skip
    assert visible_to(cast.teacher).count() == 0
    note_departure(cast.principal, by=cast.sysadmin)
    assert find_case(Person.objects.get(pk=cast.principal.pk), it.pk) is None
    assert find_case(cast.director, 2**70) is None


def test_a_case_is_due_in_school_days_where_the_division_set_a_time(cast: Cast) -> None:
    assert opened(cast).due_on is None
    setting("case_days", 5)
    with clock.standing_at(clock.now().replace(year=2027, month=3, day=4, hour=18)):  # a Thursday
        assert opened(cast).due_on == date(2027, 3, 11)


def test_an_old_page_moves_no_case(cast: Cast) -> None:
    it = opened(cast)
    seen = it.version
    add_evidence(it, by=cast.communications, evidence=NOTE)
    for move in ("decide", "escalate", "close"):
        with nothing_changes(), pytest.raises(Overtaken):
            DO[move](Case.objects.get(pk=it.pk), cast.communications, seen=seen)


def test_two_people_decide_at_once_and_one_is_told(cast: Cast) -> None:
    it = opened(cast)
    first, second = Case.objects.get(pk=it.pk), Case.objects.get(pk=it.pk)
    DO["decide"](first, cast.communications)
    with nothing_changes(), pytest.raises((Overtaken, WrongState)):
        DO["decide"](second, cast.communications2, seen=second.version)
    assert Account.objects.get(pk=it.account_id).decisions.count() == 1
