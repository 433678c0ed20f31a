"""Work of the imports that takes too long for a page, and the hourly clearing away of what nobody confirmed."""

from __future__ import annotations

from datetime import timedelta

from django.utils import translation

from rostrum.intake import accounts, accounts_reading, actions
from rostrum.intake.accounts_models import AccountList
from rostrum.intake.models import ImportRun
from rostrum.jobs.actions import enqueue
from rostrum.jobs.registry import job
from rostrum.people.models import Person


def _count_again() -> None:
    """Thousands of rows are new: the database counts again, in a run of its own that may fail without this one."""
    enqueue("jobs.statistics")


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
    _count_again()


@job("intake.read_accounts")
def read_accounts(batch: int, language: str = "en-ca") -> None:
    """Reads a large list of accounts, or judges its rows again, and then lets it wait for a person."""
    with translation.override(language):
        accounts_reading.read(AccountList.objects.get(pk=batch))


@job("intake.take_accounts")
def take_accounts(batch: int, by: int, language: str = "en-ca") -> None:
    """Takes in a long list of accounts that a person confirmed: all of it or nothing."""
    with translation.override(language):
        accounts.take(AccountList.objects.get(pk=batch), by=Person.objects.get(pk=by))
    _count_again()


@job("intake.clear", every=timedelta(hours=1))
def clear() -> None:
    """Deletes uploads that nobody confirmed for a day."""
    actions.clear_old()
