"""What the people of a small division do in a school year, each act by the action that its page calls, and what follows.

Every matter stands beside its own reckoning: `tell` says what people do, and which reminders that must bring.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from rostrum.cases import appealing, opening
from rostrum.cases.appeal_models import Appeal
from rostrum.cases.deciding import decide
from rostrum.cases.decision_models import Decision
from rostrum.cases.models import Case
from rostrum.custody import campaigns, confirming, departures, keeping, managing
from rostrum.custody.campaign_models import HandOverCampaign
from rostrum.custody.departure_models import DepartureItem
from rostrum.demo.schoolyears import entries, span
from rostrum.guidance.actions import acknowledge
from rostrum.keys import stating
from rostrum.keys.models import ResetCall
from rostrum.keys.states import CallState
from rostrum.monitoring import deciding
from rostrum.monitoring.models import Finding
from rostrum.monitoring.scanning import capture
from rostrum.orders import giving, holds
from rostrum.orders.hold_models import CrisisHold
from rostrum.orders.models import AccountOrder
from rostrum.people.actions import add_person, appoint
from rostrum.people.models import Person
from rostrum.policies.actions import set_setting
from rostrum.policies.queries import in_force
from rostrum.registry import closing, parking, registering
from rostrum.registry.closing_models import Closing, ParkedHandle
from rostrum.registry.models import Account, Designation, Registration
from rostrum.registry.standing import change_standing
from rostrum.reviews import drawing, settling
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review
from rostrum.schoolyear.actions import Entry, add_days, add_year
from rostrum.upkeep import certifying, liveness
from rostrum.upkeep.models import Certification
from rostrum.upkeep.pausing import pause
from tests.cases.reach import opened, ruling
from tests.cast import Cast, approved, build_cast, official, typed_registration
from tests.keys.made import statement
from tests.reviews.made import end as end_review
from tests.upkeep.conftest import all_right, on
from tests.year.living import Year
from tests.year.reckoning import DAY, FIRST, LAST, Reckoning, always, calm, school

MANAGERS = ("Sofia Nguyen", "Owen Clarke")
KEEPERS = ("Marc Laurent", "Julie Gagnon")
LEAD = ("Ana Petrova",)
NAMES = ("blog", "chess", "choir", "drama", "garden", "library", "robots", "track", "yearbook", "band", "quilts", "news")
CHOSEN: dict[str, int | str] = {
    "deadline_days": "moved", "certification_windows": "autumn_spring", "certification_answer_days": 10,
    "certification_consequence": "upward", "quiet_days": 60, "reset_year_start": "asked",
    "reset_due_days.year_start": 10, "manager_reading": "required", "review_period": "half_year",
    "finding_days.minor": 8, "case_days": 5, "strike_days": 30,
}  # fmt: skip


class Story:
    """The division in the summer before, and all that happens from then on."""

    def __init__(self, year: Year, down: tuple[date, ...]) -> None:
        self.year = year
        self.due = Reckoning(lambda day: day not in down)
        with on(date(2027, 6, 15)):
            self.cast: Cast = build_cast()
            for began in (2026, 2027, 2028):
                made = add_year(*span(began), by=self.cast.communications, entries=entries(began))
                if began == 2027:
                    own = [Entry("holiday", "Kept in Alberta alone", date(2027, 10, 25), date(2027, 10, 25)),
                           Entry("holiday", "Kept in Saskatchewan alone", date(2028, 6, 21), date(2028, 6, 21))]  # fmt: skip
                    add_days(made, own, by=self.cast.communications)
            self.accounts: dict[str, Account] = {name: official(self.cast) for name in NAMES}
        self.nora = self._third_manager()
        for tell in (
            self._choices, self._reading, self._certification, self._resets, self._leaver, self._role, self._chase,
            self._orders, self._hold, self._suspension, self._small_decision, self._appeal, self._closing, self._quiet,
            self._review, self._finding, self._hand_over,
        ):  # fmt: skip
            tell()

    # -- helpers

    def _third_manager(self) -> Person:
        with on(date(2027, 6, 16)):
            cast = self.cast
            nora = add_person(email="n.vance@lpsd.ca", name="Nora Vance", home_unit=cast.school, by=None)
            named = managing.name_manager(self.accounts["yearbook"], nora, by=cast.teacher)
            managing.answer(named, by=nora, accept=True)
            return nora

    def at(self, day: date, act: Callable[[], object], hour: int = 10, minute: int = 0) -> None:
        """Something happens on a day."""
        self.year.at(day, act, hour, minute)

    def account(self, name: str) -> Account:
        """An account as it is now."""
        return Account.objects.select_related("unit", "registration").get(pk=self.accounts[name].pk)

    def _choose(self, day: date, key: str, value: Any) -> None:
        cast = self.cast
        self.at(day, lambda: set_setting(key, value, by_name=cast.communications.name, reason="The board decided.",
                                         by=cast.communications, role="communications"), 9)  # fmt: skip

    def _reset(self, account: Account) -> None:
        made = stating.make(account, statement(), by=self.cast.teacher)
        stating.confirm(made, by=self.cast.colleague)

    # -- matters

    def _choices(self) -> None:
        for key, value in CHOSEN.items():
            self._choose(date(2027, 8, 16), key, value)

    def _reading(self) -> None:
        """Managers are asked to read the procedure; the teacher has before, the others after they were asked."""
        cast = self.cast
        self.at(date(2027, 8, 30), lambda: acknowledge(in_force(), by=cast.teacher))
        self.at(date(2027, 9, 3), lambda: acknowledge(in_force(), by=cast.colleague))
        self.due.once("custody.read_asked", ["Owen Clarke", "Nora Vance"], date(2027, 8, 31))

    def _certification(self) -> None:
        """The window of September: all but one account answer; that one is late, told upward once, and answers."""
        late, day = "drama", date(2027, 9, 8)
        self.due.once("certify.asked", (*MANAGERS, "Nora Vance"), date(2027, 9, 8), calm)
        self.at(date(2027, 9, 14), lambda: self._certify_all(but=late))
        self.at(date(2027, 10, 19), lambda: self._certify_all())
        # Until four weeks after 20 September, the first school day ten days on; nobody else is asked again.
        self.due.planned("certify.reminder", MANAGERS, day + 7 * DAY, date(2027, 10, 18))
        self.due.once("certify.late", LEAD, date(2027, 9, 21))
        self.due.once("certify.asked", MANAGERS, date(2028, 5, 1), calm)
        self.at(date(2028, 5, 2), lambda: self._certify_all())
        self.due.once("certify.asked", MANAGERS, date(2028, 9, 8), calm)
        self.due.planned("certify.reminder", MANAGERS, date(2028, 9, 15), LAST)

    def _certify_all(self, but: str = "") -> None:
        left = [self.accounts[but].pk] if but else []
        for one in Certification.objects.filter(state="open").exclude(account__in=left).select_related("account"):
            certifying.answer(one, all_right(), by=self.cast.teacher)

    def _resets(self) -> None:
        """The new year asks every account; one is late. In spring the period does, once, and is taken off again."""
        day, late = date(2027, 9, 8), "robots"
        who = (*MANAGERS, "Nora Vance")
        self.due.once("keys.many_asked", who, day, calm)
        self.at(date(2027, 9, 14), lambda: self._reset_all(but=late), 11)
        self.at(date(2027, 10, 5), self._reset_all)
        self.due.sliding("keys.reminder", MANAGERS, day, date(2027, 10, 5))
        self.due.once("keys.late", (*LEAD, *KEEPERS), date(2027, 9, 23))
        self._choose(date(2028, 2, 8), "reset_days", 140)
        self.due.once("keys.many_asked", MANAGERS, date(2028, 2, 9), calm)
        self.at(date(2028, 2, 15), self._reset_all)
        self._choose(date(2028, 2, 16), "reset_days", None)
        self.due.once("keys.many_asked", MANAGERS, date(2028, 9, 8), calm)
        self.due.sliding("keys.reminder", MANAGERS, date(2028, 9, 8), LAST)

    def _reset_all(self, but: str = "") -> None:
        left = [self.accounts[but].pk] if but else []
        for call in ResetCall.objects.filter(state=CallState.OPEN).exclude(account__in=left).select_related("account"):
            call.refresh_from_db()
            if call.state == CallState.OPEN:
                self._reset(call.account)

    def _leaver(self) -> None:
        """Nora Vance leaves on a Friday afternoon; three weeks later everything of hers is handed over."""
        cast, friday = self.cast, date(2027, 10, 15)
        self.at(friday, lambda: departures.depart(self.nora, by=cast.sysadmin, reason="Moved to Edmonton."), 16)
        self.due.planned("departure.reminder", MANAGERS, friday + 7 * DAY, date(2027, 11, 9))
        self.due.sliding("keys.reminder", MANAGERS, friday, date(2027, 11, 3))
        self.at(date(2027, 11, 3), lambda: self._reset(self.account("yearbook")))
        self.at(date(2027, 11, 9), self._handed_over)

    def _handed_over(self) -> None:
        item = DepartureItem.objects.select_related("departure__person", "account__unit").get()
        confirming.confirm(item, ["hand_over", "removal", "reset"], by=self.cast.teacher)

    def _role(self) -> None:
        """The term of a school's privacy officer runs out while no job runs: what it leaves is asked for afterwards."""
        cast = self.cast

        def begins() -> None:
            ines = add_person(email="i.roy@lpsd.ca", name="Ines Roy", home_unit=cast.school, by=None)
            appoint(ines, role="privacy", unit=cast.school, by=cast.sysadmin, ends_on=date(2027, 11, 26))
            keeping.tie(self.account("choir"), ines, "recovery", by=cast.teacher)

        self.at(date(2027, 9, 14), begins, 13)
        asked = self.due.once("keys.asked", MANAGERS, date(2027, 11, 27), always)
        self.due.sliding("keys.reminder", MANAGERS, asked, date(2027, 12, 14))
        self.at(date(2027, 12, 14), lambda: self._reset(self.account("choir")))

    def _chase(self) -> None:
        """An approved account is registered five weeks late, past the change of clocks."""
        cast = self.cast
        self.at(date(2027, 10, 5), lambda: approved(cast, name="Rendell Park School Skating Club"), 13)
        self.due.sliding("request.register_reminder", ["Sofia Nguyen"], date(2027, 10, 5), date(2027, 11, 9))
        self.at(date(2027, 11, 9), self._registered, 13)

    def _registered(self) -> None:
        cast = self.cast
        form = Registration.objects.get(request__name="Rendell Park School Skating Club")
        registering.save(form, typed_registration(form, cast), by=cast.teacher)
        form = registering.send(form, by=cast.teacher)
        for named in form.designations.filter(accepted_at=None):
            registering.answer_designation(named, by=named.person, accept=True)
        self.accounts["skating"] = registering.confirm(form, by=cast.communications)

    def _orders(self) -> None:
        """One order is late from a holiday on; another through an outage of a week. Both are carried out."""
        everybody = (*MANAGERS, *LEAD, *KEEPERS)
        for name, given, due, reminded, done in (
            ("garden", date(2027, 11, 2), date(2027, 11, 10), date(2027, 11, 9), date(2027, 11, 16)),
            ("library", date(2027, 11, 9), date(2027, 11, 19), date(2027, 11, 18), date(2027, 12, 7)),
        ):
            self.at(given, self._order(name, due), 14)
            self.due.once("order.due", MANAGERS, reminded)
            self.due.planned("order.late", everybody, due + DAY, done)
            self.at(done, self._fulfil(name), 14)

    def _order(self, name: str, due: date) -> Callable[[], object]:
        return lambda: giving.give(
            self.account(name), by=self.cast.communications, kind="name", what="Put the school's name into the profile.",
            clause="1.3", reason="Nobody can tell whose it is.", due_on=due,
        )  # fmt: skip

    def _fulfil(self, name: str) -> Callable[[], object]:
        def act() -> None:
            order = AccountOrder.objects.get(account=self.accounts[name])
            giving.fulfil(order, by=self.cast.teacher, reason="It is there now.")
            order.refresh_from_db()
            giving.confirm(order, by=self.cast.communications)

        return act

    def _hold(self) -> None:
        """A crisis hold from a Friday evening; its time is over on Sunday, and it stands until Wednesday."""
        cast = self.cast

        def place() -> None:
            end = datetime.combine(date(2028, 2, 13), time(11, 30), tzinfo=timezone.get_default_timezone())
            wanted = holds.Wanted("freeze", "chosen", end, "A lock-down at the school.", chosen=(self.accounts["track"].pk,))
            holds.place(wanted, by=cast.communications)

        self.at(date(2028, 2, 11), place, 18)
        self.due.planned("hold.over", KEEPERS, date(2028, 2, 13), date(2028, 2, 15), every=1, gate=always)
        self.at(date(2028, 2, 16), lambda: holds.lift(CrisisHold.objects.get(), by=cast.communications, reason="All is well."))

    def _suspension(self) -> None:
        """Suspended with a day on which to ask, in the week before a break, the leap day after it."""
        cast, ends = self.cast, date(2028, 2, 18)
        self.at(date(2028, 1, 11), lambda: change_standing(
            self.account("band"), "suspend", by=cast.communications, reason="Pictures without consent.", ends_on=ends,
            condition="Take the pictures down."), 10)  # fmt: skip
        self.due.planned("standing.ended", KEEPERS, ends, date(2028, 3, 7))
        self.at(date(2028, 3, 7), lambda: change_standing(
            self.account("band"), "restore", by=cast.communications, reason="They are down."), 10)  # fmt: skip

    def _small_decision(self) -> None:
        """A warning that nobody appeals: it ends by its own day, and the managers hear so once."""
        cast, decided = self.cast, date(2027, 9, 21)
        case: list[Case] = []
        self.at(date(2027, 9, 20), lambda: case.append(opened(cast, self.account("news"))))
        self.at(decided, lambda: decide(case[0], by=cast.communications, ruling=ruling(case[0], "warning")))
        self.due.once("decision.strike_ended", MANAGERS, decided + 31 * DAY, always)

    def _appeal(self) -> None:
        """A decision is appealed late in the evening; the Director overturns it after the Easter break."""
        cast, decided = self.cast, date(2028, 3, 21)
        # Five school days from 7 March: over the weekend on which the clocks change.
        self.at(date(2028, 3, 7), lambda: opened(cast, self.account("track")), 13)
        self.due.planned("case.due", KEEPERS, date(2028, 3, 14), decided)

        def decides() -> None:
            case = Case.objects.get(account=self.accounts["track"])
            decide(case, by=cast.communications, ruling=ruling(case, "warning", "content", do_by=date(2028, 3, 28)))

        def decision() -> Decision:
            return Decision.objects.get(account=self.accounts["track"])

        self.at(decided, decides)
        self.due.planned("decision.to_do", (*MANAGERS, *LEAD), date(2028, 3, 26), date(2028, 3, 29))
        self.due.planned("decision.late", KEEPERS, date(2028, 3, 29), date(2028, 3, 29))
        self.at(date(2028, 3, 28), lambda: appealing.lodge(decision(), by=cast.teacher, reasons="It was a joke."), 20, 30)
        self.at(date(2028, 3, 29), lambda: self._taken_down(decision()))
        self.due.planned("appeal.still", ["Dana Whitford"], date(2028, 4, 4), date(2028, 4, 25))
        self.due.once("decision.strike_ended", MANAGERS, decided + 31 * DAY, always)
        self.at(date(2028, 4, 25), lambda: appealing.overturn(
            Appeal.objects.get(), by=cast.director, reason="The clause does not reach it."))  # fmt: skip

    def _taken_down(self, decision: Decision) -> None:
        from rostrum.cases.deciding import report_done

        report_done(decision, by=self.cast.teacher, note="The post is down.")

    def _closing(self) -> None:
        """Closed in a hurry; the checklist is owed, done late; its name is parked and looked after in May."""
        cast, due = self.cast, date(2027, 9, 30)
        self.at(date(2027, 9, 15), lambda: change_standing(
            self.account("quilts"), "close", by=cast.communications, reason="Stolen.", checklist_due=due), 10)  # fmt: skip
        self.due.planned("closing.owed", (*MANAGERS, *KEEPERS), due, date(2027, 10, 12))
        self.at(date(2027, 10, 12), self._checklist)
        renewal = date(2028, 5, 1)
        self.due.planned("parking.renew", (*KEEPERS, "Sofia Nguyen"), renewal, date(2028, 5, 9))
        self.at(date(2028, 5, 9), lambda: parking.renew(
            ParkedHandle.objects.get(), by=cast.communications, day=date(2029, 5, 1)))  # fmt: skip

    def _checklist(self) -> None:
        it = Closing.objects.get(account=self.accounts["quilts"])
        said = {
            "told": ("told", "Families, by letter."), "archive": ("taken", "Office drive."),
            "keys": ("recovered", "Office vault."), "handle": ("parked", ""), "notice": ("none", "Nobody read it."),
        }  # fmt: skip
        for item, (answer, detail) in said.items():
            day = date(2028, 5, 1) if item == "handle" else None
            closing.answer(it, item, by=self.cast.teacher, answer=answer, detail=detail, day=day)
        it.refresh_from_db()
        closing.finish(it, by=self.cast.communications)

    def _quiet(self) -> None:
        """An account falls silent in September; a post, then a pause over the summer."""
        cast, post, again = self.cast, date(2027, 9, 7), date(2028, 2, 8)
        self.at(post, lambda: liveness.note_post(self.account("blog"), post, by=cast.teacher))
        # Sixty days end on a Saturday, so on the Monday after it, 8 November; then every thirty days.
        self.due.planned("quiet.reminder", MANAGERS, date(2027, 11, 8), again, every=30)
        self.at(again, lambda: liveness.note_post(self.account("blog"), again, by=cast.teacher))
        # Sixty days end on Saturday 8 April. The pause begins on the last day of school.
        self.due.planned("quiet.reminder", MANAGERS, date(2028, 4, 10), date(2028, 6, 28), every=30)
        self.at(date(2028, 6, 29), lambda: pause(
            self.account("blog"), by=cast.teacher, reason="Summer.", ends_on=date(2028, 9, 20), is_summer=True), 3)  # fmt: skip

    def _review(self) -> None:
        """A sample of one is drawn in October; its review waits, finds something, and that is put right."""
        cast = self.cast
        for day in (date(2027, 9, 1), date(2028, 3, 1), date(2028, 9, 1)):
            self.due.once("reviews.sample_due", KEEPERS, day, calm)
        drawn, reviewed, fixed, settled = date(2027, 10, 19), date(2027, 11, 2), date(2027, 11, 17), date(2027, 12, 2)
        self.at(drawn, lambda: drawing.draw(cast.division, starts_on=date(2027, 9, 1), ends_on=date(2028, 2, 29),
                                            by=cast.communications, wanted=1, seed="a seed"))  # fmt: skip
        self.at(reviewed, lambda: end_review(Review.objects.get(), ["name"]))
        self.at(fixed, lambda: settling.fix(ReviewFinding.objects.get(), by=cast.teacher, reason="It says the school now."))
        self.at(settled, lambda: settling.settle(ReviewFinding.objects.get(), by=self.reviewer()))
        self.reviewed = (drawn, reviewed, fixed, settled)
        # Whoever the draw hands it to: known once it is drawn, and reckoned then (see `reckon_review`).

    def reviewer(self) -> Person:
        """Who made the review of the sample."""
        person = Review.objects.get().reviewer
        assert person is not None
        return person

    def reckon_review(self) -> None:
        """The reminders of the review, once it is known to whom the draw handed it."""
        drawn, reviewed, fixed, settled = self.reviewed
        who = [self.reviewer().name]
        self.due.planned("reviews.reminder", who, drawn + 7 * DAY, reviewed)
        self.due.planned("reviews.finding_reminder", MANAGERS, reviewed + 7 * DAY, fixed)
        # Eight days or school days: by 12 November at the latest it is late on the school day after.
        due = ReviewFinding.objects.get().due_on
        assert due is not None
        self.due.planned("reviews.late", LEAD, due + DAY, fixed)
        self.due.planned("reviews.judge_reminder", who, fixed + 7 * DAY, settled)

    def _finding(self) -> None:
        """A rule finds a private number in a post; the principal makes it a task, which is done late."""
        cast, due = self.cast, date(2028, 1, 14)

        def keep() -> None:
            account = self.account("chess")
            capture(account, by=cast.teacher, address=f"{account.address.rstrip('/')}/posts/1",
                    text="Text Coach Kim at 306-967-3058 for a ride.")  # fmt: skip

        def finding() -> Finding:
            return Finding.objects.select_related("account__unit").get(rule="person.phone")

        self.at(date(2028, 1, 11), keep, 14)
        self.at(date(2028, 1, 11), lambda: deciding.confirm(finding(), by=cast.principal, task="edit", due_on=due), 15)
        self.due.once("finding.late", (*MANAGERS, *LEAD), due + DAY)
        self.at(date(2028, 1, 18), lambda: deciding.answer(finding(), by=cast.teacher, reason="I changed it."))
        self.at(date(2028, 1, 18), lambda: deciding.accept(finding(), by=cast.principal), 11)

    def _hand_over(self) -> None:
        """The campaign of June: asked, reminded weekly, answered in the third week, ended by the clock."""
        cast, begun, ends = self.cast, date(2028, 5, 30), date(2028, 6, 27)
        self.at(begun, lambda: campaigns.start(cast.school, by=cast.principal, name="June", ends_on=ends))
        self.due.planned("handover.reminder", MANAGERS, begun + 7 * DAY, date(2028, 6, 20))
        self.at(date(2028, 6, 20), self._everybody_stays)
        self.due.once("handover.ended_whole", (*LEAD, *KEEPERS), ends + DAY, always)

    def _everybody_stays(self) -> None:
        for line in HandOverCampaign.objects.get().lines.select_related("account__unit", "campaign__unit"):
            campaigns.answer(line, by=self.cast.teacher)


__all__ = ["DAY", "FIRST", "LAST", "Designation", "Story", "opening", "school", "timedelta"]
