"""Every write of a scan: new findings open, vanished ones are settled, dismissed ones stay dismissed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from rostrum.archive import actions as archive
from rostrum.archive.models import Post, PostVersion
from rostrum.audit.actions import Line, hold_the_pen, record, record_many
from rostrum.checks import Posting
from rostrum.core import clock
from rostrum.monitoring.engine import engine
from rostrum.monitoring.flags import RANKS, Flag, of_text
from rostrum.monitoring.models import Finding, RuleChoice
from rostrum.monitoring.states import HOLDING, LIVE_FINDINGS, FindingState
from rostrum.people.models import Person, UnitKind
from rostrum.policies.queries import cite
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE


@dataclass
class Tally:
    """What a scan did."""

    opened: list[Finding] = field(default_factory=list)
    vanished: int = 0


@dataclass(frozen=True)
class Subject:
    """What is scanned: an account, or the newest text of one of its posts."""

    account: Account
    version: PostVersion | None = None

    @property
    def key(self) -> str:
        """Its name in findings: "post:12", "account:7"."""
        return f"post:{self.version.post_id}" if self.version else f"account:{self.account.pk}"


def posting_for(account: Account) -> Posting:
    """Where a text of an account goes up, and whether it may speak for the division (AP 193 1.3)."""
    whole = account.unit.kind in {UnitKind.DIVISION, UnitKind.DEPARTMENT}
    return Posting(channel=account.platform, scope="division" if whole else "school")


def choices() -> dict[str, RuleChoice]:
    """What the division decided about rules, by rule, as it stands."""
    return {one.rule: one for one in RuleChoice.objects.filter(until=None)}


def tuned(flags: Iterable[Flag], chosen: Mapping[str, RuleChoice]) -> list[tuple[Flag, str]]:
    """Flags with their severity as the division has it; those of silenced rules are left out."""
    out = []
    for flag in flags:
        choice = chosen.get(flag.rule)
        if choice is not None and choice.silenced:
            continue
        out.append((flag, choice.severity if choice is not None and choice.severity else flag.severity))
    return out


class _Cited:
    """Clauses as citations of the edition in force, each list asked for once in a scan."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], list[str]] = {}

    def of(self, clauses: Iterable[str]) -> list[str]:
        numbers = tuple(clauses)
        if numbers not in self._known:
            self._known[numbers] = cite(numbers)
        return list(self._known[numbers])


def _row(subject: Subject, flag: Flag, severity: str, now: datetime, cited: _Cited) -> Finding:
    version = subject.version
    return Finding(
        rule=flag.rule, subject=subject.key, fingerprint=flag.fingerprint, account=subject.account,
        post_id=version.post_id if version else None, seen_in=version, start=flag.start, end=flag.end,
        clauses=cited.of(flag.clauses), facts=dict(flag.facts), severity=severity, rank=RANKS[severity],
        suggests=flag.suggests, found_at=now, moved_at=now,
    )  # fmt: skip


