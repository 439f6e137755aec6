/** `pharos simulate KIND`: as many simulated devices as wanted, each a client of its own to the hub. */
import { readFileSync } from "node:fs";
import { systemClock } from "#base/clock.ts";
import { aborted, type Program, runProgram, StartError } from "#base/program.ts";
import { startSimulatedEsp32s } from "./esp32.ts";
import { SIMULATE_OPTIONS, type SimulateOptions } from "./options.ts";
import { startSimulatedSensors } from "./sensor.ts";
import { SENSOR_KINDS, type SensorKindName } from "./sensors/kinds.ts";

const EXIT_USAGE = 2;
/** Beside the bundle that this becomes part of. */
const ESP32_CLIENT = new URL("./espruino.js", import.meta.url);

interface Devices {
  close(): Promise<void>;
}
type Start = (options: SimulateOptions, ids: readonly string[], log: (line: string) => void) => Promise<Devices>;

const KINDS: { readonly [kind: string]: { readonly name: string; readonly start: Start } } = {
  esp32: { name: "ESP32", start: startEsp32s },
  pi: { name: "Raspberry Pi", start: startPis },
  accelerometer: sensorKind("accelerometer"),
  thermometer: sensorKind("thermometer"),
  noise: sensorKind("noise"),
};
const KIND_NAMES = Object.keys(KINDS).join("|");

function programOf(kind: string): Program<typeof SIMULATE_OPTIONS> {
  return {
    usage: `pharos simulate ${KIND_NAMES} [options]`,
    summary:
      "Connects simulated devices to a hub. A simulated ESP32 runs the very client that a board gets; a simulated Pi is the\n" +
      "agent with a simulated LED; accelerometer, thermometer and noise are sensors that measure all the time, and keep what they\n" +
      "measure while the hub is away. None touches hardware.",
    options: SIMULATE_OPTIONS,
    run: (options, stop) => simulate(kind, options, stop),
  };
}

export const program = programOf("esp32");

/** @param args words after `pharos simulate`, the kind of device first */
export function main(args: readonly string[]): Promise<number> {
  const [kind = "", ...rest] = args;
  if (Object.hasOwn(KINDS, kind)) return runProgram(programOf(kind), rest);
  if (kind === "--help" || kind === "-h") return runProgram(program, ["--help"]);
  const choices = Object.keys(KINDS).map((name) => `\`pharos simulate ${name}\``);
  process.stderr.write(`Say which device to simulate: ${choices.join(", ")}.\n`);
  return Promise.resolve(EXIT_USAGE);
}

async function simulate(kind: string, options: SimulateOptions, stop: AbortSignal): Promise<number> {
  const { name, start } = KINDS[kind] ?? { name: kind, start: startEsp32s };
  const log = (line: string): void => void process.stdout.write(`${line}\n`);
  const ids = Array.from({ length: options.count }, (_, i) => `${options.id ?? kind}-${i + 1}`);
  log(`Simulating ${options.count} ${name} for ${options.hub}: no hardware is involved. Ctrl-C stops.`);
  // Timers of the clock keep no process alive, and between two tries to reach the hub there may be nothing else.
  const alive = setInterval(() => {}, 3_600_000);
  try {
    const devices = await start(options, ids, log);
    await aborted(stop);
    await devices.close();
    return 0;
  } finally {
    clearInterval(alive);
  }
}

function sensorKind(kind: SensorKindName): { readonly name: string; readonly start: Start } {
  return {
    name: SENSOR_KINDS[kind].name,
    start: async ({ hub, token, room, heartbeat, rate }, ids, log) =>
      startSimulatedSensors({ kind, hub, ids, token, rooms: room, heartbeat, rateHz: rate, clock: systemClock(), log }),
  };
}

async function startEsp32s(
  options: SimulateOptions,
  ids: readonly string[],
  log: (line: string) => void,
): Promise<Devices> {
  return startSimulatedEsp32s({
    hub: options.hub,
    ids,
    token: options.token ?? "",
    rooms: options.room,
    heartbeat: options.heartbeat,
    code: readClient(),
    clock: systemClock(),
    log,
  });
}

async function startPis(
  options: SimulateOptions,
  ids: readonly string[],
  log: (line: string) => void,
): Promise<Devices> {
  // The agent is loaded only where it is wanted.
  const { startSimulatedPi } = await import("./pi.ts");
  const token = options.token === null ? {} : { token: options.token };
  const pis = await Promise.all(ids.map((id) => startSimulatedPi({ hub: options.hub, id, ...token, log })));
  return {
    async close() {
      await Promise.all(pis.map((pi) => pi.close()));
    },
  };
}

function readClient(): string {
  try {
    return readFileSync(ESP32_CLIENT, "latin1");
  } catch {
    throw new StartError("The ESP32 client is not built yet. Run `npm run build` in the folder of Pharos first.");
  }
}
