"""Every message that the register may owe, and who is told of what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from rostrum.audit.queries import actor_ids
from rostrum.notices.actions import owe
from rostrum.notices.kinds import NoticeKind, declare
from rostrum.people.models import Person
from rostrum.people.queries import Turn
from rostrum.policies.queries import content
from rostrum.policies.rolewords import approver, keeper
from rostrum.policies.schema import Step
from rostrum.registry import approval
from rostrum.registry.models import Account, AccountRequest, Registration
from rostrum.registry.platforms import label_of
from rostrum.registry.states import RequestState

_WHY_TURN = _("You get this letter because it is your turn to decide on this request.")
_WHY_TOUCHED = _("You get this letter because you had a part in this request.")
_WHY_ASKED = _("You get this letter because you asked for this account.")
_WHY_NAMED = _("You get this letter because you were named in the Registration Form of this account.")
_WHY_ACCOUNT = _("You get this letter because you had a part in this account.")
_AFTER_THAT = _("If you say yes, the next step is “%(step)s”.")
_AFTER_LAST = _("If you say yes, the person who asked registers the account. It is not official before that.")
_REGISTERED_NEXT = _("The person who asked registers the account next.")


def _request_kind(
    key: str, subject: Any, lead: Any, why: Any, link: Any, next_step: Any = "", asks: bool = False
) -> NoticeKind:
    return declare(NoticeKind(key, subject, lead, why, link, "web:request", next_step, asks))


ENDORSE_ASKED = _request_kind(
    "request.endorse_asked",
    _("Endorse: %(what)s"),
    _("%(who)s asks you to endorse an account: %(what)s."),
    _WHY_TURN,
    _("Read it and decide"),
    _("Endorse it if the account is wanted and its name fits. After you, %(approver)s decides."),
    asks=True,
)
APPROVE_ASKED = _request_kind(
    "request.approve_asked",
    _("Approve: %(what)s"),
    _("%(who)s endorsed an account that needs your approval: %(what)s."),
    _WHY_TURN,
    _("Read it and decide"),
    _("When you approve it, the person who asked registers the account. It is not official before that."),
    asks=True,
)
# In an edition of more than two steps each step is told by the edition's own words for it.
STEP_ASKED = _request_kind(
    "request.step_asked",
    _("%(verb)s: %(what)s"),
    _("A request waits for you: %(what)s. Its step is “%(step)s”."),
    _WHY_TURN,
    _("Read it and decide"),
    _("%(next)s"),
    asks=True,
)
STEP_GIVEN = _request_kind(
    "request.step_given",
    _("One step further: %(what)s"),
    _("%(who)s said yes to the request: %(what)s. The step was “%(step)s”."),
    _WHY_TOUCHED,
    _("See where it is"),
    _("%(next)s"),
)
LAST_STEP_GIVEN = _request_kind(
    "request.last_step_given",
    _("Register now: %(what)s"),
    _("%(who)s said yes to your request: %(what)s. The last step was “%(step)s”."),
    _WHY_ASKED,
    _("Register the account"),
    _("Make the account now and fill in the Registration Form. It is not official before the form is confirmed."),
    asks=True,
)
SUBMITTED = _request_kind(
    "request.submitted",
    _("Sent: %(what)s"),
    _("Your request is on its way: %(what)s."),
    _WHY_ASKED,
    _("See where it is"),
    _("%(next)s"),
)
ENDORSED = _request_kind(
    "request.endorsed",
    _("Endorsed: %(what)s"),
    _("%(who)s endorsed the request: %(what)s."),
    _WHY_TOUCHED,
    _("See where it is"),
    _("%(next)s"),
)
APPROVED = _request_kind(
    "request.approved",
    _("Register now: %(what)s"),
    _("%(who)s approved your request: %(what)s."),
    _WHY_ASKED,
    _("Register the account"),
    _("Make the account now and fill in the Registration Form. It is not official before the form is confirmed."),
    asks=True,
)
APPROVED_TOLD = _request_kind(
    "request.approved_told",
    _("Approved: %(what)s"),
    _("%(who)s approved the request: %(what)s."),
    _WHY_TOUCHED,
    _("See the request"),
    _("The person who asked registers the account next."),
)
RETURNED = _request_kind(
    "request.returned",
    _("Change and send again: %(what)s"),
    _("%(who)s returned your request for changes: %(what)s."),
    _WHY_ASKED,
    _("Change it and send it again"),
    _("Everything you wrote is still there."),
    asks=True,
)
RETURNED_TOLD = _request_kind(
    "request.returned_told",
    _("Returned: %(what)s"),
    _("%(who)s returned the request for changes: %(what)s."),
    _WHY_TOUCHED,
    _("See the request"),
    _("It comes back when the person who asked has changed it."),
)
DECLINED = _request_kind(
    "request.declined",
    _("Declined: %(what)s"),
    _("%(who)s declined the request: %(what)s."),
    _WHY_TOUCHED,
    _("Read the reason"),
    _("The request ends here. The account must not be used for the school."),
)
WITHDRAWN = _request_kind(
    "request.withdrawn",
    _("Withdrawn: %(what)s"),
    _("%(who)s withdrew the request: %(what)s."),
    _WHY_TOUCHED,
    _("See the request"),
    _("Nothing is left to do."),
)
LAPSED = _request_kind(
    "request.lapsed",
    _("Lapsed: %(what)s"),
    _("The approval ended because nobody registered the account in time: %(what)s."),
    _WHY_TOUCHED,
    _("See the request"),
    _("If the account is still wanted, start a new request."),
)
REGISTER_REMINDER = _request_kind(
    "request.register_reminder",
    _("Still to register: %(what)s"),
    _("The account was approved and is not registered yet: %(what)s. Until it is, it is not official."),
    _WHY_ASKED,
    _("Register the account"),
    _("If it is no longer wanted, withdraw the request."),
    asks=True,
)
NOBODY_REGISTERS = _request_kind(
    "request.nobody_registers",
    _("Nobody is left to register: %(what)s"),
    _("%(requester)s asked for this account and has left, or holds no role any more. It was approved and is not "
      "registered: %(what)s."),
    _("You get this letter because you look after approvals that nobody registers."),
    _("See the request"),
    _("Ask the school whether it still wants the account, and who will look after it."),
    asks=True,
)
DESIGNATED = _request_kind(
    "registration.designated",
    _("Accept: content manager of %(what)s"),
    _("%(who)s named you as a content manager: %(what)s."),
    _WHY_NAMED,
    _("Accept or decline"),
    _("A content manager answers for what the account posts."),
    asks=True,
)
DESIGNATION_ANSWERED = _request_kind(
    "registration.designation_answered",
    _("%(answer)s: content manager of %(what)s"),
    _("%(who)s answered about looking after %(what)s: %(answer)s."),
    _WHY_ASKED,
    _("See the registration"),
)
CONFIRM_ASKED = _request_kind(
    "registration.confirm_asked",
    _("Confirm: %(what)s"),
    _("A Registration Form is complete and waits for you: %(what)s."),
    _WHY_TURN,
    _("Check and confirm it"),
    _("When you confirm it, the account becomes official and is listed in the directory."),
    asks=True,
)
REGISTRATION_RETURNED = _request_kind(
    "registration.returned",
    _("Change the Registration Form: %(what)s"),
    _("%(who)s returned the Registration Form for changes: %(what)s."),
    _WHY_ASKED,
    _("Change it and send it again"),
    _("Everything you wrote is still there."),
    asks=True,
)
REGISTRATION_RETURNED_TOLD = _request_kind(
    "registration.returned_told",
    _("Returned: %(what)s"),
    _("%(who)s returned the Registration Form for changes: %(what)s."),
    _WHY_TOUCHED,
    _("See the registration"),
    _("It comes back when the person who asked has changed it."),
)
OFFICIAL = declare(
    NoticeKind(
        "account.official",
        _("Official: %(what)s"),
        _("%(who)s confirmed the registration. The account is official: %(what)s."),
        _WHY_ACCOUNT,
        _("See the account"),
        "web:account",
        _("It is listed in the public directory as %(public_id)s."),
    )
)
STANDING = declare(
    NoticeKind(
        "account.standing",
        _("%(state)s: %(what)s"),
        _("%(who)s changed the standing of %(what)s. It is now: %(state)s."),
        _WHY_ACCOUNT,
        _("See the account"),
        "web:account",
    )
)

ENDS = _("Asked again on")
CONDITION = _("To get it back")
ANSWERS = {
    "accept": pgettext_lazy("content manager's answer", "Accepted"),
    "decline": pgettext_lazy("content manager's answer", "Declined"),
}
_FACTS = {
    "unit": _("For"),
    "platform": _("Platform"),
    "name": _("Name"),
    "handle": _("Handle"),
    "asked_by": _("Asked by"),
    "ref": _("Request"),
}


def in_both(said: Callable[[], Any]) -> dict[str, str]:
    """What is said in each language, for a notice whose reader's language is known only later."""
    out = {}
    for short, lang in (("en", "en-ca"), ("fr", "fr-ca")):
        with override(lang):
            out[short] = str(said())
    return out


