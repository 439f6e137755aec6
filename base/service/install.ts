/** `pharos … install` and `upgrade`: survey, plan, what is outstanding, and then to see that it runs. Called by commands.ts. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type RawOptions, rawConfig, UsageError } from "../options.ts";
import { StartError } from "../program.ts";
import { carryOut, type Job, say, table } from "./job.ts";
import { outstanding } from "./outstanding.ts";
import { planInstall, planPackage, planUpgrade, type Where } from "./plan.ts";
import { type Given, mergeSettings, type Settings } from "./settings.ts";
import type { Step } from "./step.ts";
import { type Facts, survey } from "./survey.ts";
import { planActivation, readLog, readState } from "./systemd.ts";

/** What `install` is told beside options of the service. */
export interface InstallWords {
  readonly layers: readonly RawOptions[];
  readonly tokenFile: string | null;
  readonly node: string | null;
  readonly reset: boolean;
}

const LOG_LINES = 15;

/** Installs, or changes the options of what is installed. @returns the exit code */
export function install(job: Job, words: InstallWords): number {
  const facts = survey(job.product, job.machine.source, job.root);
  refuseSecondOwner(job, facts);
  const where = whereOf(job, words.node);
  const before = words.reset ? {} : optionsOf(job);
  const merged = mergeSettings(job.product, { before, layers: words.layers, secret: readSecret(job, words) });
  // A secret is an option too: one that stayed would be told to another hub.
  const settings = words.reset && merged.secret === null ? { ...merged, secret: "" } : merged;
  const steps = outstanding(planInstall(job.product, facts, settings, where), job.root);
  const was = facts.installedVersion;
  const done = was === null || was === facts.version ? "is installed" : `is installed in the place of ${was}`;
  return finish(job, steps, settings, `${job.places.service} ${facts.version} ${done}`);
}

/** Puts this version in the place of the installed one. @returns the exit code */
export function upgrade(job: Job, node: string | null): number {
  const facts = survey(job.product, job.machine.source, job.root);
  const { service } = job.places;
  if (facts.installedVersion === null) {
    throw new StartError(`${service} is not installed: \`pharos ${job.product.word} install\` does that.`);
  }
  refuseSecondOwner(job, facts);
  if (facts.isInPlace) {
    throw new StartError(
      facts.isPackaged
        ? `${service} is a package of this system: sudo apt install ./${service}_VERSION_all.deb`
        : `This is the installed program itself: run \`./pharos ${job.product.word} upgrade\` in the folder of the new version.`,
    );
  }
  const none: Given = { before: optionsOf(job), layers: [], secret: null };
  // A version that does not understand the options must not replace one that does.
  const settings = mergeSettings(job.product, none);
  const steps = outstanding(planUpgrade(job.product, facts, settings, whereOf(job, node)), job.root);
  const from = facts.installedVersion;
  const change = from === facts.version ? `${from} is renewed` : `is upgraded from ${from} to ${facts.version}`;
  return finish(job, steps, settings, `${service} ${change}`);
}

/** Lays out what a package of the system holds, under `--root`. @returns the exit code */
export function layOutPackage(job: Job): number {
  carryOut(job, outstanding(planPackage(job.product, survey(job.product, job.machine.source, job.root)), job.root));
  return 0;
}

function finish(job: Job, steps: readonly Step[], settings: Settings, headline: string): number {
  const { product, machine, places } = job;
  const state = job.isLive && machine.hasSystemd ? readState(product, machine.run) : null;
  const all = state === null ? steps : [...steps, ...planActivation(product, steps, state)];
  if (all.length === 0) {
    say(job, `Nothing to do: ${places.service} is installed so${state === null ? "" : " and runs"}.`);
    return 0;
  }
  carryOut(job, all);
  if (job.dryRun) return 0;
  if (state === null) {
    say(job, `${headline} under ${job.root}, and starts with that system.`, ...summary(job, settings));
    return 0;
  }
  return reportStart(job, settings, headline);
}

function reportStart(job: Job, settings: Settings, headline: string): number {
  const { product, machine, places } = job;
  const { active, result } = readState(product, machine.run);
  if (active === "active") {
    say(job, `${headline}, runs, and starts with this computer.`, ...summary(job, settings));
    return 0;
  }
  const words = readLog(product, machine.run, LOG_LINES);
  say(
    job,
    `${headline}, but does not run (${active}${result === "" ? "" : `, ${result}`}). Its last words:`,
    ...(words.length === 0 ? ["  none"] : words.map((line) => `  ${line}`)),
    `Mend that, then: sudo systemctl restart ${places.service}`,
  );
  return 1;
}

function summary({ product, places }: Job, settings: Settings): readonly string[] {
  return table([
    ...product.describe(settings.values),
    ["options", places.config],
    ["status", `pharos ${product.word} status`],
    ["log", `journalctl -u ${places.service}`],
  ]);
}

/** @throws StartError when a package owns what would be written */
function refuseSecondOwner({ places, product }: Job, { isPackaged, isInPlace }: Facts): void {
  if (!isPackaged || isInPlace) return;
  throw new StartError(
    `${places.service} is installed as a package of this system. Use that (sudo ${places.packagedLauncher} ${product.word} install …), or remove it first: sudo apt remove ${places.service}`,
  );
}

/** @throws StartError when a service cannot use this Node.js */
function whereOf({ product, machine, root, isLive }: Job, node: string | null): Where {
  // Another system has its own Node.js, at the usual place unless we are told.
  if (!isLive) return { root, nodePath: node ?? "/usr/bin/node" };
  const nodePath = node ?? machine.nodePath;
  if (/^\/(home|root|run\/user|tmp)\//.test(nodePath)) {
    throw new StartError(
      `This Node.js, ${nodePath}, is in a folder that no service can see. ${product.nodeRemedy} Then run this by that one, or name it with --node PATH.`,
    );
  }
  const version = machine.run([nodePath, "--version"]).output.trim().replace(/^v/, "");
  if (!isAtLeast(version, product.oldestNode)) {
    throw new StartError(
      `The service needs Node.js ${product.oldestNode} or newer, and ${nodePath} is ${version || "none"}. ${product.nodeRemedy}`,
    );
  }
  return { root, nodePath };
}

function isAtLeast(version: string, oldest: string): boolean {
  const [has, needs] = [version, oldest].map((text) => text.split(".").map(Number));
  const difference = needs?.map((part, i) => (has?.[i] ?? 0) - part).find((d) => d !== 0) ?? 0;
  return difference >= 0;
}

/** The options of an earlier installation. @throws UsageError when the file is damaged */
export function optionsOf({ root, places }: Job): RawOptions {
  const path = join(root, places.config);
  return existsSync(path) ? rawConfig(path) : {};
}

/** The secret, if it came by file, standard input or environment. */
function readSecret({ product, machine }: Job, { tokenFile }: InstallWords): string | null {
  if (product.secret === null) return null;
  if (tokenFile === null) return machine.env[`PHAROS_${product.secret.toUpperCase()}`]?.trim() || null;
  try {
    return (tokenFile === "-" ? machine.readInput() : readFileSync(tokenFile, "utf8")).trim();
  } catch (error) {
    throw new UsageError(`--token-file: cannot read ${tokenFile}: ${(error as Error).message}`);
  }
}
