"""Standings, closing, orders, holds: who reads each address, what is sent to it, and who may not send."""

from __future__ import annotations

from typing import Any

DESK = """
                                    no  tea col pri sup com pri dir aud sys cha
staff/accounts/                     302 200 200 200 200 200 200 200 200 200 200
staff/accounts/{account}/           302 200 200 200 200 200 200 200 200 404 404
staff/accounts/{account}/review/    302 403 403 403 403 200 403 403 403 404 404
staff/accounts/{account}/suspend/   302 403 403 403 403 200 403 403 403 404 404
staff/accounts/{account}/close/     302 403 403 403 403 200 403 403 403 404 404
staff/accounts/{account}/restore/   302 403 403 403 403 409 403 403 403 404 404
staff/accounts/{account}/closing/   302 200 200 200 200 200 403 403 403 404 404
staff/closings/                     302 200 200 200 200 200 200 200 200 200 200
staff/closings/{closing}/           302 200 200 200 200 200 200 200 200 404 404
staff/closings/{closing}/items/told 405 405 405 405 405 405 405 405 405 405 405
staff/closings/{closing}/hand_in/   302 200 200 200 200 200 403 403 403 404 404
staff/closings/{closing}/retire/    302 403 403 403 403 200 403 403 403 404 404
staff/closings/{closing}/abandon/   302 200 200 200 200 200 403 403 403 404 404
staff/closings/{closing}/return/    302 409 409 409 409 409 409 409 409 404 404
staff/closings/{closing}/finish/    302 409 409 409 409 409 409 409 409 404 404
staff/parked/                       302 200 200 200 200 200 200 200 200 200 200
staff/parked/{parked}/              302 200 200 200 200 200 200 200 200 404 404
staff/parked/{parked}/again         405 405 405 405 405 405 405 405 405 405 405
staff/parked/{parked}/renew/        302 200 200 200 200 200 403 403 403 404 404
staff/parked/{parked}/give_up/      302 403 403 403 403 200 403 403 403 404 404
staff/accounts/{account}/extend/    302 403 403 403 403 409 403 403 403 404 404
staff/accounts/{account}/order/     302 403 403 403 403 200 403 403 403 404 404
staff/orders/                       302 200 200 200 200 200 200 200 200 200 200
staff/orders/{order}/               302 200 200 200 200 200 200 200 200 404 404
staff/orders/{answered}/screenshot  302 200 200 200 200 200 200 200 200 404 404
staff/orders/{order}/fulfil/        302 200 200 403 403 403 403 403 403 404 404
staff/orders/{order}/cannot/        302 200 200 403 403 403 403 403 403 404 404
staff/orders/{order}/confirm/       302 409 409 409 409 409 409 409 409 404 404
staff/orders/{order}/withdraw/      302 403 403 403 403 200 403 403 403 404 404
staff/orders/{answered}/confirm/    302 403 403 403 403 200 403 403 403 404 404
staff/orders/{answered}/send_back/  302 403 403 403 403 200 403 403 403 404 404
staff/holds/                        302 200 200 200 200 200 200 200 200 200 200
staff/holds/new/                    302 403 403 403 403 200 403 200 403 403 403
staff/holds/{hold}/                 302 200 200 200 200 200 200 200 200 404 404
staff/holds/{hold}/progress         302 200 200 200 200 200 200 200 200 404 404
staff/holds/{hold}/stopped          405 405 405 405 405 405 405 405 405 405 405
staff/holds/{hold}/extend/          302 403 403 403 403 200 403 200 403 404 404
staff/holds/{hold}/say/             302 403 403 403 403 200 403 200 403 404 404
staff/holds/{hold}/lift/            302 403 403 403 403 200 403 200 403 404 404
"""

SENT: dict[str, dict[str, Any]] = {
    "staff/accounts/{account}/review/": {"reason": "Look."},
    "staff/accounts/{account}/suspend/": {"reason": "Stop."},
    "staff/accounts/{account}/close/": {"reason": "Over."},
    "staff/accounts/{account}/restore/": {"reason": "Back."},
    "staff/accounts/{account}/closing/": {"reason": "Over."},
    "staff/closings/{closing}/items/told": {"answer": "nobody", "detail": "No followers."},
    "staff/closings/{closing}/hand_in/": {"reason": ""},
    "staff/closings/{closing}/retire/": {"reason": "Over."},
    "staff/closings/{closing}/abandon/": {"reason": "It goes on."},
    "staff/closings/{closing}/return/": {"reason": "Whom?"},
    "staff/closings/{closing}/finish/": {"reason": ""},
    "staff/parked/{parked}/again": {},
    "staff/parked/{parked}/renew/": {"day": "2099-01-01", "reason": ""},
    "staff/parked/{parked}/give_up/": {"reason": "Not wanted."},
    "staff/accounts/{account}/extend/": {"reason": "Longer."},
    "staff/accounts/{account}/order/": {
        "kind": "name", "what": "Name it.", "clause": "1.3", "reason": "Unclear.", "due_on": "2099-01-01"
    },
    "staff/orders/{order}/fulfil/": {"reason": "Done."},
    "staff/orders/{order}/cannot/": {"reason": "Too short."},
    "staff/orders/{order}/confirm/": {"reason": ""},
    "staff/orders/{order}/withdraw/": {"reason": "A mistake."},
    "staff/orders/{answered}/confirm/": {"reason": ""},
    "staff/orders/{answered}/send_back/": {"reason": "Not yet.", "due_on": "2099-01-01"},
    "staff/holds/new/": {
        "kind": "freeze", "scope": "all", "ends_on": "2099-01-01", "ends_time": "12:00", "reason": "Stop.", "act": "place"
    },
    "staff/holds/{hold}/stopped": {},
    "staff/holds/{hold}/extend/": {"ends_on": "2099-01-01", "ends_time": "12:00", "reason": "More."},
    "staff/holds/{hold}/say/": {"line_en": "Paused."},
    "staff/holds/{hold}/lift/": {"reason": "Over."},
}

MAY_NOT_SEND = """
staff/closings/{closing}/items/told 302 ... ... ... ... ... 403 403 403 404 404
staff/closings/{closing}/return/    302 403 403 403 403 409 403 403 403 404 404
staff/closings/{closing}/finish/    302 409 409 409 409 409 403 403 403 404 404
staff/parked/{parked}/again         302 ... ... ... ... ... ... ... ... 404 404
staff/holds/{hold}/stopped          302 ... ... 403 403 403 403 403 403 404 404
"""
