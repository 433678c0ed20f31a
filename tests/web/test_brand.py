"""The brand's companions can be read whatever two colours a division chooses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.web.brand import READABLE, WHITE, _rgb, contrast, palette

COLOURS = st.from_regex(r"\A#[0-9a-f]{6}\Z")


@given(COLOURS, COLOURS)
def test_text_in_the_brand_can_be_read_on_white_and_white_on_it(colour: str, accent: str) -> None:
    made = palette(colour, accent)
    for name in ("--brand", "--brand-deep", "--accent", "--link"):
        assert contrast(_rgb(made[name]), WHITE) >= READABLE
    assert contrast(_rgb(made["--link"]), _rgb(made["--brand-soft"])) >= 4.5


def test_a_colour_that_reads_well_is_kept() -> None:
    assert palette("#1f4e79", "#9a3412")["--brand"] == "#1f4e79"


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_wcags(one: str, other: str, ratio: float) -> None:
    assert contrast(_rgb(one), _rgb(other)) == pytest.approx(ratio, abs=0.01)
