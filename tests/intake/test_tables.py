"""Files as people send them: read right, or refused in words that name the place and the way out."""

from __future__ import annotations

import datetime
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rostrum.intake import limits
from rostrum.intake.faults import Fault
from rostrum.intake.tables import Table, letters_of, plain_header, read
from tests.intake.files import packed, repacked, sheet_of, text, workbook

NAMES = "Name,E-mail,School\nRémy Gagné,remy@lpsd.ca,École du Soleil\n"


def taken(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table]


def codes(table: Table) -> list[str]:
    list(table)
    return [fault.code for fault in table.faults]


def only(table: Table) -> Fault:
    list(table)
    (fault,) = table.faults
    return fault


class TestText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "utf-16-le", "utf-16-be"])
    def test_every_encoding_gives_the_same_names(self, encoding: str) -> None:
        table = read("staff.csv", text(NAMES * 3, encoding))
        assert taken(table)[0] == ("Rémy Gagné", "remy@lpsd.ca", "École du Soleil")
        assert ("encoding" in codes(table)) == (encoding in {"cp1252", "utf-16-le", "utf-16-be"})

    def test_what_was_assumed_is_said(self) -> None:
        fault = only(read("staff.csv", text(NAMES, "cp1252")))
        assert fault.weight == "note"
        assert "Windows-1252" in fault.message

    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_every_separator_and_line_end(self, separator: str, end: str) -> None:
        lines = ["Name|E-mail", "A|a@b.ca", "B|b@b.ca", ""]
        table = read("x", text(end.join(line.replace("|", separator) for line in lines)))
        assert taken(table) == [("A", "a@b.ca"), ("B", "b@b.ca")]
        assert not table.faults

    def test_a_comma_inside_semicolons_does_not_mislead(self) -> None:
        table = read("x", text("Name;Where\nOkafor, R.;Here, there\nLee, B.;There\n"))
        assert taken(table)[0] == ("Okafor, R.", "Here, there")

    def test_rows_are_counted_as_a_spreadsheet_shows_them(self) -> None:
        table = read("x", text('Name,Note\n"A","two\nlines"\n\n,\nB,b\n'))
        assert [(row.number, row.cells[0]) for row in table] == [(2, "A"), (5, "B")]

    def test_a_title_above_the_header(self) -> None:
        source = "Staff list 2026,,\n\nprinted,1 Sept,\nName,E-mail,School\nA,a@b.ca,S\n"
        table = read("x", text(source), known=["name", "e-mail"])
        assert table.header == ("Name", "E-mail", "School")
        assert table.header_row == 4
        assert [row.number for row in table] == [5]

    def test_an_extra_value_names_row_column_and_value(self) -> None:
        table = read("x", text("Name,E-mail\nA,a@b.ca\nLee, B.,b@b.ca\n"))
        fault = only(table)
        assert (fault.code, fault.row, fault.column, fault.value) == ("extra-cell", 3, "C", "b@b.ca")
        assert taken(table) == [("A", "a@b.ca")]

    def test_a_short_row_is_filled_up(self) -> None:
        assert taken(read("x", text("a,b,c\n1\n2,3\n"))) == [("1", "", ""), ("2", "3", "")]

    def test_an_upload_cut_in_half(self) -> None:
        table = read("x", text("Name,E-mail,School\nA,a@b.ca,S\nB,b@b"))
        assert codes(table) == ["cut"]
        assert table.faults.stopping
        assert next(iter(table.faults)).row == 3

    def test_a_whole_last_row_without_a_line_end_is_no_fault(self) -> None:
        assert codes(read("x", text("Name,E-mail\nA,a@b.ca"))) == []

    def test_a_zip_cut_in_half_is_damaged_and_a_whole_one_is_no_list(self) -> None:
        whole = packed({"orgs.csv": "a,b\n" * 500, "users.csv": "c,d\n" * 500}).getvalue()
        assert codes(read("x.zip", io.BytesIO(whole[: len(whole) // 2]))) == ["damaged"]
        assert codes(read("x.zip", io.BytesIO(whole))) == ["zip"]

    def test_cut_inside_a_quotation(self) -> None:
        table = read("x", text('Name,E-mail\nA,a@b.ca\n"B,b@b.ca\nC,c@b.ca\n'))
        fault = list(table.faults) or [only(table)]
        assert (fault[0].code, fault[0].row) == ("quote", 3)

    def test_a_stray_quotation_mark_is_kept(self) -> None:
        assert taken(read("x", text('Name,Size\nA,5" pipe\nB,x\n'))) == [("A", '5" pipe'), ("B", "x")]

    def test_cut_inside_a_letter(self) -> None:
        table = read("x", io.BytesIO("Name,E-mail\nA,a@b.ca\nRém".encode()[:-2]))
        assert table.faults.stopping

    def test_one_bad_byte_among_good_accents_stops_only_its_row(self) -> None:
        source = ("Name,Town\n" + "Zoë,Évain\n" * 5).encode() + b"Ren\xe9,Here\n" + "Zoé,Ici\n".encode()
        table = read("x", io.BytesIO(source))
        assert len(taken(table)) == 6
        assert [(f.code, f.row, f.column) for f in table.faults] == [("letters", 7, "Name")]

    def test_two_columns_of_one_name(self) -> None:
        table = read("x", text("Name,E-mail,e mail\nA,1,2\n"))
        assert table.header == ("Name", "E-mail", "e mail (2)")
        assert codes(table) == ["same-header"]

    def test_what_is_wrong_in_a_column_nobody_reads_stops_nothing(self) -> None:
        table = read("x", text("Name,Life story\nA," + "x" * 6000 + "\n"), known=["name"])
        assert taken(table) == [("A", "")]
        assert codes(read("x", text("Name,Life story\nA," + "x" * 6000 + "\n"))) == ["too-long"]

    def test_reading_twice_gives_the_same(self) -> None:
        table = read("x", text(NAMES))
        assert taken(table) == taken(table)


class TestWorkbooks:
    def test_numbers_and_days_become_plain_text(self) -> None:
        def fill(book: Any) -> None:
            day = book.add_format({"num_format": "d mmm yyyy"})
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["Name", "Number", "From", "Share", "Yes"])
            sheet.write(1, 0, " A\xa0B ")
            sheet.write(1, 1, 1234567890123)
            sheet.write_datetime(1, 2, datetime.date(2026, 9, 1), day)
            sheet.write(1, 3, 0.5)
            sheet.write_boolean(1, 4, True)

        assert taken(read("x.xlsx", workbook(fill))) == [("A B", "1234567890123", "2026-09-01", "0.5", "TRUE")]

    def test_a_formulas_kept_value_is_used_and_a_lost_one_told(self) -> None:
        def fill(book: Any) -> None:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["Name", "E-mail", "Years"])
            sheet.write_row(1, 0, ["A"])
            sheet.write_formula(1, 1, '=A2&"@b.ca"', None, "A@b.ca")
            sheet.write_row(2, 0, ["B", "b@b.ca"])
            sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
            sheet.write_row(3, 0, ["C"])
            sheet.write_formula(3, 1, '=A4&"@b.ca"', None, "LOST")

        lost = repacked(
            workbook(fill),
            lambda _name, part: re.sub(rb' t="str"(><f>[^<]*</f>)<v>LOST</v>', rb"\1<v></v>", part),
        )
        table = read("x.xlsx", lost, known=["name", "e-mail"])
        assert [row.cells[:2] for row in table] == [("A", "A@b.ca"), ("B", "b@b.ca")]
        assert [(f.code, f.row, f.column, f.weight) for f in table.faults] == [
            ("cell-error", 3, "Years", "note"),
            ("formula", 4, "E-mail", "row"),
        ]

    def test_merged_cells_give_each_row_their_value(self) -> None:
        def fill(book: Any) -> None:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["School", "Name"])
            sheet.merge_range(1, 0, 3, 0, "Rendell Park")
            for row, name in enumerate("ABC", start=1):
                sheet.write(row, 1, name)

        table = read("x.xlsx", workbook(fill))
        assert taken(table) == [("Rendell Park", "A"), ("Rendell Park", "B"), ("Rendell Park", "C")]
        assert [(f.code, f.row, f.column) for f in table.faults] == [("merged", 2, "School")]

    def test_a_list_that_starts_further_right_and_below(self) -> None:
        def fill(book: Any) -> None:
            sheet = book.add_worksheet()
            sheet.write_row(4, 2, ["Name", "E-mail"])
            sheet.write_row(5, 2, ["A", "a@b.ca"])

        table = read("x.xlsx", workbook(fill), known=["name"])
        assert table.header_row == 5
        assert [(row.number, row.cells) for row in table] == [(6, ("", "", "A", "a@b.ca"))]

    def test_the_first_visible_sheet_that_holds_something(self) -> None:
        def fill(book: Any) -> None:
            book.add_worksheet("Front")
            book.add_worksheet("Hidden").write_row(0, 0, ["no", "no"])
            book.add_worksheet("Staff").write_row(0, 0, ["Name", "E-mail"])
            book.add_worksheet("Old").write_row(0, 0, ["Was", "Were"])
            book.get_worksheet_by_name("Hidden").hide()

        source = workbook(fill)
        table = read("x.xlsx", source)
        assert (table.sheet, table.sheets) == ("Staff", ("Front", "Staff", "Old"))
        assert codes(table) == ["sheets"]
        assert read("x.xlsx", source, sheet="Old").header == ("Was", "Were")
        assert read("x.xlsx", source, sheet="Hidden").faults.stopping

    def test_reading_a_workbook_twice(self) -> None:
        table = read("x.xlsx", sheet_of([["a", "b"], [1, 2], [3, 4]]))
        assert taken(table) == taken(table) == [("1", "2"), ("3", "4")]

    def test_half_a_workbook(self) -> None:
        whole = sheet_of([["a", "b"]] * 50).getvalue()
        for part in (len(whole) // 2, 200, len(whole) - 10):
            fault = only(read("x.xlsx", io.BytesIO(whole[:part])))
            assert (fault.code, fault.weight) == ("damaged", "file")

    def test_a_zip_bomb_is_not_opened(self) -> None:
        zeros = repacked(
            sheet_of([["a"]]),
            lambda name, part: b" " * 60_000_000 if name.endswith("sharedStrings.xml") or "theme" in name else part,
        )
        fault = only(read("x.xlsx", zeros))
        assert (fault.code, fault.weight) == ("bomb", "file")

    def test_one_value_a_million_rows_away(self) -> None:
        def fill(book: Any) -> None:
            sheet = book.add_worksheet()
            sheet.write(0, 0, "a")
            sheet.write(1_048_575, 16_383, "b")

        assert only(read("x.xlsx", workbook(fill))).code == "memory"

    def test_open_document(self) -> None:
        cells = "".join(f"<table:table-row>{row}</table:table-row>" for row in (
            "<table:table-cell office:value-type='string'><text:p>Name</text:p></table:table-cell>"
            "<table:table-cell office:value-type='string'><text:p>From</text:p></table:table-cell>",
            "<table:table-cell office:value-type='string'><text:p>Rémy</text:p></table:table-cell>"
            "<table:table-cell office:value-type='date' office:date-value='2026-09-01'><text:p>1 Sep</text:p>"
            "</table:table-cell>",
        ))  # fmt: skip
        spaces = " ".join(
            f"xmlns:{name}='urn:oasis:names:tc:opendocument:xmlns:{name}:1.0'" for name in ("office", "table", "text")
        )
        source = packed({
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                "META-INF/manifest.xml": "<?xml version='1.0'?><manifest:manifest xmlns:manifest='m'/>",
            "content.xml": f"<?xml version='1.0'?><office:document-content {spaces}><office:body><office:spreadsheet>"
            f"<table:table table:name='S'>{cells}</table:table></office:spreadsheet></office:body>"
            "</office:document-content>",
        })  # fmt: skip
        table = read("x.ods", source)
        assert (taken(table), [fault.code for fault in table.faults]) == ([("Rémy", "2026-09-01")], [])

    def test_more_columns_than_a_list_has(self) -> None:
        assert only(read("x.xlsx", sheet_of([["x"] * 301]))).code == "too-many-columns"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"), (b"\n \n", "empty"), (b"%PDF-1.7 ...", "pdf"), (b"<html><table><tr>", "html"),
        (b"<?xml version='1.0'?><Workbook>", "xml"), (b"\x1f\x8b\x08\x00", "packed"), (b"\x89PNG\r\n", "picture"),
        (bytes(range(256)) * 40, "binary"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 900, "damaged"),
        (b"a," + b"x" * (limits.LINE_CHARACTERS + 300_000), "line"),
        (b'a,b\n"' + b"x\n" * limits.LINE_CHARACTERS, "quote"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_words(content: bytes, code: str) -> None:
    fault = only(read("list.csv", io.BytesIO(content)))
    assert (fault.code, fault.weight) == (code, "file")
    assert fault.message
    assert fault.remedy


def test_a_zip_of_other_things_is_no_list() -> None:
    assert only(read("x.zip", packed({"a.csv": "a,b\n"}))).code == "zip"


def test_too_many_rows_stop_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROWS", 3)
    table = read("x", text("a,b\n" + "1,2\n" * 4))
    assert only(table).code == "too-many-rows"
    assert not read("x", text("a,b\n" + "1,2\n" * 3)).faults


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not say what a process used")
def test_two_hundred_thousand_rows_in_little_memory(tmp_path: Path) -> None:
    source = tmp_path / "many.csv"
    with source.open("w") as out:
        out.write("Name,E-mail,School\n")
        out.writelines(f"Person {n},p{n}@lpsd.ca,School {n % 60}\n" for n in range(200_000))
    script = (
        "import sys; from pathlib import Path; from django.conf import settings; settings.configure();"
        "from rostrum.intake.tables import read; t = read('many', Path(sys.argv[1]));"
        "print(sum(1 for _ in t), len(t.faults),"
        "next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(source)], capture_output=True, text=True, check=True)
    rows, faults, kilobytes = map(int, done.stdout.split())
    assert (rows, faults) == (200_000, 0)
    assert kilobytes < 150_000


def test_a_column_is_found_however_it_is_written() -> None:
    table = read("x", text("Prénom,E-Mail *,Nom de l’école\na,b,c\n"))
    assert table.column("email", "e mail") == 1
    assert table.column("PRENOM") == 0
    assert table.column("nom de l'ecole") == 2
    assert table.column("phone") is None


def test_letters_over_the_columns() -> None:
    assert [letters_of(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert plain_header("  E-Mail (work) * ") == "e mail work"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=3000))
def test_no_bytes_make_it_fail(content: bytes) -> None:
    table = read("x", io.BytesIO(content))
    for row in table:
        assert len(row.cells) == len(table.header)
    assert all(fault.message for fault in table.faults)


GOOD = [
    NAMES.encode(), NAMES.encode("utf-16"), ('"a","b"\n"1","x\ny"\n' * 20).encode(),
    sheet_of([["Name", "E-mail"], ["A", 1], ["B", 2.5]]).getvalue(),
]  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(GOOD), st.data())
def test_no_damage_makes_it_fail(good: bytes, data: st.DataObject) -> None:
    content = bytearray(good)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(["change", "cut", "double"]))
        if kind == "change":
            content[at] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del content[at : at + data.draw(st.integers(1, 40))]
        else:
            content[at:at] = content[at : at + 30]
        if not content:
            break
    table = read("x", io.BytesIO(bytes(content)))
    list(table)
    assert all(fault.message for fault in table.faults)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20),
                 min_size=2, max_size=5),
        min_size=2, max_size=20,
    ).filter(lambda rows: len({len(row) for row in rows}) == 1),
    st.sampled_from(["utf-8-sig", "utf-16"]),
)  # fmt: skip
def test_what_a_csv_writer_writes_comes_back(rows: list[list[str]], encoding: str) -> None:
    import csv

    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    table = read("x", text(out.getvalue(), encoding))
    if table.separator == "," and "\ufffd" not in out.getvalue():
        assert taken(table) == [tuple(row) for row in rows[1:]]


def test_the_reader_in_the_fence_needs_nothing_of_rostrum() -> None:
    source = (Path(limits.__file__).parent / "fenced.py").read_text()
    assert "import rostrum" not in source
    assert "from rostrum" not in source


def test_a_zip_that_lies_about_its_size(tmp_path: Path) -> None:
    good = sheet_of([["a", "b"], [1, 2]])
    with zipfile.ZipFile(good) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = good.getvalue().replace(size.to_bytes(4, "little"), (size - 50).to_bytes(4, "little"))
    assert only(read("x.xlsx", io.BytesIO(lying))).code == "damaged"
