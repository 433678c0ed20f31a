"""Every address of Rostrum with real things behind it, and everyone who may ask for it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLResolver, get_resolver

from rostrum.cases.appeal_models import Appeal
from rostrum.cases.decision_models import Decision
from rostrum.cases.models import Case
from rostrum.core import clock, evidence
from rostrum.custody import campaigns, departures, keeping, managing
from rostrum.custody.campaign_models import HandOverCampaign
from rostrum.custody.departure_models import Departure
from rostrum.custody.models import AccountTie, HandOver, HelperGroup
from rostrum.hooks.actions import add as add_hook
from rostrum.hooks.actions import send_test
from rostrum.hooks.models import HookDelivery
from rostrum.intake import accounts_reading as lists
from rostrum.intake import actions as people_lists
from rostrum.intake import posts
from rostrum.intake.accounts_models import AccountList
from rostrum.intake.models import ImportRun
from rostrum.intake.post_models import PostList
from rostrum.jobs.models import JobRun
from rostrum.keys.models import Reset, ResetCall, ResetCampaign
from rostrum.monitoring import deciding, owning
from rostrum.monitoring.models import CheckRound, Finding, OwnRule
from rostrum.monitoring.rounds import ask_again
from rostrum.monitoring.scanning import capture
from rostrum.notices.actions import deliver_due
from rostrum.notices.models import Delivery, Notice
from rostrum.orders import giving, holds
from rostrum.orders.hold_models import CrisisHold
from rostrum.orders.models import AccountOrder
from rostrum.people.actions import add_person, name_stand_in, note_departure
from rostrum.people.list_models import SavedFilter
from rostrum.people.lists import keep_filter
from rostrum.people.models import Appointment, Person, StandIn
from rostrum.policies.actions import set_setting
from rostrum.registry import changing, closing, known
from rostrum.registry.change_models import AccountChange
from rostrum.registry.closing_models import Closing, ParkedHandle
from rostrum.registry.known_models import KnownAccount
from rostrum.registry.merging import propose_merge
from rostrum.registry.models import AccessHolder, Account, AccountRequest, Designation, Registration
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review, ReviewEvidence, ReviewSample
from rostrum.schoolyear.actions import Entry, add_year
from rostrum.schoolyear.models import NamedDays
from rostrum.tokens.actions import make
from rostrum.tokens.models import Token
from rostrum.upkeep import certifying
from rostrum.upkeep.certifying import RIGHT, WRONG, Said
from rostrum.upkeep.liveness_models import Pause
from rostrum.upkeep.models import Correction, Fact, SuspensionProposal
from rostrum.upkeep.nightly import propose_suspensions
from rostrum.upkeep.pausing import pause
from tests.cases.made import a_case, a_decision, a_talk, an_appeal
from tests.cast import Cast, approved, drafted, endorsed, official, sent_registration, submitted
from tests.keys.made import asked as asked_for
from tests.keys.made import returned, started, stated
from tests.reviews.made import reviews_of
from tests.web.doors import come_in

# One black dot: the smallest whole PNG.
A_PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\xdac`\x00\x00\x00\x02\x00\x01\xe5'\xde\xfc\x00\x00\x00\x00IEND\xaeB`\x82"
)

# Who asks, in the order of the tables' columns.
ROLES = ("nobody", "teacher", "colleague", "principal", "superintendent", "communications", "privacy", "director",
         "auditor", "sysadmin", "charlie")  # fmt: skip


@dataclass
class Held:
    """An account with everything that custody knows: a tie, a group of helpers, a hand-over, two departures."""

    account: Account
    tie: AccountTie
    group: HelperGroup
    hand_over: HandOver
    departure: Departure
    ahead: Departure
    campaign: HandOverCampaign


@dataclass
class World:
    """The cast with one thing of every kind and state. Everything happened at Rendell Park School."""

    cast: Cast
    draft: AccountRequest
    asked: AccountRequest
    endorsed: AccountRequest
    approved: AccountRequest
    registration: Registration
    account: Account
    stand_in: StandIn
    gone: Person
    notice: Notice
    letter: Delivery
    job: JobRun
    known: KnownAccount
    change: AccountChange
    merging: AccountChange
    kept: SavedFilter
    staged: AccountList
    brought: ImportRun
    token: Token
    message: HookDelivery
    finding: Finding
    asked_of: Finding
    own: OwnRule
    round: CheckRound
    held: Held
    hold: CrisisHold
    order: AccountOrder
    answered: AccountOrder
    closing: Closing
    parked: ParkedHandle
    call: ResetCall
    reset: Reset
    returned: Reset
    review: Review
    going: ReviewEvidence
    found: ReviewFinding
    sample: ReviewSample
    campaign: ResetCampaign
    days: NamedDays
    case: Case
    talked: Case
    decision: Decision
    appeal: Appeal
    correction: Correction
    proposal: SuspensionProposal
    rest: Pause
    posts: PostList

    def path(self, template: str) -> str:
        """The address of a row of the table, with the things of this world in its places."""
        cast = self.cast
        return "/" + template.format(
            draft=self.draft.ref, asked=self.asked.ref, endorsed=self.endorsed.ref, approved=self.approved.ref,
            registering=self.registration.request.ref, account=self.account.public_id, unit=cast.school.pk,
            classroom=cast.classroom.pk, person=cast.colleague.pk, gone=self.gone.pk, stand_in=self.stand_in.pk,
            notice=self.notice.pk, letter=self.letter.pk, job=self.job.pk, token=self.token.pk,
            appointment=Appointment.objects.get(person=cast.principal).pk, edition="2015-09",
            setting="decision_days.endorse", known=self.known.pk, staged=self.staged.pk, brought=self.brought.pk,
            hook=self.message.endpoint_id, change=self.change.pk, merging=self.merging.pk,
            kept=self.kept.pk, message=self.message.pk,
            hold=self.hold.pk, order=self.order.pk, answered=self.answered.pk,
            closing=self.closing.pk, parked=self.parked.pk,
            finding=self.finding.pk, asked_of=self.asked_of.pk, post=self.finding.post_id, own=self.own.pk,
            round=self.round.pk,
            held=self.held.account.public_id, holder=self.holder(), tie=self.held.tie.pk, group=self.held.group.pk,
            hand_over=self.held.hand_over.pk, manager=self.held.hand_over.given_by_id,
            named=self.held.hand_over.taken_by_id, departure=self.held.departure.pk, ahead=self.held.ahead.pk,
            item=self.held.departure.items.get().pk, june=self.held.campaign.pk,
            line=self.held.campaign.lines.get(account=self.held.account).pk,
            **self._reviews(),
            call=self.call.pk, reset=self.reset.pk, returned=self.returned.pk, campaign=self.campaign.pk,
            case=self.case.pk, exhibit=self.case.evidence.earliest("pk").pk, talked=self.talked.pk,
            decision=self.decision.pk, ruled_on=self.decision.evidence.earliest("pk").pk, appeal=self.appeal.pk,
            attached=self.appeal.files.earliest("pk").pk,
            year=self.days.year.label, days=self.days.pk, correction=self.correction.pk, proposal=self.proposal.pk,
            certification=self.proposal.certification_id, rest=self.rest.pk, posts=self.posts.pk, teacher=cast.teacher.pk,
        )  # fmt: skip

    def holder(self) -> int:
        """The colleague's access to the held account."""
        return AccessHolder.objects.get(registration=self.held.account.registration, person=self.cast.colleague).pk

    def _reviews(self) -> dict[str, object]:
        return {
            "rv_planned": self.review.ref, "rv_going": self.going.review.ref, "rv_picture": self.going.pk,
            "rv_found": self.found.ref, "rv_done": self.found.review.ref, "rv_sample": self.sample.pk,
        }  # fmt: skip

    def client(self, role: str, *, strict: bool = False) -> Client:
        """Somebody's browser; `strict` asks for the form token as a real one would."""
        client = Client(enforce_csrf_checks=strict)
        if role != "nobody":
            come_in(client, getattr(self.cast, role))
        return client


