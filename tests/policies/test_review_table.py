"""The checklist of reviews in a procedure's file: whatever is wrong in it is said on its line, with what to do."""

from __future__ import annotations

import pytest

from rostrum.policies.check import check_text, read

from .conftest import SHIPPED

TEXT = SHIPPED.read_text(encoding="utf-8")
BEGINS = TEXT.index("[review]\n")

# what is replaced (first time it stands in the table), by what, on which line the finger must point, what must be said
BROKEN: dict[str, tuple[str, str, str, str]] = {
    "a misspelt key": ("minutes = 7", "minuts = 7", "minuts = 7", "Did you mean “minutes”?"),
    "no time at all": ("minutes = 7", "minutes = 0", "minutes = 0", "1"),
    "a time that is a text": ("minutes = 7", 'minutes = "seven"', 'minutes = "seven"', "number"),
    "days of a setting that is none": (
        '"finding_days.minor"', '"finding_days.miner"', 'days_setting = "finding_days.miner"',
        "“finding_days.miner” is not a setting of this file. Did you mean “finding_days.minor”?",
    ),
    "days of a setting that is a choice": (
        '"finding_days.minor"', '"review_period"', 'days_setting = "review_period"',
        "“review_period” is not a number of days.",
    ),
    "a severity twice": ('key = "minor"', 'key = "note"', 'key = "note"\nlabel = {en = "Minor"', "twice"),
    "a question twice": ('key = "profile"', 'key = "name"', 'key = "name"\nclause = "1.2"', "twice"),
    "a clause that is not there": ('clause = "1.3"', 'clause = "1.33"', 'clause = "1.33"', "There is no clause 1.33"),
    "a clause on personal use": (
        'clause = "1.3"', 'clause = "2.1"', 'key = "name"\nclause = "2.1"',
        "Clause 2.1 speaks of personal use, which is guidance: no account is reviewed under it.",
    ),
    "a fact that nobody knows": ('"handle", "unit"', '"phone", "unit"', '"phone", "unit"', "“phone”"),
    "an answer left out": (
        'answers = ["in_order", "not_in_order", "could_not_see"]', 'answers = ["in_order", "could_not_see"]',
        'answers = ["in_order", "could_not_see"]', "can be answered with in_order and with not_in_order",
    ),
    "an answer twice": (
        '"not_in_order", "could_not_see"]', '"not_in_order", "not_in_order"]', '"not_in_order", "not_in_order"]', "twice",
    ),
    "an answer that is none": ('"could_not_see"]', '"maybe"]', '"maybe"]', "“maybe”"),
    "a severity that is none": (
        'severity = "minor"', 'severity = "minr"', 'severity = "minr"',
        "“minr” is not a severity of this file. Did you mean “minor”?",
    ),
    "French forgotten": (
        ', fr = "LPSD seul, ou un surnom, pourrait passer pour toute la division."}', "}",
        "LPSD alone, or a nickname", "French text is missing",
    ),
    "a question without its words": (
        'question = {en = "Does the name say', 'asked = {en = "Does the name say', 'key = "name"', "“question” is missing",
    ),
}  # fmt: skip


def broken(before: str, after: str) -> str:
    head, table = TEXT[:BEGINS], TEXT[BEGINS:]
    assert before in table
    return head + table.replace(before, after, 1)


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_a_wrong_checklist_is_explained_on_its_line(case: str) -> None:
    before, after, finger, words = BROKEN[case]
    text = broken(before, after)
    problems = check_text(text)
    hit = [one for one in problems if words in one.message]
    assert hit, problems
    at = text.index(finger, BEGINS)
    line = text[:at].count("\n") + 1
    assert any(line - 1 <= one.line <= line + finger.count("\n") for one in hit), (hit, line)
    assert all(one.path.startswith("review") for one in hit), hit


@pytest.mark.parametrize("missing", ["severities", "questions"])
def test_a_checklist_without_a_scale_or_without_questions_is_refused(missing: str) -> None:
    head, table = TEXT[:BEGINS], TEXT[BEGINS:]
    parts = table.split(f"[[review.{missing}]]")
    rest = parts[-1][parts[-1].index("\n[[") :] if "\n[[" in parts[-1] else ""
    problems = check_text(head + parts[0] + rest.lstrip("\n"))
    assert any(f"“{missing}” is missing here" in one.message for one in problems), problems


def test_a_file_may_leave_the_checklist_out() -> None:
    """Then a review asks Rostrum's general questions, and the page says so."""
    end = TEXT.find("\n[[", TEXT.rindex("[[review.questions]]"))
    document, problems = read(TEXT[:BEGINS] + (TEXT[end + 1 :] if end > 0 else ""))
    assert problems == []
    assert document is not None
    assert document.review is None
