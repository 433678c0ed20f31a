"""What is shown beside each question of a review: the account as the register knows it today."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.core.dates import day
from rostrum.keys.queries import managers_of
from rostrum.policies.queries import form, text
from rostrum.registry.answers import fields_of
from rostrum.registry.listing import speaks_for
from rostrum.registry.models import Account, AccountRequest
from rostrum.upkeep.quiet import liveness_of

LABELS: dict[str, Promise | str] = {
    "name": gettext_lazy("Name"),
    "handle": gettext_lazy("Handle"),
    "address": gettext_lazy("Address"),
    "unit": gettext_lazy("Speaks for"),
    "purpose": gettext_lazy("Purpose"),
    "mailbox": gettext_lazy("Work e-mail"),
    "managers": gettext_lazy("Content managers"),
    "profile_line": gettext_lazy("Line for the profile"),
    "public_page": gettext_lazy("Page in the directory"),
    "visibility": gettext_lazy("Who sees it, as registered"),
    "comments": gettext_lazy("Comments, as registered"),
    "update_plan": gettext_lazy("How often it is to post"),
    "last_post": gettext_lazy("Last post"),
    "official_since": gettext_lazy("Official since"),
}


def facts_of(account: Account) -> dict[str, str]:
    """Every fact that the register knows and a question may ask to see, in words; an empty one is not known.

    The line for the profile and the page in the directory are addresses of pages: the page of the review adds them.
    """
    registration, request = account.registration, account.registration.request
    row = liveness_of(account)
    last = row.last_post_on if row else None
    return {
        "name": account.name, "handle": account.handle, "address": account.address, "unit": speaks_for(account),
        "purpose": account.purpose, "mailbox": account.mailbox,
        "managers": ", ".join(one.name for one in managers_of(account)) or _("Nobody"),
        "visibility": _chosen(request, registration.answers, "registration", "visibility"),
        "comments": _chosen(request, registration.answers, "registration", "comment_mode"),
        "update_plan": (row.get_plan_display() if row and row.plan else "")
        or _chosen(request, request.answers, "request", "update_plan"),
        "last_post": day(last) if last else _("Nobody has noted it."),
        "official_since": day(account.official_since),
    }  # fmt: skip


def _chosen(request: AccountRequest, answers: Mapping[str, list[str]], use: str, bind: str) -> str:
    """What was chosen in a field of a form, in the words of the edition that the form was filled in under."""
    for item in fields_of(form(request.edition, use)):
        if item.binds == bind:
            value = (answers.get(item.key) or [""])[0]
            return next((text(one.label) for one in item.options if one.value == value), "")
    return ""
