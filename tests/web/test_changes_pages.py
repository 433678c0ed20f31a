"""The pages of a change to a live account: proposed, read side by side, decided on, nothing typed lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from rostrum.people.models import Person
from rostrum.registry import changing
from rostrum.registry.change_models import AccountChange
from rostrum.registry.merging import propose_merge
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official
from tests.registry.test_changes import NEW, agreed, done, proposed

pytestmark = pytest.mark.django_db


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def typed(**changes: Any) -> dict[str, Any]:
    return {"name": "Rendell Park School Grade 4", "address": NEW, "unit": "rendell", "reason": "New name.", **changes}


def test_a_manager_proposes_the_principal_agrees_communications_approves(cast: Cast) -> None:
    account = official(cast)
    new = reverse("web:account_change_new", args=[account.public_id])
    record = as_(cast.teacher).get(reverse("web:account", args=[account.public_id])).content.decode()
    assert new in record
    page = as_(cast.teacher).get(new).content.decode()
    assert account.address in page
    said = as_(cast.teacher).post(new, {**typed(), "seen": account.version, "_key": "a"}, follow=True).content.decode()
    assert "Your change is on its way." in said
    assert "It is waiting for Ana Petrova." in said
    it = AccountChange.objects.get()
    assert as_(cast.teacher).get(new).status_code == 302, "the one on its way is shown instead"
    desk = as_(cast.principal).get("/staff/").content.decode()
    assert reverse("web:account_change", args=[it.pk]) in desk
    for who, move, words in (
        (cast.principal, "agree", "You agreed."), (cast.communications, "approve", "The change is in the register now."),
    ):  # fmt: skip
        url = reverse("web:account_change_move", args=[it.pk, move])
        assert url in as_(who).get(reverse("web:account_change", args=[it.pk])).content.decode()
        assert as_(who).get(url).status_code == 200
        it.refresh_from_db()
        said = as_(who).post(url, {"seen": it.version, "_key": move, "reason": ""}, follow=True).content.decode()
        assert words in said
    record = as_(cast.teacher).get(reverse("web:account", args=[account.public_id])).content.decode()
    assert "What it was called before" in record
    assert "approved the change" in record
    public = Client().get(reverse("directory:account", args=[account.public_id])).content.decode()
    assert account.address in public
    assert NEW in public
    assert "New name." not in public, "the public reads no reasons"


def test_a_wrong_proposal_keeps_what_was_typed(cast: Cast) -> None:
    account = official(cast)
    new = reverse("web:account_change_new", args=[account.public_id])
    answer = as_(cast.teacher).post(new, typed(address="https://www.facebook.com/other", name="My new name"))
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "My new name" in said
    assert "https://www.facebook.com/other" in said
    assert list(answer.context["form"].errors) == ["address"]
    assert as_(cast.teacher).post(new, {**typed(), "state": "approved"}).status_code == 422
    assert not AccountChange.objects.exists()


def test_a_refused_proposal_shows_what_was_typed(cast: Cast) -> None:
    account = official(cast)
    change_standing(account, "review", by=cast.communications, reason="A look.")
    new = reverse("web:account_change_new", args=[account.public_id])
    answer = as_(cast.teacher).post(new, {**typed(reason="The words I typed"), "seen": "1"})
    assert answer.status_code == 409
    assert "The words I typed" in answer.content.decode()


def test_declining_needs_a_reason_and_the_others_do_not(cast: Cast) -> None:
    it = proposed(cast)
    url = reverse("web:account_change_move", args=[it.pk, "decline"])
    answer = as_(cast.principal).post(url, {"seen": 1, "reason": ""})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["reason"]
    said = as_(cast.principal).post(url, {"seen": 1, "reason": "Keep it."}, follow=True).content.decode()
    assert "You declined it." in said
    assert "Keep it." in said


def test_what_is_decided_is_not_decided_again(cast: Cast) -> None:
    it = done(cast)
    for move in ("agree", "approve", "decline", "withdraw"):
        url = reverse("web:account_change_move", args=[it.pk, move])
        assert as_(cast.communications).get(url).status_code == 409
        assert as_(cast.communications).post(url, {"seen": it.version, "reason": "x"}).status_code in {403, 409}
    assert as_(cast.communications).get(reverse("web:account_change_move", args=[it.pk, "open"])).status_code == 404


def test_the_school_that_is_asked_reads_the_change_and_not_the_account(cast: Cast) -> None:
    account = official(cast)
    it = proposed(cast, account, unit=cast.other_school, name="Winston Churchill School News", address=account.address)
    assert as_(cast.charlie).get(reverse("web:account_change", args=[it.pk])).status_code == 404, "asked later"
    changing.give(it, by=cast.principal)
    page = as_(cast.charlie).get(reverse("web:account_change", args=[it.pk]))
    assert page.status_code == 200
    assert "Rendell Park School, which gives it" in page.content.decode()
    assert "These content managers do not belong to Winston Churchill School" in page.content.decode()
    assert as_(cast.charlie).get(reverse("web:account", args=[account.public_id])).status_code == 404
    changing.withdraw(it, by=cast.teacher)
    assert as_(cast.charlie).get(reverse("web:account_change", args=[it.pk])).status_code == 404


def test_the_feed_and_the_list_tell_a_change(cast: Cast) -> None:
    it = done(cast)
    feed = Client().get("/directory.atom").content.decode()
    assert "Changed: Rendell Park School Grade 4" in feed
    assert it.replaced.address in feed
    assert "New name" not in feed


def test_a_change_costs_the_same_however_many_wait(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    it = agreed(cast)
    client = as_(cast.communications)
    with django_assert_max_num_queries(45):
        client.get(reverse("web:account_change", args=[it.pk]))


def test_the_list_shows_what_is_on_its_way_first_and_only_to_whoever_may_read_it(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    old, new = done(cast), proposed(cast, address="https://rendellparkchoir.wordpress.com/")
    client = as_(cast.communications)
    with django_assert_max_num_queries(16):
        said = client.get(reverse("web:account_changes")).content.decode()
    assert 0 < said.index(f"/staff/changes/{new.pk}/") < said.index(f"/staff/changes/{old.pk}/")
    assert "No account was changed yet" in as_(cast.charlie).get(reverse("web:account_changes")).content.decode()


def test_an_old_address_says_which_account_to_use(cast: Cast) -> None:
    account = official(cast)
    old = account.address
    changing.approve(changing.agree(proposed(cast, account), by=cast.principal), by=cast.communications)
    page = Client().get("/verify", {"url": old}).content.decode()
    assert "An old address: do not rely on it" in page
    assert "Use the account above" in page


def test_a_merge_is_chosen_seen_side_by_side_and_decided_on(cast: Cast) -> None:
    gone, stays = official(cast), official(cast)
    new = reverse("web:merge_new", args=[gone.public_id])
    record = as_(cast.teacher).get(reverse("web:account", args=[gone.public_id])).content.decode()
    assert new in record
    assert f"?into={stays.public_id}" in as_(cast.teacher).get(new).content.decode()
    found = as_(cast.teacher).get(new, {"address": stays.address})
    assert (found.status_code, found["Location"]) == (302, f"{new}?into={stays.public_id}")
    page = as_(cast.teacher).get(new, {"into": stays.public_id}).content.decode()
    for words in (gone.address, stays.address, "This one goes", "This one stays", "No platform moves them for you."):
        assert words in page
    sent = {"into": stays.public_id, "reason": "One is enough.", "seen": gone.version, "_key": "m"}
    assert "The merge is proposed." in as_(cast.teacher).post(new, sent, follow=True).content.decode()
    it = AccountChange.objects.get()
    assert as_(cast.teacher).get(new).status_code == 302, "the one on its way is shown instead"
    taking = as_(cast.principal).get(reverse("web:account", args=[stays.public_id])).content.decode()
    assert f"It is proposed to merge {gone.name} into this account." in taking.replace("&#x27;", "'")
    for who, move, words in (
        (cast.principal, "agree", "You agreed."), (cast.communications, "merge", "The accounts are merged."),
    ):  # fmt: skip
        url = reverse("web:account_change_move", args=[it.pk, move])
        assert url in as_(who).get(reverse("web:account_change", args=[it.pk])).content.decode()
        assert "This one stays" in as_(who).get(url).content.decode()
        it.refresh_from_db()
        said = as_(who).post(url, {"seen": it.version, "_key": move, "reason": ""}, follow=True).content.decode()
        assert words in said
    record = as_(cast.teacher).get(reverse("web:account", args=[stays.public_id])).content.decode()
    assert "Merged into this account on" in record
    assert f"approved the merge of {gone.name}" in record
    assert "Merged into" in as_(cast.teacher).get(reverse("web:account", args=[gone.public_id])).content.decode()
    public = Client().get(reverse("directory:account", args=[gone.public_id])).content.decode()
    assert reverse("directory:account", args=[stays.public_id]) in public
    assert "It is now part of" in Client().get("/verify", {"url": gone.address}).content.decode()
    assert f"It was merged into {stays.name}." in Client().get("/directory.atom").content.decode()


def test_what_cannot_be_merged_says_so_and_loses_nothing(cast: Cast) -> None:
    gone, stays = official(cast), official(cast)
    new = reverse("web:merge_new", args=[gone.public_id])
    for typed in ("https://www.instagram.com/nobodys", gone.address, "no address"):
        answer = as_(cast.teacher).get(new, {"address": typed})
        assert answer.status_code == 422
        assert typed in answer.content.decode()
    change_standing(stays, "close", by=cast.communications, reason="Over.")
    assert as_(cast.teacher).get(new, {"into": stays.public_id}).status_code == 422
    other = official(cast)
    changing.propose(other, by=cast.teacher, name="Other name", address=other.address, unit=other.unit, reason="New.")
    page = as_(cast.teacher).get(new, {"into": other.public_id}).content.decode()
    assert "This is in the way of the merge" in page
    assert "Propose the merge" not in page
    answer = as_(cast.teacher).post(new, {"into": other.public_id, "reason": "The words I typed", "_key": "k"})
    assert answer.status_code == 409
    assert "The words I typed" in answer.content.decode()


def test_the_page_of_a_transfer_says_who_agreed_and_who_is_asked(cast: Cast) -> None:
    account = official(cast)
    it = proposed(cast, account, unit=cast.other_school, name="Winston Churchill School News", address=account.address)
    url = reverse("web:account_change", args=[it.pk])
    give = reverse("web:account_change_move", args=[it.pk, "give"])
    assert give in as_(cast.principal).get(url).content.decode()
    assert "Charlie Dubois" in as_(cast.principal).get(give).content.decode(), "who is told: the other principal"
    as_(cast.principal).post(give, {"seen": it.version, "_key": "g", "reason": ""})
    page = as_(cast.charlie).get(url).content.decode()
    assert "Ana Petrova, " in page
    assert reverse("web:account_change_move", args=[it.pk, "agree"]) in page
    assert reverse("web:account_change", args=[it.pk]) in as_(cast.charlie).get("/staff/").content.decode()


def test_a_split_leads_to_the_form_and_stands_on_both_records(cast: Cast) -> None:
    account = official(cast)
    url = reverse("web:account_split", args=[account.public_id])
    assert url in as_(cast.teacher).get(reverse("web:account", args=[account.public_id])).content.decode()
    assert as_(cast.teacher).post(url, {"reason": "", "_key": "a"}).status_code == 422
    sent = {"reason": "The band wants its own.", "seen": account.version, "_key": "s"}
    said = as_(cast.teacher).post(url, sent, follow=True).content.decode()
    assert "Your request is started, filled in from" in said
    record = as_(cast.teacher).get(reverse("web:account", args=[account.public_id])).content.decode()
    assert "Split from this account: Sofia Nguyen asked for it" in record
    assert "The band wants its own." in record


def test_the_ways_forward_of_a_quiet_account_lead_to_the_pages_themselves(cast: Cast) -> None:
    account = official(cast)
    page = as_(cast.principal).get(reverse("web:liveness_forward", args=[account.public_id])).content.decode()
    for name in ("web:merge_new", "web:account_change_new", "web:closing_new"):
        assert reverse(name, args=[account.public_id]) in page


def test_the_note_on_top_says_only_whose_turn_it_is_and_the_list_tells_a_merge_from_a_new_name(cast: Cast) -> None:
    it = propose_merge(official(cast), official(cast), by=cast.teacher, reason="One is enough.")
    page = as_(cast.principal).get(reverse("web:account_change", args=[it.pk])).content.decode()
    assert "note-title" not in page
    assert "Merged into another" in as_(cast.principal).get(reverse("web:account_changes")).content.decode()
