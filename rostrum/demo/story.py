"""What one account's story is made of, and what its people type into the two forms."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from rostrum.demo.people import MAIL

Turn = tuple[int, str, str, str]  # working days back, move, who, reason
FILES = ("official.toml", "underway.toml")


@dataclass(frozen=True)
class Story:
    """One request and what became of it.

    `start` counts working days back. `end` is the last step taken: draft, submitted, returned, declined,
    withdrawn, endorsed, approved, lapsed, sent (a manager has not answered), ready (Communications has not
    confirmed), sent_back or official. `said` holds the comments by step, `typed` other answers in Form 193-1,
    `then` what happened to the official account.
    """

    unit: str
    platform: str
    name: str
    address: str
    who: str
    start: int
    second: str = ""
    end: str = "official"
    purpose: str = ""
    said: dict[str, str] = field(default_factory=dict)
    then: tuple[Turn, ...] = ()
    typed: dict[str, str] = field(default_factory=dict)
    managers: tuple[str, ...] = ()

    @property
    def looked_after_by(self) -> tuple[str, ...]:
        """Who is named as content manager: who asks and the second one, unless the story says otherwise."""
        return self.managers or tuple(key for key in (self.who, self.second) if key)

    @property
    def mailbox(self) -> str:
        """The shared work mailbox of the unit (AP 193 1.6)."""
        return f"{self.unit.replace('-', '.')}@{MAIL}"


def stories() -> list[Story]:
    """Every story of the demonstration, as the two files beside this module tell them."""
    found: list[Story] = []
    for name in FILES:
        told = tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
        for one in told["stories"]:
            then, managers = tuple(map(tuple, one.pop("then", ()))), tuple(one.pop("managers", ()))
            found.append(Story(**{**one, "then": then, "managers": managers}))
    return found


PURPOSES = {
    "division": "The division’s own news: calendar, closures, board meetings and good work.",
    "school": "Families find events, closures and reminders of our school where they already look.",
    "department": "Families and staff get news and help from the department without phoning around.",
    "program": "People who take part, or may want to, see what the program does and how to join.",
    "club": "Families and other schools see what the club builds and when it meets.",
    "team": "Game times, results and bus times for families and fans.",
    "association": "Meeting dates, minutes and volunteer calls for the families of the school.",
    "classroom": "Families see what the class is learning and what to bring this week.",
}
AUDIENCES = {
    "division": ["families", "staff", "community"],
    "department": ["families", "staff"],
    "team": ["families", "community"],
    "association": ["families", "community"],
}


def form_193_1(story: Story, kind: str) -> dict[str, list[str]]:
    """What the person who asks types into Form 193-1."""
    typed = {
        "unit": [story.unit], "entity_kind": [kind], "existing": ["new"],
        "purpose": [story.purpose or PURPOSES[kind]], "audience": AUDIENCES.get(kind, ["families"]),
        "platform": [story.platform], "page_kind": ["blog" if story.platform == "blog" else "page"],
        "name": [story.name], "handle": [story.address], "mailbox": [story.mailbox],
        "primary_manager": [f"{story.looked_after_by[0]}@{MAIL}"], "update_plan": ["weekly"],
        "permission_promise": ["yes"], "terms_read": ["yes"], "rules_accepted": ["yes"],
    }  # fmt: skip
    if len(story.looked_after_by) > 1:
        typed["second_manager"] = [f"{story.looked_after_by[1]}@{MAIL}"]
    if kind == "classroom":
        typed.update(ages=["under_13"], parents_told=["yes"])
    typed.update({key: [value] for key, value in story.typed.items()})
    return typed


def registration_form(story: Story, entry: int) -> dict[str, list[str]]:
    """What the same person types into the Registration Form; `entry` numbers the vault's entry."""
    managers = [f"{key}@{MAIL}" for key in story.looked_after_by]
    return {
        "address": [story.address], "name": [story.name], "visibility": ["public"],
        "comment_mode": ["none" if story.platform == "flickr" else "moderated"], "logo_permission": ["own"],
        "mailbox": [story.mailbox], "recovery": ["shared_mailbox"],
        "second_factor": ["yes" if entry % 5 else "no"],
        "custody": [f"Office vault, entry {entry}"], "managers": managers, "access": managers,
        "access__role": ["owner", "editor"][: len(managers)],
        "directory_link": ["yes" if entry % 3 else "no"],
        "no_personal_address": ["yes"], "correct": ["yes"],
    }  # fmt: skip
