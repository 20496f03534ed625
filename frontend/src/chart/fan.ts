/** Actual solid, median ahead dashed, bands 50/80/95 %, seats as steps, what each year rests on. */
import { pair } from "../core/tip";
import type { TipLine } from "../core/tip";
import { colour } from "../core/tokens";
import type { Basis, Break, FanSpec, Mark, Threshold } from "../spec";
import type { Pen } from "./frame";
import { drawing, extent, frame, tickWidth, valueAxis, yearAxis } from "./frame";
import type { Translate } from "./plan";
import type { Point, Shape } from "./shapes";
import { SIZE, SMALL, apart, box, dot, group, line, widest, words } from "./shapes";
import { bands, counted, indexOf, median, place, reachOf, setOut, stepped } from "./time";

const STRIP = 16;
const LINE = 17;

export const fan: Translate<FanSpec> = (spec, { width, ground }) => {
  const { years, actual, ahead, lines = [], thresholds = [], breaks = [], basis = [], marks = [] } = spec;
  const reach = [...reachOf(actual, ahead, lines), ...thresholds.map(({ value }) => value), 0];
  const scale = extent(Math.min(...reach), Math.max(...reach) * 1.04, spec.ticks);
  const labels = [...spec.ends.map(({ text }) => text)];
  const right = (labels.length ? widest(labels, SIZE, 600) : 0) + 14;
  const left = tickWidth(scale);
  const grid = { left, right, top: 30, bottom: 28 + (basis.length ? STRIP + 8 : 0) };
  const height = Math.round(Math.min(Math.max(width * 0.46, 260), 380)) + (basis.length ? STRIP : 0);
  const index = indexOf(years);
  const start = setOut(actual, ahead, breaks);

  const draw = (pen: Pen): Shape =>
    group([
      words(spec.unit, 0, 8, { size: SIZE }),
      ...bands(ahead, start, index, pen),
      ...breaks.map((cut) => parted(cut, index, pen)),
      ...lines.flatMap(({ points }) => stepped(points, index, pen, "secondary", 1.25, [2, 2])),
      ...thresholds.map((limit) => limited(limit, track(spec, index, pen), pen, ground)),
      median(ahead, start, index, pen),
      ...counted(actual, breaks, index, pen),
      ...marks.map((mark) => marked(mark, passing(spec, index, pen), index, pen, ground)),
      ends(spec, pen),
      ...basis.map((part) => rests(part, index, pen, grid.bottom)),
    ]);

  const nothing = group([]);
  return {
    height,
    items: [],
    option: frame(
      grid,
      { x: yearAxis(years, width - left - right), y: valueAxis(scale) },
      drawing(
        years.map((_, at) => [at, scale.min]),
        (at, pen) => (at === 0 ? draw(pen) : nothing),
        { z: 3 },
      ),
      spec.summary,
    ),
    tip: (at) => tip(spec, at),
    along: true,
  };
};

function tip(spec: FanSpec, at: number): TipLine[] {
  const year = spec.years[at];
  if (!year) return [];
  const found = spec.actual.find((point) => point.year === year.year);
  const next = spec.ahead.find((point) => point.year === year.year);
  const lines = (spec.lines ?? []).flatMap(({ label, points }) => {
    const point = points.find((one) => one.year === year.year);
    return pair(label, point?.text);
  });
  return [
    year.text,
    ...pair(spec.words.actual, found?.text),
    ...pair(spec.words.median, next?.text),
    ...pair(spec.words.range, next?.range),
    ...lines,
    ...(spec.basis ?? []).flatMap(({ from, to, text }) => (year.year >= from && year.year <= to ? [text] : [])),
  ];
}

function ends({ ends: wanted }: FanSpec, pen: Pen): Shape {
  const heights = apart(
    wanted.map(({ value }) => pen.at(0, value)[1]),
    LINE,
    pen.y + 2,
    pen.y + pen.height - 4,
  );
  return group(
    wanted.map(({ text, tone = "secondary", strong }, at) =>
      words(text, pen.x + pen.width + 8, heights[at]!, { tone, strong }),
    ),
  );
}

/** Where the curve passes, closely enough to keep words off it. */
function track({ actual, ahead }: FanSpec, index: Map<number, number>, pen: Pen): Point[] {
  const corners = place([...actual, ...ahead], index, pen);
  return corners.flatMap(([x, y], at): Point[] => {
    const [x1, y1] = corners[at + 1] ?? [x, y];
    return [0, 0.25, 0.5, 0.75].map((share) => [x + (x1 - x) * share, y + (y1 - y) * share]);
  });
}

