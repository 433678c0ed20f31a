"""The pages on which a text is checked before it goes up. What is typed is answered and forgotten."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rostrum.checks import Engine, Posting
from rostrum.monitoring.engine import engine, public_engine
from rostrum.people.models import Person, UnitKind
from rostrum.registry.models import Account
from rostrum.registry.platforms import Names
from rostrum.registry.queries import accounts_visible_to, managed_by
from rostrum.registry.states import LIVE
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.wording import Places
from rostrum.web.checks.showing import LIMIT, checked

MOST_ACCOUNTS = 200


def _accounts(person: Person) -> list[Account]:
    """The accounts that a text may be meant for: those that the person looks after first, then what they may see."""
    mine = list(managed_by(person).filter(state__in=LIVE).select_related("unit").order_by("name", "pk")[:MOST_ACCOUNTS])
    known = {one.pk for one in mine}
    seen = accounts_visible_to(person).filter(state__in=LIVE).select_related("unit").order_by("name", "pk")
    return [*mine, *(one for one in seen[:MOST_ACCOUNTS] if one.pk not in known)][:MOST_ACCOUNTS]


def _choices(accounts: list[Account]) -> list[tuple[str, str]]:
    places = Places(one.unit for one in accounts)
    names = Names()  # with the platform: a school has one name on several
    return [(one.public_id, f"{names.of(one)}, {places.of(one.unit)}") for one in accounts]


def _meant_for(accounts: list[Account], public_id: str) -> Posting:
    """What follows from the account: where the text goes, and whether it may speak for the division (1.3)."""
    account = next((one for one in accounts if one.public_id == public_id), None)
    if account is None:
        return Posting()
    scope = "division" if account.unit.kind in {UnitKind.DIVISION, UnitKind.DEPARTMENT} else "school"
    return Posting(channel=account.platform, scope="division" if scope == "division" else "school")


def _answer(ready: Engine, typed: str, posting: Posting) -> dict[str, Any]:
    """What the page shows under the text: the answer, or why it was not looked at. The text itself stays typed."""
    if len(typed) > LIMIT:
        problem = _("This text is longer than %(limit)d characters. Check it in parts.") % {"limit": LIMIT}
        return {"typed": typed, "problem": problem, "answer": None}
    if not typed.strip():
        return {"typed": typed, "problem": "", "answer": None}
    return {"typed": typed, "problem": "", "answer": checked(ready, typed, posting)}


@never_cache
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def check(request: StaffRequest) -> HttpResponse:
    """Paste a text, see what a person should look at. Sent as a form where scripts do not run."""
    accounts = _accounts(request.user)
    chosen = request.POST.get("account", request.GET.get("account", ""))[:12]
    context = _answer(engine(), request.POST.get("text", ""), _meant_for(accounts, chosen))
    context |= {"accounts": _choices(accounts), "chosen": chosen, "limit": LIMIT}
    return render(request, "web/checks/check.html", context, status=422 if context["problem"] else 200)


@never_cache
@sensitive_post_parameters("text")
@require_POST
@signed_in
def marks(request: StaffRequest) -> HttpResponse:
    """The answer alone, for the page that asks while one types."""
    chosen = request.POST.get("account", "")[:12]
    posting = _meant_for(_accounts(request.user) if chosen else [], chosen)
    return render(request, "web/checks/_answer.html", _answer(engine(), request.POST.get("text", ""), posting))


@csrf_exempt  # it changes nothing and knows nobody: a page without cookies has no token to send
@never_cache
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
def public_check(request: HttpRequest) -> HttpResponse:
    """The same for anyone, with the rules that come with Rostrum and what the division makes public, without names."""
    context = _answer(public_engine(), request.POST.get("text", ""), Posting()) | {"limit": LIMIT}
    return render(request, "web/checks/public.html", context, status=422 if context["problem"] else 200)


@csrf_exempt
@never_cache
@sensitive_post_parameters("text")
@require_POST
def public_marks(request: HttpRequest) -> HttpResponse:
    """The public answer alone."""
    return render(request, "web/checks/_answer.html", _answer(public_engine(), request.POST.get("text", ""), Posting()))
