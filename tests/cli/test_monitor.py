"""`rostrum monitor explain`: facts, rules and clauses of a finding, a post, an account; never the words found."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rostrum.management.cli import main
from rostrum.monitoring import tuning
from rostrum.monitoring.jobs import look_at_accounts
from rostrum.monitoring.models import Finding
from tests.cast import Cast, official
from tests.monitoring.reached import REACHED, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def ran(*argv: str) -> tuple[int, str, str]:
        code = main(["monitor", "explain", *argv])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


@pytest.mark.parametrize("state", sorted(REACHED))
def test_1_10_a_finding_in_every_state_is_told_with_its_rule_and_clauses(run: Any, cast: Cast, state: str) -> None:
    it = REACHED[state](cast)
    code, out, _err = run(str(it.pk))
    assert code == 0
    assert f"Finding {it.pk}: {state}" in out
    assert "person.phone (block, decides): Private telephone number" in out
    assert "AP 193 1.1  Private information needs consent first" in out
    assert "said: characters 18 to 30 (area code 306)" in out
    assert "306-967-3058" not in out
    assert "Kim" not in out


def test_a_post_tells_every_rule_that_spoke_and_the_choice_of_the_division(run: Any, cast: Cast) -> None:
    it = opened(cast, text="Text Coach Kim at 306-967-3058, you are such a loser.")
    tuning.choose("conduct.insult", by=cast.communications, severity="note", reason="Too loud in debates.")
    code, out, _err = run(f"post:{it.post_id}", "--json")
    told = json.loads(out)
    assert code == 0
    assert [rule["rule"] for rule in told["rules"]] == ["person.phone", "conduct.insult"]
    phone, insult = told["rules"]
    assert phone["policy"] is None
    assert insult["policy"]["severity"] == "note"
    assert [clause["number"] for clause in insult["clauses"]] == ["2.10", "3.5"]
    assert phone["said"] == [{"start": 18, "end": 30, "facts": {}, "finding": it.pk, "state": "open"}]
    assert told["facts"]["version"] == 1
    assert "306-967-3058" not in out


def test_an_account_tells_its_facts_and_the_rules_that_stay_silent(run: Any, cast: Cast) -> None:
    account = official(cast)
    account.registration.designations.filter(person=cast.colleague).update(accepted_at=None)
    look_at_accounts()
    code, out, _err = run(account.public_id)
    assert code == 0
    assert "managers: 1" in out
    one = Finding.objects.get(rule="account.one_manager")
    assert f"said: the whole (managers 1, wanted 2); finding {one.pk}, open" in out
    assert "account.quiet (note, decides): Quiet" in out
    assert "said nothing" in out
    _code, french, _err = run(f"account:{account.public_id}", "--language", "fr")
    assert "Trop peu de gestionnaires" in french


@pytest.mark.parametrize("name", ["999999", "post:999999", "account:none", "none", "finding:x", "post:", "a:b:c", "²"])
def test_what_is_not_there_is_refused_in_one_line(run: Any, cast: Cast, name: str) -> None:
    code, out, err = run(name)
    assert code == 1
    assert out == ""
    assert err.count("\n") == 1
    code, out, _err = run(name, "--json")
    assert json.loads(out)["error"]
