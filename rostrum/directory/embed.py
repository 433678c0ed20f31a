"""What a school puts on its own website: a list in a frame, a list to paste, a badge, and the page that hands them out.

The frame is the one address that other sites may show inside theirs. It holds no script, sets and reads no cookie,
and has nothing to sign in with.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.directory.answers import page
from rostrum.directory.atom import LANGUAGES
from rostrum.directory.linked import account_url, unit_url
from rostrum.directory.machines import for_machines, send_made
from rostrum.directory.unit import card, official_of, site_name, unit_or_404
from rostrum.directory.words import words
from rostrum.people.models import Unit
from rostrum.registry import directory as register
from rostrum.registry.listing import OFFICIAL, RETIRED, public_standing
from rostrum.registry.models import Account

FRAME_SECONDS = 300
ROW, AROUND, MOST_HIGH = 72, 130, 640  # pixels of a row in the frame, of what stands around the rows, of all
FRAME = {
    "default-src": ["'none'"], "style-src": ["'self'"], "img-src": ["'self'"], "frame-ancestors": ["*"],
    "base-uri": ["'none'"], "form-action": ["'none'"], "script-src": ["'none'"],
}  # fmt: skip


def language(request: HttpRequest) -> str:
    """en or fr, as the address says in `lang`; else English. 404 for any other, as there is no such page."""
    wanted = request.GET.get("lang", "en")
    if wanted not in LANGUAGES:
        raise Http404
    return wanted


@require_safe
@xframe_options_exempt
@csp_replace(FRAME)  # type: ignore[arg-type]  # its types know only views without arguments
def embed(request: HttpRequest, code: str) -> HttpResponseBase:
    """`/embed/<unit>?lang=`: the unit's official accounts, small, for a frame on the school's website."""
    found, lang = unit_or_404(code), language(request)
    response = send_made(
        request, ("embed", found.code, lang), lambda: (frame_html(found, lang).encode(), ""),
        kind="text/html; charset=utf-8", lang=f"{lang}-CA", seconds=FRAME_SECONDS,
    )  # fmt: skip
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def frame_html(unit: Unit, lang: str) -> str:
    """The whole page of the frame, in a language."""
    with translation.override(LANGUAGES[lang]):
        known = words()
        cards = [{**card(account, known), "page": account_url(account)} for account in official_of(unit)]
        context = {"lang": f"{lang}-CA", "unit": unit, "cards": cards, "home": unit_url(unit), "division": site_name()}
        return render_to_string("directory/embed.html", context)


@for_machines
def badge(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """`/badge/<public-id>.svg?lang=`: a small picture that says how the account stands today."""
    found, lang = register.by_public_id(public_id), language(request)
    if found is None:
        raise Http404
    if found.public_id != public_id:
        return HttpResponsePermanentRedirect(reverse("directory:badge", args=[found.public_id]))
    return send_made(
        request, ("badge", found.public_id, lang), lambda: (badge_svg(found, lang).encode(), ""),
        kind="image/svg+xml", lang=lang, seconds=FRAME_SECONDS,
    )  # fmt: skip


def badge_svg(account: Account, lang: str) -> str:
    """Two fields: the platform, and the standing in the colour of its meaning. Drawn without any font of ours."""
    with translation.override(LANGUAGES[lang]):
        standing = public_standing(account)
        said = {OFFICIAL: _("Official account"), RETIRED: _("Retired account")}.get(standing, _("Suspended account"))
        label = words().platforms.get(account.platform, account.platform)
        title = _("%(name)s: %(standing)s") % {"name": account.name, "standing": said}
    tone = {OFFICIAL: "#0b5d1e", RETIRED: "#434b54"}.get(standing, "#951515")
    left, right = 18 + round(7.1 * len(label)), 35 + round(6.9 * len(said))
    mark = {OFFICIAL: "M0 5l3.6 3.6L11 1", RETIRED: "M0 5h10"}.get(standing, "M1 1l8 8M9 1L1 9")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="26" role="img" '
        f'aria-label="{escape(title, {chr(34): "&quot;"})}"><title>{escape(title)}</title>'
        f'<path fill="#2b3440" d="M5 0h{left - 5}v26H5a5 5 0 0 1-5-5V5a5 5 0 0 1 5-5z"/>'
        f'<path fill="{tone}" d="M{left} 0h{right - 5}a5 5 0 0 1 5 5v16a5 5 0 0 1-5 5H{left}z"/>'
        f'<path transform="translate({left + 9} 8)" d="{mark}" fill="none" stroke="#fff" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
        '<g fill="#fff" font-family="system-ui,Segoe UI,Roboto,Liberation Sans,Arial,sans-serif" font-size="12" '
        'font-weight="600">'
        f'<text x="9" y="17" textLength="{left - 18}" lengthAdjust="spacingAndGlyphs">{escape(label)}</text>'
        f'<text x="{left + 26}" y="17" textLength="{right - 35}" lengthAdjust="spacingAndGlyphs">{escape(said)}</text>'
        "</g></svg>\n"
    )


@require_safe
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]  # its stub forgets lists
def website(request: HttpRequest, code: str) -> HttpResponseBase:
    """`/units/<unit>/website`: "Put this on your website": both ways, ready to copy, with a preview of each."""
    found = unit_or_404(code)
    reader = (translation.get_language() or "en")[:2]
    lang = request.GET.get("lang", reader)
    lang = lang if lang in LANGUAGES else "en"
    accounts = official_of(found)
    with translation.override(LANGUAGES[lang]):
        frame, pasted = frame_snippet(found, accounts, lang), list_snippet(found, accounts, lang)
    context = {
        "unit": found, "frame": frame, "pasted": pasted, "frame_here": _here(frame), "pasted_here": _here(pasted),
        "lang": lang, "other": "fr" if lang == "en" else "en", "back": reverse("directory:unit", args=[found.code]),
        "count": len(accounts), "path": request.path,
    }  # fmt: skip
    return page(request, "directory/website.html", context)


def _here(snippet: SafeString) -> SafeString:
    """What is copied, as this page may show it: from whichever address the reader has opened, as the policy asks."""
    return mark_safe(snippet.replace(f'src="{settings.SITE_URL}/', 'src="/'))


def frame_snippet(unit: Unit, accounts: list[Account], lang: str) -> SafeString:
    """One frame without any script, high enough for its list."""
    source = settings.SITE_URL + reverse("directory:embed", args=[unit.code]) + f"?lang={lang}"
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" referrerpolicy="no-referrer" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>',
        source, _("Official social media accounts of %(unit)s") % {"unit": unit.name},
        min(MOST_HIGH, AROUND + ROW * max(1, len(accounts))),
    )  # fmt: skip


def list_snippet(unit: Unit, accounts: list[Account], lang: str) -> SafeString:
    """Plain links and badges to paste: the list stays as it is today, each badge tells how its account stands."""
    known = words()

    def line(account: Account) -> tuple[Any, ...]:
        shown = card(account, known)
        picture = settings.SITE_URL + reverse("directory:badge", args=[account.public_id]) + f"?lang={lang}"
        alt = _("Check %(name)s in the register") % {"name": account.name}
        return account.address, account.name, shown["there"], account_url(account), picture, alt

    rows = format_html_join(
        "", '  <li><a href="{}" rel="me">{}</a> ({}) <a href="{}"><img src="{}" alt="{}" height="26"></a></li>\n',
        (line(account) for account in accounts),
    )  # fmt: skip
    note = _("As of %(day)s. All accounts, and a way to check any:") % {"day": day(clock.today())}
    return format_html(
        '<ul>\n{}</ul>\n<p>{} <a href="{}">{}</a></p>', rows, note, unit_url(unit),
        _("Official accounts of %(unit)s") % {"unit": unit.name},
    ) if accounts else mark_safe("")  # fmt: skip
