/** The project's own sources, for tests that hold the whole house to its rules. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const FOLDERS = [
  "protocol",
  "base",
  "hub",
  "pi-agent",
  "simulate",
  "cli",
  "web",
  "esp32",
  "bin",
  "scripts",
  "bench",
  "test",
];

/** @returns path from the root → text, of every source file */
export function readSources(): ReadonlyMap<string, string> {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`),
  );
  const sources = paths.filter((path) => /\.(ts|tsx|mjs|js)$/.test(path)).sort();
  return new Map(sources.map((path) => [path, readFileSync(join(ROOT, path), "utf8")]));
}
