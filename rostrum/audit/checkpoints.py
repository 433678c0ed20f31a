"""Signed checkpoints: the log's size and head, kept as files outside the database, by a small witness.

The hash chain alone proves nothing against someone who can rewrite the whole table; a checkpoint that left
the machine does. So copy DATA_DIR/audit/checkpoints and the public key to another place (docs/audit.md).
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from rostrum.audit import chain, queries


class CheckpointRefused(Exception):
    """The witness will not sign: the log is shorter than, or differs from, what it signed before."""


@dataclass(frozen=True)
class Places:
    """Where the witness keeps its things."""

    folder: Path

    @property
    def private_key(self) -> Path:
        """Readable by the service's own user only; never part of a backup of the database."""
        return self.folder / "checkpoint.key"

    @property
    def public_key(self) -> Path:
        """For the auditor."""
        return self.folder / "checkpoint.pub"

    @property
    def notes(self) -> Path:
        """The signed notes, one file a checkpoint, named by size."""
        return self.folder / "checkpoints"


def places() -> Places:
    """The witness's folder under settings.DATA_DIR."""
    return Places(Path(settings.DATA_DIR) / "audit")


def origin() -> str:
    """The log's name in its checkpoints: the site's host. It may not hold spaces or plus signs."""
    return f"{settings.SITE_HOST or 'rostrum'}/audit"


def _key(where: Places) -> Ed25519PrivateKey:
    """The signing key, made once.

    Two processes starting together agree on one: the first to create it wins.
    """
    where.notes.mkdir(parents=True, exist_ok=True)
    if not where.private_key.exists():
        fresh = Ed25519PrivateKey.generate()
        pem = fresh.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        draft = Path(tempfile.mkstemp(dir=where.folder, prefix="key-")[1])  # mkstemp makes it 0600
        draft.write_bytes(pem)
        try:
            os.link(draft, where.private_key)
        except FileExistsError:
            pass  # the other process was first: its key is the key
        finally:
            draft.unlink()
    key = load_pem_private_key(where.private_key.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise CheckpointRefused("The checkpoint key is not an Ed25519 key.")
    if not where.public_key.exists():
        _write(where.public_key, chain.public_line(origin(), key.public_key()))
    return key


def _write(path: Path, text: str) -> None:
    """Writes a file so that it is there whole or not at all, also after a power cut."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).chmod(0o644)
    Path(draft).replace(path)


def latest() -> chain.Checkpoint | None:
    """The newest checkpoint of this machine's witness, its signature checked. Raises chain.BadNote."""
    where = places()
    newest = max(where.notes.glob("*.note"), default=None)  # names are sizes with leading zeros
    if newest is None:
        return None
    try:
        signer = chain.read_public_line(where.public_key.read_text(encoding="utf-8"))
        return chain.read_note(newest.read_text(encoding="utf-8"), *signer)
    except (chain.BadNote, OSError, UnicodeDecodeError) as error:
        raise chain.BadNote(f"Checkpoint {newest.name} cannot be believed: {error}.") from error


def fell_behind() -> bool:
    """Whether the log is shorter than its newest checkpoint: an old backup came back, or entries are gone.

    Also true for a checkpoint that cannot be believed: either way a person must look.
    """
    try:
        last = latest()
    except chain.BadNote:
        return True
    return last is not None and queries.head().size < last.size


def make() -> chain.Checkpoint | None:
    """Signs where the log stands, after checking that it only grew; None when there is nothing new to sign.

    The entries since the last checkpoint are re-computed on the way. Raises CheckpointRefused for a log that
    is smaller than the last checkpoint, whose entry at that size differs, or whose new entries do not stand,
    and chain.BadNote for an earlier checkpoint whose signature does not hold.
    """
    where = places()
    key = _key(where)
    name = chain.read_public_line(where.public_key.read_text(encoding="utf-8"))[0]
    last = latest() or chain.Checkpoint(name, 0, chain.GENESIS)
    now = queries.head()
    if now.size < last.size:
        raise CheckpointRefused(
            f"The log has {now.size} entries, and a checkpoint was signed when it had {last.size}."
        )
    if queries.hash_at(last.size) != last.head:
        raise CheckpointRefused(f"Entry {last.size} is not the one that the last checkpoint names.")
    if now.size == last.size:
        return None
    # Its redaction may stand in an entry before the last checkpoint: a full `audit verify` looks at that.
    report = chain.verify(queries.entries(after=last.size), start=last.size, prev=last.head)
    if report.fault and report.fault.what != chain.UNEXPLAINED:
        raise CheckpointRefused(f"Entry {report.fault.seq} does not stand: {report.fault.what}.")
    checkpoint = chain.Checkpoint(name, report.entries, report.head)
    _write(where.notes / f"{checkpoint.size:012d}.note", chain.sign(checkpoint, key))
    return checkpoint
