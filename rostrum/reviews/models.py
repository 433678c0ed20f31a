"""Tables of reviews: samples and how they were drawn, reviews, answers, pictures as evidence. No verbs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rostrum.people.models import Person, Unit
from rostrum.policies.models import Edition
from rostrum.registry.models import Account
from rostrum.reviews.states import OPEN_REVIEWS, Answer, Outcome, ReviewKind, ReviewState, SampleState


class ReviewSample(models.Model):
    """Accounts drawn for review in a period, by chance and by risk. With the seed anyone can draw it again."""

    scope = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    seed = models.CharField(max_length=64)
    rules = models.PositiveSmallIntegerField()  # which edition of our own weights (reviews/weights.py)
    wanted = models.PositiveIntegerField()
    population = models.PositiveIntegerField()
    second_share = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=2000, blank=True, default="")
    state = models.CharField(max_length=12, choices=SampleState, default=SampleState.DRAWN)
    version = models.PositiveIntegerField(default=1)
    drawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    called_off_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    called_off_at = models.DateTimeField(null=True, blank=True)
    called_off_why = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "reviews_sample"
        ordering: ClassVar[list[str]] = ["-starts_on", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["scope", "starts_on", "ends_on"], condition=Q(state="drawn"), name="one_sample_of_a_period"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_sample_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(wanted__lte=F("population")), name="a_sample_is_part_of_its_accounts"),
            models.CheckConstraint(
                condition=Q(state="drawn") | (Q(called_off_by__isnull=False) & ~Q(called_off_why="")),
                name="a_sample_is_called_off_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"

    @property
    def unit(self) -> Unit:
        """Where the sample was drawn, for whoever asks what a person may do there."""
        return self.scope


class SamplePlace(models.Model):
    """One account that could have been drawn: its weight and why, and whether it was. What makes the draw explainable."""

    sample = models.ForeignKey(ReviewSample, on_delete=models.PROTECT, related_name="places")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    weight = models.PositiveSmallIntegerField()
    reasons = models.CharField(max_length=200, blank=True, default="")  # keys of reviews/weights.py, by commas
    drawn = models.BooleanField(default=False)
    rank = models.PositiveIntegerField()

    class Meta:
        db_table = "reviews_sample_place"
        ordering: ClassVar[list[str]] = ["rank"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["sample", "rank"], name="sample_place_rank"),
            models.Index(fields=["account", "sample"], name="sample_place_of_account"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sample", "account"], name="an_account_has_one_place_in_a_sample"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="every_account_may_be_drawn"),
        ]

    def __str__(self) -> str:
        return f"{self.sample}: {self.account}"


class Review(models.Model):
    """One look at one account by one reviewer. A second reviewer's look is a review of its own, beside the `first`."""

    ref = models.CharField(max_length=20, unique=True, null=True)  # noqa: DJ001 - null until the row has its number
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=10, choices=ReviewKind)
    sample = models.ForeignKey(ReviewSample, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews")
    first = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="second")
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    reason = models.CharField(max_length=2000, blank=True, default="")
    # The edition whose checklist is asked, from the moment the review starts.
    edition = models.ForeignKey(Edition, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=ReviewState, default=ReviewState.PLANNED)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    summary = models.CharField(max_length=2000, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reviewer = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews_made")
    assigned_at = models.DateTimeField(null=True, blank=True)
    # Why it fell to this reviewer, where that is not whom one would expect (reviews/reviewers.py).
    detour = models.CharField(max_length=20, blank=True, default="")
    due_on = models.DateField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    last_comment = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "reviews_review"
        ordering: ClassVar[list[str]] = ["-moved_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_on"], name="review_due"),
            models.Index(fields=["reviewer", "state"], name="review_of_reviewer"),
            models.Index(fields=["account", "finished_at"], condition=Q(state="done"), name="review_done"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=sorted(OPEN_REVIEWS), first=None),
                name="one_open_review_per_account",
            ),
            models.CheckConstraint(
                condition=Q(kind="second", first__isnull=False) | (~Q(kind="second") & Q(first=None)),
                name="a_second_review_stands_beside_a_first",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "dropped"]) | Q(reviewer__isnull=False, edition__isnull=False),
                name="a_started_review_has_its_reviewer_and_edition",
            ),
            models.CheckConstraint(
                condition=Q(state="done", finished_at__isnull=False, outcome__in=Outcome.values)
                | (~Q(state="done") & Q(finished_at=None, outcome="")),
                name="a_review_ends_with_an_outcome_and_only_then",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | (Q(dropped_by__isnull=False) & ~Q(last_comment="")),
                name="a_review_is_called_off_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["ad_hoc", "again"]) | ~Q(reason=""), name="an_extra_review_has_a_reason"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.account)

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit


class ReviewAnswer(models.Model):
    """What the reviewer said to one question. Of one that is not in order, what was seen and what is to be done."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=60)
    answer = models.CharField(max_length=16, choices=Answer, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    clause = models.CharField(max_length=20)
    found = models.CharField(max_length=2000, blank=True, default="")
    fix = models.CharField(max_length=2000, blank=True, default="")
    severity = models.CharField(max_length=60, blank=True, default="")
    due_on = models.DateField(null=True, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "reviews_answer"
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "question"], name="a_question_is_answered_once"),
            models.CheckConstraint(condition=Q(answer__in=["", *Answer.values]), name="an_answer_is_one_of_four"),
        ]

    def __str__(self) -> str:
        return f"{self.review}: {self.question}"


class ReviewEvidence(models.Model):
    """A picture beside a question. It may show children: only who may read the answers sees it, and only on asking.

    The file lies in the data folder under its hash. `received` is the hash of what came in, before everything but the
    picture was left behind. The name that the file had is not kept: people name files after people.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="evidence")
    question = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=4)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    received = models.CharField(max_length=64)
    caption = models.CharField(max_length=200, blank=True, default="")
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "reviews_evidence"
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["review", "question", "sha256"],
                condition=Q(withdrawn_at=None),
                name="a_picture_is_attached_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["png", "jpg", "webp"]), name="evidence_of_a_review_is_a_picture"
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.review.account.unit
