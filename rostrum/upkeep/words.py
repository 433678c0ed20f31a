"""The log's words for acts on certifications, corrections, proposed suspensions, last posts and pauses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "certification:open": _("{who} asked the managers to certify {subject}."),
    "certification:call": _("{who} asked the managers to certify {subject} now."),
    "certification:certify": _("{who} certified that {subject} is still ours and still right."),
    "certification:correct": _("{who} looked at {subject} and said what is not right."),
    "certification:settle": _("Everything that was not right with {subject} is settled: it is certified."),
    "certification:miss": _("Nobody certified {subject} before the next time came."),
    "certification:drop": _("{subject} is retired, so nobody has to certify it any more."),
    "correction:make": _("{who} put right: {subject}."),
    "correction:keep": _("{who} left as it is: {subject}."),
    "correction:follow": _("The change was approved, so this is put right: {subject}."),
    "correction:give_up": _("The change did not come about, so this stays as it is: {subject}."),
    "correction:drop": _("The account is retired, so this is no longer put right: {subject}."),
    "suspensionproposal:propose": _("The division’s rule proposed to suspend {subject}; a person decides."),
    "suspensionproposal:suspend": _("{who} agreed to suspend {subject}, which was not certified in time."),
    "suspensionproposal:leave": _("{who} left {subject} official, although it was not certified in time."),
    "suspensionproposal:moot": _("The proposed suspension of {subject} is no longer needed."),
    "account:note_post": _("{who} noted the last post of {subject}."),
    "account:look": _("{who} opened {subject} and noted what was there."),
    "account:plan_posts": _("{who} changed how often {subject} is to post."),
    "account:nudge": _("{who} nudged the managers of {subject}."),
    "postlist:bring_in": _("{who} brought a list of last posts in: {subject}."),
    "pause:begin": _("{who} paused {subject}."),
    "pause:resume": _("{who} ended the pause of {subject}."),
    "pause:pass": _("The pause of {subject} is over."),
}
