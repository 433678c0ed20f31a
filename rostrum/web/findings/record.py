"""One finding on one screen: what the rule says, the words around it, who has it, what happened; and every act on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rostrum.audit.queries import history_many
from rostrum.core import clock
from rostrum.monitoring.deciding import deciders, due_day
from rostrum.monitoring.models import Finding
from rostrum.monitoring.queries import allowed, exactness, following, judges, looked_at, to_judge, visible_to
from rostrum.monitoring.states import LIVE_FINDINGS, Ground, Task
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.registry.queries import managed_by
from rostrum.web.access import StaffRequest, new_key, signed_in
from rostrum.web.accounts.wording import Places
from rostrum.web.cases.carrying import carry
from rostrum.web.evidence import evidence_file
from rostrum.web.findings.wording import excerpt, facts_words, level_badge, state_badge, words_of
from rostrum.web.requests.wording import picture, timeline

UNDO = timedelta(minutes=1)
KEYS = {"false_alarm": "1", "allowed": "2", "settled": "3", "small": "4"}


def the_finding(person: Person, pk: int) -> Finding:
    """A finding that the person may read; otherwise there is nothing at this address (404)."""
    found = visible_to(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def undo_of(request: StaffRequest) -> Finding | None:
    """The finding that the reader dismissed within the last minute and may take back, named in the address."""
    done = request.GET.get("done", "")[:12]
    if not done.isdecimal() or not done.isascii():
        return None
    found = visible_to(request.user).filter(pk=int(done), state="dismissed", decided_by=request.user).first()
    return found if found and found.decided_at and found.decided_at > clock.now() - UNDO else None


def tasks_for(finding: Finding) -> list[tuple[str, str]]:
    """What a manager can be asked about a post, or about an account."""
    wanted = (Task.TAKE_DOWN, Task.EDIT, Task.EXPLAIN) if finding.post_id else (Task.MEND, Task.EXPLAIN)
    return [(one.value, str(one.label)) for one in wanted]


@require_safe
@signed_in
def finding(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything about one finding. For whoever decides: each act is one key away, and the next one follows."""
    me = request.user
    it = the_finding(me, pk)
    moves = {move.name: move for move in allowed(me, it)}
    words, unit = words_of(it), it.account.unit
    waiting = to_judge(me).count() if judges(me) else 0
    mine = it.state in LIVE_FINDINGS and judges(me) and managed_by(me).filter(pk=it.account_id).exists()
    context: dict[str, Any] = {
        "it": it, "rule": words, "badge": state_badge(it), "level": level_badge(it), "facts": facts_words(it),
        "excerpt": excerpt(it), "place": Places([unit]).of(unit), "icon": picture(it.account.platform),
        "moves": moves, "grounds": [(value, label, KEYS[value]) for value, label in Ground.choices],
        "tasks": tasks_for(it), "due": due_day(), "key": new_key(), "undo": undo_of(request), "waiting": waiting,
        "next": following(me, it) if waiting else None, "mine": mine,
        "others": deciders(it) if mine else [],
        "looking": looked_at(it, me), "exact": exactness([it.rule]).get(it.rule),
        "may_assign": may(me, "finding:assign", unit) and "answer" not in moves
        and it.state in LIVE_FINDINGS,
        "entries": timeline(history_many([it])), "carried": carry(me, it.account, "finding", it.pk),
        "crumbs": [(_("Reviews"), reverse("web:oversight")), (_("Findings"), reverse("web:findings"))],
    }  # fmt: skip
    return render(request, "web/findings/record.html", context)


@require_safe
@signed_in
def proof(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The screenshot that a manager sent with the answer, for whoever may read the finding."""
    it = the_finding(request.user, pk)
    return evidence_file(it.proof, it.proof_type, f"answer-{pk}")
