"""The whole public directory as signed files for any web host: pages, JSON, CSV, Atom, trust.txt, sums, signature."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from rostrum.directory.account import qr_svg
from rostrum.directory.asked import Asked
from rostrum.directory.atom import LANGUAGES, atom_of
from rostrum.directory.checking import MANIFEST, SIGNATURE
from rostrum.directory.linked import account_url, block, of_account
from rostrum.directory.rows import csv_of, json_of
from rostrum.directory.signing import private_key
from rostrum.directory.trust import trust_txt
from rostrum.directory.unit import card, site_name
from rostrum.directory.words import words
from rostrum.registry import directory as register
from rostrum.registry.dated import last_change
from rostrum.registry.listing import RETIRED, public_standing, speaks_for

SUMS = "SHA256SUMS"
ALL = 10_000_000
# The same data must give the same zip: its entries all bear the first moment that the format knows.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
OTHERS = {"en": ("fr", "Français"), "fr": ("en", "English")}


class Occupied(Exception):
    """The folder holds something that is no earlier export of ours: it is left alone."""


def files() -> dict[str, bytes]:
    """Every file of the export by its path. The same data makes the same bytes: no clock, no chance."""
    everything = Asked(retired=True)
    made = {
        "directory.json": json_of(everything, size=ALL)[0], "directory.csv": csv_of(everything),
        "directory.atom": atom_of(Asked(), size=ALL)[0], "trust.txt": trust_txt().encode(),
        "style.css": (settings.PACKAGE / "templates" / "directory" / "export.css").read_bytes(),
    }  # fmt: skip
    accounts = list(register.directory(retired=True))
    for account in accounts:
        made[f"accounts/{account.public_id}.svg"] = qr_svg(account_url(account)).encode()
    for lang in LANGUAGES:
        with translation.override(LANGUAGES[lang]):
            made |= _pages(accounts, lang)
    made["README.txt"] = _readme().encode()
    sums = "".join(f"{hashlib.sha256(made[path]).hexdigest()}  {path}\n" for path in sorted(made))
    made[SUMS] = sums.encode()
    changed = last_change()
    listed = [
        {"path": path, "sha256": hashlib.sha256(made[path]).hexdigest(), "bytes": len(made[path])}
        for path in sorted(made)
    ]
    manifest = {
        "what": "public directory of official accounts", "format": 1, "site": f"{settings.SITE_URL}/",
        "division": site_name(), "files": listed,
        "changed": timezone.localtime(changed).isoformat(timespec="seconds") if changed else None,
    }  # fmt: skip
    made[MANIFEST] = (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    made[SIGNATURE] = private_key().sign(made[MANIFEST])  # Ed25519 signs the same bytes alike each time
    return made


def zipped(made: dict[str, bytes]) -> bytes:
    """The files as one zip; equal files give an equal zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(made):
            entry = zipfile.ZipInfo(path, ZIP_DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, made[path])
    return out.getvalue()


def write_zip(made: dict[str, bytes], target: Path) -> None:
    """The zip at its place, whole or not at all. Raises OSError."""
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as file:
        file.write(zipped(made))
    Path(draft).chmod(0o644)
    Path(draft).replace(target)


def write_folder(made: dict[str, bytes], target: Path) -> None:
    """The files in a folder that is new, empty, or an earlier export of ours, which they replace as a whole.

    Raises Occupied for a folder that holds anything else, and OSError.
    """
    if target.exists() and not _ours(target):
        raise Occupied
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=target.parent, prefix=".new-"))
    try:
        draft.chmod(0o755)
        for path, data in made.items():
            place = draft / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        if target.exists():
            old = draft.with_name(draft.name.replace(".new-", ".old-"))
            target.rename(old)
            draft.rename(target)
            shutil.rmtree(old)
        else:
            draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _ours(folder: Path) -> bool:
    """Whether a folder is empty, or holds what an earlier export listed and nothing else."""
    if not folder.is_dir() or folder.is_symlink():
        return False
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    if not found:
        return True
    try:
        listed = {str(file["path"]) for file in json.loads((folder / MANIFEST).read_bytes())["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return found <= listed | {MANIFEST, SIGNATURE}


def _pages(accounts: list[Any], lang: str) -> dict[str, bytes]:
    """The list and a page per account, in the active language. English stands at the plain names."""
    known, tail = words(), "" if lang == "en" else f".{lang}"
    other, other_name = OTHERS[lang]
    other_tail = "" if other == "en" else f".{other}"
    around = {
        "lang": f"{lang}-CA", "tail": tail, "other_tail": other_tail, "other": other, "other_name": other_name,
        "division": site_name(), "site": settings.SITE_URL, "changed": last_change(),
    }  # fmt: skip
    live: list[dict[str, Any]] = []
    over: list[dict[str, Any]] = []
    pages: dict[str, bytes] = {}
    for account in accounts:
        standing = public_standing(account)
        shown = {
            **card(account, known), "id": account.public_id, "file": f"accounts/{account.public_id}{tail}.html",
            "standing": standing, "place": speaks_for(account),
            "kind": known.kinds.get(account.entity_kind, account.entity_kind), "live": account_url(account),
            "official_since": account.official_since, "standing_since": account.standing_since,
        }  # fmt: skip
        (over if standing == RETIRED else live).append(shown)
        page = render_to_string(
            "directory/export_account.html", {**around, "one": shown, "about": block(of_account(account)), "up": "../"}
        )
        pages[f"accounts/{account.public_id}{tail}.html"] = page.encode()
    index = render_to_string("directory/export_index.html", {**around, "live": live, "over": over, "up": ""})
    pages[f"index{tail}.html"] = index.encode()
    return pages


def _readme() -> str:
    site = settings.SITE_URL
    return (
        "\n\n".join(
            (
                f"{site_name()}: official social media accounts",
                "This folder is the whole public directory as files. Put it on any web host, or open index.html.\n"
                f"The directory of today: {site}/",
                "Is this copy whole and really the division's? Get the public key from the division itself, for example\n"
                f"from {site}/directory.pub, never from whoever gave you this copy. Then, in this folder:",
                "  openssl pkeyutl -verify -pubin -inkey directory.pub -rawin -in manifest.json -sigfile manifest.sig\n"
                '  grep -c "$(sha256sum SHA256SUMS | cut -c1-64)" manifest.json\n'
                "  sha256sum --check --quiet --strict SHA256SUMS",
                'It is when the first line says "Signature Verified Successfully", the second says 1 and the third says\n'
                "nothing. Files that SHA256SUMS does not list were added by somebody else, but for manifest.json and\n"
                "manifest.sig. `rostrum directory check FOLDER --public-key directory.pub` does all of this at once.",
                "Ce dossier contient tout le répertoire public. Ouvrez index.fr.html. Les trois commandes ci-dessus\n"
                f"vérifient qu'il est complet et signé; la clé publique se trouve à {site}/directory.pub.",
            )
        )
        + "\n"
    )
