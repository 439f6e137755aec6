import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { StartError } from "#base/program.ts";
import { readPiModel, type Surroundings, selectDriver } from "../../../pi-agent/drivers/select.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { type PigpiodStandIn, startPigpiodStandIn } from "../../support/pigpiod-stand-in.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();

let daemon: PigpiodStandIn;
beforeEach(async () => {
  daemon = await startPigpiodStandIn();
});
afterEach(() => daemon.kill());

function here(parts: Partial<Surroundings> = {}): Surroundings {
  return {
    clock: fakeClock(),
    pigpiodHost: "127.0.0.1",
    pigpiodPort: daemon.port,
    model: null,
    isRoot: false,
    ...parts,
  };
}

async function faultOf(choice: "auto" | "pigpiod", parts: Partial<Surroundings> = {}): Promise<string> {
  const fault: unknown = await selectDriver(choice, here(parts)).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(StartError);
  return (fault as Error).message;
}

describe("the choice of a driver", () => {
  it("takes pigpiod when it answers", async () => {
    const driver = await selectDriver("auto", here({ model: "Raspberry Pi 3 Model B", isRoot: true }));
    expect(driver.name).toBe("pigpiod");
    await driver.close();
  });

  it("says why each driver does not work, and what to start or install", async () => {
    await daemon.kill();
    const text = await faultOf("auto", { model: "Raspberry Pi 4 Model B Rev 1.4" });
    expect(text).toContain("No driver can move a pin here.");
    expect(text).toMatch(
      /pigpiod: .* does not answer \(ECONNREFUSED\)\. Start it with: sudo pigpiod \(install it with: sudo apt install pigpio\)/,
    );
    expect(text).toContain("pigpio: it needs root.");
    expect(text).not.toContain("--driver simulated");
  });

  it("does not try pigpio on a Pi 5, even as root", async () => {
    await daemon.kill();
    expect(await faultOf("auto", { model: "Raspberry Pi 5 Model B Rev 1.0", isRoot: true })).toContain(
      "pigpio: it does not know the Raspberry Pi 5 Model B Rev 1.0.",
    );
  });

  it("never takes the simulated light by itself, but names it where there are no pins", async () => {
    await daemon.kill();
    expect(await faultOf("auto")).toContain("This is not a Raspberry Pi: without an LED, use --driver simulated.");
  });

  it("takes the simulated light when it is asked for", async () => {
    expect((await selectDriver("simulated", here())).simulated).toBe(true);
  });

  it("tries nothing else when one driver was asked for", async () => {
    await daemon.kill();
    const text = await faultOf("pigpiod", { model: "Raspberry Pi 4 Model B", isRoot: true });
    expect(text).toContain("The driver pigpiod does not work here.");
    expect(text).not.toContain("pigpio:");
  });
});

describe("the model of the board", () => {
  it("is the board's own word without its final NUL", () => {
    const file = join(newFolder(), "model");
    writeFileSync(file, "Raspberry Pi 3 Model B Plus Rev 1.3\0");
    expect(readPiModel(file)).toBe("Raspberry Pi 3 Model B Plus Rev 1.3");
  });

  it("is null on another board and on a computer without one", () => {
    const file = join(newFolder(), "model");
    writeFileSync(file, "Pine64 Rock64\0");
    expect([readPiModel(file), readPiModel(`${file}-none`)]).toEqual([null, null]);
  });
});
