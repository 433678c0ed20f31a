"""Tables of how a person likes their lists: filters kept under a name, and which columns are shown."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from rostrum.people.models import Person


class SavedFilter(models.Model):
    """What narrows one list, kept by one person under a name: the query of its address. Nobody else's concern."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_filters")
    listing = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000)
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "people_saved_filter"
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("person", "listing", Lower("name"), name="one_saved_filter_of_a_name"),
            models.CheckConstraint(condition=~Q(name=""), name="a_saved_filter_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ChosenColumns(models.Model):
    """Which columns of one list a person wants to see, by their keys. Without a row: the usual ones."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="chosen_columns")
    listing = models.CharField(max_length=20)
    columns = models.JSONField(default=list)

    class Meta:
        db_table = "people_chosen_columns"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "listing"], name="columns_chosen_once_per_list"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.listing}"
