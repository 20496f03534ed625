/**
 * An answer fetched by hand becomes the page, as if the browser had gone there. Scripts in it are not run: the
 * page's own are already there. Going back asks the server.
 */
const MARK = { junheng: true };

export function showPage(text: string, address: string): void {
  const answer = new DOMParser().parseFromString(text, "text/html");
  if (address && address !== location.href && new URL(address).origin === location.origin) {
    history.replaceState(MARK, "");
    history.pushState(MARK, "", address);
  }
  document.title = answer.title;
  document.documentElement.lang = answer.documentElement.lang;
  document.body.replaceWith(document.adoptNode(answer.body));
  scrollTo(0, 0);
  document.dispatchEvent(new CustomEvent("junheng:page"));
  const first = document.querySelector<HTMLElement>("[role='alert'], h1");
  first?.setAttribute("tabindex", "-1");
  first?.focus();
}

export function watchHistory(): void {
  addEventListener("popstate", (event) => {
    const state = event.state as { junheng?: boolean } | null;
    if (state?.junheng) location.reload();
  });
}
