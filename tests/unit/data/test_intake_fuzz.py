"""Fuzz of the intake: whatever the bytes, a report in words or rows; never another exception, nothing
stored."""

from __future__ import annotations

import random
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.data.workbooks import ENROLMENT, SCHOOLS, csv_file, edited, look, sentences, workspace, xlsx

from junheng.data import Workspace, longtable
from junheng.model.errors import BadData

SHEET = "xl/worksheets/sheet1.xml"


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), cut=st.booleans())
def test_fuzz_of_torn_workbooks(tmp_path: Path, seed: int, cut: bool) -> None:
    """Bytes of a good workbook flipped or cut: a report or rows, never an exception of another kind."""
    good = tmp_path / "good.xlsx"
    if not good.exists():
        xlsx(good, {"在校生": ENROLMENT, "学校": SCHOOLS})
        workspace(tmp_path)
    made = Workspace.open(tmp_path / "ws")
    dice = random.Random(seed)
    content = bytearray(good.read_bytes())
    if cut:
        content = content[: dice.randrange(1, len(content))]
    for _ in range(dice.randrange(0 if cut else 1, 12)):
        content[dice.randrange(len(content))] = dice.randrange(256)
    path = tmp_path / "torn.xlsx"
    path.write_bytes(bytes(content))
    found = look(made, path)
    assert len(sentences(found)) == len(found.findings)
    assert made.versions() == []


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_fuzz_of_torn_xml(tmp_path: Path, seed: int) -> None:
    """The sheet's own XML broken inside a sound archive."""
    good = tmp_path / "good.xlsx"
    if not good.exists():
        xlsx(good, {"在校生": ENROLMENT})
        workspace(tmp_path)
    dice = random.Random(seed)

    def tear(content: bytes) -> bytes:
        torn = bytearray(content)
        for _ in range(dice.randrange(1, 8)):
            place = dice.randrange(len(torn))
            torn[place : place + dice.randrange(3)] = bytes(
                dice.choice(b'<>"/&;=1ArcvtsXFD9') for _ in range(dice.randrange(4))
            )
        return bytes(torn)

    path = edited(good, SHEET, tear, tmp_path / "torn.xlsx")
    found = look(Workspace.open(tmp_path / "ws"), path)
    assert len(sentences(found)) == len(found.findings)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=1, max_size=6),
        max_size=8,
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    headings=st.booleans(),
)
def test_fuzz_of_csv(tmp_path: Path, rows: list[list[str]], encoding: str, headings: bool) -> None:
    if not (tmp_path / "ws").exists():
        workspace(tmp_path)
    path = csv_file(tmp_path / "x.csv", [*([ENROLMENT[0]] if headings else []), *rows], encoding)
    found = look(Workspace.open(tmp_path / "ws"), path)
    assert len(sentences(found)) == len(found.findings)
    assert "enrolment" not in found.tables or found.errors or found.tables["enrolment"].height


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_fuzz_of_any_bytes(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(content)
    try:
        longtable.read(path)
    except BadData as error:
        assert error.findings or error.parameters
