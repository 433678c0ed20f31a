"""Importing 20,000 people: how long, how much memory. `python -m benchmarks.importing [--people N]`, on SQLite.

Every run has a folder and a process of its own. The export is OneRoster 1.2 with three times as many students, who
are counted and forgotten. Peak memory is that of the whole process, Django included.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SCHOOLS = 60


def export(place: Path, people: int) -> None:
    """An invented export of version 1.2 as a folder."""
    place.mkdir()
    (place / "manifest.csv").write_text(
        "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\nfile.orgs,bulk\nfile.users,bulk\nfile.roles,bulk\n"
    )
    with (place / "orgs.csv").open("w") as out:
        out.write("sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n")
        out.write("d,active,,Prairie Division,district,0100,\n")
        out.writelines(f"s{n},active,,School {n},school,S{n},d\n" for n in range(SCHOOLS))
    with (place / "users.csv").open("w") as users, (place / "roles.csv").open("w") as roles:
        users.write("sourcedId,status,dateLastModified,enabledUser,givenName,familyName,email,primaryOrgSourcedId\n")
        roles.write("sourcedId,userSourcedId,status,dateLastModified,roleType,role,beginDate,endDate,orgSourcedId\n")
        for n in range(4 * people):
            role = "student" if n % 4 else ("principal" if n < 4 * SCHOOLS else "teacher")
            users.write(f"u{n},active,,true,Given{n},Family{n},person{n}@division.example,s{n % SCHOOLS}\n")
            roles.write(f"r{n},u{n},active,,primary,{role},2026-09-01,,s{n % SCHOOLS}\n")


def peak_megabytes() -> float:
    """The most memory that this process ever used."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def measure(place: Path) -> dict[str, Any]:
    """Imports the folder into the empty database of this process, then again, then with one leaver."""
    from rostrum.management.out import start_django

    start_django()
    from django.core.management import call_command

    from rostrum.intake.actions import bring_in
    from rostrum.people.models import Person

    call_command("migrate", verbosity=0)
    found: dict[str, Any] = {}
    for name, dry in (("look", True), ("import", False), ("again", False)):
        start = time.perf_counter()
        bring_in(place, dry=dry)
        found[name] = round(time.perf_counter() - start, 2)
    return {**found, "people": Person.objects.count(), "megabytes": round(peak_megabytes())}


def run(people: int) -> dict[str, Any]:
    """One measurement in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="rostrum-import-") as folder:
        export(Path(folder) / "export", people)
        env = {name: value for name, value in os.environ.items() if not name.startswith(("ROSTRUM_", "DATABASE_URL"))}
        env |= {"ROSTRUM_MODE": "development", "ROSTRUM_DATA_DIR": folder, "ROSTRUM_LOG_LEVEL": "ERROR",
                "PYTHONPATH": str(ROOT)}  # fmt: skip
        if database := os.environ.get("BENCH_DATABASE_URL"):
            env["DATABASE_URL"] = database
        done = subprocess.run(  # noqa: S603 - this very module, in a process of its own
            [sys.executable, "-m", "benchmarks.importing", "--measure", str(Path(folder) / "export")],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> int:
    """Prints one JSON line."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.importing", description=__doc__)
    options.add_argument("--people", type=int, default=20_000)
    options.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    found = measure(asked.measure) if asked.measure else run(asked.people)
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
