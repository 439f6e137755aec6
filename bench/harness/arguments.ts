/** What stands on the command line of a bench. */

/** `--smoke`: a few seconds to see that the bench still runs; counts are judged, goals are not. */
export function isSmoke(): boolean {
  return process.argv.includes("--smoke");
}

/** `--seconds=N` */
export function secondsOr(usual: number, inSmoke = 2): number {
  return Number(/--seconds=(\d+)/.exec(process.argv.join(" "))?.[1] ?? (isSmoke() ? inSmoke : usual));
}

/** `--profile`: each hub leaves a CPU profile, for the developer tools of Chromium. */
export function isProfiled(): boolean {
  return process.argv.includes("--profile");
}
