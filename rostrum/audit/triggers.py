"""The database's own refusal to rewrite the log: statements that a migration runs, and their reverse.

They stop accidents and application bugs. Against the owner of the database only signed checkpoints kept
elsewhere help (checkpoints.py); in production on PostgreSQL the application's role should also lack UPDATE on
these tables.
"""

from __future__ import annotations

_REFUSALS = (
    ("audit_event", "UPDATE", "log entries are never changed"),
    ("audit_event", "DELETE", "log entries are never deleted"),
    # DELETE on the payload is how a redaction works; a change would be a forgery.
    ("audit_payload", "UPDATE", "log payloads are never changed"),
)


def _sqlite(table: str, verb: str, words: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
    )


def _postgresql(table: str, verb: str) -> str:
    level = "STATEMENT" if verb == "TRUNCATE" else "ROW"
    return (
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"FOR EACH {level} EXECUTE FUNCTION audit_refuse()"
    )


_TRUNCATES = (("audit_event", "TRUNCATE"), ("audit_payload", "TRUNCATE"))
_ON_POSTGRESQL = (*((table, verb) for table, verb, _ in _REFUSALS), *_TRUNCATES)

STATEMENTS: dict[str, list[str]] = {
    "sqlite": [_sqlite(*one) for one in _REFUSALS],
    "postgresql": [
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', "
        "MESSAGE = 'the log is append-only: ' || TG_OP || ' on ' || TG_TABLE_NAME; END $$",
        *(_postgresql(*one) for one in _ON_POSTGRESQL),
    ],
}
REVERSE: dict[str, list[str]] = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {table}_no_{verb.lower()}" for table, verb, _ in _REFUSALS],
    "postgresql": [
        *(f"DROP TRIGGER IF EXISTS {table}_no_{verb.lower()} ON {table}" for table, verb in _ON_POSTGRESQL),
        "DROP FUNCTION IF EXISTS audit_refuse()",
    ],
}
