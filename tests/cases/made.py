"""A case, a talk, a decision and an appeal with their files, for the table of every address."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from rostrum.cases import appealing, opening
from rostrum.cases.appeal_models import Appeal
from rostrum.cases.deciding import decide
from rostrum.cases.decision_models import Decision
from rostrum.cases.models import Case
from rostrum.cases.rulings import Ruling
from rostrum.core import clock, evidence
from tests.cast import Cast, official

# One black dot: the smallest whole PNG.
A_PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\xdac`\x00\x00\x00\x02\x00\x01\xe5'\xde\xfc\x00\x00\x00\x00IEND\xaeB`\x82"
)


def a_case(cast: Cast) -> Case:
    """An open case on an account of the school, resting on a picture."""
    digest, kind = evidence.keep(SimpleUploadedFile("post.png", A_PICTURE))
    given = opening.Evidence("The post of Tuesday.", "picture", "", digest, kind)
    return opening.open_case(official(cast), by=cast.communications, reason="It mocks people.", evidence=[given])


def a_talk(cast: Cast) -> Case:
    """A case that ended with a guidance talk between Communications and the teacher."""
    talk = opening.Talk(clock.today(), cast.teacher, "We talked about tone.")
    return opening.close_case(a_case(cast), by=cast.communications, reason="We talked.", ending="talk", talk=talk)


def a_decision(cast: Cast) -> Decision:
    """A decision with something to be done, which nobody has appealed."""
    case = a_case(cast)
    said = Ruling(
        measures=("warning", "content"), clauses=("1.9",), evidence=tuple(case.evidence.values_list("pk", flat=True)),
        facts="The post mocks people.", to_do="Take it down.", do_by=clock.today() + timedelta(days=7),
    )  # fmt: skip
    return decide(case, by=cast.communications, ruling=said)


def an_appeal(cast: Cast) -> Appeal:
    """An appeal that waits for the Director, with an attachment."""
    digest, kind = evidence.keep(SimpleUploadedFile("post.png", A_PICTURE))
    files = [appealing.Attachment(digest, kind, "The post")]
    return appealing.lodge(a_decision(cast), by=cast.teacher, reasons="It was a joke.", files=files)
