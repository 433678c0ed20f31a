"""Pages of findings and kept posts: the queue by keyboard, several at once, a manager's answer, rules tuned and tried."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rostrum.archive.models import Post, PostVersion
from rostrum.monitoring import deciding, tuning
from rostrum.monitoring.deciding import deciders
from rostrum.monitoring.models import CheckRound, Finding, OwnRule, RuleChoice
from rostrum.monitoring.queries import to_judge
from rostrum.monitoring.rounds import go_on
from rostrum.policies.actions import set_setting
from tests.cast import Cast, official
from tests.monitoring.reached import PHONE, confirmed, kept, opened
from tests.web.everywhere import A_PICTURE

pytestmark = pytest.mark.django_db


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def test_3_4_a_manager_keeps_a_post_and_sees_at_once_that_something_was_found(client: Client, cast: Cast) -> None:
    account = official(cast)
    client.force_login(cast.teacher)
    where = f"{account.address.rstrip('/')}/2026/11/ride"
    sent = {"address": where, "text": PHONE, "screenshot": SimpleUploadedFile("a.png", A_PICTURE)}
    answer = client.post(f"/staff/accounts/{account.public_id}/posts/new/", sent, follow=True)
    assert "One place is to be looked at" in answer.content.decode()
    version = PostVersion.objects.get()
    assert (version.text, version.post.address, bool(version.screenshot)) == (PHONE, where, True)
    picture = client.get(f"/staff/posts/{version.post_id}/screenshots/1")
    assert picture["Content-Type"] == "image/png"
    assert picture["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in picture["Cache-Control"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"address": "somewhere"}, "Paste the whole address"), ({"text": ""}, "Paste the text"),
     ({"address": "https://www.instagram.com/p/C1/"}, "an address on Instagram"),
     ({"posted_on": "tomorrow"}, "year-month-day"),
     ({"screenshot": SimpleUploadedFile("a.png", b"GIF89a")}, "not a whole PNG")],
)  # fmt: skip
def test_what_was_typed_is_still_there_after_an_error(
    client: Client, cast: Cast, changes: dict[str, Any], words: str
) -> None:
    account = official(cast)
    client.force_login(cast.teacher)
    sent = {"address": f"{account.address.rstrip('/')}/1", "text": "Our bake sale.", **changes}
    answer = client.post(f"/staff/accounts/{account.public_id}/posts/new/", sent)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert words in body
    assert not Post.objects.exists()
    if "text" not in changes:
        assert "Our bake sale." in body


def test_a_days_queue_is_gone_through_one_by_one_and_each_act_leads_to_the_next(client: Client, cast: Cast) -> None:
    three = [opened(cast) for _n in range(3)]
    client.force_login(cast.principal)
    body = page(client, "/staff/findings/")
    assert body.count("data-row") == 3
    assert "3 findings" in body
    assert "The most serious first, then the oldest." in body
    assert 'data-hot="n"' in body
    here = three[0]
    for n in range(3):
        shown = page(client, f"/staff/findings/{here.pk}/")
        assert "Private telephone number" in shown
        assert "<mark" in shown
        answer = client.post(f"/staff/findings/{here.pk}/dismiss/", {"ground": "false_alarm", "seen": "1", "_key": f"k{n}"})
        assert answer.status_code == 302
        here.refresh_from_db()
        assert (here.state, here.ground) == ("dismissed", "false_alarm")
        left = list(Finding.objects.filter(state="open").order_by("found_at"))
        if left:
            assert answer["Location"].startswith(f"/staff/findings/{left[0].pk}/?done={here.pk}")
            here = left[0]
    assert "Nothing waits for a look" in page(client, "/staff/findings/")


def test_1_7_nobody_judges_their_own_account_and_the_queue_goes_past_it(client: Client, cast: Cast) -> None:
    own, other = opened(cast), opened(cast)
    own.account.registration.designations.filter(kind="primary").update(person=cast.principal)
    client.force_login(cast.principal)
    shown = page(client, f"/staff/findings/{own.pk}/")
    assert "You look after this account, so somebody else decides on this." in shown
    assert cast.communications.name in shown
    assert f'href="/staff/findings/{other.pk}/" data-hot="n"' in shown
    assert "data-veil" in shown
    assert "/dismiss/" not in shown
    assert [one.pk for one in to_judge(cast.principal)] == [other.pk]
    assert cast.principal not in deciders(own)
    answer = client.post(f"/staff/findings/{other.pk}/dismiss/", {"ground": "small", "seen": "1", "_key": "k"})
    assert answer["Location"] == f"/staff/findings/?done={other.pk}"


def test_a_dismissal_can_be_undone_within_a_minute(client: Client, cast: Cast) -> None:
    first, second = opened(cast), opened(cast)
    client.force_login(cast.principal)
    answer = client.post(f"/staff/findings/{first.pk}/dismiss/", {"ground": "small"})
    body = page(client, answer["Location"])
    assert "Undo" in body
    client.post(f"/staff/findings/{first.pk}/reopen/", {})
    first.refresh_from_db()
    assert first.state == "open"
    assert "Undo" not in page(client, f"/staff/findings/{second.pk}/?done={first.pk}")
    for odd in ("abc", "", "999999", "\u0663"):
        assert "Undo" not in page(client, f"/staff/findings/{second.pk}/?done={odd}")


def test_several_are_dismissed_together_after_one_question(client: Client, cast: Cast) -> None:
    three = [opened(cast) for _n in range(3)]
    client.force_login(cast.communications)
    picks = [str(one.pk) for one in three[:2]]
    asked = client.post("/staff/findings/dismiss/", {"pick": picks})
    assert "Dismiss 2 findings" in asked.content.decode()
    assert Finding.objects.filter(state="open").count() == 3
    unsure = client.post("/staff/findings/dismiss/", {"pick": picks, "sure": "1"})
    assert unsure.status_code == 422
    done = client.post("/staff/findings/dismiss/", {"pick": picks, "sure": "1", "ground": "allowed"}, follow=True)
    assert "2 findings are dismissed" in done.content.decode()
    assert Finding.objects.filter(state="open").count() == 1
    none = client.post("/staff/findings/dismiss/", {}, follow=True)
    assert "Choose at least one" in none.content.decode()


def test_1_7_a_manager_sees_the_task_and_answers_with_a_screenshot(client: Client, cast: Cast) -> None:
    it = confirmed(cast)
    client.force_login(cast.teacher)
    assert "Change the post" in page(client, "/staff/")
    body = page(client, f"/staff/findings/{it.pk}/")
    assert "Use the office number." in body
    assert "Dismiss it" not in body
    sent = {"reason": "Changed it.", "proof": SimpleUploadedFile("a.png", A_PICTURE)}
    answer = client.post(f"/staff/findings/{it.pk}/answer/", sent, follow=True)
    assert "Your answer is on its way" in answer.content.decode()
    client.force_login(cast.principal)
    body = page(client, f"/staff/findings/{it.pk}/")
    assert "Changed it." in body
    assert "Is it settled?" in body
    assert client.get(f"/staff/findings/{it.pk}/proof")["Content-Type"] == "image/png"
    client.post(f"/staff/findings/{it.pk}/accept/", {"seen": str(Finding.objects.get(pk=it.pk).version)})
    it.refresh_from_db()
    assert it.state == "resolved"


def test_bad_answers_keep_what_was_typed_and_stale_pages_are_told(client: Client, cast: Cast) -> None:
    it = opened(cast)
    client.force_login(cast.principal)
    answer = client.post(f"/staff/findings/{it.pk}/confirm/", {"reason": "Look at the number.", "due_on": "soon"})
    assert answer.status_code == 422
    assert "Look at the number." in answer.content.decode()
    deciding.dismiss(it, by=cast.communications, ground="small")
    late = client.post(f"/staff/findings/{it.pk}/confirm/", {"task": "edit", "reason": "Look at the number.", "seen": "1"})
    assert late.status_code == 409
    assert "Look at the number." in late.content.decode()


def test_who_looks_is_shown_to_the_others(client: Client, cast: Cast) -> None:
    it = opened(cast)
    client.force_login(cast.principal)
    assert client.post(f"/staff/findings/{it.pk}/look").status_code == 204
    client.force_login(cast.communications)
    assert "Ana Petrova is looking at" in page(client, f"/staff/findings/{it.pk}/")
    assert "Ana Petrova is looking at it" in page(client, "/staff/findings/")


def test_lists_narrow_and_never_fail_on_odd_filters(client: Client, cast: Cast) -> None:
    it = opened(cast)
    kept(cast, "Views are my own.")
    client.force_login(cast.communications)
    assert page(client, "/staff/findings/?rule=person.phone").count("data-row") == 1
    assert page(client, "/staff/findings/?severity=block").count("data-row") == 1
    assert "No finding fits" in page(client, "/staff/findings/?q=zzqy")
    assert page(client, f"/staff/findings/?school={cast.school.code}&whose=nobody").count("data-row") == 2
    for odd in ("?tab=xx", "?rule=%00", "?page=99999", "?school=%F0%9F%98%80", "?severity=all"):
        page(client, f"/staff/findings/{odd}")
    csv = client.get("/staff/lists/findings/table.csv").getvalue().decode()
    assert "Private telephone number" in csv
    assert "967-3058" not in csv
    deciding.dismiss(it, by=cast.communications, ground="small")
    assert page(client, "/staff/findings/?tab=decided").count("data-row") == 1


def test_the_pages_ask_the_database_the_same_however_many_there_are(
    client: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    account = official(cast)
    for n in range(6):
        kept(cast, PHONE.replace("3058", f"30{n}8"), account=account)
    client.force_login(cast.communications)
    first = Finding.objects.earliest("pk")
    with django_assert_max_num_queries(25):
        page(client, "/staff/findings/")
    with django_assert_max_num_queries(24):
        page(client, f"/staff/findings/{first.pk}/")
    with django_assert_max_num_queries(16):
        page(client, "/staff/posts/")
    with django_assert_max_num_queries(14):
        page(client, "/staff/findings/rules/")


def test_a_rule_is_silenced_with_a_reason_and_everything_is_checked_again(client: Client, cast: Cast) -> None:
    opened(cast)
    client.force_login(cast.communications)
    assert "Private telephone number" in page(client, "/staff/findings/rules/")
    none = client.post("/staff/findings/rules/person.phone/", {"what": "silence", "reason": ""})
    assert none.status_code == 422
    client.post("/staff/findings/rules/person.phone/", {"what": "silence", "reason": "Coaches publish theirs."})
    assert RuleChoice.objects.get().silenced
    round_ = CheckRound.objects.get()
    assert client.get(f"/staff/findings/rounds/{round_.pk}/")["Refresh"] == "3"
    while go_on(round_.pk):
        pass
    body = page(client, f"/staff/findings/rounds/{round_.pk}/")
    assert "1 of 1 posts" in body
    assert "Refresh" not in client.get(f"/staff/findings/rounds/{round_.pk}/")
    assert "Coaches publish theirs." in page(client, "/staff/findings/rules/person.phone/")
    client.post("/staff/findings/rules/person.phone/", {"what": "restore", "reason": "They stopped."})
    assert not RuleChoice.objects.filter(until=None).exists()
    while go_on(CheckRound.objects.get(finished_at=None).pk):
        pass
    client.post("/staff/findings/rounds/", {})
    assert "Asked for by Marc Laurent" in page(client, "/staff/findings/rounds/")


def test_the_queue_says_what_it_is_ordered_by_and_what_the_division_decided(client: Client, cast: Cast) -> None:
    opened(cast, text="Text Coach Kim at 306-967-3058. Sign up: https://bit.ly/3xYz12")
    client.force_login(cast.communications)
    body = page(client, "/staff/findings/")
    assert "How long managers get is not set" in body
    assert "How serious each rule is" in body
    levels = re.search(r'class="queue-policy">(.*?)</p>', body, re.DOTALL)
    assert levels is not None
    assert re.findall(r"<b>(\d+)</b>", levels[1]) == ["1", "1", "0"]
    set_setting("finding_days", 5, by_name=cast.communications.name, reason="A week of school.")
    tuning.choose("conduct.link", by=cast.communications, silenced=True, reason="Too many.")
    body = page(client, "/staff/findings/")
    assert "Managers get 5 school days." in body
    assert "One rule silenced" in body
    client.force_login(cast.teacher)
    assert "queue-policy" not in page(client, "/staff/findings/?tab=asked")


class TestOwnRules:
    """Rules that the division writes: tried before they look at posts."""

    GIVEN = {"title": "Old motto", "kind": "words", "looks_for": "Onward and upward\nÉlan d’hier", "clause": "1.3",
             "severity": "review", "advice": "Use the motto of today."}  # fmt: skip

    def test_written_tried_in_use_found_and_off(self, client: Client, cast: Cast) -> None:
        version = kept(cast, "ONWARD  and upward, Owls! élan d'hier.")
        client.force_login(cast.communications)
        answer = client.post("/staff/check/own/add/", self.GIVEN)
        own = OwnRule.objects.get()
        assert answer["Location"] == f"/staff/check/own/{own.pk}/"
        refused = client.post(f"/staff/check/own/{own.pk}/live/", {})
        assert refused.status_code == 409
        file = SimpleUploadedFile("past.csv", "date;texte\n1;Onward and upward!\n2;Bonjour\n3;ELAN D’HIER\n".encode("cp1252"))
        tried = client.post(f"/staff/check/own/{own.pk}/try/", {"file": file}).content.decode()
        assert "Would have flagged 2 of 3: look" in tried
        assert tried.count("<mark") == 2
        client.post(f"/staff/check/own/{own.pk}/live/", {})
        while go_on(CheckRound.objects.get(finished_at=None).pk):
            pass
        found = Finding.objects.filter(rule=f"own.{own.pk}")
        assert {version.text[one.start : one.end] for one in found} == {"ONWARD  and upward", "élan d'hier"}
        checked = client.post("/staff/check/marks", {"text": "Onward and upward"}).content.decode()
        assert "Old motto" in checked
        assert "Old motto" not in client.post("/check/marks", {"text": "Onward and upward"}).content.decode()
        client.post(f"/staff/check/own/{own.pk}/off/", {})
        while go_on(CheckRound.objects.get(finished_at=None).pk):
            pass
        assert set(found.values_list("state", flat=True)) == {"resolved"}

    def test_what_it_looks_for_anew_is_tried_anew(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.communications)
        client.post("/staff/check/own/add/", self.GIVEN)
        own = OwnRule.objects.get()
        kept(cast, "Onward and upward")
        assert "Would have flagged 1 of 1" in client.post(f"/staff/check/own/{own.pk}/try/", {"kept": "1"}).content.decode()
        client.post(f"/staff/check/own/{own.pk}/change/", {**self.GIVEN, "title": "Motto of before"})
        own.refresh_from_db()
        assert own.tried_at is not None
        client.post(f"/staff/check/own/{own.pk}/change/", {**self.GIVEN, "looks_for": "Ever onward"})
        own.refresh_from_db()
        assert own.tried_at is None

    @pytest.mark.parametrize(
        ("changes", "words"),
        [({"looks_for": "ab"}, "too short"), ({"looks_for": "  "}, "at least one word"),
         ({"title": ""}, "Give the rule a name"), ({"kind": "pattern", "looks_for": "(unclosed"}, "cannot be used"),
         ({"kind": "pattern", "looks_for": "a*"}, "fits an empty"),
         ({"kind": "pattern", "looks_for": r"(\w+)\1"}, "cannot be used"),
         ({"kind": "pattern", "looks_for": "((a{100}){100}){100}"}, "cannot be used"),
         ({"clause": "9.9"}, "valid choice"), ({"looks_for": "x" * 200}, "too long")],
    )  # fmt: skip
    def test_bad_rules_say_what_is_wrong_and_lose_nothing(
        self, client: Client, cast: Cast, changes: dict[str, str], words: str
    ) -> None:
        client.force_login(cast.communications)
        answer = client.post("/staff/check/own/add/", {**self.GIVEN, **changes})
        assert answer.status_code == 422
        body = answer.content.decode()
        assert words in body
        assert "Use the motto of today." in body
        assert not OwnRule.objects.exists()

    @pytest.mark.parametrize(
        ("name", "data", "words"),
        [("a.csv", b"", "empty"), ("a.txt", b"   \n \n", "no text"), ("a.xlsx", b"PK\x03\x04\x00\x00", "no text file"),
         ("a.jsonl", b'{"text": "a"}\n{"no": 1}', "Line 2")],
    )  # fmt: skip
    def test_files_that_cannot_be_tried_on(self, client: Client, cast: Cast, name: str, data: bytes, words: str) -> None:
        client.force_login(cast.communications)
        client.post("/staff/check/own/add/", self.GIVEN)
        own = OwnRule.objects.get()
        answer = client.post(f"/staff/check/own/{own.pk}/try/", {"file": SimpleUploadedFile(name, data)})
        assert answer.status_code == 422
        assert words in answer.content.decode()
