/** A server under measurement, in a process of its own; its memory and CPU time are read from /proc. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const TICKS_PER_SECOND = 100;

export class ServerProcess {
  readonly #child: ChildProcess;
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Starts a Node program and waits for its line with `"port":N`. */
  static async start(args: readonly string[]): Promise<ServerProcess> {
    const child = spawn(process.execPath, [...args], { stdio: ["ignore", "pipe", "inherit"] });
    // A bench that fails leaves nothing running.
    const kill = (): boolean => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    for await (const line of createInterface({ input: child.stdout })) {
      const port = /"port":(\d+)/.exec(line)?.[1];
      if (port !== undefined) {
        child.stdout.resume();
        return new ServerProcess(child, Number(port));
      }
    }
    throw new Error(`${args.join(" ")} ended before it listened`);
  }

  /** Starts the hub as it is built, with a data folder of its own. */
  static startHub(name: string, ...more: readonly string[]): Promise<ServerProcess> {
    const options = ["--port", "0", "--host", "127.0.0.1", "--json-logs", "--data-dir", dataDir(name)];
    return ServerProcess.start(["bin/pharos.js", "hub", "--open", ...options, ...more]);
  }

  /** Resident memory, MB. */
  get residentMb(): number {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.#child.pid}/status`, "utf8"))?.[1];
    return Number(kilobytes) / 1024;
  }

  /** CPU time so far, user and system, seconds. */
  get cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await once(this.#child, "exit");
  }

  /** Ends it without a word, as `kill -9` does. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }
}

/** The data folder of a hub that a bench starts; it outlasts the bench. */
export function dataDir(name: string): string {
  return `dist/bench/${name}`;
}
