import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Page } from "playwright-core";
import { launchBrowser, type TestBrowser } from "../support/browser.ts";
import { builtPage } from "../support/built-page.ts";
import { type DeviceClient, DOORS } from "../support/device-client.ts";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";
import { BRIGHTNESS, pointAt, thumb } from "../support/page-suite.ts";

describe("page with the real hub", () => {
  let browser: TestBrowser;
  let hub: TestHub;
  let device: DeviceClient;
  const sets: unknown[] = [];

  beforeAll(async () => {
    await builtPage();
    browser = await launchBrowser();
  }, 60_000);
  beforeEach(async () => {
    sets.length = 0;
    hub = await startHub(["--open"]);
    const door = DOORS.find(({ name }) => name === "plain WebSocket");
    if (door === undefined) throw new Error("there is no plain door");
    device = await door.connect(hub.url, "lamp");
    device.on("set", (values) => {
      sets.push(values);
      return values;
    });
    device.send("hello", { name: "Desk lamp", properties: { brightness: BRIGHTNESS }, state: { brightness: 20 } });
  });
  afterEach(async () => {
    device.close();
    await hub.close();
    expect(browser.faults.splice(0)).toEqual([]);
  });
  afterAll(() => browser.close());

  async function open(): Promise<Page> {
    const page = await browser.open(hub.url);
    await page.getByRole("slider", { name: "Brightness" }).waitFor();
    return page;
  }

  const look = (page: Page) => page.locator(".slider").getAttribute("data-look");

  it("drives the device by dragging, ends at the last value, and two pages agree", async () => {
    const [one, two] = [await open(), await open()];
    const slider = one.getByRole("slider");
    await eventually(async () => (await thumb(slider)) === 20);
    const points = await Promise.all([0.2, 0, 1, 0.37].map((fraction) => pointAt(slider, fraction)));
    for (const [i, { x, y }] of points.entries()) {
      await one.mouse.move(x, y, { steps: 8 });
      if (i === 0) await one.mouse.down();
    }
    await two.getByText("In another hand").waitFor();
    await one.mouse.up();
    await eventually(() => JSON.stringify(sets.at(-1)) === '{"brightness":37}');
    for (const page of [one, two]) {
      await eventually(async () => (await look(page)) === "applied" && (await thumb(page.getByRole("slider"))) === 37);
    }
    await eventually(async () => (await two.getByText("In another hand").count()) === 0);
    for (const page of [one, two]) await page.context().close();
  });

  it("shows the device go, and takes a wish for its return", async () => {
    const page = await open();
    device.close();
    await page.getByText("Offline").waitFor();
    await page.getByRole("slider").focus();
    await page.keyboard.press("End");
    await page.getByText("will be set when it returns").waitFor();
    await page.context().close();
  });

  it("opens the messages room by its address and hears what it sends itself", async () => {
    const page = await browser.open(`${hub.url}/messages`);
    await page.getByLabel("Message", { exact: true }).last().fill("hello");
    await page.keyboard.press("Enter");
    await page.locator(".said code", { hasText: "hello" }).waitFor();
    await page.context().close();
  });
});
