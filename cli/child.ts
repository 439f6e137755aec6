/** One part of Pharos as a child process: its lines, its end, and a stop that always succeeds. Called by the house. */
import { spawn } from "node:child_process";
import type { Clock } from "#base/clock.ts";
import { createLineCutter } from "./output.ts";

/** How a process ended: with a code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Child {
  /** Resolves when the process has ended and all its lines were heard; never rejects. */
  readonly exited: Promise<Exit>;
  /** Asks it to stop, and kills it after `graceMs`. */
  stop(graceMs: number): Promise<Exit>;
}

export interface ChildParts {
  /** Script of Node and its words. */
  readonly command: readonly string[];
  /** Beside those of this process. */
  readonly env?: { readonly [name: string]: string };
  readonly clock: Clock;
  onLine(line: string, stream: "stdout" | "stderr"): void;
}

/**
 * Starts a Node script. It is in a process group of its own, so that Ctrl+C reaches it only through us and the parts
 * stop in order; and it has an IPC channel, which tells it when we are gone (base/program.ts).
 */
export function startChild(parts: ChildParts): Child {
  const child = spawn(process.execPath, parts.command, {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true,
    env: { ...process.env, ...parts.env },
  });
  for (const name of ["stdout", "stderr"] as const) {
    const cutter = createLineCutter();
    const stream = child[name];
    const say = (lines: readonly string[]): void => {
      for (const line of lines) if (line !== "") parts.onLine(line, name);
    };
    stream?.setEncoding("utf8");
    stream?.on("data", (chunk: string) => say(cutter.push(chunk)));
    stream?.on("end", () => say(cutter.end()));
  }
  const exited = new Promise<Exit>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
    child.on("error", (error) => {
      parts.onLine(error.message, "stderr");
      resolve({ code: 1, signal: null });
    });
  });
  return {
    exited,
    async stop(graceMs) {
      child.kill("SIGTERM");
      const kill = parts.clock.after(graceMs, () => child.kill("SIGKILL"));
      const exit = await exited;
      kill.cancel();
      return exit;
    },
  };
}

/** An end in words: `exit code 1`, `SIGKILL`. */
export function describeExit(exit: Exit): string {
  return exit.signal ?? `exit code ${exit.code}`;
}
