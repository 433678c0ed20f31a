"""Cases, decisions and appeals in every state, each reached by the acts that people do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from rostrum.cases import appealing, opening
from rostrum.cases.appeal_models import Appeal
from rostrum.cases.deciding import decide
from rostrum.cases.decision_models import Decision
from rostrum.cases.models import Case, CaseEvidence
from rostrum.cases.opening import Evidence, open_case
from rostrum.cases.rulings import Ruling
from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.policies.actions import set_setting
from rostrum.registry.models import Account
from tests.cast import Cast, official

WHY = "A post names people and mocks them."
NOTE = Evidence("The post of Tuesday names three people and mocks them.")


def opened(cast: Cast, account: Account | None = None, by: Person | None = None, **more: Any) -> Case:
    """A case on an account of the school, opened by Communications."""
    return open_case(account or official(cast), by=by or cast.communications, reason=WHY, evidence=[NOTE], **more)


def ruling(case: Case, *measures: str, **changes: Any) -> Ruling:
    """A decision that is in order: one clause, the first piece of evidence, and what its measures need."""
    measures = measures or ("warning",)
    said: dict[str, Any] = {
        "measures": measures,
        "clauses": ("1.9",),
        "evidence": tuple(CaseEvidence.objects.filter(case=case).values_list("pk", flat=True)[:1]),
        "facts": "On Tuesday the account posted a text that mocks people by name.",
    }
    if {"content", "training", "access"} & set(measures):
        said |= {"to_do": "Take the post down.", "do_by": clock.today() + timedelta(days=7)}
    if "suspend" in measures and "suspended_until" not in changes:
        said |= {"to_do": "Take the post down."}
    return Ruling(**{**said, **changes})


def decided(cast: Cast, *measures: str, case: Case | None = None, by: Person | None = None, **changes: Any) -> Decision:
    """A decision of Communications on a case."""
    case = case or opened(cast)
    return decide(case, by=by or cast.communications, ruling=ruling(case, *measures, **changes))


def appealed(cast: Cast, *measures: str, decision: Decision | None = None, by: Person | None = None) -> Appeal:
    """An appeal of the manager against a decision."""
    decision = decision or decided(cast, *measures)
    return appealing.lodge(decision, by=by or cast.teacher, reasons="It was a joke among friends, and it is gone.")


def setting(key: str, value: Any) -> None:
    """What the division chose for a setting."""
    set_setting(key, value, by_name="M. Laurent", reason="Decided in May.")


CASES: dict[str, Callable[[Cast], Case]] = {
    "open": opened,
    "escalated": lambda c: opening.escalate(opened(c), by=c.communications, reason="It is about us."),
    "decided": lambda c: decided(c).case,
    "closed": lambda c: opening.close_case(opened(c), by=c.communications, reason="Nothing in it.", ending="nothing"),
}
APPEALS: dict[str, Callable[[Cast], Appeal]] = {
    "lodged": appealed,
    "upheld": lambda c: appealing.uphold(appealed(c), by=c.director, reason="It stands."),
    "varied": lambda c: vary(appealed(c), c.director),
    "overturned": lambda c: appealing.overturn(appealed(c), by=c.director, reason="It falls."),
    "withdrawn": lambda c: appealing.withdraw(appealed(c), by=c.teacher, reason="Never mind."),
}


def vary(appeal: Appeal, by: Person, *measures: str, **more: Any) -> Appeal:
    """Another decision in the place of the first."""
    said = ruling(appeal.decision.case, *(measures or ("guidance",)))
    return appealing.vary(appeal, by=by, reason="A talk is enough.", ruling=said, **more)
