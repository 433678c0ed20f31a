"""What every list of the staff pages shares: its columns, the filters kept for it, and what fell out of a filter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.urls import reverse
from django.utils.functional import Promise

from rostrum.core.tables import Cell
from rostrum.core.text import fold
from rostrum.people import lists
from rostrum.people.models import Person
from rostrum.registry.search import WORD, nearest
from rostrum.web.access import StaffRequest

Row = Mapping[str, Cell]


@dataclass(frozen=True)
class Column:
    """One column: `usual` ones are shown until the reader chooses, an `always` one cannot be taken away."""

    key: str
    label: Promise | str
    usual: bool = True
    always: bool = False


@dataclass(frozen=True)
class Listing:
    """One list: its name in addresses, its page, its columns, what may narrow it, and its rows for a table.

    `rows` yields every row that the filters of a request leave, as plain cells by column, in the order of the page.
    """

    key: str
    title: Promise | str
    page: str
    columns: tuple[Column, ...]
    narrows: tuple[str, ...]
    rows: Callable[[StaffRequest], Iterator[Row]]
    carries: tuple[str, ...] = ("sort",)

    def shown(self, person: Person) -> list[Column]:
        """The columns that the person wants to see, in the list's own order."""
        chosen = lists.chosen_columns(person, self.key)
        return [one for one in self.columns if one.always or (one.usual if chosen is None else one.key in chosen)]

    def query(self, given: str) -> str:
        """Of the query of an address: what narrows or orders this list, in one order, so that two can be compared."""
        names = (*self.narrows, *self.carries)
        pairs = {name: value.strip()[:200] for name, value in parse_qsl(given, max_num_fields=100) if name in names}
        return urlencode({name: pairs[name] for name in names if pairs.get(name)})

    def narrowed(self, query: str) -> bool:
        """Whether a query narrows anything; an order alone does not."""
        return any(name in self.narrows for name, _value in parse_qsl(query))

    def address(self, query: str = "") -> str:
        """The list's page, with a query."""
        return reverse(self.page) + (f"?{query}" if query else "")


def asked_query(listing: Listing, request: StaffRequest) -> str:
    """What narrows and orders the list in the address that was asked for. Never an error, whatever it holds."""
    try:
        return listing.query(request.META.get("QUERY_STRING", ""))
    except ValueError:
        return ""


def tools(listing: Listing, request: StaffRequest, form: forms.Form | None = None) -> dict[str, Any]:
    """What the tools above a list need: kept filters, columns, where its table is; which filters narrow nothing now."""
    query, me = asked_query(listing, request), request.user
    shown = {one.key for one in listing.shown(me)}
    lost = [str(form.fields[name].label) for name in form.errors if name in form.fields] if form else []
    return {
        "key": listing.key,
        "query": query,
        "narrowed": listing.narrowed(query),
        "kept": [
            {"it": one, "url": listing.address(one.query), "current": one.query == query}
            for one in lists.filters_of(me, listing.key)
        ],
        "columns": [{"it": one, "shown": one.key in shown} for one in listing.columns if not one.always],
        "shown": shown,
        "lost": lost,
    }


def instead_of(typed: str, finds: Callable[[str], bool], *, words: Callable[[], Iterator[str]], of: str = "") -> str:
    """Other words, one slip from what was typed, that do find something; "" when there are none.

    `words` gives texts whose words count beside those of the register (`of`, see registry.search.WORDS_OF).
    """
    known = {word for text in words() for word in WORD.findall(fold(text))}
    return nearest(typed, finds, of=of or "account", also=known)
