"""Another division's words: its edition names its roles, and no staff page says AP 193's names for them instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from rostrum.people.models import Person, Role
from rostrum.policies import rolewords
from rostrum.policies.rolewords import worded
from tests.cast import build_cast
from tests.registry.conftest import taken_back
from tests.web.everywhere import World, build_world
from tests.web.roles import DESK_ROWS

# The pages as all other tests open them, in the words of another division: one worker builds it, on SQLite.
pytestmark = [pytest.mark.pages_again, pytest.mark.xdist_group("other words")]


def role_names(language: str) -> list[str]:
    """What Rostrum itself calls the roles, the longest first."""
    with translation.override(language):
        return sorted((str(one.label) for one in Role), key=len, reverse=True)


AP193 = settings.DEMO_PROCEDURE
# What AP 193 calls its roles, and what the other division calls the same ones; the longer words first.
OTHER = (
    ("Office and Communications Manager", "Web Manager"), ("Communications Department", "Web Desk"),
    ("Service des communications", "Bureau du Web"), ("gestionnaire du bureau et des communications", "responsable du Web"),
    ("Communications", "Web Desk"), ("communications", "affaires du Web"),
    ("Direction générale de l’éducation", "Chefferie"), ("direction générale", "chefferie"),
    ("direction d’école", "tête de campus"), ("Direction d’école", "Tête de campus"),
    ("Director of Education", "Chief"), ("Director", "Chief"),
    ("principals", "heads of campus"), ("principal", "head of campus"), ("Principal", "Head of campus"),
)  # fmt: skip
WORDS = {
    "en-ca": re.compile(r"\bCommunications\b|\b[Pp]rincipals?\b|\bDirector\b"),
    "fr-ca": re.compile(r"\b[Cc]ommunications\b|[Dd]irection générale|[Dd]irections? d’école"),
}
# The list of people calls roles by Rostrum's own names for what they may do: alone in their place, never in a sentence.
OWN_NAMES = {
    language: re.compile(rf"(\|\s*)(?:{'|'.join(map(re.escape, names))})(?=\s*[,|·])")
    for language, names in (("en-ca", role_names("en-ca")), ("fr-ca", role_names("fr-ca")))
}
READERS = ("teacher", "principal", "communications", "director")


def other_edition(folder: Path) -> Path:
    """AP 193 as another division would have written it: every role by another name."""
    text = AP193.read_text(encoding="utf-8")
    keys = {"communications": "\0keeper\0", "director": "\0head\0"}
    for key, kept in keys.items():
        text = text.replace(f'"{key}"', f'"{kept}"')
    for ours, theirs in OTHER:
        text = text.replace(ours, theirs)
    for key, kept in keys.items():
        text = text.replace(f'"{kept}"', f'"{key}"')
    file = folder / "other.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def elsewhere(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    was = settings.DEMO_PROCEDURE
    settings.DEMO_PROCEDURE = other_edition(tmp_path_factory.mktemp("edition"))
    try:
        with django_db_blocker.unblock(), taken_back():
            yield build_world(build_cast())
    finally:
        settings.DEMO_PROCEDURE = was


def words_of(page: str) -> str:
    """What a reader sees of a page, its fields' examples and labels for the ear included."""
    page = re.sub(r"<(script|style|textarea)\b.*?</\1>", " ", page, flags=re.S)
    told = re.findall(r'(?:aria-label|title|placeholder)="([^"]*)"', page)
    return unescape(re.sub(r"<[^>]+>", " | ", page) + " | " + " | ".join(told))


@pytest.mark.parametrize("language", sorted(WORDS))
@pytest.mark.parametrize("who", READERS)
def test_no_staff_page_says_ap_193s_names_for_the_roles(elsewhere: World, db: None, who: str, language: str) -> None:
    client = elsewhere.client(who)
    client.raise_request_exception = False
    Person.objects.update(language=language)
    # What people of the tests wrote themselves, and what they are called at work, stays as it is.
    found: dict[str, list[str]] = {}
    read = 0
    for row in DESK_ROWS:
        with translation.override("en-ca"):  # a page leaves its reader's language behind
            answer = client.get(elsewhere.path(row))
        if "html" not in answer.get("Content-Type", ""):
            continue
        read += 1
        said = OWN_NAMES[language].sub(r"\1", words_of(answer.content.decode()))
        hits = [said[max(0, hit.start() - 60) : hit.end() + 40].strip() for hit in WORDS[language].finditer(said)]
        if hits:
            found[row] = hits[:3]
    assert read > 120
    assert found == {}


def names(monkeypatch: pytest.MonkeyPatch, **said: str) -> None:
    for role, name in said.items():
        monkeypatch.setitem(rolewords._ROLES, role, lambda name=name: name)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("{keeper} looks at it, or {director}.", "The web desk looks at it, or the Chief."),
        ("It is done. {keeper} has been told.", "It is done. The web desk has been told."),
        ("Only {keeper} can: %(what)s", "Only the web desk can: %(what)s"),
        ("{who} asked {keeper}.", "{who} asked the web desk."),
    ],
)
def test_a_name_stands_in_its_sentence(monkeypatch: pytest.MonkeyPatch, sentence: str, said: str) -> None:
    names(monkeypatch, keeper="the web desk", director="the Chief")
    assert worded(sentence) == said


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Rendu à {keeper}.", "Rendu au bureau du Web."),
        ("Une directive de {keeper} vous attend.", "Une directive du bureau du Web vous attend."),
        ("À {director} de voir; {principal} suit.", "À la cheffe de voir; les têtes de campus suit."),
        ("Rendu à {principal} et copie de {principal}.", "Rendu aux têtes de campus et copie des têtes de campus."),
        ("{keeper} tranche.", "Le bureau du Web tranche."),
    ],
)
def test_french_joins_the_preposition_and_the_article(
    monkeypatch: pytest.MonkeyPatch, sentence: str, said: str
) -> None:
    names(monkeypatch, keeper="le bureau du Web", director="la cheffe", principal="les têtes de campus")
    assert worded(sentence) == said


def test_where_the_edition_names_no_such_role_the_sentence_still_says_who(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolewords, "_in_force", lambda: None)
    with translation.override("en-ca"):
        assert worded("Only {director} and {principal} can.") == (
            "Only whoever leads the division and whoever leads the school can."
        )


def test_the_names_of_a_file_cannot_write_html(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.template import Context, Template

    names(monkeypatch, keeper="<b>Web</b>")
    page = '{% load rostrum i18n %}{% filter worded %}{% translate "What {keeper} said last" %}{% endfilter %}'
    assert Template(page).render(Context()) == "What &lt;b&gt;Web&lt;/b&gt; said last"
    page = '{% load rostrum i18n %}{% translate "What {keeper} said last" as text %}{% said text as text %}{{ text }}'
    assert Template(page).render(Context()) == "What &lt;b&gt;Web&lt;/b&gt; said last"
