/** `data-submit-on-change` on a form or a field: choosing is sending. The form keeps its button for no JavaScript. */
export function watchPickers(): void {
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLSelectElement || field instanceof HTMLInputElement)) return;
    if (!field.closest("[data-submit-on-change]")) return;
    field.form?.requestSubmit();
  });
}
