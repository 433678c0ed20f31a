"""The pages of custody: an account's people, departures, hand-over campaigns, how many hands, who gets in tonight."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from rostrum.core import clock
from rostrum.custody import campaigns, departures, keeping, managing
from rostrum.custody.departure_models import Departure, DepartureItem
from rostrum.custody.models import AccountTie, HandOver, HelperGroup
from rostrum.custody.queries import managers
from rostrum.keys import stating
from rostrum.people.models import Person
from rostrum.registry.models import AccessHolder, Account, Designation
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official
from tests.custody.holding import third_manager
from tests.keys.made import statement

pytestmark = pytest.mark.django_db


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def said(client: Client, url: str, **data: Any) -> str:
    """What a page says after something was sent to it."""
    return client.post(url, data, follow=True).content.decode()


def read(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def people_of(account: Account) -> str:
    return reverse("web:custody_account", args=[account.public_id])


def of(account: Account, person: Person) -> Designation:
    return Designation.objects.filter(registration=account.registration, person=person).latest("pk")


def iso(days: int = 0) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


# --- an account and its people ------------------------------------------------------------------------------------


def test_the_record_leads_to_who_looks_after_it(cast: Cast) -> None:
    account = official(cast)
    record = read(as_(cast.teacher), reverse("web:account", args=[account.public_id]))
    assert people_of(account) in record
    assert "2 people" in record
    page = read(as_(cast.teacher), people_of(account))
    for words in ("Sofia Nguyen", "Owen Clarke", "Owner or full control", "grade4.rendellpark@lpsd.ca"):
        assert words in page
    assert reverse("web:custody_name", args=[account.public_id]) in page
    assert reverse("web:custody_name", args=[account.public_id]) not in read(as_(cast.director), people_of(account))


def test_somebody_is_named_accepts_and_hands_over(cast: Cast) -> None:
    account = official(cast)
    name = reverse("web:custody_name", args=[account.public_id])
    assert "is asked" in said(as_(cast.principal), name, person="Ruth Okafor", reason="You know it.")
    made = of(account, cast.superintendent)
    mine = reverse("web:custody_answer", args=[made.pk])
    assert mine in as_(cast.superintendent).get(
        reverse("web:designation", args=[account.registration.request.ref])
    )["Location"]  # fmt: skip
    assert "You are named content manager" in read(as_(cast.superintendent), mine)
    assert "Choose “Accept” or “Decline”." in said(as_(cast.superintendent), mine, answer="perhaps", reason="")
    assert "You look after this account now." in said(as_(cast.superintendent), mine, answer="accept", reason="")
    assert as_(cast.superintendent).get(mine).status_code == 409
    over = reverse("web:custody_hand_over", args=[made.pk])
    assert "is asked" in said(as_(cast.superintendent), over, person="a.petrova@lpsd.ca", reason="")
    handed = HandOver.objects.get()
    answer = reverse("web:custody_answer", args=[handed.taken_by_id])
    page = read(as_(cast.principal), answer)
    assert "Will you take over?" in page
    assert "Ruth Okafor is content manager" in page
    declined = as_(cast.principal).post(answer, {"answer": "decline", "reason": ""})
    assert declined.status_code == 422
    assert "You declined." in said(as_(cast.principal), answer, answer="decline", reason="Too much now.")


def test_a_hand_over_is_withdrawn_on_its_page(cast: Cast) -> None:
    account = official(cast)
    handed = managing.hand_over(of(account, cast.teacher), cast.superintendent, by=cast.teacher)
    url = reverse("web:custody_withdraw", args=[handed.pk])
    assert url in read(as_(cast.teacher), people_of(account))
    assert "You withdrew it." in said(as_(cast.teacher), url, seen=handed.version, reason="")
    assert as_(cast.teacher).get(url).status_code == 409


def test_the_last_manager_is_told_why_they_cannot_step_down(cast: Cast) -> None:
    account = official(cast)
    out = reverse("web:custody_release", args=[of(account, cast.colleague).pk])
    assert "is released" in said(as_(cast.principal), out, reason="Another school.")
    page = read(as_(cast.teacher), people_of(account))
    assert "Only one content manager is left." in page
    last = reverse("web:custody_release", args=[of(account, cast.teacher).pk])
    answer = as_(cast.teacher).post(last, {"reason": "I am tired."})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "only content manager" in text
    assert "I am tired." in text, "nothing typed is lost"
    assert "1 account has lost managers" in read(as_(cast.principal), "/staff/")


def test_somebody_who_leaves_is_refused_beside_the_field(cast: Cast) -> None:
    account = official(cast)
    departures.plan(cast.superintendent, by=cast.communications, on=clock.today() + timedelta(days=9))
    answer = as_(cast.teacher).post(
        reverse("web:custody_name", args=[account.public_id]), {"person": "Ruth Okafor", "reason": "Because."}
    )
    assert answer.status_code == 422
    assert "leaves on" in answer.content.decode()
    assert "Because." in answer.content.decode()


def test_the_first_changes_on_its_page(cast: Cast) -> None:
    account = official(cast)
    url = reverse("web:custody_first", args=[of(account, cast.colleague).pk])
    assert "is the first content manager now" in said(as_(cast.teacher), url)
    assert as_(cast.teacher).get(url).status_code == 409
    assert managers(account)[0].person == cast.colleague


def test_access_parts_helpers_and_mailbox_are_kept_on_short_pages(cast: Cast) -> None:
    account, client = official(cast), as_(cast.teacher)
    add = reverse("web:custody_access_add", args=[account.public_id])
    both = client.post(add, {"person": "Ana Petrova", "name": "A tool", "platform_role": "editor"})
    assert both.status_code == 422
    assert "one of the two" in both.content.decode()
    assert "can get in" in said(client, add, person="Ana Petrova", name="", platform_role="editor")
    holder = AccessHolder.objects.get(person=cast.principal)
    change = reverse("web:custody_access_change", args=[holder.pk])
    assert "It is noted what Ana Petrova may do." in said(client, change, platform_role="viewer")
    assert "can no longer get in" in said(client, reverse("web:custody_access_end", args=[holder.pk]), reason="")
    part = reverse("web:custody_tie_add", args=[account.public_id])
    assert "is noted" in said(client, part, kind="recovery", person="Owen Clarke", note="work phone")
    tie = AccountTie.objects.get()
    assert "this is over" in said(client, reverse("web:custody_tie_end", args=[tie.pk]))
    group = reverse("web:custody_helpers_add", args=[account.public_id])
    named = client.post(group, {"label": "Emma's team", "adult": "Sofia Nguyen", "size": "", "platform_role": ""})
    assert named.status_code == 422
    assert "Never a name." in named.content.decode()
    assert "The group is noted." in said(client, group, label="yearbook team", adult="Sofia Nguyen", size="6")
    made = HelperGroup.objects.get()
    here = reverse("web:custody_helpers_change", args=[made.pk])
    assert "yearbook team" in read(client, here)
    assert "The group is noted." in said(client, here, label="press team", adult="Owen Clarke", size="")
    assert "helps no longer" in said(client, reverse("web:custody_helpers_end", args=[made.pk]))
    box = reverse("web:custody_mailbox", args=[account.public_id])
    assert client.post(box, {"mailbox": "me@gmail.com"}).status_code == 422
    assert "The work e-mail is noted." in said(client, box, mailbox="room4@lpsd.ca")
    history = read(client, reverse("web:account", args=[account.public_id]))
    for words in ("noted a group of helpers", "noted another work e-mail", "noted that Ana Petrova can get in"):
        assert words in history


def test_what_nobody_has_is_404_and_a_retired_account_is_409(cast: Cast) -> None:
    account, client = official(cast), as_(cast.communications)
    big = 2**64
    for name in ("custody_answer", "custody_release", "custody_first", "custody_hand_over", "custody_withdraw",
                 "custody_access_change", "custody_access_end", "custody_tie_end", "custody_helpers_change",
                 "custody_helpers_end", "departure", "departure_confirm", "departure_cancel", "departure_plan",
                 "custody_person", "handover_campaign", "handover_campaign_end", "handover_line"):  # fmt: skip
        for pk in (999_999, big):
            assert client.get(reverse(f"web:{name}", args=[pk])).status_code == 404, (name, pk)
    change_standing(account, "close", by=cast.communications, reason="Over.")
    for name in ("custody_name", "custody_access_add", "custody_tie_add", "custody_helpers_add", "custody_mailbox"):
        assert client.get(reverse(f"web:{name}", args=[account.public_id])).status_code == 409
    assert client.get(people_of(account)).status_code == 200


# --- departures -----------------------------------------------------------------------------------------------------


def test_a_departure_by_hand_leads_to_its_checklist(cast: Cast) -> None:
    official(cast)
    left = reverse("web:person_left", args=[cast.colleague.pk])
    page = said(as_(cast.communications), left, on=iso(), reason="Moved.")
    assert "Departure: Owen Clarke" in page
    assert "0 of 3 things confirmed" in page
    desk = read(as_(cast.teacher), "/staff/")
    it = Departure.objects.get()
    assert reverse("web:departure", args=[it.pk]) in desk
    assert "Owen Clarke has left. Still to be confirmed:" in desk


def test_the_checklist_goes_green_one_confirmation_after_the_other(cast: Cast) -> None:
    account = official(cast)
    third_manager(cast, account)
    it = departures.depart(cast.colleague, by=cast.sysadmin)
    assert it is not None
    item = DepartureItem.objects.get()
    url, page = reverse("web:departure_confirm", args=[item.pk]), reverse("web:departure", args=[it.pk])
    client = as_(cast.teacher)
    form = read(client, url)
    assert 'value="hand_over"' in form
    assert 'value="reset"' not in form, "what cannot be confirmed yet has no box"
    assert "No reset has been made" in form
    assert client.post(url, {"seen": 1, "reason": ""}).status_code == 422
    again = client.post(url, {"seen": 1, "steps": ["reset"], "reason": "Typed words"})
    assert again.status_code == 422
    assert "Typed words" in again.content.decode()
    assert "The rest of this account is still open." in said(
        client, url, seen=1, steps=["hand_over", "removal"], reason=""
    )
    stale = client.post(url, {"seen": 1, "steps": ["reset"], "reason": ""})
    assert stale.status_code in {409, 422}
    stating.confirm(stating.make(account, statement(), by=cast.teacher), by=cast.superintendent)
    assert "Ruth Okafor witnessed it" in read(client, url)
    item.refresh_from_db()
    assert "This account is fully handed over." in said(client, url, seen=item.version, steps=["reset"], reason="")
    done = read(as_(cast.principal), page)
    assert "Every account is handed over, reset and cleared of their access." in done
    assert client.get(url).status_code == 409


def test_an_account_without_anybody_says_what_to_do_first(cast: Cast) -> None:
    account = official(cast)
    it, _other = departures.depart_many([cast.teacher, cast.colleague], by=cast.sysadmin)
    assert it is not None
    page = read(as_(cast.principal), reverse("web:departure", args=[it.pk]))
    assert "Nobody who stays looks after this account." in page
    assert reverse("web:custody_name", args=[account.public_id]) in page
    answer = as_(cast.principal).get(reverse("web:departure_confirm", args=[it.items.get().pk]))
    assert answer.status_code == 403
    assert "Name one on the page of the account." in answer.content.decode()
    assert "Nobody who still works here manages this account." in read(
        as_(cast.principal), reverse("web:account", args=[account.public_id])
    )


def test_a_last_day_is_noted_moved_and_taken_back_by_the_principal(cast: Cast) -> None:
    official(cast)
    client = as_(cast.principal)
    plan = reverse("web:departure_plan", args=[cast.colleague.pk])
    assert plan in read(client, reverse("web:person", args=[cast.colleague.pk]))
    assert client.post(plan, {"on": iso(), "reason": ""}).status_code == 422
    assert client.post(plan, {"on": "2027-02-30", "reason": ""}).status_code == 422
    assert "Their last day is noted." in said(client, plan, on=iso(20), reason="Saskatoon.")
    it = Departure.objects.get()
    assert "Their last day is noted." in said(client, plan, on=iso(30), reason="")
    cancel = reverse("web:departure_cancel", args=[it.pk])
    assert client.post(cancel, {"seen": 2, "reason": ""}).status_code == 422
    assert "Stays after all" in said(client, cancel, seen=2, reason="Stays.")
    assert client.get(cancel).status_code == 409


def test_part_of_a_departure_that_lies_elsewhere_is_only_counted(cast: Cast) -> None:
    official(cast)
    other = official(cast)
    Account.objects.filter(pk=other.pk).update(unit=cast.other_school)
    it = departures.depart(cast.colleague, by=cast.sysadmin)
    assert it is not None
    page = read(as_(cast.charlie), reverse("web:departure", args=[it.pk]))
    assert other.name in page
    assert "1 more account lies elsewhere" in page


def test_every_account_i_touch(cast: Cast) -> None:
    account = official(cast)
    keeping.tie(account, cast.teacher, "recovery", by=cast.teacher)
    page = read(as_(cast.teacher), "/staff/touched/")
    assert account.name in page
    assert "content manager, can get in, recovery contact" in page
    theirs = reverse("web:custody_person", args=[cast.teacher.pk])
    assert account.name in read(as_(cast.principal), theirs)
    assert account.name not in read(as_(cast.charlie), theirs)
    assert "You touch no account" in read(as_(cast.auditor), "/staff/touched/")


# --- how many hands, and tonight ----------------------------------------------------------------------------------------


def test_the_barest_account_comes_first_and_filters_narrow(cast: Cast) -> None:
    official(cast)
    bare = official(cast)
    managing.release(of(bare, cast.colleague), by=cast.principal)
    Account.objects.filter(pk=bare.pk).update(name="Zebra bare")
    client = as_(cast.communications)
    page = read(client, "/staff/hands/")
    assert page.index("Zebra bare") < page.index("Rendell Park School Grade 4")
    assert "One person" in page
    only = read(client, "/staff/hands/?hands=1")
    assert "One account" in only
    assert "Zebra bare" in only
    assert "No account fits" in read(client, "/staff/hands/?hands=0")
    assert "Zebra bare" in read(client, "/staff/hands/?school=rendell&sort=-managers&platform=blog&q=rendell")
    assert read(client, "/staff/hands/?school=zzz&sort=zzz&hands=zzz")
    table = client.get("/staff/lists/hands/table.csv?hands=1").getvalue().decode()
    assert "Zebra bare" in table
    assert "No accounts here yet" in read(as_(cast.charlie), "/staff/hands/")


def test_tonight_shows_everybody_who_can_get_in_on_one_screen(cast: Cast) -> None:
    account = official(cast)
    keeping.add_access(account, by=cast.teacher, name="Northland Web Tools", platform_role="editor")
    keeping.add_helpers(account, by=cast.teacher, label="yearbook team", adult=cast.teacher, size=6)
    keeping.tie(account, cast.colleague, "app_owner", by=cast.teacher, note="business manager")
    stating.confirm(stating.make(account, statement(), by=cast.teacher), by=cast.colleague)
    departures.depart(cast.colleague, by=cast.sysadmin)
    page = read(as_(cast.principal), "/staff/tonight/")
    for words in ("Rendell Park School", "Northland Web Tools", "a firm or a tool", "yearbook team", "has left",
                  "App of Owen Clarke", "A shared division mailbox", "1 account with fewer than two managers"):  # fmt: skip
        assert words in page, words
    by_person = read(as_(cast.principal), "/staff/tonight/?by=person")
    assert by_person.index("Owen Clarke") < by_person.index("Sofia Nguyen") < by_person.index("Northland Web Tools")
    assert "manages it" in by_person
    assert "Rendell Park School Grade 4" in read(as_(cast.communications), "/staff/tonight/?school=lpsd")
    assert as_(cast.principal).get("/staff/tonight/?school=winston").status_code == 404
    assert as_(cast.charlie).get("/staff/tonight/?school=rendell").status_code == 404
    assert as_(cast.teacher).get("/staff/tonight/").status_code == 403


# --- campaigns -----------------------------------------------------------------------------------------------------------


def test_a_campaign_is_started_answered_and_ended(cast: Cast) -> None:
    official(cast)
    client = as_(cast.principal)
    new = "/staff/hand-overs/new/"
    assert client.post(new, {"unit": cast.school.pk, "name": "", "ends_on": iso(9)}).status_code == 422
    assert client.post(new, {"unit": cast.division.pk, "name": "June", "ends_on": iso(9)}).status_code == 422
    page = said(client, new, unit=cast.school.pk, name="Hand-over June", ends_on=iso(30), note="Before the holidays.")
    assert "0 of 1 account finished" in page
    desk = read(as_(cast.teacher), "/staff/")
    assert "Hand-over June" in desk
    it = campaigns.HandOverCampaign.objects.get()
    line = it.lines.get()
    url = reverse("web:handover_line", args=[line.pk])
    assert "Who will look after this account next year?" in read(as_(cast.teacher), url)
    odd = as_(cast.teacher).post(url, {"seen": 1, "goes": ["p999999"]})
    assert odd.status_code == 422
    after = said(as_(cast.teacher), url, seen=1, goes=[f"p{cast.colleague.pk}"])
    assert "It is noted who stays and who goes." in after
    assert "Owen Clarke goes and still manages it: hand over." in after
    page = read(client, reverse("web:handover_campaign", args=[it.pk]))
    assert "Goes: Owen Clarke" in " ".join(page.split())
    assert "No account fits." in read(client, reverse("web:handover_campaign", args=[it.pk]) + "?show=done")
    end = reverse("web:handover_campaign_end", args=[it.pk])
    assert "The campaign has ended." in said(client, end, seen=it.version, reason="")
    assert client.get(end).status_code == 409
    assert "0 of 1 account finished" in read(client, "/staff/hand-overs/")


# --- in both languages, and at what cost ------------------------------------------------------------------------------------


def test_every_page_is_french_as_well(cast: Cast) -> None:
    account = official(cast)
    it = departures.depart(cast.colleague, by=cast.sysadmin)
    assert it is not None
    client = as_(cast.principal)
    client.cookies.load({"rostrum-language": "fr-ca"})
    with translation.override("fr-ca"):
        for url in ("/staff/hands/", "/staff/tonight/", "/staff/departures/", "/staff/hand-overs/", people_of(account),
                    reverse("web:departure", args=[it.pk])):  # fmt: skip
            assert client.get(url).status_code == 200


def test_the_main_pages_cost_the_same_however_much_there_is(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    official(cast)
    it = departures.depart(cast.colleague, by=cast.sysadmin)
    assert it is not None
    campaign = campaigns.start(cast.school, by=cast.principal, name="June", ends_on=clock.today() + timedelta(days=9))
    client = as_(cast.communications)
    urls = ("/staff/hands/", "/staff/tonight/?school=rendell", "/staff/tonight/?school=rendell&by=person",
            "/staff/departures/", reverse("web:departure", args=[it.pk]), "/staff/hand-overs/",
            reverse("web:handover_campaign", args=[campaign.pk]), "/staff/reading/people/")  # fmt: skip
    spent = {}
    for url in urls:
        client.get(url)
        with django_assert_max_num_queries(40) as counted:
            client.get(url)
        spent[url] = len(counted)
    departures.come_back(cast.colleague, by=cast.sysadmin)
    campaigns.end(campaign, by=cast.principal)
    for _n in range(3):
        official(cast)
    again = departures.depart(cast.colleague, by=cast.sysadmin)
    assert again is not None
    more = campaigns.start(cast.school, by=cast.principal, name="July", ends_on=clock.today() + timedelta(days=9))
    new = {reverse("web:departure", args=[it.pk]): reverse("web:departure", args=[again.pk]),
           reverse("web:handover_campaign", args=[campaign.pk]): reverse("web:handover_campaign", args=[more.pk])}  # fmt: skip
    for url in urls:
        with django_assert_max_num_queries(spent[url], info=url):
            assert client.get(new.get(url, url)).status_code == 200
