"""Work of the imports that takes too long for a page, and the hourly clearing away of what nobody confirmed."""

from __future__ import annotations

from datetime import timedelta

from django.utils import translation

from rostrum.intake import actions
from rostrum.intake.models import ImportRun
from rostrum.jobs.registry import job


@job("intake.read")
def read(run: int, language: str = "en-ca") -> None:
    """Reads a large upload and works out what it would change."""
    with translation.override(language):
        actions.read(ImportRun.objects.get(pk=run))


@job("intake.apply")
def apply(run: int, language: str = "en-ca") -> None:
    """Applies a large import that a person confirmed: all of it or nothing."""
    with translation.override(language):
        actions.apply(ImportRun.objects.get(pk=run))


@job("intake.clear", every=timedelta(hours=1))
def clear() -> None:
    """Deletes uploads that nobody confirmed for a day."""
    actions.clear_old()
