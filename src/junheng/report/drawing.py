"""From a figure to SVG for pages and PNG for documents: same drawing, same type, same bytes each time."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas

from junheng.report import charts, fonts, maps
from junheng.report.content import Figure
from junheng.report.tokens import colour

DPI = 200
_PAINTERS: dict[str, tuple[Callable[..., float], Callable[..., None]]] = {
    "fan": (charts.fan_height, charts.fan),
    "drivers": (charts.drivers_height, charts.drivers),
    "map": (maps.map_height, maps.choropleth),
    "places": (maps.places_height, maps.places),
}


def _settings(key: str) -> dict[Any, Any]:
    return {
        "font.family": [fonts.register()],
        "font.size": 9.0,
        "svg.fonttype": "none",
        "svg.hashsalt": key,
        "path.simplify": False,
        "axes.edgecolor": colour("hairline"),
        "axes.linewidth": 0.8,
        "axes.labelcolor": colour("secondary"),
        "axes.unicode_minus": True,
        "text.color": colour("ink"),
        "xtick.color": colour("hairline"),
        "ytick.color": colour("hairline"),
        "xtick.labelcolor": colour("secondary"),
        "ytick.labelcolor": colour("secondary"),
        "hatch.linewidth": 0.5,
    }


def _paint(figure: Figure, width: float) -> Canvas:
    height_of, paint = _PAINTERS[figure.kind]
    canvas = Canvas(figsize=(width, height_of(figure.spec, width)))
    canvas.patch.set_alpha(0.0)
    paint(canvas, figure.spec, width)
    return canvas


def svg(figure: Figure, width: float) -> str:
    """SVG element for embedding in a page, `width` inches wide by nature, scaling to its box.

    Text stays text in the page's font. Ids carry the figure's key, so several can share a page.
    """
    with mpl.rc_context(_settings(figure.key)):
        canvas = _paint(figure, width)
        FigureCanvasSVG(canvas)
        held = io.StringIO()
        canvas.savefig(held, format="svg", metadata={"Date": None, "Creator": None})
    return _embeddable(held.getvalue(), figure)


def png(figure: Figure, width: float) -> bytes:
    """PNG at 200 dpi on white, `width` inches wide."""
    with mpl.rc_context(_settings(figure.key)), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        canvas = _paint(figure, width)
        canvas.patch.set_alpha(1.0)
        FigureCanvasAgg(canvas)
        held = io.BytesIO()
        canvas.savefig(held, format="png", dpi=DPI, facecolor="#FFFFFF", metadata={"Software": None})
    return held.getvalue()


_NUMBER = re.compile(r"-?\d+\.\d{2,}")


def _embeddable(text: str, figure: Figure) -> str:
    body = text[text.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.S)
    body = re.sub(r"<!--.*?-->", "", body, flags=re.S)
    body = re.sub(r"<style.*?</style>", "", body, flags=re.S)  # it would reach beyond the drawing
    body = re.sub(r"<defs>\s*</defs>", "", body)
    view = re.search(r'viewBox="([^"]+)"', body)
    box = view.group(1) if view else "0 0 100 100"
    body = body[body.index(">") + 1 :]
    body = _NUMBER.sub(lambda match: f"{float(match.group()):.1f}".removesuffix(".0"), body)
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', body))
    body = re.sub(
        r' id="([^"]+)"',
        lambda match: f' id="{figure.key}-{match.group(1)}"' if match.group(1) in used else "",
        body,
    )
    body = re.sub(r"url\(#", f"url(#{figure.key}-", body)
    body = re.sub(r'(xlink:)?href="#', f'href="#{figure.key}-', body)
    body = re.sub(r"\n\s*", "\n", body).replace("font: ", "font:")
    body = body.replace("<g>\n</g>\n", "")
    alt = figure.alt.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f'<svg viewBox="{box}" role="img" aria-label="{alt}" focusable="false">{body.strip()}'
