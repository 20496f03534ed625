"""Maps of a region's areas: small multiples coloured by class, and a plain map of areas and schools.

Coordinates are brought to an equirectangular plane about the middle latitude and snapped to a fine grid, the
same for all areas, so that shared borders stay shared and the drawing stays small. matplotlib comes in only
to paint: pages describe maps and never paint.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from junheng.report.charts import text_width
from junheng.report.tokens import colour, ramp

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.patches import PathPatch

GRID = 900
SMALLER = 0.75
CODE_PROPERTIES = ("area_code", "code", "adcode", "id")
Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Shapes:
    """Areas on a plane: `rings` by area code, `size` (width, height) in grid units, `points` of schools."""

    rings: dict[str, tuple[Ring, ...]]
    size: tuple[float, float]
    points: tuple[tuple[float, float], ...] = ()


def shapes(boundaries: Mapping[str, Any], places: Iterable[tuple[float, float]] = ()) -> Shapes:
    """Rings by area code from GeoJSON polygons and multipolygons; places are (longitude, latitude)."""
    raw: dict[str, list[list[tuple[float, float]]]] = {}
    for feature in boundaries.get("features", ()):
        properties = feature.get("properties") or {}
        code = next((properties[name] for name in CODE_PROPERTIES if properties.get(name)), feature.get("id"))
        geometry = feature.get("geometry") or {}
        parts = geometry.get("coordinates") or []
        polygons = [parts] if geometry.get("type") == "Polygon" else parts
        if code is None or geometry.get("type") not in ("Polygon", "MultiPolygon"):
            continue
        held = raw.setdefault(str(code), [])
        held += [[(float(p[0]), float(p[1])) for p in ring] for polygon in polygons for ring in polygon]
    everywhere = [p for rings in raw.values() for ring in rings for p in ring]
    if not everywhere:
        return Shapes({}, (1.0, 1.0))
    west, east = min(p[0] for p in everywhere), max(p[0] for p in everywhere)
    south, north = min(p[1] for p in everywhere), max(p[1] for p in everywhere)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = GRID / max((east - west) * shrink, north - south, 1e-9)

    def plane(point: tuple[float, float]) -> tuple[float, float]:
        return (round((point[0] - west) * shrink * scale), round((point[1] - south) * scale))

    rings = {code: tuple(_snapped(held, plane)) for code, held in sorted(raw.items())}
    inside = [p for p in places if west <= p[0] <= east and south <= p[1] <= north]
    return Shapes(
        rings,
        ((east - west) * shrink * scale or 1.0, (north - south) * scale or 1.0),
        tuple(plane(p) for p in inside),
    )


def _snapped(rings: list[list[tuple[float, float]]], plane: Any) -> list[Ring]:
    kept: list[Ring] = []
    for ring in rings:
        points: list[tuple[float, float]] = []
        for point in map(plane, ring):
            if not points or point != points[-1]:
                points.append(point)
        if len(points) > 3:
            kept.append(tuple(points))
    return kept


@dataclass(frozen=True, slots=True)
class Panels:
    """Small multiples: (row title, [(panel title, class by area code)]), class names and notes.

    Classes count from 0; an area without a class has no data. `strong` is the class from which
    areas are named. `tones` names a colour for each class; without them they are those of `ramp`.
    """

    shapes: Shapes
    rows: tuple[tuple[str, tuple[tuple[str, dict[str, int]], ...]], ...]
    classes: tuple[str, ...]
    no_data: str
    names: dict[str, str]
    strong: int
    ramp: str = "risk"
    tones: tuple[str, ...] = ()


_TITLE, _LEGEND, _ROW_TITLE = 0.24, 0.34, 0.26


def _panel(spec: Panels, width: float) -> tuple[float, float]:
    columns = max(len(panels) for _, panels in spec.rows)
    inside = width / columns - 0.08
    ratio = spec.shapes.size[1] / spec.shapes.size[0]
    height = min(inside * ratio, inside * 1.15)
    return inside, height


def map_height(spec: Panels, width: float) -> float:
    """Height in inches of all rows with titles and the legend."""
    return len(spec.rows) * (_panel(spec, width)[1] + _TITLE + _ROW_TITLE) + _LEGEND


def choropleth(canvas: Canvas, spec: Panels, width: float) -> None:
    """Areas coloured by class, one panel a year, one row a stage.

    Strong areas are named, areas without a class hatched."""
    inside, panel_height = _panel(spec, width)
    height = map_height(spec, width)
    tones = [colour(name) for name in spec.tones] or ramp(spec.ramp, len(spec.classes))
    top = height
    for row_title, panels in spec.rows:
        top -= _ROW_TITLE
        canvas.text(
            0.02 / width, (top + 0.06) / height, row_title, fontsize=10, fontweight="bold", va="bottom"
        )
        top -= panel_height + _TITLE
        for column, (title, classes) in enumerate(panels):
            x = column * (inside + 0.08) + 0.02
            canvas.text(
                x / width,
                (top + panel_height + 0.05) / height,
                title,
                fontsize=8.5,
                color=colour("secondary"),
            )
            axes = _axes(
                canvas, spec.shapes, (x / width, top / height, inside / width, panel_height / height)
            )
            for code, rings in spec.shapes.rings.items():
                kind = classes.get(code)
                empty = kind is None
                face, edge = (colour("paper"), "rule") if empty else (tones[kind], "map-line")
                patch = _patch(rings, face, edge, 0.5)
                patch.set_hatch("////" if empty else "")
                axes.add_patch(patch)
            named = [code for code in spec.shapes.rings if classes.get(code, -1) >= spec.strong]
            named.sort(key=lambda code: (-classes[code], code))
            _labels(
                axes,
                spec.shapes,
                [(code, spec.names.get(code, code)) for code in named],
                7.5,
            )
    _legend(canvas, spec, tones, width, height)


def _legend(canvas: Canvas, spec: Panels, tones: Sequence[str], width: float, height: float) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - see above

    x = 0.02
    shown: list[tuple[str, str, str]] = [
        (tone, word, "") for tone, word in zip(tones, spec.classes, strict=True)
    ]
    panels = [classes for _, row in spec.rows for _, classes in row]
    if any(code not in classes for classes in panels for code in spec.shapes.rings):
        shown.append((colour("paper"), spec.no_data, "////"))
    for tone, word, hatch in shown:
        canvas.add_artist(
            Rectangle(
                (x / width, 0.08 / height),
                0.2 / width,
                0.12 / height,
                transform=canvas.transFigure,
                facecolor=tone,
                edgecolor=colour("rule"),
                linewidth=0.4,
                hatch=hatch,
            )
        )
        canvas.text(
            (x + 0.26) / width, 0.14 / height, word, fontsize=8.5, va="center", color=colour("secondary")
        )
        x += 0.42 + text_width(word, 8.5) / 72


@dataclass(frozen=True, slots=True)
class Places:
    """Areas with names, and schools as dots."""

    shapes: Shapes
    names: dict[str, str]


def places_height(spec: Places, width: float) -> float:
    """Height in inches, at most 0.8 of the width."""
    return min(width * spec.shapes.size[1] / spec.shapes.size[0], width * 0.8)


def places(canvas: Canvas, spec: Places, _: float) -> None:
    """Outlines with names; schools as small dots."""
    axes = _axes(canvas, spec.shapes, (0.005, 0.005, 0.99, 0.99))
    for rings in spec.shapes.rings.values():
        axes.add_patch(_patch(rings, colour("paper"), "rule", 0.6))
    if spec.shapes.points:
        axes.plot(
            [p[0] for p in spec.shapes.points],
            [p[1] for p in spec.shapes.points],
            linestyle="none",
            marker="o",
            markersize=2.6,
            color=colour("accent"),
            markeredgewidth=0,
        )
    _labels(
        axes,
        spec.shapes,
        [(code, spec.names.get(code, code)) for code in spec.shapes.rings],
        8.0,
    )


def _axes(canvas: Canvas, drawn: Shapes, box: tuple[float, float, float, float]) -> Axes:
    axes = canvas.add_axes(box)
    axes.set_xlim(-2, drawn.size[0] + 2)
    axes.set_ylim(-2, drawn.size[1] + 2)
    axes.set_aspect("equal")
    axes.axis("off")
    return axes


def _patch(rings: Sequence[Ring], face: str, edge: str, width: float) -> PathPatch:
    from matplotlib.patches import PathPatch  # noqa: PLC0415 - see above
    from matplotlib.path import Path  # noqa: PLC0415 - see above

    points: list[tuple[float, float]] = []
    codes: list[Any] = []
    for ring in rings:
        points += ring
        codes += [Path.MOVETO, *[Path.LINETO] * (len(ring) - 2), Path.CLOSEPOLY]
    return PathPatch(
        Path(points or [(0, 0)], codes or [Path.MOVETO]),
        facecolor=face,
        edgecolor=colour(edge),
        linewidth=width,
        joinstyle="round",
        clip_on=False,
    )


def _labels(axes: Axes, drawn: Shapes, wanted: Sequence[tuple[str, str]], size: float) -> None:
    """Names at the middle of their areas; one that would touch another is set smaller, or left out."""
    extent = axes.get_window_extent()
    scale = (
        min(extent.width / (drawn.size[0] + 4), extent.height / (drawn.size[1] + 4)) * 72 / axes.figure.dpi
    )
    taken: list[tuple[float, float, float, float]] = []
    left = list(wanted)
    for points in (size, size * SMALLER):
        again: list[tuple[str, str]] = []
        for code, name in left:
            if not drawn.rings[code]:
                continue
            x, y = middle(drawn.rings[code])
            half, high = text_width(name, points) / 2 / scale, points * 0.62 / scale
            box = (x - half, y - high, x + half, y + high)
            if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
                again.append((code, name))
                continue
            taken.append(box)
            frame = {
                "boxstyle": "round,pad=0.1",
                "facecolor": colour("paper"),
                "edgecolor": "none",
                "alpha": 0.82,
            }
            axes.text(x, y, name, ha="center", va="center", fontsize=points, clip_on=False, bbox=frame)
        left = again


def middle(rings: Sequence[Ring]) -> tuple[float, float]:
    """Centroid of the largest ring (shoelace)."""
    best, best_area = rings[0], -1.0
    for ring in rings:
        area = abs(_area(ring))
        if area > best_area:
            best, best_area = ring, area
    area = _area(best)
    if not area:
        return best[0]
    x = sum((x0 + x1) * (x0 * y1 - x1 * y0) for (x0, y0), (x1, y1) in pairwise(best))
    y = sum((y0 + y1) * (x0 * y1 - x1 * y0) for (x0, y0), (x1, y1) in pairwise(best))
    return x / (6 * area), y / (6 * area)


def _area(ring: Ring) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring)) / 2
