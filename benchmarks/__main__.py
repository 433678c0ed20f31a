"""`make bench`: measures on SQLite and PostgreSQL and writes docs/benchmarks.md. Touches no database of yours."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from benchmarks import accounts as of_accounts
from benchmarks import importing, lookalikes, machines, nights, today

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "benchmarks.md"
DEFAULT = "postgresql://postgres@127.0.0.1:5432/postgres"
THROW_AWAY = "rostrum_bench"
AIM = 1.5
VERIFY_AIM_MS = 5.0
RESOLVE_AIM = 20_000
PEOPLE = 20_000
NIGHTLY_ACCOUNTS = 50_000
TODAYS_ACCOUNTS = 5_000
SCHOOL_NAMES = 10_000
SCORER_AIM_MS = 20.0
IMPORT_AIM_SECONDS = 60
IMPORT_AIM_MEGABYTES = 300
HOW_TO_READ = (
    "How to read it. Beside each page stands a *bare page*: a Django view that fetches the same rows by a "
    "plain query and draws them with a template of one line, through the same middleware. What Rostrum adds is "
    "its shell, navigation, filters, pager, two languages, caching headers and compression. Both are asked "
    "turn by turn in the same run, so that whatever else the machine does weighs on both; only the column "
    "*times* is comparable between machines. The bare `verify` is a plain look-up of one address and knows no "
    "look-alikes, so that it is a floor and no aim: the aim for `verify` is an answer in 5 ms. Each page is "
    "asked with up to sixty different addresses in turn. *Queries* counts database queries of a page once the "
    "process is warm: it does not grow with the number of accounts. *On the wire* is the compressed page "
    "without its style sheet and icons, which browsers keep. No page is kept ready on the server; caches in "
    "between may keep public pages for a minute."
)


def say(text: str) -> None:
    """A line for whoever waits."""
    print(text, flush=True)  # noqa: T201 - a command-line tool


def measure(database: str, module: str = "benchmarks.measure", **more: str) -> dict[str, Any]:
    """Measures in a process of its own, with a folder of its own; `database` is empty for SQLite."""
    with tempfile.TemporaryDirectory(prefix="rostrum-bench-") as folder:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("ROSTRUM_", "DATABASE_URL"))}
        env |= {
            "ROSTRUM_MODE": "development", "ROSTRUM_DATA_DIR": folder, "ROSTRUM_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings", "PYTHONPATH": str(ROOT),
            **more,
        }  # fmt: skip
        if database:
            env["DATABASE_URL"] = database
        command = [sys.executable, "-m", module]
        done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def on_postgresql(module: str = "benchmarks.measure", **more: str) -> dict[str, Any] | str:
    """Measures in a new database of its own on the server of DATABASE_URL or the local one; else says why not."""
    import psycopg
    from psycopg import sql

    address = os.environ.get("DATABASE_URL") or DEFAULT
    if not address.startswith(("postgres://", "postgresql://")):
        return "DATABASE_URL names no PostgreSQL server."
    try:
        with psycopg.connect(address, autocommit=True, connect_timeout=5) as link:
            link.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(THROW_AWAY)))
            link.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(THROW_AWAY))
            )
    except psycopg.Error as error:
        return f"No PostgreSQL server answered ({type(error).__name__}); set DATABASE_URL to measure on one."
    try:
        return measure(urlunsplit(urlsplit(address)._replace(path=f"/{THROW_AWAY}")), module, **more)
    finally:
        with suppress(psycopg.Error), psycopg.connect(address, autocommit=True) as link:
            link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(THROW_AWAY)))


def processor() -> str:
    """What the machine calls its processor, and how many of them there are."""
    name = platform.machine()
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    return f"{name}, {os.cpu_count()} cores"


def table(found: dict[str, Any]) -> list[str]:
    """The numbers of one database as Markdown."""
    lines = [
        f"## {found['vendor']} {found['version']}", "",
        "One request at a time, in process, through the whole middleware, best of four rounds (milliseconds, p50 / p95):", "",
        "| Page | Rostrum | bare page | times | queries | on the wire |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for row in found["results"]:
        ours, bare = row["ours"], row["bare"]
        queries = "–".join(str(n) for n in sorted({row["queries"][0], row["queries"][-1]}))
        lines.append(
            f"| {row['page']} | {ours['p50']:.2f} / {ours['p95']:.2f} | {bare['p50']:.2f} / {bare['p95']:.2f} "
            f"| {ours['p50'] / bare['p50']:.2f} | {queries} | {row['bytes'] / 1000:.1f} kB |"
        )
    lines += [
        "", "Over HTTP, granian with two processes, four connections, the asking program on the same cores:", "",
        "| Page | Rostrum p50 / p95 | pages per second | bare page p50 / p95 | pages per second |",
        "|---|---|---|---|---|",
    ]  # fmt: skip
    for row in found["results"]:
        ours, bare = row["http_ours"], row["http_bare"]
        lines.append(
            f"| {row['page']} | {ours['p50']:.1f} / {ours['p95']:.1f} | {ours['rps']:.0f} "
            f"| {bare['p50']:.1f} / {bare['p95']:.1f} | {bare['rps']:.0f} |"
        )
    return [*lines, ""]


def verdict(found: dict[str, Any]) -> list[str]:
    """Whether the aims are met: sentences, one for each."""
    pages = [r for r in found["results"] if not r["page"].startswith("verify")]
    asked = [r for r in found["results"] if r["page"].startswith("verify")]
    slow = [f"{r['page']} ({r['ours']['p50'] / r['bare']['p50']:.2f})" for r in pages
            if r["ours"]["p50"] > AIM * r["bare"]["p50"]]  # fmt: skip
    worst = max(r["ours"]["p50"] for r in asked)
    return [
        f"- {found['vendor']}: " + (f"beyond {AIM} times the bare page: {', '.join(slow)}." if slow else
                                    f"every page is within {AIM} times the p50 of the bare page."),
        f"- {found['vendor']}: verify takes {worst:.1f} ms at p50 in its slowest case "
        f"({'under' if worst < VERIFY_AIM_MS else 'over'} the {VERIFY_AIM_MS:.0f} ms aimed at).",
        *scoring(found, asked),
    ]  # fmt: skip


def scoring(found: dict[str, Any], asked: list[dict[str, Any]]) -> list[str]:
    """Whether a look-alike is found as fast as aimed at: the whole page of `verify` that names one."""
    return [
        f"- {found['vendor']}: a look-alike among all accounts is found and explained in {row['ours']['p50']:.1f} ms at p50, "
        f"the page around it included ({'under' if row['ours']['p50'] < SCORER_AIM_MS else 'over'} the "
        f"{SCORER_AIM_MS:.0f} ms aimed at)."
        for row in asked if "look-alike" in row["page"]
    ]  # fmt: skip


def alarms(found: dict[str, Any]) -> str:
    """How often the scorer warns of two honest names, with examples."""
    examples = "; ".join(f"`{one}`" for kind in found["examples"].values() for one in kind)
    kinds = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in sorted(found["kinds"].items()))
    return (
        f"- False alarms: among {found['schools']:,} invented school names ({found['pairs']:,} pairs) the look-alike scorer "
        f"reports {found['reported']} pairs ({kinds}), which touch {found['touched'] / found['schools']:.1%} of the schools; "
        f"for example {examples}. One question against all of them in memory takes {found['ms']:.3f} ms "
        f"(the slowest {found['slowest_ms']:.1f} ms)."
    )


def lists(found: list[dict[str, Any]]) -> list[str]:
    """Whether a list of today's accounts comes in as fast, and in as little memory, as aimed at."""
    return [
        f"- Importing {TODAYS_ACCOUNTS:,} of today's accounts from {one['kind'].upper()}: reading and judging every row takes "
        f"{one['look']:.1f} s, bringing {one['accounts']:,} of them in {one['import']:.1f} s, {one['megabytes']} MB of memory "
        f"at its peak on SQLite ({'within' if one['megabytes'] < IMPORT_AIM_MEGABYTES else 'beyond'} the "
        f"{IMPORT_AIM_MEGABYTES} MB aimed at)."
        for one in found
    ]  # fmt: skip


