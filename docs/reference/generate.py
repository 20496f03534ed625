# ruff: noqa: E501
"""Write the reference pages from the declarations: tables, codes, standards and commands.

Run by `make reference`; a test compares what it would write with what is there.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import typer

from junheng import rules
from junheng.cli.root import app
from junheng.model import INPUTS, OUTPUTS, Table
from junheng.model.codes import CODE_LISTS
from junheng.model.tables import GROUPS
from junheng.model.tables.forecast_outputs import QUANTILES

HERE = Path(__file__).parent
DAY = date(2026, 9, 1)
"""The day on which the page of standards stands."""
MADE = "<!-- Written by `make reference` from the declarations; edit those, not this page. -->\n"


def pages() -> dict[str, str]:
    """File name -> content of every reference page."""
    return {
        "tables.md": _tables(),
        "codes.md": _codes(),
        "commands.md": _commands(),
        "standards.md": _standards(),
    }


def _tables() -> str:
    parts = [MADE, "# 数据表 · Tables\n"]
    for group in GROUPS:
        parts.append(f"## 输入表：{group.zh} · Inputs: {group.en}\n")
        parts += [_table(INPUTS[name]) for name in group.tables]
    parts.append("## 输出表 · Outputs\n")
    parts += [_table(table) for table in OUTPUTS.values()]
    return "\n".join(parts)


def _writer(table: Table) -> str:
    """Who alone may write the table, or columns of it."""
    if table.by_region:
        return "。只由县区填写 Written by the region's bureau alone"
    kept = [f"`{column.name}`" for column in table.columns if column.by_region]
    return f"。{'、'.join(kept)} 只由县区填写 written by the region's bureau alone" if kept else ""


def _table(table: Table) -> str:
    lines = [
        f"### `{table.name}` {table.zh} · {table.en}\n",
        f"{table.about_zh}。{table.about_en}.\n",
        f"主键 Key: {', '.join(f'`{name}`' for name in table.key)}{_writer(table)}\n",
        "| 列 column | 名称 heading | 类型 kind | 单位 unit | 必填 required | 说明 about |",
        "|---|---|---|---|---|---|",
    ]
    for column in table.columns:
        if column.name.removeprefix("placed_") in QUANTILES and column.name not in ("p50", "placed_p50"):
            continue  # the ranges repeat: the median stands for all eight
        limits = (
            [f"{column.minimum:g}–{column.maximum:g}"]
            if column.minimum is not None and column.maximum is not None
            else []
        )
        codes = [f"[{column.codes}](codes.md#{column.codes})"] if column.codes else []
        references = [f"→ {' or '.join(f'`{name}`' for name in column.targets)}"] if column.targets else []
        kind = " ".join([column.kind, *limits, *codes, *references])
        name = f"`{column.name}`"
        if column.name in ("p50", "placed_p50"):
            prefix = column.name.removesuffix("p50")
            name = " ".join(f"`{prefix}{quantile}`" for quantile in QUANTILES)
        lines.append(
            f"| {name} | {column.zh} · {column.en} | {kind} | {column.unit} | "
            f"{'✓' if column.required else ''} | {column.about_zh}。{column.about_en} |"
        )
    return "\n".join([*lines, ""])


def _codes() -> str:
    parts = [MADE, "# 代码表 · Code lists\n"]
    for code_list in CODE_LISTS.values():
        parts.append(f'## <a id="{code_list.name}"></a>`{code_list.name}` {code_list.zh} · {code_list.en}\n')
        parts.append(f"来源 Source: {code_list.source}\n\n| 代码 code | 中文 | English |\n|---|---|---|")
        parts += [f"| `{code}` | {zh} | {en} |" for code, (zh, en) in code_list.entries.items()]
        parts.append("")
    return "\n".join(parts)


def _standards() -> str:
    parts = [
        MADE,
        "# 标准 · Standards\n",
        f"{DAY} 当日适用的全国口径数值。核实 how sure：`original` 原件核实，`second-hand` 转引，`unverified` 未核实，"
        "`ours` 本系统自定、非法定，地区可在工作区的 `rules/` 中另定（只能更严）。\n",
        f"*Values in force on {DAY} for the nation. `ours` means that no law says so and a region may set its own; "
        "a limit may only be made stricter.*\n",
    ]
    standards = rules.load().at(DAY, None)
    for topic in standards.topics():
        held = standards[topic]
        parts.append(f'## <a id="{topic}"></a>`{topic}` {held.zh} · {held.en}\n')
        parts.append(
            "| 项 key | 名称 name | 值 value | 单位 unit | 依据 source | 核实 how sure |\n|---|---|---|---|---|---|"
        )
        for key in held:
            one = held[key]
            shown = "–" if one.value is None else f"{one.value:g}"
            cells = (f"`{key}`", f"{one.zh} · {one.en}", shown, one.unit, one.citation("zh"), one.verified)
            parts.append(f"| {' | '.join(cells)} |")
        parts.append("")
    return "\n".join(parts)


def _commands() -> str:
    parts = [MADE, "# 命令 · Commands\n"]
    command = typer.main.get_command(app)
    _walk(command, "junheng", None, parts)
    return "\n".join(parts)


def _walk(command: Any, name: str, parent: Any, parts: list[str]) -> None:
    """One command and all below it; by what they offer, since Typer brings a Click of its own."""
    context = command.context_class(
        command,
        info_name=name,
        parent=parent,
        terminal_width=100,
        max_content_width=100,
        **command.context_settings,
    )
    parts.append(f"## `{context.command_path}`\n\n```text\n{command.get_help(context)}\n```\n")
    children: dict[str, Any] = getattr(command, "commands", {})
    for child in sorted(children):
        _walk(children[child], child, context, parts)


def main() -> None:
    """Write every page beside this file."""
    for name, content in pages().items():
        (HERE / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
