/** The path a plan promises, level by level, against what was reached: a fan over one step line. */
import type { StepsSpec } from "../spec";
import { fan } from "./fan";
import type { Translate } from "./plan";

export const steps: Translate<StepsSpec> = (spec, context) => {
  const { target, ahead = [], words } = spec;
  return fan({ ...spec, kind: "fan", ahead, lines: [{ label: words.target, points: target }] }, context);
};
