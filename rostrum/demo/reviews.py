"""Reviews by Communications: a drawn sample with what was found and put right, two reviewers of one account, one under way."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import transaction

from rostrum.core import clock
from rostrum.core.evidence import keep_file
from rostrum.demo.changes import spoken_for
from rostrum.demo.days import Calendar
from rostrum.demo.play import Cast
from rostrum.people.models import Person, Unit
from rostrum.policies.actions import set_setting
from rostrum.policies.queries import text
from rostrum.registry.verifying import verify
from rostrum.reviews import drawing, planning, reviewing, settling
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review, ReviewSample
from rostrum.reviews.queries import answerers, findings_of, judges_of, open_review, reviews
from rostrum.reviews.reviewers import Reviewers
from rostrum.reviews.reviewing import Said

DRAWN, WANTED = 36, 8  # working days back, accounts
TRIES = 400  # draws until one crosses no other story: about one in six does not
CHOSEN = (
    ("finding_days.minor", 15, "Three weeks of school are enough to change a profile."),
    ("finding_days.serious", 5, "What may mislead a family is put right within a week."),
    ("review_done_days", 20, "A review that waits longer than a month says little."),
    ("review_second_share", 15, "Now and then two people look, so that we know how far we agree."),
)
ASKED = (
    "https://www.facebook.com/QueenElizabethLloyd",
    "https://www.instagram.com/lloydcomprehensive/",
    "https://x.com/ESLairdSchool",
)
# What was seen, by question: words, and a day beside the division's own where one was given (days from the review).
Seen = Mapping[str, tuple[str, int]]
GOOD: Seen = {}
NAME: Seen = {"name": ("The display name is a nickname. A new family would not know which school it is.", 0)}
CONTACT: Seen = {"contact": ("The contact button opens a private mailbox.", 0)}
TWO: Seen = {
    "notice": ("The profile does not lead to our directory.", 0),
    "comments": ("Two questions about the bus have stood without an answer for a month.", 42),
}
BANNER: Seen = {"avatar": ("The banner shows a class from close by. Each face can be recognized.", 42)}


def _period(on: date) -> tuple[date, date]:
    """The four months that begin with a day's month."""
    month = on.month + 3
    ends = date(on.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return on.replace(day=1), ends


def _said(review: Review, seen: Seen) -> dict[str, Said]:
    """An answer to every question: in order, but for what was seen."""
    said = {}
    for one in reviewing.items_of(review).items.questions:
        if one.key not in seen:
            said[one.key] = Said(answer="in_order")
            continue
        words, days = seen[one.key]
        said[one.key] = Said(
            answer="not_in_order", found=words, fix=text(one.fix) if one.fix else "Put it right.",
            severity=one.severity or "minor", due_on=clock.today() + timedelta(days=days) if days else None,
        )  # fmt: skip
    return said


def _reviewer(review: Review) -> Person:
    if review.reviewer is None:
        raise LookupError(f"Nobody reviews {review}.")
    return review.reviewer


def _whole(review: Review, seen: Seen, summary: str = "", picture: str = "") -> Review:
    """A review from its start to its end, by whoever was asked; with a picture beside one question where one was taken."""
    by = _reviewer(review)
    reviewing.start(review, by=by)
    reviewing.keep_answers(review, _said(review, seen), by=by)
    if picture:
        reviewing.attach(review, keep_file(banner()), question=picture, caption="The banner, as it is today.", by=by)
    return reviewing.finish(review, by=by, summary=summary)


def banner() -> io.BytesIO:
    """A picture that shows nobody: sky, a school roof, grass. As it would come from a screenshot."""
    wide, high = 320, 120
    rows = b"".join(
        b"\x00" + b"".join(
            b"\x7a\x4b\x2c" if 40 < y < 90 and 90 < x < 230 else b"\xa9\xcf\xe8" if y < 80 else b"\x6f\x9e\x58"
            for x in range(wide)
        )
        for y in range(high)
    )  # fmt: skip

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    file = io.BytesIO(data)
    file.size = len(data)  # type: ignore[attr-defined]  # as an upload says how large it is
    return file


def _found(review: Review) -> list[ReviewFinding]:
    return [one for one in findings_of(review.account) if one.review_id == review.pk]


def _manager(it: ReviewFinding) -> Person:
    return answerers(it.account)[0]


def _of(sample: ReviewSample) -> list[Review]:
    """The sample's first reviews, those first that two people of Communications may do."""
    rows = list(reviews().filter(sample=sample, first=None))
    crew = Reviewers([one.account for one in rows])
    usual = {one.pk for one in crew.communications}
    return sorted(rows, key=lambda one: (len(crew.conflicts.apart(one.account) & usual), one.pk))


class _Crossed(Exception):
    """The draw met an account that another story tells of."""


def _drawn(scope: Unit, starts: date, ends: date, by: Person) -> ReviewSample:
    """A draw that crosses no other story. Chance is real here too, so it is drawn until one fits; only that one stays."""
    elsewhere = spoken_for()
    for _try in range(TRIES):
        with suppress(_Crossed), transaction.atomic():
            sample = drawing.draw(
                scope, starts_on=starts, ends_on=ends, by=by, wanted=WANTED, note="The sample of the first term."
            )
            if elsewhere & set(reviews().filter(sample=sample).values_list("account", flat=True)):
                raise _Crossed
            return sample
    raise LookupError("No draw fits the other stories.")


def sampled(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """A sample is drawn; of its eight reviews six are done, one is under way and one waits."""
    marc, julie = cast["m.laurent"], cast["j.gagnon"]
    yield calendar.moment(DRAWN + 1, 14, 10)
    for key, value, why in CHOSEN:
        set_setting(key, value, by_name=marc.name, reason=why, by=marc, role="communications")
    yield calendar.moment(DRAWN, 9, 12)
    starts, ends = _period(clock.today())
    sample = _drawn(units["lpsd"], starts, ends, marc)
    both, fixed, wrong, two, good, *rest = _of(sample)
    yield calendar.moment(33, 9, 41)
    if not hasattr(both, "second"):
        planning.ask_second(both, by=julie)
    yield calendar.moment(32, 9, 48)
    _whole(good, GOOD, "Lively and in order. Nothing to add.")
    yield from _two_look(both, calendar)
    yield from _put_right(fixed, calendar)
    yield from _taken_back(wrong, calendar)
    for place, other in enumerate(rest[:-2]):
        yield calendar.moment(21 - place, 10, 25)
        _whole(other, GOOD)
    yield calendar.moment(13, 13, 37)
    _whole(two, TWO, "Well kept, but people ask and nobody answers.")
    it = next(one for one in _found(two) if one.question == "notice")
    yield calendar.moment(11, 8, 20)
    settling.fix(it, by=_manager(it), reason="The line from Rostrum is in the profile now.")
    yield calendar.moment(2, 11, 3)
    yield from _half(rest[-2])


def _two_look(first: Review, calendar: Calendar) -> Iterator[datetime]:
    """Two reviewers, neither of whom sees the other's answers: they agree on all but one question."""
    yield calendar.moment(31, 10, 4)
    _whole(first, NAME, "Only the name.")
    second = reviews().filter(first=first).get()
    yield calendar.moment(30, 13, 20)
    _whole(second, {**NAME, **CONTACT}, "The name, and the contact button.")


def _put_right(review: Review, calendar: Calendar) -> Iterator[datetime]:
    """A banner with faces: put right by the manager, sent back once, confirmed."""
    yield calendar.moment(29, 9, 5)
    _whole(review, BANNER, "The banner has to go. All else is well kept.", picture="avatar")
    it = _found(review)[0]
    yield calendar.moment(28, 15, 30)
    settling.fix(it, by=_manager(it), reason="We have put a drawing of the school there.")
    yield calendar.moment(27, 9, 15)
    settling.send_back(it, by=judges_of(it)[0], reason="The old one still shows on a phone.")
    yield calendar.moment(26, 15, 55)
    settling.fix(it, by=_manager(it), reason="Changed there too. I looked on two phones.")
    yield calendar.moment(25, 9, 10)
    settling.settle(it, by=judges_of(it)[0], reason="Seen. Thank you.")


def _taken_back(review: Review, calendar: Calendar) -> Iterator[datetime]:
    """What was found was agreed with the office long ago: contested with reasons, and taken back."""
    yield calendar.moment(24, 10, 50)
    _whole(review, {"name": ("The name does not say which school it is.", 0)})
    it = _found(review)[0]
    yield calendar.moment(23, 12, 15)
    settling.contest(it, by=_manager(it), reason="The office approved this very name with the request.")
    yield calendar.moment(22, 9, 0)
    settling.take_back(it, by=judges_of(it)[0], reason="You are right. The request says so, and so does the clause.")


def _half(review: Review) -> Iterator[datetime]:
    """Begun between two meetings: half of it is answered, one thing was found."""
    by = _reviewer(review)
    reviewing.start(review, by=by)
    said = _said(review, NAME)
    reviewing.keep_answers(review, dict(list(said.items())[:5]), by=by)
    yield from ()


def asked_for(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """A parent asked about pictures: a review beside the sample, of an account that it does not look at now."""
    yield calendar.moment(4, 13, 30)
    for address in ASKED:
        account = verify(address).account
        if account is not None and open_review(account) is None:
            planning.ask(
                account, by=cast["m.laurent"], reason="A parent asks whether the pictures of the fair may stay up.",
                due_on=clock.today() + timedelta(days=14),
            )  # fmt: skip
            return


STORIES = (sampled, asked_for)
