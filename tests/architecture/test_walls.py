"""Walls that import-linter cannot see: where tables point, what lower packages may touch, and who may write."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "rostrum"


def _ranks() -> dict[str, int]:
    """The rank of each package, read from the one place that orders them."""
    lines = (ROOT / ".importlinter").read_text().split("layers =", 1)[1].split("\n\n", 1)[0].split("\n")
    layers = [line.strip() for line in lines if line.strip()]
    return {name.strip(): rank for rank, layer in enumerate(reversed(layers)) for name in layer.split("|")}


RANKS = _ranks()
UPPER = {"web", "directory", "api", "templatetags", "demo", "config", "management", "apps", "models", "migrations", "__main__"}
FILES = sorted(p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts)
OWN = list(apps.get_app_config("rostrum").get_models())


def package_of(path: Path) -> str:
    """The package of a file beneath rostrum/, or the module itself."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module or name that a file imports, as a dotted path."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}


def test_every_package_has_its_rank() -> None:
    assert {package_of(path) for path in FILES} - {"__init__"} <= set(RANKS)
    assert RANKS["core"] == 0
    assert (
        RANKS["registry"] > RANKS["notices"] > RANKS["workflow"] > RANKS["people"] > RANKS["policies"] > RANKS["audit"]
    )


def test_foreign_keys_point_downward() -> None:
    keys = 0
    for model in OWN:
        here = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if field.auto_created or not isinstance(target, type) or target._meta.app_label != "rostrum":
                continue
            there = target.__module__.split(".")[1]
            assert there == here or RANKS[there] < RANKS[here], f"{model.__name__}.{field.name} points up"
            keys += 1
    assert keys > 20


def test_the_log_points_at_nothing_and_nobody_points_at_it() -> None:
    for model in OWN:
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if field.auto_created or not isinstance(target, type):
                continue
            inside = model.__module__.startswith("rostrum.audit"), target.__module__.startswith("rostrum.audit")
            assert inside in {(False, False), (True, True)}, f"{model.__name__}.{field.name}"


def test_no_key_points_anywhere_at_once() -> None:
    """Generic foreign keys promise nothing that the database can hold."""
    assert not [path for path, tree in TREES.items() if any("GenericForeignKey" in name for name in imported(tree))]


@pytest.mark.parametrize(
    "banned", ["django.http", "django.forms", "django.shortcuts", "django.template.response", "django.views"]
)
def test_nothing_below_the_pages_knows_pages(banned: str) -> None:
    found = [
        f"{relative(path)} imports {name}"
        for path, tree in TREES.items()
        if package_of(path) not in UPPER
        for name in imported(tree)
        if name == banned or name.startswith(f"{banned}.")
    ]
    assert found == []


def test_no_signals_and_no_receivers() -> None:
    found = [
        f"{relative(path)}: {name}"
        for path, tree in TREES.items()
        for name in imported(tree)
        if name.startswith("django.dispatch") or (".signals" in name and name.startswith("django"))
    ]
    assert found == []


def test_no_table_does_anything_when_it_is_saved() -> None:
    for model in OWN:
        for method in ("save", "delete", "save_base", "full_clean", "clean"):
            assert getattr(model, method) is getattr(models.Model, method) or model.__name__ == "Person", (
                model,
                method,
            )
    person = apps.get_model("rostrum", "Person")
    assert "save" not in person.__dict__
    assert "delete" not in person.__dict__


def test_django_s_own_admin_is_not_installed() -> None:
    assert not apps.is_installed("django.contrib.admin")
    assert not [
        path for path, tree in TREES.items() if any(n.startswith("django.contrib.admin") for n in imported(tree))
    ]


WRITES = {"create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "save", "delete"}
# What stands outside the rule that only acts write: named here with the reason.
MAY_WRITE = {
    "rostrum/web/middleware.py": "the session's own time stamps",
}


CALLS_AN_ACT = {"registering.save", "flow.save"}  # acts of the register that happen to be called so


def writing_calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Calls that write through the ORM: .objects....create(...), thing.save(), queryset.update(...)."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        text = ast.unparse(node.func)
        if (
            (
                node.func.attr in WRITES
                and (".objects" in text or node.func.attr in {"bulk_create", "update_or_create", "get_or_create"})
            )
            or (node.func.attr == "update" and (".filter(" in text or ".objects" in text))
            or (node.func.attr in {"save", "delete"} and "session" not in text and "super()" not in text)
        ):
            yield node.lineno, text


@pytest.mark.parametrize("package", ["demo", "web", "directory"])
def test_pages_and_the_demo_only_call_acts(package: str) -> None:
    found = [
        f"{relative(path)}:{line} {text}"
        for path, tree in TREES.items()
        if package_of(path) == package and relative(path) not in MAY_WRITE
        for line, text in writing_calls(tree)
        if text not in CALLS_AN_ACT
    ]
    assert found == []


def test_the_demo_reads_and_writes_no_table_itself() -> None:
    found = [
        f"{relative(path)}:{node.lineno}"
        for path, tree in TREES.items()
        if package_of(path) == "demo"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "raw"}
    ]
    assert found == []


def test_the_public_pages_reach_nothing_that_is_not_public() -> None:
    """Drafts, decisions, the log's payloads and letters are out of their reach."""
    found = [
        f"{relative(path)} imports {name}"
        for path, tree in TREES.items()
        if package_of(path) == "directory"
        for name in imported(tree)
        if name.startswith("rostrum.")
        and (
            name.split(".")[1] in {"audit", "notices", "jobs", "workflow"}
            or name.startswith(("rostrum.registry.actions", "rostrum.registry.registering", "rostrum.registry.turns"))
        )
    ]
    assert found == []


def test_the_public_record_of_an_account_names_nobody() -> None:
    """I2: what the public may know holds no person, no mailbox, no vault."""
    from rostrum.registry.directory import public_fields

    account = apps.get_model("rostrum", "Account")(
        public_id="BCDFGH",
        name="Rendell Park School",
        handle="rendellpark",
        mailbox="secret@lpsd.ca",
        platform="x",
        official_since=datetime(2026, 1, 2, tzinfo=UTC),
        unit=apps.get_model("rostrum", "Unit")(name="Rendell Park"),
    )
    said = public_fields(account)
    assert "secret@lpsd.ca" not in str(said)
    assert not {"mailbox", "manager", "managers", "requester", "custody", "recovery", "person"} & set(said)
