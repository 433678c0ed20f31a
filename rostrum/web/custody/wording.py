"""How the pages of custody say things: how many hands an account has, where a hand-over stands, who may act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from rostrum.core.errors import Overtaken, Refusal, WrongState
from rostrum.custody.departure_models import Departure, DepartureItem
from rostrum.custody.departure_states import DepartureState, ItemState
from rostrum.custody.models import HandOver
from rostrum.custody.queries import relations
from rostrum.guidance.queries import must_read
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.registry.models import Account, Designation
from rostrum.registry.states import LIVE
from rostrum.web.access import StaffRequest

DEPARTURE_TONES = {
    DepartureState.AHEAD.value: "moving", DepartureState.OPEN.value: "act", DepartureState.DONE.value: "good",
    DepartureState.CANCELLED.value: "over", DepartureState.RETURNED.value: "over",
}  # fmt: skip
ITEM_TONES = {ItemState.OPEN.value: "act", ItemState.DONE.value: "good", ItemState.DROPPED.value: "over"}


def hands_badge(count: int) -> dict[str, str]:
    """How many living people can do something: nobody, one person, or how many, with a colour."""
    if count == 0:
        return {"tone": "stop", "word": _("Nobody")}
    if count == 1:
        return {"tone": "act", "word": pgettext("how many hands", "One person")}
    return {"tone": "good", "word": ngettext("%(n)d person", "%(n)d people", count) % {"n": count}}


def departure_badge(it: Departure) -> dict[str, str]:
    """The state of a departure as a word with a colour."""
    return {"tone": DEPARTURE_TONES[it.state], "word": it.get_state_display()}


def item_badge(it: DepartureItem) -> dict[str, str]:
    """The state of one account of a departure as a word with a colour."""
    return {"tone": ITEM_TONES[it.state], "word": it.get_state_display()}


def may_here(person: Person, permission: str, account: Account) -> bool:
    """Whether a person may do something to a live account, by role or as its manager."""
    return account.state in LIVE and may(person, permission, account.unit, relations(person, account))


def people_url(account: Account) -> str:
    """The page of who holds an account."""
    return reverse("web:custody_account", args=[account.public_id])


def crumbs_of(account: Account, *, deep: bool = True) -> list[tuple[str, str]]:
    """The way to a page about who holds an account."""
    way = [(_("Accounts"), reverse("web:accounts")), (account.name, reverse("web:account", args=[account.public_id]))]
    return [*way, (_("Who looks after it"), people_url(account))] if deep else way


def the_designation(pk: int) -> Designation:
    """A designation on a live account; otherwise there is nothing at this address (404)."""
    found = Designation.objects.select_related("person", "registration").filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def the_hand_over(pk: int) -> HandOver:
    """A hand-over by its number, or 404."""
    rows = HandOver.objects.select_related("account__unit", "given_by__person", "taken_by__person", "asked_by")
    found = rows.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


@contextmanager
def leading_back(request: StaffRequest, url: str, *, typed: str = "") -> Iterator[None]:
    """Give every refusal its way back; who must read the procedure first is led straight to it."""
    try:
        yield
    except Refusal as refusal:
        if isinstance(refusal, WrongState) and not isinstance(refusal, Overtaken) and must_read(request.user):
            refusal.url = f"{reverse('web:guidance_read')}?next={request.path}"
            refusal.way_forward = refusal.way_forward or _("The page opens at the text. It takes a few minutes.")
        refusal.url = refusal.url or url
        if typed.strip():
            refusal.typed = [(_("Comment"), typed)]
        raise
