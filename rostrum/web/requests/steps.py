"""The pages of a form that is data: one step at a time, saved as typed, and the check before it is sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.core.dates import hour
from rostrum.core.errors import Invalid, Overtaken
from rostrum.policies.queries import text
from rostrum.registry.answers import Raw, keep
from rostrum.registry.checks import Note
from rostrum.registry.queries import status_of
from rostrum.web.access import StaffRequest, new_key, perform
from rostrum.web.answers import wants_json
from rostrum.web.requests.access import pointing_to, record_url, seen_version
from rostrum.web.requests.flow import CHECK, Findings, Flow
from rostrum.web.requests.sheet import Sheet, differences, posted, with_rows
from rostrum.web.requests.showing import facts_of
from rostrum.web.requests.widgets import near_people
from rostrum.web.requests.wording import Titles

LEVELS = {"problem": "error", "flag": "warning", "hint": "info", "good": "success"}


def typed_pairs(section: Any, data: QueryDict) -> list[tuple[str, str]]:
    """(question, answer) for what a step's form sent, to be shown back on a page of refusal."""
    return [(text(item.label), value) for item in section.fields for value in data.getlist(item.key)]


def said(notes: list[Note]) -> list[dict[str, Any]]:
    """Notes for the template, each message once."""
    once = {note.message: note for note in notes}
    return [{"tone": LEVELS[n.level], "text": n.message, "clause": n.clause} for n in once.values()]


def live_notes(section: Any, found: Findings, answers: Raw) -> dict[str, list[Note]]:
    """What there is to say beside each field of a step: notes, and answers that cannot be read."""
    notes: dict[str, list[Note]] = {}
    for item in section.fields:
        here = list(found.notes.get(item.key, []))
        problem = found.reading.problems.get(item.key)
        if problem and any(v.strip() for v in answers.get(item.key, [])):
            here.insert(0, Note(item.key, "problem", problem))
        notes[item.key] = here
    return notes


