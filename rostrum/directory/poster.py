"""The poster of a school: its QR code, its official accounts, how to check one. PDF and PNG, by typst.

What stands on it reaches typst as data (JSON), never as part of its language, so that no name can be a command.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache as once
from typing import Any

import typst
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.directory.account import qr_svg
from rostrum.directory.atom import LANGUAGES
from rostrum.directory.embed import language
from rostrum.directory.linked import unit_url
from rostrum.directory.machines import for_machines, send_made
from rostrum.directory.unit import card, official_of, site_name, unit_or_404
from rostrum.directory.words import words
from rostrum.people.models import Unit

SOURCE = settings.PACKAGE / "templates" / "directory" / "poster.typ"
PAPERS = {"letter": "us-letter", "a4": "a4"}
KINDS = {"pdf": "application/pdf", "png": "image/png"}
PNG_PPI = 144.0
MOST = 10  # accounts that a person still reads on a wall
KEPT_SECONDS = 86_400


@for_machines
def poster(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """`/units/<unit>/poster.pdf` or `.png`; `lang` en or fr, `paper` letter (as in Canada) or a4."""
    found, lang, paper = unit_or_404(code), language(request), request.GET.get("paper", "letter")
    if paper not in PAPERS or kind not in KINDS:
        raise Http404
    data = poster_data(found, lang)
    # The day stands on it, so the day is part of what it is called under.
    key = ("poster", found.code, lang, paper, kind, clock.today().isoformat())
    return send_made(
        request, key, lambda: (drawn(data, kind=kind, paper=paper), ""), kind=KINDS[kind], lang=f"{lang}-CA",
    )  # fmt: skip


def poster_data(unit: Unit, lang: str) -> dict[str, Any]:
    """Everything that stands on the poster, in one language."""
    with translation.override(LANGUAGES[lang]):
        known, accounts, page = words(), official_of(unit), unit_url(unit)
        shown = [card(account, known) for account in accounts[:MOST]]
        hidden = len(accounts) - len(shown)
        said = {
            "title": _("Official social media accounts"), "scan": _("Scan to see these accounts today"),
            "none": _("We have no official social media account."),
            "more": ngettext("and %(count)d more on the page", "and %(count)d more on the page", hidden)
            % {"count": hidden} if hidden else "",
            "check": _("Is an account really ours?"),
            "steps": [
                _("Scan the code, or type the address under it."),
                _("Compare the name letter by letter. Look-alikes change a letter or add a word."),
                _("Not on the page? Then it does not speak for us. Tell the school office."),
            ],
            "never": _("No school asks for money, a password or a photo on social media."),
            "day": _("As of %(day)s") % {"day": day(clock.today())}, "qr_alt": _("QR code that leads to %(address)s")
            % {"address": page},
        }  # fmt: skip
    return {
        "lang": lang, "unit": unit.name, "division": "" if unit.parent_id is None else site_name(), "town": unit.town,
        "address": page.partition("://")[2], "url": page, "qr": qr_svg(page), "colour": settings.BRAND["colour"],
        "accounts": [{"name": one["name"], "platform": one["platform"], "handle": one["handle"]} for one in shown],
        **said,
    }  # fmt: skip


def drawn(data: dict[str, Any], *, kind: str = "pdf", paper: str = "letter") -> bytes:
    """The poster as a file, from the cache when the same words were drawn before."""
    sent = json.dumps({**data, "paper": PAPERS[paper]}, ensure_ascii=False, sort_keys=True)
    key = "poster-" + hashlib.sha256(f"{kind} {_source()} {sent}".encode()).hexdigest()
    known = cache.get(key)
    if known is None:
        known = draw(sent, kind)
        cache.set(key, known, KEPT_SECONDS)
    return bytes(known)


def draw(data: str, kind: str) -> bytes:
    """Let typst draw it: a tagged PDF that screen readers follow (PDF/UA-1), or a picture."""
    inputs = {"data": data}
    if kind == "pdf":
        return bytes(typst.compile(str(SOURCE), format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"]))
    pages = typst.compile(str(SOURCE), format="png", ppi=PNG_PPI, sys_inputs=inputs)
    return bytes(pages[0] if isinstance(pages, list) else pages)  # very long names may run over: the wall has page one


@once
def _source() -> str:
    return hashlib.sha256(SOURCE.read_bytes()).hexdigest()
