/** Areas, points and their names as MapLibre sources and layers, without tiles and without a glyph server. */
import type { FeatureCollection, Point, Polygon, MultiPolygon } from "geojson";
import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from "maplibre-gl";
import { FAMILY, colour } from "../core/tokens";
import { textWidth } from "../core/type";
import type { MapPoint, MapSpec, MapValue } from "../spec";
import type { Area } from "./geometry";
import { seat } from "./geometry";
import type { Look } from "./tones";
import { lightLook, looks } from "./tones";

const NAME_SIZE = 12;
/** A name may reach a third over its area's border before it waits for a closer view. */
const OVERHANG = 0.42;

type Shown = Pick<MapValue, "code" | "name" | "text" | "href">;

export interface Content {
  areas: FeatureCollection<Polygon | MultiPolygon>;
  points: FeatureCollection<Point>;
  names: FeatureCollection<Point>;
  /** What is said of each code. */
  shown: Map<string, Shown>;
}

function properties(look: Look | null, value: Shown): Record<string, unknown> {
  return { code: value.code, known: look !== null, fill: look?.fill ?? colour("paper"), sign: look?.sign ?? "" };
}

/** Join values to areas, and find where each name stands and from which zoom it has room. */
export function content(spec: MapSpec, features: Area[]): Content {
  const look = looks(spec.scale);
  const values = new Map(spec.values.map((value) => [value.code, value]));
  const shown = new Map<string, Shown>();
  const areas: Content["areas"] = { type: "FeatureCollection", features: [] };
  const names: Content["names"] = { type: "FeatureCollection", features: [] };
  for (const feature of features) {
    const code = String(feature.properties.code);
    const value: MapValue = values.get(code) ?? {
      code,
      name: feature.properties.name,
      value: null,
      text: spec.words.none,
    };
    const seen = values.has(code) ? look(value) : null;
    shown.set(code, value);
    const joined = properties(seen, value);
    areas.features.push({ type: "Feature", geometry: feature.geometry, properties: joined });
    const { at, width } = seat(feature);
    const room = Math.max(textWidth(value.name, NAME_SIZE) + (seen?.sign ? 14 : 0), textWidth(value.text, 11));
    names.features.push({
      type: "Feature",
      geometry: { type: "Point", coordinates: at },
      properties: {
        code,
        name: value.name,
        text: seen ? value.text : "",
        sign: seen?.sign ?? "",
        ink: seen?.ink ?? colour("secondary"),
        halo: seen?.halo ?? colour("paper"),
        signInk: seen?.signInk ?? colour("secondary"),
        from: Math.log2(((room + 4) * 360) / (512 * Math.max(width, 1e-9))) - OVERHANG,
        order: -width,
      },
    });
  }
  return { areas, points: placed(spec.points ?? [], look, shown), names, shown };
}

function placed(points: MapPoint[], look: ReturnType<typeof looks>, shown: Map<string, Shown>): Content["points"] {
  const features = points.map((point): Content["points"]["features"][number] => {
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
  return { type: "FeatureCollection", features };
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
      source: "areas",
      layout: { "line-join": "round" },
      paint: {
        "line-color": colour("ink"),
        "line-width": ["case", ["boolean", ["feature-state", "selected"], false], 2.5, 1.5],
        "line-opacity": lit(1, 0),
      },
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
