"""Signing in on the real addresses: passwords, throttles, resets, second factor, sessions, the division's own sign-in."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as real_settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from rostrum.core import clock
from rostrum.people.actions import note_departure, note_return
from rostrum.people.models import Person
from rostrum.people.queries import roles_of
from tests.cast import PASSWORD, Cast, submitted

pytestmark = pytest.mark.django_db
LOGIN, NEW_PASSWORD = "/me/login/", "another long sentence for tests"


@pytest.fixture(autouse=True)
def _fresh_throttles() -> Iterator[None]:
    """Throttles count in the cache: each test starts at nought."""
    cache.clear()
    yield
    cache.clear()


def text(response: Any) -> str:
    return unescape(response.content.decode())


def sign_in(client: Client, address: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": address, "password": password, **more})


def is_in(client: Client) -> bool:
    return bool(client.get("/staff/").status_code == 200)


def problems(response: Any) -> list[str]:
    """What the error summary says."""
    page = text(response)
    assert 'class="problems"' in page
    return re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", page[page.index('class="problems"') :])[:1]


class TestPassword:
    def test_the_right_one_opens_the_page_that_was_asked_for(self, client: Client, cast: Cast) -> None:
        asked = client.get("/staff/requests/?view=all")
        assert asked["Location"].startswith(f"{LOGIN}?next=")
        answer = client.post(asked["Location"], {
            "login": cast.teacher.email, "password": PASSWORD, "next": "/staff/requests/?view=all"
        })  # fmt: skip
        assert answer["Location"] == "/staff/requests/?view=all"
        assert is_in(client)

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
    def test_signing_in_leads_nowhere_else(self, client: Client, cast: Cast, elsewhere: str) -> None:
        assert sign_in(client, cast.teacher.email, next=elsewhere)["Location"] == "/staff/"

    def test_the_session_gets_a_new_number_when_somebody_signs_in(self, client: Client, cast: Cast) -> None:
        client.cookies[real_settings.SESSION_COOKIE_NAME] = "a" * 32
        sign_in(client, cast.teacher.email)
        assert client.cookies[real_settings.SESSION_COOKIE_NAME].value != "a" * 32

    def test_a_wrong_one_sounds_the_same_for_known_unknown_and_departed(self, client: Client, cast: Cast) -> None:
        note_departure(cast.colleague, by=cast.communications)
        said = [problems(sign_in(client, address, "not the right sentence"))
                for address in (cast.teacher.email, "nobody@lpsd.ca", cast.colleague.email)]  # fmt: skip
        assert said[0] == said[1] == said[2]
        assert said[0]
        assert not is_in(client)

    def test_the_address_typed_stays_and_the_password_does_not(self, client: Client, cast: Cast) -> None:
        page = text(sign_in(client, cast.teacher.email, "not the right sentence"))
        assert f'value="{cast.teacher.email}"' in page
        assert "not the right sentence" not in page
        assert page.count("<title>Error:") == 1

    def test_five_failures_close_the_door_even_for_the_right_one(self, client: Client, cast: Cast) -> None:
        for _attempt in range(5):
            sign_in(client, cast.teacher.email, "not the right sentence")
        answer = sign_in(client, cast.teacher.email)
        assert answer.status_code == 200
        assert "many" in problems(answer)[0].lower()
        assert not is_in(client)
        # Somebody else's door is not closed by it.
        assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), cast.principal.email)["Location"] == "/staff/"

    def test_unknown_addresses_are_throttled_alike(self, client: Client, cast: Cast) -> None:
        for _attempt in range(5):
            sign_in(client, "nobody@lpsd.ca", "not the right sentence")
        assert "many" in problems(sign_in(client, "nobody@lpsd.ca", "not the right sentence"))[0].lower()

    def test_hashes_are_argon2_everywhere_but_in_tests(self) -> None:
        hashers = [h for h in real_settings.PASSWORD_HASHERS if "MD5" not in h]
        assert hashers[0].endswith("Argon2PasswordHasher")


class TestSignUp:
    def test_it_is_closed(self, client: Client, cast: Cast) -> None:
        before = Person.objects.count()
        for answer in (client.get("/me/signup/"), client.post("/me/signup/", {
            "email": "new.person@lpsd.ca", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD,
        })):  # fmt: skip
            assert "Nobody signs up here" in text(answer)
        assert Person.objects.count() == before


class TestReset:
    def test_a_letter_with_a_link_that_works_once(self, client: Client, cast: Cast) -> None:
        answer = client.post("/me/password/reset/", {"email": cast.teacher.email})
        assert answer.status_code == 302
        (letter,) = mail.outbox
        assert letter.to == [cast.teacher.email]
        assert letter.subject == "Set a new password for Rostrum"
        (link,) = re.findall(r"http://\S+/me/password/reset/key/\S+", letter.body)
        path = urlsplit(link).path
        page = client.get(path, follow=True)
        form = page.redirect_chain[-1][0]
        weak = client.post(form, {"password1": "password", "password2": "password"})
        assert problems(weak)
        done = client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
        assert done.status_code == 302
        assert not is_in(Client())
        other = Client()
        assert sign_in(other, cast.teacher.email, PASSWORD).status_code == 200
        assert sign_in(other, cast.teacher.email, NEW_PASSWORD)["Location"] == "/staff/"
        again = Client().get(path, follow=True)
        assert 'name="password1"' not in text(again)

    def test_strangers_get_no_letter_and_the_page_says_the_same(self, client: Client, cast: Cast) -> None:
        known = client.post("/me/password/reset/", {"email": cast.teacher.email}, follow=True)
        mail.outbox.clear()
        unknown = Client().post("/me/password/reset/", {"email": "nobody@lpsd.ca"}, follow=True)
        assert mail.outbox == []

        def words(response: Any) -> str:
            return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text(response)))

        assert words(known) == words(unknown)

    def test_the_link_dies_after_half_an_hour(self) -> None:
        assert real_settings.PASSWORD_RESET_TIMEOUT == 1800

    def test_a_new_password_ends_every_other_session(self, client: Client, cast: Cast) -> None:
        elsewhere = Client()
        for one in (client, elsewhere):
            sign_in(one, cast.teacher.email)
        answer = client.post("/me/password/change/", {
            "oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD,
        })  # fmt: skip
        assert answer.status_code == 302
        assert is_in(client)
        assert not is_in(elsewhere)


def code_for(secret: str) -> str:
    """The six digits that an authenticator app shows now."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def _required(self, settings: Any) -> None:
        settings.SECOND_FACTOR_REQUIRED = True

    @pytest.mark.parametrize(
        "role", ["principal", "superintendent", "communications", "privacy", "director", "sysadmin"]
    )
    def test_every_page_of_the_desk_waits_for_it(self, client: Client, cast: Cast, role: str) -> None:
        request = submitted(cast)
        client.force_login(getattr(cast, role))
        for path in (
            "/staff/",
            "/staff/requests/",
            f"/staff/requests/{request.ref}/",
            "/staff/log/",
            "/staff/people/",
        ):
            answer = client.get(path)
            assert (answer.status_code, answer["Location"]) == (302, "/me/2fa/?why=required"), path
        answer = client.post(f"/staff/requests/{request.ref}/endorse/", {"reason": "Good."})
        assert answer.status_code == 302
        request.refresh_from_db()
        assert request.state == "submitted"

    @pytest.mark.parametrize("role", ["teacher", "colleague", "auditor"])
    def test_who_only_asks_or_reads_needs_none(self, client: Client, cast: Cast, role: str) -> None:
        client.force_login(getattr(cast, role))
        assert is_in(client)

    def test_it_is_set_up_and_then_asked_for_at_every_sign_in(self, client: Client, cast: Cast) -> None:
        sign_in(client, cast.principal.email)
        assert client.get("/staff/")["Location"] == "/me/2fa/?why=required"
        asked = client.get("/me/2fa/totp/activate/")
        again = client.post(asked["Location"], {"password": PASSWORD, "next": "/me/2fa/totp/activate/"})
        assert again["Location"] == "/me/2fa/totp/activate/"
        page = client.get("/me/2fa/totp/activate/")
        assert page.status_code == 200
        secret = page.context["form"].secret
        wrong = client.post("/me/2fa/totp/activate/", {"code": "000000"})
        assert problems(wrong)
        answer = client.post("/me/2fa/totp/activate/", {"code": code_for(secret)})
        assert answer.status_code == 302
        assert is_in(client)
        assert Authenticator.objects.filter(user=cast.principal, type="recovery_codes").exists()

        cache.clear()  # a code counts once; a minute later there would be a new one
        later = Client()
        assert sign_in(later, cast.principal.email)["Location"].startswith("/me/2fa/authenticate/")
        assert not is_in(later)
        assert problems(later.post("/me/2fa/authenticate/", {"code": "000000"}))
        assert later.post("/me/2fa/authenticate/", {"code": code_for(secret)})["Location"] == "/staff/"
        assert is_in(later)

    def test_a_code_counts_once(self, client: Client, cast: Cast) -> None:
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(cast.principal, secret)
        code = code_for(secret)
        for attempt in range(2):
            one = Client()
            sign_in(one, cast.principal.email)
            one.post("/me/2fa/authenticate/", {"code": code})
            assert is_in(one) == (attempt == 0)


