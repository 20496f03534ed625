/** Signed bars from zero, one row each, with their range as a whisker. */
import { pair } from "../core/tip";
import { colour } from "../core/tokens";
import type { BarsSpec } from "../spec";
import { drawing, frame, hiddenAxis, rowAxis } from "./frame";
import type { Context, Translate } from "./plan";
import { row, rowsFor, upright } from "./rows";
import { SIZE, box, group, line, widest, words } from "./shapes";

const THICK = 14;
const TONES = { short: ["red", "band-50"], plain: ["accent", "bar-down"] } as const;

export const bars: Translate<BarsSpec> = (spec, context: Context) => {
  const { items, thresholds = [] } = spec;
  const rows = rowsFor(
    items.map(({ label }) => label),
    context.width,
  );
  const reach = [
    0,
    ...items.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]),
    ...thresholds.map(({ value }) => value),
  ];
  const below = items.filter(({ value }) => value < 0);
  const above = items.filter(({ value }) => value >= 0);
  const room = (some: typeof items): number =>
    some.length
      ? widest(
          some.map(({ text }) => text),
          SIZE,
          600,
        ) + 10
      : 4;
  const grid = { left: rows.label + room(below), right: room(above), top: rows.top, bottom: 6 };
  const [up, down] = TONES[spec.tones];

  const series = drawing(
    items.map((_, at) => [0, at]),
    (at, pen) => {
      const item = items[at]!;
      const [x, y] = pen.at(item.value, at);
      const zero = pen.at(0, at)[0];
      const ends = [
        x,
        ...(item.low === undefined ? [] : [pen.at(item.low, at)[0]]),
        ...(item.high === undefined ? [] : [pen.at(item.high, at)[0]]),
      ];
      const right = item.value >= 0;
      const outer = right ? Math.max(...ends, zero) : Math.min(...ends, zero);
      return group([
        row(item.label, item, rows, y, context, item.strong),
        box(zero, y - THICK / 2, x - zero, THICK, colour(right ? up : down), { silent: true }),
        item.low !== undefined &&
          item.high !== undefined &&
          line(
            [
              [pen.at(item.low, at)[0], y],
              [pen.at(item.high, at)[0], y],
            ],
            { tone: "ink" },
          ),
        words(item.text, outer + (right ? 6 : -6), y, {
          tone: "ink",
          align: right ? "left" : "right",
          strong: item.strong,
        }),
        at === 0 && words(spec.unit, 0, 10),
        at === items.length - 1 && upright(zero, pen, "rule"),
        ...(at === items.length - 1
          ? thresholds.map(({ value, label, citation, tone = "red" }) =>
              upright(pen.at(value, at)[0], pen, tone, [label, citation].filter(Boolean).join(" ")),
            )
          : []),
      ]);
    },
    { z: 3 },
  );
  return {
    height: rows.height,
    items,
    option: frame(
      grid,
      { x: hiddenAxis({ type: "value", min: Math.min(...reach), max: Math.max(...reach) }), y: rowAxis(items.length) },
      series,
      spec.summary,
    ),
    tip: (at) => {
      const item = items[at];
      return item ? [item.label, `${item.text} ${spec.unit}`, ...pair(spec.words.range, item.range)] : [];
    },
  };
};
