"""Signing in with Rostrum's own password: throttles, resets, second factor, and how long a session lasts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as real_settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from rostrum.core import clock
from rostrum.notices.actions import deliver_due
from rostrum.notices.models import Notice
from rostrum.people.actions import note_departure, note_return
from rostrum.people.models import Person
from rostrum.people.queries import roles_of
from tests.cast import PASSWORD, Cast, submitted
from tests.web.doors import LOGIN, is_in, problems, sign_in, text

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "another long sentence for tests"


@pytest.fixture(autouse=True)
def _fresh_throttles() -> Iterator[None]:
    """Throttles count in the cache: each test starts at nought."""
    cache.clear()
    yield
    cache.clear()


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
        deliver_due()
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
        unknown = Client().post("/me/password/reset/", {"email": "nobody@lpsd.ca"}, follow=True)
        assert [notice.person for notice in Notice.objects.all()] == [cast.teacher]
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
