"""The kit's tags and filters: icon, badge, clause, pager, error summary, dates in words. All escape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rostrum.core import dates
from rostrum.policies import rolewords
from rostrum.policies.naming import Named, named
from rostrum.schoolyear.words import by_words

register = template.Library()
SPRITE = "vendor/icons.svg"

# A status is a word, a colour and a shape; whoever cannot see one still has the other two.
# Blue = moving, green = in order, amber = someone must act, red = stop, grey = over.
TONES: Mapping[str, dict[str, str]] = {
    "moving": {"icon": "progress"},
    "good": {"icon": "circle-check"},
    "act": {"icon": "hand-finger"},
    "stop": {"icon": "circle-x"},
    "over": {"icon": "archive"},
    "draft": {"icon": "pencil"},
}


@register.simple_tag(takes_context=True)
def shell(context: template.Context) -> object:
    """The `site` of a page, also where a view has its own variable of that name (allauth's sign-in does)."""
    return context.get("own_site", context.get("site"))


@register.filter
def worded(sentence: str) -> str:
    """A sentence with {keeper}, {director} or {principal} in it, said with the edition's own names for them."""
    if not isinstance(sentence, SafeString):
        return rolewords.worded(sentence)
    # What a translation tag gives is safe already; the names come from a file and are escaped.
    return mark_safe(rolewords.worded(sentence, name=escape))


@register.simple_tag
def said(sentence: str) -> str:
    """The same for a sentence that stands in a variable: {% said text as text %}."""
    return worded(sentence)


@register.simple_tag
def icon(name: str, extra: str = "", label: str = "") -> SafeString:
    """One icon from the sprite. It is decoration unless it gets a `label`, which is then read aloud."""
    classes = f"icon {extra}".strip()
    if not label:
        return _drawn(name, classes, settings.STATIC_URL)
    return format_html(
        '<svg class="{}" role="img" aria-label="{}" focusable="false"><use href="{}#{}"></use></svg>',
        classes, label, static(SPRITE), name,
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _drawn(name: str, classes: str, _below: str) -> SafeString:
    """A page has nearly a hundred of them, and there are a few dozen in all, below the address of static files."""
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', classes, static(SPRITE), name
    )


@register.simple_tag
def badge(tone: str, word: str | Promise, icon_name: str = "") -> SafeString:
    """A status: its word, with the tone's colour and icon. Tones: moving, good, act, stop, over, draft."""
    known = tone if tone in TONES else "over"
    return format_html(
        '<span class="status status-{}">{}<span>{}</span></span>',
        known,
        icon(icon_name or TONES[known]["icon"]),
        word,
    )


@register.simple_tag
def status(thing: Any) -> SafeString:
    """The badge of anything that has `tone` and `word` (attributes or keys), and optionally `icon`."""
    get = thing.get if isinstance(thing, Mapping) else lambda key, default="": getattr(thing, key, default)
    return badge(str(get("tone", "over")), get("word", ""), str(get("icon", "") or ""))


def clause_url(number: str) -> str:
    """Where a clause can be read: its own page, else its place on the procedure's page."""
    for name, args, anchor in (
        ("directory:clause", [number], ""),
        ("directory:procedure", [], f"#clause-{number}"),
    ):
        try:
            return reverse(name, args=args) + anchor
        except NoReverseMatch:
            continue
    return f"/procedure#clause-{number}"


def _named(context: template.Context, number: str | None) -> Named | None:
    """A clause as its procedure calls it. The shell of the page, where there is one, has read what is in force."""
    site = context.get("own_site")
    return named(str(number), site.procedure if site is not None else None) if number else None


@register.simple_tag(takes_context=True)
def clause(context: template.Context, number: str | None, text: str | Promise = "") -> SafeString:
    """A quiet link to a clause: "AP 193, 3.1", or as another division's procedure calls itself and numbers it.

    Takes a clause of AP 193 ("3.1", which code names), the procedure's own number ("#A", which its file names), or
    a whole citation ("ap-193@2015-09#3.1"). Nothing where the procedure in force says that it has no such clause.
    """
    found = _named(context, number)
    if found is None:
        return SafeString("")
    label = text or _("%(procedure)s, %(number)s") % {"procedure": found.procedure, "number": found.number}
    return format_html('<a class="clause" href="{}">{}</a>', clause_url(found.number), label)


@register.simple_tag(takes_context=True)
def why_we_ask(context: template.Context, number: str | None) -> SafeString:
    """The one quiet link under a field: "Why we ask: AP 193, 1.6". Takes what `clause` takes."""
    found = _named(context, number)
    if found is None:
        return SafeString("")
    said = _("Why we ask: %(procedure)s, %(number)s") % {"procedure": found.procedure, "number": found.number}
    return format_html('<a class="clause" href="{}">{}</a>', clause_url(found.number), said)


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: template.Context, page: Page[Any], capped: bool = False) -> dict[str, Any]:
    """Says "1–25 of 214", with links. `capped`: the count stopped somewhere ("more than 1000")."""
    return {
        "request": context.get("request"),
        "page": page,
        "capped": capped,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "ellipsis": page.paginator.ELLIPSIS,
    }


