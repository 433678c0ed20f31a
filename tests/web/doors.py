"""Signing in as a person does: the form, whether it let one in, and what a page says."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import Any

from allauth.account.internal.flows import login as flow
from django.test import Client

from rostrum.people.models import Person
from tests.cast import PASSWORD

LOGIN = "/me/login/"


def text(response: Any) -> str:
    return unescape(response.content.decode())


def sign_in(client: Client, address: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": address, "password": password, **more})


def come_in(client: Client, person: Person, *, minutes_ago: float = 0) -> None:
    """Signed in, and shown once more some minutes ago that it is this person, as before a key is made."""
    client.force_login(person)
    session = client.session
    session[flow.AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time() - minutes_ago * 60, "reauthenticated": True}
    ]
    session[flow._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session.save()


def is_in(client: Client) -> bool:
    return bool(client.get("/staff/").status_code == 200)


def problems(response: Any) -> list[str]:
    """What the error summary says."""
    page = text(response)
    assert 'class="problems"' in page
    return re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", page[page.index('class="problems"') :])[:1]
