/** Colours of areas and points: by class, or by light with its shape. */
import { colour, inkOn, mix } from "../core/tokens";
import type { Light, MapScale, MapValue } from "../spec";

/** Shape and colour of a light; the word stands in the list beside the map. */
const LIGHTS: Record<Light, { sign: string; tone: string }> = {
  met: { sign: "●", tone: "good" },
  near: { sign: "▲", tone: "declared" },
  unmet: { sign: "■", tone: "red" },
  unexamined: { sign: "○", tone: "secondary" },
  incalculable: { sign: "–", tone: "secondary" },
  red: { sign: "■", tone: "red" },
  orange: { sign: "▲", tone: "orange" },
  yellow: { sign: "●", tone: "yellow" },
  clear: { sign: "", tone: "secondary" },
};
/** Share of a light's colour in its area: the sign is strong, the ground quiet. */
const TINT = 0.26;

export interface Look {
  fill: string;
  /** Of words on the fill. */
  ink: string;
  halo: string;
  sign: string;
  signInk: string;
}

function ramp(scale: MapScale): string[] {
  if (scale.tones) return scale.tones;
  const classes = scale.breaks.length + 1;
  if (scale.kind === "sequential") return Array.from({ length: classes }, (_, at) => `blue-${at + 1}`);
  // idle below, short above, the middle class balanced
  const half = Math.floor(classes / 2);
  const below = Array.from({ length: half }, (_, at) => `idle-${half - at}`);
  const above = Array.from({ length: half }, (_, at) => `short-${at + 1}`);
  return classes % 2 ? [...below, "paper", ...above] : [...below, ...above];
}

/** Look of a light: its sign strong, its ground quiet. */
export function lightLook(light: Light): Look {
  const { sign, tone } = LIGHTS[light];
  const strong = colour(tone);
  const quiet = tone === "secondary" ? colour("ground") : mix(strong, colour("paper"), TINT);
  return { fill: quiet, ink: colour("ink"), halo: quiet, sign, signInk: strong };
}

/** Look by scale; null: not known, to be hatched. */
export function looks(scale: MapScale): (value: Pick<MapValue, "value" | "light">) => Look | null {
  if (scale.kind === "lights") return ({ light }) => (light ? lightLook(light) : null);
  const tones = ramp(scale).map(colour);
  return ({ value }) => {
    if (value === null) return null;
    const fill = tones[scale.breaks.filter((limit) => value >= limit).length] ?? colour("paper");
    return { fill, ink: inkOn(fill), halo: fill, sign: "", signInk: colour("ink") };
  };
}
