"""Searching the register by words, whatever their accents and case and with one slip, on both databases."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import QuerySet

from rostrum.core import slips
from rostrum.core.text import fold

if TYPE_CHECKING:
    from rostrum.registry.models import Account

MOST_WORDS = 8
# Which tables' words are kept apart: what one may read must not show in what another is offered.
WORDS_OF = {"account": "registry_account", "known": "registry_known_account"}
WORD = re.compile(r"[^\W_]+")  # letters and digits only: both databases then split a handle at the same places


def _sqlite_words() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_words_{name} AFTER {event} ON {table} BEGIN "  # noqa: S608 - names of our own
        f"INSERT OR IGNORE INTO registry_word(kind, word) SELECT '{kind}', value "
        "FROM json_each(replace(json_array(new.search_text), ' ', '\",\"')) "
        "WHERE length(value) BETWEEN 4 AND 31 AND value NOT GLOB '*[0-9]*'; END"
        for kind, table in WORDS_OF.items()
        for name, event in (("insert", "INSERT"), ("update", "UPDATE OF search_text"))
    ]


# The index and the list of words follow the tables by triggers, so that no write can forget them. `search_text` is
# folded by us before it is stored, so both databases compare plain lower-case text. Words are only ever added: one
# that nothing holds any more finds nothing and is then not offered.
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
        "CREATE TABLE registry_word (kind TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (kind, word)) WITHOUT ROWID",
        *_sqlite_words(),
    ],
    "postgresql": [
        "ALTER TABLE registry_account ADD COLUMN search_vector tsvector "
        "GENERATED ALWAYS AS (to_tsvector('simple', search_text)) STORED",
        "CREATE INDEX registry_account_search ON registry_account USING gin (search_vector)",
        'CREATE TABLE registry_word (kind text NOT NULL, word text COLLATE "C" NOT NULL, PRIMARY KEY (kind, word))',
        # In one order, so that two writers of the same words wait for each other and never both.
        "CREATE FUNCTION registry_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO registry_word (kind, word) SELECT DISTINCT TG_ARGV[0], one "
        "FROM regexp_split_to_table(NEW.search_text, ' ') AS one "
        "WHERE length(one) BETWEEN 4 AND 31 AND one !~ '[0-9]' ORDER BY 2 ON CONFLICT DO NOTHING; "
        "RETURN NULL; END $$",
        *(
            f"CREATE TRIGGER {table}_words AFTER INSERT OR UPDATE OF search_text ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION registry_keep_words('{kind}')"
            for kind, table in WORDS_OF.items()
        ),
    ],
}
REVERSE: dict[str, list[str]] = {
    "sqlite": [
        *(f"DROP TRIGGER {table}_words_{event}" for table in WORDS_OF.values() for event in ("insert", "update")),
        "DROP TABLE registry_word",
        "DROP TRIGGER registry_account_fts_insert",
        "DROP TRIGGER registry_account_fts_delete",
        "DROP TRIGGER registry_account_fts_update",
        "DROP TABLE registry_account_fts",
    ],
    "postgresql": [
        *(f"DROP TRIGGER {table}_words ON {table}" for table in WORDS_OF.values()),
        "DROP FUNCTION registry_keep_words()",
        "DROP TABLE registry_word",
        "DROP INDEX registry_account_search",
        "ALTER TABLE registry_account DROP COLUMN search_vector",
    ],
}


def search_text(account: Account) -> str:
    """The folded words under which an account is found: name, handle (also in parts), unit and its school, id;
    then what it was called before."""
    from rostrum.people.queries import school_of

    parts = [account.name, account.handle, account.unit.name, school_of(account.unit).name, account.public_id]
    wholes = [fold(account.handle)]
    # Old names and handles last, newest first: where there are too many, the oldest are what falls off.
    for old in account.former_details.all() if account.pk else ():
        parts += [old.name, old.handle]
        wholes.append(fold(old.handle))
    words = [word for part in parts for word in WORD.findall(fold(part))]
    return " ".join(dict.fromkeys([*words, *(whole for whole in wholes if WORD.fullmatch(whole))]))[:600]


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


def nearest(typed: str, finds: Callable[[str], bool], *, of: str = "account", also: Collection[str] = ()) -> str:
    """Other words, one slip from what was typed, that do find something; nothing when there are none.

    To be asked only when the typed words found nothing. Exactly one word may be mistyped: one that nothing in the
    register holds, of five letters or more and without digits. `of` names whose words count (WORDS_OF), `also` gives
    more words, such as people's. The likeliest words win that `finds` says yes to. Two queries beside those of `finds`.
    """
    words = words_of(typed)
    doubtful = [at for at, word in enumerate(words) if slips.possible(word)]
    if not doubtful:
        return ""
    last = len(words) - 1
    inner, final = [words[at] for at in doubtful if at != last], [words[at] for at in doubtful if at == last]
    held = _held(of, inner, also, beginning=False) | _held(of, final, also, beginning=True)
    unknown = [at for at in doubtful if words[at] not in held]
    if len(unknown) != 1:
        return ""
    at = unknown[0]
    candidates = slips.one_off(words[at])
    for other in slips.offered(candidates, _held(of, candidates, also, beginning=at == last)):
        instead = " ".join([*words[:at], other, *words[at + 1 :]])
        if finds(instead):
            return instead
    return ""


# For each word: the first and the last that are it or, with `high` = the end of all letters, begin with it.
_HELD = {
    "sqlite": (
        "SELECT value, (SELECT min(word) FROM registry_word WHERE kind = %s AND word BETWEEN value AND value || %s), "
        "(SELECT max(word) FROM registry_word WHERE kind = %s AND word BETWEEN value AND value || %s) "
        "FROM json_each(%s)"
    ),
    "postgresql": (
        "SELECT one, low.word, high.word FROM unnest(%s::text[]) AS one "
        'JOIN LATERAL (SELECT word FROM registry_word WHERE kind = %s AND word >= one COLLATE "C" '
        'AND word <= (one || %s) COLLATE "C" ORDER BY word LIMIT 1) AS low ON true '
        'JOIN LATERAL (SELECT word FROM registry_word WHERE kind = %s AND word >= one COLLATE "C" '
        'AND word <= (one || %s) COLLATE "C" ORDER BY word DESC LIMIT 1) AS high ON true'
    ),
}


def _held(of: str, words: Iterable[str], also: Collection[str], *, beginning: bool) -> dict[str, slips.Held]:
    """Which of these words the register holds, or `also`: see slips.held."""
    words = list(words)
    if not words:
        return {}
    end = "\uffff" if beginning else ""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_HELD["postgresql"], [words, of, end, of, end])
        else:
            cursor.execute(_HELD["sqlite"], [of, end, of, end, json.dumps(words)])
        found = {
            word: slips.Held(word if low == word or low != high else low, whole=low == word)
            for word, low, high in cursor.fetchall()
            if low is not None
        }
    for word, one in slips.held(words, also, beginning=beginning).items():
        if word not in found or one.whole:
            found[word] = one
    return found


def words_of(typed: str) -> list[str]:
    """The folded words that a search looks for; what follows the eighth is left out."""
    return WORD.findall(fold(typed))[:MOST_WORDS]


def _postgresql(words: list[str]) -> str:
    return " & ".join(f"'{word}'" for word in words) + ":*"


def _sqlite(words: list[str]) -> str:
    return " ".join(f'"{word}"' for word in words) + "*"
