"""What a division makes public anyway: its telephones, mail domains, addresses, schools, staff, and its own names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from rostrum.checks.folding import fold_word
from rostrum.checks.listed import figures
from rostrum.checks.patterns import Find, compiled

_HEAD: Final = re.compile("[a-z0-9]+")
DEFAULT_NAMES: Final = ("LPSD", "Lloydminster Public School Division", "Lloydminster Public")


def _same(address: str) -> str:
    """An address without what people write differently."""
    return re.sub(r"[^a-z0-9]+", " ", fold_word(address)).strip()


_SHORT: Final = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "crescent": "cres", "boulevard": "blvd",
    "lane": "ln", "place": "pl", "court": "crt",
}  # fmt: skip


def _plain_address(address: str) -> str:
    """An address with its street words shortened and the endings of numbers taken off."""
    return " ".join(re.sub(r"^(\d+)(?:st|nd|rd|th)$", r"\1", _SHORT.get(word, word)) for word in _same(address).split())


class Division:
    """Plain values of one division, folded once. Everything in it is public; students never stand here."""

    def __init__(
        self,
        *,
        public_phones: Iterable[str] = (),
        domains: Iterable[str] = (),
        addresses: Iterable[str] = (),
        schools: Iterable[str] = (),
        staff: Iterable[str] = (),
        names: Iterable[str] = DEFAULT_NAMES,
    ) -> None:
        self.public_phones = frozenset(re.sub(r"\D", "", phone)[-10:] for phone in public_phones)
        self.domains = tuple(fold_word(domain).strip().lstrip("@.") for domain in domains if domain.strip(" @."))
        self.addresses = frozenset(filter(None, map(_plain_address, addresses)))
        self._heads = frozenset(own.split()[0] for own in self.addresses)
        self.postals = frozenset(
            code.replace(" ", "").replace("-", "")
            for address in addresses
            for code in re.findall(r"[a-z]\d[a-z][ -]?\d[a-z]\d", fold_word(address))
        )
        self.schools = tuple(filter(None, map(fold_word, schools)))
        self.staff = tuple(filter(None, map(fold_word, staff)))
        self.names = tuple(filter(None, map(fold_word, names)))

    def __repr__(self) -> str:
        """All its values, in one order: two divisions with one repr allow the same."""
        held = (self.public_phones, self.domains, self.addresses, self.schools, self.staff, self.names)
        return f"Division({', '.join(repr(sorted(values)) for values in held)})"

    def filled(self, pattern: str) -> str:
        """A pattern with the names of the division where it says `{division}`."""
        return pattern.replace("{division}", f"(?:{'|'.join(map(re.escape, self.names)) or 'lpsd'})")

    def owns(self, domain: str) -> bool:
        """Whether a mail or web domain is the division's, or lies beneath one that is."""
        return any(domain == own or domain.endswith("." + own) for own in self.domains)

    def knows_address(self, address: str) -> bool:
        """Whether a folded address is a school's: the same words, or the beginning of a longer entry."""
        head = _HEAD.search(address)
        if head is None or head[0] not in self._heads:
            return False
        wanted = _plain_address(address)
        return any(own == wanted or own.startswith(wanted + " ") for own in self.addresses)

    def knows_postal(self, code: str) -> bool:
        """Whether a postal code (no blank) is a school's."""
        return code in self.postals

    @staticmethod
    def names_a_figure(window: bytes) -> bool:
        """Whether a folded window of text names a figure of history."""
        return _figures()(window, 0, len(window))[0][0] >= 0


@cache
def _figures() -> Find:
    return compiled(rf"\b(?:{'|'.join(re.escape(fold_word(name)) for name in figures())})\b", places=False)
