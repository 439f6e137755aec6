/** What the device says: ASCII, each under 500 bytes, since a longer frame costs this interpreter dear. */
import type { Answer } from "./commands.ts";
import type { Config } from "./config.ts";
import type { Light } from "./light.ts";

/** Filled in by the build. */
declare const VERSION: string;

/** Who the device is, what it can do, and what it shows at present (protocol 4.1). */
export function hello(config: Config, light: Light): string {
  const data: { [name: string]: unknown } = {
    id: config.id,
    model: "ESP32 Espruino",
    software: `pharos-espruino ${VERSION}`,
    heartbeat: config.heartbeat,
    properties: {
      brightness: { type: "number", minimum: 0, maximum: 100, unit: "percent" },
      power: { type: "boolean" },
    },
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

/** The answer to an event with an id (protocol 3.7). */
export function acknowledgement(id: number | string, answer: Answer): string {
  return JSON.stringify(answer.error ? { ack: id, error: answer.error } : { ack: id, data: answer.data });
}
