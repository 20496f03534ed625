/** Lines over years: pieces, bands, steps. Shared by fan, small multiples and step path. */
import { colour } from "../core/tokens";
import type { Ahead, Break, Dated, StepLine, Year } from "../spec";
import type { Pen } from "./frame";
import type { Point, Shape } from "./shapes";
import { area, dot, line } from "./shapes";

export const BANDS = ["95", "80", "50"] as const;

export function indexOf(years: Year[]): Map<number, number> {
  return new Map(years.map(({ year }, index) => [year, index]));
}

/** Cut where a year is missing or a break lies: gaps are shown, not bridged. */
export function pieces(points: Dated[], breaks: Break[] = []): Dated[][] {
  const cuts = new Set(breaks.map(({ year }) => year));
  const result: Dated[][] = [];
  for (const point of points) {
    const piece = result.at(-1);
    const before = piece?.at(-1);
    if (piece && before && point.year - before.year === 1 && !cuts.has(point.year)) piece.push(point);
    else result.push([point]);
  }
  return result;
}

/** The last counted point, from which the years ahead set out; none where a break parts them. */
export function setOut(actual: Dated[], ahead: Ahead[], breaks: Break[] = []): Dated | undefined {
  const last = actual.at(-1);
  const first = ahead[0];
  if (!last || !first || first.year - last.year !== 1) return undefined;
  return breaks.some(({ year }) => year === first.year) ? undefined : last;
}

export function place(points: Dated[], index: Map<number, number>, pen: Pen): Point[] {
  return points.flatMap(({ year, value }) => {
    const at = index.get(year);
    return at === undefined ? [] : [pen.at(at, value)];
  });
}

export function bands(ahead: Ahead[], start: Dated | undefined, index: Map<number, number>, pen: Pen): Shape[] {
  return BANDS.flatMap((share) => {
    const known = ahead.filter(({ bands: given }) => given[share]);
    if (!known.length) return [];
    const edge = (side: 0 | 1): Point[] => {
      const points = known.map(({ year, text, bands: given }) => ({ year, text, value: given[share]![side] }));
      return place(start ? [start, ...points] : points, index, pen);
    };
    return [area([...edge(1), ...edge(0).reverse()], `band-${share}`)];
  });
}

export function counted(
  actual: Dated[],
  breaks: Break[] | undefined,
  index: Map<number, number>,
  pen: Pen,
  width = 2,
): Shape[] {
  return pieces(actual, breaks).map((piece) => {
    const points = place(piece, index, pen);
    const only = points.length === 1 ? points[0] : undefined;
    return only ? dot(...only, width + 0.5, colour("ink")) : line(points, { tone: "ink", width });
  });
}

export function median(
  ahead: Ahead[],
  start: Dated | undefined,
  index: Map<number, number>,
  pen: Pen,
  width = 2,
): Shape {
  return line(place(start ? [start, ...ahead] : ahead, index, pen), { tone: "accent", width, dash: [5, 4] });
}

/** Each year level, rising halfway to the next. */
export function stepped(
  points: Dated[],
  index: Map<number, number>,
  pen: Pen,
  tone: string,
  width = 1,
  dash?: number[],
): Shape[] {
  return pieces(points).map((piece) => {
    const corners = place(piece, index, pen).flatMap(([x, y]): Point[] => [
      [x - pen.step / 2, y],
      [x + pen.step / 2, y],
    ]);
    return line(corners, { tone, width, dash });
  });
}

export function reachOf(actual: Dated[], ahead: Ahead[], lines: StepLine[] = []): number[] {
  return [
    ...actual.map(({ value }) => value),
    ...ahead.flatMap(({ value, bands: given }) => [value, ...Object.values(given).flat()]),
    ...lines.flatMap(({ points }) => points.map(({ value }) => value)),
  ];
}
