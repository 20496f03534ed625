# ruff: noqa: E501 - lists of words read best unbroken
"""Words offices use for our columns and codes: every declared name, Chinese or English, and common spellings."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from junheng.model import INPUTS, Table
from junheng.model.codes import CODE_LISTS

_BRACKETS = re.compile(r"[(\[{<【〔].*?[)\]}>】〕]")
_NOISE = re.compile(r"[\s_\-*:·.,、/\\'\"#]+")
_DIGITS = "一二三四五六七八九"

MISSING = frozenset({"", "-", "--", "—", "——", "–", "－", "/", "\\", "…", "……", ".", "na", "n/a", "#n/a", "null", "none", "nan", "无数据", "缺", "未统计", "不详"})  # fmt: skip
"""Marks that mean "not counted". A blank is never a zero."""

TOTALS = frozenset(
    {"合计", "总计", "共计", "总和", "total", "grandtotal", "sum", "全县合计", "全区合计", "全市合计"}
)
SUBTOTALS = frozenset({"小计", "其中", "subtotal"})
REMARKS = (
    "注",
    "说明",
    "备注",
    "填表",
    "制表",
    "审核",
    "单位负责人",
    "填报",
    "数据来源",
    "资料来源",
    "联系",
    "note",
    "source",
)
EXAMPLES = ("示例", "例", "example")


LONGEST_WORD = 200


def label(text: str) -> str:
    """A heading or code name for comparison: full width to half, lower case, without brackets, spaces or marks."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST_WORD]).strip().lower()
    short = _NOISE.sub("", _BRACKETS.sub("", plain))
    return short or _NOISE.sub("", plain)


@cache
def headings(table: str) -> dict[str, str]:
    """Label -> column of the table: from the columns' own names first, then their names in both languages,
    then the declared aliases, so that what one column is called in passing never takes another's name."""
    words: dict[str, str] = {}
    declared: Table = INPUTS[table]
    for column in declared.columns:
        words.setdefault(label(column.name), column.name)
    for column in declared.columns:
        for word in (column.zh, column.en):
            words.setdefault(label(word), column.name)
    for column in declared.columns:
        for word in column.aliases:
            words.setdefault(label(word), column.name)
    return words


@cache
def all_headings() -> frozenset[str]:
    """Labels of every column of every input table, and of every grade: what a heading row looks like."""
    words = {word for table in INPUTS for word in headings(table)}
    return frozenset(words | set(grade_columns()))


@cache
def names_of_codes(code_list: str) -> dict[str, str]:
    """Label -> code of a code list: the code, its Chinese and English names, and common spellings."""
    words: dict[str, str] = {}
    for code, (chinese, english) in CODE_LISTS[code_list].entries.items():
        for word in (code, chinese, english):
            words.setdefault(label(word), code)
    for word, code in _SPELLINGS.get(code_list, {}).items():
        words.setdefault(label(word), code)
    return words


@cache
def grade_columns() -> dict[str, str]:
    """Label -> grade for headings that are grades (一年级, g01, Grade 1, K, PK …); bare numbers are not."""
    words = dict(names_of_codes("grade"))
    return {word: code for word, code in words.items() if not word.isdigit()}


def _grade_spellings() -> dict[str, str]:
    words: dict[str, str] = {
        "托大班": "K0", "托小班": "K0", "幼儿园托班": "K0", "小小班": "K0",
        "幼儿园小班": "K1", "幼儿园中班": "K2", "幼儿园大班": "K3", "学前班": "K3",
        "ee": "K1", "pk": "K2", "pre-k": "K2", "prek": "K2", "k": "K3", "kg": "K3",
        "kindergarten": "K3", "grade k": "K3", "grade pk": "K2",
    }  # fmt: skip
    for number in range(1, 13):
        code = f"G{number:02d}"
        for word in (f"{number}", f"{number:02d}", f"g{number}", f"gr{number}", f"grade{number:02d}", f"{number}年级",
                     f"{number}th", f"{number}thgrade"):  # fmt: skip
            words[word] = code
        if number <= 9:
            words[f"{_DIGITS[number - 1]}年"] = code
        if number <= 6:
            words |= {f"小学{_DIGITS[number - 1]}年级": code, f"小{_DIGITS[number - 1]}": code}
    for offset, digit in enumerate(_DIGITS[:3]):
        junior, senior = f"G{7 + offset:02d}", f"G{10 + offset:02d}"
        words |= {f"初{digit}": junior, f"初中{digit}年级": junior}
        words |= {f"高中{digit}年级": senior, f"高{digit}年级": senior}
    words |= {"1st": "G01", "2nd": "G02", "3rd": "G03", "十年级": "G10", "十一年级": "G11", "十二年级": "G12"}
    return words


