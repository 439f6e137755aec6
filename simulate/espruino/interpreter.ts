/**
 * A stand-in for an ESP32 with Espruino: runs the client's own bundle in a JavaScript context of its own, with the board's
 * globals, its Wi-Fi and its `ws` module. Language faults (hoisting, closures in loops, …) are the build's gates to find.
 */
import { createHash } from "node:crypto";
import { runInContext } from "node:vm";
import type { Clock } from "#base/clock.ts";
import { createAdc } from "./adc.ts";
import type { Queue } from "./emitter.ts";
import { createLibrary } from "./library.ts";
import type { SocketThread } from "./socket-thread.ts";
import { createTimers } from "./timers.ts";
import { SimulatedWifi } from "./wifi.ts";
import { type Board, createWsModule } from "./ws-module.ts";

const LED_PIN = 2;
const BLOCKS = 16_383;
/** About what the client takes. */
const USED_BLOCKS = 5_000;
const BLOCK_BYTES = 14;

export interface InterpreterParts {
  readonly clock: Clock;
  readonly sockets: SocketThread;
  /** Gives the board its serial number; boards of the same id are the same board. */
  readonly id: string;
  /** One line of the board's console. */
  readonly print: (line: string) => void;
  /** More globals, such as `pharosConfig`. */
  readonly globals?: { readonly [name: string]: unknown };
}

export interface Interpreter {
  /** Runs a program; what it throws goes to the console, as on a board. */
  run(code: string): void;
  /** Duty of LED1, 0 to 1. */
  led(): number;
  readonly wifi: SimulatedWifi;
  /** Pulls the plug: no timer fires and nothing is sent any more. */
  close(): void;
}

export function createInterpreter(parts: InterpreterParts): Interpreter {
  const { clock, sockets } = parts;
  const pins = new Map<number, number>();
  const open = new Set<{ end(): void }>();
  let isOn = true;

  const attempt = (task: () => void): void => {
    if (!isOn) return;
    try {
      task();
    } catch (error) {
      parts.print(`Uncaught ${String(error)}`);
    }
  };
  const queue: Queue = (task) => void setImmediate(() => attempt(task));
  const timers = createTimers(clock, queue);
  const wifi = new SimulatedWifi(queue, timers);
  const print = (...words: unknown[]): void => parts.print(words.map(String).join(" "));

  const library = createLibrary({
    ...boardGlobals(parts, pins),
    print,
    console: { log: print },
    setTimeout: timers.setTimeout,
    setInterval: timers.setInterval,
    changeInterval: timers.changeInterval,
    clearTimeout: timers.clear,
    clearInterval: timers.clear,
    E: {
      srand: (seed: number) => library.srand(seed),
      enableWatchdog() {},
      kickWatchdog() {},
      getTemperature: () => 21,
    },
    require: (name: string) => requireModule(name),
  });
  const connect: Board["connect"] = (host, port, events) => {
    if (!wifi.isUp) throw new Error("Not connected to the internet");
    const socket = sockets.connect(host, port, {
      data: events.data,
      close() {
        open.delete(socket);
        events.close();
      },
    });
    open.add(socket);
    return socket;
  };
  const modules = new Map<string, unknown>([
    ["ws", createWsModule({ queue, timers, print, connect, random: library.random })],
    ["Wifi", wifi],
    ["TelnetServer", { setOptions() {} }],
    ["Storage", createStorage()],
  ]);
  const requireModule = (name: string): unknown => {
    if (!modules.has(name)) throw new Error(`Module "${name}" not found`);
    return modules.get(name);
  };

  return {
    wifi,
    run: (code) => attempt(() => runInContext(code, library.context)),
    led: () => pins.get(LED_PIN) ?? 0,
    close() {
      isOn = false;
      timers.stopAll();
      for (const socket of open) socket.end();
    },
  };
}

/** Pins, clock and chip. */
function boardGlobals(
  { clock, id, globals }: InterpreterParts,
  pins: Map<number, number>,
): { [name: string]: unknown } {
  const startedAt = clock.monotonic();
  const write = (pin: number, level: unknown): void => void pins.set(pin, Math.min(1, Math.max(0, Number(level))));
  return {
    LED1: LED_PIN,
    D2: LED_PIN,
    analogRead: createAdc(clock, serialOf(id)),
    analogWrite: write,
    digitalWrite: write,
    digitalRead: (pin: number) => (pins.get(pin) ?? 0) > 0.5,
    pinMode() {},
    getTime: () => (clock.monotonic() - startedAt) / 1000,
    getSerial: () => serialOf(id),
    process: {
      env: { BOARD: "ESP32", VERSION: "2v29", SERIAL: serialOf(id) },
      version: "2v29",
      memory: () => ({ free: BLOCKS - USED_BLOCKS, usage: USED_BLOCKS, total: BLOCKS, blocksize: BLOCK_BYTES }),
    },
    NRF: { sleep() {} },
    ...globals,
  };
}

function createStorage(): { read(name: string): string | undefined; write(name: string, text: string): boolean } {
  const files = new Map<string, string>();
  return {
    read: (name) => files.get(name),
    write: (name, text) => files.set(name, text).has(name),
  };
}

/** Six bytes, as a board shows its MAC address. */
function serialOf(id: string): string {
  const digest = createHash("sha1").update(id).digest("hex");
  return `30aea4${digest.slice(0, 2)}-${digest.slice(2, 6)}`;
}
