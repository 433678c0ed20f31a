"""The shapes of what anybody may read: units, platforms, procedures, accounts, the answer about an address."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from rostrum.api.paging import Paged, Typed
from rostrum.people.models import UnitKind
from rostrum.policies.schema import Carried, ClauseKind, FieldType, PlatformStatus, Scope

Kind = Literal["division", "school", "department", "program", "club", "association", "team", "classroom"]
assert set(UnitKind.values) == set(Kind.__args__)  # type: ignore[attr-defined]  # noqa: S101
Reading = Literal["official", "suspended", "retired"]
Result = Literal["official", "retired", "not_ours", "look_alike", "unreadable"]

# What may stand in an address. Nothing here reaches a database with a character that it cannot hold.
UnitCode = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1F\x7F/?#]{1,40}$")]
PublicId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{4,12}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Label = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}[a-z]?$")]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,8}(\.[0-9A-Za-z]{1,8}){0,2}$", max_length=20)]
FormUse = Literal["request", "registration"]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=60)]


class Shape(Schema):
    """What every answer has in common: nothing in it that is not described."""

    model_config = ConfigDict(extra="forbid")


class UnitOut(Shape):
    """A place of the division that an account may speak for (AP 193 1.2, 1.3)."""

    code: str = Field(
        description="The unit's short code. It names the unit in addresses and filters.", examples=["rendell"]
    )
    kind: Kind = Field(description="What it is.")
    name: str = Field(description="Its name, as people say it.")
    parent: str | None = Field(description="The code of the unit it belongs to; null for the division.")
    street: str = Field(description="Its street address; empty where that is not kept.")
    town: str = Field(description="Where it is; empty where that is not kept.")
    email: str = Field(description="The address of its office, never a person's; empty where there is none.")
    phone: str = Field(description="The number of its office; empty where there is none.")
    website: str = Field(description="Its own website; empty where there is none.")
    closed_on: date | None = Field(description="The day it closed; null while it is open.")


class UnitList(Shape):
    """One part of the list of units."""

    items: list[UnitOut]
    next: str | None = Field(description="The address of the next part; null at the end.")


class UnitQuery(Paged):
    """Filters of the list of units."""

    kind: Kind | None = Field(None, description="Only units of this kind.")
    under: UnitCode | None = Field(None, description="Only this unit and what stands beneath it, by its code.")
    closed: bool = Field(False, description="Also those that have closed.")


class PlatformOut(Shape):
    """A platform as the procedure in force lists it."""

    key: str = Field(description="The platform's key. It names the platform in filters.", examples=["instagram"])
    label: str = Field(description="Its name.")
    former_name: str | None = Field(description="What it was called before (X was Twitter).")
    status: PlatformStatus = Field(
        description="allowed: the procedure names it; open: it may be asked for; refused: it may not; retired: it is gone."
    )
    named_by_procedure: bool = Field(description="Whether the procedure itself names it.")
    hosts: list[str] = Field(description="The hosts of its addresses.")


class PlatformList(Shape):
    """All platforms. They fit into one part."""

    items: list[PlatformOut]
    next: None = Field(None, description="Always null.")


class EditionOut(Shape):
    """The text of a procedure as of a date, frozen when it was published."""

    label: str = Field(description="The part of a citation after the @.", examples=["2015-09"])
    effective_from: date = Field(description="The day from which it counts.")
    in_force: bool = Field(description="Whether it counts today.")
    clause_count: int = Field(description="How many clauses it has.")
    sha256: str = Field(description="The hash of its file, as it was published.")


class ProcedureOut(Shape):
    """A procedure and its editions, the latest first."""

    key: str = Field(description="The procedure's key, the part of a citation before the @.", examples=["ap-193"])
    title: str = Field(description="What it is about.")
    editions: list[EditionOut]


class ProcedureList(Shape):
    """All procedures. They fit into one part."""

    items: list[ProcedureOut]
    next: None = Field(None, description="Always null.")


class ClauseOut(Shape):
    """One numbered paragraph, in short words of our own; the published text stays the authority."""

    citation: str = Field(description="How decisions cite it.", examples=["ap-193@2015-09#3.1"])
    number: str
    title: str
    text: str
    kind: ClauseKind = Field(description="Whether it demands, forbids, says who decides, or advises.")
    scope: Scope = Field(description="What it speaks of.")
    carried: Carried = Field(description="Whether Rostrum carries it.")
    refers_to: list[str] = Field(description="Other clauses, procedures or laws that it refers to.")


class ClauseList(Shape):
    """All clauses of an edition, in its order. They fit into one part."""

    items: list[ClauseOut]
    next: None = Field(None, description="Always null.")


class OptionOut(Shape):
    """One choice of a form's field."""

    value: str
    label: str


