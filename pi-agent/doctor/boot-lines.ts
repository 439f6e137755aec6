/** The Pi's config.txt as the firmware reads it: which lines are in force on this model, and how to add one. Used by check-boot.ts and check-drivers.ts. */

import { join } from "node:path";
import { type BootConfig, readBootConfig } from "../drivers/boot-config.ts";
import { type Machine, readText } from "./machine.ts";

const PATHS = ["/boot/firmware/config.txt", "/boot/config.txt"] as const;

export interface BootLines {
  /** Null when there is no config.txt. */
  readonly path: string | null;
  /** In force, without comments and spaces. */
  readonly lines: readonly string[];
  /** Under a heading that is not for this model: line → heading. */
  readonly elsewhere: ReadonlyMap<string, string>;
  /** What is added at the end would stand under a heading for some models only. */
  readonly needsHeading: boolean;
}

export function readBootLines(machine: Machine): BootLines {
  const model = readText(machine, "/proc/device-tree/model") ?? "";
  for (const path of PATHS) {
    const text = readText(machine, path);
    if (text !== null) return { path, ...sort(text, headingsOf(model)) };
  }
  return { path: null, lines: [], elsewhere: new Map(), needsHeading: false };
}

/** The form that the drivers take, with paths as they are on the machine and not under its root. */
export function bootConfigOf({ root }: Machine, boot: BootLines): BootConfig {
  if (boot.path !== null) return { path: boot.path, lines: boot.lines };
  return { ...readBootConfig(PATHS.map((path) => join(root, path))), path: PATHS[0] };
}

/** The command that adds a line. */
export function addCommand({ path, needsHeading }: BootLines, line: string): string {
  const text = needsHeading ? `'[all]\\n${line}\\n'` : `'${line}\\n'`;
  return `printf ${text} | sudo tee -a ${path ?? PATHS[0]} && sudo reboot`;
}

function sort(text: string, headings: ReadonlySet<string>): Omit<BootLines, "path"> {
  const lines: string[] = [];
  const elsewhere = new Map<string, string>();
  let heading = "all";
  for (const raw of text.split("\n")) {
    const line = raw.replace(/#.*/, "").replace(/\s/g, "");
    const next = /^\[(.+)\]$/.exec(line)?.[1];
    if (next !== undefined) heading = next.toLowerCase();
    else if (line !== "" && headings.has(heading)) lines.push(line);
    else if (line !== "") elsewhere.set(line, `[${heading}]`);
  }
  return { lines, elsewhere, needsHeading: heading !== "all" };
}

/** The headings that count on a model: `[all]`, `[pi4]` and the like. Of a model that is not known here all count. */
function headingsOf(model: string): ReadonlySet<string> {
  const board = /^Raspberry Pi (?:Model|(Zero 2|Zero W|Zero|Compute Module \d\w*|\d+))/.exec(model);
  const name = board?.[1];
  if (board === null) return new Set(["all"]);
  if (name === undefined) return new Set(["all", "pi1"]);
  return new Set(["all", ...(HEADINGS.get(name) ?? headingsOfNumber(name))]);
}

const HEADINGS: ReadonlyMap<string, readonly string[]> = new Map([
  ["Zero", ["pi0"]],
  ["Zero W", ["pi0", "pi0w"]],
  ["Zero 2", ["pi02"]],
  ["400", ["pi4", "pi400"]],
  ["500", ["pi5", "pi500"]],
  ["Compute Module 4S", ["pi4", "cm4s"]],
]);

function headingsOfNumber(name: string): readonly string[] {
  const module = /^Compute Module (\d)/.exec(name)?.[1];
  if (module !== undefined) return [`pi${module}`, `cm${module}`];
  return name === "3" ? ["pi3", "pi3+"] : [`pi${name}`];
}
