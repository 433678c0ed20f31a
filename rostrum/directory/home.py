"""The directory: every account that speaks for the division or one of its schools, found in a moment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from rostrum.core import clock
from rostrum.directory.answers import page as send_page
from rostrum.directory.asked import LONGEST_SEARCH, Asked, past_day
from rostrum.directory.linked import block, of_list
from rostrum.directory.words import Words, choose, name_there, unit_of, words
from rostrum.registry import directory as register
from rostrum.registry.listing import place


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """The list, searched and filtered by what the address says: q, school, kind, platform, retired=1, page.

    Words that find nothing are tried with one slip mended, unless `exact=1`; the page then says so.
    `on` shows it as it was at the end of a past day. A day that cannot be shown is refused with everything else kept.
    """
    known, asked = words(), request.GET
    text = asked.get("q", "")[:LONGEST_SEARCH].strip()
    school, retired = asked.get("school", "").strip(), asked.get("retired", "") == "1"
    kind = choose(known.kinds, asked.get("kind", ""))
    platform = choose(known.platforms, asked.get("platform", ""))
    number = asked.get("page", "1")
    unit = unit_of(school) if school else None
    typed_day = asked.get("on", "").strip()[:LONGEST_SEARCH]
    on, day_fault = past_day(typed_day)
    wanted: dict[str, Any] = {"text": text, "unit": unit, "kind": kind, "platform": platform, "on": on}
    at = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 1
    if school and unit is None:
        found = register.Listing([], 0, False, 1, 1)
    else:
        found = register.page(at, retired=retired, **wanted)
    narrowed = bool(text or school or kind or platform)
    hidden = 0
    asked_for = Asked(text, school, unit, kind, platform, retired, on)
    if not found.count and narrowed and not retired and (unit or not school):
        hidden = register.page(1, retired=True, **wanted).count
    instead = ""
    if text and not found.count and not hidden and (unit or not school) and asked.get("exact", "") != "1":
        near = {**wanted, "retired": retired}
        if instead := register.near(near.pop("text"), **near):
            found = register.page(at, text=instead, **near)
    context = {
        "text": text, "retired": retired, "narrowed": narrowed or retired, "unit": unit, "unit_code": school,
        "on": sum(map(bool, (school, kind, platform, retired))),
        "in_list": school in known.schools,
        "schools": known.options("schools", school), "kinds": known.options("kinds", kind),
        "platforms": known.options("platforms", platform),
        "cards": _cards(found, known), "page": _page(found), "found": found, "hidden": hidden, "instead": instead,
        "hidden_words": ngettext("%(count)d retired account fits.", "%(count)d retired accounts fit.", hidden)
        % {"count": hidden},
        "past": {"day": on, "typed": typed_day, "fault": day_fault, "now": replace(asked_for, on=None).query},
        "query": asked_for.query, "asked_kind": kind, "asked_platform": platform,
        "today": clock.today().isoformat(), "about": block(of_list(found.rows)),
        "count_words": _count_words(found, retired=retired), "unknown_school": bool(school) and unit is None,
    }  # fmt: skip
    return send_page(request, "directory/home.html", context, status=400 if day_fault else 200)


def _cards(found: register.Listing, known: Words) -> list[dict[str, Any]]:
    """The accounts as the list shows them. Plain mappings: a template reads those fastest."""
    base = reverse("directory:account", args=["0"])[:-1]
    return [
        {
            "url": base + row["public_id"],
            "icon": known.icons.get(row["platform"], ""),
            "name": row["name"],
            "there": f"{known.platforms.get(row['platform'], row['platform'])} · "
            + name_there(row["platform"], row["handle"]),
            "place": place(
                row["unit__name"], row["unit__kind"], row["unit__parent__name"] or "", row["unit__parent__kind"] or ""
            ),
            "badge": known.badges[row["state"]],
            "over": row["state"] == "retired",
        }
        for row in found.rows
    ]


class _Counted(list[dict[str, Any]]):
    """Stands in for rows that are counted and not read."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.length = count

    def __len__(self) -> int:
        return self.length


def _page(found: register.Listing) -> Page[dict[str, Any]] | None:
    """What the pager needs; nothing when all fits on one page."""
    if found.pages < 2:
        return None
    return Page(found.rows, found.number, Paginator(_Counted(found.count), register.PAGE_ROWS))


def _count_words(found: register.Listing, *, retired: bool) -> str:
    count = number_format(found.count, use_l10n=True, force_grouping=True)
    if found.more:
        return _("More than %(count)s accounts. Add a word or a filter to see fewer.") % {"count": count}
    if retired:
        return ngettext("%(count)s account, retired ones included", "%(count)s accounts, retired ones included",
                        found.count) % {"count": count}  # fmt: skip
    return ngettext("%(count)s account", "%(count)s accounts", found.count) % {"count": count}
