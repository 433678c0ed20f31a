"""The SCIM endpoint: users are found, made, changed, and noted as having left. Every act is one that pages use."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from rostrum.api import auth, rate
from rostrum.api.models import Provisioned
from rostrum.api.problems import Problem
from rostrum.api.scim import showing
from rostrum.api.scim.errors import ScimError, answer, refused
from rostrum.api.scim.reading import USER, User, changes_of, filter_of, user_of
from rostrum.core.errors import Invalid, NotAllowed, Refusal
from rostrum.custody import departures
from rostrum.custody.departure_models import DepartureSource
from rostrum.people import actions
from rostrum.people.bulk import PersonChange, change_people
from rostrum.people.models import Person, PersonKind, Role
from rostrum.people.queries import roles_of
from rostrum.policies import queries as policies
from rostrum.registry.mailbox import check_mailbox
from rostrum.tokens.scopes import SCIM

View = Callable[..., HttpResponse]
MEDIA_TYPES = {"application/scim+json", "application/json"}


def scim(**methods: View) -> Callable[..., HttpResponseBase]:
    """An address of the endpoint: who calls, how often, with which method; every no in SCIM's own form."""

    @csrf_exempt  # no cookie counts here
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        translation.activate(settings.LANGUAGE_CODE)  # what is said is for the provider's log
        told: dict[str, str] = {}
        try:
            caller, told = _caller(request)
            view = methods.get(request.method or "")
            if view is None:
                allow = ", ".join(sorted(methods))
                raise ScimError(
                    405, _("This address knows %(methods)s.") % {"methods": allow}, headers={"Allow": allow}
                )
            response = view(request, caller, *args, **kwargs)
        except ScimError as error:
            response = refused(error)
        except Refusal as refusal:
            response = refused(_of_refusal(refusal))
        for name, value in told.items():
            response.headers[name] = value
        return response

    return enter


def _caller(request: HttpRequest) -> tuple[Person, dict[str, str]]:
    """The system administrator whose token this is; only theirs may carry the scope."""
    caller = auth.caller_of(request)
    who = f"token:{caller.token.pk}" if caller else f"address:{rate.address_of(request)}"
    left = rate.count(who, rate.PER_TOKEN if caller else rate.PER_ADDRESS)
    if left.over:
        raise ScimError(429, _("Too many requests within a minute."), headers=left.headers())
    if caller is None:
        raise ScimError(401, _("Send an access token with the scope scim."), headers={"WWW-Authenticate": auth.REALM})
    try:
        auth.check_second_factor(caller)
    except Problem as problem:
        raise ScimError(403, problem.detail) from None
    if SCIM not in caller.token.scopes or Role.SYSADMIN not in roles_of(caller.person):
        raise ScimError(403, _("Only a system administrator's token with the scope scim opens this."))
    return caller.person, left.headers()


def _of_refusal(refusal: Refusal) -> ScimError:
    """What the register refuses, in SCIM's words."""
    if isinstance(refusal, Invalid):
        said = " ".join(message for many in refusal.fields.values() for message in many) or refusal.message
        return ScimError(400, said, "invalidValue")
    return ScimError(refusal.status, refusal.message, "mutability" if isinstance(refusal, NotAllowed) else "")


def _body(request: HttpRequest) -> Any:
    if request.content_type not in MEDIA_TYPES:
        raise ScimError(415, _("Send application/scim+json."))
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise ScimError(413, _("This is too large."))
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise ScimError(400, _("The body is no JSON."), "invalidSyntax") from None


def _number(typed: str) -> int:
    """The number of a user; 0, which nobody has, for what is no number."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0


def _person(number: str) -> Person:
    found = Person.objects.filter(pk=_number(number)).first()
    if found is None:
        raise ScimError(404, _("There is no user of this number."))
    return found


def _shown(person: Person, status: int = 200) -> HttpResponse:
    person.refresh_from_db()
    external = showing.externals([person]).get(person.pk, "")
    headers = {"Location": f"{showing.base()}/Users/{person.pk}"} if status == 201 else None
    return answer(showing.user(person, external), status, headers)


def _whole(request: HttpRequest, name: str, usual: int, most: int) -> int:
    typed = request.GET.get(name, "")
    if not typed:
        return usual
    if not typed.lstrip("-").isascii() or not typed.lstrip("-").isdigit() or len(typed) > 9:
        raise ScimError(400, _("%(name)s must be a whole number.") % {"name": name}, "invalidValue")
    return max(0, min(int(typed), most))


def users(request: HttpRequest, caller: Person) -> HttpResponse:
    """The list of people, or the one that a filter names."""
    asked = filter_of(request.GET.get("filter", "")[:600])
    found = Person.objects.order_by("pk")
    if asked.column == "email":
        found = found.filter(email__iexact=_kept(asked.value))
    elif asked.column == "external":
        found = found.filter(pk__in=Provisioned.objects.filter(external=_kept(asked.value)).values("person"))
    elif asked.column == "pk":
        found = found.filter(pk=_number(asked.value))
    elif asked.column == "active":
        found = found.filter(is_active=asked.value)
    start = max(1, _whole(request, "startIndex", 1, 10**9))
    count = _whole(request, "count", 100, showing.MOST_ROWS)
    people = list(found[start - 1 : start - 1 + count]) if count else []
    numbers = showing.externals(people)
    rows = [showing.user(one, numbers.get(one.pk, "")) for one in people]
    return answer(showing.listed(rows, found.count(), start))


def _kept(value: str) -> str:
    """A text that a database can compare: what it cannot hold, nobody has."""
    return value.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")[:300]


def _check_address(address: str) -> None:
    """A new person needs a work address of the division (AP 193 1.6): a provider's slip must not let anybody in."""
    wrong = check_mailbox(address, domains=policies.current().division.mail_domains)
    if wrong is not None:
        said = _("%(address)s is not a work address of the division.") % {"address": address[:254]}
        raise ScimError(400, said, "invalidValue")


