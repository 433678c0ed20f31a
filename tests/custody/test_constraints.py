"""What the database itself refuses of custody and guidance: forged rows that no act of ours could make."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from rostrum.core import clock
from rostrum.custody import campaigns, departures, managing
from rostrum.custody.campaign_models import HandOverAnswer, HandOverCampaign, HandOverLine
from rostrum.custody.departure_models import Departure, DepartureItem
from rostrum.custody.models import AccountTie, HandOver, HelperGroup, Shortage
from rostrum.guidance.models import Acknowledgement
from rostrum.policies.queries import in_force
from rostrum.registry.models import Account, Designation
from tests.cast import Cast, official

pytestmark = pytest.mark.django_db


def _twice(make: Callable[[], object]) -> None:
    make()
    make()


def _copy(thing: models.Model, **changes: Any) -> None:
    thing.pk = None
    thing._state.adding = True
    for name, value in changes.items():
        setattr(thing, name, value)
    thing.save(force_insert=True)


def _tie(cast: Cast, account: Account | None = None, **changes: Any) -> AccountTie:
    said = {"person": cast.teacher, "kind": "recovery", "since": clock.now(), "by": cast.teacher, **changes}
    return AccountTie.objects.create(account=account or official(cast), **said)


def _two_who_answer(cast: Cast) -> None:
    account = official(cast)
    _tie(cast, account, kind="answers")
    _tie(cast, account, kind="answers", person=cast.colleague)


def _tied_twice(cast: Cast) -> None:
    account = official(cast)
    _twice(lambda: _tie(cast, account))


def _group(cast: Cast, account: Account | None = None, **changes: Any) -> HelperGroup:
    said = {"label": "yearbook team", "adult": cast.teacher, "since": clock.now(), **changes}
    return HelperGroup.objects.create(account=account or official(cast), **said)


def _grouped_twice(cast: Cast) -> None:
    account = official(cast)
    _twice(lambda: _group(cast, account))


def _hand_over(cast: Cast) -> HandOver:
    mine = Designation.objects.get(registration=official(cast).registration, person=cast.teacher)
    return managing.hand_over(mine, cast.superintendent, by=cast.teacher)


def _another_taker(cast: Cast) -> None:
    it = _hand_over(cast)
    other = managing.name_manager(it.account, cast.principal, by=cast.teacher)
    _copy(it, taken_by=other)


def _to_oneself(cast: Cast) -> None:
    it = _hand_over(cast)
    HandOver.objects.filter(pk=it.pk).update(given_by=it.taken_by_id)


def _short(cast: Cast) -> None:
    account = official(cast)
    _twice(lambda: Shortage.objects.create(account=account, left=1, raised_at=clock.now()))


def _gone(cast: Cast) -> Departure:
    official(cast)
    found = departures.depart(cast.colleague, by=cast.sysadmin)
    assert found is not None
    return found


def _read(cast: Cast) -> None:
    Acknowledgement.objects.create(person=cast.teacher, edition=in_force(), given_at=clock.now())


def _campaign(cast: Cast) -> HandOverCampaign:
    official(cast)
    return campaigns.start(cast.school, by=cast.principal, name="June", ends_on=clock.today() + timedelta(days=9))


def _line(cast: Cast) -> HandOverLine:
    return _campaign(cast).lines.get()


def _said(cast: Cast, **about: Any) -> None:
    HandOverAnswer.objects.create(line=_line(cast), goes=True, **about)


def _said_twice(cast: Cast, group: bool = False) -> None:
    line = _line(cast)
    about: dict[str, Any] = {"group": _group(cast, line.account)} if group else {"person": cast.teacher}
    _twice(lambda: HandOverAnswer.objects.create(line=line, goes=True, **about))


FORGERIES: dict[str, Callable[[Cast], object]] = {
    "an_edition_is_acknowledged_once": lambda c: _twice(lambda: _read(c)),
    "tied_once_in_each_way": _tied_twice,
    "one_supervising_administrator": _two_who_answer,
    "a_tie_ends_after_it_begins": lambda c: _tie(c, until=clock.now() - timedelta(days=1)),
    "one_group_of_helpers_of_a_label": _grouped_twice,
    "a_group_has_somebody_in_it": lambda c: _group(c, size=0),
    "a_group_of_helpers_is_called_something": lambda c: _group(c, label=""),
    "one_open_hand_over_of_a_manager": _another_taker,
    "a_hand_over_goes_to_somebody_else": _to_oneself,
    "one_running_hand_over_campaign_per_place": lambda c: _copy(_campaign(c)),
    "a_hand_over_campaign_ends_later": lambda c: HandOverCampaign.objects.filter(pk=_campaign(c).pk).update(
        ends_on=clock.today()
    ),
    "a_hand_over_campaign_has_a_name": lambda c: HandOverCampaign.objects.filter(pk=_campaign(c).pk).update(name=""),
    "an_account_stands_once_in_a_campaign": lambda c: _copy(_line(c)),
    "an_answer_has_somebody_who_gave_it": lambda c: HandOverLine.objects.filter(pk=_line(c).pk).update(
        state="answered"
    ),
    "one_answer_per_person": _said_twice,
    "one_answer_per_group": lambda c: _said_twice(c, group=True),
    "an_answer_is_about_a_person_or_a_group": lambda c: _said(c),
    "one_open_shortage_per_account": _short,
    "one_open_departure_per_person": lambda c: _copy(_gone(c)),
    "who_has_left_left_at_some_moment": lambda c: Departure.objects.filter(pk=_gone(c).pk).update(since=None),
    "an_account_stands_once_in_a_departure": lambda c: _copy(_gone(c).items.get()),
    "nothing_is_green_before_three_confirmations": lambda c: DepartureItem.objects.filter(departure=_gone(c)).update(
        state="done"
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_the_database_refuses(name: str, cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        FORGERIES[name](cast)


def test_every_constraint_has_its_forgery() -> None:
    declared = {
        constraint.name
        for model in apps.get_app_config("rostrum").get_models()
        for constraint in model._meta.constraints
        if model.__module__.split(".")[1] in {"guidance", "custody"}
    }
    assert declared == set(FORGERIES)
