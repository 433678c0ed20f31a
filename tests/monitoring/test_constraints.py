"""What the database itself refuses about kept posts, findings and rules, whoever writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from rostrum.archive.models import Post, PostVersion
from rostrum.monitoring.models import Finding, OwnRule, RuleChoice
from rostrum.monitoring.tuning import choose
from tests.cast import Cast
from tests.monitoring.reached import answered, confirmed, kept, opened
from tests.web.everywhere import an_own_rule

pytestmark = pytest.mark.django_db


def _copy(thing: models.Model, **changes: Any) -> None:
    """Insert a second row like the first, with something forged."""
    thing.pk = None
    thing._state.adding = True
    for name, value in changes.items():
        setattr(thing, name, value)
    thing.save(force_insert=True)


def _change(thing: models.Model, **changes: Any) -> None:
    type(thing)._default_manager.filter(pk=thing.pk).update(**changes)


def _choice(cast: Cast) -> RuleChoice:
    return choose("person.phone", by=cast.communications, silenced=True, reason="Noise.")


FORGERIES: dict[str, Callable[[Cast], None]] = {
    "one_post_per_address": lambda c: _copy(kept(c).post),
    "a_post_has_an_address": lambda c: _change(kept(c).post, address=""),
    "versions_are_counted": lambda c: _copy(kept(c)),
    "versions_start_at_one": lambda c: _change(kept(c), number=0),
    "one_standing_finding_per_evidence": lambda c: _copy(opened(c)),
    "dismissed_by_somebody_for_a_reason": lambda c: _change(opened(c), state="dismissed", decided_by=c.principal),
    "confirmed_by_somebody_with_a_task": lambda c: _change(confirmed(c), task=""),
    "answered_by_somebody": lambda c: _change(answered(c), answered_by=None),
    "one_choice_per_rule_today": lambda c: _copy(_choice(c)),
    "a_choice_about_a_rule_has_a_reason": lambda c: _change(_choice(c), reason=""),
    "own_rules_have_names_of_their_own": lambda c: _copy(an_own_rule(c)),
    "a_rule_in_use_was_tried": lambda c: _change(an_own_rule(c), state="live", tried_at=None),
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
        if model.__module__.split(".")[1] in {"archive", "monitoring"}
    }
    assert declared == set(FORGERIES)
    assert {Post, PostVersion, Finding, OwnRule, RuleChoice} <= set(apps.get_app_config("rostrum").get_models())
