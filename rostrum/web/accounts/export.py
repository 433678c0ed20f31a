"""The list of accounts as a table to take away: the same accounts, filters and order as on the page, all pages."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rostrum.core import clock
from rostrum.policies.queries import text
from rostrum.registry.platforms import catalogue
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.listing import Asked, asked_for, managers_of
from rostrum.web.accounts.wording import Places, standing_badge
from rostrum.web.log.reading import safe_cell

AT_ONCE = 500  # accounts read and written together, so that memory does not grow with the list


class _Echo:
    """A file that gives back each line written to it, so that it can be sent on at once."""

    def write(self, line: str) -> str:
        return line


def _cells(asked: Asked) -> Iterator[list[Any]]:
    yield [_("Name"), _("Handle"), _("Speaks for"), _("Platform"), _("Status"), _("Official since"), _("Managers"),
           _("Address")]  # fmt: skip
    labels = {p.key: text(p.label) for p in catalogue()}
    left = asked.found.iterator(chunk_size=AT_ONCE)
    while rows := list(islice(left, AT_ONCE)):
        places, managers = Places(a.unit for a in rows), managers_of(rows)
        for a in rows:
            since = timezone.localtime(a.official_since).date().isoformat()
            yield [a.name, a.handle, places.of(a.unit), labels.get(a.platform, a.platform),
                   standing_badge(a.state)["word"], since, managers.get(a.pk, 0), a.address]  # fmt: skip


@require_safe
@signed_in
def accounts_csv(request: StaffRequest) -> StreamingHttpResponse:
    """The accounts that the filters leave, as CSV (RFC 4180) in UTF-8 with a byte order mark; never a formula."""
    out = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    lines = (out.writerow([safe_cell(cell) for cell in cells]) for cells in _cells(asked_for(request)))
    response = StreamingHttpResponse(chain(["\ufeff"], lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="accounts-{clock.today().isoformat()}.csv"'
    return response
