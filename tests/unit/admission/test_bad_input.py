"""Every fault of three plain tables, at once, with its place and its sentence in both languages."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.unit.admission.tables import assign, write
from tests.unit.data.workbooks import xlsx

from junheng.admission import assign_market, read_market
from junheng.admission.messages import MESSAGES
from junheng.model.errors import BadData, Refused
from junheng.model.reason import Finding, Language, words

GOOD = {
    "programs": ["P1,1", "P2,2"],
    "applicants": ["A1,1", "A2,2", "A3,3"],
    "applications": ["A1,1,P1,1", "A1,2,P2,1", "A2,1,P1,1", "A3,1,P2,2"],
}
Change = dict[str, list[str]]

P, A, X = "programs", "applicants", "applications"
FAULTS: list[tuple[Change, str, str, int, str, str]] = [
    ({P: ["P1,1", "P2,2.5"]}, "not_whole", P, 3, "capacity", '"2.5" is not a whole number'),
    ({P: ["P1,1e1", "P2,2"]}, "not_whole", P, 2, "capacity", "no decimals"),
    ({P: ["P1,1", 'P2,"1,000"']}, "not_whole", P, 3, "capacity", '"1,000"'),
    ({P: ["P1,-1", "P2,2"]}, "too_small", P, 2, "capacity", '"-1" is below 0'),
    ({P: ["P1,", "P2,2"]}, "empty", P, 2, "capacity", "capacity is empty"),
    ({P: ["P1,1", "P2,3000000000"]}, "too_large", P, 3, "capacity", "above 2147483647"),
    ({P: ["P1,1", "P2,2", "P1,1"]}, "repeated_id", P, 4, "program_id", "stands in row 2"),
    ({P: ["P1,1", "P2,2", "Ｐ1,1"]}, "ids_collide", P, 4, "program_id", '"Ｐ1" and "P1" in row 2'),
    ({A: ["A1,1", "A2,2", "A3,0.5"]}, "not_whole", A, 4, "ticket", '"0.5"'),
    ({A: ["A1,1", "A2,2", "A3,3", "A2,9"]}, "repeated_id", A, 5, "applicant_id", "in row 3"),
    ({X: ["A1,1,P1,1", "AX,1,P1,1"]}, "unknown_id", X, 3, "applicant_id", '"AX"'),
    ({X: ["A1,1,P9,1"]}, "unknown_id", X, 2, "program_id", '"P9" is not in the table'),
    ({P: ["001,1"], X: ["A1,1,1,1"]}, "unknown_zeros", X, 2, "program_id", '"001" is'),
    ({X: ["A1,1,P1,1", "A1,2,P1,1"]}, "program_twice", X, 3, "program_id", '"P1" twice'),
    ({X: ["A1,1,P1,1", "A1,1,P2,1"]}, "rank_twice", X, 3, "rank", "rank 1 twice"),
    ({X: ["A1,1,P1,1", "A1,3,P2,1"]}, "rank_gap", X, 3, "rank", "2 is due, 3 stands"),
    ({X: ["A1,2,P1,1"]}, "rank_gap", X, 2, "rank", "1 is due, 2 stands"),
    ({X: ["A1,0,P1,1"]}, "too_small", X, 2, "rank", "below 1"),
    ({X: ["A1,1,P1,high"]}, "not_whole", X, 2, "priority", '"high"'),
    ({X: ["A1,1,P1,"]}, "empty", X, 2, "priority", "priority is empty"),
    ({X: [",1,P1,1"]}, "empty", X, 2, "applicant_id", "applicant_id is empty"),
    ({A: ["A1,5", "A2,5", "A3,3"]}, "undecided_tie", X, 4, "priority", "A2 and A1 (row 2)"),
]


def faults(tmp_path: Path, **tables: list[str]) -> tuple[Finding, ...]:
    with pytest.raises(BadData) as refused:
        assign(write(tmp_path, **{**GOOD, **tables}), "da")
    assert refused.value.code == "admission.bad_tables" and refused.value.exit_code == 3
    return refused.value.findings


def sentence(finding: Finding, language: Language = "en") -> str:
    return words(MESSAGES, finding.code, {"value": finding.value, **finding.parameters}, language)


@pytest.mark.parametrize(("change", "code", "file", "row", "column", "says"), FAULTS)
def test_a_fault_is_named_where_it_stands(
    tmp_path: Path, change: Change, code: str, file: str, row: int, column: str, says: str
) -> None:
    found = {
        (f.code, f.file, f.row, f.column): f for f in faults(tmp_path, **change) if f.severity == "error"
    }
    there = found[f"admission.{code}", f"{file}.csv", row, column]
    assert says in sentence(there)
    assert sentence(there, "zh") != sentence(there)


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        programs=["P1,x", "P2,-2", "P2,1"],
        applicants=["A1,1", "A1,2", "A3,"],
        applications=["A1,1,P1,1", "A1,1,P1,1", "A9,1,P1,", "A3,2,P9,1"],
    )
    errors = sorted((f.file[:-4], f.row, f.code.split(".")[1]) for f in found if f.severity == "error")
    assert errors == [
        ("applicants", 3, "repeated_id"),
        ("applicants", 4, "empty"),
        ("applications", 3, "program_twice"),
        ("applications", 3, "rank_twice"),
        ("applications", 4, "empty"),
        ("applications", 4, "unknown_id"),
        ("applications", 5, "rank_gap"),
        ("applications", 5, "unknown_id"),
        ("programs", 2, "not_whole"),
        ("programs", 3, "too_small"),
        ("programs", 4, "repeated_id"),
    ]


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    paths = write(tmp_path, **GOOD)
    paths[0].write_text("program_id,seats\nP1,1\n", encoding="utf-8")
    paths[2].write_text("applicant_id,rank,rank,program_id,priority\nA1,1,1,P1,1\n", encoding="utf-8")
    with pytest.raises(BadData) as refused:
        assign(paths, "da")
    said = [sentence(finding) for finding in refused.value.findings]
    assert said == [
        "The column rank stands twice.",
        "The column capacity is missing; the table has: program_id, seats.",
    ]


@pytest.mark.parametrize(
    ("mechanism", "bands", "code"),
    [
        ("parallel", (), "bands_needed"),
        ("da", (3,), "bands_unused"),
        ("parallel", (3, 0), "bands_wrong"),
        ("random", (), "mechanism_unknown"),
    ],
)
def test_bands_that_do_not_fit_are_refused(
    tmp_path: Path, mechanism: str, bands: tuple[int, ...], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        assign(write(tmp_path, **GOOD), mechanism, bands)  # type: ignore[arg-type]
    assert refused.value.code == f"admission.{code}"


def test_equal_tickets_are_fine_where_they_never_meet(tmp_path: Path) -> None:
    tables = {**GOOD, "applicants": ["A1,6", "A2,5", "A3,5"]}
    assert assign(write(tmp_path, **tables), "sd").summary()["assigned"] == 3


def test_ties_count_only_under_the_order_in_use(tmp_path: Path) -> None:
    """A1 and A3 share a ticket and P2: their priorities part them, a common order does not."""
    paths = write(tmp_path, **{**GOOD, "applicants": ["A1,5", "A2,6", "A3,5"]})
    assert assign(paths, "da").check() == ()
    with pytest.raises(BadData) as refused:
        assign(paths, "sd")
    [tie] = refused.value.findings
    assert (tie.code, tie.row, tie.parameters["other_row"]) == ("admission.undecided_tie", 5, 3)


def test_a_band_parts_equal_tickets(tmp_path: Path) -> None:
    tables = {
        **GOOD,
        "applicants": ["A1,5", "A2,6", "A3,5"],
        "applications": ["A1,1,P1,1", "A1,2,P2,1", "A3,1,P2,1"],
    }
    assert assign(write(tmp_path, **tables), "ia").check() == ()
    with pytest.raises(BadData):
        assign(write(tmp_path, **tables), "da")


def test_what_is_odd_but_legal(tmp_path: Path) -> None:
    """No seats, no applicants at a programme, no list, no application at all."""
    result = assign(
        write(tmp_path, programs=["P1,0", "P2,5"], applicants=["A1,1", "A2,2"], applications=["A1,1,P1,1"]),
        "da",
    )
    assert result.tables["assignment"].rows() == [("A1", None, None), ("A2", None, None)]
    assert [row["code"] for part in result.reasons() for row in part.to_dicts()] == ["NO_SEATS"]
    assert result.explain("A2", "en") == "No list was handed in."
    assert result.summary()["unassigned_without_list"] == 1
    empty = assign(write(tmp_path, programs=[], applicants=[], applications=[]), "ttc")
    assert empty.summary()["assigned"] == 0 and empty.check() == ()


def test_leading_zeros_and_full_width_are_read_as_they_are_meant(tmp_path: Path) -> None:
    result = assign(
        write(
            tmp_path,
            programs=["007,1", "7,1"],
            applicants=["００1,1", "1,2"],
            applications=["001,1,００７,1", "1,1,7,1"],
        ),
        "da",
    )
    assert result.tables["assignment"].rows() == [("001", "007", 1), ("1", "7", 1)]


def test_tickets_of_any_length_and_sign(tmp_path: Path) -> None:
    long = 10**60
    tables = {"programs": ["P,1"], "applications": ["a,1,P,1", "b,1,P,1", "c,1,P,1"]}
    result = assign(
        write(tmp_path, applicants=[f"a,{long + 1}", f"b,{long}", f"c,+{long + 2}"], **tables), "da"
    )
    assert result.tables["assignment"]["program_id"].to_list() == [None, "P", None]
    result = assign(write(tmp_path, applicants=["a,-1", "b,0", "c,-2"], **tables), "da")
    assert result.tables["assignment"]["program_id"].to_list() == [None, None, "P"]


def test_the_same_from_a_workbook_with_a_title(tmp_path: Path) -> None:
    paths = write(tmp_path, **GOOD)
    plain = assign(paths, "da").tables["assignment"]
    books: list[Path] = []
    for path in paths:
        heading, *rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
        typed = [[int(cell) if cell.isdigit() else cell for cell in row] for row in rows]
        books.append(xlsx(path.with_suffix(".xlsx"), {"表": [["2027 年", None], heading, *typed]}))
    assert assign(books, "da").tables["assignment"].equals(plain)


def test_an_unknown_applicant_is_not_explained(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        assign(write(tmp_path, **GOOD), "da").explain("nobody")
    assert refused.value.code == "admission.applicant_unknown"


@pytest.mark.parametrize("form", ["text", "numbers", "parquet"])
def test_the_same_from_frames_and_from_numbers_as_identifiers(tmp_path: Path, form: str) -> None:
    paths = write(
        tmp_path,
        programs=["70,1", "9,1"],
        applicants=["12,3", "3,-1", "205,2"],
        applications=["205,2,9,1", "12,1,70,0", "205,1,70,4", "3,1,9,1"],
    )
    plain = assign(paths, "da")
    frames = [pl.read_csv(path, infer_schema=form != "text") for path in paths]
    given: list[Path | pl.DataFrame] = [*frames]
    if form == "parquet":
        given = [path.with_suffix(".parquet") for path in paths]
        for path, frame in zip(paths, frames, strict=True):
            frame.write_parquet(path.with_suffix(".parquet"))
    market = read_market(*given).market
    assert assign_market(market, "da").tables["assignment"].equals(plain.tables["assignment"])
    assert market.ticket.to_list() == ["-1", "2", "3"]


def test_faults_of_frames_have_their_rows(tmp_path: Path) -> None:
    """Numbers that are unknown, missing or twice, in columns of numbers."""
    programs = pl.DataFrame({"program_id": [1, 2], "capacity": [1, -1]})
    applicants = pl.DataFrame({"applicant_id": [5, 6, 6], "ticket": [1, 2, 3]})
    applications = pl.DataFrame(
        {
            "applicant_id": [5, 5, 7, None],
            "rank": [1, 3, 1, 1],
            "program_id": [1, 9, 2, 2],
            "priority": [1, None, 1, 1],
        }
    )
    with pytest.raises(BadData) as refused:
        read_market(programs, applicants, applications)
    assert [(f.file, f.row, f.code.split(".")[1], f.value) for f in refused.value.findings] == [
        ("applicants", 4, "repeated_id", "6"),
        ("applications", 3, "empty", ""),
        ("applications", 3, "unknown_id", "9"),
        ("applications", 3, "rank_gap", "3"),
        ("applications", 4, "unknown_id", "7"),
        ("applications", 5, "empty", ""),
        ("programs", 3, "too_small", "-1"),
    ]