def a_known_account(cast: Cast) -> KnownAccount:
    """An account that Communications found and that the principal is asked about, with its picture."""
    digest, kind = evidence.keep(SimpleUploadedFile("seen.png", A_PICTURE))
    entry = known.entry_of(
        "https://www.instagram.com/rendellparkmascot", cast.school, note="Uses our crest.", screenshot=digest,
        screenshot_type=kind,
    )  # fmt: skip
    return known.sight(entry, by=cast.communications)


def a_change(cast: Cast) -> AccountChange:
    """Another name for an official account, which the principal is asked about."""
    account = official(cast)
    return changing.propose(
        account, by=cast.teacher, name="Rendell Park School Choir", address=account.address, unit=account.unit,
        reason="The choir has a new name.",
    )  # fmt: skip


def a_merge(cast: Cast) -> AccountChange:
    """A merge of two accounts of the school, which the principal is asked about."""
    return propose_merge(official(cast), official(cast), by=cast.teacher, reason="One account is enough.")


def a_held_account(cast: Cast) -> Held:
    """An account of Rendell Park: the colleague hands over, one manager has left, another leaves next month."""
    account = official(cast)
    people = [
        add_person(email=f"{key}@lpsd.ca", name=name, home_unit=cast.school, by=None)
        for key, name in (("n.vance", "Nora Vance"), ("i.roy", "Ines Roy"))
    ]
    for one in people:
        managing.answer(managing.name_manager(account, one, by=cast.teacher), by=one, accept=True)
    tie = keeping.tie(account, cast.teacher, "recovery", by=cast.teacher)
    group = keeping.add_helpers(account, by=cast.teacher, label="yearbook team", adult=cast.teacher, size=6)
    departure = departures.depart(people[0], by=cast.sysadmin)
    ahead = departures.plan(people[1], by=cast.principal, on=clock.today() + timedelta(days=30))
    colleague = Designation.objects.get(registration=account.registration, person=cast.colleague)
    hand_over = managing.hand_over(colleague, cast.superintendent, by=cast.colleague)
    assert departure is not None
    campaign = campaigns.start(cast.school, by=cast.principal, name="June", ends_on=clock.today() + timedelta(days=40))
    return Held(account, tie, group, hand_over, departure, ahead, campaign)


