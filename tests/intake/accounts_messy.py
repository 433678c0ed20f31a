"""A deliberately messy workbook of today's accounts, as a division would send it, and what is wrong with each row."""

from __future__ import annotations

import io
from collections import Counter

import xlsxwriter

HEADER = ["Which school?", "Réseau", "URL", "Account name", "Who runs it", "Courriel", "Notes", "School"]
WORDS = ["maple", "cedar", "birch", "willow", "aspen", "spruce", "heron", "otter", "falcon", "badger", "lynx", "bison"]


def handle(n: int) -> str:
    """A handle far from every other one."""
    first, second, third = WORDS[n % 12], WORDS[(n // 12) % 12], WORDS[(n // 5) % 12]
    return f"{first}{second}{third}{'abcdefghijklmnopqrstuvwxyz'[n % 26] * 2}{n}"


def messy(rows: int = 300) -> tuple[bytes, Counter[str]]:
    """The workbook, and how many rows of it need what. The cast's Rendell Park School stands behind it."""
    book = io.BytesIO()
    workbook = xlsxwriter.Workbook(book, {"in_memory": True})
    sheet = workbook.add_worksheet("Accounts 2026")
    sheet.write(0, 0, "Social media accounts, collected by the office")
    header = ["School", "Réseau", "URL", "Account name", "Who runs it", "Courriel", "Notes"]
    for column, name in enumerate(header):
        sheet.write(2, column, name)
    wanted: Counter[str] = Counter()
    for n in range(rows):
        level, cells = _row(n)
        wanted[level] += 1
        for column, cell in enumerate(cells):
            if cell:
                sheet.write(3 + n + (1 if n > 150 else 0), column, cell)  # an empty row in the middle
    sheet.write(3 + rows + 40, 9, " ")  # a stray blank far below
    workbook.close()
    return book.getvalue(), wanted


def _row(n: int) -> tuple[str, list[str]]:
    name, url = f"Rendell Park {WORDS[n % 12].title()} {n}", f"https://www.instagram.com/{handle(n)}/"
    good = ["Rendell Park School", "Instagram", url, name, "Sofia Nguyen", f"office.{n}@lpsd.ca", ""]
    match n % 20:
        case 0:
            return "fine", good
        case 1:
            return "fine", ["rendell park", "insta", f"@{handle(n)}", *good[3:]]
        case 2:
            return "fine", ["Grade 4, Rendell Park School", "", url + "?hl=en&utm_source=x", *good[3:]]
        case 3:
            return "look", [*good[:4], "", *good[5:]]
        case 4:
            return "look", [*good[:4], "Somebody Nobody Knows", *good[5:]]
        case 5:
            return "look", [*good[:5], f"rendellpark{n}@gmail.com", ""]
        case 6:
            return "look", [*good[:3], "LPSD News", *good[4:]]
        case 7:
            return "problem", ["Rendel Prak Schol", *good[1:]]
        case 8:
            return "problem", ["", *good[1:]]
        case 9:
            return "problem", [*good[:2], "", *good[3:]]
        case 10:
            return "problem", [*good[:2], f"https://www.instagram.com/p/C{n}abcdefgh/", *good[3:]]
        case 11:
            return "problem", [*good[:2], f"plus.google.com/+{handle(n)}", *good[3:]]
        case 12:
            return "problem", [*good[:2], "ask the office", *good[3:]]
        case 13:  # the same as the first row of its twenty, written another way
            return "held", [*good[:2], f"instagram.com/{handle(n - 13).upper()}", *good[3:]]
        case 14:
            return "look", [good[0], "Facebook", *good[2:]]
        case 15:
            return "fine", [f"  {good[0]}\xa0", "Facebook", f"https://m.facebook.com/{handle(n)}", name,
                            "s.nguyen@lpsd.ca", good[5], "made in 2014\nby the old principal"]  # fmt: skip
        case 16:
            return "fine", [good[0], "YouTube", f"https://youtube.com/@{handle(n)}", name, "Nguyen, Sofia", good[5], ""]
        case 17:
            return "fine", ["winston", "X", f"https://twitter.com/{_short(n)}", f"Winston Churchill {n}",
                            "c.dubois@lpsd.ca", "", ""]  # fmt: skip
        case 18:
            return "problem", [*good[:3], f"Rendell\u202e Park {n}", *good[4:]]
        case _:
            return "fine", good


def _short(n: int) -> str:
    return f"{WORDS[n % 12]}{WORDS[(n // 20) % 12]}{n}"[:15]
