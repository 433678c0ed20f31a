"""Every write to procedures: publishing an edition once, bringing it into force, choosing a setting."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rostrum.audit.actions import record
from rostrum.core import clock
from rostrum.core.errors import Invalid
from rostrum.core.text import UnsafeText, clean
from rostrum.policies import queries, schema
from rostrum.policies.check import Problem, check_file, fingerprint, read
from rostrum.policies.crosschecks import wrong_value
from rostrum.policies.models import Clause, Edition, Procedure, SettingValue

REASON_LIMIT = 2000


def load_edition(
    path_or_text: str | Path, *, at: datetime | None = None, by: models.Model | None = None
) -> Edition:
    """Publishes the edition in a file (a path, or the text itself) and returns it.

    The same text again returns the edition that stands and writes nothing. Another text under a label that
    stands is refused with Invalid: a published edition never changes, a new text needs a new label. So is a
    file with mistakes; the message holds the first ones with their lines. The new edition comes into force
    when its effective date has come and it is not older than the one in force; the old one stays citeable.
    """
    source = _source(path_or_text)
    document, problems = read(source)
    if document is None:
        raise _refused(problems)
    return _publish(source.replace("\r\n", "\n"), document, at or clock.now(), by)


def _source(path_or_text: str | Path) -> str:
    if isinstance(path_or_text, str) and "\n" in path_or_text:
        return path_or_text
    try:
        return Path(path_or_text).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise _refused(check_file(path_or_text)) from None


def _refused(problems: list[Problem]) -> Invalid:
    first = [str(problem) for problem in problems[:20]]
    return Invalid(
        _("This procedure file cannot be loaded. %(first)s") % {"first": first[0]}, fields={"file": first}
    )


@transaction.atomic
def _publish(source: str, document: schema.Document, at: datetime, by: models.Model | None) -> Edition:
    sha256 = fingerprint(source)
    procedure, _made = Procedure.objects.get_or_create(key=document.procedure.key, defaults={"added_at": at})
    _one_at_a_time(procedure.key)
    standing = Edition.objects.select_related("procedure").filter(sha256=sha256).first()
    if standing is not None:
        return standing
    label = document.edition.label
    if procedure.editions.filter(label=label).exists():
        raise Invalid(
            _(
                "Edition %(label)s of %(key)s is published already, with another text. A published"
                " edition never changes: give the new text a new label."
            )
            % {"label": label, "key": procedure.key}
        )
    edition = Edition.objects.create(
        procedure=procedure, label=label, sha256=sha256, source=source, published_at=at,
        clause_count=len(document.clauses), effective_from=document.edition.effective_from,
    )  # fmt: skip
    Clause.objects.bulk_create(
        Clause(
            edition=edition, number=clause.number, order=order, kind=clause.kind, scope=clause.scope,
            title_en=clause.title.en, title_fr=clause.title.fr,
            text_en=clause.text.en, text_fr=clause.text.fr,
        )
        for order, clause in enumerate(document.clauses, start=1)
    )  # fmt: skip
    record(
        by, "edition:load", edition, at=at,
        after={"edition": str(edition), "sha256": sha256, "clauses": len(document.clauses)},
    )  # fmt: skip
    bring_into_force(procedure.key, on=timezone.localdate(at), at=at, by=by)
    edition.refresh_from_db()
    return edition


def _one_at_a_time(key: str) -> None:
    """Makes whoever else loads or switches editions of this procedure wait until this transaction ends."""
    list(Procedure.objects.select_for_update().filter(key=key).values_list("pk"))


@transaction.atomic
def bring_into_force(
    key: str, *, on: date | None = None, at: datetime | None = None, by: models.Model | None = None
) -> Edition | None:
    """Makes the edition whose day has come the one in force; says which changed to, or None for no change.

    Of the editions effective by `on` (default today) it is the one with the latest effective date, and of
    those the one published last. Where none is effective yet, nothing is in force.
    """
    day = on or clock.today()
    _one_at_a_time(key)
    editions = Edition.objects.select_related("procedure").filter(procedure__key=key)
    due = editions.filter(effective_from__lte=day).order_by("-effective_from", "-pk").first()
    if due is None or due.in_force:
        return None
    before = editions.filter(in_force=True).first()
    if before is not None:
        Edition.objects.filter(pk=before.pk).update(in_force=False)
    Edition.objects.filter(pk=due.pk).update(in_force=True)
    due.in_force = True
    record(
        by, "edition:bring_into_force", due, at=at,
        before={"edition": str(before)} if before else None, after={"edition": str(due)},
    )  # fmt: skip
    return due


@transaction.atomic
def set_setting(
    key: str,
    value: queries.Value,
    *,
    by_name: str,
    reason: str,
    by: models.Model | None = None,
    role: str = "",
    at: datetime | None = None,
) -> SettingValue:
    """Writes down what the division chose for a setting, from now on; None clears the choice.

    `by` is the person for the log, `by_name` the name kept beside the choice, `reason` is required (up to
    2,000 characters). Raises Invalid for an unknown setting, a value of the wrong shape or outside the
    setting's limits, or no reason. Earlier choices stay as they were.
    """
    edition = queries.in_force()
    found = queries.content(edition).setting(key)
    if found is None:
        raise Invalid(_("This procedure has no setting “%(key)s”.") % {"key": key})
    citations = queries.cite([found.clause])
    if value is not None and (wrong := wrong_value(found, value)):
        raise Invalid(wrong, fields={"value": [wrong]}, clause=next(iter(citations), ""))
    try:
        why = clean(reason, multiline=True, max_length=REASON_LIMIT)
    except UnsafeText:
        why = ""
    if not why:
        message = _("Say why, in plain text of at most %(limit)d characters.") % {"limit": REASON_LIMIT}
        raise Invalid(message, fields={"reason": [message]})
    before = queries.setting_state(key)
    chosen = SettingValue.objects.create(
        procedure=edition.procedure, key=key, value=value, reason=why, set_by_name=by_name,
        set_at=at or clock.now(),
    )  # fmt: skip
    after = queries.setting_state(key)
    record(
        by, "setting:set" if value is not None else "setting:clear", chosen, citations=citations, note=why,
        role=role, before={key: before.value, "source": before.source},
        after={key: after.value, "source": after.source}, at=at,
    )  # fmt: skip
    return chosen
