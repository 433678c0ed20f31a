"""Importing 5,000 of today's accounts: how long, how much memory. `python -m benchmarks.accounts [--accounts N]`.

On SQLite, or on the empty database that BENCH_DATABASE_URL names. The list is read, every row judged against the
procedure, the register and its neighbours, and brought in whole; once as CSV and once more as XLSX, in a process and
a folder of its own each. Peak memory is that of the whole process, Django included.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any

from benchmarks.importing import ROOT, SCHOOLS, peak_megabytes

HEADS = ["School", "Platform", "Link", "Account name", "Who runs it", "E-mail", "Notes"]
KINDS = ("https://www.instagram.com/{0}", "https://x.com/{0}", "https://www.facebook.com/{0}")
WORDS = ("choir", "robotics", "library", "grads", "soccer", "drama", "garden", "band", "yearbook", "council")


def name_of(number: int) -> str:
    """A handle of its own for each number, of letters only, far from its neighbours'."""
    letters, rest = "", number * 7919 + 101
    while rest:
        rest, at = divmod(rest, 19)
        letters += "bcdfghjklmnpqrstvwz"[at] + "aeiou"[at % 5]
    return letters


def rows(accounts: int) -> list[list[str]]:
    """The list of an office: most rows fine, one in fifty with something to say."""
    found = []
    for n in range(accounts):
        handle, school = f"{name_of(n)[:12]}{'x' if n % 3 else ''}", f"School {n % SCHOOLS}"
        link = "ask the office" if n % 50 == 0 else KINDS[n % 3].format(handle[:15])
        mail = "someone@gmail.com" if n % 50 == 1 else f"{handle}@lpsd.ca"
        found.append([school, "", link, f"{school} {WORDS[n % 10]} {name_of(n)[:4]}", "", mail, ""])
    return found


def file_of(kind: str, accounts: int) -> io.BytesIO:
    """The list as a file."""
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([HEADS, *rows(accounts)])
        return io.BytesIO(text.getvalue().encode())
    from rostrum.core.tables import xlsx_file

    with xlsx_file("Accounts", HEADS, rows(accounts)) as made:
        return io.BytesIO(made.read())


def measure(kind: str, accounts: int) -> dict[str, Any]:
    """Reads and judges the list, then brings it in, in the empty database of this process."""
    from rostrum.management.out import start_django

    start_django()
    from django.conf import settings
    from django.core.management import call_command

    from rostrum.intake import accounts as lists
    from rostrum.intake import accounts_reading
    from rostrum.people.actions import add_unit
    from rostrum.policies.actions import load_edition
    from rostrum.registry.known_models import KnownAccount

    call_command("migrate", verbosity=0)
    load_edition(settings.DEMO_PROCEDURE)
    root = add_unit(kind="division", name="Prairie Division", code="prairie", parent=None, by=None)
    for n in range(SCHOOLS):
        add_unit(kind="school", name=f"School {n}", code=f"s{n}", parent=root, by=None)
    file = file_of(kind, accounts)
    start = time.perf_counter()
    batch = accounts_reading.stage(f"accounts.{kind}", file, by=None)
    looked = time.perf_counter() - start
    for row in batch.rows.filter(level="problem"):
        lists.repair(batch, row.number, by=None, skipped=True)
    start = time.perf_counter()
    lists.bring_in(batch, by=None)
    took = time.perf_counter() - start
    return {"kind": kind, "look": round(looked, 2), "import": round(took, 2), "accounts": KnownAccount.objects.count(),
            "megabytes": round(peak_megabytes())}  # fmt: skip


def run(accounts: int) -> list[dict[str, Any]]:
    """One measurement each for CSV and XLSX, in a process of its own."""
    found = []
    for kind in ("csv", "xlsx"):
        with tempfile.TemporaryDirectory(prefix="rostrum-accounts-") as folder:
            hidden = ("ROSTRUM_", "DATABASE_URL")
            env = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
            env |= {"ROSTRUM_MODE": "development", "ROSTRUM_DATA_DIR": folder, "ROSTRUM_LOG_LEVEL": "ERROR",
                    "PYTHONPATH": str(ROOT)}  # fmt: skip
            if database := os.environ.get("BENCH_DATABASE_URL"):
                env["DATABASE_URL"] = database
            command = [sys.executable, "-m", "benchmarks.accounts", "--measure", kind, "--accounts", str(accounts)]
            done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own
            found.append(json.loads(done.stdout))
    return found


def main() -> int:
    """Prints one JSON line for each format."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.accounts", description=__doc__)
    options.add_argument("--accounts", type=int, default=5_000)
    options.add_argument("--measure", default="", help=argparse.SUPPRESS)
    asked = options.parse_args()
    found = [measure(asked.measure, asked.accounts)] if asked.measure else run(asked.accounts)
    sys.stdout.write("\n".join(json.dumps(one) for one in found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
