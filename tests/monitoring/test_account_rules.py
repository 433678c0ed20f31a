"""Rules over accounts: each with facts that hit, come near, and must not hit; and the nightly look over all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostrum.monitoring.facts import gather, live_accounts
from rostrum.monitoring.jobs import look_at_accounts
from rostrum.monitoring.models import Finding
from rostrum.monitoring.rules import RULES, AccountRule, check_account
from rostrum.monitoring.rules.accounts import EXAMPLE_DAY, FINE
from rostrum.monitoring.rules.showing import in_words, page
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from tests.architecture.test_procedure import numbers
from tests.cast import Cast, official


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_hit_a_near_miss_and_a_trap(rule: AccountRule) -> None:
    assert rule.hits
    assert rule.misses
    assert rule.traps
    for facts in rule.hits:
        assert [flag.rule for flag in check_account(facts, EXAMPLE_DAY)].count(rule.id) == 1
    for facts in (*rule.misses, *rule.traps):
        assert rule.id not in [flag.rule for flag in check_account(facts, EXAMPLE_DAY)]
    assert set(rule.clauses) <= numbers()
    for words in (rule.title, rule.message, rule.advice):
        assert words.en
        assert words.fr
        assert words.en != words.fr


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_example_is_told_in_words_of_both_languages_and_a_hit_unlike_a_miss(rule: AccountRule) -> None:
    for facts in (*rule.hits, *rule.misses, *rule.traps):
        assert in_words(facts).en != in_words(facts).fr
    assert not {in_words(facts) for facts in rule.hits} & {in_words(facts) for facts in (*rule.misses, *rule.traps)}


def test_the_catalogue_in_the_documents_is_that_of_the_rules() -> None:
    kept = Path(__file__).parents[2] / "docs" / "checks-rules.md"
    assert kept.read_text("utf-8") == page(), "write it again: python -m rostrum.monitoring.rules.showing"


def test_an_account_in_order_has_no_flags() -> None:
    assert check_account(FINE, EXAMPLE_DAY) == []


@pytest.mark.django_db
class TestNight:
    """The nightly look: facts from the tables, findings brought in line."""

    def rules(self, account: Account) -> set[str]:
        return set(Finding.objects.filter(account=account, state="open").values_list("rule", flat=True))

    def test_1_7_and_1_2_what_is_not_in_order_is_found_and_settled_when_it_is(self, cast: Cast) -> None:
        account = official(cast)
        theirs = account.registration.designations.filter(person=cast.colleague)
        theirs.update(accepted_at=None)
        look_at_accounts()
        look_at_accounts()
        assert self.rules(account) == {"account.one_manager", "account.no_notice_link"}
        assert Finding.objects.count() == 2
        theirs.update(accepted_at=account.official_since)
        look_at_accounts()
        assert self.rules(account) == {"account.no_notice_link"}

    def test_1_6_a_personal_mailbox_and_1_3_a_generic_name(self, cast: Cast) -> None:
        account = official(cast)
        Account.objects.filter(pk=account.pk).update(mailbox="grade4@gmail.com", name="LPSD News")
        look_at_accounts()
        assert {"account.personal_mailbox", "account.generic_name"} <= self.rules(account)

    def test_what_is_retired_asks_for_nothing(self, cast: Cast) -> None:
        account = official(cast)
        look_at_accounts()
        change_standing(account, "close", by=cast.communications, reason="The class is over.")
        look_at_accounts()
        assert not self.rules(account)
        assert set(Finding.objects.values_list("state", flat=True)) == {"resolved"}

    def test_the_queries_do_not_grow_with_the_accounts(self, cast: Cast, django_assert_max_num_queries: Any) -> None:
        for _n in range(3):
            official(cast)
        with django_assert_max_num_queries(24):
            for batch in live_accounts():
                list(gather(batch, EXAMPLE_DAY))
        look_at_accounts()
        with django_assert_max_num_queries(38):
            look_at_accounts()


def test_a_night_costs_as_much_for_seven_new_findings_as_for_one(cast: Cast) -> None:
    took = []
    for many in (1, 6):
        for _n in range(many):
            one = official(cast)
            Account.objects.filter(pk=one.pk).update(mailbox="somebody@gmail.com")
        before = Finding.objects.count()
        with CaptureQueriesContext(connection) as asked:
            look_at_accounts()
        assert Finding.objects.count() >= before + many
        took.append(len(asked))
    assert took[1] <= took[0], took
