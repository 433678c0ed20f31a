"""The fields of pages about cases: opening one, evidence, a decision, closing with a talk, an appeal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from rostrum.cases.decision_models import Measure
from rostrum.cases.models import CaseEvidence
from rostrum.cases.sources import label_of
from rostrum.cases.states import Ending
from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.policies.graduated import graduated
from rostrum.policies.models import Clause
from rostrum.policies.queries import text
from rostrum.web.accounts.decision import Reason

NO_STUDENT = gettext_lazy("Name no student, and show none in a picture: Rostrum cannot tell whether a text names one.")
A_DATE = gettext_lazy("Write the date as year-month-day, for example 2026-11-30.")
ACCEPT = "image/png,image/jpeg,image/webp,application/pdf"
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def area(rows: int) -> forms.Textarea:
    """A field for a few sentences."""
    return forms.Textarea(attrs={"rows": rows})


class EvidenceForm(forms.Form):
    """One thing that a case rests on: what it shows, and a file where there is one."""

    use_required_attribute = False
    words = forms.CharField(
        label=gettext_lazy("What it rests on"), widget=area(3), max_length=20_000, strip=False,
        help_text=gettext_lazy("What was posted, where and when; what a review found; what somebody told you."),
        error_messages={"required": gettext_lazy("Say what it shows, in a sentence.")},
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Screenshot or document"), required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy(
            "PNG, JPEG, WebP or PDF, at most 5 MB. Take it before anything is removed. Of a picture only what it shows is "
            "kept, with its fingerprint; those who read the case can see it."
        ),
    )  # fmt: skip


class OpenForm(EvidenceForm):
    """Why a case is opened, the first thing it rests on, and whether the account is put under review meanwhile."""

    reason = forms.CharField(
        label=gettext_lazy("Why a case is opened"), widget=area(3), max_length=20_000, strip=False, help_text=NO_STUDENT,
        error_messages={"required": gettext_lazy("Say why, so that whoever decides can do it in a minute.")},
    )  # fmt: skip
    review = forms.BooleanField(
        label=gettext_lazy("Put the account under review meanwhile"),
        required=False,
        help_text=gettext_lazy(
            "It stays official. Its managers are told, with your reason. The review ends with the case."
        ),
    )
    field_order = ("reason", "words", "file", "review")

    def __init__(self, *args: Any, may_review: bool, named: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_review:
            del self.fields["review"]
        if named:  # what it rests on lies elsewhere in Rostrum: no file of its own
            del self.fields["file"]


class AssignForm(forms.Form):
    """To whom a case is given: one of those who may decide it."""

    use_required_attribute = False
    to = forms.ChoiceField(
        label=gettext_lazy("Who looks into it"),
        error_messages={"required": gettext_lazy("Choose a person."), "invalid_choice": gettext_lazy("Choose a person.")},
    )  # fmt: skip

    def __init__(self, data: Any, people: Iterable[Person]) -> None:
        super().__init__(data)
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(one.pk), one.name) for one in people]


class CloseForm(Reason):
    """How a case ended without a decision; for a guidance talk, when, with whom, and what was said."""

    ending = forms.ChoiceField(
        label=gettext_lazy("How it ended"), choices=Ending.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say how the case ended.")},
    )  # fmt: skip
    held_on = forms.DateField(
        label=gettext_lazy("Day of the talk"), required=False, widget=DAY, error_messages={"invalid": A_DATE}
    )
    held_with = forms.ChoiceField(label=gettext_lazy("With whom"), required=False)
    words = forms.CharField(
        label=gettext_lazy("Note of the talk"), required=False, widget=area(4), max_length=20_000, strip=False,
        help_text=gettext_lazy("Only the two of you can read it. It is no finding. Name no student."),
    )  # fmt: skip
    field_order = ("ending", "held_on", "held_with", "words", "reason")

    def __init__(self, data: Any, people: Iterable[Person]) -> None:
        super().__init__(data, initial={"held_on": clock.today()})
        self.fields["reason"].label = _("Why it is closed without a decision")
        self.fields["reason"].help_text = _("Whoever opened it reads this, and it stays in the case's history.")
        field = self.fields["held_with"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose a person")), *((str(one.pk), one.name) for one in people)]
        for name in ("held_on", "held_with", "words"):
            self.fields[name].widget.attrs["data_show_when"] = "ending=talk"


class RulingForm(forms.Form):
    """A decision as it is written: what is decided, under which clauses, on what it rests, what must be done by when."""

    use_required_attribute = False
    measures = forms.MultipleChoiceField(
        label=gettext_lazy("What is decided"), choices=Measure.choices, widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    severity = forms.ChoiceField(label=gettext_lazy("How grave it is"), required=False, widget=forms.RadioSelect)
    clauses = forms.MultipleChoiceField(
        label=gettext_lazy("Under which clauses"), widget=forms.CheckboxSelectMultiple, required=False
    )
    evidence = forms.MultipleChoiceField(
        label=gettext_lazy("What it rests on"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("The letter names what you choose here."),
    )  # fmt: skip
    facts = forms.CharField(
        label=gettext_lazy("What happened"), widget=area(6), max_length=20_000, strip=False, required=False,
        help_text=NO_STUDENT,
    )  # fmt: skip
    to_do = forms.CharField(
        label=gettext_lazy("What must be done"), widget=area(3), max_length=20_000, strip=False, required=False,
        help_text=gettext_lazy("So clear that anybody can see when it is done."),
    )  # fmt: skip
    do_by = forms.DateField(
        label=gettext_lazy("By which day"), required=False, widget=DAY, error_messages={"invalid": A_DATE}
    )
    suspend_for = forms.ChoiceField(
        label=gettext_lazy("If the official mark is suspended"), required=False, widget=forms.RadioSelect,
        choices=[("done", gettext_lazy("Until what must be done is done")), ("day", gettext_lazy("Until a day"))],
        help_text=gettext_lazy("It never ends by itself: on the day a person is asked to restore the account."),
    )  # fmt: skip
    suspended_until = forms.DateField(
        label=gettext_lazy("Suspended until"), required=False, widget=DAY, error_messages={"invalid": A_DATE}
    )
    effective_on = forms.DateField(
        label=gettext_lazy("It takes effect on"), required=False, widget=DAY, error_messages={"invalid": A_DATE},
        help_text=gettext_lazy("A suspension and a closing take effect the moment you send the letter."),
    )  # fmt: skip

    def __init__(
        self, data: Any, *, clauses: Iterable[Clause], evidence: Iterable[CaseEvidence], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        french = text_language() == "fr"
        self._offer("clauses", [(c.number, f"{c.number} {c.title_fr if french else c.title_en}") for c in clauses])
        self._offer("evidence", [(str(e.pk), f"{label_of(e.kind)}: {e.words}") for e in evidence])
        table = graduated().table
        if table is None:
            del self.fields["severity"]
        else:
            none = [("", _("Not said"))]
            self._offer("severity", none + [(one.key, text(one.label)) for one in table.severities])
        # Half a decision is kept as a draft, so the form asks for none of these; the letter does (cases/rulings.py).
        for name in ("measures", "facts", "clauses", "evidence"):
            self.fields[name].needed = True  # type: ignore[attr-defined]  # read by forms/field.html

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


def text_language() -> str:
    """The two letters of the reader's language, as kept texts are keyed by them."""
    return "fr" if (get_language() or "en").startswith("fr") else "en"


class FileInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; an empty list where none came."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FileInput(attrs={"accept": ACCEPT, "multiple": True}))
        super().__init__(*args, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file as a file of its own."""
        one = super().clean
        many = data if isinstance(data, list | tuple) else [data] if data else []
        return [one(each, initial) for each in many]


class AppealForm(forms.Form):
    """Why the decision should be different, and what comes with it."""

    use_required_attribute = False
    reasons = forms.CharField(
        label=gettext_lazy("Why the decision should be different"), widget=area(8), max_length=20_000, strip=False,
        help_text=NO_STUDENT,
        error_messages={"required": gettext_lazy("Say why the decision should be different.")},
    )  # fmt: skip
    attached = FilesField(
        label=gettext_lazy("Pictures or documents"), required=False,
        help_text=gettext_lazy("PNG, JPEG or PDF, at most 5 MB each, at most ten. Whoever decides sees them."),
    )  # fmt: skip


class NameForm(Reason):
    """Who decides an appeal, and why this person."""

    person = forms.ChoiceField(
        label=gettext_lazy("Who decides"),
        error_messages={"required": gettext_lazy("Choose a person.")},
        help_text=gettext_lazy("People who had a part in the matter before are not in this list."),
    )  # fmt: skip
    field_order = ("person", "reason")

    def __init__(self, data: Any, people: Iterable[Person]) -> None:
        super().__init__(data)
        self.fields["reason"].label = _("Why this person")
        self.fields["reason"].help_text = _("The person reads this, and it stays in the appeal's history.")
        field = self.fields["person"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose a person")), *((str(one.pk), one.name) for one in people)]
