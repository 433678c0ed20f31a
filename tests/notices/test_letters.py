"""Every kind of notice in words: both languages, text and HTML alike, nothing left open, no student ever."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from rostrum.notices.kinds import KINDS, NoticeKind, declare
from rostrum.notices.models import Notice
from rostrum.notices.render import digest, letter, path_of, words
from rostrum.registry import notices as N
from tests.cast import Cast, official, submitted

COMMENT = "Une école, « bravo » & more.\n<b>Second line</b>"


class _Text(HTMLParser):
    """The words of an HTML letter, without its head."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._head = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self._head += tag == "head"

    def handle_endtag(self, tag: str) -> None:
        self._head -= tag == "head"

    def handle_data(self, data: str) -> None:
        if not self._head:
            self.words += data.split()


def _words(html: str) -> list[str]:
    reader = _Text()
    reader.feed(html)
    return reader.words


def _notice(cast: Cast, kind: NoticeKind, language: str, ref: str, about: object) -> Notice:
    request = submitted(cast)
    both = {"en": "Accepted", "fr": "Accepté"}
    said = N.context(
        request,
        cast.principal,
        COMMENT,
        ["ap-193@2015-09#3.1"],
        public_id="BCDFGH",
        requester="Sam Nguyen",
        answer=both,
        state=both,
        step=both,
        many=both,
        keeper=both,
        approver=both,
        reason=both,
        rule=both,
        by=both,
        until=both,
        summary=both,
        unit="Rendell Park School",
        verb=both,
        next={"en": "It is waiting for M. Laurent.", "fr": "En attente de M. Laurent."},
        due="2026-12-01",
    )
    # Whatever else the kind's own sentences have a place for.
    sentences = f"{kind.subject} {kind.lead} {kind.next_step} {kind.why} {kind.link}"
    said = {**dict.fromkeys(re.findall(r"%\((\w+)\)", sentences), both), **said}
    person = cast.teacher
    person.language = language
    return Notice(
        person=person,
        kind=kind.key,
        about_type="",
        about_id=1,
        about_ref=ref,
        context=said,
        owed_at=request.moved_at,
    )


def test_every_kind_is_declared() -> None:
    assert len(KINDS) >= 15
    assert {"request.endorse_asked", "request.approve_asked", "account.official"} <= set(KINDS)


@pytest.mark.parametrize("language", ["en-ca", "fr-ca"])
@pytest.mark.parametrize("key", sorted(KINDS))
def test_every_kind_reads_in_both_languages(cast: Cast, key: str, language: str) -> None:
    kind = KINDS[key]
    ref = "1"  # every page that a letter opens takes a number, or something that one can pass for
    notice = _notice(cast, kind, language, ref, None)
    said, ready = words(notice, language), letter(notice)
    assert path_of(notice).startswith("/staff/")
    for part in (
        said.subject,
        said.lead,
        said.why,
        said.link,
        said.next_step,
        ready.subject,
        ready.text,
        ready.html,
    ):
        assert "%(" not in part
        assert "{'en'" not in part
        assert "None" not in part
    assert "\n" not in ready.subject
    assert ready.text.splitlines()[0] == said.lead
    assert COMMENT in ready.text
    assert (said.url in ready.text) == (kind.secret is None)
    assert said.why in ready.text
    assert f'lang="{language[:2]}-CA"' in ready.html
    assert "<b>Second" not in ready.html
    # The same words in both, apart from how the links are laid out.
    in_text = set(re.findall(r"\w+", ready.text))
    in_html = set(re.findall(r"\w+", " ".join(_words(ready.html))))
    assert in_text - in_html <= set(
        re.findall(r"\w+", said.url + " /staff/preferences/ http https 127.0.0.1:8193 example.test")
    )
    assert in_html - in_text == set()


def test_the_link_of_an_official_account_opens_its_page(cast: Cast) -> None:
    account = official(cast)
    notice = Notice.objects.get(person=cast.teacher, kind="account.official")
    assert path_of(notice) == f"/staff/accounts/{account.public_id}/"
    assert account.public_id in words(notice, "en-ca").next_step


def test_the_daily_letter_says_the_same_in_text_and_html(cast: Cast) -> None:
    notices = [
        _notice(cast, KINDS[key], "en-ca", "2026-0001", None)
        for key in ("request.withdrawn", "request.declined")
    ]
    ready = digest(cast.teacher, notices)
    for notice in notices:
        said = words(notice, "en-ca")
        for part in (said.lead, said.next_step, said.url):
            assert part in ready.text
        assert said.lead in ready.html
    assert ready.text.count(COMMENT) == 2


def test_a_kind_may_not_be_declared_twice_with_other_words() -> None:
    known = KINDS["request.declined"]
    assert declare(known) is known
    with pytest.raises(ValueError, match="declared twice"):
        declare(NoticeKind("request.declined", "Other", "Other", "Other", "Other", "web:request"))


def test_a_long_subject_is_cut() -> None:
    from rostrum.notices.render import _one_line

    assert len(_one_line("x" * 500)) == 200
