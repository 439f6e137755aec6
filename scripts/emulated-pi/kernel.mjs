/** Debian's kernel for the emulated Pi: image, device tree and the modules it needs. Called by quick-image.mjs and debian-image.mjs. */
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { cachedFolder } from "./cache.mjs";

/** @typedef {{ folder: string, release: string }} Kernel `release` as in `uname -r` */

/** Bump to make the folder anew after a change of this file. */
const EDITION = "1";

/**
 * Fetches the kernel: `Image`, `pi.dtb`, `modules/`.
 * @param {import("./apt.mjs").Apt} apt
 * @returns {Promise<Kernel>}
 */
export async function fetchKernel(apt) {
  const name = apt.dependencyOf("linux-image-arm64");
  const release = name.replace("linux-image-", "");
  const folder = await cachedFolder("kernel", [EDITION, ...apt.versions([name])], (into) => {
    const unpacked = join(into, "unpacked");
    apt.unpack([name], unpacked);
    copyFileSync(join(unpacked, "boot", `vmlinuz-${release}`), join(into, "Image"));
    copyFileSync(join(unpacked, "usr/lib", name, "broadcom/bcm2837-rpi-3-b.dtb"), join(into, "pi.dtb"));
    renameSync(join(unpacked, "lib/modules", release), join(into, "modules"));
    rmSync(unpacked, { recursive: true });
  });
  return { folder, release };
}

/**
 * Copies modules and what they depend on into a folder, with a file `order` that names them as they have to be loaded.
 * @param {Kernel} kernel
 * @param {readonly string[]} names
 * @param {string} into
 */
export function copyModules({ folder }, names, into) {
  const found = readdirSync(join(folder, "modules/kernel"), { recursive: true, encoding: "utf8" });
  const paths = new Map(found.filter((path) => path.endsWith(".ko")).map((path) => [nameOf(path), path]));
  /** @type {Set<string>} a set keeps its order: what is needed first is in it first */
  const order = new Set();
  const add = (/** @type {string} */ name) => {
    const path = paths.get(nameOf(name));
    if (path === undefined) throw new Error(`the kernel has no module ${name}`);
    for (const needed of dependencies(join(folder, "modules/kernel", path))) add(needed);
    order.add(path);
  };
  for (const name of names) add(name);
  mkdirSync(into, { recursive: true });
  for (const path of order) copyFileSync(join(folder, "modules/kernel", path), join(into, basename(path)));
  writeFileSync(join(into, "order"), [...order].map((path) => `${basename(path)}\n`).join(""));
}

/**
 * Adds a module that is not Debian's, and that needs no other, to those of `copyModules`.
 * @param {string} module
 * @param {string} modules
 */
export function addModule(module, modules) {
  copyFileSync(module, join(modules, basename(module)));
  appendFileSync(join(modules, "order"), `${basename(module)}\n`);
}

/** @param {string} path @returns {string} as the kernel calls it, which knows no hyphen */
function nameOf(path) {
  return basename(path, ".ko").replaceAll("-", "_");
}

/** @param {string} module @returns {readonly string[]} */
function dependencies(module) {
  const words = /\0depends=([^\0]*)\0/.exec(readFileSync(module, "latin1"))?.[1] ?? "";
  return words.split(",").filter((word) => word !== "");
}
