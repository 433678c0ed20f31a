"""Managers, access, departures, hand-overs: who reads each address, what is sent to it, and who may not send."""

from __future__ import annotations

from typing import Any

DESK = """
                                          no  tea col pri sup com pri dir aud sys cha
staff/accounts/{held}/people/             302 200 200 200 200 200 200 200 200 404 404
staff/accounts/{held}/people/name/        302 200 200 200 200 200 403 403 403 404 404
staff/accounts/{held}/people/access/      302 200 200 200 200 200 403 403 403 404 404
staff/accounts/{held}/people/part/        302 200 200 200 200 200 403 403 403 404 404
staff/accounts/{held}/people/helpers/     302 200 200 200 200 200 403 403 403 404 404
staff/accounts/{held}/people/mailbox/     302 200 200 200 200 200 403 403 403 404 404
staff/access/{holder}/change/             302 200 200 200 200 200 403 403 403 404 404
staff/access/{holder}/end/                302 200 200 200 200 200 403 403 403 404 404
staff/parts/{tie}/end/                    302 200 200 200 200 200 403 403 403 404 404
staff/helpers/{group}/                    302 200 200 200 200 200 403 403 403 404 404
staff/helpers/{group}/end/                302 200 200 200 200 200 403 403 403 404 404
staff/managers/{named}/answer/            302 403 403 403 200 403 403 403 403 404 404
staff/managers/{manager}/release/         302 403 200 200 200 200 403 403 403 404 404
staff/managers/{manager}/first/           302 200 200 200 200 200 403 403 403 404 404
staff/managers/{manager}/hand-over/       302 403 200 200 200 200 403 403 403 404 404
staff/hand-overs/{hand_over}/withdraw/    302 200 200 200 200 200 403 403 403 404 404
staff/hands/                              302 200 200 200 200 200 200 200 200 200 200
staff/tonight/                            302 403 403 200 200 200 200 200 200 403 200
staff/hand-overs/                         302 200 200 200 200 200 200 200 200 200 200
staff/hand-overs/new/                     302 403 403 200 200 200 403 403 403 403 200
staff/hand-overs/campaigns/{june}/        302 200 200 200 200 200 200 200 200 404 404
staff/hand-overs/campaigns/{june}/end/    302 403 403 200 200 200 403 403 403 404 404
staff/hand-overs/accounts/{line}/         302 200 200 200 200 200 200 200 200 404 404
staff/reading/{edition}/                  302 302 302 302 302 302 302 302 302 302 302
staff/departures/                         302 200 200 200 200 200 200 200 200 200 200
staff/departures/{departure}/             302 200 200 200 200 200 200 200 200 200 404
staff/departures/{ahead}/cancel/          302 403 403 200 200 200 403 403 403 200 404
staff/departures/accounts/{item}/confirm/ 302 200 200 403 403 403 403 403 403 403 404
staff/people/{person}/last-day/           302 403 403 200 200 200 403 403 403 200 403
staff/people/{person}/touched/            302 200 200 200 200 200 200 200 200 200 200
staff/touched/                            302 200 200 200 200 200 200 200 200 200 200
staff/reading/                            302 200 200 200 200 200 200 200 200 200 200
staff/reading/people/                     302 403 403 200 200 200 200 200 200 403 200
"""

SENT: dict[str, dict[str, Any]] = {
    "staff/accounts/{held}/people/name/": {"person": "p.nair@lpsd.ca"},
    "staff/accounts/{held}/people/access/": {"person": "p.nair@lpsd.ca", "platform_role": "editor"},
    "staff/accounts/{held}/people/part/": {"person": "p.nair@lpsd.ca", "kind": "answers"},
    "staff/accounts/{held}/people/helpers/": {"label": "student council", "adult": "s.nguyen@lpsd.ca"},
    "staff/accounts/{held}/people/mailbox/": {"mailbox": "other@lpsd.ca"},
    "staff/access/{holder}/change/": {"platform_role": "viewer"},
    "staff/access/{holder}/end/": {},
    "staff/parts/{tie}/end/": {},
    "staff/helpers/{group}/": {"label": "yearbook team", "adult": "a.petrova@lpsd.ca"},
    "staff/helpers/{group}/end/": {},
    "staff/managers/{named}/answer/": {"answer": "accept"},
    "staff/managers/{manager}/release/": {},
    "staff/managers/{manager}/first/": {},
    "staff/managers/{manager}/hand-over/": {"person": "p.nair@lpsd.ca"},
    "staff/hand-overs/{hand_over}/withdraw/": {},
    "staff/hand-overs/new/": {"unit": "1", "name": "Other", "ends_on": "2099-06-30"},
    "staff/hand-overs/campaigns/{june}/end/": {},
    "staff/hand-overs/accounts/{line}/": {},
    "staff/departures/{ahead}/cancel/": {"reason": "Stays."},
    "staff/departures/accounts/{item}/confirm/": {"hand_over": "on"},
    "staff/people/{person}/last-day/": {"on": "2099-11-01"},
    "staff/reading/": {"read": "yes", "edition": "2015-09"},
}

MAY_NOT_SEND = """
staff/hand-overs/accounts/{line}/ 302 ... ... ... ... ... 403 403 403 404 404
"""
