"""What an indicator is: frozen objects read from YAML, with every standard they name resolved on one day.

`rules.at(day, region).indicators["equipment_value_cv"]` returns an Indicator. It holds no law of its own: a
line or a limit is a `Standard`, a reference that carries the dated, cited `Value` it resolves to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from junheng.model.reason import Language
from junheng.rules.value import Value, Verified

Verb = Literal[
    "sum", "count", "ratio", "share", "mean", "cv", "gini", "theil", "quantile", "range_ratio", "change",
    "lookup",
]  # fmt: skip
VERBS: tuple[Verb, ...] = (
    "sum", "count", "ratio", "share", "mean", "cv", "gini", "theil", "quantile", "range_ratio", "change",
    "lookup",
)  # fmt: skip
"""The twelve measures; an official writes one of these words and never code."""

Op = Literal[">=", "<=", ">", "<", "=="]
OPS: tuple[Op, ...] = (">=", "<=", ">", "<", "==")
Comparator = Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "not_in", "known"]
COMPARATORS: tuple[Comparator, ...] = ("eq", "ne", "lt", "le", "gt", "ge", "in", "not_in", "known")
Literals = str | int | float | bool
Direction = Literal["lower_is_better", "higher_is_better", "none"]
DIRECTIONS: tuple[Direction, ...] = ("lower_is_better", "higher_is_better", "none")
Range = Literal["max_min", "p90_p10", "top_bottom_fifth"]
RANGES: tuple[Range, ...] = ("max_min", "p90_p10", "top_bottom_fifth")
Panel = Literal["matched", "all"]
PANELS: tuple[Panel, ...] = ("matched", "all")
Subject = Literal["none", "pupils", "teachers"]
SUBJECTS: tuple[Subject, ...] = ("none", "pupils", "teachers")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a definition comes from: document, clause and how sure that is."""

    doc: str
    clause: str = ""
    verified: Verified = "unverified"


@dataclass(frozen=True, slots=True)
class Standard:
    """A reference to dated standards: `rule` is topic, topic.key or the beginning of a key.

    Without `by` the one value stands under "" in `values`; with `by` (a column such as `stage`) there is one
    value for each entry of that column's code list for which the topic has a key. `values` is empty until
    resolved, and a value whose `value` is None says that no rule is in force on that day.
    """

    rule: str
    by: str = ""
    values: Mapping[str, Value] = field(default_factory=dict[str, Value])

    def of(self, group: str = "") -> Value | None:
        """The value for a group of `by` ("" when it is the same for all); None where no rule is in force."""
        value = self.values.get(group if self.by else "")
        return value if value is not None and value.in_force else None


@dataclass(frozen=True, slots=True)
class Operand:
    """What a column is compared with: literals, a standard or another column, times and per standards.

    {classes: {le: {column: rooms, times: topic.key}}} reads classes <= rooms x value; `per` divides, so that
    {rooms: {ge: {column: classes, per: topic.key}}} is rooms x value >= classes, one for each such part.
    """

    literals: tuple[Literals, ...] = ()
    standard: Standard | None = None
    column: str = ""
    times: Standard | None = None
    per: Standard | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One column against one operand; `known` asks whether the cell is filled (blank and 0 differ)."""

    column: str
    op: Comparator
    operand: Operand


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; a map of several columns is one."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold; unknown stays unknown."""

    part: Condition


Condition = Comparison | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Term:
    """One column of a quantity, added (sign 1) or taken away (sign -1), only where `when` holds if given."""

    column: str
    sign: int = 1
    when: Condition | None = None


Quantity = tuple[Term, ...]
"""A sum of terms. A blank term makes the quantity blank, unless its `when` rules it out (then it is 0)."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What is measured: num / den x factor, one `column` quantity, or a `condition` that holds or not."""

    num: Quantity = ()
    den: Quantity = ()
    factor: float = 1
    column: Quantity = ()
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Rows left out: the first exclusion that holds takes the row. `cite` names the rule that says so."""

    when: Condition
    reason: str
    zh: str = ""
    en: str = ""
    cite: Standard | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """The line: `op` and the standard it stands in. `threshold.of(stage)` is the cited Value or None."""

    op: Op
    standard: Standard

    def of(self, group: str = "") -> Value | None:
        """The line for a group of `standard.by`, None where no rule is in force that day."""
        return self.standard.of(group)


@dataclass(frozen=True, slots=True)
class Display:
    """How a value is shown. It never decides a status."""

    decimals: int = 2
    unit: str = "1"
    direction: Direction = "none"


@dataclass(frozen=True, slots=True)
class Missing:
    """With more than this share of the weight missing the group is `not_computable`."""

    max_share_of_weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Privacy:
    """Whose counts these are, and the least number that may be shown (from the standards)."""

    subject: Subject = "none"
    min_n: Standard | None = None


@dataclass(frozen=True, slots=True)
class Warn:
    """When to warn: within this distance of the line, or worse this many years running. None: never."""

    within: float | None = None
    worse_years: int | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """What `change` compares with: `years` back or the fixed `year`; `percent` or plain difference."""

    years: int = 1
    year: int | None = None
    percent: bool = False
    panel: Panel = "all"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One definition, resolved on one day in one region.

    `grain` is the kind of row that goes in (see `grains`), `report` the columns of the groups that come out.
    `weight` is a quantity (empty: every row counts one). `q` belongs to `quantile`, `range` to `range_ratio`,
    `base` to `change`, `split` (a column) to `theil`. `compare_at` None compares exactly, else at that many
    decimals. `rule_version` is the digest of the declaration with every standard entry it resolves to.
    """

    id: str
    zh: str
    en: str
    why_zh: str
    why_en: str
    source: Source
    grain: str
    report: tuple[str, ...]
    measure: Verb
    value: Measured
    weight: Quantity = ()
    where: Condition | None = None
    exclude: tuple[Exclusion, ...] = ()
    threshold: Threshold | None = None
    compare_at: int | None = None
    display: Display = Display()
    missing: Missing = Missing()
    privacy: Privacy = Privacy()
    warn: Warn = Warn()
    base: Base | None = None
    q: float | None = None
    range: Range | None = None
    split: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    file: str = ""
    line: int = 0
    rule_version: str = ""

    def name(self, language: Language = "zh") -> str:
        """Its name in a language."""
        return self.zh if language == "zh" else self.en

    def why(self, language: Language = "zh") -> str:
        """Why it matters, in one sentence."""
        return self.why_zh if language == "zh" else self.why_en

    def valid_on(self, day: date) -> bool:
        """Whether the declaration holds on `day`; both ends belong to it."""
        return not (self.valid_from and day < self.valid_from) and not (
            self.valid_until and day > self.valid_until
        )