def show_step(
    http: StaffRequest,
    flow: Flow,
    section: Any,
    *,
    answers: Raw | None = None,
    wrong: bool = False,
    refused: Invalid | None = None,
    theirs: list[Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one step, with the saved answers or with what was just typed."""
    typed = flow.answers if answers is None else answers
    found = flow.findings(keep(flow.definition, typed))
    problems = found.problems if wrong else {}
    general: list[str] = []
    if refused:
        problems = {**problems, **{key: messages_[0] for key, messages_ in refused.fields.items()}}
        general = [] if refused.fields else [refused.message]
    sheet = Sheet(flow.definition, section, typed, problems, general, flow.request.edition)
    notes = live_notes(section, found, typed)
    parts = [
        {
            "field": bound,
            "cards": flow_type(section, bound.name) == "platform",
            "notes": [] if bound.errors else said(notes[bound.name]),
        }
        for bound in sheet
    ]
    keys = [one.key for one in flow.definition.sections]
    place = Titles([flow.request]).place
    context = {
        "flow": flow,
        "section": section,
        "form": sheet,
        "parts": parts,
        "steps": flow.steps(found, section.key),
        "title": text(section.title),
        "form_title": text(flow.definition.title),
        "intro": text(flow.definition.intro),
        "number": keys.index(section.key) + 1,
        "count": len(keys) + 1,
        "first": section.key == keys[0],
        "version": flow.version,
        "key": new_key(),
        "wrong": wrong or bool(refused),
        "near": near_people(http.user),
        "comment": "" if theirs is not None else comment_of(flow),
        "action": flow.url(section.key),
        "theirs": facts_of(
            _only(section, theirs), flow.answers, flow.findings(flow.answers).reading, place=place, keep=True
        )
        if theirs
        else [],
        "saved": bool(flow.request.ref),
        "back": record_url(flow.request) if flow.request.ref else "",
    }
    return render(http, "web/requests/step.html", context, status=status)


class _only:
    """A section with some of its fields."""

    def __init__(self, section: Any, fields: list[Any]) -> None:
        self.key, self.title, self.fields = section.key, section.title, fields


def flow_type(section: Any, key: str) -> str:
    """The type of a section's field."""
    return next((str(item.type) for item in section.fields if item.key == key), "")


def comment_of(flow: Flow) -> str:
    """The comment with which the form came back, if it did."""
    thing = getattr(flow, "registration", flow.request)
    return str(thing.last_comment) if thing.state == "returned" else ""


def destination(http: StaffRequest, flow: Flow, section: Any) -> str:
    """Where a saved step goes on: Next stays while something is wrong, unless it is left for later."""
    go = http.POST.get("_go", "next")
    if http.POST.get("_add") or http.POST.get("_remove"):
        return f"{flow.url(section.key)}#{section.key}-rows"
    if go == "back":
        return flow.url(flow.before(section.key) or section.key)
    if go == "later":
        messages.success(http, _("Saved. You can go on later, on another device too."))
        return record_url(flow.request)
    if go == CHECK or (go != "next" and flow.section(go)):
        return flow.url(go)
    found = flow.findings(flow.answers)
    if go != "skip" and any(item.key in found.problems for item in section.fields):
        return f"{flow.url(section.key)}?problems=1"
    return flow.url(flow.after(section.key))


def save_step(http: StaffRequest, flow: Flow, section: Any) -> HttpResponse:
    """Keep one step as typed and go on. Two windows: the other's answers are shown beside one's own (409)."""
    sent = with_rows(posted(section, http.POST), http.POST.get("_add", ""), http.POST.get("_remove", ""))
    raw = flow.completed(sent)
    with pointing_to(flow.request, typed_pairs(section, http.POST)):
        flow.check_may_fill(http.user)
        if wants_json(http):
            flow.save(raw, by=http.user, seen=seen_version(http.POST))
            return JsonResponse(live_answer(flow, section, sent))

        def act() -> str:
            flow.save(raw, by=http.user, seen=seen_version(http.POST))
            return destination(http, flow, section)

        try:
            return perform(http, act)
        except Invalid as refused:
            return show_step(
                http, flow, section, answers={**flow.answers, **raw}, refused=refused, status=422
            )
        except Overtaken:
            theirs = differences(section, raw, flow.answers)
            if not theirs:  # the same answers are there already, for example saved quietly a moment before
                return HttpResponseRedirect(destination(http, flow, section))
            return show_step(http, flow, section, answers={**flow.answers, **raw}, theirs=theirs, status=409)


def live_answer(flow: Flow, section: Any, raw: Raw, *, saved: bool = True) -> dict[str, Any]:
    """What the page's script gets for a step sent quietly: the new version, the words beside each field."""
    answers = flow.answers if saved else keep(flow.definition, {**flow.answers, **raw})
    found = flow.findings(answers)
    notes = live_notes(section, found, answers)
    chosen = {
        item.key: answers[item.key][0]
        for item in section.fields
        if item.type == "platform" and not any(raw.get(item.key, [])) and answers.get(item.key)
    }
    return {
        "version": flow.version,
        "saved": _("Saved at %(time)s.") % {"time": hour(clock.now())} if saved else "",
        "choose": chosen,
        "help": {
            key: render_to_string("web/requests/notes.html", {"notes": said(here)}).strip()
            for key, here in notes.items()
        },
    }


def show_check(
    http: StaffRequest, flow: Flow, *, refused: Invalid | None = None, status: int = 200
) -> HttpResponse:
    """Every answer before sending: what is wrong, what a person will look at, how to change it."""
    found = flow.findings(flow.answers)
    if refused:
        found.problems.update({key: messages_[0] for key, messages_ in refused.fields.items()})
    place = Titles([flow.request]).place
    sections = [
        {
            "title": text(one.title),
            "url": flow.url(one.key),
            "key": one.key,
            "facts": facts_of(one, flow.answers, found.reading, found.problems, place=place, keep=True),
        }
        for one in flow.definition.sections
    ]
    wrong = [fact for one in sections for fact in one["facts"] if fact["problem"]]
    notes = [note for here in found.notes.values() for note in here if note.level != "problem"]
    context = {
        "flow": flow,
        "sections": sections,
        "steps": flow.steps(found, CHECK),
        "notes": said(notes),
        "problems": [
            {"message": f["problem"], "label": f["label"], "anchor": f"change-{f['key']}"} for f in wrong
        ]
        if refused
        else [],
        "lacking": len(wrong),
        "form_title": text(flow.definition.title),
        "version": flow.version,
        "key": new_key(),
        "edition": flow.definition.edition,
        "edition_note": text(flow.definition.edition_note),
        "clause": f"{flow.request.edition}#{flow.definition.clause}",
        "comment": comment_of(flow),
        "back": flow.url(flow.before(CHECK)),
    }
    return render(http, "web/requests/check.html", context, status=status)


def send_form(http: StaffRequest, flow: Flow) -> HttpResponse:
    """Send the whole form, once; what is missing is shown again with the way to it (422)."""

    def act() -> str:
        flow.send(by=http.user, seen=seen_version(http.POST))
        status = status_of(flow.request, http.user)
        words = {"done": flow.done, "waiting": status.word, "next": status.next_step}
        messages.success(http, _("%(done)s %(waiting)s. %(next)s") % words)
        return record_url(flow.request)

    with pointing_to(flow.request):
        try:
            return perform(http, act)
        except Invalid as refused:
            if not refused.fields:
                raise
            return show_check(http, flow, refused=refused, status=422)


def any_step(http: StaffRequest, flow: Flow, step: str) -> HttpResponse:
    """Show or save a step of either form."""
    section = flow.section(step)
    if section is None and step != CHECK:
        raise Http404
    if http.method == "POST":
        return send_form(http, flow) if section is None else save_step(http, flow, section)
    with pointing_to(flow.request):
        flow.check_may_fill(http.user)
    if section is None:
        return show_check(http, flow)
    return show_step(http, flow, section, wrong="problems" in http.GET)
