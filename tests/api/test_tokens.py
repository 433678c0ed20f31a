"""Access tokens: making one, what it opens, what ends it, and that its secret is kept nowhere."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from rostrum.api import rate
from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.people.actions import end_appointment, note_departure, note_return
from rostrum.people.models import Appointment
from rostrum.tokens.actions import LONGEST, end_of_leavers, make, revoke
from rostrum.tokens.models import Token
from tests.api.conftest import Program, secret_of
from tests.cast import Cast, submitted
from tests.web.doors import come_in

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


def test_without_a_token_that_counts_nothing_opens(cast: Cast, anybody: Program) -> None:
    for path in ("/me", "/requests", "/requests/2026-0001", "/records", "/records/ABCD"):
        answer = anybody.get(path)
        assert answer.status_code == 401, path
        assert answer["WWW-Authenticate"] == 'Bearer realm="Rostrum"'
        assert answer.json()["type"].endswith("/api/problems/no-token")
    for secret in ("", "x", "rostrum_00000000_" + "a" * 43, "rostrum_" + "é" * 5000, "\x00"):
        answer = Program(secret or " ").get("/me")
        assert answer.status_code == 401
        if secret:
            assert 'error="invalid_token"' in answer["WWW-Authenticate"]
    basic = anybody.get("/me", Authorization="Basic c29mdWE6cGFzcw==")
    assert basic.status_code == 401


def test_a_session_of_the_website_opens_nothing(cast: Cast) -> None:
    """No cookie counts on the API, so no page of another site can act through a signed-in browser."""
    client = Client()
    client.force_login(cast.principal)
    request = submitted(cast)
    assert client.get("/api/v1/requests").status_code == 401
    sent = client.post(
        f"/api/v1/requests/{request.ref}/moves/endorse", {"version": request.version}, content_type="application/json"
    )
    assert sent.status_code == 401
    request.refresh_from_db()
    assert request.state == "submitted"


def test_a_token_says_whose_it_is(cast: Cast, program: Programs) -> None:
    me = program("teacher", "read:requests").get("/me").json()
    assert me["person"]["name"] == "Sofia Nguyen"
    assert me["scopes"] == ["read:requests"]
    assert me["prefix"].startswith("rostrum_")


def test_a_token_does_what_it_was_made_for_and_no_more(cast: Cast, program: Programs) -> None:
    request = submitted(cast)
    reads = program("principal", "read:requests")
    assert reads.get(f"/requests/{request.ref}").status_code == 200
    refused = reads.post(f"/requests/{request.ref}/moves/endorse", {"version": request.version})
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("/api/problems/scope-missing")
    assert 'scope="act:requests"' in refused["WWW-Authenticate"]
    assert reads.get("/records").status_code == 403
    assert program("principal", "read:accounts").get("/requests").status_code == 403


def test_a_token_never_may_more_than_its_person(cast: Cast, program: Programs) -> None:
    request = submitted(cast)
    principal, charlie = program("principal"), program("charlie")
    assert principal.get(f"/requests/{request.ref}").status_code == 200
    assert charlie.get(f"/requests/{request.ref}").status_code == 404
    appointment = Appointment.objects.get(person=cast.principal)
    end_appointment(appointment, by=cast.sysadmin, reason="Moved.")
    with clock.standing_at(clock.now() + timedelta(days=1)):
        assert principal.get(f"/requests/{request.ref}").status_code == 404
        assert principal.get("/requests").json()["items"] == []


def test_a_token_ends_with_its_last_day(cast: Cast) -> None:
    program = Program(secret_of(cast.teacher, days=3))
    with clock.standing_at(clock.now() + timedelta(days=2)):
        assert program.get("/me").status_code == 200
    with clock.standing_at(clock.now() + timedelta(days=5)):
        assert program.get("/me").status_code == 401


def test_a_revoked_token_is_refused_at_once(cast: Cast) -> None:
    program = Program(secret_of(cast.teacher))
    assert program.get("/me").status_code == 200
    token = Token.objects.get()
    with pytest.raises(NotAllowed):
        revoke(token, by=cast.sysadmin)
    revoke(token, by=cast.teacher)
    assert program.get("/me").status_code == 401
    with pytest.raises(WrongState):
        revoke(token, by=cast.teacher)
    assert list(Event.objects.filter(act__startswith="token:").values_list("act", flat=True)) == [
        "token:make",
        "token:revoke",
    ]


def test_the_tokens_of_someone_who_left_do_not_come_alive_again(cast: Cast) -> None:
    program = Program(secret_of(cast.colleague))
    note_departure(cast.colleague, by=cast.communications)
    assert program.get("/me").status_code == 401
    assert end_of_leavers() == 1
    cast.colleague.refresh_from_db()
    note_return(cast.colleague, by=cast.communications)
    assert program.get("/me").status_code == 401


def test_a_role_that_needs_a_second_factor_needs_it_here_too(cast: Cast, program: Programs, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    assert program("teacher").get("/me").status_code == 200
    answer = program("principal").get("/requests")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/api/problems/second-factor")


def test_what_makes_no_token(cast: Cast) -> None:
    today = clock.today()
    good = {"name": "Site", "scopes": ["read:requests"], "last_day": today}
    for wrong, field in (
        ({"name": " "}, "name"), ({"name": "a\x00b"}, "name"), ({"name": "x" * 81}, "name"), ({"scopes": []}, "scopes"),
        ({"scopes": ["read:requests", "everything"]}, "scopes"), ({"last_day": today - timedelta(days=1)}, "last_day"),
        ({"last_day": today + LONGEST + timedelta(days=1)}, "last_day"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            make(cast.teacher, **{**good, **wrong})
        assert list(refused.value.fields) == [field]
    for _n in range(20):
        make(cast.teacher, **good)
    with pytest.raises(Invalid, match="20"):
        make(cast.teacher, **good)
    assert Token.objects.count() == 20
    cast.colleague.is_active = False
    with pytest.raises(NotAllowed):
        make(cast.colleague, **good)


def test_the_secret_is_kept_nowhere(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    """Not in any table, not in the log of events, not in what the process writes down."""
    with caplog.at_level(logging.DEBUG):
        secret = secret_of(cast.teacher)
        program = Program(secret)
        assert program.get("/me").status_code == 200
        assert program.get("/records/ZZZZ").status_code == 404
        assert program.post("/requests", {"nonsense": 1}).status_code == 422
        assert program.post("/requests", "{").status_code == 400
    assert secret not in caplog.text
    hidden = secret[-40:]  # without the beginning, which the owner sees and which is kept
    for model in apps.get_models():
        assert hidden not in str(list(model._default_manager.values())), model


def test_use_is_noted_once_a_minute(cast: Cast, django_assert_num_queries: Any) -> None:
    program = Program(secret_of(cast.teacher))
    program.get("/me")
    first = Token.objects.get().last_used_at
    assert first is not None
    with django_assert_num_queries(1):
        program.get("/me")
    assert Token.objects.get().last_used_at == first


def test_each_token_has_a_minute_of_its_own(cast: Cast, program: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "PER_TOKEN", 2)
    one, two = program("teacher"), program("teacher")
    assert [one.get("/me").status_code for _ in range(3)] == [200, 200, 429]
    assert two.get("/me").status_code == 200


def test_guessing_tokens_uses_up_the_address(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "PER_ADDRESS", 2)
    assert [Program(f"rostrum_guess_{n}").get("/me").status_code for n in range(3)] == [401, 401, 429]


# The pages


def test_making_a_token_on_the_page_shows_it_once(cast: Cast) -> None:
    client = Client()
    come_in(client, cast.teacher)
    key = re.search(r'name="_key" value="(\w+)"', client.get("/staff/preferences/tokens/new").content.decode())
    assert key is not None
    sent = {
        "_key": key[1], "name": "Site", "scopes": ["read:requests"], "last_day": str(clock.today() + timedelta(days=9)),
    }  # fmt: skip
    page = client.post("/staff/preferences/tokens/new", sent)
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store, private"
    secret = re.search(r'value="(rostrum_[^"]+)"', page.content.decode())
    assert secret is not None
    assert Program(secret[1]).get("/me").json()["token"] == "Site"
    again = client.post("/staff/preferences/tokens/new", sent)
    assert again.status_code == 302
    assert Token.objects.count() == 1
    listed = client.get("/staff/preferences/tokens/").content.decode()
    assert secret[1] not in listed
    assert Token.objects.get().prefix in listed


def test_a_wrong_form_keeps_what_was_typed(cast: Cast) -> None:
    client = Client()
    come_in(client, cast.teacher)
    page = client.post("/staff/preferences/tokens/new", {"name": "My site", "last_day": "2020-01-01"})
    assert page.status_code == 422
    assert 'value="My site"' in page.content.decode()
    assert 'class="problems"' in page.content.decode()
    assert client.post("/staff/preferences/tokens/new", {"name": "x", "person": "1"}).status_code == 422
    assert not Token.objects.exists()


def test_ending_a_token_on_the_page(cast: Cast) -> None:
    secret_of(cast.teacher)
    token = Token.objects.get()
    path = f"/staff/preferences/tokens/{token.pk}/end/"
    stranger = Client()
    stranger.force_login(cast.colleague)
    assert stranger.post(path).status_code == 404
    client = Client()
    client.force_login(cast.teacher)
    assert "about to end" in client.get(path).content.decode()
    assert client.post(path).status_code == 302
    assert client.get(path).status_code == 409
    assert client.post(path).status_code == 409
    token.refresh_from_db()
    assert token.revoked_at is not None
