/** The agent as the service of an emulated Raspberry Pi 3 with Debian 12, its systemd and its Node 18. Run by `npm run test:pi`. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { lightness } from "../../pi-agent/brightness.ts";
import { type DebianImage, makeDebianImage } from "../../scripts/emulated-pi/debian-image.mjs";
import { eventually } from "../support/eventually.ts";
import { buildBundles } from "../support/pharos-process.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { BOOT_MS, BUILD_MS, expectPower, OutsideHub, say } from "./bench.ts";
import { DebianPi, prepareCard } from "./debian-pi.ts";

const PIN = 21;
const TOKEN = "a-token-that-nobody-may-see";
/** The unit's 30 s, and the slow start of an emulated Pi. */
const WATCHDOG_MS = 180_000;

describe("the agent's service on an emulated Pi with Debian", () => {
  const newFolder = temporaryFolders();
  let pi = new DebianPi();
  let image: DebianImage;
  let card: string;
  let hub: OutsideHub;

  beforeAll(async () => {
    buildBundles();
    image = await makeDebianImage();
    hub = new OutsideHub(newFolder());
    await hub.start();
    const words = ["--hub", hub.address, "--id", "lamp", "--pin", String(PIN), "--token", TOKEN];
    card = prepareCard(image, newFolder(), words);
    await pi.powerOn(image, card);
  }, BUILD_MS);
  afterAll(async () => {
    await pi.machine.powerCut();
    await hub.end();
  });

  it(
    "is ready by its own word, without a hand",
    async () => {
      const seconds = await pi.ready();
      say(`the agent is ready ${seconds.toFixed(1)} s after the kernel started`);
      expect(await pi.property("Type")).toBe("notify");
      expect(await pi.property("NRestarts")).toBe("0");
      expect(await pi.property("StatusText")).toMatch(/pwm_gpio|kernel|GPIO/i);
      await hub.online();
    },
    BOOT_MS,
  );

  it(
    "runs without any right of root, as a user of its own",
    async () => {
      for (const id of (await pi.processLine("Uid")).split(/\s+/)) expect(Number(id)).toBeGreaterThanOrEqual(61_184);
      expect(await pi.processLine("CapEff")).toBe("0000000000000000");
      expect(await pi.processLine("NoNewPrivs")).toBe("1");
      expect(await pi.processLine("Seccomp")).toBe("2");
    },
    BOOT_MS,
  );

  it(
    "has its token from systemd, out of sight of everybody else",
    async () => {
      const pid = await pi.property("MainPID");
      expect(await pi.machine.run(`cat /run/credentials/pharos-agent.service/token`)).toBe(TOKEN);
      const visible = `cat /proc/${pid}/cmdline /proc/${pid}/environ /etc/pharos/agent.json; systemctl cat pharos-agent`;
      expect(await pi.machine.run(visible)).not.toContain(TOKEN);
      expect(await pi.machine.run("stat -c %a%U /etc/pharos/agent.token")).toBe("600root");
    },
    BOOT_MS,
  );

  it(
    "gives the light that the hub is asked for",
    async () => {
      expect(await hub.put("brightness", lightness(0.5))).toBe(200);
      await expectPower(pi.machine, PIN, 0.5);
    },
    BOOT_MS,
  );

  it(
    "is found in order by its own doctor and its own status",
    async () => {
      for (const word of ["status", "doctor"]) {
        const { status, output } = await pi.machine.tryRun(`/usr/lib/pharos-agent/pharos agent ${word}`, BOOT_MS);
        expect(`${word} ${status}: ${output}`).toMatch(new RegExp(`^${word} 0: `));
      }
    },
    BOOT_MS,
  );

  it(
    "is started again by the watchdog when it hangs, and its light stays",
    async () => {
      const start = performance.now();
      await pi.machine.run(`kill -STOP ${await pi.property("MainPID")}`);
      const restarted = eventually(async () => (await pi.property("NRestarts")) === "1", WATCHDOG_MS);
      await pi.machine.watch(PIN, restarted);
      expect(await pi.machine.run("journalctl -u pharos-agent --no-pager -o cat")).toMatch(/Watchdog timeout/);
      await pi.ready();
      await hub.online();
      say(`a hung agent is back after ${((performance.now() - start) / 1000).toFixed(1)} s`);
      await expectPower(pi.machine, PIN, 0.5);
      expect(Math.round(Number(await hub.reported("brightness")))).toBe(Math.round(lightness(0.5)));
    },
    2 * WATCHDOG_MS,
  );

  it(
    "leaves the light as it is when it is stopped, and takes it as it is when it starts",
    async () => {
      await pi.systemctl("stop");
      expect(await pi.property("Result")).toBe("success");
      await expectPower(pi.machine, PIN, 0.5);
      await pi.systemctl("start");
      await hub.online();
      await expectPower(pi.machine, PIN, 0.5);
    },
    BOOT_MS,
  );

  it(
    "has the light where it was last asked to be after a power cut, without any hub",
    async () => {
      expect(await hub.put("brightness", lightness(0.9))).toBe(200);
      await expectPower(pi.machine, PIN, 0.9);
      // The agent writes at most every two seconds, for the sake of the SD card.
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      await pi.machine.powerCut();
      await hub.end();
      pi = new DebianPi();
      await pi.powerOn(image, card);
      expect(await pi.machine.partHigh(PIN, 50)).toBeLessThan(0.95);
      await pi.ready();
      await expectPower(pi.machine, PIN, 0.9);
    },
    2 * BOOT_MS,
  );

  it(
    "is gone without a trace when it is uninstalled",
    async () => {
      const said = await pi.machine.run("/usr/lib/pharos-agent/pharos agent uninstall", BOOT_MS);
      expect(said).not.toMatch(/could not/i);
      const left = "find / -xdev -name '*pharos*' -not -path '/sys/*' -not -path '/proc/*' -not -path '/var/log/*'";
      expect(await pi.machine.run(left, BOOT_MS)).toBe("");
      expect((await pi.machine.tryRun("systemctl status pharos-agent")).status).toBe(4);
    },
    BOOT_MS,
  );
});
