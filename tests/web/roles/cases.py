"""Cases, decisions, appeals: who reads each address, what is sent to it, and who may not send."""

from __future__ import annotations

from typing import Any

DESK = """
                                               no  tea col pri sup com pri dir aud sys cha
staff/accounts/{account}/case/                 302 403 403 200 200 200 403 200 403 404 404
staff/cases/                                   302 200 200 200 200 200 200 200 200 200 200
staff/appeals/                                 302 302 302 302 302 302 302 302 302 302 302
staff/cases/measures/                          302 200 200 200 200 200 200 200 200 200 200
staff/cases/measures/change/                   302 403 403 403 403 200 403 403 403 200 403
staff/cases/measures/clear/                    302 403 403 403 403 409 403 403 403 409 403
staff/cases/{case}/                            302 404 404 200 200 200 200 200 200 404 404
staff/cases/{case}/evidence/                   302 404 404 403 403 200 403 403 403 404 404
staff/cases/{case}/evidence/{exhibit}          302 404 404 200 200 200 200 200 200 404 404
staff/cases/{case}/assign/                     302 404 404 403 403 200 403 403 403 404 404
staff/cases/{case}/look                        405 405 405 405 405 405 405 405 405 405 405
staff/cases/{case}/decide/                     302 404 404 403 403 200 403 403 403 404 404
staff/cases/{case}/letter/                     302 404 404 403 403 302 403 403 403 404 404
staff/cases/{case}/escalate/                   302 404 404 403 403 200 403 403 403 404 404
staff/cases/{case}/hand_back/                  302 404 404 409 409 409 409 409 409 404 404
staff/cases/{case}/close/                      302 404 404 403 403 200 403 403 403 404 404
staff/cases/{talked}/talk/                     302 200 404 404 404 200 404 404 404 404 404
staff/decisions/                               302 200 200 200 200 200 200 200 200 200 200
staff/decisions/{decision}/                    302 200 200 200 200 200 200 200 200 404 404
staff/decisions/{decision}/evidence/{ruled_on} 302 200 200 200 200 200 200 200 200 404 404
staff/decisions/{decision}/done/               302 200 200 200 403 200 403 403 403 404 404
staff/decisions/{decision}/appeal/             302 200 200 200 403 403 403 403 403 404 404
staff/appeals/{appeal}/                        302 200 200 200 200 200 200 200 200 404 404
staff/appeals/{appeal}/files/{attached}        302 200 200 200 200 200 200 200 200 404 404
staff/appeals/{appeal}/name/                   302 403 403 403 403 403 403 200 403 404 404
staff/appeals/{appeal}/vary/                   302 403 403 403 403 403 403 200 403 404 404
staff/appeals/{appeal}/uphold/                 302 403 403 403 403 403 403 200 403 404 404
staff/appeals/{appeal}/overturn/               302 403 403 403 403 403 403 200 403 404 404
staff/appeals/{appeal}/withdraw/               302 200 403 403 403 403 403 403 403 404 404
"""

SENT: dict[str, dict[str, Any]] = {
    "staff/accounts/{account}/case/": {"reason": "Why", "words": "A post."},
    "staff/cases/measures/change/": {"s0-en": "Serious", "s0-fr": "Grave", "reason": "May."},
    "staff/cases/measures/clear/": {"reason": "May."},
    "staff/cases/{case}/evidence/": {"words": "Another post."},
    "staff/cases/{case}/assign/": {"to": "1"},
    "staff/cases/{case}/look": {},
    "staff/cases/{case}/decide/": {"facts": "It happened."},
    "staff/cases/{case}/letter/": {},
    "staff/cases/{case}/escalate/": {"reason": "Yours."},
    "staff/cases/{case}/hand_back/": {"reason": "Yours."},
    "staff/cases/{case}/close/": {"ending": "nothing", "reason": "Nothing."},
    "staff/decisions/{decision}/done/": {"reason": "Done."},
    "staff/decisions/{decision}/appeal/": {"reasons": "It was a joke."},
    "staff/appeals/{appeal}/name/": {"person": "1", "reason": "Apart."},
    "staff/appeals/{appeal}/vary/": {"reason": "Too hard.", "facts": "It happened."},
    "staff/appeals/{appeal}/uphold/": {"reason": "It stands."},
    "staff/appeals/{appeal}/overturn/": {"reason": "It falls."},
    "staff/appeals/{appeal}/withdraw/": {"reason": ""},
}

MAY_NOT_SEND = """
staff/cases/{case}/look       302 404 404 403 403 ... 403 403 403 404 404
staff/cases/{case}/hand_back/ 302 404 404 403 403 409 403 403 403 404 404
"""
