/**
 * A tree of the kernel's files in memory, as strict as the kernel: what it would refuse fails here with the same code.
 * `fake-sysfs-pwm.ts` and `fake-sysfs-gpio.ts` grow the parts of a Raspberry Pi in it; `fake-pi.ts` makes a whole one.
 */
import type { Clock } from "#base/clock.ts";
import type { Access, Sysfs, SysfsFile } from "../../pi-agent/drivers/sysfs.ts";

/** One file; without `show` it cannot be read, without `store` it cannot be written. */
export interface Attribute {
  readonly show?: () => string;
  readonly store?: (text: string) => void;
}

type Node = { readonly link: string } | (Attribute & { readonly writableAt: number });

export class FakeSysfs implements Sysfs {
  readonly root = "/sys";
  readonly #clock: Clock;
  /** Attributes and links by path; the folders are what their paths say. */
  readonly #nodes = new Map<string, Node>();
  /** Ms until udev lets the agent's user write a new file; null when it never does, 0 for root. */
  grantedAfterMs: number | null = 0;
  /** As in a service that may not change the kernel's settings. */
  isReadOnly = false;
  /** Every write so far, `class/pwm/pwmchip0/export 0`, also those that were refused. */
  readonly writes: string[] = [];
  openFiles = 0;
  /** How often a folder was listed: once for each search of a chip. */
  looks = 0;
  /** When it returns a code for an access to a path, that access fails so. */
  breakAccess: (path: string, doing: "open" | "read" | "write") => string | null = () => null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(path: string, attribute: Attribute): void {
    const granted = this.grantedAfterMs;
    const writableAt = granted === null ? Number.POSITIVE_INFINITY : this.#clock.monotonic() + granted;
    this.#nodes.set(path, { ...attribute, writableAt });
  }

  addLink(path: string, link: string): void {
    this.#nodes.set(path, { link });
  }

  /** Removes a folder with all that is in it, or a file. */
  remove(path: string): void {
    for (const known of [...this.#nodes.keys()]) {
      if (known === path || known.startsWith(`${path}/`)) this.#nodes.delete(known);
    }
  }

  has(path: string): boolean {
    return [...this.#nodes.keys()].some((known) => known === path || known.startsWith(`${path}/`));
  }

  list(folder: string): readonly string[] {
    this.looks += 1;
    const inside = [...this.#nodes.keys()].filter((path) => path.startsWith(`${folder}/`));
    if (inside.length === 0) throw failure("ENOENT", folder);
    return [...new Set(inside.map((path) => path.slice(folder.length + 1).replace(/\/.*/, "")))];
  }

  resolve(path: string): string {
    const node = this.#nodes.get(path);
    if (node === undefined) throw failure("ENOENT", path);
    return "link" in node ? node.link : `${this.root}/${path}`;
  }

  open(path: string, access: Access): SysfsFile {
    const node = this.#nodes.get(path);
    if (node === undefined) throw failure("ENOENT", path);
    if ("link" in node) throw failure("EISDIR", path);
    this.#breakIfAsked(path, "open");
    this.#checkAccess(path, node, access);
    return this.#openNode(path, node, access);
  }

  #checkAccess(path: string, node: Exclude<Node, { link: string }>, access: Access): void {
    if (access !== "write" && node.show === undefined) throw failure("EACCES", path);
    if (access === "read") return;
    if (this.isReadOnly) throw failure("EROFS", path);
    if (node.store === undefined || this.#clock.monotonic() < node.writableAt) throw failure("EACCES", path);
  }

  #openNode(path: string, node: Exclude<Node, { link: string }>, access: Access): SysfsFile {
    let isOpen = true;
    this.openFiles += 1;
    const check = (doing: "read" | "write", mayDo: boolean): void => {
      if (!isOpen || !mayDo) throw failure("EBADF", path);
      // An open file of a device that is gone stays open and answers so.
      if (this.#nodes.get(path) !== node) throw failure("ENODEV", path);
      this.#breakIfAsked(path, doing);
    };
    return {
      path,
      read: () => {
        check("read", access !== "write");
        return node.show?.() ?? "";
      },
      write: (text) => {
        check("write", access !== "read");
        this.writes.push(`${path} ${text}`);
        node.store?.(text);
      },
      close: () => {
        if (isOpen) this.openFiles -= 1;
        isOpen = false;
      },
    };
  }

  #breakIfAsked(path: string, doing: "open" | "read" | "write"): void {
    const code = this.breakAccess(path, doing);
    if (code !== null) throw failure(code, path);
  }
}

/** A fault as the system gives it. */
export function failure(code: string, about = ""): Error {
  return Object.assign(new Error(`${code}: ${about}`), { code });
}

/** A whole number as the kernel reads it from a file (kstrtou64 with base 0). */
export function parseKernelNumber(text: string): number {
  const [, digits] = /^\+?(0x[0-9a-f]+|\d+)\n?$/i.exec(text) ?? [];
  if (digits === undefined) throw failure("EINVAL", text);
  const isOctal = /^0\d/.test(digits);
  const value = isOctal ? Number.parseInt(digits, 8) : Number(digits);
  if (!Number.isSafeInteger(value)) throw failure("ERANGE", text);
  return value;
}
