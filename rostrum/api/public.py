"""What anybody may read: units, platforms, procedures, the directory of accounts, and whether an address is ours."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from ninja import Path, Query, Router

from rostrum.api import public_shapes as shapes
from rostrum.api.answers import reading
from rostrum.api.paging import part
from rostrum.people.models import Unit
from rostrum.people.queries import open_units
from rostrum.policies import queries as policies
from rostrum.policies.models import Edition, Procedure
from rostrum.policies.schema import ClauseText, Document, Form, FormField
from rostrum.registry.directory import by_public_id, directory, public_fields, public_history
from rostrum.registry.models import Account
from rostrum.registry.platforms import catalogue
from rostrum.registry.verifying import verify as ask

router = Router()
NOTHING = gettext_lazy("There is nothing at this address.")


def unit_of(code: str) -> Unit | None:
    """The unit of a code, with what it belongs to."""
    return Unit.objects.select_related("parent").filter(code=code).first()


def unit_fields(unit: Unit) -> dict[str, Any]:
    """What the public may know of a unit."""
    return {
        "code": unit.code, "kind": unit.kind, "name": unit.name, "parent": unit.parent.code if unit.parent else None,
        "street": unit.street, "town": unit.town, "email": unit.email, "phone": unit.phone, "website": unit.website,
        "closed_on": unit.closed_on,
    }  # fmt: skip


def account_fields(account: Account) -> dict[str, Any]:
    """What the public may know of an account, with the code of its unit."""
    return {**public_fields(account, settings.SITE_URL), "unit_code": account.unit.code}


@router.get(
    "/units", response=reading(shapes.UnitList), operation_id="listUnits", tags=["Units"], summary="The division's tree"
)
def units(request: HttpRequest, response: HttpResponse, asked: Query[shapes.UnitQuery]) -> dict[str, Any]:
    """Every open unit, in the order in which they were entered."""
    found = (Unit.objects.all() if asked.closed else open_units()).select_related("parent")
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.under:
        top = unit_of(asked.under)
        found = found.filter(path__startswith=top.path) if top else found.none()
    return part(request, response, found, asked, order=("pk",), show=lambda rows: [unit_fields(one) for one in rows])


@router.get(
    "/units/{code}", response=reading(shapes.UnitOut, 404), operation_id="readUnit", tags=["Units"], summary="One unit"
)
def unit(request: HttpRequest, code: Path[shapes.UnitCode]) -> dict[str, Any]:
    """A unit by its code, open or closed."""
    found = unit_of(code)
    if found is None:
        raise Http404(NOTHING)
    return unit_fields(found)


@router.get(
    "/platforms", response=reading(shapes.PlatformList), operation_id="listPlatforms", tags=["Platforms"],
    summary="Every platform that the procedure speaks of",
)  # fmt: skip
def platforms(request: HttpRequest) -> dict[str, Any]:
    """The catalogue of the edition in force, in its order."""
    rows = [
        {
            "key": one.key, "label": policies.text(one.label), "former_name": one.former_name, "status": one.status,
            "named_by_procedure": one.named_by_procedure, "hosts": list(one.hosts),
        }
        for one in catalogue()
    ]  # fmt: skip
    return {"items": rows, "next": None}


def _edition(key: str, label: str) -> tuple[Edition, Document]:
    found = policies.edition(key, label)
    if found is None:
        raise Http404(NOTHING)
    return found, policies.content(found)


def edition_fields(edition: Edition) -> dict[str, Any]:
    """What a list says of an edition."""
    return {
        "label": edition.label, "effective_from": edition.effective_from, "in_force": edition.in_force,
        "clause_count": edition.clause_count, "sha256": edition.sha256,
    }  # fmt: skip


@router.get(
    "/procedures", response=reading(shapes.ProcedureList), operation_id="listProcedures", tags=["Procedures"],
    summary="Procedures and their editions",
)  # fmt: skip
def procedures(request: HttpRequest) -> dict[str, Any]:
    """Every procedure that was ever loaded."""
    editions: dict[int, list[Edition]] = {}
    for one in Edition.objects.defer("source").order_by("-effective_from", "-pk"):
        editions.setdefault(one.procedure_id, []).append(one)
    rows = []
    for procedure in Procedure.objects.order_by("key"):
        own = editions.get(procedure.pk, [])
        if not own:
            continue
        told = next((one for one in own if one.in_force), own[0])
        title = policies.text(policies.content(told).procedure.title)
        rows.append({"key": procedure.key, "title": title, "editions": [edition_fields(one) for one in own]})
    return {"items": rows, "next": None}


def clause_fields(edition: str, clause: ClauseText) -> dict[str, Any]:
    """One clause, in the reader's language."""
    return {
        "citation": f"{edition}#{clause.number}", "number": clause.number, "title": policies.text(clause.title),
        "text": policies.text(clause.text), "kind": clause.kind, "scope": clause.scope, "carried": clause.carried,
        "refers_to": list(clause.refers_to),
    }  # fmt: skip


