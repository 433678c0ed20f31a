"""What a decision does to an account's standing, and how it is taken back. Called inside the act that decides."""

from __future__ import annotations

from collections.abc import Collection

from rostrum.cases.decision_models import Decision, Strike
from rostrum.cases.states import DecisionState
from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.registry.holding import holds
from rostrum.registry.models import Account, AccountStanding
from rostrum.registry.standing import change_standing, extend
from rostrum.registry.states import Standing

OWN_HOLDS = frozenset({"case", "appeal"})


def current(account: Account) -> AccountStanding | None:
    """The stretch of standing that goes on."""
    return AccountStanding.objects.filter(account=account, until=None).first()


def rests_on(decision: Decision) -> bool:
    """Whether what the account is today goes back to this decision: nothing else has changed its standing since."""
    if decision.standing is None:
        return False
    wanted = Standing.RETIRED if decision.closes else Standing.SUSPENDED
    # By their numbers, not by their moments: the review that the case began ends in the same moment.
    since = AccountStanding.objects.filter(account=decision.account_id, pk__gte=decision.standing.pk)
    return not since.exclude(state=wanted).exists()


def others(decision: Decision) -> list[Decision]:
    """Other decisions in force on which the account's suspension or closing rests as well."""
    found = (
        Decision.objects.filter(account=decision.account_id, state=DecisionState.STANDS, standing__isnull=False)
        .exclude(pk=decision.pk)
        .select_related("standing", "account")
    )
    return [one for one in found if rests_on(one)]


def held_otherwise(decision: Decision) -> bool:
    """Whether something else keeps the account as it is: another decision, or a mark that no case set."""
    marks = [one for one in holds(decision.account) if one.kind not in OWN_HOLDS]
    return bool(marks or others(decision))


def apply(decision: Decision, *, by: Person, relations: Collection[str], reason: str) -> AccountStanding | None:
    """Suspend or close the account as the decision says; the stretch that it began, None where it does neither.

    A suspension that goes on already gets the end and the condition of this decision, and rests on it from now on.
    Raises the refusals of the register (nothing may hold an account that is closed).
    """
    account = decision.account
    if decision.closes:
        if account.state != Standing.RETIRED:
            change_standing(account, "close", by=by, reason=reason, relations=relations, tell=False)
        return current(account)
    if not decision.suspends:
        return None
    ends_on, condition = decision.suspended_until, decision.to_do if decision.suspended_until is None else ""
    if account.state == Standing.RETIRED:
        change_standing(account, "reinstate", by=by, reason=reason, relations=relations, tell=False)
    if account.state == Standing.SUSPENDED:
        extend(account, by=by, reason=reason, relations=relations, tell=False, ends_on=ends_on, condition=condition)
    else:
        change_standing(
            account, "suspend", by=by, reason=reason, relations=relations, tell=False, ends_on=ends_on,
            condition=condition,
        )  # fmt: skip
    return current(account)


def take_back(decision: Decision, *, by: Person, relations: Collection[str], reason: str) -> bool:
    """Undo what a decision did to the standing, when nothing else keeps the account so; says whether it did.

    The account is official again in the same transaction: a suspension ends, a closing is taken back.
    """
    account = decision.account
    if not rests_on(decision) or held_otherwise(decision):
        return False
    move = "reinstate" if account.state == Standing.RETIRED else "restore"
    change_standing(account, move, by=by, reason=reason, relations=relations, tell=False)
    return True


def wipe_strike(decision: Decision, *, by: Person) -> None:
    """The decision's warning counts no longer. The row stays: it says when it was wiped and by whom."""
    Strike.objects.filter(decision=decision, wiped_at=None).update(wiped_at=clock.now(), wiped_by=by)
