/** Simulated ESP32s: each runs the client's own bundle in the Espruino stand-in. Called by `main.ts` and by tests. */
import type { Clock } from "#base/clock.ts";
import { StartError } from "#base/program.ts";
import { createInterpreter } from "./espruino/interpreter.ts";
import { createSocketThread } from "./espruino/socket-thread.ts";

export interface Esp32Options {
  /** `http://HOST:PORT`; an ESP32 with Espruino has neither TLS for WebSockets nor IPv6. */
  readonly hub: string;
  readonly ids: readonly string[];
  readonly token?: string;
  readonly rooms?: readonly string[];
  /** Seconds between two beats. */
  readonly heartbeat?: number;
  /** Number of the pin that is measured, 32 to 39; null for a board that measures nothing. */
  readonly sensorPin?: number | null;
  /** Seconds between two samples. */
  readonly report?: number;
  /** The generic client, as the build makes it. */
  readonly code: string;
  readonly clock: Clock;
  /** One line of a board's console. */
  readonly log: (line: string) => void;
}

const HEARTBEAT_SECONDS = 5;
/** Unlike a board's, the pin of a simulated one is measured unless stated: so there is something to see. */
const SENSOR_PIN = 34;
const REPORT_SECONDS = 1;

/**
 * Switches the boards on; they connect, and come back, by themselves.
 * @throws StartError when the hub's address is none that an ESP32 can use
 */
export function startSimulatedEsp32s(options: Esp32Options): { close(): Promise<void> } {
  const address = hubAddress(options.hub);
  const sockets = createSocketThread();
  const boards = options.ids.map((id) => {
    const config = {
      ...address,
      id,
      ssid: "simulated",
      password: "",
      token: options.token ?? "",
      rooms: options.rooms ?? [],
      heartbeat: options.heartbeat ?? HEARTBEAT_SECONDS,
      sensorPin: options.sensorPin === undefined ? SENSOR_PIN : options.sensorPin,
      report: options.report ?? REPORT_SECONDS,
      consoles: false,
    };
    const board = createInterpreter({
      clock: options.clock,
      sockets,
      id,
      globals: { pharosConfig: config },
      print: (line) => options.log(`${id}: ${line}`),
    });
    board.run(options.code);
    return board;
  });
  return {
    async close() {
      for (const board of boards) board.close();
      await sockets.close();
    },
  };
}

/** @throws StartError with what is wrong and what would do */
export function hubAddress(hub: string): { host: string; port: number } {
  const url = URL.canParse(hub) ? new URL(hub) : null;
  if (url?.protocol !== "http:" || url.pathname !== "/" || url.hostname.startsWith("[")) {
    throw new StartError(`--hub ${hub}: an ESP32 needs the form http://HOST:PORT, without https and without IPv6.`);
  }
  return { host: url.hostname, port: Number(url.port || 80) };
}
