"""Tables of decisions and of the warnings that count: written once, replaced or overturned, never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rostrum.cases.models import Case, CaseEvidence
from rostrum.cases.states import DecisionState
from rostrum.people.models import Person, Unit
from rostrum.policies.models import Clause
from rostrum.registry.models import Account, AccountStanding


class Measure(models.TextChoices):
    """What a decision orders (AP 193 1.5). Guidance is no measure and stands alone."""

    GUIDANCE = "guidance", _("Guidance only, no measure")
    WARNING = "warning", _("A warning that counts")
    CONTENT = "content", _("Content is taken down or changed")
    TRAINING = "training", _("Training")
    ACCESS = "access", _("Access is restricted")
    SUSPEND = "suspend", _("The official mark is suspended")
    CLOSE = "close", _("The account is closed")


# Measures that somebody has to carry out by a day.
TASKS = frozenset({Measure.CONTENT.value, Measure.TRAINING.value, Measure.ACCESS.value})


class Decision(models.Model):
    """A signed outcome of a case: at least one clause and one piece of evidence, measures, the letter as it was sent.

    No row's words are ever changed: a later one names it as the `former` one, or an appeal overturns it. `standing` is
    the stretch of the account's standing that this decision began or took over. `told` are those who were sent the
    letter: they may appeal, also when they look after the account no longer.
    """

    ref = models.CharField(max_length=20, unique=True, null=True)  # noqa: DJ001 - null until the row has its number
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="decisions")
    former = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successor")
    state = models.CharField(max_length=12, choices=DecisionState, default=DecisionState.STANDS)
    version = models.PositiveIntegerField(default=1)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="decisions_made")
    role = models.CharField(max_length=20)
    decided_at = models.DateTimeField()
    measures = models.JSONField(default=list)
    severity = models.CharField(max_length=60, blank=True, default="")
    facts = models.CharField(max_length=4000)
    to_do = models.CharField(max_length=2000, blank=True, default="")
    do_by = models.DateField(null=True, blank=True)
    effective_on = models.DateField()
    suspended_until = models.DateField(null=True, blank=True)
    appeal_until = models.DateField(null=True, blank=True)
    clauses = models.ManyToManyField(Clause, related_name="+")
    clause_count = models.PositiveSmallIntegerField()
    evidence = models.ManyToManyField(CaseEvidence, related_name="decisions")
    evidence_count = models.PositiveSmallIntegerField()
    suspends = models.BooleanField(default=False)
    closes = models.BooleanField(default=False)
    standing = models.ForeignKey(AccountStanding, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    final = models.BooleanField(default=False)  # made on appeal: there is none against it
    letter = models.JSONField(default=dict)
    told = models.ManyToManyField(Person, related_name="decisions_received")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    done_note = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "cases_decision"
        ordering: ClassVar[list[str]] = ["-decided_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "state"], name="decision_of_account"),
            models.Index(fields=["do_by"], condition=Q(state="stands", done_at=None), name="decision_do_by"),
            models.Index(fields=["suspended_until"], condition=Q(state="stands"), name="decision_suspended_until"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="stands"), name="one_decision_stands_per_case"),
            models.CheckConstraint(condition=Q(clause_count__gte=1), name="a_decision_cites_a_clause"),
            models.CheckConstraint(condition=Q(evidence_count__gte=1), name="a_decision_rests_on_evidence"),
            models.CheckConstraint(condition=~Q(facts=""), name="a_decision_says_the_facts"),
            models.CheckConstraint(condition=~Q(suspends=True, closes=True), name="suspended_or_closed_not_both"),
            models.CheckConstraint(
                condition=Q(suspended_until=None) | Q(suspends=True), name="only_a_suspension_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="what_is_done_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.ref or ""

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit


class Strike(models.Model):
    """A warning that counts until a day (or without an end), unless its decision was replaced or overturned."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="strike")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="strikes")
    severity = models.CharField(max_length=60, blank=True, default="")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the last day on which it counts
    wiped_at = models.DateTimeField(null=True, blank=True)
    wiped_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "cases_strike"
        ordering: ClassVar[list[str]] = ["since", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "since"], condition=Q(wiped_at=None), name="strike_counting"),
            models.Index(fields=["until"], condition=Q(wiped_at=None), name="strike_until"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="a_strike_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(wiped_at=None, wiped_by=None) | Q(wiped_at__isnull=False, wiped_by__isnull=False),
                name="a_wiped_strike_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return str(self.decision)
