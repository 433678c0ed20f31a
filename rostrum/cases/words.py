"""The log's words for acts on cases, decisions and appeals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rostrum.policies.rolewords import worded_lazy

WORDS = {
    "case:open": _("{who} opened case {subject}."),
    "case:evidence": _("{who} added to what case {subject} rests on."),
    "case:assign": _("{who} gave case {subject} to somebody to look into."),
    "case:look": _("{who} looks into case {subject}."),
    "case:leave": _("{who} no longer looks into case {subject}."),
    "case:escalate": worded_lazy(_("{who} passed case {subject} to {director}.")),
    "case:hand_back": worded_lazy(_("{who} gave case {subject} back to {keeper}.")),
    "case:close": _("{who} closed case {subject} without a decision."),
    "case:decide": _("{who} decided case {subject}."),
    "case:supersede": _("{who} decided case {subject} anew."),
    "decision:issue": _("{who} sent decision {subject}."),
    "decision:report": _("{who} said that what decision {subject} orders is done."),
    "decision:replace": _("Decision {subject} was replaced by a later one."),
    "decision:vary": _("{who} changed decision {subject} on appeal."),
    "decision:overturn": _("{who} overturned decision {subject} on appeal."),
    "appeal:lodge": _("{who} appealed decision {subject}."),
    "appeal:name": _("{who} named the person who decides the appeal against {subject}."),
    "appeal:uphold": _("{who} let decision {subject} stand, on appeal."),
    "appeal:vary": _("{who} decided the appeal against {subject}: the decision is changed."),
    "appeal:overturn": _("{who} decided the appeal against {subject}: the decision is overturned."),
    "appeal:withdraw": _("{who} withdrew the appeal against {subject}."),
}
