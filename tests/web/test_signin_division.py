"""The division's own sign-in (Google Workspace, Microsoft Entra): settings alone, and who comes in by it."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.conf import settings as real_settings
from django.core.cache import cache
from django.test import Client

from rostrum.people.actions import note_departure
from rostrum.people.models import Person
from rostrum.people.queries import roles_of
from tests.cast import Cast
from tests.web.doors import LOGIN, is_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_throttles() -> Iterator[None]:
    """Throttles count in the cache: each test starts at nought."""
    cache.clear()
    yield
    cache.clear()


PROBE = """
import django; django.setup()
from allauth.socialaccount.models import SocialApp
from django.db import connection
from django.test import Client
from rostrum.policies.models import Edition, Procedure
with connection.schema_editor() as editor:
    for table in (SocialApp, Procedure, Edition):  # all that the page asks the database
        editor.create_model(table)
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
