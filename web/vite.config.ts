/** Builds the page into `dist/web`, from where the hub serves it. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Smaller files fit in one packet of the network as they are. */
const WORTH_PACKING_BYTES = 1_400;

/** Each file of the page packed beside itself: once here, instead of for each visitor on a Pi. */
function packAssets(): Plugin {
  let folder = "";
  return {
    name: "pack-assets",
    configResolved({ root, build: { outDir, assetsDir } }) {
      folder = resolve(root, outDir, assetsDir);
    },
    closeBundle() {
      for (const name of readdirSync(folder)) {
        const file = join(folder, name);
        const bytes = readFileSync(file);
        if (bytes.length > WORTH_PACKING_BYTES) writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/",
  logLevel: "warn",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [packAssets()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    // No `data:` URLs and no inline script: the page's policy is `default-src 'self'`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
