/** Runs a program of the computer that builds the emulated Pi, and turns its failure into one sentence. */
import { spawnSync } from "node:child_process";
import { Fault } from "../fault.mjs";

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, remedy?: string }} [options] `remedy`: what to do when it fails
 * @returns {string} what it printed on standard output
 * @throws {Fault}
 */
export function run(program, args, { cwd, env, remedy = "See its words above" } = {}) {
  const result = spawnSync(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, LC_ALL: "C", ...env },
  });
  if (result.status === 0) return result.stdout;
  const words = `${result.stdout ?? ""}${result.stderr ?? ""}`.trim().split("\n").slice(-8).join("\n");
  const why = result.error === undefined ? "" : ` (${result.error.message})`;
  throw new Fault(`${words}\n\`${[program, ...args].join(" ").slice(0, 400)}\` failed${why}. ${remedy}.`);
}
