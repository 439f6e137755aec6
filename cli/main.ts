/** `pharos start`: the whole of Pharos on one machine. Bundled to dist/bundles/start.js; `npm start` ends here. */
import { readFileSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { systemClock } from "#base/clock.ts";
import { flag, port } from "#base/option-schemas.ts";
import { option } from "#base/options.ts";
import { type Program, runProgram } from "#base/program.ts";
import { type Machine, runHouse } from "./house.ts";

/** As far as the hub has the same options, they have the same names and defaults; except that `open` is `lan`. */
const OPTIONS = {
  port: option({
    schema: port(),
    default: 5000,
    value: "PORT",
    env: ["BIND_PORT"],
    help: "port of the hub, 0 for a free one",
  }),
  host: option({
    schema: z.string().min(1),
    default: "::",
    value: "ADDRESS",
    env: ["BIND_ADDRESS"],
    help: "address to listen on",
  }),
  open: option({
    schema: z.enum(["none", "loopback", "lan"], { error: "must be none, loopback or lan" }),
    default: "none",
    value: "lan",
    bare: "loopback",
    help: "who may use it without signing in: nobody, this computer, or with `lan` everyone who can reach it",
  }),
  dataDir: option({
    schema: z.string().min(1),
    default: "data",
    value: "DIR",
    help: "folder for everything that lasts",
  }),
  simulate: option({
    schema: flag,
    default: true,
    help: "simulate an ESP32, and the LED where this is no Raspberry Pi; leave both out with --no-simulate",
  }),
  jsonLogs: option({ schema: flag, default: false, help: "log one JSON object a line" }),
} as const;

export const program: Program<typeof OPTIONS> = {
  usage: "pharos start [options]",
  summary:
    "Runs the hub with its page, the agent of this machine and a simulated ESP32.\nWith npm: npm start -- [options]. Further options of the hub are taken from the environment (pharos hub --help).",
  options: OPTIONS,
  run: (options, stop) => runHouse(options, thisMachine(), stop),
};

/** Runs `pharos start` with the words after it; resolves to the exit code. */
export function main(args: readonly string[]): Promise<number> {
  return runProgram(program, args);
}

function thisMachine(): Machine {
  const { stdout, stderr } = process;
  return {
    // As seen from the bundle, dist/bundles/start.js.
    bin: fileURLToPath(new URL("../../bin/pharos.js", import.meta.url)),
    clock: systemClock(),
    raspberryPi: raspberryPiModel(),
    hostname: hostname(),
    interfaces: networkInterfaces,
    terminal: {
      // Some pseudo-terminals say 0: they do not know either.
      columns: stdout.columns || null,
      colors: stdout.isTTY === true && process.env.NO_COLOR === undefined,
    },
    write: (line, stream) => void (stream === "stdout" ? stdout : stderr).write(`${line}\n`),
  };
}

function raspberryPiModel(): string | null {
  try {
    const model = readFileSync("/proc/device-tree/model", "utf8").replaceAll("\0", "");
    return model.startsWith("Raspberry Pi") ? model : null;
  } catch {
    return null;
  }
}
