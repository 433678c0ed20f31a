"""A list as a table to take away: the rows, filters, order and columns of the page, all pages of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from rostrum.core import clock
from rostrum.core.tables import Cell, csv_lines, xlsx_file
from rostrum.people.lists import note_taken_away
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.lists.catalogue import the_listing

CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@signed_in
def table(request: StaffRequest, listing: str, format: str) -> HttpResponseBase:
    """`csv` or `xlsx` of everything that the filters of the address leave, in the columns that the reader chose.

    Whoever may read the list may take it away; that it was taken is in the log. A HEAD takes nothing away.
    """
    chosen = the_listing(listing)
    if format not in {"csv", "xlsx"}:
        raise Http404
    columns = chosen.shown(request.user)
    heads = [str(one.label) for one in columns]
    name = f"{chosen.key}-{clock.today().isoformat()}.{format}"

    def noted(count: int) -> None:
        if request.method == "GET":
            note_taken_away(
                request.user, chosen.key, label=str(chosen.title), kind=format, count=count,
                columns=[one.key for one in columns],
            )  # fmt: skip

    cells = _counted(([row.get(one.key) for one in columns] for row in chosen.rows(request)), noted)
    if format == "csv":
        response = StreamingHttpResponse(csv_lines(heads, cells), content_type=CSV)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    return FileResponse(xlsx_file(str(chosen.title), heads, cells), as_attachment=True, filename=name,
                        content_type=XLSX)  # fmt: skip


def _counted(rows: Iterator[list[Cell]], done: Callable[[int], None]) -> Iterator[list[Cell]]:
    """The rows as they come; when the last one is through, `done` hears how many there were."""
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the last number is what is wanted
        yield row
    done(count)
