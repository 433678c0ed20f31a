"""Every write of a reviewer: starting, answering question by question, attaching pictures, ending with findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.core.evidence import Kept
from rostrum.keys.plain import plain
from rostrum.people.models import Person
from rostrum.policies.queries import cite, in_force
from rostrum.policies.schema import ReviewQuestion
from rostrum.registry.standing import FARTHEST
from rostrum.reviews import notices as N
from rostrum.reviews.checklist import Checklist, checklist
from rostrum.reviews.conflicts import conflict, conflict_words
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review, ReviewAnswer, ReviewEvidence
from rostrum.reviews.planning import check_live
from rostrum.reviews.queries import relations, twin
from rostrum.reviews.states import FINISH, OPEN_FINDINGS, START, Answer, FindingState, Outcome, ReviewState
from rostrum.workflow.moves import Move, advance

NOTE, TEXT, CAPTION = 500, 2000, 200
MOST_PICTURES = 40


@dataclass(frozen=True)
class Said:
    """What a reviewer typed for one question, as it came. Of what is not in order, what was seen and what is to be done."""

    answer: str = ""
    note: str = ""
    found: str = ""
    fix: str = ""
    severity: str = ""
    clause: str = ""
    due_on: date | None = None


def items_of(review: Review) -> Checklist:
    """The checklist of a review: of the edition under which it started, else of the one in force."""
    return checklist(review.edition or in_force())


def _check_reviewer(review: Review, by: Person) -> None:
    """Raise NotAllowed for anybody but the reviewer, and for a reviewer who is tied to the account meanwhile."""
    if review.reviewer_id != by.pk:
        name = review.reviewer.name if review.reviewer else "-"
        raise NotAllowed(_("This review is not yours. It is with %(name)s.") % {"name": name})
    if tie := conflict(by, review.account):
        raise NotAllowed(
            conflict_words(tie, by.name) + " " + _("Somebody who is not tied to it reviews it."),
            way_forward=_("Leave the review to somebody else: “I should not do this one”."),
        )


def _check_under_way(review: Review) -> None:
    if review.state != ReviewState.UNDER_WAY:
        raise WrongState(
            _("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
            % {"state": review.get_state_display()}
        )


def _move(review: Review, move: Move, by: Person, seen: int | None, reason: str = "", **fields: Any) -> str:
    name = review.reviewer.name if review.reviewer else "-"
    return advance(
        review, move, by=by, relations=relations(by, review), seen=seen, reason=reason,
        not_you=_("This review is not yours. It is with %(name)s.") % {"name": name},
        fields={"moved_at": clock.now(), **fields}, after={"account": review.account.public_id},
    )  # fmt: skip


@transaction.atomic
def start(review: Review, *, by: Person, seen: int | None = None) -> Review:
    """Start a review: from now on the checklist of the edition in force is the one that is asked.

    Raises NotAllowed (not the reviewer; tied to the account), WrongState (the account is retired).
    """
    hold_the_pen()
    _check_reviewer(review, by)
    review.account.refresh_from_db(fields=["state", "version"])
    if review.state == ReviewState.PLANNED:
        check_live(review.account)
    edition = review.edition or in_force()
    _move(review, START, by, seen, edition=edition, started_at=review.started_at or clock.now())
    return review


@dataclass(frozen=True)
class Progress:
    """What became of answers that were sent: how many questions are answered now, and what could not be kept, by field."""

    answered: int
    of: int
    problems: dict[str, list[str]]


@transaction.atomic
def keep_answers(review: Review, answers: Mapping[str, Said], *, by: Person) -> Progress:
    """Keep what was typed so far, question by question.

    A half-answered question is kept too: what is missing is asked for at the end. What cannot be kept (something like a
    password, an answer that is not offered) is named by its field (`found-name`), and all else is kept. Raises
    NotAllowed, WrongState (not under way any more).
    """
    locked = Review.objects.select_for_update().get(pk=review.pk)
    _check_reviewer(locked, by)
    _check_under_way(locked)
    items, now = items_of(review), clock.now()
    problems: dict[str, list[str]] = {}
    for key, said in answers.items():
        question = items.items.question(key)
        if question is None:
            continue
        columns, wrong = _columns(items, question, said)
        problems.update(wrong)
        if not wrong:
            ReviewAnswer.objects.update_or_create(review=locked, question=key, defaults={**columns, "saved_at": now})
    return Progress(answered(review), len(items.items.questions), problems)


def answered(review: Review) -> int:
    """How many questions of a review have an answer."""
    return ReviewAnswer.objects.filter(review=review).exclude(answer="").count()


def _columns(items: Checklist, question: ReviewQuestion, said: Said) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What is kept of one question, and what of it cannot be kept, by field."""
    problems: dict[str, list[str]] = {}

    def text(value: str, name: str, limit: int) -> str:
        try:
            return plain(value, f"{name}-{question.key}", limit)
        except Invalid as refusal:
            problems.update(refusal.fields)
            return ""

    if said.answer and said.answer not in question.answers:
        problems[f"answer-{question.key}"] = [_("Choose one of the answers.")]
    if said.severity and items.items.severity(said.severity) is None:
        problems[f"severity-{question.key}"] = [_("Choose how grave it is.")]
    known = {number for number, _title in items.clauses()}
    clause = said.clause or question.clause
    if clause not in known:
        problems[f"clause-{question.key}"] = [_("Choose a clause of the procedure.")]
    if said.due_on is not None and said.due_on > clock.today() + FARTHEST:
        problems[f"due_on-{question.key}"] = [_("This day is more than ten years away. Choose one that is nearer.")]
    columns = {
        "answer": said.answer, "note": text(said.note, "note", NOTE), "found": text(said.found, "found", TEXT),
        "fix": text(said.fix, "fix", TEXT), "severity": said.severity, "clause": clause, "due_on": said.due_on,
    }  # fmt: skip
    return columns, problems


