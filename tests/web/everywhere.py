"""Every address of Rostrum with real things behind it, and everyone who may ask for it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLResolver, get_resolver

from rostrum.core import clock
from rostrum.hooks.actions import add as add_hook
from rostrum.hooks.actions import send_test
from rostrum.hooks.models import HookDelivery
from rostrum.intake import accounts as lists
from rostrum.intake import actions as people_lists
from rostrum.intake.accounts_models import AccountList
from rostrum.intake.models import ImportRun
from rostrum.jobs.models import JobRun
from rostrum.notices.actions import deliver_due
from rostrum.notices.models import Delivery, Notice
from rostrum.people.actions import name_stand_in, note_departure
from rostrum.people.list_models import SavedFilter
from rostrum.people.lists import keep_filter
from rostrum.people.models import Appointment, Person, StandIn
from rostrum.registry import changing, known
from rostrum.registry.change_models import AccountChange
from rostrum.registry.known_models import KnownAccount
from rostrum.registry.models import Account, AccountRequest, Registration
from rostrum.tokens.actions import make
from rostrum.tokens.models import Token
from rostrum.web.known import evidence
from tests.cast import Cast, approved, drafted, endorsed, official, sent_registration, submitted

A_PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01" + b"\x00" * 9 + b"IEND\xaeB`\x82"

# Who asks, in the order of the tables' columns.
ROLES = ("nobody", "teacher", "colleague", "principal", "superintendent", "communications", "privacy", "director",
         "auditor", "sysadmin", "charlie")  # fmt: skip


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
    kept: SavedFilter
    staged: AccountList
    brought: ImportRun
    token: Token
    message: HookDelivery

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
            hook=self.message.endpoint_id, change=self.change.pk, kept=self.kept.pk, message=self.message.pk,
        )  # fmt: skip

    def client(self, role: str, *, strict: bool = False) -> Client:
        """Somebody's browser; `strict` asks for the form token as a real one would."""
        client = Client(enforce_csrf_checks=strict)
        if role != "nobody":
            client.force_login(getattr(self.cast, role))
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


def a_staged_list(cast: Cast) -> AccountList:
    """A list of today's accounts that nobody has brought in yet."""
    file = io.BytesIO(b"School,URL\nRendell Park School,https://x.com/rendellquilts\n")
    return lists.stage("today.csv", file, by=cast.communications)


def a_staff_list(cast: Cast) -> ImportRun:
    """A list of staff that somebody looked at and has not confirmed."""
    file = io.BytesIO(b"Name,E-mail\nWren Delorme,w.delorme@lpsd.ca\n")
    return people_lists.stage(file, name="staff.csv", by=cast.sysadmin)


def a_message(cast: Cast) -> HookDelivery:
    """A test message that one webhook is owed."""
    endpoint, _key = add_hook(
        by=cast.sysadmin, name="Website", url="https://hooks.example.ca/in", events=["account.official"]
    )
    return send_test(endpoint, by=cast.sysadmin)


def build_world(cast: Cast) -> World:
    """One thing of every kind, made by the actions that people use."""
    today = clock.today()
    account = official(cast)
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
        known=a_known_account(cast), change=a_change(cast),
        kept=keep_filter(cast.teacher, "accounts", "Ours", "q=rendell"), brought=a_staff_list(cast), staged=a_staged_list(cast),
        message=a_message(cast),
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
