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
    "accountrequest:retroactive": _("{who} entered it for an account that exists already, looked after by {subject}."),
    "knownaccount:add": _("{who} brought it in from a list of today's accounts."),
    "knownaccount:sight": _("{who} found it."),
    "knownaccount:claim": _("{who} said that it is the school's own."),
    "knownaccount:disown": _("{who} said that it is not the school's."),
    "knownaccount:unreachable": _("{who} said that it is the school's, and nobody can reach it."),
    "knownaccount:reopen": _("{who} opened the question again."),
    "knownaccount:place": _("{who} moved it to another school."),
    "knownaccount:closed": _("{who} noted that the platform has closed it."),
    "knownaccount:settle": _("It is settled: it became official, or its request ended."),
    "noothers:say": _("{who} said that {subject} has no other accounts."),
    "account:open": _("{who} made the account official."),
    "account:review": _("{who} put the account under review."),
    "account:clear": _("{who} ended the review with nothing found."),
    "account:suspend": _("{who} suspended the official mark."),
    "account:restore": _("{who} restored the account."),
    "account:close": _("{who} retired the account."),
    "notice:send_again": _("{who} sent a letter again."),
}
