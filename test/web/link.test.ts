import { describe, expect, it } from "@jest/globals";
import { eventually } from "../support/eventually.ts";
import { BRIGHTNESS, card, pageSuite, pointAt, thumb } from "../support/page-suite.ts";

describe("page without its hub", () => {
  const suite = pageSuite();

  async function setUp() {
    suite.hub.device("lamp", { name: "Desk lamp", properties: { brightness: BRIGHTNESS } });
    suite.hub.report("lamp", { brightness: 20 });
    const page = await suite.open();
    await page.getByText("Connected", { exact: true }).waitFor();
    const slider = page.getByRole("slider");
    return { page, slider, lamp: card(page, "lamp") };
  }

  it("greys with its age, says so at each control, and is right within a second of the hub's return", async () => {
    const { page, slider, lamp } = await setUp();
    await page.evaluate("globalThis.sameDocument = true");
    await suite.hub.stop();
    await page.getByText(/Reconnecting… as of \d+ s ago/).waitFor();
    await lamp.getByText("Was online").waitFor();
    await lamp.getByText("No link to the hub").waitFor();
    await slider.focus();
    await page.keyboard.press("End");
    expect(await thumb(slider)).toBe(20);
    suite.hub.device("lamp", { name: "Desk lamp", properties: { brightness: BRIGHTNESS } });
    suite.hub.report("lamp", { brightness: 64 });
    await suite.hub.start();
    await eventually(() => suite.hub.pages() === 1);
    await eventually(async () => (await thumb(slider)) === 64, 1000);
    await page.getByText("Connected", { exact: true }).waitFor();
    expect(await page.evaluate("globalThis.sameDocument")).toBe(true);
  });

  it("comes back in a second or so, by itself", async () => {
    const { page } = await setUp();
    await suite.hub.stop();
    await page.getByText(/Reconnecting/).waitFor();
    const start = performance.now();
    await suite.hub.start();
    await page.getByText("Connected", { exact: true }).waitFor();
    expect(performance.now() - start).toBeLessThan(2500);
  });

  it("sends the last value of a hand that held on through the gap", async () => {
    const { page, slider } = await setUp();
    const from = await pointAt(slider, 0.2);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    const middle = await pointAt(slider, 0.5);
    await page.mouse.move(middle.x, middle.y);
    await eventually(() => suite.hub.heard.some((one) => one.event === "set"));
    await suite.hub.stop();
    await page.getByText(/Reconnecting/).waitFor();
    const to = await pointAt(slider, 0.8);
    await page.mouse.move(to.x, to.y);
    expect(await thumb(slider)).toBe(80);
    await suite.hub.start();
    await eventually(() => suite.hub.heard.some((one) => one.event === "set" && one.data.value === 80));
    const again = suite.hub.heard.filter((one) => one.event === "hold" && one.data.held);
    expect(again).toHaveLength(2);
    await page.mouse.up();
    await eventually(async () => (await page.locator(".slider").getAttribute("data-look")) === "applied");
    expect(await thumb(slider)).toBe(80);
  });

  it("asks the hub at once after a sleep, and leaves a connection that died without a word", async () => {
    const { page } = await setUp();
    suite.hub.alive = false;
    const before = performance.now();
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await eventually(() => suite.hub.connections === 2 && suite.hub.pages() === 1);
    await page.getByText("Connected", { exact: true }).waitFor();
    expect(performance.now() - before).toBeLessThan(2500);
  });

  it("is right within a second of waking when it was frozen while the hub restarted", async () => {
    const { page } = await setUp();
    await page.getByRole("link", { name: "Desk lamp" }).click();
    await page.getByRole("heading", { level: 1, name: "Desk lamp" }).waitFor();
    const phone = await page.context().newCDPSession(page);
    await phone.send("Debugger.enable");
    const asleep = new Promise((resolve) => phone.once("Debugger.paused", resolve));
    await phone.send("Debugger.pause");
    await asleep;
    await suite.hub.stop();
    suite.hub.device("lamp", { name: "Window", properties: { brightness: BRIGHTNESS } });
    suite.hub.report("lamp", { brightness: 64 });
    suite.hub.detail("lamp", { log: [{ at: Date.now(), presence: "offline", reason: "shutdown" }] });
    await suite.hub.start();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(suite.hub.pages()).toBe(0);
    const woke = performance.now();
    await phone.send("Debugger.disable");
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await page.getByRole("heading", { level: 1, name: "Window" }).waitFor();
    await page.getByText("hub was restarting").waitFor();
    expect(await thumb(page.getByRole("slider"))).toBe(64);
    expect(performance.now() - woke).toBeLessThan(1000);
  });

  it("keeps a connection that answers after a sleep", async () => {
    const { page } = await setUp();
    await page.evaluate("window.dispatchEvent(new Event('online'))");
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect(suite.hub.connections).toBe(1);
  });
});
