import "./island.css";
import { Map as Chart } from "maplibre-gl";
import type { GeoJSONSource, MapMouseEvent } from "maplibre-gl";
import type { Draw } from "../core/islands";
import { follow, hover, leave, onLink, select } from "../core/linked";
import { still } from "../core/tokens";
import { Tip } from "../core/tip";
import { loadType } from "../core/type";
import type { MapSpec } from "../spec";
import type { Area, Bounds } from "./geometry";
import { boundsOf } from "./geometry";
import type { Content } from "./layers";
import { collected, content, groundLayers, hatch, nameLayers, nameSeats, roomAt } from "./layers";
import { startWorker } from "./worker";

const PADDING = 14;
const LEAST = 280;
const MOST = 620;
const SIGNS = "■▲●○– ";

async function areasOf(url: string): Promise<Area[]> {
  const answer = await fetch(url, {
    credentials: "same-origin",
    headers: { Accept: "application/geo+json, application/json" },
  });
  if (!answer.ok) throw new Error(`areas: ${answer.status}`);
  const { features } = (await answer.json()) as { features: Area[] };
  const polygons = features.filter(({ geometry }) => geometry?.type === "Polygon" || geometry?.type === "MultiPolygon");
  if (!polygons.length) throw new Error("no areas");
  return polygons;
}

/** Height that lets the whole region fill `width`, within reason. */
function heightFor([west, south, east, north]: Bounds, width: number, most: number): number {
  const up = (degrees: number): number => Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360));
  const ratio = (up(north) - up(south)) / (((east - west) * Math.PI) / 180 || 1);
  return Math.round(Math.min(Math.max(width * ratio, LEAST), most));
}

export const draw: Draw<MapSpec> = async (canvas, spec) => {
  startWorker();
  const features = await areasOf(spec.url);
  const bounds = boundsOf(features);
  const held = content(spec, features);
  canvas.style.height = `${heightFor(bounds, canvas.clientWidth, Number(canvas.dataset.height ?? MOST))}px`;
  const map = new Chart({
    container: canvas,
    bounds,
    fitBoundsOptions: { padding: PADDING },
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    renderWorldCopies: false,
    fadeDuration: still() ? 0 : 120,
    locale: {
      "Map.Title": spec.summary,
      "CooperativeGesturesHandler.WindowsHelpText": spec.words.gesture,
      "CooperativeGesturesHandler.MacHelpText": spec.words.gesture,
      "CooperativeGesturesHandler.MobileHelpText": spec.words.touch,
    },
    style: {
      version: 8,
      sources: {
        areas: { type: "geojson", data: held.areas, promoteId: "code" },
        points: { type: "geojson", data: held.points, promoteId: "code" },
        edge: { type: "geojson", data: collected([]) },
        names: { type: "geojson", data: collected([]) },
      },
      layers: groundLayers(),
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.once("style.load", () => map.addImage("hatch", hatch(), { pixelRatio: 2 }));
  tools(map, spec, bounds);
  await drawn(map);
  void nameAreas(map, canvas, features, held);
  const unlink = link(map, canvas, spec, held);
  return {
    prints: false,
    end: () => {
      unlink();
      map.remove();
    },
  };
};

/** The first full picture; a context that is lost or a worker that does not come fails the island. */
function drawn(map: Chart): Promise<void> {
  return new Promise((resolve, reject) => {
    map.once("load", () => resolve());
    map.once("error", ({ error }) => {
      map.remove();
      reject(error);
    });
  });
}

async function nameAreas(map: Chart, canvas: HTMLElement, features: Area[], held: Content): Promise<void> {
  const texts = [...held.shown.values()].flatMap(({ name, text }) => [name, text]);
  await loadType([SIGNS, ...texts]);
  if (!canvas.isConnected) return;
  map.getSource<GeoJSONSource>("names")?.setData(nameSeats(features, held));
  for (const layer of nameLayers()) map.addLayer(layer);
  const fit = (): void => void map.setFilter("names", roomAt(map.getZoom()));
  fit();
  map.on("zoomend", fit);
  map.once("idle", () => (canvas.dataset.names = "ready"));
}

function tools(map: Chart, { words }: MapSpec, bounds: Bounds): void {
  const box = document.createElement("div");
  box.className = "maplibregl-ctrl map-tools";
  const moves: [string, () => void][] = [
    [words.zoom_in, () => map.zoomIn()],
    [words.zoom_out, () => map.zoomOut()],
    [words.whole, () => map.fitBounds(bounds, { padding: PADDING })],
  ];
  for (const [word, move] of moves) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = word;
    button.addEventListener("click", move);
    box.append(button);
  }
  map.addControl({ onAdd: () => box, onRemove: () => box.remove() }, "top-right");
}

/** Hover, selection and clicks, by code, shared with the rows of the page. */
function link(map: Chart, canvas: HTMLElement, spec: MapSpec, held: Content): () => void {
  const points = new Set(held.points.features.map(({ properties }) => properties?.code as string));
  const shapes = new Map(held.areas.features.map((area) => [area.properties?.code as string, area]));
  const now: Record<"hovered" | "selected", string | null> = { hovered: null, selected: null };
  const mark = (state: "hovered" | "selected", code: string | null): void => {
    const before = now[state];
    if (before === code) return;
    now[state] = code;
    if (before !== null && points.has(before)) map.removeFeatureState({ source: "points", id: before }, state);
    if (code !== null && points.has(code)) map.setFeatureState({ source: "points", id: code }, { [state]: true });
    const edged = [...new Set([now.selected, now.hovered])].flatMap((one) => {
      const area = one === null ? undefined : shapes.get(one);
      return area ? [{ ...area, properties: { selected: one === now.selected } }] : [];
    });
    map.getSource<GeoJSONSource>("edge")?.setData(collected(edged));
  };
  const tip = new Tip(canvas);
  const under = (event: MapMouseEvent): string | null => {
    const [found] = map.queryRenderedFeatures(event.point, { layers: ["points", "areas"] });
    return (found?.properties.code as string | undefined) ?? null;
  };
  const box = map.getCanvasContainer();
  let own: string | null = null;
  map.on("mousemove", (event) => {
    const code = under(event);
    if (code !== own) hover((own = code));
    const value = code === null ? undefined : held.shown.get(code);
    box.classList.toggle("island-link", Boolean(value?.href));
    tip.show(value ? [value.name, value.text] : [], event.point.x, event.point.y);
  });
  map.on("mouseout", () => {
    tip.hide();
    leave(own);
    own = null;
  });
  map.on("click", (event) => {
    const code = under(event);
    const href = code === null ? undefined : held.shown.get(code)?.href;
    if (href) follow(href);
    else if (code !== null) select(code === now.selected ? null : code);
  });
  if (spec.selected) mark("selected", spec.selected);
  const unhover = onLink("junheng:hover", (key) => mark("hovered", key));
  const unselect = onLink("junheng:select", (key) => mark("selected", key));
  return () => {
    unhover();
    unselect();
  };
}
