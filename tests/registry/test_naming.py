"""AP 193 1.3: a name that speaks for the whole division is shown to a person; nothing is ever blocked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.registry.naming import NamingRules, check_name

RULES = NamingRules(
    initials=("LPSD",),
    division_names=("Lloydminster Public School Division", "Lloydminster Public Schools"),
    generic_words=(
        "official",
        "news",
        "school",
        "schools",
        "division",
        "students",
        "lloydminster",
        "nouvelles",
    ),
    exempt_kinds=("division",),
)
UNITS = ("Rendell Park School", "Grade 4")


def codes(name: str, units: tuple[str, ...] = UNITS, kind: str = "") -> list[str]:
    return [finding.code for finding in check_name(name, rules=RULES, unit_names=units, entity_kind=kind)]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "LPSD",
            "lpsd",
            "L.P.S.D.",
            "L P S D",
            "L-P-S-D",
            "l_p_s_d",
            "LP SD",
            "L.PSD",
            "#LPSD",
            "@lpsd.ca",
            "lpsd_ca",
        ),
        *(
            "ＬＰＳＤ",
            "𝐋𝐏𝐒𝐃",
            "ⓁⓅⓈⒹ",
            "🅻🅿🆂🅳",
            "🇱🇵🇸🇩",
            "ʟᴘꜱᴅ",
            "1PSD",
            "LP5D",
            "|PSD",
            "L\u0336P\u0336S\u0336D",
        ),
        *(
            "L\u0420SD",
            "LP\u0405D",
            "L\u200bP\u200bS\u200bD",
            "L\u00adPSD",
            "Lloydminster Public School Division",
        ),
        *("LloydminsterPublicSchoolDivision", "LLOYDMINSTER  PUBLIC-SCHOOL DIVISION"),
    ],
)
def test_ap193_1_3_bare_division_is_flagged_in_any_disguise(name: str) -> None:
    assert "bare_division" in codes(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "LPSD News",
            "LPSD Official",
            "The LPSD",
            "theLPSD",
            "OfficialLPSD",
            "officiallpsd",
            "LPSDNews",
            "lpsdnews",
        ),
        *(
            "LPSD 2026",
            "LPSD Grade 4",
            "LPSD Students",
            "We are LPSD",
            "École LPSD",
            "LPSD Elementary School",
        ),
        *(
            "Lloydminster Public Schools News",
            "L P S D official",
            "ＬＰＳＤ news",
            "LPSD Nouvelles",
            "lpsd_schools_ca",
        ),
    ],
)
def test_ap193_1_3_generalised_division_is_flagged(name: str) -> None:
    assert codes(name) == ["generalised_division"]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "LPSD Rendell Park Grade 4",
            "Rendell Park School",
            "rendellparkgr4",
            "Rendell Park LPSD",
            "RPS Grade 4",
        ),
        *("rendellparkLPSD", "lpsdrendellpark", "L.P.S.D. Rendell Park", "RENDELL PARK", "rendell_park_band"),
    ],
)
def test_ap193_1_3_a_name_with_its_unit_is_left_alone(name: str) -> None:
    assert codes(name) == []


@pytest.mark.parametrize(
    "name",
    [
        "Lipsdorf",
        "Helpsdesk",
        "École Holy Rosary",
        "LPSD Robotics Club",
        "Alps District",
        "Help SD",
        "Mme Roy",
    ],
)
def test_ap193_1_3_other_names_are_at_most_hinted_at(name: str) -> None:
    found = check_name(name, rules=RULES, unit_names=UNITS)
    assert [(f.code, f.severity) for f in found] == [("unit_not_named", "hint")]
    assert "Rendell Park School" in str(found[0].message)


def test_ap193_1_3_a_club_that_is_a_unit_may_carry_the_initials() -> None:
    assert codes("LPSD Robotics Club", ("Robotics Club",)) == []
    assert codes("LPSD Robotics Club", ("LPSD Robotics Club",)) == []
    assert codes("LPSD Robotics Club", ()) == []


def test_ap193_1_3_accents_do_not_hide_the_unit() -> None:
    assert codes("Ecole Belair", ("École Bélair",)) == []
    assert codes("École Bélair", ("Ecole Belair School",)) == []


def test_ap193_1_3_the_division_itself_may_use_its_name() -> None:
    assert codes("LPSD", (), "division") == []
    assert codes("LPSD", (), "school") == ["bare_division"]


def test_ap193_1_3_mixed_alphabets_are_shown_even_beside_a_unit() -> None:
    assert codes("Rendell P\u0430rk") == ["mixed_letters"]
    assert codes("Rendell\u200b Park") == ["mixed_letters"]
    assert codes("Клуб Rendell Park") == []
    assert codes("Rendell Park 👩\u200d🏫") == []


def test_ap193_1_3_the_span_points_at_the_words_as_written() -> None:
    name = "We are L.P.S.D. news"
    (found,) = check_name(name, rules=RULES, unit_names=UNITS)
    assert found.span is not None
    assert name[slice(*found.span)] == "L.P.S.D"
    assert "1.3" in str(found.message)
    assert "“L.P.S.D”" in str(found.message)


def test_ap193_1_3_another_division_brings_its_own_rules() -> None:
    rules = NamingRules(initials=("BRSD",), division_names=("Birch River School Division",))
    assert [f.code for f in check_name("B.R.S.D.", rules=rules, unit_names=())] == ["bare_division"]
    assert check_name("LPSD", rules=rules, unit_names=()) == []
    assert check_name("LPSD", rules=NamingRules(), unit_names=()) == []


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=3))
def test_ap193_1_3_never_raises_and_never_blocks(name: str, units: list[str]) -> None:
    for finding in check_name(name, rules=RULES, unit_names=units):
        assert finding.severity in {"flag", "hint"}
        assert finding.span is None or 0 <= finding.span[0] < finding.span[1] <= len(name)


@given(st.lists(st.sampled_from(["", " ", ".", "-", "_", " . ", "\u200b"]), min_size=5, max_size=5))
def test_ap193_1_3_any_spacing_is_seen(gaps: list[str]) -> None:
    name = gaps[0] + "".join(letter + gap for letter, gap in zip("LPSD", gaps[1:], strict=True))
    assert "bare_division" in codes(name)
