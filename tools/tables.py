"""Writes the first migration anew from the models, each table whole in one operation (until the first release).

What `makemigrations` writes adds every constraint by an operation of its own, after all tables. Django then rebuilds
its picture of all models for each of them: more than half a minute on every new database, and on every test database.
"""

from __future__ import annotations

import os
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST = ROOT / "rostrum" / "migrations" / "0001_initial.py"
APP = "rostrum"


def main() -> int:
    """Write the file. Returns 1 where tables refer to each other in a circle, which no single operation can make."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostrum.config.settings")
    os.environ.setdefault("ROSTRUM_MODE", "test")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.apps import apps
    from django.db import migrations
    from django.db.migrations.state import ProjectState
    from django.db.migrations.writer import MigrationWriter

    state = ProjectState.from_apps(apps)
    models = {name: model for (app, name), model in state.models.items() if app == APP}
    needs: dict[str, set[str]] = {}
    others: set[tuple[str, str]] = set()
    for name, model in models.items():
        needs[name] = set()
        for field in model.fields.values():
            if field.is_relation and field.related_model:
                label = field.related_model if isinstance(field.related_model, str) else field.related_model._meta.label
                app, _dot, other = label.lower().rpartition(".")
                if app == APP and other != name:
                    needs[name].add(other)
                elif app and app != APP:
                    others.add((app, "__first__"))
    try:
        order = list(TopologicalSorter({name: sorted(needs[name]) for name in sorted(needs)}).static_order())
    except CycleError as circle:
        print(f"These tables refer to each other in a circle: {circle.args[1]}", file=sys.stderr)
        return 1
    operations = [
        migrations.CreateModel(
            name=models[name].name,
            fields=list(models[name].fields.items()),
            options=models[name].options,
            bases=models[name].bases,
            managers=models[name].managers,
        )
        for name in order
    ]
    for operation in operations:  # makemigrations leaves empty lists out
        operation.options = {key: value for key, value in operation.options.items() if value != []}
    kind = type("Migration", (migrations.Migration,), {
        "initial": True, "operations": operations, "dependencies": sorted(others),
    })  # fmt: skip
    FIRST.write_text(MigrationWriter(kind("0001_initial", APP), include_header=False).as_string(), encoding="utf-8")
    print(f"{len(operations)} tables written.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
