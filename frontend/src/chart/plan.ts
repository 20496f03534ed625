import type { EChartsCoreOption } from "echarts/core";
import type { TipLine } from "../core/tip";

/** A row, bar, cell or line that a table of the page may show too. */
export interface Item {
  key?: string;
  href?: string;
}

export interface Context {
  width: number;
  selected: string | null;
  /** Colour of the page behind the chart. */
  ground: string;
}

/** A chart laid out for one width. */
export interface Plan {
  height: number;
  /** Wider than the page where the figures would not fit: then it scrolls. */
  width?: number;
  option: EChartsCoreOption;
  /** Items by data index of the series; hover and selection go by their keys. */
  items: Item[];
  /** What is said of the datum under the pointer, its head first. */
  tip(index: number): TipLine[];
  /** The datum is a place on the axis, found wherever the pointer stands above it. */
  along?: boolean;
}

export type Translate<S> = (spec: S, context: Context) => Plan;
