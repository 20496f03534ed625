/** What all charts share: type, axes, motion. */
import type { EChartsCoreOption } from "echarts/core";
import { FAMILY, colour, still } from "../core/tokens";
import type { Quantity, Ticks, Year } from "../spec";
import type { Shape } from "./shapes";
import { SIZE, widest } from "./shapes";

const MOTION = 120;
/** Room, as a share of the axis, that one more tick must save. */
const TICK_COST = 0.04;

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Pen {
  /** Px of a pair of axis values. */
  at(x: number, y: number): [number, number];
  x: number;
  y: number;
  width: number;
  height: number;
  /** Px between neighbours on a category axis. */
  step: number;
}

interface Drawing {
  coord(pair: number[]): number[];
  size(pair: number[]): number | number[];
}

/** A custom series of `data`; `draw` gets the index of the datum and a pen. */
export function drawing(data: unknown[], draw: (index: number, pen: Pen) => Shape, more: object = {}): object {
  return {
    type: "custom",
    data,
    clip: false,
    renderItem: (params: { dataIndex: number; coordSys: unknown }, api: Drawing) => {
      const { x, y, width, height } = params.coordSys as Pen;
      const size = api.size([1, 0]);
      const step = Array.isArray(size) ? (size[0] ?? 0) : size;
      const at = (across: number, up: number): [number, number] => api.coord([across, up]) as [number, number];
      return draw(params.dataIndex, { at, x, y, width, height, step });
    },
    ...more,
  };
}

/** Options of a chart in `box`. */
export function frame(box: Box, axes: { x: object; y: object }, series: object, summary: string): EChartsCoreOption {
  return {
    animation: !still(),
    animationDuration: MOTION,
    animationDurationUpdate: MOTION,
    stateAnimation: { duration: still() ? 0 : MOTION },
    textStyle: { fontFamily: `"${FAMILY}", sans-serif`, fontSize: SIZE, color: colour("secondary") },
    aria: {
      enabled: true,
      label: { description: summary },
      decal: { show: matchMedia("(forced-colors: active)").matches },
    },
    grid: { ...box, outerBoundsMode: "none" },
    xAxis: axes.x,
    yAxis: axes.y,
    series,
  };
}

/** Thousands by comma, as the report writes whole numbers. */
function grouped(value: number): string {
  const sign = value < 0 ? "−" : "";
  const [whole, part] = String(Math.abs(Number(value.toPrecision(12)))).split(".");
  return sign + (whole ?? "").replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
}

export interface Extent {
  min: number;
  max: number;
  ticks: Quantity[];
}

/** Ticks over [low, high] at round steps, `most` intervals at the most, wasting little room; none given by the server. */
export function extent(low: number, high: number, given?: Ticks, most = 6): Extent {
  if (given && given.length > 1) return { min: given[0]!.value, max: given.at(-1)!.value, ticks: given };
  const reach = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(reach));
  const over = (by: number) => {
    const step = by * power;
    const from = Math.floor(low / step + 1e-9);
    const to = Math.max(Math.ceil(high / step - 1e-9), from + 1);
    const count = to - from;
    return count > most ? [] : [{ step, from, to, cost: (count * step) / reach + count * TICK_COST }];
  };
  const fine = [0.1, 0.2, 0.25, 0.5, 1, 2].flatMap(over);
  const ways = fine.length ? fine : [5, 10].flatMap(over); // coarse ones only where few ticks fit
  const { step, from, to } = ways.reduce((best, way) => (way.cost < best.cost ? way : best));
  const ticks = Array.from({ length: to - from + 1 }, (_, at) => {
    const value = Number(((from + at) * step).toPrecision(12));
    return { value, text: grouped(value) };
  });
  return { min: from * step, max: to * step, ticks };
}

/** A value axis without line, with hairlines; ticks as given. */
export function valueAxis({ min, max, ticks }: Extent, lines = true, labels = true): object {
  const text = new Map(ticks.map((tick) => [Math.round(tick.value * 1e6), tick.text]));
  return {
    type: "value",
    min,
    max,
    interval: ticks.length > 1 ? ticks[1]!.value - ticks[0]!.value : undefined,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      show: labels,
      color: colour("secondary"),
      fontSize: SIZE,
      margin: 8,
      formatter: (value: number) => text.get(Math.round(value * 1e6)) ?? "",
    },
    splitLine: { show: lines, lineStyle: { color: colour("hairline"), width: 1 } },
  };
}

export function tickWidth({ ticks }: Extent): number {
  return widest(ticks.map((tick) => tick.text)) + 10;
}

export function yearAxis(years: Year[], room: number, labels = true): object {
  const each = widest(years.map((year) => year.text)) + 14;
  const every = Math.max(1, Math.ceil((each * years.length) / Math.max(room, 1)));
  return {
    type: "category",
    data: years.map((year) => year.text),
    boundaryGap: true,
    axisLine: { onZero: false, lineStyle: { color: colour("rule"), width: 1 } },
    axisTick: { show: false },
    axisLabel: {
      show: labels,
      color: colour("secondary"),
      fontSize: SIZE,
      margin: 8,
      // counted back from the last year, which is always named
      interval: (index: number) => (years.length - 1 - index) % every === 0,
    },
  };
}

export function hiddenAxis(more: object): object {
  return {
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { show: false },
    splitLine: { show: false },
    ...more,
  };
}

/** A category axis of `count` rows from top to bottom, drawn by the series itself. */
export function rowAxis(count: number): object {
  return hiddenAxis({ type: "category", inverse: true, data: Array.from({ length: count }, (_, row) => String(row)) });
}
