import { describe, expect, it } from "@jest/globals";
import type { Locator, Page } from "playwright-core";
import type { Link } from "#protocol/views.ts";
import { MAX_UNANSWERED } from "../../web/model/sender.ts";
import { eventually } from "../support/eventually.ts";
import { BRIGHTNESS, card, pageSuite, pointAt, thumb } from "../support/page-suite.ts";

describe("slider", () => {
  const suite = pageSuite();

  async function setUp(link: Partial<Link> = {}): Promise<{ page: Page; slider: Locator; note: Locator }> {
    suite.hub.device("lamp", { properties: { brightness: BRIGHTNESS } }, link);
    suite.hub.report("lamp", { brightness: 20 });
    if ("presence" in link) suite.hub.link("lamp", link);
    const page = await suite.open();
    const slider = card(page, "lamp").getByRole("slider", { name: "Brightness" });
    await slider.waitFor();
    return { page, slider, note: card(page, "lamp").locator(".note") };
  }

  async function drag(page: Page, slider: Locator, ...fractions: number[]): Promise<void> {
    const start = await pointAt(slider, (await thumb(slider)) / 100);
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    for (const fraction of fractions) {
      const { x, y } = await pointAt(slider, fraction);
      await page.mouse.move(x, y, { steps: 5 });
    }
  }

  const sets = (): unknown[] => suite.hub.heard.flatMap((one) => (one.event === "set" ? [one.data.value] : []));
  const holds = (): boolean[] => suite.hub.heard.flatMap((one) => (one.event === "hold" ? [one.data.held] : []));
  const look = (slider: Locator) => slider.locator("xpath=../..").getAttribute("data-look");

  it("goes by keyboard: arrows a step, page keys ten, home and end to the ends", async () => {
    const { page, slider } = await setUp();
    await slider.focus();
    const seen: number[] = [];
    for (const key of ["ArrowRight", "ArrowUp", "ArrowLeft", "PageUp", "PageDown", "End", "Home"]) {
      await page.keyboard.press(key);
      seen.push(await thumb(slider));
    }
    expect(seen).toEqual([21, 22, 21, 31, 21, 100, 0]);
    await eventually(() => sets().at(-1) === 0);
  });

  it("sends the last value of a drag, never too many unanswered, and tells when a hand comes and goes", async () => {
    const { page, slider } = await setUp();
    suite.hub.ackAfterMs = 600;
    await drag(page, slider, 0, 1, 0.37);
    await page.mouse.up();
    await eventually(() => sets().at(-1) === 37);
    expect(suite.hub.mostUnanswered).toBeLessThanOrEqual(MAX_UNANSWERED);
    expect(sets().length).toBeLessThan(15);
    await eventually(() => holds().join() === "true,false");
    await eventually(async () => (await look(slider)) === "applied");
    expect(await thumb(slider)).toBe(37);
  });

  it("stands still under the hand while the device and other hands say otherwise", async () => {
    const { page, slider } = await setUp();
    await drag(page, slider, 0.5);
    const seen = new Set<number>();
    for (let value = 60; value < 80; value++) {
      suite.hub.state("lamp", "brightness", {
        desired: { value, by: "rest", at: Date.now(), status: "applied" },
        reported: { value, at: Date.now() },
      });
      seen.add(await thumb(slider));
    }
    await eventually(async () => (await page.locator(".mark").getAttribute("data-applied")) === "79");
    seen.add(await thumb(slider));
    expect([...seen]).toEqual([50]);
    await page.mouse.up();
    await eventually(async () => (await thumb(slider)) === 79);
  });

  it("does not jump back between release and the hub's word", async () => {
    const { page, slider } = await setUp();
    suite.hub.ackAfterMs = 150;
    await slider.evaluate((input) => {
      const log: string[] = [];
      Object.assign(globalThis, { seen: log });
      setInterval(() => log.push((input as unknown as { value: string }).value), 4);
    });
    await drag(page, slider, 0.9);
    await page.mouse.up();
    await eventually(async () => (await look(slider)) === "applied" && sets().at(-1) === 90);
    const values = ((await page.evaluate("seen")) as string[]).map(Number);
    expect(values.every((value, i) => i === 0 || value >= (values[i - 1] ?? 0))).toBe(true);
    expect(values.at(-1)).toBe(90);
  });

  it("takes no word that left the hub before its answer for the word about the value", async () => {
    const { page, slider } = await setUp();
    suite.hub.staleForMs = 100;
    await slider.evaluate((input) => {
      const log: string[] = [];
      Object.assign(globalThis, { seen: log });
      setInterval(() => log.push((input as unknown as { value: string }).value), 4);
    });
    await drag(page, slider, 0.9);
    await page.mouse.up();
    await eventually(async () => (await look(slider)) === "applied" && (await thumb(slider)) === 90);
    const values = ((await page.evaluate("seen")) as string[]).map(Number);
    expect(values.every((value, i) => i === 0 || value >= (values[i - 1] ?? 0))).toBe(true);
  });

  it("shows apart what was asked and what the device has applied", async () => {
    const { page, slider, note } = await setUp();
    suite.hub.behaviour.set("lamp", "never");
    await slider.focus();
    await page.keyboard.press("End");
    await eventually(async () => (await note.textContent())?.includes("asked, not yet applied") ?? false);
    expect(await look(slider)).toBe("requested");
    expect(await page.locator(".mark").getAttribute("data-applied")).toBe("20");
    expect(await slider.getAttribute("aria-valuetext")).toBe("100 %, device has 20 %");
    suite.hub.state("lamp", "brightness", {
      reported: { value: 100, at: Date.now() },
      desired: { value: 100, by: "page", at: Date.now(), status: "applied" },
    });
    await eventually(async () => (await page.locator(".mark").getAttribute("data-applied")) === "100");
    await eventually(async () => (await look(slider)) === "applied");
  });

  it("shows the sentence of a failed wish, in a look of its own", async () => {
    const { page, slider, note } = await setUp();
    suite.hub.behaviour.set("lamp", { afterMs: 0, error: "The lamp is broken." });
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await eventually(async () => (await look(slider)) === "failed");
    expect(await note.textContent()).toContain("Not set: The lamp is broken.");
    expect(await page.locator(".mark").getAttribute("data-applied")).toBe("20");
  });

  it("takes a wish for a device that is offline, and says when it will be set", async () => {
    const { page, slider, note } = await setUp({ presence: "offline" });
    await slider.focus();
    await page.keyboard.press("PageUp");
    await eventually(() => sets().at(-1) === 30);
    await eventually(async () => (await look(slider)) === "waiting");
    expect(await note.textContent()).toContain("will be set when it returns");
    expect(await thumb(slider)).toBe(30);
  });

  it("shows another hand on the control, and not one's own", async () => {
    const { page, slider, note } = await setUp();
    await drag(page, slider, 0.5);
    await eventually(() => holds().length === 1);
    suite.hub.report("lamp", { brightness: 50 });
    await eventually(async () => (await page.locator(".mark").getAttribute("data-applied")) === "50");
    expect(await note.textContent()).not.toContain("In another hand");
    await page.mouse.up();
    suite.hub.state("lamp", "brightness", { heldBy: "another page" });
    await eventually(async () => (await note.textContent())?.includes("In another hand") ?? false);
  });

  it("turns with the wheel only while it has the focus", async () => {
    const { page, slider } = await setUp();
    await slider.hover();
    await page.mouse.wheel(0, -100);
    await slider.focus();
    await page.mouse.wheel(0, -100);
    await eventually(() => sets().length > 0);
    expect(sets()).toEqual([21]);
  });

  it("follows a finger", async () => {
    suite.hub.device("lamp", { properties: { brightness: BRIGHTNESS } });
    suite.hub.report("lamp", { brightness: 20 });
    const page = await suite.open("/", { hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } });
    const slider = page.getByRole("slider");
    await slider.waitFor();
    const touch = await page.context().newCDPSession(page);
    const points = await Promise.all([0.2, 0.4, 0.6, 0.8].map((fraction) => pointAt(slider, fraction)));
    for (const [i, point] of points.entries()) {
      const type = i === 0 ? "touchStart" : "touchMove";
      await touch.send("Input.dispatchTouchEvent", { type, touchPoints: [point] });
    }
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await eventually(() => sets().at(-1) === 80);
    await eventually(() => holds().at(-1) === false);
  });
});
