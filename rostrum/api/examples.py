"""Examples for the description: one call of each operation, as a test runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Example:
    """One call: what stands in its address and its question, and what is sent."""

    parameters: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None


EDITION = {"key": "ap-193", "label": "2015-09"}
EXAMPLES: Mapping[str, Example] = {
    "listUnits": Example({"under": "rendell", "kind": "classroom", "limit": 10}),
    "readUnit": Example({"code": "rendell"}),
    "listPlatforms": Example(),
    "listProcedures": Example(),
    "listClauses": Example(EDITION),
    "readClause": Example({**EDITION, "number": "3.1"}),
    "readForm": Example({**EDITION, "use": "request"}),
    "listAccounts": Example({"q": "rendell", "unit": "rendell", "limit": 10}),
    "readAccount": Example({"id": "K7M2XQ"}),
    "verify": Example({"url": "https://www.instagram.com/rendellparkschool"}),
    "readMe": Example(),
    "listRequests": Example({"view": "waiting", "state": "submitted"}),
    "readRequest": Example({"ref": "2026-0193"}),
    "startRequest": Example(
        body={
            "answers": {
                "unit": ["rendell-gr4"], "entity_kind": ["classroom"],
                "purpose": ["Families see what the class is learning."],
            }
        }
    ),
    "changeRequest": Example({"ref": "2026-0194"}, {"version": 1, "answers": {"platform": ["instagram"]}}),
    "moveRequest": Example(
        {"ref": "2026-0193", "move": "endorse"}, {"version": 2, "reason": "The name matches the class."}
    ),
    "changeRegistration": Example({"ref": "2026-0196"}, {"version": 1, "answers": {"second_factor": ["yes"]}}),
    "moveRegistration": Example({"ref": "2026-0195", "move": "confirm"}, {"version": 3, "reason": "All in order."}),
    "answerDesignation": Example({"ref": "2026-0195"}, {"answer": "accept"}),
    "listPeopleImports": Example({"limit": 10}),
    "bringPeople": Example(
        body={
            "file": "Name,E-mail,School,Role\nWren Delorme,w.delorme@lpsd.ca,Rendell Park School,Teacher\n",
            "schools": "false",
        }
    ),
    "readPeopleImport": Example({"number": 12}),
    "listPeopleFaults": Example({"number": 12, "limit": 100}),
    "listPeopleChanges": Example({"number": 12, "what": "new", "thing": "person"}),
    "applyPeople": Example({"number": 12}, {"digest": 8 * "5f0c7a19", "ends": []}),
    "dropPeople": Example({"number": 12}, {}),
    "listAccountImports": Example({"limit": 10}),
    "bringAccounts": Example(
        body={"file": "School,Address\nRendell Park School,https://www.instagram.com/rendellquilts\n"}
    ),
    "readAccountImport": Example({"number": 4}),
    "listAccountRows": Example({"number": 4, "level": "look", "limit": 50}),
    "mendAccountRow": Example({"number": 4, "row": 2}, {"values": {"unit": "Rendell Park School"}}),
    "applyAccounts": Example({"number": 4}, {"version": 1}),
    "dropAccounts": Example({"number": 4}, {}),
    "listRecords": Example({"unit": "rendell", "state": "recognised"}),
    "readRecord": Example({"id": "K7M2XQ"}),
}  # fmt: skip
