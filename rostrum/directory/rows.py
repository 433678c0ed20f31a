"""The directory as JSON and CSV: the same accounts as the page, under keys that only ever grow."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rostrum.core.tables import safe_cell
from rostrum.directory.asked import Asked, asked, refused
from rostrum.directory.machines import Made, for_machines, send_made
from rostrum.people.queries import division
from rostrum.registry import directory as register
from rostrum.registry.change_queries import as_called, called_on
from rostrum.registry.dated import end_of, last_change
from rostrum.registry.listing import OFFICIAL, RETIRED, read_as
from rostrum.registry.models import Account

PAGE_ACCOUNTS = 1_000  # more than most divisions have: most readers never need the second page
COLUMNS = (
    "id", "name", "unit", "unit_id", "school", "kind", "platform", "handle", "address", "standing", "official_since",
    "standing_since", "page", "unit_page", "merged_into",
)  # fmt: skip
BOM = "\ufeff"  # without it the most used spreadsheet reads UTF-8 as Windows-1252 and "École" as "Ã‰cole"


@for_machines
def as_json(request: HttpRequest) -> HttpResponseBase:
    """`/directory.json`: the filters of the page; `after` continues behind the account of that id."""
    wanted = asked(request)
    after, problems = request.GET.get("after", ""), dict(wanted.problems)
    last = register.by_public_id(after) if after else None
    if after and last is None:
        problems["after"] = _("There is no account with this id.")
    if problems:
        return refused(problems)
    key = ("json", wanted.query, last.public_id if last else "")
    return send_made(request, key, lambda: json_of(wanted, last), kind="application/json", lang="en")


@for_machines
def as_csv(request: HttpRequest) -> HttpResponseBase:
    """`/directory.csv`: the same rows, all of them, for a spreadsheet."""
    wanted = asked(request)
    if wanted.problems:
        return refused(wanted.problems)
    name = f"directory-{wanted.on.isoformat()}.csv" if wanted.on else "directory.csv"
    kind = "text/csv; charset=utf-8"
    return send_made(request, ("csv", wanted.query), lambda: (csv_of(wanted), ""), kind=kind, lang="en", name=name)


def address(name: str, query: str = "", **more: str) -> str:
    """A whole address of the directory's, with a question behind it."""
    tail = "&".join(part for part in (query, urlencode(more)) if part)
    return settings.SITE_URL + reverse(f"directory:{name}") + (f"?{tail}" if tail else "")


def json_of(wanted: Asked, last: Account | None = None, *, size: int = PAGE_ACCOUNTS) -> Made:
    """One page of the directory as a JSON document, and the Link header that leads to the next."""
    accounts = register.directory(**wanted.wanted)
    total = accounts.select_related(None).count()
    if last is not None:
        accounts = accounts.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    rows = list(told(accounts[: size + 1], wanted))
    following = address("json", wanted.query, after=rows[size - 1]["id"]) if len(rows) > size else None
    changed, root = last_change(), division()
    document = {
        "title": settings.DIVISION_NAME or (root.name if root else settings.SITE_NAME),
        "home": f"{settings.SITE_URL}/", "on": wanted.on.isoformat() if wanted.on else None,
        "changed": timezone.localtime(changed).isoformat(timespec="seconds") if changed else None,
        "total": total, "next": following,
        "links": {
            "self": address("json", wanted.query), "page": address("home", wanted.query),
            "csv": address("csv", wanted.query), "changes": address("atom"), "trust": address("trust"),
        },
        "accounts": rows[:size],
    }  # fmt: skip
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    return body, f'<{following}>; rel="next"' if following else ""


def csv_of(wanted: Asked) -> bytes:
    """The directory as CSV (RFC 4180) in UTF-8 with a byte order mark; cells that no spreadsheet takes for formulas."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for row in told(register.directory(**wanted.wanted), wanted):
        writer.writerow([safe_cell(row[name]) for name in COLUMNS])
    return out.getvalue().encode()


def told(accounts: QuerySet[Account], wanted: Asked) -> Iterator[dict[str, Any]]:
    """Accounts as machines are told of them, under COLUMNS: what is public of an account, never a person's data."""
    site = settings.SITE_URL
    page, unit_page = reverse("directory:account", args=["0"])[:-1], reverse("directory:unit", args=["0"])[:-1]
    past = ("then", "then_since") if wanted.on else ()
    rows = accounts.select_related(None).values(
        "pk", "public_id", "name", "handle", "platform", "address", "entity_kind", "state", "official_since",
        "standing_since", "unit__name", "unit__code", "unit__kind", "unit__parent__name", "unit__parent__kind",
        "merged_into__public_id", *past,
    )  # fmt: skip
    # Few accounts were ever called otherwise, so those that were on that day are read at once.
    called = called_on(end_of(wanted.on)) if wanted.on else {}
    for row in rows:
        if row["pk"] in called:
            row = {**row, **as_called(called[row["pk"]])}
        standing = read_as(row["then"] if wanted.on else row["state"])
        since = row["then_since"] if wanted.on else row["standing_since"]
        own = row["unit__kind"] in {"school", "department"}
        beneath = row["unit__parent__kind"] in {"school", "department"}
        yield {
            "id": row["public_id"], "name": row["name"], "unit": row["unit__name"], "unit_id": row["unit__code"],
            "school": row["unit__name"] if own else (row["unit__parent__name"] if beneath else None),
            "kind": row["entity_kind"], "platform": row["platform"], "handle": row["handle"],
            "address": row["address"], "standing": standing,
            "official_since": timezone.localdate(row["official_since"]).isoformat(),
            # While it is official, its last change may have been a review, which is the division's own affair.
            "standing_since": None if standing == OFFICIAL else timezone.localdate(since).isoformat(),
            "page": f"{site}{page}{row['public_id']}", "unit_page": f"{site}{unit_page}{row['unit__code']}",
            "merged_into": row["merged_into__public_id"] if standing == RETIRED else None,
        }  # fmt: skip
