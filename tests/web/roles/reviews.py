"""Reviews, their findings and samples: who reads each address, what is sent to it, and who may not send."""

from __future__ import annotations

from typing import Any

DESK = """
                                             no  tea col pri sup com pri dir aud sys cha
staff/accounts/{account}/review-it/          302 403 403 403 403 200 403 403 403 404 404
staff/reviews/                               302 200 200 200 200 200 200 200 200 200 200
staff/reviews/agreement/                     302 403 403 403 403 403 403 200 200 403 403
staff/reviews/findings/                      302 200 200 200 200 200 200 200 200 200 200
staff/reviews/findings/{rv_found}/           302 200 200 200 200 200 200 200 200 404 404
staff/reviews/findings/{rv_found}/fix/       302 200 200 200 200 403 403 403 403 404 404
staff/reviews/findings/{rv_found}/take_back/ 302 403 403 403 403 200 403 200 403 404 404
staff/reviews/samples/                       302 403 403 403 403 200 200 200 200 403 403
staff/reviews/samples/new/                   302 403 403 403 403 200 403 403 403 403 403
staff/reviews/samples/new/2026-01-01/        302 403 403 403 403 200 403 403 403 403 403
staff/reviews/samples/{rv_sample}/           302 404 404 404 404 200 200 200 200 404 404
staff/reviews/samples/{rv_sample}/off/       302 404 404 404 404 200 403 403 403 404 404
staff/reviews/evidence/{rv_picture}          302 404 404 404 404 200 404 404 404 404 404
staff/reviews/evidence/{rv_picture}/out      405 405 405 405 405 405 405 405 405 405 405
staff/reviews/{rv_planned}/                  302 404 404 404 404 200 200 200 200 404 404
staff/reviews/{rv_planned}/start/            302 404 404 404 404 200 403 403 403 404 404
staff/reviews/{rv_planned}/drop/             302 404 404 404 404 200 403 403 403 404 404
staff/reviews/{rv_planned}/assign/           302 404 404 404 404 200 403 200 403 404 404
staff/reviews/{rv_planned}/second/           302 404 404 404 404 200 403 403 403 404 404
staff/reviews/{rv_going}/check/              302 404 404 404 404 200 403 403 403 404 404
staff/reviews/{rv_going}/end/                302 404 404 404 404 200 403 403 403 404 404
staff/reviews/{rv_done}/                     302 200 200 200 200 200 200 200 200 404 404
staff/reviews/{rv_done}/again/               302 403 403 403 403 200 403 403 403 404 404
staff/reviews/{rv_done}/pair/                302 404 404 404 404 404 404 404 404 404 404
"""

SENT: dict[str, dict[str, Any]] = {
    "staff/accounts/{account}/review-it/": {"reason": "A look."},
    "staff/reviews/findings/{rv_found}/fix/": {"reason": "Done."},
    "staff/reviews/findings/{rv_found}/take_back/": {"reason": "A mistake."},
    "staff/reviews/samples/new/": {"starts_on": "2099-01-01", "ends_on": "2099-01-31", "wanted": "1"},
    "staff/reviews/samples/new/2026-01-01/": {"starts_on": "2099-01-01", "ends_on": "2099-01-31", "wanted": "1"},
    "staff/reviews/samples/{rv_sample}/off/": {"reason": "Too early."},
    "staff/reviews/evidence/{rv_picture}/out": {},
    "staff/reviews/{rv_planned}/start/": {},
    "staff/reviews/{rv_planned}/drop/": {"reason": "Not needed."},
    "staff/reviews/{rv_planned}/assign/": {"reviewer": "h.singh@lpsd.ca"},
    "staff/reviews/{rv_planned}/second/": {},
    "staff/reviews/{rv_going}/check/": {"answer-name": "in_order"},
    "staff/reviews/{rv_going}/end/": {},
    "staff/reviews/{rv_done}/again/": {"reason": "Once more."},
}

MAY_NOT_SEND = """
staff/reviews/evidence/{rv_picture}/out 302 404 404 404 404 ... 404 404 404 404 404
"""
