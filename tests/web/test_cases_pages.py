"""Pages of cases, decisions and appeals: the whole way, what each reader sees, nothing typed lost, refusals in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from rostrum.cases import sources
from rostrum.cases.appeal_models import Appeal
from rostrum.cases.deciding import supersede
from rostrum.cases.decision_models import Decision
from rostrum.cases.models import Case, DecisionDraft, TalkNote
from rostrum.cases.opening import Evidence, add_evidence, escalate
from rostrum.core import clock
from rostrum.notices.models import Notice
from rostrum.notices.render import letter as rendered
from rostrum.people.models import Person
from rostrum.policies.graduated import graduated, set_graduated
from rostrum.registry.models import Account
from tests.cases.reach import appealed, decided, opened, ruling, setting, vary
from tests.cases.test_decisions import TABLE
from tests.cast import Cast, official
from tests.web.everywhere import A_PICTURE

pytestmark = pytest.mark.django_db
A_PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def picture(name: str = "post.png", data: bytes = A_PICTURE) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def typed_ruling(case: Case, *measures: str, **changes: Any) -> dict[str, Any]:
    """What a decider fills into the form."""
    said = ruling(case, *measures)
    typed: dict[str, Any] = {
        "measures": list(said.measures), "clauses": list(said.clauses), "evidence": [str(pk) for pk in said.evidence],
        "facts": said.facts, "to_do": said.to_do, "do_by": said.do_by.isoformat() if said.do_by else "",
        "effective_on": clock.today().isoformat(), "suspend_for": "done", "suspended_until": "",
    }  # fmt: skip
    return {**typed, **changes}


def test_the_whole_way_from_a_case_to_an_appeal_that_is_won(cast: Cast) -> None:
    account = official(cast)
    comm, boss, teacher = as_(cast.communications), as_(cast.director), as_(cast.teacher)
    record = reverse("web:account", args=[account.public_id])
    new = reverse("web:case_new", args=[account.public_id])
    assert new in text(comm.get(record))
    said = comm.post(
        new, {"reason": "A post mocks people.", "words": "The post of Tuesday.", "file": picture(), "_key": "a",
              "review": "on"}, follow=True,
    )  # fmt: skip
    assert "The case is open." in text(said)
    case = Case.objects.get()
    assert [one.kind for one in case.evidence.all()] == ["picture"]
    assert comm.get(new).status_code == 302, "the one that is open is shown instead"
    assert reverse("web:case", args=[case.pk]) in text(as_(cast.communications2).get("/staff/"))
    seen_by_manager = text(teacher.get(record))
    assert f"Case {case.ref} is open since" in seen_by_manager
    assert "The post of Tuesday." not in seen_by_manager

    edit, letter = reverse("web:case_decide", args=[case.pk]), reverse("web:case_letter", args=[case.pk])
    assert comm.get(letter)["Location"] == edit, "nothing is typed yet"
    form = text(comm.get(edit))
    assert "Not set by the procedure." in form
    assert "Rostrum cannot tell whether a text names one" in form
    typed = typed_ruling(case, "warning", "suspend")
    assert comm.post(edit, typed)["Location"] == letter
    shown = comm.get(letter)
    assert "gets a warning" in text(shown)
    assert "Sofia Nguyen" in text(shown), "who gets the letter"
    assert "avertissement" in text(comm.get(letter, {"lang": "fr"})).casefold()
    assert not Decision.objects.exists()
    fields = {name: shown.context["hidden"][name] for name in ("seen", "_key", "shown")}
    said = comm.post(letter, fields, follow=True)
    assert "The decision is made." in text(said)
    it = Decision.objects.get()
    account.refresh_from_db()
    assert account.state == "suspended"
    assert comm.post(letter, fields, follow=True).status_code == 200, "sent twice, done once"
    assert Decision.objects.count() == 1

    page = reverse("web:decision", args=[it.pk])
    appeal_new = reverse("web:appeal_new", args=[it.pk])
    assert appeal_new in text(teacher.get(page))
    assert appeal_new not in text(comm.get(page))
    assert "A warning counts" in text(teacher.get(record))
    [letter_of_manager] = Notice.objects.filter(kind="decision.made", person=cast.teacher)
    assert "mocks people by name" in rendered(letter_of_manager).text
    assert appeal_new in text(teacher.get(record)), "the act stands in the account's menu"
    said = teacher.post(
        appeal_new, {"reasons": "It was a joke.", "attached": [picture("a.png"), SimpleUploadedFile("b.pdf", A_PDF)],
                     "seen": it.version, "_key": "b"}, follow=True,
    )  # fmt: skip
    assert "Your appeal is lodged." in text(said)
    appeal = Appeal.objects.get()
    assert [one.file_type for one in appeal.files.all()] == ["png", "pdf"]
    side_by_side = reverse("web:appeal", args=[appeal.pk])
    assert side_by_side in text(boss.get("/staff/"))
    both = text(boss.get(side_by_side))
    assert "gets a warning" in both
    assert "It was a joke." in both
    overturn = reverse("web:appeal_move", args=[appeal.pk, "overturn"])
    assert overturn in both
    assert overturn not in text(teacher.get(side_by_side))
    said = boss.post(overturn, {"reason": "A joke among friends.", "seen": appeal.version, "_key": "c"}, follow=True)
    assert "The decision is overturned and wiped" in text(said)
    account.refresh_from_db()
    assert account.state == "recognised"
    after = text(teacher.get(record))
    assert "A warning counts" not in after
    assert "Overturned on appeal" in after
    assert "official again from now on" in text(teacher.get(side_by_side))


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"measures": []}, "measures", "Choose what is decided"),
        ({"clauses": ["2.10"]}, "clauses", ""),
        ({"facts": ""}, "facts", "Say what happened"),
        ({"facts": "the password is kite9"}, "facts", "looks like a password"),
        ({"measures": ["suspend"], "suspend_for": "day"}, "suspended_until", "Say until which day"),
        ({"do_by": "soon"}, "do_by", "year-month-day"),
        ({"effective_on": "2020-01-01"}, "effective_on", "This day has passed"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    cast: Cast, changes: dict[str, Any], field: str, said: str
) -> None:
    case = opened(cast)
    url = reverse("web:case_decide", args=[case.pk])
    typed = typed_ruling(case, "content", to_do="Take it down, all of it.", **changes)
    answer = as_(cast.communications).post(url, typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert said in text(answer)
    assert "Take it down, all of it." in text(answer)
    again = text(as_(cast.communications).get(url))
    assert "Take it down, all of it." in again, "it is kept as a draft"
    assert "kite9" not in again
    assert "Take it down, all of it." not in text(as_(cast.communications2).get(url)), "for its author alone"
    assert "Marc Laurent is writing a decision" in text(as_(cast.communications2).get(url))


def test_what_is_sent_is_what_was_shown(cast: Cast) -> None:
    case, comm = opened(cast), as_(cast.communications)
    edit, letter = reverse("web:case_decide", args=[case.pk]), reverse("web:case_letter", args=[case.pk])
    comm.post(edit, typed_ruling(case))
    fields = {name: comm.get(letter).context["hidden"][name] for name in ("seen", "_key", "shown")}
    comm.post(edit, typed_ruling(case, facts="Something else happened."))
    answer = comm.post(letter, fields)
    assert answer.status_code == 409
    assert "changed since you saw this letter" in text(answer)
    assert not Decision.objects.exists()


def test_a_letter_whose_day_has_passed_goes_back_to_the_form(cast: Cast) -> None:
    case, comm = opened(cast), as_(cast.communications)
    edit, letter = reverse("web:case_decide", args=[case.pk]), reverse("web:case_letter", args=[case.pk])
    comm.post(edit, typed_ruling(case))
    DecisionDraft.objects.update(typed={**DecisionDraft.objects.get().typed, "effective_on": ["2020-01-01"]})
    assert comm.get(letter)["Location"] == edit
    assert comm.post(letter, {"seen": case.version})["Location"] == edit


def test_a_form_takes_no_state(cast: Cast) -> None:
    case = opened(cast)
    answer = as_(cast.communications).post(
        reverse("web:case_decide", args=[case.pk]), {**typed_ruling(case), "state": "closed"}
    )
    assert answer.status_code == 422
    answer = as_(cast.communications).post(
        reverse("web:case_move", args=[case.pk, "close"]), {"ending": "nothing", "reason": "No.", "state": "decided"}
    )
    assert answer.status_code == 422
    assert Case.objects.get().state == "open"


def test_evidence_is_a_picture_or_a_pdf_and_shown_to_those_who_may_read_it(cast: Cast) -> None:
    account = official(cast)
    new, comm = reverse("web:case_new", args=[account.public_id]), as_(cast.communications)
    answer = comm.post(new, {"reason": "Why", "words": "Kept as typed.", "file": picture("x.png", b"<svg>")})
    assert answer.status_code == 422
    assert "WebP picture and not a PDF" in text(answer)
    assert "Kept as typed." in text(answer)
    comm.post(new, {"reason": "Why", "words": "The post.", "file": picture()})
    case = Case.objects.get()
    more = reverse("web:case_evidence", args=[case.pk])
    comm.post(more, {"words": "The policy it breaks.", "file": SimpleUploadedFile("p.pdf", A_PDF)})
    first, second = case.evidence.all()
    url = reverse("web:case_file", args=[case.pk, first.pk])
    shown = comm.get(url)
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "sandbox" in shown["Content-Security-Policy"]
    paper = comm.get(reverse("web:case_file", args=[case.pk, second.pk]))
    assert paper["Content-Disposition"].startswith("attachment")
    assert comm.get(reverse("web:case_file", args=[case.pk, 2**70])).status_code == 404
    for who in (cast.teacher, cast.charlie):
        assert as_(who).get(url).status_code == 404
    it = decided(cast, case=Case.objects.get())
    mine = reverse("web:decision_file", args=[it.pk, first.pk])
    assert as_(cast.teacher).get(mine).status_code == 200, "an appeal needs what was held against the account"
    assert as_(cast.teacher).get(reverse("web:decision_file", args=[it.pk, second.pk])).status_code == 404
    assert as_(cast.charlie).get(mine).status_code == 404
    appeal = appealed(cast, decision=it)
    assert as_(cast.teacher).get(reverse("web:appeal_file", args=[appeal.pk, 1])).status_code == 404
    assert mine in text(as_(cast.director).get(reverse("web:appeal", args=[appeal.pk])))


def test_something_noted_elsewhere_is_named_in_the_address(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    account = official(cast)
    found = sources.Found(account, "A name in a caption", "web:account", account.public_id)
    source = sources.Source("finding", "Finding", lambda _person, pk: found if pk == 7 else None)
    monkeypatch.setitem(sources.SOURCES, "finding", source)
    monkeypatch.setitem(sources.LABELS, "finding", "Finding")
    new, comm = reverse("web:case_new", args=[account.public_id]), as_(cast.communications)
    assert "A name in a caption" in text(comm.get(f"{new}?evidence=finding:7"))
    assert "noted in Rostrum already" not in text(comm.get(f"{new}?evidence=finding:9"))
    comm.post(f"{new}?evidence=finding:7", {"reason": "Why", "words": "A name in a caption"})
    case = Case.objects.get()
    assert [(one.kind, one.ref) for one in case.evidence.all()] == [("finding", "7")]
    assert reverse("web:account", args=[account.public_id]) in text(comm.get(reverse("web:case", args=[case.pk])))


def test_a_case_is_given_looked_into_passed_on_and_handed_back(cast: Cast) -> None:
    case, comm = opened(cast), as_(cast.communications)
    page = reverse("web:case", args=[case.pk])
    assign = reverse("web:case_assign", args=[case.pk])
    said = comm.post(assign, {"to": cast.communications2.pk, "seen": case.version}, follow=True)
    assert "Julie Gagnon has been asked." in text(said)
    assert comm.post(assign, {"to": "nobody"}).status_code == 422
    look = reverse("web:case_look", args=[case.pk])
    assert "The others see" in text(comm.post(look, {"_key": "l"}, follow=True))
    assert "Marc Laurent looks into it since" in text(as_(cast.communications2).get(page))
    assert "You look into it since" in text(comm.get(page))
    assert "no longer see" in text(comm.post(look, {"leave": "1"}, follow=True))
    assert comm.post(look, {"leave": "1"}).status_code == 409
    case.refresh_from_db()
    up = reverse("web:case_move", args=[case.pk, "escalate"])
    assert "Dana Whitford" in text(comm.get(up))
    comm.post(up, {"reason": "It is about us.", "seen": case.version})
    assert comm.get(reverse("web:case_decide", args=[case.pk])).status_code == 403
    assert comm.get(up).status_code == 409
    boss = as_(cast.director)
    assert "It was passed to you." in text(boss.get("/staff/"))
    boss.post(reverse("web:case_move", args=[case.pk, "hand_back"]), {"reason": "Yours."})
    case.refresh_from_db()
    assert case.state == "open"


def test_a_guidance_talk_is_noted_for_the_two(cast: Cast) -> None:
    case, comm = opened(cast), as_(cast.communications)
    url = reverse("web:case_move", args=[case.pk, "close"])
    form = text(comm.get(url))
    assert "Sofia Nguyen" in form
    typed = {"ending": "talk", "held_on": clock.today().isoformat(), "held_with": cast.teacher.pk, "words": "About tone.",
             "reason": "We talked.", "seen": case.version}  # fmt: skip
    for missing in ("held_with", "held_on", "words"):
        answer = comm.post(url, {**typed, missing: ""})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [missing])
    assert comm.post(url, {"reason": "x"}).status_code == 422
    assert "The case is closed." in text(comm.post(url, typed, follow=True))
    assert TalkNote.objects.get().held_with == cast.teacher
    talk = reverse("web:talk", args=[case.pk])
    assert "About tone." in text(as_(cast.teacher).get(talk))
    assert talk in text(as_(cast.teacher).get(reverse("web:account", args=[case.account.public_id])))
    assert "About tone." in text(comm.get(reverse("web:case", args=[case.pk])))
    for who in (cast.communications2, cast.director, cast.auditor, cast.principal):
        assert as_(who).get(talk).status_code == 404
        assert "About tone." not in text(as_(who).get(reverse("web:case", args=[case.pk])))
    assert as_(cast.teacher).get(reverse("web:talk", args=[2**70])).status_code == 404


def test_refusals_say_not_you_not_now_too_late(cast: Cast) -> None:
    case = opened(cast)
    assert "waiting for Marc Laurent" in text(as_(cast.principal).get(reverse("web:case_decide", args=[case.pk])))
    it = decided(cast, case=case)
    answer = as_(cast.communications).get(reverse("web:case_move", args=[case.pk, "close"]))
    assert (answer.status_code, "“Decided”" in text(answer)) == (409, True)
    setting("appeal_days", 5)
    late = decided(cast)
    stranger = as_(cast.superintendent).get(reverse("web:appeal_new", args=[it.pk]))
    assert (stranger.status_code, "look after this account" in text(stranger)) == (403, True)
    Decision.objects.filter(pk=late.pk).update(appeal_until=clock.today() - timedelta(days=1))
    answer = as_(cast.teacher).get(reverse("web:appeal_new", args=[late.pk]))
    assert (answer.status_code, "It is too late" in text(answer)) == (409, True)
    answer = as_(cast.teacher).post(reverse("web:appeal_new", args=[late.pk]), {"reasons": "Long words that I typed."})
    assert answer.status_code == 409
    assert "Long words that I typed." in text(answer), "nothing typed is lost"
    appeal = appealed(cast, decision=it)
    assert as_(cast.teacher).get(reverse("web:appeal_new", args=[it.pk])).status_code == 409
    for move in ("uphold", "overturn"):
        answer = as_(cast.communications).get(reverse("web:appeal_move", args=[appeal.pk, move]))
        assert (answer.status_code, "waiting for Dana Whitford" in text(answer)) == (403, True)
    answer = as_(cast.communications).get(reverse("web:case_decide", args=[case.pk]))
    assert (answer.status_code, "An appeal against decision" in text(answer)) == (409, True)
    answer = as_(cast.communications).post(reverse("web:case_decide", args=[case.pk]), typed_ruling(case))
    assert (answer.status_code, "An appeal against decision" in text(answer)) == (409, True)
    stale = as_(cast.director).post(
        reverse("web:appeal_move", args=[appeal.pk, "uphold"]), {"reason": "My long reasons.", "seen": appeal.version + 1}
    )
    assert (stale.status_code, "My long reasons." in text(stale)) == (409, True)


def test_an_appeal_is_varied_upheld_withdrawn_on_its_pages(cast: Cast) -> None:
    boss = as_(cast.director)
    it = appealed(cast, "warning", "suspend")
    url = reverse("web:appeal_vary", args=[it.pk])
    form = boss.get(url)
    assert form.context["form"].initial["measures"] == ["warning", "suspend"]
    assert boss.post(url, {**typed_ruling(it.decision.case, "warning"), "reason": ""}).status_code == 422
    assert boss.post(url, {**typed_ruling(it.decision.case), "reason": "x", "state": "y"}).status_code == 422
    wrong = boss.post(url, {**typed_ruling(it.decision.case, "content", to_do=""), "reason": "A talk is enough."})
    assert (wrong.status_code, "to_do" in wrong.context["form"].errors) == (422, True)
    said = boss.post(url, {**typed_ruling(it.decision.case, "warning"), "reason": "Too hard.", "seen": it.version}, follow=True)
    assert "Your decision takes the place" in text(said)
    it.refresh_from_db()
    assert it.state == "varied"
    assert boss.get(url).status_code == 409
    other = appealed(cast)
    said = boss.post(reverse("web:appeal_move", args=[other.pk, "uphold"]), {"reason": "It stands."}, follow=True)
    assert "The decision stands." in text(said)
    third = appealed(cast)
    gone = reverse("web:appeal_move", args=[third.pk, "withdraw"])
    assert gone in text(as_(cast.teacher).get(reverse("web:appeal", args=[third.pk])))
    assert "You withdrew the appeal." in text(as_(cast.teacher).post(gone, {"reason": ""}, follow=True))
    assert as_(cast.colleague).get(gone).status_code == 409


def test_the_director_who_acted_names_somebody_on_a_page(cast: Cast) -> None:
    case = escalate(opened(cast), by=cast.communications, reason="It is about us.")
    it = appealed(cast, decision=decided(cast, case=case, by=cast.director))
    boss = as_(cast.director)
    url = reverse("web:appeal_name", args=[it.pk])
    assert url in text(boss.get("/staff/"))
    assert "Nobody is left to decide this" in text(boss.get(reverse("web:appeal", args=[it.pk])))
    form = boss.get(url)
    names = {label for _value, label in form.context["form"].fields["person"].choices}
    assert "Ruth Okafor" in names
    assert not {"Dana Whitford", "Marc Laurent", "Ana Petrova"} & names, "those who had a part are not offered"
    assert boss.post(url, {"person": cast.principal.pk, "reason": "x"}).status_code == 422
    assert "Ruth Okafor decides" in text(boss.post(url, {"person": cast.superintendent.pk, "reason": "Apart."}, follow=True))
    assert "You decide." in text(as_(cast.superintendent).get(reverse("web:appeal", args=[it.pk])))
    assert as_(cast.communications).get(url).status_code == 403


def test_what_is_ordered_is_reported_done(cast: Cast) -> None:
    it = decided(cast, "content")
    page, done = reverse("web:decision", args=[it.pk]), reverse("web:decision_done", args=[it.pk])
    teacher = as_(cast.teacher)
    assert "To be done" in text(teacher.get("/staff/"))
    assert done in text(teacher.get(page))
    assert "Take the post down." in text(teacher.get(done))
    assert teacher.post(done, {"reason": ""}).status_code == 422
    assert "It is noted." in text(teacher.post(done, {"reason": "Gone.", "seen": it.version}, follow=True))
    assert "Done, says Sofia Nguyen" in text(as_(cast.communications).get(page))
    assert teacher.get(done).status_code == 409
    assert as_(cast.auditor).get(done).status_code == 403


def test_a_decision_is_a_letter_to_print_in_both_languages(cast: Cast) -> None:
    it = decided(cast, "warning")
    page = reverse("web:decision", args=[it.pk])
    english, french = text(as_(cast.teacher).get(page)), text(as_(cast.teacher).get(page, {"lang": "fr"}))
    assert 'lang="en-CA"' in english
    assert 'class="sheet" lang="fr-CA"' in french
    assert "gets a warning" not in french
    later = decided(cast)
    made = supersede(later.case, by=cast.communications, ruling=ruling(later.case, "guidance"))
    old = text(as_(cast.teacher).get(reverse("web:decision", args=[later.pk])))
    assert reverse("web:decision", args=[made.pk]) in old
    assert "gets a warning" in old, "kept as it was written"


def test_the_list_of_cases_is_queues_filters_and_a_table_to_take_away(cast: Cast) -> None:
    comm = as_(cast.communications)
    first, second = opened(cast), decided(cast).case
    page = text(comm.get(reverse("web:cases")))
    assert first.ref in page
    assert second.ref not in page
    appealed(cast, decision=second.decisions.get())
    queues = {"open": [first], "decided": [second], "appeal": [second], "all": [first, second], "mine": [first]}
    for tab, refs in queues.items():
        shown = text(comm.get(reverse("web:cases"), {"tab": tab}))
        assert {one.ref for one in (first, second) if one.ref in shown} == {one.ref for one in refs}, tab
    assert text(as_(cast.director).get(reverse("web:cases"), {"tab": "mine"})).count(second.ref) >= 1
    found = text(comm.get(reverse("web:cases"), {"tab": "all", "q": second.ref}))
    assert second.ref in found
    assert first.ref not in found
    assert first.ref in text(comm.get(reverse("web:cases"), {"q": first.account.name.split()[-1]}))
    assert "No case fits" in text(comm.get(reverse("web:cases"), {"q": "zzz"}))
    assert "No case fits" in text(comm.get(reverse("web:cases"), {"late": "late"}))
    assert "No case fits" in text(comm.get(reverse("web:cases"), {"school": "winston"}))
    Case.objects.filter(pk=first.pk).update(due_on=clock.today() - timedelta(days=1))
    assert first.ref in text(comm.get(reverse("web:cases"), {"late": "late", "sort": "due"}))
    table = comm.get(reverse("web:list_table", args=["cases", "csv"]), {"tab": "all"}).getvalue().decode()
    assert first.ref in table
    assert second.ref in table
    assert "No case here" in text(as_(cast.charlie).get(reverse("web:cases")))
    assert reverse("web:decisions") in text(as_(cast.teacher).get("/staff/oversight/"))
    assert second.decisions.get().ref in text(as_(cast.teacher).get(reverse("web:decisions")))
    assert "Nothing was decided" in text(as_(cast.charlie).get(reverse("web:decisions")))


def test_the_pages_cost_a_number_of_queries_that_does_not_grow(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    comm = as_(cast.communications)
    appealed(cast)
    opened(cast)
    urls = [reverse("web:cases") + "?tab=all", reverse("web:decisions"), "/staff/"]
    counts = []
    for url in urls:
        comm.get(url)
        with django_assert_max_num_queries(80) as seen:
            comm.get(url)
        counts.append(len(seen))
    for _n in range(3):
        appealed(cast)
        opened(cast)
    for url, count in zip(urls, counts, strict=True):
        with django_assert_max_num_queries(count):
            comm.get(url)


def test_the_record_page_of_an_account_does_not_grow_with_its_decisions(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    account = official(cast)
    decided(cast, case=opened(cast, account))
    url, client = reverse("web:account", args=[account.public_id]), as_(cast.teacher)
    client.get(url)
    with django_assert_max_num_queries(400) as seen:
        client.get(url)
    for _n in range(2):
        decided(cast, case=opened(cast, account))
    with django_assert_max_num_queries(len(seen)):
        client.get(url)


def test_graduated_actions_are_written_down_and_taken_back_on_pages(cast: Cast) -> None:
    comm = as_(cast.communications)
    page, change, clear = (reverse(f"web:{name}") for name in ("graduated", "graduated_change", "graduated_clear"))
    assert "Not set by the procedure." in text(as_(cast.teacher).get(page))
    assert as_(cast.teacher).get(change).status_code == 403
    assert comm.get(clear).status_code == 409
    typed: dict[str, Any] = {
        "s0-en": "Serious", "s0-fr": "Grave", "s0-counts_days": "365", "t0-severity": "s0", "t0-occurrence": "2",
        "t0-within_days": "365", "t0-measures": ["warning", "suspend"], "reason": "The Director decided it in May.",
    }  # fmt: skip
    for wrong, said in (
        ({"s0-fr": ""}, "Write it in both languages"),
        ({"t0-measures": []}, "A row names a severity"),
        ({"t0-measures": ["suspend", "close"]}, "not both"),
        ({"reason": ""}, "required"),
        ({"t0-occurrence": "0"}, "greater than or equal to 1"),
        ({"t1-severity": "s3", "t1-occurrence": "1", "t1-measures": ["guidance"]}, "A row names a severity"),
    ):
        answer = comm.post(change, {**typed, **wrong})
        assert answer.status_code == 422, wrong
        assert said in text(answer), (wrong, text(answer)[:200])
    assert graduated().source == "not_set"
    assert "It is written down" in text(comm.post(change, typed, follow=True))
    state = graduated()
    assert state.table is not None
    assert state.table.steps[0].measures == ("warning", "suspend")
    shown = text(as_(cast.teacher).get(page))
    assert "Written down by the division" in shown
    assert "Time number 2" in shown
    assert 'value="Serious"' in text(comm.get(change))
    assert "taken back" in text(comm.post(clear, {"reason": "Not any more."}, follow=True))
    assert graduated().source == "not_set"


def test_the_decider_reads_what_was_written_down(cast: Cast) -> None:
    set_graduated(TABLE, by_name="M. Laurent", reason="Decided in May.")
    account = official(cast)
    decided(cast, "warning", case=opened(cast, account), severity="serious")
    case = opened(cast, account)
    page = text(as_(cast.communications).get(reverse("web:case_decide", args=[case.pk])))
    assert "It would be number 2 that counts." in page
    assert "Written down for it: A warning that counts, The official mark is suspended." in page
    assert "It suggests and never acts." in page
    assert "Under 3.3: The account is closed." in page
    answer = as_(cast.communications).post(
        reverse("web:case_decide", args=[case.pk]), typed_ruling(case, severity="serious")
    )
    assert answer.status_code == 302


def test_a_replaced_decision_begins_with_the_first(cast: Cast) -> None:
    it, comm = decided(cast, "content"), as_(cast.communications)
    url = reverse("web:case_decide", args=[it.case_id])
    form = comm.get(url)
    assert form.context["form"].initial["facts"] == it.facts
    assert "stays as it was written" in text(form)
    comm.post(url, typed_ruling(it.case, "guidance"))
    letter = reverse("web:case_letter", args=[it.case_id])
    fields = {name: comm.get(letter).context["hidden"][name] for name in ("seen", "_key", "shown")}
    comm.post(letter, fields)
    it.refresh_from_db()
    assert it.state == "superseded"


def test_every_notice_of_cases_is_a_whole_letter(cast: Cast) -> None:
    """Each kind that the way from a case to its end owes, in both languages, with the page that it opens."""
    case = opened(cast)
    add_evidence(case, by=cast.communications, evidence=Evidence("More."))
    vary(appealed(cast, decision=decided(cast, case=case)), cast.director)
    for notice in Notice.objects.filter(kind__regex=r"^(case|decision|appeal)\."):
        for lang in ("en-ca", "fr-ca"):
            notice.person.language = lang
            said = rendered(notice)
            assert "%(" not in said.text
            assert "/staff/" in said.text
            assert said.subject.strip()
    assert Account.objects.count() == 1
