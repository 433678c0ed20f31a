"""The database's own refusal to rewrite what was published: statements for a migration, and their reverse."""

from __future__ import annotations

_CLAUSES_FULL = (
    "(SELECT COUNT(*) FROM policies_clause WHERE edition_id = NEW.edition_id)"
    " >= (SELECT clause_count FROM policies_edition WHERE id = NEW.edition_id)"
)
_EDITION_COLUMNS = "id, procedure_id, label, sha256, source, clause_count, effective_from, published_at"
# name, table, event, condition, what the database says
_REFUSALS = (
    ("policies_edition_frozen", "policies_edition", f"UPDATE OF {_EDITION_COLUMNS}", "",
     "a published edition is never changed"),
    ("policies_edition_kept", "policies_edition", "DELETE", "", "a published edition is never deleted"),
    ("policies_clause_frozen", "policies_clause", "UPDATE", "", "a published clause is never changed"),
    ("policies_clause_kept", "policies_clause", "DELETE", "", "a published clause is never deleted"),
    ("policies_clause_complete", "policies_clause", "INSERT", _CLAUSES_FULL,
     "a published edition gets no further clause"),
    ("policies_setting_frozen", "policies_setting_value", "UPDATE", "",
     "a chosen setting is never rewritten"),
    ("policies_setting_kept", "policies_setting_value", "DELETE", "", "a chosen setting is never deleted"),
)  # fmt: skip


def _sqlite(name: str, table: str, event: str, condition: str, words: str) -> list[str]:
    when = f"WHEN {condition} " if condition else ""
    return [
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when}"
        f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
    ]


def _postgresql(name: str, table: str, event: str, condition: str, words: str) -> list[str]:
    # PostgreSQL allows no query in WHEN, so the condition stands inside the function.
    test = f"IF {condition} THEN {{}} END IF; RETURN NEW;" if condition else "{}"
    refuse = f"RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation';"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {test.format(refuse)} END $$",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


STATEMENTS: dict[str, list[str]] = {
    "sqlite": [statement for one in _REFUSALS for statement in _sqlite(*one)],
    "postgresql": [statement for one in _REFUSALS for statement in _postgresql(*one)],
}
REVERSE: dict[str, list[str]] = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {name}" for name, *_rest in _REFUSALS],
    "postgresql": [
        statement
        for name, table, *_rest in _REFUSALS
        for statement in (f"DROP TRIGGER IF EXISTS {name} ON {table}", f"DROP FUNCTION IF EXISTS {name}()")
    ],
}
