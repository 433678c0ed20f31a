"""Every message about reviews: asked of a reviewer, what was found, answers, fixes, what is late. Never a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from rostrum.keys.notices import keepers_of_the_register
from rostrum.keys.queries import Leads, managers_of
from rostrum.notices.actions import owe
from rostrum.notices.kinds import NoticeKind, notice_kind
from rostrum.people.models import Person
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import worded_lazy
from rostrum.registry.models import Account
from rostrum.reviews.checklist import Checklist
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review
from rostrum.reviews.queries import answerers, judges_of
from rostrum.reviews.states import Outcome
from rostrum.schoolyear.words import long_day

_WHY_REVIEWER = _("You get this letter because you are asked to review this account.")
_WHY_MANAGER = _("You get this letter because you look after this account or answer for it.")
_WHY_LEADS = _("You get this letter because you lead the school of this account.")
_WHY_JUDGE = _("You get this letter because you reviewed this account or keep the register.")
_WHY_KEEPER = _("You get this letter because you keep the register.")


_SEE, _SEE_FINDING = _("See the review"), _("See what was found")

ASSIGNED = notice_kind(
    "reviews.assigned", _("Review: %(what)s"), _("You are asked to review this account: %(kind)s."), _WHY_REVIEWER,
    _("It takes a few minutes. If something ties you to the account, say so there, and somebody else does it."),
    _SEE, "web:review", asks=True,
)  # fmt: skip
NOBODY = notice_kind(
    "reviews.nobody", _("Nobody can review %(what)s yet"),
    _("Everybody who could review this account is tied to it."), _WHY_KEEPER,
    _("Name somebody who is not. Anyone may be asked for this one review."), _SEE, "web:review", asks=True,
)  # fmt: skip
REVIEWER_REMINDED = notice_kind(
    "reviews.reminder", _("Still to review: %(what)s"), _("Your review of this account is waiting."), _WHY_REVIEWER,
    _("Do it, or leave it to somebody else with a word why."), _SEE, "web:review", asks=True,
)  # fmt: skip
IN_ORDER = notice_kind(
    "reviews.in_order", _("Reviewed, in order: %(what)s"), _("%(who)s reviewed this account and found it in order."),
    _WHY_MANAGER, _("There is nothing to do."), _SEE, "web:review",
)  # fmt: skip
FOUND = notice_kind(
    "reviews.found", _("To be put right: %(what)s"), _("%(who)s reviewed this account and found something."),
    _WHY_MANAGER, _("Put each of these right and say so there, or say why you do not agree."), _SEE, "web:review",
    asks=True,
)  # fmt: skip
FOUND_TOLD = notice_kind(
    "reviews.found_told", _("Found in a review: %(what)s"), _("%(who)s reviewed this account and found something."),
    _WHY_LEADS, _("Those who look after it have been asked to put it right."), _SEE, "web:review",
)  # fmt: skip
ANSWERED = notice_kind(
    "reviews.answered", _("Said to be put right: %(ref)s, %(what)s"), _("%(who)s says that this is put right."),
    _WHY_JUDGE, _("Look at it, then confirm it or say what is missing."), _SEE_FINDING, "web:review_finding", asks=True,
)  # fmt: skip
CONTESTED = notice_kind(
    "reviews.contested", _("Contested: %(ref)s, %(what)s"), _("%(who)s does not agree with what was found."),
    _WHY_JUDGE, _("Read the reasons. Take the finding back, or say why it stands."), _SEE_FINDING, "web:review_finding",
    asks=True,
)  # fmt: skip
SETTLED = notice_kind(
    "reviews.settled", _("Closed: %(ref)s, %(what)s"), _("%(who)s confirmed that this is put right."), _WHY_MANAGER,
    _("There is nothing left to do about it."), _SEE_FINDING, "web:review_finding",
)  # fmt: skip
SENT_BACK = notice_kind(
    "reviews.sent_back", _("Something is missing: %(ref)s, %(what)s"), _("%(who)s looked, and something is missing."),
    _WHY_MANAGER, _("Put it right and say so there."), _SEE_FINDING, "web:review_finding", asks=True,
)  # fmt: skip
UPHELD = notice_kind(
    "reviews.upheld", _("It stands: %(ref)s, %(what)s"), _("%(who)s read your reasons, and the finding stands."),
    _WHY_MANAGER, _("Put it right and say so there."), _SEE_FINDING, "web:review_finding", asks=True,
)  # fmt: skip
TAKEN_BACK = notice_kind(
    "reviews.taken_back", _("Taken back: %(ref)s, %(what)s"), _("%(who)s took this finding back."), _WHY_MANAGER,
    _("There is nothing to do about it."), _SEE_FINDING, "web:review_finding",
)  # fmt: skip
EXTENDED = notice_kind(
    "reviews.extended", _("Another day: %(ref)s, %(what)s"), _("%(who)s gave this finding another day."), _WHY_MANAGER,
    _("Put it right and say so there."), _SEE_FINDING, "web:review_finding",
)  # fmt: skip
FINDING_REMINDED = notice_kind(
    "reviews.finding_reminder", _("Still to be put right: %(ref)s, %(what)s"),
    _("A review found this, and nobody has answered it yet."), _WHY_MANAGER,
    _("Put it right and say so there, or say why you do not agree."), _SEE_FINDING, "web:review_finding", asks=True,
)  # fmt: skip
LATE = notice_kind(
    "reviews.late", _("Late: %(ref)s, %(what)s"), _("Nobody has answered this finding, and its day has passed."),
    _WHY_LEADS, _("Speak with those who look after the account, or answer for the school."), _SEE_FINDING,
    "web:review_finding", asks=True,
)  # fmt: skip
LATE_KEEPER = notice_kind(
    "reviews.late_keeper", _("Late for more than one reminder: %(ref)s, %(what)s"),
    worded_lazy(_("Nobody has answered this finding, though its managers and {principal} have been told.")), _WHY_KEEPER,
    _("Speak with the school. You can give it another day, or put the account under review."), _SEE_FINDING,
    "web:review_finding", asks=True,
)  # fmt: skip
JUDGE_REMINDED = notice_kind(
    "reviews.judge_reminder", _("Waiting for you: %(ref)s, %(what)s"), _("This was answered and waits for your word."),
    _WHY_JUDGE, _("Confirm it, say what is missing, or take it back."), _SEE_FINDING, "web:review_finding", asks=True,
)  # fmt: skip
DROPPED = notice_kind(
    "reviews.dropped", _("Called off: the review of %(what)s"), _("%(who)s called this review off."), _WHY_REVIEWER,
    _("You need not do it any more."), _SEE, "web:review",
)  # fmt: skip
SAMPLE_DUE = notice_kind(
    "reviews.sample_due", _("A sample of accounts is to be drawn"),
    _("The division draws a sample for review in every period, and that of this period is not drawn."), _WHY_KEEPER,
    _("Draw it on one page. The reviews are shared out by themselves."), _("Draw the sample"), "web:review_sample_new_for",
    asks=True,
)  # fmt: skip


def both(words: Callable[[], Any]) -> dict[str, str]:
    """Words in both languages, for a notice that is read later in the reader's own."""
    found = {}
    for short, code in (("en", "en-ca"), ("fr", "fr-ca")):
        with translation.override(code):
            found[short] = str(words())
    return found


