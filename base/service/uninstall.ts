/** `pharos … uninstall`: leaves nothing behind. Called by commands.ts. */
import { StartError } from "../program.ts";
import { carryOut, type Job, say } from "./job.ts";
import { outstanding } from "./outstanding.ts";
import { planUninstall } from "./plan.ts";
import { survey } from "./survey.ts";
import { planDeactivation, readState } from "./systemd.ts";

/** @param keepData whether options and state stay; @returns the exit code */
export function uninstall(job: Job, keepData: boolean): number {
  const { product, machine, places, root } = job;
  const facts = survey(product, machine.source, root);
  if (facts.isPackaged) {
    throw new StartError(
      `${places.service} is a package of this system: sudo apt ${keepData ? "remove" : "purge"} ${places.service}`,
    );
  }
  const steps = outstanding(planUninstall(product, facts, root, keepData), root);
  const [before, after] =
    job.isLive && machine.hasSystemd ? planDeactivation(product, steps, readState(product, machine.run)) : [[], []];
  const all = [...before, ...steps, ...after];
  if (all.length === 0) {
    say(job, `Nothing to do: ${places.service} is not installed.`);
    return 0;
  }
  carryOut(job, all);
  if (!job.dryRun) {
    const kept = keepData
      ? `; ${places.config} and ${places.state[0]} stay`
      : ", with its options and all that it kept";
    say(job, `${places.service} is removed${kept}.`);
  }
  return 0;
}
