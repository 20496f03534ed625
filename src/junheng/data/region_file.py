"""`region.toml`: what a region says about itself, read and written."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from junheng.data.atomic import write_bytes
from junheng.model.errors import BadData, WorkspaceError
from junheng.model.reason import Finding
from junheng.model.region import Region
from junheng.model.stages import SCHOOL_SYSTEMS

NAME = "region.toml"
_TEXTS = ("name", "name_en", "bureau", "school_system", "map_approval")


def read(path: Path) -> Region:
    """The region in `path`; WorkspaceError when it is missing or no TOML, BadData with every fault."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise WorkspaceError("region_missing", {"path": str(path)}) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WorkspaceError("region_unreadable", {"path": str(path), "detail": str(error)}) from error
    return from_mapping(content, str(path))


def from_mapping(content: dict[str, Any], where: str = NAME) -> Region:
    """A region from parsed TOML. BadData lists every fault: unknown names, wrong types, a wrong code."""
    faults: list[Finding] = []

    def fault(code: str, column: str, value: object) -> None:
        faults.append(
            Finding(
                code,
                "error",
                file=where,
                column=column,
                value=str(value),
                parameters={"name": column, "value": str(value)},
            )
        )

    known = {"code", *_TEXTS, "synthetic", "assumptions", "above"}
    for name in content.keys() - known:
        fault("region_unknown_name", name, content[name])
    code = content.get("code")
    if not isinstance(code, str) or not re.fullmatch(r"\d{2}|\d{4}|\d{6}|\d{9}", code):
        fault("region_code", "code", code)
    if not isinstance(content.get("name"), str) or not content["name"].strip():
        fault("region_text", "name", content.get("name"))
    for name in _TEXTS[1:]:
        if not isinstance(content.get(name, ""), str):
            fault("region_text", name, content[name])
    if content.get("school_system", "63") not in SCHOOL_SYSTEMS:
        fault("region_system", "school_system", content.get("school_system"))
    if not isinstance(content.get("synthetic", False), bool):
        fault("region_flag", "synthetic", content["synthetic"])
    assumptions = content.get("assumptions", {})
    if not isinstance(assumptions, dict):
        fault("region_number", "assumptions", assumptions)
        assumptions = {}
    for name, value in assumptions.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            fault("region_number", f"assumptions.{name}", value)
    above = content.get("above", {})
    if not isinstance(above, dict):
        fault("region_above", "above", above)
        above = {}
    for name, value in above.items():
        if not isinstance(value, str) or name == code or not str(code).startswith(name):
            fault("region_above", f"above.{name}", value)
    if faults:
        raise BadData("region_faults", {"path": where, "count": len(faults)}, faults)
    return Region(
        code=str(code),
        name=content["name"].strip(),
        name_en=content.get("name_en", ""),
        bureau=content.get("bureau", ""),
        school_system=content.get("school_system", "63"),
        synthetic=content.get("synthetic", False),
        map_approval=content.get("map_approval", "").strip(),
        above=dict(sorted(above.items())),
        assumptions={name: float(value) for name, value in sorted(assumptions.items())},
    )


def write(path: Path, region: Region) -> None:
    """Write `region` to `path` in one step; comments of an earlier file are not kept."""
    write_bytes(path, to_text(region).encode())


def to_text(region: Region) -> str:
    """The region as TOML."""
    lines = [f"code = {_text(region.code)}"]
    lines += [f"{name} = {_text(getattr(region, name))}" for name in _TEXTS if getattr(region, name)]
    if region.synthetic:
        lines.append("synthetic = true")
    if region.above:
        lines += ["", "[above]", *(f"{_text(code)} = {_text(name)}" for code, name in region.above.items())]
    if region.assumptions:
        lines += ["", "[assumptions]"]
        lines += [f"{_text(name)} = {float(value)!r}" for name, value in sorted(region.assumptions.items())]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    # a JSON string is a TOML basic string, but for DEL, which TOML wants escaped
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
