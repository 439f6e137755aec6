/** Makes the one file that runs on the board, and refuses to when the interpreter could not run it. Used by `scripts/`. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { faultsOf } from "./gates.mjs";

const ENTRY = fileURLToPath(new URL("../main.ts", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../../../package.json", import.meta.url));
/** The interpreter has 16,383 variables of some 12 bytes, and the program is one of several things in them. */
const MAX_BYTES = 12_000;
/** What Espruino does not run: esbuild writes it differently, or fails the build where it cannot. */
const UNSUPPORTED = [
  ...["generator", "async-await", "default-argument", "rest-argument", "array-spread", "destructuring", "new-target"],
  ...["for-await", "object-rest-spread"],
];

/** @typedef {import("../config.ts").Config} Config */

/**
 * Builds the client.
 * @param {Config | null} config written into the file; null makes the generic one, which reads the global `pharosConfig`
 * @param {string} outfile
 * @returns {Promise<{ bytes: number }>}
 * @throws Error with a line for each thing that Espruino would not run
 */
export async function buildEspruino(config, outfile) {
  refuseFaults(await bundle(false));
  const code = `${prelude(config)}\n${(await bundle(true)).trim()}\n`;
  refuseFaults(code);
  if (code.length > MAX_BYTES)
    throw new Error(`The Espruino client is ${code.length} bytes; at most ${MAX_BYTES} fit.`);
  mkdirSync(dirname(outfile), { recursive: true });
  // The Wi-Fi password stands in it.
  writeFileSync(outfile, code, { mode: config === null ? 0o644 : 0o600 });
  return { bytes: code.length };
}

/** @param {boolean} minify @returns {Promise<string>} */
async function bundle(minify) {
  const { version } = JSON.parse(readFileSync(PACKAGE, "utf8"));
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    format: "iife",
    platform: "neutral",
    target: "es2015",
    charset: "ascii",
    minify,
    logLevel: "silent",
    supported: Object.fromEntries(UNSUPPORTED.map((feature) => [feature, false])),
    define: { VERSION: JSON.stringify(version) },
  });
  return outputFiles[0]?.text ?? "";
}

/**
 * The line in front of the bundle. The modules are required here, in plain sight: esbuild would hide `require` from the
 * uploader, which sends along what it finds.
 * @param {Config | null} config
 */
function prelude(config) {
  const given = config === null ? "pharosConfig" : literal(config);
  return `var pharos={config:${given},ws:require("ws"),wifi:require("Wifi"),telnet:require("TelnetServer"),storage:require("Storage")};`;
}

/**
 * JSON in ASCII, with other characters as the bytes of their UTF-8, which is what a network name is made of: Espruino's
 * strings are bytes.
 * @param {unknown} value
 */
export function literal(value) {
  const bytes = Buffer.from(JSON.stringify(value), "utf8").toString("latin1");
  return bytes.replace(/[\x7f-\xff]/g, (c) => `\\x${c.charCodeAt(0).toString(16)}`);
}

/** @param {string} code */
function refuseFaults(code) {
  const faults = faultsOf(code);
  if (faults.length === 0) return;
  const lines = faults.map(({ line, reason, excerpt }) => `  line ${line}: ${reason}: ${excerpt}`);
  throw new Error(`Espruino would not run this as it is meant:\n${lines.join("\n")}`);
}
