"""Evidence that nothing refers to is cleared away after a week; what any row or the log still names stays."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client

from rostrum.audit.actions import record
from rostrum.core import clock, evidence
from rostrum.jobs.models import JobRun
from rostrum.jobs.registry import JOBS
from rostrum.notices.models import Notice
from rostrum.registry.clearing import clear_evidence, is_cited
from rostrum.registry.known_models import KnownAccount
from tests.cast import Cast
from tests.core.test_pictures import png
from tests.web.everywhere import a_known_account

pytestmark = pytest.mark.django_db


def picture(n: int) -> bytes:
    """A picture like no other."""
    return png(width=n)


def kept(n: int = 1, *, days_ago: float = 8) -> Path:
    """A picture that somebody uploaded some days ago."""
    place = evidence.path_of(*evidence.keep(SimpleUploadedFile("seen.png", picture(n))))
    aged(place, days_ago)
    return place


def aged(place: Path, days: float) -> None:
    then = clock.now().timestamp() - days * 86_400
    os.utime(place, (then, then))


def test_what_nothing_refers_to_goes_after_a_week(db: None) -> None:
    old, young = kept(1), kept(2, days_ago=6.9)
    assert clear_evidence() == 1
    assert (old.exists(), young.exists()) == (False, True)
    assert clear_evidence(clock.now() + timedelta(days=1)) == 1
    assert clear_evidence(clock.now() + timedelta(days=1)) == 0


def test_a_form_that_was_refused_leaves_a_picture_that_goes(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.teacher)
    typed = {"address": "https://x.com/rendellowls/status/1", "unit": "rendell", "note": "x",
             "screenshot": SimpleUploadedFile("seen.png", picture(7))}  # fmt: skip
    assert client.post("/staff/known/found/", typed).status_code == 422
    for place in (settings.DATA_DIR / "evidence").glob("*/*"):
        aged(place, 8)
    clear_evidence()
    assert list((settings.DATA_DIR / "evidence").glob("*/*")) == []


def in_a_column(place: Path, cast: Cast) -> None:
    KnownAccount.objects.update(screenshot=place.stem, screenshot_type="png")


def in_the_log(place: Path, cast: Cast) -> None:
    record(cast.communications, "knownaccount:note", KnownAccount.objects.get(), after={"screenshot": place.stem})


def in_a_letter(place: Path, cast: Cast) -> None:
    notice = Notice.objects.first()
    assert notice is not None
    Notice.objects.filter(pk=notice.pk).update(context={**notice.context, "seen": [{"picture": place.stem}]})


def in_waiting_work(place: Path, cast: Cast) -> None:
    JobRun.objects.create(name="x", args={"picture": f"{place.stem}.png"}, queued_at=clock.now())


@pytest.mark.parametrize("cite", [in_a_column, in_the_log, in_a_letter, in_waiting_work])
def test_what_the_record_still_cites_is_never_deleted(cast: Cast, cite: Callable[[Path, Cast], None]) -> None:
    a_known_account(cast)
    place = kept(3, days_ago=4000)
    other = kept(4, days_ago=4000)
    cite(place, cast)
    assert is_cited(place.stem)
    clear_evidence()
    assert (place.exists(), other.exists()) == (True, False)


def test_every_column_that_may_hold_a_hash_is_asked(cast: Cast) -> None:
    """A package that keeps evidence tomorrow is safe without saying so anywhere."""
    named = [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField) and ("screenshot" in field.name or "proof" in field.name)
        and not field.name.endswith("_type")
    ]  # fmt: skip
    assert len(named) >= 2
    assert all((field.max_length or 0) >= 64 for _model, field in named)


def test_what_is_sent_again_counts_as_new(db: None) -> None:
    place = kept(5, days_ago=100)
    evidence.keep(SimpleUploadedFile("seen.png", picture(5)))
    assert clear_evidence() == 0
    assert place.exists()


def test_what_comes_to_be_cited_while_the_job_runs_stays(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    place = kept(6)

    def asked_meanwhile(digest: str) -> bool:
        evidence.keep(SimpleUploadedFile("seen.png", picture(6)))
        return False

    monkeypatch.setattr("rostrum.registry.clearing.is_cited", asked_meanwhile)
    assert clear_evidence() == 0
    assert place.exists()


def test_half_a_file_of_a_process_that_died_goes_and_other_files_are_left_alone(db: None) -> None:
    folder = kept(8, days_ago=1).parent
    half, foreign = folder / "tmpabc123", folder / "README.txt"
    for file in (half, foreign):
        file.write_bytes(b"x")
        aged(file, 30)
    assert clear_evidence() == 1
    assert (half.exists(), foreign.exists()) == (False, True)


def test_it_runs_every_night(db: None) -> None:
    assert JOBS["evidence.clear"].cron
    place = kept(9)
    JOBS["evidence.clear"].body()
    assert not place.exists()


def test_without_any_evidence_there_is_nothing_to_do(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    assert clear_evidence() == 0
