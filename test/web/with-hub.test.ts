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
  });
  beforeEach(async () => {
    sets.length = 0;
    hub = await startHub(["--open"]);
    const door = DOORS.find(({ name }) => name === "plain WebSocket");
    if (door === undefined) throw new Error("there is no plain door");
    device = await door.connect(hub, "lamp");
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

  it("names a device, puts it in a room, and lists both with who asked", async () => {
    const page = await browser.open(`${hub.url}/device/lamp`);
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByRole("textbox", { name: "Name of the device" }).fill("Window");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Window" }).waitFor();
    await page.getByLabel("Add to a room").fill("bench");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Take out of bench" }).waitFor();
    await page.locator(".audit tr", { hasText: "join bench" }).waitFor();
    await page.locator(".audit tr", { hasText: "rename" }).getByText("a page").waitFor();
    await page.locator(".presence-log li", { hasText: "connected" }).first().waitFor();
    await page.context().close();
  });

  it("keeps an action for a device that is away until it is taken back, and forgets a device", async () => {
    const page = await browser.open(`${hub.url}/device/lamp`);
    await page.getByRole("heading", { level: 1, name: "Desk lamp" }).waitFor();
    device.close();
    await page.getByText("Offline: it will be done when it returns").first().waitFor();
    await page.getByRole("button", { name: "Identify" }).click();
    await page.getByRole("button", { name: "Cancel Identify" }).click();
    await eventually(async () => (await page.getByRole("button", { name: "Cancel Identify" }).count()) === 0);
    await page.locator(".audit tr", { hasText: "cancelled" }).waitFor();
    await page.clock.install();
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await page.clock.runFor(8100);
    await eventually(async () => {
      await page.clock.runFor(50);
      return new URL(page.url()).pathname === "/";
    });
    await page.getByText("No device yet").waitFor();
    await page.context().close();
  });

  it("sets a room as one", async () => {
    device.send("hello", { name: "Desk lamp", rooms: ["bench"], properties: { brightness: BRIGHTNESS } });
    const door = DOORS.find(({ name }) => name === "plain WebSocket");
    const other = await door?.connect(hub, "other");
    const others: unknown[] = [];
    other?.on("set", (values) => {
      others.push(values);
      return values;
    });
    other?.send("hello", { rooms: ["bench"], properties: { brightness: BRIGHTNESS }, state: { brightness: 70 } });
    const page = await browser.open(hub.url);
    const room = page.getByRole("region", { name: "All of bench" });
    await room.getByRole("slider").focus();
    await page.keyboard.press("End");
    await room.getByText("applied by all 2").waitFor();
    for (const seen of [sets, others]) await eventually(() => JSON.stringify(seen.at(-1)) === '{"brightness":100}');
    other?.close();
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
