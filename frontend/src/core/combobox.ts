/**
 * Unit picker: `<form method="get"><input data-combobox name="q" data-source="/units.json?q=" data-count="{n} …"
 * data-none="…"></form>`.
 *
 * The server finds (names, codes, initials of the pinyin) and gives each unit its address on the present page.
 * ARIA 1.2 combobox with a list box: arrows, Home, End, Enter, Escape. Without JavaScript the form is sent.
 */
import { within } from "./find";
import { follow } from "./linked";

interface Unit {
  code: string;
  name: string;
  level: string;
  path: string;
  url: string;
}

const PAUSE = 120;
let made = 0;

class Combobox {
  private readonly list = document.createElement("ul");
  private readonly status = document.createElement("span");
  private units: Unit[] = [];
  private active = -1;
  private timer = 0;
  private asked = 0;

  constructor(private readonly input: HTMLInputElement) {
    made += 1;
    const { input: field, list, status } = this;
    list.id = `combobox-list-${made}`;
    list.className = "combobox-list";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels?.[0]?.textContent?.trim() || (field.getAttribute("aria-label") ?? ""));
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", list.id);
    field.autocomplete = "off";
    field.after(list, status);
    field.addEventListener("input", () => this.later());
    field.addEventListener("focus", () => field.select());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => this.close());
    // the press would take the focus and close the list before the click arrives
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const row = event.target instanceof Element ? event.target.closest("[role='option']") : null;
      if (row) this.choose([...list.children].indexOf(row));
    });
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), PAUSE);
  }

  private async ask(): Promise<void> {
    const turn = ++this.asked;
    const words = this.input.value.trim();
    if (!words) return this.close();
    const address = (this.input.dataset.source ?? "") + encodeURIComponent(words);
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok || turn !== this.asked) return;
      const body = (await answer.json()) as { results: Unit[] };
      if (turn === this.asked) this.show(body.results);
    } catch {
      // the form still works; nothing is lost by an empty list
      this.close();
    }
  }

  private show(units: Unit[]): void {
    this.units = units;
    this.list.replaceChildren(...units.map((unit, index) => this.row(unit, index)));
    const { count, none } = this.input.dataset;
    this.status.textContent = units.length ? (count ?? "{n}").replace("{n}", String(units.length)) : (none ?? "");
    if (!units.length && none) {
      const empty = document.createElement("li");
      empty.className = "combobox-none";
      empty.setAttribute("role", "option");
      empty.setAttribute("aria-disabled", "true");
      empty.textContent = none;
      this.list.append(empty);
    }
    const open = this.list.childElementCount > 0;
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.activate(-1);
  }

  private row(unit: Unit, index: number): HTMLLIElement {
    const row = document.createElement("li");
    row.id = `${this.list.id}-${index}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    const parts: [string, string][] = [
      ["combobox-name", unit.name],
      ["combobox-code", unit.code],
      ["combobox-path", [unit.level, unit.path].filter(Boolean).join(" · ")],
    ];
    for (const [kind, text] of parts) {
      const part = document.createElement("span");
      part.className = kind;
      part.textContent = text;
      row.append(part);
    }
    return row;
  }

  private activate(index: number): void {
    this.active = index;
    [...this.list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === index)));
    const row = this.list.children[index];
    if (row) {
      this.input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  private choose(index: number): void {
    const unit = this.units[index];
    if (!unit) return;
    this.input.value = unit.name;
    this.close();
    follow(unit.url);
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asked += 1;
    this.list.hidden = true;
    this.units = [];
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return; // Chinese is still being typed
    const last = this.units.length - 1;
    const open = !this.list.hidden;
    const go: Record<string, () => void> = {
      ArrowDown: () => (open ? this.activate(this.active >= last ? 0 : this.active + 1) : void this.ask()),
      ArrowUp: () => (open ? this.activate(this.active <= 0 ? last : this.active - 1) : void this.ask()),
    };
    if (open) {
      go.Escape = () => this.close();
      if (this.active >= 0) {
        go.Home = () => this.activate(0);
        go.End = () => this.activate(last);
      }
      if (last >= 0) go.Enter = () => this.choose(Math.max(this.active, 0));
    }
    const act = go[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}

export function watchCombobox(root: ParentNode): void {
  for (const input of within<HTMLInputElement>(root, "input[data-combobox]:not([role='combobox'])")) {
    new Combobox(input);
  }
}
