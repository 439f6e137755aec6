/** What the commands of a service share: where they work, what they may do, and how they say it. */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { StartError } from "../program.ts";
import { applySteps } from "./apply.ts";
import type { Machine } from "./machine.ts";
import { type Places, type Product, placesOf } from "./product.ts";
import { describeStep, type Step } from "./step.ts";

export interface Job {
  readonly product: Product;
  readonly places: Places;
  readonly machine: Machine;
  /** `/`, or the folder that holds another system. */
  readonly root: string;
  /** This very system, whose systemd obeys us; else only files are touched. */
  readonly isLive: boolean;
  readonly dryRun: boolean;
}

/**
 * @param root as given with `--root`; null for this system
 * @throws StartError when this user or this system cannot do it
 */
export function createJob(product: Product, machine: Machine, root: string | null, dryRun: boolean, word: string): Job {
  const places = placesOf(product);
  const job = { product, places, machine, root: resolve(root ?? "/"), isLive: root === null, dryRun };
  if (root !== null && !isFolder(job.root)) throw new StartError(`--root: there is no folder ${job.root}.`);
  if (dryRun || root !== null) return job;
  if (!machine.isRoot) {
    throw new StartError(
      `Only root can do this: put sudo before it, as in \`sudo ${machine.source}/pharos ${product.word} ${word} …\`.`,
    );
  }
  if (!machine.hasSystemd) {
    throw new StartError(
      `This system is not run by systemd, so there is no service to set up: start \`pharos ${product.word}\` by what runs it, or prepare another system with --root DIR.`,
    );
  }
  return job;
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

export function say(job: Job, ...lines: readonly string[]): void {
  job.machine.write(lines.map((line) => `${line}\n`).join(""));
}

/** Says the steps when that is all that is wanted, else takes them. */
export function carryOut(job: Job, steps: readonly Step[]): void {
  if (job.dryRun) say(job, ...steps.map(describeStep));
  else applySteps(steps, job.root, job.machine.run);
}

/** `label  text` lines, aligned. */
export function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`);
}
