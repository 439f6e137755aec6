/** How to start each client that is not written in TypeScript, and how to see its lamp. Used by the suites of this folder. */
import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ClientProcess, type ClientSettings } from "../support/client-process.ts";
import { compileClient } from "../support/compiled-client.ts";
import { ROOT } from "../support/sources.ts";

export const PYTHON = "/usr/bin/python3";
/** Makes each load that Python reads one more than the last. */
const COUNTING = { PYTHONPATH: join(ROOT, "test/clients/python/stand-ins") };

export interface ClientKit {
  readonly name: string;
  /** The door it uses. */
  readonly door: "websocket" | "socket.io" | "dial";
  /** The port on which it waits, where it is the hub that calls. */
  readonly listensOn?: () => number;
  /** What it measures. */
  readonly sensor: string;
  /** What takes long: once before the tests. */
  prepare?(): void;
  /** @param folder its own, empty one */
  start(settings: ClientSettings, folder: string): ClientProcess;
  /** Every level its lamp has shown, 0–100 of full power or of what is asked. */
  levels(client: ClientProcess): number[];
  /** The level at which `brightness` shows. */
  levelOf(brightness: number): number;
  /** How often it blinked while it was dark. */
  blinks(client: ClientProcess): number;
}

/** How the hub finds a client that it calls. */
export function dialArgs(port: number): string[] {
  return ["--dial", `tcp://127.0.0.1:${port}?id=client-1`];
}

/** Duty of a perceived brightness, percent (CIE 1931). */
export function dutyOf(brightness: number): number {
  return 100 * (brightness <= 8 ? brightness / 903.3 : ((brightness + 16) / 116) ** 3);
}

function levelsAfter(word: string, full: number) {
  return (client: ClientProcess): number[] =>
    client.lines.filter((line) => line.startsWith(word)).map((line) => (Number(line.slice(word.length)) / full) * 100);
}

/** A dark LED blinks by full light. */
function flashesOf(word: string, full: number) {
  return (client: ClientProcess): number => client.lines.filter((line) => line === `${word}${full}`).length;
}