def a_staged_list(cast: Cast) -> AccountList:
    """A list of today's accounts that nobody has brought in yet."""
    file = io.BytesIO(b"School,URL\nRendell Park School,https://x.com/rendellquilts\n")
    return lists.stage("today.csv", file, by=cast.communications)


def a_staff_list(cast: Cast) -> ImportRun:
    """A list of staff that somebody looked at and has not confirmed."""
    file = io.BytesIO(b"Name,E-mail\nWren Delorme,w.delorme@lpsd.ca\n")
    return people_lists.stage(file, name="staff.csv", by=cast.sysadmin)


def an_order(cast: Cast) -> AccountOrder:
    """A change that Communications ordered, which the managers are asked to make."""
    return giving.give(
        official(cast), by=cast.communications, kind="name", what="Name the school.", clause="1.3", reason="Unclear.",
        due_on=clock.today() + timedelta(days=7),
    )  # fmt: skip


def an_answered_order(cast: Cast) -> AccountOrder:
    """An order that a manager says is carried out, with a picture."""
    digest, kind = evidence.keep(SimpleUploadedFile("after.png", A_PICTURE))
    return giving.fulfil(an_order(cast), by=cast.teacher, reason="Done.", screenshot=digest, kind=kind)


def a_closing(cast: Cast) -> Closing:
    """An account that is being closed, its checklist complete and not handed in."""
    it = closing.start(official(cast), by=cast.teacher, reason="The class has ended.")
    for item, answer in (("told", "nobody"), ("archive", "nothing"), ("keys", "closed"), ("notice", "none")):
        closing.answer(it, item, by=cast.teacher, answer=answer, detail="Looked at it.")
    closing.answer(it, "handle", by=cast.teacher, answer="parked", day=clock.today() + timedelta(days=90))
    return it


def a_parked_handle(cast: Cast) -> ParkedHandle:
    """The handle of an account that was retired; it is still ours."""
    it = a_closing(cast)
    closing.retire(it, by=cast.communications, reason="The class has ended.")
    return ParkedHandle.objects.get(account=it.account)


def a_hold(cast: Cast) -> CrisisHold:
    """A crisis hold on one account, which its managers are asked to stop posting in."""
    wanted = holds.Wanted(
        "freeze", "chosen", clock.now() + timedelta(days=1), "Something happened.", chosen=(official(cast).pk,)
    )  # fmt: skip
    return holds.place(wanted, by=cast.communications)


def a_message(cast: Cast) -> HookDelivery:
    """A test message that one webhook is owed."""
    endpoint, _key = add_hook(
        by=cast.sysadmin, name="Website", url="https://hooks.example.ca/in", events=["account.official"]
    )
    return send_test(endpoint, by=cast.sysadmin)


def a_finding(cast: Cast) -> Finding:
    """What a rule found on a kept post; nobody has looked at it."""
    account = official(cast)
    text = "Text Coach Kim at 306-967-3058 for a ride."
    version, _tally = capture(account, by=cast.teacher, address=f"{account.address.rstrip('/')}/posts/1", text=text)
    return Finding.objects.select_related("account__unit").get(subject=f"post:{version.post_id}")


