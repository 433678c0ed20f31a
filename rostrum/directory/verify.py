"""Is this account ours? The page and the JSON of the one public answer."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rostrum.directory.answers import page, prefers_json
from rostrum.directory.words import name_there, words
from rostrum.registry.listing import public_standing, speaks_for
from rostrum.registry.models import Account
from rostrum.registry.verifying import Answer
from rostrum.registry.verifying import verify as ask

# Colour and shape of each answer. The words say the same.
LOOKS = {
    "official": ("good", {"icon": "rosette-discount-check"}),
    "retired": ("over", {"icon": "archive"}),
    "suspended": ("stop", {"icon": "hand-stop"}),
    "not_ours": ("stop", {"icon": "circle-x"}),
    "look_alike": ("stop", {"icon": "alert-triangle"}),
    "unreadable": ("act", {"icon": "help-circle"}),
}


@require_safe
def verify(request: HttpRequest) -> HttpResponseBase:
    """Without `url`: the question. With it: the answer, which no cache keeps, because it may change any minute."""
    typed = request.GET.get("url")
    if prefers_json(request):
        return _json(typed)
    if typed is None or not typed.strip():
        response = page(request, "directory/verify.html", {"typed": "", "answer": None})
    else:
        response = page(request, "directory/verify.html", _context(ask(typed)), keep=False)
    patch_vary_headers(response, ("Accept",))
    return response


def _json(typed: str | None) -> HttpResponseBase:
    """The answer as `rostrum verify --json` gives it; a problem document (RFC 9457) where nothing was asked."""
    if typed is None:
        body: dict[str, Any] = {
            "type": f"{settings.SITE_URL}/api/problems/invalid", "title": "Bad Request", "status": 400,
            "detail": _("Say which address: /verify?url=…"),
        }  # fmt: skip
        response = JsonResponse(body, status=400, content_type="application/problem+json")
    else:
        response = JsonResponse(ask(typed).as_dict(settings.SITE_URL), json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, ("Accept", "Accept-Language", "Cookie"))
    return response


def _context(answer: Answer) -> dict[str, Any]:
    known = words()
    account = answer.account or answer.resembles
    standing = public_standing(account) if account else ""
    tone, look = LOOKS["suspended" if answer.result == "retired" and standing == "suspended" else answer.result]
    typed = visible(answer.input)
    return {
        "answer": answer, "typed": typed, "tone": tone, "icon_name": look["icon"], "contact_email": known.contact_email,
        "card": _card(account) if account else None, "search": _searchable(answer, typed),
        "report": _report(answer, typed),
    }  # fmt: skip


def _card(account: Account) -> dict[str, Any]:
    known, standing = words(), public_standing(account)
    platform = known.platforms.get(account.platform, account.platform)
    return {
        "url": reverse("directory:account", args=[account.public_id]), "name": account.name,
        "icon": known.icons.get(account.platform, ""), "badge": known.badges[standing], "place": speaks_for(account),
        "there": f"{platform} · {name_there(account.platform, account.handle)}", "address": account.address,
        "over": standing == "retired", "official": standing == "official",
    }  # fmt: skip


def _searchable(answer: Answer, typed: str) -> str:
    """Words that the directory may know when no address could be read from them."""
    plain = answer.result == "unreadable" and not set(typed) & set("/:@<>") and len(typed) <= 80
    return typed if plain else ""


def _report(answer: Answer, typed: str) -> dict[str, str]:
    """The letter that a reader may send about an account that only looks like ours."""
    if answer.result not in {"look_alike", "not_ours"}:
        return {}
    return {"subject": _("An account that may pretend to be ours"), "body": typed[:500]}


def visible(text: str) -> str:
    """A text to show back: what could turn or hide its letters becomes a box (Unicode categories Cc, Cf, Cs, Co)."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"} else c for c in text
    )
