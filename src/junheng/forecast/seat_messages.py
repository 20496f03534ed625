"""Words of the seats half: reasons of warnings, remedies, and what was missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from junheng.model.codes import CODE_LISTS
from junheng.model.reason import Language, words

MESSAGES: dict[str, tuple[str, str]] = {
    "seats.short_inside": (
        "{year} 年需 {demand}、可容 {seats}，缺口中位 {gap}、偏高 {gap_high}；调剂后短缺概率 {p_shared:.0%}，已在补救期 {lead_time:g} 年之内",
        "{year}: {demand} pupils for {seats} seats, short of {gap} in the median and {gap_high} at the high end; probability {p_shared:.0%} after sharing, inside the {lead_time:g} years a remedy takes",
    ),
    "seats.short_beyond": (
        "{year} 年需 {demand}、可容 {seats}，缺口中位 {gap}、偏高 {gap_high}；短缺概率 {p_local:.0%}，尚在补救期 {lead_time:g} 年之外",
        "{year}: {demand} pupils for {seats} seats, short of {gap} in the median and {gap_high} at the high end; probability {p_local:.0%}, beyond the {lead_time:g} years a remedy takes",
    ),
    "seats.short_possible": (
        "{year} 年需 {demand}、可容 {seats}，可能短缺（概率 {p_local:.0%}），偏高情形缺 {gap_high}",
        "{year}: {demand} pupils for {seats} seats, possibly short (probability {p_local:.0%}), by {gap_high} at the high end",
    ),
    "seats.short_neighbours_free": (
        "{year} 年本地缺口中位 {gap}（概率 {p_local:.0%}），邻近有空余学位，调剂后概率 {p_shared:.0%}",
        "{year}: short of {gap} on its own (probability {p_local:.0%}); neighbours have free seats, {p_shared:.0%} after sharing",
    ),
    "seats.large_class": (
        "{year} 年每间教室 {class_size} 人，达到大班额；缺口中位 {gap}",
        "{year}: {class_size} pupils to a room, a large class; short of {gap} in the median",
    ),
    "seats.very_large_class": (
        "{year} 年每间教室 {class_size} 人，达到超大班额；缺口中位 {gap}",
        "{year}: {class_size} pupils to a room, a very large class; short of {gap} in the median",
    ),
    "seats.underuse": (
        "{year} 年起学位利用率低于 {floor:.0%}，最低 {utilisation:.0%}，空余最多 {idle} 个",
        "From {year} less than {floor:.0%} of the seats are used, {utilisation:.0%} at the lowest, up to {idle} idle",
    ),
    "seats.school_size": (
        "{year} 年全校 {pupils} 人，超过规模上限 {limit:g}",
        "{year}: {pupils} pupils, above the largest size of {limit:g}",
    ),
    "seats.small_school": (
        "{year} 年起不足 {line:g} 人，最少 {pupils} 人",
        "Below {line:g} pupils from {year}, {pupils} at the fewest",
    ),
    "seats.very_small_school": (
        "{year} 年起不足 {line:g} 人，最少 {pupils} 人",
        "Below {line:g} pupils from {year}, {pupils} at the fewest",
    ),
    "seats.weak_data": (
        "{year} 年 80% 区间宽 {width} 人，而中位只有 {demand} 人；请核对数据",
        "{year}: the 80% range is {width} pupils wide around a median of {demand}; check the data",
    ),
    "seats.public_share": (
        "{year} 年公办园在园幼儿占比 {share:.1%}，低于 {line:.0%}",
        "{year}: {share:.1%} of the children are in public kindergartens, below {line:.0%}",
    ),
    "seats.inclusive_share": (
        "{year} 年普惠性幼儿园覆盖率 {share:.1%}，低于 {line:.0%}",
        "{year}: {share:.1%} of the children are in inclusive kindergartens, below {line:.0%}",
    ),
    "seats.building_unwise": (
        "峰后利用率低，短缺只有数年，不宜新建；先用调剂、共用等办法",
        "the shortage is short and seats would stand idle after the peak: share and reuse before building",
    ),
    "component.start": ("今年已有缺口", "short already this year"),
    "component.demand": ("需求变化", "change of demand"),
    "component.seats": ("学位减少", "loss of seats"),
    "component.young_migration": ("学前迁入", "moving before school"),
    "forecast.lever.BoundaryShift": ("调整片区：由邻近调剂约 {seats} 个学位", "redraw catchments: about {seats} seats of the neighbours"),
    "forecast.lever.ElasticClasses": ("启用弹性班额，临时增加 {seats} 个学位（须标红）", "elastic classes, {seats} seats for a time (shown in red)"),
    "forecast.lever.ShareStage": ("跨学段共用：借用 {from_stage} 教室 {rooms} 间", "share between stages: {rooms} rooms of {from_stage}"),
    "forecast.lever.Boarding": ("寄宿：全区寄宿学校尚有床位 {beds} 张", "boarding: {beds} beds are free in the region"),
    "forecast.lever.Expand": ("扩建 {rooms} 间教室", "add {rooms} classrooms"),
    "forecast.lever.Open": ("新建 {classes} 班（{seats} 个学位）", "a new school of {classes} classes ({seats} seats)"),
    "forecast.lever.ClassSize": ("小班化：每班不超过 {size} 人", "smaller classes of at most {size}"),
    "forecast.lever.Convert": ("腾出 {rooms} 间教室改作他用", "give {rooms} rooms to another use"),
    "forecast.lever.Merge": ("并入 {with}", "merge into {with}"),
    "seats_missing": ("没有 seats 表：学位按最近一年班数推算", "No table `seats`: capacity is taken from the classes of the last year"),
    "no_capacity": ("没有 seats 表，在校生表也没有班数：无法计算学位。请填 seats 表或 enrolment 的 classes 列", "Neither `seats` nor classes in `enrolment`: seats cannot be worked out. Fill table seats, or column classes of enrolment"),
    "no_rules": ("没有规则：无法读取标准班额，未计算学位", "No rule book: class sizes cannot be read and no seats were worked out"),
    "no_schools": ("只有区域合计：没有学校，无法计算学位", "Area totals only: there are no schools to hold seats"),
    "seats_late": ("{school} {stage}：{year} 年的新增学位尚未启用，改自下一学年计入", "{school} {stage}: seats due in {year} are not open yet and count from next year"),
    "capacity_from_enrolment": ("{school} {stage} 不在 seats 表中，按在校生表的 {classes} 个班计", "{school} {stage} is not in `seats`; its {classes} classes of the last count are used"),
    "capacity_unknown": ("{school} {stage} 的学位未知，未计入各级合计", "The seats of {school} {stage} are unknown; it is left out of all totals"),
    "sharing_unknown": ("没有 area_links 也没有坐标：未计算邻近调剂", "Neither `area_links` nor positions: sharing between areas was not worked out"),
}  # fmt: skip


def say(code: str, parameters: Mapping[str, Any], language: Language = "zh") -> str:
    """The sentence of a reason, lever or finding, with stage codes turned into names."""
    stages = CODE_LISTS["stage"].entries
    shown = {
        name: stages[value][0 if language == "zh" else 1]
        if isinstance(value, str) and value in stages
        else value
        for name, value in parameters.items()
    }
    return words(MESSAGES, code, shown, language)