def reading(results: list[dict[str, Any]]) -> str:
    """Whether addresses are read as fast as aimed at; no database takes part in it, so the best run counts."""
    read = max(found["resolve"] for found in results)
    return (
        f"- `resolve` reads {read:,.0f} pasted addresses a second on one core, each one new "
        f"({'over' if read > RESOLVE_AIM else 'under'} the {RESOLVE_AIM:,} aimed at)."
    )


def bringing(people: dict[str, Any]) -> str:
    """Whether people come in as fast, and in as little memory, as aimed at."""
    met = people["import"] < IMPORT_AIM_SECONDS and people["megabytes"] < IMPORT_AIM_MEGABYTES
    return (
        f"- Importing {people['people']:,} people out of a OneRoster export with three times as many students takes "
        f"{people['import']:.0f} s and {people['megabytes']} MB of memory at its peak on SQLite (looking at it takes "
        f"{people['look']:.0f} s, the same file again {people['again']:.0f} s); that is {'within' if met else 'beyond'} the "
        f"{IMPORT_AIM_SECONDS} s and {IMPORT_AIM_MEGABYTES} MB aimed at."
    )


def report(
    results: list[dict[str, Any]], missing: str, accounts: int, units: int, people: dict[str, Any],
    others: list[str],
) -> str:
    """The head of docs/benchmarks.md: the public pages, the imports and what was aimed at."""
    lines = [
        "# Benchmarks", "",
        "Written by `make bench`; run it to get the numbers of your own machine.", "",
        f"- Measured on {datetime.now(UTC).date().isoformat()}: {processor()}, {platform.system()}, "
        f"Python {platform.python_version()}; load average {os.getloadavg()[1]:.1f} at the end, priority {os.nice(0):+d}.",
        f"- {accounts:,} accounts in {units:,} units, with {results[0]['keys']:,} look-alike keys.",
        *[line for found in results for line in verdict(found)],
        reading(results),
        bringing(people),
        *others,
        *([f"- PostgreSQL was not measured. {missing}"] if missing else []), "",
HOW_TO_READ, "",
    ]  # fmt: skip
    for found in results:
        lines += table(found)
    return "\n".join(lines).rstrip() + "\n"


