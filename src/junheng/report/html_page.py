"""The report as one self-contained page: style, type and drawings inside, no request to anywhere."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from junheng.model.reason import Language
from junheng.report import drawing, fonts, wording
from junheng.report import format as fmt
from junheng.report.annual_report import assemble
from junheng.report.content import Cell, Figure, Report
from junheng.report.reading import ReportInput
from junheng.report.suppression import Audience, Protection
from junheng.report.tokens import stylesheet

WIDE, HALF = 9.6, 4.6
"""Natural width of drawings in inches: across the page, and two side by side."""

_FONT_FACE = (
    '@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: normal; '
    'src: url(data:font/woff2;base64,{data}) format("woff2"); }}'
)


def html(
    source: ReportInput,
    *,
    language: Language = "zh",
    audience: Audience = "bureau",
    minimum: int = 10,
) -> str:
    """The annual report as self-contained HTML. Same input, same text.

    `audience="public"` hides counts of children below `minimum` at school and town level and shows
    boundaries only with a map approval number. Refused when the packaged fonts are missing.
    """
    return page(assemble(source, language, Protection(audience, minimum)))


def page(report: Report) -> str:
    """An assembled report as HTML."""

    def say(code: str) -> str:
        return wording.say(f"report.{code}", report.language)

    def number(index: int) -> str:
        return fmt.numeral(index, report.language) + ("、" if report.language == "zh" else ". ")

    body = _template().render(
        report=report,
        style=Markup(stylesheet()),  # noqa: S704 - our own file
        say=say,
        number=number,
        drawn=_drawn,
        sparkline=_sparkline,
        wide=WIDE,
        half=HALF,
    )
    body = "\n".join(line for line in body.splitlines() if line.strip()) + "\n"
    regular, bold = characters(body)
    faces = [
        _FONT_FACE.format(family=fonts.FAMILY, weight=weight, data=fonts.woff2(text, weight))
        for weight, text in ((400, regular), (700, bold))
    ]
    return body.replace("@@FONTS@@", "\n".join(faces))


@cache
def _template() -> jinja2.Template:
    folder = Path(__file__).parent / "templates"
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["marked"] = _marked
    environment.filters["css_string"] = _css_string
    return environment.get_template("annual_report.html.j2")


def _marked(text: str) -> Markup:
    """Escaped text in which <b> and </b> of our own sentences set bold."""
    safe = str(escape(text)).replace("&lt;b&gt;", "<b>").replace("&lt;/b&gt;", "</b>")
    return Markup(safe)  # noqa: S704 - escaped the line before


def _css_string(text: str) -> Markup:
    """A CSS string that cannot end itself, the rule or the style element."""
    safe = "".join(c if c.isalnum() or c in " ·—–-，。：、（）" else f"\\{ord(c):x} " for c in text)
    return Markup(f'"{safe}"')  # noqa: S704 - every other character is escaped by code point


def _drawn(figure: Figure, width: float) -> Markup:
    return Markup(drawing.svg(figure, width))  # noqa: S704 - matplotlib escapes text; labels escape alt


def _sparkline(cell: Cell) -> Markup:
    """History solid and forecast dashed, 84 by 20, zero at the bottom."""
    values = [value or 0.0 for value in cell.spark]
    top = max(values) or 1.0
    step = 80 / max(len(values) - 1, 1)
    points = [f"{2 + i * step:.1f},{18 - value / top * 16:.1f}" for i, value in enumerate(values)]
    seam = max(cell.spark_actual, 1)
    lines = f'<polyline class="actual" points="{" ".join(points[:seam])}"/>'
    if len(points) > seam:
        lines += f'<polyline class="ahead" points="{" ".join(points[seam - 1 :])}"/>'
    return Markup(  # noqa: S704 - numbers only
        f'<svg class="spark" width="84" height="20" viewBox="0 0 84 20" aria-hidden="true">{lines}</svg>'
    )


class _Characters(HTMLParser):
    """Collects the characters set regular and those set bold."""

    BOLD = ("h1", "h2", "h3", "b", "th", "caption", "figcaption", "dd")
    VOID = ("meta", "br", "path", "polyline", "use", "link")

    def __init__(self) -> None:
        super().__init__()
        self.depth: list[bool] = [False]
        self.regular: set[str] = set()
        self.bold: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        style, kind = held.get("style") or "", held.get("class") or ""
        heavy = tag in self.BOLD or "light" in kind or "font:700" in style or "font:bold" in style
        if tag not in self.VOID:
            self.depth.append(self.depth[-1] or heavy)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without content changes nothing."""

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID and len(self.depth) > 1:
            self.depth.pop()

    def handle_data(self, data: str) -> None:
        (self.bold if self.depth[-1] else self.regular).update(data)
        if not self.depth[-1]:
            return
        self.regular.update(data)  # cheap, and safe where a style sets bold text back to regular


def characters(body: str) -> tuple[str, str]:
    """Characters of a page set in regular weight and in bold."""
    reader = _Characters()
    reader.feed(body)
    return "".join(sorted(reader.regular)), "".join(sorted(reader.bold))
