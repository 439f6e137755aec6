/** The page as the hub serves it, built when its sources are newer than `dist/web`; one test file builds, others wait. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmdirSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = process.cwd();
const WEB = join(ROOT, "web");
const BUILT = join(ROOT, "dist/web");
const LOCK = join(ROOT, "dist/.building-web");
/** A lock this old was left by a run that died. */
const STALE_MS = 60_000;

/** @returns the folder of the built page */
export async function builtPage(): Promise<string> {
  while (isOld()) {
    if (takeLock()) {
      try {
        if (isOld()) build();
      } finally {
        rmdirSync(LOCK);
      }
    } else {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return BUILT;
}

function build(): void {
  const vite = join(ROOT, "node_modules/vite/bin/vite.js");
  const { NODE_OPTIONS: _, NODE_ENV: __, ...env } = process.env;
  const args = [vite, "build", "--config", join(WEB, "vite.config.ts")];
  const result = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`the page cannot be built:\n${result.stdout}${result.stderr}`);
}

function isOld(): boolean {
  const built = modified(join(BUILT, "index.html"));
  const sources = readdirSync(WEB, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return sources.some((entry) => modified(join(entry.parentPath, entry.name)) > built);
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function takeLock(): boolean {
  try {
    mkdirSync(join(ROOT, "dist"), { recursive: true });
    mkdirSync(LOCK);
    return true;
  } catch {
    const since = modified(LOCK);
    if (since > 0 && Date.now() - since > STALE_MS) rmdirSync(LOCK);
    return false;
  }
}
