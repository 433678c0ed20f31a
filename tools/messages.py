"""The French catalogue: collects every sentence of the sources, brings the catalogue up to date, compiles, checks.

    python tools/messages.py update    new sentences enter untranslated, vanished ones leave, the .mo is compiled
    python tools/messages.py compile   the .mo alone
    python tools/messages.py check     exit 1 on a sentence without French, a fuzzy one, a lost placeholder, a stale .mo

Needs no gettext tools: Babel does the work, and the compiled file is committed.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "rostrum"
PO = ROOT / "locale" / "fr_CA" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...]] = {
    "gettext": (1,), "gettext_lazy": (1,), "gettext_noop": (1,), "_": (1,), "now_": (1,), "_now": (1,),
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")

Found = tuple[str | tuple[str, str], str | None]


def _messages(code: str) -> Iterator[Found]:
    """(message or (singular, plural), context) for each translatable call in Python-like text."""
    for _line, name, found, _comments in extract_python(
        io.BytesIO(code.encode()), dict.fromkeys(KEYWORDS), [], {"encoding": "utf-8"}
    ):
        spec = KEYWORDS[str(name)]
        parts = found if isinstance(found, tuple) else (found,)
        context: str | None = None
        texts: list[str] = []
        for place in spec:
            at, is_context = (place[0], True) if isinstance(place, tuple) else (place, False)
            if not isinstance(at, int) or at > len(parts) or not parts[at - 1]:
                break
            if is_context:
                context = str(parts[at - 1])
            else:
                texts.append(str(parts[at - 1]))
        if texts:
            yield (texts[0] if len(texts) == 1 else (texts[0], texts[1])), context


def collect() -> dict[Found, list[str]]:
    """Every translatable sentence of the sources, with the files that say it."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    from django.utils.translation.template import templatize

    found: dict[Found, list[str]] = {}
    paths = [*SOURCES.rglob("*.py"), *SOURCES.rglob("*.html"), *SOURCES.rglob("*.txt"), *SOURCES.rglob("*.svg")]
    for path in sorted(paths):
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        where = path.relative_to(ROOT).as_posix()
        code = text if path.suffix == ".py" else templatize(text, origin=where)
        for key in _messages(code):
            places = found.setdefault(key, [])
            if where not in places:
                places.append(where)
    return found


def load() -> Catalog:
    """The catalogue as committed, or an empty one."""
    if not PO.exists():
        return Catalog(locale="fr_CA", project="Rostrum", charset="utf-8", fuzzy=False)
    with PO.open("rb") as handle:
        return read_po(handle, locale="fr_CA")


def update() -> int:
    """Rewrite the catalogue: what is still said keeps its French."""
    old = load()
    new = Catalog(locale="fr_CA", project="Rostrum", charset="utf-8", fuzzy=False,
                  header_comment="# French (Canada) of Rostrum.", creation_date=old.creation_date,
                  revision_date=old.revision_date)
    for (message, context), places in sorted(collect().items(), key=lambda item: (item[1][0], str(item[0]))):
        known = old.get(message if isinstance(message, str) else message[0], context)
        string = known.string if known and (isinstance(known.id, str) == isinstance(message, str)) else None
        flags = ["python-format"] if PLACE.search(str(message)) and "%(" in str(message) else []
        new.add(message, string, locations=[(place, 0) for place in places], flags=flags, context=context)
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as handle:
        write_po(handle, new, width=110, omit_header=False, include_lineno=False)
    compile_()
    missing = sum(1 for m in new if m.id and not _said(m.string))
    print(f"{len(new)} sentences, {missing} without French.")
    return 0


def _said(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) and string else bool(string)


def _binary() -> bytes:
    out = io.BytesIO()
    write_mo(out, load())
    return out.getvalue()


def compile_() -> int:
    """Write the .mo that the application reads."""
    MO.write_bytes(_binary())
    return 0


def check() -> int:
    """Say everything that is wrong with the catalogue; exit status 1 when anything is."""
    catalog, problems = load(), []
    said = collect()
    for (message, context), places in said.items():
        first = message if isinstance(message, str) else message[0]
        entry = catalog.get(first, context)
        if entry is None or not _said(entry.string):
            problems.append(f"{places[0]}: no French for {first!r}")
        elif entry.fuzzy:
            problems.append(f"{places[0]}: the French of {first!r} is marked fuzzy")
        else:
            wanted = set(PLACE.findall(first if isinstance(message, str) else message[1]))
            strings = entry.string if isinstance(entry.string, tuple | list) else [entry.string]
            forms = [set(PLACE.findall(str(s))) for s in strings]
            if any(form - wanted for form in forms) or wanted - forms[-1]:
                problems.append(f"{places[0]}: the French of {first!r} has other placeholders")
    firsts = {(m if isinstance(m, str) else m[0], c) for m, c in said}
    for entry in catalog:
        first = entry.id if isinstance(entry.id, str) else entry.id[0]
        if first and (first, entry.context) not in firsts:
            problems.append(f"{PO.relative_to(ROOT)}: nobody says {first!r} any more")
    if not MO.exists() or MO.read_bytes() != _binary():
        problems.append(f"{MO.relative_to(ROOT)} is stale: run make messages")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(said)} sentences, {len(problems)} problems.")
    return 1 if problems else 0


if __name__ == "__main__":
    acts = {"update": update, "compile": compile_, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in acts:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(acts[sys.argv[1]]())
