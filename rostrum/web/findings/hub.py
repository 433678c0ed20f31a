"""What the page "Reviews" shows of findings."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.monitoring.queries import judges, to_judge, visible_to
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.web.shapes import HubCard


def cards(person: Person) -> list[HubCard]:
    """The queue for those who decide; how exact the rules are for those who read findings; their own for managers."""
    out = []
    count = to_judge(person).count() if judges(person) else 0
    if may(person, "finding:view"):
        state = ngettext("One waits", "%(count)d wait", count) % {"count": count} if count else ""
        out.append(
            HubCard(_("Findings"), _("What rules found on kept posts and on accounts. People decide."),
                    reverse("web:findings"), "list-search", state, "act" if count else "over", order=20)
        )  # fmt: skip
        out.append(
            HubCard(_("How exact rules are"), _("Measured from what people decided; rules can be tuned, with a reason."),
                    reverse("web:finding_rules"), "adjustments", order=70)
        )  # fmt: skip
    elif visible_to(person).exists():
        out.append(
            HubCard(_("Findings"), _("What was confirmed about accounts that you look after."),
                    f"{reverse('web:findings')}?tab=asked", "list-search", order=20)
        )  # fmt: skip
    return out
