/** Folders that take long to make and are kept between runs, below node_modules. Called by the other files of this folder. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const CACHE = join(ROOT, "node_modules", ".cache", "pharos-emulated-pi");

/** Another process may still read what is younger. */
const KEEP_OLD_MS = 24 * 3_600_000;

/**
 * The folder `NAME-HASH`, made once for each key. It appears whole or not at all, so two processes may ask for it at once.
 * @param {string} name
 * @param {readonly string[]} key everything that the contents depend on
 * @param {(folder: string) => void | Promise<void>} make fills a new, empty folder
 * @returns {Promise<string>} its path
 */
export async function cachedFolder(name, key, make) {
  const hash = createHash("sha256").update(key.join("\0")).digest("hex").slice(0, 16);
  const folder = join(CACHE, `${name}-${hash}`);
  if (!existsSync(folder)) await makeWhole(folder, make);
  const now = new Date();
  utimesSync(folder, now, now);
  forgetOld(name, folder);
  return folder;
}

/**
 * @param {string} folder
 * @param {(folder: string) => void | Promise<void>} make
 */
async function makeWhole(folder, make) {
  const temporary = `${folder}.${process.pid}.new`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  try {
    await make(temporary);
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another process was faster, and its folder is as good.
    if (!existsSync(folder)) throw error;
  }
}

/**
 * Removes folders of other keys that nobody used for a day.
 * @param {string} name
 * @param {string} present
 */
function forgetOld(name, present) {
  for (const entry of readdirSync(CACHE)) {
    const path = join(CACHE, entry);
    if (!new RegExp(`^${name}-[0-9a-f]{16}(\\.\\d+\\.new)?$`).test(entry) || entry === basename(present)) continue;
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > KEEP_OLD_MS) rmSync(path, { recursive: true, force: true });
  }
}
