import "tabulator-tables/dist/css/tabulator_simple.min.css";
import "./island.css";
import { AjaxModule, FormatModule, PageModule, ResizeTableModule, SortModule, Tabulator } from "tabulator-tables";
import type { CellComponent, ColumnDefinition, RowComponent } from "tabulator-tables";
import type { Draw } from "../core/islands";
import type { GridColumn, GridSpec } from "../spec";
import { askPage } from "./page";

Tabulator.registerModule([AjaxModule, FormatModule, PageModule, ResizeTableModule, SortModule]);

/** What stands in a cell: a text, or a link where the row has an address. */
function shown(column: GridColumn, none: string): (cell: CellComponent) => HTMLElement {
  return (cell) => {
    const row = cell.getData() as Record<string, unknown>;
    const value = row[column.show ?? column.field];
    const text = value === null || value === undefined || value === "" ? none : String(value);
    const href = column.link ? row[column.link] : undefined;
    const element = document.createElement(typeof href === "string" ? "a" : "span");
    element.textContent = text;
    if (typeof href === "string")
      element.setAttribute("href", new URL(href, location.origin).pathname + new URL(href, location.origin).search);
    return element;
  };
}

function columns(spec: GridSpec): ColumnDefinition[] {
  return spec.columns.map((column) => ({
    title: column.title,
    field: column.field,
    hozAlign: column.align ?? "left",
    headerHozAlign: column.align ?? "left",
    cssClass: column.align === "right" ? "grid-right" : "",
    headerSort: column.sortable !== false,
    minWidth: column.width ?? 90,
    formatter: shown(column, spec.words.none) as ColumnDefinition["formatter"],
    titleFormatter: () => heading(column) as unknown as string,
  }));
}

function heading({ title, unit }: GridColumn): HTMLElement {
  const element = document.createElement("span");
  element.textContent = title;
  if (unit) {
    const small = document.createElement("small");
    small.textContent = unit;
    element.append(" ", small);
  }
  return element;
}

/** Tabulator's roles leave a grid whose children are not rows; these make it one. Headings sort by key too. */
function mend(canvas: HTMLElement, spec: GridSpec): void {
  canvas.querySelector(".tabulator-tableholder")?.setAttribute("role", "rowgroup");
  canvas.querySelector(".tabulator-table")?.setAttribute("role", "none");
  canvas.querySelector(".tabulator")?.setAttribute("aria-label", spec.title);
  for (const heading of canvas.querySelectorAll<HTMLElement>(".tabulator-col.tabulator-sortable")) {
    heading.tabIndex = 0;
    heading.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      heading.click();
    });
  }
}

export const draw: Draw<GridSpec> = async (canvas, spec) => {
  const { words, key } = spec;
  const host = document.createElement("div");
  // outside the grid: its role allows rows only
  const pages = document.createElement("nav");
  pages.className = "grid-pages";
  pages.setAttribute("aria-label", spec.title);
  canvas.append(host, pages);
  const [field, direction] = spec.sort?.startsWith("-") ? [spec.sort.slice(1), "desc"] : [spec.sort, "asc"];
  const table = new Tabulator(host, {
    columns: columns(spec),
    layout: "fitColumns",
    placeholder: words.empty,
    pagination: true,
    paginationMode: "remote",
    paginationElement: pages,
    paginationSize: spec.pageSize,
    paginationButtonCount: 5,
    sortMode: "remote",
    initialSort: field ? [{ column: field, dir: direction as "asc" | "desc" }] : [],
    ajaxURL: spec.url,
    ajaxRequestFunc: askPage,
    dataLoaderLoading: words.loading,
    dataLoaderError: words.failed,
    locale: "page",
    langs: {
      page: {
        pagination: {
          first: words.first,
          first_title: words.first,
          prev: words.previous,
          prev_title: words.previous,
          next: words.next,
          next_title: words.next,
          last: words.last,
          last_title: words.last,
          page_title: words.page,
        },
      },
    },
    rowFormatter: (row: RowComponent) => {
      const value = key ? (row.getData() as Record<string, unknown>)[key] : undefined;
      if (typeof value === "string") row.getElement().dataset.key = value;
    },
  });
  await filled(table);
  mend(canvas, spec);
  return { prints: true, end: () => table.destroy() };
};

/** The first page; an answer that does not come fails the island. */
function filled(table: Tabulator): Promise<void> {
  return new Promise((resolve, reject) => {
    table.on("dataProcessed", () => resolve());
    table.on("dataLoadError", (error) => reject(error instanceof Error ? error : new Error(String(error))));
  });
}
