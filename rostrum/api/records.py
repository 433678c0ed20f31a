"""Full records of accounts for a person's own program: those that the person may read on the pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query, Router

from rostrum.api import staff_shapes as shapes
from rostrum.api.answers import reading_own
from rostrum.api.auth import caller
from rostrum.api.paging import part
from rostrum.api.public import NOTHING, unit_of
from rostrum.api.public_shapes import PublicId
from rostrum.api.showing import record_fields, record_in_full
from rostrum.people.queries import subtree
from rostrum.registry.queries import accounts_visible_to
from rostrum.registry.search import search
from rostrum.tokens.scopes import READ_ACCOUNTS

router = Router()


@router.get(
    "/records", response=reading_own(shapes.RecordList), operation_id="listRecords", tags=["Records"],
    summary="Records that I may read",
)  # fmt: skip
def records(request: HttpRequest, response: HttpResponse, asked: Query[shapes.RecordQuery]) -> dict[str, Any]:
    """Every account whose full record the person may read, in every state, by name."""
    found = accounts_visible_to(caller(request, READ_ACCOUNTS))
    if asked.unit:
        place = unit_of(asked.unit)
        found = found.filter(unit__in=subtree(place).values("pk")) if place else found.none()
    for column, value in (("platform", asked.platform), ("entity_kind", asked.kind), ("state", asked.state)):
        if value:
            found = found.filter(**{column: value})
    return part(
        request, response, search(found, asked.q), asked, order=("name", "pk"),
        show=lambda rows: [record_fields(one) for one in rows],
    )  # fmt: skip


@router.get(
    "/records/{id}", response=reading_own(shapes.RecordInFull, 404), operation_id="readRecord", tags=["Records"],
    summary="One record",
)  # fmt: skip
def record(request: HttpRequest, id: Path[PublicId]) -> dict[str, Any]:
    """Everything that the register holds about one account."""
    found = accounts_visible_to(caller(request, READ_ACCOUNTS)).filter(public_id=id.upper()).first()
    if found is None:
        raise Http404(NOTHING)
    return record_in_full(found)
