"""The matrix of roles, one file for each area: every address, who gets what there, and what is sent to it.

Columns of each DESK: nobody signed in, teacher (who asked), colleague (named manager), principal, superintendent,
Communications, privacy officer, Director, auditor, system administrator, and Charlie, the principal of another
school. 200 the page; 302 nobody: to the sign-in page, somebody: onward; 403 not you; 404 nothing there for you;
405 only for sending; 409 not in this state.

SENT is what a person might send to each address that changes something. MAY_NOT_SEND has the addresses whose reading
page is open to more people than may send, or that have no reading page; where it says "..." that person may.
"""

from __future__ import annotations

import re
from typing import Any

from tests.web.roles import (
    cases,
    custody,
    findings,
    keys,
    people,
    requests,
    reviews,
    shell,
    standing,
    upkeep,
)
from tests.web.roles.doors import DOORS

AREAS = (findings, requests, cases, keys, reviews, standing, custody, upkeep, people, shell)


def table(text: str) -> dict[str, list[int]]:
    """The rows of a table: address template -> status per column."""
    found = {}
    for line in text.strip("\n").splitlines():
        name, *statuses = re.split(r"\s+", line.strip())
        if statuses and all(s.isdigit() for s in statuses):
            found["" if name == "(home)" else name] = [int(s) for s in statuses]
    return found


DESK_ROWS: dict[str, list[int]] = {}
SENT: dict[str, dict[str, Any]] = {}
MAY_NOT_SEND: dict[str, list[str]] = {}
for area in AREAS:
    # An address stands in one area only: a second row would hide the first.
    for tables, rows in ((DESK_ROWS, table(area.DESK)), (SENT, area.SENT)):
        assert not tables.keys() & rows.keys(), (area.__name__, tables.keys() & rows.keys())
        tables.update(rows)
    for line in area.MAY_NOT_SEND.strip().splitlines():
        template, *cells = line.split()
        assert template not in MAY_NOT_SEND, template
        MAY_NOT_SEND[template] = cells
DOOR_ROWS = table(DOORS)
