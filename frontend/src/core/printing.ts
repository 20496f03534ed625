/** `data-print` buttons; hidden where there is nothing to print with. */
export function watchPrinting(): void {
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-print]")) window.print();
  });
}
