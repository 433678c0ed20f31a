"""The first page of Communications, with 5,000 things open, on each database.

What is open: requests to approve and Registration Forms to confirm, findings that wait for a look, letters in trouble,
suspensions proposed, things to put right, accounts that lost their managers, closings, cases, orders answered, alarms.
The page names the most urgent and says how many there are. It is asked through the whole middleware, signed in, at a
division of 6,000 accounts.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.measure import percentile

PAGE = "/staff/"
ASKED = 60
WARM = 8
ACCOUNTS, UNITS = 6_000, 500
AIM_MS = 150.0
# What waits, and how many of each; the first three lines are what Communications decides one by one.
OPEN = {
    "requests": 1_000, "forms": 300, "findings": 2_000, "letters": 600, "proposals": 300, "corrections": 300,
    "shortages": 200, "closings": 100, "cases": 80, "orders": 60, "alarms": 60,
}  # fmt: skip
BEGUN = datetime(2026, 9, 8, 15, 0, tzinfo=UTC)


def _moment(n: int) -> datetime:
    return BEGUN + timedelta(minutes=n)


def fill() -> Any:
    """The division with everything that is open; answers who reads the page."""
    from benchmarks import dataset
    from rostrum.people.models import Appointment, Person, Unit
    from rostrum.registry.models import Account

    dataset.fill(accounts=ACCOUNTS, units=UNITS)
    root = Unit.objects.get(parent=None)
    schools = list(Unit.objects.filter(kind="school").order_by("pk"))
    people = Person.objects.bulk_create(
        Person(email=f"p{n}@example.ca", name=f"Person {n}", password="!", home_unit=schools[n % len(schools)])  # noqa: S106 - nobody signs in
        for n in range(500)
    )
    holds = [("communications", root, people[0]), ("communications", root, people[1]), ("director", root, people[2])]
    holds += [("administrator", school, people[10 + n]) for n, school in enumerate(schools)]
    Appointment.objects.bulk_create(
        Appointment(role=role, unit=unit, person=person, starts_on=BEGUN.date()) for role, unit, person in holds
    )
    accounts = list(Account.objects.filter(state="recognised").select_related("registration").order_by("pk")[:4_000])
    _requests(people, list(Unit.objects.filter(kind="classroom")))
    _in_order(people, accounts)
    _decisions(people, accounts)
    _letters(people)
    return people[0]


def _requests(people: list[Any], units: list[Any]) -> None:
    from rostrum.policies.models import Edition
    from rostrum.registry.models import AccountRequest, Designation, Registration

    edition = Edition.objects.get(in_force=True)

    def one(n: int, state: str) -> AccountRequest:
        approved = state == "approved"
        return AccountRequest(
            ref=f"T-{n:05}", edition=edition, form_edition="bench", requester=people[100 + n % 300], unit=units[n % len(units)],
            entity_kind="classroom", platform="blog", name=f"Room {n} of Cedar Vale School", handle=f"room{n}",
            handle_key=f"room{n}", state=state, started_at=BEGUN, saved_at=BEGUN, submitted_at=BEGUN, moved_at=_moment(n),
            endorsed_by=people[10 + n % 50], endorsed_at=BEGUN, approved_by=people[1] if approved else None,
            approved_at=BEGUN if approved else None, last_comment="Name matches the class.",
        )  # fmt: skip

    AccountRequest.objects.bulk_create([one(n, "endorsed") for n in range(OPEN["requests"])], batch_size=500)
    approved = AccountRequest.objects.bulk_create(
        [one(OPEN["requests"] + n, "approved") for n in range(OPEN["forms"])], batch_size=500
    )
    forms = Registration.objects.bulk_create(
        Registration(request=request, form_edition="bench", canonical_id=request.handle, state="sent", started_at=BEGUN,
                     saved_at=BEGUN, sent_at=request.moved_at)
        for request in approved
    )  # fmt: skip
    Designation.objects.bulk_create(
        Designation(registration=form, person=people[100 + n % 300], kind=kind, named_at=BEGUN, accepted_at=BEGUN)
        for n, form in enumerate(forms) for kind in ("primary",)
    )  # fmt: skip


def _in_order(people: list[Any], accounts: list[Any]) -> None:
    from rostrum.custody.models import Shortage
    from rostrum.keys.models import ResetCall
    from rostrum.monitoring.models import Finding
    from rostrum.registry.closing_models import Closing
    from rostrum.upkeep.models import Certification, Correction, SuspensionProposal

    Finding.objects.bulk_create(
        (Finding(rule="account.quiet", subject=f"account:{one.pk}", fingerprint=f"bench-{one.pk}", account=one,
                 clauses=["1.7"], severity="low", rank=n % 7, found_at=_moment(n), moved_at=_moment(n))
         for n, one in enumerate(accounts[: OPEN["findings"]])), batch_size=500,
    )  # fmt: skip
    late = accounts[: OPEN["proposals"]]
    asked = Certification.objects.bulk_create(
        (Certification(account=one, origin="rhythm", period=BEGUN.date(), opened_at=BEGUN, moved_at=BEGUN,
                       due_on=BEGUN.date()) for one in late), batch_size=500,
    )  # fmt: skip
    SuspensionProposal.objects.bulk_create(
        SuspensionProposal(certification=one, account=one.account, proposed_to=people[0], proposed_at=_moment(n),
                           moved_at=_moment(n))
        for n, one in enumerate(asked)
    )  # fmt: skip
    wrong = Certification.objects.bulk_create(
        Certification(account=one, origin="rhythm", period=BEGUN.date(), opened_at=BEGUN, moved_at=BEGUN,
                      state="correcting", answered_by=people[200], answered_at=BEGUN)
        for one in accounts[OPEN["proposals"] : OPEN["proposals"] + OPEN["corrections"]]
    )  # fmt: skip
    Correction.objects.bulk_create(
        Correction(certification=one, account=one.account, fact="name", should_be="Another name", noted_by=people[200],
                   noted_at=_moment(n), moved_at=_moment(n))
        for n, one in enumerate(wrong)
    )  # fmt: skip
    Shortage.objects.bulk_create(
        Shortage(account=one, left=0, raised_at=_moment(n)) for n, one in enumerate(accounts[: OPEN["shortages"]])
    )
    Closing.objects.bulk_create(
        Closing(account=one, reason="The class has ended.", state="ready", started_by=people[200], started_at=BEGUN,
                moved_at=_moment(n))
        for n, one in enumerate(accounts[: OPEN["closings"]])
    )  # fmt: skip
    ResetCall.objects.bulk_create(
        ResetCall(account=one, trigger="phishing", asked_by=people[200], asked_at=_moment(n), since=_moment(n),
                  told_at=_moment(n))
        for n, one in enumerate(accounts[: OPEN["alarms"]])
    )  # fmt: skip


def _decisions(people: list[Any], accounts: list[Any]) -> None:
    from rostrum.cases.models import Case
    from rostrum.orders.models import AccountOrder

    Case.objects.bulk_create(
        Case(ref=f"TC-{n}", account=one, reason="A report.", opened_by=people[1], opened_at=_moment(n), moved_at=_moment(n))
        for n, one in enumerate(accounts[: OPEN["cases"]])
    )
    AccountOrder.objects.bulk_create(
        AccountOrder(account=one, kind="name", what="Give it the name of the school.", clause="1.3",
                     citation="ap-193@2015-09#1.3", reason="It bears no school.", due_on=BEGUN.date(), state="done",
                     given_by=people[1], given_at=BEGUN, moved_at=_moment(n), answered_by=people[200], answered_at=BEGUN,
                     answer="It has it now.")
        for n, one in enumerate(accounts[: OPEN["orders"]])
    )  # fmt: skip


def _letters(people: list[Any]) -> None:
    """Letters that failed, among a year of letters that went out."""
    from rostrum.notices.models import Notice

    def one(n: int, mail: str, attempts: int) -> Notice:
        return Notice(
            person=people[n % len(people)], kind="request.endorse_asked", about_type="accountrequest", about_id=1,
            about_ref="T-00001", context={}, asks=True, owed_at=_moment(n), mail=mail, attempts=attempts, read_at=BEGUN,
        )  # fmt: skip

    Notice.objects.bulk_create((one(n, "sent", 1) for n in range(120_000)), batch_size=1000)
    Notice.objects.bulk_create((one(n, "failed", 6) for n in range(OPEN["letters"])), batch_size=500)


def measure() -> dict[str, Any]:
    """Fills the empty database of this process and asks the page again and again."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from rostrum.config.steady import settle

    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    reader = fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(reader)
    settle()  # as the web server does
    taken, busy, answer = [], [], client.get(PAGE)
    for n in range(WARM + ASKED):
        start, cpu = time.perf_counter(), time.process_time()
        answer = client.get(PAGE)
        if n >= WARM:
            taken.append(time.perf_counter() - start)
            busy.append(time.process_time() - cpu)
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE)
    if answer.status_code != 200:
        raise RuntimeError(f"{PAGE} answered {answer.status_code}")
    slowest = sorted(asked.captured_queries, key=lambda one: -float(one["time"]))[:3]
    say = [f"{one['time']} {one['sql'][:60]} … {one['sql'][one['sql'].find(' FROM '):][:300]}" for one in slowest]
    sys.stderr.write("\n".join([*say, ""]))
    return {
        "vendor": connection.vendor, "open": sum(OPEN.values()), "queries": len(asked), "kb": len(answer.content) / 1000,
        "p50": percentile(sorted(taken), 0.5) * 1e3, "p95": percentile(sorted(taken), 0.95) * 1e3,
        "cpu": percentile(sorted(busy), 0.5) * 1e3,
    }  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure()) + "\n")
