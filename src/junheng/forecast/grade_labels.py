"""How the world writes grades, and the code each spelling means."""

from __future__ import annotations

import re

from junheng.model.stages import GRADES

_TEN = "一二三四五六七八九十"
_NUMERALS = {**{sign: i + 1 for i, sign in enumerate(_TEN)}, "十一": 11, "十二": 12}
_WORDS = {
    "托班": "K0",
    "小班": "K1",
    "中班": "K2",
    "大班": "K3",
    "EE": "K1",
    "PK": "K2",
    "PREK": "K2",
    "PREKINDERGARTEN": "K2",
    "K": "K3",
    "KG": "K3",
    "KINDERGARTEN": "K3",
    "GRADEK": "K3",
    "0": "K3",
    "00": "K3",
    "G0": "K3",
    "G00": "K3",
}
_STEPS = {"初": 6, "高": 9}
_LONGEST_STEP = {"初": 3, "高": 3}
_NUMBER = re.compile(r"(?:GRADE|GR|G|Y|YEAR)?0*(\d{1,2})(?:ST|ND|RD|TH)?(?:GRADE)?(?:年级)?")
_CHINESE = re.compile(r"(初|高)?([一二三四五六七八九十]{1,2})(?:年级)?")


def grade_code(label: str) -> str | None:
    """The code (K0-K3, G01-G12) a spelling stands for, None when it stands for none.

    Known: codes in either case, `k`, `PK`, `EE`, `g01`, `1`, `01`, `1.0`, `Grade 1`, `1st grade`, 一年级,
    初一, 高三, 大班. PK is the year of age four (K2), EE of age three (K1), K of age five (K3).
    """
    if label.strip().startswith("-"):
        return None
    text = re.sub(r"[\s_\-.]", "", re.sub(r"\.0+$", "", label.strip())).upper()
    text = text.translate({0xFF10 + i: str(i) for i in range(10)})
    if text in GRADES:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if found := _NUMBER.fullmatch(text):
        number = int(found[1])
        return f"G{number:02d}" if 1 <= number <= 12 else None
    if (found := _CHINESE.fullmatch(text)) and found[2] in _NUMERALS:
        number = _NUMERALS[found[2]]
        if not found[1]:
            return f"G{number:02d}"
        return f"G{number + _STEPS[found[1]]:02d}" if number <= _LONGEST_STEP[found[1]] else None
    return None
