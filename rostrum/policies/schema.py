"""The shape of a procedure file: typed, frozen, no key that is not listed here."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints
from pydantic_core import PydanticCustomError

from rostrum.core.text import UnsafeText, clean


def _visible(text: str) -> str:
    """Refuses what could hide or turn the meaning of a published sentence; keeps the text as written."""
    try:
        clean(text, multiline=True)
    except UnsafeText as error:
        raise PydanticCustomError(
            "unsafe_text", "position {position}", {"position": error.position}
        ) from None
    return text


Line = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=400),
    AfterValidator(_visible),
]
Prose = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(_visible),
]
Name = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Slug = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=60)]
ProcedureKey = Annotated[
    str, StringConstraints(strict=True, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
]
EditionLabel = Annotated[
    str, StringConstraints(strict=True, pattern=r"^\d{4}(-\d{2}){0,2}[a-z]?$", max_length=20)
]
Number = Annotated[
    str, StringConstraints(strict=True, pattern=r"^[0-9A-Za-z]+(\.[0-9A-Za-z]+)*$", max_length=20)
]
Host = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=253)]
MailDomain = Annotated[
    str, StringConstraints(strict=True, pattern=r"^\.?[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=254)
]

ClauseKind = Literal["requirement", "prohibition", "authority", "guidance"]
Scope = Literal["official_accounts", "personal_use", "everyone", "school_use"]
Carried = Literal["yes", "partly", "by_hand", "guidance"]
PlatformStatus = Literal["allowed", "open", "refused", "retired"]
FieldType = Literal[
    "text", "longtext", "choice", "multichoice", "unit", "person", "persons", "email", "url", "handle",
    "date", "yesno", "attest", "number", "platform",
]  # fmt: skip
ReviewFact = Literal["name", "handle", "address", "unit", "purpose", "mailbox", "managers", "profile_line", "public_page",
                     "visibility", "comments", "update_plan", "last_post", "official_since"]  # fmt: skip
ReviewAnswer = Literal["in_order", "not_in_order", "not_applicable", "could_not_see"]
LANGUAGES = ("en", "fr")


class Part(BaseModel):
    """What every table of the file has in common: read once, never changed, nothing unknown in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Part):
    """The same sentence in both languages; neither is optional, because neither reader is."""

    en: Prose
    fr: Prose


class ProcedureHead(Part):
    """Which procedure this is."""

    key: ProcedureKey
    number: Line
    name: Words
    short: Words
    title: Words
    languages: tuple[Literal["en", "fr"], ...]


class EditionHead(Part):
    """Which text of it, and from when. `label` is the part of a citation after the @."""

    label: EditionLabel
    effective_from: date
    effective_precision: Literal["day", "month", "year"] = "day"
    revised: Words
    source: Words
    note: Words | None = None


class Division(Part):
    """Whose procedure it is, and which mail domains are work mail. ".lpsd.ca" means any subdomain of it."""

    name: Words
    initials: tuple[Line, ...]
    mail_domains: tuple[MailDomain, ...] = Field(min_length=1)


class RoleWords(Part):
    """What a role is called here. Titles change; the key does not."""

    key: Name
    label: Words
    called: Words | None = None  # within a sentence, with its article; the label where it needs none
    note: Words | None = None


class Law(Part):
    """A law or another procedure that clauses refer to, under the name they use for it."""

    key: Line
    label: Words
    name: Words
    same_as: Line | None = None
    note: Words | None = None


class PartTitle(Part):
    """The heading over the clauses whose numbers begin with it."""

    number: Number
    title: Words


class ClauseText(Part):
    """One numbered paragraph in our own words, and an honest sentence on how Rostrum carries it."""

    number: Number
    title: Words
    text: Words
    kind: ClauseKind
    scope: Scope
    refers_to: tuple[Line, ...] = ()
    carried: Carried
    carried_by: Words
    not_set: tuple[Words, ...] = ()

    @property
    def part(self) -> str:
        """The number of the part that the clause stands in: "3" for 3.1."""
        return self.number.split(".")[0]


class Step(Part):
    """One yes that a request needs: by one role everywhere, or by a role that depends on the kind of unit."""

    key: Name
    label: Words
    verb: Words
    role: Name | None = None
    role_by_kind: dict[str, Name] = {}
    role_outside_school: Name | None = None
    apart_from: tuple[Name, ...] = ()
    cites: tuple[Number, ...] = Field(min_length=1)
    days_setting: Slug | None = None

    def role_for(self, kind: str, *, in_school: bool = True) -> str:
        """The role that decides for a unit of that kind; a unit outside a school has no principal."""
        if not self.role_by_kind:
            return self.role or ""
        role = self.role_by_kind[kind]
        if not in_school and self.role_outside_school and kind != "school":
            return self.role_outside_school
        return role


class Approval(Part):
    """The steps in their order."""

    cites: tuple[Number, ...] = Field(min_length=1)
    note: Words | None = None
    steps: tuple[Step, ...] = Field(min_length=1)


