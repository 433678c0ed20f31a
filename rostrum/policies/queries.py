"""Every reading of procedures: what is in force, what it says, and what the division chose."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from rostrum.core.errors import WrongState
from rostrum.core.reading import going_on, once
from rostrum.policies import citations, schema
from rostrum.policies.check import fingerprint, read
from rostrum.policies.models import Clause, Edition, SettingValue

MAIN = "ap-193"
Value = int | str | bool | None


def main_key() -> str:
    """The key of the division's procedure: AP 193's where it is loaded, else that of the first one loaded."""
    keys = list(Edition.objects.filter(in_force=True).order_by("pk").values_list("procedure__key", flat=True))
    return keys[0] if keys and MAIN not in keys else MAIN


def in_force(key: str | None = None, on: date | None = None) -> Edition:
    """The edition in force now, or the one that was on a day.

    On a day: the edition with the latest effective date not after it; of two with the same date, the one
    published later. Raises WrongState where there is none, because no act has an authority then.
    """
    edition = once(("edition in force", key, on), lambda: _in_force(key, on))
    if edition is None:
        raise WrongState(
            _("No procedure is in force."),
            way_forward=_("The system administrator loads one with “rostrum procedure load”."),
        )
    return edition


def _in_force(key: str | None, on: date | None) -> Edition | None:
    if on is None:
        return _preferred([one for one in _marks() if key in {None, one.key}])
    of_key = _light().filter(procedure__key=key or main_key(), effective_from__lte=on)
    return of_key.order_by("-effective_from", "-pk").first()


def _light() -> QuerySet[Edition]:
    """Editions without their texts (70 kB each), which a process needs only once per edition."""
    return Edition.objects.select_related("procedure").defer("source")


class _Mark(NamedTuple):
    """What tells one published edition from every other."""

    key: str
    procedure: int
    pk: int
    sha256: str
    published_at: object  # as the database gives it: only compared


# As text, because every act asks several times: the ORM takes ten times as long to put this together as it takes to run.
MARKS = """
    SELECT p.key, p.id, e.id, e.sha256, e.published_at
    FROM policies_edition e JOIN policies_procedure p ON p.id = e.procedure_id
    WHERE e.in_force ORDER BY e.id
