"""`junheng admission explain`, `chances` and `compare`: questions about a plan, before the day and after."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from junheng.cli import admission_case, speech
from junheng.cli.admission_case import PlanId, TablesOut, TrialSeed
from junheng.cli.arguments import Draws, Folder, Seed
from junheng.model.errors import Refused

if TYPE_CHECKING:
    import polars as pl

    from junheng.admission import PlanComparison
    from junheng.data import Workspace
    from junheng.report.admission.worked_plan import Case
    from junheng.rules import AdmissionPlan

CHOICES, TICKET = "choices", "ticket"


class OtherMechanism(StrEnum):
    """Mechanisms of lists to hold beside the plan's."""

    deferred_acceptance = "deferred_acceptance"
    immediate_acceptance = "immediate_acceptance"
    parallel = "parallel"
    serial_dictatorship = "serial_dictatorship"


def explain(
    workspace: Folder,
    plan: PlanId,
    applicant: Annotated[str, typer.Argument(metavar="APPLICANT", help="报名编号。Id of the child.")],
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            metavar="FACT=VALUE",
            help="假如：某条件=值，或 choices=项目,项目（多批次写 choices:批次=…），或 ticket=名次；可写多次，其他人不变。"
            "Suppose: a fact, a list of choices, or a place in the draw; may be repeated, others unchanged.",
            show_default=False,
        ),
    ] = None,
    trial: TrialSeed = None,
) -> None:
    """逐条说明一名儿童的结果：身份、每个志愿为何录取或未录取、怎样才够。

    派位前没有结果，用 --trial 看试算。

    Explain how a child ended: identity, every choice with the numbers that decided, and what would have been
    enough. Before the draw there is no result; --trial explains a trial.
    """
    supposed = _supposed(what_if or ())
    with speech.progress() as step:
        step("admission_cli.reading")
        _, case, book = admission_case.opened(workspace, plan)
        step("admission_cli.assigning")
        result = admission_case.result_of(case, book, trial)
        step("admission_cli.explaining")
        text = result.explain(applicant, speech.language())
        supposing = result.explain(applicant, speech.language(), what_if=supposed) if supposed else ""
        enough = [] if supposed else result.enough(applicant, speech.language())
    admission_case.mark_trial(trial)
    lines = speech.console()
    lines.print(_with_names(case, text), markup=False)
    if supposing:
        speech.say("admission_cli.supposing", what=", ".join(what_if or ()))
        lines.print(_with_names(case, supposing.partition("\n")[2]), markup=False)
    if enough:
        speech.say("admission_cli.enough")
        for one in enough:
            lines.print(f"  {_with_names(case, one)}", markup=False)
    speech.answer(
        plan=plan,
        applicant=applicant,
        trial=trial is not None,
        explanation=text.split("\n"),
        supposing=supposing.split("\n") if supposing else [],
        enough=enough,
    )


def _with_names(case: Case, text: str) -> str:
    """Ids of programmes and schools followed by the name of the school."""
    names = admission_case.school_names(case)
    programs = case.tables["admission_programs"].select("program_id", "school_id", "track").rows()
    known = {
        one: names[school] + (f" {track}" if track else "")
        for one, school, track in programs
        if school in names
    }
    known = names | known
    if not known:
        return text
    ids = "|".join(re.escape(one) for one in sorted(known, key=len, reverse=True))
    return re.sub(rf"(?<![\w-])(?:{ids})(?![\w-])", lambda met: f"{known[met[0]]} [{met[0]}]", text)


def _supposed(given: Sequence[str]) -> dict[str, Any]:
    """What is supposed, as `PlanResult.explain` takes it. Refused `admission_cli.what_if_form`."""
    found: dict[str, Any] = {}
    for one in given:
        name, sign, value = (part.strip() for part in one.replace("＝", "=").partition("="))
        named, _, batch = name.partition(":")
        if not sign or not name or (named != CHOICES and not value):
            raise Refused("admission_cli.what_if_form", {"value": one})
        if named == CHOICES:
            listed = [part.strip() for part in value.replace("，", ",").split(",") if part.strip()]
            found.setdefault("choices", {})[batch.strip() or "public"] = listed
        elif name == TICKET:
            if not value.isdecimal() or int(value) < 1:
                raise Refused("admission_cli.what_if_form", {"value": one})
            found["ticket"] = int(value)
        else:
            found.setdefault("facts", {})[name] = value
    return found


def chances(
    workspace: Folder,
    plan: PlanId,
    applicant: Annotated[
        str | None,
        typer.Option(metavar="ID", help="只看这名儿童。Only this child.", show_default=False),
    ] = None,
    draws: Draws = 1000,
    seed: Seed = 7,
    links: Annotated[
        bool,
        typer.Option(
            "--links",
            help="绑定家庭的两种结果：同样的抽签，绑定与不绑定各算一遍。Linked families: the same draws with and without the link.",
        ),
    ] = False,
    tables: TablesOut = None,
) -> None:
    """派位之前每名儿童被各校录取的机会：按声明的种子反复模拟，附区间，按成数表示。

    Chances before the draw, by repeated simulation with a declared seed, each with its interval.
    """
    import polars as pl

    from junheng import admission
    from junheng.report.admission.worked_plan import problem_of

    with speech.progress() as step:
        step("admission_cli.reading")
        _, case, book = admission_case.opened(workspace, plan)
        problem = problem_of(case, book)
        step("admission_cli.simulating", draws=draws)
        ask = admission.link_chances if links else admission.chances
        found = ask(problem, draws=draws, seed=seed)
    if applicant is not None:
        if applicant not in problem.standing["applicant_id"]:
            raise Refused("admission.applicant_unknown", {"applicant": applicant})
        found = found.filter(pl.col("applicant_id") == applicant)
    speech.say("admission_cli.chances_about", draws=draws, seed=seed)
    if links:
        admission_case.told("admission_cli.links", [_linked(one) for one in found.iter_rows(named=True)])
    elif applicant is not None:
        rows = [_chance(one) for one in found.sort("share", descending=True).iter_rows(named=True)]
        admission_case.told("admission_cli.chances", rows, applicant=applicant)
    else:
        _show_chances(case, found)
    admission_case.write_out(tables, {"link_chances" if links else "chances": found})
    speech.answer(
        plan=plan,
        draws=draws,
        seed=seed,
        applicants=found["applicant_id"].n_unique(),
        chances=found.to_dicts() if applicant is not None or links else [],
        out=str(tables) if tables else "",
    )


def _chance(one: dict[str, Any]) -> list[object]:
    program = one["program_id"] or speech.sentence("admission_cli.no_seat", {})
    return [program, f"{one['share']:.1%}", f"{one['low']:.1%}–{one['high']:.1%}", one["band_tenths"]]


def _linked(one: dict[str, Any]) -> list[object]:
    shares = ("together", "together_alone", "seated", "seated_alone", "better", "worse")
    return [one["family_id"], one["applicant_id"], *(f"{one[name]:.1%}" for name in shares)]


def _show_chances(case: Case, found: pl.DataFrame) -> None:
    """Children by how sure they are of any seat at all, over the tenths."""
    import polars as pl

    without = found.filter(pl.col("program_id") == "").select("applicant_id", risk="share")
    everybody = found.select("applicant_id").unique()
    risks = everybody.join(without, on="applicant_id", how="left").with_columns(pl.col("risk").fill_null(0.0))
    tenth = ((1.0 - pl.col("risk")) * 10).floor().clip(0, 10).cast(pl.Int64).alias("tenths")
    rows = risks.group_by(tenth).len("children").sort("tenths", descending=True)
    shown = [
        [speech.sentence("admission_cli.tenths", {"tenths": tenths}), children]
        for tenths, children in rows.iter_rows()
    ]
    admission_case.told("admission_cli.sure", shown)


def compare(
    workspace: Folder,
    plan: PlanId,
    mechanism: Annotated[
        OtherMechanism | None,
        typer.Option(
            "--with",
            help="同一批儿童、同样的随机号，换一种录取办法。Another mechanism, same children and tickets.",
            show_default=False,
        ),
    ] = None,
    other: Annotated[
        Path | None,
        typer.Option(
            "--with-plan",
            metavar="PLAN",
            help="换一份方案：文件，或工作区里方案的编号。Another plan: a file, or the id of one in the workspace.",
            show_default=False,
        ),
    ] = None,
    bands: Annotated[
        str | None,
        typer.Option(
            metavar="3,3,…", help="parallel 各志愿组的志愿数。Choices in each band.", show_default=False
        ),
    ] = None,
    trial: TrialSeed = None,
    tables: TablesOut = None,
) -> None:
    """比较两种办法：谁的去向会变（按身份和片区）、各志愿录取人数、未安排、合理异议、路程。随机号相同。

    已经派位的用真实随机号，否则用 --trial 声明的种子（默认 1）。

    Compare two ways on the same tickets: who goes elsewhere by class and zone, ranks, children unplaced,
    justified envy, metres. After the draw with its tickets, before it with a declared seed (1 by default).
    """
    from junheng import admission
    from junheng.report.admission import worked_plan

    if (mechanism is None) == (other is None):
        raise Refused("admission_cli.compare_one")
    with speech.progress() as step:
        step("admission_cli.reading")
        opened, case, book = admission_case.opened(workspace, plan)
        changed = (
            _with_mechanism(case.plan, mechanism, bands)
            if mechanism is not None
            else _other_plan(opened, case.plan, other)
        )
        if trial is None and not _drawn(case):
            trial = 1
        step("admission_cli.assigning")
        result = admission_case.result_of(case, book, trial)
        beside = admission.run_plan(worked_plan.problem_of(case, book, changed), result.tickets)
        step("admission_cli.comparing")
        found = result.compare(beside)
    admission_case.mark_trial(trial)
    frames = {**found.tables, **_by_group(result.assignment.height, found)}
    _show_comparison(case, changed, mechanism, found, frames)
    admission_case.write_out(tables, frames)
    speech.answer(
        plan=plan, trial=trial is not None, summary=found.summary(), out=str(tables) if tables else ""
    )


