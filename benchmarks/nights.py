"""Every nightly job over 50,000 accounts and 20,000 people, one night after the other, on SQLite.

Each job runs at its own hour, as the worker would start it, on five nights: the first one ever, on which the rules look
at all accounts for the first time and find some four things to say about each, and two hundred people have left without
a hand-over; the one on which a certification window opens for every account and every reset falls due; one in the
middle of nothing; the one on which everybody is reminded; and the one on which suspensions are proposed. Every account
has two managers. Seconds, queries, and the most memory that the process had used by the end of the job.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
WINDOW = date(2026, 9, 8)
FIRST = "the first"
NIGHTS = {
    FIRST: WINDOW - timedelta(days=4), "opens": WINDOW, "quiet night": WINDOW + timedelta(days=2),
    "reminds": WINDOW + timedelta(days=7), "proposes": WINDOW + timedelta(days=21),
}  # fmt: skip
CHOSEN: dict[str, Any] = {
    "certification_windows": "autumn", "certification_answer_days": 10, "certification_consequence": "suspend",
    "quiet_days": 120, "reset_days": 365, "review_days": 365, "manager_reading": "required", "handover_days": 10,
    "registration_reminder_days": 7,
}  # fmt: skip
LEFT = 200  # people who left without a hand-over
AIM_SECONDS, AIM_MEGABYTES = 300, 300


def _fill(accounts: int, people: int) -> None:
    """The large division with two managers for each account, last posts, a school year, and what the division chose."""
    from benchmarks import dataset
    from rostrum.core import clock
    from rostrum.people.models import Person
    from rostrum.policies.actions import set_setting
    from rostrum.registry.models import Account, Designation
    from rostrum.schoolyear.actions import add_year
    from rostrum.upkeep.liveness_models import Liveness

    dataset.fill(accounts=accounts)
    add_year(date(2026, 9, 1), date(2027, 6, 28), by=None)
    persons = Person.objects.bulk_create(
        (Person(email=f"p{n}@example.ca", name=f"Person {n}", password="!") for n in range(people)),  # noqa: S106 - nobody signs in with it
        batch_size=1000,
    )
    rows = list(Account.objects.values_list("pk", "registration", "official_since").order_by("pk"))
    named = (
        Designation(registration_id=registration, person=persons[(n + step) % people], kind=kind, named_at=since,
                    accepted_at=since)
        for n, (_pk, registration, since) in enumerate(rows) for step, kind in ((0, "primary"), (7, "second"))
    )  # fmt: skip
    Designation.objects.bulk_create(named, batch_size=1000)
    posts = (
        Liveness(account_id=pk, plan="weekly", last_post_on=WINDOW - timedelta(days=n % 200), post_source="import")
        for n, (pk, _registration, _since) in enumerate(rows)
    )
    Liveness.objects.bulk_create(posts, batch_size=1000)
    with clock.standing_at(_at(WINDOW - timedelta(days=9), hour(4, 20))):
        for key, value in CHOSEN.items():
            set_setting(key, value, by_name="Bench", reason="Measured.")
    Person.objects.filter(pk__in=[one.pk for one in persons[:LEFT]]).update(is_active=False)


def _at(day: date, at: hour) -> datetime:
    from django.utils import timezone

    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone())


def _jobs() -> list[tuple[Any, Any]]:
    """(hour of the night, job) of every job with an hour, in the order of a day."""
    from rostrum.config.urls import urlpatterns
    from rostrum.jobs.registry import JOBS

    assert urlpatterns  # noqa: S101 - everything that declares a job is imported by now
    timed = []
    for one in JOBS.values():
        if one.cron:
            minute, at = one.cron.split()[:2]
            timed.append((hour(int(at), int(minute)), one))
    return sorted(timed, key=lambda pair: (pair[0], pair[1].name))


def fill(accounts: int, people: int) -> None:
    """Fills the empty database, in a process of its own: what that needs of memory is not what is measured."""
    from rostrum.management.out import start_django

    start_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    _fill(accounts, people)


def measure(accounts: int, people: int) -> dict[str, Any]:
    """Runs the nights, job by job, in one process, as a worker would that is never started again."""
    from benchmarks.importing import peak_megabytes
    from rostrum.management.out import start_django

    start_django()
    from django.db import connection

    from rostrum.core import clock
    from rostrum.jobs.actions import kept_back
    from rostrum.notices.models import Notice

    rows: list[dict[str, Any]] = []
    for night, day in NIGHTS.items():
        for at, one in _jobs():
            asked = [0]

            def count(execute: Any, *args: Any, asked: list[int] = asked) -> Any:
                asked[0] += 1
                return execute(*args)

            start, letters = time.perf_counter(), Notice.objects.count()
            with clock.standing_at(_at(day, at)), connection.execute_wrapper(count), kept_back():
                one.body()
            taken = time.perf_counter() - start
            rows.append({"night": night, "job": one.name, "seconds": round(taken, 1), "queries": asked[0],
                         "letters": Notice.objects.count() - letters, "megabytes": round(peak_megabytes())})  # fmt: skip
            sys.stderr.write(f"  {night}, {one.name}: {taken:.1f} s, {asked[0]} queries, {rows[-1]['megabytes']} MB\n")
    return {"accounts": accounts, "people": people, "rows": rows}


def section(found: dict[str, Any]) -> list[str]:
    """The nights as Markdown: each job in its longest night, each whole night, and whether that is what was aimed at."""
    rows = found["rows"]
    nights = {night: [row for row in rows if row["night"] == night] for night in NIGHTS}
    taken = {night: sum(row["seconds"] for row in of) for night, of in nights.items()}
    longest = max(seconds for night, seconds in taken.items() if night != FIRST)
    peak = max(row["megabytes"] for row in rows)
    met = longest < AIM_SECONDS and peak < AIM_MEGABYTES
    lines = [
        f"{found['accounts']:,} accounts, {found['people']:,} people. The first night takes {taken[FIRST]:.0f} s, once; the "
        f"longest of the others takes {longest:.0f} s. The process uses {peak} MB at its peak. That is "
        f"{'within' if met else 'beyond'} the {AIM_SECONDS} s and {AIM_MEGABYTES} MB aimed at for a night.", "",
        "| Job | " + " | ".join(f"{night}, s / queries / letters" for night in NIGHTS) + " | MB by its end |",
        "|---|" + "---|" * (len(NIGHTS) + 1),
    ]  # fmt: skip
    for job in dict.fromkeys(row["job"] for row in rows):
        of = {row["night"]: row for row in rows if row["job"] == job}
        cells = [f"{of[night]['seconds']:.1f} / {of[night]['queries']:,} / {of[night]['letters']:,}" for night in NIGHTS]
        lines.append(f"| {job} | {' | '.join(cells)} | {max(row['megabytes'] for row in of.values())} |")
    totals = [f"{sum(row['seconds'] for row in nights[night]):.1f} / {sum(row['queries'] for row in nights[night]):,} / "
              f"{sum(row['letters'] for row in nights[night]):,}" for night in NIGHTS]  # fmt: skip
    return [*lines, f"| **all of a night** | {' | '.join(totals)} | {peak} |"]


def run(accounts: int, people: int) -> dict[str, Any]:
    """One measurement in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="rostrum-nights-") as folder:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("ROSTRUM_", "DATABASE_URL"))}
        env |= {"ROSTRUM_MODE": "development", "ROSTRUM_DATA_DIR": folder, "ROSTRUM_LOG_LEVEL": "ERROR",
                "PYTHONPATH": str(ROOT)}  # fmt: skip
        if database := os.environ.get("BENCH_DATABASE_URL"):
            env["DATABASE_URL"] = database
        size = ["--accounts", str(accounts), "--people", str(people)]
        command = [sys.executable, "-m", "benchmarks.nights", *size]
        subprocess.run([*command, "--fill"], cwd=ROOT, env=env, check=True)  # noqa: S603 - this very module
        done = subprocess.run([*command, "--measure"], cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True)  # noqa: S603 - as above
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=50_000)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.fill:
        fill(asked.accounts, asked.people)
        return
    found = measure(asked.accounts, asked.people) if asked.measure else run(asked.accounts, asked.people)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
