"""How every file of Rostrum is written: what it owns first, short, typed, and nothing hidden."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from django.apps import apps
from django.db import models

from rostrum.people.grants import CAPACITY_WORDS, GRANTS, PERMISSIONS, ROLES_NEEDING_SECOND_FACTOR
from rostrum.people.models import Role
from rostrum.workflow.moves import Move
from tests.architecture.test_walls import FILES, OWN, PACKAGE, ROOT, TREES, relative

LONGEST, LONGEST_TEST = 500, 600
TOOLS = sorted((ROOT / "tools").glob("*.py"))
TESTS = sorted(p for p in (ROOT / "tests").rglob("*.py"))


def modules_named(*endings: str) -> list[ModuleType]:
    """Every module of the packages whose name ends so: "change_notices" ends in "notices"."""
    paths = [p for p in FILES if p.stem.endswith(endings) and len(p.relative_to(PACKAGE).parts) == 2]
    return [import_module(".".join(p.relative_to(ROOT).with_suffix("").parts)) for p in paths]


def all_tables() -> dict[str, tuple[Move, ...]]:
    """The moves of every kind of thing, by the log's word for it, from the table of each states module."""
    found: dict[str, tuple[Move, ...]] = {}
    for module in modules_named("states"):
        for kind, moves in module.TABLES.items():
            assert kind not in found, kind
            found[kind] = moves
    return found


def lines(path: Path) -> int:
    """How many lines a file has."""
    return len(path.read_text(encoding="utf-8").splitlines())


def test_a_module_says_first_what_it_owns() -> None:
    for path in (*FILES, *TOOLS):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert said, relative(path)
        assert re.match(r"[\w\"“`]", said), relative(path)
        assert said.split("\n")[0].endswith((".", "?", "”", '"', ":", ")")), relative(path)


def test_no_file_is_long() -> None:
    long = {
        relative(p): n
        for p in [*FILES, *TOOLS, *TESTS]
        if (n := lines(p)) >= (LONGEST_TEST if p in TESTS else LONGEST)
    }
    assert long == {}


def test_no_template_is_long() -> None:
    long = {
        relative(p): n for p in (PACKAGE / "templates").rglob("*.html") if (n := len(p.read_text().splitlines())) >= 250
    }
    assert long == {}


def test_every_module_with_code_looks_its_annotations_up_late() -> None:
    missing = [
        relative(path)
        for path, tree in TREES.items()
        if any(isinstance(n, ast.FunctionDef | ast.AnnAssign) for n in ast.walk(tree))
        and "from __future__ import annotations" not in path.read_text(encoding="utf-8")
    ]
    assert missing == []