/** A threshold with its words where the curve leaves most room: left or right, above or below the line. */
function limited(limit: Threshold, curve: Point[], pen: Pen, halo: string): Shape {
  const { value, label, citation, tone = "red" } = limit;
  const y = pen.at(0, value)[1];
  const text = [label, citation].filter(Boolean).join(" ");
  const length = Math.min(widest([text], SMALL), pen.width - 4);
  const places = [true, false].flatMap((above) =>
    [pen.x + 2, pen.x + pen.width - length - 2].map((x) => {
      const top = above ? y - 20 : y + 2;
      const met = curve.filter(([cx, cy]) => cx > x - 4 && cx < x + length + 4 && cy > top && cy < top + 18).length;
      return { x, above, met };
    }),
  );
  const { x, above } = places.reduce((best, one) => (one.met < best.met ? one : best));
  return group([
    line(
      [
        [pen.x, y],
        [pen.x + pen.width, y],
      ],
      { tone },
    ),
    words(text, x, y + (above ? -4 : 5), { tone, size: SMALL, at: above ? "bottom" : "top", halo, within: length + 2 }),
  ]);
}

/** A named point; its words stand above it, higher where lines or bands pass there. */
function marked(mark: Mark, obstacles: Point[], index: Map<number, number>, pen: Pen, halo: string): Shape | null {
  const [point] = place([mark], index, pen);
  if (!point) return null;
  const share = (point[0] - pen.x) / pen.width;
  const align = share < 0.2 ? "left" : share > 0.8 ? "right" : "center";
  const length = widest([mark.text]);
  const left = point[0] - (align === "left" ? 0 : align === "right" ? length : length / 2);
  const heights = [8, 16, 24, 32, 40].map((up) => point[1] - up).filter((y) => y - SIZE > 12);
  const met = (y: number): number =>
    obstacles.filter(([x, at]) => x > left - 4 && x < left + length + 4 && at > y - SIZE - 3 && at < y + 3).length;
  const best = heights.reduce((one, other) => (met(other) < met(one) ? other : one), point[1] - 8);
  return group([
    dot(...point, 3.5, colour("ink"), colour("paper")),
    words(mark.text, point[0], best, { tone: "ink", align, at: "bottom", halo }),
  ]);
}

/** Where step lines and the upper edges of bands pass, besides the curve itself. */
function passing(spec: FanSpec, index: Map<number, number>, pen: Pen): Point[] {
  const steps = (spec.lines ?? []).flatMap(({ points }) =>
    place(points, index, pen).flatMap(([x, y]): Point[] =>
      [-0.5, -0.25, 0, 0.25, 0.5].map((share) => [x + share * pen.step, y]),
    ),
  );
  const edges = spec.ahead.flatMap(({ year, bands: given }) =>
    Object.values(given).flatMap(([, high]) => place([{ year, value: high, text: "" }], index, pen)),
  );
  return [...steps, ...edges, ...track(spec, index, pen)];
}

function parted({ year, label }: Break, index: Map<number, number>, pen: Pen): Shape | null {
  const at = index.get(year);
  if (at === undefined) return null;
  const x = pen.at(at, 0)[0] - pen.step / 2;
  return group([
    line(
      [
        [x, pen.y],
        [x, pen.y + pen.height],
      ],
      { tone: "rule", dash: [2, 3] },
    ),
    words(label, x + 5, pen.y + pen.height - 4, { size: SMALL, at: "bottom" }),
  ]);
}

function rests({ from, to, kind, text }: Basis, index: Map<number, number>, pen: Pen, room: number): Shape | null {
  const first = index.get(from);
  const last = index.get(to);
  if (first === undefined || last === undefined) return null;
  const left = pen.at(first, 0)[0] - pen.step / 2;
  const length = pen.at(last, 0)[0] + pen.step / 2 - left;
  const y = pen.y + pen.height + room - STRIP;
  const dark = kind === "counted" || kind === "known";
  return group([
    box(left, y, length - 1, STRIP, colour(`strip-${kind}`), { silent: true }),
    widest([text], SMALL) + 6 < length &&
      words(text, left + length / 2, y + STRIP / 2, { size: SMALL, tone: dark ? "paper" : "ink", align: "center" }),
  ]);
}
