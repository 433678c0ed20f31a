"""Owns how large a list may be. Generous for a school division, small for a machine."""

from __future__ import annotations

FILE_BYTES = 64 * 1024 * 1024
UNPACKED_BYTES = 640 * 1024 * 1024
# A spreadsheet packs 10 to 40 times; a bomb a thousand times. Small parts may pack as they like.
PACKED_TIMES = 200
PACKED_FREE_BYTES = 8 * 1024 * 1024
ZIP_MEMBERS = 2_000
ROWS = 250_000
COLUMNS = 300
CELL_CHARACTERS = 5_000
LINE_CHARACTERS = 1_000_000
HEADER_WITHIN_ROWS = 30
# What reading a workbook may take of the machine: it is done in a process of its own.
FENCE_MEMORY_BYTES = 1_000 * 1024 * 1024
FENCE_SECONDS = 90
