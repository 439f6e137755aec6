/** The emulated Pi with all of Debian 12 on its SD card: systemd, udev, Debian's own Node. Called by the test of the service. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Apt } from "./apt.mjs";
import { cachedFolder } from "./cache.mjs";
import { run } from "./command.mjs";
import { cpio, entriesOf } from "./cpio.mjs";
import { addModule, copyModules, fetchKernel } from "./kernel.mjs";
import { buildPwmGpio } from "./pwm-gpio.mjs";

/** @typedef {{ kernel: string, deviceTree: string, initrd: string, root: string }} DebianImage `root`: a folder with the system */

/** Beside those of the quick boot: the SD card with its file system. */
const MODULES = [
  ...["bcm2835-rng", "phy-generic", "dwc2", "cdc_ether", "rndis_host"],
  ...["bcm2835", "sdhci-iproc", "crc32c_generic", "ext4"],
];
const PACKAGES = [
  ...["base-files", "base-passwd", "bash", "coreutils", "dash", "findutils", "grep", "hostname", "login", "mount"],
  ...["passwd", "procps", "sed", "tar", "util-linux", "usr-is-merged"],
  ...["systemd", "systemd-sysv", "udev", "dbus", "libnss-systemd", "nodejs"],
];
/** An SD card's size is a power of two. */
const CARD_BYTES = 1024 ** 3;
const EDITION = "1";

/** @param {string} name */
const guest = (name) => readFileSync(fileURLToPath(new URL(`guest/${name}`, import.meta.url)), "utf8");

/**
 * Makes the system without the agent, or takes it from the cache.
 * @returns {Promise<DebianImage>}
 */
export async function makeDebianImage() {
  const apt = new Apt({ release: "bookworm", architecture: "arm64" });
  apt.update();
  const kernel = await fetchKernel(apt);
  const overlay = await buildPwmGpio(apt, kernel);
  const packages = apt.resolve(PACKAGES);
  const scripts = ["switch-root.sh", "test-shell.service", "usb.network"].map(guest);
  const key = [EDITION, overlay, ...packages.map(({ file }) => file), ...scripts, ...MODULES];
  const folder = await cachedFolder("debian", key, (into) => {
    const [root, modules, small] = ["root", "modules", "small"].map((name) => join(into, name));
    if (root === undefined || modules === undefined || small === undefined) return;
    layOut(root);
    apt.unpack(
      packages.map(({ name, version }) => `${name}=${decodeURIComponent(version)}`),
      root,
    );
    configure(root);
    copyModules(kernel, MODULES, modules);
    addModule(join(overlay, "pwm-gpio.ko"), modules);
    apt.unpack(["busybox-static"], small);
    writeFileSync(join(into, "initrd"), firstRoot(join(small, "bin/busybox"), modules));
    for (const part of [modules, small]) rmSync(part, { recursive: true });
  });
  return {
    kernel: join(kernel.folder, "Image"),
    deviceTree: join(overlay, "pi.dtb"),
    initrd: join(folder, "initrd"),
    root: join(folder, "root"),
  };
}

/**
 * Writes a system to a new SD card.
 * @param {string} root a folder
 * @param {string} card path of the file to make
 */
export function writeCard(root, card) {
  writeFileSync(card, "");
  truncateSync(card, CARD_BYTES);
  run("/sbin/mke2fs", ["-q", "-t", "ext4", "-d", root, card]);
}

/** Debian keeps all programs below /usr. @param {string} root */
function layOut(root) {
  for (const folder of ["bin", "sbin", "lib"]) {
    mkdirSync(join(root, "usr", folder), { recursive: true });
    symlinkSync(`usr/${folder}`, join(root, folder));
  }
}

/** What the scripts of the packages would have done, as far as it is needed. @param {string} root */
function configure(root) {
  for (const [name, file] of Object.entries({ passwd: "passwd.master", group: "group.master" })) {
    copyFileSync(join(root, "usr/share/base-passwd", file), join(root, "etc", name));
  }
  if (!existsSync(join(root, "bin/sh"))) symlinkSync("dash", join(root, "bin/sh"));
  run("systemd-sysusers", [`--root=${root}`]);
  /** @type {{ [path: string]: string }} */
  const files = {
    "etc/hostname": "emulated-pi\n",
    "etc/hosts": "127.0.0.1 localhost\n127.0.1.1 emulated-pi\n",
    "etc/machine-id": "",
    "etc/nsswitch.conf": "passwd: files systemd\ngroup: files systemd\nshadow: files\nhosts: files dns\n",
    "etc/fstab": "/dev/mmcblk0 / ext4 defaults,noatime 0 0\n",
    "etc/systemd/network/usb.network": guest("usb.network"),
    "etc/systemd/system/test-shell.service": guest("test-shell.service"),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const wants = join(root, "etc/systemd/system/multi-user.target.wants");
  mkdirSync(wants, { recursive: true });
  symlinkSync("/lib/systemd/system/systemd-networkd.service", join(wants, "systemd-networkd.service"));
  symlinkSync("/etc/systemd/system/test-shell.service", join(wants, "test-shell.service"));
}

/**
 * @param {string} busybox
 * @param {string} modules
 */
function firstRoot(busybox, modules) {
  return cpio([
    ...["bin", "dev", "proc", "sys"].map((path) => ({ path, type: /** @type {const} */ ("folder") })),
    { path: "init", type: "file", data: Buffer.from(guest("switch-root.sh")) },
    { path: "dev/console", type: "device", mode: 0o600, device: [5, 1] },
    { path: "bin/busybox", type: "file", data: readFileSync(busybox) },
    ...entriesOf(modules, "modules"),
  ]);
}
