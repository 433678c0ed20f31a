"""Before a key is made, a person shows once more that it is them: by password, by code, or by signing in again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as real_settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from rostrum.core import clock
from rostrum.hooks.actions import add
from rostrum.hooks.models import HookEndpoint
from rostrum.people.models import Person
from rostrum.tokens.models import Token
from tests.cast import PASSWORD, Cast
from tests.web.doors import come_in, problems, sign_in, text
from tests.web.test_signin import code_for

pytestmark = pytest.mark.django_db
NEW = "/staff/preferences/tokens/new"
ASK = "/me/reauthenticate/"


@pytest.fixture(autouse=True)
def _fresh_throttles() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def typed(**changes: Any) -> dict[str, Any]:
    """What a person types into the form of a token."""
    day = clock.today() + timedelta(days=9)
    return {"_key": "one", "name": "Site", "scopes": ["read:requests"], "last_day": day.isoformat(), **changes}


@pytest.fixture
def pages(cast: Cast) -> list[str]:
    """Every page that makes a key."""
    endpoint, _key = add(by=cast.sysadmin, name="Site", url="https://hooks.example.ca/in", events=["account.official"])
    return [NEW, reverse("web:webhook_add"), reverse("web:webhook_key", args=[endpoint.pk])]


def test_a_signed_in_screen_alone_is_not_enough(client: Client, cast: Cast, pages: list[str]) -> None:
    sign_in(client, cast.sysadmin.email)
    before = list(HookEndpoint.objects.values())
    for page in pages:
        assert client.get(page)["Location"].startswith(f"{ASK}?next=%2Fstaff%2F"), page
        assert client.post(page, typed())["Location"].startswith(ASK), page
    assert not Token.objects.exists()
    assert list(HookEndpoint.objects.values()) == before


def test_a_quarter_of_an_hour_after_showing_it_is_over(client: Client, cast: Cast, pages: list[str]) -> None:
    come_in(client, cast.sysadmin, minutes_ago=14)
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    come_in(client, cast.sysadmin, minutes_ago=16)
    assert [client.get(page).status_code for page in pages] == [302, 302, 302]


def test_whoever_may_not_is_told_so_and_not_asked(client: Client, cast: Cast, pages: list[str]) -> None:
    sign_in(client, cast.teacher.email)
    assert [client.get(page).status_code for page in pages[1:]] == [403, 403]


def test_the_password_again_leads_back_to_the_page(client: Client, cast: Cast) -> None:
    sign_in(client, cast.teacher.email)
    asked = client.get(NEW, follow=True)
    assert "Is it still you?" in text(asked)
    assert problems(client.post(ASK, {"password": "not the right sentence", "next": NEW}))
    assert client.get(NEW).status_code == 302
    assert client.post(ASK, {"password": PASSWORD, "next": NEW})["Location"] == NEW
    assert client.get(NEW).status_code == 200


def test_what_was_sent_goes_on_by_itself_once(client: Client, cast: Cast) -> None:
    """The form lay open for too long: after the password the token is there, and nothing was typed twice."""
    sign_in(client, cast.teacher.email)
    asked = client.post(NEW, typed())
    made = client.post(ASK, {"password": PASSWORD, "next": NEW})
    assert asked["Location"].startswith(ASK)
    assert made.status_code == 200
    assert re.search(r'value="rostrum_[^"]+"', text(made))
    assert made["Cache-Control"] == "no-store, private"
    assert client.post(NEW, typed()).status_code == 302
    assert Token.objects.count() == 1


def test_what_was_wrong_in_it_is_mended_where_it_belongs(client: Client, cast: Cast) -> None:
    sign_in(client, cast.teacher.email)
    client.post(NEW, typed(scopes=[]))
    page = client.post(ASK, {"password": PASSWORD, "next": NEW})
    assert page.status_code == 422
    assert 'value="Site"' in text(page)
    assert f'action="{NEW}"' in text(page)


def test_a_code_of_the_second_factor_shows_it_too(client: Client, cast: Cast) -> None:
    Person.objects.filter(pk=cast.principal.pk).update(password="!")
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(cast.principal, secret)
    client.force_login(Person.objects.get(pk=cast.principal.pk))
    where = client.get(NEW)["Location"]
    assert where.startswith("/me/2fa/reauthenticate/")
    assert client.post(where, {"code": code_for(secret), "next": NEW})["Location"] == NEW
    assert client.get(NEW).status_code == 200


class TestWithoutAnythingToGiveHere:
    """Whoever comes in by the division's own sign-in has no password here: they sign in there once more."""

    @pytest.fixture(autouse=True)
    def _no_password(self, cast: Cast) -> None:
        Person.objects.filter(pk=cast.sysadmin.pk).update(password="!")
        cast.sysadmin.refresh_from_db()

    def test_a_fresh_sign_in_counts(self, client: Client, cast: Cast, pages: list[str]) -> None:
        client.force_login(cast.sysadmin)
        assert [client.get(page).status_code for page in pages] == [200, 200, 200]

    def test_an_older_one_is_asked_for_again(self, client: Client, cast: Cast, pages: list[str]) -> None:
        client.force_login(cast.sysadmin)
        client.get("/staff/")
        with clock.standing_at(clock.now() + timedelta(minutes=16)):
            for page in pages:
                told = text(client.get(page))
                assert "Is it still you?" in told
                assert "Sign in again" in told
            kept = client.post(NEW, typed(name="Website of the choir"))
            assert kept.status_code == 403
            assert "Website of the choir" in text(kept)
            assert not Token.objects.exists()
            out = client.post("/me/logout/", {"next": f"/me/login/?next={NEW}&why=again"})
            assert out["Location"] == f"/me/login/?next={NEW}&why=again"
            assert "show once more that it is you" in text(client.get(out["Location"]))
            client.force_login(cast.sysadmin)
            assert client.get(NEW).status_code == 200

    def test_the_divisions_sign_in_is_told_to_ask_again(self, client: Client, cast: Cast, settings: Any) -> None:
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [{
            "provider_id": "microsoft", "name": "Microsoft Entra", "client_id": "client", "secret": "secret",
            "settings": {"server_url": "http://127.0.0.1:9", "ask_again": "prompt=login"},
        }]}}  # fmt: skip
        again = text(client.get(f"/me/login/?next={NEW}&why=again"))
        assert "auth_params=prompt%3Dlogin" in again
        assert "auth_params" not in text(client.get(f"/me/login/?next={NEW}"))


def test_the_quarter_of_an_hour_is_a_setting_of_the_installation() -> None:
    assert real_settings.ACCOUNT_REAUTHENTICATION_TIMEOUT == 15 * 60
