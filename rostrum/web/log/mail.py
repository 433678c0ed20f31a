"""Letters: what was sent to whom, what waits, what failed and why; reading one as sent, sending one again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from rostrum.notices.actions import send_again
from rostrum.notices.kinds import KINDS
from rostrum.notices.models import Delivery, MailState, Notice
from rostrum.notices.queries import deliveries, troubled
from rostrum.notices.render import words
from rostrum.people.models import Person
from rostrum.people.queries import people_named
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.log.access import need

PER_PAGE = 50
TABS = (
    ("trouble", gettext_lazy("In trouble")),
    ("waiting", gettext_lazy("Waiting")),
    ("sent", pgettext_lazy("letters", "Sent")),
    ("tries", gettext_lazy("Every attempt")),
)
TONES = {
    MailState.OWED.value: "moving",
    MailState.DIGEST.value: "moving",
    MailState.SENT.value: "good",
    MailState.FAILED.value: "stop",
    MailState.NONE.value: "over",
}


def _notices(tab: str) -> QuerySet[Notice]:
    """Letters of a tab; those that are tried again or have failed, or those whose turn has not come."""
    if tab == "trouble":
        return troubled().order_by("-owed_at", "-pk")
    waiting = Notice.objects.filter(mail__in=[MailState.OWED, MailState.DIGEST], attempts=0)
    return waiting.select_related("person").order_by("-owed_at", "-pk")


def _last_tries(notices: list[Notice]) -> dict[int, Delivery]:
    """The last attempt of each letter, in one query."""
    found: dict[int, Delivery] = {}
    for one in Delivery.objects.filter(notice__in=[n.pk for n in notices]).defer("text").order_by("at", "pk"):
        if one.notice_id is not None:
            found[one.notice_id] = one
    return found


def _waiting_rows(notices: list[Notice]) -> list[dict[str, Any]]:
    language = translation.get_language() or "en-ca"
    tries = _last_tries(notices)
    rows = []
    for notice in notices:
        last = tries.get(notice.pk)
        subject = (
            last.subject if last else words(notice, language).subject if notice.kind in KINDS else notice.kind
        )
        rows.append(
            {
                "notice": notice,
                "person": notice.person,
                "subject": subject,
                "at": last.at if last else notice.owed_at,
                "url": reverse("web:letter", args=[last.pk]) if last else "",
                "error": last.error if last else "",
                "tries": notice.attempts,
                "next": notice.next_attempt_at,
                "badge": {"tone": TONES[notice.mail], "word": notice.get_mail_display()},
            }
        )
    return rows


def _delivery_rows(found: list[Delivery]) -> list[dict[str, Any]]:
    return [
        {
            "person": d.person,
            "subject": d.subject,
            "at": d.at,
            "url": reverse("web:letter", args=[d.pk]),
            "error": d.error,
            "badge": {"tone": "good", "word": pgettext("letter", "Sent")}
            if d.delivered
            else {"tone": "stop", "word": _("Failed")},
        }
        for d in found
    ]


@require_safe
@signed_in
def letters(request: StaffRequest) -> HttpResponse:
    """Letters tab by tab. What is in trouble comes first whenever there is any."""
    need(request.user, "mail:read")
    counts = dict(Notice.objects.values_list("mail").annotate(count=Count("pk")))
    in_trouble = troubled().count()
    tab = request.GET.get("tab", "")
    if tab not in dict(TABS):
        tab = "trouble" if in_trouble else "sent"
    typed = request.GET.get("q", "")[:200]
    people = people_named(typed, Person.objects.all()) if typed.strip() else None
    number = request.GET.get("page")
    page: Page[Notice] | Page[Delivery]
    if tab in {"trouble", "waiting"}:
        waiting = _notices(tab)
        waiting = waiting if people is None else waiting.filter(person__in=people)
        page = shown = Paginator(waiting, PER_PAGE).get_page(number)
        rows = _waiting_rows(list(shown))
    else:
        tried = deliveries().defer("text")
        tried = tried.filter(delivered=True) if tab == "sent" else tried
        tried = tried if people is None else tried.filter(person__in=people)
        page = kept = Paginator(tried, PER_PAGE).get_page(number)
        rows = _delivery_rows(list(kept))
    failed = counts.get(MailState.FAILED.value, 0)
    context = {
        "tabs": TABS,
        "tab": tab,
        "page": page,
        "rows": rows,
        "q": typed,
        "in_trouble": in_trouble,
        "failed_words": ngettext(
            "One letter could not be sent.", "%(count)d letters could not be sent.", failed
        )
        % {"count": failed}
        if failed
        else "",
        "key": new_key(),
    }
    return render(request, "web/log/letters.html", context)


@require_safe
@signed_in
def letter(request: StaffRequest, pk: int) -> HttpResponse:
    """One letter as it was sent, with every attempt."""
    need(request.user, "mail:read")
    one = deliveries().filter(pk=pk).first()
    if one is None:
        raise Http404
    notice = one.notice
    context = {
        "it": one,
        "notice": notice,
        "key": new_key(),
        "badge": {"tone": TONES[notice.mail], "word": notice.get_mail_display()}
        if notice
        else {"tone": "good", "word": pgettext("letter", "Sent")}
        if one.delivered
        else {"tone": "stop", "word": _("Failed")},
        "tries": list(notice.deliveries.defer("text").order_by("at", "pk")) if notice else [one],
    }
    return render(request, "web/log/letter.html", context)


@require_POST
@signed_in
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Queue one letter once more."""
    notice = Notice.objects.select_related("person").filter(pk=pk).first()
    if notice is None:
        raise Http404

    def act() -> str:
        send_again(notice, by=request.user)
        messages.success(
            request, _("The letter to %(name)s is on its way again.") % {"name": notice.person.name}
        )
        return reverse("web:mail") + "?tab=waiting"

    return perform(request, act)
