"""Signing in as a person does: the form, whether it let one in, and what a page says."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client

from tests.cast import PASSWORD

LOGIN = "/me/login/"


def text(response: Any) -> str:
    return unescape(response.content.decode())


def sign_in(client: Client, address: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": address, "password": password, **more})


def is_in(client: Client) -> bool:
    return bool(client.get("/staff/").status_code == 200)


def problems(response: Any) -> list[str]:
    """What the error summary says."""
    page = text(response)
    assert 'class="problems"' in page
    return re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", page[page.index('class="problems"') :])[:1]
