import { prewarm, setWorkerUrl } from "maplibre-gl";
// as a file of its own under the page's address: worker-src 'self' is enough, no blob
import address from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";

let told = false;

/** Start the worker while the areas are still on their way. */
export function startWorker(): void {
  if (told) return;
  setWorkerUrl(address);
  prewarm();
  told = true;
}
