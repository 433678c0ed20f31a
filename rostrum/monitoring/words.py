"""The log's words for acts on findings and rules."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rostrum.policies.rolewords import worded_lazy

WORDS = {
    "finding:open": _("A rule found something to look at."),
    "finding:confirm": _("{who} confirmed a finding and asked the managers to act."),
    "finding:dismiss": _("{who} dismissed a finding."),
    "finding:reopen": _("{who} opened a finding again."),
    "finding:answer": _("{who} said what was done about a finding."),
    "finding:accept": _("{who} settled a finding."),
    "finding:return": _("{who} asked for more about a finding."),
    "finding:escalate": worded_lazy(_("{who} handed a finding to {keeper}.")),
    "finding:settle": _("{who} closed a finding."),
    "finding:vanish": _("What a finding spoke of is no longer there."),
    "finding:give": _("{who} took a finding on, or gave it to somebody."),
    "rulechoice:silence": _("{who} silenced the rule {subject}."),
    "rulechoice:tune": _("{who} changed how serious the rule {subject} is."),
    "rulechoice:restore": _("{who} set the rule {subject} back to what it was."),
    "ownrule:add": _("{who} wrote the rule “{subject}”."),
    "ownrule:change": _("{who} changed the rule “{subject}”."),
    "ownrule:try": _("{who} tried the rule “{subject}” on past posts."),
    "ownrule:live": _("{who} put the rule “{subject}” into use."),
    "ownrule:off": _("{who} switched off the rule “{subject}”."),
    "checkround:ask": _("{who} had every kept post checked again."),
}
