import "./core/htmx_settings";
import htmx from "htmx.org";
import { watchCombobox } from "./core/combobox";
import { watchDirtyForms } from "./core/dirty_forms";
import { watchDropZones } from "./core/drop_zone";
import { watchIslands } from "./core/islands";
import { watchLinkedRows } from "./core/linked";
import { watchFailures } from "./core/message";
import { watchPickers } from "./core/pickers";
import { watchPrinting } from "./core/printing";
import { watchRail } from "./core/rail";
import { watchHistory } from "./core/whole_page";

/** Called for the page and again for every fragment put into it. */
function enliven(root: ParentNode): void {
  watchIslands(root);
  watchDropZones(root);
  watchCombobox(root);
}

function begin(): void {
  watchFailures();
  watchPickers();
  watchPrinting();
  watchRail();
  watchLinkedRows();
  watchDirtyForms();
  watchHistory();
  enliven(document);
  document.addEventListener("htmx:after:process", (event) => {
    if (event.target instanceof Element) enliven(event.target);
  });
  document.addEventListener("junheng:page", () => htmx.process(document.body));
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
