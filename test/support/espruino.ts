/**
 * Boards for tests: the Node stand-in always, and the real interpreter too when `ESPRUINO_BIN` names a Linux build of it
 * and `ESPRUINO_MODULES` the folder with EspruinoDocs' `ws.js`. What is asserted of one is asserted of both.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, systemClock } from "#base/clock.ts";
import { createInterpreter, type Interpreter } from "../../simulate/espruino/interpreter.ts";
import { createSocketThread } from "../../simulate/espruino/socket-thread.ts";
import { eventually } from "./eventually.ts";

export interface BoardUnderTest {
  /** The lines of its console so far. */
  readonly lines: string[];
  /** Waits for a line; resolves to the first one that matches. */
  saw(pattern: RegExp, ms?: number): Promise<string>;
  /** Duty of LED1, 0 to 1, as last written. */
  led(): number;
  /** Pulls the plug. */
  close(): Promise<void>;
}

export type StartBoard = (code: string, config?: object) => BoardUnderTest;

/** Each kind of board that this run can test: its name and how to start one. */
export function boards(): [name: string, start: StartBoard][] {
  const { ESPRUINO_BIN: binary, ESPRUINO_MODULES: modules } = process.env;
  const kinds: [string, StartBoard][] = [["stand-in", startStandIn]];
  if (binary) kinds.push(["real interpreter", (code, config) => startReal(binary, modules ?? ".", code, config)]);
  return kinds;
}

/** The stand-in, with the parts that only it has. */
export function startStandIn(
  code: string,
  config: object = {},
  clock: Clock = systemClock(),
): BoardUnderTest & { readonly wifi: Interpreter["wifi"] } {
  const lines: string[] = [];
  const sockets = createSocketThread();
  const globals = { pharosConfig: config };
  const id = "id" in config ? String(config.id) : "board";
  const board = createInterpreter({ clock, sockets, id, globals, print: (line) => lines.push(line) });
  board.run(code);
  return {
    lines,
    saw: (pattern, ms) => firstLine(lines, pattern, ms),
    led: board.led,
    wifi: board.wifi,
    async close() {
      board.close();
      await sockets.close();
    },
  };
}

/** A program that runs as soon as the board has joined the Wi-Fi. */
export function online(code: string): string {
  return `require("Wifi").connect("bench", {}, function() {${code}\n});`;
}

const WIPE = "\u001b";

/** What a Linux build lacks and an ESP32 has: Wi-Fi, an LED to look at, and an ADC. */
const LINUX_PRELUDE = `
Modules.addCached("Wifi", "var on={};exports.on=function(e,f){on[e]=f;};exports.getDetails=function(){return {};};exports.connect=function(s,o,done){setTimeout(function(){done(null);on.connected({});},50);};");
var LED1=D2;
function analogWrite(pin,level){print("LED "+level);}
function analogRead(pin){return Math.floor((0.5+0.4*Math.sin(getTime()/10))*4096)/4096;}
setInterval(function(){},1000);
`;

function startReal(binary: string, modules: string, code: string, config: object = {}): BoardUnderTest {
  const folder = mkdtempSync(join(tmpdir(), "espruino-"));
  const file = join(folder, "program.js");
  const ws = JSON.stringify(readFileSync(join(modules, "ws.js"), "latin1"));
  const prelude = `Modules.addCached("ws", ${ws});${LINUX_PRELUDE}var pharosConfig=${JSON.stringify(config)};\n`;
  writeFileSync(file, `${prelude}${code}`, "latin1");
  const lines: string[] = [];
  const child = spawn(binary, [file], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  let level = 0;
  let rest = "";
  child.stdout.setEncoding("latin1").on("data", (text: string) => {
    const parts = (rest + text).split(/\r?\n/);
    rest = parts.pop() ?? "";
    for (const part of parts) {
      // The prompt is drawn, and wiped out, before each line.
      const line = part.slice(part.lastIndexOf(WIPE) + 1).replace(/^\[J/, "");
      const led = /^LED (.*)$/.exec(line);
      if (led === null) lines.push(line);
      else level = Number(led[1]);
    }
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  return {
    lines,
    saw: (pattern, ms) => firstLine(lines, pattern, ms),
    led: () => level,
    async close() {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function firstLine(lines: string[], pattern: RegExp, ms?: number): Promise<string> {
  try {
    await eventually(() => lines.some((line) => pattern.test(line)), ms);
  } catch {
    throw new Error(`no line like ${pattern} on the console:\n${lines.join("\n")}`);
  }
  return lines.find((line) => pattern.test(line)) ?? "";
}

/** The generic client, built as the product is. esbuild needs a process of its own: jest's globals are not the ones it knows. */
export function buildClient(): string {
  const folder = mkdtempSync(join(tmpdir(), "pharos-esp32-"));
  const outfile = join(folder, "client.js");
  const script = `import { buildEspruino } from "./esp32/espruino/build/build.mjs"; await buildEspruino(null, ${JSON.stringify(outfile)});`;
  execFileSync(process.execPath, ["--input-type=module", "--eval", script], { stdio: ["ignore", "ignore", "pipe"] });
  const code = readFileSync(outfile, "latin1");
  rmSync(folder, { recursive: true });
  return code;
}

/** A configuration of the client for a hub on this machine. */
export function clientConfig(port: number, more: object = {}): object {
  return {
    ssid: "bench",
    password: "",
    host: "127.0.0.1",
    port,
    id: "esp32-1",
    token: "",
    rooms: [],
    heartbeat: 1,
    sensorPin: null,
    report: 1,
    consoles: false,
    ...more,
  };
}
