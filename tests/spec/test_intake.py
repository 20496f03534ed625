"""数据导入手册：the manual of the intake, told by the commands an official types. Read it from the top."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import openpyxl
import pytest
from tests.unit.data.workbooks import AREAS, ENROLMENT, SCHOOLS, csv_file, xlsx

from junheng.cli import main
from junheng.data import Workspace

JUNHENG = [sys.executable, "-c", "from junheng.cli import main; main()"]


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code, answers and complaints."""

    returncode: int
    stdout: str
    stderr: str


def junheng(*words: str | Path, language: str = "zh") -> Done:
    """Type a command; runs in this process, which is quicker, through the same door."""
    answers, complaints, code = io.StringIO(), io.StringIO(), 0
    typed = {"JUNHENG_LANGUAGE": language, "JUNHENG_QUIET": "1", "COLUMNS": "200"}
    with (
        mock.patch.dict(os.environ, typed),
        mock.patch.object(sys, "argv", ["junheng", *map(str, words)]),
        redirect_stdout(answers),
        redirect_stderr(complaints),
    ):
        try:
            main()
        except SystemExit as left:
            code = int(left.code or 0)
    return Done(code, answers.getvalue(), complaints.getvalue())


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A county with areas and schools already imported, by the first two commands of the manual."""
    folder = tmp_path / "县"
    assert junheng("init", folder, "--code", "990101", "--name", "云州县").returncode == 0
    base = xlsx(tmp_path / "基础.xlsx", {"区域": AREAS, "学校": SCHOOLS})
    assert junheng("import", folder, base, "--commit", "--note", "基础数据").returncode == 0
    return folder


class TestTheTemplate:
    def test_is_written_with_one_command(self, tmp_path: Path) -> None:
        """`junheng template 模板.xlsx` writes a workbook with one sheet a table."""
        done = junheng("template", tmp_path / "模板.xlsx")
        assert done.returncode == 0
        assert "在校生" in openpyxl.load_workbook(tmp_path / "模板.xlsx").sheetnames

    def test_untouched_says_that_it_is_empty(self, county: Path, tmp_path: Path) -> None:
        """Importing it as it is: a sentence, exit code 3."""
        junheng("template", tmp_path / "模板.xlsx", "--table", "enrolment")
        done = junheng("import", county, tmp_path / "模板.xlsx")
        assert done.returncode == 3 and "尚未填写" in done.stderr


class TestAnImport:
    def test_is_a_preview_until_you_say_commit(self, county: Path, tmp_path: Path) -> None:
        """Without --commit: rows, new, changed, years; and nothing is stored."""
        file = csv_file(tmp_path / "在校生.csv", ENROLMENT, "gb18030")
        done = junheng("import", county, file)
        assert done.returncode == 0 and "--commit" in done.stdout and "2024–2025" in done.stdout
        assert "enrolment" not in Workspace.open(county).tables()

    def test_with_commit_makes_a_dated_version(self, county: Path, tmp_path: Path) -> None:
        file = csv_file(tmp_path / "在校生.csv", ENROLMENT)
        done = junheng("import", county, file, "--commit", "--note", "2025 学年初")
        assert done.returncode == 0 and "v0002" in done.stdout
        listed = junheng("versions", county).stdout
        assert "基础数据" in listed and "2025 学年初" in listed and "在校生.csv" in listed

    def test_can_be_undone(self, county: Path, tmp_path: Path) -> None:
        """`junheng restore WS v0001` goes back; the record of what was keeps growing."""
        junheng("import", county, csv_file(tmp_path / "在校生.csv", ENROLMENT), "--commit")
        assert junheng("restore", county, "v0001").returncode == 0
        workspace = Workspace.open(county)
        assert "enrolment" not in workspace.tables() and len(workspace.versions()) == 3

    def test_tells_every_fault_at_once_and_imports_nothing(self, county: Path, tmp_path: Path) -> None:
        """File, sheet, Excel row, column, what is wrong and how to mend it; exit code 3; the workbook
        back."""
        rows = [list(row) for row in ENROLMENT]
        rows[1][3], rows[2][2], rows[3][0] = "-270", "高四", "2199000009"
        file = xlsx(tmp_path / "在校生.xlsx", {"在校生": rows})
        done = junheng("import", county, file, "--commit")
        assert done.returncode == 3
        for words in (
            "第 2 行 · 学生数",
            "负数",
            "第 3 行 · 年级",
            "高四",
            "第 4 行 · 学校标识码",
            "2199000009",
        ):
            assert words in done.stderr
        marked = openpyxl.load_workbook(county / "returned" / "在校生-错误信息.xlsx")["在校生"]
        assert marked["F1"].value == "错误信息" and "负数" in marked["F2"].value
        assert "enrolment" not in Workspace.open(county).tables()

    def test_speaks_english_too(self, county: Path, tmp_path: Path) -> None:
        rows = [ENROLMENT[0], [*ENROLMENT[1][:3], "-1", "6"]]
        done = junheng("import", county, csv_file(tmp_path / "e.csv", rows), language="en")
        assert "row 2" in done.stderr and "negative" in done.stderr

    def test_prints_a_few_and_counts_the_rest(self, county: Path, tmp_path: Path) -> None:
        rows = [ENROLMENT[0], *(["2199000001", str(y), "一年级", "-1", "6"] for y in range(1950, 2025))]
        done = junheng("import", county, csv_file(tmp_path / "e.csv", rows))
        assert done.returncode == 3 and len(done.stderr.splitlines()) < 40 and "错误 75 处" in done.stdout
        sheet = openpyxl.load_workbook(county / "returned" / "e-错误信息.xlsx").active
        assert sheet is not None and sum(cell.value is not None for cell in sheet["G"]) == 76


class TestATableOfAnotherShape:
    ROWS = (
        ["单位代码", "学年度", "一年级", "二年级"],
        ["2199000001", "2024-2025", "270", "261"],
        ["2199000002", "2024-2025", "35", "33"],
    )

    def test_is_refused_with_the_way_out(self, county: Path, tmp_path: Path) -> None:
        done = junheng("import", county, csv_file(tmp_path / "表.csv", self.ROWS))
        assert done.returncode == 3 and "--suggest-mapping" in done.stderr

    def test_comes_in_by_a_mapping_file_that_is_drafted_for_you(self, county: Path, tmp_path: Path) -> None:
        """`--suggest-mapping > 映射.toml`, put right what it could not know, then `--mapping 映射.toml`."""
        file = csv_file(tmp_path / "表.csv", self.ROWS)
        draft = junheng("import", county, file, "--suggest-mapping")
        assert draft.returncode == 0 and 'label = "range"' in draft.stdout
        text = draft.stdout
        if 'school_id = "单位代码"' not in text:
            assert "# school_id" in text
            text = text.replace("[source.columns]", '[source.columns]\nschool_id = "单位代码"', 1)
        (tmp_path / "映射.toml").write_text(text, encoding="utf-8")
        done = junheng("import", county, file, "--mapping", tmp_path / "映射.toml", "--commit")
        assert done.returncode == 0, done.stdout + done.stderr
        assert Workspace.open(county).tables()["enrolment"]["pupils"].sum() == 599

    def test_a_wrong_mapping_file_lists_its_mistakes(self, county: Path, tmp_path: Path) -> None:
        (tmp_path / "m.toml").write_text('[[source]]\ntable = "pupil"\n', encoding="utf-8")
        done = junheng(
            "import", county, csv_file(tmp_path / "表.csv", self.ROWS), "--mapping", tmp_path / "m.toml"
        )
        assert done.returncode == 3 and "pupil" in done.stderr and "enrolment" in done.stderr


class TestSafety:
    def test_a_killed_import_leaves_the_old_state(self, county: Path, tmp_path: Path) -> None:
        """kill -9 at any moment: the tables are what they were, and the next import works."""
        many = [
            ["2199000001", str(year), grade, str(40 + year % 7), "2"]
            for year in range(1950, 2025)
            for grade in ("G01", "G02", "G03", "G04", "G05", "G06")
        ]
        file = csv_file(tmp_path / "很多.csv", [ENROLMENT[0], *many])
        before = Workspace.open(county).digests()
        known = set((county / "data").iterdir())
        for when in ("early", "a file appears", "a file appears"):
            command = [*JUNHENG, "import", str(county), str(file), "--commit"]
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if when == "early":
                time.sleep(0.3)
            while when != "early" and process.poll() is None and not set((county / "data").iterdir()) - known:
                time.sleep(0.0005)
            process.send_signal(signal.SIGKILL)
            process.wait()
            workspace = Workspace.open(county)
            if workspace.digests() != before:  # it was quicker: then the new state is whole
                assert workspace.tables()["enrolment"].height == len(many)
                junheng("restore", county, "v0001")
            assert Workspace.open(county).digests() == before
        assert junheng("import", county, file, "--commit").returncode == 0
        assert Workspace.open(county).tables()["enrolment"].height == len(many)

    def test_killed_between_writing_tables_and_the_manifest(self, county: Path, tmp_path: Path) -> None:
        """The very last moment: every table file is on disk, the step that makes them count is not taken."""
        file = csv_file(tmp_path / "在校生.csv", ENROLMENT)
        before = Workspace.open(county).digests()
        script = (
            "import os, signal, sys\n"
            "from junheng.data.versions import VersionStore\n"
            "VersionStore._append = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)\n"
            "from junheng.cli import main\n"
            "sys.argv = ['junheng', 'import', sys.argv[1], sys.argv[2], '--commit']\n"
            "main()\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, str(county), str(file)], capture_output=True, check=False
        )
        assert done.returncode == -signal.SIGKILL
        assert Workspace.open(county).digests() == before
        assert junheng("import", county, file, "--commit").returncode == 0

    def test_a_folder_that_is_no_workspace(self, tmp_path: Path) -> None:
        assert junheng("import", tmp_path, csv_file(tmp_path / "a.csv", ENROLMENT)).returncode == 6

    def test_check_lists_what_is_doubtful_in_the_workspace(self, county: Path, tmp_path: Path) -> None:
        rows = [list(row) for row in ENROLMENT]
        rows[2][3:] = ["2750", "60"]
        junheng("import", county, csv_file(tmp_path / "e.csv", rows), "--commit")
        done = junheng("check", county)
        assert done.returncode == 0 and "十倍" in done.stderr and "1 处提醒" in done.stdout
