/** Hub, agent and simulated ESP32 as one: starts them in order, keeps them running, stops them in order. Called by main. */
import { randomBytes } from "node:crypto";
import type { NetworkInterfaceInfo } from "node:os";
import { createBackoff } from "#base/backoff.ts";
import { type Clock, delay } from "#base/clock.ts";
import { aborted } from "#base/program.ts";
import { findAddresses, type Terminal, welcome } from "./addresses.ts";
import { type Child, describeExit, startChild } from "./child.ts";
import { createKeeper, type Keeper } from "./keeper.ts";
import { forMachines, forPeople, parseLog } from "./output.ts";
import {
  deviceTokens,
  type HouseOptions,
  hubArgs,
  hubUrl,
  type Part,
  type Plan,
  partSecrets,
  planParts,
} from "./parts.ts";

/** The machine as the house sees it. */
export interface Machine {
  /** The script that runs any part: bin/pharos.js. */
  readonly bin: string;
  readonly clock: Clock;
  /** Model of the Raspberry Pi; null on other machines. */
  readonly raspberryPi: string | null;
  readonly hostname: string;
  interfaces(): { readonly [name: string]: readonly NetworkInterfaceInfo[] | undefined };
  readonly terminal: Terminal;
  write(line: string, stream: Stream): void;
}

type Stream = "stdout" | "stderr";

/** The whole stop takes at most this: first the devices, then the hub, which says goodbye to all others. */
const STOP_MS = 5000;
const STOP_PARTS_MS = 2000;
const RESTART_FIRST_MS = 1000;
const RESTART_MAX_MS = 30_000;
/** How long the closing block waits for the first words of the parts, so that they stand above it. */
const FIRST_WORDS_MS = 1500;

/** What every step here needs. */
interface House {
  readonly options: HouseOptions;
  readonly machine: Machine;
  /** Token of each part, by the id of its device. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Passes on what a part said, or what there is to say about it. */
  say(part: string, line: string, stream?: Stream): void;
}

/** Runs everything until `stop` aborts or the hub ends; resolves to the exit code. */
export async function runHouse(options: HouseOptions, machine: Machine, stop: AbortSignal): Promise<number> {
  const format = options.jsonLogs ? forMachines : forPeople;
  const house: House = {
    options,
    machine,
    secrets: partSecrets(
      planOf(options, machine, "").parts.map(({ device }) => device),
      () => randomBytes(32).toString("base64url"),
    ),
    say: (part, line, stream = "stdout") => machine.write(format(part, line), stream),
  };
  const stopping = aborted(stop);
  const hub = startHub(house);
  const port = await Promise.race([hub.listening, hub.child.exited, stopping]);
  const keepers = typeof port === "number" ? await startParts(house, port, hub, stopping) : [];
  const ended = await Promise.race([hub.child.exited, stopping]);
  // A hub that never served has said why; nothing is added to that.
  if (ended && typeof port === "number") house.say("hub", `ended (${describeExit(ended)}): everything stops`);
  await stopAll(machine.clock, hub.child, keepers);
  return ended ? (ended.code ?? 1) : 0;
}

interface Hub {
  readonly child: Child;
  /** Resolves to the port as soon as the hub serves (protocol 1.5). */
  readonly listening: Promise<number>;
  /** The one-time key for the first sign-in, once the hub serves; null without one. */
  setupKey(): string | null;
}

function startHub({ options, machine, secrets, say }: House): Hub {
  const { promise: listening, resolve } = withResolvers<number>();
  let serving = false;
  let setupKey: string | null = null;
  const child = startChild({
    command: [machine.bin, ...hubArgs(options)],
    env: { PHAROS_DEVICE_TOKEN: deviceTokens(secrets, process.env.PHAROS_DEVICE_TOKEN) },
    clock: machine.clock,
    onLine(line, stream) {
      const log = parseLog(line);
      if (log?.event === "setup") {
        // It is said below, once, with its QR code.
        setupKey = String(log.key);
        return;
      }
      if (log?.event === "listening" && typeof log.port === "number") {
        serving = true;
        resolve(log.port);
      }
      // Why it cannot start is the one sentence that the user needs: it comes through as it is.
      if (!serving && stream === "stderr") machine.write(line, stream);
      else say("hub", line, stream);
    },
  });
  return { child, listening, setupKey: () => setupKey };
}

async function startParts(house: House, port: number, hub: Hub, stopping: Promise<void>): Promise<readonly Keeper[]> {
  const { options, machine, say } = house;
  const { parts, notes } = planOf(options, machine, hubUrl(options.host, port));
  for (const note of notes) say("start", note);
  const kept = parts.map((part) => keepPart(house, part));
  const words = Promise.all(kept.map(({ firstWords }) => firstWords));
  await Promise.race([words, delay(machine.clock, FIRST_WORDS_MS), stopping]);
  greet(house, port, hub.setupKey());
  return kept.map(({ keeper }) => keeper);
}

function keepPart({ machine, secrets, say }: House, part: Part): { keeper: Keeper; firstWords: Promise<void> } {
  const { promise: firstWords, resolve } = withResolvers<void>();
  const keeper = createKeeper({
    clock: machine.clock,
    backoff: createBackoff(RESTART_FIRST_MS, RESTART_MAX_MS),
    say: (sentence) => say(part.name, sentence),
    run: () =>
      startChild({
        command: [machine.bin, ...part.args],
        env: { PHAROS_TOKEN: secrets.get(part.device) ?? "" },
        clock: machine.clock,
        onLine(line, stream) {
          say(part.name, line, stream);
          resolve();
        },
      }),
  });
  keeper.start();
  return { keeper, firstWords };
}

function greet({ options, machine }: House, port: number, setupKey: string | null): void {
  const { host, open } = options;
  const lan = open !== "loopback";
  const addresses = findAddresses({ host, port, lan, hostname: machine.hostname, interfaces: machine.interfaces() });
  const ready = JSON.stringify({ event: "ready", ...addresses, ...(setupKey !== null && { setupKey }) });
  machine.write(options.jsonLogs ? ready : welcome(addresses, lan, machine.terminal, setupKey), "stdout");
}

/** What runs beside the hub, and what there is to say about it. */
function planOf({ simulate }: HouseOptions, { raspberryPi, hostname }: Machine, hub: string): Plan {
  return planParts(simulate, raspberryPi, hub, hostname);
}

async function stopAll(clock: Clock, hub: Child, keepers: readonly Keeper[]): Promise<void> {
  const deadline = clock.monotonic() + STOP_MS;
  await Promise.all(keepers.map((keeper) => keeper.stop(STOP_PARTS_MS)));
  await hub.stop(deadline - clock.monotonic());
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
