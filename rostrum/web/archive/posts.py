"""The list of kept posts and one post: its text with what was found, earlier texts, screenshots, history."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from rostrum.archive.models import Post
from rostrum.archive.queries import may_capture, newest, posts_visible_to
from rostrum.audit.queries import history_many
from rostrum.monitoring.queries import visible_to, waiting_in
from rostrum.monitoring.states import LIVE_FINDINGS, FindingState
from rostrum.people.models import Person
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.wording import Places
from rostrum.web.archive.keeping import the_post
from rostrum.web.evidence import evidence_file
from rostrum.web.findings.wording import finding_rows
from rostrum.web.requests.wording import picture, timeline

PER_PAGE = 25
FIRST_WORDS = 160


class Filter(forms.Form):
    """What narrows the list of posts."""

    use_required_attribute = False
    q = forms.CharField(
        label=gettext_lazy("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"}),
        help_text=gettext_lazy("Account or address"),
    )  # fmt: skip
    state = forms.ChoiceField(
        label=gettext_lazy("Status"), required=False,
        choices=[("", gettext_lazy("All")), ("found", gettext_lazy("Something was found")), ("gone", gettext_lazy("Gone"))],
    )  # fmt: skip


def _narrowed(person: Person, chosen: dict[str, str]) -> Any:
    found = posts_visible_to(person)
    for word in chosen.get("q", "").split()[:8]:
        found = found.filter(account__search_text__icontains=word.lower()) | found.filter(address__icontains=word)
    if chosen.get("state") == "gone":
        found = found.exclude(gone_since=None)
    elif chosen.get("state") == "found":
        live = visible_to(person).filter(state__in=LIVE_FINDINGS).exclude(post=None).order_by().values("post")
        found = found.filter(pk__in=live)
    return found.order_by("-newest_at", "-pk")


@require_safe
@signed_in
def listing(request: StaffRequest) -> HttpResponse:
    """Kept posts of the accounts that the reader may see, newest first. Texts are not shown in a list."""
    form = Filter(request.GET)
    form.is_valid()
    chosen: dict[str, str] = getattr(form, "cleaned_data", {})
    page = Paginator(_narrowed(request.user, chosen), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    places = Places(one.account.unit for one in rows)
    count = page.paginator.count
    context = {
        "page": page, "form": form, "filtered": any(chosen.values()),
        "rows": [
            {"it": one, "icon": picture(one.account.platform), "place": places.of(one.account.unit), "badge": badge(one)}
            for one in rows
        ],
        "count_words": ngettext("One post", "%(count)d posts", count) % {"count": count},
        "reset": reverse("web:posts") if any(chosen.values()) else "",
    }  # fmt: skip
    return render(request, "web/archive/list.html", context)


def badge(post: Post) -> dict[str, str]:
    """Whether a post is still there."""
    return {"tone": "over", "word": _("Gone")} if post.gone_since else {"tone": "good", "word": _("There")}


@require_safe
@signed_in
def post(request: StaffRequest, pk: int) -> HttpResponse:
    """One post: its newest text, what was found that the reader may know of, earlier texts, screenshots."""
    it = the_post(request, pk)
    version, may = newest(it), may_capture(request.user, it.account)
    found = list(visible_to(request.user).filter(post=it).order_by("-rank", "found_at", "pk"))
    more = []
    if may:
        more.append({"label": _("Keep it as it is now"), "icon": "camera",
                     "url": reverse("web:post_new", args=[it.account.public_id])})  # fmt: skip
        which, label = ("back", _("It is there again")) if it.gone_since else ("gone", _("It is gone"))
        more.append({"label": label, "url": reverse(f"web:post_{which}", args=[it.pk]), "icon": "trash"})
    shown = sum(one.state == FindingState.OPEN for one in found)
    context = {
        "it": it, "version": version, "place": Places([it.account.unit]).of(it.account.unit),
        "may": may, "waiting": waiting_in(it) - shown if may else 0,
        "icon": picture(it.account.platform), "badge": badge(it), "more": more, "rows": finding_rows(found),
        "older": list(it.versions.exclude(pk=version.pk).select_related("captured_by").order_by("-number")),
        "entries": timeline(history_many([it])),
    }  # fmt: skip
    return render(request, "web/archive/post.html", context)


@require_safe
@signed_in
def screenshot(request: StaffRequest, pk: int, number: int) -> HttpResponseBase:
    """The screenshot of one text of a post, for whoever may read the post."""
    version = get_object_or_404(the_post(request, pk).versions, number=number)
    return evidence_file(version.screenshot, version.screenshot_type, f"post-{pk}-{number}")
