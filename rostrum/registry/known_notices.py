"""Every message about known accounts: asked whose it is, decided, named as its manager."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from rostrum.notices.actions import owe
from rostrum.notices.kinds import NoticeKind, declare
from rostrum.people.models import Person, Unit
from rostrum.policies.rolewords import keeper
from rostrum.registry.known_models import KnownAccount
from rostrum.registry.models import AccountRequest
from rostrum.registry.platforms import label_of

_WHY_YOURS = _("You get this letter because you decide on accounts of %(unit)s.")
_WHY_KEEPS = _("You get this letter because you keep the register.")
_FACTS = {"platform": _("Platform"), "address": _("Address"), "unit": _("For")}

ASKED = declare(
    NoticeKind(
        "known.asked",
        _("Yours or not: %(many)s, %(unit)s"),
        _("%(who)s says that %(many)s exist for %(unit)s and are not in the register."),
        _WHY_YOURS,
        _("Say which are yours"),
        "web:known_decide",
        _("One page for all of them. Nothing is official before you and %(keeper)s say so."),
        asks=True,
    )
)
DECIDED = declare(
    NoticeKind(
        "known.decided",
        _("Decided: %(many)s, %(unit)s"),
        _("%(who)s decided on accounts of %(unit)s. %(summary)s"),
        _WHY_KEEPS,
        _("See them"),
        "web:known_decide",
        _("Those that are theirs wait for approval. You can approve them together."),
    )
)
REOPENED = declare(
    NoticeKind(
        "known.reopened",
        _("Open again: %(what)s"),
        _("%(who)s opened the question again whether this account is yours: %(what)s."),
        _WHY_YOURS,
        _("Say whether it is yours"),
        "web:known_decide",
        _("The reason stands above."),
        asks=True,
    )
)
NAMED = declare(
    NoticeKind(
        "known.named",
        _("You look after it: %(what)s"),
        _("%(who)s said that this account is the school's, and that you look after it: %(what)s."),
        _("You get this letter because you were named as the one who looks after it."),
        _("See where it is"),
        "web:request",
        _("When it is approved, you fill in its Registration Form. Most of it is filled in already."),
    )
)


def both(make: Any) -> dict[str, str]:
    """What `make` says in both languages."""
    out = {}
    for short, lang in (("en", "en-ca"), ("fr", "fr-ca")):
        with override(lang):
            out[short] = str(make())
    return out


def many(count: int) -> dict[str, str]:
    """ "11 accounts", in both languages."""
    return both(lambda: ngettext("one account", "%(count)d accounts", count) % {"count": count})


def summary(ours: int, not_ours: int, unreachable: int, no_others: bool) -> dict[str, str]:
    """ "9 are theirs, 1 is not, 1 is out of reach. No others, they say." """

    def say() -> str:
        from django.utils.translation import gettext

        parts = []
        if ours:
            parts.append(ngettext("%(n)d is theirs.", "%(n)d are theirs.", ours) % {"n": ours})
        if not_ours:
            parts.append(ngettext("%(n)d is not.", "%(n)d are not.", not_ours) % {"n": not_ours})
        if unreachable:
            parts.append(
                ngettext("%(n)d is out of reach.", "%(n)d are out of reach.", unreachable) % {"n": unreachable}
            )
        if no_others:
            parts.append(gettext("They say that there are no others."))
        return " ".join(parts)

    return both(say)


def facts(known: KnownAccount) -> list[Any]:
    """The few facts that a letter about one known account shows."""
    values = {"platform": label_of(known.platform), "address": known.address, "unit": known.unit.name}
    return [[both(lambda key=key: _FACTS[key]), value] for key, value in values.items()]


def tell(
    people: Iterable[Person], kind: NoticeKind, unit: Unit, ref: object, said: dict[str, Any], but: Person | None = None
) -> None:
    """Owe one kind of notice about a place to several people, each once, never to whoever did the act."""
    told: set[int] = {but.pk} if but else set()
    for person in people:
        if person.pk not in told and person.is_active:
            told.add(person.pk)
            owe(kind, to=person, about=unit, ref=str(ref), context={"unit": unit.name, "keeper": both(keeper), **said})


def name_managers(pairs: Iterable[tuple[Person, AccountRequest, dict[str, str]]], who: Person) -> None:
    """Tell each named manager of the accounts that were put into their hands; one letter for each account."""
    by_person: dict[int, list[AccountRequest]] = defaultdict(list)
    for person, request, what in pairs:
        if person.pk == who.pk:
            continue
        by_person[person.pk].append(request)
        owe(NAMED, to=person, about=request, ref=request.ref or "", context={"who": who.name, "what": what})
