"""Pages of one account's liveness: its last post in ten seconds, a look, its plan, a pause, a nudge, the ways forward."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.core.errors import Invalid, NotAllowed, Refusal, WrongState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.rolewords import worded
from rostrum.registry.change_queries import may_propose
from rostrum.registry.closing_queries import may_start
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.schoolyear.queries import calendar
from rostrum.upkeep import liveness as acts
from rostrum.upkeep import pausing
from rostrum.upkeep.liveness_models import Alive, Liveness, Pause, Plan
from rostrum.upkeep.looking_after import asked_of, relations
from rostrum.upkeep.quiet import liveness_of, measure, quiet_word, running_pause
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.record import the_account
from rostrum.web.calendar.forms import DayField
from rostrum.web.requests.access import seen_version
from rostrum.web.submitting import answer, sent
from rostrum.web.upkeep.wording import account_crumbs, last_post_words, plan_words, quiet_badge

FORM = "web/upkeep/form.html"
SUMMER, DATED = "summer", "dated"


def may_here(person: Person, account: Account, permission: str) -> bool:
    """Whether a person may do something about this account's liveness now."""
    return account.state in LIVE and may(person, permission, account.unit, relations(person, account))


def _need(person: Person, account: Account, permission: str) -> None:
    """Say no before anything is typed: not this person, or the account is retired."""
    if not may(person, permission, account.unit, relations(person, account)):
        raise NotAllowed(_("Only those who look after this account, lead its school or keep the register can do this."))
    if account.state not in LIVE:
        raise WrongState(_("This account is retired. Nothing more is noted about it."))


def _shown(
    request: StaffRequest, it: Account, form: forms.Form, act: Callable[[], str], permission: str, context: dict[str, Any]
) -> HttpResponse:
    """A short form about one account, with the way back to it on whatever is refused."""
    back = reverse("web:account", args=[it.public_id])
    shared = {"back": back, "crumbs": account_crumbs(it), "it": it, "seen": request.POST.get("seen", "")[:12] or _version(it)}
    try:
        if request.method != "POST":
            _need(request.user, it, permission)
        return answer(request, form, act, FORM, {**shared, **context})
    except Refusal as refusal:
        refusal.url = refusal.url or back
        raise


def _version(account: Account) -> int | str:
    row = liveness_of(account)
    return row.version if row is not None else ""


class PostForm(forms.Form):
    """The day of the last post: today, yesterday, or another day. One press on a phone."""

    use_required_attribute = False
    when = forms.ChoiceField(
        label=gettext_lazy("When was the last post?"), widget=forms.RadioSelect,
        choices=[("today", gettext_lazy("Today")), ("yesterday", gettext_lazy("Yesterday")),
                 ("other", gettext_lazy("On another day"))],
        error_messages={"required": gettext_lazy("Choose when the last post was.")},
    )  # fmt: skip
    on = DayField(label=gettext_lazy("Which day (only for “another day”)"), required=False)

    def day(self, today: date) -> date:
        """The day meant. Raises Invalid where another day was chosen and none was given."""
        when = self.cleaned_data["when"]
        if when == "today":
            return today
        if when == "yesterday":
            return today - timedelta(days=1)
        given: date | None = self.cleaned_data["on"]
        if given is None:
            message = _("Choose the day of the last post.")
            raise Invalid(message, fields={"on": [message]})
        return given


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def post(request: StaffRequest, public_id: str) -> HttpResponse:
    """Note the day of the last post (AP 193 1.7)."""
    it = the_account(request.user, public_id)
    form, row = PostForm(sent(request), initial={"when": "today"}), liveness_of(it)

    def act() -> str:
        noted = acts.note_post(it, form.day(clock.today()), by=request.user, seen=seen_version(request.POST))
        messages.success(request, _("Noted: last post %(day)s.") % {"day": day(noted.last_post_on)})
        return reverse("web:account", args=[it.public_id])

    context = {
        "title": _("Note the last post"), "button": _("Note it"), "facts": [
            {"label": _("The account"), "value": it.address, "url": it.address},
            {"label": _("On record"), "value": last_post_words(row)},
        ],
    }  # fmt: skip
    return _shown(request, it, form, act, "liveness:note", context)


