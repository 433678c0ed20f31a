"""What others may ask about hand-over campaigns: those I may read, what is missing of each account, each school's sum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.custody.board import Row, board
from rostrum.custody.campaign_models import HandOverAnswer, HandOverCampaign, HandOverLine
from rostrum.custody.campaign_states import CampaignState, LineState
from rostrum.custody.models import HelperGroup
from rostrum.custody.queries import LIVING, managers_wanted
from rostrum.people.models import Person, Unit
from rostrum.people.queries import may, seen_units
from rostrum.registry.models import Account, Designation
from rostrum.registry.queries import has_posts
from rostrum.registry.states import LIVE


def campaigns() -> QuerySet[HandOverCampaign]:
    """All campaigns with the rows that every page about them needs."""
    return HandOverCampaign.objects.select_related("unit", "started_by")


def lines() -> QuerySet[HandOverLine]:
    """The lines of all campaigns about accounts that are still live."""
    return HandOverLine.objects.filter(account__state__in=LIVE).select_related(
        "campaign__unit", "account__unit", "account__registration", "answered_by"
    )


def _managed(person: Person) -> Any:
    return Designation.objects.filter(LIVING, person=person).values("registration")


def lines_visible_to(person: Person) -> QuerySet[HandOverLine]:
    """The lines that a person may read: by role at the account's unit, or as its living manager."""
    if not person.is_active:
        return lines().none()
    units = seen_units(person, "account:view")
    if units is None:
        return lines()
    return lines().filter(Q(account__unit__in=units) | Q(account__registration__in=_managed(person)))


def campaigns_visible_to(person: Person) -> QuerySet[HandOverCampaign]:
    """The campaigns that a person may read: those with a line of theirs, and those of places that they lead."""
    if not person.is_active:
        return campaigns().none()
    units = seen_units(person, "account:view")
    if units is None:
        return campaigns()
    mine = lines_visible_to(person).order_by().values("campaign")
    return campaigns().filter(Q(pk__in=mine) | Q(unit__in=units))


def may_start(person: Person, unit: Unit) -> bool:
    """Whether a person may start a campaign for a place: whoever leads it, and Communications."""
    return may(person, "handover:campaign", unit)


def running_over(accounts: Iterable[int]) -> set[int]:
    """Those of these accounts that stand in a campaign that runs."""
    found = HandOverLine.objects.filter(account__in=list(accounts), campaign__state=CampaignState.RUNNING)
    return set(found.values_list("account", flat=True))


@dataclass
class Seen:
    """One line with its account's people, what was said of each, and what is still missing, in whole sentences."""

    line: HandOverLine
    row: Row
    stays: list[Person] = field(default_factory=list)
    goes: list[Person] = field(default_factory=list)
    groups_go: list[HelperGroup] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        """Answered, and nothing is missing."""
        return self.line.state == LineState.ANSWERED and not self.missing


def people_of(row: Row) -> list[Person]:
    """Everyone who is asked about: living managers, living holders of access, and those tied to the account."""
    found: dict[int, Person] = {}
    for person in (*(one.person for one in row.managers), *row.inside, *(one.person for one in row.ties)):
        if person.is_active:
            found.setdefault(person.pk, person)
    return sorted(found.values(), key=lambda one: one.name)


def seen(many: Collection[HandOverLine]) -> list[Seen]:
    """Lines with what is missing of each. The queries do not grow with them."""
    shown = board([one.account for one in many])
    rows = {row.account.pk: row for row in shown.rows}
    answers: dict[int, list[HandOverAnswer]] = defaultdict(list)
    for one in HandOverAnswer.objects.filter(line__in=many).select_related("person", "group"):
        answers[one.line_id].append(one)
    wanted = managers_wanted()
    return [_seen(line, rows[line.account_id], answers[line.pk], shown.leaves, wanted) for line in many]


def _seen(line: HandOverLine, row: Row, answers: list[HandOverAnswer], leaves: dict[int, Any], wanted: int) -> Seen:
    found = Seen(line, row)
    gone: set[int | None] = {one.person_id for one in answers if one.goes and one.person_id}
    gone_groups: set[int | None] = {one.group_id for one in answers if one.goes and one.group_id}
    found.goes = [one.person for one in answers if one.goes and one.person]
    found.groups_go = [one.group for one in answers if one.goes and one.group]
    staying = [one.person for one in row.managers if one.person_id not in gone and one.person_id not in leaves]
    found.stays = staying
    if line.state == LineState.OPEN:
        found.missing.append(_("Nobody has said yet who stays and who goes."))
    if not staying:
        found.missing.append(_("Nobody who stays manages it: name a content manager."))
    elif len(staying) < wanted:
        words = ngettext("Only %(n)d manager stays: name another one.", "Only %(n)d managers stay: name another one.",
                         len(staying))  # fmt: skip
        found.missing.append(words % {"n": len(staying)})
    found.missing += _still_there(found, row, gone, gone_groups)
    return found


def _still_there(found: Seen, row: Row, gone: set[int | None], gone_groups: set[int | None]) -> list[str]:
    """What those who go still hold, and the reset that follows once they are out."""
    said = []
    for designation in row.managers:
        if designation.person_id in gone:
            said.append(_("%(name)s goes and still manages it: hand over.") % {"name": designation.person.name})
    still_inside = [one for one in row.holders if one.person_id in gone]
    for holder in still_inside:
        said.append(_("%(name)s goes and can still get in: take the access away.") % {"name": holder.name})
    for tie in row.ties:
        if tie.person_id in gone:
            said.append(_("%(name)s goes and is still noted: %(kind)s.")
                        % {"name": tie.person.name, "kind": tie.get_kind_display()})  # fmt: skip
    for group in row.groups:
        if group.pk in gone_groups:
            said.append(_("The group “%(label)s” goes and still helps: end it.") % {"label": group.label})
        elif group.adult_id in gone or not group.adult.is_active:
            said.append(_("The group “%(label)s” needs another adult.") % {"label": group.label})
    answered = found.line.answered_at
    if gone and not still_inside and answered and (row.reset is None or row.reset.made_at <= answered):
        said.append(_("Reset the account information now that they are out."))
    return said


def is_settled(line: HandOverLine) -> bool:
    """Whether nothing of a line is missing."""
    return seen([line])[0].settled


def waiting_for(person: Person) -> list[HandOverLine]:
    """The lines of running campaigns that a person, as a living manager, has not answered yet."""
    if not has_posts(person):
        return []
    found = lines().filter(campaign__state=CampaignState.RUNNING, state=LineState.OPEN,
                           account__registration__in=_managed(person))  # fmt: skip
    return list(found.order_by("campaign__ends_on", "account__name", "pk"))


def answerable(person: Person, accounts: Iterable[Account]) -> set[int]:
    """Those of these accounts of which a person may say who stays: as their living manager, by leading, by keeping.

    One query, however many accounts there are.
    """
    mine = set(Designation.objects.filter(LIVING, person=person).values_list("registration", flat=True))
    return {
        one.pk
        for one in accounts
        if may(person, "handover:answer", one.unit, {"manager"} if one.registration_id in mine else ())
    }


def may_answer(person: Person, account: Account) -> bool:
    """Whether a person may say of one account who stays."""
    return account.pk in answerable(person, [account])
