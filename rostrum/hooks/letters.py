"""The letter that webhooks may owe: one was switched off because nobody answered there."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.hooks.models import EndpointState, HookEndpoint
from rostrum.notices.actions import owe
from rostrum.notices.kinds import NoticeKind, declare
from rostrum.people.models import Appointment, Person, Role
from rostrum.people.queries import in_force

_WHY_STOPPED = {
    EndpointState.FAILING.value: _("Every message to it failed since %(day)s."),
    EndpointState.GONE.value: _("The other system answered that nobody listens there any more (410)."),
}

STOPPED = declare(
    NoticeKind(
        "hooks.stopped",
        _("Switched off: webhook “%(what)s”"),
        _("Rostrum has switched off the webhook “%(what)s”. %(reason)s"),
        _("You get this letter because you keep the webhooks."),
        _("See what went wrong"),
        "web:webhook",
        _("Ask whoever runs the other system. Then switch it on again: it hears of what happens from then on."),
        asks=True,
    )
)


def keepers() -> list[Person]:
    """The system administrators of today."""
    held = Appointment.objects.filter(in_force(clock.today()), role=Role.SYSADMIN, person__is_active=True)
    return list({one.person_id: one.person for one in held.select_related("person")}.values())


def tell_stopped(endpoint: HookEndpoint) -> None:
    """Owe every system administrator the letter, in the caller's transaction."""
    reason = {}
    for short, lang in (("en", "en-ca"), ("fr", "fr-ca")):
        with override(lang):
            reason[short] = str(_WHY_STOPPED[endpoint.state]) % {"day": day(endpoint.failing_since)}
    for person in keepers():
        owe(STOPPED, to=person, about=endpoint, ref=str(endpoint.pk), context={"what": endpoint.name, "reason": reason})
