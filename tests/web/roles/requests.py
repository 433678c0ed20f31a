"""Requests, changes, accounts that were there before: who reads each address, what is sent to it, and who may not send."""

from __future__ import annotations

from typing import Any

DESK = """
                                                       no  tea col pri sup com pri dir aud sys cha
staff/requests/                                        302 200 200 200 200 200 200 200 200 200 200
staff/requests/new                                     302 200 200 200 200 200 200 200 200 200 200
staff/requests/{draft}/                                302 200 404 404 404 404 404 404 404 404 404
staff/requests/{asked}/                                302 200 404 200 200 200 200 200 200 404 404
staff/requests/{registering}/                          302 200 200 200 200 200 200 200 200 404 404
staff/requests/{draft}/form/                           302 302 404 404 404 404 404 404 404 404 404
staff/requests/{draft}/form/purpose                    302 200 404 404 404 404 404 404 404 404 404
staff/requests/{asked}/form/purpose                    302 409 404 403 403 403 403 403 403 404 404
staff/requests/{approved}/registration/                302 302 404 403 403 403 403 403 403 404 404
staff/requests/{approved}/registration/account         302 200 404 403 403 403 403 403 403 404 404
staff/requests/{registering}/registration/move/confirm 302 403 403 403 403 200 403 403 403 404 404
staff/requests/{registering}/registration/move/return  302 403 403 403 403 200 403 403 403 404 404
staff/requests/{registering}/designation/              302 409 200 403 403 403 403 403 403 404 404
staff/requests/{asked}/endorse/                        302 403 404 200 403 403 403 403 403 404 404
staff/requests/{asked}/approve/                        302 409 404 409 409 409 409 409 409 404 404
staff/requests/{asked}/return/                         302 403 404 200 403 403 403 403 403 404 404
staff/requests/{asked}/decline/                        302 403 404 200 403 403 403 403 403 404 404
staff/requests/{asked}/withdraw/                       302 200 404 403 403 403 403 403 403 404 404
staff/requests/{endorsed}/approve/                     302 403 404 403 403 200 403 403 403 404 404
staff/requests/{endorsed}/return/                      302 403 404 403 403 200 403 403 403 404 404
staff/requests/{endorsed}/decline/                     302 403 404 403 403 200 403 403 403 404 404
staff/accounts/{account}/change/                       302 200 200 200 200 200 403 403 403 404 404
staff/accounts/{account}/merge/                        302 200 200 200 200 200 403 403 403 404 404
staff/accounts/{account}/split/                        302 200 200 200 200 200 403 403 403 404 404
staff/changes/{merging}/                               302 200 200 200 200 200 200 200 200 404 404
staff/changes/{merging}/agree/                         302 403 403 200 403 403 403 403 403 404 404
staff/changes/{merging}/merge/                         302 409 409 409 409 409 409 409 409 404 404
staff/changes/{change}/give/                           302 409 409 409 409 409 409 409 409 404 404
staff/changes/{change}/merge/                          302 409 409 409 409 409 409 409 409 404 404
staff/changes/                                         302 200 200 200 200 200 200 200 200 200 200
staff/changes/{change}/                                302 200 200 200 200 200 200 200 200 404 404
staff/changes/{change}/agree/                          302 403 403 200 403 403 403 403 403 404 404
staff/changes/{change}/decline/                        302 403 403 200 403 403 403 403 403 404 404
staff/changes/{change}/withdraw/                       302 200 403 403 403 403 403 403 403 404 404
staff/changes/{change}/approve/                        302 409 409 409 409 409 409 409 409 404 404
staff/known/                                           302 200 200 200 200 200 200 200 200 200 200
staff/known/schools/                                   302 403 403 200 200 200 200 200 200 403 200
staff/known/found/                                     302 200 200 200 200 200 200 200 200 200 200
staff/known/approve/                                   302 403 403 403 403 200 403 403 403 403 403
staff/known/decide/{unit}/                             302 404 404 200 403 403 403 403 403 404 404
staff/known/import/                                    302 403 403 403 403 200 403 403 403 403 403
staff/known/import/{staged}/                           302 403 403 403 403 200 403 403 403 403 403
staff/known/import/{staged}/together/                  405 405 405 405 405 405 405 405 405 405 405
staff/known/import/{staged}/sheet/                     405 405 405 405 405 405 405 405 405 405 405
staff/known/import/{staged}/columns/                   405 405 405 405 405 405 405 405 405 405 405
staff/known/import/{staged}/rows/2/                    405 405 405 405 405 405 405 405 405 405 405
staff/known/{known}/                                   302 404 404 200 200 200 200 200 200 404 404
staff/known/{known}/screenshot                         302 404 404 200 200 200 200 200 200 404 404
staff/known/{known}/place/                             302 404 404 403 403 200 403 403 403 404 404
staff/known/{known}/reopen/                            302 404 404 409 409 409 409 409 409 404 404
"""