def _problems(forms: Iterable[Any]) -> Iterable[dict[str, str]]:
    for form in forms:
        if not isinstance(form, BaseForm) or not form.is_bound:
            continue
        for message in form.non_field_errors():
            yield {"message": str(message), "anchor": ""}
        for bound in form:
            for message in bound.errors:
                label = str(bound.label).rstrip(".?:\u00a0 ")
                yield {
                    "message": _("%(field)s: %(problem)s") % {"field": label, "problem": message},
                    "anchor": first_id(bound),
                }


@register.inclusion_tag("components/error_summary.html")
def form_errors(*forms: Any) -> dict[str, Any]:
    """The summary on top of a form: every problem, each a link to its field. Nothing when there is none."""
    flat = [form for item in forms for form in (item if isinstance(item, list | tuple) else [item])]
    return {"problems": list(_problems(flat))}


@register.simple_tag(takes_context=True)
def error_prefix(context: template.Context) -> str:
    """What a page's title starts with when the form on it (`form`, `forms`) was sent with problems."""
    forms = [context.get("form"), *(context.get("forms") or [])]
    wrong = any(isinstance(form, BaseForm) and form.is_bound and form.errors for form in forms)
    return _("Error:") + " " if wrong or context.get("problems") else ""


@register.filter
def first_id(bound: BoundField) -> str:
    """The id that a link from the error summary lands on: of radios and checkboxes, the first."""
    if bound.use_fieldset and bound.subwidgets:
        return str(bound.subwidgets[0].id_for_label or bound.auto_id)
    return bound.id_for_label or str(bound.auto_id)


@register.filter
def kind(bound: BoundField) -> str:
    """How a field is drawn: "check" for one box with its label beside it, "set" for a group, else "line"."""
    name = type(bound.field.widget).__name__
    if name == "CheckboxInput":
        return "check"
    return "set" if bound.use_fieldset else "line"


@register.simple_tag
def filters_on(form: BaseForm) -> int:
    """How many fields over a list narrow it, beside the search box and what is hidden."""
    return sum(1 for bound in form if not bound.is_hidden and bound.name != "q" and bound.value() not in (None, "", False))


@register.filter
def when(value: datetime | date | None) -> str:
    """A moment in words: "Tue 12 Nov 2026, 15:40"."""
    return dates.when(value)


@register.filter
def day(value: datetime | date | None) -> str:
    """A day in words: "Tue 12 Nov 2026"."""
    return dates.day(value)


@register.filter
def ago_words(value: datetime | date | None) -> str:
    """today, yesterday, 5 days ago."""
    return dates.ago_words(value)


@register.filter
def due_words(value: datetime | date | None) -> str:
    """today, tomorrow, in 3 days, 2 days late."""
    return dates.due_words(value)


@register.filter
def by_day(value: date | None) -> str:
    """A deadline as people say it: "by Friday 12 September"."""
    return by_words(value) if value else ""


@register.simple_tag
def moment(value: datetime | date | None) -> SafeString:
    """A moment for people and machines: <time datetime="…">Tue 12 Nov 2026, 15:40</time>."""
    if value is None:
        return SafeString("")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), dates.when(value))
