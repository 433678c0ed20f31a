"""Messages on their way: signed, delivered, tried again, given up; whatever the other side does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import WrongState
from rostrum.hooks import sending
from rostrum.hooks.actions import add, rotate, send_again, send_test, switch_off, switch_on
from rostrum.hooks.models import DeliveryState, EndpointState, HookDelivery, HookEndpoint
from rostrum.hooks.sealing import CannotOpen, make_key, seal, signatures, unseal
from rostrum.hooks.sending import PAUSES, deliver, deliver_due, forget_old, gather
from rostrum.jobs.actions import run_due
from rostrum.notices.models import Notice
from rostrum.notices.render import letter
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official
from tests.hooks.conftest import Adding, only
from tests.hooks.receiver import Receiver, dripping, silent

pytestmark = pytest.mark.django_db


def later(**pause: float) -> Any:
    """The present, moved on."""
    return clock.standing_at(datetime.now(UTC) + timedelta(**pause))


def test_a_change_arrives_signed_and_the_library_of_the_scheme_says_so(
    cast: Cast, receiver: Receiver, listening: Adding
) -> None:
    account = official(cast)
    _endpoint, key = listening()
    change_standing(account, "suspend", by=cast.communications, reason="Nobody answers comments.")
    run_due()
    (got,) = receiver.got
    body = Webhook(key).verify(got.body, got.headers)
    assert body["type"] == "account.suspended"
    assert body["data"]["id"] == account.public_id
    assert body["data"]["standing"] == "suspended"
    assert body["timestamp"].endswith("Z")
    assert got.path == "/hooks?from=rostrum"
    assert got.headers["content-type"].startswith("application/json")
    delivery = only()
    assert delivery.state == DeliveryState.SENT
    assert delivery.last_status == 200
    assert delivery.last_answer == "thank you"
    with pytest.raises(WebhookVerificationError):
        Webhook(key).verify(got.body.replace(b"suspended", b"restored"), got.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(make_key()).verify(got.body, got.headers)


def test_a_signature_of_ours_is_the_one_the_library_would_make() -> None:
    key, moment = make_key(), datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    body = '{"name":"École Élan"}'
    ours = signatures([key], "msg_1", int(moment.timestamp()), body.encode())
    assert ours == Webhook(key).sign("msg_1", moment, body)


def test_an_error_is_tried_again_after_five_seconds_and_then_arrives(
    cast: Cast, receiver: Receiver, listening: Adding
) -> None:
    endpoint, key = listening()
    receiver.plan = [500]
    receiver.text = b"database is down"
    send_test(endpoint, by=cast.sysadmin)
    run_due()
    first = only()
    assert (first.state, first.attempts, first.last_status) == (DeliveryState.OWED, 1, 500)
    assert first.last_answer == "database is down"
    endpoint.refresh_from_db()
    assert endpoint.failing_since is not None
    deliver_due()
    assert len(receiver.got) == 1, "not before its time"
    with later(seconds=6):
        run_due()
    assert only().state == DeliveryState.SENT
    one, two = receiver.got
    assert one.headers["webhook-id"] == two.headers["webhook-id"]
    assert one.body == two.body
    Webhook(key).verify(two.body, two.headers)
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None
    assert endpoint.failures == 0
    assert [t["status"] for t in only().tries] == [500, 200]


def test_after_the_last_pause_it_is_given_up(cast: Cast, receiver: Receiver, listening: Adding) -> None:
    endpoint, _key = listening()
    receiver.plan = [503] * 50
    send_test(endpoint, by=cast.sysadmin)
    with later(seconds=1):
        deliver_due()
    passed = timedelta(seconds=2)
    for pause in PAUSES:
        passed += pause + timedelta(seconds=1)
        with clock.standing_at(datetime.now(UTC) + passed):
            deliver_due()
    assert only().state == DeliveryState.FAILED
    assert len(receiver.got) == len(PAUSES) + 1
    with clock.standing_at(datetime.now(UTC) + passed + timedelta(days=30)):
        assert deliver_due() == 0
    assert len(receiver.got) == len(PAUSES) + 1
    assert timedelta(days=3) < passed < timedelta(days=4)


@pytest.mark.parametrize("manner", [silent, dripping])
def test_who_does_not_answer_in_time_is_left(
    cast: Cast, receiver: Receiver, listening: Adding, manner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SECONDS", 0.4)
    endpoint, _key = listening()
    receiver.manner = manner
    send_test(endpoint, by=cast.sysadmin)
    assert deliver_due() == 0
    assert only().last_trouble == "timeout"
    assert only().state == DeliveryState.OWED


def test_a_redirect_is_not_followed(cast: Cast, receiver: Receiver, listening: Adding) -> None:
    endpoint, _key = listening()
    receiver.plan = [302]
    receiver.headers = {"Location": f"http://127.0.0.1:{receiver.port}/elsewhere"}
    send_test(endpoint, by=cast.sysadmin)
    deliver_due()
    assert [got.path for got in receiver.got] == ["/hooks?from=rostrum"]
    assert (only().last_trouble, only().last_status) == ("redirect", 302)


def test_nobody_there(cast: Cast, receiver: Receiver, listening: Adding) -> None:
    endpoint, _key = listening(url="http://127.0.0.1:9/")
    send_test(endpoint, by=cast.sysadmin)
    deliver_due()
    assert only().last_trouble == "unreachable"


def test_a_private_address_is_refused_also_when_it_was_allowed_before(
    cast: Cast, receiver: Receiver, listening: Adding, settings: Any
) -> None:
    endpoint, _key = listening()
    settings.WEBHOOK_PRIVATE_HOSTS = []
    send_test(endpoint, by=cast.sysadmin)
    deliver_due()
    assert receiver.got == []
    assert only().last_trouble == "inside"


def test_production_sends_by_https_only(cast: Cast, receiver: Receiver, listening: Adding, settings: Any) -> None:
    endpoint, _key = listening()
    settings.PRODUCTION = True
    send_test(endpoint, by=cast.sysadmin)
    deliver_due()
    assert receiver.got == []
    assert only().last_trouble == "insecure"


def test_gone_switches_off_and_the_administrator_is_told(cast: Cast, receiver: Receiver, listening: Adding) -> None:
    endpoint, _key = listening()
    receiver.plan = [410]
    send_test(endpoint, by=cast.sysadmin)
    send_test(endpoint, by=cast.sysadmin)
    deliver_due()
    endpoint.refresh_from_db()
    assert endpoint.state == EndpointState.GONE
    assert len(receiver.got) == 1
    assert set(HookDelivery.objects.values_list("state", flat=True)) == {DeliveryState.FAILED, DeliveryState.DROPPED}
    notice = Notice.objects.get(kind="hooks.stopped")
    assert notice.person == cast.sysadmin
    said = letter(notice)
    assert "Website" in said.subject
    assert f"/staff/webhooks/{endpoint.pk}/" in said.text
    assert Event.objects.filter(act="hookendpoint:give_up", actor_id=None).count() == 1


def test_days_of_failure_switch_off(cast: Cast, receiver: Receiver, listening: Adding, settings: Any) -> None:
    settings.WEBHOOK_OFF_AFTER_DAYS = 2
    endpoint, _key = listening()
    receiver.plan = [500] * 9
    send_test(endpoint, by=cast.sysadmin)
    deliver_due()
    with later(days=1, hours=23):
        deliver_due()
    endpoint.refresh_from_db()
    assert endpoint.state == EndpointState.ON
    with later(days=2, hours=1):
        deliver_due()
    endpoint.refresh_from_db()
    assert endpoint.state == EndpointState.FAILING
    assert Notice.objects.filter(kind="hooks.stopped").count() == 1
    with pytest.raises(WrongState):
        send_test(endpoint, by=cast.sysadmin)
    switch_on(endpoint, by=cast.sysadmin)
    assert endpoint.failing_since is None
    receiver.plan = []
    send_test(endpoint, by=cast.sysadmin)
    assert deliver_due() == 1


def test_after_a_failure_the_rest_waits_for_the_next_run(cast: Cast, receiver: Receiver, listening: Adding) -> None:
    endpoint, _key = listening()
    other, _other_key = listening(url=receiver.url.replace("rostrum", "second"))
    receiver.plan = [500]
    for _n in range(3):
        send_test(endpoint, by=cast.sysadmin)
    send_test(other, by=cast.sysadmin)
    assert deliver_due() == 1
    assert [got.path for got in receiver.got] == ["/hooks?from=rostrum", "/hooks?from=second"]


def test_sending_again_keeps_the_id_and_starts_anew(cast: Cast, receiver: Receiver, listening: Adding) -> None:
    endpoint, key = listening()
    delivery = send_test(endpoint, by=cast.sysadmin)
    with pytest.raises(WrongState):
        send_again(delivery, by=cast.sysadmin)  # it is on its way already
    run_due()
    send_again(only(), by=cast.sysadmin)
    run_due()
    one, two = receiver.got
    assert one.headers["webhook-id"] == two.headers["webhook-id"]
    assert Webhook(key).verify(two.body, two.headers)["type"] == "webhook.test"
    assert len(only().tries) == 2
    switch_off(endpoint, by=cast.sysadmin)
    with pytest.raises(WrongState):
        send_again(only(), by=cast.sysadmin)


def test_while_a_key_is_replaced_both_sign(cast: Cast, receiver: Receiver, listening: Adding) -> None:
    endpoint, old = listening()
    new = rotate(endpoint, by=cast.sysadmin)
    send_test(endpoint, by=cast.sysadmin)
    run_due()
    got = receiver.got[-1]
    assert len(got.headers["webhook-signature"].split(" ")) == 2
    for key in (old, new):
        Webhook(key).verify(got.body, got.headers)
    HookEndpoint.objects.update(overlap_until=clock.now() - timedelta(seconds=1))
    send_test(endpoint, by=cast.sysadmin)
    run_due()
    got = receiver.got[-1]
    Webhook(new).verify(got.body, got.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(got.body, got.headers)


def test_a_key_that_got_away_ends_at_once(cast: Cast, receiver: Receiver, listening: Adding) -> None:
    endpoint, old = listening()
    new = rotate(endpoint, by=cast.sysadmin, now=True)
    send_test(endpoint, by=cast.sysadmin)
    run_due()
    got = receiver.got[-1]
    Webhook(new).verify(got.body, got.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(got.body, got.headers)


def test_a_sealed_key_opens_for_its_own_row_and_installation_only(settings: Any) -> None:
    key = make_key()
    sealed = seal(key, "row-1")
    assert key.removeprefix("whsec_") not in sealed
    assert unseal(sealed, "row-1") == key
    with pytest.raises(CannotOpen):
        unseal(sealed, "row-2")
    with pytest.raises(CannotOpen):
        unseal("not base64 é", "row-1")
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "another secret " * 5
    with pytest.raises(CannotOpen):
        unseal(sealed, "row-1")
    settings.SECRET_KEY_FALLBACKS = [before]
    assert unseal(sealed, "row-1") == key


def test_a_key_that_cannot_be_opened_is_said_not_raised(
    cast: Cast, receiver: Receiver, listening: Adding, settings: Any
) -> None:
    endpoint, _key = listening()
    settings.SECRET_KEY = "another secret " * 5
    send_test(endpoint, by=cast.sysadmin)
    deliver_due()
    assert only().last_trouble == "sealed"
    assert receiver.got == []


def test_an_answer_is_kept_short_and_readable(cast: Cast, receiver: Receiver, listening: Adding) -> None:
    endpoint, _key = listening()
    receiver.text = b"\x00\x1b[31m<script>\xff" + b"x" * 1_000_000
    send_test(endpoint, by=cast.sysadmin)
    deliver_due()
    kept = only().last_answer
    assert len(kept) <= 1024
    assert "\x00" not in kept
    assert "\x1b" not in kept
    assert "<script>" in kept  # as text; the page escapes it


def test_switched_off_in_the_middle_of_an_attempt(
    cast: Cast, receiver: Receiver, listening: Adding, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint, _key = listening()
    send_test(endpoint, by=cast.sysadmin)
    post = sending._post

    def slow(*args: Any) -> Any:
        switch_off(HookEndpoint.objects.get(), by=cast.sysadmin)
        return post(*args)

    monkeypatch.setattr(sending, "_post", slow)
    receiver.plan = [500]
    deliver_due()
    assert (only().state, only().last_status) == (DeliveryState.DROPPED, 500)


def test_a_copy_read_too_early_sends_nothing(cast: Cast, receiver: Receiver, listening: Adding) -> None:
    """Two workers have read the same due message: one attempt."""
    endpoint, _key = listening()
    send_test(endpoint, by=cast.sysadmin)
    one, two = only(), only()
    assert deliver(one) is True
    assert deliver(two) is None
    assert len(receiver.got) == 1


def test_old_messages_are_forgotten_and_waiting_ones_are_not(cast: Cast, receiver: Receiver, listening: Adding) -> None:
    endpoint, _key = listening()
    send_test(endpoint, by=cast.sysadmin)
    deliver_due()
    send_test(endpoint, by=cast.sysadmin)
    with later(days=91):
        assert forget_old() == 1
    assert only().state == DeliveryState.OWED


def test_a_turn_of_the_clock_without_endpoints_costs_little_and_makes_nothing(cast: Cast) -> None:
    official(cast)
    assert gather() == 0
    assert gather() == 0
    assert not HookDelivery.objects.exists()


def test_the_key_stands_nowhere_in_the_database(cast: Cast, listening: Adding) -> None:
    from django.apps import apps

    _endpoint, key = listening()
    everything = json.dumps(
        [list(map(str, row)) for model in apps.get_models() for row in model._default_manager.values_list()]
    )
    assert "Website" in everything
    assert key.removeprefix("whsec_") not in everything
    assert "from=rostrum" in everything  # the address is kept …
    logged = json.dumps([e.kept.payload for e in Event.objects.filter(act__startswith="hook")])
    assert "from=rostrum" not in logged  # … and not told to everyone who may read the log


def test_more_endpoints_than_anyone_keeps(cast: Cast, listening: Adding) -> None:
    from rostrum.core.errors import Invalid

    for _n in range(20):
        listening()
    with pytest.raises(Invalid):
        add(by=cast.sysadmin, name="One more", url="http://127.0.0.1:1/", events=["account.official"])
