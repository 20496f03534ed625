/**
 * What the server hands to an island, as JSON beside the figure. This file is the contract.
 *
 * The server decides everything: words are translated, numbers that are read are formatted (`text`), classes
 * and lights are given. Raw numbers (`value`) serve geometry only. No threshold is decided here.
 *
 * Colours are names of custom properties of the page's stylesheet, without the dashes ("short-3").
 */

/** A number to place and the words to read. `value` null: not known, shown as a gap. */
export interface Quantity {
  value: number;
  text: string;
}

export interface Year {
  year: number;
  /** As on the axis, "2027". Axis labels are thinned out where room is short. */
  text: string;
}

export interface Dated extends Quantity {
  year: number;
}

/** Ticks of a value axis, first to last; they also fix its extent. Without them the axis chooses. */
export type Ticks = Quantity[];

interface Figure {
  /** The finding, as in the caption above the figure (not drawn again). */
  title: string;
  /** Unit of the values, "个", "%"; drawn once, at the head of the axis. */
  unit: string;
  /** The whole figure in a sentence or two, for those who do not see it. */
  summary: string;
}

/** Something a row of the page's table may show too: same `key`, shared hover and selection. */
interface Linked {
  key?: string;
  /** Where a click leads; an address of this server. */
  href?: string;
}

/** Bands of a year ahead: [low, high] by per cent. `range` is the 80 % band as text. */
export interface Ahead extends Dated {
  bands: { "50"?: [number, number]; "80"?: [number, number]; "95"?: [number, number] };
  range?: string;
}

/** A horizontal line with its words and the text it is cited from. */
export interface Threshold extends Quantity {
  label: string;
  citation?: string;
  tone?: string;
}

/** A quantity known year by year that is drawn as a step: seats, places granted. */
export interface StepLine {
  label: string;
  points: Dated[];
}

/** Where a series does not compare with what went before: a line is cut before `year`. */
export interface Break {
  year: number;
  label: string;
}

/** What years rest on: a strip under the axis. */
export interface Basis {
  from: number;
  to: number;
  kind: "counted" | "known" | "partly" | "assumption";
  text: string;
}

/** A named point on the curve: the peak. */
export interface Mark extends Dated {}

/** Actual solid, median ahead dashed, bands 50/80/95 %. */
export interface FanSpec extends Figure {
  kind: "fan";
  years: Year[];
  actual: Dated[];
  ahead: Ahead[];
  lines?: StepLine[];
  thresholds?: Threshold[];
  breaks?: Break[];
  basis?: Basis[];
  marks?: Mark[];
  /** Labels right of the last year, at heights `value`; moved apart where they would touch. */
  ends: (Quantity & { tone?: string; strong?: boolean })[];
  ticks?: Ticks;
  words: { actual: string; median: string; range: string };
}

/** One row a bar, from zero; sign by direction and colour. */
export interface BarsSpec extends Figure {
  kind: "bars";
  /** short: positive is a shortage, red; plain: no judgement. */
  tones: "short" | "plain";
  items: (Quantity & Linked & { label: string; low?: number; high?: number; range?: string; strong?: boolean })[];
  thresholds?: Threshold[];
  words: { range: string };
}

/** Small fans on one scale. */
export interface MultiplesSpec extends Figure {
  kind: "multiples";
  years: Year[];
  panels: (Linked & {
    title: string;
    /** Value of the last year as text, right of the title. */
    text: string;
    actual: Dated[];
    ahead: Ahead[];
    lines?: StepLine[];
    breaks?: Break[];
  })[];
  ticks?: Ticks;
  words: { actual: string; median: string; range: string };
}

/** Areas by years, short red, idle blue. `shade` 4 (short) to −4 (idle), 0 balanced: classed by the server. */
export interface HeatSpec extends Figure {
  kind: "heat";
  columns: { text: string }[];
  rows: (Linked & { label: string })[];
  /** By row, then column. null: not known, hatched. */
  cells: (null | (Quantity & { shade: number; tip?: string }))[][];
  words: { none: string };
}

/** From a total, cause by cause, to a total. Totals are points, so the axis need not begin at zero. */
export interface WaterfallSpec extends Figure {
  kind: "waterfall";
  start: Quantity & { label: string };
  causes: (Quantity & Linked & { label: string; range?: string })[];
  end: Quantity & { label: string };
  words: { range: string };
}

/** Before and after, one row a pair. */
export interface DumbbellSpec extends Figure {
  kind: "dumbbell";
  items: (Linked & { label: string; before: Quantity; after: Quantity; change?: string })[];
  thresholds?: Threshold[];
  words: { before: string; after: string };
}

/** Two or three moments or scenarios side by side, one line a unit. */
export interface SlopeSpec extends Figure {
  kind: "slope";
  columns: { text: string }[];
  lines: (Linked & { label: string; points: (Quantity | null)[]; tone?: string; strong?: boolean })[];
}

/** The path a plan promises, as steps, against what was reached. */
export interface StepsSpec extends Figure {
  kind: "steps";
  years: Year[];
  target: Dated[];
  actual: Dated[];
  ahead?: Ahead[];
  breaks?: Break[];
  ends: (Quantity & { tone?: string; strong?: boolean })[];
  ticks?: Ticks;
  words: { target: string; actual: string; median: string; range: string };
}

export type ChartSpec =
  FanSpec | BarsSpec | MultiplesSpec | HeatSpec | WaterfallSpec | DumbbellSpec | SlopeSpec | StepsSpec;

/** 达标 接近 未达标 未考察 不可算 of an item; red, orange, yellow, clear of a warning. */
export type Light = "met" | "near" | "unmet" | "unexamined" | "incalculable" | "red" | "orange" | "yellow" | "clear";

export interface MapValue {
  code: string;
  name: string;
  /** null: no data, hatched. */
  value: number | null;
  text: string;
  light?: Light;
  href?: string;
}

export interface MapPoint extends MapValue {
  longitude: number;
  latitude: number;
}

export interface MapScale {
  /** lights: by each value's `light`; otherwise by `breaks`, a value equal to a break lies above it. */
  kind: "sequential" | "diverging" | "lights";
  breaks: number[];
  /** One colour a class, lowest first, `breaks.length + 1` of them. Without: blues; idle (low) to short (high). */
  tones?: string[];
}

export interface MapSpec {
  kind: "map";
  title: string;
  summary: string;
  /** GeoJSON FeatureCollection of polygons, each with properties `code` and `name`. */
  url: string;
  values: MapValue[];
  points?: MapPoint[];
  scale: MapScale;
  selected?: string;
  words: { none: string; zoom_in: string; zoom_out: string; whole: string; gesture: string; touch: string };
}

export interface GridColumn {
  field: string;
  title: string;
  unit?: string;
  align?: "left" | "right" | "center";
  /** Field to show instead of `field`, where the server sends a formatted text beside the number. */
  show?: string;
  /** Field with the address the cell links to. */
  link?: string;
  sortable?: boolean;
  /** Least width in px. */
  width?: number;
}

export interface GridSpec {
  kind: "grid";
  title: string;
  /** Answers {"items": [...], "count": n} to ?page=&page_size=&sort=field or -field. */
  url: string;
  columns: GridColumn[];
  pageSize: number;
  /** Field that ties a row to islands and tables of the page. */
  key?: string;
  sort?: string;
  words: {
    none: string;
    empty: string;
    failed: string;
    loading: string;
    first: string;
    previous: string;
    next: string;
    last: string;
    page: string;
  };
}

export type IslandSpec = ChartSpec | MapSpec | GridSpec;
