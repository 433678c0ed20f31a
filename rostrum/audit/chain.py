"""The chain's arithmetic.

How an entry is hashed, a checkpoint signed, and a whole log checked without a database.

It needs only the standard library, `cryptography` and `rfc8785`, so that an auditor can check an export on a
machine that has nothing else of Rostrum. The format is the one of docs/audit.md: RFC 8785 JSON, HMAC-SHA256
commitments, SHA-256 links, C2SP signed notes with Ed25519.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

GENESIS = "0" * 64
HEADER = (
    "seq", "at", "actor_id", "act", "subject_type", "subject_id", "request_id", "commit", "prev",
)
REDACT = "event:redact"
UNEXPLAINED = "its payload is gone and no redaction on record says so"


def moment(at: datetime) -> str:
    """One spelling of a moment.

    UTC, always six decimals, so that a round trip through a database changes nothing.
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def commitment(salt: bytes, payload: Mapping[str, Any]) -> str:
    """HMAC-SHA256 of the payload under its salt.

    Binds the payload, and tells nothing once the salt is gone.
    """
    return hmac.new(salt, rfc8785.dumps(dict(payload)), hashlib.sha256).hexdigest()


def link(header: Mapping[str, Any]) -> str:
    """The hash of an entry: SHA-256 over a zero byte and the RFC 8785 form of its header, `prev` included."""
    return hashlib.sha256(b"\x00" + rfc8785.dumps({name: header[name] for name in HEADER})).hexdigest()


@dataclass(frozen=True)
class Fault:
    """The first thing found wrong: at which entry (0 = the log as a whole) and what."""

    seq: int
    what: str


@dataclass(frozen=True)
class Checkpoint:
    """A statement "the log has `size` entries, the last with the hash `head`", signed outside the log."""

    origin: str
    size: int
    head: str

    def text(self) -> str:
        """The signed text: three lines, each ended by a newline."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(bytes.fromhex(self.head)).decode()}\n"


@dataclass
class Report:
    """What a check of a log found. `fault` is None when every entry stands."""

    entries: int = 0
    redacted: int = 0
    head: str = GENESIS
    checkpoints: int = 0
    fault: Fault | None = None

    def as_dict(self) -> dict[str, Any]:
        """The form that `audit verify --json` writes."""
        return {
            "ok": self.fault is None,
            "entries": self.entries,
            "redacted": self.redacted,
            "head": self.head,
            "checkpoints": self.checkpoints,
            "first_bad_entry": self.fault.seq if self.fault else None,
            "problem": self.fault.what if self.fault else None,
        }


class BadNote(ValueError):
    """A checkpoint or key file that cannot be read as one."""


# --- keys and signed notes (C2SP signed-note: key id = first 4 bytes of SHA-256(name, newline, 0x01, key))


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes by which a signature line names its key."""
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def public_line(name: str, key: Ed25519PublicKey) -> str:
    """The verifier key as one line: `name+id+base64`, to be kept away from the machine that signs."""
    raw = key.public_bytes_raw()
    encoded = base64.b64encode(b"\x01" + raw).decode()
    return f"{name}+{key_id(name, raw).hex()}+{encoded}\n"


