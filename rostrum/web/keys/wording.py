"""How resets and what calls for them are told on pages: parts, outcomes, badges, deadlines."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rostrum.core import clock
from rostrum.core.dates import day, due_words
from rostrum.keys import campaigns
from rostrum.keys.models import PARTS, Outcome, Reset, ResetCall, ResetCampaign
from rostrum.keys.states import CallState, CampaignState, ResetState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.registry.platforms import label_of

PART_WORDS = {
    "changed": gettext_lazy("The password is new"),
    "second_factor": gettext_lazy("A second factor is on"),
    "mailbox": gettext_lazy("The recovery mailbox is the division’s"),
    "access": gettext_lazy("The list of who can get in was checked"),
    "apps": gettext_lazy("The connected apps were looked through"),
    "vault": gettext_lazy("The entry in the vault is up to date"),
}
PART_HELP = {
    "changed": gettext_lazy("Whoever knew the old one cannot get in with it, and other devices are signed out."),
    "second_factor": gettext_lazy("It goes to a device or an app of the school, not to a private phone."),
    "mailbox": gettext_lazy("No private address or phone number is left for recovery (1.6)."),
    "access": gettext_lazy("Everybody on it still needs it, and nobody is missing."),
    "apps": gettext_lazy("Programs that may post or read are known; the others are removed."),
    "vault": gettext_lazy("Name the place only. What is kept there never comes here."),
}
RESET_TONES = {
    ResetState.MADE.value: "act", ResetState.RETURNED.value: "act", ResetState.CONFIRMED.value: "good",
    ResetState.WITHDRAWN.value: "over",
}  # fmt: skip
CALL_TONES = {CallState.OPEN.value: "act", CallState.ANSWERED.value: "good", CallState.CALLED_OFF.value: "over"}


def reset_badge(it: Reset) -> dict[str, str]:
    """The state of a statement as a word with a colour."""
    return {"tone": RESET_TONES.get(it.state, "over"), "word": it.get_state_display()}


def call_badge(it: ResetCall) -> dict[str, str]:
    """The state of a call as a word with a colour; one whose day has passed says so."""
    if it.late(clock.today()):
        return {"tone": "stop", "word": _("Late")}
    return {"tone": CALL_TONES.get(it.state, "over"), "word": it.get_state_display()}


def due_line(it: ResetCall) -> str:
    """By when, as a sentence; that nobody set a day where that is so."""
    if it.due_on is None:
        return _("No day is set: the procedure gives none, and the division has not chosen one.")
    return _("By %(day)s (%(when)s).") % {"day": day(it.due_on), "when": due_words(it.due_on)}


def asked_line(it: ResetCall) -> str:
    """Who asked and when, as a sentence."""
    said = {"who": it.asked_by.name if it.asked_by else "Rostrum", "day": day(it.asked_at)}
    return _("%(who)s asked for it on %(day)s.") % said


def part_rows(it: Reset) -> list[dict[str, Any]]:
    """What was stated, part by part: done, or not and why."""
    rows = []
    for part in PARTS:
        outcome = Outcome(getattr(it, part))
        done = outcome == Outcome.DONE
        rows.append(
            {
                "label": PART_WORDS[part],
                "badge": {"tone": "good" if done else "act", "word": outcome.label},
                "why": it.vault_entry if part == "vault" and done else it.why_not.get(part, ""),
            }
        )
    return rows


def tabs(person: Person, current: str) -> list[dict[str, Any]]:
    """The pages of resets that a person may open."""
    found = [
        ("calls", _("Asked for"), reverse("web:resets")),
        ("statements", _("Statements"), reverse("web:reset_statements")),
    ]
    if may(person, "keys:campaign") or campaigns.visible_to(person).exists():
        found.append(("campaigns", _("Campaigns"), reverse("web:reset_campaigns")))
    return [{"label": label, "url": url, "current": key == current} for key, label, url in found]


def campaign_badge(it: ResetCampaign) -> dict[str, str]:
    """The state of a campaign as a word with a colour; one whose day has passed says so."""
    if it.state == CampaignState.RUNNING and it.due_on < clock.today():
        return {"tone": "stop", "word": _("Late")}
    return {"tone": "moving" if it.state == CampaignState.RUNNING else "over", "word": it.get_state_display()}


def scope_words(it: ResetCampaign) -> str:
    """Whose accounts a campaign asks for: "Rendell Park School, Instagram"."""
    if not it.platform:
        return it.scope.name
    return _("%(scope)s, %(platform)s") % {"scope": it.scope.name, "platform": label_of(it.platform)}


def progress_words(it: campaigns.Progress) -> str:
    """How far it is, in words: "12 of 30 confirmed, 3 stated, 15 missing"."""
    said = ngettext("%(done)d of %(n)d account confirmed", "%(done)d of %(n)d accounts confirmed", it.total)
    parts = [said % {"done": it.done, "n": it.total}]
    if it.stated:
        parts.append(ngettext("%(n)d stated", "%(n)d stated", it.stated) % {"n": it.stated})
    if it.missing:
        parts.append(ngettext("%(n)d missing", "%(n)d missing", it.missing) % {"n": it.missing})
    return ", ".join(parts)
