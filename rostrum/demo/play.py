"""Living through a story: each step is an act of the person whose turn it is, at its own moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from rostrum.demo.days import Steps
from rostrum.demo.story import Story, form_193_1, registration_form
from rostrum.jobs.actions import tick
from rostrum.people.models import Person
from rostrum.registry import actions, registering
from rostrum.registry.models import Account, AccountRequest, Registration
from rostrum.registry.queries import registration_of, status_of, waiting_for
from rostrum.registry.standing import change_standing
from rostrum.registry.states import RequestState

Cast = dict[str, Person]

# What busy people write when they say yes; often nothing.
ENDORSED = (
    "", "Wanted, and the name fits.", "Good plan. Two people look after it.", "",
    "Yes. I have seen the first posts planned.", "Name says which school it is. Thank you.", "",
)  # fmt: skip
APPROVED = (
    "", "Approved. Register it as soon as it exists.", "", "Name and mailbox are in order.",
    "Go ahead. Keep comments moderated for the first term.", "",
)  # fmt: skip
CONFIRMED = (
    "", "Checked the address and the mailbox.", "", "Listed. Put the directory link into the profile.", "",
)  # fmt: skip


def _in_turn(request: AccountRequest, steps: Steps) -> Person:
    """One of those whose turn it is today."""
    turn = status_of(request).turn
    if turn is None or not turn.people:
        raise LookupError(f"Nobody can decide on {request}.")
    wanted = steps.one_of(tuple(sorted(person.email for person in turn.people)))
    return next(person for person in turn.people if person.email == wanted)


def _accept(request: AccountRequest, person: Person) -> None:
    """A named manager says yes, if there is still something to answer."""
    for waiting in waiting_for(person):
        if waiting.act == "accept" and waiting.request.pk == request.pk and waiting.designation:
            registering.answer_designation(waiting.designation, by=person, accept=True)


def live(story: Story, kind: str, cast: Cast, steps: Steps, entry: int) -> Iterator[datetime]:
    """The story, act by act. Yields each moment before the act that happens then."""
    said, who = story.said, cast[story.who]
    yield steps.next()
    request = actions.draft(who, form_193_1(story, kind))
    if story.end == "draft":
        return
    yield steps.next(steps.some(0, 1) if story.start > 12 else 0)
    actions.submit(request, by=who)
    if story.end == "submitted":
        return
    if story.end == "withdrawn":
        yield steps.next(steps.some(1, 3))
        actions.withdraw(request, by=who, reason=said.get("withdraw", ""))
        return
    yield steps.next(steps.some(1, 4) if story.start > 12 else 1)
    endorser = _in_turn(request, steps)
    if "return" in said:
        actions.return_to_requester(request, by=endorser, reason=said["return"])
        return
    if "decline" in said:
        actions.decline(request, by=endorser, reason=said["decline"])
        return
    comment = said.get("endorse", steps.one_of(ENDORSED))
    actions.endorse(request, by=endorser, reason=comment)
    if story.end == "endorsed":
        return
    yield steps.next(steps.some(1, 4))
    approver = _in_turn(request, steps)
    if "return_approve" in said:
        actions.return_to_requester(request, by=approver, reason=said["return_approve"])
        return
    if "decline_approve" in said:
        actions.decline(request, by=approver, reason=said["decline_approve"])
        return
    comment = said.get("approve", steps.one_of(APPROVED))
    actions.approve(request, by=approver, reason=comment)
    if story.end == "approved":
        return
    if story.end == "lapsed":
        yield from _lapse(request, steps)
        return
    yield from _register(story, request, cast, steps, entry)


def _lapse(request: AccountRequest, steps: Steps) -> Iterator[datetime]:
    """Nobody registers it; the night after the division's own period, the clock ends the approval.

    The period ends on a school day: after the holidays, where it would have ended in them.
    """
    night = (request.approved_at or request.moved_at) + timedelta(days=60, minutes=10)
    while request.state != RequestState.LAPSED:
        night += timedelta(days=1)
        yield night
        tick("registry.lapse")
        request.refresh_from_db()


def _register(
    story: Story, request: AccountRequest, cast: Cast, steps: Steps, entry: int
) -> Iterator[datetime]:
    """The Registration Form: filled in, sent, accepted by the second manager, confirmed."""
    said, who = story.said, cast[story.who]
    yield steps.next(steps.some(1, 5) if story.start > 30 else steps.some(1, 2))
    registration = registration_of(request)
    if registration is None:
        raise LookupError(f"{request} has no Registration Form.")
    registering.save(registration, registration_form(story, entry), by=who)
    registering.send(registration, by=who)
    if story.end == "sent":
        return
    for key in story.looked_after_by[1:]:
        yield steps.next(steps.some(0, 3))
        _accept(request, cast[key])
    if story.end == "ready":
        return
    yield steps.next(steps.some(1, 3))
    if story.end == "sent_back":
        registering.send_back(registration, by=_confirmer(request, steps), reason=said["send_back"])
        return
    account = _confirm(registration, story, _confirmer(request, steps), steps)
    for back, move, by, reason in story.then:
        yield steps.on(back)
        account.refresh_from_db()  # it may have got another name meanwhile
        change_standing(account, move, by=cast[by], reason=reason)


def _confirmer(request: AccountRequest, steps: Steps) -> Person:
    """Whoever of Communications confirms."""
    request.refresh_from_db()
    return _in_turn(request, steps)


def _confirm(registration: Registration, story: Story, by: Person, steps: Steps) -> Account:
    registration.refresh_from_db()
    reason = story.said.get("confirm", steps.one_of(CONFIRMED))
    return registering.confirm(registration, by=by, reason=reason)
