"""Judging one row of a list of accounts: what it means, what is wrong with it, what a person should look at."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from rostrum.connectors import Resolved, resolve
from rostrum.core.text import UnsafeText, clean, fold
from rostrum.people.models import Person, Unit
from rostrum.people.queries import open_units
from rostrum.policies.queries import text
from rostrum.policies.rolewords import worded
from rostrum.registry import lookalike
from rostrum.registry.addresses import explain as explain_address
from rostrum.registry.checks import mail_domains, naming_rules
from rostrum.registry.known import Entry
from rostrum.registry.known_queries import Held, held
from rostrum.registry.mailbox import check_mailbox
from rostrum.registry.models import AccountKey
from rostrum.registry.naming import check_name
from rostrum.registry.platforms import catalogue
from rostrum.registry.states import LIVE

LIMITS = {"address": 500, "platform": 60, "name": 120, "unit": 160, "manager": 200, "mailbox": 254, "note": 2000}
# Words that tell one kind of place from another and not one place from another.
_COMMON = frozenset(
    ["school", "schools", "ecole", "community", "elementary", "high", "the", "of", "de", "la", "le", "du", "l"]
)
_SPLIT = re.compile(r"\s*[,;/|–—]\s*|\s+-\s+")
_ADDRESS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")


@dataclass(frozen=True)
class Finding:
    """One thing about a cell. `level`: problem (the row cannot be used), look (a person should look), hint, held."""

    field: str
    level: str
    message: str
    clause: str = ""
    suggestions: tuple[str, ...] = ()
    url: str = ""


@dataclass
class Judged:
    """What a row means (None when it cannot be used), the account's key, and everything there is to say."""

    key: str = ""
    entry: Entry | None = None
    findings: list[Finding] = field(default_factory=list)

    def level(self) -> str:
        """problem, held, look or fine: the gravest of the findings."""
        levels = {one.level for one in self.findings}
        return next((name for name in ("held", "problem", "look") if name in levels), "fine")


class Places:
    """Finds the unit that a cell means, however people write it, and the nearest ones when none is meant."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = {unit.pk: unit for unit in units}
        self._by_key: dict[str, set[int]] = {}
        for unit in self.units.values():
            above = [self.units[pk] for pk in unit.ancestor_ids[1:-1] if pk in self.units]
            for key in (unit.code, unit.name, _plain(unit.name)):
                self._keep(key, unit)
            for one in above:
                self._keep(f"{unit.name} {one.name}", unit)
                self._keep(f"{_plain(unit.name)} {_plain(one.name)}", unit)
                self._keep(f"{_plain(one.name)} {_plain(unit.name)}", unit)
        self._names = {fold(unit.name): unit.name for unit in self.units.values()}

    def _keep(self, key: str, unit: Unit) -> None:
        folded = _words(key)
        if folded:
            self._by_key.setdefault(folded, set()).add(unit.pk)

    def find(self, typed: str) -> tuple[Unit | None, tuple[str, ...]]:
        """The unit, or the names that were most likely meant (at most three)."""
        keys = [_words(typed), _words(" ".join(_plain(part) for part in _SPLIT.split(typed))), _words(_plain(typed))]
        several: set[int] = set()
        for key in keys:
            found = self._by_key.get(key, set())
            if len(found) == 1:
                return self.units[next(iter(found))], ()
            several |= found
        if several:
            return None, tuple(self.label(self.units[pk]) for pk in sorted(several))[:3]
        part = set(_plain(typed).split())
        within = [u for u in self.units.values() if part and part <= set(_words(u.name).split())]
        within.sort(key=lambda u: (u.kind != "school", len(u.name)))
        near = [self._names[one] for one in difflib.get_close_matches(fold(typed), list(self._names), n=3, cutoff=0.5)]
        return None, tuple(dict.fromkeys([*(self.label(u) for u in within), *near]))[:3]

    def label(self, unit: Unit) -> str:
        """ "Grade 4, Rendell Park School"."""
        above = [self.units[pk] for pk in unit.ancestor_ids[1:-1] if pk in self.units]
        return f"{unit.name}, {above[0].name}" if above else unit.name

    def above(self, unit: Unit) -> list[str]:
        """The names that an account of the unit may be known by."""
        return [self.units[pk].name for pk in unit.ancestor_ids if pk in self.units and self.units[pk].parent_id]


def _words(typed: str) -> str:
    return " ".join(re.findall(r"\w+", fold(typed)))


def _plain(name: str) -> str:
    """A unit's name without the words that every school's name has."""
    return " ".join(word for word in _words(name).split() if word not in _COMMON)


class People:
    """Finds the person that a cell means: by work e-mail, or by a name that only one person has."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._by_mail: dict[str, Person] = {}
        self._by_name: dict[str, list[Person]] = {}
        for person in people:
            self._by_mail[person.email.casefold()] = person
            self._by_name.setdefault(_words(person.name), []).append(person)

    def find(self, typed: str) -> tuple[Person | None, int]:
        """The person, and how many have this name (0: nobody)."""
        inside = _ADDRESS.search(typed)
        address = inside.group(1) if inside else typed
        if "@" in address:
            person = self._by_mail.get(address.strip().casefold())
            return person, int(person is not None)
        last, comma, first = typed.partition(",")
        for name in (typed, f"{first} {last}" if comma else typed):
            same = self._by_name.get(_words(name), [])
            if same:
                return (same[0] if len(same) == 1 else None), len(same)
        return None, 0