class EntityKind(Part):
    """A kind of unit that an account may speak for."""

    key: Name
    label: Words
    plural: Words
    name_rule: Name
    cites: tuple[Number, ...] = Field(min_length=1)
    note: Words | None = None


class NameRule(Part):
    """What a name must do, in words."""

    key: Name
    text: Words


class Naming(Part):
    """What the name check looks for (AP 193 1.3)."""

    cites: tuple[Number, ...] = Field(min_length=1)
    initials: tuple[Line, ...] = ()
    division_names: tuple[Line, ...] = ()
    generic_words: tuple[Line, ...] = ()
    exempt_kinds: tuple[Name, ...] = ()
    rules: tuple[NameRule, ...] = Field(min_length=1)


class HandleRule(Part):
    """How a handle is written on a platform, and how long it may be in characters."""

    rule: Words
    max_length: StrictInt = Field(ge=1, le=500)


class PlatformEntry(Part):
    """A platform of the catalogue: allowed, open (not named, not refused), refused or retired."""

    key: Slug
    label: Words
    former_name: Line | None = None
    connector: Slug
    connectors: tuple[Slug, ...] = ()
    hosts: tuple[Host, ...]
    handle: HandleRule
    status: PlatformStatus
    named_by_procedure: StrictBool = False
    note: Words | None = None


class Option(Part):
    """One answer of a choice."""

    value: Slug
    label: Words


class Setting(Part):
    """A number or choice that the procedure sets, or leaves to the division (then it has no value here)."""

    key: Slug
    type: Literal["number", "choice", "yesno"]
    unit: Literal["days", "school_days", "years", "people", "accounts", "percent"] | None = None
    clause: Number
    minimum: StrictInt | None = None
    maximum: StrictInt | None = None
    options: tuple[Option, ...] = ()
    value: StrictInt | StrictBool | Line | None = None
    source: Literal["procedure", "reading"] | None = None
    label: Words
    help: Words


Measure = Literal["guidance", "warning", "content", "training", "access", "suspend", "close"]


class Severity(Part):
    """How grave a breach is, in the division's words. `counts_days` is how long a warning for one counts."""

    key: Name
    label: Words
    help: Words | None = None
    counts_days: StrictInt | None = Field(default=None, ge=1, le=3650)


class GraduatedStep(Part):
    """What was written down for the nth breach of a severity within so many days: a suggestion to whoever decides."""

    severity: Name
    occurrence: StrictInt = Field(ge=1, le=20)
    within_days: StrictInt | None = Field(default=None, ge=1, le=3650)
    clauses: tuple[Number, ...] = ()
    measures: tuple[Measure, ...] = Field(min_length=1)
    note: Words | None = None


class Graduated(Part):
    """Graduated actions: severity by occurrence. It suggests and never acts. Most procedures have none."""

    cites: tuple[Number, ...] = Field(min_length=1)
    note: Words | None = None
    severities: tuple[Severity, ...] = Field(min_length=1, max_length=8)
    steps: tuple[GraduatedStep, ...] = Field(min_length=1, max_length=60)

    def severity(self, key: str) -> Severity | None:
        """The severity of that key, or None."""
        return next((one for one in self.severities if one.key == key), None)


class ShowWhen(Part):
    """A field is asked only when an earlier field has this answer."""

    field: Name
    equals: Line


class FormField(Part):
    """One question of a form, the clause that asks for it, and the column its answer fills."""

    key: Name
    type: FieldType
    required: StrictBool
    label: Words
    help: Words
    clause: Number
    binds: Name | None = None
    max_length: StrictInt | None = Field(default=None, ge=1, le=10_000)
    options: tuple[Option, ...] = ()
    options_from: Literal["entity_kinds"] | None = None
    show_when: ShowWhen | None = None


class FormSection(Part):
    """One step of a form: one topic."""

    key: Name
    title: Words
    fields: tuple[FormField, ...] = Field(min_length=1)


class Known(Part):
    """Something the paper form would ask and Rostrum already knows."""

    key: Name
    clause: Number
    label: Words


class Form(Part):
    """A form as data. `use` says what Rostrum does with it, whatever the division calls it."""

    key: Slug
    use: Literal["request", "registration"]
    title: Words
    edition: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=40)]
    edition_note: Words | None = None
    intro: Words
    clause: Number
    known: tuple[Known, ...] = ()
    sections: tuple[FormSection, ...] = Field(min_length=1)

    def all_fields(self) -> list[FormField]:
        """Every field of every section, in the order in which it is asked."""
        return [field for section in self.sections for field in section.fields]

    def field(self, key: str) -> FormField:
        """The field of that key; KeyError where the form has none."""
        for field in self.all_fields():
            if field.key == key:
                return field
        raise KeyError(key)


