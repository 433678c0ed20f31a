"""Every message about resets: asked for, an alarm, to be confirmed, returned, confirmed, called off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from rostrum.core import clock
from rostrum.keys.models import Reset, ResetCall
from rostrum.keys.queries import Leads, managers_of, managers_of_each, witnesses
from rostrum.keys.states import Trigger
from rostrum.notices.actions import owe
from rostrum.notices.kinds import NoticeKind, notice_kind
from rostrum.people.models import Appointment, Person, Role
from rostrum.people.queries import in_force
from rostrum.policies.queries import cite
from rostrum.registry.models import Account
from rostrum.registry.platforms import label_of
from rostrum.schoolyear.words import long_day

_WHY_MANAGER = _("You get this letter because you look after this account.")
_WHY_KEEPER = _("You get this letter because you lead the school of this account or keep the register.")
_WHY_WITNESS = _("You get this letter because you are the second person for this account.")
_WHY_MAKER = _("You get this letter because you made the statement about this reset.")
_NO_SECRETS = _("Rostrum never asks for a password. You only say what was done and where it is kept.")


_SEE_CALL, _SEE_RESET = _("See what is asked"), _("See the statement")

ASKED = notice_kind(
    "keys.asked", _("Reset the access: %(what)s"), _("The access of this account is to be reset: %(trigger)s."),
    _WHY_MANAGER, _NO_SECRETS, _SEE_CALL, "web:reset_call", asks=True,
)  # fmt: skip
ALARM = notice_kind(
    "keys.alarm", _("%(trigger)s: %(what)s"), _("%(who)s says that somebody else may have got into this account."),
    _WHY_KEEPER, _("Its managers have been asked to reset the access now. Look whether they need help."),
    _SEE_CALL, "web:reset_call", asks=True,
)  # fmt: skip
CALLED_OFF = notice_kind(
    "keys.called_off", _("No reset is needed any more: %(what)s"), _("%(who)s called off the reset of this account."),
    _WHY_MANAGER, _("What else asks for a reset of this account stays as it is."), _SEE_CALL, "web:reset_call",
)  # fmt: skip
CONFIRM_ASKED = notice_kind(
    "keys.confirm_asked", _("Confirm a reset: %(what)s"), _("%(who)s states that the access of this account was reset."),
    _WHY_WITNESS, _("Look for yourself, then confirm it or return it with a reason."), _SEE_RESET, "web:reset",
    asks=True,
)  # fmt: skip
RETURNED = notice_kind(
    "keys.returned", _("Returned to you: the reset of %(what)s"), _("%(who)s returned your statement."),
    _WHY_MAKER, _("Put right what is missing, then make the statement again."), _SEE_RESET, "web:reset", asks=True,
)  # fmt: skip
CONFIRMED = notice_kind(
    "keys.confirmed", _("Confirmed: the reset of %(what)s"), _("%(who)s confirmed that the access was reset."),
    _WHY_MANAGER, _("Everything that asked for this reset is answered."), _SEE_RESET, "web:reset",
)  # fmt: skip
WITHDRAWN = notice_kind(
    "keys.withdrawn", _("Withdrawn: the reset of %(what)s"), _("%(who)s withdrew the statement about the reset."),
    _WHY_MANAGER, _("What asked for a reset still asks for one."), _SEE_RESET, "web:reset",
)  # fmt: skip
_SHOWN = "web:resets_shown"
MANY_ASKED = notice_kind(
    "keys.many_asked", _("Reset the access: %(count)s"), _("The access of %(count)s is to be reset: %(trigger)s."),
    _("You get this letter because you look after these accounts."), _NO_SECRETS, _("See what is asked"), _SHOWN,
    asks=True,
)  # fmt: skip
REMINDER = notice_kind(
    "keys.reminder", _("Still to do: %(count)s"), _("This still waits for you: %(count)s."),
    _("You get this letter because you look after these accounts, or are the second person for them."),
    _("It comes again as long as something waits."), _("See what waits"), _SHOWN, asks=True,
)  # fmt: skip
NUDGED = notice_kind(
    "keys.nudged", _("Still missing in “%(campaign)s”: %(count)s"),
    _("The campaign “%(campaign)s” still waits for your statement: %(count)s."),
    _("You get this letter because you look after these accounts."), _NO_SECRETS, _("See what is asked"), _SHOWN,
    asks=True,
)  # fmt: skip
LATE = notice_kind(
    "keys.late", _("Late: %(count)s"), _("The day has passed and nobody has answered: %(count)s."),
    _("You get this letter because you lead the school of these accounts or keep the register."),
    _("Nothing happens by itself. Ask those who look after the accounts what they need."), _("See what is late"),
    _SHOWN, asks=True,
)  # fmt: skip


def both(words: Callable[[], Any]) -> dict[str, str]:
    """Words in both languages, for a notice that is read later in the reader's own."""
    found = {}
    for short, code in (("en", "en-ca"), ("fr", "fr-ca")):
        with translation.override(code):
            found[short] = str(words())
    return found


