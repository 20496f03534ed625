/**
 * Rows and figures of a page share hover and selection by key.
 *
 * `tr[data-key]` (or any `[data-key]`) and islands dispatch `junheng:hover` and `junheng:select` on the document,
 * detail {key}; all listen. Rows carry the state as `data-hovered`, `data-selected`.
 */
export type Link = { key: string | null };

let hovered: string | null = null;

export function hover(key: string | null): void {
  hovered = key;
  document.dispatchEvent(new CustomEvent<Link>("junheng:hover", { detail: { key } }));
}

/** The pointer left what it had hovered; where something else has been hovered since, that stays. */
export function leave(key: string | null): void {
  if (key !== null && key === hovered) hover(null);
}

export function select(key: string | null): void {
  document.dispatchEvent(new CustomEvent<Link>("junheng:select", { detail: { key } }));
}

/** Listen until the returned function is called. */
export function onLink(name: "junheng:hover" | "junheng:select", act: (key: string | null) => void): () => void {
  const listen = (event: Event): void => act((event as CustomEvent<Link>).detail.key);
  document.addEventListener(name, listen);
  return () => document.removeEventListener(name, listen);
}

/** Go where the server says, never to another server. */
export function follow(href: string | undefined): void {
  if (!href) return;
  const target = new URL(href, location.href);
  if (target.origin === location.origin) location.assign(target.href);
}

function keyOf(target: EventTarget | null): string | null {
  if (!(target instanceof Element)) return null;
  return target.closest<HTMLElement>("[data-key]")?.dataset.key ?? null;
}

function mark(attribute: "hovered" | "selected", key: string | null): void {
  for (const row of document.querySelectorAll<HTMLElement>(`[data-key][data-${attribute}]`)) {
    if (row.dataset.key !== key) delete row.dataset[attribute];
  }
  if (key === null) return;
  for (const row of document.querySelectorAll<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)) {
    row.dataset[attribute] = "";
  }
}

export function watchLinkedRows(): void {
  const move = (event: Event): void => {
    const key = keyOf(event.target);
    const figure = event.target instanceof Element && event.target.closest("figure[data-island] [data-canvas]");
    if (key !== hovered && !(figure && key === null)) hover(key);
  };
  document.addEventListener("pointerover", move);
  document.addEventListener("focusin", move);
  document.addEventListener("click", (event) => {
    const key = keyOf(event.target);
    const control = event.target instanceof Element && event.target.closest("a, button, input, select, label");
    if (key !== null && !control) {
      const again = document.querySelector(`[data-key="${CSS.escape(key)}"][data-selected]`);
      select(again ? null : key);
    }
  });
  onLink("junheng:hover", (key) => mark("hovered", key));
  onLink("junheng:select", (key) => mark("selected", key));
}
