/** Where a label stands in its area, and how wide the area is. Plane geometry in degrees: good enough for words. */
import type { Feature, MultiPolygon, Polygon, Position } from "geojson";

export type Area = Feature<Polygon | MultiPolygon, { code: string; name: string }>;
export type Bounds = [number, number, number, number];

type Ring = Position[];

function ringArea(ring: Ring): number {
  let twice = 0;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [x0, y0] = ring[before] as [number, number];
    const [x1, y1] = ring[at] as [number, number];
    twice += x0 * y1 - x1 * y0;
  }
  return Math.abs(twice) / 2;
}

/** Longest stretch of the level `y` inside the rings. */
function stretch(rings: Ring[], y: number): [number, number] | null {
  const crossings: number[] = [];
  for (const ring of rings) {
    for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
      const [x0, y0] = ring[before] as [number, number];
      const [x1, y1] = ring[at] as [number, number];
      if (y0 > y !== y1 > y) crossings.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
    }
  }
  crossings.sort((a, b) => a - b);
  let best: [number, number] | null = null;
  for (let at = 0; at + 1 < crossings.length; at += 2) {
    const pair: [number, number] = [crossings[at]!, crossings[at + 1]!];
    if (!best || pair[1] - pair[0] > best[1] - best[0]) best = pair;
  }
  return best;
}

/** Middle of the widest level of the largest part, with that width in degrees. */
export function seat(area: Area): { at: [number, number]; width: number } {
  const { geometry } = area;
  const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const rings = parts.reduce((most, part) => (ringArea(part[0] ?? []) > ringArea(most[0] ?? []) ? part : most));
  const [, low, , high] = boundsOf([{ ...area, geometry: { type: "Polygon", coordinates: rings } }]);
  let best: { at: [number, number]; width: number } = { at: (rings[0]?.[0] ?? [0, 0]) as [number, number], width: 0 };
  for (const share of [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74]) {
    const y = low + (high - low) * share;
    const found = stretch(rings, y);
    // a level near the middle is worth a little less width
    const worth = found ? (found[1] - found[0]) * (1 - Math.abs(share - 0.5)) : 0;
    if (found && worth > best.width * 1.0001) best = { at: [(found[0] + found[1]) / 2, y], width: worth };
  }
  return best;
}

export function boundsOf(areas: Area[]): Bounds {
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { geometry } of areas) {
    const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    for (const [outer] of parts) {
      for (const [x, y] of (outer ?? []) as [number, number][]) {
        if (x < bounds[0]) bounds[0] = x;
        if (y < bounds[1]) bounds[1] = y;
        if (x > bounds[2]) bounds[2] = x;
        if (y > bounds[3]) bounds[3] = y;
      }
    }
  }
  return bounds;
}
