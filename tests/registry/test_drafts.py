"""A draft is kept as typed, right or wrong, hostile or kind; only its writer sees it; two windows never lose words."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.registry import actions, queries
from rostrum.registry.answers import RAW_LIMIT
from rostrum.registry.models import AccountRequest
from tests.cast import Cast, drafted, submitted, typed_request
from tests.registry.seeing import nothing_changes, watching

HOSTILE = [
    "<script>alert('x')</script>",
    "'; DROP TABLE registry_account; --",
    "{{ 7*7 }} {% debug %}",
    "\u202eright to left\u202c",
    "zero\u200bwidth",
    "nul\x00byte",
    "lone \ud800 surrogate",
    "tab\tand\r\nnew\nlines",
    "e\u0301 is é",
    "👩🏽‍🏫 ᓀᐦᐃᔭᐍᐏᐣ",
    '=HYPERLINK("http://x")',
    " leading and trailing ",
    "\\u0000",
    "%s %(name)s {who}",
    "x" * RAW_LIMIT,
]


@pytest.mark.parametrize("field", ["purpose", "name", "handle", "mailbox", "unit", "primary_manager", "ages"])
def test_what_was_typed_is_shown_again_as_it_was_typed(field: str, cast: Cast) -> None:
    request = drafted(cast)
    for typed in HOSTILE:
        actions.save_draft(request, {field: [typed]}, by=cast.teacher)
        kept = AccountRequest.objects.get(pk=request.pk).answers[field][0]
        # Only what no database can hold is replaced: NUL and half characters.
        assert kept == typed.replace("\x00", "\ufffd").replace("\ud800", "?"), typed[:40]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.dictionaries(
        st.sampled_from(
            [
                "purpose",
                "name",
                "handle",
                "mailbox",
                "unit",
                "platform",
                "primary_manager",
                "entity_kind",
                "ages",
                "launch_date",
                "rules_accepted",
            ]
        ),
        st.lists(st.text(max_size=60), max_size=3),
    )
)
def test_any_text_in_any_field_can_be_saved_and_saving_never_sends(typed: dict[str, list[str]], cast: Cast) -> None:
    request = actions.draft(cast.teacher, typed)
    assert request.state == "draft"
    with pytest.raises(Invalid):
        actions.submit(request, by=cast.teacher)
    assert AccountRequest.objects.get(pk=request.pk).state == "draft"


def test_one_step_of_the_form_leaves_the_other_answers(cast: Cast) -> None:
    request = drafted(cast)
    actions.save_draft(request, {"purpose": ["Something else."]}, by=cast.teacher)
    assert request.answers["purpose"] == ["Something else."]
    assert request.answers["mailbox"] == ["grade4.rendellpark@lpsd.ca"]
    assert request.purpose == "Something else."


def test_a_wrong_answer_leaves_its_column_empty_and_stays_on_the_form(cast: Cast) -> None:
    request = actions.save_draft(drafted(cast), {"handle": ["no such thing"], "unit": ["nowhere"]}, by=cast.teacher)
    assert (request.handle, request.handle_key, request.unit) == ("", "", None)
    assert request.answers["handle"] == ["no such thing"]


@pytest.mark.parametrize(
    "extra",
    [
        "state",
        "endorsed_by",
        "approved_by",
        "requester",
        "ref",
        "version",
        "edition",
        "id",
        "state__role",
        "csrfmiddlewaretoken",
        "",
        "purpose ",
        "__proto__",
    ],
)
def test_a_status_is_never_a_form_field(extra: str, cast: Cast) -> None:
    request = drafted(cast)
    with nothing_changes(), pytest.raises(Invalid) as refused:
        actions.save_draft(request, {"purpose": ["x"], extra: ["approved"]}, by=cast.teacher)
    assert refused.value.status == 422
    with nothing_changes(), pytest.raises(Invalid):
        actions.draft(cast.teacher, {extra: ["approved"]})


@pytest.mark.parametrize("size", [RAW_LIMIT + 1, 10_000_000])
def test_an_endless_answer_is_refused_before_anything_is_kept(size: int, cast: Cast) -> None:
    request = drafted(cast)
    with nothing_changes(), pytest.raises(Invalid) as refused:
        actions.save_draft(request, {"purpose": ["x" * size]}, by=cast.teacher)
    assert str(RAW_LIMIT) in refused.value.fields["purpose"][0]


def test_ten_thousand_values_of_one_field_are_not_all_kept(cast: Cast) -> None:
    request = actions.save_draft(drafted(cast), {"ages": ["under_13"] * 10_000}, by=cast.teacher)
    assert len(request.answers["ages"]) == 60


def test_another_window_saved_in_between(cast: Cast) -> None:
    request = drafted(cast)
    seen = request.version
    actions.save_draft(request, {"purpose": ["first"]}, by=cast.teacher, seen=seen)
    stale = AccountRequest.objects.get(pk=request.pk)
    with nothing_changes(), pytest.raises(Overtaken) as refused:
        actions.save_draft(stale, {"purpose": ["second"]}, by=cast.teacher, seen=seen)
    assert "still below" in refused.value.way_forward
    actions.save_draft(stale, {"purpose": ["third"]}, by=cast.teacher, seen=request.version)


def test_a_sent_request_cannot_be_rewritten(cast: Cast) -> None:
    request = submitted(cast)
    with nothing_changes(), pytest.raises(WrongState):
        actions.save_draft(request, {"purpose": ["other"]}, by=cast.teacher)
    stale = drafted(cast)
    actions.submit(AccountRequest.objects.get(pk=stale.pk), by=cast.teacher)
    with nothing_changes(), pytest.raises(Overtaken):
        actions.save_draft(stale, {"purpose": ["other"]}, by=cast.teacher)


@pytest.mark.parametrize(
    "who",
    [
        "colleague",
        "principal",
        "superintendent",
        "communications",
        "director",
        "privacy",
        "auditor",
        "sysadmin",
        "charlie",
    ],
)
def test_a_draft_is_seen_and_changed_by_its_writer_alone(who: str, cast: Cast) -> None:
    request, other = drafted(cast), getattr(cast, who)
    assert queries.find(other, request.ref or "") is None
    assert request not in queries.visible_to(other)
    assert queries.find(cast.teacher, request.ref or "") == request
    with nothing_changes(), pytest.raises(NotAllowed) as refused:
        actions.save_draft(request, {"purpose": ["x"]}, by=other)
    assert "Sofia Nguyen" in refused.value.message
    with nothing_changes(), pytest.raises(NotAllowed):
        actions.submit(request, by=other)


def test_typing_is_not_an_act_and_starting_is(cast: Cast) -> None:
    with watching() as seen:
        request = drafted(cast)
        actions.save_draft(request, {"purpose": ["x"]}, by=cast.teacher)
    assert seen.acts == ["accountrequest:draft"]
    assert seen.notices == set()


def test_sending_lists_every_problem_at_once_by_field(cast: Cast) -> None:
    request = actions.draft(cast.teacher, {"platform": ["blog"], "mailbox": ["me@gmail.com"], "handle": ["?"]})
    with pytest.raises(Invalid) as refused:
        actions.submit(request, by=cast.teacher)
    assert {"unit", "name", "purpose", "mailbox", "handle", "primary_manager", "rules_accepted"} <= set(
        refused.value.fields
    )
    assert all(isinstance(said, str) and said for messages in refused.value.fields.values() for said in messages)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "Rendell\u202ePark"),
        ("name", "Rendell\x07Park"),
        ("purpose", "a\u2066b"),
        ("name", "x" * 121),
        ("purpose", "x" * 2001),
        ("launch_date", "2026-02-30"),
        ("launch_date", "tomorrow"),
        ("ages", "under_5"),
        ("platform", "myspace"),
        ("unit", "no-such-unit"),
        ("entity_kind", "planet"),
        ("second_manager", "Nobody Here"),
        ("mailbox", "not an address"),
        ("parents_told", "maybe"),
    ],
)
def test_hostile_or_wrong_answers_are_refused_when_sent_and_nothing_is_lost(field: str, typed: str, cast: Cast) -> None:
    request = drafted(cast, **{field: typed})
    with nothing_changes(), pytest.raises(Invalid) as refused:
        actions.submit(request, by=cast.teacher)
    assert field in refused.value.fields
    assert request.answers[field] == [typed]


def test_a_field_that_does_not_apply_is_not_asked_for(cast: Cast) -> None:
    """Families of a class are asked about only for a classroom."""
    typed = {**typed_request(cast), "unit": [cast.school.code], "entity_kind": ["school"]}
    del typed["parents_told"]
    assert actions.submit(actions.draft(cast.teacher, typed), by=cast.teacher).state == "submitted"
    again = {**typed_request(cast)}
    del again["parents_told"]
    with pytest.raises(Invalid) as refused:
        actions.submit(actions.draft(cast.teacher, again), by=cast.teacher)
    assert list(refused.value.fields) == ["parents_told"]


def test_numbers_of_requests_are_never_the_same(cast: Cast) -> None:
    refs = [drafted(cast).ref for _n in range(5)]
    assert len(set(refs)) == 5
