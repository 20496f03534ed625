/** Areas by years: short red, idle blue, the number in the cell. Wider than the page, it scrolls. */
import { colour, inkOn } from "../core/tokens";
import type { HeatSpec } from "../spec";
import type { Pen } from "./frame";
import { drawing, frame, hiddenAxis } from "./frame";
import type { Context, Translate } from "./plan";
import type { Shape } from "./shapes";
import { SIZE, box, group, hatching, widest, words } from "./shapes";

const ROW = 27;
const HEAD = 24;
const GAP = 1;

function fillOf(shade: number): string {
  if (!shade) return colour("paper");
  return colour(shade > 0 ? `short-${shade}` : `idle-${-shade}`);
}

export const heat: Translate<HeatSpec> = (spec, context: Context) => {
  const { rows, columns, cells } = spec;
  const most = Math.max(96, Math.round(context.width * 0.28));
  const label = Math.min(widest([...rows.map((one) => one.label), spec.unit], SIZE, 600) + 14, most);
  const least =
    widest([...cells.flatMap((row) => row.map((cell) => cell?.text ?? "")), ...columns.map(({ text }) => text)]) + 10;
  const width = Math.max(context.width, label + least * columns.length);
  const across = (width - label) / columns.length;
  const draw = (at: number, pen: Pen): Shape => {
    const row = Math.floor(at / columns.length);
    const column = at % columns.length;
    const cell = cells[row]?.[column] ?? null;
    const x = pen.x + column * across;
    const y = pen.y + row * ROW;
    const fill = cell ? fillOf(cell.shade) : colour("ground");
    const item = rows[row]!;
    const chosen = item.key !== undefined && item.key === context.selected;
    return group([
      box(x, y, across - GAP, ROW - GAP, fill, {
        cursor: item.href || item.key ? "pointer" : "default",
      }),
      !cell && hatching(x, y, across - GAP, ROW - GAP),
      cell && words(cell.text, x + (across - GAP) / 2, y + ROW / 2, { fill: inkOn(fill), align: "center" }),
      column === 0 && words(item.label, 0, y + ROW / 2, { tone: "ink", strong: chosen, within: label - 8, cut: true }),
      column === 0 && chosen && box(-8, y + 3, 2, ROW - 7, colour("accent"), { silent: true }),
      column === 0 && outline(x, y, width - label - GAP),
      row === 0 && words(columns[column]!.text, x + across / 2, HEAD / 2, { align: "center" }),
      at === 0 && words(spec.unit, 0, HEAD / 2),
    ]);
  };
  const every = rows.flatMap((_, row) => columns.map((__, column) => row * columns.length + column));
  return {
    width,
    height: HEAD + rows.length * ROW + 4,
    items: every.map((at) => rows[Math.floor(at / columns.length)]!),
    option: frame(
      { left: label, right: 0, top: HEAD, bottom: 4 },
      { x: hiddenAxis({ type: "value", min: 0, max: 1 }), y: hiddenAxis({ type: "value", min: 0, max: 1 }) },
      drawing(
        every.map(() => [0, 0]),
        draw,
        { z: 3 },
      ),
      spec.summary,
    ),
    tip: (at) => {
      const row = Math.floor(at / columns.length);
      const column = at % columns.length;
      const cell = cells[row]?.[column];
      const head = `${rows[row]?.label} ${columns[column]?.text}`;
      return [head, cell ? `${cell.text} ${spec.unit}` : spec.words.none, ...(cell?.tip ? [cell.tip] : [])];
    },
  };
};

/** Round a row, seen while the row is hovered. */
function outline(x: number, y: number, width: number): Shape {
  const style = { fill: "none", stroke: colour("ink"), lineWidth: 1.5 };
  return {
    type: "rect",
    silent: true,
    z2: 20,
    shape: { x: x - 0.5, y: y - 0.5, width: width + 1, height: ROW },
    style: { ...style, opacity: 0 },
    emphasis: { style: { ...style, opacity: 1 } },
  };
}
