"""Every write on the reading of the procedure: a person says that they have read the edition in force."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import NotAllowed, WrongState
from rostrum.guidance.models import Acknowledgement
from rostrum.guidance.queries import acknowledgement
from rostrum.people.models import Person
from rostrum.policies.models import Edition
from rostrum.policies.queries import cite, content, in_force, text


@transaction.atomic
def acknowledge(edition: Edition, *, by: Person) -> Acknowledgement:
    """A person says that they have read an edition; saying it again changes nothing (AP 193 1.8, 3.5).

    `edition` is the one that they read. Raises NotAllowed for somebody who has left, WrongState when another edition
    came into force while they were reading.
    """
    if not by.is_active:
        raise NotAllowed(_("Only people who work or volunteer for the division can say this."))
    hold_the_pen()
    if in_force(edition.procedure.key).pk != edition.pk:
        raise WrongState(_("Another edition is in force now. Read that one; what you said of earlier ones is kept."))
    known = acknowledgement(by, edition)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            given = Acknowledgement.objects.create(person=by, edition=edition, given_at=clock.now())
    except IntegrityError:  # said at the same moment in another window
        return Acknowledgement.objects.get(person=by, edition=edition)
    label = _("%(procedure)s, edition %(edition)s") % {
        "procedure": text(content(edition).procedure.short), "edition": edition.label,
    }  # fmt: skip
    record(
        by, "acknowledgement:give", given, citations=cite(["1.8", "3.5"]), label=label, after={"edition": edition.label}
    )
    return given
