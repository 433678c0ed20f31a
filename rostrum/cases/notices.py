"""Every message about cases, decisions and appeals, and who is told of what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from rostrum.cases.appeal_models import Appeal
from rostrum.cases.composing import Letter
from rostrum.cases.decision_models import Decision
from rostrum.cases.models import Case
from rostrum.notices.actions import owe
from rostrum.notices.kinds import NoticeKind, notice_kind
from rostrum.people.models import Person
from rostrum.policies.rolewords import worded_lazy
from rostrum.registry.models import Account
from rostrum.registry.notices import both, in_both
from rostrum.schoolyear.words import long_day

_WHY_TURN = _("You get this letter because it is your turn to decide on this case.")
_WHY_CASE = _("You get this letter because you opened this case or had a part in it.")
_WHY_ACCOUNT = _("You get this letter because you look after this account or lead its school.")
_WHY_KEEPS = _("You get this letter because you decide on cases of accounts.")
_WHY_APPEAL = _("You get this letter because it is your turn to decide on this appeal.")
_READ_CASE, _READ_DECISION, _READ_APPEAL = _("Open the case"), _("Open the decision"), _("Open the appeal")
ACCOUNT_WORDS, UNIT_WORDS, DUE_WORDS = _("Account"), _("Speaks for"), _("To be settled by")


def _about(what: str, link: Any) -> Callable[..., NoticeKind]:
    """How kinds about one sort of thing are declared: their keys begin with its name, and its page is opened."""

    def declared(key: str, subject: Any, lead: Any, why: Any, next_step: Any = "", asks: bool = False) -> NoticeKind:
        return notice_kind(f"{what}.{key}", subject, lead, why, next_step, link, f"web:{what}", asks)

    return declared


_case, _decision, _appeal = _about("case", _READ_CASE), _about("decision", _READ_DECISION), _about("appeal", _READ_APPEAL)

OPENED = _case(
    "opened",
    _("A case was opened: %(what)s"),
    _("%(who)s opened case %(ref)s on the account “%(what)s”."),
    _WHY_TURN,
    _("Read what it rests on. Decide, talk with its manager, or close it."),
    asks=True,
)
ASSIGNED = _case(
    "assigned",
    _("Given to you: case on %(what)s"),
    _("%(who)s gave you case %(ref)s on the account “%(what)s”."),
    _WHY_TURN,
    _("Read what it rests on. Decide, talk with its manager, or close it."),
    asks=True,
)
ESCALATED = _case(
    "escalated",
    _("For you to decide: case on %(what)s"),
    _("%(who)s passed case %(ref)s on the account “%(what)s” to you."),
    _WHY_TURN,
    worded_lazy(_("Decide on it, or give it back to {keeper}.")),
    asks=True,
)
HANDED_BACK = _case(
    "handed_back",
    _("Given back: case on %(what)s"),
    _("%(who)s gave case %(ref)s on the account “%(what)s” back to you."),
    _WHY_TURN,
    _("Decide on it, as before."),
    asks=True,
)
CLOSED = _case(
    "closed",
    _("Closed without a decision: case on %(what)s"),
    _("%(who)s closed case %(ref)s on the account “%(what)s” without a decision."),
    _WHY_CASE,
    _("It leaves no warning and nothing on the account's standing."),
)
DUE = _case(
    "due",
    _("Still open: case on %(what)s"),
    _("Case %(ref)s on the account “%(what)s” is to be settled %(due_words)s."),
    _WHY_TURN,
    _("Decide, talk with its manager, or close it."),
    asks=True,
)
TALKED = notice_kind(
    "case.talked",
    _("A note of our talk about %(what)s"),
    _("%(who)s wrote down what the two of you talked about: the account “%(what)s”."),
    _("You get this letter because you were the other person in this talk."),
    _("Only the two of you can read it. It is no finding and leaves no warning."),
    _("Read the note"),
    "web:talk",
)
MADE = _decision(
    "made",
    _("Decision %(ref)s on %(what)s"),
    _("%(who)s decided about the account “%(what)s”. The whole decision stands below."),
    _WHY_ACCOUNT,
    asks=True,
)
MADE_TOLD = _decision(
    "made_told",
    _("Decided: case on %(what)s"),
    _("%(who)s decided case %(case)s about the account “%(what)s”. The whole decision stands below."),
    _WHY_CASE,
)
REPORTED = _decision(
    "reported",
    _("Done, they say: %(what)s"),
    _("%(who)s says that what decision %(ref)s orders is done: the account “%(what)s”."),
    _WHY_KEEPS,
    _(
        "Look whether it is so. If the official mark is suspended until then, a person restores it on the account's page."
    ),
    asks=True,
)
TO_DO = _decision(
    "to_do",
    _("To be done %(due_words)s: %(what)s"),
    _("What decision %(ref)s orders for the account “%(what)s” is to be done %(due_words)s."),
    _WHY_ACCOUNT,
    _("Say on the decision's page when it is done."),
    asks=True,
)
LATE = _decision(
    "late",
    _("Not done: %(what)s"),
    _("Nobody has said that what decision %(ref)s orders is done. It was due %(due_words)s: the account “%(what)s”."),
    _WHY_KEEPS,
    _("Ask its managers. Nothing happens by itself."),
    asks=True,
)
STRIKE_ENDED = _decision(
    "strike_ended",
    _("A warning counts no longer: %(what)s"),
    _("The warning of decision %(ref)s for the account “%(what)s” counted until %(day)s. It counts no longer."),
    _WHY_ACCOUNT,
)
LODGED = _appeal(
    "lodged",
    _("An appeal to decide: %(what)s"),
    _("%(who)s appealed decision %(ref)s on the account “%(what)s”."),
    _WHY_APPEAL,
    _("You had no part in it before. Read both letters side by side and decide."),
    asks=True,
)
LODGED_TOLD = _appeal(
    "lodged_told",
    _("Appealed: decision on %(what)s"),
    _("%(who)s appealed decision %(ref)s on the account “%(what)s”. Somebody who had no part in it decides."),
    _WHY_CASE,
    _("%(holds)s"),
)
NOBODY = _appeal(
    "nobody",
    _("Name who decides an appeal: %(what)s"),
    _("An appeal against decision %(ref)s on the account “%(what)s” waits, and nobody who may decide it is left."),
    _("You get this letter because you name the person who decides this appeal, or appoint who does."),
    _("Whoever acted before in this matter cannot decide. Name a person who did not."),
    asks=True,
)
NAMED = _appeal(
    "named",
    _("You are named to decide an appeal: %(what)s"),
    _("%(who)s named you to decide the appeal against decision %(ref)s on the account “%(what)s”."),
    _WHY_APPEAL,
    _("You had no part in it before. Read both letters side by side and decide."),
    asks=True,
)
STILL = _appeal(
    "still",
    _("Still waiting for you: an appeal on %(what)s"),
    _("The appeal against decision %(ref)s on the account “%(what)s” has waited since %(day)s."),
    _WHY_APPEAL,
    _("Read both letters side by side and decide."),
    asks=True,
)
ANSWERED = _appeal(
    "answered",
    _("Decided on appeal: %(what)s"),
    _("%(who)s decided on the appeal against decision %(ref)s about the account “%(what)s”. The letter stands below."),
    _WHY_ACCOUNT,
    asks=True,
)
WITHDRAWN = _appeal(
    "withdrawn",
    _("The appeal was withdrawn: %(what)s"),
    _("%(who)s withdrew the appeal against decision %(ref)s on the account “%(what)s”. The decision holds."),
    _WHY_CASE,
)
HOLDS, STAYED = (
    _("The decision holds meanwhile."),
    _("The decision does not hold meanwhile: the division has set it so."),
)


def _facts(account: Account) -> list[Any]:
    return [[both(ACCOUNT_WORDS), account.name], [both(UNIT_WORDS), account.unit.name]]


def _owe(people: Iterable[Person], kind: NoticeKind, about: Any, said: dict[str, Any], but: Person | None) -> None:
    told = {but.pk} if but else set()
    for one in people:
        if one.pk not in told and one.is_active:
            told.add(one.pk)
            owe(kind, to=one, about=about, ref=str(about.pk), context=said)


def case_said(case: Case, who: Person | None, comment: str) -> dict[str, Any]:
    """The words of every notice about a case."""
    facts = _facts(case.account)
    if case.due_on:
        due = case.due_on
        facts.append([both(DUE_WORDS), in_both(lambda: long_day(due))])
    return {
        "who": who.name if who else "", "what": case.account.name, "ref": case.ref or "", "comment": comment,
        "facts": facts, "clauses": [],
    }  # fmt: skip


More = dict[str, Any] | None  # words beside the usual ones, or in their place


def tell(
    people: Iterable[Person], kind: NoticeKind, case: Case, who: Person | None, comment: str, more: More = None
) -> None:
    """Owe one kind of notice about a case to several people, each once, never to whoever did the act."""
    _owe(people, kind, case, {**case_said(case, who, comment), **(more or {})}, who)


def tell_talk(case: Case, who: Person, other: Person) -> None:
    """Tell the other person of a guidance talk that a note was made of it. The letter does not hold the note."""
    said = {"who": who.name, "what": case.account.name, "comment": "", "facts": [], "clauses": []}
    owe(TALKED, to=other, about=case, ref=str(case.pk), context=said)


def decision_said(
    decision: Decision, who: Person | None, comment: str = "", letter: Letter | None = None
) -> dict[str, Any]:
    """The words of every notice about a decision; with its letter where that is sent."""
    return {
        "who": who.name if who else "", "what": decision.account.name, "ref": decision.ref or "",
        "case": decision.case.ref or "", "comment": comment, "facts": [] if letter else _facts(decision.account),
        "clauses": [], "letter": letter or {"en": [], "fr": []},
    }  # fmt: skip


def tell_decision(
    people: Iterable[Person], kind: NoticeKind, decision: Decision, who: Person | None, comment: str = "",
    letter: Letter | None = None, more: More = None,
) -> None:  # fmt: skip
    """Owe one kind of notice about a decision to several people, each once, never to whoever did the act."""
    _owe(people, kind, decision, {**decision_said(decision, who, comment, letter), **(more or {})}, who)


def tell_appeal(
    people: Iterable[Person], kind: NoticeKind, appeal: Appeal, who: Person | None, comment: str = "",
    letter: Letter | None = None, more: More = None,
) -> None:  # fmt: skip
    """Owe one kind of notice about an appeal to several people, each once, never to whoever did the act."""
    said = decision_said(appeal.decision, who, comment, letter)
    _owe(people, kind, appeal, {**said, "holds": both(STAYED if appeal.stayed else HOLDS), **(more or {})}, who)
