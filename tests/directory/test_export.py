"""The signed copy: whole, deterministic, readable from a folder, and any change to it is named."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from rostrum.core import clock
from rostrum.directory.checking import Bundle, Report, Unreadable, check, open_copy, read_key
from rostrum.directory.export import Occupied, files, write_folder, write_zip, zipped
from rostrum.directory.signing import key_file, public_pem
from rostrum.management.cli import main
from rostrum.people.models import Person
from rostrum.registry.standing import change_standing
from tests.cast import Cast
from tests.directory.conftest import Accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def copy(accounts: Accounts, tmp_path: Path) -> Path:
    """A copy in a folder, and the key beside it."""
    write_folder(files(), tmp_path / "copy")
    (tmp_path / "directory.pub").write_bytes(public_pem())
    return tmp_path / "copy"


def checked(copy: Path) -> Report:
    return check(open_copy(copy), read_key(copy.parent / "directory.pub"))


def faults(copy: Path) -> list[tuple[str, str]]:
    return [(fault.what, fault.path) for fault in checked(copy).faults]


def test_it_holds_the_whole_public_directory(accounts: Accounts, client: Client) -> None:
    made = files()
    assert {"index.html", "index.fr.html", "directory.json", "directory.csv", "directory.atom", "trust.txt", "README.txt",
            "style.css", "SHA256SUMS", "manifest.json", "manifest.sig"} <= set(made)  # fmt: skip
    for account in vars(accounts).values():
        for tail in (".html", ".fr.html", ".svg"):
            assert f"accounts/{account.public_id}{tail}" in made
        assert account.name in made["index.html"].decode()
    assert "Do not rely on it" in made[f"accounts/{accounts.retired.public_id}.html"].decode()
    assert made["trust.txt"] == client.get("/trust.txt").content
    assert made["directory.csv"] == client.get("/directory.csv?retired=1").content
    everything = b"".join(made.values()).decode("utf-8", "ignore")
    for person in Person.objects.all():
        assert person.name not in everything
        assert person.email not in everything


def test_its_links_lead_somewhere_inside_and_nothing_runs(copy: Path) -> None:
    for page in copy.rglob("*.html"):
        text = page.read_text()
        assert not re.search(r"<script(?! type=\"application/ld\+json\")|\son\w+=|style=|javascript:", text), page
        for link in re.findall(r'(?:href|src)="([^"]+)"', text):
            if not link.startswith(("https://", "http://", "mailto:")):
                assert (page.parent / link).resolve().is_file(), f"{page.name}: {link}"


def test_the_same_data_makes_the_same_bytes(accounts: Accounts, cast: Cast) -> None:
    first = zipped(files())
    with clock.standing_at(clock.now() + timedelta(days=9)):
        assert zipped(files()) == first
        change_standing(accounts.insta, "close", by=cast.communications, reason="The class is over.")
        assert zipped(files()) != first


def test_a_whole_copy_stands(copy: Path) -> None:
    report = checked(copy)
    assert report.faults == ()
    assert report.files == len([path for path in copy.rglob("*") if path.is_file()]) - 2
    write_zip(files(), copy.parent / "copy.zip")
    assert check(open_copy(copy.parent / "copy.zip"), read_key(copy.parent / "directory.pub")).faults == ()


def _append(path: str) -> Callable[[Path], object]:
    return lambda copy: (copy / path).write_bytes((copy / path).read_bytes() + b" ")


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (_append("index.html"), [("changed", "index.html")]),
        (_append("SHA256SUMS"), [("changed", "SHA256SUMS")]),
        (lambda copy: (copy / "trust.txt").unlink(), [("missing", "trust.txt")]),
        (lambda copy: (copy / "accounts" / "evil.html").write_text("x"), [("added", "accounts/evil.html")]),
        (lambda copy: (copy / ".hidden").write_text("x"), [("added", ".hidden")]),
        (_append("manifest.json"), [("unsigned", "manifest.json")]),
        (_append("manifest.sig"), [("unsigned", "manifest.json")]),
        (lambda copy: (copy / "manifest.sig").unlink(), [("missing", "manifest.sig")]),
        (lambda copy: ((copy / "trust.txt").unlink(), (copy / "trust.txt").symlink_to("/etc/passwd")),
         [("changed", "trust.txt")]),
        (lambda copy: (_append("index.html")(copy), (copy / "style.css").unlink(), (copy / "new").write_text("")),
         [("changed", "index.html"), ("missing", "style.css"), ("added", "new")]),
    ],
)  # fmt: skip
def test_every_change_is_named(copy: Path, harm: Callable[[Path], object], found: list[tuple[str, str]]) -> None:
    harm(copy)
    assert faults(copy) == found


def test_another_key_signs_nothing_of_ours(copy: Path) -> None:
    other = Ed25519PrivateKey.generate()
    manifest = json.loads((copy / "manifest.json").read_bytes())
    (copy / "manifest.json").write_text(json.dumps(manifest))
    (copy / "manifest.sig").write_bytes(other.sign((copy / "manifest.json").read_bytes()))
    assert faults(copy) == [("unsigned", "manifest.json")]
    pem = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (copy.parent / "directory.pub").write_bytes(pem)
    assert faults(copy) == []


@given(data=st.binary(max_size=400))
def test_no_input_is_a_crash(data: bytes) -> None:
    key = Ed25519PrivateKey.generate()
    bundle = Bundle(("manifest.json", "manifest.sig"), lambda name: data if name == "manifest.json" else key.sign(data))
    with suppress(Unreadable):
        check(bundle, key.public_key())


def test_a_damaged_zip_is_named(copy: Path) -> None:
    whole = zipped(files())
    target = copy.parent / "cut.zip"
    target.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unreadable):
        open_copy(target)
    damaged = bytearray(whole)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        entry = archive.getinfo("index.html")
    damaged[entry.header_offset + 60 : entry.header_offset + 70] = b"\xff" * 10
    target.write_bytes(bytes(damaged))
    assert ("changed", "index.html") in [
        (fault.what, fault.path) for fault in check(open_copy(target), read_key(copy.parent / "directory.pub")).faults
    ]


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl on this machine")
def test_the_three_lines_of_the_readme(copy: Path) -> None:
    shutil.copy(copy.parent / "directory.pub", copy / "directory.pub")
    lines = [line.strip() for line in (copy / "README.txt").read_text().splitlines() if line.startswith("  ")]
    assert len(lines) == 3

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["bash", "-c", line], cwd=copy, capture_output=True, text=True, check=False)

    assert [run(line).returncode for line in lines] == [0, 0, 0]
    assert "Signature Verified Successfully" in run(lines[0]).stdout
    assert run(lines[1]).stdout.strip() == "1"
    assert run(lines[2]).stdout == ""
    _append("index.html")(copy)
    assert run(lines[2]).returncode == 1
    sums = hashlib.sha256((copy / "index.html").read_bytes()).hexdigest()
    text = (copy / "SHA256SUMS").read_text()
    (copy / "SHA256SUMS").write_text(re.sub(r"\w{64}(?=  index\.html)", sums, text))
    assert run(lines[2]).returncode == 0, "forged sums fit, so the second line must tell"
    assert run(lines[1]).returncode == 1


def test_a_folder_of_others_is_left_alone(accounts: Accounts, tmp_path: Path) -> None:
    target = tmp_path / "site"
    write_folder(files(), target)
    write_folder(files(), target)  # an earlier copy is replaced
    (target / "holiday.jpg").write_text("mine")
    with pytest.raises(Occupied):
        write_folder(files(), target)
    assert (target / "holiday.jpg").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["site"], "nothing half-made stays behind"


def test_the_command_line(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, target = str(copy.parent / "directory.pub"), str(copy.parent / "fresh")
    assert main(["directory", "export", target]) == 0
    assert main(["directory", "check", target, "--public-key", key]) == 0
    assert "as the division signed them" in capsys.readouterr().out
    (Path(target) / "trust.txt").write_text("social=https://evil.test/\n")
    assert main(["directory", "check", target, "--public-key", key]) == 1
    assert "trust.txt was changed." in capsys.readouterr().err
    assert main(["directory", "check", target, "--public-key", key, "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["faults"][0]["path"]) == (False, "trust.txt")
    assert main(["directory", "check", "/nowhere", "--public-key", key]) == 2
    assert main(["directory", "check", target, "--public-key", f"{target}/README.txt"]) == 2
    assert main(["directory", "export", str(copy.parent)]) == 2
    assert "left alone" in capsys.readouterr().err
    assert main(["directory", "key"]) == 0
    assert capsys.readouterr().out.startswith("-----BEGIN PUBLIC KEY-----")


def test_communications_takes_it_from_the_workshop(accounts: Accounts, cast: Cast, client: Client) -> None:
    client.force_login(cast.communications)
    assert "Signed copy of the directory" in client.get("/staff/workshop/").content.decode()
    page = client.get("/staff/directory/").content.decode()
    assert "6 accounts, retired ones included" in page
    response = client.get("/staff/directory/export.zip")
    assert "no-store" in response.headers["Cache-Control"]
    assert response.content == zipped(files())
    assert client.get("/directory.pub").content == public_pem()
    assert key_file().stat().st_mode & 0o077 == 0
