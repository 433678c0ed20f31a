"""Explains a procedure file that can't be used, line by line, in words for the person who wrote it."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path as FilePath
from typing import Any, get_args, get_origin

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from rostrum.policies.crosschecks import crosscheck
from rostrum.policies.locate import Locator, Path
from rostrum.policies.schema import Document

LARGEST = 2_000_000  # bytes; a procedure of 26 clauses with both forms has about 70,000
_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_LANGUAGE = {"en": "English", "fr": "French"}


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: the line (from 1), the place as dotted keys, and what to do."""

    line: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.line}: {self.path}: {self.message}" if self.path else f"{self.line}: {self.message}"


def check_file(path: str | FilePath) -> list[Problem]:
    """What is wrong with the file, first line first; an empty list means that it can be loaded."""
    try:
        raw = FilePath(path).read_bytes()
    except OSError as error:
        return [Problem(1, "", _("The file cannot be read: %(why)s.") % {"why": error.strerror or error})]
    try:
        return check_text(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return [Problem(line, "", _("The file is not written in UTF-8. Save it again as UTF-8."))]


def check_text(source: str) -> list[Problem]:
    """The same for a text already read."""
    return read(source)[1]


def fingerprint(source: str) -> str:
    """The SHA-256 of a procedure's text; line ends don't count, because version control may change them."""
    return hashlib.sha256(source.replace("\r\n", "\n").encode("utf-8", "surrogatepass")).hexdigest()


KEPT = 8
_right: dict[str, Document] = {}


def read(source: str) -> tuple[Document | None, list[Problem]]:
    """The document, or why there is none. A text once found right is not read again in this process."""
    known = fingerprint(source)
    if known in _right:
        return _right[known], []
    if len(source) > LARGEST:
        return None, [Problem(1, "", _("The file is too large for a procedure."))]
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        return None, [_syntax(str(error), source)]
    except RecursionError:
        return None, [
            Problem(1, "", _("The lists or tables of this file stand too deep inside one another."))
        ]
    except ValueError:  # a number of more digits than Python reads
        return None, [Problem(1, "", _("The file holds a number that is too long."))]
    try:
        document = Document.model_validate(data)
    except ValidationError as error:
        return None, _sorted(source, _explained(error, data))
    problems = _sorted(source, crosscheck(document))
    if problems:
        return None, problems
    if len(_right) >= KEPT:
        _right.clear()
    _right[known] = document.with_answers()
    return _right[known], []


def _explained(error: ValidationError, data: Mapping[str, Any]) -> list[tuple[Path, str]]:
    """The complaints in words; of a misspelt key only that, and not also that the right one is missing."""
    raised = error.errors()
    meant = {
        (*one["loc"][:-1], near)
        for one in raised
        if one["type"] == "extra_forbidden"
        for near in get_close_matches(str(one["loc"][-1]), _keys(one["loc"][:-1]), n=1, cutoff=0.6)
    }
    return [_said(one, data) for one in raised if one["type"] != "missing" or one["loc"] not in meant]


def _sorted(source: str, findings: list[tuple[Path, str]]) -> list[Problem]:
    if not findings:
        return []  # finding the lines costs more than all the rest
    locator = Locator(source)
    return sorted({Problem(locator.line(path), _dotted(path), message) for path, message in findings})


def _dotted(path: Path) -> str:
    """A place in words people can follow: clauses[3].title.fr, counting from one."""
    words = ""
    for part in path:
        words += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if words else part
    return words


def _syntax(text: str, source: str) -> Problem:
    """What tomllib says, with the line taken out of its sentence."""
    found = _AT.search(text)
    line = int(found.group(1)) if found and found.group(1) else source.count("\n") + 1
    why = _AT.sub("", text)
    return Problem(line, "", _("This is not TOML: %(why)s.") % {"why": why[:1].lower() + why[1:]})


def _said(error: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[Path, str]:
    """One complaint of the schema as a place and a sentence."""
    path = _real(tuple(error["loc"]), data)
    last = str(path[-1]) if path else ""
    kind, context, value = error["type"], error.get("ctx", {}), error.get("input")
    if kind == "missing":
        if last in _LANGUAGE:
            return path, _("The %(language)s text is missing: add %(key)s = \"…\".") % {
                "language": _LANGUAGE[last], "key": last,
            }  # fmt: skip
        return path, _("“%(key)s” is missing here.") % {"key": last}
    if kind == "extra_forbidden":
        unknown = _("“%(key)s” is not a key that belongs here.") % {"key": last}
        return path, unknown + _near(last, _keys(path[:-1]))
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", str(context.get("expected", ""))) or [str(context.get("expected"))]
        return path, _("“%(value)s” is not one of: %(choices)s.") % {
            "value": value, "choices": ", ".join(choices),
        } + _near(str(value), choices)  # fmt: skip
    return path, _sentence(kind, context, value)


def _sentence(kind: str, context: Mapping[str, Any], value: object) -> str:
    """The sentence for a value of the wrong shape."""
    if kind == "string_type":
        return _("This must be text in quotation marks.")
    if kind == "string_too_short":
        return _("This text is empty.")
    if kind == "string_too_long":
        return _("This text is longer than %(limit)d characters.") % {"limit": context["max_length"]}
    if kind == "string_pattern_mismatch":
        return _("“%(value)s” is not written the way it must be: %(pattern)s.") % {
            "value": value, "pattern": context["pattern"],
        }  # fmt: skip
    if kind == "unsafe_text":
        return _("This text holds an invisible or control character. Type it again.")
    if kind in {"int_type", "int_from_float", "int_parsing"}:
        return _("This must be a whole number without quotation marks.")
    if kind in {"bool_type", "bool_parsing"}:
        return _("This must be true or false, without quotation marks.")
    if kind.startswith("date"):
        return _("This must be a date such as 2015-09-01, without quotation marks.")
    if kind in {"tuple_type", "list_type"}:
        return _("This must be a list in square brackets.")
    if kind in {"model_type", "model_attributes_type", "dict_type"}:
        return _("This must be a table of keys and values.")
    if kind == "too_short":
        return _("At least one is needed here.")
    if kind == "greater_than_equal":
        return _("The least is %(number)d.") % {"number": context["ge"]}
    if kind == "less_than_equal":
        return _("The most is %(number)d.") % {"number": context["le"]}
    return _("This value cannot be used here.")


def _near(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return " " + _("Did you mean “%(word)s”?") % {"word": near[0]} if near else ""


def _real(path: Path, data: Mapping[str, Any]) -> Path:
    """The part of a path that leads through the file: the schema adds names of the types that it tried."""
    here: Any = data
    for at, part in enumerate(path):
        if isinstance(here, Mapping):
            if part not in here:
                return path[: at + 1]
            here = here[part]
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        else:
            return path[:at]
    return path


def _keys(path: Path) -> list[str]:
    """The keys that may stand in the table at that path."""
    here: Any = Document
    for part in path:
        if isinstance(part, int):
            continue
        fields = here.model_fields
        found = next((f for name, f in fields.items() if part in (name, f.alias)), None)
        here = _model(found.annotation) if found is not None else None
        if here is None:
            return []
    return [field.alias or name for name, field in here.model_fields.items()]


def _model(annotation: Any) -> type[BaseModel] | None:
    """The table inside an annotation such as tuple[ClauseText, ...] or Words | None."""
    if isinstance(annotation, type) and get_origin(annotation) is None and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        if (model := _model(inner)) is not None:
            return model
    return None
