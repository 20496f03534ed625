/** `form[data-guard]`: leaving with something typed and not sent asks first. */
const dirty = new WeakSet<HTMLFormElement>();

function guarded(target: EventTarget | null): HTMLFormElement | null {
  return target instanceof Element ? target.closest<HTMLFormElement>("form[data-guard]") : null;
}

export function watchDirtyForms(): void {
  document.addEventListener("input", (event) => {
    const form = guarded(event.target);
    if (form) dirty.add(form);
  });
  for (const name of ["submit", "reset"]) {
    document.addEventListener(name, (event) => {
      const form = guarded(event.target);
      if (form) dirty.delete(form);
    });
  }
  window.addEventListener("beforeunload", (event) => {
    const waiting = [...document.querySelectorAll<HTMLFormElement>("form[data-guard]")];
    if (waiting.some((form) => dirty.has(form))) event.preventDefault();
  });
}
