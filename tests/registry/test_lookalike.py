"""Handles that can be mistaken for official ones are found through keys and judged with restraint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import lookalikes
from rostrum.registry.lookalike import explain, identity_key, search_keys

HITS = [
    ("lpsd.ca", "lpsd_ca", "same_letters"),
    ("RENDELL_PARK", "rendellpark", "same_letters"),
    ("wren@evil.example.org", "wren@social.example.ca", "same_letters"),
    ("prairiewren.bsky.social", "prairiewren", "same_letters"),
    ("1psd_ca", "lpsd_ca", "swapped_characters"),
    ("rende1lpark", "rendellpark", "swapped_characters"),
    ("rendeIlpark", "rendellpark", "swapped_characters"),
    ("rendelpark", "rendellpark", "swapped_characters"),
    ("rendellparkk", "rendellpark", "swapped_characters"),
    ("rend\u0435llpark", "rendellpark", "swapped_characters"),
    ("ｒendellpark", "rendellpark", "swapped_characters"),
    ("bamer_creek", "barnercreek", "swapped_characters"),
    ("vvinston", "winston", "swapped_characters"),
    ("prairie_sch00l", "prairie_school", "swapped_characters"),
    ("1psd", "lpsd", "swapped_characters"),
    ("rendellprak", "rendellpark", "one_letter_off"),
    ("rendllpark", "rendellpark", "one_letter_off"),
    ("rendellbark", "rendellpark", "one_letter_off"),
    ("rendellparks", "rendellpark", "one_letter_off"),
    ("lpsd_official", "lpsd", "added_word"),
    ("real.lpsd.ca", "lpsd_ca", "added_word"),
    ("the_rendellpark", "rendellpark", "added_word"),
    ("rendellparkschool", "rendellpark", "added_word"),
    ("rendellpark", "rendellpark_school", "added_word"),
    ("0fficial_rendellpark", "rendellpark", "added_word"),
    ("rendellpark2026", "rendellpark", "added_word"),
    ("rendellpark_1", "rendellpark", "added_word"),
]
NEAR_MISSES = [
    ("rendellparkgr3", "rendellparkgr4"),
    ("rendellpark_grade1", "rendellpark_grade11"),
    ("team_u13", "team_u15"),
    ("room101", "room102"),
    ("band2025", "band2026"),
    ("wren_team_a", "wren_team_b"),
    ("wren_kinder_am", "wren_kinder_pm"),
    ("rendellpark_ka", "rendellpark"),
    ("rendellparkka", "rendellparkkb"),
    ("rendellpark_jrgirls", "rendellparksrgirls"),
    ("wrenkinderam", "wrenkinderpm"),
    ("lpsd", "lpsb"),
    ("rps", "rpc"),
    ("wrenbandboys", "wrenbandgirls"),
    ("bishoplloyd", "barrcolony"),
    ("rendellparkband", "rendellparkdrama"),
    ("", "rendellpark"),
    ("___", "rendellpark"),
    ("theschool", "school"),
]


@pytest.mark.parametrize(("candidate", "official", "kind"), HITS)
def test_look_alikes_are_found_and_explained(candidate: str, official: str, kind: str) -> None:
    found = explain(candidate, official)
    assert found is not None
    assert found.kind == kind
    assert official in str(found.message)
    assert search_keys(candidate) & search_keys(official)


@pytest.mark.parametrize(("candidate", "official"), NEAR_MISSES)
def test_near_misses_are_left_alone(candidate: str, official: str) -> None:
    assert explain(candidate, official) is None


def test_identity_key_reads_like_a_hurried_eye() -> None:
    assert identity_key("Rendell.Park") == identity_key("rende1l_park") == identity_key("@RENDELLPARK")
    assert identity_key("grade1") != identity_key("grade11")
    assert identity_key("") == ""


def test_search_keys_stay_few() -> None:
    assert len(search_keys("x" * 5 + "abcdefghijklmnopqrstuvwxyz")) < 40
    assert search_keys("") == frozenset()
    assert len(search_keys("ab" * 5_000_000)) < 300


NAMES = st.text("abcdehilmnoprstvw0123456789_.", min_size=1, max_size=16)


@given(NAMES, NAMES)
def test_whatever_is_reported_can_be_found(candidate: str, official: str) -> None:
    if explain(candidate, official):
        assert search_keys(candidate) & search_keys(official)


@given(NAMES, st.data())
def test_one_edit_shares_a_key(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name)))
    letter = data.draw(st.sampled_from("abcdehmnoprst1_"))
    drop = data.draw(st.integers(0, 1))
    other = name[:at] + letter + name[at + drop :]
    if explain(other, name):
        assert search_keys(other) & search_keys(name)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_judged_without_an_exception(candidate: str, official: str) -> None:
    found = explain(candidate, official)
    if found:
        assert search_keys(candidate) & search_keys(official)
    itself = explain(candidate, candidate)
    assert itself is None or itself.kind == "same_letters"


@pytest.mark.parametrize(
    ("candidate", "official"),
    [
        ("rendellparkcalgary", "rendellpark"),
        ("rendellparkschool_saskatoon", "rendellparkschool"),
        ("stmary.reddeer", "stmary"),
        ("rendellpark_official_edmonton", "rendellpark"),
    ],
)
def test_the_same_name_in_another_town_is_noticed(candidate: str, official: str) -> None:
    found = explain(candidate, official)
    assert found is not None
    assert found.kind == "added_word"
    assert search_keys(candidate) & search_keys(official)


@pytest.mark.parametrize(
    ("candidate", "official"),
    [("queenvictoria", "queen"), ("calgarypark", "rendellpark"), ("reddeer", "red"), ("lloydcomp", "lloydmusic")],
)
def test_a_town_in_an_honest_name_is_no_alarm(candidate: str, official: str) -> None:
    assert explain(candidate, official) is None


def test_three_thousand_honest_school_names_raise_few_alarms() -> None:
    found = lookalikes.measure(3_000)
    assert found["schools"] == 3_000
    assert found["touched"] <= 0.03 * found["schools"], found["examples"]
    assert set(found["kinds"]) <= {"one_letter_off"}
