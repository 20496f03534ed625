/** Two or three moments side by side, one line a unit, named at its ends. */
import { pair } from "../core/tip";
import { colour } from "../core/tokens";
import type { Quantity, SlopeSpec } from "../spec";
import type { Pen } from "./frame";
import { drawing, frame, hiddenAxis } from "./frame";
import type { Context, Translate } from "./plan";
import type { Point, Shape } from "./shapes";
import { SIZE, apart, dot, group, words, widest } from "./shapes";

const LINE = 17;
const HEAD = 56;

export const slope: Translate<SlopeSpec> = (spec, context: Context) => {
  const { columns, lines } = spec;
  const last = columns.length - 1;
  const firstText = (at: number): string => lines[at]?.points[0]?.text ?? "";
  const lastText = (at: number): string => [lines[at]?.points[last]?.text, lines[at]?.label].filter(Boolean).join("  ");
  const every = lines.map((_, at) => at);
  const grid = {
    left: widest(every.map(firstText), SIZE, 600) + 14,
    right: Math.min(widest(every.map(lastText), SIZE, 600) + 14, Math.round(context.width * 0.5)),
    top: HEAD,
    bottom: 10,
  };
  const values = lines.flatMap(({ points }) => points.flatMap((point) => (point ? [point.value] : [])));
  const height = Math.round(Math.min(Math.max(lines.length * 26, 220), 460)) + HEAD;

  /** Heights of the labels of one side, where the points are known. */
  const heights = (column: number, pen: Pen): Map<number, number> => {
    const known = every.filter((at) => lines[at]?.points[column]);
    const wanted = known.map((at) => pen.at(column, lines[at]!.points[column]!.value)[1]);
    const placed = apart(wanted, LINE, pen.y - 4, pen.y + pen.height + 4);
    return new Map(known.map((at, index) => [at, placed[index]!]));
  };

  const draw = (at: number, pen: Pen): Shape => {
    const one = lines[at]!;
    const tone = one.tone ?? "accent";
    const strong = one.strong === true || (one.key !== undefined && one.key === context.selected);
    const points = one.points.map((point, column) => (point ? pen.at(column, point.value) : null));
    const stroke = { stroke: colour(tone), lineWidth: strong ? 3 : 1.5, fill: "none" };
    return group([
      at === 0 && words(spec.unit, 0, 8),
      ...(at === 0
        ? columns.map(({ text }, column) => words(text, pen.at(column, 0)[0], 36, { align: "center" }))
        : []),
      ...runs(points).map((run) => ({
        type: "polyline",
        shape: { points: run },
        style: stroke,
        cursor: one.href || one.key ? "pointer" : "default",
        emphasis: { style: { ...stroke, lineWidth: 3.5 } },
      })),
      ...points.flatMap((point) => (point ? [dot(...point, 3.5, colour(tone))] : [])),
      side(heights(0, pen).get(at), firstText(at), pen.at(0, 0)[0] - 8, "right", strong, grid.left - 8),
      side(heights(last, pen).get(at), lastText(at), pen.at(last, 0)[0] + 8, "left", strong, grid.right - 8),
      ...between(one.points, points, last, context.ground),
    ]);
  };
  return {
    height,
    items: lines,
    option: frame(
      grid,
      {
        x: hiddenAxis({ type: "value", min: 0, max: last }),
        y: hiddenAxis({ type: "value", min: Math.min(...values), max: Math.max(...values) }),
      },
      drawing(
        lines.map(() => [0, Math.min(...values)]),
        draw,
        { z: 3 },
      ),
      spec.summary,
    ),
    tip: (at) => {
      const one = lines[at];
      if (!one) return [];
      return [one.label, ...columns.flatMap(({ text }, column) => pair(text, one.points[column]?.text))];
    },
  };
};

type Align = "left" | "right";

function side(
  y: number | undefined,
  text: string,
  x: number,
  align: Align,
  strong: boolean,
  room: number,
): Shape | null {
  return y === undefined ? null : words(text, x, y, { tone: "ink", align, strong, within: room, cut: true });
}

/** Values of the moments in the middle stand at their dots. */
function between(given: (Quantity | null)[], points: (Point | null)[], last: number, halo: string): Shape[] {
  return points.flatMap((point, column) => {
    const text = given[column]?.text;
    if (!point || !text || column === 0 || column === last) return [];
    return [words(text, point[0], point[1] - 8, { tone: "ink", align: "center", at: "bottom", halo })];
  });
}

function runs(points: (Point | null)[]): Point[][] {
  const result: Point[][] = [[]];
  for (const point of points) {
    if (point) result.at(-1)!.push(point);
    else result.push([]);
  }
  return result.filter((run) => run.length > 1);
}
