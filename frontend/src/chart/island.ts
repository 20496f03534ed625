import "./island.css";
import { CustomChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { Draw } from "../core/islands";
import { follow, hover, onLink, select } from "../core/linked";
import { loadType, strings } from "../core/type";
import type { ChartSpec } from "../spec";
import { fan } from "./fan";
import type { Plan, Translate } from "./plan";

use([CustomChart, GridComponent, TooltipComponent, AriaComponent, SVGRenderer]);

const KINDS: { [K in ChartSpec["kind"]]?: Translate<never> } = { fan };

export const draw: Draw<ChartSpec> = async (canvas, spec) => {
  const translate = KINDS[spec.kind] as Translate<ChartSpec> | undefined;
  if (!translate) throw new Error(`no chart of kind ${spec.kind}`);
  await loadType(strings(spec));
  let selected: string | null = null;
  let width = Math.floor(canvas.clientWidth);
  const lay = (): Plan => translate(spec, { width, selected });
  let plan = lay();
  canvas.style.height = `${plan.height}px`;
  const chart = init(canvas, null, { renderer: "svg", width, height: plan.height });
  canvas.setAttribute("role", "img");
  const put = (): void => {
    canvas.style.height = `${plan.height}px`;
    chart.resize({ width, height: plan.height, silent: true });
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
  chart.on("mouseover", (params) => hover(itemAt(params).key ?? null));
  chart.on("globalout", () => hover(null));
  chart.on("click", (params) => {
    const { href, key } = itemAt(params);
    if (href) follow(href);
    else if (key) select(key === selected ? null : key);
  });
  const unhover = onLink("junheng:hover", (key) => {
    const index = key === null ? -1 : plan.items.findIndex((item) => item.key === key);
    chart.dispatchAction({ type: "downplay", seriesIndex: 0 });
    if (index >= 0) chart.dispatchAction({ type: "highlight", seriesIndex: 0, dataIndex: index });
  });
  const unselect = onLink("junheng:select", (key) => {
    if (!plan.items.some((item) => item.key !== undefined)) return;
    selected = key;
    plan = lay();
    put();
  });
  return {
    prints: true,
    print: (to) => {
      if (to === null) observer.observe(canvas);
      else observer.unobserve(canvas);
      fit(to ?? Math.floor(canvas.clientWidth));
    },
    end: () => {
      observer.disconnect();
      unhover();
      unselect();
      chart.dispose();
    },
  };
};
