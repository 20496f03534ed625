/**
 * The left rail folds: `<button data-rail-toggle aria-controls="rail" aria-expanded="true">`.
 *
 * The state stands on the root as `data-rail="folded"` and is remembered on this machine. Where storage is
 * refused it lasts as long as the page.
 */
const NAME = "junheng.rail";

function remembered(): string | null {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
}

function remember(state: string): void {
  try {
    localStorage.setItem(NAME, state);
  } catch {
    return;
  }
}

function apply(state: string): void {
  document.documentElement.dataset.rail = state;
  for (const button of document.querySelectorAll("[data-rail-toggle]")) {
    button.setAttribute("aria-expanded", String(state !== "folded"));
  }
}

export function watchRail(): void {
  const restore = (): void => apply(remembered() === "folded" ? "folded" : "open");
  restore();
  document.addEventListener("junheng:page", restore);
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-rail-toggle]")) return;
    const state = document.documentElement.dataset.rail === "folded" ? "open" : "folded";
    apply(state);
    remember(state);
  });
}