class Judge:
    """Judges rows of one list. Everything that stays the same is read once: units, people, rules, platforms."""

    def __init__(self) -> None:
        self.places = Places(open_units())
        self.people = People(Person.objects.filter(is_active=True))
        self._domains, self._rules = mail_domains(), naming_rules()
        self._entries = catalogue()
        self._connector = {p.key: p.connector for p in self._entries}
        self._key_of = {name: p.key for p in self._entries for name in (p.connector, *p.connectors)}
        self._labels = {p.key: text(p.label) for p in self._entries}
        self._by_words = {_words(said): p.key for p in self._entries for said in (p.key, text(p.label))}
        self._by_words |= {"twitter": "x", "x twitter": "x", "insta": "instagram", "ig": "instagram", "fb": "facebook",
                           "facebook page": "facebook", "yt": "youtube", "wordpress": "blog", "blogue": "blog",
                           "website": "blog", "site web": "blog"}  # fmt: skip
        self._offered = {p.key for p in self._entries if p.status not in {"refused", "retired"}}

    def judge(self, values: Mapping[str, str]) -> Judged:
        """What one row says, without what the register holds and what the other rows say."""
        judged, clean_values = Judged(), {}
        for name, limit in LIMITS.items():
            try:
                clean_values[name] = clean(values.get(name, ""), multiline=name == "note", max_length=limit)
            except UnsafeText as error:
                said = (
                    _("Use at most %(limit)d characters here.") % {"limit": limit}
                    if error.reason == "too_long"
                    else _("There is a hidden character in this cell. Type it again by hand.")
                )
                judged.findings.append(Finding(name, "problem", said))
                clean_values[name] = ""
        found, platform = self._address(clean_values, judged)
        unit = self._unit(clean_values["unit"], judged)
        manager = self._manager(clean_values["manager"], judged)
        self._mailbox(clean_values["mailbox"], judged)
        self._name(clean_values["name"], unit, judged)
        if found is not None:
            judged.key = f"{platform}:{found.canonical_id[:200]}"
        if found is not None and unit is not None and judged.level() != "problem":
            judged.entry = Entry(
                platform=platform, handle=found.handle or "", handle_key=found.canonical_id[:200],
                address=found.canonical_url, unit=unit, name=clean_values["name"],
                manager_text=clean_values["manager"], manager=manager, mailbox=clean_values["mailbox"],
                note=clean_values["note"],
            )  # fmt: skip
        return judged

    def _address(self, values: Mapping[str, str], judged: Judged) -> tuple[Resolved | None, str]:
        typed, said = values["address"], values["platform"]
        hint = self._by_words.get(_words(said), "")
        if said and not hint:
            judged.findings.append(
                Finding(
                    "platform", "look", _("“%(said)s” is no platform that the division lists.") % {"said": said[:40]}
                )
            )
        if not typed:
            judged.findings.append(
                Finding("address", "problem", _("The address is missing. Paste the address of the account."))
            )
            return None, ""
        found = resolve(typed, self._connector.get(hint))
        key = self._key_of.get(found.platform, "")
        if found.status == "reject" or found.kind == "link" or not found.canonical_id:
            judged.findings.append(Finding("address", "problem", str(explain_address(found))))
            return None, ""
        if key not in self._offered:
            message = _("This platform is not one that the division lists. Skip the row, or ask for it to be added.")
            judged.findings.append(Finding("address", "problem", message))
            return None, ""
        if hint and key != hint:
            message = _("This is an address on %(found)s, but the platform says %(said)s. The address counts.") % {
                "found": self._labels[key], "said": self._labels[hint],
            }  # fmt: skip
            judged.findings.append(Finding("platform", "look", message))
        elif found.reason:
            level = "look" if found.status == "ok" else "hint"
            judged.findings.append(Finding("address", level, str(explain_address(found))))
        return found, key

    def _unit(self, typed: str, judged: Judged) -> Unit | None:
        if not typed:
            judged.findings.append(Finding("unit", "problem", _("Say which school or unit it speaks for."), "1.2"))
            return None
        unit, near = self.places.find(typed)
        if unit is None:
            message = (
                _("There is no unit of this name. Did you mean one of these?")
                if near
                else _("There is no unit of this name. Write the school's name as it stands under Units.")
            )
            judged.findings.append(Finding("unit", "problem", message, "1.2", near))
        return unit

    def _manager(self, typed: str, judged: Judged) -> Person | None:
        if not typed:
            judged.findings.append(
                Finding("manager", "look", worded(_("Nobody is named: {principal} will name someone.")), "1.7")
            )
            return None
        person, count = self.people.find(typed)
        if person is None:
            message = (
                _("More than one person has this name. Write the work e-mail instead.")
                if count > 1
                else worded(
                    _("Nobody here has this name or work e-mail. It is kept as written; {principal} names someone.")
                )
            )
            judged.findings.append(Finding("manager", "look", message, "1.7"))
        return person

    def _mailbox(self, typed: str, judged: Judged) -> None:
        finding = check_mailbox(typed, domains=self._domains) if typed else None
        if finding:
            judged.findings.append(Finding("mailbox", "look", str(finding.message), "1.6"))

    def _name(self, name: str, unit: Unit | None, judged: Judged) -> None:
        if not name or unit is None:
            return
        for one in check_name(name, rules=self._rules, unit_names=self.places.above(unit), entity_kind=unit.kind):
            if one.severity == "flag":
                judged.findings.append(Finding("name", "look", str(one.message), "1.3"))

    def label(self, platform: str) -> str | Promise:
        """A platform's name for people."""
        return self._labels.get(platform, platform)

    def against_register(self, judged: Mapping[int, Judged]) -> None:
        """Add what the register says to many rows at once: held already, or easily taken for an official account."""
        pairs = {n: tuple(j.key.split(":", 1)) for n, j in judged.items() if j.key}
        found = held((p, k) for p, k in pairs.values())
        for n, (platform, key) in pairs.items():
            have = found.get((platform, key))
            if have:
                judged[n].findings.append(_held_words(have))
        alike = resembling({n: j.entry for n, j in judged.items() if j.entry and j.level() != "held"})
        for n, (message, url) in alike.items():
            judged[n].findings.append(Finding("address", "look", message, "1.3", url=url))


