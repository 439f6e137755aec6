/** What the agent measures of its own computer, as read-only properties. Created by main.ts, reported by the agent. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Property, Values } from "#protocol/values.ts";
import { readCpuTemperature } from "./vitals.ts";

export interface Sensors {
  /** Only what this computer can tell. */
  readonly properties: ReadonlyMap<string, Property>;
  /** The values now; one that cannot be read at the moment is left out. */
  read(): Values;
}

interface Sensor {
  readonly name: string;
  readonly property: Property;
  readonly read: () => number | string | null;
}

/** Bits of `get_throttled` that tell of now; those from 16 on tell that it happened since the start. */
const THROTTLING = [
  { bit: 0, word: "under-voltage" },
  { bit: 1, word: "frequency capped" },
  { bit: 2, word: "throttled" },
  { bit: 3, word: "hot" },
];

/** @param root folder that holds `sys` and `proc` */
export function createSensors(root = "/"): Sensors {
  const sensors: readonly Sensor[] = [
    {
      name: "cpuTemperature",
      property: { type: "number", unit: "°C", readOnly: true, title: "CPU temperature" },
      read: () => readCpuTemperature(join(root, "sys/class/thermal")),
    },
    {
      name: "throttling",
      property: {
        type: "string",
        readOnly: true,
        title: "Throttling",
        description:
          "Why the CPU is slowed down now: under-voltage, frequency capped, throttled, hot; none if it is not.",
      },
      read: () => readThrottling(root),
    },
    {
      name: "memory",
      property: { type: "number", minimum: 0, maximum: 100, unit: "percent", readOnly: true, title: "Memory in use" },
      read: () => readMemory(join(root, "proc/meminfo")),
    },
  ];
  const present = sensors.filter(({ read }) => read() !== null);
  return {
    properties: new Map(present.map(({ name, property }) => [name, property])),
    read: () => Object.fromEntries(present.map(({ name, read }) => [name, read()]).filter(isKnown)),
  };
}

/** For agents that measure nothing. */
export function createNoSensors(): Sensors {
  return { properties: new Map(), read: () => ({}) };
}

function isKnown(entry: readonly (string | number | null | undefined)[]): entry is [string, number | string] {
  return entry[1] !== null;
}

/**
 * The firmware's word on power and heat, `none` when all is well; null where there is no such firmware (not a Raspberry Pi).
 * The file holds a hexadecimal number, as `vcgencmd get_throttled` prints it.
 */
export function readThrottling(root: string): string | null {
  const path = findThrottledFile(join(root, "sys/devices/platform"));
  if (path === null) return null;
  const bits = Number.parseInt(readText(path), 16);
  if (Number.isNaN(bits)) return null;
  const words = THROTTLING.filter(({ bit }) => (bits >> bit) & 1).map(({ word }) => word);
  return words.length === 0 ? "none" : words.join(", ");
}

/** `soc/soc:firmware/get_throttled` on every Pi but for the name of the bus. */
function findThrottledFile(platform: string): string | null {
  for (const bus of ["soc", "soc@107c000000", "axi", ""]) {
    for (const name of list(join(platform, bus))) {
      const path = join(platform, bus, name, "get_throttled");
      if (name.endsWith("firmware") && readText(path) !== "") return path;
    }
  }
  return null;
}

/** Memory that programs cannot have any more, in percent of all, with one decimal. */
function readMemory(path: string): number | null {
  const text = readText(path);
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1]);
  const used = 1 - kilobytes("MemAvailable") / kilobytes("MemTotal");
  return Number.isFinite(used) ? Math.round(used * 1000) / 10 : null;
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
