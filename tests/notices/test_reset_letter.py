"""The letter with a link to a new password: owed in the transaction, carried by the job, its link kept nowhere."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import serializers
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from rostrum.audit.models import Event, EventPayload
from rostrum.core import clock
from rostrum.notices.actions import deliver, deliver_due, send_again
from rostrum.notices.jobs import deliver as deliver_job
from rostrum.notices.models import Delivery, MailState, Notice
from rostrum.notices.queries import of, unread
from rostrum.people.actions import note_departure, set_preferences
from rostrum.people.models import Person
from rostrum.web.letters import owe_reset
from tests.cast import Cast
from tests.notices.conftest import Catcher

LINK = re.compile(r"https?://\S+/me/password/reset/key/(\S+)")


@pytest.fixture(autouse=True)
def _fresh_throttles() -> None:
    """The page takes three requests an hour for one address: each test starts at nought."""
    cache.clear()


def _ask(person: Person, **headers: str) -> Notice:
    answer = Client().post("/me/password/reset/", {"email": person.email}, **headers)  # type: ignore[arg-type]
    assert answer.status_code == 302
    return Notice.objects.get(kind="signin.password_reset", person=person)


def _text(letter: Any) -> str:
    return str(letter.get_body(("plain",)).get_content())


def _opens(path: str) -> bool:
    return 'name="password1"' in Client().get(path, follow=True).content.decode()


def test_the_page_only_owes_it_and_the_job_carries_it(cast: Cast, catcher: Catcher) -> None:
    notice = _ask(cast.teacher)
    assert notice.mail == MailState.OWED
    assert catcher.letters == []
    deliver_job(notice.pk)
    (letter,) = catcher.letters
    assert catcher.to == [[cast.teacher.email]]
    assert letter["Subject"] == "Set a new password for Rostrum"
    assert letter["Auto-Submitted"] == "auto-generated"
    found = LINK.search(_text(letter))
    assert found
    assert found[0] in str(letter.get_body(("html",)).get_content())
    assert _opens(urlsplit(found[0]).path)


def test_the_link_is_kept_nowhere(cast: Cast, catcher: Catcher) -> None:
    notice = _ask(cast.teacher)
    assert deliver(notice)
    found = LINK.search(_text(catcher.letters[0]))
    assert found
    secret = found[1].split("/")[0].partition("-")[2]
    assert len(secret) > 20
    kept = Delivery.objects.get(notice=notice)
    assert "Set a new password" in kept.subject
    assert "(The link is left out here: it is for the reader only.)" in kept.text
    rows = serializers.serialize(
        "json", [*Notice.objects.all(), *Delivery.objects.all(), *Event.objects.all(), *EventPayload.objects.all()]
    )
    assert json.loads(rows)
    assert secret not in rows
    assert "reset/key" not in rows


def test_it_is_not_in_the_list_of_notices(cast: Cast, catcher: Catcher) -> None:
    notice = _ask(cast.teacher)
    assert deliver(notice)
    assert unread(cast.teacher) == 0
    assert not of(cast.teacher).exists()
    client = Client()
    client.force_login(cast.teacher)
    assert "new password" not in client.get("/staff/notices/").content.decode().lower()
    assert client.get(f"/staff/notices/{notice.pk}").status_code == 404


def test_whoever_keeps_the_mail_reads_the_letter_without_its_link(cast: Cast, catcher: Catcher) -> None:
    notice = _ask(cast.teacher)
    client = Client()
    client.force_login(cast.sysadmin)
    assert "Set a new password" in client.get("/staff/mail/?tab=waiting").content.decode()
    assert deliver(notice)
    page = client.get(f"/staff/mail/{Delivery.objects.get(notice=notice).pk}/").content.decode()
    assert "The link is left out here" in page
    assert "reset/key" not in page


def test_a_forged_host_does_not_bend_the_link(cast: Cast, catcher: Catcher, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # the most careless proxy there could be
    notice = _ask(cast.teacher, HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example")
    assert deliver(notice)
    found = LINK.search(_text(catcher.letters[0]))
    assert found
    assert found[0].startswith(settings.SITE_URL + "/")
    assert "evil" not in catcher.letters[0].as_string()


def test_a_server_that_is_down_gets_it_later_with_a_fresh_link_but_not_next_day(cast: Cast, catcher: Catcher) -> None:
    catcher.mood = "refuse"
    moment = timezone.now()
    with clock.standing_at(moment):
        notice = owe_reset(cast.teacher)
        assert not deliver(notice)
    assert notice.mail == MailState.OWED
    assert notice.next_attempt_at == moment + timedelta(minutes=1)
    for minutes in (1, 6, 36):
        with clock.standing_at(moment + timedelta(minutes=minutes)):
            assert not deliver(notice)
    assert notice.mail == MailState.FAILED, "a link that nobody waits for any more is not sent"
    catcher.mood = "take"
    send_again(notice, by=cast.sysadmin)
    assert deliver_due() == 1
    found = LINK.search(_text(catcher.letters[0]))
    assert found
    assert _opens(urlsplit(found[0]).path)


def test_nothing_is_owed_to_strangers_to_the_departed_or_when_rolled_back(cast: Cast, catcher: Catcher) -> None:
    Client().post("/me/password/reset/", {"email": "nobody@lpsd.ca"})
    note_departure(cast.colleague, by=cast.sysadmin)
    Client().post("/me/password/reset/", {"email": cast.colleague.email})

    def interrupted() -> None:
        with transaction.atomic():
            owe_reset(cast.teacher)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        interrupted()
    assert not Notice.objects.filter(kind="signin.password_reset").exists()
    assert deliver_due() == 0
    assert catcher.letters == []


def test_it_comes_at_once_in_the_readers_language_whatever_rhythm_they_chose(cast: Cast, catcher: Catcher) -> None:
    set_preferences(cast.teacher, language="fr-ca", mail_rhythm="in_app")
    assert deliver(_ask(cast.teacher))
    assert catcher.letters[0]["Subject"] == "Choisissez un nouveau mot de passe pour Rostrum"
