"""The shell: sessions, second factor, languages, refusals, who gets in, what every page says and forbids."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import brotli
import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from django.conf import settings as real_settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpResponse
from django.template import Context, Template, engines
from django.test import Client, RequestFactory

from rostrum.people.models import Person
from rostrum.people.queries import roles_of
from rostrum.web import adapters, answers
from rostrum.web.context import Site
from tests.cast import PASSWORD, Cast
from tests.web.shell_urls import Probe

pytestmark = [pytest.mark.urls("tests.web.shell_urls"), pytest.mark.django_db]
PROBE = """{% extends "base_staff.html" %}
{% block title %}Probe{% endblock %}
{% block page_title %}Probe{% endblock %}
{% block content %}<form method="post">{% csrf_token %}{% form_errors form %}{{ form }}</form>
{% endblock %}"""


@pytest.fixture(autouse=True)
def _probe_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The desk's probe page lives in the test, not among the templates."""
    engine = engines["django"].engine
    find = engine.find_template

    def with_probe(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "web_probe.html":
            return Template(PROBE, engine=engine), None
        return find(name, *args, **kwargs)

    monkeypatch.setattr(engine, "find_template", with_probe)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    """The teacher at the desk."""
    client.force_login(cast.teacher)
    client.get("/staff/")
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def age(client: Client, *, started: int = 0, seen: int = 0) -> None:
    """Make the session older by some seconds."""
    session = client.session
    session["started_at"] -= started
    session["seen_at"] -= seen
    session.save()


class TestSession:
    def test_thirty_idle_minutes_end_it_and_the_page_is_waiting(self, desk: Client) -> None:
        age(desk, seen=real_settings.SESSION_IDLE_SECONDS + 1)
        answer = desk.get("/staff/accounts/?page=2")
        assert answer.status_code == 302
        assert answer["Location"] == "/me/login/?next=%2Fstaff%2Faccounts%2F%3Fpage%3D2&why=idle"
        assert "nothing happened here for 30 minutes" in text(desk.get(answer["Location"]))
        assert "_auth_user_id" not in desk.session

    def test_twelve_hours_end_it_however_busy(self, desk: Client) -> None:
        age(desk, started=real_settings.SESSION_ABSOLUTE_SECONDS + 1)
        assert "why=long" in desk.get("/staff/")["Location"]

    def test_what_was_typed_is_shown_back_but_no_secret(self, desk: Client) -> None:
        age(desk, seen=real_settings.SESSION_IDLE_SECONDS + 1)
        answer = desk.post(
            "/staff/", {"name": "Grade <4>", "password": "hunter22", "csrfmiddlewaretoken": "zztokenzz"}
        )
        assert answer.status_code == 403
        assert "Grade &lt;4&gt;" in text(answer)
        assert "hunter22" not in text(answer)
        assert "zztokenzz" not in text(answer)

    def test_machines_and_live_parts_are_told_in_their_own_way(self, desk: Client) -> None:
        age(desk, seen=real_settings.SESSION_IDLE_SECONDS + 1)
        answer = desk.get("/staff/", headers={"Accept": "application/json"})
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")

    def test_a_public_page_stays_open_for_whoever_was_signed_out(self, desk: Client) -> None:
        age(desk, seen=real_settings.SESSION_IDLE_SECONDS + 1)
        assert desk.get("/").status_code == 200

    def test_the_last_request_is_noted_once_a_minute(self, desk: Client) -> None:
        before = desk.session["seen_at"]
        desk.get("/staff/")
        assert desk.session["seen_at"] == before
        age(desk, seen=61)
        desk.get("/staff/")
        assert desk.session["seen_at"] >= before

    def test_signing_out_wipes_the_browser(self, desk: Client) -> None:
        answer = desk.post("/me/logout/")
        assert answer["Clear-Site-Data"] == '"cache", "storage"'
        assert "_auth_user_id" not in desk.session


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def _required(self, settings: Any) -> None:
        settings.SECOND_FACTOR_REQUIRED = True

    def test_an_approver_without_one_is_sent_to_set_it_up(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.principal)
        answer = client.get("/staff/")
        assert answer["Location"] == "/me/2fa/?why=required"
        assert "Set one up to go on" in text(client.get(answer["Location"]))

    def test_with_one_the_desk_opens(self, client: Client, cast: Cast) -> None:
        Authenticator.objects.create(user=cast.principal, type=Authenticator.Type.TOTP, data={"secret": "x"})
        client.force_login(cast.principal)
        assert client.get("/staff/").status_code == 200

    def test_who_only_asks_needs_none(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.teacher)
        assert client.get("/staff/").status_code == 200


class TestLanguage:
    def test_a_person_reads_in_their_own_language(self, client: Client, cast: Cast) -> None:
        Person.objects.filter(pk=cast.teacher.pk).update(language="fr-ca")
        client.force_login(cast.teacher)
        assert '<html lang="fr-CA">' in text(client.get("/staff/", headers={"Accept-Language": "en"}))

    def test_the_switch_keeps_the_page_and_is_remembered(self, desk: Client, cast: Cast) -> None:
        answer = desk.post("/language", {"language": "fr-ca", "next": "/staff/accounts/?page=2"})
        assert answer["Location"] == "/staff/accounts/?page=2"
        assert answer.cookies["language"].value == "fr-ca"
        assert Person.objects.get(pk=cast.teacher.pk).language == "fr-ca"
        assert '<html lang="fr-CA">' in text(desk.get("/staff/"))

    def test_the_switch_works_without_signing_in_and_leads_nowhere_else(self, client: Client) -> None:
        answer = client.post("/language", {"language": "fr-ca", "next": "https://evil.example/"})
        assert answer["Location"] == "/"
        assert '<html lang="fr-CA">' in text(client.get("/"))
        assert "language" not in client.post("/language", {"language": "xx"}).cookies


class TestRefusals:
    @pytest.mark.parametrize(
        ("kind", "status"), [("not-you", 403), ("not-now", 409), ("too-late", 409), ("unusable", 422)]
    )
    def test_a_refusal_is_a_page_with_the_way_forward(self, desk: Client, kind: str, status: int) -> None:
        answer = desk.post(f"/staff/refuse/{kind}")
        page = text(answer)
        assert answer.status_code == status
        assert page.count("<h1") == 1
        assert "btn-primary" in page

    def test_a_refusal_for_machines_is_a_problem_document(self, client: Client) -> None:
        answer = client.get("/refuse/not-you", headers={"Accept": "application/json"})
        assert answer["Content-Type"] == "application/problem+json"
        body = json.loads(answer.content)
        assert body["type"].endswith("/problems/not-you")
        assert (body["status"], body["title"]) == (403, "Forbidden")
        assert body["clause"] == "ap-193@2015-09#3.1"
        assert body["detail"] == "Only the principal can endorse this."

    def test_what_is_wrong_with_which_field_is_in_it(self, client: Client) -> None:
        body = json.loads(client.get("/refuse/unusable", headers={"Accept": "application/json"}).content)
        assert body["fields"] == {"name": ["Write a name."]}

    def test_a_bug_says_nothing_of_itself_but_its_number(self, client: Client) -> None:
        client.raise_request_exception = False
        answer = client.get("/fail")
        assert answer.status_code == 500
        assert answer["X-Request-ID"] in text(answer)
        assert "a bug" not in text(answer)

    def test_nothing_there(self, client: Client) -> None:
        assert client.get("/nowhere").status_code == 404
        body = client.get("/nowhere", headers={"Accept": "application/json"}).content
        assert json.loads(body)["type"].endswith("/problems/not-found")

    def test_an_old_form_gives_back_what_was_typed(self, cast: Cast) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(cast.teacher)
        answer = strict.post("/staff/", {"name": "Grade 4"})
        assert answer.status_code == 403
        assert "Grade 4" in text(answer)


class TestEveryPage:
    @pytest.mark.parametrize(
        "address", ["/", "/staff/", "/me/login/", "/me/2fa/", "/me/password/change/", "/nowhere"]
    )
    def test_one_heading_a_title_and_nothing_inline(self, desk: Client, address: str) -> None:
        if address == "/me/login/":
            desk.logout()
        page = text(desk.get(address))
        assert page.count("<h1") == 1
        assert re.search(r"<title>[^<–]+ – [^<]+</title>", page)
        assert 'href="#main"' in page
        assert 'id="main"' in page
        assert not re.search(r"\sstyle=|\son[a-z]+=", page)
        scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))", page)
        assert scripts == []
        assert "http://" not in page.replace("http://testserver", "").replace("http://www.w3.org", "")

    def test_the_policy_forbids_everything_inline_and_from_elsewhere(self, client: Client) -> None:
        policy = client.get("/")["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy

    def test_the_desk_is_kept_by_no_browser_and_the_public_side_sets_no_cookie(self, desk: Client) -> None:
        assert "no-store" in desk.get("/staff/")["Cache-Control"]
        assert "no-store" in desk.get("/me/2fa/")["Cache-Control"]
        public = Client().get("/")
        assert not public.cookies
        assert "no-store" not in public.get("Cache-Control", "")

    def test_every_request_has_a_number_of_our_own(self, client: Client) -> None:
        answer = client.get("/", headers={"X-Request-ID": "chosen by a stranger"})
        assert re.fullmatch(r"[0-9a-f]{16}", answer["X-Request-ID"])

    def test_five_entries_at_the_most_and_the_one_that_is_open(self, desk: Client, cast: Cast) -> None:
        page = text(desk.get("/staff/accounts/"))
        nav = page[page.index('class="bar-nav"') : page.index("</nav>")]
        assert nav.count("<li>") <= 5
        assert re.findall(r'href="([^"]+)" aria-current="page"', nav) == ["/staff/accounts/"]

    def test_the_colours_may_be_kept_until_they_change(self, client: Client) -> None:
        assert client.get("/brand.css")["Cache-Control"] == "public, max-age=300"
        address = re.search(r'href="(/brand\.css\?v=[0-9a-f]+)"', text(client.get("/")))
        assert address
        assert "immutable" in client.get(address[1])["Cache-Control"]

    def test_a_first_visit_weighs_less_than_asked(self) -> None:
        vendor = Path(real_settings.ROOT) / "build" / "vendor"
        if not (vendor / "app.css").exists():
            pytest.skip("the assets are not built")
        files = [
            vendor / "app.css",
            vendor / "icons.svg",
            Path(real_settings.PACKAGE) / "static" / "rostrum.js",
        ]
        assert sum(len(brotli.compress(path.read_bytes())) for path in files) < 60_000


class TestForms:
    def test_label_help_and_error_belong_to_the_field(self) -> None:
        drawn = str(Probe({"name": ""}))
        assert '<label class="form-label" for="id_name">Name</label>' in drawn
        assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
        assert 'id="id_name_helptext"' in drawn
        assert 'id="id_name_error"' in drawn
        assert 'aria-invalid="true"' in drawn
        assert "Note <span" in drawn
        assert "(optional)" in drawn
        assert "placeholder" not in drawn
        assert "<fieldset" in drawn

    def test_the_summary_links_to_each_field_and_the_title_says_error(self, desk: Client) -> None:
        page = text(desk.post("/staff/", {"name": ""}))
        assert "<title>Error: Probe" in page
        summary = page[
            page.index('class="problems"') : page.index("</ul></div>", page.index('class="problems"'))
        ]
        anchors = re.findall(r'href="#([^"]+)"', summary)
        assert anchors == ["id_name", "id_audience_0", "id_agreed"]
        assert all(f'id="{anchor}"' in page for anchor in anchors)

    def test_no_error_no_summary(self, desk: Client) -> None:
        page = text(desk.get("/staff/"))
        assert "<title>Probe" in page
        assert 'class="problems"' not in page


class TestPieces:
    def draw(self, source: str, **values: Any) -> str:
        return Template(source).render(Context(values))

    def test_a_status_is_word_colour_and_icon_and_escapes(self) -> None:
        drawn = self.draw("{% badge 'good' word %}", word="<b>Official</b>")
        assert "status-good" in drawn
        assert "#circle-check" in drawn
        assert "&lt;b&gt;Official" in drawn

    def test_a_clause_is_a_quiet_link(self) -> None:
        drawn = self.draw("{% clause 'ap-193@2015-09#3.1' %}")
        assert drawn == '<a class="clause" href="/procedure#clause-3.1">AP 193, 3.1</a>'
        assert self.draw("{% clause none %}", none=None) == ""

    def test_an_empty_timeline_says_so(self) -> None:
        assert "Nothing has happened yet" in self.draw('{% include "components/timeline.html" %}', entries=[])


class TestWhoGetsIn:
    def test_nobody_signs_up(self, client: Client, cast: Cast) -> None:
        before = Person.objects.count()
        answer = client.post("/me/signup/", {"email": "new@lpsd.ca", "password1": PASSWORD})
        assert "Nobody signs up here" in text(answer)
        assert Person.objects.count() == before

    @pytest.mark.urls("rostrum.config.urls")
    @pytest.mark.parametrize("page", ["email/", "3rdparty/", "3rdparty/signup/"])
    def test_nobody_gives_themselves_another_address(self, client: Client, cast: Cast, page: str) -> None:
        client.force_login(cast.teacher)
        assert client.get(f"/me/{page}").status_code == 404
        assert client.post(f"/me/{page}", {"email": "x@gmail.com", "action_add": "1"}).status_code == 404

    def test_a_known_person_signs_in(self, client: Client, cast: Cast) -> None:
        answer = client.post("/me/login/", {"login": "S.Nguyen@lpsd.ca", "password": PASSWORD})
        assert answer["Location"] == "/staff/"

    def test_a_wrong_password_and_an_unknown_address_sound_alike(self, client: Client, cast: Cast) -> None:
        def said(address: str) -> list[str]:
            page = text(client.post("/me/login/", {"login": address, "password": "not the right one"}))
            return re.findall(r"<li>([^<]+)</li>", page[page.index('class="problems"') :])[:1]

        assert said("s.nguyen@lpsd.ca") == said("nobody@lpsd.ca")

    def test_the_demo_door_is_shut_outside_the_demonstration(self, client: Client, cast: Cast) -> None:
        assert client.post("/demo/sign-in", {"email": cast.teacher.email}).status_code == 404

    def test_the_demo_door_opens_for_the_people_offered_only(
        self, client: Client, cast: Cast, settings: Any
    ) -> None:
        settings.DEMO = True
        settings.DEMO_ROLES_PROVIDER = "tests.web.test_shell.offered"
        assert client.post("/demo/sign-in", {"email": cast.principal.email}).status_code == 404
        assert client.post("/demo/sign-in", {"email": cast.teacher.email})["Location"] == "/staff/"
        assert client.session["_auth_user_id"] == str(cast.teacher.pk)


def offered() -> list[SimpleNamespace]:
    return [SimpleNamespace(email="s.nguyen@lpsd.ca", name="Sofia Nguyen", words="Teacher")]


class TestDivisionSignIn:
    """What the adapter makes of what Google or Microsoft said."""

    def arrive(self, email: str, *, verified: bool = True, wanted: str = "", **claims: str) -> Any:
        connected: list[Person] = []
        login = SimpleNamespace(
            is_existing=False,
            email_addresses=[SimpleNamespace(email=email, verified=verified)],
            account=SimpleNamespace(extra_data={"userinfo": {"name": "New Person", **claims}}),
            provider=SimpleNamespace(app=SimpleNamespace(settings={"hosted_domain": wanted})),
            connect=lambda _request, person: connected.append(person),
        )
        request = RequestFactory().get("/")
        request.user = AnonymousUser()
        adapters.SocialAccountAdapter(request).pre_social_login(request, login)
        return connected[0]

    def refused(self, *args: Any, **kwargs: Any) -> str:
        with pytest.raises(ImmediateHttpResponse) as refusal:
            self.arrive(*args, **kwargs)
        response: HttpResponse = refusal.value.response
        assert response.status_code == 403
        return text(response)

    def test_a_verified_address_of_a_known_person(self, cast: Cast) -> None:
        assert self.arrive("S.Nguyen@lpsd.ca") == cast.teacher

    def test_an_unverified_address_is_nobody(self, cast: Cast) -> None:
        assert "did not confirm" in self.refused("s.nguyen@lpsd.ca", verified=False)

    def test_work_mail_makes_a_person_without_any_role(self, cast: Cast) -> None:
        person = self.arrive("k.morin@lpsd.ca")
        assert (person.name, person.has_usable_password()) == ("New Person", False)
        assert roles_of(person) == set()

    @pytest.mark.parametrize("address", ["k.morin@gmail.com", "k.morin@lpsd.ca.evil.com", "k.morin@1psd.ca"])
    def test_other_mail_makes_nobody(self, cast: Cast, address: str) -> None:
        before = Person.objects.count()
        assert "not a work address" in self.refused(address)
        assert Person.objects.count() == before

    def test_google_must_name_the_divisions_workspace(self, cast: Cast) -> None:
        assert "lpsd.ca" in self.refused("s.nguyen@lpsd.ca", wanted="lpsd.ca")
        assert "lpsd.ca" in self.refused("s.nguyen@lpsd.ca", wanted="lpsd.ca", hd="evil.example")
        assert self.arrive("s.nguyen@lpsd.ca", wanted="lpsd.ca", hd="lpsd.ca") == cast.teacher

    def test_who_has_left_stays_out(self, cast: Cast) -> None:
        Person.objects.filter(pk=cast.teacher.pk).update(is_active=False)
        assert "closed" in self.refused("s.nguyen@lpsd.ca")


class TestReports:
    def send(self, client: Client, body: bytes) -> int:
        return client.post("/csp-report", body, content_type="application/csp-report").status_code

    def test_directive_and_path_only(self, client: Client, caplog: pytest.LogCaptureFixture) -> None:
        report = {
            "effective-directive": "img-src",
            "document-uri": "http://testserver/staff/?q=secret",
            "blocked-uri": "x",
        }
        assert self.send(client, json.dumps({"csp-report": report}).encode()) == 204
        assert "img-src" in caplog.text
        assert "/staff/" in caplog.text
        assert "secret" not in caplog.text

    def test_rubbish_and_floods_are_turned_away(self, client: Client) -> None:
        assert self.send(client, b"[1]") == 400
        assert self.send(client, b"x" * 20_000) == 413
        codes = [self.send(client, b"{}") for _ in range(answers.REPORTS_PER_MINUTE)]
        assert codes[-1] == 429


def test_the_shell_costs_a_feed_nothing(django_assert_num_queries: Any) -> None:
    request = RequestFactory().get("/")
    with django_assert_num_queries(0):
        Site(request)
