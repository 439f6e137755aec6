/** A clean Debian 12 with systemd and Debian's own Node.js, booted as a container beside this system. Called by check.mjs. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../emulated-pi/command.mjs";
import { Fault } from "../fault.mjs";

const TOOLS = ["mmdebstrap", "systemd-container"];
const INCLUDED = ["nodejs", "systemd-sysv", "udev", "dbus"];
const BOOT_MS = 60_000;
/** Of a root that is kept: newer packages of Debian are wanted now and then. */
const FRESH_MS = 7 * 24 * 3_600_000;

/** Installs what makes and boots the root, as root on Debian. @throws {Fault} */
export function requireTools() {
  if (existsSync("/usr/bin/mmdebstrap") && existsSync("/usr/bin/systemd-nspawn")) return;
  const install = ["install", "-y", "--no-install-recommends", ...TOOLS];
  const remedy = `On Debian, as root: apt-get ${install.join(" ")}`;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Fault(`The check needs root, mmdebstrap and systemd-nspawn. ${remedy}`);
  }
  run("apt-get", ["update", "-q"], { remedy });
  run("apt-get", install, { remedy, env: { DEBIAN_FRONTEND: "noninteractive" } });
}

/**
 * The clean root as an archive, made once a week.
 * @param {string} archive
 */
export function makeRootArchive(archive) {
  const age = Date.now() - (statSync(archive, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (age < FRESH_MS) return;
  mkdirSync(dirname(archive), { recursive: true });
  const temporary = `${archive}.${process.pid}.tar`;
  const remedy = "The check needs a Debian mirror to make its clean root from";
  try {
    run("mmdebstrap", ["--variant=minbase", `--include=${INCLUDED.join(",")}`, "bookworm", temporary], { remedy });
    renameSync(temporary, archive);
  } finally {
    rmSync(temporary, { force: true });
  }
}

export class CleanRoot {
  /** Where it lies on this system. */
  folder = mkdtempSync(join(tmpdir(), "pharos-root-"));
  /** Process 1 of the container. @type {number | null} */
  #leader = null;
  /** @type {import("node:child_process").ChildProcess | null} */
  #container = null;

  /** @param {string} archive */
  unpack(archive) {
    run("tar", ["--extract", "--file", archive, "--directory", this.folder]);
  }

  /** It shares the network of this system: `127.0.0.1` is the same. @throws {Fault} when it does not boot */
  async boot() {
    const words = ["--directory", this.folder, "--register=no", "--keep-unit", "--boot", "--console=pipe"];
    this.#container = spawn("systemd-nspawn", words, { stdio: ["ignore", "ignore", "ignore"] });
    const end = Date.now() + BOOT_MS;
    while (Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      this.#leader ??= childOf(this.#container.pid ?? 0);
      if (this.#leader !== null && this.try("systemctl is-active multi-user.target").code === 0) return;
      if (this.#container.exitCode !== null) break;
    }
    throw new Fault("systemd does not boot in a container here: run the check as root on a system that lets it.");
  }

  /**
   * Runs a line of shell inside.
   * @param {string} line
   * @returns {{ code: number | null, output: string }}
   */
  try(line) {
    const env = {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: "/root",
      DEBIAN_FRONTEND: "noninteractive",
      LC_ALL: "C",
    };
    const words = ["--target", String(this.#leader), "--all", "sh", "-c", line];
    const { status, stdout, stderr } = spawnSync("nsenter", words, {
      encoding: "utf8",
      env,
      timeout: 120_000,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return { code: status, output: `${stdout}${stderr}` };
  }

  /** As `try`, and it must succeed. @param {string} line @throws {Fault} */
  do(line) {
    const { code, output } = this.try(line);
    if (code !== 0) throw new Fault(`${output}\nIn the clean root \`${line}\` ended with ${code}.`);
    return output;
  }

  /** Ends it as a power cut does, and removes it. */
  async close() {
    const container = this.#container;
    if (this.#leader !== null) kill(this.#leader);
    if (container !== null && container.exitCode === null) {
      const ended = new Promise((resolve) => container.once("exit", resolve));
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5_000))]);
      container.kill("SIGKILL");
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** @param {number} pid */
function childOf(pid) {
  const path = `/proc/${pid}/task/${pid}/children`;
  const [first = ""] = existsSync(path) ? readFileSync(path, "utf8").split(" ") : [];
  return first === "" ? null : Number(first);
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
