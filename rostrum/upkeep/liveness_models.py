"""Tables of liveness: an account's last post and last look, how often it is to post, and pauses."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rostrum.people.models import Person, Unit
from rostrum.registry.models import Account
from rostrum.upkeep.states import PauseState


class Source(models.TextChoices):
    """Where the day of a last post comes from."""

    HAND = "hand", _("Noted by hand")
    IMPORT = "import", _("From a list")
    CONNECTOR = "connector", _("Read from the platform")


class Alive(models.TextChoices):
    """What somebody found who opened the account: a two-minute look, where no program can look."""

    THERE = "there", _("It is there, and it is ours")
    LOCKED = "locked", _("It is there, but we cannot get in")
    TAKEN = "taken", _("Somebody else has it, or it shows something else")
    GONE = "gone", _("It is not there any more")


TROUBLE = frozenset({Alive.LOCKED.value, Alive.TAKEN.value, Alive.GONE.value})


class Plan(models.TextChoices):
    """How often an account is to post, as Form 193-1 asks (AP 193 1.7 says regularly and gives no number)."""

    DAILY = "daily", _("Most school days")
    WEEKLY = "weekly", _("About once a week")
    MONTHLY = "monthly", _("About once a month")
    EVENTS = "events", _("Only around events")


class Liveness(models.Model):
    """One row for an account: its last post, its last look, its plan. Never what a post says."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="liveness")
    version = models.PositiveIntegerField(default=1)
    last_post_on = models.DateField(null=True, blank=True)
    post_source = models.CharField(max_length=10, choices=Source, blank=True, default="")
    post_noted_at = models.DateTimeField(null=True, blank=True)
    post_noted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    alive = models.CharField(max_length=8, choices=Alive, blank=True, default="")
    alive_on = models.DateField(null=True, blank=True)
    alive_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    alive_note = models.CharField(max_length=300, blank=True, default="")
    plan = models.CharField(max_length=8, choices=Plan, blank=True, default="")
    # Until when the managers were last written to because it is quiet: at most once a period.
    nudged_on = models.DateField(null=True, blank=True)
    reminded_for = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "upkeep_liveness"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["last_post_on"], name="liveness_last_post"),
            models.Index(fields=["alive"], name="liveness_alive"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(last_post_on=None) | ~Q(post_source=""), name="a_last_post_comes_from_somewhere"
            ),
            models.CheckConstraint(condition=Q(alive="") | Q(alive_on__isnull=False), name="a_look_has_its_day"),
        ]

    def __str__(self) -> str:
        return str(self.account)

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit


class Pause(models.Model):
    """Days on which an account is not expected to post, with the reason. It ends by its date, or sooner by hand."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="pauses")
    starts_on = models.DateField()
    ends_on = models.DateField()
    summer = models.BooleanField(default=False)
    reason = models.CharField(max_length=300)
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=PauseState, default=PauseState.RUNNING)
    version = models.PositiveIntegerField(default=1)
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "upkeep_pause"
        ordering: ClassVar[list[str]] = ["-starts_on", "-pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "ends_on"], name="pause_state")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account"], condition=Q(state="running"), name="one_pause_at_a_time"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_pause_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_pause_has_a_reason"),
        ]

    def __str__(self) -> str:
        return str(self.account)

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit
