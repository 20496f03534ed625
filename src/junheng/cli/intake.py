"""`junheng template, import, check, versions, restore`: the bureau's own tables in, in dated versions."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer

from junheng.cli import speech
from junheng.cli.arguments import Folder
from junheng.model.errors import BadData

if TYPE_CHECKING:
    from junheng.data.import_preview import Preview
    from junheng.model import Finding


def register(app: typer.Typer) -> None:
    """Add this room's commands to the root."""
    app.command("template", short_help="生成 Excel 填报模板。Write the Excel template.")(template)
    app.command("import", short_help="导入表格，先预览后确认。Import tables: preview, then commit.")(
        import_files
    )
    app.command("check", short_help="检查现有数据。Check the tables held.")(check)
    app.command("versions", short_help="列出各次导入的版本。List the versions, one an import.")(versions)
    app.command("restore", short_help="回到某个版本。Go back to a version.")(restore)


def template(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="要写的 .xlsx 文件。The .xlsx file to write.")],
    tables: Annotated[
        list[str] | None,
        typer.Option(
            "--table",
            metavar="TABLE",
            help="只要这张表（英文名，可重复）。Only this table; may repeat.",
            show_default=False,
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="全部输入表。Every input table.")] = False,
    workspace: Annotated[
        Path | None,
        typer.Option(
            metavar="WS",
            help="从此工作区预填单位代码，须同时给出 --year。Fill in codes from this workspace; needs --year.",
            show_default=False,
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            min=1949, max=2100, metavar="YEAR", help="填报学年。School year to report.", show_default=False
        ),
    ] = None,
    school: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="只预填此学校（可重复）。Fill in this school only; may repeat.",
            show_default=False,
        ),
    ] = None,
    area: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="只预填此区域及其下（可重复）。Fill in this area and below only; may repeat.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """生成 Excel 填报模板：说明、示例、下拉选项齐备。

    Write the Excel template: instructions, examples and drop-downs, one sheet a table.
    """
    from junheng.data import Workspace
    from junheng.data.template import USUAL, prefilled, workbook
    from junheng.model import INPUTS

    if (workspace is None) != (year is None) or (workspace is None and (school or area)):
        raise typer.BadParameter(speech.sentence("intake.cli_template_needs", {}))
    chosen = list(INPUTS) if everything else (tables or list(USUAL))
    rows: dict[str, pl.DataFrame] = {}
    if workspace is not None and year is not None:
        opened = Workspace.open(workspace)
        areas = area or ([] if school else [opened.region.code])
        rows = prefilled(opened.tables(), opened.region, year, schools=school or (), areas=areas)
    _write(out, workbook(chosen, language=speech.language(), rows=rows))
    joint = "、" if speech.language() == "zh" else ", "
    speech.say("intake.cli_template_written", path=out, tables=joint.join(map(_table_name, chosen)))
    speech.answer(path=str(out), tables=chosen, rows={name: frame.height for name, frame in rows.items()})


def import_files(
    path: Folder,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="Excel、CSV、Parquet 或 GeoJSON 文件。Excel, CSV, Parquet or GeoJSON files.",
        ),
    ],
    mapping: Annotated[Path | None, typer.Option(metavar="TOML", help="映射文件。Mapping file.")] = None,
    sheet: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="只读名称相符的工作表，可用 *。Only sheets of this name; * is a wildcard."
        ),
    ] = "*",
    replace: Annotated[
        bool,
        typer.Option("--replace", help="整表替换而非按主键合并。Replace whole tables instead of merging."),
    ] = False,
    commit: Annotated[
        bool, typer.Option("--commit", help="确认导入；否则只预览。Import; otherwise only preview.")
    ] = False,
    note: Annotated[
        str,
        typer.Option(metavar="TEXT", help="写进版本记录的说明。A note for the version.", show_default=False),
    ] = "",
    marked: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="标红的文件写到此文件夹，默认为 WS/returned。Folder for marked workbooks; WS/returned by default.",
            show_default=False,
        ),
    ] = None,
    suggest_mapping: Annotated[
        bool,
        typer.Option(
            "--suggest-mapping", help="只起草映射文件并打印。Only draft a mapping file and print it."
        ),
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="把预览写进此文件夹：概要、样例、全部疑点、标红的文件。Write the preview into this folder.",
            show_default=False,
        ),
    ] = None,
    school: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="只许新增或改动此学校的行（可重复）。Only rows of this school may change; may repeat.",
            show_default=False,
        ),
    ] = None,
    area: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="只许新增或改动此区域及其下的行（可重复）。Only rows of this area and below; may repeat.",
            show_default=False,
        ),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(
            metavar="VERSION",
            help="预览时的版本（空工作区写 none）；已有更新的版本则不导入。The version previewed, or none; refused when a newer one exists.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """导入表格：先预览、一次列出全部错误；确认无误后加 --commit。

    Import tables: a preview with every fault at once; add --commit when it is right. Nothing is half
    imported.
    """
    from junheng.data import Workspace, mapping_file, preview
    from junheng.data.unit_limits import Limits

    if suggest_mapping:
        from junheng.data import mapping_suggest

        draft = mapping_suggest.draft(files)
        typer.echo(draft, nl=False)
        speech.answer(mapping=draft)
        return
    workspace = Workspace.open(path)
    rules = mapping_file.load(mapping) if mapping else None
    limits = Limits(frozenset(school or ()), frozenset(area or ())) if school or area else None
    with speech.progress() as step:
        found = preview(
            workspace,
            files,
            rules,
            sheet=sheet,
            mode="replace" if replace else "merge",
            progress=step,
            limits=limits,
        )
        if report is not None:
            from junheng.data import preview_report

            step("intake.cli_reporting")
            speech.answer(**preview_report.write(found, report, _say))
    _show(found)
    if report is not None and not commit:
        speech.say("intake.cli_report_written", path=report)
        return
    if found.errors:
        for original in files:
            _return_marked(found, original, marked)
        raise BadData("intake.commit_refused", {"count": found.errors}, found.findings)
    if not commit:
        speech.say("intake.cli_add_commit")
        return
    with speech.progress() as step:
        step("intake.cli_importing")
        version = found.commit(at=datetime.now(UTC), note=note, base=base)
    if found.boundaries is not None:
        speech.say("intake.cli_boundaries_kept", count=len(found.boundaries["features"]))
    if version is not None:
        speech.say("intake.cli_imported", version=version.id)
    speech.answer(version=version.id if version else None, tables=[asdict(count) for count in found.counts])


def check(path: Folder) -> None:
    """检查工作区现有数据，列出全部疑点。

    Check the tables the workspace holds and list every doubt.
    """
    from junheng.data import Workspace, check_tables

    workspace = Workspace.open(path)
    with speech.progress() as step:
        step("intake.step_checking")
        tables = workspace.tables()
        found = check_tables(tables, workspace.region)
    if not tables:
        raise BadData("cli.workspace_empty", {"path": path})
    speech.table(
        speech.sentence("intake.cli_tables_held", {"name": workspace.region.name}),
        _headings("table", "rows", "years"),
        [(_table_name(name), frame.height, _years(frame)) for name, frame in tables.items()],
    )
    speech.findings(found)
    if wrong := [finding for finding in found if finding.severity == "error"]:
        raise BadData("intake.cli_check_failed", {"count": len(wrong)})
    warnings = sum(finding.severity == "warning" for finding in found)
    speech.say("intake.cli_check_passed", warnings=warnings)
    speech.answer(warnings=warnings, tables=[{"table": n, "rows": f.height} for n, f in tables.items()])


def versions(path: Folder) -> None:
    """列出各次导入的版本。List the dated versions, one for each import."""
    from junheng.data import Workspace

    held = Workspace.open(path).versions()
    speech.answer(versions=[{"id": v.id, "at": v.at, "note": v.note, "restores": v.restores} for v in held])
    rows = [
        (
            v.id,
            _local(v.at),
            v.note or v.restores,
            sum(t.rows for t in v.tables.values()),
            "、".join(name for name, _ in v.sources),
        )
        for v in held
    ]
    if not rows:
        speech.say("intake.cli_no_versions")
        return
    speech.table("", _headings("version", "at", "note", "rows", "files"), rows)


def restore(
    path: Folder,
    version: Annotated[
        str,
        typer.Argument(
            metavar="VERSION", help="版本号，见 versions 命令。Version, as the command versions lists it."
        ),
    ],
) -> None:
    """回到某个版本（不删除任何记录）。Go back to a version; nothing is deleted."""
    from junheng.data import Workspace

    made = Workspace.open(path).restore(version, at=datetime.now(UTC))
    speech.say("intake.cli_restored", version=made.id, old=version)
    speech.answer(version=made.id)


def _show(found: Preview) -> None:
    rows = [
        (_table_name(c.table), c.rows, c.new, c.changed, c.unchanged, _span(c.first_year, c.last_year))
        for c in found.counts
    ]
    if rows:
        title = speech.sentence("intake.cli_preview", {})
        speech.table(title, _headings("table", "rows", "new", "changed", "unchanged", "years"), rows)
    for file, sheet, headings in found.unused:
        place = f"{file} {sheet}".strip()
        speech.say(
            "intake.cli_unused",
            place=place,
            count=len(headings),
            headings="、".join(headings[:12]) + ("…" if len(headings) > 12 else ""),
        )
    if not found.errors:  # else the refusal lists them
        speech.findings(found.findings)
    severities = found.faults["severity"].value_counts().iter_rows()
    counts: dict[str, int] = {str(name): int(number) for name, number in severities}
    speech.say(
        "intake.cli_fault_counts",
        errors=counts.get("error", 0),
        warnings=counts.get("warning", 0),
        notes=counts.get("note", 0),
    )


def _return_marked(found: Preview, original: Path, folder: Path | None) -> None:
    """Write the marked workbook into the workspace (or `folder`), never where the original lies; say so, or why not."""
    mine = found.faults.filter(
        (found.faults["file"] == original.name) & (found.faults["severity"] == "error")
    )
    if mine.is_empty() or mine["row"].null_count() == mine.height:
        return
    target = folder or found.workspace.path / "returned"
    target.mkdir(parents=True, exist_ok=True)
    out = target / f"{original.name.split('.')[0]}-错误信息.xlsx"
    try:
        _write(out, found.marked(original, _say))
    except (BadData, OSError):
        speech.complain("intake.cli_marked_failed", path=out)
        return
    speech.say("intake.cli_marked", path=out)


def _say(finding: Finding) -> str:
    return speech.sentence(finding.code, {"value": finding.value, **finding.parameters})


def _write(path: Path, content: bytes) -> None:
    from junheng.data import atomic

    atomic.write_bytes(path, content)


def _table_name(name: str) -> str:
    from junheng.model import INPUTS

    return INPUTS[name].zh if speech.language() == "zh" else INPUTS[name].en


def _headings(*names: str) -> list[str]:
    return [speech.sentence(f"intake.cli_heading_{name}", {}) for name in names]


def _local(at: str) -> str:
    """A stored moment in the clock of whoever reads it."""
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")


def _years(frame: Any) -> str:
    if "year" not in frame.columns or not frame.height:
        return ""
    return _span(frame["year"].min(), frame["year"].max())


def _span(first: int | None, last: int | None) -> str:
    if first is None:
        return ""
    return str(first) if first == last else f"{first}–{last}"
