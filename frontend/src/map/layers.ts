/** Areas, points and their names as MapLibre sources and layers, without tiles and without a glyph server. */
import type { Feature, FeatureCollection, Geometry, Point, Polygon, MultiPolygon } from "geojson";
import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from "maplibre-gl";
import { FAMILY, colour } from "../core/tokens";
import { textWidth } from "../core/type";
import type { MapPoint, MapSpec, MapValue } from "../spec";
import type { Area } from "./geometry";
import { seat } from "./geometry";
import type { Look } from "./tones";
import { lightLook, looks } from "./tones";

const NAME_SIZE = 12;
const NUMBER_SIZE = 11;
/** A name may reach a third over its area's border before it waits for a closer view. */
const OVERHANG = 0.42;

type Shown = Pick<MapValue, "code" | "name" | "text" | "href">;

export interface Content {
  areas: FeatureCollection<Polygon | MultiPolygon>;
  points: FeatureCollection<Point>;
  /** What is said of each code. */
  shown: Map<string, Shown>;
  /** How each area looks; null: not known. */
  looks: Map<string, Look | null>;
}

export function collected<G extends Geometry>(features: Feature<G>[]): FeatureCollection<G> {
  return { type: "FeatureCollection", features };
}

function properties(look: Look | null, value: Shown): Record<string, unknown> {
  return { code: value.code, known: look !== null, fill: look?.fill ?? colour("paper"), sign: look?.sign ?? "" };
}

/** Join values to areas and points. */
export function content(spec: MapSpec, features: Area[]): Content {
  const look = looks(spec.scale);
  const values = new Map(spec.values.map((value) => [value.code, value]));
  const held: Content = {
    areas: collected([]),
    points: collected([]),
    shown: new Map(),
    looks: new Map(),
  };
  for (const { properties: given, geometry } of features) {
    const code = String(given.code);
    const known = values.get(code);
    const value = known ?? { code, name: given.name, text: spec.words.none };
    const seen = known ? look(known) : null;
    held.shown.set(code, value);
    held.looks.set(code, seen);
    held.areas.features.push({ type: "Feature", geometry, properties: properties(seen, value) });
  }
  held.points.features = placed(spec.points ?? [], look, held.shown);
  return held;
}

/** Where each area's name stands, and from which zoom it has room. */
export function nameSeats(features: Area[], { shown, looks: seen }: Content): FeatureCollection<Point> {
  const places = features.map((feature): Feature<Point> => {
    const code = String(feature.properties.code);
    const look = seen.get(code) ?? null;
    const { name = "", text = "" } = shown.get(code) ?? {};
    const { at, width } = seat(feature);
    const room = Math.max(textWidth(name, NAME_SIZE) + (look?.sign ? 14 : 0), textWidth(text, NUMBER_SIZE)) + 4;
    return {
      type: "Feature",
      geometry: { type: "Point", coordinates: at },
      properties: {
        name,
        text: look ? text : "",
        sign: look?.sign ?? "",
        ink: look?.ink ?? colour("secondary"),
        halo: look?.halo ?? colour("paper"),
        signInk: look?.signInk ?? colour("secondary"),
        from: Math.log2((room * 360) / (512 * Math.max(width, 1e-9))) - OVERHANG,
        order: -width,
      },
    };
  });
  return collected(places);
}

function placed(points: MapPoint[], look: ReturnType<typeof looks>, shown: Content["shown"]): Feature<Point>[] {
  return points.map((point): Feature<Point> => {
    shown.set(point.code, point);
    const seen = point.light ? lightLook(point.light) : look(point);
    const ink = seen?.signInk ?? colour("secondary");
    return {
      type: "Feature",
      geometry: { type: "Point", coordinates: [point.longitude, point.latitude] },
      properties: {
        ...properties(seen, point),
        name: point.name,
        ink,
        fill: seen?.sign ? ink : (seen?.fill ?? colour("paper")),
      },
    };
  });
}

