"""The API as programs meet it: a client that speaks JSON, tokens of everyone, and a division to ask about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rostrum.api import rate
from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.tokens.actions import make
from rostrum.tokens.scopes import scopes_for
from tests.cast import Cast
from tests.web.conftest import _everything, whole_world  # noqa: F401 - fixtures for what asks for the whole world

Caller = Callable[..., Any]


@pytest.fixture(autouse=True)
def _fresh_minute() -> None:
    """No test uses up another's minute."""
    cache.clear()


@pytest.fixture
def no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """For runs that ask more than anybody may."""
    monkeypatch.setattr(rate, "PER_ADDRESS", 10**9)
    monkeypatch.setattr(rate, "PER_TOKEN", 10**9)


def secret_of(person: Person, *scopes: str, days: int = 30) -> str:
    """A new token of a person; with every scope unless some are named."""
    last = clock.today() + timedelta(days=days)
    return make(person, name="Test", scopes=scopes or tuple(scopes_for(person)), last_day=last)[1]


class Program:
    """A person's program: sends JSON with its token."""

    def __init__(self, secret: str = "") -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers={**self.headers, **headers})

    def send(self, method: str, path: str, body: Any, **headers: str) -> Any:
        sent = {**self.headers, **headers}
        return self.client.generic(
            method, f"/api/v1{path}", body if isinstance(body, bytes | str) else _json(body),
            content_type=sent.pop("Content-Type", "application/json"), headers=sent,
        )  # fmt: skip

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, {} if body is None else body, **headers)

    def upload(self, path: str, file: str | bytes, name: str = "list.csv", **fields: str) -> Any:
        """Send a file as a form; `fields` in capitals are headers."""
        headers = {key.replace("_", "-"): fields.pop(key) for key in list(fields) if key[0].isupper()}
        sent = SimpleUploadedFile(name, file.encode() if isinstance(file, str) else file)
        return self.client.post(f"/api/v1{path}", {"file": sent, **fields}, headers={**self.headers, **headers})


def _json(body: Any) -> str:
    import json

    return json.dumps(body)


@pytest.fixture
def anybody() -> Program:
    return Program()


@pytest.fixture
def program(cast: Cast) -> Callable[..., Program]:
    """A program of somebody of the cast, by their name in it."""
    return lambda who, *scopes: Program(secret_of(getattr(cast, who), *scopes))
