"""The settings of the procedure: each says where its value comes from; set and cleared with a reason."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from rostrum.audit.queries import search
from rostrum.people.models import Person
from rostrum.policies.actions import set_setting
from rostrum.policies.models import SettingValue
from rostrum.policies.queries import current, setting, setting_state
from tests.cast import Cast

EVERYONE = (
    "teacher",
    "principal",
    "superintendent",
    "communications",
    "privacy",
    "director",
    "auditor",
    "sysadmin",
    "charlie",
)
SETTERS = {"communications", "sysadmin"}
KEY = "decision_days.endorse"


def as_(person: Person) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def url(key: str = KEY, name: str = "setting") -> str:
    """The page of a setting."""
    return reverse(f"web:{name}", args=[key])


@pytest.mark.parametrize("who", EVERYONE)
def test_everyone_reads_and_only_who_may_sets_and_clears(cast: Cast, who: str) -> None:
    client = as_(getattr(cast, who))
    assert client.get(reverse("web:settings")).status_code == 200
    page = client.get(url())
    assert page.status_code == 200
    assert ("Set it for the division" in page.content.decode()) is (who in SETTERS)
    sent = client.post(url(), {"value": "7", "reason": "Agreed."})
    assert sent.status_code == (302 if who in SETTERS else 403)
    assert setting(KEY) == (7 if who in SETTERS else None)
    cleared = client.post(url(name="setting_clear"), {"reason": "Not needed."})
    assert cleared.status_code == (302 if who in SETTERS else 403)
    assert setting(KEY) is None


def test_nobody_signed_out_sees_them(cast: Cast) -> None:
    for address in (reverse("web:settings"), url(), url(name="setting_clear")):
        assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    "key", ["no_such_setting", "x" * 300, "decision_days.endorse ", "'; drop table", "é"]
)
def test_nothing_is_at_a_key_that_the_edition_has_not(cast: Cast, key: str) -> None:
    assert as_(cast.sysadmin).get(url(key)).status_code == 404
    assert as_(cast.sysadmin).post(url(key), {"value": "1", "reason": "x"}).status_code == 404


def test_every_setting_says_where_its_value_comes_from(cast: Cast) -> None:
    set_setting(KEY, 5, by_name="Marc Laurent", reason="Leadership team, November.", by=cast.communications)
    client = as_(cast.teacher)
    overview = client.get(reverse("web:settings")).content.decode()
    for one in current().settings:
        assert reverse("web:setting", args=[one.key]) in overview
        source = setting_state(one.key).source
        words = {
            "procedure": "Set by the procedure",
            "reading": "Rostrum's reading",
            "division": "Set by the division",
            "not_set": "Not set by the procedure",
        }[source]
        assert words in client.get(url(one.key)).content.decode(), one.key
    assert "by Marc Laurent" in overview
    assert "Leadership team, November." in overview
    assert "ap-193@2015-09" in overview
    assert "In force" in overview


def test_a_choice_of_the_division_never_reads_as_the_procedures_word(cast: Cast) -> None:
    client = as_(cast.communications)
    client.post(url("managers_min"), {"value": "2", "reason": "Two pairs of eyes."})
    page = client.get(url("managers_min")).content.decode()
    assert "Set by the division on" in page
    assert "The procedure itself says: 1 person." in page
    assert "The procedure says so." not in page


def test_a_value_that_is_not_set_shows_no_number(cast: Cast) -> None:
    page = as_(cast.teacher).get(url()).content.decode()
    assert "Not set by the procedure." in page
    assert "0 day" not in page


def test_setting_changing_and_clearing_is_kept_and_logged(cast: Cast) -> None:
    client = as_(cast.communications)
    client.post(url(), {"value": "7", "reason": "First."})
    client.post(url(), {"value": "10", "reason": "More time."})
    assert "10 days" in client.get(url(name="setting_clear")).content.decode()
    client.post(url(name="setting_clear"), {"reason": "Back to none."})
    page = client.get(url()).content.decode()
    for words in ("set it to 7 days", "set it to 10 days", "Marc Laurent cleared it", "Back to none."):
        assert words in page
    acts = [(entry.act, entry.role, entry.note) for entry in search(act="setting:").entries]
    assert acts == [
        ("setting:clear", "communications", "Back to none."),
        ("setting:set", "communications", "More time."),
        ("setting:set", "communications", "First."),
    ]
    assert client.get(url(name="setting_clear")).status_code == 409


@pytest.mark.parametrize(
    ("value", "reason", "field"),
    [
        ("", "why", "value"),
        ("0", "why", "value"),
        ("366", "why", "value"),
        ("-1", "why", "value"),
        ("5.5", "why", "value"),
        ("five", "why", "value"),
        ("1e3", "why", "value"),
        ("9" * 5000, "why", "value"),
        ("5", "", "reason"),
        ("5", " ", "reason"),
        ("5", "a\u202eb", "reason"),
        ("5", "a\x00b", "reason"),
        ("5", "x" * 2001, "reason"),
    ],
)
def test_a_wrong_value_or_reason_is_shown_beside_its_field(
    cast: Cast, value: str, reason: str, field: str
) -> None:
    answer = as_(cast.sysadmin).post(url(), {"value": value, "reason": reason})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not SettingValue.objects.exists()


def test_a_choice_takes_only_what_the_edition_offers(cast: Cast) -> None:
    client = as_(cast.sysadmin)
    assert client.post(url("second_factor"), {"value": "whatever", "reason": "x"}).status_code == 422
    assert client.post(url("second_factor"), {"value": "required", "reason": "Safer."}).status_code == 302
    assert setting("second_factor") == "required"
    assert "Require before registration" in client.get(url("second_factor")).content.decode()


def test_a_form_sent_twice_sets_once(cast: Cast) -> None:
    client = as_(cast.sysadmin)
    for _ in range(2):
        assert client.post(url(), {"value": "7", "reason": "Agreed.", "_key": "one"}).status_code == 302
    assert SettingValue.objects.count() == 1


def test_a_field_that_the_form_never_had_is_refused(cast: Cast) -> None:
    answer = as_(cast.sysadmin).post(url(), {"value": "7", "reason": "x", "set_by_name": "Someone else"})
    assert answer.status_code == 422
    assert not SettingValue.objects.exists()


def test_the_overview_costs_the_same_however_much_was_set(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    client = as_(cast.sysadmin)
    client.get(reverse("web:settings"))
    for key in ("decision_days.endorse", "decision_days.approve", "registration_days", "lapse_days"):
        set_setting(key, 9, by_name="Taras Boyko", reason="x", by=cast.sysadmin)
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # a fixture without a public type
        client.get(reverse("web:settings"))