@transaction.atomic
def create(request: HttpRequest, caller: Person) -> HttpResponse:
    """A new person, with no role. Someone who is here already is told as such (409), so that the provider links them."""
    told = user_of(_body(request))
    if not told.email:
        raise ScimError(400, _("userName is missing: the work e-mail."), "invalidValue")
    if Person.objects.filter(email__iexact=_kept(told.email)).exists():
        raise ScimError(409, _("Someone with this userName is already here."), "uniqueness")
    _check_address(told.email)
    kind = told.kind if told.kind in PersonKind.values else PersonKind.EMPLOYEE.value
    name = told.name() or told.email.partition("@")[0]
    person = actions.add_person(email=told.email, name=name, title=told.title or "", kind=kind, by=caller)
    _link(person, told.external)
    if told.active is False:
        departures.depart(person, by=caller, source=DepartureSource.PROVIDER)
    return _shown(person, 201)


def _link(person: Person, external: str | None) -> None:
    """Keep the provider's own number of a person; one number means one person."""
    if external is None:
        return
    external = _kept(external)[:200]
    if external and Provisioned.objects.filter(external=external).exclude(person=person).exists():
        raise ScimError(409, _("Another user has this externalId."), "uniqueness")
    Provisioned.objects.filter(person=person).delete()
    if external:
        Provisioned.objects.create(person=person, external=external)


def _apply(person: Person, told: User, caller: Person) -> HttpResponse:
    """Make what was said true, by the acts that the pages use. Nothing said, nothing done, nothing in the log."""
    fields: dict[str, Any] = {}
    if told.email and told.email.lower() != person.email.lower():
        if Person.objects.filter(email__iexact=_kept(told.email)).exclude(pk=person.pk).exists():
            raise ScimError(409, _("Someone else has this userName."), "uniqueness")
        _check_address(told.email)
        fields["email"] = told.email
    name = told.name(person.name)
    if name and name != person.name:
        fields["name"] = name
    if told.title is not None and told.title != person.title:
        fields["title"] = told.title
    if told.kind in PersonKind.values and told.kind != person.kind:
        fields["kind"] = told.kind
    if fields:
        change_people([PersonChange(person, fields)], by=caller)
    _link(person, told.external)
    if told.active is False and person.is_active:
        departures.depart(person, by=caller, source=DepartureSource.PROVIDER)
    elif told.active and not person.is_active:
        departures.come_back(person, by=caller)
    return _shown(person)


def read(request: HttpRequest, caller: Person, number: str) -> HttpResponse:
    """One person, also one who has left."""
    return _shown(_person(number))


@transaction.atomic
def replace(request: HttpRequest, caller: Person, number: str) -> HttpResponse:
    """The whole user again. What is left out stays as it is: a provider that sends less must not erase more."""
    person = _person(number)
    return _apply(person, user_of(_body(request)), caller)


@transaction.atomic
def patch(request: HttpRequest, caller: Person, number: str) -> HttpResponse:
    """Some changes; all of them or none."""
    person = _person(number)
    return _apply(person, changes_of(_body(request)), caller)


@transaction.atomic
def remove(request: HttpRequest, caller: Person, number: str) -> HttpResponse:
    """A person is never deleted: the register remembers who decided what. They are noted as having left."""
    person = _person(number)
    if person.is_active:
        departures.depart(person, by=caller, source=DepartureSource.PROVIDER)
    return HttpResponse(status=204)


def provider(request: HttpRequest, caller: Person) -> HttpResponse:
    """What this provider can do."""
    return answer(showing.provider())


def resource_types(request: HttpRequest, caller: Person, name: str = "") -> HttpResponse:
    """The types of resources: users only."""
    if name not in {"", "User"}:
        raise ScimError(404, _("There is no such type."))
    return answer(showing.resource_type() if name else showing.listed([showing.resource_type()], 1))


def schemas(request: HttpRequest, caller: Person, name: str = "") -> HttpResponse:
    """The attributes of each type."""
    if name not in {"", USER}:
        raise ScimError(404, _("There is no such schema."))
    return answer(showing.user_schema() if name else showing.listed([showing.user_schema()], 1))
