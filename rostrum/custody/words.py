"""The log's words for acts on who holds an account, and on departures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "designation:release": _("{who} released {subject} as content manager."),
    "designation:first": _("{who} made {subject} the first content manager."),
    "handover:ask": _("{who} asked {subject} to take over."),
    "handover:accept": _("{who} took it over."),
    "handover:decline": _("{who} declined to take it over."),
    "handover:withdraw": _("{who} withdrew the hand-over."),
    "accessholder:add": _("{who} noted that {subject} can get in."),
    "accessholder:change": _("{who} noted what {subject} may do on the platform."),
    "accessholder:end": _("{who} noted that {subject} can no longer get in."),
    "accounttie:add": _("{who} noted {subject} as tied to the account."),
    "accounttie:end": _("{who} noted that {subject} is no longer tied to the account."),
    "helpergroup:add": _("{who} noted a group of helpers: {subject}."),
    "helpergroup:change": _("{who} changed a group of helpers: {subject}."),
    "helpergroup:end": _("{who} noted that a group helps no longer: {subject}."),
    "account:mailbox": _("{who} noted another work e-mail for the account."),
    "shortage:raise": _("Too few content managers are left: {subject}."),
    "departure:announce": _("{who} noted the last day of {subject} beforehand."),
    "departure:redate": _("{who} moved the last day of {subject}."),
    "departure:note": _("{subject} has left. Every account that they touched was named."),
    "departure:leave": _("The last day of {subject} is over. Every account that they touched was named."),
    "departure:cancel": _("{who} noted that {subject} stays after all."),
    "departure:return": _("{who} noted that {subject} is back. What was still open is dropped."),
    "departure:finish": _("Everything that {subject} looked after is handed over."),
    "handovercampaign:start": _("{who} started the hand-over campaign {subject}."),
    "handovercampaign:end": _("{who} ended the hand-over campaign."),
    "handoverline:answer": _("{who} said who stays and who goes."),
    "departureitem:confirm": _("{who} confirmed a part of the hand-over: {subject}."),
    "departureitem:settle": _("{who} confirmed the last part of the hand-over: {subject}."),
    "departureitem:drop": _("Nothing needs to be confirmed any more: {subject}."),
}
