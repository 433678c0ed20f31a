"""Keeps Python's collector of unused objects out of the middle of a page."""

from __future__ import annotations

import gc

from django.urls import get_resolver

AT_ONCE = 10_000  # new objects before the youngest are looked through; a page makes some thousands


def settle() -> None:
    """Sets what start-up built aside: it stays until the end, so that nobody need look through it again.

    Left to itself the collector goes through all of it every sixty pages or so, in the midst of one, which then takes
    twice as long. The addresses and the pages behind them are read first: they belong to what stays.
    """
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    gc.set_threshold(AT_ONCE, *gc.get_threshold()[1:])
