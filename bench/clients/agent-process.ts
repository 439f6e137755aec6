/** An agent of a Raspberry Pi whose light is simulated, as it is built, in a process of its own. Made by the cases. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { DeviceView } from "#protocol/views.ts";
import { cpuSecondsOf, residentMbOf } from "../harness/process-usage.ts";
import { dataDir } from "../harness/server-process.ts";

const COMES_IN_MS = 20_000;
const LOOK_MS = 100;

export class AgentProcess {
  readonly #child: ChildProcess;
  readonly #hub: string;
  readonly #id: string;

  private constructor(child: ChildProcess, hub: string, id: string) {
    this.#child = child;
    this.#hub = hub;
    this.#id = id;
  }

  /** Resolves when the hub shows it online. */
  static async start(hubPort: number, id: string): Promise<AgentProcess> {
    const hub = `http://127.0.0.1:${hubPort}`;
    const folder = dataDir(`agent-${id}`);
    rmSync(folder, { recursive: true, force: true });
    const options = ["--hub", hub, "--id", id, "--driver", "simulated", "--data-dir", folder, "--json-logs"];
    const child = spawn(process.execPath, ["bin/pharos.js", "agent", ...options], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    process.once("exit", () => child.kill("SIGKILL"));
    const agent = new AgentProcess(child, hub, id);
    for (const end = performance.now() + COMES_IN_MS; performance.now() < end; await sleep(LOOK_MS)) {
      if (await agent.isOnline()) return agent;
    }
    throw new Error(`The agent ${id} does not come in.`);
  }

  async isOnline(): Promise<boolean> {
    const response = await fetch(`${this.#hub}/api/devices`);
    const devices = (await response.json()) as DeviceView[];
    return devices.some(({ id, presence }) => id === this.#id && presence === "online");
  }

  /** CPU time so far, seconds. */
  get cpuSeconds(): number {
    return cpuSecondsOf(this.#child.pid ?? 0);
  }

  /** Resident memory, MB. */
  get residentMb(): number {
    return residentMbOf(this.#child.pid ?? 0);
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await once(this.#child, "exit");
  }
}
