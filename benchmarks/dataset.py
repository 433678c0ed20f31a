"""Fills an empty database with a large invented division, in bulk. For measuring only: nothing here calls an action."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from rostrum.connectors import resolve
from rostrum.core.text import fold
from rostrum.people.models import Person, Unit
from rostrum.policies.actions import load_edition
from rostrum.policies.models import Edition
from rostrum.registry.lookalike import search_keys
from rostrum.registry.models import Account, AccountKey, AccountRequest, Registration
from rostrum.registry.search import WORD

START = datetime(2018, 9, 4, 15, 0, tzinfo=UTC)
FIRST = [
    "Cedar", "Birch", "Aspen", "Willow", "Prairie", "Meadow", "River", "Stone", "Bridge", "Lake", "Hill", "Sunny",
    "North", "West", "Harvest", "Heather", "Juniper", "Maple", "Spruce", "Thistle",
]  # fmt: skip
SECOND = ["Vale", "Ridge", "Grove"]
PARTS = [
    "Grade 1", "Grade 2", "Grade 3", "Grade 4", "Grade 5", "Grade 6", "Grade 7", "Grade 8", "Grade 9",
    "Robotics Club", "Chess Club", "Band", "Choir", "Library", "Drama Club", "Art Room", "Science Lab",
    "Football Team", "Volleyball Team", "Basketball Team", "Badminton Team", "Track Team", "Curling Team",
    "Garden Club", "Parent Association", "Music Program", "Welding Program", "Cree Program", "Counselling",
    "Yearbook", "Student Council", "Outdoor Program", "French Program",
]  # fmt: skip
TOPICS = [
    "news", "photos", "stories", "projects", "trips", "calendar", "notes", "readers", "makers", "concerts",
    "games", "results", "practice", "menu", "awards", "volunteers", "alumni", "welcome", "garden", "maps",
    "coding", "poetry", "podcast", "gallery", "debate", "fitness", "wellness", "planning", "families", "mentors",
    "explorers", "builders", "dancers", "painters", "singers", "runners", "skaters", "cooks", "farmers",
    "travellers", "thinkers", "writers", "helpers", "campers", "stargazers", "history", "science", "theatre",
    "orchestra", "newcomers",
]  # fmt: skip
PLATFORMS = {
    "instagram": "https://www.instagram.com/{}/", "facebook": "https://www.facebook.com/{}", "x": "https://x.com/{}",
    "youtube": "https://www.youtube.com/@{}", "flickr": "https://www.flickr.com/photos/{}/",
    "linkedin": "https://www.linkedin.com/company/{}", "pinterest": "https://www.pinterest.com/{}/",
    "tiktok": "https://www.tiktok.com/@{}",
}  # fmt: skip
STATES = ["recognised"] * 92 + ["review"] * 3 + ["suspended"] + ["retired"] * 4
KINDS = {"Grade": "classroom", "Club": "club", "Team": "team", "Association": "association"}


def fill(accounts: int = 100_000, units: int = 2_000) -> None:
    """Builds the division, `units` units and `accounts` accounts with their requests, registrations and keys."""
    with transaction.atomic():
        edition = load_edition(settings.DEMO_PROCEDURE)
        asker, endorser, approver = Person.objects.bulk_create(
            Person(email=f"{key}@example.ca", name=name, password="!")  # noqa: S106 - a value that matches no password
            for key, name in (("a", "Ada Benchmark"), ("b", "Bo Benchmark"), ("c", "Cy Benchmark"))
        )
        made = _units(units)
        _accounts(accounts, made, edition, asker, endorser, approver)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO registry_account_fts(registry_account_fts) VALUES ('optimize')")
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _units(wanted: int) -> list[tuple[Unit, str]]:
    """(unit, name of its school): the division, 60 schools, and what is in them."""
    division = Unit.objects.create(kind="division", name="Cedar Plains School Division", code="bench")
    Unit.objects.filter(pk=division.pk).update(path=f"/{division.pk}/")
    schools = Unit.objects.bulk_create(
        Unit(kind="school", name=f"{a} {b} School", code=f"{a}-{b}".lower(), parent=division, town="Cedar Plains",
             email=f"{a}.{b}@example.ca".lower(), phone="780-555-0123")
        for a in FIRST for b in SECOND
    )  # fmt: skip
    for school in schools:
        school.path = f"/{division.pk}/{school.pk}/"
    Unit.objects.bulk_update(schools, ["path"], batch_size=500)
    names = ((s, f"{p} {r}".strip()) for r in ("", "East", "West") for p in PARTS for s in schools)
    below = Unit.objects.bulk_create(
        (
            Unit(kind=next((k for w, k in KINDS.items() if w in name), "program"), name=name,
                 code=f"{school.code}-{name}".lower().replace(" ", "-"), parent=school)
            for school, name in islice(names, wanted - 1 - len(schools))
        ),
        batch_size=1000,
    )  # fmt: skip
    for unit in below:
        unit.path = f"/{division.pk}/{unit.parent_id}/{unit.pk}/"
    Unit.objects.bulk_update(below, ["path"], batch_size=500)
    by_id = {s.pk: s.name for s in schools}
    return [(s, s.name) for s in schools] + [(u, by_id[u.parent_id or 0]) for u in below]


def _plan(wanted: int, units: list[tuple[Unit, str]]) -> Iterator[tuple[int, Unit, str, str, str, str]]:
    """(number, unit, school, platform, name, handle) of each account; no handle occurs twice."""
    platforms = list(PLATFORMS)
    taken: set[tuple[str, str]] = set()
    turn = 0
    while True:
        for at, (unit, school) in enumerate(units):
            topic = TOPICS[turn % len(TOPICS)]
            number = turn * len(units) + at
            if number >= wanted:
                return
            name = f"{school} {topic.title()}" if unit.name == school else f"{school} {unit.name} {topic.title()}"
            platform = platforms[(at + turn) % len(platforms)]
            handle = _handle(school, unit, topic, 15 if platform == "x" else 24)
            if (platform, handle) in taken:
                handle = handle[:10] + _letters(number)
            taken.add((platform, handle))
            yield number, unit, school, platform, name, handle
        turn += 1


def _handle(school: str, unit: Unit, topic: str, most: int) -> str:
    """A name such as people make: cut down where the platform allows few letters."""
    first, second = school.split()[:2]
    whole = "".join(WORD.findall(fold(f"{first} {second} {unit.name} {topic}")))
    if len(whole) <= most:
        return whole
    return "".join(WORD.findall(fold(f"{first[:3]}{second[0]} {unit.name[:4]}{unit.name[-3:]} {topic}")))[:most]


def _letters(number: int) -> str:
    """A number in letters, five of them."""
    return "".join("bcdfghjklm"[int(digit)] for digit in f"{number:05}")


def _accounts(
    wanted: int, units: list[tuple[Unit, str]], edition: Edition, asker: Person, endorser: Person, approver: Person
) -> None:
    dice = random.Random(193)  # noqa: S311 - the same invented data every time, nothing secret
    plan = _plan(wanted, units)
    while part := list(islice(plan, 5_000)):
        requests = AccountRequest.objects.bulk_create(
            (
                AccountRequest(
                    ref=f"B-{n:06}", edition=edition, form_edition="bench", requester=asker, unit=unit,
                    entity_kind=unit.kind, platform=platform, name=name, handle=handle, handle_key=handle,
                    state="registered", started_at=START, saved_at=START, submitted_at=START, moved_at=START,
                    endorsed_by=endorser, endorsed_at=START, approved_by=approver, approved_at=START,
                )
                for n, unit, _school, platform, name, handle in part
            ),
            batch_size=1000,
        )  # fmt: skip
        registrations = Registration.objects.bulk_create(
            (
                Registration(request=request, form_edition="bench", canonical_id=request.handle, state="confirmed",
                             started_at=START, saved_at=START, confirmed_by=approver, confirmed_at=START)
                for request in requests
            ),
            batch_size=1000,
        )  # fmt: skip
        accounts = Account.objects.bulk_create(
            (
                _account(row, registration, dice.choice(STATES))
                for row, registration in zip(part, registrations, strict=True)
            ),
            batch_size=1000,
        )
        _keys((account.pk, key) for account in accounts for key in search_keys(account.handle))


def _account(row: tuple[int, Unit, str, str, str, str], registration: Registration, state: str) -> Account:
    n, unit, school, platform, name, handle = row
    since = START + timedelta(minutes=37 * n)
    public_id = public_id_of(n)
    words = dict.fromkeys(WORD.findall(fold(f"{name} {handle} {unit.name} {school} {public_id}")))
    read = resolve(PLATFORMS[platform].format(handle))
    if read.status == "reject":
        raise ValueError(f"{platform} has no account {handle}: {read.reason}")
    return Account(
        public_id=public_id, registration=registration, unit=unit, entity_kind=unit.kind, platform=platform,
        name=name, handle=read.handle, canonical_id=read.canonical_id, address=read.canonical_url,
        mailbox="social@example.ca", state=state, official_since=since, standing_since=since,
        search_text=" ".join(words),
    )  # fmt: skip


def public_id_of(number: int) -> str:
    """The public id of the account with that number in the plan."""
    return f"B{number:05d}"


def _keys(rows: Iterable[tuple[int, str]]) -> None:
    """A million look-alike keys: by COPY on PostgreSQL, by one prepared statement on SQLite."""
    table = connection.ops.quote_name(AccountKey._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            raw: Any = cursor.cursor
            with raw.copy(f"COPY {table} (account_id, key) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {table} (account_id, key) VALUES (%s, %s)", list(rows))  # noqa: S608 - our own table's name
