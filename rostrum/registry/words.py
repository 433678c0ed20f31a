"""The log's words for acts on requests, registrations, designations and accounts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "accountrequest:draft": _("{who} started the request."),
    "accountrequest:submit": _("{who} sent the request."),
    "accountrequest:endorse": _("{who} endorsed it."),
    "accountrequest:approve": _("{who} approved it."),
    "accountrequest:return": _("{who} returned it for changes."),
    "accountrequest:decline": _("{who} declined it."),
    "accountrequest:withdraw": _("{who} withdrew it."),
    "accountrequest:lapse": _("The approval lapsed: nobody registered the account in time."),
    "accountrequest:register": _("{who} entered it in the register."),
    "registration:send": _("{who} sent the Registration Form."),
    "registration:confirm": _("{who} confirmed the registration."),
    "registration:return": _("{who} returned the Registration Form for changes."),
    "designation:name": _("{who} named {subject} as content manager."),
    "designation:accept": _("{who} accepted being content manager."),
    "designation:decline": _("{who} declined being content manager."),
    "account:open": _("{who} made the account official."),
    "account:review": _("{who} put the account under review."),
    "account:clear": _("{who} ended the review with nothing found."),
    "account:suspend": _("{who} suspended the official mark."),
    "account:restore": _("{who} restored the account."),
    "account:close": _("{who} retired the account."),
    "notice:send_again": _("{who} sent a letter again."),
}
