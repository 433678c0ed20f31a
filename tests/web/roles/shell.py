"""The desk, the workshop, everybody's own: who reads each address, what is sent to it, and who may not send."""

from __future__ import annotations

from typing import Any

DESK = """
                                          no  tea col pri sup com pri dir aud sys cha
staff/                                    302 200 200 200 200 200 200 200 200 200 200
staff/oversight/                          302 200 200 200 200 200 200 200 200 200 200
staff/search                              302 200 200 200 200 200 200 200 200 200 200
staff/workshop/                           302 403 403 403 403 200 200 200 200 200 403
staff/notices/                            302 200 200 200 200 200 200 200 200 200 200
staff/notices/read                        405 405 405 405 405 405 405 405 405 405 405
staff/notices/{notice}                    302 302 404 404 404 404 404 404 404 404 404
staff/preferences/                        302 200 200 200 200 200 200 200 200 200 200
staff/preferences/tokens/                 302 200 200 200 200 200 200 200 200 200 200
staff/preferences/tokens/new              302 200 200 200 200 200 200 200 200 200 200
staff/preferences/tokens/{token}/end/     302 200 404 404 404 404 404 404 404 404 404
staff/lists/accounts/table.csv            302 200 200 200 200 200 200 200 200 200 200
staff/lists/accounts/table.xlsx           302 200 200 200 200 200 200 200 200 200 200
staff/lists/accounts/columns              405 405 405 405 405 405 405 405 405 405 405
staff/lists/accounts/filters              405 405 405 405 405 405 405 405 405 405 405
staff/lists/filters/{kept}/               302 200 404 404 404 404 404 404 404 404 404
staff/lists/filters/{kept}/delete/        302 200 404 404 404 404 404 404 404 404 404
staff/webhooks/                           302 403 403 403 403 403 403 403 403 200 403
staff/webhooks/add/                       302 403 403 403 403 403 403 403 403 200 403
staff/webhooks/{hook}/                    302 403 403 403 403 403 403 403 403 200 403
staff/webhooks/{hook}/change/             302 403 403 403 403 403 403 403 403 200 403
staff/webhooks/{hook}/key/                302 403 403 403 403 403 403 403 403 200 403
staff/webhooks/{hook}/off/                302 403 403 403 403 403 403 403 403 200 403
staff/webhooks/{hook}/retire/             302 403 403 403 403 403 403 403 403 200 403
staff/webhooks/{hook}/on/                 302 403 403 403 403 403 403 403 403 409 403
staff/webhooks/{hook}/test                405 405 405 405 405 405 405 405 405 405 405
staff/webhooks/messages/{message}/        302 403 403 403 403 403 403 403 403 200 403
staff/webhooks/messages/{message}/again   405 405 405 405 405 405 405 405 405 405 405
staff/who-may-do-what                     302 200 200 200 200 200 200 200 200 200 200
staff/procedure/                          302 200 200 200 200 200 200 200 200 200 200
staff/procedure/settings/{setting}/       302 200 200 200 200 200 200 200 200 200 200
staff/procedure/settings/{setting}/clear/ 302 403 403 403 403 409 403 403 403 409 403
staff/directory/                          302 403 403 403 403 200 403 403 403 200 403
staff/directory/export.zip                302 403 403 403 403 200 403 403 403 200 403
staff/log/                                302 403 403 403 403 200 200 200 200 200 403
staff/log/export.csv                      302 403 403 403 403 200 200 200 200 200 403
staff/mail/                               302 403 403 403 403 200 403 403 403 200 403
staff/mail/{letter}/                      302 403 403 403 403 200 403 403 403 200 403
staff/mail/notices/{notice}/again         405 405 405 405 405 405 405 405 405 405 405
staff/jobs/                               302 403 403 403 403 403 403 403 403 200 403
staff/jobs/{job}/again                    405 405 405 405 405 405 405 405 405 405 405
"""

SENT: dict[str, dict[str, Any]] = {
    "staff/lists/accounts/columns": {"column": "kind"},
    "staff/lists/accounts/filters": {"name": "Rendell", "query": "q=rendell"},
    "staff/lists/filters/{kept}/": {"name": "Other"},
    "staff/lists/filters/{kept}/delete/": {},
    "staff/webhooks/add/": {"name": "Site", "url": "https://hooks.example.ca/in", "events": "account.official"},
    "staff/webhooks/{hook}/change/": {"name": "Other", "url": "https://hooks.example.ca/in"},
    "staff/webhooks/{hook}/key/": {},
    "staff/webhooks/{hook}/off/": {},
    "staff/webhooks/{hook}/retire/": {},
    "staff/webhooks/{hook}/on/": {},
    "staff/webhooks/{hook}/test": {},
    "staff/webhooks/messages/{message}/again": {},
    "staff/procedure/settings/{setting}/": {"value": "5", "reason": "Board decision."},
    "staff/procedure/settings/{setting}/clear/": {"reason": "Board decision."},
    "staff/mail/notices/{notice}/again": {},
    "staff/preferences/tokens/{token}/end/": {},
    "staff/jobs/{job}/again": {},
}

MAY_NOT_SEND = """
staff/lists/accounts/columns            302 ... ... ... ... ... ... ... ... ... ...
staff/lists/accounts/filters            302 ... ... ... ... ... ... ... ... ... ...
staff/procedure/settings/{setting}/     302 403 403 403 403 ... 403 403 403 ... 403
staff/mail/notices/{notice}/again       302 403 403 403 403 ... 403 403 403 ... 403
staff/jobs/{job}/again                  302 403 403 403 403 403 403 403 403 ... 403
staff/webhooks/{hook}/test              302 403 403 403 403 403 403 403 403 ... 403
staff/webhooks/messages/{message}/again 302 403 403 403 403 403 403 403 403 ... 403
"""