class ReviewSeverity(Part):
    """How grave a finding of a review is, and which setting gives the days to put it right. The lightest comes first."""

    key: Name
    label: Words
    help: Words
    days_setting: Slug | None = None
    urgent: StrictBool = False


class ReviewQuestion(Part):
    """One question of the checklist: what to look at, the clause behind it, what is shown beside it, how it is mended."""

    key: Name
    clause: Number
    question: Words
    help: Words
    answers: tuple[ReviewAnswer, ...] = ("in_order", "not_in_order", "not_applicable", "could_not_see")
    facts: tuple[ReviewFact, ...] = ()
    fix: Words | None = None
    severity: Name | None = None


class ReviewList(Part):
    """The checklist of a review, and the scale of what it finds. `note` says whose words they are."""

    minutes: StrictInt | None = Field(default=None, ge=1, le=240)
    note: Words | None = None
    severities: tuple[ReviewSeverity, ...] = Field(min_length=1, max_length=9)
    questions: tuple[ReviewQuestion, ...] = Field(min_length=1, max_length=40)

    def question(self, key: str) -> ReviewQuestion | None:
        """The question of that key, or None."""
        return next((one for one in self.questions if one.key == key), None)

    def severity(self, key: str) -> ReviewSeverity | None:
        """The severity of that key, or None."""
        return next((one for one in self.severities if one.key == key), None)


class Document(Part):
    """A whole procedure file. What must agree between its tables is checked in crosschecks.py."""

    schema_: Literal[1] = Field(alias="schema")
    procedure: ProcedureHead
    edition: EditionHead
    division: Division
    roles: tuple[RoleWords, ...]
    laws: tuple[Law, ...] = ()
    parts: tuple[PartTitle, ...] = ()
    clauses: tuple[ClauseText, ...] = Field(min_length=1)
    equivalents: dict[str, str] = {}
    approval: Approval
    entity_kinds: tuple[EntityKind, ...] = Field(min_length=1)
    naming: Naming
    platforms: tuple[PlatformEntry, ...] = Field(min_length=1)
    settings: tuple[Setting, ...] = ()
    graduated: Graduated | None = None
    forms: tuple[Form, ...] = Field(min_length=1)
    review: ReviewList | None = None

    def clause(self, number: str) -> ClauseText | None:
        """The clause of that number, or None."""
        return next((clause for clause in self.clauses if clause.number == number), None)

    def own_number(self, number: str) -> str | None:
        """This procedure's own number for an AP 193 clause that code names; None where it has none.

        Code is written against AP 193. Another division's file says under `equivalents` which of its clauses
        carries the same duty; an empty text there says that none does.
        """
        if number in self.equivalents:
            return self.equivalents[number] or None
        return number if self.clause(number) else None

    def setting(self, key: str) -> Setting | None:
        """The setting of that key, or None."""
        return next((setting for setting in self.settings if setting.key == key), None)

    def platform(self, key: str) -> PlatformEntry | None:
        """The platform of that key, or of that connector key (wordpress.com is a blog), or None."""
        for platform in self.platforms:
            if key == platform.key or key == platform.connector or key in platform.connectors:
                return platform
        return None

    def entity_kind(self, key: str) -> EntityKind | None:
        """The kind of unit of that key, or None."""
        return next((kind for kind in self.entity_kinds if kind.key == key), None)

    def role(self, key: str) -> RoleWords | None:
        """The words for a role, or None."""
        return next((role for role in self.roles if role.key == key), None)

    def step(self, key: str) -> Step:
        """The step of approval of that key; KeyError where there is none."""
        for step in self.approval.steps:
            if step.key == key:
                return step
        raise KeyError(key)

    def form(self, key: str) -> Form:
        """The form of that key ("193-1") or use ("request"); KeyError where there is none."""
        for form in self.forms:
            if key in (form.key, form.use):
                return form
        raise KeyError(key)

    def with_answers(self) -> Document:
        """The same document with the answers written out where a field takes them from elsewhere.

        A field with `options_from` gets the kinds of unit, a platform field the platforms one may ask for
        (neither refused nor retired), so that whoever reads a form needs to look at `options` only.
        """
        platforms = tuple(
            Option(value=platform.key, label=platform.label)
            for platform in self.platforms
            if platform.status in {"allowed", "open"}
        )

        def filled(field: FormField) -> FormField:
            options = platforms if field.type == "platform" else self.options_of(field)
            return field.model_copy(update={"options": options})

        forms = tuple(
            form.model_copy(
                update={
                    "sections": tuple(
                        section.model_copy(update={"fields": tuple(filled(f) for f in section.fields)})
                        for section in form.sections
                    )
                }
            )
            for form in self.forms
        )
        return self.model_copy(update={"forms": forms})

    def options_of(self, field: FormField) -> tuple[Option, ...]:
        """The answers a choice offers, those taken from the kinds of unit included."""
        if field.options_from == "entity_kinds":
            return tuple(Option(value=kind.key, label=kind.label) for kind in self.entity_kinds)
        return field.options
