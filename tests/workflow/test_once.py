"""A submitted act is done once, however often it is sent; a key never carries a second act."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken
from rostrum.people.actions import add_unit
from rostrum.people.models import Unit
from rostrum.workflow.models import Submission
from rostrum.workflow.once import fingerprint, forget_old, once
from tests.cast import Cast


def _adding(cast: Cast, name: str) -> str:
    add_unit(kind="club", name=name, parent=cast.school, by=cast.sysadmin)
    return f"/{name}"


def test_a_replay_gets_the_first_answer_and_does_nothing(cast: Cast) -> None:
    sent = fingerprint("name=Chess")
    answers = [once(cast.sysadmin, "k", sent, lambda: _adding(cast, "Chess")) for _n in range(3)]
    assert answers == ["/Chess"] * 3
    assert Unit.objects.filter(name="Chess").count() == 1


def test_other_content_under_the_same_key_is_refused_and_does_nothing(cast: Cast) -> None:
    once(cast.sysadmin, "k", fingerprint("Chess"), lambda: _adding(cast, "Chess"))
    with pytest.raises(Invalid):
        once(cast.sysadmin, "k", fingerprint("Drama"), lambda: _adding(cast, "Drama"))
    assert not Unit.objects.filter(name="Drama").exists()


def test_a_key_belongs_to_one_person(cast: Cast) -> None:
    assert once(cast.sysadmin, "k", "a", lambda: _adding(cast, "Chess")) == "/Chess"
    assert once(cast.communications, "k", "b", lambda: _adding(cast, "Drama")) == "/Drama"


def test_a_refused_act_keeps_nothing_so_that_it_can_be_sent_again_corrected(cast: Cast) -> None:
    def refuse() -> str:
        _adding(cast, "Chess")
        raise NotAllowed("no")

    with pytest.raises(NotAllowed):
        once(cast.sysadmin, "k", "a", refuse)
    assert not Unit.objects.filter(name="Chess").exists()
    assert once(cast.sysadmin, "k", "b", lambda: _adding(cast, "Drama")) == "/Drama"


def test_without_a_key_the_act_is_simply_done(cast: Cast) -> None:
    assert once(cast.sysadmin, "", "a", lambda: "/x") == "/x"
    assert not Submission.objects.exists()


@pytest.mark.parametrize("key", ["x" * 81, "new\nline", "nul\x00", "\u202ekey"])
def test_a_strange_key_is_refused_clearly(key: str, cast: Cast) -> None:
    with pytest.raises(Invalid):
        once(cast.sysadmin, key, "a", lambda: "/x")


def test_while_the_first_is_still_at_work_the_second_is_told_to_look_again(cast: Cast) -> None:
    Submission.objects.create(person=cast.sysadmin, key="k", fingerprint="a", answer="")
    with pytest.raises(Overtaken):
        once(cast.sysadmin, "k", "a", lambda: "/x")


def test_fingerprints_tell_where_one_part_ends() -> None:
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    assert fingerprint("\ud800") == fingerprint("\ud800")


def test_answers_are_forgotten_after_a_week(cast: Cast) -> None:
    once(cast.sysadmin, "k", "a", lambda: "/x")
    assert forget_old() == 0
    with clock.standing_at(clock.now() + timedelta(days=8)):
        assert forget_old() == 1