SENT: dict[str, dict[str, Any]] = {
    "staff/requests/{draft}/form/purpose": {"unit": "rendell", "purpose": "Changed."},
    "staff/requests/{draft}/form/check": {},
    "staff/requests/{approved}/registration/account": {"name": "Changed"},
    "staff/requests/{approved}/registration/check": {},
    "staff/requests/{registering}/registration/move/confirm": {"reason": "Good."},
    "staff/requests/{registering}/registration/move/return": {"reason": "Change it."},
    "staff/requests/{registering}/designation/": {"answer": "accept"},
    "staff/requests/{asked}/endorse/": {"reason": "Good."},
    "staff/requests/{asked}/approve/": {"reason": "Good."},
    "staff/requests/{asked}/return/": {"reason": "Change it."},
    "staff/requests/{asked}/decline/": {"reason": "No."},
    "staff/requests/{asked}/withdraw/": {"reason": "No."},
    "staff/requests/{endorsed}/approve/": {"reason": "Good."},
    "staff/requests/{endorsed}/return/": {"reason": "Change it."},
    "staff/requests/{endorsed}/decline/": {"reason": "No."},
    "staff/accounts/{account}/change/": {
        "name": "Other", "address": "https://x.com/other", "unit": "rendell", "reason": "New."
    },
    "staff/accounts/{account}/merge/": {"into": "", "reason": "One is enough."},
    "staff/accounts/{account}/split/": {"reason": "The band."},
    "staff/changes/{merging}/agree/": {"reason": ""},
    "staff/changes/{merging}/merge/": {"reason": ""},
    "staff/changes/{change}/give/": {"reason": ""},
    "staff/changes/{change}/merge/": {"reason": ""},
    "staff/changes/{change}/agree/": {"reason": ""},
    "staff/changes/{change}/decline/": {"reason": "No."},
    "staff/changes/{change}/withdraw/": {"reason": ""},
    "staff/changes/{change}/approve/": {"reason": ""},
    "staff/known/found/": {"address": "https://x.com/rendellowls", "note": "Our crest."},
    "staff/known/approve/": {"tick": "2026-0001"},
    "staff/known/decide/{unit}/": {"no_others": "yes"},
    "staff/known/import/": {},
    "staff/known/import/{staged}/": {"act": "take"},
    "staff/known/import/{staged}/together/": {"act": "skip"},
    "staff/known/import/{staged}/sheet/": {"sheet": "Two"},
    "staff/known/import/{staged}/columns/": {"column-unit": "0", "column-address": "1"},
    "staff/known/import/{staged}/rows/2/": {"act": "skip"},
    "staff/known/{known}/place/": {"unit": "winston"},
    "staff/known/{known}/reopen/": {"reason": "Look again."},
}

MAY_NOT_SEND = """
staff/requests/{draft}/form/check            302 ... 404 404 404 404 404 404 404 404 404
staff/requests/{approved}/registration/check 302 ... 404 403 403 403 403 403 403 404 404
staff/requests/{asked}/approve/              302 403 404 403 403 409 403 403 403 404 404
staff/changes/{merging}/merge/               302 403 403 403 403 403 403 403 403 404 404
staff/changes/{change}/give/                 302 403 403 403 403 403 403 403 403 404 404
staff/changes/{change}/approve/              302 403 403 403 403 403 403 403 403 404 404
staff/known/import/{staged}/together/        302 403 403 403 403 ... 403 403 403 403 403
staff/known/import/{staged}/sheet/           302 403 403 403 403 ... 403 403 403 403 403
staff/known/import/{staged}/columns/         302 403 403 403 403 ... 403 403 403 403 403
staff/known/import/{staged}/rows/2/          302 403 403 403 403 ... 403 403 403 403 403
staff/known/{known}/reopen/                  302 404 404 409 403 409 403 403 403 404 404
"""
