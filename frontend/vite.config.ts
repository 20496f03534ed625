import { defineConfig } from "vite";

// The manifest lies beside the assets, not in a hidden folder: collectstatic skips those.
// Nothing is inlined and there are no source maps: the pages' content policy forbids the one,
// the wheel has no room for the other.
export default defineConfig({
  base: "/static/dist/",
  publicDir: false,
  build: {
    outDir: "../src/junheng/web/static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    sourcemap: false,
    target: ["chrome111", "firefox115", "safari16.4"],
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1100,
    rolldownOptions: {
      input: ["src/main.ts", "src/fonts.css"],
    },
  },
  worker: { format: "es" },
});
