/**
 * The kernel's driver `pwm-gpio` and the place of GPIO21 in the device tree, as Raspberry Pi OS has them with
 * `dtoverlay=pwm-gpio,gpio=21`. Debian builds no such module: it is built here from Debian's own kernel source. Called by quick-image.mjs
 * and debian-image.mjs.
 */
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Apt } from "./apt.mjs";
import { cachedFolder } from "./cache.mjs";
import { run } from "./command.mjs";

/** The first kernel of a Debian release that has the driver; the one of Debian 12, 6.1, does not. */
const SOURCE = "linux-source-6.12";
const DRIVER = "drivers/pwm/pwm-gpio.c";
const BACKPORT = fileURLToPath(new URL("guest/pwm-gpio-backport.h", import.meta.url));
const TREE = fileURLToPath(new URL("guest/pwm-gpio.dts", import.meta.url));
const CROSS = ["ARCH=arm64", "CROSS_COMPILE=aarch64-linux-gnu-", "CC=aarch64-linux-gnu-gcc-12"];
const EDITION = "1";

/**
 * @param {Apt} apt of Debian 12 for the Pi
 * @param {import("./kernel.mjs").Kernel} kernel
 * @returns {Promise<string>} a folder with `pwm-gpio.ko` and `pi.dtb`
 */
export async function buildPwmGpio(apt, kernel) {
  const source = await fetchDriver();
  const texts = [BACKPORT, TREE].map((path) => readFileSync(path, "utf8"));
  return await cachedFolder("pwm-gpio", [EDITION, kernel.folder, source, ...texts], (into) => {
    const headers = join(into, "headers");
    const build = unpackHeaders(apt, kernel.release, headers);
    const module = join(into, "module");
    mkdirSync(module);
    writeFileSync(join(module, "pwm-gpio.c"), backport(readFileSync(source, "utf8")));
    copyFileSync(BACKPORT, join(module, "pwm-gpio-backport.h"));
    writeFileSync(join(module, "Kbuild"), "obj-m := pwm-gpio.o\n");
    run("make", ["-C", build, `M=${module}`, ...CROSS, "modules"]);
    renameSync(join(module, "pwm-gpio.ko"), join(into, "pwm-gpio.ko"));
    for (const path of [headers, module]) rmSync(path, { recursive: true });
    addToTree(join(kernel.folder, "pi.dtb"), into);
  });
}

/**
 * Fits the driver to kernel 6.1, which has no allocator of chips (`pwm-gpio-backport.h` brings one) and does not ask a chip whether it
 * sleeps; all else stays as it is.
 * @param {string} source
 * @returns {string}
 * @throws Error when the source is another than the one this was made for
 */
export function backport(source) {
  const include = "#include <linux/types.h>\n";
  const atomic = "\tchip->atomic = true;\n";
  for (const part of [include, atomic]) {
    if (source.split(part).length !== 2) throw new Error(`${DRIVER} of ${SOURCE} has not once ${JSON.stringify(part)}`);
  }
  return source.replace(include, `${include}#include "pwm-gpio-backport.h"\n`).replace(atomic, "");
}

/** @returns {Promise<string>} path of the driver's source */
async function fetchDriver() {
  const apt = new Apt({ release: "trixie", architecture: "amd64" });
  apt.update();
  const folder = await cachedFolder("pwm-gpio-source", [EDITION, ...apt.versions([SOURCE])], (into) => {
    const unpacked = join(into, "unpacked");
    apt.unpack([SOURCE], unpacked);
    const tarball = join(unpacked, "usr/src", `${SOURCE}.tar.xz`);
    run("tar", ["-xJf", tarball, "-C", into, "--strip-components=3", `${SOURCE}/${DRIVER}`]);
    rmSync(unpacked, { recursive: true });
  });
  return join(folder, "pwm-gpio.c");
}

/**
 * @param {Apt} apt
 * @param {string} release
 * @param {string} into
 * @returns {string} the folder to run `make` in
 */
function unpackHeaders(apt, release, into) {
  const name = `linux-headers-${release}`;
  apt.unpack([name, name.replace(/arm64$/, "common")], into);
  // The tools of the build run on this computer, whatever the kernel is for.
  const tools = new Apt({ release: "bookworm", architecture: "amd64" });
  tools.update();
  tools.unpack([`linux-kbuild-${release.split(".").slice(0, 2).join(".")}`], into);
  const makefile = join(into, "usr/src", name, "Makefile");
  writeFileSync(makefile, readFileSync(makefile, "utf8").replaceAll("/usr/src/", `${join(into, "usr/src")}/`));
  return join(into, "usr/src", name);
}

/**
 * @param {string} tree the Pi's
 * @param {string} into
 */
function addToTree(tree, into) {
  const both = join(into, "pi.dts");
  writeFileSync(both, run("dtc", ["-q", "-I", "dtb", "-O", "dts", tree]) + readFileSync(TREE, "utf8"));
  run("dtc", ["-q", "-I", "dts", "-O", "dtb", "-o", join(into, "pi.dtb"), both]);
}
