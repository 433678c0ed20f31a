"""The log's words for acts on orders and crisis holds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rostrum.orders import hold_states

__all__ = ["WORDS", "hold_states"]

WORDS = {
    "accountorder:give": _("{who} ordered a change."),
    "accountorder:fulfil": _("{who} said that the change is done."),
    "accountorder:cannot": _("{who} said that the change cannot be made."),
    "accountorder:confirm": _("{who} confirmed that the change is done."),
    "accountorder:send_back": _("{who} said what is missing."),
    "accountorder:accept": _("{who} left it as it is."),
    "accountorder:withdraw": _("{who} took the order back."),
    "accountorder:lapse": _("The order ended: the account is retired."),
    "crisishold:place": _("{who} placed a crisis hold: {subject}."),
    "crisishold:widen": _("The hold took in accounts or people that came since."),
    "crisishold:stopped": _("{who} has stopped posting."),
    "crisishold:extend": _("{who} changed when the hold ends."),
    "crisishold:say": _("{who} changed what the public reads about the hold."),
    "crisishold:lift": _("{who} lifted the crisis hold."),
}