@transaction.atomic
def reconcile(found: Sequence[tuple[Subject, Sequence[Flag]]], *, only: str = "") -> Tally:
    """Bring the findings of any number of subjects in line with what the rules say of them now.

    A flag whose evidence stands already (open, dismissed, in work) opens nothing; its place is brought up to date. A
    live finding whose flag is gone is settled by the clock. `only` limits this to rules whose name begins so (a scan
    of accounts must not settle what another scan found). Queries grow with the batch's changes, not with its size.
    """
    hold_the_pen()
    now, tally, chosen, cited = clock.now(), Tally(), choices(), _Cited()
    standing: dict[str, dict[tuple[str, str], Finding]] = {subject.key: {} for subject, _flags in found}
    for one in Finding.objects.filter(subject__in=list(standing), state__in=HOLDING).select_related("account__unit"):
        standing[one.subject][one.rule, one.fingerprint] = one
    fresh, moved = [], []
    for subject, flags in found:
        here = standing[subject.key]
        wanted = {(flag.rule, flag.fingerprint): (flag, severity) for flag, severity in tuned(flags, chosen)}
        for mark, (flag, severity) in wanted.items():
            known = here.get(mark)
            if known is None:
                fresh.append(_row(subject, flag, severity, now, cited))
            elif _outdated(known, subject, flag, severity):
                moved.append(known)
        for mark, known in here.items():
            if mark not in wanted and known.state in LIVE_FINDINGS and known.rule.startswith(only):
                _vanish(known)
                tally.vanished += 1
    Finding.objects.bulk_update(moved, ["start", "end", "seen_in", "severity", "rank", "facts"], batch_size=500)
    # Another scan may have opened the same one a moment ago: the database keeps one of the two.
    Finding.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    if fresh:
        marks = {(one.rule, one.subject, one.fingerprint) for one in fresh}
        made = Finding.objects.filter(found_at=now, subject__in={one.subject for one in fresh})
        tally.opened = [one for one in made.select_related("account") if (one.rule, one.subject, one.fingerprint) in marks]
    record_many(None, "finding:open", (
        Line(one, one.account.name, citations=tuple(one.clauses),
             after={"rule": one.rule, "account": one.account.public_id, "severity": one.severity})
        for one in tally.opened
    ), role="clock")  # fmt: skip
    return tally


def _outdated(known: Finding, subject: Subject, flag: Flag, severity: str) -> bool:
    """Bring a standing finding's place and facts up to date; says whether anything changed."""
    seen = subject.version.pk if subject.version else None
    wanted: dict[str, Any] = {"start": flag.start, "end": flag.end, "seen_in_id": seen, "facts": dict(flag.facts)}
    if known.state == FindingState.OPEN:
        wanted |= {"severity": severity, "rank": RANKS[severity]}
    changed = {name: value for name, value in wanted.items() if getattr(known, name) != value}
    for name, value in changed.items():
        setattr(known, name, value)
    return bool(changed)


def _vanish(one: Finding) -> None:
    now = clock.now()
    moved = Finding.objects.filter(pk=one.pk, state=one.state, version=one.version).update(
        state=FindingState.RESOLVED, version=one.version + 1, moved_at=now, looked_at_by=None, looked_at_since=None
    )
    if moved:  # else a person decided a moment ago: theirs counts
        record(None, "finding:vanish", one, label=one.account.name, citations=one.clauses, role="clock",
               before={"state": one.state}, after={"rule": one.rule, "account": one.account.public_id})  # fmt: skip


def check_texts(versions: Sequence[PostVersion]) -> Tally:
    """Check the newest texts of posts by every rule in use, and bring their findings in line."""
    ready = engine()
    by_posting: dict[Posting, list[PostVersion]] = {}
    for one in versions:
        by_posting.setdefault(posting_for(one.post.account), []).append(one)
    found = []
    for posting, group in by_posting.items():
        for one, hits in zip(group, ready.check_many((v.text for v in group), posting), strict=True):
            found.append((Subject(one.post.account, one), of_text(one.text, hits)))
    return reconcile(found)


@transaction.atomic
def capture(account: Account, *, by: Person, **given: Any) -> tuple[PostVersion, Tally]:
    """Keep a post of a registered account and check it at once, in one transaction. See archive.actions.capture."""
    version = archive.capture(account, by=by, **given)
    version.post.account = account
    return version, check_texts([version])


@transaction.atomic
def gone(post: Post, *, by: Person, reason: str = "") -> Tally:
    """Note that a post is gone from the platform; what a rule found in it is settled thereby."""
    archive.note_gone(post, by=by, reason=reason)
    version = post.versions.order_by("-number").first()
    return reconcile([(Subject(post.account, version), [])]) if version else Tally()


@transaction.atomic
def retired_ones() -> int:
    """Settle what rules found on accounts that are retired now: there is nobody to act. Returns how many."""
    hold_the_pen()
    over = Finding.objects.filter(post=None, state__in=LIVE_FINDINGS).exclude(account__state__in=LIVE)
    found = list(over.select_related("account")[:5000])
    for one in found:
        _vanish(one)
    return len(found)
