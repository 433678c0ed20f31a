"""The table of a list of last posts on its way in: the file, its rows as they were understood, what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rostrum.people.models import Person


class PostListState(models.TextChoices):
    """Where a list of last posts is. Only one that was brought in has changed anything."""

    OPEN = "open", pgettext_lazy("import", "Waiting for you")
    DONE = "done", _("Brought in")
    DROPPED = "dropped", _("Dropped")


class PostList(models.Model):
    """One uploaded list. `rows` are [account, day]; `faults` are [row, value, what is wrong]; both go when it ends."""

    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=PostListState, default=PostListState.OPEN)
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "intake_post_list"
        ordering: ClassVar[list[str]] = ["-started_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="open") | Q(finished_at__isnull=False), name="a_post_list_that_ended_says_when"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
