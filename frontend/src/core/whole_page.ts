/**
 * An answer fetched by hand becomes the page, as if the browser had gone there. Scripts in it are not run: the
 * page's own are already there. Going back asks the server.
 */
const MARK = { junheng: true };

export async function showPage(text: string, address: string): Promise<void> {
  const answer = new DOMParser().parseFromString(text, "text/html");
  await bringStyles(answer);
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

/** Stylesheets of the answer that this page does not hold yet. */
async function bringStyles(answer: Document): Promise<void> {
  const links = [...answer.querySelectorAll<HTMLLinkElement>("link[rel='stylesheet']")];
  const waits = links.flatMap((link) => {
    const href = link.getAttribute("href") ?? "";
    if (document.querySelector(`link[rel='stylesheet'][href="${CSS.escape(href)}"]`)) return [];
    const own = document.createElement("link");
    own.rel = "stylesheet";
    own.media = link.media;
    own.href = href;
    document.head.append(own);
    return [new Promise((resolve) => ["load", "error"].forEach((name) => own.addEventListener(name, resolve)))];
  });
  await Promise.all(waits);
}

export function watchHistory(): void {
  addEventListener("popstate", (event) => {
    const state = event.state as { junheng?: boolean } | null;
    if (state?.junheng) location.reload();
  });
}
