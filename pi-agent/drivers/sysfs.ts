/**
 * The kernel's files under /sys, as the kernel driver sees them. Every call is synchronous: the kernel answers in
 * microseconds, and never waits for a disk. Tests bring a tree of their own.
 */
import { closeSync, constants, existsSync, openSync, readdirSync, readSync, realpathSync, writeSync } from "node:fs";
import { join } from "node:path";

export type Access = "read" | "write" | "both";

/** Paths are from the root, `class/pwm/pwmchip0/npwm`; every fault is an error with a `code`, as of `node:fs`. */
export interface Sysfs {
  readonly root: string;
  has(path: string): boolean;
  list(folder: string): readonly string[];
  /** The full path that a link leads to. */
  resolve(path: string): string;
  open(path: string, access: Access): SysfsFile;
}

/** One attribute, kept open. */
export interface SysfsFile {
  /** The path from the root. */
  readonly path: string;
  /** The value now, without the end of its line. */
  read(): string;
  write(text: string): void;
  /** Closing twice does nothing. */
  close(): void;
}

/** Never more than asked for: the kernel refuses to open `export` for reading, even to root. */
const FLAGS: Readonly<Record<Access, number>> = {
  read: constants.O_RDONLY,
  write: constants.O_WRONLY,
  both: constants.O_RDWR,
};
/** Longer than any value that is read here. */
const VALUE_BYTES = 128;

export function createSysfs(root = "/sys"): Sysfs {
  return {
    root,
    has: (path) => existsSync(join(root, path)),
    list: (folder) => readdirSync(join(root, folder)),
    resolve: (path) => realpathSync(join(root, path)),
    open: (path, access) => openFile(path, openSync(join(root, path), FLAGS[access])),
  };
}

function openFile(path: string, descriptor: number): SysfsFile {
  const value = Buffer.allocUnsafe(VALUE_BYTES);
  let isOpen = true;
  /** A number that was given back may be another file's by now. */
  function checkOpen(): void {
    if (!isOpen) throw Object.assign(new Error(`EBADF: ${path} is closed`), { code: "EBADF" });
  }
  return {
    path,
    read() {
      checkOpen();
      // From the start of the file, always: the kernel then makes the value anew.
      return value.toString("latin1", 0, readSync(descriptor, value, 0, VALUE_BYTES, 0)).trimEnd();
    },
    write(text) {
      checkOpen();
      writeSync(descriptor, text, 0, "latin1");
    },
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}

/** Reads a value once. */
export function readValue(sysfs: Sysfs, path: string): string {
  return withFile(sysfs.open(path, "read"), (file) => file.read());
}

/** Writes a value once. */
export function writeValue(sysfs: Sysfs, path: string, text: string): void {
  withFile(sysfs.open(path, "write"), (file) => file.write(text));
}

/** @returns the fault of opening it for writing, without writing anything; null when it can be written */
export function whyNotWritable(sysfs: Sysfs, path: string): unknown {
  try {
    withFile(sysfs.open(path, "write"), () => {});
    return null;
  } catch (error) {
    return error;
  }
}

function withFile<T>(file: SysfsFile, use: (file: SysfsFile) => T): T {
  try {
    return use(file);
  } finally {
    file.close();
  }
}

/** What the system says was wrong, `EACCES`; undefined for a fault that is none of the system's. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
