"""What is open about an account and stands in the way of a merge: each thing named in a sentence, by whoever owns it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from rostrum.core.errors import WrongState
from rostrum.registry.change_models import AccountChange, AccountSplit
from rostrum.registry.change_states import OPEN_CHANGES
from rostrum.registry.closing_queries import being_closed
from rostrum.registry.holding import holds, words_of
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE, OPEN

Finder = Callable[[Account], Iterable[str]]
# What areas above the register know to be open about an account, each under a name of its own.
FINDERS: dict[str, Finder] = {}


def declare(name: str, finder: Finder) -> Finder:
    """Make known what else may be open about an account. Raises ValueError when the name has another finder."""
    if FINDERS.get(name, finder) is not finder:
        raise ValueError(f"The obstacle {name} is declared twice.")
    FINDERS[name] = finder
    return finder


def _of_what_goes(account: Account, but: int) -> list[str]:
    """What keeps an account from being retired into another one today."""
    if account.state not in LIVE:
        return [_("%(name)s is retired already.") % {"name": account.name}]
    said = [words_of(one) for one in holds(account)]
    if account.changes.filter(state__in=OPEN_CHANGES).exclude(pk=but).exists():
        said.append(_("A change to %(name)s is on its way. It is decided on first.") % {"name": account.name})
    if being_closed([account.pk]):
        said.append(_("%(name)s is being closed. Finish that, or decide not to close it.") % {"name": account.name})
    asked = AccountSplit.objects.filter(account=account, request__state__in=OPEN).select_related("request").first()
    if asked is not None:
        said.append(_("A part of %(name)s is asked for as an account of its own (request %(ref)s).")
                    % {"name": account.name, "ref": asked.request.ref})  # fmt: skip
    if AccountChange.objects.filter(into=account, state__in=OPEN_CHANGES).exists():
        said.append(_("Another account is about to be merged into %(name)s. That is decided on first.")
                    % {"name": account.name})  # fmt: skip
    for finder in FINDERS.values():
        said += finder(account)
    return said


def _of_what_stays(into: Account) -> list[str]:
    """What keeps an account from taking another one in today."""
    if into.state not in LIVE:
        return [_("%(name)s is retired. It cannot take another account in.") % {"name": into.name}]
    said = []
    merging = into.changes.filter(state__in=OPEN_CHANGES).select_related("into").first()
    if merging is not None and merging.into is not None:
        said.append(_("%(name)s is about to be merged into %(other)s itself. That is decided on first.")
                    % {"name": into.name, "other": merging.into.name})  # fmt: skip
    elif merging is not None:
        said.append(_("A change to %(name)s is on its way. It is decided on first.") % {"name": into.name})
    if being_closed([into.pk]):
        said.append(_("%(name)s is being closed. It cannot take another account in.") % {"name": into.name})
    return said


def in_the_way(account: Account, into: Account, but: int = 0) -> list[str]:
    """Everything that stands in the way of merging an account into another, as whole sentences; empty: nothing.

    `but` is the merge itself (its primary key), which does not stand in its own way. Source: AP 193 1.5, 1.10: what
    is looked into, asked for or held stays as it is until that is settled.
    """
    return [*_of_what_goes(account, but), *_of_what_stays(into)]


def refuse_while_open(account: Account, into: Account, but: int = 0) -> None:
    """Raise WrongState naming everything in the way of a merge. To be asked with the log's pen in hand."""
    found = in_the_way(account, into, but)
    if found:
        raise WrongState(
            f"{_('These accounts cannot be merged now.')} {' '.join(found)}",
            way_forward=_("Settle that first; then it can be done."),
        )
