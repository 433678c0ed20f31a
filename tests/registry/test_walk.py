"""Requests walked at random by anyone, at any time: the invariants of the register hold after every step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rostrum.audit import chain
from rostrum.audit.models import Event
from rostrum.audit.queries import entries
from rostrum.core import clock
from rostrum.core.errors import Refusal
from rostrum.people.actions import cancel_stand_in, name_stand_in
from rostrum.people.models import Appointment, Person, StandIn
from rostrum.registry import actions, directory, registering
from rostrum.registry.models import Account, AccountRequest, Registration
from rostrum.registry.standing import change_standing
from rostrum.registry.states import ACCOUNT_MOVES, LIVE
from rostrum.registry.turns import Turns
from tests.cast import Cast, typed_registration, typed_request

WHO = [
    "teacher",
    "colleague",
    "principal",
    "superintendent",
    "communications",
    "communications2",
    "director",
    "sysadmin",
    "charlie",
]
anyone = st.sampled_from(WHO)
which = st.integers(min_value=0, max_value=3)
reasons = st.sampled_from(["", "Because.", "Non, désolé."])
DECIDE: dict[str, Callable[..., Any]] = {
    "submit": lambda r, by, reason: actions.submit(r, by=by),
    "endorse": lambda r, by, reason: actions.endorse(r, by=by, reason=reason),
    "approve": lambda r, by, reason: actions.approve(r, by=by, reason=reason),
    "return": lambda r, by, reason: actions.return_to_requester(r, by=by, reason=reason),
    "decline": lambda r, by, reason: actions.decline(r, by=by, reason=reason),
    "withdraw": lambda r, by, reason: actions.withdraw(r, by=by, reason=reason),
    "lapse": lambda r, by, reason: actions.lapse(r),
}


def states() -> dict[tuple[str, int], str]:
    """The state of every request, registration and account."""
    return {
        (model.__name__, pk): state
        for model in (AccountRequest, Registration, Account)
        for pk, state in model.objects.values_list("pk", "state")
    }


class Walk(RuleBasedStateMachine):
    """People press buttons in any order; refusals are fine, broken promises are not."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        """I8: after any walk the chain of the log verifies; then everything is taken back."""
        report = chain.verify(entries())
        assert report.fault is None
        assert report.entries == Event.objects.count()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def person(self, who: str) -> Person:
        return Person.objects.get(pk=getattr(self.cast, who).pk)

    def attempt(self, act: Callable[[], Any]) -> None:
        """Do it, or be refused; a refused act changes no state and writes no event."""
        before, count = states(), Event.objects.count()
        try:
            with transaction.atomic():
                act()
        except Refusal:
            assert states() == before
            assert Event.objects.count() == count
        self.check_events(before, count)

    def check_events(self, before: dict[tuple[str, int], str], count: int) -> None:
        """I8: each state that changed has exactly one event of its own that says so (dropping goes with the request)."""
        after = states()
        new = list(Event.objects.filter(seq__gt=count).values_list("act", "subject_type", "subject_id"))
        for (kind, pk), state in after.items():
            if (
                before.get((kind, pk)) == state
                or state == "dropped"
                or (kind == "Registration" and (kind, pk) not in before)
            ):
                continue
            mine = [act for act, subject, number in new if (subject, number) == (kind.lower(), pk)]
            assert len(mine) == 1, (kind, before.get((kind, pk)), state, new)

    @initialize()
    def somebody_asks(self) -> None:
        self.ask("teacher", "chess")
        self.ask("principal", "drama")

    @rule(who=anyone, handle=st.sampled_from(["chess", "drama", "science"]))
    @precondition(lambda self: AccountRequest.objects.count() < 4)
    def ask(self, who: str, handle: str) -> None:
        typed = typed_request(self.cast, handle=f"https://rendell-{handle}-quarters.wordpress.com")
        self.attempt(lambda: actions.draft(self.person(who), typed))
        request = AccountRequest.objects.order_by("-pk").first()
        self.attempt(lambda: actions.submit(request, by=self.person(who)))

    @rule(n=which, move=st.sampled_from(sorted(DECIDE)), who=anyone, reason=reasons)
    def press(self, n: int, move: str, who: str, reason: str) -> None:
        requests = list(AccountRequest.objects.order_by("pk"))
        if n < len(requests):
            self.attempt(lambda: DECIDE[move](requests[n], self.person(who), reason))

    @rule(n=which, steps=st.integers(min_value=1, max_value=4))
    def go_on(self, n: int, steps: int) -> None:
        """The next steps by whoever's turn it is; else a walk would seldom come far."""
        for _step in range(steps):
            self.step(n)

    @rule(n=which, standing=st.sampled_from(["review", "suspend", "close"]))
    def go_all_the_way(self, n: int, standing: str) -> None:
        """To an official account whose standing then changes."""
        for _step in range(5):
            self.step(n)
        account = Account.objects.order_by("-pk").first()
        if account:
            self.attempt(lambda: change_standing(
                account, standing, by=self.person("communications2"), reason="Because."))

    def step(self, n: int) -> None:
        """One step of one request, as it should be."""
        requests = list(AccountRequest.objects.order_by("pk"))
        if n >= len(requests):
            return
        request = requests[n]
        form = Registration.objects.filter(request=request).first()
        turn = Turns([request]).of(request, form)
        by = self.person_of(turn.people[0].pk) if turn and turn.people else self.person_of(request.requester_id)
        if request.state == "submitted":
            self.attempt(lambda: actions.endorse(request, by=by))
        elif request.state == "endorsed":
            self.attempt(lambda: actions.approve(request, by=by))
        elif form and form.state in {"draft", "returned"}:
            self.attempt(lambda: registering.save(form, typed_registration(form, self.cast), by=by))
            self.attempt(lambda: registering.send(form, by=by))
        elif form and form.state == "sent":
            self.attempt(lambda: registering.confirm(form, by=by))

    @rule(n=which, managers=st.sets(st.sampled_from(["teacher", "colleague", "principal"]), min_size=1))
    @precondition(lambda self: Registration.objects.exists())
    def fill_in_and_send(self, n: int, managers: set[str]) -> None:
        forms = list(Registration.objects.order_by("pk"))
        if n < len(forms):
            form = forms[n]
            mails = [getattr(self.cast, who).email for who in sorted(managers)]

            def act() -> None:
                by = self.person_of(form.request.requester_id)
                registering.save(form, typed_registration(form, self.cast, managers=mails), by=by)
                registering.send(form, by=by)

            self.attempt(act)

    def person_of(self, pk: int) -> Person:
        return Person.objects.get(pk=pk)

    @rule(n=which, accept=st.booleans(), who=anyone)
    @precondition(lambda self: Registration.objects.exists())
    def answer(self, n: int, accept: bool, who: str) -> None:
        forms = list(Registration.objects.order_by("pk"))
        if n < len(forms):
            for designation in forms[n].designations.all():
                by = designation.person if who == "sysadmin" else self.person(who)
                self.attempt(
                    lambda d=designation, by=by: registering.answer_designation(  # type: ignore[misc]
                        d, by=by, accept=accept, reason="Busy."
                    )
                )

    @rule(n=which, who=anyone, back=st.booleans())
    @precondition(lambda self: Registration.objects.exists())
    def finish(self, n: int, who: str, back: bool) -> None:
        forms = list(Registration.objects.order_by("pk"))
        if n < len(forms):
            by = self.person(who)
            self.attempt(
                lambda: (
                    registering.send_back(forms[n], by=by, reason="Look again.")
                    if back
                    else registering.confirm(forms[n], by=by)
                )
            )

    @rule(move=st.sampled_from([m.name for m in ACCOUNT_MOVES]),
          who=st.sampled_from(["communications", "communications2", "charlie"]),
          reason=reasons)
    @precondition(lambda self: Account.objects.exists())
    def change(self, move: str, who: str, reason: str) -> None:
        account = Account.objects.order_by("-pk").first()
        if account:
            self.attempt(lambda: change_standing(account, move, by=self.person(who), reason=reason))

    @rule(
        who=st.sampled_from(["principal", "communications", "communications2", "superintendent"]),
        stand_in=st.sampled_from(["", *WHO]),
    )
    def go_away(self, who: str, stand_in: str) -> None:
        today = clock.today()
        appointment = Appointment.objects.get(person=getattr(self.cast, who))
        self.attempt(
            lambda: name_stand_in(
                appointment,
                person=self.person(stand_in) if stand_in else None,
                starts_on=today,
                ends_on=today + timedelta(days=1),
                reason="Away",
                by=None,
            )
        )

    @rule()
    @precondition(lambda self: StandIn.objects.filter(cancelled_at=None).exists())
    def come_back(self) -> None:
        for stand in StandIn.objects.filter(cancelled_at=None):
            self.attempt(lambda s=stand: cancel_stand_in(s, by=None))  # type: ignore[misc]

    @invariant()
    def i1_two_yeses_by_two_others(self) -> None:
        for request in AccountRequest.objects.filter(state__in=["approved", "registered", "lapsed"]):
            three = {request.requester_id, request.endorsed_by_id, request.approved_by_id}
            assert len(three) == 3
            assert None not in three
            acts = Event.objects.filter(subject_type="accountrequest", subject_id=request.pk)
            assert acts.filter(act="accountrequest:endorse", actor_id=request.endorsed_by_id).exists()
            assert acts.filter(act="accountrequest:approve", actor_id=request.approved_by_id).exists()

    @invariant()
    def i2_only_confirmed_registrations_are_in_the_directory(self) -> None:
        accounts = Account.objects.select_related("registration__request")
        assert {a.registration_id for a in accounts} == set(
            Registration.objects.filter(state="confirmed").values_list("pk", flat=True)
        )
        assert all(a.registration.request.state == "registered" for a in accounts)
        assert AccountRequest.objects.filter(state="registered").count() == len(accounts)
        assert set(directory.listed()) == set(accounts)
        for account in accounts:
            assert account.registration.confirmed_by_id != account.registration.request.requester_id
            assert account.registration.designations.filter(accepted_at__isnull=False).exists()

    @invariant()
    def i6_one_live_row_per_address(self) -> None:
        live = list(Account.objects.filter(state__in=LIVE).values_list("platform", "canonical_id"))
        asked = list(
            AccountRequest.objects.filter(state__in=["submitted", "endorsed", "approved"]).values_list(
                "platform", "handle_key"
            )
        )
        assert len(live) == len(set(live))
        assert len(asked) == len(set(asked))

    @invariant()
    def every_account_has_one_current_standing(self) -> None:
        for account in Account.objects.all():
            assert list(account.standings.filter(until=None).values_list("state", flat=True)) == [account.state]


def test_any_walk_of_anyone_keeps_the_promises(cast: Cast) -> None:
    walk = type("Walk", (Walk,), {"cast": cast})
    run_state_machine_as_test(
        walk,
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
