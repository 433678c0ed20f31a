"""Tables of hand-over campaigns: before the summer every account says who stays and who goes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rostrum.custody.campaign_states import CampaignState, LineState
from rostrum.custody.models import HelperGroup
from rostrum.people.models import Person, Unit
from rostrum.registry.models import Account


class HandOverCampaign(models.Model):
    """A hand-over campaign of a school or of the division, from a day until a day (inclusive)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="hand_over_campaigns")
    name = models.CharField(max_length=80)
    note = models.CharField(max_length=2000, blank=True, default="")
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.RUNNING)
    version = models.PositiveIntegerField(default=1)
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "custody_campaign"
        ordering: ClassVar[list[str]] = ["-started_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(state="running"), name="one_running_hand_over_campaign_per_place"
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="a_hand_over_campaign_ends_later"),
            models.CheckConstraint(condition=~Q(name=""), name="a_hand_over_campaign_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class HandOverLine(models.Model):
    """One account of a campaign, and whether it was said who stays and who goes."""

    campaign = models.ForeignKey(HandOverCampaign, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="hand_over_lines")
    state = models.CharField(max_length=10, choices=LineState, default=LineState.OPEN)
    version = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "custody_campaign_line"
        ordering: ClassVar[list[str]] = ["account__name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "account"], name="an_account_stands_once_in_a_campaign"),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="an_answer_has_somebody_who_gave_it",
            ),
        ]

    def __str__(self) -> str:
        return str(self.account)

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit


class HandOverAnswer(models.Model):
    """One person, or one group of helpers, of an account in a campaign: they stay, or they go."""

    line = models.ForeignKey(HandOverLine, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(HelperGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    goes = models.BooleanField()

    class Meta:
        db_table = "custody_campaign_answer"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["line", "person"], condition=Q(group=None), name="one_answer_per_person"),
            models.UniqueConstraint(fields=["line", "group"], condition=Q(person=None), name="one_answer_per_group"),
            models.CheckConstraint(
                condition=Q(person__isnull=True, group__isnull=False) | Q(person__isnull=False, group__isnull=True),
                name="an_answer_is_about_a_person_or_a_group",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.group)
