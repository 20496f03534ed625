import "./island.css";
import { CustomChart } from "echarts/charts";
import { AriaComponent, GridComponent } from "echarts/components";
import { init, use } from "echarts/core";
import type { EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { Draw } from "../core/islands";
import { follow, hover, leave, onLink, select } from "../core/linked";
import { groundOf } from "../core/tokens";
import { Tip } from "../core/tip";
import { loadType, strings } from "../core/type";
import type { ChartSpec } from "../spec";
import { bars } from "./bars";
import { dumbbell } from "./dumbbell";
import { fan } from "./fan";
import { heat } from "./heat";
import { multiples } from "./multiples";
import type { Plan, Translate } from "./plan";
import { slope } from "./slope";
import { steps } from "./steps";
import { waterfall } from "./waterfall";

use([CustomChart, GridComponent, AriaComponent, SVGRenderer]);

const KINDS: { [K in ChartSpec["kind"]]: Translate<Extract<ChartSpec, { kind: K }>> } = {
  fan,
  bars,
  multiples,
  heat,
  waterfall,
  dumbbell,
  slope,
  steps,
};

export const draw: Draw<ChartSpec> = async (canvas, spec) => {
  const translate = KINDS[spec.kind] as unknown as Translate<ChartSpec> | undefined;
  if (!translate) throw new Error(`no chart of kind ${spec.kind}`);
  // its letters are text of the page and mend themselves when the type comes late
  await loadType(strings(spec), 2500);
  const ground = groundOf(canvas);
  let selected: string | null = null;
  let width = Math.floor(canvas.clientWidth);
  const lay = (): Plan => translate(spec, { width, selected, ground });
  let plan = lay();
  canvas.style.height = `${plan.height}px`;
  const chart = init(canvas, null, { renderer: "svg", width: plan.width ?? width, height: plan.height });
  canvas.setAttribute("role", "img");
  const put = (): void => {
    const wide = plan.width ?? width;
    canvas.style.height = `${plan.height}px`;
    canvas.classList.toggle("chart-scrolls", wide > width);
    if (wide > width) canvas.tabIndex = 0;
    else canvas.removeAttribute("tabindex");
    chart.resize({ width: wide, height: plan.height, silent: true });
    chart.setOption(plan.option, { notMerge: true });
    chart.getZr().flush();
  };
  put();

  const fit = (to: number): void => {
    if (!to || to === width) return;
    width = to;
    plan = lay();
    put();
  };
  const observer = new ResizeObserver(() => fit(Math.floor(canvas.clientWidth)));
  observer.observe(canvas);

  const itemAt = (params: unknown): { key?: string; href?: string } => {
    const index = (params as { dataIndex?: number }).dataIndex;
    return (index === undefined ? undefined : plan.items[index]) ?? {};
  };
  let own: string | null = null;
  chart.on("mouseover", (params) => hover((own = itemAt(params).key ?? null)));
  chart.on("globalout", () => leave(own));
  point(chart, canvas, () => plan);
  chart.on("click", (params) => {
    const { href, key } = itemAt(params);
    if (href) follow(href);
    else if (key) select(key === selected ? null : key);
  });
  const unhover = onLink("junheng:hover", (key) => {
    const found = key === null ? [] : plan.items.flatMap((item, at) => (item.key === key ? [at] : []));
    chart.dispatchAction({ type: "downplay", seriesIndex: 0 });
    if (found.length) chart.dispatchAction({ type: "highlight", seriesIndex: 0, dataIndex: found });
  });
  const unselect = onLink("junheng:select", (key) => {
    if (!plan.items.some((item) => item.key !== undefined)) return;
    selected = key;
    plan = lay();
    put();
  });
  let release: (() => void) | undefined;
  return {
    prints: true,
    print: (to) => {
      release?.();
      release = undefined;
      if (to === null) {
        fit(Math.floor(canvas.clientWidth));
        observer.observe(canvas);
      } else {
        observer.unobserve(canvas);
        fit(Math.min(to, width));
        release = scalable(canvas, plan.width ?? width, plan.height);
      }
    },
    end: () => {
      observer.disconnect();
      unhover();
      unselect();
      chart.dispose();
    },
  };
};

/** Let the drawing shrink to whatever box the printed page gives it, until the returned function is called. */
function scalable(canvas: HTMLElement, width: number, height: number): () => void {
  const svg = canvas.querySelector("svg");
  const frame = svg?.parentElement;
  if (!svg || !frame) return () => undefined;
  const before = [svg, frame, canvas].map(({ style }) => style.cssText);
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.style.cssText = `position:static;width:100%;max-width:${width}px;height:auto`;
  frame.style.cssText = "width:100%;height:auto";
  canvas.style.height = "auto";
  return () => {
    svg.removeAttribute("viewBox");
    [svg, frame, canvas].forEach(({ style }, at) => (style.cssText = before[at] ?? ""));
  };
}

/** The tip beside the pointer, and on an axis of years a hairline through the year it speaks of. */
function point(chart: EChartsType, canvas: HTMLElement, plan: () => Plan): void {
  const tip = new Tip(canvas);
  const pointer = document.createElement("div");
  pointer.className = "island-pointer";
  pointer.hidden = true;
  canvas.append(pointer);
  const hide = (): void => {
    tip.hide();
    pointer.hidden = true;
  };
  chart.on("mousemove", (params) => {
    const { dataIndex, event } = params as { dataIndex?: number; event?: { offsetX: number; offsetY: number } };
    if (plan().along || dataIndex === undefined || !event) return;
    tip.show(plan().tip(dataIndex), event.offsetX, event.offsetY);
  });
  chart.on("mouseout", () => plan().along || hide());
  chart.on("globalout", hide);
  chart.getZr().on("mousemove", ({ offsetX, offsetY }) => {
    if (!plan().along) return;
    if (!chart.containPixel("grid", [offsetX, offsetY])) return hide();
    const index = chart.convertFromPixel({ xAxisIndex: 0 }, offsetX);
    const x = chart.convertToPixel({ xAxisIndex: 0 }, index);
    const { top, bottom } = (plan().option as { grid: { top: number; bottom: number } }).grid;
    pointer.hidden = false;
    pointer.style.height = `${plan().height - top - bottom}px`;
    pointer.style.transform = `translate(${Math.round(x)}px, ${top}px)`;
    tip.show(plan().tip(index), x, offsetY);
  });
}
