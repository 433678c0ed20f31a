"""Tables of cases: the file on an account, what it rests on, notes of talks, drafts of decisions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rostrum.cases.states import OPEN_CASES, CaseState, Ending
from rostrum.people.models import Person, Unit
from rostrum.registry.models import Account, AccountStanding


class Case(models.Model):
    """The file on one official account: why it was opened, who looks into it, how it ended (AP 193 1.5, 1.10).

    Only a registered account can have one: nothing of Rostrum concerns a personal account (section 2 is guidance).
    """

    ref = models.CharField(max_length=20, unique=True, null=True)  # noqa: DJ001 - null until the row has its number
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="cases")
    reason = models.CharField(max_length=2000)
    state = models.CharField(max_length=12, choices=CaseState, default=CaseState.OPEN)
    version = models.PositiveIntegerField(default=1)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases_opened")
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    assigned_to = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    looking_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    looking_since = models.DateTimeField(null=True, blank=True)
    # The review that this case began on the account, so that settling the case ends it.
    review = models.ForeignKey(AccountStanding, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ending = models.CharField(max_length=10, choices=Ending, blank=True, default="")
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "cases_case"
        ordering: ClassVar[list[str]] = ["-opened_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "moved_at"], name="case_state"),
            models.Index(fields=["due_on"], condition=Q(state__in=sorted(OPEN_CASES)), name="case_due"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=sorted(OPEN_CASES)), name="one_open_case_per_account"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (~Q(ending="") & Q(ended_by__isnull=False)),
                name="a_closed_case_says_how_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(looking_by=None, looking_since=None)
                | Q(looking_by__isnull=False, looking_since__isnull=False),
                name="whoever_looks_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return self.ref or ""

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit


class CaseEvidence(models.Model):
    """One thing that a case rests on: a note, a picture kept by its hash, or something noted elsewhere in Rostrum.

    `kind` and `ref` name what is elsewhere (the log's word for it and its number, see sources.py); no key points
    there. `words` is what it shows, in a person's words.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=40, blank=True, default="")
    words = models.CharField(max_length=2000)
    file_hash = models.CharField(max_length=64, blank=True, default="")
    file_type = models.CharField(max_length=4, blank=True, default="")
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "cases_evidence"
        ordering: ClassVar[list[str]] = ["added_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "kind", "ref"], condition=~Q(ref=""), name="the_same_thing_is_evidence_once"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="evidence_says_what_it_shows"),
            models.CheckConstraint(
                condition=Q(file_hash="", file_type="") | (~Q(file_hash="") & ~Q(file_type="")),
                name="a_file_of_evidence_has_hash_and_type",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:80]


class TalkNote(models.Model):
    """A dated note of a guidance talk. It is no finding: no strike, nothing on the standing, read by the two only."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="talk")
    held_on = models.DateField()
    held_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="talks_held")
    held_with = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="talks_had")
    words = models.CharField(max_length=2000)
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "cases_talk_note"
        ordering: ClassVar[list[str]] = ["-held_on", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(held_by=F("held_with")), name="a_talk_takes_two"),
        ]

    def __str__(self) -> str:
        return str(self.case)


class DecisionDraft(models.Model):
    """What one person has typed of a decision so far, right or wrong. Typing is not an act (decision 0006)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    typed = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "cases_decision_draft"
        ordering: ClassVar[list[str]] = ["-saved_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "author"], name="one_draft_of_a_person_per_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.author}"