def _drawn(case: Case) -> bool:
    from junheng.data.admission_folder import DRAW
    from junheng.report.admission.draw_folder import SEED

    return case.pinned and (not case.drawn or case.folder.path(DRAW, SEED).is_file())


def _with_mechanism(
    plan: AdmissionPlan, mechanism: OtherMechanism | None, bands: str | None
) -> AdmissionPlan:
    from junheng.cli.assign import band_sizes

    sizes = band_sizes(bands)
    name: Any = mechanism.value if mechanism is not None else ""
    if (name == "parallel") != bool(sizes):
        raise Refused("admission_cli.bands_needed")
    if plan.zone_lists is None:
        raise Refused("admission_cli.no_lists", {"plan": plan.title})
    return replace(plan, zone_lists=replace(plan.zone_lists, mechanism=name, bands=sizes))


def _other_plan(workspace: Workspace, own: AdmissionPlan, other: Path | None) -> AdmissionPlan:
    from junheng import rules
    from junheng.data.admission_folder import plan_file

    assert other is not None
    path = other if other.is_file() else plan_file(workspace, str(other))
    found = rules.read_plan(path)
    if found.stage != own.stage:
        raise Refused("admission_cli.other_stage", {"plan": own.title, "other": found.title})
    return replace(found, id=own.id)


def _by_group(children: int, found: PlanComparison) -> dict[str, pl.DataFrame]:
    """Children who go elsewhere, better and worse off, by class and by zone."""
    import polars as pl

    moved = found.tables["moved"]
    groups: dict[str, pl.DataFrame] = {}
    for name, column in (("moved_by_class", "identity"), ("moved_by_zone", "home_zone")):
        groups[name] = (
            moved.group_by(column)
            .agg(
                pl.len().alias("moved"),
                (pl.col("better") == "other").sum().alias("better"),
                (pl.col("better") == "this").sum().alias("worse"),
            )
            .sort("moved", column, descending=[True, False])
        )
    return groups


def _show_comparison(
    case: Case,
    changed: AdmissionPlan,
    mechanism: OtherMechanism | None,
    found: PlanComparison,
    frames: dict[str, pl.DataFrame],
) -> None:
    name = mechanism.value if mechanism is not None else changed.title
    ranks = [
        [_rank(one["rank"]), one["this"], one["other"]]
        for one in frames["rank_distribution"].iter_rows(named=True)
    ]
    admission_case.told("admission_cli.ranks", ranks, plan=case.plan.title, other=name)
    identities = {one.id: one.name for one in case.plan.identities}
    areas = (
        dict(case.tables["areas"].select("area_code", "name").iter_rows()) if "areas" in case.tables else {}
    )
    for code, named in (("moved_by_class", identities), ("moved_by_zone", areas)):
        rows = [[named.get(one[0], one[0] or "–"), *one[1:]] for one in frames[code].iter_rows()]
        if rows:
            admission_case.told(f"admission_cli.{code}", rows)
    told = found.summary()
    speech.say(
        "admission_cli.compared",
        moved=told["moved"],
        unplaced=told["unplaced"]["this"],
        other_unplaced=told["unplaced"]["other"],
        envy=told["justified_envy"]["this"],
        other_envy=told["justified_envy"]["other"],
        metres=told["metres_p50"]["this"] if told["metres_p50"]["this"] is not None else "–",
        other_metres=told["metres_p50"]["other"] if told["metres_p50"]["other"] is not None else "–",
    )


def _rank(rank: str) -> str:
    if rank.isdecimal():
        return speech.sentence("admission_cli.rank", {"rank": rank})
    return speech.sentence(f"admission_cli.rank_{rank}", {})
