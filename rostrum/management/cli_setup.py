"""`rostrum setup` and `rostrum demo`.

Everything a fresh place needs before it can serve, and a believable division.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rostrum import __version__
from rostrum.management.out import DONE, emit, say, start_django


def declare(commands: Any) -> None:
    """Adds `setup` and `demo`."""
    command = commands.add_parser("setup", help="prepare the database, static files and the procedure")
    command.add_argument("--quiet", action="store_true", help="say nothing when nothing had to be done")
    command.set_defaults(run=setup)
    command = commands.add_parser("demo", help="seed a believable division (never beside real data)")
    command.add_argument("--people", action="store_true", help="only say who can sign in")
    command.add_argument("--quiet", action="store_true", help="do not say who can sign in")
    command.add_argument("--json", action="store_true", help="write JSON only")
    command.set_defaults(run=demo)


def _digest(parts: Iterable[object]) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _database_mark(settings: Any) -> str:
    """What the database step depends on.

    Empty where only the database itself can tell (PostgreSQL, no file yet).
    """
    database = settings.DATABASES["default"]
    path = Path(database["NAME"])
    if not database["ENGINE"].endswith("sqlite3") or not path.is_file():
        return ""
    migrations = sorted((settings.PACKAGE / "migrations").glob("*.py"))
    code = [settings.ROOT / "requirements" / "base.lock", *migrations]
    texts = [hashlib.sha256(one.read_bytes()).hexdigest() for one in code if one.is_file()]
    return _digest([__version__, path.resolve(), path.stat().st_ino, *texts])


def _static_mark(settings: Any) -> str:
    """What the static step depends on.

    Names, sizes and times of every source file, and that its result is there.
    """
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        return ""
    parts: list[object] = [__version__, settings.STATIC_ROOT]
    for entry in settings.STATICFILES_DIRS:
        folder = Path(entry[1] if isinstance(entry, tuple) else entry)
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                seen = path.stat()
                parts += [path, seen.st_size, seen.st_mtime_ns]
    return _digest(parts)


def _read_marks(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # the first start, or a mark that a crash cut short: do the work again
    return found if isinstance(found, dict) else {}


def _prepare_database() -> list[str]:
    """Migrates, makes the cache table, and publishes the procedure of Rostrum's own where there is none."""
    start_django()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    done = []
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        call_command("migrate", interactive=False, verbosity=0)
        done.append(f"Database: {len(waiting)} migrations applied.")
    call_command("createcachetable", verbosity=0)

    from rostrum.demo.build import beginning
    from rostrum.policies.actions import load_edition
    from rostrum.policies.models import Edition

    if not Edition.objects.exists():
        # The demonstration's past begins with its procedure, so that its log is in order of time.
        edition = load_edition(settings.DEMO_PROCEDURE, at=beginning() if settings.DEMO else None)
        done.append(f"Procedure: {edition.procedure.key} {edition.label} is published.")
    return done


def _prepare_static() -> list[str]:
    """Collects static files under hashed names, so that browsers may keep them for ever."""
    start_django()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    return ["Static files: collected."]


def _write_marks(path: Path, marks: dict[str, Any]) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(marks), encoding="utf-8")
    draft.replace(path)


def prepare() -> list[str]:
    """Does what has changed since last time; returns a sentence for each thing done.

    Marks of what was done are kept in the data folder. They hold the version, the lock file, the migrations,
    the database file's identity and the static sources, so that a second start spends no time here.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostrum.config.settings")
    from django.conf import settings

    data = Path(settings.DATA_DIR)
    data.mkdir(parents=True, exist_ok=True)
    stamp = data / "setup.json"
    marks = _read_marks(stamp)
    done: list[str] = []
    if not marks.get("database") or marks["database"] != _database_mark(settings):
        done += _prepare_database()
    if not settings.TESTING and (not marks.get("static") or marks["static"] != _static_mark(settings)):
        done += _prepare_static()
    fresh = {**marks, "database": _database_mark(settings), "static": _static_mark(settings)}
    if fresh != marks:
        _write_marks(stamp, fresh)
    return done


def setup(args: argparse.Namespace) -> int:
    """Says what had to be done."""
    done = prepare()
    for sentence in done or ([] if args.quiet else ["Everything is in place."]):
        say(sentence)
    return DONE


def demo(args: argparse.Namespace) -> int:
    """Seeds through the same actions that people use, then says who can sign in.

    Sets up first what a fresh place needs. Refuses on a database that holds real data. Run again on a seeded
    one, it changes nothing, and what it has to say comes from the mark that it left: a second start is quick.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostrum.config.settings")
    from django.conf import settings

    if not args.people:
        for sentence in prepare():
            if not args.json:
                say(sentence)
    stamp = Path(settings.DATA_DIR) / "setup.json"
    seeded = _read_marks(stamp).get("demo")
    if not isinstance(seeded, dict) or not seeded.get("database") or seeded["database"] != _database_mark(settings):
        start_django()
        from rostrum import demo as division

        if not args.people:
            from rostrum.demo.build import seed

            seed()
        seeded = {"database": _database_mark(settings), "people": division.people_who_can_sign_in()}
        if seeded["database"] and seeded["people"]:
            _write_marks(stamp, {**_read_marks(stamp), "demo": seeded})
    people = seeded["people"]
    if args.json:
        for one in people:
            emit(one)
    elif people and not args.quiet:
        say("Who can sign in:")
        for one in people:
            say("  " + "  ".join(str(value) for value in one.values()))
    return DONE