"""
_read: dict[_Mark, Edition] = {}  # editions in force that this process has read; none of them ever changes (triggers.py)


def _marks() -> list[_Mark]:
    with connection.cursor() as cursor:
        cursor.execute(MARKS)
        return [_Mark(*row) for row in cursor.fetchall()]


def _preferred(marks: list[_Mark]) -> Edition | None:
    """Of the editions in force that of AP 193, else the first. Every act asks for it: the row is read once."""
    mark = next((one for one in marks if one.key == MAIN), marks[0] if marks else None)
    if mark is None:
        return None
    if mark not in _read:
        if len(_read) > _KEPT:
            _read.clear()
        _read[mark] = _light().get(pk=mark.pk)
    return copy(_read[mark])  # of their own to everyone who asks


# By hash: a text never changes under its hash, so what was read once stays true in every process, and a
# database restored underneath brings other hashes with it.
_parsed: dict[str, schema.Document] = {}
_KEPT = 32


def content(edition: Edition) -> schema.Document:
    """What the edition says, as typed data. Its text is read from the database once in each process.

    Raises ValueError when the kept text no longer has the hash it was published with.
    """
    known = _parsed.get(edition.sha256)
    if known is None:
        document, problems = read(edition.source)
        if document is None or fingerprint(edition.source) != edition.sha256:
            raise ValueError(f"The text of {edition} is not the one that was published. {problems[:1]}")
        if len(_parsed) >= _KEPT:
            _parsed.clear()
        known = _parsed[edition.sha256] = document
    return known


def current() -> schema.Document:
    """What the edition in force says."""
    return content(in_force())


def editions(key: str | None = None) -> list[Edition]:
    """All editions of a procedure, the latest first."""
    return list(_light().filter(procedure__key=key or main_key()))


def edition(key: str, label: str) -> Edition | None:
    """One edition by its label, in force or not."""
    return _light().filter(procedure__key=key, label=label).first()


def clause(citation: str) -> Clause | None:
    """The clause that a citation names, whatever is in force today; None for an unknown or malformed one."""
    parts = citations.parse(citation)
    if parts is None:
        return None
    return (
        Clause.objects.select_related("edition__procedure")
        .filter(edition__procedure__key=parts.procedure, edition__label=parts.edition, number=parts.clause)
        .first()
    )


class UnknownClause(LookupError):
    """Code cites a clause that the procedure in force lacks and does not map: a mistake in code or file."""


def cite(numbers: Iterable[str], on: date | datetime | None = None) -> list[str]:
    """Citations of AP 193 clauses in the edition in force, e.g. ["ap-193@2015-09#3.1"], each once.

    Another division's procedure answers with its own clause (see Document.own_number) and omits those that
    it says it has not. Raises UnknownClause for a number that leads nowhere, WrongState where nothing is in
    force.
    """
    day = timezone.localdate(on) if isinstance(on, datetime) else on
    edition = in_force(on=day)
    document = content(edition)
    found: list[str] = []
    for number in numbers:
        own = document.own_number(number)
        if own is None and not document.equivalents:
            raise UnknownClause(f"{edition} has no clause {number}.")
        if own is not None:
            text = str(citations.Citation(edition.procedure.key, edition.label, own))
            if text not in found:
                found.append(text)
    return found


@dataclass(frozen=True)
class SettingState:
    """A setting, its value now, and who set it. A division's choice is never the procedure's word."""

    setting: schema.Setting
    value: Value
    source: Literal["procedure", "reading", "division", "not_set"]
    chosen: SettingValue | None


class UnknownSetting(LookupError):
    """Code asks for a setting that the procedure in force does not list."""


def setting(key: str) -> Value:
    """The division's choice, else what the procedure sets, else None: not set.

    Code asks for the settings of AP 193. Another division's procedure need not list them all: what it leaves out is
    not set there, as with a clause that it has not (see cite). Raises UnknownSetting for a key that AP 193 itself lacks.
    """
    edition = in_force()
    document = content(edition)
    if document.setting(key) is None and document.equivalents:
        return None
    return _state_in(edition, key).value


def setting_state(key: str) -> SettingState:
    """The value of a setting, and whether the procedure, a reading of it, the division or nobody set it."""
    return _state_in(in_force(), key)


def _state_in(edition: Edition, key: str) -> SettingState:
    found = content(edition).setting(key)
    if found is None:
        raise UnknownSetting(key)
    return _state(found, latest_choice(edition.procedure_id, key))


def latest_choice(procedure: int, key: str) -> SettingValue | None:
    """The division's latest choice under a key, be it one that takes an earlier one back. A page asks for all at once."""
    if going_on():
        return _latest_choices(procedure).get(key)
    return SettingValue.objects.filter(procedure=procedure, key=key).order_by("-pk").first()


def _latest_choices(procedure: int) -> dict[str, SettingValue]:
    def ask() -> dict[str, SettingValue]:
        return {row.key: row for row in SettingValue.objects.filter(procedure=procedure).order_by("pk")}

    return once(("choices", procedure), ask)


def settings_states() -> list[SettingState]:
    """Every setting of the procedure in force, in its order, in two reads."""
    edition = in_force()
    latest = _latest_choices(edition.procedure_id)
    return [_state(one, latest.get(one.key)) for one in content(edition).settings]


def setting_history(key: str) -> list[SettingValue]:
    """What the division chose for a setting, the latest first."""
    return list(SettingValue.objects.filter(procedure=in_force().procedure_id, key=key).order_by("-pk"))


def _state(found: schema.Setting, latest: SettingValue | None) -> SettingState:
    if latest is not None and latest.value is not None:
        return SettingState(found, latest.value, "division", latest)
    if found.value is not None:
        return SettingState(found, found.value, found.source or "procedure", latest)
    return SettingState(found, None, "not_set", latest)


def form(edition: Edition, key: str) -> schema.Form:
    """A form by its key ("193-1") or its use ("request", "registration"). KeyError where there is none."""
    return content(edition).form(key)


def text(words: schema.Words | None, lang: str | None = None) -> str:
    """A sentence in a language: French where it starts with fr, else English. None gives empty text."""
    if words is None:
        return ""
    language = lang or translation.get_language() or "en"
    return words.fr if language.lower().startswith("fr") else words.en
