/** The agent on an emulated Raspberry Pi 3, against a hub outside: what it does to GPIO21, as its register shows from outside. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Machine } from "../../scripts/emulated-pi/machine.mjs";
import { makeQuickImage, withFiles } from "../../scripts/emulated-pi/quick-image.mjs";
import { eventually } from "../support/eventually.ts";
import { buildBundles } from "../support/pharos-process.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { AGENT_FILES, BOOT_MS, InsideAgent, OutsideHub, whyNot } from "./bench.ts";

const PIN = 21;
const why = whyNot();

(why === null ? describe : describe.skip)(
  `an emulated Pi with a lamp on GPIO21${why ? ` (skipped: ${why})` : ""}`,
  () => {
    const newFolder = temporaryFolders();
    const machine = new Machine();
    let hub: OutsideHub;
    let agent: InsideAgent;

    beforeAll(async () => {
      buildBundles();
      const image = withFiles(await makeQuickImage(), AGENT_FILES, newFolder());
      hub = new OutsideHub(newFolder());
      await Promise.all([hub.start(), machine.start(image, BOOT_MS)]);
      agent = new InsideAgent(machine, hub.address, `--switches lamp=${PIN}`);
    }, 2 * BOOT_MS);
    afterAll(async () => {
      await machine.powerCut();
      await hub.end();
    });

    it(
      "is a Raspberry Pi 3 by its own word, with the pin low and free",
      async () => {
        expect(await machine.run("cat /proc/device-tree/model; uname -m; node -p process.arch")).toMatch(
          /^Raspberry Pi 3 Model B.*aarch64\s+arm64$/s,
        );
        expect(await machine.isHigh(PIN)).toBe(false);
      },
      BOOT_MS,
    );

    it(
      "lights the lamp when the hub is asked to, and darkens it again",
      async () => {
        await agent.start();
        await hub.online();
        expect(await machine.isHigh(PIN)).toBe(false);
        for (const isOn of [true, false, true]) {
          expect(await hub.put("lamp", isOn)).toBe(200);
          expect(await machine.isHigh(PIN)).toBe(isOn);
          expect(await hub.reported("lamp")).toBe(isOn);
        }
      },
      BOOT_MS,
    );

    it(
      "leaves the lamp on when it is ended, and starts again without a flash",
      async () => {
        const restart = async (): Promise<void> => {
          expect(await agent.stop()).toBe(0);
          await eventually(async () => (await hub.presence()) === "offline");
          await agent.start();
          await hub.online();
        };
        const seen = await machine.watch(PIN, restart());
        expect(seen.high).toBeGreaterThan(500);
        expect(seen.low).toBe(0);
        expect(await hub.reported("lamp")).toBe(true);
      },
      BOOT_MS,
    );

    it(
      "darkens the lamp on its return when that was asked for while it was away",
      async () => {
        expect(await agent.stop()).toBe(0);
        expect(await hub.put("lamp", false)).toBe(202);
        expect(await machine.isHigh(PIN)).toBe(true);
        await agent.start();
        await eventually(async () => !(await machine.isHigh(PIN)), BOOT_MS);
        await eventually(async () => (await hub.reported("lamp")) === false);
      },
      BOOT_MS,
    );
  },
);
