"""What one act tells many people is written down together, in the order in which it was owed."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from rostrum.jobs.models import JobRun
from rostrum.notices.actions import owe, together
from rostrum.notices.kinds import NoticeKind, notice_kind
from rostrum.notices.models import Notice
from rostrum.people.models import Person
from tests.cast import Cast

pytestmark = pytest.mark.django_db
KIND = notice_kind("test.together", "Look: %(what)s", "Look at %(what)s.", "You look after it.", "Look.", "Look",
                   "web:today")  # fmt: skip


def tell(cast: Cast, to: Person, what: str, kind: NoticeKind = KIND) -> None:
    owe(kind, to=to, about=cast.school, ref="rendell", context={"what": what, "who": "Rostrum", "comment": ""})


def owed() -> list[tuple[str, str]]:
    return [(one.person.name, one.context["what"]) for one in Notice.objects.order_by("pk").select_related("person")]


def test_what_is_owed_together_keeps_its_order_and_goes_out_by_one_run(cast: Cast) -> None:
    with together():
        for what in ("a", "b"):
            for person in (cast.teacher, cast.principal):
                tell(cast, person, what)
        assert owed() == []
    assert owed() == [("Sofia Nguyen", "a"), ("Ana Petrova", "a"), ("Sofia Nguyen", "b"), ("Ana Petrova", "b")]
    assert JobRun.objects.get().args == {"notices": list(Notice.objects.order_by("pk").values_list("pk", flat=True))}


def test_more_letters_take_no_more_statements(cast: Cast) -> None:
    counts = []
    for many in (2, 20):
        with CaptureQueriesContext(connection) as asked, together():
            for n in range(many):
                tell(cast, cast.teacher, str(n))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5


def test_one_inside_another_ends_with_the_outer(cast: Cast) -> None:
    with together():
        tell(cast, cast.teacher, "first")
        with together():
            tell(cast, cast.teacher, "second")
        assert owed() == []
        tell(cast, cast.teacher, "third")
    assert [what for _name, what in owed()] == ["first", "second", "third"]


def test_an_act_that_fails_owes_nothing_and_the_next_is_on_its_own(cast: Cast) -> None:
    def fails() -> None:
        with transaction.atomic(), together():
            tell(cast, cast.teacher, "never")
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        fails()
    assert owed() == []
    tell(cast, cast.teacher, "alone")
    assert owed() == [("Sofia Nguyen", "alone")]


def test_nothing_owed_writes_nothing(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked, together():
        pass
    assert not asked.captured_queries
