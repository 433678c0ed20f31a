"""What the account's record page shows of certification, last posts, quiet accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.schoolyear.words import by_words
from rostrum.upkeep.liveness_models import TROUBLE
from rostrum.upkeep.models import Certification, Correction, SuspensionProposal
from rostrum.upkeep.queries import last_answered, may_answer, newest
from rostrum.upkeep.quiet import QUIET, liveness_of, quiet_word, running_pause
from rostrum.upkeep.states import OPEN_CERTIFICATIONS, CertificationState, ProposalState
from rostrum.web.shapes import Act, Panel
from rostrum.web.upkeep.liveness import may_here, ways_forward
from rostrum.web.upkeep.wording import certification_badge, last_post_words, noted_words, plan_words, quiet_badge


def panels(person: Person, account: Account) -> list[Panel]:
    """Certification and last posts, and a warning where somebody must act."""
    now, last, row, pause = newest(account), last_answered(account), liveness_of(account), running_pause(account)
    word = quiet_word(account) if account.state in LIVE else ""
    here = [account.public_id]
    notes = may_here(person, account, "liveness:note")
    found = [
        Panel(
            "web/upkeep/_panel.html",
            {
                "newest": now, "badge": certification_badge(now) if now else None, "last": last,
                "quiet": quiet_badge(word) if word else None, "last_post": last_post_words(row), "row": row,
                "noted": noted_words(row) if row is not None and row.last_post_on else None, "plan": plan_words(row),
                "looked": (row.get_alive_display(), day(row.alive_on)) if row is not None and row.alive else None,
                "trouble": row is not None and row.alive in TROUBLE, "alive_note": row.alive_note if row else "",
                "pause": pause, "record": reverse("web:certification", args=[now.pk]) if now else "",
                "post_url": reverse("web:liveness_post", args=here) if notes else "",
                "look_url": reverse("web:liveness_look", args=here) if notes else "",
                "plan_url": reverse("web:liveness_plan", args=here) if may_here(person, account, "liveness:plan") else "",
                "resume_url": reverse("web:pause_end", args=[pause.pk])
                if pause and may_here(person, account, "pause:resume") else "",
            },
            order=30,
        )
    ]  # fmt: skip
    if account.state not in LIVE:
        return found
    found += _warnings(person, account, now)
    if row is not None and row.alive in TROUBLE:
        words = _("Whoever looked last found: %(found)s.") % {"found": row.get_alive_display()}
        found.append(Panel("", order=3, warning=words))
    if word == QUIET and ways_forward(person, account):
        words = _("No post for longer than the division has set. Last post: %(last)s.") % {"last": last_post_words(row)}
        found.append(Panel("", order=5, warning=words, link=reverse("web:liveness_forward", args=here),
                           link_words=_("See the ways forward")))  # fmt: skip
    return found


def _warnings(person: Person, account: Account, now: Certification | None) -> list[Panel]:
    found: list[Panel] = []
    if now is not None and now.state == CertificationState.OPEN:
        mine = may_answer(person, now)
        late = now.due_on is not None and now.due_on < clock.today()
        url = reverse("web:certification_answer" if mine else "web:certification", args=[now.pk])
        if mine or late:
            found.append(Panel("", order=4, warning=_due_words(now.due_on, late=late), link=url,
                               link_words=_("Certify it") if mine else _("See whom it waits for")))  # fmt: skip
    if may(person, "proposal:decide", account.unit):
        open_ = SuspensionProposal.objects.filter(account=account, state=ProposalState.OPEN).first()
        if open_ is not None:
            words = _("The division’s rule proposes to suspend it, because nobody certified it in time.")
            found.append(Panel("", order=4, warning=words, link=reverse("web:suspension_proposals"), link_words=_("Decide")))
    return found


def _due_words(due: date | None, *, late: bool) -> str:
    if due is None:
        return _("Say whether this account is still ours and still right.")
    words = (
        _("Nobody has certified this account in time. It was due %(by)s.")
        if late
        else _("Say %(by)s whether this account is still ours and still right.")
    )
    return words % {"by": by_words(due)}


def acts(person: Person, account: Account) -> list[Act]:
    """What this reader may do here now, for the menu of the record page."""
    found, here = list[Act](), [account.public_id]
    now = Certification.objects.filter(account=account, state__in=OPEN_CERTIFICATIONS).first()
    if now is not None and may_answer(person, now):
        found.append(Act(_("Certify it"), reverse("web:certification_answer", args=[now.pk]), icon="rosette-discount-check",
                         primary=True))  # fmt: skip
    if may_here(person, account, "liveness:note"):
        found.append(Act(_("Note the last post"), reverse("web:liveness_post", args=here), icon="pencil"))
        found.append(Act(_("Look at the account"), reverse("web:liveness_look", args=here), icon="eye"))
    if may_here(person, account, "pause:set") and running_pause(account) is None:
        found.append(Act(_("Pause the account"), reverse("web:pause_new", args=here), icon="player-pause"))
    if now is None and account.state in LIVE and may(person, "certification:ask", account.unit):
        found.append(Act(_("Ask for a certification"), reverse("web:certification_ask", args=here), icon="clipboard-check"))
    return found


def subjects(account: Account) -> Iterable[QuerySet[Any]]:
    """The rows whose acts belong into the account's history."""
    return [
        Certification.objects.filter(account=account), Correction.objects.filter(account=account),
        SuspensionProposal.objects.filter(account=account), account.pauses.all(),
    ]  # fmt: skip