def age(client: Client, *, started: int = 0, seen: int = 0) -> None:
    """Make the session older by some seconds."""
    session = client.session
    session["started_at"] -= started
    session["seen_at"] -= seen
    session.save()


class TestSession:
    @pytest.fixture
    def desk(self, client: Client, cast: Cast) -> Client:
        sign_in(client, cast.teacher.email)
        assert is_in(client)
        return client

    def test_it_ends_after_thirty_idle_minutes_and_comes_back_to_the_page(self, desk: Client, cast: Cast) -> None:
        age(desk, seen=30 * 60 + 1)
        answer = desk.get("/staff/requests/?view=mine")
        assert answer["Location"] == "/me/login/?next=%2Fstaff%2Frequests%2F%3Fview%3Dmine&why=idle"
        back = desk.post(answer["Location"], {
            "login": cast.teacher.email, "password": PASSWORD, "next": "/staff/requests/?view=mine"
        })  # fmt: skip
        assert back["Location"] == "/staff/requests/?view=mine"
        assert is_in(desk)

    def test_it_ends_after_twelve_hours_of_work(self, desk: Client) -> None:
        age(desk, started=12 * 3600 + 1)
        assert "why=long" in desk.get("/staff/")["Location"]
        assert not is_in(desk)

    def test_a_form_sent_too_late_is_shown_back_and_nothing_is_saved(self, desk: Client, cast: Cast) -> None:
        request = submitted(cast)
        age(desk, seen=30 * 60 + 1)
        answer = desk.post(f"/staff/requests/{request.ref}/withdraw/", {"reason": "Not needed <any> more."})
        assert answer.status_code == 403
        assert "Not needed <any> more." in text(answer)
        request.refresh_from_db()
        assert request.state == "submitted"

    def test_signing_out_clears_the_session_and_the_browser(self, desk: Client) -> None:
        number = desk.cookies[real_settings.SESSION_COOKIE_NAME].value
        answer = desk.post("/me/logout/")
        assert answer["Location"] == "/"
        assert answer["Clear-Site-Data"] == '"cache", "storage"'
        assert not is_in(desk)
        stolen = Client()
        stolen.cookies[real_settings.SESSION_COOKIE_NAME] = number
        assert not is_in(stolen)

    def test_reading_the_address_of_signing_out_signs_nobody_out(self, desk: Client) -> None:
        assert desk.get("/me/logout/").status_code == 200
        assert is_in(desk)

    def test_who_has_left_is_out_at_once(self, desk: Client, cast: Cast) -> None:
        request = submitted(cast)
        note_departure(cast.teacher, by=cast.communications)
        assert desk.get("/staff/").status_code == 302
        assert desk.post(f"/staff/requests/{request.ref}/withdraw/", {"reason": "x"}).status_code == 302
        request.refresh_from_db()
        assert request.state == "submitted"
        again = Client()
        assert "closed" in text(again.get(sign_in(again, cast.teacher.email)["Location"]))
        assert not is_in(again)

    def test_who_comes_back_signs_in_but_holds_no_role(self, cast: Cast) -> None:
        note_departure(cast.principal, by=cast.communications)
        note_return(cast.principal, by=cast.communications)
        client = Client()
        assert sign_in(client, cast.principal.email)["Location"] == "/staff/"
        with clock.standing_at(clock.now() + timedelta(days=1)):  # a role's last day is the day they left
            assert roles_of(Person.objects.get(pk=cast.principal.pk)) == set()


