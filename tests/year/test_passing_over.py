"""What lets the year be lived in a minute: days on which nothing is due may be passed over, and nothing is different."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from rostrum.audit.models import Event
from tests.year.living import Year
from tests.year.reckoning import FIRST, days
from tests.year.story import Story
from tests.year.test_whole_year import DOWN, TWICE, eventful, letters


def everything() -> dict[str, int]:
    """What a stretch of the year leaves: how many rows of every table.

    But the ledger of jobs, and the index of words: each run's accounts have names of their own.
    """
    return {
        model.__name__: model._default_manager.count()
        for model in apps.get_app_config("rostrum").get_models() if model.__name__ not in {"JobRun", "AccountKey"}
    }  # fmt: skip


@pytest.mark.django_db
def test_passing_over_uneventful_days_changes_nothing(settings: Any, tmp_path: Path) -> None:
    """The busiest weeks, lived day by day and with the quiet days passed over: the same letters, the same acts."""
    seen = []
    for whole in (True, False):
        settings.DATA_DIR = tmp_path / str(whole)  # the signed checkpoints of one log are not those of another
        settings.DATA_DIR.mkdir()
        with transaction.atomic():
            story = Story(Year(down=DOWN, twice=TWICE), DOWN)
            needed = eventful(story)
            skipped = set() if whole else set(days()) - needed
            story.year.live(date(2027, 9, 1), date(2027, 10, 5), skip=skipped.__contains__)
            # What the rules find of an account they find on the next night that they look: as much, not as soon.
            acts = Counter(
                (FIRST if act.startswith("finding:") else timezone.localdate(at), act)
                for at, act in Event.objects.values_list("at", "act")
            )
            assert story.year.failed == 0
            seen.append((letters(), acts, everything()))
            transaction.set_rollback(True)
    (told, acted, rows), (told2, acted2, rows2) = seen
    assert told["certify.reminder"], "the stretch has something to lose"
    assert told == told2
    assert (acted - acted2, acted2 - acted) == (Counter(), Counter())
    assert rows == rows2