class LookForm(forms.Form):
    """What somebody found who opened the account."""

    use_required_attribute = False
    alive = forms.ChoiceField(
        label=gettext_lazy("What did you find?"), widget=forms.RadioSelect, choices=Alive.choices,
        error_messages={"required": gettext_lazy("Choose what you found.")},
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("A note (optional)"), required=False, max_length=2000, strip=False,
                           help_text=gettext_lazy("Never a password."))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def look(request: StaffRequest, public_id: str) -> HttpResponse:
    """Open the account on the platform, and note what is there (AP 193 1.5, 1.7)."""
    it = the_account(request.user, public_id)
    form, row = LookForm(sent(request)), liveness_of(it)

    def act() -> str:
        data = form.cleaned_data
        noted = acts.note_look(it, data["alive"], by=request.user, note=data["note"], seen=seen_version(request.POST))
        fine = noted.alive == Alive.THERE
        messages.success(request, _("Noted. All is well.") if fine else worded(_("Noted. {keeper} has been told.")))
        return reverse("web:account", args=[it.public_id])

    looked = f"{row.get_alive_display()}, {day(row.alive_on)}" if row is not None and row.alive else _("Nobody has yet")
    context = {
        "title": _("Look at the account"), "button": _("Note what I found"),
        "lead": worded(_(
            "Open it, look for a minute, and say what you found. {keeper} is told "
            "at once if it is not in order."
        )),
        "facts": [{"label": _("The account"), "value": it.address, "url": it.address},
                  {"label": _("Last look"), "value": looked}],
    }  # fmt: skip
    return _shown(request, it, form, act, "liveness:note", context)


