/** Before and after on one line a row: hollow before, solid after. */
import { pair } from "../core/tip";
import { colour } from "../core/tokens";
import type { DumbbellSpec, Quantity } from "../spec";
import type { Pen } from "./frame";
import { drawing, frame, hiddenAxis, rowAxis } from "./frame";
import type { Context, Translate } from "./plan";
import { row, rowsFor, upright } from "./rows";
import type { Shape } from "./shapes";
import { SIZE, SMALL, dot, group, line, widest, words } from "./shapes";

const HEAD = 46;

export const dumbbell: Translate<DumbbellSpec> = (spec, context: Context) => {
  const { items, thresholds = [] } = spec;
  const rows = rowsFor(
    items.map(({ label }) => label),
    context.width,
    HEAD,
  );
  const changes = items.map(({ change }) => change ?? "");
  const column = widest(changes, SIZE, 600);
  const room = widest(items.flatMap(({ before, after }) => [before.text, after.text])) + 14;
  const grid = { left: rows.label + room, right: room + (column ? column + 12 : 0), top: rows.top, bottom: 6 };
  const reach = [
    ...items.flatMap(({ before, after }) => [before.value, after.value]),
    ...thresholds.map(({ value }) => value),
  ];

  const dots = (at: number, pen: Pen): Shape => {
    const { before, after, change } = items[at]!;
    const [old, y] = pen.at(before.value, at);
    const now = pen.at(after.value, at)[0];
    const falls = now < old;
    const same = Math.abs(now - old) < 1;
    const edge = (x: number, text: string, left: boolean, tone: string, strong: boolean): Shape =>
      words(text, x + (left ? -10 : 10), y, { tone, strong, align: left ? "right" : "left", halo: context.ground });
    return group([
      line(
        [
          [old, y],
          [now, y],
        ],
        { tone: "rule", width: 2 },
      ),
      dot(old, y, 4.5, colour("paper"), colour("secondary")),
      dot(now, y, 5, colour("accent")),
      !same && edge(old, before.text, !falls, "secondary", false),
      edge(now, after.text, same ? false : falls, "accent", true),
      Boolean(change) && words(change ?? "", context.width, y, { tone: "ink", align: "right", strong: true }),
      at === 0 && named(old, now, y - rows.step / 2 - 3, spec, context.ground),
    ]);
  };
  const series = drawing(
    items.map((_, at) => [items[0]!.before.value, at]),
    (at, pen) =>
      group([
        row(items[at]!.label, items[at]!, rows, pen.at(0, at)[1], context),
        at === 0 && words(spec.unit, 0, 10),
        ...(at === 0
          ? thresholds.map(({ value, label, citation, tone = "red" }) =>
              upright(
                pen.at(value, at)[0],
                { ...pen, y: 20, height: pen.height + rows.top - 20 },
                tone,
                [label, citation].filter(Boolean).join(" "),
              ),
            )
          : []),
        dots(at, pen),
      ]),
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
      if (!item) return [];
      const { before, after } = spec.words;
      const read = ({ text }: Quantity): string => `${text} ${spec.unit}`;
      return [item.label, ...pair(before, read(item.before)), ...pair(after, read(item.after))];
    },
  };
};

/** Names of the two dots above the first row, each set outward so that they cannot meet. */
function named(old: number, now: number, y: number, { words: { before, after } }: DumbbellSpec, halo: string): Shape {
  const falls = now < old;
  const set = (x: number, text: string, left: boolean, tone: string): Shape =>
    words(text, x + (left ? 5 : -5), y, { tone, size: SMALL, align: left ? "right" : "left", at: "bottom", halo });
  return group([set(old, before, !falls, "secondary"), set(now, after, falls, "accent")]);
}
