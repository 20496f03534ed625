/**
 * Failures of requests in the page's own message area, `<div id="message" role="status" aria-live="polite" hidden>`.
 *
 * The words are the server's: `<body data-words-failed="…" data-words-offline="…" data-words-timeout="…"
 * data-words-403="…">`. An answer that carries `[data-message]` brings its own sentence.
 */
interface Answer {
  response?: { status: number };
  request?: { signal?: AbortSignal };
  text?: string;
  swap?: string;
}

/** Show `text`, or take the last message away with null. */
export function say(text: string | null): void {
  const place = document.getElementById("message");
  if (!place) return;
  place.textContent = "";
  place.hidden = !text;
  if (!text) return;
  // a region that appears together with its words is not read out
  setTimeout(() => (place.textContent = text), 50);
}

/** The words the page holds for `code` ("403", "offline"), else its general ones. */
export function wordFor(code: string): string {
  const { body } = document;
  return body.getAttribute(`data-words-${code}`) ?? body.getAttribute("data-words-failed") ?? "";
}

/** The sentence an error page brings for its reader. */
export function ownSentence(text: string | undefined): string | null {
  if (!text?.includes("data-message")) return null;
  const found = new DOMParser().parseFromString(text, "text/html").querySelector("[data-message]");
  return found?.textContent?.trim() || null;
}

function context(event: Event): Answer {
  return (event as CustomEvent<{ ctx?: Answer }>).detail.ctx ?? {};
}

export function watchFailures(): void {
  document.addEventListener("htmx:before:request", () => say(null));
  document.addEventListener("htmx:finally:request", (event) => {
    const { response, swap, text } = context(event);
    if (response && response.status >= 400 && swap === "none")
      say(ownSentence(text) ?? wordFor(String(response.status)));
  });
  document.addEventListener("htmx:error", (event) => {
    const { request, response } = context(event);
    if (response) say(wordFor("failed"));
    else say(wordFor(request?.signal?.aborted ? "timeout" : "offline"));
  });
}
