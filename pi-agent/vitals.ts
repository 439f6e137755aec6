/** Signs of health of this computer for the heartbeat (protocol 4.2). Called by the agent. */
import { readdirSync, readFileSync } from "node:fs";
import { freemem, uptime } from "node:os";
import { join } from "node:path";
import type { Vitals } from "#protocol/device-events.ts";

/** Free memory in bytes, uptime in whole seconds and, where the kernel knows it, the temperature of the CPU in °C. */
export function readVitals(thermalDir = "/sys/class/thermal"): Vitals {
  const temperature = readCpuTemperature(thermalDir);
  const vitals = { memory: freemem(), uptime: Math.floor(uptime()) };
  return temperature === null ? vitals : { ...vitals, temperature };
}

/** °C of the zone of the CPU, `cpu-thermal` on every Pi, else the first; null where there is none. */
export function readCpuTemperature(thermalDir: string): number | null {
  try {
    const zones = readdirSync(thermalDir)
      .filter((name) => name.startsWith("thermal_zone"))
      .sort();
    const zone = zones.find((name) => /cpu/i.test(readText(join(thermalDir, name, "type")))) ?? zones[0];
    if (zone === undefined) return null;
    const text = readText(join(thermalDir, zone, "temp"));
    const degrees = Math.round(Number(text) / 100) / 10;
    return text === "" || !Number.isFinite(degrees) ? null : degrees;
  } catch {
    return null;
  }
}

/** Empty when it cannot be read: some zones answer with an error while they sleep. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