class FieldOut(Shape):
    """One field of a form."""

    key: str = Field(description="The field's key in `answers`.")
    type: FieldType
    required: bool
    label: str
    help: str
    clause: str = Field(description="The clause that asks for it.")
    max_length: int | None
    options: list[OptionOut] = Field(description="What may be chosen; empty where the field is free, or names a unit.")


class FormOut(Shape):
    """A form of the procedure: Form 193-1, or the Registration Form."""

    key: str
    use: Literal["request", "registration"]
    title: str
    edition: str
    fields: list[FieldOut]


class AccountOut(Shape):
    """An account that speaks, or once spoke, for a unit (AP 193 1.2, 3.2). It holds nobody's personal data."""

    id: str = Field(description="The account's public number. It never changes and is never given again.")
    name: str = Field(description="Its name on the platform.")
    unit: str = Field(description="The name of the unit that it speaks for.")
    unit_code: str = Field(description="The code of that unit.")
    kind: Kind = Field(description="What kind of unit it speaks for.")
    platform: str = Field(description="The platform's key.")
    handle: str = Field(description="Its name in the platform's addresses.")
    address: str = Field(description="Its address, in the one form that we compare.")
    standing: Reading = Field(
        description="official: relied on today; suspended: not to be relied on for now; retired: it speaks for nobody."
    )
    official_since: date = Field(description="The day it became official.")
    page: str = Field(description="Its page in the directory, for people.")
    merged_into: str | None = Field(description="The public number of the account that it was merged into; null: none.")


class StretchOut(Shape):
    """A dated stretch of an account's life."""

    standing: Reading
    since: datetime
    until: datetime | None = Field(description="Null: until further notice.")


class AccountInFull(AccountOut):
    """An account with its history as the public reads it."""

    history: list[StretchOut] = Field(description="Its standings, oldest first.")


class AccountList(Shape):
    """One part of the directory, by name."""

    items: list[AccountOut]
    next: str | None = Field(description="The address of the next part; null at the end.")


class AccountQuery(Paged):
    """Filters of the directory: the same as on its page."""

    q: Typed = Field("", description="Words of the name, the handle or the unit; accents and case do not matter.")
    unit: UnitCode | None = Field(None, description="Only accounts of this unit and of what stands beneath it.")
    kind: Kind | None = Field(None, description="Only accounts that speak for this kind of unit.")
    platform: Slug | None = Field(None, description="Only accounts on this platform.")
    retired: bool = Field(False, description="Also accounts that no longer speak for anyone.")


class VerifyQuery(Schema):
    """What is asked about."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(description="A pasted address or handle, as it is.", max_length=4000)


class AnswerOut(Shape):
    """Whether a pasted address or handle is an official account: the same answer as on the page."""

    input: str = Field(description="What was asked about, at most 2,048 characters of it.")
    result: Result = Field(
        description="official; retired (or suspended: do not rely on it); not_ours; look_alike: not ours though it looks "
        "like one of ours; unreadable: no account can be read from it."
    )
    headline: str = Field(description="The answer in a few words.")
    explanation: str = Field(description="Why, in a sentence.")
    platform: str | None = Field(description="The platform that the address is on, where it is known.")
    canonical_url: str | None = Field(description="The address in the one form that we compare.")
    account: AccountOut | None = Field(description="The account itself, where it is registered.")
    resembles: AccountOut | None = Field(description="The account of ours that it looks like.")
