"""`junheng admission plan`: a plan checked and printed back in words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from junheng.cli import events, speech
from junheng.model.errors import BadData


def plan(
    file: Annotated[
        Path,
        typer.Argument(metavar="PLAN", help="招生方案文件，或随附示例的编号。A plan, or a template's id."),
    ],
    notice: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="写入此文件（Markdown）。Write the page to this file.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """检查一份招生方案，并把它写成可张贴的一页：每条规则、数字、依据与核实程度。

    Check an admission plan and print it as a page for the notice board: every rule with its numbers, source
    and how sure that is. A plan that breaks the rules is refused with every fault, its line and how to mend
    it (exit code 3).
    """
    from junheng import rules
    from junheng.data import atomic
    from junheng.report.admission.plan_page import page

    templates = rules.admission_plans()
    held = templates[file.name] if file.name in templates and not file.exists() else rules.read_plan(file)
    found = rules.lint_plan(held, rules.load())
    for finding in found:
        speech.console().print(speech.sentence(finding.code, finding.parameters), markup=False)
    errors = [one for one in found if one.severity == "error"]
    if errors:
        about = {"count": len(errors), "plan": held.title}
        speech.complain("admission.plan_unlawful", **about)
        events.failure("admission.plan_unlawful", about, BadData.exit_code, errors)
        raise typer.Exit(BadData.exit_code)
    text = page(held, speech.language())
    speech.answer(plan=held.id, title=held.title, notices=len(found), out=str(notice) if notice else "")
    if notice is None:
        speech.console().print(text, markup=False, end="")
        return
    atomic.write_bytes(notice, text.encode())
    speech.say("report.plan.written", path=notice)
