"""Tables of the archive: posts of registered accounts, and each text that a post has had."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rostrum.people.models import Person
from rostrum.registry.models import Account

TEXT_LIMIT = 20_000  # characters: longer than the longest post of any platform but a blog, whose start is kept


class Post(models.Model):
    """One post of an official account. It can belong to no other account: personal ones are never kept (section 2)."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    address = models.CharField(max_length=500)
    posted_on = models.DateField(null=True, blank=True)
    captured_at = models.DateTimeField()
    captured_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    newest_at = models.DateTimeField()
    versions_kept = models.PositiveIntegerField(default=0)
    gone_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "archive_post"
        ordering: ClassVar[list[str]] = ["-newest_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-newest_at"], name="post_by_account"),
            models.Index(fields=["-newest_at", "-id"], name="post_by_age"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "address"], name="one_post_per_address"),
            models.CheckConstraint(condition=~Q(address=""), name="a_post_has_an_address"),
        ]

    def __str__(self) -> str:
        return self.address


class PostVersion(models.Model):
    """The text of a post as somebody saw it at a moment, with its hash, and a screenshot where there is one."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=TEXT_LIMIT)
    sha256 = models.CharField(max_length=64)
    captured_at = models.DateTimeField()
    captured_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    screenshot = models.CharField(max_length=64, blank=True, default="")
    screenshot_type = models.CharField(max_length=8, blank=True, default="")

    class Meta:
        db_table = "archive_post_version"
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["post", "number"], name="versions_are_counted"),
            models.CheckConstraint(condition=Q(number__gte=1), name="versions_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.post}: {self.number}"
