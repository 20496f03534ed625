"""`junheng run`, `junheng runs` and `junheng verify`: the annual run, stored and recomputed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from junheng.cli import admission_verify, scenarios, speech
from junheng.cli.arguments import Draws, Folder, Origin, Seed, Years
from junheng.model.errors import BadData, VerificationFailed

if TYPE_CHECKING:
    from junheng.data import Workspace
    from junheng.data.runs import Record, Run
    from junheng.rules import RuleBook
    from junheng.year import Options, PastRun, YearResult

VERB = "year"
FILES = ("report.html", "report.pdf", "report.docx", "tables.xlsx")


def register(app: typer.Typer) -> None:
    """Add this room's commands to the root."""
    app.command("run", short_help="年度运行：检查、预测、学位、报告。The annual run and its report.")(run)
    app.command("runs", short_help="列出已保存的运行。List stored runs.")(list_runs)
    app.command("verify", short_help="核验：重算一次运行并比对。Recompute a stored run.")(verify)


def run(
    path: Folder,
    origin: Origin = None,
    years: Years = 15,
    draws: Draws = 1000,
    seed: Seed = 1,
    public: Annotated[
        bool, typer.Option("--public", help="公开版：保护小数目。Public form: small counts protected.")
    ] = False,
) -> None:
    """年度运行：检查、预测、学位、报告，一次完成。

    The annual run: check, forecast, seats and report in one go.
    """
    from junheng import rules
    from junheng.data import Workspace, runs
    from junheng.year import Options

    workspace = Workspace.open(path)
    if not workspace.tables():
        raise BadData("cli.workspace_empty", {"path": path})
    book = rules.load(*workspace.rule_folders())
    options = Options(origin_year=origin, years=years, draws=draws, seed=seed)
    with speech.progress() as step:
        past = past_runs(workspace)
        result = _compute(workspace, None, book, options, past, step)
        if failed := result.check():
            raise VerificationFailed("cli.checks_failed", {"checks": "; ".join(failed)})
        inputs = workspace.digests()
        record = runs.record(
            VERB,
            workspace.region,
            inputs,
            result.rules_digest,
            {
                **asdict(options),
                "origin_year": result.origin_year,
                "past": [one.run_id for one in past if one.origin_year < (result.origin_year or 0)],
                "audience": "public" if public else "bureau",
                "language": speech.language(),
            },
            seed,
            result.tables,
        )
        step("cli.reporting")
        files = _write_report(workspace, record, result, public=public)
        step("cli.saving")
        saved = runs.save(workspace, record, result.tables, files)
    _announce(result, saved)


def list_runs(path: Folder) -> None:
    """列出已保存的运行。List stored runs."""
    from junheng.data import Workspace, runs

    workspace = Workspace.open(path)
    stored = runs.list_runs(workspace)
    speech.answer(
        runs=[
            {
                "run": one.id,
                "verb": one.record.verb,
                "scenario": one.record.options.get("scenario"),
                "origin_year": one.record.options.get("origin_year"),
            }
            for one in stored
        ]
    )
    if not stored:
        speech.say("cli.no_runs", path=path)
        return
    heading = speech.sentence("cli.runs_headings", {}).split("|")
    rows = [
        [
            one.id,
            one.record.options.get("scenario"),
            one.record.options.get("origin_year"),
            one.record.seed,
            one.record.software,
            one.path,
        ]
        for one in stored
    ]
    speech.table("", heading, rows)


def verify(
    run_path: Annotated[
        Path,
        typer.Argument(
            metavar="RUN",
            help="运行文件夹 WS/runs/编号，或招生方案的文件夹 WS/admission/编号。"
            "Folder of the run, WS/runs/ID, or of an admission plan, WS/admission/ID.",
        ),
    ],
) -> None:
    """核验：按记录重新计算一次运行并逐表比对。

    Recompute a stored run from its record and compare every table.
    """
    if admission_verify.is_folder(run_path):
        admission_verify.verify_folder(run_path)
        return
    from junheng import rules
    from junheng.data import Workspace, runs
    from junheng.data.digest import frame_digest
    from junheng.year import Options

    workspace = Workspace.open(run_path.resolve().parent.parent)
    stored = runs.load(workspace, str(run_path))
    record = stored.record
    tables = stored.tables()
    if changed := stored.changed_files():
        raise VerificationFailed("cli.files_changed", {"run": stored.id, "files": ", ".join(changed)})
    if admission_verify.is_run(record):
        admission_verify.verify_run(workspace, stored)
        return
    book = rules.load(*workspace.rule_folders())
    if book.digest() != record.rules:
        raise VerificationFailed(
            "cli.rules_changed",
            {
                "run": stored.id,
                "then": record.rules[:12],
                "now": book.digest()[:12],
                "software": record.software,
            },
        )
    version = _version_of(workspace, record)
    if record.verb == scenarios.VERB:
        again = scenarios.recompute(workspace, version, book, record, tables["scenario_levers"])
    else:
        chosen = {name: record.options[name] for name in ("origin_year", "years", "draws", "seed")}
        with speech.progress() as step:
            past = past_runs(workspace, record.options["past"])
            again = _compute(workspace, version, book, Options(**chosen), past, step).tables
    now = {name: frame_digest(frame) for name, frame in again.items()}
    if differing := sorted(
        name for name in now | dict(record.outputs) if now.get(name) != record.outputs.get(name)
    ):
        raise VerificationFailed("cli.differs", {"run": stored.id, "tables": ", ".join(differing)})
    speech.say("cli.verified", run=stored.id, count=len(now))
    speech.answer(run=stored.id, tables=len(now))


def _compute(
    workspace: Workspace,
    version: str | None,
    book: RuleBook,
    options: Options,
    past: Sequence[PastRun],
    step: speech.Steps,
) -> YearResult:
    from junheng import year

    return year.run(workspace.tables(version), book, workspace.region, options, past=past, progress=step)


def _version_of(workspace: Workspace, record: Record) -> str:
    beside = ("boundaries", scenarios.LEVERS)  # inputs that are no table of a version
    tables = {name: digest for name, digest in record.inputs.items() if name not in beside}
    version = workspace.store.holding(tables)
    if version is None:
        raise VerificationFailed("cli.inputs_gone", {"run": record.id})
    return version.id


def past_runs(workspace: Workspace, ids: Sequence[str] | None = None) -> list[PastRun]:
    """Earlier annual runs whose tables can be held against later counts, in order of id."""
    from junheng.data import runs
    from junheng.year import PastRun

    found = [runs.load(workspace, run_id) for run_id in ids] if ids is not None else runs.list_runs(workspace)
    past: list[PastRun] = []
    for one in sorted(found, key=lambda stored: stored.id):
        if one.record.verb != VERB or "forecast_enrolment" not in one.record.outputs:
            continue
        tables = one.tables()
        origin = int(tables["forecast_enrolment"]["year"].min()) - 1  # type: ignore[arg-type]
        past.append(PastRun(one.id, origin, tables["forecast_enrolment"], tables["seat_warnings"]))
    return past


def _write_report(
    workspace: Workspace, record: Record, result: YearResult, *, public: bool
) -> Mapping[str, bytes]:
    from junheng import report

    inputs = report.ReportInput.of_year(
        result, workspace.tables(), boundaries=workspace.boundaries(), run=_provenance(record)
    )
    form: Any = {"language": speech.language(), "audience": "public" if public else "bureau"}
    return {
        report.BASIS: report.basis(inputs),
        "report.html": report.html(inputs, **form).encode(),
        "report.docx": report.docx(inputs, **form),
        "report.pdf": report.pdf(inputs, **form),
        "tables.xlsx": report.workbook(inputs, **form),
    }


def _provenance(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "seed": record.seed,
        "software": record.software,
        "inputs": dict(record.inputs),
    }


def _announce(result: YearResult, saved: Run) -> None:
    skipped = [step for step in result.steps if step.status == "skipped"]
    for step in skipped:
        name = speech.sentence(f"cli.step_{step.name}", {})
        speech.say("cli.skipped", step=name, reason=speech.sentence(step.code, step.parameters))
    speech.findings([finding for finding in result.findings if finding.severity != "note"])
    levels = result.tables["seat_warnings"]["level"].to_list() if "seat_warnings" in result.tables else []
    counts = {name: levels.count(name) for name in ("red", "orange", "yellow")}
    if "seat_warnings" in result.tables:
        speech.say("cli.run_headline", **counts)
    speech.say("cli.run_saved", run=saved.id)
    for name in FILES:
        speech.say("cli.report_at", path=saved.path / name)
    speech.answer(
        run=saved.id,
        origin_year=result.origin_year,
        warnings=counts,
        skipped=[step.name for step in skipped],
    )
