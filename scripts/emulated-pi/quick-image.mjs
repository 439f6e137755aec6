/** The small emulated Pi: Debian's kernel, busybox, Node and the built agent, all in memory. Called by the quick boot's test. */
import { appendFileSync, copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Apt } from "./apt.mjs";
import { cachedFolder, ROOT } from "./cache.mjs";
import { cpio, entriesOf } from "./cpio.mjs";
import { addModule, copyModules, fetchKernel } from "./kernel.mjs";
import { fetchNode } from "./node-arm64.mjs";
import { buildPwmGpio } from "./pwm-gpio.mjs";

/** @typedef {{ kernel: string, deviceTree: string, initrd: string }} Image paths of files */

/** Random numbers, or Node would wait for them; the USB controller with its phy, and the network card of QEMU on it. */
const MODULES = ["bcm2835-rng", "phy-generic", "dwc2", "cdc_ether", "rndis_host"];
const LIBRARIES = ["libc6", "libstdc++6", "libgcc-s1"];
/** What Node is linked with. */
const SHARED = /^(ld-linux-aarch64\.so\.1|lib(c|m|dl|pthread|stdc\+\+|gcc_s)\.so\.\d+)$/;
const FOLDERS = ["bin", "dev", "lib", "proc", "root", "sys", "tmp"];
const INIT = fileURLToPath(new URL("guest/init.sh", import.meta.url));
const EDITION = "1";

/**
 * Makes the image without the agent, or takes it from the cache.
 * @param {{ pwmGpio?: boolean }} [options] `pwmGpio`: with the overlay pwm-gpio for GPIO21
 * @returns {Promise<Image>}
 */
export async function makeQuickImage({ pwmGpio = false } = {}) {
  const apt = new Apt({ release: "bookworm", architecture: "arm64" });
  apt.update();
  const [kernel, node] = [await fetchKernel(apt), await fetchNode()];
  const overlay = pwmGpio ? await buildPwmGpio(apt, kernel) : null;
  const packages = [...LIBRARIES, "busybox-static"];
  const key = [kernel.folder, node, overlay ?? "", ...MODULES, ...apt.versions(packages), readFileSync(INIT, "utf8")];
  const folder = await cachedFolder("quick", [EDITION, ...key], (into) => {
    const [root, modules] = [join(into, "root"), join(into, "modules")];
    apt.unpack(packages, root);
    copyModules(kernel, MODULES, modules);
    if (overlay !== null) addModule(join(overlay, "pwm-gpio.ko"), modules);
    writeFileSync(join(into, "initrd"), firstRoot(root, modules, node));
    for (const part of [root, modules]) rmSync(part, { recursive: true });
  });
  return {
    kernel: join(kernel.folder, "Image"),
    deviceTree: join(overlay ?? kernel.folder, "pi.dtb"),
    initrd: join(folder, "initrd"),
  };
}

/**
 * Puts files of the project into the image, below /pharos: the kernel unpacks one archive after the other.
 * @param {Image} image
 * @param {readonly string[]} files relative to the project's folder
 * @param {string} folder for the new first root
 * @returns {Image}
 */
export function withFiles(image, files, folder) {
  const initrd = join(folder, "initrd");
  copyFileSync(image.initrd, initrd);
  const paths = files.map((file) => `pharos/${file}`);
  const folders = new Set(paths.flatMap((path) => parentsOf(path)));
  appendFileSync(
    initrd,
    cpio([
      ...[...folders].map((path) => folderEntry(path)),
      ...files.flatMap((file) => entriesOf(join(ROOT, file), `pharos/${file}`)),
    ]),
  );
  return { ...image, initrd };
}

/** @param {string} path @returns {string[]} the folders it is in, outermost first */
function parentsOf(path) {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}

/**
 * @param {string} packages where they are unpacked
 * @param {string} modules
 * @param {string} node
 * @returns {Buffer}
 */
function firstRoot(packages, modules, node) {
  return cpio([
    ...FOLDERS.map((path) => folderEntry(path)),
    { path: "init", type: "file", data: readFileSync(INIT) },
    // Before `init` can mount anything, the kernel gives it the console.
    { path: "dev/console", type: "device", mode: 0o600, device: [5, 1] },
    { path: "bin/busybox", type: "file", data: readFileSync(join(packages, "bin/busybox")) },
    { path: "bin/node", type: "file", data: readFileSync(node) },
    ...libraries(packages),
    ...entriesOf(modules, "modules"),
  ]);
}

/** @param {string} path @returns {import("./cpio.mjs").Entry} */
function folderEntry(path) {
  return { path, type: "folder" };
}

/** @param {string} packages @returns {import("./cpio.mjs").Entry[]} all flat in /lib, where the linker looks first */
function libraries(packages) {
  const found = ["lib", "lib/aarch64-linux-gnu", "usr/lib/aarch64-linux-gnu"].flatMap((path) =>
    readdirSync(join(packages, path)).map((name) => ({ name, path: join(packages, path, name) })),
  );
  const wanted = new Map(found.filter(({ name }) => SHARED.test(name)).map(({ name, path }) => [name, path]));
  return [...wanted].map(([name, path]) => ({ path: `lib/${name}`, type: "file", data: readFileSync(path) }));
}
