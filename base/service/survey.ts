/** Reads what a plan depends on: what is to be installed, and what is there already. Called by the commands; changes nothing. */
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "../program.ts";
import { OWN_DROP_INS, type Product, placesOf } from "./product.ts";

/** A file of the program, relative to its folder. */
export interface ProgramFile {
  readonly path: string;
  readonly mode: number;
}

export interface Facts {
  readonly source: string;
  readonly version: string;
  readonly license: string;
  readonly files: readonly ProgramFile[];
  readonly unitText: string;
  /** Null: not installed. */
  readonly installedVersion: string | null;
  /** Files and whole folders in the program's place that are no part of this version. */
  readonly stale: readonly string[];
  /** Run from where it is installed: there is nothing to copy. */
  readonly isInPlace: boolean;
  /** A package of the system owns the program and its unit. */
  readonly isPackaged: boolean;
  readonly hasUnit: boolean;
  readonly hasSecret: boolean;
  readonly hasGroup: boolean;
  /** The group is one that an installation made. */
  readonly ownsGroup: boolean;
  /** Rules of the system, not ours, give what the service needs. */
  readonly hasRules: boolean;
  readonly dropIns: readonly string[];
  /** What `/usr/local/bin/pharos` leads to; "" for no link of ours, null for nothing. */
  readonly launcher: string | null;
  readonly hasPackagedLauncher: boolean;
  /** The launcher of the other of our services, if that is installed. */
  readonly otherLauncher: string | null;
}

/**
 * @param source the folder of the program to install
 * @param root of the system to install to
 * @throws StartError when the program is not complete
 */
export function survey(product: Product, source: string, root: string): Facts {
  const places = placesOf(product);
  const at = (path: string): string => join(root, path);
  const has = (path: string): boolean => lstatSync(at(path), { throwIfNoEntry: false }) !== undefined;
  const files = product.files.flatMap((path) => listProgram(source, path));
  const own = readPackage(join(source, "package.json"));
  const other = placesOf({ word: product.word === "agent" ? "hub" : "agent" });
  const otherLauncher = `${other.program}/pharos`;
  return {
    source,
    version: own?.version ?? "unknown",
    license: own?.license ?? "",
    files,
    unitText: readFileSync(join(source, product.unit), "utf8"),
    installedVersion: has(places.program)
      ? (readPackage(at(`${places.program}/package.json`))?.version ?? "unknown")
      : null,
    stale: findStale(
      at(places.program),
      "",
      new Set(["package.json", ...files.map(({ path }) => path)]),
      product.keeps,
    ),
    isInPlace: has(places.program) && realpathSync(at(places.program)) === realpathSync(source),
    isPackaged: has(places.packageNote),
    hasUnit: has(places.unit),
    hasSecret: has(places.secret),
    hasGroup: product.access === null || hasGroup(at("/etc/group"), product.access.group),
    ownsGroup: has(places.sysusers),
    hasRules: product.access?.isGivenBy(readRules(root, `60-${places.service}.rules`)) ?? true,
    dropIns: OWN_DROP_INS.filter((name) => has(`${places.dropIns}/${name}`)),
    launcher: readLauncher(at(places.launcher)),
    hasPackagedLauncher: has(places.packagedLauncher),
    otherLauncher: has(otherLauncher) ? otherLauncher : null,
  };
}

function listProgram(source: string, path: string): readonly ProgramFile[] {
  const stat = lstatSync(join(source, path), { throwIfNoEntry: false });
  if (stat === undefined) {
    throw new StartError(`${join(source, path)} is missing: run \`npm run build\` in ${source} first.`);
  }
  if (!stat.isDirectory()) return [{ path, mode: (stat.mode & 0o100) === 0 ? 0o644 : 0o755 }];
  return readdirSync(join(source, path))
    .sort()
    .flatMap((name) => listProgram(source, `${path}/${name}`));
}

function readPackage(path: string): { readonly version: string; readonly license: string } | null {
  try {
    const { version, license } = JSON.parse(readFileSync(path, "utf8")) as { version: unknown; license: unknown };
    return { version: String(version), license: String(license) };
  } catch {
    return null;
  }
}

/** @param prefix of `folder` in the program, with its slash */
function findStale(
  folder: string,
  prefix: string,
  wanted: ReadonlySet<string>,
  keeps: readonly string[],
): readonly string[] {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${prefix}${entry.name}`;
    if (wanted.has(path) || keeps.includes(path)) return [];
    const holdsWanted = [...wanted, ...keeps].some((other) => other.startsWith(`${path}/`));
    return entry.isDirectory() && holdsWanted ? findStale(join(folder, entry.name), `${path}/`, wanted, keeps) : [path];
  });
}

function hasGroup(file: string, group: string): boolean {
  return (
    existsSync(file) &&
    readFileSync(file, "utf8")
      .split("\n")
      .some((line) => line.startsWith(`${group}:`))
  );
}

/** The text of all rules of udev but one file of them. */
function readRules(root: string, butNot: string): string {
  return ["/etc/udev/rules.d", "/usr/lib/udev/rules.d", "/lib/udev/rules.d"]
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith(".rules") && name !== butNot)
        .map((name) => join(folder, name)),
    )
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
}

function readLauncher(path: string): string | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  return stat.isSymbolicLink() ? readlinkSync(path) : "";
}
