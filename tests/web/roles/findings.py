"""Findings, posts, checks of texts: who reads each address, what is sent to it, and who may not send."""

from __future__ import annotations

from typing import Any

DESK = """
                                    no  tea col pri sup com pri dir aud sys cha
staff/findings/                     302 200 200 200 200 200 200 200 200 200 200
staff/findings/dismiss/             302 403 403 302 302 302 403 403 403 403 302
staff/findings/rules/               302 403 403 200 200 200 200 200 200 403 200
staff/findings/rules/person.phone/  302 403 403 200 200 200 200 200 200 403 200
staff/findings/rounds/              302 403 403 200 200 200 200 200 200 403 200
staff/findings/rounds/{round}/      302 403 403 200 200 200 200 200 200 403 200
staff/findings/{finding}/           302 404 404 200 200 200 200 200 200 404 404
staff/findings/{asked_of}/          302 200 200 200 200 200 200 200 200 404 404
staff/findings/{finding}/look       405 405 405 405 405 405 405 405 405 405 405
staff/findings/{finding}/proof      302 404 404 404 404 404 404 404 404 404 404
staff/findings/{finding}/assign/    302 404 404 200 200 200 403 403 403 404 404
staff/findings/{finding}/confirm/   302 404 404 200 200 200 403 403 403 404 404
staff/findings/{finding}/dismiss/   302 404 404 200 200 200 403 403 403 404 404
staff/findings/{finding}/escalate/  302 404 404 200 200 403 403 403 403 404 404
staff/findings/{asked_of}/answer/   302 200 200 403 403 403 403 403 403 404 404
staff/findings/{asked_of}/settle/   302 403 403 403 403 200 403 403 403 404 404
staff/findings/{asked_of}/accept/   302 409 409 409 409 409 409 409 409 404 404
staff/findings/{asked_of}/return/   302 409 409 409 409 409 409 409 409 404 404
staff/findings/{asked_of}/reopen/   302 409 409 409 409 409 409 409 409 404 404
staff/posts/                        302 200 200 200 200 200 200 200 200 200 200
staff/posts/{post}/                 302 200 200 200 200 200 200 200 200 404 404
staff/posts/{post}/screenshots/1    302 404 404 404 404 404 404 404 404 404 404
staff/posts/{post}/gone/            302 200 200 200 200 200 403 403 403 404 404
staff/posts/{post}/back/            302 409 409 409 409 409 403 403 403 404 404
staff/accounts/{account}/posts/new/ 302 200 200 200 200 200 403 403 403 404 404
staff/check/own/                    302 403 403 403 403 200 403 403 403 403 403
staff/check/own/add/                302 403 403 403 403 200 403 403 403 403 403
staff/check/own/{own}/              302 403 403 403 403 200 403 403 403 403 403
staff/check/own/{own}/change/       302 403 403 403 403 200 403 403 403 403 403
staff/check/own/{own}/try/          302 403 403 403 403 200 403 403 403 403 403
staff/check/own/{own}/live/         302 403 403 403 403 200 403 403 403 403 403
staff/check/own/{own}/off/          302 403 403 403 403 409 403 403 403 403 403
staff/check/                        302 200 200 200 200 200 200 200 200 200 200
staff/check/marks                   405 405 405 405 405 405 405 405 405 405 405
staff/check/rules/                  302 200 200 200 200 200 200 200 200 200 200
staff/check/rules/person.phone/     302 200 200 200 200 200 200 200 200 200 200
"""

SENT: dict[str, dict[str, Any]] = {
    "staff/findings/dismiss/": {"pick": ["1"], "sure": "1", "ground": "small"},
    "staff/findings/rules/person.phone/": {"what": "silence", "reason": "Noise."},
    "staff/findings/rounds/": {},
    "staff/findings/{finding}/look": {},
    "staff/findings/{finding}/assign/": {"to": ""},
    "staff/findings/{finding}/confirm/": {"task": "edit", "reason": ""},
    "staff/findings/{finding}/dismiss/": {"ground": "small"},
    "staff/findings/{finding}/escalate/": {"reason": "Look."},
    "staff/findings/{asked_of}/answer/": {"reason": "Done."},
    "staff/findings/{asked_of}/settle/": {"reason": "Case."},
    "staff/findings/{asked_of}/accept/": {},
    "staff/findings/{asked_of}/return/": {"reason": "More."},
    "staff/findings/{asked_of}/reopen/": {},
    "staff/posts/{post}/gone/": {},
    "staff/posts/{post}/back/": {},
    "staff/accounts/{account}/posts/new/": {"address": "https://x.org/1", "text": "Hi"},
    "staff/check/own/add/": {"title": "A"},
    "staff/check/own/{own}/change/": {"title": "A"},
    "staff/check/own/{own}/try/": {"kept": "1"},
    "staff/check/own/{own}/live/": {},
    "staff/check/own/{own}/off/": {},
}

MAY_NOT_SEND = """
staff/findings/dismiss/            302 403 403 ... ... ... 403 403 403 403 ...
staff/findings/rules/person.phone/ 302 403 403 403 403 ... 403 403 403 403 403
staff/findings/rounds/             302 403 403 403 403 ... 403 403 403 403 403
staff/findings/{finding}/look      302 404 404 ... ... ... ... ... ... 404 404
staff/findings/{asked_of}/accept/  302 403 403 409 409 409 403 403 403 404 404
staff/findings/{asked_of}/return/  302 403 403 409 409 409 403 403 403 404 404
staff/findings/{asked_of}/reopen/  302 403 403 409 409 409 403 403 403 404 404
staff/posts/{post}/back/           302 409 409 409 409 409 403 403 403 404 404
"""
