"""What the division decides about rules: silence, another severity, back to what it was; each with its reason."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.jobs.actions import enqueue
from rostrum.monitoring.catalogue import about_accounts
from rostrum.monitoring.models import SEVERITIES, RuleChoice
from rostrum.monitoring.rounds import ask_again
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite
from rostrum.workflow.moves import clean_reason


def _need(by: Person) -> None:
    if not may(by, "rule:tune"):
        raise NotAllowed(_("Only those who keep the rules can change them."))


@transaction.atomic
def choose(rule: str, *, by: Person, silenced: bool = False, severity: str = "", reason: str) -> RuleChoice:
    """Silence a rule, or say how serious it is here. What stood before is kept with its dates; all is looked at again.

    Raises NotAllowed, Invalid (no reason, nothing chosen), WrongState when it is so already.
    """
    _need(by)
    why = clean_reason(reason, required=True)
    if not silenced and severity not in dict(SEVERITIES):
        message = _("Choose how serious it is, or silence it.")
        raise Invalid(message, fields={"severity": [message]})
    hold_the_pen()
    now = clock.now()
    standing = RuleChoice.objects.filter(rule=rule, until=None).first()
    if standing and (standing.silenced, standing.severity) == (silenced, "" if silenced else severity):
        raise WrongState(_("It is so already."))
    RuleChoice.objects.filter(rule=rule, until=None).update(until=now)
    made = RuleChoice.objects.create(
        rule=rule, silenced=silenced, severity="" if silenced else severity, reason=why, by=by, since=now
    )
    record(by, "rulechoice:silence" if silenced else "rulechoice:tune", made, label=rule, note=why,
           citations=cite(["1.10"]), after={"severity": severity})  # fmt: skip
    _look_again(rule)
    return made


@transaction.atomic
def restore(rule: str, *, by: Person, reason: str = "") -> None:
    """Set a rule back to what it was. Raises NotAllowed, WrongState when nothing was changed about it."""
    _need(by)
    why = clean_reason(reason, required=False)
    hold_the_pen()
    standing = RuleChoice.objects.filter(rule=rule, until=None).first()
    if standing is None:
        raise WrongState(_("Nothing was changed about this rule."))
    RuleChoice.objects.filter(pk=standing.pk).update(until=clock.now())
    record(by, "rulechoice:restore", standing, label=rule, note=why, citations=cite(["1.10"]))
    _look_again(rule)


def _look_again(rule: str) -> None:
    """What the rule looks at is looked at again: every live account, or every kept post."""
    if about_accounts(rule):
        enqueue("monitoring.accounts")
    else:
        ask_again(by=None, why=_("A rule was changed: %(rule)s") % {"rule": rule})
