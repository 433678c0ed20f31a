"""How certification and liveness read on pages: the same words on the record, in lists, on the desk and in tables."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rostrum.core.dates import ago_words, day
from rostrum.registry.models import Account
from rostrum.upkeep import queries as Q
from rostrum.upkeep import quiet
from rostrum.upkeep.liveness_models import Liveness, Plan
from rostrum.upkeep.models import Certification, Correction
from rostrum.upkeep.states import CertificationState, CorrectionState

TONES = {
    CertificationState.OPEN.value: "act", CertificationState.CORRECTING.value: "moving",
    CertificationState.CERTIFIED.value: "good", CertificationState.MISSED.value: "stop",
    CertificationState.OVER.value: "over",
}  # fmt: skip
CORRECTION_TONES = {
    CorrectionState.OPEN.value: "act", CorrectionState.MADE.value: "good", CorrectionState.KEPT.value: "over",
    CorrectionState.OVER.value: "over",
}  # fmt: skip
STANDING_TONES = {Q.LATE: "stop", Q.WAITING: "act", Q.PUTTING_RIGHT: "moving", Q.CERTIFIED: "good", Q.NEVER: "over"}
QUIET_TONES = {
    quiet.TROUBLED: "stop", quiet.PAUSED: "over", quiet.QUIET: "act", quiet.UNKNOWN: "over", quiet.LATE: "moving",
    quiet.ACTIVE: "good",
}  # fmt: skip


def standing_words() -> dict[str, str]:
    """Where an account stands with its certification, each as a word."""
    return {
        Q.LATE: _("Not certified in time"), Q.WAITING: _("Waiting to be certified"),
        Q.PUTTING_RIGHT: _("Something is not right"), Q.CERTIFIED: pgettext("account", "Certified"),
        Q.NEVER: _("Never certified"),
    }  # fmt: skip


def quiet_words() -> dict[str, str]:
    """What an account's last post and last look say, each as a word."""
    return {
        quiet.TROUBLED: _("Something is wrong"), quiet.QUIET: pgettext("account", "Quiet"),
        quiet.LATE: _("Behind its own plan"), quiet.UNKNOWN: _("No post on record"),
        quiet.PAUSED: pgettext("account", "Paused"), quiet.ACTIVE: pgettext("account", "Active"),
    }  # fmt: skip


def certification_badge(it: Certification) -> dict[str, str]:
    """The state of one certification."""
    return {"tone": TONES.get(it.state, "over"), "word": str(it.get_state_display())}


def correction_badge(it: Correction) -> dict[str, str]:
    """The state of one thing that is not right."""
    return {"tone": CORRECTION_TONES.get(it.state, "over"), "word": str(it.get_state_display())}


def standing_badge(key: str) -> dict[str, str]:
    """Where an account stands with its certification."""
    return {"tone": STANDING_TONES.get(key, "over"), "word": standing_words().get(key, key)}


def quiet_badge(key: str) -> dict[str, str]:
    """What its last post and last look say."""
    return {"tone": QUIET_TONES.get(key, "over"), "word": quiet_words().get(key, key)}


def last_post_words(row: Liveness | None) -> str:
    """The last post on record: "Tue 12 Nov 2026 (5 days ago)"."""
    if row is None or row.last_post_on is None:
        return _("None on record")
    return f"{day(row.last_post_on)} ({ago_words(row.last_post_on)})"


def plan_words(row: Liveness | None) -> str:
    """How often it is to post."""
    return str(Plan(row.plan).label) if row is not None and row.plan else _("Nobody said")


def account_crumbs(account: Account) -> list[tuple[str, str]]:
    """The way back from a page about one account."""
    from django.urls import reverse

    return [(_("Accounts"), reverse("web:accounts")), (account.name, reverse("web:account", args=[account.public_id]))]


def noted_words(row: Liveness) -> dict[str, Any]:
    """Who noted the last post, and from where."""
    return {"by": row.post_noted_by.name if row.post_noted_by else "", "source": row.get_post_source_display()}
