"""The directory as JSON, with and without ETag, and verify: `python -m benchmarks.machines [--accounts N]`, on SQLite.

In a folder and a process of its own. *Made anew* is what a first reader after a change waits for; *kept* is a whole
answer from a process that has made it before; *304* is asking again with the tag. Over HTTP: granian with two
processes and four connections, the asking program on the same cores.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
SECONDS, CONNECTIONS, ROUNDS = 3.0, 4, 5


def ask(port: int, addresses: list[str], headers: dict[str, str], wanted: int) -> float:
    """Answers a second over some connections at once. Raises RuntimeError for an answer of another kind."""
    done: list[int] = []
    wrong: list[int] = []
    end = time.perf_counter() + SECONDS

    def run(offset: int) -> None:
        link, count = http.client.HTTPConnection("127.0.0.1", port, timeout=30), 0
        turn = cycle(addresses[offset:] + addresses[:offset])
        while time.perf_counter() < end:
            link.request("GET", next(turn), headers={"Accept-Encoding": "gzip", **headers})
            answer = link.getresponse()
            answer.read()
            count += 1
            if answer.status != wanted:
                wrong.append(answer.status)
                break
        link.close()
        done.append(count)

    threads = [threading.Thread(target=run, args=(n % len(addresses),)) for n in range(CONNECTIONS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"{addresses[0]} answered {wrong[0]}")
    return sum(done) / (time.perf_counter() - start)


def tag_of(port: int, address: str) -> tuple[str, int]:
    """An address's tag, and how much it weighs packed."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("GET", address, headers={"Accept-Encoding": "gzip"})
    answer = link.getresponse()
    size = len(answer.read())
    link.close()
    return answer.headers["ETag"], size


def measure(accounts: int) -> dict[str, Any]:
    """Fills the database of this process and measures."""
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.dataset import fill
    from benchmarks.measure import server
    from rostrum.directory.asked import Asked
    from rostrum.directory.rows import json_of
    from rostrum.registry.models import Account

    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    fill(accounts, max(120, accounts // 50))
    anew = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        json_of(Asked())
        anew.append((time.perf_counter() - start) * 1e3)
    found = list(Account.objects.filter(state="recognised").values_list("address", flat=True)[:60])
    asked = [f"/verify?url={quote(address, safe='')}" for address in found]
    with server() as port:
        for _warm in range(20):  # both processes make the file once
            tag, size = tag_of(port, "/directory.json")
        return {
            "accounts": accounts, "anew": min(anew), "bytes": size,
            "kept": ask(port, ["/directory.json"], {}, 200),
            "unchanged": ask(port, ["/directory.json"], {"If-None-Match": tag}, 304),
            "verify": ask(port, asked, {"Accept": "application/json"}, 200),
        }  # fmt: skip


def run(accounts: int) -> dict[str, Any]:
    """One measurement in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="rostrum-bench-") as folder:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("ROSTRUM_", "DATABASE_URL"))}
        env |= {"ROSTRUM_MODE": "development", "ROSTRUM_DATA_DIR": folder, "ROSTRUM_LOG_LEVEL": "ERROR",
                "DJANGO_SETTINGS_MODULE": "benchmarks.settings", "PYTHONPATH": str(ROOT)}  # fmt: skip
        command = [sys.executable, "-m", "benchmarks.machines", "--measure", "--accounts", str(accounts)]
        done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def table(sizes: list[int]) -> list[str]:
    """The numbers of directories of these sizes as Markdown."""
    lines = ["| accounts | made anew, ms | on the wire | JSON whole, per second | 304, per second | verify, per second |",
             "|---|---|---|---|---|---|"]  # fmt: skip
    for accounts in sizes:
        row = run(accounts)
        lines.append(f"| {row['accounts']:,} | {row['anew']:.0f} | {row['bytes'] / 1000:.0f} kB | {row['kept']:,.0f} "
                     f"| {row['unchanged']:,.0f} | {row['verify']:,.0f} |")  # fmt: skip
    return lines


def main() -> int:
    """Measures a division's worth and a hundred thousand, and prints a table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.machines", description=__doc__)
    options.add_argument("--accounts", type=int, default=0)
    options.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.measure:
        json.dump(measure(chosen.accounts), sys.stdout)
        return 0
    print("\n".join(table([chosen.accounts] if chosen.accounts else [500, 100_000])))  # noqa: T201 - a command-line tool
    return 0


if __name__ == "__main__":
    sys.exit(main())
