"""Hostile and broken files: each ends in a report in words, never a traceback, never half an import.

Randomly torn ones are in `test_intake_fuzz.py`.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from tests.unit.data.workbooks import (
    ENROLMENT,
    NOW,
    SCHOOLS,
    codes,
    csv_file,
    edited,
    filled,
    look,
    sentences,
    workspace,
    xlsx,
)

from junheng.data import reading, workbook_parts
from junheng.model.errors import BadData

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return xlsx(tmp_path / "good.xlsx", {"在校生": ENROLMENT})


def refused(folder: Path, path: Path, code: str) -> None:
    """The file is reported with this code, in both languages, and nothing can be committed."""
    made = filled(folder) if not (folder / "ws").exists() else None
    from junheng.data import Workspace

    made = made or Workspace.open(folder / "ws")
    before = made.digests()
    found = look(made, path)
    assert code in codes(found), codes(found)
    assert all(sentences(found)) and all(sentences(found, "en"))
    with pytest.raises(BadData):
        found.commit(at=NOW)
    assert made.digests() == before


# ------------------------------------------------------------------ one file for each threat

Build = Callable[[Path, Path], Path]
"""(folder, a good workbook) -> the hostile file."""


def with_part(name: str, content: bytes, named: str = "表.xlsx") -> Build:
    """The good workbook with one more part."""

    def build(folder: Path, good: Path) -> Path:
        path = folder / named
        path.write_bytes(good.read_bytes())
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        return path

    return build


def with_edit(part: str, change: Callable[[bytes], bytes]) -> Build:
    """The good workbook with one part changed."""
    return lambda folder, good: edited(good, part, change, folder / "表.xlsx")


def with_bytes(name: str, content: bytes) -> Build:
    """A file of these bytes."""

    def build(folder: Path, good: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return build


def many_parts(folder: Path, good: Path) -> Path:
    path = folder / "表.xlsx"
    path.write_bytes(good.read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(60):
            archive.writestr(f"xl/media/{number}.txt", b"")
    return path


def parquet(frame: pl.DataFrame) -> Build:
    def build(folder: Path, good: Path) -> Path:
        frame.write_parquet(folder / "表.parquet")
        return folder / "表.parquet"

    return build


def parquet_of_claims(folder: Path, good: Path) -> Path:
    """A footer that claims a thousand million rows over data for 12,345."""
    buffer = io.BytesIO()
    pl.DataFrame({"school_id": ["1"] * 12_345}).write_parquet(buffer, use_pyarrow=True)
    content = buffer.getvalue()
    size = int.from_bytes(content[-8:-4], "little")
    data, footer = content[: -8 - size], content[-8 - size : -8]
    footer = footer.replace(b"\x16" + varint(2 * 12_345), b"\x16" + varint(2 * 10**9))
    path = folder / "表.parquet"
    path.write_bytes(data + footer + len(footer).to_bytes(4, "little") + b"PAR1")
    return path


def varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def nested_zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.txt", b"x")
    return held.getvalue()


def cells(sheet: bytes, rows: bytes) -> bytes:
    """The sheet with these rows for its own."""
    return re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData>" + rows + b"</sheetData>", sheet, flags=re.S)


def prefixed(rows: bytes) -> bytes:
    return re.sub(rb"<(/?)(row|c)\b", rb"<\1x:\2", rows)


def other_case(folder: Path, good: Path) -> Path:
    """The workbook names its sheet in capitals, which the reader finds all the same."""
    cell = b'<row r="9"><c r="XFD9"><v>1</v></c></row></sheetData>'
    path = edited(good, SHEET, lambda c: c.replace(b"</sheetData>", cell), folder / "a.xlsx")
    capitals = folder / "表.xlsx"
    return edited(path, "xl/_rels/workbook.xml.rels", lambda c: c.replace(b"/sheet1", b"/SHEET1"), capitals)


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOMB = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hosts">]>'
UTF16 = "<?xml version='1.0' encoding='utf-16'?><x/>".encode("utf-16")
WIDE = b"<row>" + b"<c><v>1</v></c>" * 3_000 + b"</row>"
TALL = b"<row><c><v>1</v></c></row>" * 30_000
"""Cells that do not say where they stand: 33,000 of them span ninety million."""
FAR = b"<!--" + b"x" * (17 << 20) + b"-->"
DEEP = b'{"type":"FeatureCollection","features":' + b"[" * 10_000_000
SHEETS = "xl/workbook.xml"
THREATS: list[tuple[str, Build, str]] = [
    ("too many parts", many_parts, "file_many_parts"),
    ("unfolds beyond the limit", with_edit(SHEET, lambda c: c + os.urandom(5 << 20)), "file_bomb"),
    ("packed beyond reason", with_part("xl/media/a.png", b"0" * (3 << 20)), "file_bomb"),
    ("password", with_bytes("表.xlsx", OLE + utf16("EncryptedPackage")), "file_encrypted"),
    ("macros", with_part("xl/vbaProject.bin", b"macro", "表.xlsm"), "file_macros"),
    ("macros in a .xlsx", with_part("xl/VBAPROJECT.BIN", b"macro"), "file_macros"),
    ("macro sheets", with_part("xl/macrosheets/sheet1.xml", b"<x/>"), "file_macros"),
    ("macros, old kind", with_bytes("表.xls", OLE + bytes(600) + utf16("_VBA_PROJECT")), "file_macros"),
    ("links to other files", with_part("xl/externalLinks/externalLink1.xml", b"<x/>"), "file_links"),
    ("an archive inside", with_part("xl/embeddings/a.docx", nested_zip()), "file_nested"),
    ("a document inside", with_part("xl/embeddings/oleObject1.bin", OLE + bytes(99)), "file_nested"),
    ("a path upwards", with_part("xl/../../../etc/cron.d/x", b"x"), "file_paths"),
    ("a path from the root", with_part("/etc/cron.d/x", b"x"), "file_paths"),
    ("a path of Windows", with_part("xl\\..\\x.dll", b"x"), "file_paths"),
    ("a path with a drive", with_part("C:/x.dll", b"x"), "file_paths"),
    ("cells without places", with_edit(SHEET, lambda c: cells(c, WIDE + TALL)), "sheet_too_large"),
    ("the same, prefixed", with_edit(SHEET, lambda c: cells(c, prefixed(WIDE + TALL))), "sheet_too_large"),
    ("rows without places", with_edit(SHEET, lambda c: cells(c, b"<row/>" * 1_048_600)), "too_many_rows"),
    ("one row without end", with_edit(SHEET, lambda c: cells(c, b"<c/>" * 20_000)), "too_many_columns"),
    ("a sheet by another case", other_case, "too_many_columns"),
    ("two parts of one name", with_part("xl/WORKBOOK.xml", b"<x/>"), "file_damaged"),
    ("entities in a sheet", with_edit(SHEET, lambda c: BOMB + c), "file_dtd"),
    ("entities of the workbook", with_edit(SHEETS, lambda c: OUTSIDE + c), "file_dtd"),
    ("entities of the styles", with_edit("xl/styles.xml", lambda c: BOMB + c), "file_dtd"),
    ("entities far in", with_edit(SHEET, lambda c: FAR + BOMB + c), "file_dtd"),
    ("entities in another part", with_part("xl/drawings/d.vml", BOMB), "file_dtd"),
    ("a part in UTF-16", with_part("docProps/x.xml", UTF16), "file_damaged"),
    ("a part in EBCDIC", with_part("xl/x.xml", b"<?xml version='1.0' encoding='cp037'?>"), "file_damaged"),
    ("a program called .csv", with_bytes("表.csv", b"MZ\x90\x00\x03\x00" + bytes(200)), "file_program"),
    ("a program called .xlsx", with_bytes("表.xlsx", b"\x7fELF\x02\x01" + bytes(200)), "file_program"),
    ("binary in a CSV", with_bytes("表.csv", b"a,b\n" + b"1,2\n" * 50_000 + b"1,\x00\n"), "text_binary"),
    ("7z called .csv", with_bytes("表.csv", b"7z\xbc\xaf\x27\x1c" + bytes(99)), "file_archive"),
    ("nested columns", parquet(pl.DataFrame({"a": [[1, 2]], "b": [{"c": 1}]})), "parquet_nested"),
    ("a Parquet that claims", parquet_of_claims, "sheet_too_large"),
    ("a text a thousand times", parquet(pl.DataFrame({"a": ["x" * 5_000] * 1_000})), "file_bomb"),
    ("nested ten million deep", with_bytes("图.geojson", DEEP), "geojson_unreadable"),
]  # fmt: skip


@pytest.mark.parametrize(("build", "code"), [t[1:] for t in THREATS], ids=[t[0] for t in THREATS])
def test_a_threat_is_refused_with_its_own_sentence(
    tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch, build: Build, code: str
) -> None:
    limits = {"MAX_PARTS": 50}
    if code == "file_bomb":
        limits |= {"RATIO_COUNTS_FROM": 2 << 20, "MAX_UNFOLDED_BYTES": 4 << 20}
    for name, value in limits.items():
        monkeypatch.setattr(workbook_parts, name, value)
        monkeypatch.setattr(reading, name, value, raising=False)
    refused(tmp_path, build(tmp_path, good), code)


def test_a_program_is_told_from_a_table_that_begins_alike(tmp_path: Path) -> None:
    made = filled(tmp_path)
    rows = [["MZ学校标识码", "备注"], ["1", "x"]]
    assert codes(look(made, csv_file(tmp_path / "MZ.csv", rows))) == ["sheet_not_recognised"]


def test_cells_without_places_are_read_where_they_follow(tmp_path: Path) -> None:
    """Some programs leave the places out; the table is the same."""
    made = filled(tmp_path)
    path = tmp_path / "o.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("在校生")
        for number, row in enumerate(ENROLMENT):
            sheet.write_row(number, 0, row)
    bare = edited(path, SHEET, lambda c: re.sub(rb' r="[A-Z]*\d+"', b"", c), tmp_path / "bare.xlsx")
    assert bare.read_bytes() != path.read_bytes()
    assert look(made, bare).tables["enrolment"].equals(look(made, path).tables["enrolment"])


def test_a_false_extent_costs_nothing(tmp_path: Path, good: Path) -> None:
    """What a sheet says of its extent is not believed: only the cells there count."""
    made = filled(tmp_path)
    false = b'<dimension ref="A1:XFD1048576"/>'
    path = edited(good, SHEET, lambda c: re.sub(b"<dimension[^>]*/>", false, c), tmp_path / "extent.xlsx")
    assert path.read_bytes() != good.read_bytes()
    found = look(made, path)
    assert codes(found) == [] and found.tables["enrolment"].height == 3


def test_a_formula_is_never_computed(tmp_path: Path) -> None:
    """Text that looks like a formula stays text, here and in the workbook that goes back."""
    made = filled(tmp_path)
    hostile = '=HYPERLINK("http://x","甲")'
    rows = [
        ["学校标识码", "学校名称", "办学类型", "所在区域", "=1+1"],
        ["2199000003", hostile, "小学", "无此地", "=2"],
    ]
    text = tmp_path / "s.csv"
    with text.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    found = look(made, text)
    assert found.tables["schools"]["name"].to_list() == [hostile]
    book = tmp_path / "s.xlsx"
    with xlsxwriter.Workbook(book, {"strings_to_formulas": False}) as made_book:
        sheet = made_book.add_worksheet("学校")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    for path in (text, book):
        found = look(made, path)
        assert codes(found) == ["unknown_reference"]
        back = openpyxl.load_workbook(io.BytesIO(found.marked(path, lambda f: "=1+1")))
        kinds = {cell.data_type for row in back.worksheets[0].iter_rows() for cell in row}
        assert "f" not in kinds


def test_missing_folder_symlink_empty(tmp_path: Path, good: Path) -> None:
    refused(tmp_path, tmp_path / "没有.xlsx", "file_missing")
    refused(tmp_path, tmp_path, "file_folder")
    link = tmp_path / "link.xlsx"
    link.symlink_to(good)
    refused(tmp_path, link, "file_symlink")
    empty = tmp_path / "空.xlsx"
    empty.write_bytes(b"")
    refused(tmp_path, empty, "file_empty")
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    refused(tmp_path, pipe, "file_special")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7 ...", "file_pdf"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "file_web_page"),
        (b"Rar!\x1a\x07\x00", "file_archive"),
        (b"PK\x03\x04 torn", "file_damaged"),
        (b"PAR1 torn PAR1", "file_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "file_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
        (b"\x00\x01\x02" * 500, "file_not_a_table"),
        (b"\x1f\x8b torn gzip", "file_damaged"),
        (b"a,b\n\xff\xff\x80,2\n", "encoding_unknown"),
        (b"\n\n,,,\n", "file_empty"),
        (b'a,b\n1,"2\n3,4\n', "quote_open"),
    ],
)
def test_not_a_table(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(content)
    refused(tmp_path, path, code)


@pytest.mark.parametrize(
    ("part", "old", "new", "code"),
    [
        (SHEET, b"<sheetData>", b"<notData>", "file_without_rows"),
        (SHEET, b"</sheetData>", b"<c " * 2_000_000, "too_many_columns"),
        (SHEET, b"</sheetData>", b"<a>" * 200_000, "reference_table_missing"),
        ("xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml", b"../../etc/hosts", "file_damaged"),
        ("xl/styles.xml", b"</cellXfs>", b"", "file_damaged"),
    ],
)
def test_forged_parts_end_quickly_and_in_words(
    tmp_path: Path, good: Path, part: str, old: bytes, new: bytes, code: str
) -> None:
    path = edited(good, part, lambda c: c.replace(old, new), tmp_path / "forged.xlsx")
    found = look(workspace(tmp_path), path)
    assert set(codes(found)) & {code, "file_damaged"}, codes(found)
    assert sentences(found)


def test_a_cell_of_thirty_million_letters(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("甲" * 10_000_000, encoding="utf-8")
    found = look(workspace(tmp_path), path)
    assert codes(found) == ["sheet_not_recognised"] and len(sentences(found)[0]) < 500


def test_text_in_an_encoding_of_another_land(tmp_path: Path) -> None:
    path = tmp_path / "big5.csv"
    path.write_bytes("學校識別碼,學年,年級,學生數\n甲校,2025,一年級,30\n乙校,2025,二年級,30\n".encode("big5"))
    found = look(workspace(tmp_path), path)
    assert codes(found) == ["sheet_not_recognised"] and codes(found, "warning") == ["encoding_doubtful"]


def test_other_archives_are_named(tmp_path: Path) -> None:
    path = tmp_path / "材料.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("表.csv", "a,b\n1,2")
    refused(tmp_path, path, "file_archive")


def test_workbooks_of_other_programs_are_named(tmp_path: Path) -> None:
    path = tmp_path / "表.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", '<table:table-cell table:number-columns-repeated="999999999"/>')
    refused(tmp_path, path, "file_other_workbook")


def test_zip_bomb(tmp_path: Path, good: Path) -> None:
    zeros = b"0" * (90 << 20)
    bomb = edited(good, SHEET, lambda content: content + zeros, tmp_path / "bomb.xlsx")
    assert bomb.stat().st_size < 1 << 20
    refused(tmp_path, bomb, "file_bomb")


def test_zip_bomb_that_lies_about_its_size(tmp_path: Path, good: Path) -> None:
    bomb = edited(good, SHEET, lambda content: content + b"0" * (90 << 20), tmp_path / "lie.xlsx")
    content = bytearray(bomb.read_bytes())
    with zipfile.ZipFile(bomb) as archive:
        true = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    assert content.count(true) >= 1
    bomb.write_bytes(bytes(content).replace(true, (1000).to_bytes(4, "little")))
    made = workspace(tmp_path)
    assert set(codes(look(made, bomb))) & {"file_bomb", "file_damaged"}


def test_gzip_bomb(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"0" * (100 << 20)))
    refused(tmp_path, path, "file_bomb")


def test_a_million_columns(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{i}" for i in range(1_000_000)) + "\n" + ",".join("1" * 1_000_000))
    refused(tmp_path, path, "too_many_columns")


def test_a_million_columns_in_parquet(tmp_path: Path) -> None:
    path = tmp_path / "wide.parquet"
    pl.DataFrame({f"c{i}": ["1"] for i in range(5_000)}).write_parquet(path)
    refused(tmp_path, path, "too_many_columns")


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        (b"XFD1048576", "too_many_columns"),
        (b"Z9999999", "too_many_rows"),
        (b"A1048577", "too_many_rows"),
        (b"CZ1000000", "sheet_too_large"),
        (b"ABCDEF12", "too_many_columns"),
    ],
)
def test_two_far_cells_are_not_laid_out(tmp_path: Path, good: Path, reference: bytes, code: str) -> None:
    cell = b'<row r="9"><c r="' + reference + b'" t="n"><v>1</v></c></row></sheetData>'
    path = edited(good, SHEET, lambda c: c.replace(b"</sheetData>", cell), tmp_path / "far.xlsx")
    refused(tmp_path, path, code)


def test_password(tmp_path: Path, good: Path) -> None:
    content = bytearray(good.read_bytes())
    with zipfile.ZipFile(good) as archive:
        offset = archive.start_dir
    content[offset + 8] |= 1  # the flag of an encrypted part in the directory
    path = tmp_path / "locked.xlsx"
    path.write_bytes(bytes(content))
    refused(tmp_path, path, "file_encrypted")


def test_a_misnamed_file_is_read_by_content(tmp_path: Path, good: Path) -> None:
    made = filled(tmp_path)
    path = tmp_path / "在校生.csv"
    path.write_bytes(good.read_bytes())
    found = look(made, path)
    assert codes(found) == [] and codes(found, "warning") == ["file_misnamed"]
    assert found.tables["enrolment"].height == 3


def test_formula_cells(tmp_path: Path) -> None:
    made = filled(tmp_path)
    rows = [list(row) for row in ENROLMENT]
    rows[1][3] = "=100+170"  # written by a program that does not compute
    rows[2][3] = "#REF!"
    path = xlsx(tmp_path / "f.xlsx", {"在校生": rows})
    found = look(made, path)
    places = {(f.code, f.row, f.column) for f in found.findings if f.severity == "error"}
    assert places == {
        ("intake.formula_without_value", 2, "学生数"),
        ("intake.cell_error", 3, "学生数"),
    }
    computed = edited(
        path,
        SHEET,
        lambda c: c.replace(b"<v></v>", b"<v>270</v>").replace(b"<v />", b"<v>270</v>"),
        tmp_path / "g.xlsx",
    )
    assert {f.row for f in look(made, computed).findings if f.severity == "error"} == {3}


def test_formulas_in_columns_nobody_reads_do_no_harm(tmp_path: Path) -> None:
    made = filled(tmp_path)
    rows = [[*ENROLMENT[0], "校内排名"], *([*row, "=1+1"] for row in ENROLMENT[1:])]
    assert codes(look(made, xlsx(tmp_path / "f.xlsx", {"在校生": rows}))) == []


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        (0, "2.19901E+09", "identifier_is_number"),
        (0, "2199000099", "unknown_reference"),
        (0, None, "required_empty"),
        (1, "去年", "not_a_number"),
        (1, "25", "too_small"),
        (2, "高四", "unknown_code"),
        (3, "-12", "negative"),
        (3, "12.5", "fractional"),
        (3, "许多", "not_a_number"),
        (3, "99999999", "too_large"),
        (3, "1e400", "not_a_number"),
        (3, "NaN", "required_empty"),
    ],
)
def test_bad_cells(tmp_path: Path, column: int, value: str | None, code: str) -> None:
    made = filled(tmp_path)
    rows = [list(row) for row in ENROLMENT]
    rows[2][column] = value
    found = look(made, xlsx(tmp_path / "x.xlsx", {"在校生": rows}))
    faults = [f for f in found.findings if f.severity == "error"]
    assert [(f.code, f.row, f.column, f.sheet) for f in faults] == [
        (f"intake.{code}", 3, ENROLMENT[0][column], "在校生")
    ]
    assert sentences(found)
    with pytest.raises(BadData):
        found.commit(at=NOW)
    assert "enrolment" not in made.tables()


def test_long_identifiers_stored_as_numbers(tmp_path: Path) -> None:
    made = workspace(tmp_path)
    rows = [list(row) for row in SCHOOLS]
    rows[1][0] = 2199000001123456789
    rows[1][3] = rows[2][3] = "990101"
    path = xlsx(tmp_path / "s.xlsx", {"学校": rows})
    assert codes(look(made, path)) == ["digits_lost"]


def test_duplicate_keys_and_repeated_rows(tmp_path: Path) -> None:
    made = filled(tmp_path)
    rows = [*ENROLMENT, ENROLMENT[1], [*ENROLMENT[2][:3], "999", "20"]]
    found = look(made, xlsx(tmp_path / "d.xlsx", {"在校生": rows}))
    assert sorted((f.code, f.row) for f in found.findings if f.severity == "error") == [
        ("intake.duplicate_key", 3), ("intake.duplicate_key", 6), ("intake.duplicate_row", 5),
    ]  # fmt: skip


def test_tenfold_jump_is_doubted_not_refused(tmp_path: Path) -> None:
    made = filled(tmp_path)
    rows = [list(row) for row in ENROLMENT]
    rows[2][3:] = ["2700", "60"]
    found = look(made, xlsx(tmp_path / "j.xlsx", {"在校生": rows}))
    assert codes(found) == [] and codes(found, "warning") == ["jump"]


def test_every_fault_of_every_file_at_once(tmp_path: Path, good: Path) -> None:
    made = filled(tmp_path)
    bad = csv_file(tmp_path / "b.csv", [ENROLMENT[0], ["2199000001", "2023", "一年级", "-5", "x"]])
    torn = tmp_path / "torn.xlsx"
    torn.write_bytes(b"PK\x03\x04")
    found = look(made, good, bad, torn, tmp_path / "none.csv")
    assert codes(found) == ["file_damaged", "file_missing", "negative", "not_a_number"]


def test_a_parquet_of_odd_types(tmp_path: Path) -> None:
    made = filled(tmp_path)
    buffer = io.BytesIO()
    pl.DataFrame(
        {
            "school_id": ["2199000001"],
            "year": [2024.0],
            "grade": ["G01"],
            "pupils": [270],
            "odd": [None],
            "raw": [b"\x00\xff"],
        }
    ).write_parquet(buffer)
    path = tmp_path / "e.parquet"
    path.write_bytes(buffer.getvalue())
    found = look(made, path)
    assert codes(found) == []
    assert found.tables["enrolment"].row(0)[:4] == ("2199000001", 2024, "G01", 270)
