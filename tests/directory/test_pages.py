"""The public pages: what they show and hide, how they may be kept, how many queries they cost, what they weigh."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rostrum.core import clock
from rostrum.people.actions import add_unit
from rostrum.registry.change_models import AccountSplit
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from tests.cast import Cast, approved, sent_registration
from tests.directory.conftest import Accounts

pytestmark = pytest.mark.django_db
PUBLIC = ("/", "/?q=readers", "/verify", "/procedure", "/procedure/2015-09")


def text_of(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def names(page: str) -> list[str]:
    return re.findall(r'class="acct-name" href="[^"]+">([^<]+)<', page)


def test_everything_official_is_listed_and_nothing_else(accounts: Accounts, cast: Cast, client: Client) -> None:
    waiting, unregistered = sent_registration(cast).request, approved(cast)
    page = text_of(client, "/")
    listed = (accounts.facebook, accounts.insta, accounts.suspended, accounts.youtube, accounts.blog)
    assert sorted(names(page)) == sorted(account.name for account in listed)
    assert "5 accounts" in page
    for request in (waiting, unregistered):
        assert request.name not in page
    assert "Do not rely on it for now" in page
    assert accounts.retired.name not in page


def test_retired_accounts_are_shown_as_retired(accounts: Accounts, client: Client) -> None:
    page = text_of(client, "/", retired="1")
    assert accounts.retired.name in names(page)
    assert "6 accounts, retired ones included" in page
    assert "acct-over" in page
    assert "<span>Retired</span>" in page


@pytest.mark.parametrize("typed", ["ecole rendell", "ÉCOLE", "école", "e\u0301cole", "ECOLE park", "rendellparkscho"])
def test_accents_and_case_do_not_matter(accounts: Accounts, client: Client, typed: str) -> None:
    assert names(text_of(client, "/", q=typed)) == [accounts.facebook.name]


def test_filters_and_school_pages(accounts: Accounts, cast: Cast, client: Client) -> None:
    assert len(names(text_of(client, "/", school="rendell"))) == 5
    assert names(text_of(client, "/", school="winston")) == []
    assert len(names(text_of(client, "/", school="lpsd"))) == 5
    assert names(text_of(client, "/", platform="youtube")) == [accounts.youtube.name]
    assert len(names(text_of(client, "/", kind="classroom"))) == 5
    assert names(text_of(client, "/", kind="team")) == []
    page = text_of(client, "/", school="rendell", platform="blog", q="readers")
    assert names(page) == [accounts.blog.name]
    assert '<option value="rendell" selected>' in page
    assert '<option value="blog" selected>' in page
    assert "Official accounts: Rendell Park School" in page


def test_an_empty_list_says_what_to_do(accounts: Accounts, client: Client) -> None:
    page = text_of(client, "/", q="nothing like it")
    assert "No account fits" in page
    assert "Show all accounts" in page
    hidden = text_of(client, "/", q="albums")
    assert "1 retired account fits." in hidden
    assert "q=albums" in hidden
    assert "retired=1" in hidden
    assert "We have no school or department at this address" in text_of(client, "/", school="nowhere")


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00"}, {"q": "' OR 1=1 --"}, {"q": '" * NEAR('}, {"q": "a" * 9000}, {"page": "-1"},
        {"page": "999999999999"},
        {"page": "x"}, {"page": "²"}, {"school": "\x00"}, {"school": "a" * 500}, {"kind": "<b>"}, {"platform": "'"},
        {"q": "\x1e\x1f"}, {"q": "<script>alert(1)</script>"}, {"school": '"><script>'}, {"unknown": "1"},
    ],
)  # fmt: skip
def test_hostile_questions_get_a_page(accounts: Accounts, client: Client, query: dict[str, str]) -> None:
    page = text_of(client, "/", **query)
    assert "<script>alert" not in page
    assert '"><script>' not in page
    assert page.count("</html>") == 1


def copies(cast: Cast, accounts: Accounts, wanted: int) -> None:
    """Many accounts, quickly: rows alone, as only the list is looked at."""
    from rostrum.registry.models import AccountRequest, Registration

    base = accounts.insta
    for n in range(wanted):
        request = AccountRequest.objects.get(pk=base.registration.request_id)
        request.pk, request.ref, request.handle_key = None, f"T-{n}", f"copy{n}"
        request.save()
        registration = Registration.objects.get(pk=base.registration_id)
        registration.pk, registration.request = None, request
        registration.save()
        account = Account.objects.get(pk=base.pk)
        account.pk, account.registration = None, registration
        account.public_id, account.name, account.canonical_id = f"CPY{n:03}", f"Copy {n:03}", f"copy{n}"
        account.save()


def test_query_count_is_the_same_for_few_and_many(accounts: Accounts, cast: Cast, client: Client) -> None:
    addresses = (
        "/",
        "/?q=rendell",
        "/?platform=instagram&kind=classroom",
        "/?school=rendell",
        f"/accounts/{accounts.insta.public_id}",
    )

    def counted() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    few = counted()
    copies(cast, accounts, 60)
    assert counted() == few
    # In tests the schools, labels and shell are read each time: 5 queries that a running server makes twice a minute.
    assert max(few) <= 11, few


def test_paging_keeps_the_question(accounts: Accounts, cast: Cast, client: Client) -> None:
    copies(cast, accounts, 60)
    first = text_of(client, "/", q="gr4")
    assert "1–25 of 61" in first
    assert "?q=gr4&amp;page=2" in first
    second, last = text_of(client, "/", page="2"), text_of(client, "/", page="99")
    assert len(names(second)) == 25
    assert len(names(last)) == 15
    assert not set(names(second)) & set(names(last))


def test_no_cookies_and_a_minute_in_caches(accounts: Accounts, client: Client) -> None:
    for address in (*PUBLIC, f"/accounts/{accounts.insta.public_id}", f"/accounts/{accounts.insta.public_id}/qr.svg"):
        response = client.get(address)
        assert not response.cookies, address
        assert "Set-Cookie" not in response.headers
        assert response.headers["Cache-Control"].startswith("public, max-age="), address
        assert {"Cookie", "Accept-Language"} <= {part.strip() for part in response.headers["Vary"].split(",")}
        again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        assert again.headers["ETag"] == response.headers["ETag"]
        assert "csrf" not in response.content.decode().lower()


def test_the_tag_changes_with_the_page(accounts: Accounts, cast: Cast, client: Client) -> None:
    address = f"/accounts/{accounts.insta.public_id}"
    before = client.get(address).headers["ETag"]
    change_standing(accounts.insta, "suspend", by=cast.communications, reason="Stolen.")
    after = client.get(address, headers={"If-None-Match": before})
    assert after.status_code == 200
    assert "Do not rely on it for now" in after.content.decode()


def test_a_signed_in_reader_gets_a_page_of_their_own(accounts: Accounts, cast: Cast, client: Client) -> None:
    anonymous = client.get("/")
    client.force_login(cast.teacher)
    own = client.get("/")
    assert "My desk" in own.content.decode()
    assert "My desk" not in anonymous.content.decode()
    assert own.headers["Cache-Control"] == "private, no-cache"
    assert names(own.content.decode()) == names(anonymous.content.decode())


def test_french_and_english_do_not_mix(accounts: Accounts, client: Client) -> None:
    french = client.get("/", headers={"Accept-Language": "fr-CA"}).content.decode()
    english = client.get("/", headers={"Accept-Language": "en-CA"}).content.decode()
    assert '<html lang="fr-CA">' in french
    assert '<html lang="en-CA">' in english
    assert ">English</button>" in french
    assert ">Français</button>" in english


def test_the_switch_of_language_comes_back_to_this_page(accounts: Accounts, client: Client) -> None:
    page = text_of(client, "/", q='a&b"<', platform="x")
    assert '<input type="hidden" name="next" value="/?q=a%26b%22%3C&amp;platform=x">' in page


def test_first_visit_weighs_less_than_150_kb(accounts: Accounts, cast: Cast, client: Client) -> None:
    copies(cast, accounts, 30)
    response = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    page = gzip.decompress(response.content).decode()
    assert page == text_of(client, "/")
    total = len(response.content)
    assert total < 20_000, "a second visit costs this much"
    for name in set(re.findall(r'(?:href|src)="/static/([^"#]+)', page)):
        found = next(
            p for p in (settings.STATICFILES_DIRS[0][1] / name, Path(settings.ROOT) / "build" / name) if p.exists()
        )
        total += len(gzip.compress(found.read_bytes()))
    assert (
        "://"
        not in re.sub(
            r'(href|content)="https?://127\.0\.0\.1[^"]*"', "", re.sub(r"<title>.*?</title>", "", page)
        ).split("<main")[0]
    )
    assert total < 150_000, total


def test_an_account_in_any_letter_case_leads_to_its_one_address(accounts: Accounts, client: Client) -> None:
    public_id = accounts.insta.public_id
    for typed in (public_id.lower(), f"{public_id[:3]}-{public_id[3:]}", f"{public_id[:3]}%20{public_id[3:]}"):
        response = client.get(f"/accounts/{typed}")
        assert (response.status_code, response.headers["Location"]) == (301, f"/accounts/{public_id}")
    for typed in ("NOSUCH", "%00", "a" * 300, "..%2Fx", "<b>"):
        assert client.get(f"/accounts/{typed}").status_code == 404


def test_an_account_page_says_whom_it_speaks_for_and_no_person(accounts: Accounts, cast: Cast, client: Client) -> None:
    page = text_of(client, f"/accounts/{accounts.insta.public_id}")
    assert "This account is official" in page
    assert "Grade 4, Rendell Park School" in page
    assert 'href="https://www.instagram.com/rendellpark_gr4/" rel="me noopener"' in page
    assert "office.rendell@lpsd.ca" in page
    assert "780-555-0110" in page
    for person in (cast.teacher, cast.colleague, cast.principal, cast.communications):
        assert person.name not in page
        assert person.email not in page
    assert accounts.insta.mailbox not in page
    assert "Office vault" not in page


def test_an_account_that_was_a_part_of_another_names_it(accounts: Accounts, cast: Cast, client: Client) -> None:
    part, whole = accounts.blog, accounts.facebook
    assert "Once a part of" not in text_of(client, f"/accounts/{part.public_id}")
    AccountSplit.objects.create(
        account=whole, request=part.registration.request, reason="Readers have their own.", by=cast.teacher, at=clock.now()
    )
    page = text_of(client, f"/accounts/{part.public_id}")
    assert f'Once a part of</dt><dd><a href="/accounts/{whole.public_id}">{whole.name}</a>' in page
    assert "Readers have their own." not in page


def test_the_description_for_search_engines(accounts: Accounts, cast: Cast, client: Client) -> None:
    Account.objects.filter(pk=accounts.insta.pk).update(name="</script><b>&")
    cast.classroom.name = "Grade 4 </script>"
    cast.classroom.save()
    page = text_of(client, f"/accounts/{accounts.insta.public_id}")
    block = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert len(block) == 1
    data = json.loads(block[0])
    assert data["sameAs"] == ["https://www.instagram.com/rendellpark_gr4/"]
    assert data["name"] == "Grade 4 </script>, Rendell Park School"
    assert data["url"] == f"{settings.SITE_URL}/accounts/{accounts.insta.public_id}"


@pytest.mark.parametrize("state", ["retired", "suspended"])
def test_what_is_not_relied_on_claims_nothing(accounts: Accounts, cast: Cast, client: Client, state: str) -> None:
    account = getattr(accounts, state)
    page = text_of(client, f"/accounts/{account.public_id}")
    assert {"retired": "Retired: do not rely on it", "suspended": "Do not rely on it for now"}[state] in page
    assert page.index("answer answer-") < page.index("About this account")
    assert "sameAs" not in page
    assert 'rel="me' not in page
    assert f'href="{account.address}"' not in page
    assert "stolen" not in page
    assert "Its standing over time" in page


def test_a_unit_without_a_contact_is_reached_through_what_is_above_it(
    accounts: Accounts, cast: Cast, client: Client
) -> None:
    room = add_unit(kind="club", name="Chess Club", code="chess", parent=cast.classroom, by=None)
    Account.objects.filter(pk=accounts.blog.pk).update(unit=room)
    assert "office.rendell@lpsd.ca" in text_of(client, f"/accounts/{accounts.blog.public_id}")


def test_the_code_for_posters(accounts: Accounts, client: Client) -> None:
    response = client.get(f"/accounts/{accounts.insta.public_id}/qr.svg")
    assert response.headers["Content-Type"] == "image/svg+xml"
    svg = response.content.decode()
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ')
    assert "style" not in svg
    assert client.get(f"/accounts/{accounts.insta.public_id.lower()}/qr.svg").status_code == 301
    assert client.get("/accounts/NOSUCH/qr.svg").status_code == 404


def test_the_code_draws_exactly_its_modules() -> None:
    import qrcode

    from rostrum.directory.account import QUIET_ZONE, qr_svg

    text = "https://register.example.ca/accounts/ABC234"
    drawn = {
        (int(x) + step, int(y))
        for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h", qr_svg(text))
        for step in range(int(run))
    }
    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    wanted = {
        (x + QUIET_ZONE, y + QUIET_ZONE)
        for y, row in enumerate(code.get_matrix())
        for x, dark in enumerate(row)
        if dark
    }
    assert drawn == wanted


def test_every_clause_stands_on_the_procedure_page(cast: Cast, client: Client) -> None:
    page = text_of(client, "/procedure")
    numbers = [f"{part}.{n}" for part, last in ((1, 10), (2, 10), (3, 6)) for n in range(1, last + 1)]
    assert re.findall(r'<article class="card proc-clause" id="clause-([\d.]+)"', page) == numbers
    assert "Not set by the procedure:" in page
    assert "not set by the procedure" in page
    assert "Form 193-1" in page
    assert "Rostrum 2026-11" in page
    french = client.get("/procedure", headers={"Accept-Language": "fr"}).content.decode()
    assert "Le consentement d’abord" in french


def test_the_divisions_own_value_is_never_the_procedures(cast: Cast, client: Client) -> None:
    from rostrum.policies.actions import set_setting

    before = text_of(client, "/procedure")
    set_setting("decision_days.endorse", 5, by_name=cast.director.name, reason="Five days are enough.")
    after = text_of(client, "/procedure")
    assert "chosen by the division" not in before
    assert "chosen by the division" in after


def test_editions_are_found_by_their_label(cast: Cast, client: Client) -> None:
    assert client.get(reverse("directory:edition", args=["2015-09"])).status_code == 200
    for label in ("2014-01", "%00", "x" * 300):
        assert client.get(f"/procedure/{label}").status_code == 404


def test_only_reading_is_answered(accounts: Accounts, client: Client) -> None:
    for address in (*PUBLIC, f"/accounts/{accounts.insta.public_id}"):
        assert client.post(address).status_code == 405
        assert client.head(address).status_code == 200


def test_without_any_procedure_the_public_pages_still_answer(db: None, client: Client) -> None:
    from rostrum.policies.models import Edition

    Edition.objects.update(in_force=False)
    assert client.get("/").status_code == 200
    assert client.get("/verify").status_code == 200


def test_the_guard_of_search_syntax(accounts: Accounts, client: Client) -> None:
    for typed in (
        "AND OR NOT",
        "NEAR(a b)",
        "name:rendell",
        "rendell*",
        "^rendell",
        "-rendell",
        '"rendell',
        "rendell & park | x",
        "'a' <-> b",
    ):
        text_of(client, "/", q=typed)


@pytest.mark.parametrize("lang", ["en-ca", "fr-ca"])
def test_every_public_page_leads_to_what_programs_read(accounts: Accounts, client: Client, lang: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = lang
    for address in (*PUBLIC, f"/accounts/{accounts.facebook.public_id}"):
        page = text_of(client, address)
        foot = page[page.index('<footer class="foot">') :]
        links = [link for link in re.findall(r'href="([^"]+)"', foot) if not link.startswith("mailto:")]
        assert {"/api/docs", "/directory.json", "/directory.csv", "/directory.atom", "/trust.txt"} <= set(links)
        assert {client.get(link).status_code for link in links} == {200}