def both(message: Any) -> dict[str, str]:
    """A translatable message in both languages."""
    return in_both(lambda: message)


def what(request: AccountRequest) -> dict[str, str]:
    """What a request is about, in both languages: "Instagram for Grade 4, Rendell Park School"."""
    place = request.unit.name if request.unit else ""
    where = place if place.casefold() in request.name.casefold() or not place else f"{request.name}, {place}"
    called = where if place and where != place else request.name or place
    out = {}
    for short, lang in (("en", "en-ca"), ("fr", "fr-ca")):
        with override(lang):
            out[short] = gettext("%(platform)s for %(place)s") % {"platform": label_of(request.platform), "place": called}
    return out


def context(
    request: AccountRequest, who: Person | None, comment: str = "", clauses: Iterable[str] = (), **more: Any
) -> dict[str, Any]:
    """The words that every notice about a request may use."""
    facts = {
        "unit": request.unit.name if request.unit else "",
        "platform": in_both(lambda: label_of(request.platform)),
        "name": request.name,
        "handle": request.handle,
        "asked_by": request.requester.name,
        "ref": request.ref or "",
    }
    return {
        "who": who.name if who else "Rostrum",
        "what": what(request),
        "comment": comment,
        "clauses": list(clauses),
        "facts": [[both(_FACTS[key]), value] for key, value in facts.items() if value],
        "approver": in_both(lambda: approver(content(request.edition))),
        **more,
    }


