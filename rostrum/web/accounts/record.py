"""What the register itself knows of one account, and who may read it; the page is composed in web/dossier."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rostrum.core.dates import day
from rostrum.people.models import Person
from rostrum.people.queries import division, may
from rostrum.policies.queries import form, setting, text
from rostrum.registry.answers import fields_of
from rostrum.registry.change_queries import may_propose
from rostrum.registry.models import Account, Designation, Registration
from rostrum.registry.platforms import label_of
from rostrum.registry.queries import accounts_visible_to
from rostrum.registry.states import ACCOUNT_MOVES, CLOSE, EXTEND, LIVE
from rostrum.workflow.moves import Move

ICONS = {
    "review": {"icon": "eye-search"},
    "clear": {"icon": "circle-check"},
    "suspend": {"icon": "ban"},
    "restore": {"icon": "rotate"},
    "close": {"icon": "archive"},
    "extend": {"icon": "clock-edit"},
    "reinstate": {"icon": "rotate"},
}


def the_account(person: Person, public_id: str) -> Account:
    """An account whose full record the person may read; otherwise there is nothing at this address (404)."""
    if not (public_id.isascii() and public_id.isalnum()):  # PostgreSQL takes no NUL, and no id holds a mark
        raise Http404
    found = (
        accounts_visible_to(person)
        .filter(public_id=public_id.upper()[:12])
        .select_related(
            "unit",
            "registration__request__requester",
            "registration__request__edition",
            "registration__confirmed_by",
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


def allowed(person: Person, account: Account) -> list[Move]:
    """The moves on an account's standing that this person could make now (AP 193 1.5, 1.10)."""
    return [
        m for m in (*ACCOUNT_MOVES, EXTEND) if account.state in m.sources and may(person, m.permission, account.unit)
    ]


def profile_line(account: Account, place: str) -> str:
    """The line to put in the profile on the platform, so that anyone can check the account."""
    root = division()
    return _("Official account of %(place)s, %(division)s. Check it: %(url)s") % {
        "place": place,
        "division": root.name if root else settings.SITE_NAME,
        "url": public_url(account),
    }


def public_url(account: Account) -> str:
    """The account's page in the public directory, with the site's name."""
    return f"{settings.SITE_URL}{reverse('directory:account', args=[account.public_id])}"


def labels_of(registration: Registration, bind: str) -> dict[str, str]:
    """The words of each choice of a field of the Registration Form, by its value."""
    fields = fields_of(form(registration.request.edition, "registration"))
    return {option.value: text(option.label) for f in fields if f.binds == bind for option in f.options}


def _recovery_words(registration: Registration) -> str:
    """The class of recovery address, as the form words it. Its value is nowhere in Rostrum."""
    return labels_of(registration, "recovery").get(registration.recovery, registration.recovery)


def facts_of(account: Account, place: str) -> list[dict[str, Any]]:
    """What the register knows of an account, each with the clause that asks for it."""
    registration = account.registration
    return [
        {"label": _("Speaks for"), "value": place, "url": reverse("web:unit", args=[account.unit_id])},
        {"label": _("Kind"), "value": account.get_entity_kind_display()},
        {"label": _("Platform"), "value": label_of(account.platform)},
        {"label": _("Address"), "value": account.address, "url": account.address},
        {"label": _("Handle"), "value": account.handle},
        {"label": _("Platform's own number"), "value": account.platform_id},
        {"label": _("Purpose"), "value": account.purpose},
        {"label": _("Work e-mail"), "value": account.mailbox, "clause": "1.6"},
        {
            "label": _("Recovery goes to"),
            "value": _recovery_words(registration),
            "note": _("Only the kind is kept here, never the address."),
        },
        {
            "label": _("Second factor"),
            "value": _("On, as the Registration Form says") if registration.second_factor else _("Not on"),
            "clause": "3.4",
        },
        {
            "label": _("Where the password is kept"),
            "value": registration.custody,
            "note": _("The name of the place only. Rostrum never knows a password."),
        },
        {
            "label": _("Official since"),
            "value": day(account.official_since),
            "clause": "3.2",
            "note": _("Confirmed by %(name)s.") % {"name": registration.confirmed_by.name}
            if registration.confirmed_by
            else "",
        },
    ]


def answer_badge(one: Designation) -> dict[str, str]:
    if one.released_at:
        return {"tone": "over", "word": pgettext("content manager", "Released")}
    if one.accepted_at:
        return {"tone": "good", "word": pgettext("content manager's answer", "Accepted")}
    if one.declined_at:
        return {"tone": "stop", "word": pgettext("content manager's answer", "Declined")}
    return {"tone": "act", "word": _("Waiting for an answer")}


def moves_of(person: Person, account: Account) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """The one primary act (ending a review, restoring), and those behind "More"."""
    primary, more = None, []
    for move in allowed(person, account):
        if move is CLOSE:  # closing has a checklist first (rostrum/web/closing)
            continue
        url = reverse("web:account_move", args=[account.public_id, move.name])
        act = {"label": move.label, "url": url, "danger": move.tone == "danger", **ICONS[move.name]}
        if move.tone == "primary":
            primary = act
        else:
            more.append(act)
    if account.state in LIVE and may_propose(person, account):
        url = reverse("web:account_change_new", args=[account.public_id])
        more.insert(0, {"label": _("Change name, address or school"), "url": url, "icon": "pencil"})
    return primary, more


def too_few(managers: list[Designation]) -> bool:
    """Whether fewer managers stand than the division wants to be warned of (1.7 speaks of managers)."""
    least = setting("managers_warn_below")
    have = sum(1 for d in managers if d.accepted_at and not d.released_at)
    return isinstance(least, int) and have < least
