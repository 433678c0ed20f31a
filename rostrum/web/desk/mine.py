"""A person's own pages: their notices, and how they want to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from rostrum.core import clock
from rostrum.notices.actions import mark_read
from rostrum.notices.kinds import KINDS
from rostrum.notices.queries import of
from rostrum.notices.queries import unread as count_unread
from rostrum.notices.render import path_of, words
from rostrum.people.actions import set_preferences
from rostrum.people.models import MailRhythm, StandIn
from rostrum.people.queries import appointments_of, may
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.middleware import SESSION_LANGUAGE
from rostrum.web.submitting import answer, sent

PER_PAGE = 25
# A language is named in its own words, whatever language the page is in.
LANGUAGES = [("en-ca", "English"), ("fr-ca", "Français")]


@require_safe
@signed_in
def notices(request: StaffRequest) -> HttpResponse:
    """Everything one was told, newest first. Letters and this list say the same."""
    only = request.GET.get("show") == "unread"
    found = of(request.user).filter(kind__in=KINDS)
    if only:
        found = found.filter(read_at=None)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    language = translation.get_language() or "en-ca"
    unread = count_unread(request.user)
    context = {
        "page": page,
        "rows": [{"notice": n, "words": words(n, language)} for n in page],
        "unread": unread,
        "only": only,
        "unread_words": ngettext("One notice is unread.", "%(count)d notices are unread.", unread)
        % {"count": unread},
    }
    return render(request, "web/desk/notices.html", context)


@require_safe
@signed_in
def open_notice(request: StaffRequest, pk: int) -> HttpResponse:
    """Go to the page that a notice is about, and note that it was read. Another person's is not found."""
    found = of(request.user).filter(pk=pk, kind__in=KINDS).first()
    if found is None:
        raise Http404
    mark_read(request.user, found)
    return HttpResponseRedirect(path_of(found))


@require_POST
@signed_in
def read_all(request: StaffRequest) -> HttpResponse:
    """Note that every notice was read."""
    mark_read(request.user)
    return HttpResponseRedirect(reverse("web:notices"))


class Preferences(forms.Form):
    """Language and rhythm of letters."""

    use_required_attribute = False
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("For every page and every letter to you."),
    )
    mail_rhythm = forms.ChoiceField(
        label=gettext_lazy("Letters that only tell you something"),
        choices=MailRhythm.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "A letter that asks you to act always comes at once. Everything is also listed here."
        ),
    )


@signed_in
def preferences(request: StaffRequest) -> HttpResponse:
    """How a person wants to be told, and the way to password, second factor and stand-in."""
    me = request.user
    form = Preferences(sent(request), initial={"language": me.language, "mail_rhythm": me.mail_rhythm})

    def act() -> str:
        set_preferences(
            me, language=form.cleaned_data["language"], mail_rhythm=form.cleaned_data["mail_rhythm"]
        )
        request.session.pop(SESSION_LANGUAGE, None)
        with translation.override(me.language):
            messages.success(request, _("Your preferences are kept."))
        return reverse("web:preferences")

    today = clock.today()
    context: dict[str, Any] = {
        "appointments": list(appointments_of(me)),
        "may_stand_in": may(me, "standin:own"),
        "away": list(
            StandIn.objects.filter(appointment__person=me, cancelled_at=None, ends_on__gte=today)
            .select_related("appointment__unit", "person")
            .order_by("starts_on")
        ),
    }
    return answer(request, form, act, "web/desk/preferences.html", context)
