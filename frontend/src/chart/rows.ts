/** Charts of one row an item: labels on one left edge, a row that answers to hover, selection and clicks. */
import { colour } from "../core/tokens";
import type { Pen } from "./frame";
import type { Context, Item } from "./plan";
import type { Shape } from "./shapes";
import { SIZE, box, group, line, lineCount, widest, words } from "./shapes";

const ROW = 30;
const LETTER = 16;
const HEAD = 26;
/** A row answers a little beyond its words. */
const BLEED = 8;
/** Most of the width that labels may take before they wrap. */
const SHARE = 0.36;

export interface Rows {
  label: number;
  height: number;
  top: number;
  step: number;
}

export function rowsFor(labels: string[], width: number, head = HEAD): Rows {
  const label = Math.min(widest(labels, SIZE, 600) + 16, Math.round(width * SHARE));
  const most = Math.max(1, ...labels.map((text) => lineCount(text, label - 12)));
  const step = Math.max(ROW, most * LETTER + 10);
  return { label, step, top: head, height: head + step * labels.length + 6 };
}

/** The ground, label and selection mark of row `index`; what stands in it goes on top. */
export function row(
  label: string,
  item: Item,
  rows: Rows,
  y: number,
  { width, selected }: Context,
  strong = false,
): Shape {
  const top = y - rows.step / 2;
  const live = Boolean(item.href ?? item.key);
  return group([
    box(-BLEED, top + 1, width + 2 * BLEED, rows.step - 2, "transparent", {
      cursor: live ? "pointer" : "default",
      emphasis: { style: { fill: colour("band-95") } },
    }),
    item.key !== undefined &&
      item.key === selected &&
      box(-BLEED, top + 3, 2, rows.step - 6, colour("accent"), { silent: true }),
    words(label, 0, y, { tone: "ink", size: SIZE, strong, within: rows.label - 12 }),
  ]);
}

/** A vertical line through all rows with its words at the top. */
export function upright(x: number, pen: Pen, tone: string, label?: string): Shape {
  const right = x > pen.x + pen.width * 0.6;
  return group([
    line(
      [
        [x, pen.y - 4],
        [x, pen.y + pen.height],
      ],
      { tone },
    ),
    label
      ? words(label, x + (right ? -4 : 4), pen.y - 6, { tone, size: 11, align: right ? "right" : "left", at: "bottom" })
      : null,
  ]);
}
