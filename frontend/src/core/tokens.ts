/** Colours of the page's stylesheet, so that pages, charts and documents cannot drift apart. */
export const FAMILY = "Noto Sans SC Variable";

const known = new Map<string, string>();

/** Colour token `name`, without the dashes. Throws when the stylesheet has none of that name. */
export function colour(name: string): string {
  const before = known.get(name);
  if (before) return before;
  const value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  if (!value) throw new Error(`stylesheet without --${name}`);
  known.set(name, value);
  return value;
}

/** `share` of one colour on another, both #RRGGBB. */
export function mix(over: string, under: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const top = Number.parseInt(over.slice(at, at + 2), 16);
    const ground = Number.parseInt(under.slice(at, at + 2), 16);
    return Math.round(top * share + ground * (1 - share))
      .toString(16)
      .padStart(2, "0");
  });
  return `#${parts.join("")}`;
}

/** Ink or paper, whichever reads better on `ground` (#RRGGBB). */
export function inkOn(ground: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(ground.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return light > 0.3 ? colour("ink") : colour("paper");
}

/** Colour behind `element`: that of the nearest ancestor which has one. */
export function groundOf(element: Element): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const found = getComputedStyle(at).backgroundColor;
    if (found && found !== "transparent" && !found.endsWith(", 0)")) return found;
  }
  return colour("paper");
}

/** Whether things may move. */
export function still(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
