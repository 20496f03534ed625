/** From a total, cause by cause, to a total: bars hang between dots, so the axis need not begin at zero. */
import { pair } from "../core/tip";
import { colour } from "../core/tokens";
import type { WaterfallSpec } from "../spec";
import { drawing, frame, hiddenAxis, rowAxis } from "./frame";
import type { Context, Item, Translate } from "./plan";
import { row, rowsFor } from "./rows";
import { SIZE, box, dot, group, line, widest, words } from "./shapes";

const THICK = 14;

interface Step extends Item {
  label: string;
  text: string;
  range?: string;
  from: number;
  to: number;
  total: boolean;
}

function stepsOf({ start, causes, end }: WaterfallSpec): Step[] {
  const steps: Step[] = [{ ...start, from: start.value, to: start.value, total: true }];
  let sum = start.value;
  for (const cause of causes) {
    steps.push({ ...cause, from: sum, to: sum + cause.value, total: false });
    sum += cause.value;
  }
  return [...steps, { ...end, from: end.value, to: end.value, total: true }];
}

export const waterfall: Translate<WaterfallSpec> = (spec, context: Context) => {
  const steps = stepsOf(spec);
  const rows = rowsFor(
    steps.map(({ label }) => label),
    context.width,
  );
  const reach = steps.flatMap(({ from, to }) => [from, to]);
  const room =
    widest(
      steps.map(({ text }) => text),
      SIZE,
      600,
    ) + 12;
  const grid = { left: rows.label + room, right: room, top: rows.top, bottom: 6 };
  const series = drawing(
    steps.map((_, at) => [steps[0]!.from, at]),
    (at, pen) => {
      const step = steps[at]!;
      const [from, y] = pen.at(step.from, at);
      const to = pen.at(step.to, at)[0];
      const rises = step.to >= step.from;
      return group([
        row(step.label, step, rows, y, context, step.total),
        at < steps.length - 1 &&
          line(
            [
              [to, y],
              [to, y + rows.step],
            ],
            { tone: "rule" },
          ),
        step.total
          ? dot(to, y, 4.5, colour("ink"))
          : box(from, y - THICK / 2, to - from, THICK, colour(rises ? "accent" : "bar-down"), { silent: true }),
        words(step.text, (rises ? Math.max(from, to) : Math.min(from, to)) + (rises ? 8 : -6), y, {
          tone: "ink",
          align: rises ? "left" : "right",
          strong: step.total,
        }),
        at === 0 && words(spec.unit, 0, 10),
      ]);
    },
    { z: 3 },
  );
  return {
    height: rows.height,
    items: steps,
    option: frame(
      grid,
      { x: hiddenAxis({ type: "value", min: Math.min(...reach), max: Math.max(...reach) }), y: rowAxis(steps.length) },
      series,
      spec.summary,
    ),
    tip: (at) => {
      const step = steps[at];
      return step ? [step.label, `${step.text} ${spec.unit}`, ...pair(spec.words.range, step.range)] : [];
    },
  };
};