@router.get(
    "/procedures/{key}/editions/{label}/clauses", response=reading(shapes.ClauseList, 404), operation_id="listClauses",
    tags=["Procedures"], summary="The clauses of an edition",
)  # fmt: skip
def clauses(request: HttpRequest, key: Path[shapes.Key], label: Path[shapes.Label]) -> dict[str, Any]:
    """Every clause, in the procedure's order. An edition that is no longer in force keeps its own."""
    edition, document = _edition(key, label)
    return {"items": [clause_fields(str(edition), one) for one in document.clauses], "next": None}


@router.get(
    "/procedures/{key}/editions/{label}/clauses/{number}", response=reading(shapes.ClauseOut, 404),
    operation_id="readClause", tags=["Procedures"], summary="One clause",
)  # fmt: skip
def clause(
    request: HttpRequest, key: Path[shapes.Key], label: Path[shapes.Label], number: Path[shapes.Number]
) -> dict[str, Any]:
    """What a citation points at: ap-193@2015-09#3.1 is procedure ap-193, edition 2015-09, clause 3.1."""
    edition, document = _edition(key, label)
    found = document.clause(number)
    if found is None:
        raise Http404(NOTHING)
    return clause_fields(str(edition), found)


def field_fields(one: FormField, document: Document) -> dict[str, Any]:
    """One field of a form, with what may be chosen."""
    options = [{"value": option.value, "label": policies.text(option.label)} for option in one.options]
    if one.options_from == "entity_kinds":
        options = [{"value": kind.key, "label": policies.text(kind.label)} for kind in document.entity_kinds]
    elif one.type == "platform":
        options = [{"value": entry.key, "label": policies.text(entry.label)} for entry in document.platforms]
    return {
        "key": one.key, "type": one.type, "required": one.required, "label": policies.text(one.label),
        "help": policies.text(one.help), "clause": one.clause, "max_length": one.max_length, "options": options,
    }  # fmt: skip


@router.get(
    "/procedures/{key}/editions/{label}/forms/{use}", response=reading(shapes.FormOut, 404), operation_id="readForm",
    tags=["Procedures"], summary="The fields of a form",
)  # fmt: skip
def form(
    request: HttpRequest, key: Path[shapes.Key], label: Path[shapes.Label], use: Path[shapes.FormUse]
) -> dict[str, Any]:
    """What Form 193-1 (`request`) or the Registration Form (`registration`) asks: the keys of `answers`."""
    _found, document = _edition(key, label)
    try:
        form: Form = document.form(use)
    except KeyError:
        raise Http404(NOTHING) from None
    return {
        "key": form.key, "use": form.use, "title": policies.text(form.title), "edition": form.edition,
        "fields": [field_fields(one, document) for section in form.sections for one in section.fields],
    }  # fmt: skip


@router.get(
    "/accounts", response=reading(shapes.AccountList), operation_id="listAccounts", tags=["Accounts"],
    summary="The directory of official accounts",
)  # fmt: skip
def accounts(request: HttpRequest, response: HttpResponse, asked: Query[shapes.AccountQuery]) -> dict[str, Any]:
    """Every account that is official or suspended, by name, filtered as on the page."""
    place = unit_of(asked.unit) if asked.unit else None
    found = directory(
        text=asked.q, unit=place, kind=asked.kind or "", platform=asked.platform or "", retired=asked.retired
    )
    if asked.unit and place is None:
        found = found.none()
    return part(
        request, response, found, asked, order=("name", "pk"), show=lambda rows: [account_fields(one) for one in rows]
    )


@router.get(
    "/accounts/{id}", response=reading(shapes.AccountInFull, 404), operation_id="readAccount", tags=["Accounts"],
    summary="One account",
)  # fmt: skip
def account(request: HttpRequest, id: Path[shapes.PublicId]) -> dict[str, Any]:
    """An account by its public number, in any letter case, with its history."""
    found = by_public_id(id)
    if found is None:
        raise Http404(NOTHING)
    history = [{"standing": one.standing, "since": one.since, "until": one.until} for one in public_history(found)]
    return {**account_fields(found), "history": history}


@router.get(
    "/verify", response=reading(shapes.AnswerOut), operation_id="verify", tags=["Verify"],
    summary="Is this account ours?",
)  # fmt: skip
def verify(request: HttpRequest, response: HttpResponse, asked: Query[shapes.VerifyQuery]) -> dict[str, Any]:
    """The answer about a pasted address or handle. No cache keeps it: it may change any minute."""
    response.headers["Cache-Control"] = "no-store"
    found = ask(asked.url)
    told = found.as_dict(settings.SITE_URL)
    for name in ("account", "resembles"):
        one = getattr(found, name)
        told[name] = account_fields(one) if one else None
    return told
