"""Keeps the shell of the public pages ready, so that a page costs only what is its own.

The shell (head, navigation, foot) is the same for every reader without cookies, but for the language, the section
that is marked as current, and the address to which the language switch comes back. It is drawn from the same
templates as everywhere, at most every thirty seconds in each process.
"""

from __future__ import annotations

import copy
import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import conditional_escape

FRESH_SECONDS = 0.0 if settings.TESTING else 30.0
# Control characters that no text of ours may hold (core.text.clean refuses them) and that no address can.
PART, PATH = "\x1e", "\x1f"
PARTS = 4  # title, head, hero, main
SECTIONS = frozenset({"verify", "procedure"})
_kept: dict[tuple[str, str], tuple[float, list[str]]] = {}


def framed(request: HttpRequest, template: str, context: dict[str, Any]) -> str:
    """A whole page for a reader without cookies. `template` extends base_public.html."""
    own = {**context, "public_frame": "directory/parts.html", "part": PART, "messages": ()}
    parts = render_to_string(template, own, request).split(PART)
    if len(parts) != PARTS:  # something typed brought a mark of its own: draw the page the plain way
        return render_to_string(template, context, request)
    before = _shell(request)
    page = "".join(piece for pair in zip(before, [*parts, ""], strict=True) for piece in pair)
    return page.replace(PATH, str(conditional_escape(request.get_full_path())))


def _shell(request: HttpRequest) -> list[str]:
    section = request.path.split("/", 2)[1]
    key = (translation.get_language() or "", section if section in SECTIONS else "")
    known, now = _kept.get(key), time.monotonic()
    if known and now - known[0] < FRESH_SECONDS:
        return known[1]
    asker = copy.copy(request)
    asker.get_full_path = lambda *_args, **_kwargs: PATH  # type: ignore[method-assign]  # stands in the language switch
    drawn = render_to_string("directory/around.html", {"part": PART, "messages": ()}, asker).split(PART)
    _kept[key] = (now, drawn)
    return drawn
