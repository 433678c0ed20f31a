"""Tables of the school calendar: school years, the named days in them, and which reminders were given."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DayKind(models.TextChoices):
    """What a named stretch of days is. Terms and exams are school days; the other three are not."""

    TERM = "term", _("Term")
    HOLIDAY = "holiday", _("Holiday")
    BREAK = "break", _("Break")
    STAFF_DAY = "staff_day", _("No school for students")
    EXAMS = "exams", _("Exam period")


NO_SCHOOL = frozenset({DayKind.HOLIDAY.value, DayKind.BREAK.value, DayKind.STAFF_DAY.value})


class SchoolYear(models.Model):
    """One school year of the division, from its first day to its last (both inclusive)."""

    label = models.CharField(max_length=9, unique=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    # Counts up with every change of the year or of a day in it, so that nobody writes over what they have not seen.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "schoolyear_year"
        ordering: ClassVar[list[str]] = ["starts_on"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="a_school_year_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.label


class NamedDays(models.Model):
    """A stretch of days of a school year that has a name: a term, a holiday, a break, a staff day, exams."""

    year = models.ForeignKey(SchoolYear, on_delete=models.CASCADE, related_name="days")
    kind = models.CharField(max_length=10, choices=DayKind)
    name = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        db_table = "schoolyear_named_days"
        ordering: ClassVar[list[str]] = ["starts_on", "ends_on", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["year", "kind", "starts_on"], name="one_stretch_of_a_kind_from_a_day"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="named_days_end_after_they_start"),
            models.CheckConstraint(condition=~Q(name=""), name="named_days_have_a_name"),
            models.CheckConstraint(condition=Q(kind__in=DayKind.values), name="named_days_are_of_a_known_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class Reminder(models.Model):
    """A reminder that was given: of which series, about what, for which period. The row is what makes it once."""

    series = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    period = models.DateField()
    fired_at = models.DateTimeField()

    class Meta:
        db_table = "schoolyear_reminder"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["series", "subject_type", "subject_id", "period"], name="one_reminder_for_a_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} · {self.subject_type} {self.subject_id} · {self.period}"
