/** A client of another language as a process of its own: started, listened to on its console, ended. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { eventually } from "./eventually.ts";

/** What a client is told, whatever the form in which it is told. */
export interface ClientSettings {
  readonly port: number;
  readonly id: string;
  readonly token?: string;
  readonly rooms?: readonly string[];
  /** Seconds between beats. */
  readonly heartbeat?: number;
  readonly reportMs?: number;
  /** Samples kept while the hub is away. */
  readonly buffer?: number;
}

export class ClientProcess {
  readonly #child: ChildProcess;
  /** What stood on the console so far, complaints included. */
  console = "";

  constructor(command: string, args: readonly string[], cwd?: string, env: { readonly [name: string]: string } = {}) {
    // `NODE_OPTIONS` of the test run is not for a client that happens to run in Node.
    const { NODE_OPTIONS: _, ...rest } = process.env;
    this.#child = spawn(command, args, { cwd, env: { ...rest, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.console += text;
      });
    }
  }

  get lines(): readonly string[] {
    return this.console.split("\n");
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Waits for a line. */
  async saw(pattern: RegExp, ms?: number): Promise<void> {
    try {
      await eventually(() => this.lines.some((line) => pattern.test(line)), ms);
    } catch {
      throw new Error(`The console never said ${pattern}:\n${this.console.slice(-2000)}`);
    }
  }

  async end(): Promise<void> {
    if (this.hasEnded) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }
}
