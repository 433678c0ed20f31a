"""Checkpoints: a small witness that signs only a log which grew from the one it signed before."""

from __future__ import annotations

import base64
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from rostrum.audit import chain, checkpoints, queries
from rostrum.audit.actions import record, redact
from rostrum.audit.models import Event, EventPayload
from tests.guards import lifted


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """A data folder of this test's own."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "audit"


def speak(count: int) -> None:
    """So many entries about one unit."""
    with transaction.atomic():
        for n in range(count):
            record(None, "unit:change", None, subject=("unit", 1), note=str(n))


@pytest.mark.django_db
def test_a_checkpoint_says_size_and_head_under_a_signature(folder: Path) -> None:
    assert checkpoints.make() is None  # an empty log has nothing to sign
    speak(3)
    made = checkpoints.make()
    assert made == checkpoints.latest() == chain.Checkpoint("127.0.0.1/audit", 3, queries.head().hash)
    note = (folder / "checkpoints" / "000000000003.note").read_text()
    lines = note.split("\n")
    assert lines[:4] == [
        "127.0.0.1/audit",
        "3",
        base64.b64encode(bytes.fromhex(queries.head().hash)).decode(),
        "",
    ]
    assert lines[4].startswith("— 127.0.0.1/audit ")
    assert checkpoints.make() is None  # nothing new
    assert not checkpoints.fell_behind()
    assert stat.S_IMODE((folder / "checkpoint.key").stat().st_mode) == 0o600
    assert "PRIVATE" not in (folder / "checkpoint.pub").read_text()


@pytest.mark.django_db
def test_the_key_is_made_once(folder: Path) -> None:
    speak(1)
    checkpoints.make()
    key = (folder / "checkpoint.key").read_bytes()
    speak(1)
    checkpoints.make()
    assert (folder / "checkpoint.key").read_bytes() == key
    assert [note.size for note in chain.read_notes(folder / "checkpoints", folder / "checkpoint.pub")] == [
        1,
        2,
    ]


@pytest.mark.django_db(transaction=True)
def test_a_smaller_log_is_never_signed() -> None:
    speak(4)
    checkpoints.make()
    with lifted():
        EventPayload.objects.filter(event_id=4).delete()
        Event.objects.filter(seq=4).delete()
    assert checkpoints.fell_behind()
    with pytest.raises(checkpoints.CheckpointRefused, match="3 entries"):
        checkpoints.make()


@pytest.mark.django_db(transaction=True)
def test_a_log_with_another_past_is_never_signed() -> None:
    speak(4)
    checkpoints.make()
    with lifted():
        EventPayload.objects.filter(event_id=4).delete()
        Event.objects.filter(seq=4).delete()
    speak(3)
    with pytest.raises(checkpoints.CheckpointRefused, match="Entry 4"):
        checkpoints.make()


@pytest.mark.django_db(transaction=True)
def test_a_new_entry_that_does_not_stand_is_never_signed() -> None:
    speak(2)
    checkpoints.make()
    speak(3)
    with lifted():
        Event.objects.filter(seq=4).update(act="unit:close")
    with pytest.raises(checkpoints.CheckpointRefused, match="Entry 4"):
        checkpoints.make()


@pytest.mark.django_db
def test_a_redaction_before_or_after_a_checkpoint_does_no_harm() -> None:
    speak(3)
    checkpoints.make()
    redact("unit", 1, by=None, reason="Retention period over")
    assert checkpoints.make() == chain.Checkpoint("127.0.0.1/audit", 4, queries.head().hash)
    notes = chain.read_notes(checkpoints.places().notes, checkpoints.places().public_key)
    assert chain.verify(queries.entries(), notes).as_dict()["ok"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new"),
    [("\n3\n", "\n2\n"), ("127.0.0.1/audit\n3", "other/audit\n3"), ("— ", "- "), ("\n3\n", "\n03\n")],
)
def test_a_changed_checkpoint_is_not_believed(folder: Path, old: str, new: str) -> None:
    speak(3)
    checkpoints.make()
    path = folder / "checkpoints" / "000000000003.note"
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(chain.BadNote, match=r"000000000003\.note"):
        checkpoints.make()


def test_a_checkpoint_of_another_key_is_not_believed() -> None:
    mine, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    point = chain.Checkpoint("a/audit", 7, "ab" * 32)
    assert chain.read_note(chain.sign(point, mine), "a/audit", mine.public_key()) == point
    with pytest.raises(chain.BadNote, match="signature"):
        chain.read_note(chain.sign(point, other), "a/audit", mine.public_key())


@pytest.mark.parametrize("text", ["", "a", "a+b", "a+00000000+AAAA", "a+00000000+!!", "a+x+" + "AQ==" * 3])
def test_a_public_key_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(chain.BadNote):
        chain.read_public_line(text)


def test_a_public_key_reads_back() -> None:
    key = Ed25519PrivateKey.generate().public_key()
    name, read = chain.read_public_line(chain.public_line("x/audit", key))
    assert (name, read.public_bytes_raw()) == ("x/audit", key.public_bytes_raw())
