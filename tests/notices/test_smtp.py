"""Letters over a real SMTP connection: what arrives, what happens when the server says no, who gets none."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from rostrum.core import clock
from rostrum.core.errors import NotAllowed
from rostrum.notices.actions import PAUSES, deliver, deliver_digests, deliver_due, mark_read, owe, send_again
from rostrum.notices.jobs import deliver as deliver_job
from rostrum.notices.kinds import KINDS
from rostrum.notices.models import Delivery, MailState, Notice
from rostrum.notices.queries import of, troubled, unread
from rostrum.people.actions import note_departure, set_preferences
from rostrum.people.models import Person
from rostrum.registry import actions
from rostrum.registry import notices as N
from tests.cast import Cast, build_cast, drafted, submitted
from tests.notices.conftest import Catcher


def _asked(person: Person) -> Notice:
    return Notice.objects.get(person=person, kind="request.endorse_asked")


def _plain(letter: Any) -> str:
    return str(letter.get_body(("plain",)).get_content())


def _html(letter: Any) -> str:
    return str(letter.get_body(("html",)).get_content())


def test_a_letter_arrives_in_text_and_html_with_the_comment_in_full(cast: Cast, catcher: Catcher) -> None:
    request = submitted(cast)
    comment = "The name says too little.\nSay which room it is, and who <looks after> it & why."
    actions.return_to_requester(request, by=cast.principal, reason=comment)
    notice = Notice.objects.get(person=cast.teacher, kind="request.returned")
    assert deliver(notice)
    letter = catcher.letters[0]
    assert catcher.to == [["s.nguyen@lpsd.ca"]]
    assert letter["Subject"].startswith("Change and send again: Blog for ")
    assert letter["Message-ID"] == f"<notice-{notice.pk}@127.0.0.1>" or letter["Message-ID"].startswith(
        f"<notice-{notice.pk}@"
    )
    assert letter["Auto-Submitted"] == "auto-generated"
    text, html = _plain(letter), _html(letter)
    assert text.splitlines()[0].startswith("Ana Petrova returned your request for changes")
    assert comment in text.replace("\r\n", "\n")
    assert "Say which room it is, and who &lt;looks after&gt; it &amp; why." in html
    assert text.count(f"/staff/requests/{request.ref}/") == 1
    assert f"/staff/requests/{request.ref}/" in html
    assert "AP 193, 3.1 (edition 2015-09)" in text
    assert "You get this letter because you asked for this account." in text
    assert "/staff/preferences/" in text
    kept = Delivery.objects.get(notice=notice)
    assert kept.delivered
    assert kept.text.splitlines()[0] == text.splitlines()[0]


def test_every_person_in_turn_is_written_to_once(cast: Cast, catcher: Catcher) -> None:
    submitted(cast)
    sent = deliver_due()
    assert sent == len(catcher.letters) == Notice.objects.filter(mail=MailState.SENT).count()
    assert ["a.petrova@lpsd.ca"] in catcher.to
    assert deliver_due() == 0
    assert len(catcher.letters) == sent


def test_a_name_with_line_breaks_cannot_write_headers(cast: Cast, catcher: Catcher) -> None:
    request = submitted(cast)
    said = N.context(request, cast.teacher)
    said["what"] = {"en": "Blog\r\nBcc: everyone@example.ca\r\n\r\nHello", "fr": "Blogue\nBcc: x@example.ca"}
    notice = owe(N.ENDORSE_ASKED, to=cast.principal, about=request, ref=request.ref or "", context=said)
    assert deliver(notice)
    letter = catcher.letters[-1]
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Endorse: Blog Bcc: everyone@example.ca Hello"
    assert catcher.to[-1] == ["a.petrova@lpsd.ca"]


@pytest.mark.parametrize(("mood", "words"), [("refuse", "450"), ("never", "550")])
def test_a_server_that_says_no_is_asked_again_with_pauses_then_the_failure_shows(
    cast: Cast, catcher: Catcher, mood: str, words: str
) -> None:
    catcher.mood = mood
    submitted(cast)
    notice = _asked(cast.principal)
    moment = timezone.now()
    for attempt in range(1, len(PAUSES) + 2):
        with clock.standing_at(moment):
            assert not deliver(notice)
        assert notice.attempts == attempt
        if attempt <= len(PAUSES):
            assert notice.mail == MailState.OWED
            assert notice.next_attempt_at == moment + PAUSES[attempt - 1]
            with clock.standing_at(moment + PAUSES[attempt - 1] - timedelta(seconds=1)):
                assert not deliver(notice), "it must not be tried before its pause is over"
            assert notice.attempts == attempt
            moment += PAUSES[attempt - 1]
    assert notice.mail == MailState.FAILED
    assert notice in troubled()
    tries = Delivery.objects.filter(notice=notice)
    assert tries.count() == len(PAUSES) + 1
    assert all(words in one.error and not one.delivered for one in tries)


def test_a_tarpit_costs_one_time_out_and_counts_as_a_failure(
    cast: Cast, catcher: Catcher, settings: Any
) -> None:
    catcher.mood, settings.EMAIL_TIMEOUT = "tarpit", 0.2
    submitted(cast)
    notice = _asked(cast.principal)
    assert not deliver(notice)
    assert "imed out" in Delivery.objects.get(notice=notice).error
    assert notice.mail == MailState.OWED


def test_no_server_at_all_is_a_failure_in_words(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    submitted(cast)
    notice = _asked(cast.principal)
    assert not deliver(notice)
    assert "ConnectionRefusedError" in Delivery.objects.get(notice=notice).error


def test_a_failed_letter_is_sent_again_by_hand_by_those_who_keep_the_mail(
    cast: Cast, catcher: Catcher
) -> None:
    submitted(cast)
    notice = _asked(cast.principal)
    Notice.objects.filter(pk=notice.pk).update(mail=MailState.FAILED, attempts=6, next_attempt_at=None)
    notice.refresh_from_db()
    with pytest.raises(NotAllowed):
        send_again(notice, by=cast.teacher)
    send_again(notice, by=cast.communications)
    deliver_job(notice.pk)
    assert Notice.objects.get(pk=notice.pk).mail == MailState.SENT
    assert catcher.to == [["a.petrova@lpsd.ca"]]


def test_nothing_is_owed_when_the_act_is_rolled_back(cast: Cast, catcher: Catcher) -> None:
    request = drafted(cast)

    def interrupted() -> None:
        with transaction.atomic():
            actions.submit(request, by=cast.teacher)
            assert Notice.objects.count() > 0
            raise InterruptedError

    with pytest.raises(InterruptedError):
        interrupted()
    assert Notice.objects.count() == 0
    assert deliver_due() == 0
    assert catcher.letters == []


def test_the_daily_letter_holds_what_only_tells_and_an_ask_still_comes_at_once(
    cast: Cast, catcher: Catcher
) -> None:
    set_preferences(cast.principal, language="en-ca", mail_rhythm="digest")
    first, second = submitted(cast), submitted(cast)
    actions.withdraw(first, by=cast.teacher, reason="Not needed now.")
    actions.withdraw(second, by=cast.teacher)
    assert set(
        Notice.objects.filter(person=cast.principal, mail=MailState.OWED).values_list("asks", flat=True)
    ) == {True}
    waiting = Notice.objects.filter(person=cast.principal, mail=MailState.DIGEST)
    assert waiting.count() == 2
    assert deliver_digests() == 1
    text = _plain(catcher.letters[-1])
    assert catcher.letters[-1]["Subject"] == "2 things happened with your accounts"
    assert text.count("withdrew the request") == 2
    assert "Not needed now." in text
    assert "Not needed now." in _html(catcher.letters[-1])
    assert deliver_digests() == 0
    assert not waiting.all().exists()


def test_a_daily_letter_that_is_refused_stays_for_the_next_day(cast: Cast, catcher: Catcher) -> None:
    set_preferences(cast.principal, language="en-ca", mail_rhythm="digest")
    actions.withdraw(submitted(cast), by=cast.teacher)
    catcher.mood = "refuse"
    assert deliver_digests() == 0
    assert Notice.objects.filter(person=cast.principal, mail=MailState.DIGEST).count() == 1
    catcher.mood = "take"
    assert deliver_digests() == 1


def test_whoever_wants_no_letters_reads_here_and_is_still_asked_by_letter(
    cast: Cast, catcher: Catcher
) -> None:
    set_preferences(cast.teacher, language="en-ca", mail_rhythm="in_app")
    request = submitted(cast)
    told = Notice.objects.get(person=cast.teacher, kind="request.submitted")
    assert told.mail == MailState.NONE
    assert unread(cast.teacher) == 1
    actions.return_to_requester(request, by=cast.principal, reason="Say which room.")
    assert Notice.objects.get(person=cast.teacher, kind="request.returned").mail == MailState.OWED
    assert next(n.kind for n in of(cast.teacher)) == "request.returned"
    assert mark_read(cast.teacher) == 2
    assert unread(cast.teacher) == 0


def test_a_letter_is_written_in_its_readers_language(cast: Cast, catcher: Catcher) -> None:
    set_preferences(cast.principal, language="fr-ca", mail_rhythm="at_once")
    request = submitted(cast)
    deliver(_asked(cast.principal))
    assert 'lang="fr-CA"' in _html(catcher.letters[-1])
    deliver(Notice.objects.get(person=request.requester, kind="request.submitted"))
    assert 'lang="en-CA"' in _html(catcher.letters[-1])


def test_whoever_has_left_gets_no_letter(cast: Cast, catcher: Catcher) -> None:
    request = submitted(cast)
    note_departure(cast.teacher, by=cast.sysadmin)
    cast.teacher.refresh_from_db()
    said = N.context(request, cast.principal)
    notice = owe(
        KINDS["request.declined"], to=cast.teacher, about=request, ref=request.ref or "", context=said
    )
    assert notice.mail == MailState.NONE
    assert not deliver(notice)


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_letter(catcher: Catcher) -> None:
    submitted(build_cast())
    seen = [Notice.objects.select_related("person").get(kind="request.endorse_asked") for _worker in range(4)]
    start, results = Barrier(4), []

    def work(notice: Notice) -> None:
        start.wait()
        try:
            results.append(deliver(notice))
        finally:
            connection.close()

    workers = [Thread(target=work, args=[notice]) for notice in seen]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(results) == [False, False, False, True]
    assert len(catcher.letters) == 1
    assert Delivery.objects.count() == 1
