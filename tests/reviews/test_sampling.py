"""Drawing a sample: the same seed draws the same, weights count, everybody may be drawn, no school is spared unseen."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.people.actions import note_departure
from rostrum.policies.queries import setting
from rostrum.registry.standing import change_standing
from rostrum.reviews import drawing, planning, sampling
from rostrum.reviews.models import Review, ReviewSample, SamplePlace
from rostrum.reviews.periods import period_of
from rostrum.reviews.sampling import Ticket, chance, draw, expected, order
from rostrum.reviews.weights import POINTS, Weighed, reason_words, weigh
from rostrum.schoolyear.queries import Calendar
from rostrum.upkeep import liveness
from tests.cast import Cast, official
from tests.reviews.made import chosen, done, drawn, found, settled

TICKETS = st.lists(
    st.builds(Ticket, st.text("BCDFGHJK", min_size=6, max_size=6), st.integers(1, 12)),
    max_size=40,
    unique_by=lambda t: t.id,
)


@settings(max_examples=120, deadline=None)
@given(tickets=TICKETS, seed=st.text(min_size=1, max_size=20), wanted=st.integers(0, 50), dice=st.randoms())
def test_a_draw_depends_on_the_seed_and_the_accounts_and_on_no_order(
    tickets: list[Ticket], seed: str, wanted: int, dice: object
) -> None:
    shuffled = list(tickets)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    first = draw(seed, tickets, wanted)
    assert draw(seed, shuffled, wanted) == first
    assert len(first) == min(wanted, len(tickets))
    assert len({one.id for one in first}) == len(first)
    assert draw(seed, tickets, wanted + 1)[: len(first)] == first, "a greater sample only adds to a smaller one"


@settings(max_examples=60, deadline=None)
@given(tickets=TICKETS.filter(lambda found: len(found) > 1), seed=st.text(min_size=1, max_size=8))
def test_more_points_never_make_an_account_less_likely(tickets: list[Ticket], seed: str) -> None:
    at = order(seed, tickets)
    heavier = [Ticket(one.id, one.weight + 5) if one == at[-1] else one for one in tickets]
    assert [one.id for one in order(seed, heavier)].index(at[-1].id) <= len(at) - 1


@settings(max_examples=80, deadline=None)
@given(tickets=TICKETS.filter(bool), wanted=st.integers(1, 40))
def test_every_account_has_a_chance_and_together_they_make_the_sample(tickets: list[Ticket], wanted: int) -> None:
    likely = expected(tickets, wanted)
    assert all(0 < one <= 1 for one in likely.values())
    assert math.isclose(sum(likely.values()), min(wanted, len(tickets)), abs_tol=1e-6)
    for one in tickets:
        for other in tickets:
            if one.weight > other.weight:
                assert likely[one.id] >= likely[other.id]


def test_weights_are_respected_over_many_draws() -> None:
    """Three accounts of weight 1, 2 and 3: each comes first as often as its share says (4 standard errors)."""
    tickets, n = [Ticket("LIGHTX", 1), Ticket("MIDDLE", 2), Ticket("HEAVYX", 3)], 6000
    first = Counter(order(f"seed {k}", tickets)[0].id for k in range(n))
    for one in tickets:
        share = one.weight / 6
        assert abs(first[one.id] / n - share) < 4 * math.sqrt(share * (1 - share) / n), first
    assert min(first.values()) > 0


def test_what_to_expect_is_near_what_happens() -> None:
    tickets, n = [Ticket(f"ACCT{k:02d}", 1 + k % 4) for k in range(20)], 2000
    seen = Counter(one.id for k in range(n) for one in draw(f"{k}", tickets, 5))
    for identity, likely in expected(tickets, 5).items():
        assert abs(seen[identity] / n - likely) < 0.06


def test_the_draw_can_be_done_by_hand_as_the_page_says() -> None:
    digits = hashlib.sha256(b"a seed:BCDFGH").hexdigest()[:16]
    by_hand = math.log((int(digits, 16) + 0.5) / 2**64) / 3
    assert sampling.key("a seed", Ticket("BCDFGH", 3)) == by_hand
    assert 0 < chance("a seed", "BCDFGH") < 1
    with pytest.raises(ValueError, match="may be drawn"):
        sampling.key("a seed", Ticket("BCDFGH", 0))


@settings(max_examples=200)
@given(
    on=st.dates(date(2020, 1, 1), date(2035, 12, 31)), kind=st.sampled_from(["month", "quarter", "half_year", "year"])
)
def test_every_day_lies_in_one_period_of_a_kind(on: date, kind: str) -> None:
    found_ = period_of(kind, on, Calendar())
    assert found_ is not None
    first, last = found_
    assert first <= on <= last
    assert period_of(kind, first, Calendar()) == period_of(kind, last, Calendar()) == (first, last)
    assert period_of(kind, last + timedelta(days=1), Calendar()) != (first, last)


def test_no_period_is_none_and_quarters_begin_with_the_school_year() -> None:
    assert period_of("", date(2026, 10, 3), Calendar()) is None
    assert period_of("quarter", date(2026, 11, 30), Calendar()) == (date(2026, 9, 1), date(2026, 11, 30))
    assert period_of("half_year", date(2027, 2, 28), Calendar()) == (date(2026, 9, 1), date(2027, 2, 28))


@pytest.mark.django_db
def test_1_10_every_live_account_has_its_place_its_points_and_its_reasons(cast: Cast) -> None:
    one, other, retired = official(cast), official(cast), official(cast)
    note_departure(cast.colleague, by=cast.communications)
    change_standing(retired, "close", by=cast.communications, reason="Not used.")
    rows = {row.pk: row for row in weigh(cast.division, ["serious"])}
    assert set(rows) == {one.pk, other.pk}
    assert rows[one.pk].reasons == ["never", "one_manager", "new", "school"]
    assert rows[one.pk].weight == 1 + 2 + 1 + 1 + 1
    assert rows[one.pk].school == cast.school.pk
    note_departure(cast.teacher, by=cast.communications)
    assert "no_manager" in weigh(cast.division, [])[0].reasons
    assert weigh(cast.other_school, []) == []


@pytest.mark.django_db
def test_what_a_review_found_and_how_long_ago_count(cast: Cast) -> None:
    it = found(cast)
    clean = done(cast)
    rows = {row.pk: row.reasons for row in weigh(cast.division, ["minor"])}
    assert rows[it.account_id] == ["new", "grave", "open"]
    assert rows[clean.account_id] == ["new"]
    closed = settled(cast)
    assert {row.pk: row.reasons for row in weigh(cast.division, ["minor"])}[closed.account_id] == ["new", "grave"]
    assert {row.pk: row.reasons for row in weigh(cast.division, ["urgent"])}[it.account_id] == ["new", "open"]
    with clock.standing_at(clock.now() + timedelta(days=400)):
        rows = {row.pk: row.reasons for row in weigh(cast.division, [])}
        assert rows[clean.account_id] == ["long_ago", "school"]


@pytest.mark.django_db
def test_quiet_counts_only_by_the_divisions_own_number(cast: Cast) -> None:
    account = official(cast)
    with clock.standing_at(clock.now() + timedelta(days=200)):
        liveness.note_post(account, clock.today() - timedelta(days=90), by=cast.teacher)
        assert setting("quiet_days") is None
        assert "quiet" not in weigh(cast.division, [])[0].reasons
        chosen("quiet_days", 60)
        assert "quiet" in weigh(cast.division, [])[0].reasons


def test_the_reasons_have_words_and_nothing_takes_points_away() -> None:
    assert all(points > 0 and str(words) for points, words in POINTS.values())
    assert reason_words(["one_manager", "never"]) == "one manager, never reviewed"
    assert reason_words([]) == "no reason but chance"
    assert Weighed(1, "BCDFGH", 1).weight == 1
    assert len(",".join(POINTS)) <= 200, "every reason at once fits its column"


@pytest.mark.django_db
def test_a_sample_is_kept_whole_and_can_be_drawn_again(cast: Cast) -> None:
    accounts = [official(cast) for _n in range(6)]
    sample = drawn(cast, 2)
    assert (sample.wanted, sample.population) == (2, 6)
    assert SamplePlace.objects.filter(sample=sample).count() == 6
    assert drawing.drawn_again(sample)
    assert set(Review.objects.filter(sample=sample).values_list("kind", flat=True)) == {"sampled"}
    taken = set(Review.objects.filter(sample=sample).values_list("account", flat=True))
    assert taken == set(SamplePlace.objects.filter(sample=sample, drawn=True).values_list("account", flat=True))
    row = drawing.coverage(sample)[0]
    assert (row.school, row.accounts, row.drawn) == (cast.school, 6, 2)
    assert math.isclose(row.expected, 2, abs_tol=0.01)
    SamplePlace.objects.filter(sample=sample, drawn=True).update(weight=1)
    SamplePlace.objects.filter(sample=sample, drawn=False).update(weight=90)
    assert not drawing.drawn_again(sample), "what was changed afterwards shows"
    assert accounts


@pytest.mark.django_db
def test_a_period_has_one_sample_and_who_is_being_reviewed_is_not_drawn(cast: Cast) -> None:
    for _n in range(3):
        official(cast)
    drawn(cast, 1)
    with pytest.raises(WrongState, match="drawn already"):
        drawn(cast, 1)
    later = {"starts_on": clock.today() + timedelta(days=40), "ends_on": clock.today() + timedelta(days=60)}
    assert drawn(cast, 2, **later).population == 2
    with pytest.raises(WrongState, match="No live account is left"):
        drawn(cast, 1, starts_on=later["starts_on"] + timedelta(days=90), ends_on=later["ends_on"] + timedelta(days=90))
    with pytest.raises(IntegrityError), transaction.atomic():
        SamplePlace.objects.update(weight=0)


@pytest.mark.django_db
def test_how_many_is_the_divisions_number_then_its_share_then_what_was_typed(cast: Cast) -> None:
    for _n in range(5):
        official(cast)
    with pytest.raises(Invalid) as refusal:
        drawing.draw(cast.division, starts_on=clock.today(), ends_on=clock.today(), by=cast.communications)
    assert list(refusal.value.fields) == ["wanted"]
    with pytest.raises(Invalid):
        drawn(cast, 6)
    assert drawing.size(5, 4) == 4
    chosen("review_sample_share", 25)
    assert drawing.size(5, 4) == 2
    chosen("review_sample_count", 3)
    assert drawing.size(5, 4) == 3
    assert drawn(cast, 99).wanted == 3


@pytest.mark.django_db
@pytest.mark.parametrize(("starts", "ends", "field"), [(5, 1, "ends_on"), (0, 500, "ends_on"), (-40, -10, "ends_on")])
def test_a_period_that_cannot_be(cast: Cast, starts: int, ends: int, field: str) -> None:
    official(cast)
    today = clock.today()
    with pytest.raises(Invalid) as refusal:
        drawn(cast, 1, starts_on=today + timedelta(days=starts), ends_on=today + timedelta(days=ends))
    assert list(refusal.value.fields) == [field]


@pytest.mark.django_db
def test_only_communications_draws(cast: Cast) -> None:
    official(cast)
    for who in (cast.director, cast.auditor, cast.principal, cast.teacher, cast.sysadmin):
        with pytest.raises(NotAllowed):
            drawn(cast, 1, by=who)
    assert not ReviewSample.objects.exists()


@pytest.mark.django_db
def test_a_share_of_the_sample_is_reviewed_twice_by_two_people(cast: Cast) -> None:
    for _n in range(4):
        official(cast)
    chosen("review_second_share", 100)
    sample = drawn(cast, 4)
    seconds = list(Review.objects.filter(sample=sample, first__isnull=False).select_related("first"))
    assert len(seconds) == 4
    assert all(one.reviewer_id != one.first.reviewer_id for one in seconds if one.first)
    by_reviewer = Counter(Review.objects.filter(sample=sample).values_list("reviewer__name", flat=True))
    assert max(by_reviewer.values()) - min(by_reviewer.values()) <= 1
    assert planning.number("review_second_share") == 100


@pytest.mark.django_db
def test_every_school_shows_when_it_was_last_looked_at(cast: Cast) -> None:
    done(cast)
    official(cast)
    rows = drawing.seen_by_school(clock.today() - timedelta(days=365))
    assert [(one.school, one.accounts, one.reviewed, one.last) for one in rows] == [(cast.school, 2, 1, clock.today())]
