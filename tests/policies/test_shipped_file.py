"""The procedure file that ships: whole, honest, in both languages, and in words of our own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from rostrum.policies.check import check_file, read
from rostrum.policies.schema import Document, Form

from .conftest import SHIPPED

NUMBERS = [
    *(f"1.{n}" for n in range(1, 11)),
    *(f"2.{n}" for n in range(1, 11)),
    *(f"3.{n}" for n in range(1, 7)),
]


@pytest.fixture(scope="module")
def ap193(shipped_text: str) -> Document:
    document, problems = read(shipped_text)
    assert problems == []
    assert document is not None
    return document


def test_the_shipped_file_is_clean() -> None:
    assert check_file(SHIPPED) == []


def test_every_clause_from_1_1_to_3_6_is_there_once_and_in_order(ap193: Document) -> None:
    assert [clause.number for clause in ap193.clauses] == NUMBERS


def test_it_counts_from_september_2015_and_says_that_it_knows_only_the_month(ap193: Document) -> None:
    assert ap193.edition.label == "2015-09"
    assert ap193.edition.effective_from.isoformat() == "2015-09-01"
    assert ap193.edition.effective_precision == "month"


def test_ap193_2_the_whole_section_on_personal_use_is_guidance(ap193: Document) -> None:
    personal = [clause for clause in ap193.clauses if clause.scope == "personal_use"]
    assert [clause.number for clause in personal] == [f"2.{n}" for n in range(1, 11)]
    assert {clause.kind for clause in personal} == {"guidance"}
    assert {clause.carried for clause in personal} == {"guidance"}


def _pairs(value: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    if isinstance(value, dict):
        if "en" in value or "fr" in value:
            yield path, value.get("en", ""), value.get("fr", "")
            return
        for key, inner in value.items():
            yield from _pairs(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _pairs(inner, f"{path}[{at}]")


def test_every_sentence_is_written_in_both_languages(shipped_text: str) -> None:
    pairs = list(_pairs(tomllib.loads(shipped_text)))
    assert len(pairs) > 300
    assert [path for path, english, french in pairs if not english.strip() or not french.strip()] == []
    # A French sentence equal to the English one is a forgotten one; single words may well be the same.
    assert [path for path, english, french in pairs if english == french and english.count(" ") > 2] == []


def test_the_words_are_plain(shipped_text: str) -> None:
    for path, english, french in _pairs(tomllib.loads(shipped_text)):
        assert "!" not in english + french, path
        assert not re.search(r"\b(please|successfully|veuillez)\b", english + french, re.IGNORECASE), path
        assert not re.search(r" [:;?»]|« ", french), path


# Phrases that stand in the published text. Ours must say the same in other words.
PUBLISHED = (
    "shall not disclose personal, sensitive or confidential",
    "clearly and concisely identify",
    "may imply communication on behalf",
    "are seen as extensions of the school",
    "subject to review, monitoring and deactivation",
    "personal email addresses shall not be assigned",
    "take responsibility for content management",
    "don't hold true for educators",
    "perceived as endorsements",
    "critical to sustaining public trust",
    "to be recognized as an official social media account",
    "reset periodically or as the need arises",
    "would not want posted in view of the public",
)


def test_no_published_sentence_is_copied(shipped_text: str) -> None:
    text = re.sub(r"\s+", " ", shipped_text.lower())
    assert [phrase for phrase in PUBLISHED if phrase in text] == []


def test_each_clause_says_how_it_is_carried_and_admits_what_is_not(ap193: Document) -> None:
    later = [clause for clause in ap193.clauses if clause.carried in {"by_hand", "partly"}]
    assert {"1.1", "1.5", "1.9", "1.10", "3.3", "3.4"} <= {clause.number for clause in later}
    for clause in later:
        assert re.search(r"\b(yet|later step)\b", clause.carried_by.en), clause.number
        assert re.search(r"pas encore|ultérieure", clause.carried_by.fr), clause.number


@pytest.mark.parametrize(
    ("number", "word"), [("1.7", "Regularly"), ("3.1", "days"), ("3.4", "Periodically"), ("1.5", "appeal")]
)
def test_what_the_clause_leaves_open_is_said(ap193: Document, number: str, word: str) -> None:
    clause = ap193.clause(number)
    assert clause is not None
    assert any(word in words.en for words in clause.not_set)


def test_no_number_is_invented(ap193: Document) -> None:
    valued = {setting.key: (setting.value, setting.source) for setting in ap193.settings if setting.value}
    assert valued == {"managers_min": (1, "procedure"), "managers_warn_below": (2, "reading")}
    assert len(ap193.settings) >= 20


def test_ap193_3_1_two_steps_by_two_people_apart_from_the_requester(ap193: Document) -> None:
    endorse, approve = ap193.approval.steps
    assert [endorse.key, approve.key] == ["endorse", "approve"]
    assert endorse.role_for("school") == endorse.role_for("classroom") == "administrator"
    assert endorse.role_for("department") == endorse.role_for("division") == "supervisor"
    assert endorse.role_for("program", in_school=False) == "supervisor"
    assert endorse.role_for("school", in_school=False) == "administrator"
    assert approve.role_for("club") == "communications"
    assert "requester" in endorse.apart_from
    assert {"requester", "endorse"} == set(approve.apart_from)


def test_the_eight_platforms_of_the_procedure_are_named_and_the_list_is_open(ap193: Document) -> None:
    named = {platform.key for platform in ap193.platforms if platform.named_by_procedure}
    assert named == {
        "blog", "facebook", "flickr", "instagram", "linkedin", "pinterest", "x", "youtube",
    }  # fmt: skip
    status = {platform.key: platform.status for platform in ap193.platforms}
    assert {status[key] for key in ("threads", "tiktok", "mastodon", "bluesky")} == {"open"}
    assert status["googleplus"] == "retired"
    twitter, blog = ap193.platform("x"), ap193.platform("wordpress.com")
    assert twitter is not None
    assert twitter.former_name == "Twitter"
    assert blog is not None
    assert blog.key == "blog"


def test_ap193_1_6_the_work_mail_domain_and_its_subdomains(ap193: Document) -> None:
    assert ap193.division.mail_domains == ("lpsd.ca", ".lpsd.ca")


def test_the_law_is_lafoip_and_foipp_is_what_3_3_writes(ap193: Document) -> None:
    foipp = next(law for law in ap193.laws if law.key == "FOIPP")
    assert foipp.same_as == "LAFOIP"
    clause = ap193.clause("3.3")
    assert clause is not None
    assert "FOIPP" in clause.refers_to


@pytest.mark.parametrize("key", ["193-1", "registration"])
def test_both_forms_ask_in_both_languages_and_say_why(ap193: Document, key: str) -> None:
    form = ap193.form(key)
    assert form.title.en
    assert form.title.fr
    assert form.edition == "Rostrum 2026-11"
    for field in form.all_fields():
        assert ap193.clause(field.clause) is not None
        assert field.label.en != field.label.fr
        assert field.help.en != field.help.fr
        for option in ap193.options_of(field):
            assert option.label.en
            assert option.label.fr


def test_a_form_shows_its_answers_wherever_they_come_from(ap193: Document) -> None:
    form = ap193.form("request")
    assert [option.value for option in form.field("entity_kind").options] == [
        kind.key for kind in ap193.entity_kinds
    ]
    platforms = {option.value for option in form.field("platform").options}
    assert {"instagram", "blog", "bluesky"} <= platforms
    assert "googleplus" not in platforms


def _bound(form: Form) -> set[str]:
    return {field.binds for field in form.all_fields() if field.binds}


def test_ap193_3_1_form_193_1_is_four_short_steps(ap193: Document) -> None:
    form = ap193.form("request")
    assert form.key == "193-1"
    assert len(form.sections) == 4
    assert len(form.all_fields()) <= 20
    assert {
        "unit", "entity_kind", "existing", "platform", "page_kind", "name", "handle", "mailbox", "purpose",
        "audience", "ages", "launch_date", "why_new", "primary_manager", "second_manager", "terms_read",
        "rules_accepted", "parents_told",
    } <= _bound(form)  # fmt: skip
    ages = form.field("ages")
    assert ages.show_when is not None
    assert (ages.show_when.field, ages.show_when.equals) == ("entity_kind", "classroom")
    assert {known.key for known in form.known} == {"requester", "requester_email", "requested_on"}


def test_ap193_3_2_the_registration_form_asks_what_makes_it_official(ap193: Document) -> None:
    assert {
        "address", "platform_id", "mailbox", "recovery", "second_factor", "managers", "access", "custody",
        "directory_link", "logo_permission", "visibility", "comment_mode",
    } <= _bound(ap193.form("registration"))  # fmt: skip


def test_no_form_asks_for_a_password_or_for_a_recovery_value(ap193: Document) -> None:
    for form in ap193.forms:
        for field in form.all_fields():
            assert "password" not in field.key + field.label.en.lower()
    recovery = ap193.form("registration").field("recovery")
    assert recovery.type == "choice"
