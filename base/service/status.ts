/** `pharos … status`: what is installed, whether it runs, and what it does. Called by commands.ts. */
import { existsSync, lstatSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseRaw } from "../options.ts";
import { optionsOf } from "./install.ts";
import { type Job, say, table } from "./job.ts";
import { readLog, readState, type ServiceState } from "./systemd.ts";

/** As `systemctl status` and the LSB have it. */
const RUNS = 0;
const RUNS_NOT = 3;
const NOT_INSTALLED = 4;

const LOG_LINES = 5;
/** systemd itself says four of them about a start that failed; the reason stands before. */
const LOG_LINES_OF_A_FAULT = 15;

/** @returns 0 while it runs, 3 when it does not, 4 when it is not installed */
export function status(job: Job): number {
  const { product, machine, places, root } = job;
  const version = installedVersion(join(root, places.program, "package.json"));
  if (version === null) {
    say(job, `${places.service} is not installed.`);
    return NOT_INSTALLED;
  }
  const state = job.isLive && machine.hasSystemd ? readState(product, machine.run) : null;
  // Without options it could not run, and the installation that gives them enables it.
  const hasOptions = existsSync(join(root, places.config));
  const isEnabled = lstatSync(join(root, places.wants), { throwIfNoEntry: false }) !== undefined;
  say(
    job,
    `${places.service} ${version}`,
    ...table([
      ["service", state === null ? "not of this system" : describe(state)],
      [
        "at boot",
        isEnabled ? "starts" : `does not start${hasOptions ? ` (sudo systemctl enable ${places.service})` : ""}`,
      ],
      ...describeOptions(job),
    ]),
  );
  if (state === null) return RUNS_NOT;
  const log = readLog(product, machine.run, state.active === "active" ? LOG_LINES : LOG_LINES_OF_A_FAULT);
  say(
    job,
    ...(log.length === 0
      ? ["  No log that this user may read; with sudo there may be one."]
      : log.map((line) => `  ${line}`)),
  );
  return state.active === "active" ? RUNS : RUNS_NOT;
}

function describe({ active, since, says, restarts, result }: ServiceState): string {
  if (active !== "active") return `does not run (${active}${result === "success" ? "" : `, ${result}`})`;
  const again = restarts === 0 ? "" : `, started again ${restarts === 1 ? "once" : `${restarts} times`}`;
  return `runs since ${since}${again}${says === "" ? "" : `: ${says}`}`;
}

function describeOptions(job: Job): readonly (readonly [string, string])[] {
  const { product, places, root } = job;
  if (!existsSync(join(root, places.config)))
    return [["options", `none yet: sudo pharos ${product.word} install --OPTION …`]];
  const secretFile = join(root, places.secret);
  const hasSecret = existsSync(secretFile) && statSync(secretFile).size > 0;
  const secret = product.secret === null ? [] : [[product.secret, hasSecret ? `in ${places.secret}` : "none"] as const];
  try {
    return [
      ...product.describe(parseRaw(product.options, optionsOf(job), places.config)),
      ...secret,
      ["options", places.config],
    ];
  } catch (error) {
    return [["options", `${places.config} is at fault: ${(error as Error).message}`]];
  }
}

function installedVersion(path: string): string | null {
  try {
    return String((JSON.parse(readFileSync(path, "utf8")) as { version: unknown }).version);
  } catch {
    return null;
  }
}
