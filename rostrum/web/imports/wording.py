"""What the pages of imports say: states, counts, changes and results in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from rostrum.intake.models import ImportRun, ImportState

TONES = {
    ImportState.READING: "moving", ImportState.READY: "act", ImportState.REFUSED: "stop",
    ImportState.APPLYING: "moving", ImportState.APPLIED: "good", ImportState.DROPPED: "over",
}  # fmt: skip
WHAT_TONES = {"new": "good", "changed": "moving", "gone": "act"}


def badge(run: ImportRun) -> dict[str, str]:
    """The state of an import with its tone."""
    return {"tone": TONES[ImportState(run.state)], "word": str(ImportState(run.state).label)}


def what_word(what: str) -> str:
    """New, changed or gone."""
    words = {
        "new": pgettext("import", "New"),
        "changed": pgettext("import", "Changed"),
        "gone": pgettext("import", "Not in the file"),
    }
    return words[what]


def thing_word(thing: str) -> str:
    """Unit, person or role."""
    return {"unit": _("School or unit"), "person": _("Person"), "post": _("Role")}[thing]


def _counted(counts: dict[str, Any], key: str, one: str) -> str:
    return one % {"n": counts[key]} if counts.get(key) else ""


def result_words(run: ImportRun) -> str:
    """What an import did, or would do, in one line."""
    c = run.counts
    done = run.state == ImportState.APPLIED
    prefix = "done_" if done else ""
    n = {key: int(c.get(f"{prefix}{key}", 0)) for key in (
        "unit_new", "unit_changed", "person_new", "person_changed", "person_gone", "post_new", "post_gone")}  # fmt: skip
    parts = [
        n["unit_new"] and ngettext("%(n)d new unit", "%(n)d new units", n["unit_new"]) % {"n": n["unit_new"]},
        n["unit_changed"]
        and ngettext("%(n)d unit renamed", "%(n)d units renamed", n["unit_changed"]) % {"n": n["unit_changed"]},
        n["person_new"] and ngettext("%(n)d new person", "%(n)d new people", n["person_new"]) % {"n": n["person_new"]},
        n["person_changed"]
        and ngettext("%(n)d person changed", "%(n)d people changed", n["person_changed"]) % {"n": n["person_changed"]},
        n["post_new"] and ngettext("%(n)d new role", "%(n)d new roles", n["post_new"]) % {"n": n["post_new"]},
        done
        and n["person_gone"]
        and ngettext("%(n)d leaver", "%(n)d leavers", n["person_gone"]) % {"n": n["person_gone"]},
        done
        and n["post_gone"]
        and ngettext("%(n)d role ended", "%(n)d roles ended", n["post_gone"]) % {"n": n["post_gone"]},
    ]
    said = [str(part) for part in parts if part]
    return ", ".join(said) if said else _("Nothing changes.") if not done else _("Nothing had to change.")


def outside_words(counts: dict[str, Any]) -> str:
    """How many rows were counted and forgotten; empty when there were none."""
    students, others = int(counts.get("students", 0)), int(counts.get("others", 0))
    said = []
    if students:
        said.append(ngettext("%(n)d student", "%(n)d students", students) % {"n": students})
    if others:
        said.append(ngettext("%(n)d family member or other", "%(n)d family members and others", others) % {"n": others})
    return _(" and ").join(said)
