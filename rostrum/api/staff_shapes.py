"""The shapes of what a person's program may read and send: requests, registrations, acts, records of accounts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from rostrum.api.paging import Paged, Typed
from rostrum.api.public_shapes import Kind, Shape, Slug, UnitCode

State = Literal[
    "draft", "submitted", "endorsed", "approved", "registered", "returned", "declined", "withdrawn", "lapsed"
]
FormState = Literal["draft", "sent", "returned", "confirmed", "dropped"]
Standing = Literal["recognised", "review", "suspended", "retired"]
RequestMove = Literal["submit", "endorse", "approve", "return", "decline", "withdraw"]
RegistrationMove = Literal["send", "confirm", "return"]
Ref = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{4,12}$")]
FieldKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")]
Said = Annotated[str, StringConstraints(max_length=4000)]
Answers = Annotated[dict[FieldKey, Annotated[list[Said], Field(max_length=60)]], Field(max_length=200)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Reason = Annotated[str, Field(max_length=4000, description="A comment in plain text, at most 2,000 characters.")]


class PersonOut(Shape):
    """A person, as every page names them."""

    name: str
    title: str = Field(description="What they are here; may be empty.")


class StatusOut(Shape):
    """Where a request is, in the same words as on every page and in every letter."""

    word: str = Field(description="The status in words, in the caller's language.")
    tone: Literal["moving", "good", "act", "stop", "over"] = Field(
        description="moving: under way; good: in order; act: someone must act; stop: ended with a no; over: ended."
    )
    next_step: str = Field(description="What comes next, as a sentence.")
    waiting_for: list[str] = Field(description="The names of those whose turn it is; empty when it is nobody's.")


class MoveOut(Shape):
    """A legal move that the caller could make now."""

    name: str = Field(description="The move's name, the last part of its address.")
    label: str = Field(description="What its button says.")
    effect: str = Field(description="What it does; may be empty.")
    reason_required: bool = Field(description="Whether it needs a reason.")
    href: str = Field(description='Where to send it: POST {"version": …, "reason": …}.')


class RequestOut(Shape):
    """A Form 193-1 on its way (AP 193 3.1), in short."""

    ref: str = Field(description="The request's number.", examples=["2026-0193"])
    version: int = Field(description="Rises with every change. Send it with an act: whoever was faster is then seen.")
    state: State = Field(description="Where it is, as a key that never changes.")
    status: StatusOut
    name: str = Field(description="The name asked for; empty while it is not filled in.")
    platform: str = Field(description="The platform's key; empty while it is not chosen.")
    handle: str
    unit: str | None = Field(description="The code of the unit that the account is to speak for.")
    unit_name: str | None
    kind: Kind | None = Field(description="What kind of unit it speaks for.")
    requester: PersonOut
    started_at: datetime
    submitted_at: datetime | None
    moved_at: datetime = Field(description="When it last moved.")


class ManagerOut(Shape):
    """A person named to look after the account (AP 193 1.7, 3.4)."""

    person: PersonOut
    place: Literal["primary", "second"]
    named_at: datetime
    accepted_at: datetime | None
    declined_at: datetime | None
    released_at: datetime | None


class RegistrationOut(Shape):
    """The Registration Form of an approved request (AP 193 3.2)."""

    version: int
    state: FormState
    address: str
    handle: str
    mailbox: str
    second_factor: bool
    managers: list[ManagerOut]
    answers: dict[str, list[str]] = Field(description="What was typed, field by field.")
    confirmed_by: PersonOut | None
    confirmed_at: datetime | None
    last_comment: str
    allowed_moves: list[MoveOut]


class RequestInFull(RequestOut):
    """A request with everything that its page shows."""

    mailbox: str
    purpose: str
    form_edition: str
    edition: str = Field(
        description="The edition of the procedure that it was made under.", examples=["ap-193@2015-09"]
    )
    endorsed_by: PersonOut | None
    endorsed_at: datetime | None
    approved_by: PersonOut | None
    approved_at: datetime | None
    last_comment: str = Field(description="The comment of the last decision.")
    answers: dict[str, list[str]] = Field(description="What was typed, field by field, right or wrong.")
    registration: RegistrationOut | None = Field(
        description="The Registration Form: its writer's alone until it is sent, then everybody's who reads the request."
    )
    account: str | None = Field(description="The public number of the account, once it is official.")
    allowed_moves: list[MoveOut] = Field(description="What the caller could do with it now.")


class RequestList(Shape):
    """One part of the list of requests."""

    items: list[RequestOut]
    next: str | None


class RequestQuery(Paged):
    """Filters of the list of requests: the same as on its page."""

    view: Literal["all", "mine", "waiting"] = Field(
        "all", description="all that I may see; mine: those I asked for; waiting: those that wait for me."
    )
    state: State | None = Field(None, description="Only requests in this state.")
    unit: UnitCode | None = Field(None, description="Only requests for this unit and what stands beneath it.")
    platform: Slug | None = Field(None, description="Only requests for this platform.")
    q: Typed = Field("", description="Words of the name, handle, number, unit or requester.")


class Sent(Schema):
    """What is sent: nothing in it that is not described."""

    model_config = ConfigDict(extra="forbid")


class DraftIn(Sent):
    """A new Form 193-1. Nothing is required before it is sent."""

    answers: Answers = Field(
        description="Answers by field key, each a list. See GET /procedures/{key}/editions/{label}/forms/request.",
        examples=[{"purpose": ["Families see what the class is learning."]}],
    )


class ChangeIn(DraftIn):
    """Answers to change; the others stay as they are."""

    version: Version = Field(description="The version that was read.")


class MoveIn(Sent):
    """One move."""

    version: Version = Field(
        description="The version that was read. If it has moved on since, the answer is 409 too-late."
    )
    reason: Reason = ""


class AnswerIn(Sent):
    """A named manager's answer (AP 193 1.7, 3.4)."""

    answer: Literal["accept", "decline"]
    reason: Reason = Field("", description="Needed to decline.", max_length=4000)


