"""What `procedure check` says of a bad file: the right line, and words that help."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostrum.policies.check import check_file, check_text
from rostrum.policies.locate import Locator

from .conftest import OTHER, SHIPPED

TEXT = SHIPPED.read_text(encoding="utf-8")

# what is replaced (first time it stands), by what, where the finger must point, what must be said
BROKEN: dict[str, tuple[str, str, str, str]] = {
    "a quote not closed": ('key = "ap-193"', 'key = "ap-193', 'key = "ap-193', "This is not TOML"),
    "a list not closed": ('initials = ["LPSD"]', 'initials = ["LPSD"', 'mail_domains = ["lpsd', "not TOML"),
    "a key given twice": (
        'kind = "prohibition"',
        'kind = "prohibition"\nkind = "authority"',
        'kind = "authority"\nscope = "everyone"',
        "not TOML",
    ),
    "a misspelt key": ('carried = "by_hand"', 'caried = "by_hand"', "caried", "Did you mean “carried”?"),
    "an unknown table": ("[naming]\n", "[nameing]\n", "[nameing]", "Did you mean “naming”?"),
    "an unknown key deep inside": (
        "max_length = 15}",
        "max_length = 15, min_len = 2}",
        "min_len",
        "not a key",
    ),
    "a missing key": (
        'number = "1.4"\n',
        "",
        '[[clauses]]\ntitle = {en = "A classroom',
        "“number” is missing here",
    ),
    "French forgotten": (
        ', fr = "Examen au besoin"}',
        "}",
        "Review when there is need",
        "French text is missing",
    ),
    "English forgotten": (
        'en = "Review when there is need", ',
        "",
        "Examen au besoin",
        "English text is missing",
    ),
    "an empty sentence": (
        'fr = "Examen au besoin"',
        'fr = "  "',
        "Review when there is need",
        "text is empty",
    ),
    "a word not offered": (
        'kind = "authority"',
        'kind = "authorty"',
        "authorty",
        "Did you mean “authority”?",
    ),
    "text where a date belongs": (
        "effective_from = 2015-09-01",
        'effective_from = "autumn"',
        "autumn",
        "date",
    ),
    "a number in quotes": ("maximum = 20\nvalue", 'maximum = "20"\nvalue', 'maximum = "20"', "whole number"),
    "yes in quotes": (
        "named_by_procedure = true",
        'named_by_procedure = "yes"',
        'procedure = "yes"',
        "true or false",
    ),
    "a fraction": ("value = 2\n", "value = 2.5\n", "value = 2.5", "whole number"),
    "a sentence where a list belongs": (
        'cites = ["1.2", "3.1"]\nnote',
        'cites = "1.2"\nnote',
        'cites = "1.2"\n',
        "list in square brackets",
    ),
    "text where a table belongs": (
        'plural = {en = "Clubs", fr = "Clubs"}',
        'plural = "Clubs"',
        'plural = "Clubs"',
        "table of keys",
    ),
    "a clause twice": (
        'number = "1.5"',
        'number = "1.4"',
        'number = "1.4"\ntitle = {en = "The division may',
        "here twice",
    ),
    "a number that is none": ('number = "1.5"', 'number = "1,5"', 'number = "1,5"', "not written the way"),
    "a reference to nowhere": (
        'refers_to = ["3.1", "3.2"]',
        'refers_to = ["3.1", "3.22"]',
        '"3.22"',
        "no clause or law of this file. Did you mean “3.2”?",
    ),
    "a clause that cites itself": (
        'refers_to = ["1.5"]',
        'refers_to = ["1.10"]',
        'refers_to = ["1.10"]',
        "refers to itself",
    ),
    "a rule on personal life": (
        'kind = "guidance"\nscope = "personal_use"',
        'kind = "prohibition"\nscope = "personal_use"',
        'kind = "prohibition"\nscope = "personal_use"',
        "can only be guidance",
    ),
    "guidance sold as a rule kept": (
        'scope = "personal_use"\ncarried = "guidance"',
        'scope = "personal_use"\ncarried = "yes"',
        'carried = "yes"\ncarried_by = {en = "Rostrum shows this',
        "Guidance is carried",
    ),
    "a part without heading": (
        '[[parts]]\nnumber = "2"',
        '[[parts]]\nnumber = "4"',
        'number = "2.1"',
        "add [[parts]] with number “2”",
    ),
    "a step by nobody known": (
        'role = "communications"',
        'role = "comunications"',
        "comunications",
        "Did you mean “communications”?",
    ),
    "a kind nobody decides": (
        ', classroom = "administrator"}',
        "}",
        "role_by_kind =",
        "Nobody decides this step for “classroom”",
    ),
    "a kind that is none": (
        'classroom = "administrator"',
        'clasroom = "administrator"',
        "clasroom",
        "not a kind of unit",
    ),
    "two ways to choose a role": (
        'role = "communications"\n',
        'role = "communications"\nrole_by_kind = {school = "administrator"}\n',
        '[[approval.steps]]\nkey = "approve"',
        "and not both",
    ),
    "apart from a later step": (
        'apart_from = ["requester"]',
        'apart_from = ["requester", "approve"]',
        'apart_from = ["requester", "approve"]\ncites = ["1.2"',
        "nor an earlier step",
    ),
    "a step whose clock is unknown": (
        'days_setting = "decision_days.approve"',
        'days_setting = "decision_days.aprove"',
        "decision_days.aprove",
        "Did you mean “decision_days.approve”?",
    ),
    "a setting of no clause": (
        'clause = "3.4"\nminimum = 1',
        'clause = "3.7"\nminimum = 1',
        'clause = "3.7"',
        "There is no clause 3.7",
    ),
    "a value nobody answers for": (
        'source = "reading"\n',
        "",
        '[[settings]]\nkey = "managers_warn_below"',
        "needs a source",
    ),
    "a value out of range": ("value = 2\n", "value = 40\n", "value = 40", "The most is 20"),
    "limits the wrong way round": (
        "minimum = 1\nmaximum = 50",
        "minimum = 60\nmaximum = 50",
        "minimum = 60",
        "minimum is above",
    ),
    "a setting twice": (
        'key = "managers_max"',
        'key = "managers_min"',
        'key = "managers_min"\ntype = "number"\nunit = "people"\nclause = "1.7"',
        "here twice",
    ),
    "a host of two platforms": (
        'hosts = ["tiktok.com"]',
        'hosts = ["flickr.com"]',
        'hosts = ["flickr.com"]\nhandle = {rule = {en = "Letters, digits, dots',
        "here twice",
    ),
    "a host with a scheme": (
        'hosts = ["flickr.com"]',
        'hosts = ["https://flickr.com"]',
        "https://flickr",
        "not written the way",
    ),
    "refused without a reason": (
        'status = "allowed"\nnamed_by_procedure = true\n\n[[platforms]]\nkey = "instagram"',
        'status = "refused"\nnamed_by_procedure = true\n\n[[platforms]]\nkey = "instagram"',
        'status = "refused"',
        "needs a note",
    ),
    "a field that asks for a password": (
        'key = "custody"',
        'key = "account_password"',
        "account_password",
        "never asks for a password",
    ),
    "a question that asks for a password": (
        'en = "Name of the vault entry"',
        'en = "Password of the account"',
        "Password of the account",
        "never asks for a password",
    ),
    "une question sur le mot de passe": (
        'fr = "Nom de l’entrée du coffre"',
        'fr = "Mot de passe du compte"',
        "Mot de passe du compte",
        "never asks for a password",
    ),
    "a column filled twice": (
        'binds = "second_manager"',
        'binds = "primary_manager"',
        'binds = "primary_manager"\nclause = "1.7"',
        "here twice",
    ),
    "a column nobody fills": ('binds = "platform"\n', "", '[[forms]]\nkey = "193-1"', "fills “platform”"),
    "a condition on no field": (
        'show_when = {field = "existing"',
        'show_when = {field = "exists"',
        '"exists"',
        "not a field that this form asks earlier",
    ),
    "a condition on no answer": ('equals = "new"', 'equals = "nu"', 'equals = "nu"', "not an answer"),
    "a choice without answers": (
        'options_from = "entity_kinds"\n',
        "",
        '[[forms.sections.fields]]\nkey = "entity_kind"',
        "offers no answers",
    ),
    "a text without end": (
        "max_length = 120\nbinds",
        "binds",
        '[[forms.sections.fields]]\nkey = "name"',
        "needs a max_length",
    ),
    "a form twice": (
        'use = "registration"',
        'use = "request"',
        'use = "request"\ntitle = {en = "Social Media Account',
        "here twice",
    ),
    "no French at all": ('languages = ["en", "fr"]', 'languages = ["en"]', "languages =", "list “fr” too"),
    "a name rule unknown": (
        'name_rule = "division_may"',
        'name_rule = "division_my"',
        "division_my",
        "Did you mean “division_may”?",
    ),
    "a wrong schema": ("schema = 1", "schema = 2", "schema = 2", "not one of: 1"),
}


def _line(text: str, needle: str) -> int:
    assert text.count(needle) >= 1, needle
    return text.count("\n", 0, text.index(needle)) + 1


@pytest.mark.parametrize("case", BROKEN)
def test_a_bad_file_is_explained_on_its_line(case: str) -> None:
    before, after, finger, words = BROKEN[case]
    assert before in TEXT
    text = TEXT.replace(before, after, 1)
    problems = check_text(text)
    hit = [problem for problem in problems if words in problem.message]
    assert hit, problems
    first = _line(text, finger)
    # A needle of two lines points at its first or its second line: the table's header or the key beneath it.
    assert hit[0].line in range(first, first + finger.count("\n") + 1), (hit, first)


def test_a_misspelt_key_is_said_once_and_not_also_as_missing() -> None:
    problems = check_text(TEXT.replace('carried = "by_hand"', 'caried = "by_hand"', 1))
    assert len(problems) == 1
    assert problems[0].path == "clauses[1].caried"


def test_several_mistakes_come_in_the_order_of_their_lines() -> None:
    text = TEXT.replace('kind = "authority"', 'kind = "law"').replace("schema = 1", "schema = 3", 1)
    lines = [problem.line for problem in check_text(text)]
    assert lines == sorted(lines)
    assert len(lines) == 3


def test_a_file_that_is_not_there_or_not_utf8_or_too_large(tmp_path: Path) -> None:
    assert "cannot be read" in check_file(tmp_path / "none.toml")[0].message
    latin = tmp_path / "latin.toml"
    latin.write_bytes("schema = 1\n# École\n".encode("latin-1"))
    assert (check_file(latin)[0].line, "UTF-8" in check_file(latin)[0].message) == (2, True)
    assert "too large" in check_text("#" * 2_000_001)[0].message
    assert check_text("")[0].line == 1


def test_hostile_files_are_refused_in_words() -> None:
    assert "too deep" in check_text("a = " + "[" * 100_000)[0].message
    assert "too long" in check_text("a = " + "9" * 5000)[0].message
    assert "not TOML" in check_text('a = "\x00"')[0].message
    turned = TEXT.replace("Work email only", "Work email \u202eonly", 1)
    assert [p.message for p in check_text(turned)] == [
        "This text holds an invisible or control character. Type it again."
    ]


def test_windows_line_ends_change_no_line() -> None:
    text = TEXT.replace('kind = "authority"', 'kind = "authorty"', 1)
    assert [p.line for p in check_text(text)] == [p.line for p in check_text(text.replace("\n", "\r\n"))]


def test_another_division_needs_to_say_which_clause_is_which() -> None:
    text = OTHER.read_text(encoding="utf-8")
    assert check_text(text) == []
    problems = check_text(text.replace('"3.4" = "B"\n', ""))
    assert len(problems) == 1
    assert problems[0].line == _line(text, "[equivalents]")
    assert "AP 193 3.4" in problems[0].message
    assert "There is no clause Z" in check_text(text.replace('"3.4" = "B"', '"3.4" = "Z"'))[0].message


def test_the_locator_follows_every_way_to_write_toml() -> None:
    source = (
        'a.b = 1\n"c d" = """x\n[not.a.table]\n"""\nl = [\n  1, # one ]\n  {k = "}", n = [2,\n 3]},\n]\n'
        '[t]\nq = \'it\\\'\nw = 1979-05-27 07:32:00\n[[t.rows]]\nz = 1\n[[t.rows]]\nz = "a\\"]"\n'
        "[t.rows.deep]\ny = true"
    )
    lines = Locator(source).lines
    assert lines["a", "b"] == 1
    assert lines["c d",] == 2
    assert lines["l", 0] == 6
    assert lines["l", 1, "n", 1] == 8
    assert lines["t", "w"] == 12
    assert lines["t", "rows", 0, "z"] == 14
    assert lines["t", "rows", 1, "z"] == 16
    assert lines["t", "rows", 1, "deep", "y"] == 18


@settings(max_examples=40, deadline=None)
@given(at=st.integers(0, len(TEXT) - 1), junk=st.text(max_size=6))
def test_any_damage_is_explained_and_never_crashes(at: int, junk: str) -> None:
    for problem in check_text(TEXT[:at] + junk + TEXT[at + 3 :]):
        assert problem.line >= 1
        assert problem.message