/** Puts the MicroPython client in a folder, flat as on a board, with the stand-ins of `machine` and `network`. */
export function micropythonBoard(folder: string, settings: ClientSettings, more: object = {}): void {
  for (const source of ["esp32/micropython", "test/clients/micropython/stand-ins"]) {
    for (const name of readdirSync(join(ROOT, source)).filter((file) => file.endsWith(".py"))) {
      cpSync(join(ROOT, source, name), join(folder, name));
    }
  }
  const config = {
    wifi: { SSID: "Lab", password: "secret", attempts: 3, delay_in_msec: 5 },
    server: `ws://127.0.0.1:${settings.port}/`,
    socket_delay_ms: 5,
    id: settings.id,
    token: settings.token ?? "",
    rooms: settings.rooms ?? [],
    heartbeat: settings.heartbeat ?? 1,
    report_ms: settings.reportMs ?? 200,
    buffer: settings.buffer ?? 120,
    ...more,
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
}

export interface Interpreter {
  readonly name: string;
  run(folder: string, program: string, ...args: readonly string[]): ClientProcess;
}

/** Python as Debian has it; MicroPython itself, in WebAssembly; and any other build named by `MICROPYTHON_BIN`. */
export function interpreters(): Interpreter[] {
  const other = process.env.MICROPYTHON_BIN;
  const runner = join(ROOT, "test/clients/micropython/run-real-micropython.mjs");
  const all: Interpreter[] = [
    {
      name: "python3",
      run: (folder, program, ...args) => new ClientProcess(PYTHON, ["-u", `${program}.py`, ...args], folder),
    },
    {
      name: "MicroPython",
      run: (folder, program, ...args) => new ClientProcess(process.execPath, [runner, folder, program, ...args]),
    },
  ];
  if (other !== undefined) {
    all.push({
      name: other,
      run: (folder, program, ...args) => new ClientProcess(other, [`${program}.py`, ...args], folder),
    });
  }
  return all;
}

function micropython(interpreter: Interpreter): ClientKit {
  return {
    name: `MicroPython client, ${interpreter.name}`,
    door: "websocket",
    sensor: "input",
    start(settings, folder) {
      micropythonBoard(folder, settings);
      return interpreter.run(folder, "main");
    },
    levels: levelsAfter("LED ", 65_535),
    levelOf: dutyOf,
    blinks: flashesOf("LED ", 65_535),
  };
}

function python(name: string, file: string, door: ClientKit["door"]): ClientKit {
  return {
    name,
    door,
    sensor: "load",
    start({ port, id, token, rooms = [], heartbeat = 1, reportMs = 200 }, folder) {
      const args = ["--hub", `http://127.0.0.1:${port}`, "--id", id, "--heartbeat", `${heartbeat}`];
      args.push("--report", `${reportMs / 1000}`, ...rooms.flatMap((room) => ["--room", room]));
      if (token !== undefined) args.push("--token", token);
      return new ClientProcess(PYTHON, ["-u", join(ROOT, "clients/python", file), ...args], folder, COUNTING);
    },
    levels: levelsAfter("brightness ", 100),
    levelOf: (brightness) => brightness,
    blinks: (client) => client.lines.filter((line) => line === "blink").length,
  };
}

/** The TCP server, called by the hub. */
export function tcpServerKit(interpreter: Interpreter, port: () => number): ClientKit {
  return {
    ...micropython(interpreter),
    name: `MicroPython TCP server, ${interpreter.name}`,
    door: "dial",
    listensOn: port,
    start(settings, folder) {
      micropythonBoard(folder, settings, { tcp_port: port() });
      return interpreter.run(folder, "tcp_server");
    },
  };
}

export function micropythonKits(): ClientKit[] {
  return interpreters().map(micropython);
}

export const PYTHON_WEBSOCKET = python("Python on websockets", "pharos_websocket.py", "websocket");
export const PYTHON_SOCKETIO = python("Python on python-socketio", "pharos_socketio.py", "socket.io");

function environment(settings: ClientSettings): { readonly [name: string]: string } {
  return {
    PHAROS_HUB: `ws://127.0.0.1:${settings.port}`,
    PHAROS_ID: settings.id,
    PHAROS_TOKEN: settings.token ?? "",
    PHAROS_ROOM: settings.rooms?.[0] ?? "",
    PHAROS_HEARTBEAT_MS: `${(settings.heartbeat ?? 1) * 1000}`,
    PHAROS_REPORT_MS: `${settings.reportMs ?? 200}`,
  };
}

export function compileEspIdf(): string {
  return compileClient("esp-idf", {
    compiler: "gcc",
    standard: "gnu17",
    sources: ["esp32/esp-idf/main", "test/clients/esp-idf/stand-ins", "test/clients/stand-ins"],
    includes: ["esp32/esp-idf/main", "test/clients/esp-idf/stand-ins"],
    libraries: ["cjson", "pthread", "m"],
  });
}

export const ESP_IDF: ClientKit = {
  name: "ESP-IDF client",
  door: "websocket",
  sensor: "input",
  prepare: () => void compileEspIdf(),
  start: (settings, folder) => new ClientProcess(compileEspIdf(), [], folder, environment(settings)),
  levels: levelsAfter("LED ", 8191),
  levelOf: dutyOf,
  blinks: flashesOf("LED ", 8191),
};

/** The sketch has its id in a macro that is glued to a path, so every one of these is `client-1`. */
export const ARDUINO: ClientKit = {
  name: "Arduino client",
  door: "websocket",
  sensor: "input",
  prepare: () => void compileArduino(),
  start: (settings, folder) =>
    new ClientProcess(compileArduino(), [], folder, { ...environment(settings), PHAROS_PORT: `${settings.port}` }),
  levels: levelsAfter("LED ", 8191),
  levelOf: dutyOf,
  blinks: flashesOf("LED ", 8191),
};

/** @param core major version of Arduino's core for the ESP32 */
export function compileArduino(core = 3): string {
  return compileClient(`arduino-${core}`, {
    compiler: "g++",
    standard: "gnu++17",
    sources: ["esp32/arduino/pharos", "test/clients/arduino/stand-ins", "test/clients/stand-ins"],
    includes: ["test/clients/arduino/stand-ins", "esp32/arduino/pharos"],
    libraries: ["cjson"],
    more: ["-include", join(ROOT, "test/clients/arduino/stand-ins/config.h"), `-DESP_ARDUINO_VERSION_MAJOR=${core}`],
  });
}