class Me(Shape):
    """Whose token this is, and what it may do."""

    person: PersonOut
    email: str
    token: str = Field(description="The token's name.")
    prefix: str = Field(description="The visible beginning of the token.")
    scopes: list[str]
    expires_at: datetime


class StandingOut(Shape):
    """A dated stretch of an account's state, with the reason and who decided."""

    state: Standing
    since: datetime
    until: datetime | None
    reason: str
    by: str | None
    citations: list[str]


class RecordOut(Shape):
    """An account as the register keeps it, for whoever may read its full record."""

    id: str
    version: int
    state: Standing = Field(description="Its real state. What the public reads as official may be under review.")
    label: str = Field(description="That state in words.")
    name: str
    unit: str
    unit_code: str
    kind: Kind
    platform: str
    handle: str
    address: str
    mailbox: str
    purpose: str
    official_since: date
    standing_since: datetime


class RecordInFull(RecordOut):
    """A record with its managers and its standings."""

    platform_id: str
    second_factor: bool
    custody: str = Field(description="Where the password is kept: the name of the place, never the secret.")
    request: str | None = Field(description="The number of the request that it came from.")
    managers: list[ManagerOut]
    standings: list[StandingOut]


class RecordList(Shape):
    """One part of the list of records, by name."""

    items: list[RecordOut]
    next: str | None


class RecordQuery(Paged):
    """Filters of the list of records."""

    q: Typed = Field("", description="Words of the name, the handle or the unit.")
    unit: UnitCode | None = Field(None, description="Only accounts of this unit and of what stands beneath it.")
    platform: Slug | None = Field(None, description="Only accounts on this platform.")
    kind: Kind | None = Field(None, description="Only accounts that speak for this kind of unit.")
    state: Standing | None = Field(None, description="Only accounts in this state.")
