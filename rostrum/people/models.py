"""Tables of people: units in a tree, persons, dated appointments to roles, dated stand-ins."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UnitKind(models.TextChoices):
    """What an account may speak for (AP 193 1.2, 1.3, 1.4)."""

    DIVISION = "division", _("Division")
    SCHOOL = "school", _("School")
    DEPARTMENT = "department", _("Department")
    PROGRAM = "program", _("Program")
    CLUB = "club", _("Club")
    ASSOCIATION = "association", _("Association")
    TEAM = "team", _("Team")
    CLASSROOM = "classroom", _("Classroom")


class Role(models.TextChoices):
    """A role a person holds at a unit for a time. Asking for an account needs none: any employee may."""

    ADMINISTRATOR = "administrator", _("Administrator (principal)")
    SUPERVISOR = "supervisor", _("Supervisor")
    COMMUNICATIONS = "communications", _("Communications")
    PRIVACY = "privacy", _("Privacy officer")
    DIRECTOR = "director", _("Director of Education")
    AUDITOR = "auditor", _("Auditor")
    SYSADMIN = "sysadmin", _("System administrator")


class PersonKind(models.TextChoices):
    """Who may ask for an account: AP 193 speaks of employees and volunteers."""

    EMPLOYEE = "employee", _("Employee")
    VOLUNTEER = "volunteer", _("Volunteer")


class MailRhythm(models.TextChoices):
    """How a person wants the notices that ask nothing of them."""

    AT_ONCE = "at_once", pgettext_lazy("mail", "At once")
    DIGEST = "digest", pgettext_lazy("mail", "Once a day, in one letter")
    IN_APP = "in_app", pgettext_lazy("mail", "Only here, no e-mail")


class Unit(models.Model):
    """One place in the division's tree. `path` is `/1/4/9/`: the ids from the division down to this unit."""

    kind = models.CharField(max_length=20, choices=UnitKind)
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=40, unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=255, db_index=True, default="")
    street = models.CharField(max_length=120, blank=True, default="")
    town = models.CharField(max_length=80, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    website = models.URLField(blank=True, default="")
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "people_unit"
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["parent", "name", "kind"], condition=Q(closed_on=None),
                                    name="one_open_unit_of_a_name_under_a_parent"),
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="division", parent=None),
                                    name="one_division"),
            models.CheckConstraint(condition=Q(parent__isnull=False) | Q(kind="division"),
                                   name="only_the_division_is_a_root"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ancestor_ids(self) -> list[int]:
        """Ids from this unit up to the division, nearest first."""
        return [int(part) for part in reversed(self.path.strip("/").split("/")) if part]


class PersonManager(BaseUserManager["Person"]):
    """Looks persons up by work e-mail, in any letter case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username or "")


class Person(AbstractBaseUser):
    """An employee or volunteer, and their sign-in. Never a student, never a parent."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=PersonKind, default=PersonKind.EMPLOYEE)
    title = models.CharField(max_length=120, blank=True, default="")
    home_unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    language = models.CharField(max_length=8, default="en-ca")
    mail_rhythm = models.CharField(max_length=10, choices=MailRhythm, default=MailRhythm.AT_ONCE)
    is_active = models.BooleanField(default=True)
    left_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        db_table = "people_person"
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="one_person_per_work_email"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """First initial and family name, for tight places: "A. Petrova"."""
        first, _space, rest = self.name.partition(" ")
        return f"{first[0]}. {rest}" if rest else self.name

    def get_full_name(self) -> str:
        return self.name

    def has_perm(self, _perm: str, _obj: Any = None) -> bool:
        """Django's own permissions are not used: people/grants.py says who may do what."""
        return False


class Appointment(models.Model):
    """A person holds a role at a unit from a day until a day (inclusive), or until further notice."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=20, choices=Role)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        db_table = "people_appointment"
        ordering: ClassVar[list[str]] = ["unit__name", "role", "starts_on"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "unit", "role"], condition=Q(ends_on=None),
                                    name="one_open_appointment_of_a_person_to_a_role"),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                                   name="an_appointment_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()} · {self.unit}"


class StandIn(models.Model):
    """While the holder of an appointment is away, someone else acts in the role, or nobody does (then upward)."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="stand_ins")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="stands_in")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=300)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "people_stand_in"
        ordering: ClassVar[list[str]] = ["-starts_on"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="an_absence_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.person or '-'} ⇒ {self.appointment}"