@transaction.atomic
def attach(review: Review, kept: Kept, *, question: str, caption: str, by: Person) -> ReviewEvidence:
    """Attach a picture, which was stored already, to a question of a review under way. The same one twice is one.

    Raises NotAllowed, WrongState, Invalid (no such question, too many pictures, a caption that cannot be kept).
    """
    hold_the_pen()
    review.refresh_from_db(fields=["state", "version", "reviewer"])
    _check_reviewer(review, by)
    _check_under_way(review)
    if items_of(review).items.question(question) is None:
        raise Invalid(_("Choose the question that the picture belongs to."), fields={"question": [
            _("Choose the question that the picture belongs to.")]})  # fmt: skip
    said = plain(caption, "caption", CAPTION)
    here = ReviewEvidence.objects.filter(review=review, withdrawn_at=None)
    known = here.filter(question=question, sha256=kept.sha256).first()
    if known is not None:
        return known
    if here.count() >= MOST_PICTURES:
        message = _("A review holds at most %(most)d pictures. Take one out first.") % {"most": MOST_PICTURES}
        raise Invalid(message, fields={"picture": [message]})
    made = ReviewEvidence.objects.create(
        review=review, question=question, sha256=kept.sha256, kind=kept.kind, size=kept.size, width=kept.width,
        height=kept.height, received=kept.received, caption=said, added_by=by, added_at=clock.now(),
    )  # fmt: skip
    record(by, "reviewevidence:attach", made, citations=cite(["1.5", "1.10"]),
           after={"review": review.ref, "sha256": kept.sha256, "received": kept.received})  # fmt: skip
    return made


@transaction.atomic
def withdraw_picture(it: ReviewEvidence, *, by: Person) -> ReviewEvidence:
    """Take a picture out of a review under way: nobody sees it any more, and its hash stays on record."""
    hold_the_pen()
    _check_reviewer(it.review, by)
    _check_under_way(it.review)
    done = ReviewEvidence.objects.filter(pk=it.pk, withdrawn_at=None).update(withdrawn_at=clock.now(), withdrawn_by=by)
    if done:
        record(by, "reviewevidence:withdraw", it, citations=cite(["1.5", "1.10"]),
               after={"review": it.review.ref, "sha256": it.sha256})  # fmt: skip
    it.refresh_from_db()
    return it


