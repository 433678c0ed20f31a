"""An approval whose requester is gone is not forgotten (AP 193 3.2): Communications is told, and the record says so."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import override

from rostrum.core import clock
from rostrum.notices.models import Notice
from rostrum.people.actions import appoint, end_appointment, note_departure
from rostrum.people.models import Appointment, Person
from rostrum.people.queries import has_stepped_down
from rostrum.registry.jobs import chase
from rostrum.registry.queries import status_of
from tests.cast import Cast, approved


def _told(kind: str) -> set[Person]:
    return {notice.person for notice in Notice.objects.filter(kind=kind)}


def test_communications_is_told_instead_of_whoever_left(cast: Cast) -> None:
    request = approved(cast)
    note_departure(cast.teacher, by=cast.sysadmin)
    with clock.standing_at(timezone.now() + timedelta(days=8)):
        chase()
        chase()
    assert cast.communications in _told("request.nobody_registers")
    assert Notice.objects.filter(kind="request.nobody_registers", person=cast.communications).count() == 1
    assert not _told("request.register_reminder")
    request.refresh_from_db()
    request.requester.refresh_from_db()
    said = status_of(request, cast.communications)
    assert said.word == f"Approved, but {request.requester.short_name} has left"
    assert "Communications is told" in said.next_step
    with override("fr-ca"):
        assert "n’est plus en poste" in status_of(request, cast.communications).word


def test_whoever_is_still_here_is_chased_alone(cast: Cast) -> None:
    request = approved(cast)
    with clock.standing_at(timezone.now() + timedelta(days=8)):
        chase()
    assert _told("request.register_reminder") == {cast.teacher}
    assert not _told("request.nobody_registers")
    assert status_of(request, cast.teacher).word == "Approved, register it now"


def test_whoever_holds_no_role_any_more_is_chased_and_communications_told(cast: Cast) -> None:
    approved(cast)
    appoint(cast.teacher, role="supervisor", unit=cast.classroom, by=cast.sysadmin)
    ended = Appointment.objects.get(person=cast.teacher)
    assert not has_stepped_down(cast.teacher)
    end_appointment(ended, on=clock.today(), by=cast.sysadmin)
    with clock.standing_at(timezone.now() + timedelta(days=8)):
        teacher = Person.objects.get(pk=cast.teacher.pk)
        assert has_stepped_down(teacher)
        chase()
    assert _told("request.register_reminder") == {cast.teacher}
    assert cast.communications in _told("request.nobody_registers")