_SPELLINGS: dict[str, dict[str, str]] = {
    "grade": _grade_spellings(),
    "area_level": {"省级": "province", "地级市": "city", "市级": "city", "区": "county", "县": "county", "区县": "county",
                   "街道": "town", "镇": "town", "乡": "town", "乡镇": "town", "街镇": "town", "社区": "village", "村": "village"},
    "school_kind": {"普通小学": "211", "完全小学": "211", "教学点": "218", "初中": "311", "普通初中": "311", "九年一贯制": "312",
                    "九年制学校": "312", "完中": "341", "高中": "342", "普通高中": "342", "高级中学": "342", "十二年一贯制": "345",
                    "特殊教育学校": "514", "特教学校": "514", "附属幼儿园": "119", "附设班": "219"},
    "ownership": {"公立": "public", "公办园": "public", "公办学校": "public", "国有": "public", "教育部门": "public", "民办园": "private",
                  "私立": "private", "民办学校": "private", "普惠民办": "private_inclusive", "普惠性民办园": "private_inclusive",
                  "民办普惠": "private_inclusive", "普惠": "private_inclusive"},
    "urban_rural": {"城区": "111", "镇区": "121", "乡村": "220", "农村": "220"},
    "school_system": {"六三": "63", "五四": "54", "六三制": "63", "五四制": "54"},
    "stage": {"幼儿园": "kindergarten", "学前教育": "kindergarten", "小学学段": "primary", "普通小学": "primary", "普通初中": "junior",
              "初级中学": "junior", "普通高中": "senior", "特教": "special", "secondary": "junior", "elementary": "primary", "high": "senior"},
    "birth_basis": {"卫健": "certificate", "出生证明": "certificate", "出生医学证明签发": "certificate", "疫苗": "vaccination",
                    "接种": "vaccination", "户籍": "registration", "公安": "registration", "统计": "statistics", "年鉴": "statistics"},
    "population_basis": {"普查": "census", "常住": "resident", "户籍": "registered"},
    "sex": {"男性": "1", "女性": "2", "合计": "0", "全部": "0", "m": "1", "f": "2", "男生": "1", "女生": "2"},
    "housing_kind": {"商品房": "commercial", "安置": "resettlement", "回迁房": "resettlement", "保障房": "affordable", "公租房": "rental"},
    "housing_status": {"已建成": "completed", "竣工": "completed", "建设中": "building", "已批准": "approved", "规划中": "planned"},
    "seat_status": {"在建中": "building", "已批": "approved", "使用中": "open", "关闭": "closed"},
    "school_event": {"新开办": "open", "撤销": "close", "合并": "merge", "搬迁": "move"},
    "fact_state": {"通过": "verified", "已核": "verified", "已核验": "verified", "待核": "pending", "未核验": "pending",
                   "未通过": "rejected", "不符合": "rejected"},
    "family_link": {"双胞胎": "twins", "多胞胎": "twins", "绑定": "twins", "同胞": "siblings", "兄弟姐妹": "siblings", "不绑定": "siblings"},
    "zone_ring": {"本学区": "zone", "片内": "zone", "相邻学区": "neighbours", "相邻": "neighbours", "全县": "district"},
    "admission_answer": {"确认": "accept", "同意": "accept", "录取": "accept", "候补": "wait", "接受候补": "wait",
                         "继续候补": "wait", "不接受": "decline", "放弃学位": "decline", "不同意": "decline"},
}  # fmt: skip
