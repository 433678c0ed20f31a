"""The log's words for acts on reviews, samples, evidence and findings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "reviewsample:draw": _("{who} drew a sample of accounts to review."),
    "reviewsample:call_off": _("{who} called the sample off."),
    "review:ask": _("{who} asked for a review of the account."),
    "review:due": _("Rostrum put the account down for review: its turn has come."),
    "review:assign": _("{who} named who reviews the account."),
    "review:decline": _("{who} left the review to somebody else."),
    "review:start": _("{who} started the review."),
    "review:finish": _("{who} ended the review."),
    "review:drop": _("{who} called the review off."),
    "reviewevidence:attach": _("{who} attached a picture to the review."),
    "reviewevidence:withdraw": _("{who} took a picture out of the review."),
    "reviewfinding:raise": _("{who} found something to put right: {subject}."),
    "reviewfinding:fix": _("{who} said that {subject} is put right."),
    "reviewfinding:contest": _("{who} contested {subject}."),
    "reviewfinding:settle": _("{who} confirmed that {subject} is put right."),
    "reviewfinding:send_back": _("{who} said what is still missing in {subject}."),
    "reviewfinding:uphold": _("{who} said that {subject} stands."),
    "reviewfinding:take_back": _("{who} took {subject} back."),
    "reviewfinding:extend": _("{who} gave {subject} another day."),
}