def touched(request: AccountRequest, *, but: Person | None = None) -> list[Person]:
    """Everyone who has a part in a request: who asked, whoever acted on it, the managers named; except one person."""
    ids = {request.requester_id, *actor_ids("accountrequest", request.pk)}
    registration = Registration.objects.filter(request=request).first()
    if registration is not None:
        ids |= set(actor_ids("registration", registration.pk))
        named = registration.designations.filter(released_at=None, declined_at=None)
        ids |= set(named.values_list("person_id", flat=True))
    if but is not None:
        ids.discard(but.pk)
    return list(Person.objects.filter(pk__in=ids, is_active=True))


_hushed: ContextVar[frozenset[str]] = ContextVar("hushed", default=frozenset())


@contextmanager
def hushed(*kinds: NoticeKind) -> Iterator[None]:
    """Owe none of these kinds inside: for an act on many requests whose caller owes one letter about all of them."""
    token = _hushed.set(frozenset(kind.key for kind in kinds))
    try:
        yield
    finally:
        _hushed.reset(token)


def tell(
    people: Iterable[Person],
    kind: NoticeKind,
    request: AccountRequest,
    said: dict[str, Any],
    *,
    skip: set[int] | None = None,
) -> set[int]:
    """Owe one kind of notice about a request to several people, each once; returns the ids that have been told."""
    told = skip if skip is not None else set()
    if kind.key in _hushed.get():
        return told
    for person in people:
        if person.pk not in told:
            owe(kind, to=person, about=request, ref=request.ref or "", context=said)
            told.add(person.pk)
    return told


def tell_of_account(people: Iterable[Person], kind: NoticeKind, account: Account, said: dict[str, Any]) -> None:
    """Owe one kind of notice about an account to several people, each once."""
    told: set[int] = set()
    for person in people:
        if person.pk not in told and person.is_active:
            owe(kind, to=person, about=account, ref=account.public_id, context=said)
            told.add(person.pk)


def ask(people: Iterable[Person], request: AccountRequest, said: dict[str, Any]) -> set[int]:
    """Ask those in turn for the step that a request waits for now; returns the ids that have been told."""
    step, after = approval.current(request), approval.following(request)
    if step is None or not approval.in_own_words(request):
        return tell(people, ENDORSE_ASKED if request.state == RequestState.SUBMITTED else APPROVE_ASKED, request, said)
    following = both(_AFTER_LAST)
    if after is not None:
        label = approval.told(after.label)
        following = {short: words % {"step": label[short]} for short, words in both(_AFTER_THAT).items()}
    return tell(people, STEP_ASKED, request, {**said, **_step_words(step), "next": following})


def tell_given(
    people: Iterable[Person],
    kind: NoticeKind,
    request: AccountRequest,
    said: dict[str, Any],
    step: Step,
    *,
    skip: set[int] | None = None,
) -> set[int]:
    """Tell of a step that was given: by this kind of notice, or in the edition's own words where it names the steps."""
    if approval.in_own_words(request):
        kind = LAST_STEP_GIVEN if kind is APPROVED else STEP_GIVEN
        said = {"next": both(_REGISTERED_NEXT), **said, **_step_words(step)}
    return tell(people, kind, request, said, skip=skip)


def _step_words(step: Step) -> dict[str, dict[str, str]]:
    return {"step": approval.told(step.label), "verb": approval.told(step.verb)}


def next_words(turn: Turn, request: AccountRequest) -> dict[str, str]:
    """Who decides next, in both languages; says so when nobody can."""
    called, step = ", ".join(p.short_name for p in turn.people), approval.current(request)
    own = approval.told(step.label) if step and approval.in_own_words(request) else {}
    out = {}
    for short, lang in (("en", "en-ca"), ("fr", "fr-ca")):
        with override(lang):
            if not called:
                out[short] = gettext(
                    "Nobody holds the role that must decide next. Now %(keeper)s has to name someone."
                ) % {"keeper": keeper()}
            elif own:
                out[short] = gettext("It is waiting for %(names)s. The next step is “%(step)s”.") % {
                    "names": called,
                    "step": own[short],
                }
            elif request.state == RequestState.SUBMITTED:
                out[short] = gettext("It is waiting for %(names)s to endorse it.") % {"names": called}
            else:
                out[short] = gettext("It is waiting for %(names)s to approve it.") % {"names": called}
    return out