def trigger_words(trigger: str) -> dict[str, str]:
    """Why a reset is asked for, in both languages."""
    return both(lambda: Trigger(trigger).label)


class Called:
    """What accounts are called in letters, in both languages. Each platform is read once."""

    def __init__(self) -> None:
        self._labels: dict[str, dict[str, str]] = {}

    def of(self, account: Account) -> dict[str, str]:
        """The name with its platform: a school has one name on several."""
        key = account.platform
        if key not in self._labels:
            self._labels[key] = both(lambda: label_of(key))
        return {short: f"{account.name} ({label})" for short, label in self._labels[key].items()}


def _owe(
    people: Iterable[Person], kind: NoticeKind, about: models.Model, said: dict[str, Any], but: Person | None
) -> list[Person]:
    told = {but.pk} if but is not None else set()
    out = []
    for one in people:
        if one.pk not in told and one.is_active:
            told.add(one.pk)
            owe(kind, to=one, about=about, ref=str(about.pk), context=said)
            out.append(one)
    return out


def _said(what: Account, who: Person | None, comment: str, **more: Any) -> dict[str, Any]:
    return {
        "what": Called().of(what), "who": who.name if who else "Rostrum", "comment": comment, "facts": [],
        "clauses": cite(["3.4"]), **more,
    }  # fmt: skip


def said_of_call(call: ResetCall, who: Person | None, comment: str) -> dict[str, Any]:
    """The words of every notice about a call: the account, why, by when."""
    said = _said(call.account, who, comment, trigger=trigger_words(call.trigger))
    if call.due_on is not None:
        day = call.due_on
        said["due"] = both(lambda: long_day(day, today=clock.today()))
    return said


def keepers_of_the_register() -> list[Person]:
    """Communications, today."""
    held = Appointment.objects.filter(in_force(), role=Role.COMMUNICATIONS, person__is_active=True)
    return [one.person for one in held.select_related("person").order_by("pk")]


def answerers(call: ResetCall) -> list[Person]:
    """Who must answer a call: the managers, else whoever leads the school."""
    return managers_of(call.account) or list(Leads([call.unit]).of(call.unit).people)


def ask(calls: Sequence[ResetCall], by: Person | None) -> None:
    """Tell the managers that a reset is asked for, else whoever leads the school; who they are is asked once for all.

    Of an alarm, whoever leads the school and Communications are told too.
    """
    living, leads = managers_of_each([one.account for one in calls]), Leads(one.unit for one in calls)
    for call in calls:
        said = said_of_call(call, by, call.note)
        told = _owe(living[call.account_id] or leads.of(call.unit).people, ASKED, call, said, by)
        if call.is_alarm:
            knows = {one.pk for one in told}
            eyes = [*leads.of(call.unit).people, *keepers_of_the_register()]
            _owe([one for one in eyes if one.pk not in knows], ALARM, call, said, by)


def call_off(call: ResetCall, by: Person | None, reason: str) -> None:
    """Tell the managers, and whoever asked, that a call counts no more; of an alarm, Communications too."""
    people = [*managers_of(call.account), *([call.asked_by] if call.asked_by else [])]
    if call.is_alarm:
        people += [*Leads([call.unit]).of(call.unit).people, *keepers_of_the_register()]
    _owe(people, CALLED_OFF, call, said_of_call(call, by, reason), by)


def stated(reset: Reset, by: Person) -> list[Person]:
    """Ask the second person to confirm; says who was asked."""
    return _owe(witnesses(reset), CONFIRM_ASKED, reset, _said(reset.account, by, reset.note), by)


def moved(reset: Reset, kind: NoticeKind, by: Person, comment: str, *, alarm: bool = False) -> None:
    """Tell everyone who looks after the account, and whoever made the statement, what became of it."""
    people = [reset.made_by] if kind is RETURNED else [reset.made_by, *managers_of(reset.account)]
    if alarm:
        people += keepers_of_the_register()
    _owe(people, kind, reset, _said(reset.account, by, comment), by)
