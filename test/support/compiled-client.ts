/** Compiles a C or C++ client with the stand-ins of its board, with the compiler's own watch over memory and undefined behaviour. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./sources.ts";

const WARNINGS = ["-Wall", "-Wextra", "-Werror"];
const WATCH = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
const made = new Map<string, string>();

export interface Build {
  readonly compiler: "gcc" | "g++";
  readonly standard: string;
  /** Folders from the root: their sources are compiled, their headers found. */
  readonly sources: readonly string[];
  readonly includes: readonly string[];
  readonly libraries: readonly string[];
  readonly more?: readonly string[];
}

/** @returns the path of the program; it is built once in a process. @throws Error with the compiler's words */
export function compileClient(name: string, build: Build): string {
  const before = made.get(name);
  if (before !== undefined) return before;
  const folder = mkdtempSync(join(tmpdir(), "pharos-client-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, name);
  const args = [`-std=${build.standard}`, ...WARNINGS, ...WATCH, ...(build.more ?? [])];
  args.push(...build.includes.flatMap((path) => ["-I", join(ROOT, path)]), "-I", "/usr/include/cjson");
  args.push(...build.sources.flatMap(sourcesIn), "-o", program, ...build.libraries.map((library) => `-l${library}`));
  const { status, stderr, error } = spawnSync(build.compiler, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${build.compiler} ${args.join(" ")}\n${stderr}${error ?? ""}`);
  made.set(name, program);
  return program;
}

function sourcesIn(path: string): string[] {
  if (/\.\w+$/.test(path)) return [join(ROOT, path)];
  return readdirSync(join(ROOT, path))
    .filter((file) => /\.(c|cpp)$/.test(file))
    .map((file) => join(ROOT, path, file));
}
