"""Checking everything that is kept again: asked for by an act, done by a job in batches, with its progress."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from rostrum.archive.queries import count_there, newest_texts
from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import NotAllowed
from rostrum.jobs.actions import enqueue
from rostrum.monitoring.models import CheckRound
from rostrum.monitoring.scanning import check_texts
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite

BATCH = 1000


@transaction.atomic
def ask_again(*, by: Person | None, why: str) -> CheckRound:
    """Have the newest text of every post checked again. One round runs at a time: a second asking joins it.

    `by` is None where a change of rules asks (its own act is in the log already). Raises NotAllowed.
    """
    if by is not None and not may(by, "rule:tune"):
        raise NotAllowed(_("Only those who keep the rules can have everything checked again."))
    hold_the_pen()
    running = CheckRound.objects.filter(finished_at=None, last_post=0).first()
    if running is not None:
        return running
    # One that is under way saw the old rules: it is ended where it stands, and the new one starts from the first post.
    CheckRound.objects.filter(finished_at=None).update(finished_at=clock.now())
    made = CheckRound.objects.create(why=why[:200], asked_by=by, asked_at=clock.now(), total=count_there())
    if by is not None:
        record(by, "checkround:ask", made, label=why, citations=cite(["1.10"]))
    enqueue("monitoring.check_again", key=f"round:{made.pk}:0", round=made.pk)
    return made


@transaction.atomic
def go_on(number: int) -> bool:
    """Check the next batch of a round; says whether there is more. Safe to run twice: a batch belongs to one runner."""
    one = CheckRound.objects.select_for_update(of=("self",)).filter(pk=number, finished_at=None).first()
    if one is None:
        return False
    batch = newest_texts(one.last_post, BATCH)
    if not batch:
        CheckRound.objects.filter(pk=number).update(finished_at=clock.now(), done=one.total)
        return False
    tally = check_texts(batch)
    done = min(one.done + len(batch), max(one.total, one.done + len(batch)))
    CheckRound.objects.filter(pk=number).update(
        last_post=batch[-1].post_id, done=done, total=max(one.total, done), opened=one.opened + len(tally.opened),
        vanished=one.vanished + tally.vanished,
    )  # fmt: skip
    return True
