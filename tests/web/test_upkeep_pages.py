"""The pages of certification and liveness: many on one page, one fact by fact, last posts, lists, ways forward."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from rostrum.intake.post_models import PostList
from rostrum.people.models import Person
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from rostrum.upkeep import certifying, liveness, pausing
from rostrum.upkeep.liveness_models import Liveness, Pause
from rostrum.upkeep.models import Certification, Correction, Fact, SuspensionProposal
from tests.cast import Cast, official
from tests.upkeep.conftest import MAILBOX, all_right, asked, choose, on, proposed, task

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def account(cast: Cast) -> Account:
    return official(cast)


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(client: Client, name: str, *args: Any, **query: str) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


def record_of(cast: Cast, person: Person, account: Account) -> str:
    return text(as_(person), "web:account", account.public_id)


def answers(**wrong: str) -> dict[str, str]:
    sent = dict.fromkeys(Fact.values, "right")
    for fact, should in wrong.items():
        sent |= {fact: "wrong", f"should_{fact}": should}
    return {**sent, "note": ""}


def test_a_manager_with_many_ticks_those_that_are_right_and_opens_the_odd_one(cast: Cast) -> None:
    items = [asked(cast) for _n in range(3)]
    client, mine = as_(cast.teacher), reverse("web:certify_mine", args=[cast.teacher.pk])
    desk = text(client, "web:today")
    assert "Certify 3 accounts" in desk
    assert mine in desk
    page = client.get(reverse("web:certify"), follow=True).content.decode()
    for it in items:
        assert it.account.name in page
        assert reverse("web:certification_answer", args=[it.pk]) in page
    ticked = {"tick": [str(it.pk) for it in items[:2]], **{f"seen-{it.pk}": str(it.version) for it in items}, "_key": "a"}
    said = client.post(mine, ticked, follow=True).content.decode()
    assert "2 accounts are certified." in said
    answer = reverse("web:certification_answer", args=[items[2].pk])
    page = client.get(answer).content.decode()
    assert "In the register today" in page
    assert items[2].account.address in page
    said = client.post(answer, {**answers(mailbox=MAILBOX), "seen": "1", "_key": "b"}, follow=True).content.decode()
    assert "What is not right is on its way to be put right." in said
    assert MAILBOX in said
    assert sorted(Certification.objects.values_list("state", flat=True)) == ["certified", "certified", "correcting"]


def test_what_somebody_else_did_meanwhile_is_said_and_stops_nothing(cast: Cast) -> None:
    one, other, gone = asked(cast), asked(cast), asked(cast)
    certifying.answer(Certification.objects.get(pk=other.pk), all_right(), by=cast.colleague)
    change_standing(gone.account, "close", by=cast.communications, reason="Over.")
    url = reverse("web:certify_mine", args=[cast.teacher.pk])
    said = as_(cast.teacher).post(url, {"tick": [one.pk, other.pk, gone.pk], f"seen-{one.pk}": "1", "_key": "a"}, follow=True)
    page = said.content.decode()
    assert "1 account is certified." in page
    assert f"{other.account.name}: This cannot be done now" in page
    assert f"{gone.account.name}: This account was retired meanwhile" in page


def test_nothing_ticked_is_said(cast: Cast) -> None:
    asked(cast)
    page = as_(cast.teacher).post(reverse("web:certify_mine", args=[cast.teacher.pk]), {"_key": "a"}, follow=True)
    assert "Tick the accounts" in page.content.decode()


def test_nothing_typed_is_lost_when_an_answer_is_missing(cast: Cast) -> None:
    it = asked(cast)
    sent = {**answers(purpose="Families see the garden."), "seen": "1", "_key": "a"}
    del sent["address"]
    answer = as_(cast.teacher).post(reverse("web:certification_answer", args=[it.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say whether this is right." in page
    assert "Families see the garden." in page
    assert "<title>Error:" in page


def test_a_secret_typed_into_an_answer_is_refused(cast: Cast) -> None:
    it = asked(cast)
    sent = {**answers(custody="password: kitten77"), "seen": "1", "_key": "a"}
    answer = as_(cast.teacher).post(reverse("web:certification_answer", args=[it.pk]), sent)
    assert answer.status_code == 422
    assert "looks like a password" in answer.content.decode()
    assert not Correction.objects.exists()


def test_communications_asks_reads_and_puts_right(cast: Cast, account: Account) -> None:
    client = as_(cast.communications)
    ask = reverse("web:certification_ask", args=[account.public_id])
    assert ask in record_of(cast, cast.communications, account)
    said = client.post(ask, {"reason": "A parent wrote.", "due_on": "", "_key": "a"}, follow=True).content.decode()
    assert "Its managers are asked." in said
    assert "It is waiting for Sofia Nguyen, Owen Clarke." in said
    it = Certification.objects.get()
    assert client.get(ask).status_code == 302, "the open one is shown instead"
    url = reverse("web:certification_answer", args=[it.pk])
    as_(cast.teacher).post(url, {**answers(mailbox=MAILBOX), "seen": "1", "_key": "b"})
    desk = text(client, "web:today")
    assert "Put right: Work e-mail" in desk
    correction = Correction.objects.get()
    make = reverse("web:correction_move", args=[correction.pk, "make"])
    assert make in text(client, "web:certification", it.pk)
    assert "You are about to put this right" in client.get(make).content.decode()
    said = client.post(make, {"reason": "", "seen": "1", "_key": "c"}, follow=True).content.decode()
    assert "It is put right." in said
    account.refresh_from_db()
    assert account.mailbox == MAILBOX
    assert "by Sofia Nguyen" in record_of(cast, cast.principal, account)


def test_the_record_says_that_it_waits_and_to_others_only_once_it_is_late(cast: Cast) -> None:
    choose("certification_answer_days", 5)
    it = asked(cast)
    assert "Say by " in record_of(cast, cast.teacher, it.account)
    assert "Say by " not in record_of(cast, cast.principal, it.account)
    with on(TODAY() + timedelta(days=6), hour=12):
        late = record_of(cast, cast.principal, it.account)
        assert "Nobody has certified this account in time." in late


def test_a_proposed_suspension_is_decided_on_its_page(cast: Cast) -> None:
    it = proposed(cast)
    client = as_(cast.communications)
    assert "Decide: suspend 1 account or not" in text(client, "web:today")
    page = text(client, "web:suspension_proposals")
    suspend = reverse("web:suspension_proposal_move", args=[it.pk, "suspend"])
    assert suspend in page
    assert "nothing happens by itself" in page.lower()
    answer = client.post(suspend, {"reason": "", "seen": "1", "_key": "a"})
    assert answer.status_code == 422
    client.post(suspend, {"reason": "Nobody answers.", "seen": "1", "_key": "b"})
    it.account.refresh_from_db()
    assert it.account.state == "suspended"
    assert SuspensionProposal.objects.get().decided_by == cast.communications


def test_the_list_of_certifications_filters_what_is_late_and_is_taken_away(cast: Cast) -> None:
    choose("certification_answer_days", 5)
    late, fine = asked(cast), official(cast)
    certifying.answer(asked(cast, fine), all_right(), by=cast.teacher)
    with on(TODAY() + timedelta(days=6), hour=12):
        client = as_(cast.principal)
        page = text(client, "web:certifications", state="late")
        assert "One account" in page
        assert late.account.name in page
        assert fine.name not in page
        table = client.get(reverse("web:list_table", args=["certifications", "csv"]), {"state": "late"})
        rows = table.getvalue().decode()
        assert late.account.name in rows
        assert fine.name not in rows
        assert "Not certified in time" in rows
        for state in ("waiting", "correcting", "certified", "never", "x"):
            assert client.get(reverse("web:certifications"), {"state": state, "sort": "-last"}).status_code == 200


def test_while_no_rhythm_is_set_the_page_says_whose_silence_that_is(cast: Cast) -> None:
    assert "The procedure sets no rhythm, and the division none yet." in text(as_(cast.communications), "web:certifications")
    choose("certification_windows", "autumn")
    assert "The next time begins on" in text(as_(cast.communications), "web:certifications")


def test_a_last_post_is_noted_with_two_presses(cast: Cast, account: Account) -> None:
    client, url = as_(cast.teacher), reverse("web:liveness_post", args=[account.public_id])
    assert url in record_of(cast, cast.teacher, account)
    page = client.get(url).content.decode()
    assert 'value="today"' in page
    assert "checked" in page
    said = client.post(url, {"when": "today", "on": "", "_key": "a"}, follow=True).content.decode()
    assert "Noted: last post" in said
    assert Liveness.objects.get().last_post_on == TODAY()
    old = (TODAY() - timedelta(days=9)).isoformat()
    client.post(url, {"when": "other", "on": old, "seen": Liveness.objects.get().version, "_key": "b"})
    assert Liveness.objects.get().last_post_on.isoformat() == old  # type: ignore[union-attr]
    answer = client.post(url, {"when": "other", "on": "", "_key": "c"})
    assert answer.status_code == 422
    assert "Choose the day of the last post." in answer.content.decode()


def test_a_look_that_finds_something_wrong_shows_on_the_record(cast: Cast, account: Account) -> None:
    url = reverse("web:liveness_look", args=[account.public_id])
    said = as_(cast.teacher).post(url, {"alive": "taken", "note": "Shows a shop.", "_key": "a"}, follow=True)
    assert "Communications has been told." in said.content.decode()
    page = record_of(cast, cast.communications, account)
    assert "Whoever looked last found: Somebody else has it" in page
    assert "Shows a shop." in page


def test_the_plan_is_changed(cast: Cast, account: Account) -> None:
    url = reverse("web:liveness_plan", args=[account.public_id])
    as_(cast.teacher).post(url, {"plan": "events", "_key": "a"})
    assert Liveness.objects.get().plan == "events"


def test_a_pause_is_set_shown_and_ended(cast: Cast, account: Account) -> None:
    client, url = as_(cast.teacher), reverse("web:pause_new", args=[account.public_id])
    answer = client.post(url, {"until": "dated", "ends_on": "", "reason": "Rest.", "_key": "a"})
    assert answer.status_code == 422
    ends = (TODAY() + timedelta(days=20)).isoformat()
    said = client.post(url, {"until": "dated", "ends_on": ends, "reason": "The season is over.", "_key": "b"}, follow=True)
    assert "It is paused until" in said.content.decode()
    it = Pause.objects.get()
    end = reverse("web:pause_end", args=[it.pk])
    assert end in record_of(cast, cast.teacher, account)
    client.post(end, {"seen": it.version, "_key": "c"})
    it.refresh_from_db()
    assert it.state == "ended"


def test_a_quiet_account_shows_its_ways_forward_each_leading_to_its_own_act(cast: Cast, account: Account) -> None:
    choose("quiet_days", 30)
    liveness.note_post(account, TODAY(), by=cast.teacher)
    with on(TODAY() + timedelta(days=40), hour=12):
        forward = reverse("web:liveness_forward", args=[account.public_id])
        assert forward in record_of(cast, cast.communications, account)
        page = text(as_(cast.communications), "web:liveness_forward", account.public_id)
        for name in ("web:liveness_nudge", "web:pause_new", "web:account_change_new", "web:liveness_post"):
            assert reverse(name, args=[account.public_id]) in page
        assert reverse("web:closing_new", args=[account.public_id]) in page
        assert "Nudge" not in text(as_(cast.teacher), "web:liveness_forward", account.public_id)
        quiet = text(as_(cast.communications), "web:quiet", state="quiet")
        assert account.name in quiet
        assert forward in quiet
        assert "One account" in text(as_(cast.teacher), "web:quiet", tab="mine", state="quiet")
        nudge = reverse("web:liveness_nudge", args=[account.public_id])
        said = as_(cast.principal).post(nudge, {"words": "Spring?", "_key": "a"}, follow=True).content.decode()
        assert "Written to Sofia Nguyen, Owen Clarke." in said
        assert as_(cast.principal).post(nudge, {"words": "", "_key": "b"}).status_code == 409


def test_while_no_number_is_set_no_account_is_called_quiet(cast: Cast, account: Account) -> None:
    liveness.note_post(account, TODAY(), by=cast.teacher)
    with on(TODAY() + timedelta(days=400), hour=12):
        page = text(as_(cast.communications), "web:quiet")
        assert "gives no number, and the division none yet" in page
        assert "Behind its own plan" in page


LIST = """Account,Platform,Last post
{good},,{day}
@nobody-here,Instagram,{day}
{good},,{day}
,,{day}
{id},,31/31/2031
"""


def upload(body: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("posts.csv", body.encode()), "_key": "u"}


def test_a_list_is_looked_at_and_taken_whole_when_bad_rows_are_left_out_knowingly(cast: Cast, account: Account) -> None:
    other = official(cast)
    client = as_(cast.communications)
    day = (TODAY() - timedelta(days=2)).isoformat()
    body = LIST.format(good=account.address, id=other.public_id, day=day)
    page = client.post(reverse("web:post_imports"), upload(body), follow=True).content.decode()
    it = PostList.objects.get()
    assert it.counts == {"rows": 5, "good": 1, "bad": 4}
    for words in ("No live account of the register is called so.", "The same account stands in row 2 already.",
                  "No account stands in this row.", "31/31/2031"):  # fmt: skip
        assert words in page
    url = reverse("web:post_list", args=[it.pk])
    refused = client.post(url, {"act": "take", "_key": "a"})
    assert refused.status_code == 422
    assert "4 rows cannot be used." in refused.content.decode()
    assert not Liveness.objects.exists()
    said = client.post(url, {"act": "take", "leave_out": "yes", "_key": "b"}, follow=True).content.decode()
    assert "1 account has a newer last post." in said
    assert Liveness.objects.get(account=account).post_source == "import"
    assert client.post(url, {"act": "take", "leave_out": "yes", "_key": "c"}).status_code == 409
    it.refresh_from_db()
    assert it.rows == it.faults == []


def test_handles_public_ids_and_addresses_name_an_account(cast: Cast) -> None:
    one, two = official(cast), official(cast)
    day = TODAY().isoformat()
    body = f"Handle,Network,Last posted\n{one.public_id.lower()},,{day}\n{two.address},Blog,{day}\n"
    as_(cast.communications).post(reverse("web:post_imports"), upload(body))
    assert PostList.objects.get().counts == {"rows": 2, "good": 2, "bad": 0}


@pytest.mark.parametrize(
    ("body", "words"),
    [("Name,Day\nx,2026-01-01\n", "“Account”"), ("Account,Name\nx,y\n", "“Last post”"), ("Account,Last post\n", "no row"),
     ("", "empty")],
)
def test_a_list_that_cannot_be_used_says_so(cast: Cast, body: str, words: str) -> None:
    answer = as_(cast.communications).post(reverse("web:post_imports"), upload(body))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_list_is_dropped(cast: Cast, account: Account) -> None:
    client = as_(cast.communications)
    client.post(reverse("web:post_imports"), upload(f"Account,Last post\n{account.address},{TODAY().isoformat()}\n"))
    url = reverse("web:post_list", args=[PostList.objects.get().pk])
    assert client.post(url, {"act": "burn", "_key": "z"}).status_code == 422
    client.post(url, {"act": "drop", "_key": "a"})
    assert PostList.objects.get().state == "dropped"
    assert not Liveness.objects.exists()
    assert io.StringIO(client.get(reverse("web:post_template")).content.decode()).readline().strip()


def test_the_pages_take_as_many_questions_for_many_as_for_few(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    choose("quiet_days", 30)
    choose("certification_answer_days", 5)
    items = [asked(cast) for _n in range(6)]
    pausing.pause(items[0].account, by=cast.teacher, reason="Rest.", ends_on=TODAY())
    task(cast)
    client = as_(cast.communications)
    for name, most in (("web:certifications", 34), ("web:quiet", 32), ("web:oversight", 60)):
        client.get(reverse(name))
        with django_assert_max_num_queries(most):
            client.get(reverse(name))
    with django_assert_max_num_queries(30):
        as_(cast.teacher).get(reverse("web:certify_mine", args=[cast.teacher.pk]))