class PlanForm(forms.Form):
    """How often the account is to post."""

    use_required_attribute = False
    plan = forms.ChoiceField(
        label=gettext_lazy("How often will it post?"), widget=forms.RadioSelect, choices=Plan.choices,
        help_text=gettext_lazy("A plan, not a promise. Clause 1.7 says regularly and gives no number."),
        error_messages={"required": gettext_lazy("Choose how often the account is to post.")},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan(request: StaffRequest, public_id: str) -> HttpResponse:
    """Say how often the account is to post from now on."""
    it = the_account(request.user, public_id)
    row = liveness_of(it)
    form = PlanForm(sent(request), initial={"plan": row.plan if row is not None else ""})

    def act() -> str:
        acts.change_plan(it, form.cleaned_data["plan"], by=request.user, seen=seen_version(request.POST))
        messages.success(request, _("The plan is changed."))
        return reverse("web:account", args=[it.public_id])

    context = {"title": _("Change how often it posts"), "button": _("Save"),
               "facts": [{"label": _("Today"), "value": plan_words(row)}]}  # fmt: skip
    return _shown(request, it, form, act, "liveness:plan", context)


class PauseForm(forms.Form):
    """Until when, and why."""

    use_required_attribute = False
    until = forms.ChoiceField(label=gettext_lazy("Until when"), widget=forms.RadioSelect,
                              error_messages={"required": gettext_lazy("Choose until when.")})  # fmt: skip
    ends_on = DayField(label=gettext_lazy("Last day of the pause (only for “until a day”)"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=2000, strip=False,
        help_text=gettext_lazy("In a few words: “The season is over.” Everyone who may read the account sees it."),
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
    )  # fmt: skip

    def __init__(self, data: Any, summer: tuple[date, date] | None) -> None:
        options = [(DATED, _("Until a day that I choose"))]
        if summer is not None:
            words = _("Over the summer: %(first)s to %(last)s") % {"first": day(summer[0]), "last": day(summer[1])}
            options.insert(0, (SUMMER, words))
        super().__init__(data, initial={"until": options[0][0]})
        field = self.fields["until"]
        if isinstance(field, forms.ChoiceField):
            field.choices = options
        if summer is None:  # nothing to choose between: the day alone is asked for
            field.widget = forms.HiddenInput()
            self.fields["ends_on"].label, self.fields["ends_on"].required = _("Last day of the pause"), True


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def pause(request: StaffRequest, public_id: str) -> HttpResponse:
    """Let an account rest until a day, or over the summer as the school calendar has it."""
    it = the_account(request.user, public_id)
    summer = pausing.summer(calendar(), clock.today())
    form = PauseForm(sent(request), summer)

    def act() -> str:
        data = form.cleaned_data
        over_summer = data["until"] == SUMMER and summer is not None
        starts, ends = summer if over_summer and summer is not None else (clock.today(), data["ends_on"])
        if ends is None:
            message = _("Choose the last day of the pause.")
            raise Invalid(message, fields={"ends_on": [message]})
        made = pausing.pause(it, by=request.user, reason=data["reason"], starts_on=starts, ends_on=ends, is_summer=over_summer)
        messages.success(request, _("It is paused until %(day)s.") % {"day": day(made.ends_on)})
        return reverse("web:account", args=[it.public_id])

    context = {"title": _("Pause the account"), "button": _("Pause it"),
               "lead": _("While it is paused, nobody is written to because it is quiet. It stays official.")}  # fmt: skip
    return _shown(request, it, form, act, "pause:set", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def resume(request: StaffRequest, pk: int) -> HttpResponse:
    """End a pause before its day."""
    found = Pause.objects.filter(pk=pk).select_related("account__unit").first() if pk < 2**63 else None
    if found is None:
        raise Http404
    it = the_account(request.user, found.account.public_id)
    form = forms.Form(sent(request))

    def act() -> str:
        pausing.resume(found, by=request.user, seen=seen_version(request.POST))
        messages.success(request, _("The pause is over. Days without a post count again."))
        return reverse("web:account", args=[it.public_id])

    context = {
        "title": _("End the pause"), "button": _("End it now"), "seen": request.POST.get("seen", "")[:12] or found.version,
        "lead": _("It would last until %(day)s. From now on days without a post count again.") % {"day": day(found.ends_on)},
    }  # fmt: skip
    return _shown(request, it, form, act, "pause:resume", context)


class NudgeForm(forms.Form):
    """A word to the managers."""

    use_required_attribute = False
    words = forms.CharField(label=gettext_lazy("A word to them (optional)"), required=False, max_length=2000, strip=False)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def nudge(request: StaffRequest, public_id: str) -> HttpResponse:
    """Write to those who look after a quiet account; once in two weeks."""
    it = the_account(request.user, public_id)
    form, row = NudgeForm(sent(request)), liveness_of(it)
    people = [one.name for one in asked_of(it) if one.pk != request.user.pk]

    def act() -> str:
        told = acts.nudge(it, by=request.user, words=form.cleaned_data["words"])
        messages.success(request, _("Written to %(names)s.") % {"names": ", ".join(one.name for one in told)})
        return reverse("web:account", args=[it.public_id])

    context = {
        "title": _("Nudge its managers"), "button": _("Send the nudge"), "told": people,
        "facts": _posting(row),
    }  # fmt: skip
    return _shown(request, it, form, act, "liveness:nudge", context)


def _posting(row: Liveness | None) -> list[dict[str, str]]:
    """The last post and the plan, as facts of a page."""
    return [{"label": _("Last post"), "value": last_post_words(row)}, {"label": _("Is to post"), "value": plan_words(row)}]


def _way(title: str, text: str, url: str, icon: dict[str, str]) -> dict[str, str]:
    return {"title": title, "text": text, "url": url, **icon}


def ways_forward(person: Person, account: Account) -> list[dict[str, str]]:
    """What can be done about an account that is quiet, as far as this person may: each leads to the act itself."""
    it, found = account, list[dict[str, str]]()
    nudges = may(person, "liveness:nudge", it.unit) and it.state in LIVE and running_pause(it) is None
    if nudges:
        found.append(_way(_("Nudge its managers"), _("A letter to those who look after it, once in two weeks."),
                          reverse("web:liveness_nudge", args=[it.public_id]), {"icon": "bell"}))  # fmt: skip
    if may_here(person, it, "liveness:note"):
        found.append(_way(_("Note the last post"), _("It may have posted, and nobody noted it."),
                          reverse("web:liveness_post", args=[it.public_id]), {"icon": "pencil"}))  # fmt: skip
    if may_here(person, it, "pause:set") and running_pause(it) is None:
        found.append(_way(_("Pause it"), _("Until a day, or over the summer. It stays official."),
                          reverse("web:pause_new", args=[it.public_id]), {"icon": "player-pause"}))  # fmt: skip
    if it.state in LIVE and may_propose(person, it):
        found.append(_way(_("Merge it"), _("Into another account that goes on. Its addresses lead there."),
                          reverse("web:merge_new", args=[it.public_id]), {"icon": "arrow-merge"}))  # fmt: skip
        there = f"{reverse('web:account_change_new', args=[it.public_id])}#id_unit"
        found.append(_way(_("Transfer it"), _("To another school or unit that will use it, when both agree."), there,
                          {"icon": "arrows-exchange"}))  # fmt: skip
    if it.state in LIVE and may_start(person, it):
        found.append(_way(_("Close it"), _("It is no longer needed. It stays in the directory as retired."),
                          reverse("web:closing_new", args=[it.public_id]), {"icon": "archive"}))  # fmt: skip
    return found


@require_safe
@signed_in
def forward(request: StaffRequest, public_id: str) -> HttpResponse:
    """The ways forward for an account that is quiet, side by side."""
    it = the_account(request.user, public_id)
    row: Liveness | None = liveness_of(it)
    context = {
        "it": it, "crumbs": account_crumbs(it), "ways": ways_forward(request.user, it), "days": measure().days,
        "badge": quiet_badge(quiet_word(it)) if it.state in LIVE else None,
        "facts": _posting(row),
    }  # fmt: skip
    return render(request, "web/upkeep/forward.html", context)
