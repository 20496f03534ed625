"""Small files of every kind for the intake's tests."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl

from junheng.data import Workspace, preview
from junheng.data.import_preview import Preview
from junheng.data.mapping_file import parse
from junheng.data.messages import MESSAGES
from junheng.model import Region, words

NOW = datetime(2025, 9, 10, tzinfo=UTC)
REGION = Region("990101", "云州县")

AREAS = [
    ["区域代码", "名称", "层级"],
    ["990101001", "城关街道", "街道、镇、乡"],
    ["990101002", "东河镇", "town"],
]
SCHOOLS = [
    ["学校标识码", "学校名称", "办学类型", "所在区域"],
    ["2199000001", "城关第一小学", "小学", "990101001"],
    ["2199000002", "东河九年一贯制学校", "九年一贯制学校", "990101002"],
]
ENROLMENT = [
    ["学校标识码", "学年", "年级", "学生数", "班数"],
    ["2199000001", "2024", "一年级", "270", "6"],
    ["2199000001", "2025", "一年级", "262", "6"],
    ["2199000002", "2025", "七年级", "101", "2"],
]


def workspace(folder: Path, region: Region = REGION) -> Workspace:
    """An empty workspace."""
    return Workspace.create(folder / "ws", region)


def filled(folder: Path) -> Workspace:
    """A workspace with two areas and two schools."""
    made = workspace(folder)
    found = look(made, xlsx(folder / "base.xlsx", {"区域": AREAS, "学校": SCHOOLS}))
    found.commit(at=NOW)
    return made


def xlsx(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    merged: Mapping[str, Sequence[str]] | None = None,
) -> Path:
    """A workbook from rows of cells; `merged` lists ranges by sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in (merged or {}).get(name, ()):
            sheet.merge_cells(area)
    book.save(path)
    return path


def csv_file(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8") -> Path:
    """A comma-separated file."""
    path.write_bytes("\n".join(",".join(str(c) for c in row) for row in rows).encode(encoding))
    return path


def look(made: Workspace, *files: Path, mapping: str = "", **options: Any) -> Preview:
    """Preview of files, with a mapping given as TOML text."""
    return preview(made, list(files), parse(tomllib.loads(mapping)) if mapping else None, **options)


def codes(found: Preview, severity: str = "error") -> list[str]:
    """Codes of the faults of one severity, sorted."""
    return sorted(f.code.removeprefix("intake.") for f in found.findings if f.severity == severity)


def sentences(found: Preview, language: Any = "zh") -> list[str]:
    """Every finding in words: proves that each code is worded and each parameter given."""
    return [words(MESSAGES, f.code, {"value": f.value, **f.parameters}, language) for f in found.findings]


def edited(path: Path, part: str, change: Any, out: Path) -> Path:
    """A copy of a workbook with one of its parts changed (bytes -> bytes)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    out.write_bytes(buffer.getvalue())
    return out
