import "./tip.css";

/** A line of words, or a word with its number at the right edge. */
export type TipLine = string | [word: string, value: string];

/** A word with its number, where there is one. */
export function pair(word: string, value: string | undefined): TipLine[] {
  return value === undefined ? [] : [[word, value]];
}

const AWAY = 14;

/**
 * What stands beside the pointer: a head and lines, as text of the page and in its type.
 *
 * Own element rather than the chart library's: that one carries inline style, which the content policy refuses,
 * or draws in a face of its own.
 */
export class Tip {
  private readonly box = document.createElement("div");

  constructor(private readonly host: HTMLElement) {
    this.box.className = "island-tip";
    this.box.hidden = true;
    host.append(this.box);
  }

  /** Show `lines`, the head first, near (x, y) of the host; nothing without a head. */
  show([head, ...lines]: TipLine[], x: number, y: number): void {
    if (head === undefined) return this.hide();
    const title = document.createElement("b");
    title.textContent = typeof head === "string" ? head : head.join(" ");
    this.box.replaceChildren(title, ...lines.map(drawn));
    this.box.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const most = this.host.scrollWidth - width - 2;
    const across = x + AWAY > most ? x - width - AWAY : x + AWAY;
    const below = y + AWAY + height <= this.host.clientHeight;
    const down = below ? y + AWAY : y - height - AWAY;
    this.box.style.transform = `translate(${Math.max(0, Math.min(across, most))}px, ${Math.max(0, down)}px)`;
  }

  hide(): void {
    this.box.hidden = true;
  }
}

function drawn(line: TipLine): HTMLElement {
  const row = document.createElement("div");
  for (const part of typeof line === "string" ? [line] : line) {
    const word = document.createElement("span");
    word.textContent = part;
    row.append(word);
  }
  return row;
}
