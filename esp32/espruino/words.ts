/** What the device says: ASCII, each under 500 bytes, since a longer frame costs this interpreter dear. */
import type { Backlog } from "./backlog.ts";
import type { Answer } from "./commands.ts";
import type { Config } from "./config.ts";
import type { Light } from "./light.ts";

/** Filled in by the build. */
declare const VERSION: string;

/** Characters of samples in one batch: with what stands around them less than 500. */
const MAX_SAMPLES_TEXT = 440;

/** Samples on their way: the frame, and the mark of the first one that is not in it. */
export interface Batch {
  readonly text: string;
  readonly mark: number;
}

/** Who the device is, what it can do, and what it shows at present (protocol 4.1). */
export function hello(config: Config, light: Light): string {
  const properties: { [name: string]: unknown } = {
    brightness: { type: "number", minimum: 0, maximum: 100, unit: "percent" },
    power: { type: "boolean" },
  };
  if (config.sensorPin !== null) {
    properties.input = { type: "number", minimum: 0, maximum: 100, unit: "percent", readOnly: true };
  }
  const data: { [name: string]: unknown } = {
    id: config.id,
    model: "ESP32 Espruino",
    software: `pharos-espruino ${VERSION}`,
    heartbeat: config.heartbeat,
    properties,
    actions: { identify: { title: "Blink" } },
    state: { brightness: light.brightness(), power: light.power() },
  };
  if (config.rooms.length) data.rooms = config.rooms;
  return JSON.stringify({ event: "hello", data });
}

/**
 * A heartbeat with signs of health (protocol 4.2).
 * @param uptime seconds
 * @param rssi dBm, where the board knows it
 */
export function vitals(uptime: number, rssi: number | undefined): string {
  const memory = process.memory();
  const data: { [name: string]: number } = { memory: memory.free * memory.blocksize, uptime };
  if (typeof rssi === "number") data.rssi = rssi;
  return JSON.stringify({ event: "heartbeat", data });
}

/**
 * One sample as it is measured (protocol 4.3).
 * @param time ms of the board's own counter
 * @param id what the hub is to acknowledge it by; 0 for no answer
 */
export function report(time: number, value: number, id: number): string {
  const data = { input: value };
  return JSON.stringify(id ? { event: "report", data, time, id } : { event: "report", data, time });
}

/** Where the board's counter stands, without a sample. */
export function clockReport(time: number): string {
  return JSON.stringify({ event: "report", data: {}, time });
}

/** The oldest samples before the mark `end`, as many as fit (protocol 4.3). */
export function reports(backlog: Backlog, end: number, id: number): Batch {
  let mark = backlog.first();
  let samples = "";
  while (mark < end) {
    const sample = JSON.stringify([backlog.time(mark), { input: backlog.value(mark) }]);
    if (samples.length + sample.length > MAX_SAMPLES_TEXT) break;
    samples += samples ? `,${sample}` : sample;
    mark++;
  }
  return { text: `{"event":"reports","id":${id},"data":[${samples}]}`, mark };
}

/** The answer to an event with an id (protocol 3.7). */
export function acknowledgement(id: number | string, answer: Answer): string {
  return JSON.stringify(answer.error ? { ack: id, error: answer.error } : { ack: id, data: answer.data });
}