def _day(on: date) -> dict[str, str]:
    return both(lambda: long_day(on))


def send(
    people: Iterable[Person], kind: NoticeKind, about: models.Model, ref: str, said: dict[str, Any], but: Person | None
) -> list[Person]:
    """Owe one notice to each of some people, once, but not to whoever acted; says to whom."""
    told, out = ({but.pk} if but is not None else set()), []
    for one in people:
        if one.pk not in told and one.is_active:
            told.add(one.pk)
            owe(kind, to=one, about=about, ref=ref, context=said)
            out.append(one)
    return out


def _said(account: Account, who: Person | None, comment: str, clauses: list[str], **more: Any) -> dict[str, Any]:
    return {
        "what": account.name, "who": who.name if who else "Rostrum", "comment": comment, "facts": [],
        "clauses": clauses, **more,
    }  # fmt: skip


def said_of_review(review: Review, who: Person | None, comment: str = "") -> dict[str, Any]:
    """The words of a notice about a review: the account, why it is reviewed, by when."""
    kind = review.get_kind_display
    said = _said(review.account, who, comment, cite(["1.5", "1.10"]), kind=both(kind))
    if review.due_on is not None:
        said["due"] = _day(review.due_on)
    return said


def assigned(review: Review, by: Person | None) -> None:
    """Ask the reviewer; where nobody is left, Communications and the Director are asked to name somebody."""
    said = said_of_review(review, by, review.reason)
    if review.reviewer is not None:
        send([review.reviewer], ASSIGNED, review, review.ref or "", said, by)
    else:
        crew = judges_of_nobody(review)
        send(crew, NOBODY, review, review.ref or "", said, None)