const lit = (on: number, off: number): ExpressionSpecification => [
  "case",
  ["boolean", ["feature-state", "selected"], false],
  on,
  ["boolean", ["feature-state", "hovered"], false],
  on,
  off,
];

export function groundLayers(): LayerSpecification[] {
  return [
    { id: "paper", type: "background", paint: { "background-color": colour("paper") } },
    { id: "areas", type: "fill", source: "areas", paint: { "fill-color": ["get", "fill"], "fill-antialias": false } },
    {
      id: "unknown",
      type: "fill",
      source: "areas",
      filter: ["==", ["get", "known"], false],
      paint: { "fill-pattern": "hatch" },
    },
    {
      id: "borders",
      type: "line",
      source: "areas",
      layout: { "line-join": "round" },
      paint: { "line-color": colour("rule"), "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.4, 10, 0.8] },
    },
    {
      id: "edge",
      type: "line",
      source: "edge",
      layout: { "line-join": "round" },
      paint: { "line-color": colour("ink"), "line-width": ["case", ["get", "selected"], 2.5, 1.5] },
    },
    {
      id: "points",
      type: "circle",
      source: "points",
      paint: {
        "circle-radius": lit(8, 4.5),
        "circle-color": ["get", "fill"],
        "circle-opacity": ["case", ["==", ["get", "sign"], ""], 1, 0],
        "circle-stroke-color": ["case", ["==", ["get", "sign"], ""], colour("paper"), colour("ink")],
        "circle-stroke-opacity": ["case", ["==", ["get", "sign"], ""], 1, lit(1, 0)],
        "circle-stroke-width": 1.25,
      },
    },
  ];
}

/** Names that have room at `zoom`. Set anew after each zoom: in a filter MapLibre knows whole zooms only. */
export function roomAt(zoom: number): FilterSpecification {
  return ["<=", ["get", "from"], zoom];
}

/** Names are set in the page's own face: with no glyph address MapLibre draws them from it. */
export function nameLayers(): LayerSpecification[] {
  const face = [FAMILY];
  return [
    {
      id: "names",
      type: "symbol",
      source: "names",
      filter: roomAt(0),
      layout: {
        "text-field": [
          "format",
          ["get", "sign"],
          { "text-color": ["get", "signInk"], "font-scale": 0.85 },
          ["case", ["==", ["get", "sign"], ""], "", " "],
          {},
          ["get", "name"],
          {},
          ["case", ["==", ["get", "text"], ""], "", "\n"],
          {},
          ["get", "text"],
          { "font-scale": 0.92 },
        ],
        "text-font": face,
        "text-size": NAME_SIZE,
        "text-line-height": 1.35,
        "text-max-width": 20,
        "text-padding": 1,
        "symbol-sort-key": ["get", "order"],
      },
      paint: { "text-color": ["get", "ink"], "text-halo-color": ["get", "halo"], "text-halo-width": 1.2 },
    },
    {
      id: "signs",
      type: "symbol",
      source: "points",
      layout: { "text-field": ["get", "sign"], "text-font": face, "text-size": 14, "text-allow-overlap": true },
      paint: { "text-color": ["get", "ink"], "text-halo-color": colour("paper"), "text-halo-width": 1.4 },
    },
    {
      id: "places",
      type: "symbol",
      source: "points",
      layout: {
        "text-field": ["get", "name"],
        "text-font": face,
        "text-size": 11,
        "text-variable-anchor": ["left", "right", "top", "bottom"],
        "text-radial-offset": 0.95,
        "text-padding": 2,
        "text-optional": true,
      },
      paint: { "text-color": colour("ink"), "text-halo-color": colour("paper"), "text-halo-width": 1.4 },
    },
  ];
}

/** Hatching for areas without data: one tile of diagonal lines, at twice the density. */
export function hatch(): ImageData {
  const size = 16;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.strokeStyle = colour("rule");
  pen.lineWidth = 1.4;
  for (const offset of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(offset, size);
    pen.lineTo(offset + size, 0);
    pen.stroke();
  }
  return pen.getImageData(0, 0, size, size);
}
