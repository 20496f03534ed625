"""What is spent: by school or area, item and year, budget and final account apart."""

from __future__ import annotations

from junheng.model.column import Column, Table
from junheng.model.tables.places import SOURCE
from junheng.model.tables.units import UNIT_CODE

FINANCE = Table(
    "finance",
    "教育经费",
    "finance",
    "每单位每年每个经费项目一行；预算与决算分开填，不得相减比较；金额以元计",
    "One row for each unit, year and item; budget and final account stand apart and are never compared with each other; in yuan",
    key=("unit_code", "stage", "year", "item", "basis"),
    columns=(
        UNIT_CODE,
        Column("stage", "code", "学段", "stage", "学段；各学段合计留空", "Stage; empty for all stages together", codes="stage", example="", aliases=("学段类别",)),
        Column("year", "year", "年度", "year", "财政年度（公历年）", "Fiscal year, which is the calendar year", required=True, minimum=1990, maximum=2100, example="2025", aliases=("年份", "预算年度")),
        Column("item", "code", "经费项目", "item", "经费项目", "Item", required=True, codes="finance_item", example="public_funds", aliases=("项目", "经费类别", "科目")),
        Column("basis", "code", "口径", "basis", "预算或决算", "Budget or final account", required=True, codes="finance_basis", example="final", aliases=("预决算", "预算决算")),
        Column("amount", "number", "金额", "amount", "金额，以元计（不是万元）；平均工资为每人每年", "Amount in yuan, not ten thousands; average pay is for a person and year", unit="元 yuan", required=True, minimum=0, maximum=10_000_000_000_000, example="1186000.00", aliases=("经费", "支出", "数额", "金额(元)"), decimals=2),
        SOURCE,
    ),
)  # fmt: skip

TABLES = (FINANCE,)
