/** `pharos simulate esp32|pi`: as many simulated devices as wanted, each a client of its own to the hub. */
import { readFileSync } from "node:fs";
import * as z from "zod";
import { systemClock } from "#base/clock.ts";
import { type OptionValues, option, toNumber } from "#base/options.ts";
import { aborted, type Program, runProgram, StartError } from "#base/program.ts";
import { deviceId, roomName } from "#protocol/names.ts";
import { startSimulatedEsp32s } from "./esp32.ts";

const MAX_DEVICES = 1000;
const EXIT_USAGE = 2;
/** Beside the bundle that this becomes part of. */
const ESP32_CLIENT = new URL("./espruino.js", import.meta.url);

const OPTIONS = {
  hub: option({
    schema: z.url("an address like http://192.168.1.5:5000"),
    default: "http://127.0.0.1:5000",
    help: "address of the hub",
    value: "URL",
  }),
  count: option({
    schema: z.preprocess(toNumber, z.number().int().min(1).max(MAX_DEVICES)),
    default: 1,
    help: `how many devices, at most ${MAX_DEVICES}`,
    value: "N",
  }),
  id: option<string | null>({
    schema: deviceId.max(58).nullable(),
    default: null,
    help: "first part of the ids: PREFIX-1, PREFIX-2, … (default the kind)",
    value: "PREFIX",
  }),
  token: option<string | null>({
    schema: z.string().nullable(),
    default: null,
    help: "token, if the hub wants one",
    value: "TOKEN",
  }),
  room: option<string[]>({
    schema: z.array(roomName).max(4),
    default: [],
    help: "room to be in (ESP32 only); may be given several times",
    value: "ROOM",
    many: true,
  }),
  heartbeat: option({
    schema: z.preprocess(toNumber, z.number().min(1).max(3600)),
    default: 5,
    help: "seconds between two beats (ESP32 only)",
    value: "SECONDS",
  }),
};

type Options = OptionValues<typeof OPTIONS>;
type Start = (
  options: Options,
  ids: readonly string[],
  log: (line: string) => void,
) => Promise<{ close(): Promise<void> }>;

const KINDS: { readonly [kind: string]: { readonly name: string; readonly start: Start } } = {
  esp32: { name: "ESP32", start: startEsp32s },
  pi: { name: "Raspberry Pi", start: startPis },
};

function programOf(kind: string): Program<typeof OPTIONS> {
  return {
    usage: "pharos simulate esp32|pi [options]",
    summary:
      "Connects simulated devices to a hub. A simulated ESP32 runs the very client that a board gets; a simulated Pi is the\n" +
      "agent with a simulated LED. Neither touches hardware.",
    options: OPTIONS,
    run: (options, stop) => simulate(kind, options, stop),
  };
}

export const program = programOf("esp32");

/** @param args words after `pharos simulate`, the kind of device first */
export function main(args: readonly string[]): Promise<number> {
  const [kind = "", ...rest] = args;
  if (Object.hasOwn(KINDS, kind)) return runProgram(programOf(kind), rest);
  if (kind === "--help" || kind === "-h") return runProgram(program, ["--help"]);
  process.stderr.write("Say which device to simulate: `pharos simulate esp32` or `pharos simulate pi`.\n");
  return Promise.resolve(EXIT_USAGE);
}

async function simulate(kind: string, options: Options, stop: AbortSignal): Promise<number> {
  const { name, start } = KINDS[kind] ?? { name: kind, start: startEsp32s };
  const log = (line: string): void => void process.stdout.write(`${line}\n`);
  const ids = Array.from({ length: options.count }, (_, i) => `${options.id ?? kind}-${i + 1}`);
  log(`Simulating ${options.count} ${name} for ${options.hub}: no hardware is involved. Ctrl-C stops.`);
  const devices = await start(options, ids, log);
  await aborted(stop);
  await devices.close();
  return 0;
}

async function startEsp32s(
  options: Options,
  ids: readonly string[],
  log: (line: string) => void,
): Promise<{ close(): Promise<void> }> {
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
  options: Options,
  ids: readonly string[],
  log: (line: string) => void,
): Promise<{ close(): Promise<void> }> {
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
