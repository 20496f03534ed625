"""Documents that show an item of an assessment is met, and what the reviewer made of them."""

from __future__ import annotations

from junheng.model.column import Column, Table
from junheng.model.tables.places import YEAR
from junheng.model.tables.units import UNIT_CODE

EVIDENCE = Table(
    "evidence",
    "佐证材料",
    "evidence",
    "评估中靠材料认定的条目：谁主张什么、材料的文件名与摘要、谁审核；没有审核过的不算达到",
    "Items judged by documents: who claims what, name and digest of the file, who reviewed it; what nobody reviewed never counts as met",
    key=("evidence_id",),
    columns=(
        Column("evidence_id", "code", "材料编号", "evidence id", "材料的固定编号", "Fixed id of the piece of evidence", required=True, example="E2025-0012", aliases=("佐证编号",)),
        Column("assessment", "code", "评估", "assessment", "评估的标识，如 quality_balance", "Id of the assessment, as quality_balance", required=True, example="quality_balance", aliases=("评估标识", "评估名称")),
        Column("item", "code", "条目", "item", "条目的标识，如 G1", "Id of the item, as G1", required=True, example="G1", aliases=("条目编号", "指标编号")),
        UNIT_CODE,
        YEAR,
        Column("claim", "code", "主张", "claim", "达到、未达到；否决情形填存在、不存在", "Met or unmet; for a veto, found or not found", required=True, codes="evidence_claim", example="met", aliases=("自评结论",)),
        Column("file_name", "text", "文件名", "file", "材料的文件名", "Name of the file", example="布局规划批复.pdf", aliases=("材料名称", "附件")),
        Column("file_sha256", "code", "文件摘要", "file digest", "文件的 SHA-256 摘要；审核后文件有变则重新审核", "SHA-256 of the file; a file that changes after review must be reviewed again", example="", aliases=("摘要值",)),
        Column("provided_by", "text", "提供人", "provided by", "提供材料的人或科室", "Person or office that provided it", example="基教科", aliases=("填报人", "提供单位"), personal=True),
        Column("provided_on", "date", "提供日期", "provided on", "提供日期", "Date it was provided", example="2025-11-20", aliases=("填报日期",)),
        Column("reviewed_by", "text", "审核人", "reviewed by", "审核材料的人；未审核留空", "Person who reviewed it; empty until then", example="", aliases=("复核人",), personal=True, by_region=True),
        Column("reviewed_on", "date", "审核日期", "reviewed on", "审核日期；未审核留空", "Date of the review; empty until then", example="", aliases=("复核日期",), by_region=True),
        Column("outcome", "code", "审核结果", "outcome", "审核结果；未审核留空", "Outcome of the review; empty until then", codes="evidence_outcome", example="", aliases=("审核意见", "审核结论"), by_region=True),
    ),
)  # fmt: skip

TABLES = (EVIDENCE,)
