"""The page on which a principal says, for all accounts of a school at once, whose they are. Made for a phone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from rostrum.core.errors import Invalid, NotAllowed, Refusal
from rostrum.people.models import Person, Unit
from rostrum.people.queries import may
from rostrum.policies.rolewords import keeper
from rostrum.registry import known
from rostrum.registry.answers import find_person
from rostrum.registry.known_models import KnownAccount, NoOthers
from rostrum.registry.known_queries import Deciders, undecided_of
from rostrum.registry.platforms import label_of
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.wording import Places
from rostrum.web.known.wording import tabs
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture

MOST = 40  # on one page; the others come after these are sent
MANY = 3  # from so many on a page, one answer for all that have none
OTHER = "other"
PARTS = ("answer", "manager", "other", "reason", "seen")


def _fields(posted: QueryDict, pk: int) -> dict[str, str]:
    return {part: posted.get(f"{part}-{pk}", "") for part in PARTS}


def _refuse_unknown(posted: QueryDict, rows: list[KnownAccount]) -> None:
    """A form of this page holds nothing but these fields. Accounts decided meanwhile are passed over, not refused."""
    for name in posted:
        part, _dash, number = name.partition("-")
        if name in {"csrfmiddlewaretoken", "_key", "no_others", "rest", "rest_manager"} or (part in PARTS and number.isdigit()):
            continue
        raise Invalid(_("This form has no such fields: %(names)s.") % {"names": name[:40]})


def _manager(typed: dict[str, str], pk: int, people: dict[str, Person]) -> Person | None:
    chosen = typed["manager"]
    if chosen == OTHER:
        try:
            return find_person(typed["other"][:254])
        except ValueError as error:
            raise Invalid(str(error), fields={f"manager-{pk}": [str(error)]}) from None
    return people.get(chosen)


def _decisions(posted: QueryDict, rows: list[KnownAccount], people: dict[str, Person]) -> list[known.Decision]:
    """What was answered. Raises Invalid with every problem, by field."""
    found: list[known.Decision] = []
    problems: dict[str, list[str]] = {}
    for row in rows:
        typed = _fields(posted, row.pk)
        if not typed["answer"] and posted.get("rest") == "ours" and typed["seen"]:  # only what stood on the page
            typed |= {"answer": "ours", "manager": typed["manager"] or posted.get("rest_manager", "")}
        if not typed["answer"]:
            continue
        try:
            manager = _manager(typed, row.pk, people) if typed["answer"] == "ours" else None
        except Invalid as refusal:
            problems |= refusal.fields
            continue
        seen = typed["seen"]
        found.append(
            known.Decision(
                row, typed["answer"][:20], manager, typed["reason"],
                int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else seen_version(QueryDict()),
            )
        )  # fmt: skip
    if problems:
        raise Invalid(_("Some answers need a look. Nothing was sent yet."), fields=problems)
    return found


def _people(home: Unit, rows: list[KnownAccount], me: Person) -> dict[str, Person]:
    """Who may be named without typing: the school's own people, those named in the list, and the reader."""
    within = Person.objects.filter(is_active=True, home_unit__path__startswith=home.path).order_by("name")
    found = {person.email: person for person in (within if home.parent_id else within.filter(home_unit=home))}
    found |= {row.manager.email: row.manager for row in rows if row.manager and row.manager.is_active}
    found[me.email] = me
    return dict(sorted(found.items(), key=lambda item: item[1].name))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Say whose the known accounts of a school are: ours, not ours, or ours and out of reach (AP 193 1.2, 3.1)."""
    me = request.user
    home = get_object_or_404(Unit, pk=pk)
    every = undecided_of(home)
    deciders = Deciders([home, *(one.unit for one in every)])

    def mine(unit: Unit) -> bool:
        return any(p.pk == me.pk for p in deciders.of(unit).people)

    rows = [one for one in every if mine(one.unit)]
    if not rows and not mine(home):
        return _not_mine(request, home, every, deciders)
    shown, people = rows[:MOST], _people(home, rows, me)
    refused: Invalid | None = None
    if request.method == "POST":

        def act() -> str:
            _refuse_unknown(request.POST, rows)
            decisions = _decisions(request.POST, rows, people)
            known.decide(home, decisions, by=me, no_others=request.POST.get("no_others") == "yes")
            count = len(decisions)
            if count:
                said = ngettext("Your answer is sent.", "Your %(count)d answers are sent.", count) % {"count": count}
            else:
                said = _("Your answer is kept, with today's date.")
            messages.success(request, _("%(said)s Told of it: %(keeper)s.") % {"said": said, "keeper": keeper()})
            left = len(rows) - count
            return reverse("web:known_decide", args=[pk]) if left else reverse("web:known_schools")

        try:
            return perform(request, act)
        except Invalid as refusal:
            refused = refusal
        except Refusal as refusal:
            refusal.url = refusal.url or reverse("web:known_decide", args=[pk])
            raise
    return _page(request, home, shown, len(rows), people, refused)


def _not_mine(request: StaffRequest, home: Unit, every: list[KnownAccount], deciders: Deciders) -> HttpResponse:
    """Whoever may read is told who decides; others learn nothing."""
    if not may(request.user, "known:view", home):
        raise Http404
    turn = deciders.of(every[0].unit if every else home)
    names = ", ".join(p.short_name for p in turn.people) or "-"
    raise NotAllowed(
        _("It is not for you to say whose these accounts are. It is waiting for %(names)s.") % {"names": names},
        url=f"{reverse('web:known_list')}?school={home.code}",
    )


def _page(
    request: StaffRequest, home: Unit, rows: list[KnownAccount], count: int, people: dict[str, Person],
    refused: Invalid | None,
) -> HttpResponse:  # fmt: skip
    wrong = refused.fields if refused else {}
    places = Places([*(row.unit for row in rows), home])
    cards: list[dict[str, Any]] = []
    problems: list[dict[str, str]] = []
    for row in rows:
        typed = _fields(request.POST, row.pk)
        if not refused:
            typed |= {"manager": row.manager.email if row.manager else "", "seen": str(row.version)}
        said = {part: " ".join(wrong.get(f"{part}-{row.pk}", [])) for part in ("answer", "manager", "reason")}
        problems += [
            {"anchor": f"{part}-{row.pk}", "message": f"{row}: {message}"} for part, message in said.items() if message
        ]
        cards.append({
            "it": row, "typed": typed, "said": said, "icon": picture(row.platform), "platform": label_of(row.platform),
            "place": places.of(row.unit) if row.unit_id != home.pk else "",
        })  # fmt: skip
    if refused and not problems:
        problems.append({"anchor": "", "message": refused.message})
    context = {
        "home": home, "cards": cards, "problems": problems, "people": list(people.values()), "count": count,
        "more": count - len(rows), "word": NoOthers.objects.filter(unit=home).select_related("said_by").first(),
        "no_others": request.POST.get("no_others") == "yes", "tabs": tabs(request.user, ""),
        "key": new_key(), "is_home": True, "many": len(rows) >= MANY, "rest": request.POST.get("rest", ""),
        "rest_manager": request.POST.get("rest_manager", ""),
    }  # fmt: skip
    return render(request, "web/known/decide.html", context, status=422 if refused else 200)
