"""Units, people, lists that are brought in: who reads each address, what is sent to it, and who may not send."""

from __future__ import annotations

from typing import Any

DESK = """
                                      no  tea col pri sup com pri dir aud sys cha
staff/units/                          302 200 200 200 200 200 200 200 200 200 200
staff/units/add/                      302 403 403 403 403 200 403 403 403 200 403
staff/units/{unit}/                   302 200 200 200 200 200 200 200 200 200 200
staff/units/{unit}/change/            302 403 403 403 403 200 403 403 403 200 403
staff/units/{classroom}/close/        302 403 403 403 403 200 403 403 403 200 403
staff/people/                         302 200 200 200 200 200 200 200 200 200 200
staff/people/suggest                  302 200 200 200 200 200 200 200 200 200 200
staff/people/away/                    302 200 200 200 200 200 200 200 200 200 200
staff/people/add/                     302 403 403 403 403 200 403 403 403 200 403
staff/people/{person}/                302 200 200 200 200 200 200 200 200 200 200
staff/people/{person}/change/         302 403 403 403 403 200 403 403 403 200 403
staff/people/{person}/left/           302 403 403 403 403 200 403 403 403 200 403
staff/people/{gone}/back/             302 403 403 403 403 200 403 403 403 200 403
staff/people/{person}/appoint/        302 403 403 403 403 403 403 403 403 200 403
staff/appointments/{appointment}/end/ 302 403 403 403 403 403 403 403 403 200 403
staff/stand-ins/new/                  302 200 200 200 200 200 200 200 200 200 200
staff/stand-ins/{stand_in}/cancel/    302 403 403 403 200 200 403 403 403 200 403
staff/imports/                        302 403 403 403 403 200 403 403 403 200 403
staff/imports/template.csv            302 403 403 403 403 200 403 403 403 200 403
staff/imports/{brought}/              302 403 403 403 403 200 403 403 403 200 403
staff/imports/{brought}/faults.csv    302 403 403 403 403 200 403 403 403 200 403
"""

SENT: dict[str, dict[str, Any]] = {
    "staff/units/add/": {"kind": "club", "name": "Chess club", "code": "chess", "parent": "1"},
    "staff/units/{unit}/change/": {"name": "Another name"},
    "staff/units/{classroom}/close/": {"on": "2026-11-01", "reason": "Over."},
    "staff/people/add/": {"email": "x.y@lpsd.ca", "name": "X Y", "kind": "employee", "language": "en-ca"},
    "staff/people/{person}/change/": {"name": "Another Name", "kind": "employee"},
    "staff/people/{person}/left/": {"on": "2026-11-01", "reason": "Moved."},
    "staff/people/{gone}/back/": {},
    "staff/people/{person}/appoint/": {"role": "sysadmin", "unit": "1"},
    "staff/appointments/{appointment}/end/": {"on": "2026-11-01", "reason": "Over."},
    "staff/stand-ins/{stand_in}/cancel/": {},
    "staff/imports/": {},
    "staff/imports/{brought}/": {"act": "drop"},
}

MAY_NOT_SEND = ""
