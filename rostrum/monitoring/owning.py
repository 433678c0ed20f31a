"""Every write on the division's own rules: written, changed, tried on past posts, put into use, switched off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.checks import Finding as Found
from rostrum.checks import Posting
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.core.text import UnsafeText, clean
from rostrum.monitoring.engine import trial_engine
from rostrum.monitoring.models import SEVERITIES, OwnRule, OwnRuleKind, OwnRuleState
from rostrum.monitoring.own import cleaned, fingerprint_of
from rostrum.monitoring.rounds import ask_again
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite, current
from rostrum.workflow.moves import clean_reason

MOST = 200
SHOWN = 50


def _need(by: Person) -> None:
    if not may(by, "rule:own"):
        raise NotAllowed(_("Only those who keep the rules can write rules of the division’s own."))


def _line(field: str, value: str, limit: int) -> str:
    try:
        text = clean(value, max_length=limit)
    except UnsafeText:
        message = _("Write it in plain text of at most %(limit)d characters.") % {"limit": limit}
        raise Invalid(message, fields={field: [message]}) from None
    if not text:
        message = _("This cannot be empty.")
        raise Invalid(message, fields={field: [message]})
    return text


def _read(*, title: str, kind: str, looks_for: str, clause: str, severity: str, advice: str) -> dict[str, Any]:
    if kind not in OwnRuleKind.values:
        message = _("Choose words or a pattern.")
        raise Invalid(message, fields={"kind": [message]})
    if severity not in dict(SEVERITIES):
        message = _("Choose how serious it is.")
        raise Invalid(message, fields={"severity": [message]})
    if current().clause(clause) is None:
        message = _("Choose the clause that the rule serves.")
        raise Invalid(message, fields={"clause": [message]})
    return {
        "title": _line("title", title, 120), "kind": kind, "looks_for": cleaned(kind, looks_for), "clause": clause,
        "severity": severity, "advice": _line("advice", advice, 300),
    }  # fmt: skip


@transaction.atomic
def add(*, by: Person, **given: str) -> OwnRule:
    """Write a rule. It looks at nothing until it was tried on past posts and put into use.

    Raises NotAllowed, Invalid by field (title, kind, looks_for, clause, severity, advice).
    """
    _need(by)
    values = _read(**given)
    if OwnRule.objects.count() >= MOST:
        raise Invalid(_("There are %(count)d rules already. Change one that is no longer used.") % {"count": MOST})
    hold_the_pen()
    now = clock.now()
    try:
        with transaction.atomic():
            made = OwnRule.objects.create(**values, made_by=by, made_at=now, moved_at=now)
    except IntegrityError:
        message = _("There is a rule of this name already.")
        raise Invalid(message, fields={"title": [message]}) from None
    record(by, "ownrule:add", made, label=made.title, citations=cite(["1.10"]),
           after={"kind": made.kind, "clause": made.clause})  # fmt: skip
    return made


@transaction.atomic
def change(own: OwnRule, *, by: Person, seen: int | None = None, **given: str) -> OwnRule:
    """Change a rule. When what it looks for is another, it must be tried again before it looks at posts."""
    _need(by)
    values = _read(**given)
    same = (own.kind, own.looks_for) == (values["kind"], values["looks_for"])
    if not same:
        values |= {"state": OwnRuleState.DRAFT, "tried_at": None, "tried_texts": 0, "tried_hits": 0, "tried_fingerprint": ""}
    was_live = own.state == OwnRuleState.LIVE
    _write(own, seen, "title", **values)
    record(by, "ownrule:change", own, label=own.title, citations=cite(["1.10"]), after={"kind": own.kind, "clause": own.clause})
    if was_live:
        ask_again(by=None, why=_("A rule was changed: %(rule)s") % {"rule": own.title})
    return own


def _write(own: OwnRule, seen: int | None, unique: str, **values: Any) -> None:
    hold_the_pen()
    if seen is not None and seen != own.version:
        raise Overtaken(_("While you were reading, this was changed. Nothing you did was lost; look at it again."))
    try:
        with transaction.atomic():
            done = OwnRule.objects.filter(pk=own.pk, version=own.version).update(
                **values, version=own.version + 1, moved_at=clock.now()
            )
    except IntegrityError:
        message = _("There is a rule of this name already.")
        raise Invalid(message, fields={unique: [message]}) from None
    if not done:
        raise Overtaken(_("While you were reading, someone else acted on this. Nothing you did was lost."))
    own.refresh_from_db()


@dataclass(frozen=True)
class Trial:
    """What a rule would have flagged: of how many texts, how many, and the first of them with their places."""

    texts: int
    hits: int
    shown: list[tuple[str, list[Found]]]


@transaction.atomic
def try_on(own: OwnRule, texts: Sequence[str], *, by: Person) -> Trial:
    """Try a rule on past posts. Only the two numbers are kept; the texts are shown once and forgotten.

    Raises NotAllowed, Invalid where there is no text to try it on.
    """
    _need(by)
    if not texts:
        message = _("There is no text in this file. Give one post a line, or a column of posts.")
        raise Invalid(message, fields={"file": [message]})
    ready = trial_engine(own)
    found = [(text, hits) for text, hits in zip(texts, ready.check_many(texts, Posting()), strict=True) if hits]
    hold_the_pen()
    OwnRule.objects.filter(pk=own.pk).update(
        tried_at=clock.now(), tried_texts=len(texts), tried_hits=len(found), tried_fingerprint=fingerprint_of(own)
    )
    own.refresh_from_db()
    record(by, "ownrule:try", own, label=own.title, citations=cite(["1.10"]),
           after={"texts": len(texts), "hits": len(found)})  # fmt: skip
    return Trial(len(texts), len(found), found[:SHOWN])


@transaction.atomic
def put_into_use(own: OwnRule, *, by: Person, seen: int | None = None) -> OwnRule:
    """Let a rule look at posts, and check all that are kept. Raises WrongState when it is in use, or was not tried."""
    _need(by)
    if own.state == OwnRuleState.LIVE:
        raise WrongState(_("This rule is in use already."))
    if own.tried_at is None or own.tried_fingerprint != fingerprint_of(own):
        raise WrongState(
            _("This rule was not tried yet."),
            way_forward=_("Try it on past posts first: you see what it would have flagged."),
        )
    _write(own, seen, "title", state=OwnRuleState.LIVE)
    record(by, "ownrule:live", own, label=own.title, citations=cite(["1.10"]))
    ask_again(by=None, why=_("A rule was put into use: %(rule)s") % {"rule": own.title})
    return own


@transaction.atomic
def switch_off(own: OwnRule, *, by: Person, reason: str = "", seen: int | None = None) -> OwnRule:
    """Let a rule look at nothing any more; what it found and nobody decided on is settled."""
    _need(by)
    note = clean_reason(reason, required=False)
    if own.state != OwnRuleState.LIVE:
        raise WrongState(_("This rule is not in use."))
    _write(own, seen, "title", state=OwnRuleState.OFF)
    record(by, "ownrule:off", own, label=own.title, note=note, citations=cite(["1.10"]))
    ask_again(by=None, why=_("A rule was switched off: %(rule)s") % {"rule": own.title})
    return own
