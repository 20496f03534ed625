/**
 * `<div data-dropzone>` around an `<input type="file">` in a form.
 *
 * Shows name and size in `[data-chosen]` and the upload in a `<progress>`; then shows the page the server answers
 * with, redirected to or, for a refused form (422), drawn anew. Without JavaScript the form is posted plainly.
 */
import { within } from "./find";
import { ownSentence, say, wordFor } from "./message";
import { showPage } from "./whole_page";

const UNITS = ["B", "KB", "MB", "GB"];

function size(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  return `${(bytes / 1024 ** step).toFixed(step < 2 ? 0 : 1)} ${UNITS[step]}`;
}

function show(zone: HTMLElement, input: HTMLInputElement): void {
  const place = zone.querySelector("[data-chosen]");
  if (!place) return;
  place.replaceChildren(
    ...[...(input.files ?? [])].map((file) => {
      const line = document.createElement("div");
      line.textContent = `${file.name}  ${size(file.size)}`;
      return line;
    }),
  );
}

function send(form: HTMLFormElement, zone: HTMLElement, body: FormData): void {
  const progress = zone.querySelector("progress") ?? zone.appendChild(document.createElement("progress"));
  progress.hidden = false;
  progress.max = 1;
  progress.value = 0;
  const buttons = form.querySelectorAll<HTMLButtonElement>("button:not([type='button'])");
  const idle = (): void => {
    progress.hidden = true;
    zone.removeAttribute("aria-busy");
    for (const button of buttons) button.disabled = false;
  };
  zone.setAttribute("aria-busy", "true");
  for (const button of buttons) button.disabled = true;
  say(null);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) progress.value = event.loaded / event.total;
    // all is sent and the server works: a bar that claims to know would invent
    if (event.loaded === event.total) progress.removeAttribute("value");
  });
  request.addEventListener("load", () => {
    const page = (request.getResponseHeader("Content-Type") ?? "").startsWith("text/html");
    if (page && (request.status < 400 || request.status === 422)) {
      void showPage(request.responseText, request.responseURL);
    } else {
      idle();
      say(ownSentence(request.responseText) ?? wordFor(String(request.status)));
    }
  });
  request.addEventListener("error", () => {
    idle();
    say(wordFor("offline"));
  });
  request.send(body);
}

function prepare(zone: HTMLElement): void {
  if (zone.dataset.ready !== undefined) return;
  const input = zone.querySelector<HTMLInputElement>("input[type='file']");
  const form = input?.form;
  if (!input || !form) return;
  zone.dataset.ready = "";
  input.addEventListener("change", () => show(zone, input));
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    const files = event.dataTransfer?.files;
    if (!files?.length) return;
    const kept = new DataTransfer();
    for (const file of input.multiple ? files : [files[0]!]) kept.items.add(file);
    input.files = kept.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !input.files?.length) return;
    event.preventDefault();
    send(form, zone, new FormData(form, event.submitter));
  });
}

export function watchDropZones(root: ParentNode): void {
  for (const zone of within<HTMLElement>(root, "[data-dropzone]")) prepare(zone);
}