def for_machines(accounts: int) -> list[str]:
    """The section of the directory for machines."""
    return [machines.__doc__.partition("\n\n")[2].strip(), "", *machines.table([500, accounts])]


def the_nights(_accounts: int) -> list[str]:
    """The section of the nightly round."""
    return [nights.__doc__.partition("\n\n")[2].strip(), "", *nights.section(nights.run(NIGHTLY_ACCOUNTS, PEOPLE))]


def todays_page(_accounts: int) -> list[str]:
    """The section of the first page of Communications, on each database that answers."""
    found = [measure("", "benchmarks.today"), on_postgresql("benchmarks.today")]
    lines = [today.__doc__.partition("\n\n")[2].strip(), "", "| Database | p50, ms | p95, ms | queries | page |",
             "|---|---|---|---|---|"]  # fmt: skip
    for one in found:
        if isinstance(one, str):
            lines.append(f"| PostgreSQL was not measured: {one} | | | | |")
            continue
        lines.append(f"| {one['vendor']} | {one['p50']:.0f} | {one['p95']:.0f} | {one['queries']} | {one['kb']:.0f} kB |")
    own = found[0]
    met = isinstance(own, dict) and own["p95"] < today.AIM_MS
    return [*lines, "", f"On SQLite that is {'under' if met else 'over'} the {today.AIM_MS:.0f} ms aimed at for the p95."]


HEAD = "pages"
# Sections that can be measured alone (--only): what they are called, and who writes them.
SECTIONS: dict[str, tuple[str, Callable[[int], list[str]]]] = {
    "machines": ("The directory for machines", for_machines),
    "nights": ("The nightly round", the_nights),
    "today": ("Today, with 5,000 things open", todays_page),
}


def section_of(text: str, title: str) -> str:
    """A section of the report as it stands there; empty where there is none."""
    start = text.find(f"## {title}\n")
    if start < 0:
        return ""
    end = text.find("\n## ", start)
    return (text[start:end] if end >= 0 else text[start:]).rstrip()


def replaced(text: str, title: str, lines: list[str]) -> str:
    """The report with one section written anew, at its place; at the end where it had none."""
    section = "\n".join([f"## {title}", "", *lines]).rstrip()
    before = section_of(text, title)
    return text.replace(before, section) if before else f"{text.rstrip()}\n\n{section}\n"


def with_new_head(head: str, before: str) -> str:
    """The report with the pages measured anew; the sections that are measured alone stay until their turn."""
    kept = [section_of(before, title) for title, _written in SECTIONS.values()]
    return "\n\n".join([head.rstrip(), *[one for one in kept if one]]) + "\n"


def pages(accounts: int, units: int) -> str:
    """The public pages on both databases, the imports and the look-alike scorer: the head of the report."""
    size = {"BENCH_ACCOUNTS": str(accounts), "BENCH_UNITS": str(units)}
    say("SQLite")
    results = [measure("", **size)]
    say("PostgreSQL")
    found = on_postgresql(**size)
    missing = found if isinstance(found, str) else ""
    if not isinstance(found, str):
        results.append(found)
    say("Lists, look-alikes, people")
    others = [*lists(of_accounts.run(TODAYS_ACCOUNTS)), alarms(lookalikes.measure(SCHOOL_NAMES))]
    return report(results, missing, accounts, units, importing.run(PEOPLE), others)


def main() -> int:
    """Measures one part after the other, prints each and writes it into the report at once."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--accounts", type=int, default=100_000)
    options.add_argument("--units", type=int, default=2_000)
    options.add_argument("--print-only", action="store_true", help="leave docs/benchmarks.md as it is")
    parts = [HEAD, *SECTIONS]
    options.add_argument("--only", default="", help=f"only these parts, the rest stays: {','.join(parts)}")
    asked = options.parse_args()
    chosen = [key for key in asked.only.split(",") if key]
    if unknown := [key for key in chosen if key not in parts]:
        options.error(f"there is no part {', '.join(unknown)}; there are {', '.join(parts)}")
    for key in chosen or parts:
        text = REPORT.read_text() if REPORT.exists() else "# Benchmarks\n"
        if key == HEAD:
            said = pages(asked.accounts, asked.units)
            text = with_new_head(said, text)
        else:
            title, written = SECTIONS[key]
            say(title)
            lines = written(asked.accounts)
            said = "\n".join([f"## {title}", "", *lines, ""])
            text = replaced(text, title, lines)
        say(said)
        if not asked.print_only:
            REPORT.parent.mkdir(exist_ok=True)
            REPORT.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
