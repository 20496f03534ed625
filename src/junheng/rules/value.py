"""One number of the law with where it comes from and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from junheng.model.reason import Language
from junheng.rules.messages import MESSAGES

Verified = Literal["original", "second-hand", "unverified", "ours"]
"""How sure: read in the original; stated by a second source; not seen yet; set by us, no law behind."""
VERIFIED: tuple[Verified, ...] = ("original", "second-hand", "unverified", "ours")

Limit = Literal["max", "min", "below", "target", "none"]
"""Kind of limit: at most, at least, strictly less than, aimed at without force, or a definition."""
LIMITS: tuple[Limit, ...] = ("max", "min", "below", "target", "none")

Number = int | float


def stricter(limit: Limit, one: Number, other: Number) -> Number:
    """The stricter of two values of a directional limit: the larger of two minima, else the smaller."""
    return max(one, other) if limit == "min" else min(one, other)


def as_strict(limit: Limit, value: Number, than: Number) -> bool:
    """Whether `value` is at least as strict as `than`; a target or a definition has no direction."""
    return limit in ("target", "none") or stricter(limit, value, than) == value


@dataclass(frozen=True, slots=True)
class Value:
    """The value of one key of one topic on one day.

    `value` is None where no rule is in force (never dated, not yet in force, or ended by a null entry);
    `number` then refuses. `rule_id` names the entry for footnotes and stored runs: topic.key@date, with the
    division code of a local rule behind a slash.
    """

    topic: str
    key: str
    value: Number | None
    unit: str
    rule_id: str
    source: str
    document: str
    article: str
    limit: Limit
    verified: Verified
    from_date: date | None
    region: str = ""
    zh: str = ""
    en: str = ""
    note_zh: str = ""
    note_en: str = ""

    @property
    def number(self) -> float:
        """The value as a float. LookupError when no rule is in force."""
        if self.value is None:
            raise LookupError(f"no rule in force for {self.topic}.{self.key}")
        return float(self.value)

    @property
    def in_force(self) -> bool:
        """Whether there is a value at all."""
        return self.value is not None

    @property
    def sure(self) -> bool:
        """Whether the value was read in the original document."""
        return self.verified == "original"

    def allows(self, measured: Number) -> bool:
        """Whether a measured figure keeps to the limit; always true for targets, definitions and no rule."""
        if self.value is None or self.limit in ("target", "none"):
            return True
        if self.limit == "min":
            return measured >= self.value
        return measured < self.value if self.limit == "below" else measured <= self.value

    def sureness(self, language: Language = "zh") -> str:
        """How sure the source is, in words."""
        return MESSAGES[f"verified_{self.verified}"][0 if language == "zh" else 1]

    def citation(self, language: Language = "zh") -> str:
        """The footnote: document, number, article and how sure, in words."""
        chinese = language == "zh"
        if self.value is None:
            return MESSAGES["no_rule"][0 if chinese else 1]
        if self.verified == "ours":
            note = self.note_zh if chinese else self.note_en
            return self.sureness(language) + ((("：" if chinese else ": ") + note) if note else "")
        place = (("，" if chinese else ", ") + self.article) if self.article else ""
        brackets = ("（", "）") if chinese else (" (", ")")
        return f"{self.source}{place}{brackets[0]}{self.sureness(language)}{brackets[1]}"
