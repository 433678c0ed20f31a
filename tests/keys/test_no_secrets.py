"""No password is ever kept (AP 193 3.4): what looks like one is refused, and found nowhere afterwards.

Each secret is sent into every free text of every form of resets, as a person would. Then every row of every table,
every log line and every mail of an error is searched for it.
"""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from rostrum.core import clock
from rostrum.core.errors import Invalid
from rostrum.keys import campaigns, stating
from rostrum.keys.actions import call_for_reset
from rostrum.keys.models import PARTS
from rostrum.people.models import Person
from tests.cast import Cast, official
from tests.keys.made import ENTRY, asked, returned, running, stated

pytestmark = pytest.mark.django_db
KITE = "Winter2026!"
SECRETS = [f"pw: {KITE}", "mot de passe : tempete-7391", "Passwort: sonnenblume", "jbsw y3dp ehpk 3pxp"]
NEEDLES = [KITE, "tempete", "sonnenblume", "jbsw"]


def everything() -> str:
    """Every value of every table, also of those that are not ours: the queue, the sessions."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names from the database
            found += [repr(row) for row in cursor.fetchall()]
    return "\n".join(found)


def clean_everywhere(records: list[logging.LogRecord]) -> None:
    """No needle in the database, in a log line, nor in a mail."""
    kept = everything()
    assert "Rendell Park School" in kept
    said = "\n".join(f"{one.getMessage()} {one.exc_text or ''} {one.args}" for one in records)
    letters = "\n".join(str(one.message()) + str(getattr(one, "alternatives", "")) for one in mail.outbox)
    for needle in NEEDLES:
        assert needle not in kept
        assert needle not in said
        assert needle not in letters


def as_(person: Person, *, raising: bool = True) -> Client:
    client = Client(raise_request_exception=raising)
    client.force_login(person)
    return client


def forms(cast: Cast, secret: str) -> list[tuple[Person, str, dict[str, Any]]]:
    """Every form of resets with the secret in each of its free texts, one at a time."""
    done = dict.fromkeys(PARTS, "done")
    account, back, it = official(cast), returned(cast), stated(cast)
    call, campaign = asked(cast), running(cast)
    make = reverse("web:reset_make", args=[account.public_id])
    again = reverse("web:reset_again", args=[back.pk])
    found: list[tuple[Person, str, dict[str, Any]]] = []
    for url in (make, again):
        asked_ = stating.asked_of(account if url == make else back.account)
        base = {**done, "vault_entry": ENTRY, "asked": asked_, "seen": str(back.version) if url == again else ""}
        texts = [{"vault_entry": secret}, {"note": secret}]
        texts += [{part: "not_applicable", f"{part}_why": secret} for part in PARTS]
        texts += [{f"{part}_why": secret} for part in PARTS]  # hidden on the page, and sent all the same
        found += [(cast.teacher, url, {**base, **one}) for one in texts]
    ask = reverse("web:reset_ask", args=[account.public_id])
    found.append((cast.teacher, ask, {"trigger": "phishing", "note": secret}))
    alarm = {"trigger": "phishing", "accounts": [account.public_id], "note": secret}
    found.append((cast.teacher, reverse("web:reset_alarm"), alarm))
    found.append((cast.teacher, reverse("web:reset_call_off", args=[call.pk]), {"seen": 1, "reason": secret}))
    for move, who in (("confirm", cast.colleague), ("return", cast.colleague), ("withdraw", cast.teacher)):
        found.append((who, reverse("web:reset_move", args=[it.pk, move]), {"seen": 1, "reason": secret}))
    new = {"scope": "rendell", "platform": "", "name": "May", "reason": "Why.", "due_on": clock.today().isoformat()}
    start = reverse("web:reset_campaign_start")
    found += [(cast.communications, start, {**new, one: secret}) for one in ("name", "reason")]
    for move in ("nudge", "end"):
        url = reverse("web:reset_campaign_move", args=[campaign.pk, move])
        found.append((cast.communications, url, {"seen": 1, "reason": secret}))
    return found


@pytest.mark.parametrize("secret", SECRETS)
def test_no_form_keeps_what_looks_like_a_password(cast: Cast, secret: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for n, (who, url, data) in enumerate(forms(cast, secret)):
        answer = as_(who).post(url, {**data, "_key": f"key-{n}"})
        page = answer.content.decode()
        assert answer.status_code == 422, (url, data)
        assert "This looks like a password, so Rostrum did not keep it." in page
        assert not [one for one in NEEDLES if one in page], "nor is it shown again"
    clean_everywhere(caplog.records)


def test_what_else_was_typed_is_shown_again(cast: Cast) -> None:
    account = official(cast)
    data = {**dict.fromkeys(PARTS, "done"), "vault_entry": KITE, "note": "Owen, look at the apps.", "asked": ""}
    page = as_(cast.teacher).post(reverse("web:reset_make", args=[account.public_id]), data).content.decode()
    assert "Owen, look at the apps." in page


def test_a_refusal_of_another_kind_does_not_show_it_either(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    it = stated(cast)
    url = reverse("web:reset_move", args=[it.pk, "return"])
    answer = as_(cast.principal).post(url, {"seen": 1, "reason": f"pw: {KITE}"})
    assert answer.status_code in {403, 422}
    assert KITE not in answer.content.decode()
    clean_everywhere(caplog.records)


def test_a_bug_beneath_a_form_does_not_mail_what_was_typed(
    cast: Cast, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """The mail of an error carries the fields of a form and the variables of its code; of these forms, neither."""
    from django.utils.log import AdminEmailHandler

    settings.ADMINS = [("Taras", "t.boyko@lpsd.ca")]
    handler = AdminEmailHandler(include_html=True)
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    account = official(cast)

    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("a bug of another kind")

    monkeypatch.setattr("rostrum.keys.stating.plain", broken)
    monkeypatch.setattr("rostrum.keys.actions.plain", broken)
    caplog.set_level(logging.DEBUG)
    data = {**dict.fromkeys(PARTS, "done"), "vault_entry": f"pw: {KITE}", "note": f"pw: {KITE}", "asked": ""}
    try:
        client = as_(cast.teacher, raising=False)
        assert client.post(reverse("web:reset_make", args=[account.public_id]), data).status_code == 500
        ask = reverse("web:reset_ask", args=[account.public_id])
        assert client.post(ask, {"trigger": "phishing", "note": f"pw: {KITE}"}).status_code == 500
    finally:
        logger.removeHandler(handler)
    errors = [one for one in mail.outbox if "RuntimeError" in str(one.message()) or "Internal Server" in one.subject]
    assert len(errors) >= 2
    assert any("a bug of another kind" in str(one.message()) for one in errors)
    clean_everywhere(caplog.records)


@pytest.mark.parametrize("secret", SECRETS)
def test_no_act_takes_it_from_elsewhere(cast: Cast, secret: str) -> None:
    """Other packages and programs call the acts themselves: the rule stands there, not in the pages."""
    account, it, campaign = official(cast), stated(cast), running(cast)
    acts = [
        lambda: call_for_reset(account, trigger="leaver", by=None, note=secret),
        lambda: stated(cast, account, note=secret),
        lambda: stated(cast, account, vault_entry=secret),
        lambda: stating.confirm(it, by=cast.colleague, reason=secret),
        lambda: stating.withdraw(it, by=cast.teacher, reason=secret),
        lambda: campaigns.nudge(campaign, by=cast.communications, reason=secret),
        lambda: campaigns.end(campaign, by=cast.communications, reason=secret),
    ]
    for act in acts:
        with pytest.raises(Invalid) as refused:
            act()
        assert not [one for one in NEEDLES if one in str(refused.value.fields) + refused.value.message]
    kept = everything()
    assert not [one for one in NEEDLES if one in kept]


def test_no_column_of_resets_is_made_for_a_secret() -> None:
    names = {f.name for m in apps.get_app_config("rostrum").get_models() if m.__module__.startswith("rostrum.keys")
             for f in m._meta.concrete_fields}  # fmt: skip
    assert "vault_entry" in names
    assert not [one for one in names if any(word in one for word in ("passw", "secret", "token", "pin", "code"))]
