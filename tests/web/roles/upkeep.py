"""Certification, last posts, the school calendar: who reads each address, what is sent to it, and who may not send."""

from __future__ import annotations

from typing import Any

DESK = """
                                                    no  tea col pri sup com pri dir aud sys cha
staff/certify/                                      302 302 302 302 302 302 302 302 302 302 302
staff/certify/{teacher}/                            302 200 404 404 404 404 404 404 404 404 404
staff/certifications/                               302 200 200 200 200 200 200 200 200 200 200
staff/certifications/late/{teacher}/                302 302 404 404 404 404 404 404 404 404 404
staff/certifications/proposals/                     302 403 403 403 403 200 403 403 403 403 403
staff/certifications/proposals/for/{teacher}/       302 302 404 404 404 404 404 404 404 404 404
staff/certifications/proposals/{proposal}/suspend/  302 403 403 403 403 200 403 403 403 404 404
staff/certifications/proposals/{proposal}/leave/    302 403 403 403 403 200 403 403 403 404 404
staff/certifications/corrections/{correction}/make/ 302 403 403 403 403 200 403 403 403 404 404
staff/certifications/corrections/{correction}/keep/ 302 403 403 403 403 200 403 403 403 404 404
staff/certifications/{certification}/               302 200 200 200 200 200 200 200 200 404 404
staff/certifications/{certification}/answer/        302 200 200 403 403 403 403 403 403 404 404
staff/accounts/{account}/certification/             302 403 403 403 403 200 403 403 403 404 404
staff/quiet/                                        302 200 200 200 200 200 200 200 200 200 200
staff/quiet/mine/{teacher}/                         302 302 404 404 404 404 404 404 404 404 404
staff/quiet/import/                                 302 403 403 403 403 200 403 403 403 403 403
staff/quiet/import/template.csv                     302 403 403 403 403 200 403 403 403 403 403
staff/quiet/import/{posts}/                         302 403 403 403 403 200 403 403 403 403 403
staff/accounts/{account}/last-post/                 302 200 200 200 200 200 403 403 403 404 404
staff/accounts/{account}/look/                      302 200 200 200 200 200 403 403 403 404 404
staff/accounts/{account}/plan/                      302 200 200 200 200 200 403 403 403 404 404
staff/accounts/{account}/pause/                     302 200 200 200 200 200 403 403 403 404 404
staff/accounts/{account}/nudge/                     302 403 403 200 200 200 403 403 403 404 404
staff/accounts/{account}/forward/                   302 200 200 200 200 200 200 200 200 404 404
staff/pauses/{rest}/end/                            302 200 200 200 200 200 403 403 403 404 404
staff/calendar/                                     302 200 200 200 200 200 200 200 200 200 200
staff/calendar/add/                                 302 403 403 403 403 200 403 403 403 200 403
staff/calendar/{year}/                              302 200 200 200 200 200 200 200 200 200 200
staff/calendar/import/                              302 403 403 403 403 200 403 403 403 200 403
staff/calendar/import/template.csv                  302 403 403 403 403 200 403 403 403 200 403
staff/calendar/take/                                405 405 405 405 405 405 405 405 405 405 405
staff/calendar/{year}/holidays/                     302 403 403 403 403 200 403 403 403 200 403
staff/calendar/{year}/next/                         302 403 403 403 403 200 403 403 403 200 403
staff/calendar/{year}/change/                       302 403 403 403 403 200 403 403 403 200 403
staff/calendar/{year}/remove/                       302 403 403 403 403 200 403 403 403 200 403
staff/calendar/{year}/days/add/                     302 403 403 403 403 200 403 403 403 200 403
staff/calendar/{year}/days/{days}/change/           302 403 403 403 403 200 403 403 403 200 403
staff/calendar/{year}/days/{days}/remove/           302 403 403 403 403 200 403 403 403 200 403
"""

SENT: dict[str, dict[str, Any]] = {
    "staff/certify/{teacher}/": {"tick": "1"},
    "staff/certifications/proposals/{proposal}/suspend/": {"reason": "Late."},
    "staff/certifications/proposals/{proposal}/leave/": {"reason": "Ill."},
    "staff/certifications/corrections/{correction}/make/": {"reason": ""},
    "staff/certifications/corrections/{correction}/keep/": {"reason": "Right."},
    "staff/certifications/{certification}/answer/": {
        "note": "", **dict.fromkeys(("name", "address", "unit", "purpose", "mailbox", "managers", "custody"), "right")
    },
    "staff/accounts/{account}/certification/": {"reason": "Now."},
    "staff/quiet/import/": {},
    "staff/quiet/import/{posts}/": {"act": "take"},
    "staff/accounts/{account}/last-post/": {"when": "today"},
    "staff/accounts/{account}/look/": {"alive": "there"},
    "staff/accounts/{account}/plan/": {"plan": "daily"},
    "staff/accounts/{account}/pause/": {"until": "dated", "ends_on": "2099-01-01", "reason": "Rest."},
    "staff/accounts/{account}/nudge/": {"words": ""},
    "staff/pauses/{rest}/end/": {},
    "staff/calendar/add/": {"starts_on": "2030-09-03", "ends_on": "2031-06-26"},
    "staff/calendar/import/": {},
    "staff/calendar/take/": {"names": "[]", "target": "new", "new_from": "2030-09-03", "new_to": "2031-06-26"},
    "staff/calendar/{year}/holidays/": {"on": "2015-11-11"},
    "staff/calendar/{year}/change/": {"starts_on": "2015-09-01", "ends_on": "2016-06-29"},
    "staff/calendar/{year}/remove/": {},
    "staff/calendar/{year}/days/add/": {"kind": "break", "name": "Winter break", "starts_on": "2015-12-19"},
    "staff/calendar/{year}/days/{days}/change/": {"kind": "break", "name": "Other", "starts_on": "2015-12-19"},
    "staff/calendar/{year}/days/{days}/remove/": {},
}

MAY_NOT_SEND = """
staff/calendar/take/ 302 403 403 403 403 ... 403 403 403 ... 403
"""
