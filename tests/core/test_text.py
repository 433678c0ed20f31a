"""Text is cleaned, folded and compared as core.text promises."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.core.text import UnsafeText, clean, fold, skeleton, tokens


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  Rendell Park  ", "Rendell Park"),
        ("\ufeffGrade 4", "Grade 4"),
        ("E\u0301cole", "\u00c9cole"),
        ("\u00a0Club\u3000", "Club"),
        ("\U0001f469\u200d\U0001f3eb room 5", "\U0001f469\u200d\U0001f3eb room 5"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        (
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        ),
        ("\u2764\ufe0f", "\u2764\ufe0f"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_clean_keeps_what_people_write(given: str, kept: str) -> None:
    assert clean(given) == kept


def test_clean_makes_every_line_ending_a_newline() -> None:
    assert clean("a\r\nb\rc\u2028d\n", multiline=True) == "a\nb\nc\nd"
    assert clean("a\tb", multiline=True) == "a\tb"


@pytest.mark.parametrize(
    ("text", "reason", "position"),
    [
        ("a\x00b", "control", 1),
        ("a\nb", "control", 1),
        ("a\tb", "control", 1),
        ("a\x85b", "control", 1),
        ("a\u2028b", "control", 1),
        ("\x1b[0m", "control", 0),
        ("ab\u202ecd", "bidi", 2),
        ("ab\u2066cd", "bidi", 2),
        ("ab\u200ecd", "bidi", 2),
        ("LP\u200bSD", "control", 2),
        ("LP\u200dSD", "control", 2),
        ("LP\u200cSD", "control", 2),
        ("LP\u00adSD", "control", 2),
        ("LP\u2060SD", "control", 2),
        ("\u200dx", "control", 0),
        ("x\ue000", "control", 1),
        ("x\uffff", "control", 1),
        ("x\U000e0041", "control", 1),
        ("x\u3164y", "control", 1),
        ("ok\ud800", "surrogate", 2),
    ],
)
def test_clean_refuses_what_hides_or_forges(text: str, reason: str, position: int) -> None:
    with pytest.raises(UnsafeText) as refused:
        clean(text)
    assert (refused.value.reason, refused.value.position) == (reason, position)


def test_clean_counts_characters_after_cleaning() -> None:
    assert clean("  abc ", max_length=3) == "abc"
    with pytest.raises(UnsafeText) as refused:
        clean("abcd", max_length=3)
    assert refused.value.reason == "too_long"
    with pytest.raises(UnsafeText):
        clean("x" * 10_000_000, max_length=200)


@pytest.mark.parametrize("multiline", [True, False])
@given(text=st.text(alphabet=st.characters(), max_size=40))
def test_clean_is_safe_and_stable(multiline: bool, text: str) -> None:
    try:
        kept = clean(text, multiline=multiline)
    except UnsafeText as error:
        position = error.position
        kept = ""
    else:
        position = 0
    assert position == 0 or position < len(text)
    assert kept == unicodedata.normalize("NFC", kept)
    assert clean(kept, multiline=multiline) == kept
    kept.encode()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  École   Œuvre ", "ecole oeuvre"),
        ("STRASSE Straße", "strasse strasse"),
        ("Noël", "noel"),
        ("L’Île", "l'ile"),
        ("ＬＰＳＤ", "lpsd"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
    ],
)
def test_fold_ignores_accents_and_case(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=40))
def test_fold_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_tokens_are_the_folded_words() -> None:
    assert tokens("L'École no 4 — Grade 4!") == ["l", "ecole", "no", "4", "grade", "4"]


@pytest.mark.parametrize(
    "disguise",
    [
        "LPSD",
        "lpsd",
        "ＬＰＳＤ",
        "L\u0420SD",
        "L\u03a1SD",
        "L\u200bP\u200bS\u200bD",
        "L\u00adPSD",
        "\U0001d40b\U0001d40f\U0001d412\U0001d403",
        "ⓁⓅⓈⒹ",
        "\U0001f17b\U0001f17f\U0001f182\U0001f173",
        "\U0001f1f1\U0001f1f5\U0001f1f8\U0001f1e9",
        "ʟᴘꜱᴅ",
        "ᏞᏢᏚᎠ",
        "L\u0336P\u0336S\u0336D\u0336",
        "LP\u054fD".replace("\u054f", "\u0405"),
    ],
)
def test_skeleton_sees_through_disguise(disguise: str) -> None:
    assert skeleton(disguise) == "lpsd"


def test_skeleton_keeps_different_words_apart() -> None:
    assert skeleton("Rendell") != skeleton("Kendell")
    assert skeleton("École") == skeleton("Ecole")


@given(st.text(max_size=30))
def test_skeleton_is_stable(text: str) -> None:
    assert skeleton(skeleton(text)) == skeleton(text)