def judges_of_nobody(review: Review) -> list[Person]:
    """Who is asked to name a reviewer where nobody is left: Communications, else the Director."""
    return keepers_of_the_register() or list(Leads([review.unit]).of(review.unit).people)


def finished(review: Review, told: list[ReviewFinding], items: Checklist) -> None:
    """Tell the managers and whoever leads the school how a review ended, each finding with its clause and day.

    A second reviewer's review that found nothing new tells nobody: it measures, and the first one has told them.
    """
    leads = list(Leads([review.unit]).of(review.unit).people)
    ref = review.ref or ""
    if not told:
        if review.first_id is None and review.outcome == Outcome.IN_ORDER:
            said = said_of_review(review, review.reviewer, review.summary)
            said.pop("due", None)
            send([*managers_of(review.account), *leads], IN_ORDER, review, ref, said, review.reviewer)
        return
    facts = [_finding_fact(one, items) for one in told]
    clauses = list(dict.fromkeys(one.citation for one in told))
    said = _said(review.account, review.reviewer, review.summary, clauses, facts=facts)
    days = [one.due_on for one in told if one.due_on is not None]
    if days:
        said["due"] = _day(min(days))
    asked = send(answerers(review.account), FOUND, review, ref, said, review.reviewer)
    knows = {one.pk for one in asked}
    send([one for one in leads if one.pk not in knows], FOUND_TOLD, review, ref, said, review.reviewer)


def _finding_fact(one: ReviewFinding, items: Checklist) -> list[dict[str, str]]:
    """One finding as a fact of a letter: which and how grave; what was found, what is to be done, by when."""

    def line() -> str:
        by = f" ({long_day(one.due_on)})" if one.due_on else ""
        return f"{one.found} → {one.fix}{by}"

    return [both(lambda: f"{one.ref} ({items.severity_words(one.severity)})"), both(line)]


def said_of_finding(it: ReviewFinding, who: Person | None, comment: str) -> dict[str, Any]:
    """The words of a notice about a finding: what it is, its clause, by when."""
    facts = [[both(lambda: _("What was found")), it.found], [both(lambda: _("What is to be done")), it.fix]]
    said = _said(it.account, who, comment, [it.citation], facts=facts, ref=it.ref)
    if it.due_on is not None and it.is_open:
        said["due"] = _day(it.due_on)
    return said


def to_judges(it: ReviewFinding, kind: NoticeKind, by: Person | None, comment: str) -> list[Person]:
    """Tell whoever judges that a finding was answered."""
    return send(judges_of(it), kind, it, it.ref, said_of_finding(it, by, comment), by)


def to_managers(it: ReviewFinding, kind: NoticeKind, by: Person | None, comment: str) -> None:
    """Tell those who look after the account, whoever answered, and whoever leads the school what became of a finding."""
    leads = Leads([it.unit]).of(it.unit).people
    people = [*([it.answered_by] if it.answered_by else []), *managers_of(it.account), *leads]
    send(people, kind, it, it.ref, said_of_finding(it, by, comment), by)


def sample_due(people: Iterable[Person], about: models.Model, starts_on: date) -> None:
    """Remind Communications that the sample of a period is not drawn; the link opens the page on which it is drawn."""
    said = {"what": "", "who": "Rostrum", "comment": "", "facts": [], "clauses": cite(["1.10"])}
    send(people, SAMPLE_DUE, about, starts_on.isoformat(), said, None)
