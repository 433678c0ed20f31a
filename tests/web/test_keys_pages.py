"""The pages of resets: an alarm in seconds, a statement, its confirmation, lists, the record, Today, Reviews."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from rostrum.core import clock
from rostrum.keys import campaigns, stating
from rostrum.keys.actions import call_for_reset
from rostrum.keys.models import PARTS, Reset, ResetCall
from rostrum.people.actions import note_departure
from rostrum.people.models import Person
from rostrum.policies.actions import set_setting
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from rostrum.web.keys import panel
from tests.cast import Cast, official
from tests.keys.made import ENTRY, asked, confirmed, returned, running, started, stated

pytestmark = pytest.mark.django_db


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def typed(**changes: Any) -> dict[str, Any]:
    return {**dict.fromkeys(PARTS, "done"), "vault_entry": ENTRY, "asked": "", **changes}


def test_an_alarm_in_three_taps_a_statement_a_confirmation(cast: Cast) -> None:
    account = official(cast)
    ask = reverse("web:reset_ask", args=[account.public_id])
    teacher, colleague, communications = as_(cast.teacher), as_(cast.colleague), as_(cast.communications)
    assert ask in teacher.get(reverse("web:account", args=[account.public_id])).content.decode()
    said = teacher.post(ask, {"trigger": "phishing", "_key": "a"}, follow=True).content.decode()
    assert "Communications knows now." in said
    call = ResetCall.objects.get()
    page = reverse("web:reset_call", args=[call.pk])
    today = communications.get("/staff/").content.decode()
    assert page in today
    assert "Suspected phishing" in today
    record = communications.get(reverse("web:account", args=[account.public_id])).content.decode()
    assert "Suspected phishing. The access is to be reset now." in record
    make = reverse("web:reset_make", args=[account.public_id])
    form = teacher.get(make).content.decode()
    assert "Suspected phishing" in form
    assert f'value="{call.pk}.1"' in form
    assert "NIST" not in form
    sent = {**typed(asked=f"{call.pk}.1"), "_key": "b"}
    said = teacher.post(make, sent, follow=True).content.decode()
    assert "It counts once a second person has confirmed it." in said
    assert "It is waiting for Owen Clarke." in said
    assert teacher.post(make, sent).status_code == 302, "sent twice, done once"
    it = Reset.objects.get()
    assert teacher.get(make)["Location"] == reverse("web:reset", args=[it.pk]), "the one that waits is shown"
    confirm = reverse("web:reset_move", args=[it.pk, "confirm"])
    assert confirm in colleague.get(reverse("web:reset", args=[it.pk])).content.decode()
    assert "Confirm a reset" in colleague.get("/staff/").content.decode()
    decide = colleague.get(confirm).content.decode()
    assert ENTRY in decide
    assert "Everything that asked for this reset is answered." in decide
    said = colleague.post(confirm, {"seen": 1, "_key": "c"}, follow=True).content.decode()
    assert "You confirmed the reset." in said
    assert "What it answered" in said
    record = communications.get(reverse("web:account", args=[account.public_id])).content.decode()
    assert "By Sofia Nguyen, confirmed by Owen Clarke." in record
    assert "The access is to be reset now" not in record
    assert "Sofia Nguyen asked for a reset of the access." in record
    assert page not in communications.get("/staff/").content.decode()


def test_a_lost_phone_is_said_for_several_accounts_at_once(cast: Cast) -> None:
    accounts = [official(cast) for _n in range(3)]
    teacher, url = as_(cast.teacher), reverse("web:reset_alarm")
    page = teacher.get(url).content.decode()
    assert page.count("checked") == 3
    chosen = [one.public_id for one in accounts[:2]]
    said = teacher.post(url, {"trigger": "lost_phone", "accounts": chosen, "_key": "a"}, follow=True)
    assert said.redirect_chain[-1][0].endswith("?whose=mine")
    assert ResetCall.objects.filter(trigger="lost_phone").count() == 2
    answer = teacher.post(url, {"trigger": "lost_phone", "accounts": [], "_key": "b"})
    assert answer.status_code == 422
    assert "Tick at least one account." in answer.content.decode()
    assert teacher.post(url, {"trigger": "ad_hoc", "accounts": chosen, "_key": "c"}).status_code == 422
    assert "You have no account" in as_(cast.charlie).get(url).content.decode()


def test_a_form_that_cannot_be_loses_nothing_that_was_typed(cast: Cast) -> None:
    account = official(cast)
    url = reverse("web:reset_make", args=[account.public_id])
    answer = as_(cast.teacher).post(url, typed(second_factor="not_offered", note="Owen, look at the apps.", vault_entry=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say in a word why not." in page
    assert "Name the entry" in page
    assert "Owen, look at the apps." in page
    assert page.count('value="done"') == 6
    assert not Reset.objects.exists()
    answer = as_(cast.teacher).post(url, {})
    assert answer.content.decode().count("Say whether this was done.") >= 6
    assert as_(cast.teacher).post(url, typed(state="confirmed")).status_code == 422, "a status is never a form field"


def test_a_call_that_came_meanwhile_is_shown_and_the_form_can_be_sent_again(cast: Cast) -> None:
    account = official(cast)
    call = asked(cast, account, by=cast.colleague)
    url = reverse("web:reset_make", args=[account.public_id])
    answer = as_(cast.teacher).post(url, typed())
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "another reset of this account was asked for" in page
    assert f'value="{call.pk}.1"' in page
    assert as_(cast.teacher).post(url, typed(asked=f"{call.pk}.1")).status_code == 302


def test_a_returned_statement_is_put_right(cast: Cast) -> None:
    it = returned(cast)
    teacher = as_(cast.teacher)
    assert "Returned to you" in teacher.get("/staff/").content.decode()
    page = teacher.get(reverse("web:reset", args=[it.pk])).content.decode()
    again = reverse("web:reset_again", args=[it.pk])
    assert "The old phone is still on the list." in page
    assert again in page
    form = teacher.get(again).content.decode()
    assert ENTRY in form
    assert "The old phone is still on the list." in form
    assert teacher.post(again, {**typed(), "seen": 1}).status_code == 409, "an older page"
    said = teacher.post(again, {**typed(), "seen": it.version}, follow=True).content.decode()
    assert "It is waiting for Owen Clarke." in said
    assert teacher.get(again).status_code == 409


def test_what_a_leaver_stated_is_cleared_away_and_stated_anew(cast: Cast) -> None:
    it = returned(cast)
    note_departure(cast.teacher, by=cast.communications)
    colleague, record = as_(cast.colleague), reverse("web:reset", args=[it.pk])
    page = colleague.get(record).content.decode()
    assert "Sofia Nguyen, who stated it, does not look after the account any more." in page
    away = reverse("web:reset_move", args=[it.pk, "withdraw"])
    assert away in page
    answer = colleague.post(away, {"seen": it.version, "reason": "Sofia has left."})
    assert answer.headers["Location"] == reverse("web:reset_make", args=[it.account.public_id])
    assert colleague.get(answer.headers["Location"]).status_code == 200


def test_nothing_is_returned_to_a_leaver(cast: Cast) -> None:
    it = stated(cast)
    note_departure(cast.teacher, by=cast.communications)
    back = reverse("web:reset_move", args=[it.pk, "return"])
    colleague = as_(cast.colleague)
    assert back not in colleague.get(reverse("web:reset", args=[it.pk])).content.decode()
    for answer in (colleague.get(back), colleague.post(back, {"seen": it.version, "reason": "It is not so."})):
        assert answer.status_code == 409
        assert "Withdraw it" in answer.content.decode()


def test_what_is_decided_is_not_decided_again_and_the_refusal_says_what_happened(cast: Cast) -> None:
    it = confirmed(cast)
    for move in ("confirm", "return", "withdraw"):
        url = reverse("web:reset_move", args=[it.pk, move])
        answer = as_(cast.colleague).get(url)
        assert answer.status_code == 409
        assert "Confirmed" in answer.content.decode()
        assert as_(cast.colleague).post(url, {"seen": it.version, "reason": "x y"}).status_code in {403, 409}
    assert as_(cast.colleague).get(reverse("web:reset_move", args=[it.pk, "answer"])).status_code == 404
    assert as_(cast.colleague).get("/staff/resets/99999999999999999999/").status_code == 404


def test_confirming_ones_own_names_who_can(cast: Cast) -> None:
    it = stated(cast)
    answer = as_(cast.teacher).post(reverse("web:reset_move", args=[it.pk, "confirm"]), {"seen": 1})
    assert answer.status_code == 403
    assert "somebody else confirms it: Owen Clarke" in answer.content.decode()


def test_a_retired_account_offers_nothing_and_says_why(cast: Cast) -> None:
    it = confirmed(cast)
    change_standing(it.account, "close", by=cast.communications, reason="The class is over.")
    account = it.account
    account.refresh_from_db()
    assert panel.acts(cast.teacher, account) == []
    for name in ("web:reset_make", "web:reset_ask"):
        answer = as_(cast.teacher).get(reverse(name, args=[account.public_id]))
        assert answer.status_code == 409
        assert "This account is retired." in answer.content.decode()


def test_a_call_says_why_by_when_whose_it_is_and_can_be_called_off(cast: Cast) -> None:
    call = asked(cast, note="The page asked me to sign in again.")
    page = as_(cast.communications).get(reverse("web:reset_call", args=[call.pk])).content.decode()
    assert "No day is set: the procedure gives none" in page
    assert "It is for Sofia Nguyen, Owen Clarke." in page
    assert "The page asked me to sign in again." in page
    url = reverse("web:reset_call_off", args=[call.pk])
    assert url in page
    assert url not in as_(cast.colleague).get(reverse("web:reset_call", args=[call.pk])).content.decode()
    answer = as_(cast.communications).post(url, {"seen": 1, "reason": ""})
    assert answer.status_code == 422
    said = as_(cast.communications).post(url, {"seen": 1, "reason": "It was our own test."}, follow=True)
    assert "It was our own test." in said.content.decode()
    assert as_(cast.communications).get(url).status_code == 409


def test_the_list_of_calls_is_filtered_searched_and_taken_away(cast: Cast) -> None:
    set_setting("reset_due_days.lost_phone", 1, by_name="Marc", reason="Board.", by=cast.communications)
    late = asked(cast, trigger="lost_phone")
    ResetCall.objects.filter(pk=late.pk).update(due_on=clock.today() - timedelta(days=2))
    other, closed = asked(cast), asked(cast, trigger="shared")
    confirmed(cast, closed.account)
    client, url = as_(cast.communications), reverse("web:resets")

    def found(query: str) -> set[int]:
        page = client.get(f"{url}?{query}").content.decode()
        return {one.pk for one in (late, other, closed) if reverse("web:reset_call", args=[one.pk]) in page}

    assert found("") == {late.pk, other.pk}
    assert found("state=late") == {late.pk}
    assert found("state=every") == {late.pk, other.pk, closed.pk}
    assert found("state=answered") == {closed.pk}
    assert found("trigger=phishing") == {other.pk}
    assert found("school=winston") == set()
    assert found("platform=blog&school=rendell") == {late.pk, other.pk}
    assert found(f"q={late.account.name.replace(' ', '+')}") == {late.pk}
    assert found("state=nonsense&trigger=%00") == {late.pk, other.pk}
    assert found("whose=mine") == set()
    page = client.get(url).content.decode()
    assert "2 resets" in page
    assert "NIST SP 800-63B" in page
    assert "No period is set" in page
    table = client.get("/staff/lists/resets/table.csv?state=every")
    assert table.getvalue().decode("utf-8-sig").count("\n") == 4
    assert reverse("web:reset_call", args=[late.pk]) not in as_(cast.charlie).get(url).content.decode()
    assert client.get("/staff/resets/show/late/")["Location"].endswith("?state=late")


def test_the_list_of_statements(cast: Cast) -> None:
    first, second = confirmed(cast), stated(cast)
    client, url = as_(cast.auditor), reverse("web:reset_statements")
    page = client.get(url).content.decode()
    assert "2 statements" in page
    only = client.get(f"{url}?state=confirmed").content.decode()
    assert reverse("web:reset", args=[first.pk]) in only
    assert reverse("web:reset", args=[second.pk]) not in only
    table = client.get("/staff/lists/statements/table.csv")
    said = table.getvalue().decode("utf-8-sig")
    assert said.count("\n") == 3
    assert ENTRY not in said, "what was typed stays on its own page"
    assert "No reset was stated yet" in as_(cast.charlie).get(url).content.decode()


def test_a_campaign_is_started_shown_reminded_and_ended(cast: Cast) -> None:
    accounts = [official(cast) for _n in range(2)]
    client, url = as_(cast.communications), reverse("web:reset_campaign_start")
    assert url in client.get(reverse("web:reset_campaigns")).content.decode()
    wanted = {"name": "Back to school", "scope": "lpsd", "platform": "", "reason": "Every September.",
              "due_on": (clock.today() + timedelta(days=14)).isoformat()}  # fmt: skip
    answer = client.post(url, {**wanted, "due_on": "2020-01-01"})
    assert answer.status_code == 422
    assert "This day has passed." in answer.content.decode()
    assert "Every September." in answer.content.decode()
    said = client.post(url, {**wanted, "_key": "a"}, follow=True).content.decode()
    assert "2 accounts are asked for." in said
    assert "0 of 2 accounts confirmed, 2 missing" in said
    it = campaigns.running().get()
    confirmed(cast, accounts[0])
    page_url = reverse("web:reset_campaign", args=[it.pk])
    page = client.get(page_url).content.decode()
    assert "1 of 2 accounts confirmed, 1 missing" in page
    assert accounts[1].name in page
    assert "Sofia Nguyen, Owen Clarke" in page
    hub = client.get("/staff/oversight/").content.decode()
    assert page_url in hub
    assert "1 of 2 accounts confirmed, 1 missing" in hub
    nudge, end = (reverse("web:reset_campaign_move", args=[it.pk, name]) for name in ("nudge", "end"))
    said = client.post(nudge, {"seen": 1, "reason": ""}, follow=True).content.decode()
    assert "Everyone who is missing has been reminded." in said
    assert nudge not in said
    assert client.post(nudge, {"seen": 2}).status_code == 409
    assert client.post(end, {"seen": 2, "reason": ""}).status_code == 422
    said = client.post(end, {"seen": 2, "reason": "The year has begun."}, follow=True).content.decode()
    assert "The year has begun." in said
    assert client.get(end).status_code == 409
    table = client.get(reverse("web:reset_campaign_table", args=[it.pk]))
    rows = table.getvalue().decode("utf-8-sig")
    assert rows.count("Confirmed") == 1
    assert rows.count("Missing") == 1


def test_a_principal_sees_their_own_school_of_a_campaign_of_the_division(cast: Cast) -> None:
    it = running(cast)
    charlie = as_(cast.charlie).get(reverse("web:reset_campaign", args=[it.pk])).content.decode()
    assert "Rendell Park" not in charlie
    assert "No account of it is left that you may read." in charlie
    assert as_(cast.teacher).get(reverse("web:reset_campaign", args=[it.pk])).status_code == 404
    call = it.calls.get()
    page = as_(cast.teacher).get(reverse("web:reset_call", args=[call.pk])).content.decode()
    assert "Back to school" in page
    assert reverse("web:reset_campaign", args=[it.pk]) not in page


def test_the_record_says_when_the_next_is_due_or_that_nothing_sets_it(cast: Cast) -> None:
    account = official(cast)
    url = reverse("web:account", args=[account.public_id])
    page = as_(cast.teacher).get(url).content.decode()
    assert "Not set by the procedure" in page
    assert "None on record" in page
    set_setting("reset_days", 100, by_name="Marc", reason="Board.", by=cast.communications)
    page = as_(cast.teacher).get(url).content.decode()
    assert "By the division’s period." in page


def _some(cast: Cast, count: int) -> Account:
    """So many of everything that waits."""
    for _n in range(count):
        account = official(cast)
        asked(cast, account)
        call_for_reset(account, trigger="leaver", by=None)
        stated(cast, by=cast.principal)
        stating.send_back(stated(cast), by=cast.colleague, reason="Look again.")
    return account


def test_pages_cost_the_same_however_much_there_is(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    account = _some(cast, 2)
    it = started(cast)
    shared = ("/staff/", "/staff/oversight/", reverse("web:account", args=[account.public_id]))

    def cost() -> list[int]:
        """What the pages that all areas share cost: the others' part of it is not ours to pin."""
        found = []
        for person in (cast.communications, cast.teacher):
            for url in shared:
                with CaptureQueriesContext(connection) as queries:
                    assert as_(person).get(url).status_code == 200
                found.append(len(queries))
        return found

    few = cost()
    _some(cast, 4)
    assert all(more <= before for more, before in zip(cost(), few, strict=True))
    client = as_(cast.communications)
    for url, most in (
        (reverse("web:resets"), 24), (reverse("web:reset_statements"), 24), (reverse("web:reset_campaigns"), 18),
        (reverse("web:reset_campaign", args=[it.pk]), 26),
    ):  # fmt: skip
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200