def missing(review: Review, items: Checklist | None = None) -> dict[str, list[str]]:
    """What is still missing before a review can end, by field; empty when nothing is."""
    items = items or items_of(review)
    given = {one.question: one for one in review.answers.all()}
    problems: dict[str, list[str]] = {}
    for question in items.items.questions:
        one = given.get(question.key)
        if one is None or not one.answer:
            problems[f"answer-{question.key}"] = [_("Answer this question, also when you could not see it.")]
            continue
        if one.answer != Answer.NOT_IN_ORDER:
            continue
        if not one.found:
            problems[f"found-{question.key}"] = [_("Say what you saw, so that the managers find it.")]
        if not one.fix:
            problems[f"fix-{question.key}"] = [_("Say what is to be done.")]
        if not one.severity:
            problems[f"severity-{question.key}"] = [_("Choose how grave it is.")]
        if one.due_on is not None and one.due_on < clock.today():
            problems[f"due_on-{question.key}"] = [_("This day has passed. Choose one that is still to come.")]
    return problems


@transaction.atomic
def finish(review: Review, *, by: Person, summary: str = "", seen: int | None = None) -> Review:
    """End a review: what is not in order becomes findings, each with its clause, severity and day, and people are told.

    The account stays as it is: only a person changes its standing. What the other reviewer of a pair has found already
    is noted as found by both, and nobody is told of it twice. Raises Invalid by field for what is missing, NotAllowed,
    WrongState, Overtaken.
    """
    hold_the_pen()
    _check_reviewer(review, by)
    items = items_of(review)
    said = plain(summary, "summary", TEXT)
    if review.state == ReviewState.UNDER_WAY:
        problems = missing(review, items)
        if problems:
            count = len({name.partition("-")[2] for name in problems})
            message = ngettext("One question is not finished.", "%(count)d questions are not finished.", count) % {
                "count": count
            }
            raise Invalid(message, fields=problems)
    bad = list(review.answers.filter(answer=Answer.NOT_IN_ORDER).order_by("pk"))
    now = clock.now()
    outcome = Outcome.FINDINGS if bad else Outcome.IN_ORDER
    _move(review, FINISH, by, seen, finished_at=now, outcome=outcome, summary=said)
    told = _raise_findings(review, bad, items, by)
    N.finished(review, told, items)
    return review


def _raise_findings(review: Review, bad: list[ReviewAnswer], items: Checklist, by: Person) -> list[ReviewFinding]:
    """The findings of a review; says which of them are news to the managers."""
    other, now, today = twin(review), clock.now(), clock.today()
    known: dict[str, ReviewFinding] = {}
    if other is not None:
        known = {one.question: one for one in ReviewFinding.objects.filter(review=other, state__in=OPEN_FINDINGS)}
    days = items.due_days(today)
    order = {one.key: at for at, one in enumerate(items.items.questions)}
    citation = f"{items.edition.procedure.key}@{items.edition.label}"
    told = []
    for n, one in enumerate(sorted(bad, key=lambda a: order.get(a.question, 99)), start=1):
        same = known.get(one.question)
        made = ReviewFinding.objects.create(
            ref=f"{review.ref}-{n}", review=review, account=review.account, question=one.question,
            citation=f"{citation}#{one.clause}", severity=one.severity, found=one.found, fix=one.fix,
            due_on=None if same else one.due_on or days.get(one.severity),
            state=FindingState.SAME if same else FindingState.OPEN, same_as=same, raised_by=by, raised_at=now, moved_at=now,
        )  # fmt: skip
        if same is None:
            record(
                by, "reviewfinding:raise", made, citations=[made.citation],
                after={"account": review.account.public_id, "severity": one.severity,
                       "due_on": made.due_on.isoformat() if made.due_on else ""},
            )  # fmt: skip
            told.append(made)
    return told
