import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { valueFault } from "#protocol/values.ts";
import { createSensors } from "../../pi-agent/sensors.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();

/** A folder with files as Linux and the firmware of a Raspberry Pi have them. */
function machine(files: { readonly [path: string]: string }): string {
  const root = newFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const MEMORY = {
  "proc/meminfo": "MemTotal:        1000000 kB\nMemFree:          100000 kB\nMemAvailable:     750000 kB\n",
};
const HEAT = {
  "sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
  "sys/class/thermal/thermal_zone0/temp": "48312\n",
};
const THROTTLED = "sys/devices/platform/soc/soc:firmware/get_throttled";

describe("the sensors", () => {
  it("of a Raspberry Pi tell temperature, throttling and memory", () => {
    const sensors = createSensors(machine({ ...MEMORY, ...HEAT, [THROTTLED]: "0\n" }));
    expect(sensors.read()).toEqual({ cpuTemperature: 48.3, throttling: "none", memory: 25 });
    expect([...sensors.properties.keys()]).toEqual(["cpuTemperature", "throttling", "memory"]);
    expect([...sensors.properties.values()].every(({ readOnly }) => readOnly)).toBe(true);
  });

  it("declare only what this computer can tell", () => {
    const sensors = createSensors(machine(MEMORY));
    expect([...sensors.properties.keys()]).toEqual(["memory"]);
    expect(sensors.read()).toEqual({ memory: 25 });
  });

  it.each([
    ["50005", "under-voltage, throttled"],
    ["80008", "hot"],
    ["2", "frequency capped"],
    ["f0000", "none"],
    ["f", "under-voltage, frequency capped, throttled, hot"],
  ])("read the firmware's %s as %s", (bits, word) => {
    expect(createSensors(machine({ [THROTTLED]: `${bits}\n` })).read()).toEqual({ throttling: word });
  });

  it("leave out what cannot be read for a while", () => {
    const root = machine({ ...MEMORY, ...HEAT });
    const sensors = createSensors(root);
    rmSync(join(root, "sys"), { recursive: true });
    expect(sensors.read()).toEqual({ memory: 25 });
  });

  it("give values that fit what they declare, on this very computer", () => {
    const { properties, read } = createSensors();
    const readings = Object.entries(read());
    expect(readings.length).toBeGreaterThan(0);
    for (const [name, value] of readings) expect(valueFault(properties.get(name), value)).toBeNull();
  });
});
