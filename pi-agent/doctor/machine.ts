/** This computer as the doctor sees it: files under a root, and a few facts of the process. Made by the program, handed to every check. */
import { accessSync, constants, lstatSync, readdirSync, readFileSync, type Stats, statfsSync, statSync } from "node:fs";
import { get as getHttp } from "node:http";
import { get as getHttps } from "node:https";
import { release, userInfo } from "node:os";
import { dirname, join } from "node:path";

/** Characters; more is no answer of a hub. */
const MAX_ANSWER = 5_000_000;

export interface User {
  readonly name: string;
  /** Null where the system has no such numbers. */
  readonly uid: number | null;
  readonly groups: readonly number[];
}

export interface WebAnswer {
  readonly status: number;
  /** Its `Date` header. */
  readonly date: string | undefined;
  readonly text: string;
}

export interface Machine {
  /** Holds `proc`, `sys`, `etc`, `boot`. */
  readonly root: string;
  readonly release: string;
  /** Of the Node.js that runs now: `20.20.2`. */
  readonly node: string;
  readonly user: User;
  /** Ms since the epoch. */
  now(): number;
  /** Bytes that an ordinary user may still write to the disk of a folder; null when nobody knows. */
  freeBytes(path: string): number | null;
  /** @throws Error of the network, with its `code`; `ETIMEDOUT` when nothing came in time */
  get(url: string, timeoutMs: number): Promise<WebAnswer>;
}

/** The computer that this process runs on. */
export function thisMachine(): Machine {
  return {
    root: "/",
    release: release(),
    node: process.versions.node,
    user: presentUser(),
    now: () => Date.now(),
    freeBytes,
    get: getFromWeb,
  };
}

/** Text of a file without the end of its last line; null when it cannot be read. */
export function readText({ root }: Machine, path: string): string | null {
  try {
    return readFileSync(join(root, path), "utf8").replace(/[\0\s]+$/, "");
  } catch {
    return null;
  }
}

/** Names in a folder; empty when it cannot be read. */
export function listFolder({ root }: Machine, path: string): readonly string[] {
  try {
    return readdirSync(join(root, path)).sort();
  } catch {
    return [];
  }
}

/** Null when there is no such file, or none that its links lead to. */
export function statOf({ root }: Machine, path: string): Stats | null {
  try {
    return statSync(join(root, path));
  } catch {
    return null;
  }
}

/** Whether something has this name, be it a link that leads nowhere under this root. */
export function exists({ root }: Machine, path: string): boolean {
  try {
    return lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** The first of `path` and the folders above it that is there. */
export function nearestFolder(machine: Machine, path: string): string {
  return path === "/" || exists(machine, path) ? path : nearestFolder(machine, dirname(path));
}

/** Why the present user cannot write there, `EACCES`; null when he can. */
export function whyNotWritable({ root }: Machine, path: string): string | null {
  try {
    accessSync(join(root, path), constants.W_OK);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "unknown";
  }
}

/** Number of a group by /etc/group; null when there is no such group. */
export function groupId(machine: Machine, name: string): number | null {
  const line = readText(machine, "/etc/group")
    ?.split("\n")
    .find((row) => row.startsWith(`${name}:`));
  return line === undefined ? null : Number(line.split(":")[2]);
}

/** When this computer was started, ms since the epoch by the present clock; null when nobody knows. */
export function bootTime(machine: Machine): number | null {
  const seconds = Number(readText(machine, "/proc/uptime")?.split(" ")[0]);
  return Number.isFinite(seconds) ? machine.now() - seconds * 1000 : null;
}

/** Not by `fetch`, which refuses a number of ports that a hub may well have. */
function getFromWeb(url: string, timeoutMs: number): Promise<WebAnswer> {
  const get = url.startsWith("https:") ? getHttps : getHttp;
  return new Promise((resolve, reject) => {
    const late = Object.assign(new Error("it does not answer"), { code: "ETIMEDOUT" });
    const request = get(url, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        if (text.length > MAX_ANSWER) request.destroy(Object.assign(new Error("endless"), { code: "endless" }));
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, date: response.headers.date, text }));
      response.on("error", reject);
    });
    const timer = setTimeout(() => request.destroy(late), timeoutMs);
    request.on("error", reject).on("close", () => clearTimeout(timer));
  });
}

function freeBytes(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return null;
  }
}

function presentUser(): User {
  const groups = process.getgroups?.() ?? [];
  try {
    return { name: userInfo().username, uid: process.getuid?.() ?? null, groups };
  } catch {
    return { name: `user ${process.getuid?.()}`, uid: process.getuid?.() ?? null, groups };
  }
}
