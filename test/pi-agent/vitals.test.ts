import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { vitals } from "#protocol/device-events.ts";
import { readVitals } from "../../pi-agent/vitals.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();

function thermalZones(zones: { readonly [name: string]: { readonly type: string; readonly temp?: string } }): string {
  const folder = newFolder();
  for (const [name, { type, temp }] of Object.entries(zones)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "type"), `${type}\n`);
    if (temp !== undefined) writeFileSync(join(folder, name, "temp"), `${temp}\n`);
  }
  return folder;
}

describe("vitals", () => {
  it("are memory and uptime in the words of the protocol", () => {
    const read = readVitals(newFolder());
    expect(vitals.strict().parse(read)).toEqual(read);
    expect(read.memory).toBeGreaterThan(0);
    expect(read.uptime).toBeGreaterThan(0);
    expect(read).not.toHaveProperty("temperature");
  });

  it("have the temperature of the CPU in °C, whichever zone it is", () => {
    const zones = {
      thermal_zone0: { type: "pmic", temp: "30000" },
      thermal_zone1: { type: "cpu-thermal", temp: "48312" },
    };
    expect(readVitals(thermalZones(zones)).temperature).toBe(48.3);
  });

  it("have the first zone's temperature where none says that it is the CPU's", () => {
    expect(readVitals(thermalZones({ thermal_zone0: { type: "soc", temp: "51000" } })).temperature).toBe(51);
  });

  it.each([undefined, "", "asleep"])("have no temperature when the zone says %p", (temp) => {
    const zone = temp === undefined ? { type: "cpu" } : { type: "cpu", temp };
    expect(readVitals(thermalZones({ thermal_zone0: zone }))).not.toHaveProperty("temperature");
  });
});
