"""`rostrum person add`: the first person of a new installation."""

from __future__ import annotations

import argparse
from typing import Any

from rostrum.management.out import DONE, USAGE, CommandRefused, emit, say, start_django


def declare(commands: Any) -> None:
    """Adds `person add`."""
    group = commands.add_parser("person", help="people").add_subparsers(required=True, metavar="ACT")
    command = group.add_parser(
        "add",
        help="add a person with a role, and print a link with which they set their password",
        description="For the first system administrator of a new installation; later, use the pages.",
    )
    command.add_argument("email", metavar="EMAIL")
    command.add_argument("name", metavar="NAME")
    command.add_argument("--role", required=True, help="sysadmin, communications, administrator, …")
    command.add_argument("--unit", metavar="CODE", help="the unit's code; the division if not given")
    command.add_argument("--json", action="store_true", help="write JSON only")
    command.set_defaults(run=add)


def _unit(code: str | None) -> Any:
    """The unit with this code.

    Without one the division, which is made from the settings when there is none yet.
    """
    from django.conf import settings

    from rostrum.people import queries
    from rostrum.people.actions import add_unit
    from rostrum.people.models import Unit, UnitKind

    if code:
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise CommandRefused(f"There is no unit with the code {code}.", code="no-unit", status=USAGE)
        return unit
    name = settings.DIVISION_NAME or settings.SITE_NAME
    return queries.division() or add_unit(kind=UnitKind.DIVISION, name=name, parent=None, by=None)


def add(args: argparse.Namespace) -> int:
    """Adds the person, appoints them, and prints a link that works once and for half an hour."""
    start_django()
    from django.conf import settings
    from django.db import transaction

    from rostrum.people.actions import add_person, appoint
    from rostrum.people.models import Role
    from rostrum.web.letters import reset_path

    if args.role not in Role.values:
        raise CommandRefused(f"The roles are: {', '.join(Role.values)}.", code="no-role", status=USAGE)
    with transaction.atomic():
        unit = _unit(args.unit)
        person = add_person(email=args.email, name=args.name, by=None, home_unit=unit)
        appoint(person, role=args.role, unit=unit, by=None)
    link = settings.SITE_URL + reset_path(person)
    if args.json:
        emit({"email": person.email, "role": args.role, "unit": unit.code, "set_password": link})
    else:
        say(f"{person.name} is now {Role(args.role).label} of {unit.name}.")
        say(f"To choose a password within {settings.PASSWORD_RESET_TIMEOUT // 60} minutes: {link}")
    return DONE
