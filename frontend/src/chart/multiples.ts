/** Small fans on one scale, so that heights compare across panels. */
import { pair } from "../core/tip";
import type { TipLine } from "../core/tip";
import { colour } from "../core/tokens";
import { textWidth } from "../core/type";
import type { MultiplesSpec } from "../spec";
import type { Pen } from "./frame";
import { drawing, extent, frame, hiddenAxis, tickWidth } from "./frame";
import type { Context, Translate } from "./plan";
import type { Shape } from "./shapes";
import { SIZE, SMALL, box, dot, group, line, words } from "./shapes";
import { bands, counted, indexOf, median, place, reachOf, setOut, stepped } from "./time";

const HEAD = 26;
const PLOT = 92;
const FOOT = 20;
const GAP = 20;
const TOP = 20;

export const multiples: Translate<MultiplesSpec> = (spec, context: Context) => {
  const { panels, years } = spec;
  const reach = panels.flatMap(({ actual, ahead, lines }) => reachOf(actual, ahead, lines));
  const scale = extent(Math.min(0, ...reach), Math.max(...reach), spec.ticks, 3);
  const left = tickWidth(scale);
  const fit = Math.max(1, Math.floor((context.width - left + GAP) / ((context.width < 480 ? 145 : 185) + GAP)));
  const down = Math.ceil(panels.length / Math.min(fit, 5));
  const columns = Math.ceil(panels.length / down);
  const wide = (context.width - left - GAP * (columns - 1)) / columns;
  const tall = HEAD + PLOT + FOOT;
  const index = indexOf(years);

  const draw = (at: number): Shape => {
    const panel = panels[at]!;
    const x = left + (at % columns) * (wide + GAP);
    const y = TOP + Math.floor(at / columns) * tall + HEAD;
    const step = wide / years.length;
    const rise = (value: number): number => y + PLOT * (1 - (value - scale.min) / (scale.max - scale.min));
    const pen: Pen = {
      x,
      y,
      width: wide,
      height: PLOT,
      step,
      at: (across, up) => [x + (across + 0.5) * step, rise(up)],
    };
    const start = setOut(panel.actual, panel.ahead, panel.breaks);
    const end = place(panel.ahead.length ? panel.ahead : panel.actual, index, pen).at(-1);
    const chosen = panel.key !== undefined && panel.key === context.selected;
    const number = textWidth(panel.text, SIZE, 600);
    const lowest = at + columns >= panels.length;
    return group([
      box(x - 6, y - HEAD + 1, wide + 12, HEAD + PLOT + 4, "transparent", {
        cursor: panel.href || panel.key ? "pointer" : "default",
        emphasis: { style: { fill: colour("band-95") } },
      }),
      at === 0 && words(spec.unit, 0, 8),
      ...scale.ticks.map(({ value }) =>
        line(
          [
            [x, rise(value)],
            [x + wide, rise(value)],
          ],
          { tone: value === 0 ? "rule" : "hairline" },
        ),
      ),
      ...(at % columns === 0
        ? scale.ticks.map(({ value, text }) => words(text, left - 8, rise(value), { size: SMALL, align: "right" }))
        : []),
      ...bands(panel.ahead, start, index, pen),
      ...(panel.lines ?? []).flatMap(({ points }) => stepped(points, index, pen, "secondary", 1, [2, 2])),
      median(panel.ahead, start, index, pen, 1.5),
      ...counted(panel.actual, panel.breaks, index, pen, 1.5),
      end && dot(...end, 2.5, colour(panel.ahead.length ? "accent" : "ink")),
      chosen &&
        line(
          [
            [x, y - HEAD + 2],
            [x + wide, y - HEAD + 2],
          ],
          { tone: "accent", width: 2 },
        ),
      words(panel.title, x, y - HEAD / 2, { tone: "ink", strong: true, within: wide - number - 10, cut: true }),
      words(panel.text, x + wide, y - HEAD / 2, {
        tone: panel.ahead.length ? "accent" : "ink",
        align: "right",
        strong: true,
      }),
      lowest && words(years[0]?.text ?? "", x, y + PLOT + 11, { size: SMALL }),
      lowest && words(years.at(-1)?.text ?? "", x + wide, y + PLOT + 11, { size: SMALL, align: "right" }),
    ]);
  };
  return {
    height: TOP + down * tall,
    items: panels,
    option: frame(
      { left: 0, right: 0, top: 0, bottom: 0 },
      { x: hiddenAxis({ type: "value", min: 0, max: 1 }), y: hiddenAxis({ type: "value", min: 0, max: 1 }) },
      drawing(
        panels.map(() => [0, 0]),
        draw,
        { z: 3 },
      ),
      spec.summary,
    ),
    tip: (at) => tip(spec, at),
  };
};

function tip({ panels, words: { actual, median: middle, range } }: MultiplesSpec, at: number): TipLine[] {
  const panel = panels[at];
  if (!panel) return [];
  const now = panel.actual.at(-1);
  const end = panel.ahead.at(-1);
  return [
    panel.title,
    ...pair(`${now?.year} ${actual}`, now?.text),
    ...pair(`${end?.year} ${middle}`, end?.text),
    ...pair(range, end?.range),
    ...(panel.lines ?? []).flatMap(({ label, points }) => pair(label, points.at(-1)?.text)),
  ];
}
