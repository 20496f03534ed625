/** The page's type, for drawings: what is drawn before its slices have come keeps the wrong glyphs for ever. */
import { FAMILY } from "./tokens";

/** Every string of a specification. */
export function* strings(part: unknown): Generator<string> {
  if (typeof part === "string") yield part;
  else if (part && typeof part === "object") for (const inner of Object.values(part)) yield* strings(inner);
}

/**
 * Wait for the slices that hold the characters of `texts`, `patience` ms at the most. A font that does not come
 * leaves the fallback face.
 */
export async function loadType(texts: Iterable<string>, patience = Infinity): Promise<void> {
  const characters = new Set<string>();
  for (const text of texts) for (const character of text) characters.add(character);
  if (!characters.size) return;
  try {
    const loaded = document.fonts.load(`400 16px "${FAMILY}"`, [...characters].join(""));
    await (Number.isFinite(patience) ? Promise.race([loaded, new Promise((go) => setTimeout(go, patience))]) : loaded);
  } catch {
    return;
  }
}

const measuring = document.createElement("canvas").getContext("2d");

/** Width in px of `text` set at `size` px. */
export function textWidth(text: string, size: number, weight = 400): number {
  if (!measuring) return text.length * size;
  measuring.font = `${weight} ${size}px "${FAMILY}", sans-serif`;
  return measuring.measureText(text).width;
}
