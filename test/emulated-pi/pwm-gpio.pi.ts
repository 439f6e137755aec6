/** Brightness from REST to the pulses on GPIO21, through the kernel's own driver pwm-gpio in an emulated Raspberry Pi 3. Run by `npm run test:pi`. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { lightness } from "../../pi-agent/brightness.ts";
import { Machine } from "../../scripts/emulated-pi/machine.mjs";
import { makeQuickImage, withFiles } from "../../scripts/emulated-pi/quick-image.mjs";
import { eventually } from "../support/eventually.ts";
import { buildBundles } from "../support/pharos-process.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import {
  AGENT_FILES,
  BOOT_MS,
  BUILD_MS,
  expectFinePower,
  expectPower,
  InsideAgent,
  OutsideHub,
  SAMPLES,
  say,
} from "./bench.ts";

const PIN = 21;
describe("an emulated Pi with the overlay pwm-gpio on GPIO21", () => {
  const newFolder = temporaryFolders();
  const machine = new Machine();
  let hub: OutsideHub;
  let agent: InsideAgent;

  beforeAll(async () => {
    buildBundles();
    const image = withFiles(await makeQuickImage({ pwmGpio: true }), AGENT_FILES, newFolder());
    hub = new OutsideHub(newFolder());
    await Promise.all([hub.start(), machine.start(image, BOOT_MS)]);
    agent = new InsideAgent(machine, hub.address, `--pin ${PIN}`);
    await agent.start();
    await hub.online();
  }, BUILD_MS);
  afterAll(async () => {
    await machine.powerCut();
    await hub.end();
  });

  it(
    "is dark until it is asked for light",
    async () => {
      expect(await machine.partHigh(PIN, SAMPLES)).toBe(0);
    },
    BOOT_MS,
  );

  it.each([0.25, 0.5, 0.9])(
    "gives %d of full power for the brightness that looks so",
    async (power) => {
      await expectFinePower(machine, PIN, power, async () => {
        for (const level of [0, lightness(power)]) expect(await hub.put("brightness", level)).toBe(200);
      });
      await expectPower(machine, PIN, power);
    },
    BOOT_MS,
  );

  it.each([
    [100, 1],
    [0, 0],
  ])(
    "is steady at brightness %d",
    async (brightness, power) => {
      expect(await hub.put("brightness", brightness)).toBe(200);
      await eventually(async () => (await machine.isHigh(PIN)) === (power === 1));
      expect(await machine.partHigh(PIN, SAMPLES)).toBe(power);
    },
    BOOT_MS,
  );

  it(
    "fades in steps to where it was asked",
    async () => {
      await hub.put("brightness", { value: 100, transition: 4000 });
      const onTheWay = await machine.partHigh(PIN, SAMPLES / 2);
      expect(onTheWay).toBeGreaterThan(0.005);
      expect(onTheWay).toBeLessThan(0.9);
      await eventually(async () => (await machine.partHigh(PIN, 20)) === 1, 20_000);
    },
    BOOT_MS,
  );

  it(
    "keeps its pulses without the agent, and through the agent's next start",
    async () => {
      await hub.put("brightness", lightness(0.5));
      expect(await agent.stop()).toBe(0);
      await expectPower(machine, PIN, 0.5);
      await agent.start();
      const restart = eventually(async () => (await hub.presence()) === "online", BOOT_MS);
      const { high, low } = await machine.watch(PIN, restart);
      say(`while the agent starts: high in ${(high / (high + low)).toFixed(3)} of ${high + low} samples`);
      await expectPower(machine, PIN, 0.5);
      expect(Math.round(Number(await hub.reported("brightness")))).toBe(Math.round(lightness(0.5)));
    },
    BOOT_MS,
  );
});
