"""Preview and commit: counts, merging, columns a file does not carry, all or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.data.workbooks import (
    AREAS,
    ENROLMENT,
    NOW,
    SCHOOLS,
    codes,
    csv_file,
    filled,
    look,
    workspace,
    xlsx,
)

from junheng.data import Workspace
from junheng.model.errors import BadData


def test_new_changed_unchanged(tmp_path: Path) -> None:
    made = filled(tmp_path)
    look(made, csv_file(tmp_path / "a.csv", ENROLMENT)).commit(at=NOW, note="首次")
    rows = [list(row) for row in ENROLMENT]
    rows[2][3] = "263"
    rows.append(["2199000002", "2025", "八年级", "99", "2"])
    found = look(made, csv_file(tmp_path / "b.csv", rows))
    (count,) = found.counts
    assert (count.rows, count.new, count.changed, count.unchanged) == (4, 1, 1, 2)
    assert (count.first_year, count.last_year) == (2024, 2025)
    version = found.commit(at=NOW)
    assert version is not None and version.sources[0][0] == "b.csv"
    assert made.tables()["enrolment"]["pupils"].to_list() == [270, 263, 101, 99]


def test_a_preview_changes_nothing(tmp_path: Path) -> None:
    made = filled(tmp_path)
    before = {p: p.read_bytes() for p in made.path.rglob("*") if p.is_file()}
    look(made, csv_file(tmp_path / "a.csv", ENROLMENT))
    assert {p: p.read_bytes() for p in made.path.rglob("*") if p.is_file()} == before


def test_columns_a_file_does_not_carry_stay_as_they_were(tmp_path: Path) -> None:
    made = filled(tmp_path)
    look(made, csv_file(tmp_path / "a.csv", ENROLMENT)).commit(at=NOW)
    look(
        made,
        csv_file(
            tmp_path / "b.csv",
            [["学校标识码", "学年", "年级", "学生数"], ["2199000001", "2025", "G01", "200"]],
        ),
    ).commit(at=NOW)
    row = made.tables()["enrolment"].filter(year=2025, school_id="2199000001").row(0, named=True)
    assert (row["pupils"], row["classes"]) == (200, 6)


def test_replace_puts_the_table_in_the_place_of_the_old(tmp_path: Path) -> None:
    made = filled(tmp_path)
    look(made, csv_file(tmp_path / "a.csv", ENROLMENT)).commit(at=NOW)
    look(made, csv_file(tmp_path / "b.csv", ENROLMENT[:2]), mode="replace").commit(at=NOW)
    assert made.tables()["enrolment"].height == 1


def test_replace_may_not_take_away_what_others_stand_on(tmp_path: Path) -> None:
    made = filled(tmp_path)
    look(made, csv_file(tmp_path / "a.csv", ENROLMENT)).commit(at=NOW)
    found = look(made, csv_file(tmp_path / "b.csv", SCHOOLS[:2]), mode="replace")
    assert set(codes(found)) == {"reference_lost"}


def test_references_within_one_import_and_to_the_workspace(tmp_path: Path) -> None:
    made = workspace(tmp_path)
    alone = look(made, csv_file(tmp_path / "e.csv", ENROLMENT))
    assert codes(alone) == ["reference_table_missing"]
    together = look(
        made,
        csv_file(tmp_path / "e.csv", ENROLMENT),
        xlsx(tmp_path / "s.xlsx", {"学校": SCHOOLS, "区域": AREAS}),
    )
    assert codes(together) == [] and list(together.tables) == ["areas", "schools", "enrolment"]


def test_doubts_of_old_rows_are_not_repeated(tmp_path: Path) -> None:
    made = filled(tmp_path)
    rows = [list(row) for row in ENROLMENT]
    rows[2][3] = "2799"
    look(made, csv_file(tmp_path / "a.csv", rows)).commit(at=NOW)
    found = look(
        made, csv_file(tmp_path / "b.csv", [ENROLMENT[0], ["2199000002", "2025", "八年级", "99", "2"]])
    )
    assert codes(found, "warning") == []


def test_nothing_is_imported_while_one_cell_is_wrong(tmp_path: Path) -> None:
    made = filled(tmp_path)
    rows = [*ENROLMENT, ["2199000002", "2025", "八年级", "-1", "2"]]
    found = look(made, csv_file(tmp_path / "a.csv", rows))
    with pytest.raises(BadData) as caught:
        found.commit(at=NOW)
    assert caught.value.findings and caught.value.exit_code == 3
    assert "enrolment" not in Workspace.open(made.path).tables()


def test_unused_headings_are_told(tmp_path: Path) -> None:
    rows = [[*ENROLMENT[0], "校长", "电话"], *([*row, "张三", "1"] for row in ENROLMENT[1:])]
    assert look(filled(tmp_path), csv_file(tmp_path / "a.csv", rows)).unused == (
        ("a.csv", "", ("校长", "电话")),
    )


def test_a_sheet_like_ours_but_for_a_column_says_which(tmp_path: Path) -> None:
    rows = [["学校标识码", "学年", "学生数"], ["2199000001", "2025", "3"]]
    found = look(filled(tmp_path), csv_file(tmp_path / "a.csv", rows))
    (fault,) = found.findings
    assert fault.code == "intake.columns_missing" and fault.parameters["missing"] == "年级"


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    file = csv_file(tmp_path / "a.csv", ENROLMENT)
    digests = []
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        made = filled(tmp_path / name)
        look(made, file).commit(at=NOW)
        digests.append((made.digests(), sorted(p.name for p in (made.path / "data").iterdir())))
    assert digests[0] == digests[1]