PROBE = """
import django; django.setup()
from allauth.socialaccount.models import SocialApp
from django.db import connection
from django.test import Client
with connection.schema_editor() as editor:
    editor.create_model(SocialApp)  # all that the page asks the database
answer = Client().get("/me/login/")
print(answer.content.decode())
print(answer["Content-Security-Policy"])
"""


def login_page(tmp_path: Path, **env: str) -> str:
    """The sign-in page of a process started with these settings of the environment."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ROSTRUM_", "DJANGO_")) and k != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, timeout=60, check=True, cwd=real_settings.ROOT,
        env={**clean, "ROSTRUM_MODE": "test", "ROSTRUM_DATA_DIR": str(tmp_path), "ROSTRUM_DIVISION_NAME": "A division",
             "DJANGO_SETTINGS_MODULE": "rostrum.config.settings", **env},
    )  # fmt: skip
    return unescape(done.stdout)


class TestDivisionSignInBySettings:
    def test_without_settings_there_is_only_the_password(self, client: Client, cast: Cast) -> None:
        page = text(client.get(LOGIN))
        assert "Sign in with Google" not in page
        assert "Microsoft" not in page
        assert client.get("/me/oidc/google/login/").status_code == 404

    def test_google_and_entra_by_settings_alone(self, tmp_path: Path) -> None:
        page = login_page(
            tmp_path, ROSTRUM_GOOGLE_CLIENT_ID="one", ROSTRUM_GOOGLE_CLIENT_SECRET="two",
            ROSTRUM_GOOGLE_HOSTED_DOMAIN="lpsd.ca", ROSTRUM_ENTRA_CLIENT_ID="three",
            ROSTRUM_ENTRA_CLIENT_SECRET="four", ROSTRUM_ENTRA_TENANT="0b2a61a4-5a4f-4f0e-9d0a-3f4d5f0b9c11",
        )  # fmt: skip
        assert "Sign in with Google Workspace" in page
        assert "Sign in with Microsoft Entra" in page
        assert "/me/oidc/google/login/" in page
        assert "/me/oidc/microsoft/login/" in page
        assert "https://accounts.google.com" in page.splitlines()[-1]
        assert "https://login.microsoftonline.com" in page.splitlines()[-1]

    @pytest.mark.parametrize("tenant", ["", "common", "organizations", "consumers"])
    def test_entra_without_the_divisions_own_tenant_does_not_start(self, tmp_path: Path, tenant: str) -> None:
        with pytest.raises(subprocess.CalledProcessError) as stopped:
            login_page(tmp_path, ROSTRUM_ENTRA_CLIENT_ID="three", ROSTRUM_ENTRA_TENANT=tenant)
        assert "ROSTRUM_ENTRA_TENANT" in stopped.value.stderr


class FakeProvider:
    """An OpenID provider on loopback: discovery, tokens and who the person is."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.codes: list[dict[str, list[str]]] = []
        provider = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.endswith("openid-configuration"):
                    self.reply({
                        "issuer": provider.url, "authorization_endpoint": f"{provider.url}/authorize",
                        "token_endpoint": f"{provider.url}/token", "userinfo_endpoint": f"{provider.url}/userinfo",
                        "jwks_uri": f"{provider.url}/keys", "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    })  # fmt: skip
                else:
                    assert self.headers["Authorization"] == "Bearer a-token"
                    self.reply(provider.claims)

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.codes.append(parse_qs(sent))
                at = int(time.time())
                identity = {"iss": provider.url, "aud": "client", "iat": at, "exp": at + 60,
                            "jti": base64.urlsafe_b64encode(os.urandom(9)).decode(), **provider.claims}  # fmt: skip
                signed = jwt.encode(identity, "k" * 32, algorithm="HS256")
                self.reply({"access_token": "a-token", "token_type": "Bearer", "id_token": signed})

            def reply(self, body: dict[str, Any]) -> None:
                sent = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def provider(settings: Any) -> Iterator[FakeProvider]:
    fake = FakeProvider()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [{
        "provider_id": "google", "name": "Google Workspace", "client_id": "client", "secret": "secret",
        "settings": {"server_url": fake.url, "hosted_domain": "lpsd.ca", "oauth_pkce_enabled": True},
    }]}}  # fmt: skip
    yield fake
    fake.server.shutdown()
    fake.server.server_close()