def read_public_line(text: str) -> tuple[str, Ed25519PublicKey]:
    """Reads a verifier key. Raises BadNote."""
    try:
        name, wanted, encoded = text.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
        if raw[:1] != b"\x01" or key_id(name, raw[1:]).hex() != wanted:
            raise BadNote("The public key's own check digits do not match.")
        return name, Ed25519PublicKey.from_public_bytes(raw[1:])
    except (ValueError, binascii.Error) as error:
        if isinstance(error, BadNote):
            raise
        raise BadNote("This is not a public key of an audit log.") from error


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The signed note of a checkpoint: its text, an empty line, and the signature line."""
    raw = key.public_key().public_bytes_raw()
    blob = key_id(checkpoint.origin, raw) + key.sign(checkpoint.text().encode())
    return f"{checkpoint.text()}\n— {checkpoint.origin} {base64.b64encode(blob).decode()}\n"


def read_note(note: str, name: str, key: Ed25519PublicKey) -> Checkpoint:
    """Reads a signed note and checks its signature under `key`. Raises BadNote."""
    text, gap, signatures = note.partition("\n\n")
    lines = text.split("\n")
    if not gap or len(lines) != 3:
        raise BadNote("it is not a signed note of three lines")
    origin, size, head = lines
    if not size.isascii() or not size.isdigit() or str(int(size)) != size:
        raise BadNote("its size is not a number")
    try:
        checkpoint = Checkpoint(origin, int(size), base64.b64decode(head, validate=True).hex())
    except (ValueError, binascii.Error) as error:
        raise BadNote("its head is not base64") from error
    if checkpoint.text() != text + "\n" or len(checkpoint.head) != 64:
        raise BadNote("its head is not a SHA-256 hash")
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        signer, _, encoded = rest.rpartition(" ")
        if dash != "—" or signer != name:
            continue
        try:
            blob = base64.b64decode(encoded, validate=True)
            key.verify(blob[4:], checkpoint.text().encode())
        except (ValueError, binascii.Error, InvalidSignature) as error:
            raise BadNote("its signature does not hold") from error
        if origin != name:
            raise BadNote("it speaks of another log")
        return checkpoint
    raise BadNote("it bears no signature of this log's key")


def read_notes(folder: Path, public_key: Path) -> list[Checkpoint]:
    """All checkpoints in a folder, smallest first, every signature checked. Raises BadNote or OSError."""
    name, key = read_public_line(public_key.read_text(encoding="utf-8"))
    found = []
    for path in sorted(folder.glob("*.note")):
        try:
            found.append(read_note(path.read_text(encoding="utf-8"), name, key))
        except (BadNote, UnicodeDecodeError) as error:
            raise BadNote(f"Checkpoint {path.name} cannot be believed: {error}.") from error
    return sorted(found, key=lambda one: (one.size, one.head))


# --- the check


@dataclass
class _Walk:
    """What the walk must remember between entries."""

    report: Report = field(default_factory=Report)
    missing: set[int] = field(default_factory=set)
    redactions: set[int] = field(default_factory=set)


def _entry_fault(entry: Mapping[str, Any], wanted: int, prev: str) -> str | None:
    """What is wrong with one entry, given where the chain stands before it; None when it stands."""
    if entry.get("seq") != wanted:
        return f"entry {wanted} is missing: entry {entry.get('seq')} stands in its place"
    if entry.get("prev") != prev:
        return "it does not follow the entry before it"
    try:
        if link(entry) != entry.get("hash"):
            return "its contents do not match its hash"
    except (KeyError, TypeError, ValueError):  # rfc8785's own errors are ValueErrors
        return "its header cannot be read"
    payload, salt = entry.get("payload"), entry.get("salt")
    if (payload is None) != (salt is None):
        return "half of its payload is missing"
    if payload is not None:
        try:
            if not hmac.compare_digest(commitment(bytes.fromhex(str(salt)), payload), str(entry["commit"])):
                return "its payload was changed"
        except (TypeError, ValueError):
            return "its payload cannot be read"
    return None


def verify(
    entries: Iterable[Mapping[str, Any]],
    checkpoints: Iterable[Checkpoint] = (),
    *,
    start: int = 0,
    prev: str = GENESIS,
) -> Report:
    """Re-computes a log from entry `start + 1` on and compares it with what was signed earlier.

    Each entry is a mapping with the header's fields, `hash`, and `payload` with `salt` (both None once
    redacted). Finds: a missing, added, moved or changed entry; a changed payload; a payload removed without a
    redaction on record; a log shorter than a checkpoint, or with another entry at a checkpoint's size. Stops
    at the first bad entry. Memory does not grow with the log (only with the number of redactions).
    """
    walk = _Walk()
    report = walk.report
    report.entries, report.head = start, prev
    signed: dict[int, set[str]] = {}
    for checkpoint in checkpoints:
        report.checkpoints += 1
        signed.setdefault(checkpoint.size, set()).add(checkpoint.head)
    for entry in entries:
        fault = _entry_fault(entry, report.entries + 1, report.head)
        if fault:
            report.fault = Fault(report.entries + 1, fault)
            return report
        report.entries += 1
        report.head = str(entry["hash"])
        if signed.get(report.entries, {report.head}) != {report.head}:
            report.fault = Fault(report.entries, "a signed checkpoint names another entry here")
            return report
        payload = entry["payload"]
        if payload is None:
            report.redacted += 1
            walk.missing.add(report.entries)
        elif entry["act"] == REDACT and isinstance(payload.get("after"), dict):
            walk.redactions.update(int(seq) for seq in payload["after"].get("events", []))
    unexplained = walk.missing - walk.redactions
    if unexplained:
        report.fault = Fault(min(unexplained), UNEXPLAINED)
    elif signed and max(signed) > report.entries:
        report.fault = Fault(
            report.entries + 1, f"the log is cut short: a signed checkpoint saw {max(signed)} entries"
        )
    return report


def read_export(path: Path) -> Iterator[dict[str, Any]]:
    """The entries of an export, one JSON object a line. Raises BadNote for a line that is none, OSError."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                entry = json.loads(line)
            except ValueError as error:
                raise BadNote(f"Line {number} of the export is not JSON.") from error
            if not isinstance(entry, dict):
                raise BadNote(f"Line {number} of the export is not an entry.")
            yield entry
