"""Tables of monitoring: findings, what the division decided about rules, its own rules, and rounds of checking again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rostrum.archive.models import Post, PostVersion
from rostrum.monitoring.states import HOLDING, FindingState, Ground, Task
from rostrum.people.models import Person, Unit
from rostrum.registry.models import Account

SEVERITIES = (("block", _("Serious")), ("review", _("Moderate")), ("note", _("Small")))


class Finding(models.Model):
    """What a rule found on a post or an account: a reviewable row. The words that were found are not in it.

    `fingerprint` names the evidence; `subject` is "post:12" or "account:7". `start` and `end` are characters of the
    text of `seen_in`. `facts` are the rule's own plain values (counts, dates), never words of a post.
    """

    rule = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="findings")
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    seen_in = models.ForeignKey(PostVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    clauses = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    severity = models.CharField(max_length=8, choices=SEVERITIES)
    rank = models.PositiveSmallIntegerField(default=0)
    suggests = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=FindingState, default=FindingState.OPEN)
    version = models.PositiveIntegerField(default=1)
    found_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    assigned_to = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    looked_at_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    looked_at_since = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    ground = models.CharField(max_length=12, choices=Ground, blank=True, default="")
    comment = models.CharField(max_length=2000, blank=True, default="")
    task = models.CharField(max_length=12, choices=Task, blank=True, default="")
    due_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=2000, blank=True, default="")
    proof = models.CharField(max_length=64, blank=True, default="")
    proof_type = models.CharField(max_length=8, blank=True, default="")

    class Meta:
        db_table = "monitoring_finding"
        ordering: ClassVar[list[str]] = ["-rank", "found_at", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-rank", "found_at"], name="finding_queue"),
            models.Index(fields=["account", "state"], name="finding_account"),
            models.Index(fields=["rule", "state"], name="finding_rule"),
            models.Index(fields=["state", "due_on"], name="finding_due"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["rule", "subject", "fingerprint"], condition=Q(state__in=sorted(HOLDING)),
                name="one_standing_finding_per_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | (~Q(ground="") & Q(decided_by__isnull=False)),
                name="dismissed_by_somebody_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "answered"]) | (~Q(task="") & Q(decided_by__isnull=False)),
                name="confirmed_by_somebody_with_a_task",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_by__isnull=False), name="answered_by_somebody"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.rule} · {self.subject}"

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit


class RuleChoice(models.Model):
    """What the division decided about one rule, from a moment until another: silenced, or another severity. Dated."""

    rule = models.CharField(max_length=60)
    silenced = models.BooleanField(default=False)
    severity = models.CharField(max_length=8, choices=SEVERITIES, blank=True, default="")
    reason = models.CharField(max_length=2000)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "monitoring_rule_choice"
        ordering: ClassVar[list[str]] = ["-since", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["rule"], condition=Q(until=None), name="one_choice_per_rule_today"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_choice_about_a_rule_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.rule


class OwnRuleKind(models.TextChoices):
    """How a rule of the division's own says what it looks for."""

    WORDS = "words", _("Words or phrases, one a line")
    PATTERN = "pattern", _("A pattern (RE2)")


class OwnRuleState(models.TextChoices):
    """A rule of the division's own is tried on past posts before it looks at new ones."""

    DRAFT = "draft", _("Being tried")
    LIVE = "live", _("In use")
    OFF = "off", _("Switched off")


class OwnRule(models.Model):
    """A rule that the division wrote: words or a safe pattern, what it says, and what its last trial found."""

    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=OwnRuleKind)
    looks_for = models.CharField(max_length=4000)
    clause = models.CharField(max_length=8)
    severity = models.CharField(max_length=8, choices=SEVERITIES)
    advice = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=OwnRuleState, default=OwnRuleState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    tried_texts = models.PositiveIntegerField(default=0)
    tried_hits = models.PositiveIntegerField(default=0)
    tried_fingerprint = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        db_table = "monitoring_own_rule"
        ordering: ClassVar[list[str]] = ["title", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["title"], name="own_rules_have_names_of_their_own"),
            models.CheckConstraint(
                condition=~Q(state="live") | Q(tried_at__isnull=False), name="a_rule_in_use_was_tried"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CheckRound(models.Model):
    """One time that everything kept is checked again, because rules changed or somebody asked. With its progress."""

    why = models.CharField(max_length=200)
    asked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    last_post = models.PositiveBigIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    vanished = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "monitoring_check_round"
        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return self.why
