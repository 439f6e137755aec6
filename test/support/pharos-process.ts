/** `pharos …` as users run it: a process of the built bundles, with what it has said so far. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { eventually } from "./eventually.ts";
import { ROOT } from "./sources.ts";

/** Builds what changed; what is built already takes a tenth of a second. */
export function buildBundles(): void {
  const { NODE_OPTIONS: _, NODE_ENV: __, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts/build.mjs")], {
    env,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
}

export class PharosProcess {
  readonly #child: ChildProcess;
  /** Lines on standard output. */
  readonly lines: string[] = [];

  /** A hub is open to this computer, unless its flags say otherwise. */
  constructor(...args: string[]) {
    const open = args[0] === "hub" && !args.includes("--open") ? ["--open"] : [];
    const child = spawn(process.execPath, [join(ROOT, "bin/pharos.js"), ...args, ...open], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      this.lines.push(...parts);
    });
    child.stderr.resume();
  }

  /** The JSON line of an event, once it is there. */
  async event(name: string): Promise<{ readonly [key: string]: unknown }> {
    const find = (): string | undefined => this.lines.find((line) => line.includes(`"event":"${name}"`));
    await eventually(() => find() !== undefined, 10_000);
    return JSON.parse(find() ?? "{}") as { readonly [key: string]: unknown };
  }

  /** Ends it and waits. @returns the exit code, null after SIGKILL */
  async end(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    this.#child.kill(signal);
    const [code] = (await once(this.#child, "exit")) as [number | null];
    return code;
  }
}
