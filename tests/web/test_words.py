"""Sentences that a teacher once stumbled over, in the words that replaced them, in both languages."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import ngettext, override, pgettext

from rostrum.notices.models import MailState
from rostrum.notices.render import letter
from rostrum.people.queries import Turn
from rostrum.registry import checks
from rostrum.registry import notices as N
from rostrum.registry.answers import Reading
from rostrum.registry.platforms import account_for, catalogue
from rostrum.registry.queries import detour_words
from tests.cast import Cast, submitted
from tests.notices.test_letters import _notice


def test_a_blog_is_no_brand_in_french(cast: Cast) -> None:
    with override("fr-ca"):
        assert account_for("blog", "Blogue", "École Rendell Park") == "Blogue pour École Rendell Park"
        assert account_for("facebook", "Facebook", "École Rendell Park") == "Compte Facebook pour École Rendell Park"
    assert account_for("blog", "Blog", "Rendell Park School") == "Blog account for Rendell Park School"


def test_no_platform_makes_a_broken_title(cast: Cast) -> None:
    for platform in catalogue():
        with override("fr-ca"):
            said = account_for(platform.key, platform.label.fr, "4e année")
        assert "Compte Blogue" not in said
        assert platform.label.fr in said


def test_a_letter_names_the_platform_in_its_readers_language(cast: Cast) -> None:
    notice = _notice(cast, N.SUBMITTED, "fr-ca", "2026-0001", None)
    text = letter(notice).text
    assert "Plateforme\N{NO-BREAK SPACE}: Blogue" in text
    assert not re.search(r"\bBlog\b", text)


def test_an_answer_a_request_and_a_letter_agree_with_what_they_are() -> None:
    with override("fr-ca"):
        assert str(MailState.SENT.label) == "Envoyé"  # un courriel
        assert pgettext("request", "Sent") == "Envoyée"  # une demande
        assert str(N.ANSWERS["accept"]) == "Acceptée"  # la gestion de contenu


@pytest.mark.parametrize(
    ("count", "english", "french"),
    [
        (1, "Name at least 1 content manager.", "Nommez au moins 1 gestionnaire de contenu."),
        (2, "Name at least 2 content managers.", "Nommez au moins 2 gestionnaires de contenu."),
    ],
)
def test_a_count_is_one_or_many(count: int, english: str, french: str) -> None:
    for language, said in (("en-ca", english), ("fr-ca", french)):
        with override(language):
            told = ngettext(
                "Name at least %(count)d content manager.", "Name at least %(count)d content managers.", count
            )
            assert told % {"count": count} == said


def test_a_platform_that_is_refused_says_what_to_do(cast: Cast) -> None:
    request = submitted(cast)
    notes = checks.notes_for(request, Reading(values={"platform": "googleplus"}))
    (said,) = [note.message for note in notes if note.field == "platform"]
    assert said == "You cannot ask for an account on Google+. Choose another platform, or ask Communications why."


def test_who_has_decided_already_is_told_in_plain_words() -> None:
    turn = Turn((), None, "", (("own_request", "Rendell Park School", "Ana Petrova"),))
    assert detour_words(turn) == [
        "Ana Petrova asked for this account or has decided on it already, so someone else decides now."
    ]