def test_public_functions_say_their_rule() -> None:
    """In the packages that hold rules, every public function and class has words."""
    silent = [
        f"{relative(path)}:{node.name}"
        for path, tree in TREES.items()
        if path.parts[len(PACKAGE.parts)]
        in {"core", "audit", "jobs", "policies", "people", "workflow", "notices", "guidance", "registry", "keys", "custody",
            "reviews", "upkeep", "orders", "archive", "monitoring", "cases"}
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_nothing_prints_or_is_left_undone() -> None:
    # Put together, so that this file does not hold the words it looks for.
    words = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
    found = [relative(p) for p in [*FILES, *TOOLS] if words.search(p.read_text(encoding="utf-8"))]
    assert found == []


def test_no_query_asks_the_database_for_a_local_day() -> None:
    words = re.compile(r"__(date|hour|week_day)(__\w+)?\s*=|\bTrunc(Date|Day|Month)\b")
    assert [relative(path) for path in FILES if words.search(path.read_text(encoding="utf-8"))] == []


def test_no_broad_catch_swallows_a_bug() -> None:
    found = []
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = "" if node.type is None else ast.unparse(node.type)
            raises = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            logs = any("logger" in ast.unparse(inner) or "_close" in ast.unparse(inner) for inner in node.body)
            if caught in {"", "Exception", "BaseException"} and not raises and not logs:
                found.append(f"{relative(path)}:{node.lineno}")
    assert found == []


def test_no_table_of_students_or_parents() -> None:
    """Students exist only in consents, and Rostrum keeps none yet (house, privacy)."""
    words = re.compile(r"student|pupil|child(?!ren$)|parent_name|guardian|eleve|birth|grade_of", re.IGNORECASE)
    for model in apps.get_models():
        assert not words.search(model.__name__), model
    for model in OWN:
        assert not [f.name for f in model._meta.concrete_fields if words.search(f.name)]


def test_no_column_could_hold_a_password_but_a_persons_own() -> None:
    words = re.compile(r"passw|secret|token|credential|pin$|pwd", re.IGNORECASE)
    found = {f"{model.__name__}.{f.name}" for model in OWN for f in model._meta.concrete_fields if words.search(f.name)}
    assert found == {"Person.password"}


def test_every_text_column_has_a_limit() -> None:
    """What a person types cannot fill a disk; a whole procedure's text is the one long thing."""
    endless = {
        f"{model.__name__}.{f.name}"
        for model in OWN
        for f in model._meta.concrete_fields
        if isinstance(f, models.TextField)
    }
    assert endless <= {"Edition.source", "Delivery.text", "JobRun.error", "Clause.text_en", "Clause.text_fr"}, endless


def test_every_constraint_and_index_has_a_name_of_its_own() -> None:
    names = [c.name for model in OWN for c in (*model._meta.constraints, *model._meta.indexes)]
    assert len(names) == len(set(names))


def test_moves_and_grants_name_the_same_permissions() -> None:
    granted = set().union(*GRANTS.values())
    assert granted == set(PERMISSIONS)
    moved = {move.permission for moves in all_tables().values() for move in moves}
    assert moved <= granted
    acts = {p for p in PERMISSIONS if p.split(":")[0] in {"request", "registration", "account"}}
    assert acts - moved == {"request:create", "request:view", "request:edit", "registration:edit", "account:view"}


def test_every_capacity_has_words_and_every_role_its_grants() -> None:
    assert set(CAPACITY_WORDS) == set(GRANTS)
    assert set(Role.values) <= set(GRANTS)
    assert set(Role.values) >= ROLES_NEEDING_SECOND_FACTOR


def test_nobody_endorses_or_approves_by_rank() -> None:
    for role in Role.values:
        assert not GRANTS[role] & {"request:endorse", "request:approve", "registration:confirm"}, role


def test_every_permission_is_asked_for_somewhere() -> None:
    source = "\n".join(p.read_text(encoding="utf-8") for p in FILES if p.name != "grants.py")
    source += "\n".join(p.read_text(encoding="utf-8") for p in (PACKAGE / "templates").rglob("*.html"))
    unused = [p for p in PERMISSIONS if f'"{p}"' not in source and f"'{p}'" not in source]
    assert unused == []


def test_every_declared_notice_is_owed_somewhere() -> None:
    from rostrum.notices.kinds import KINDS

    modules = modules_named("notices", "letters")
    names = {
        (module.__name__, name): kind.key
        for module in modules
        for name, kind in vars(module).items()
        if getattr(kind, "key", None) in KINDS
    }
    assert set(names.values()) == {key for key in KINDS if not key.startswith("test.")}
    source = "\n".join(p.read_text(encoding="utf-8") for p in FILES)
    for _module, name in names:
        assert len(re.findall(rf"\b{name}\b", source)) > 1, f"{name} is never owed"


@pytest.mark.django_db  # the words name the roles as the edition in force calls them
def test_every_act_has_words_and_every_word_is_an_act() -> None:
    from rostrum.audit.words import known_acts

    source = "\n".join(p.read_text(encoding="utf-8") for p in FILES if p.name != "words.py")
    written = set(re.findall(r"\"([a-z]+:[a-z_]+)\"", source)) - set(PERMISSIONS)
    written |= {f"{kind}:{move.name}" for kind, moves in all_tables().items() for move in moves}
    known = {act for act, _words in known_acts() if not act.startswith("test:")}  # the log's own tests add one
    recorded = set(re.findall(r"record\(\s*[^,]+,\s*\"([a-z]+:[a-z_]+)\"", source))
    assert recorded <= known, recorded - known
    assert known <= written, known - written
