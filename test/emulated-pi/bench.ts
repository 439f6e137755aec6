/** A hub outside and an agent inside the emulated Pi, for the tests of this folder. */
import { existsSync } from "node:fs";
import { expect } from "@jest/globals";
import type { Machine } from "../../scripts/emulated-pi/machine.mjs";
import { OUTSIDE } from "../../scripts/emulated-pi/machine.mjs";
import { eventually } from "../support/eventually.ts";
import { PharosProcess } from "../support/pharos-process.ts";

/** What the agent needs on a Pi, from the project's folder. */
export const AGENT_FILES: readonly string[] = ["bin/pharos.js", "dist/bundles/agent.js", "package.json"];

/** Emulation on a computer that does other things as well takes its time. */
export const BOOT_MS = 120_000;
const STEP_MS = 60_000;
/** The first run fetches Debian's packages and kernel source, and builds a module. */
export const BUILD_MS = 600_000;

/** One batch; its chance error is 0.016. */
export const SAMPLES = 1000;
/** Of batches for one fine figure, which is their median. */
const STARTS = 5;
const FINE = 0.06;
/** Tells powers that lie 0.4 apart: the emulated timer shifts all pulses of one start by up to a tenth of the period. */
const COARSE = 0.2;
/** The agent's steps of power are finer than this. */
const STEP = 0.005;
const CHANNEL = "/sys/class/pwm/pwmchip0/pwm0";

const ID = "lamp";
const LOG = "/tmp/agent.log";

/** Why nothing can be emulated here; null where it can. In CI nothing is skipped, so that a missing part fails by name. */
export function whyNot(): string | null {
  if (process.env.CI !== undefined) return null;
  if (!existsSync("/usr/bin/apt-get")) return "its parts come from Debian packages, and there is no apt-get";
  return existsSync("/usr/bin/qemu-system-aarch64") ? null : "qemu-system-arm is not installed";
}

/**
 * Expects a pin to be high for this part of the time, as seen from outside. Each batch is of pulses started anew, since those of one
 * start share an error of the emulated timer. Every batch counts; none is tried again.
 * @param restart lets the pulses end and begin
 */
export async function expectFinePower(
  machine: Machine,
  pin: number,
  power: number,
  restart: () => Promise<void>,
): Promise<void> {
  const batches: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    await restart();
    batches.push(await machine.partHigh(pin, SAMPLES));
  }
  const median = [...batches].sort((a, b) => a - b)[(STARTS - 1) / 2] ?? Number.NaN;
  const each = batches.map((batch) => batch.toFixed(3)).join(" ");
  say(`GPIO${pin}: asked for ${power}, high in ${median.toFixed(3)} of the samples (starts: ${each})`);
  expect(Math.abs(median - power)).toBeLessThanOrEqual(FINE);
}

/** Expects the kernel to have been told exactly this power, and the pin to show it as well as one start of pulses can. */
export async function expectPower(machine: Machine, pin: number, power: number): Promise<void> {
  await expectAsked(machine, power);
  const seen = await machine.partHigh(pin, SAMPLES);
  say(`GPIO${pin}: asked for ${power}, high in ${seen.toFixed(3)} of the samples (one start)`);
  expect(Math.abs(seen - power)).toBeLessThanOrEqual(COARSE);
}

async function expectAsked(machine: Machine, power: number): Promise<void> {
  const words = await machine.run(`cat ${CHANNEL}/duty_cycle ${CHANNEL}/period ${CHANNEL}/enable`);
  const [duty = Number.NaN, period = Number.NaN, enable] = words.split("\n").map(Number);
  expect(Math.abs(duty / period - power)).toBeLessThanOrEqual(STEP);
  expect(enable).toBe(1);
}

/** What was measured, for who reads the run. */
export function say(line: string): void {
  process.stdout.write(`    ${line}\n`);
}

export class OutsideHub {
  readonly #process: PharosProcess;
  #port = 0;

  constructor(dataDir: string) {
    this.#process = new PharosProcess(
      "hub",
      "--port",
      "0",
      "--host",
      "127.0.0.1",
      "--data-dir",
      dataDir,
      "--json-logs",
    );
  }

  async start(): Promise<void> {
    this.#port = Number((await this.#process.event("listening")).port);
  }

  /** As the emulated Pi reaches it. */
  get address(): string {
    return `http://${OUTSIDE}:${this.#port}`;
  }

  /** Asks for a value as a page does; @returns the status of the answer */
  async put(property: string, value: unknown): Promise<number> {
    const url = `http://127.0.0.1:${this.#port}/api/devices/${ID}/properties/${property}`;
    const body = JSON.stringify(value);
    return (await fetch(url, { method: "PUT", headers: { "Content-Type": "application/json" }, body })).status;
  }

  async presence(): Promise<string | undefined> {
    return (await this.#view())?.presence;
  }

  async reported(property: string): Promise<unknown> {
    return (await this.#view())?.reported[property];
  }

  /** Waits until the agent is there and has said what it has. */
  async online(): Promise<void> {
    const isThere = async (): Promise<boolean> => {
      const view = await this.#view();
      return view?.presence === "online" && Object.keys(view.reported).length > 0;
    };
    await eventually(isThere, STEP_MS);
  }

  async #view(): Promise<{ presence: string; reported: { [name: string]: unknown } } | null> {
    const answer = await fetch(`http://127.0.0.1:${this.#port}/api/devices/${ID}`);
    return answer.ok ? ((await answer.json()) as { presence: string; reported: { [name: string]: unknown } }) : null;
  }

  end(): Promise<number | null> {
    return this.#process.end();
  }
}

/** The agent in the small emulated Pi, where no service looks after it. */
export class InsideAgent {
  readonly #machine: Machine;
  readonly #words: string;
  #pid = "";

  /** @param options of `pharos agent`, beside who and where */
  constructor(machine: Machine, hub: string, options: string) {
    this.#machine = machine;
    this.#words = `--hub ${hub} --id ${ID} --driver kernel --data-dir /tmp/data --json-logs ${options}`;
  }

  async start(): Promise<void> {
    this.#pid = await this.#machine.run(`node /pharos/bin/pharos.js agent ${this.#words} >>${LOG} 2>&1 & echo $!`);
  }

  /** Ends it as systemd does. @returns its exit code */
  async stop(): Promise<number> {
    await this.#machine.run(`kill -TERM ${this.#pid}`);
    return (await this.#machine.tryRun(`wait ${this.#pid}`, STEP_MS)).status;
  }

  log(): Promise<string> {
    return this.#machine.run(`cat ${LOG}`);
  }
}
