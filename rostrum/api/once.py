"""Mutating calls under an idempotency key: the same call sent again gets the same answer, byte for byte, once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from rostrum.api.models import Reply
from rostrum.api.problems import Problem
from rostrum.core import clock
from rostrum.core.errors import Invalid
from rostrum.people.models import Person
from rostrum.workflow.once import KEY_LIMIT, fingerprint, once

KEY = re.compile(rf"[!-~]{{1,{KEY_LIMIT}}}")
MARK = "reply:"
KEEP = timedelta(days=8)  # a day longer than the keys, so that no key outlives its answer


def act_once(
    request: HttpRequest, person: Person, act: Callable[[], dict[str, Any]], *,
    status: int | Callable[[dict[str, Any]], int] = 200, location: Callable[[dict[str, Any]], str] | None = None,
    body: str | None = None,
) -> HttpResponse:  # fmt: skip
    """Do an act and answer with what it returns; under a key that came before, give the kept answer and do nothing.

    `status` may follow from what was done. `body` stands for what was sent where that is a file: its hash and fields.
    What is refused is not kept: sent again, it is judged again. Problem key-reused for a key that was used for
    another call, too-late (409) while the first of two equal calls is still being done, invalid for a bad key.
    """
    key = request.headers.get("Idempotency-Key")
    code = status if callable(status) else lambda made: status
    if key is None:
        made = act()
        return _answer(code(made), bytes_of(made), location(made) if location else "")
    if not KEY.fullmatch(key):
        said = _("The idempotency key must be of 1 to %(limit)d letters, digits or signs, without blanks.") % {
            "limit": KEY_LIMIT
        }
        raise Problem("invalid", said, fields={"Idempotency-Key": [said]})
    if body is None:
        body = request.body.decode("utf-8", "replace")
    sent = fingerprint(request.method or "", request.path, request.headers.get("If-Match", ""), body)

    refused: list[Invalid] = []  # the act's own no, to tell it from the key's

    def kept() -> str:
        try:
            made = act()
        except Invalid as no:
            refused.append(no)
            raise
        reply = Reply.objects.create(
            person=person,
            status=code(made),
            body=bytes_of(made),
            location=location(made) if location else "",
            at=clock.now(),
        )
        return f"{MARK}{reply.pk}"

    try:
        answer = once(person, key, sent, kept)
    except Invalid:
        if refused:
            raise
        raise _reused() from None
    if not answer.startswith(MARK):  # the same key was used on a page
        raise _reused()
    reply = Reply.objects.get(person=person, pk=int(answer.removeprefix(MARK)))
    return _answer(reply.status, bytes(reply.body), reply.location)


def _reused() -> Problem:
    return Problem("key-reused", _("This key was used for another call. Use a fresh one."))


def bytes_of(made: dict[str, Any]) -> bytes:
    """An answer as it goes out."""
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _answer(status: int, body: bytes, location: str) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    if location:
        response.headers["Location"] = location
    return response


def forget_old() -> int:
    """Drop answers whose key is forgotten; returns how many."""
    return Reply.objects.filter(at__lt=clock.now() - KEEP).delete()[0]