def an_own_rule(cast: Cast) -> OwnRule:
    """A rule of the division's own that was tried and is not in use."""
    made = owning.add(
        by=cast.communications, title="Old motto", kind="words", looks_for="Onward and upward", clause="1.3",
        severity="note", advice="Use the motto of today.",
    )  # fmt: skip
    owning.try_on(made, ["Onward and upward!"], by=cast.communications)
    return made


def a_school_year(cast: Cast) -> NamedDays:
    """A school year long past, so that nothing else here counts by it, with one holiday in it."""
    day = date(2015, 10, 12)
    holiday = Entry("holiday", "Thanksgiving Day", day, day)
    year = add_year(date(2015, 9, 1), date(2016, 6, 28), by=cast.communications, entries=[holiday])
    return year.days.get()


def certifications(cast: Cast) -> tuple[Correction, SuspensionProposal, Pause]:
    """Something that is not right, a suspension that the rule proposes, and a pause: each of an account of its own."""
    wrong = certifying.ask(official(cast), by=cast.communications, reason="As the need arises.")
    said = {fact: Said(RIGHT) for fact in Fact.values} | {"mailbox": Said(WRONG, "class4.rendellpark@lpsd.ca")}
    certifying.answer(wrong, said, by=cast.teacher)
    late = certifying.ask(official(cast), by=cast.communications, reason="As the need arises.", due_on=clock.today())
    set_setting("certification_consequence", "suspend", by_name="Marc Laurent", reason="The board decided.")
    with clock.standing_at(clock.now() + timedelta(days=40)):
        propose_suspensions()
    set_setting("certification_consequence", None, by_name="Marc Laurent", reason="The board decided.")
    rest = pause(official(cast), by=cast.teacher, reason="Rest.", ends_on=clock.today() + timedelta(days=9))
    return wrong.corrections.get(), SuspensionProposal.objects.get(certification=late), rest


def a_post_list(cast: Cast) -> PostList:
    """A list of last posts that nobody has brought in."""
    account = official(cast)
    body = f"Account,Last post\n{account.public_id},{clock.today().isoformat()}\n"
    return posts.stage("posts.csv", io.BytesIO(body.encode()), by=cast.communications)


def build_world(cast: Cast) -> World:
    """One thing of every kind, made by the actions that people use."""
    today = clock.today()
    account = official(cast)
    correction, proposal, rest = certifications(cast)
    note_departure(cast.communications2, by=cast.communications)
    appointment = Appointment.objects.get(person=cast.superintendent)
    deliver_due()
    letter = Delivery.objects.filter(person=cast.teacher).earliest("pk")
    assert letter.notice is not None
    job = JobRun.objects.latest("pk")
    JobRun.objects.filter(pk=job.pk).update(state=JobRun.State.DEAD, last_error="TimeoutError: it took too long")
    return World(
        cast=cast, draft=drafted(cast), asked=submitted(cast), endorsed=endorsed(cast), approved=approved(cast),
        registration=sent_registration(cast), account=account,
        stand_in=name_stand_in(appointment, person=cast.director, starts_on=today + timedelta(days=3),
                               ends_on=today + timedelta(days=9), reason="Away at a meeting.", by=cast.superintendent),
        gone=cast.communications2, notice=letter.notice, letter=letter, job=job,
        token=make(cast.teacher, name="Site", scopes=["read:requests"], last_day=today + timedelta(days=9))[0],
        known=a_known_account(cast), change=a_change(cast), merging=a_merge(cast),
        kept=keep_filter(cast.teacher, "accounts", "Ours", "q=rendell"), brought=a_staff_list(cast), staged=a_staged_list(cast),
        case=a_case(cast), talked=a_talk(cast), decision=a_decision(cast), appeal=an_appeal(cast),
        campaign=started(cast, cast.principal, scope=cast.school),
        call=asked_for(cast), reset=stated(cast), returned=returned(cast), message=a_message(cast), finding=a_finding(cast),
        asked_of=deciding.confirm(a_finding(cast), by=cast.principal, task="edit"), own=an_own_rule(cast),
        round=ask_again(by=cast.communications, why="Asked"), days=a_school_year(cast), posts=a_post_list(cast),
        **reviews_of(cast),
        correction=correction, proposal=proposal, rest=rest,
        hold=a_hold(cast), held=a_held_account(cast), order=an_order(cast), answered=an_answered_order(cast),
        closing=a_closing(cast), parked=a_parked_handle(cast),
    )  # fmt: skip


def routes() -> Iterator[str]:
    """Every address pattern of the installation, as Django's resolver names it."""

    def within(resolver: URLResolver, before: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            here = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from within(pattern, here)
            else:
                yield here

    yield from within(get_resolver(), "")
