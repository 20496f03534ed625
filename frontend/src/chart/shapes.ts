/** Shapes of a custom series, in px of the canvas. */
import { FAMILY, colour } from "../core/tokens";
import { textWidth } from "../core/type";

export type Point = [number, number];

export interface Shape {
  type: string;
  [option: string]: unknown;
}

export const SIZE = 12;
export const SMALL = 11;

interface Stroke {
  tone: string;
  width?: number;
  dash?: number[];
}

/** Hovered shapes keep their colour: one meaning, one colour. */
function steady(style: Record<string, unknown>): { style: Record<string, unknown>; emphasis: object } {
  return { style, emphasis: { style: { fill: style.fill, stroke: style.stroke } } };
}

export function line(points: Point[], { tone, width = 1, dash }: Stroke): Shape {
  const style = { stroke: colour(tone), lineWidth: width, lineDash: dash ?? null, fill: "none", lineJoin: "round" };
  return { type: "polyline", silent: true, shape: { points }, ...steady(style) };
}

export function area(points: Point[], tone: string): Shape {
  return { type: "polygon", silent: true, shape: { points }, ...steady({ fill: colour(tone) }) };
}

export function box(x: number, y: number, width: number, height: number, fill: string, more: object = {}): Shape {
  const left = width < 0 ? x + width : x;
  return { type: "rect", shape: { x: left, y, width: Math.abs(width), height }, ...steady({ fill }), ...more };
}

export function dot(x: number, y: number, radius: number, fill: string, ring?: string): Shape {
  const stroke = ring ? { stroke: ring, lineWidth: 1.5 } : {};
  return { type: "circle", silent: true, shape: { cx: x, cy: y, r: radius }, ...steady({ fill, ...stroke }) };
}

interface Lettering {
  tone?: string;
  fill?: string;
  size?: number;
  strong?: boolean;
  align?: "left" | "center" | "right";
  at?: "top" | "middle" | "bottom";
  /** Wraps within so many px, or is cut short there. */
  within?: number;
  cut?: boolean;
  /** Colour of the page behind the letters, where lines pass. */
  halo?: string;
}

export function words(text: string, x: number, y: number, options: Lettering = {}): Shape {
  const { tone = "secondary", size = SIZE, strong = false, align = "left", at = "middle", within, cut, halo } = options;
  return {
    type: "text",
    silent: true,
    style: {
      text,
      x,
      y,
      fill: options.fill ?? colour(tone),
      fontFamily: `"${FAMILY}", sans-serif`,
      fontSize: size,
      fontWeight: strong ? 600 : 400,
      align,
      verticalAlign: at,
      lineHeight: Math.round(size * 1.3),
      ...(within ? { width: within, overflow: cut ? "truncate" : "break" } : {}),
      ...(halo ? { stroke: halo, lineWidth: 3 } : {}),
    },
  };
}

export function group(children: (Shape | null | false | undefined)[], more: object = {}): Shape {
  return { type: "group", children: children.filter(Boolean), ...more };
}

/** Heights near the wanted ones, at least `step` apart and in their order, within [top, bottom]. */
export function apart(wanted: number[], step: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]!);
  const placed = order.map((index) => wanted[index]!);
  for (let round = 0; round < 80; round += 1) {
    let moved = false;
    for (let index = 1; index < placed.length; index += 1) {
      const short = step - (placed[index]! - placed[index - 1]!);
      if (short > 0.05) {
        placed[index - 1]! -= short / 2;
        placed[index]! += short / 2;
        moved = true;
      }
    }
    if (placed.length) {
      placed[0] = Math.max(placed[0]!, top);
      placed[placed.length - 1] = Math.min(placed.at(-1)!, bottom);
    }
    if (!moved) break;
  }
  const result: number[] = [];
  order.forEach((index, at) => (result[index] = placed[at]!));
  return result;
}

/** Widest of `texts` in px. */
export function widest(texts: Iterable<string>, size = SIZE, weight = 400): number {
  let most = 0;
  for (const text of texts) most = Math.max(most, textWidth(text, size, weight));
  return Math.ceil(most);
}

/** Lines `text` takes when wrapped within `width` px: between words, and between any two ideographs. */
export function lineCount(text: string, width: number, size = SIZE): number {
  let lines = 1;
  let filled = 0;
  for (const part of text.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*/g) ?? []) {
    const wide = textWidth(part, size, 600);
    if (filled > 0 && filled + wide > width) {
      lines += 1;
      filled = 0;
    }
    filled += wide;
  }
  return lines;
}

/** Hatching for what is not known: lines across a box. */
export function hatching(x: number, y: number, width: number, height: number): Shape {
  const strokes: Shape[] = [];
  for (let offset = 6; offset < width + height; offset += 6) {
    const from: Point = [x + Math.max(0, offset - height), y + Math.min(offset, height)];
    const to: Point = [x + Math.min(offset, width), y + Math.max(0, offset - width)];
    strokes.push(line([from, to], { tone: "hairline" }));
  }
  return group(strokes, { silent: true });
}
