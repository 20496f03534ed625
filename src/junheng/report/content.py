"""What a report consists of, independent of the form it takes: sentences, tables and figures in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from junheng.model.reason import Language

Align = Literal["left", "right", "centre"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with more than text. `sub` is a second, quieter line, `tone` a colour class (short1-short4,
    idle1-idle4), `light` a shape class (red, orange, yellow ...), `spark` a small line of numbers."""

    text: str
    sub: str = ""
    tone: str = ""
    light: str = ""
    bold: bool = False
    spark: tuple[float | None, ...] = ()
    spark_actual: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """A column heading with its unit."""

    text: str
    align: Align = "left"
    unit: str = ""
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be read. `more` rows were left out and stand in the workbook."""

    key: str
    caption: str
    head: tuple[Head, ...]
    rows: tuple[tuple[str | Cell, ...], ...]
    note: str = ""
    more: str = ""
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing. `kind` names the function that draws it from `spec`; `title` is the finding."""

    key: str
    kind: Literal["fan", "map", "drivers", "places"]
    title: str
    alt: str
    spec: Any
    note: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `style` is lead, body, note or absent (something is missing, said plainly)."""

    text: str
    style: Literal["lead", "body", "note", "absent"] = "body"


@dataclass(frozen=True, slots=True)
class Grid:
    """Figures set side by side where there is room."""

    figures: tuple[Figure, ...]
    columns: int = 2


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str


Block = Text | Table | Figure | Grid | Heading


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large number with its label and what belongs to it."""

    label: str
    value: str
    unit: str = ""
    detail: str = ""
    lights: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All that is shown, in order, in one language."""

    language: Language
    title: str
    bureau: str
    period: str
    declared: str
    headline: str
    key_figures: tuple[KeyFigure, ...]
    sections: tuple[Section, ...]
    provenance: str
    footer: str
    standards: tuple[str, ...]
    facts: dict[str, Any] = field(default_factory=dict[str, Any])
