"""The log's words for acts on resets, calls for resets and campaigns."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "resetcall:ask": _("{who} asked for a reset of the access."),
    "resetcall:ask_again": _("{who} asked for the reset again, for another reason."),
    "resetcall:call_off": _("{who} called the reset off."),
    "resetcall:lapse": _("Nobody has to answer it any more: the account is retired."),
    "reset:make": _("{who} stated that the access was reset."),
    "reset:restate": _("{who} stated again that the access was reset."),
    "reset:confirm": _("{who} confirmed the reset of the access."),
    "reset:return": _("{who} returned the statement about the reset."),
    "reset:withdraw": _("{who} withdrew the statement about the reset."),
    "resetcampaign:start": _("{who} started the campaign “{subject}”."),
    "resetcampaign:nudge": _("{who} reminded those who are missing in “{subject}”."),
    "resetcampaign:end": _("{who} ended the campaign “{subject}”."),
}
