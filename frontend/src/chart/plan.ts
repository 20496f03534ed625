import type { EChartsCoreOption } from "echarts/core";

/** A row, bar, cell or line that a table of the page may show too. */
export interface Item {
  key?: string;
  href?: string;
}

export interface Context {
  width: number;
  selected: string | null;
}

/** A chart laid out for one width. */
export interface Plan {
  height: number;
  option: EChartsCoreOption;
  /** Items by data index of the first series; hover and selection go by their keys. */
  items: Item[];
}

export type Translate<S> = (spec: S, context: Context) => Plan;
