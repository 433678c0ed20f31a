"""How a person likes their lists: keeping, renaming and dropping filters; choosing columns. No act of the procedure.

Like typing, none of it is an act: it decides nothing, concerns nobody else and leaves no entry in the log (decision
0006). Taking a table away is one, for it takes people's work data out of the house (see `note_taken_away`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import record
from rostrum.core import clock
from rostrum.core.errors import Invalid, WrongState
from rostrum.core.text import UnsafeText, clean
from rostrum.people.list_models import ChosenColumns, SavedFilter
from rostrum.people.models import Person

MOST = 30  # saved filters of one person on one list: more could not be told apart
NAME_LIMIT, QUERY_LIMIT = 60, 2000


def filters_of(person: Person, listing: str) -> list[SavedFilter]:
    """The filters that a person keeps for a list, by name."""
    return sorted(SavedFilter.objects.filter(person=person, listing=listing), key=lambda one: one.name.casefold())


def filter_of(person: Person, pk: int) -> SavedFilter | None:
    """One filter that a person keeps; nobody else's is found."""
    return SavedFilter.objects.filter(person=person, pk=pk).first() if pk < 2**63 else None


def _name(typed: str) -> str:
    try:
        name = clean(typed, max_length=NAME_LIMIT)
    except UnsafeText:
        message = _("Write the name in plain text of at most %(limit)d characters.") % {"limit": NAME_LIMIT}
        raise Invalid(message, fields={"name": [message]}) from None
    if not name:
        message = _("Give the filter a name, so that you find it again.")
        raise Invalid(message, fields={"name": [message]})
    return name


def _taken(name: str) -> Invalid:
    message = _("You keep a filter called “%(name)s” already. Choose another name.") % {"name": name}
    return Invalid(message, fields={"name": [message]})


@transaction.atomic
def keep_filter(person: Person, listing: str, name: str, query: str) -> SavedFilter:
    """Keep what narrows a list under a name. Raises Invalid for an empty or taken name, WrongState at too many."""
    called = _name(name)
    if not query or len(query) > QUERY_LIMIT:
        raise Invalid(_("Nothing narrows the list. Choose a filter first, then keep it."))
    if SavedFilter.objects.filter(person=person, listing=listing).count() >= MOST:
        raise WrongState(_("You keep %(count)d filters for this list. Delete one first.") % {"count": MOST})
    try:
        with transaction.atomic():
            return SavedFilter.objects.create(
                person=person, listing=listing, name=called, query=query, kept_at=clock.now()
            )
    except IntegrityError:
        raise _taken(called) from None


@transaction.atomic
def rename_filter(kept: SavedFilter, name: str) -> SavedFilter:
    """Another name for a filter. Raises Invalid for an empty or taken one."""
    kept.name = _name(name)
    try:
        with transaction.atomic():
            SavedFilter.objects.filter(pk=kept.pk).update(name=kept.name)
    except IntegrityError:
        raise _taken(kept.name) from None
    return kept


def drop_filter(kept: SavedFilter) -> None:
    """A filter is deleted. What it showed stays as it is."""
    SavedFilter.objects.filter(pk=kept.pk).delete()


def chosen_columns(person: Person, listing: str) -> list[str] | None:
    """The keys of the columns that a person chose for a list; None when they never did."""
    row = ChosenColumns.objects.filter(person=person, listing=listing).values_list("columns", flat=True).first()
    return row if isinstance(row, list) else None


@transaction.atomic
def choose_columns(person: Person, listing: str, columns: Sequence[str] | None) -> None:
    """Show these columns of a list from now on; None for the usual ones."""
    if columns is None:
        ChosenColumns.objects.filter(person=person, listing=listing).delete()
    else:
        ChosenColumns.objects.update_or_create(
            person=person, listing=listing, defaults={"columns": list(dict.fromkeys(columns))}
        )


@transaction.atomic
def note_taken_away(
    person: Person, listing: str, *, label: str, kind: str, count: int, columns: Iterable[str]
) -> None:
    """The log's entry for a table that was taken away: who, which list, in which format, how many rows, which columns.

    The words that were searched for are left out: they may hold a name.
    """
    record(
        person, "list:export", None, label=label, subject=("list", None),
        after={"list": listing, "format": kind, "rows": count, "columns": list(columns)},
    )  # fmt: skip
