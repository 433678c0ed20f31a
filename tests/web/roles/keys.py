"""Resets and what calls for them: who reads each address, what is sent to it, and who may not send."""

from __future__ import annotations

from typing import Any

from rostrum.keys.models import PARTS

DESK = """
                                            no  tea col pri sup com pri dir aud sys cha
staff/accounts/{account}/reset/             302 200 200 200 200 403 403 403 403 404 404
staff/accounts/{account}/reset/ask/         302 200 200 200 200 200 403 403 403 404 404
staff/resets/                               302 200 200 200 200 200 200 200 200 200 200
staff/resets/alarm/                         302 200 200 200 200 200 200 200 200 200 200
staff/resets/statements/                    302 200 200 200 200 200 200 200 200 200 200
staff/resets/show/mine/                     302 302 302 302 302 302 302 302 302 302 302
staff/resets/campaigns/                     302 200 200 200 200 200 200 200 200 200 200
staff/resets/campaigns/start/               302 403 403 200 200 200 403 403 403 403 200
staff/resets/campaigns/{campaign}/          302 404 404 200 200 200 200 200 200 404 404
staff/resets/campaigns/{campaign}/table.csv 302 404 404 200 200 200 200 200 200 404 404
staff/resets/campaigns/{campaign}/nudge/    302 404 404 200 200 200 403 403 403 404 404
staff/resets/campaigns/{campaign}/end/      302 404 404 200 200 200 403 403 403 404 404
staff/resets/calls/{call}/                  302 200 200 200 200 200 200 200 200 404 404
staff/resets/calls/{call}/off/              302 200 403 200 200 200 403 403 403 404 404
staff/resets/{reset}/                       302 200 200 200 200 200 200 200 200 404 404
staff/resets/{reset}/confirm/               302 403 200 403 403 403 403 403 403 404 404
staff/resets/{reset}/return/                302 403 200 403 403 403 403 403 403 404 404
staff/resets/{reset}/withdraw/              302 200 403 403 403 403 403 403 403 404 404
staff/resets/{returned}/again/              302 200 403 403 403 403 403 403 403 404 404
"""

SENT: dict[str, dict[str, Any]] = {
    "staff/accounts/{account}/reset/": {
        **dict.fromkeys(PARTS, "done"), "vault_entry": "Office vault, entry 14", "asked": ""
    },
    "staff/accounts/{account}/reset/ask/": {"trigger": "phishing"},
    "staff/resets/alarm/": {"trigger": "phishing", "accounts": "{account}"},
    "staff/resets/campaigns/start/": {"name": "x", "scope": "rendell", "reason": "y", "due_on": "2030-01-01"},
    "staff/resets/campaigns/{campaign}/nudge/": {"reason": ""},
    "staff/resets/campaigns/{campaign}/end/": {"reason": "Over."},
    "staff/resets/calls/{call}/off/": {"reason": "A false alarm."},
    "staff/resets/{reset}/confirm/": {"reason": ""},
    "staff/resets/{reset}/return/": {"reason": "Look again."},
    "staff/resets/{reset}/withdraw/": {"reason": ""},
    "staff/resets/{returned}/again/": {
        **dict.fromkeys(PARTS, "done"), "vault_entry": "Office vault, entry 14", "asked": ""
    },
}

MAY_NOT_SEND = ""