class TestDivisionSignIn:
    def arrive(self, provider: FakeProvider, client: Client, **claims: Any) -> Any:
        provider.claims = {
            "sub": "117",
            "email_verified": True,
            "hd": "lpsd.ca",
            "name": "Sofia Nguyen",
            **claims,
        }
        assert client.get("/me/oidc/google/login/").status_code == 200  # asks first: a link alone signs nobody in
        away = client.post("/me/oidc/google/login/?next=/staff/requests/")
        assert away["Location"].startswith(f"{provider.url}/authorize?")
        asked = parse_qs(urlsplit(away["Location"]).query)
        assert asked["code_challenge_method"] == ["S256"]
        return client.get("/me/oidc/google/login/callback/", {"code": "a-code", "state": asked["state"][0]})

    def test_a_known_person_comes_in_and_keeps_their_roles(
        self, provider: FakeProvider, client: Client, cast: Cast
    ) -> None:
        answer = self.arrive(provider, client, email=cast.principal.email, name="Ana Petrova")
        assert answer["Location"] == "/staff/requests/"
        assert client.session["_auth_user_id"] == str(cast.principal.pk)
        assert provider.codes[0]["code_verifier"]
        assert is_in(client)

    def test_work_mail_of_somebody_new_makes_a_person_without_any_role(
        self, provider: FakeProvider, client: Client, cast: Cast
    ) -> None:
        self.arrive(provider, client, email="k.morin@lpsd.ca", name="Kateri Morin")
        person = Person.objects.get(email="k.morin@lpsd.ca")
        assert client.session["_auth_user_id"] == str(person.pk)
        assert (person.name, roles_of(person), person.has_usable_password()) == ("Kateri Morin", set(), False)

    @pytest.mark.parametrize(
        ("claims", "words"),
        [
            ({"email": "a.petrova@lpsd.ca", "email_verified": False}, "did not confirm"),
            ({"email": "a.petrova@lpsd.ca", "hd": "evil.example"}, "Sign in with your account of lpsd.ca"),
            ({"email": "a.petrova@lpsd.ca", "hd": ""}, "Sign in with your account of lpsd.ca"),
            ({"email": "someone@gmail.com"}, "not a work address"),
        ],
    )
    def test_anything_else_stays_out(
        self, provider: FakeProvider, client: Client, cast: Cast, claims: dict[str, Any], words: str
    ) -> None:
        before = Person.objects.count()
        answer = self.arrive(provider, client, **claims)
        assert answer.status_code == 403
        assert words in text(answer)
        assert Person.objects.count() == before
        assert not is_in(client)

    def test_who_has_left_stays_out_though_the_provider_still_knows_them(
        self, provider: FakeProvider, client: Client, cast: Cast
    ) -> None:
        note_departure(cast.teacher, by=cast.communications)
        answer = self.arrive(provider, client, email=cast.teacher.email)
        assert answer.status_code == 403
        assert "closed" in text(answer)
        assert not is_in(client)

    def test_an_answer_nobody_asked_for_is_refused(self, provider: FakeProvider, client: Client, cast: Cast) -> None:
        provider.claims = {"sub": "117", "email": cast.teacher.email, "email_verified": True, "hd": "lpsd.ca"}
        answer = client.get("/me/oidc/google/login/callback/", {"code": "a-code", "state": "made-up"})
        assert provider.codes == []
        assert answer.status_code == 401
        assert not is_in(client)

    def test_a_second_factor_is_still_asked_of_whoever_approves(
        self, provider: FakeProvider, client: Client, cast: Cast, settings: Any
    ) -> None:
        settings.SECOND_FACTOR_REQUIRED = True
        self.arrive(provider, client, email=cast.principal.email)
        assert client.get("/staff/")["Location"] == "/me/2fa/?why=required"

    def test_the_word_of_the_divisions_own_tenant_counts_where_no_mark_is_sent(
        self, provider: FakeProvider, client: Client, cast: Cast, settings: Any
    ) -> None:
        """Microsoft sends no email_verified; the tenant is pinned to the division's own, so its word is taken."""
        (app,) = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
        app["settings"] = {"server_url": provider.url, "verified_email": True, "oauth_pkce_enabled": True}
        self.arrive(provider, client, email=cast.teacher.email, email_verified=None, hd=None)
        assert client.session["_auth_user_id"] == str(cast.teacher.pk)
