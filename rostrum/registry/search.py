"""Searching accounts by words, whatever their accents and case, on both databases, by one small interface."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import QuerySet

from rostrum.core.text import fold

if TYPE_CHECKING:
    from rostrum.registry.models import Account

MOST_WORDS = 8
WORD = re.compile(r"[^\W_]+")  # letters and digits only: both databases then split a handle at the same places

# The index follows the table by triggers, so that no write can forget it. `search_text` is folded by us before it
# is stored, so both databases compare plain lower-case text.
STATEMENTS: dict[str, list[str]] = {
    "sqlite": [
        "CREATE VIRTUAL TABLE registry_account_fts USING fts5(search_text, content='registry_account', "
        "content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
        "CREATE TRIGGER registry_account_fts_insert AFTER INSERT ON registry_account BEGIN "
        "INSERT INTO registry_account_fts(rowid, search_text) VALUES (new.id, new.search_text); END",
        "CREATE TRIGGER registry_account_fts_delete AFTER DELETE ON registry_account BEGIN "
        "INSERT INTO registry_account_fts(registry_account_fts, rowid, search_text) "
        "VALUES ('delete', old.id, old.search_text); END",
        "CREATE TRIGGER registry_account_fts_update AFTER UPDATE OF search_text ON registry_account BEGIN "
        "INSERT INTO registry_account_fts(registry_account_fts, rowid, search_text) "
        "VALUES ('delete', old.id, old.search_text); "
        "INSERT INTO registry_account_fts(rowid, search_text) VALUES (new.id, new.search_text); END",
    ],
    "postgresql": [
        "ALTER TABLE registry_account ADD COLUMN search_vector tsvector "
        "GENERATED ALWAYS AS (to_tsvector('simple', search_text)) STORED",
        "CREATE INDEX registry_account_search ON registry_account USING gin (search_vector)",
    ],
}
REVERSE: dict[str, list[str]] = {
    "sqlite": [
        "DROP TRIGGER registry_account_fts_insert",
        "DROP TRIGGER registry_account_fts_delete",
        "DROP TRIGGER registry_account_fts_update",
        "DROP TABLE registry_account_fts",
    ],
    "postgresql": [
        "DROP INDEX registry_account_search",
        "ALTER TABLE registry_account DROP COLUMN search_vector",
    ],
}


def search_text(account: Account) -> str:
    """The folded words under which an account is found: name, handle (also in parts), unit and its school, id."""
    from rostrum.people.queries import school_of

    parts = [account.name, account.handle, account.unit.name, school_of(account.unit).name, account.public_id]
    words = [word for part in parts for word in WORD.findall(fold(part))]
    whole = fold(account.handle)
    return " ".join(dict.fromkeys([*words, *([whole] if WORD.fullmatch(whole) else [])]))[:600]


def search(accounts: QuerySet[Account], typed: str) -> QuerySet[Account]:
    """Only the accounts that hold every typed word (the last one as a beginning). The order stays the caller's."""
    words = words_of(typed)
    if not words:
        return accounts
    if connection.vendor == "postgresql":
        return accounts.extra(  # the generated column is no field of the model
            where=["registry_account.search_vector @@ to_tsquery('simple', %s)"], params=[_postgresql(words)]
        )
    return accounts.extra(
        where=["registry_account.id IN (SELECT rowid FROM registry_account_fts WHERE registry_account_fts MATCH %s)"],
        params=[_sqlite(words)],
    )


def words_of(typed: str) -> list[str]:
    """The folded words that a search looks for; what follows the eighth is left out."""
    return WORD.findall(fold(typed))[:MOST_WORDS]


def _postgresql(words: list[str]) -> str:
    return " & ".join(f"'{word}'" for word in words) + ":*"


def _sqlite(words: list[str]) -> str:
    return " ".join(f'"{word}"' for word in words) + "*"
