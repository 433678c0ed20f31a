"""The division's two colours, their readable companions, and the style sheet and icon made of them."""

from __future__ import annotations

import hashlib
from functools import cache

from django.conf import settings

WHITE = (255, 255, 255)
BLACK = (0, 0, 0)
# WCAG 2.2 AA asks 4.5:1 of text; a little more survives the tinted grounds that text also stands on.
READABLE = 5.0

RGB = tuple[int, int, int]


def _rgb(colour: str) -> RGB:
    """#1f4e79 as numbers. Settings accept nothing but six hexadecimal digits."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(colour: RGB) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _mix(one: RGB, other: RGB, share: float) -> RGB:
    """`share` of the other colour mixed into the one."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def luminance(colour: RGB) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 (black) to 1 (white)."""
    parts = [c / 255 for c in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: RGB, other: RGB) -> float:
    """Contrast ratio as WCAG 2.2 defines it, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _darkened(colour: RGB) -> RGB:
    """The colour itself, or the nearest darker one that can be read on white."""
    for step in range(21):
        candidate = _mix(colour, BLACK, step / 20)
        if contrast(candidate, WHITE) >= READABLE:
            return candidate
    return BLACK


@cache
def palette(colour: str, accent: str) -> dict[str, str]:
    """Style-sheet variables for two brand colours. Text made of them is always at least 5:1 on its ground."""
    brand, second = _darkened(_rgb(colour)), _darkened(_rgb(accent))
    return {
        "--brand": _hex(brand),
        "--brand-deep": _hex(_mix(brand, BLACK, 0.28)),
        "--brand-soft": _hex(_mix(brand, WHITE, 0.92)),
        "--brand-line": _hex(_mix(brand, WHITE, 0.62)),
        "--on-brand": "#ffffff",
        "--accent": _hex(second),
        "--accent-soft": _hex(_mix(second, WHITE, 0.92)),
        "--link": _hex(_mix(brand, BLACK, 0.08)),
    }


def style_sheet() -> str:
    """The whole of /brand.css. A strict content policy forbids inline styles, so it is a file of its own."""
    values = palette(settings.BRAND["colour"], settings.BRAND["accent"])
    return ":root{" + ";".join(f"{name}:{value}" for name, value in values.items()) + "}\n"


@cache
def version() -> str:
    """A short fingerprint of the brand, so that browsers may keep its files for a year."""
    return hashlib.sha256((style_sheet() + favicon()).encode()).hexdigest()[:10]


def favicon() -> str:
    """The icon of the browser's tab: a lectern on a shield in the division's colour."""
    values = palette(settings.BRAND["colour"], settings.BRAND["accent"])
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
        f'<path fill="{values["--brand"]}" d="M4 3h32v20c0 8-7 12.5-16 15C11 35.5 4 31 4 23z"/>'
        '<path fill="#fff" d="M11 12h18l-2.5 7h-13zM18 19h4v9h5v3H13v-3h5z"/>'
        '<circle fill="#fff" cx="20" cy="8" r="2"/>'
        "</svg>\n"
    )
