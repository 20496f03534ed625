"""Stages, grades and the two school systems (六三 and 五四).

Grades are K0-K3 (托班 小班 中班 大班) and G01-G12. The stage of a grade depends on the school system: under
五四 the sixth grade is the first of junior school. Ages are whole years on 31 August before entry.
"""

from __future__ import annotations

KINDERGARTEN_GRADES = ("K0", "K1", "K2", "K3")
SCHOOL_GRADES = tuple(f"G{grade:02d}" for grade in range(1, 13))
GRADES = KINDERGARTEN_GRADES + SCHOOL_GRADES
"""All grades in order of progression."""

STAGES = ("kindergarten", "primary", "junior", "senior", "special")
SCHOOL_SYSTEMS = ("63", "54")

_PRIMARY_LENGTH = {"63": 6, "54": 5}
_JUNIOR_END = 9


def grade_number(grade: str) -> int:
    """Position of a grade in progression: K0 is -3, K3 is 0, G01 is 1, G12 is 12. ValueError if unknown."""
    if grade not in GRADES:
        raise ValueError(f"unknown grade {grade!r}; grades are {', '.join(GRADES)}")
    return GRADES.index(grade) - 3


def next_grade(grade: str) -> str | None:
    """The grade a child enters next year, None after the last."""
    position = GRADES.index(grade) + 1
    return GRADES[position] if position < len(GRADES) else None


def stage_of(grade: str, system: str = "63") -> str:
    """Stage of a grade under a school system ("63" or "54")."""
    number = grade_number(grade)
    if number < 1:
        return "kindergarten"
    if number <= _PRIMARY_LENGTH[system]:
        return "primary"
    return "junior" if number <= _JUNIOR_END else "senior"


def grades_of(stage: str, system: str = "63") -> tuple[str, ...]:
    """Grades of a stage in order; empty for `special`, whose pupils carry their own grades."""
    return tuple(grade for grade in GRADES if stage_of(grade, system) == stage)


def entry_age(grade: str) -> int:
    """Age in whole years on 31 August at entry into the grade: K1 three, G01 six."""
    return grade_number(grade) + 5


def stages_of_kind(kind: str) -> tuple[str, ...]:
    """Stages taught by a school of the given national kind (办学类型); empty when the code is unknown."""
    return STAGES_BY_KIND.get(kind, ())


def stage_at(grade: str, kind: str, system: str = "63") -> str:
    """Stage of a grade in a school of the given kind: `special` in special schools, else by school system."""
    return "special" if stages_of_kind(kind) == ("special",) else stage_of(grade, system)


STAGES_BY_KIND: dict[str, tuple[str, ...]] = {
    "111": ("kindergarten",),
    "119": ("kindergarten",),
    "211": ("primary",),
    "218": ("primary",),
    "219": ("primary",),
    "311": ("junior",),
    "312": ("primary", "junior"),
    "319": ("junior",),
    "341": ("junior", "senior"),
    "342": ("senior",),
    "345": ("primary", "junior", "senior"),
    "349": ("senior",),
    "511": ("special",),
    "512": ("special",),
    "513": ("special",),
    "514": ("special",),
    "519": ("special",),
}
"""Stages by 办学类型. An attached class (119, 219 ...) is declared as a school of its own stage."""
