/** A server under measurement, in a process of its own; its memory and CPU time are read from /proc. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { isProfiled } from "./arguments.ts";
import { cpuSecondsOf, residentMbOf } from "./process-usage.ts";

const START_MS = 10_000;
const LOOK_MS = 20;

export interface StartOptions {
  /** Garbage can be collected in it before its memory is read. */
  readonly isInspected?: boolean;
  /** Of a hub: what is in its data folder stays. */
  readonly keepsData?: boolean;
}

export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #inspectorPort: number;
  readonly port: number;

  private constructor(child: ChildProcess, port: number, inspectorPort = 0) {
    this.#child = child;
    this.port = port;
    this.#inspectorPort = inspectorPort;
  }

  /** Starts a Node program and waits for its line with `"port":N`. */
  static async start(args: readonly string[], { isInspected = false }: StartOptions = {}): Promise<ServerProcess> {
    const inspectorPort = isInspected ? await freePort() : 0;
    const inspect = isInspected ? [`--inspect=127.0.0.1:${inspectorPort}`, "--inspect-publish-uid=http"] : [];
    // On its standard error an inspected one says no more than that it is.
    const child = spawn(process.execPath, [...inspect, ...args], {
      stdio: ["ignore", "pipe", isInspected ? "ignore" : "inherit"],
    });
    killAtExit(child);
    for await (const line of createInterface({ input: child.stdout })) {
      const port = /"port":(\d+)/.exec(line)?.[1];
      if (port !== undefined) {
        child.stdout.resume();
        return new ServerProcess(child, Number(port), inspectorPort);
      }
    }
    throw new Error(`${args.join(" ")} ended before it listened`);
  }

  /** Starts any program on a port that was free, and waits until it listens there. @throws when it is not installed */
  static async startProgram(command: string, argsFor: (port: number) => readonly string[]): Promise<ServerProcess> {
    const port = await freePort();
    const child = spawn(command, [...argsFor(port)], { stdio: ["ignore", "ignore", "pipe"] });
    killAtExit(child);
    let said = "";
    child.stderr.on("data", (data: Buffer) => {
      said += data.toString();
    });
    child.on("error", (error) => {
      said += error.message;
    });
    for (const end = performance.now() + START_MS; performance.now() < end; await sleep(LOOK_MS)) {
      if (child.exitCode !== null) break;
      if (await listens(port)) return new ServerProcess(child, port);
    }
    throw new Error(`${command} does not listen: ${said}`);
  }

  /** Starts the hub as it is built, open, with a data folder of its own. `--profile` leaves its CPU profile in `dist/bench/profiles`. */
  static startHub(name: string, more: readonly string[] = [], how: StartOptions = {}): Promise<ServerProcess> {
    if (!how.keepsData) rmSync(dataDir(name), { recursive: true, force: true });
    const profile = isProfiled() ? ["--cpu-prof", "--cpu-prof-dir=dist/bench/profiles"] : [];
    const options = ["--port", "0", "--host", "127.0.0.1", "--json-logs", "--data-dir", dataDir(name)];
    return ServerProcess.start([...profile, "bin/pharos.js", "hub", "--open", ...options, ...more], how);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** By itself or because it was stopped: a hub that crashed has. */
  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resident memory, MB; NaN of one that has ended. */
  get residentMb(): number {
    return this.hasEnded ? Number.NaN : residentMbOf(this.pid);
  }

  /** CPU time so far of all its threads, user and system, seconds. */
  get cpuSeconds(): number {
    return cpuSecondsOf(this.pid);
  }

  /** What it holds in the end: resident memory after all garbage is collected, MB. It was started as one that is inspected. */
  async heldMb(): Promise<number> {
    const targets = await fetch(`http://127.0.0.1:${this.#inspectorPort}/json/list`);
    const [target] = (await targets.json()) as Array<{ webSocketDebuggerUrl: string }>;
    const inspector = new WebSocket(target?.webSocketDebuggerUrl ?? "");
    await once(inspector, "open");
    inspector.send(JSON.stringify({ id: 1, method: "HeapProfiler.collectGarbage" }));
    await once(inspector, "message");
    inspector.close();
    return this.residentMb;
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return;
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

/** A bench that fails leaves nothing running. */
function killAtExit(child: ChildProcess): void {
  const kill = (): boolean => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => socket.end(() => resolve(true)));
    socket.once("error", () => resolve(false));
  });
}
