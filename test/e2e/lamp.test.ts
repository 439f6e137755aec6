/** The main job, with every real part that runs here: Chromium → hub process → agent process → pigpiod's wire. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Locator, Page } from "playwright-core";
import type { DeviceView } from "#protocol/views.ts";
import { stepOfLevel } from "../../pi-agent/brightness.ts";
import { launchBrowser, type TestBrowser } from "../support/browser.ts";
import { eventually } from "../support/eventually.ts";
import { pointAt, thumb } from "../support/page-suite.ts";
import { buildBundles, PharosProcess } from "../support/pharos-process.ts";
import { type PigpiodStandIn, startPigpiodStandIn } from "../support/pigpiod-stand-in.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const PIN = 21;
/** What the agent sets at pigpiod; see `pi-agent/drivers/pigpiod.ts`. */
const RANGE = 250;
const FULL = { minPower: 0, maxPower: 1 };

describe("the lamp on GPIO21", () => {
  const newFolder = temporaryFolders();
  let browser: TestBrowser;
  let daemon: PigpiodStandIn;
  let hub: PharosProcess;
  let agent: PharosProcess;
  let url: string;

  beforeAll(async () => {
    buildBundles();
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    daemon = await startPigpiodStandIn();
    hub = new PharosProcess("hub", "--port", "0", "--host", "127.0.0.1", "--data-dir", newFolder(), "--json-logs");
    url = `http://127.0.0.1:${(await hub.event("listening")).port}`;
    agent = startAgent();
    await agent.event("connected");
  });
  afterEach(async () => {
    const codes = [await agent.end(), await hub.end()];
    await daemon.kill();
    expect(codes).toEqual([0, 0]);
  });
  afterAll(() => browser.close());

  function startAgent(): PharosProcess {
    const pigpiod = ["--driver", "pigpiod", "--pigpiod-host", "127.0.0.1", "--pigpiod-port", String(daemon.port)];
    const rest = ["--id", "lamp", "--transition-ms", "0", "--data-dir", newFolder(), "--json-logs"];
    return new PharosProcess("agent", "--hub", url, ...pigpiod, ...rest);
  }

  async function slider(page: Page): Promise<Locator> {
    const control = page.getByRole("slider", { name: "Brightness" });
    await control.waitFor();
    return control;
  }

  async function view(): Promise<DeviceView> {
    return (await (await fetch(`${url}/api/devices/lamp`)).json()) as DeviceView;
  }

  it("follows a drag 0 → 100 → 37 to exactly the duty of 37, and two pages agree", async () => {
    const [one, two] = [await browser.open(url), await browser.open(url)];
    const [hand, mirror] = [await slider(one), await slider(two)];
    const points = await Promise.all([0, 1, 0.37].map((fraction) => pointAt(hand, fraction)));
    for (const [i, { x, y }] of points.entries()) {
      await one.mouse.move(x, y, { steps: 15 });
      if (i === 0) await one.mouse.down();
    }
    await one.mouse.up();
    await eventually(() => daemon.dutyOf(PIN) === stepOfLevel(37, RANGE, FULL));
    for (const page of [hand, mirror]) await eventually(async () => (await thumb(page)) === 37);
    await eventually(async () => (await view()).reported.brightness === 37);
    expect(await view()).toMatchObject({
      desired: { brightness: 37 },
      state: { brightness: { desired: { status: "applied" } } },
    });
  });

  it("follows the keyboard", async () => {
    const page = await browser.open(url);
    const control = await slider(page);
    await control.focus();
    await page.keyboard.press("End");
    await eventually(() => daemon.dutyOf(PIN) === RANGE);
    await page.keyboard.press("PageDown");
    await page.keyboard.press("ArrowLeft");
    await eventually(() => daemon.dutyOf(PIN) === stepOfLevel(89, RANGE, FULL));
  });

  it("is where it was last asked to be after the agent was killed and came back", async () => {
    await fetch(`${url}/api/devices/lamp/properties/brightness`, { method: "PUT", body: "60" });
    await eventually(() => daemon.dutyOf(PIN) === stepOfLevel(60, RANGE, FULL));
    await agent.end("SIGKILL");
    await eventually(async () => (await view()).presence === "offline");
    expect(daemon.dutyOf(PIN)).toBe(stepOfLevel(60, RANGE, FULL));
    const answer = await fetch(`${url}/api/devices/lamp/properties/brightness`, { method: "PUT", body: "80" });
    expect(answer.status).toBe(202);
    agent = startAgent();
    await eventually(() => daemon.dutyOf(PIN) === stepOfLevel(80, RANGE, FULL), 10_000);
  });
});
