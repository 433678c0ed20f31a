"""Pages of known accounts: nothing typed is lost, pictures are safe, a list is mended in the page, the public sees none."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rostrum.core import evidence
from rostrum.intake.accounts_models import AccountList
from rostrum.people.models import Person
from rostrum.registry import known
from rostrum.registry.known_models import KnownAccount, NoOthers
from rostrum.registry.models import AccountRequest
from tests.cast import Cast
from tests.intake.accounts_messy import messy
from tests.web.everywhere import A_PICTURE, a_known_account, a_staged_list

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 40 + b"\xff\xd9"


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def saw(client: Client, **changes: Any) -> Any:
    """Send the form "I found an account"."""
    typed = {"address": "https://x.com/rendellowls", "unit": "rendell", "note": "Our crest.", **changes}
    return client.post("/staff/known/found/", typed)


def test_a_sighting_comes_with_its_picture_and_goes_to_the_principal(cast: Cast) -> None:
    answer = saw(as_(cast.colleague), screenshot=SimpleUploadedFile("a.gif", A_PICTURE))
    it = KnownAccount.objects.get()
    assert answer["Location"] == f"/staff/known/{it.pk}/"
    assert (it.found_by, it.unit, it.screenshot_type) == (cast.colleague, cast.school, "png")
    seen = as_(cast.principal).get(f"/staff/known/{it.pk}/screenshot")
    assert seen.getvalue() == A_PICTURE
    assert seen["Content-Type"] == "image/png"
    assert seen["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in seen["Content-Security-Policy"]
    assert "no-store" in seen["Cache-Control"]
    assert as_(cast.charlie).get(f"/staff/known/{it.pk}/screenshot").status_code == 404
    assert "said to belong to Rendell Park School" in as_(cast.principal).get("/staff/").content.decode()


@pytest.mark.parametrize(
    "data", [b"<svg onload=alert(1)>", b"\xff\xd8\xff cut", A_PICTURE[:-8], b"GIF89a", b"%PDF-1.7", A_PICTURE[:16]]
)
def test_only_whole_png_and_jpeg_pictures_are_kept(cast: Cast, data: bytes) -> None:
    answer = saw(as_(cast.teacher), screenshot=SimpleUploadedFile("picture.png", data, "image/png"))
    assert answer.status_code == 422
    assert "not a whole PNG" in answer.content.decode()
    assert "rendellowls" in answer.content.decode()  # what was typed is still there
    assert not KnownAccount.objects.exists()


def test_what_a_picture_is_decides_and_not_its_name() -> None:
    assert evidence.kind_of(JPEG) == "jpg"
    assert evidence.kind_of(A_PICTURE) == "png"
    with pytest.raises(ValueError, match="no file of ours"):
        evidence.path_of("../../secret.key", "png")


def test_a_picture_that_is_too_large_is_refused(cast: Cast) -> None:
    big = A_PICTURE[:-12] + b"\x00" * evidence.MOST_BYTES + A_PICTURE[-12:]
    page = saw(as_(cast.teacher), screenshot=SimpleUploadedFile("p.png", big))
    assert "larger than 5 MB" in page.content.decode()


def test_an_address_is_read_as_soon_as_the_field_is_left(cast: Cast) -> None:
    client = as_(cast.teacher)
    told = client.post("/staff/known/found/", {"address": "x.com/RendellOwls"}, headers={"accept": "application/json"})
    assert "https://x.com/rendellowls" in told.json()["help"]["address"]
    assert not KnownAccount.objects.exists()
    a_known_account(cast)
    typed = {"address": "https://instagram.com/RendellParkMascot"}
    told = client.post("/staff/known/found/", typed, headers={"accept": "application/json"})
    assert "known already" in told.json()["help"]["address"]


def test_the_principal_answers_and_nothing_typed_is_lost(cast: Cast) -> None:
    it, client = a_known_account(cast), as_(cast.principal)
    page = f"/staff/known/decide/{cast.school.pk}/"
    wrong = {f"answer-{it.pk}": "not_ours", f"reason-{it.pk}": "", f"seen-{it.pk}": "1", "no_others": "yes"}
    answer = client.post(page, wrong)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#reason-{it.pk}"' in text
    assert 'value="not_ours" checked' in text
    assert 'name="no_others" value="yes" checked' in text
    assert not NoOthers.objects.exists()
    right = {f"answer-{it.pk}": "ours", f"manager-{it.pk}": "other", f"other-{it.pk}": "O.CLARKE@lpsd.ca",
             f"seen-{it.pk}": "1", "_key": "once"}  # fmt: skip
    for _n in range(2):  # sent twice, done once
        assert client.post(page, right).status_code == 302
    assert AccountRequest.objects.get().requester == cast.colleague
    assert client.post(page, {"state": "official", "no_others": "yes"}).status_code == 422


def test_communications_ticks_and_approves(cast: Cast) -> None:
    it = a_known_account(cast)
    page = f"/staff/known/decide/{cast.school.pk}/"
    as_(cast.principal).post(page, {f"answer-{it.pk}": "ours", f"manager-{it.pk}": cast.teacher.email})
    request = AccountRequest.objects.get()
    client = as_(cast.communications)
    assert request.ref in client.get("/staff/known/approve/").content.decode()
    assert client.post("/staff/known/approve/", {}).status_code == 422
    assert client.post("/staff/known/approve/", {"tick": ["2019-0001"]}).status_code == 409
    done = client.post("/staff/known/approve/", {"tick": [request.ref], f"seen-{request.ref}": str(request.version)})
    assert done.status_code == 302
    request.refresh_from_db()
    assert request.state == "approved"


def test_three_hundred_rows_are_paged_mended_and_brought_in(cast: Cast, django_assert_max_num_queries: Any) -> None:
    book, wanted = messy()
    client = as_(cast.communications)
    answer = client.post("/staff/known/import/", {"file": SimpleUploadedFile("list.xlsx", book)})
    batch = AccountList.objects.get()
    page = f"/staff/known/import/{batch.pk}/"
    assert answer["Location"] == page
    with django_assert_max_num_queries(30):
        text = client.get(page).content.decode()
    assert f"{wanted['problem']} rows cannot be used yet" in text
    assert text.count("data-row") == 25
    assert client.get(f"{page}?show=all&page=12").content.decode().count("data-row") == 25
    assert client.post(page, {"act": "take"})["Location"] == f"{page}?show=problem"
    assert not KnownAccount.objects.exists()
    row = next(r for r in batch.rows.filter(level="problem") if r.cells[0] == "Rendel Prak Schol")
    assert 'name="use_unit" value="Rendell Park School"' in client.get(f"{page}?show=problem").content.decode()
    client.post(f"{page}rows/{row.number}/", {"use_unit": "Rendell Park School", "show": "look", "page": "1"})
    row.refresh_from_db()
    assert row.level in {"fine", "look"}
    for one in batch.rows.filter(level="problem"):
        client.post(f"{page}rows/{one.number}/", {"act": "skip", "show": "problem"})
    assert client.post(page, {"act": "take"})["Location"] == "/staff/known/schools/"
    assert KnownAccount.objects.count() == wanted["fine"] + wanted["look"] + 1
    assert "of" in client.get("/staff/known/schools/").content.decode()


def test_what_a_cell_holds_is_shown_as_text(cast: Cast) -> None:
    batch = a_staged_list(cast)
    row = batch.rows.get()
    client = as_(cast.communications)
    evil = '"><script>alert(1)</script>'
    client.post(f"/staff/known/import/{batch.pk}/rows/{row.number}/", {"cell-name": evil, "cell-address": evil})
    text = client.get(f"/staff/known/import/{batch.pk}/?show=all").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_the_public_side_knows_nothing_of_it(cast: Cast) -> None:
    it = a_known_account(cast)
    for page in ("/", "/?q=mascot", f"/verify?url={it.address}", "/directory.json"):
        text = Client().get(page).content.decode()
        assert "known" not in text.lower() or "unknown" in text.lower() or page == "/directory.json"
        assert "rendellparkmascot" not in text.replace(it.address, "").replace("rendellparkmascot/", "")
    assert Client().get("/staff/known/found/").status_code == 302


def test_one_answer_for_all_others_leaves_what_was_answered_alone(cast: Cast) -> None:
    names = ("rendellotters", "rendellherons", "rendellquilters", "rendellchess")
    entries = [known.entry_of(f"https://www.instagram.com/{name}", cast.school, name=name.title()) for name in names]
    many = known.bring_in(entries, by=cast.communications, source="list.csv")
    client, page = as_(cast.principal), f"/staff/known/decide/{cast.school.pk}/"
    assert "All others on this page" in client.get(page).content.decode()
    typed = {f"seen-{it.pk}": str(it.version) for it in many[:3]}  # the fourth came in the meantime
    typed |= {f"answer-{many[0].pk}": "not_ours", f"reason-{many[0].pk}": "A club in town.", "rest": "ours"}
    answer = client.post(page, typed)  # nobody is named for the others
    assert answer.status_code == 422
    assert 'name="rest" value="ours" checked' in answer.content.decode()
    assert not AccountRequest.objects.exists()
    assert client.post(page, typed | {"rest_manager": cast.teacher.email}).status_code == 302
    assert [KnownAccount.objects.get(pk=it.pk).state for it in many] == ["disowned", "claimed", "claimed", "known"]
