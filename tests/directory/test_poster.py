"""The poster: a tagged PDF in the reader's language and a picture, with nothing on it that a name could command."""

from __future__ import annotations

import re
import zlib
from typing import Any

import pytest
import typst
from django.core.cache import cache
from django.test import Client

from rostrum.directory import poster
from rostrum.people.models import Unit
from rostrum.registry.models import Account
from tests.cast import Cast
from tests.directory.conftest import Accounts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def inside(pdf: bytes) -> bytes:
    """The file with its compressed parts unpacked, as far as they are text."""
    parts = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            parts.append(zlib.decompress(found.group(1)))
        except zlib.error:
            continue
    return b"\n".join(parts)


@pytest.mark.parametrize(("lang", "paper", "box"), [("en", "letter", (612, 792)), ("fr", "a4", (595, 842))])
def test_a_pdf_that_screen_readers_follow(
    accounts: Accounts, client: Client, lang: str, paper: str, box: tuple[int, int]
) -> None:
    response = client.get(f"/units/rendell/poster.pdf?lang={lang}&paper={paper}")
    assert response.headers["Content-Type"] == "application/pdf"
    text = inside(response.content)
    assert response.content.startswith(b"%PDF-")
    assert b"pdfuaid" in text, "PDF/UA: tagged, with a title and every picture described"
    assert b"/Lang" in text
    assert f"({lang}-CA)".encode() in text
    size = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", text)
    assert size
    assert (int(float(size[1])), int(float(size[2]))) in {box, (box[0], box[1] - 1)}
    assert text.count(b"/Type /Page\n") + text.count(b"/Type/Page/") + text.count(b"/Type /Page/") <= 1


def test_a_picture_for_screens(accounts: Accounts, client: Client) -> None:
    response = client.get("/units/rendell/poster.png")
    assert response.headers["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(response.content[16:20]) == 1224


def test_what_stands_on_it(accounts: Accounts, cast: Cast) -> None:
    data = poster.poster_data(cast.school, "en")
    assert data["unit"] == "Rendell Park School"
    assert {one["name"] for one in data["accounts"]} == {
        account.name for account in (accounts.insta, accounts.facebook, accounts.youtube, accounts.blog)
    }
    assert data["url"].endswith("/units/rendell")
    assert data["day"].startswith("As of ")
    assert len(data["steps"]) == 3
    shortened = [*poster.official_of(cast.school)] * 4
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(poster, "official_of", lambda _unit: shortened)
        many = poster.poster_data(cast.school, "en")
    assert len(many["accounts"]) == poster.MOST
    assert many["more"] == f"and {16 - poster.MOST} more on the page"


@pytest.mark.parametrize(
    "name",
    ['#panic("x")', '"] + read("/etc/passwd") + ["', "$ x ] } \\ `", "*_@<label>_*", "École Ñandú ᓀᐦᐃᔭᐍᐏᐣ", "W" * 120],
)
def test_no_name_is_a_command(accounts: Accounts, client: Client, name: str) -> None:
    Unit.objects.filter(code="rendell").update(name=name)
    Account.objects.filter(pk=accounts.insta.pk).update(name=name, handle=name)
    for kind in ("pdf", "png"):
        assert client.get(f"/units/rendell/poster.{kind}").status_code == 200


def test_drawn_once_while_nothing_changes(accounts: Accounts, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []
    compile_ = typst.compile
    monkeypatch.setattr(poster.typst, "compile", lambda *a, **k: (calls.append(a), compile_(*a, **k))[1])
    first = client.get("/units/rendell/poster.pdf").content
    assert client.get("/units/rendell/poster.pdf").content == first
    assert len(calls) == 1
    Unit.objects.filter(code="rendell").update(name="École Rendell Park")
    assert client.get("/units/rendell/poster.pdf").content != first
    assert len(calls) == 2


@pytest.mark.parametrize(
    "address", ["rendell/poster.exe", "rendell/poster.pdf?paper=a0", "rendell/poster.pdf?lang=de", "x/poster.pdf"]
)
def test_what_is_not_offered_is_not_there(accounts: Accounts, client: Client, address: str) -> None:
    assert client.get(f"/units/{address}").status_code == 404