def _held_words(have: Held) -> Finding:
    """Nothing to do: where the account stands already."""
    if have.account:
        said = _("Official already, for %(unit)s (%(id)s).") % {
            "unit": have.account.unit.name, "id": have.account.public_id,
        }  # fmt: skip
        return Finding("address", "held", said, "1.2", url=reverse("web:account", args=[have.account.public_id]))
    if have.known:
        said = _("Known already, for %(unit)s: %(state)s.") % {
            "unit": have.known.unit.name, "state": have.known.get_state_display(),
        }  # fmt: skip
        return Finding("address", "held", said, "1.2", url=reverse("web:known", args=[have.known.pk]))
    request = have.request
    said = _("%(who)s has already asked for it.") % {"who": request.requester.name if request else ""}
    return Finding("address", "held", said, "1.2", url=reverse("web:request", args=[request.ref]) if request else "")


def resembling(entries: Mapping[int, Entry]) -> dict[int, tuple[str, str]]:
    """For each entry whose handle could be taken for an official account of another place: why, and its page.

    Judged through the index of look-alike keys, many at once. One school may use one name on several platforms.
    """
    wanted: dict[str, list[int]] = {}
    for n, entry in entries.items():
        for key in lookalike.search_keys(entry.handle) if entry.handle else ():
            wanted.setdefault(key[:130], []).append(n)
    keys, out = sorted(wanted), {}
    for start in range(0, len(keys), 500):
        rows = AccountKey.objects.filter(key__in=keys[start : start + 500], account__state__in=LIVE).values_list(
            "key", "account__handle", "account__name", "account__unit__path", "account__public_id"
        )
        for key, handle, name, path, public_id in rows:
            for n in wanted[key]:
                entry = entries[n]
                if n in out or _same_place(entry.unit.path, path):
                    continue
                alike = lookalike.explain(entry.handle, handle)
                if alike:
                    said = _("Close to an official account, %(name)s: %(reason)s")
                    out[n] = (said % {"name": name, "reason": alike.message}, reverse("web:account", args=[public_id]))
    return out


def _same_place(one: str, other: str) -> bool:
    """Whether two units are the same or lie within one school."""
    a, b = one.strip("/").split("/"), other.strip("/").split("/")
    return one == other or (len(a) > 1 and len(b) > 1 and a[1] == b[1])
