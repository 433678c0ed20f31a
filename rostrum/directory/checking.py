"""Is a copy of the directory whole, and signed by the division? Needs nothing but the copy and the public key.

A copy is a folder or a zip with `manifest.json` (every file with its SHA-256), `manifest.sig` (the Ed25519 signature
of manifest.json, 64 bytes) and the files themselves.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
LARGEST = 64_000_000  # bytes of one file: what is larger cannot be ours, and must not fill the memory


class Unreadable(Exception):
    """The copy or the key cannot be read at all: nothing can be said about it."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a copy: `what` is unsigned, changed, missing or added."""

    what: str
    path: str
    words: str


@dataclass(frozen=True)
class Report:
    """What a check found. The copy is believed when there are no faults."""

    files: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Bundle:
    """The files of a copy by name, and how to read one; None when it is larger than ours ever are."""

    names: tuple[str, ...]
    read: Callable[[str], bytes | None]


def read_key(path: Path) -> Ed25519PublicKey:
    """The division's public key from a PEM file. Raises Unreadable."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path} holds no public key that can be read.") from error
    if not isinstance(key, Ed25519PublicKey):
        raise Unreadable(f"{path} holds a key of another kind; the directory is signed with Ed25519.")
    return key


def open_copy(path: Path) -> Bundle:
    """A folder or a zip as a bundle. Raises Unreadable."""
    if path.is_dir():
        names = sorted(
            found.relative_to(path).as_posix() for found in path.rglob("*") if found.is_symlink() or not found.is_dir()
        )
        return Bundle(tuple(names), lambda name: _from_folder(path, name))
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise Unreadable(f"{path} is neither a folder nor a zip that can be read.") from error
    names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    if len(names) != len(set(names)):
        raise Unreadable(f"{path} holds two files of one name.")
    return Bundle(tuple(sorted(names)), lambda name: _from_zip(archive, name))


def _from_folder(folder: Path, name: str) -> bytes | None:
    found = folder / name
    if found.is_symlink() or not found.is_file() or found.stat().st_size > LARGEST:
        return None
    return found.read_bytes()


def _from_zip(archive: zipfile.ZipFile, name: str) -> bytes | None:
    try:
        with archive.open(name) as file:
            data = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return None
    except Exception as error:  # zlib.error and its kin: a damaged file is a finding, not a failure of ours
        if type(error).__module__ in {"zlib", "lzma", "bz2"}:
            return None
        raise
    return data if len(data) <= LARGEST else None


def check(copy: Bundle, key: Ed25519PublicKey) -> Report:
    """Every fault of a copy. Without a good signature nothing else is looked at: the list itself may be forged."""
    manifest = copy.read(MANIFEST) if MANIFEST in copy.names else None
    signature = copy.read(SIGNATURE) if SIGNATURE in copy.names else None
    if manifest is None or signature is None:
        path = MANIFEST if manifest is None else SIGNATURE
        return Report(0, (Fault("missing", path, f"{path} is missing: this is no signed copy."),))
    try:
        key.verify(signature, manifest)
    except InvalidSignature:
        words = "The signature does not fit: the list of files was not signed with this key, or was changed since."
        return Report(0, (Fault("unsigned", MANIFEST, words),))
    try:
        listed = {str(file["path"]): str(file["sha256"]) for file in json.loads(manifest)["files"]}
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("The signed list of files cannot be read: it may come from a newer Rostrum.") from error
    faults = []
    for path, wanted in sorted(listed.items()):
        if path not in copy.names or ".." in PurePosixPath(path).parts:
            faults.append(Fault("missing", path, f"{path} is missing."))
            continue
        data = copy.read(path)
        if data is None or hashlib.sha256(data).hexdigest() != wanted:
            faults.append(Fault("changed", path, f"{path} was changed."))
    for path in copy.names:
        if path not in listed and path not in {MANIFEST, SIGNATURE}:
            faults.append(Fault("added", path, f"{path} was added: the division did not publish it."))
    return Report(len(listed), tuple(faults))
