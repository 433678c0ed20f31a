"""Form 193-1 and the Registration Form behind one face, so that one set of pages serves both."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.core.errors import NotAllowed, WrongState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import form, text
from rostrum.registry import actions, checks, registering
from rostrum.registry.answers import Raw, Reading, key_for, read
from rostrum.registry.checks import Note
from rostrum.registry.models import AccountRequest, Registration
from rostrum.registry.platforms import key_of, understand
from rostrum.registry.states import EDITABLE, SEND, SUBMIT, RequestState
from rostrum.web.requests.sheet import asked, touched

CHECK = "check"


@dataclass
class Findings:
    """A form read: its values, what is wrong with it, and everything it has to say, by field key."""

    reading: Reading
    problems: dict[str, str]
    notes: dict[str, list[Note]] = field(default_factory=dict)


class Flow(ABC):
    """A form that is data, being filled in for one request."""

    definition: Any
    request: AccountRequest
    answers: Mapping[str, list[str]]
    version: int
    send_label: Any
    done: Any

    @abstractmethod
    def url(self, step: str) -> str:
        """The address of a step; "check" is the last one."""

    @abstractmethod
    def notes(self, reading: Reading) -> list[Note]:
        """Everything the register has to say about these answers."""

    @abstractmethod
    def save(self, raw: Raw, *, by: Person, seen: int | None) -> None:
        """Keep a step as typed."""

    @abstractmethod
    def send(self, *, by: Person, seen: int | None) -> None:
        """Send the whole form."""

    @abstractmethod
    def check_may_fill(self, person: Person) -> None:
        """Raise NotAllowed or WrongState when this person cannot fill in this form now."""

    def completed(self, raw: Raw) -> Raw:
        """The answers of a step with what follows from them by itself."""
        return raw

    def section(self, key: str) -> Any | None:
        """The section of that key."""
        return next((one for one in self.definition.sections if one.key == key), None)

    def after(self, key: str) -> str:
        """The step that follows; the check after the last section."""
        keys = [one.key for one in self.definition.sections] + [CHECK]
        return str(keys[min(keys.index(key) + 1, len(keys) - 1)])

    def before(self, key: str) -> str:
        """The step before; the first has none."""
        keys = [one.key for one in self.definition.sections] + [CHECK]
        at = keys.index(key)
        return str(keys[at - 1]) if at else ""

    def first_open(self) -> str:
        """The first step with something missing, or the check when nothing is."""
        found = self.findings(self.answers)
        return next(
            (
                one.key
                for one in self.definition.sections
                if any(item.key in found.problems for item in one.fields)
            ),
            CHECK,
        )

    def findings(self, answers: Raw) -> Findings:
        """Read the answers and say everything there is to say about them."""
        reading = read(self.definition, answers)
        found = Findings(reading, dict(reading.problems))
        for note in self.notes(reading):
            key = key_for(self.definition, note.field)
            if note.level == "problem":
                found.problems.setdefault(key, note.message)
            found.notes.setdefault(key, []).append(note)
        return found

    def steps(self, found: Findings, current: str) -> list[dict[str, Any]]:
        """The bar of steps: each can be opened, and shows whether it is filled in or lacks something."""
        bar = []
        for section in self.definition.sections:
            wrong = any(item.key in found.problems for item in section.fields)
            items = asked(self.definition, section, self.answers)
            if section.key == current:
                state = "now"
            elif wrong:  # a step that nobody has opened yet is not wrong, until everything is checked
                seen = current == CHECK or touched(self.definition, section, self.answers)
                state = "problem" if seen else ""
            else:
                state = "done" if any(self.answers.get(item.key) for item in items) else ""
            label = text(section.title)
            bar.append({"key": section.key, "label": label, "url": self.url(section.key), "state": state})
        bar.append(
            {
                "key": CHECK,
                "label": _("Check and send"),
                "url": self.url(CHECK),
                "state": "now" if current == CHECK else "",
            }
        )
        return bar


class RequestFlow(Flow):
    """Form 193-1. Without a number yet it is a form that nobody has saved."""

    send_label = SUBMIT.label
    done = SUBMIT.done

    def __init__(self, request: AccountRequest) -> None:
        self.request = request
        self.definition = form(request.edition, actions.FORM)
        self.answers: Mapping[str, list[str]] = request.answers
        self.version = request.version

    def url(self, step: str) -> str:
        if not self.request.ref:
            return reverse("web:request_new")
        return reverse("web:request_form", args=[self.request.ref, step])

    def notes(self, reading: Reading) -> list[Note]:
        return checks.notes_for(self.request, reading)

    def save(self, raw: Raw, *, by: Person, seen: int | None) -> None:
        actions.save_draft(self.request, raw, by=by, seen=seen)
        self.answers, self.version = self.request.answers, self.request.version

    def completed(self, raw: Raw) -> Raw:
        """The same answers; where an address names its platform and none was chosen, that one is chosen."""
        handle, platform = (key_for(self.definition, bind) for bind in ("handle", "platform"))
        typed = next((v for v in raw.get(handle, []) if v.strip()), "")
        if not typed or platform not in raw or any(raw[platform]):
            return raw
        found = understand(typed[:500])
        key = key_of(found.platform) if found.status != "reject" else ""
        return {**raw, platform: [key]} if key else raw

    def send(self, *, by: Person, seen: int | None) -> None:
        actions.submit(self.request, by=by, seen=seen)

    def check_may_fill(self, person: Person) -> None:
        if person.pk != self.request.requester_id or not may(
            person, "request:edit", self.request.unit, {"requester"}
        ):
            raise NotAllowed(
                _("Only %(name)s can change this request.") % {"name": self.request.requester.name}
            )
        if self.request.state not in EDITABLE:
            raise WrongState(_("This request was already sent. Here it is as it stands."))


class RegistrationFlow(Flow):
    """The Registration Form of an approved request."""

    send_label = SEND.label
    done = SEND.done

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self.request = registration.request
        self.definition = form(self.request.edition, registering.FORM)
        self.answers: Mapping[str, list[str]] = registration.answers
        self.version = registration.version

    def url(self, step: str) -> str:
        return reverse("web:registration_form", args=[self.request.ref, step])

    def notes(self, reading: Reading) -> list[Note]:
        return registering.notes_for(self.registration, reading)

    def save(self, raw: Raw, *, by: Person, seen: int | None) -> None:
        registering.save(self.registration, raw, by=by, seen=seen)
        self.answers, self.version = self.registration.answers, self.registration.version

    def send(self, *, by: Person, seen: int | None) -> None:
        registering.send(self.registration, by=by, seen=seen)

    def check_may_fill(self, person: Person) -> None:
        if person.pk != self.request.requester_id:
            raise NotAllowed(
                _("Only %(name)s can fill in this form.") % {"name": self.request.requester.name}
            )
        if self.registration.state not in SEND.sources or self.request.state != RequestState.APPROVED:
            raise WrongState(_("This form was already sent. Here it is as it stands."))
