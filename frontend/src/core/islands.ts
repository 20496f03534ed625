/**
 * `<figure data-island="chart" data-spec="ID">` with `<script type="application/json" id="ID">`, a `[data-canvas]`
 * (`data-height`: about how high in px) and a `[data-fallback]`. The island is fetched when the figure comes near the view. `data-state` says how it went:
 * loading, ready, failed. The fallback gives way only to a ready island.
 */
import { within } from "./find";
import type { IslandSpec } from "../spec";

export interface Island {
  /** Called with the printed width in px before printing, null after. */
  print?(width: number | null): void;
  /** Whether the drawing itself prints well; else the fallback is printed. */
  prints: boolean;
  end(): void;
}

export type Draw<S extends IslandSpec = IslandSpec> = (canvas: HTMLElement, spec: S) => Promise<Island>;

const KINDS: Record<string, () => Promise<{ draw: Draw<never> }>> = {
  chart: () => import("../chart/island"),
  map: () => import("../map/island"),
  grid: () => import("../grid/island"),
};

const drawn = new Map<HTMLElement, Island>();
/** Width of an A4 page's text in CSS px. */
const PAPER = 672;

function specOf(figure: HTMLElement): IslandSpec {
  const text = document.getElementById(figure.dataset.spec ?? "")?.textContent;
  if (!text) throw new Error("figure without its specification");
  return JSON.parse(text) as IslandSpec;
}

function fallback(figure: HTMLElement, shown: boolean): void {
  for (const part of figure.querySelectorAll<HTMLElement>("[data-fallback]")) part.hidden = !shown;
}

/** While it is being drawn the canvas takes no room where the fallback still stands, else the room it will need. */
function aside(canvas: HTMLElement, on: boolean): void {
  const { style, dataset } = canvas;
  const spare = canvas.parentElement?.querySelector<HTMLElement>("[data-fallback]");
  const over = on && spare && !spare.hidden;
  style.width = over ? `${canvas.clientWidth}px` : "";
  style.position = over ? "absolute" : "";
  style.visibility = on ? "hidden" : "";
  style.minHeight = on && !over && dataset.height ? `${Number(dataset.height)}px` : "";
}

async function enter(figure: HTMLElement): Promise<void> {
  const canvas = figure.querySelector<HTMLElement>("[data-canvas]");
  if (!canvas || figure.dataset.state) return;
  figure.dataset.state = "loading";
  aside(canvas, true);
  try {
    const load = KINDS[figure.dataset.island ?? ""];
    if (!load) throw new Error("unknown island");
    const { draw } = await load();
    const island = await draw(canvas, specOf(figure) as never);
    if (!figure.isConnected) return island.end();
    drawn.set(figure, island);
    aside(canvas, false);
    fallback(figure, false);
    figure.dataset.state = "ready";
  } catch (error) {
    canvas.replaceChildren();
    canvas.removeAttribute("style");
    canvas.removeAttribute("role");
    canvas.removeAttribute("aria-label");
    fallback(figure, true);
    figure.dataset.state = "failed";
    figure.dataset.reason = error instanceof Error ? error.message : String(error);
  }
}

const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      near.unobserve(entry.target);
      void enter(entry.target as HTMLElement);
    }
  },
  { rootMargin: "300px 0px" },
);

function print(width: number | null): void {
  for (const [figure, island] of drawn) {
    const canvas = figure.querySelector<HTMLElement>("[data-canvas]");
    const spare = figure.querySelector("[data-fallback]");
    if (island.prints || !spare) island.print?.(width);
    else {
      if (canvas) canvas.hidden = width !== null;
      fallback(figure, width !== null);
    }
  }
}

let watching = false;

export function watchIslands(root: ParentNode): void {
  for (const figure of within<HTMLElement>(root, "figure[data-island]:not([data-state])")) {
    near.observe(figure);
  }
  for (const [figure, island] of drawn) {
    if (figure.isConnected) continue;
    island.end();
    drawn.delete(figure);
  }
  if (watching) return;
  watching = true;
  addEventListener("beforeprint", () => {
    for (const figure of document.querySelectorAll<HTMLElement>("figure[data-island]:not([data-state])")) {
      near.unobserve(figure);
      fallback(figure, true);
    }
    print(PAPER);
  });
  addEventListener("afterprint", () => {
    print(null);
    watchIslands(document);
  });
}
