"""Tables of resets: what calls for one, what was stated and by whom it was confirmed, campaigns. Never a secret."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rostrum.keys.states import ALARMS, OPEN_RESETS, CallState, CampaignState, ResetState, Trigger
from rostrum.people.models import Person, Unit
from rostrum.registry.models import Account


class Outcome(models.TextChoices):
    """How one part of a reset went. All but the first need a word why."""

    DONE = "done", _("Done")
    NOT_OFFERED = "not_offered", _("Not offered here")
    NOT_APPLICABLE = "not_applicable", _("Does not apply")
    COULD_NOT = "could_not", _("Not possible")


# The parts of a reset, in the order of the form (AP 193 3.4). The first may not be left undone: it is the reset.
PARTS = ("changed", "second_factor", "mailbox", "access", "apps", "vault")


class ResetCampaign(models.Model):
    """Every account of a division, school or platform is reset by a day."""

    name = models.CharField(max_length=120)
    reason = models.CharField(max_length=2000)
    scope = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    platform = models.CharField(max_length=20, blank=True, default="")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.RUNNING)
    version = models.PositiveIntegerField(default=1)
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    nudged_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "keys_reset_campaign"
        ordering: ClassVar[list[str]] = ["-started_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["scope", "platform"], condition=Q(state="running"), name="one_running_campaign_of_a_scope"
            ),
            models.CheckConstraint(
                condition=Q(state="running") | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="a_campaign_is_ended_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def unit(self) -> Unit:
        """Where the campaign is, for whoever asks what a person may do there."""
        return self.scope


class Reset(models.Model):
    """A witnessed statement: what one person did to the access of an account, confirmed by another. No secret."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="resets")
    changed = models.CharField(max_length=14, choices=Outcome)
    second_factor = models.CharField(max_length=14, choices=Outcome)
    mailbox = models.CharField(max_length=14, choices=Outcome)
    access = models.CharField(max_length=14, choices=Outcome)
    apps = models.CharField(max_length=14, choices=Outcome)
    vault = models.CharField(max_length=14, choices=Outcome)
    # The name of the place where it is kept, never what is kept there.
    vault_entry = models.CharField(max_length=200, blank=True, default="")
    why_not = models.JSONField(default=dict)  # part -> a word why, for every part that was not done
    note = models.CharField(max_length=2000, blank=True, default="")
    state = models.CharField(max_length=10, choices=ResetState, default=ResetState.MADE)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="resets_made")
    made_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    last_comment = models.CharField(max_length=2000, blank=True, default="")
    reminded_on = models.DateField(null=True, blank=True)
    late_told_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "keys_reset"
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "made_at"], condition=Q(state="confirmed"), name="reset_confirmed"),
            models.Index(fields=["made_at"], condition=Q(state="made"), name="reset_waiting"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=sorted(OPEN_RESETS)), name="one_open_reset_per_account"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="a_confirmed_reset_has_a_witness",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("made_by")), name="nobody_confirms_their_own_reset"
            ),
            models.CheckConstraint(condition=~Q(changed="could_not"), name="a_reset_changed_something"),
            models.CheckConstraint(
                condition=~Q(vault="done") | ~Q(vault_entry=""), name="a_vault_entry_is_named_where_there_is_one"
            ),
        ]

    def __str__(self) -> str:
        return str(self.account)

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit


class ResetCall(models.Model):
    """What calls for a reset of one account: why, since when, by when, and what became of it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="reset_calls")
    trigger = models.CharField(max_length=12, choices=Trigger)
    note = models.CharField(max_length=2000, blank=True, default="")
    campaign = models.ForeignKey(ResetCampaign, null=True, blank=True, on_delete=models.PROTECT, related_name="calls")
    asked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    # A reset answers the call only when it was made at or after this moment; asking again moves it on.
    since = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    # What was told, and when: null until it was, so that a night that breaks off goes on where it was.
    told_at = models.DateTimeField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    late_told_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=CallState, default=CallState.OPEN)
    version = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey(Reset, null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    close_reason = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "keys_reset_call"
        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_on"], name="reset_call_due"),
            models.Index(fields=["trigger", "account", "closed_at"], name="reset_call_of_trigger"),
            models.Index(fields=["told_at"], condition=Q(state="open", told_at=None), name="reset_call_untold"),
            models.Index(fields=["campaign"], condition=Q(state="open"), name="reset_call_of_campaign"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "trigger"], condition=Q(state="open"), name="one_open_call_per_account_and_trigger"
            ),
            models.CheckConstraint(condition=Q(trigger__in=Trigger.values), name="a_call_has_a_known_trigger"),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_by__isnull=False, closed_at__isnull=False),
                name="an_answered_call_names_its_reset",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(closed_at__isnull=False), name="a_closed_call_says_when"
            ),
            models.CheckConstraint(condition=Q(since__gte=F("asked_at")), name="a_call_counts_from_when_it_was_asked"),
        ]

    def __str__(self) -> str:
        return str(self.account)

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit

    @property
    def is_alarm(self) -> bool:
        """Whether somebody else may have got in."""
        return self.trigger in ALARMS

    def late(self, today: date) -> bool:
        """Whether it is open though its day has passed."""
        return self.state == CallState.OPEN and self.due_on is not None and self.due_on < today


class CampaignAccount(models.Model):
    """An account that a campaign asked for, fixed on the day it started."""

    campaign = models.ForeignKey(ResetCampaign, on_delete=models.PROTECT, related_name="places")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "keys_campaign_account"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "account"], name="an_account_is_asked_once_in_a_campaign"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}: {self.account}"
