"""Reading a local day and time as a moment: what clock changes do to it is said, never guessed silently."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from rostrum.core.errors import Invalid


def local_moment(on: date, at: time, *, field: str) -> datetime:
    """The moment of a day and time by the division's clock.

    An hour that comes twice (clocks go back) means the second one: what is planned until then lasts until then. Raises
    Invalid, beside `field`, for an hour that does not exist that day (clocks go forward).
    """
    zone = timezone.get_default_timezone()
    moment = datetime.combine(on, at, tzinfo=zone).replace(fold=1)
    back = moment.astimezone(UTC).astimezone(zone)
    if back.replace(tzinfo=None, fold=0) != moment.replace(tzinfo=None, fold=0):
        message = _("This time does not exist on that day: clocks go forward. Choose an hour later.")
        raise Invalid(message, fields={field: [message]})
    return moment.astimezone(UTC)
