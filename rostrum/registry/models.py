"""Tables of the register: requests, registrations, accounts, standings, managers and holders of access."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from rostrum.people.models import Person, Unit, UnitKind
from rostrum.policies.models import Edition
from rostrum.policies.queries import content
from rostrum.registry import statewords
from rostrum.registry.states import LIVE, OPEN, RegistrationState, RequestState, Standing


class AccountRequest(models.Model):
    """Form 193-1 on its way. `answers` holds what was typed, field by field; the columns are what it means."""

    ref = models.CharField(max_length=20, unique=True, null=True)  # noqa: DJ001 - null until the row has its number
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    form_edition = models.CharField(max_length=40)
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="requests_made")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="account_requests")
    entity_kind = models.CharField(max_length=20, choices=UnitKind, blank=True, default="")
    platform = models.CharField(max_length=20, blank=True, default="")
    name = models.CharField(max_length=120, blank=True, default="")
    handle = models.CharField(max_length=120, blank=True, default="")
    handle_key = models.CharField(max_length=200, blank=True, default="")
    mailbox = models.CharField(max_length=254, blank=True, default="")
    purpose = models.CharField(max_length=2000, blank=True, default="")
    answers = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=RequestState, default=RequestState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    # For an account that exists already and was claimed (registry/known.py), not for one still to be made.
    retroactive = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField()
    endorsed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    endorsed_at = models.DateTimeField(null=True, blank=True)
    steps_given = models.PositiveSmallIntegerField(default=0)  # endorsing steps since it was last sent
    approved_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    last_comment = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "registry_account_request"
        ordering: ClassVar[list[str]] = ["-moved_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "moved_at"], name="request_state"),
            models.Index(fields=["unit", "state"], name="request_unit"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["platform", "handle_key"],
                condition=Q(state__in=sorted(OPEN)) & ~Q(handle_key=""),
                name="one_open_request_per_handle",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "returned", "withdrawn"]) | Q(unit__isnull=False),
                name="a_sent_request_names_its_unit",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "registered", "lapsed"])
                | Q(endorsed_by__isnull=False, approved_by__isnull=False),
                name="approved_means_endorsed_and_approved",
            ),
            models.CheckConstraint(
                condition=Q(endorsed_by=None) | ~Q(endorsed_by=models.F("requester")),
                name="nobody_endorses_their_own_request",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | (~Q(approved_by=models.F("requester")) & ~Q(approved_by=models.F("endorsed_by"))),
                name="requester_endorser_approver_are_apart",
            ),
        ]

    def __str__(self) -> str:
        return self.name or (self.ref or "")

    def get_state_display(self) -> str:  # type: ignore[no-redef]  # Django makes one; ours says more
        """The state in words: while it waits for a yes, by what its edition calls that step."""
        if self.state not in {RequestState.SUBMITTED, RequestState.ENDORSED}:
            return str(RequestState(self.state).label)
        return statewords.state_word(self.state, content(self.edition).approval.steps, self.steps_given)


class Endorsement(models.Model):
    """One endorsing step of a request as it was last sent: which, by whom, when. Sending it again starts anew."""

    request = models.ForeignKey(AccountRequest, on_delete=models.PROTECT, related_name="endorsements")
    step = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        db_table = "registry_endorsement"
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "position"], name="each_step_is_given_once"),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.step}"


class Registration(models.Model):
    """The Registration Form of an approved request (AP 193 3.2). Where a secret is kept is noted, never the secret."""

    request = models.OneToOneField(AccountRequest, on_delete=models.PROTECT, related_name="registration")
    form_edition = models.CharField(max_length=40)
    answers = models.JSONField(default=dict)
    address = models.CharField(max_length=500, blank=True, default="")
    handle = models.CharField(max_length=120, blank=True, default="")
    canonical_id = models.CharField(max_length=200, blank=True, default="")
    platform_id = models.CharField(max_length=120, blank=True, default="")
    mailbox = models.CharField(max_length=254, blank=True, default="")
    recovery = models.CharField(max_length=40, blank=True, default="")
    second_factor = models.BooleanField(default=False)
    custody = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=12, choices=RegistrationState, default=RegistrationState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_comment = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "registry_registration"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state="confirmed") | (Q(confirmed_by__isnull=False) & ~Q(canonical_id="")),
                name="confirmed_means_by_someone_with_an_address",
            ),
        ]

    def __str__(self) -> str:
        return str(self.request)

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        if self.request.unit is None:
            raise ValueError("A registration exists only for an approved request, and that names its unit.")
        return self.request.unit


class Account(models.Model):
    """An official social-media account. Nothing official is deleted: it is retired and stays."""

    public_id = models.CharField(max_length=12, unique=True)
    registration = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="account")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="accounts")
    entity_kind = models.CharField(max_length=20, choices=UnitKind)
    platform = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    handle = models.CharField(max_length=120)
    canonical_id = models.CharField(max_length=200)
    platform_id = models.CharField(max_length=120, blank=True, default="")
    address = models.CharField(max_length=500)
    mailbox = models.CharField(max_length=254)
    purpose = models.CharField(max_length=2000, blank=True, default="")
    state = models.CharField(max_length=12, choices=Standing, default=Standing.RECOGNISED)
    version = models.PositiveIntegerField(default=1)
    official_since = models.DateTimeField()
    standing_since = models.DateTimeField()
    search_text = models.CharField(max_length=600, default="")
    # The account that this one was merged into when it was retired: what its old addresses lead to.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )

    class Meta:
        db_table = "registry_account"
        ordering: ClassVar[list[str]] = ["name", "pk"]
        # The directory's: sorted as it is shown, and with the state in them, so that counting and paging read no rows.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "id", "state"], name="account_by_name"),
            models.Index(fields=["platform", "name", "id", "state"], name="account_by_platform"),
            models.Index(fields=["entity_kind", "name", "id", "state"], name="account_by_kind"),
            models.Index(
                fields=["platform", "entity_kind", "name", "id", "state"], name="account_by_platform_and_kind"
            ),
            models.Index(fields=["unit", "name", "id", "state"], name="account_by_unit"),
            models.Index(fields=["state", "name", "id"], name="account_by_state"),
            models.Index(fields=["platform", "canonical_id"], name="account_by_address"),
            models.Index(fields=["platform", "platform_id"], name="account_by_platform_id"),
            # Whoever leaves is asked for by their own mailbox, in whatever letters it was typed.
            models.Index(Lower("mailbox"), name="account_by_mailbox"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["platform", "canonical_id"],
                condition=Q(state__in=sorted(LIVE)),
                name="one_live_account_per_address",
            ),
            models.CheckConstraint(condition=~Q(canonical_id=""), name="an_account_has_an_address"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | (Q(state="retired") & ~Q(merged_into=models.F("id"))),
                name="what_was_merged_is_retired_into_another",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AccountStanding(models.Model):
    """One dated stretch of an account's state, with the reason, the clauses and who decided."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="standings")
    state = models.CharField(max_length=12, choices=Standing)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=2000, blank=True, default="")
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    citations = models.JSONField(default=list)
    # Of a suspension: the day on which somebody is asked whether it ends, and what must be done to get the mark back.
    ends_on = models.DateField(null=True, blank=True)
    condition = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "registry_account_standing"
        ordering: ClassVar[list[str]] = ["since", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ends_on"], condition=Q(until=None, ends_on__isnull=False), name="standing_ends"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account"], condition=Q(until=None), name="one_current_standing"),
            models.CheckConstraint(
                condition=Q(ends_on=None, condition="") | Q(state="suspended"),
                name="only_a_suspension_has_an_end_or_a_condition",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.state}"


class AccountKey(models.Model):
    """One key under which an account's look-alikes are found through an index (see lookalike.search_keys)."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=130)

    class Meta:
        db_table = "registry_account_key"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["key"], name="account_key")]

    def __str__(self) -> str:
        return self.key


class DesignationKind(models.TextChoices):
    """In which place a person looks after an account (AP 193 1.7, 3.4)."""

    PRIMARY = "primary", _("Content manager")
    SECOND = "second", _("Second content manager")


class Designation(models.Model):
    """The dated naming of a content manager; it counts once the person has accepted it."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="designations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="designations")
    kind = models.CharField(max_length=12, choices=DesignationKind)
    named_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "registry_designation"
        ordering: ClassVar[list[str]] = ["kind", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["registration", "person"],
                condition=Q(released_at=None, declined_at=None),
                name="named_once_per_account",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(declined_at=None), name="accepted_or_declined_not_both"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.registration}"

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.registration.unit


class AccessHolder(models.Model):
    """Someone who can get into the account on the platform, and in which platform role."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="access_holders")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="access_held")
    name = models.CharField(max_length=120)
    platform_role = models.CharField(max_length=60, blank=True, default="")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "registry_access_holder"
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name
