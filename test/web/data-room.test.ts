/** The data room in Chromium at the real hub: start and stop, plots as they come, recordings with what can be done with them. */
import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import type { RecordingView } from "#protocol/recordings.ts";
import { launchBrowser, type TestBrowser } from "../support/browser.ts";
import { builtPage } from "../support/built-page.ts";
import type { DeviceClient } from "../support/device-client.ts";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";
import { axeFindings } from "../support/page-suite.ts";
import { PLAIN } from "../support/rest-bench.ts";

const SENSOR = {
  name: "Bench sensor",
  properties: {
    accel: {
      type: "object",
      unit: "m/s2",
      readOnly: true,
      properties: { x: { type: "number" }, y: { type: "number" }, z: { type: "number" } },
    },
    light: { type: "number", unit: "lux", readOnly: true },
    level: { type: "number", minimum: 0, maximum: 100 },
  },
};
/** A colour counts as drawn when so many points of the canvas are nearly of it. */
const DRAWN_POINTS = 20;

/** Counts points of a plot that are nearly of the colour of a line. */
const COUNT_DRAWN = `(key, line) => {
  const figure = document.querySelector('[data-plot="' + key + '"]');
  const canvas = figure.querySelector("canvas");
  const swatch = getComputedStyle(figure.querySelectorAll(".swatch")[line]).borderTopColor;
  const [r, g, b] = swatch.match(/[0-9]+/g).map(Number);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    const far = (data[i] - r) ** 2 + (data[i + 1] - g) ** 2 + (data[i + 2] - b) ** 2;
    if (data[i + 3] > 100 && far < 1500) count += 1;
  }
  return count;
}`;

describe("the data room", () => {
  let browser: TestBrowser;
  let hub: TestHub;
  let sensor: DeviceClient;
  let pages: Page[] = [];

  beforeAll(async () => {
    await builtPage();
    browser = await launchBrowser();
  }, 60_000);
  beforeEach(async () => {
    hub = await startHub(["--open"]);
    sensor = await PLAIN.connect(hub, "sensor");
    await sensor.ask("hello", SENSOR);
  });
  afterEach(async () => {
    for (const page of pages) await page.context().close();
    pages = [];
    sensor.close();
    await hub.close();
    expect(browser.faults.splice(0)).toEqual([]);
  });
  afterAll(() => browser.close());

  async function open(path = "/data", options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.open(hub.url + path, options);
    pages.push(page);
    await page.getByRole("region", { name: "Recording", exact: true }).waitFor();
    return page;
  }

  const plot = (page: Page, key: string): Locator => page.locator(`[data-plot="${key}"]`);
  /** What the legend says: `x 1 m/s²`. */
  const legend = async (page: Page, key: string): Promise<readonly string[]> =>
    (await plot(page, key).locator(".legend li").allTextContents()).map((text) => text.trim());

  /** How many points of a plot are drawn in the colour of a line. */
  const drawn = async (page: Page, key: string, line: number): Promise<number> =>
    Number(await page.evaluate(`(${COUNT_DRAWN})(${JSON.stringify(key)}, ${line})`));

  async function recordings(): Promise<readonly RecordingView[]> {
    return (await (await fetch(`${hub.url}/api/recordings`)).json()) as RecordingView[];
  }

  /** Something that was recorded: two seconds of light, device times, a marker in the middle. */
  async function recorded(name: string): Promise<RecordingView> {
    const post = async (path: string, body: object): Promise<RecordingView> =>
      (await (
        await fetch(`${hub.url}/api/${path}`, { method: "POST", body: JSON.stringify(body) })
      ).json()) as RecordingView;
    const { id } = await post("acquisition/start", { name });
    for (let i = 0; i < 40; i++) {
      await sensor.ask("report", { light: i });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await post(`recordings/${id}/markers`, { text: "lid opened" });
    await post("acquisition/stop", {});
    return (await recordings()).find((one) => one.id === id) as RecordingView;
  }

  it("starts and stops for everyone at once, and every page follows", async () => {
    const [one, two] = [await open(), await open("/dashboard")];
    await one.getByLabel("Name").fill("Drop test");
    await one.getByRole("button", { name: "Start", exact: true }).click();
    await one.getByRole("button", { name: "Stop" }).waitFor();
    await two.getByRole("button", { name: "Stop" }).waitFor();
    expect(await sensor.next("acquire")).toEqual({ running: true });
    await two.getByText("Drop test").first().waitFor();
    await two.getByRole("link", { name: /^Recording “Drop test” for 0:0/ }).waitFor();
    await sensor.ask("report", { light: 1, accel: { x: 1, y: 2, z: 3 } });
    await two.getByText("4 samples").first().waitFor();
    await two.getByRole("button", { name: "Stop" }).click();
    await one.getByRole("button", { name: "Start", exact: true }).waitFor();
    expect(await recordings()).toMatchObject([{ name: "Drop test", by: "page", stoppedAt: expect.any(Number) }]);
  });

  it("records only the devices that were chosen, and asks them for the interval", async () => {
    const other = await PLAIN.connect(hub, "other");
    await other.ask("hello", {});
    const page = await open();
    await page.locator("summary", { hasText: "What is sampled" }).click();
    await page.getByLabel("Only these").check();
    expect(await page.getByRole("button", { name: "Start", exact: true }).isDisabled()).toBe(true);
    await page.getByRole("checkbox", { name: "Bench sensor" }).check();
    await page.getByLabel("Ask them to sample every").fill("50");
    await page.getByRole("button", { name: "Start", exact: true }).click();
    expect(await sensor.next("acquire")).toEqual({ running: true, intervalMs: 50 });
    await page.getByText("of Bench sensor").waitFor();
    await page.getByText("every 50 ms").waitFor();
    expect(other.heard.some(([event]) => event === "acquire")).toBe(false);
    other.close();
  });

  it("plots what sensors measure: the last minute at once, then what comes, several fields in one plot", async () => {
    const now = Date.now();
    const past = Array.from({ length: 200 }, (_, i) => [
      now - 50_000 + i * 100,
      { accel: { x: Math.sin(i / 10), y: Math.cos(i / 10), z: 9.81 } },
    ]);
    await sensor.ask("reports", past);
    const page = await open();
    await plot(page, "sensor:accel").waitFor();
    await eventually(async () => (await drawn(page, "sensor:accel", 0)) > DRAWN_POINTS);
    expect(await drawn(page, "sensor:accel", 1)).toBeGreaterThan(DRAWN_POINTS);
    expect(await legend(page, "sensor:accel")).toEqual(
      ["x0.83 m/s²", "y0.558 m/s²", "z9.81 m/s²"].map(() => expect.any(String)),
    );
    await sensor.ask("report", { accel: { x: 1.5, y: -2, z: 9.8 }, light: 120 });
    await eventually(async () => (await legend(page, "sensor:accel")).join() === "x1.5 m/s²,y−2 m/s²,z9.8 m/s²");
    expect(await legend(page, "sensor:light")).toEqual(["Light120 lx"]);
    expect(await page.locator(".plot").count()).toBe(2);
  });

  it("hides a line by its name, and shows the values under the cursor in all plots", async () => {
    const now = Date.now();
    await sensor.ask(
      "reports",
      [...Array(100).keys()].map((i) => [now - 50_000 + i * 500, { accel: { x: 5 }, light: 7 }]),
    );
    const page = await open();
    await eventually(async () => (await drawn(page, "sensor:accel", 0)) > DRAWN_POINTS);
    await sensor.ask("report", { accel: { x: 1 }, light: 2 });
    await eventually(async () => (await legend(page, "sensor:light")).join() === "Light2 lx");
    await plot(page, "sensor:accel").locator(".u-over").hover();
    await eventually(async () => (await legend(page, "sensor:light")).join() === "Light7 lx");
    expect((await legend(page, "sensor:accel"))[0]).toBe("x5 m/s²");
    await page.mouse.move(0, 0);
    await eventually(async () => (await legend(page, "sensor:light")).join() === "Light2 lx");
    await plot(page, "sensor:accel").getByRole("button", { name: "x", exact: true }).click();
    await eventually(async () => (await drawn(page, "sensor:accel", 0)) < DRAWN_POINTS);
  });

  it("pauses, zooms into what is drawn over, goes back, and is live again", async () => {
    const now = Date.now();
    await sensor.ask(
      "reports",
      [...Array(100).keys()].map((i) => [now - 50_000 + i * 500, { light: i }]),
    );
    const page = await open();
    await eventually(async () => (await drawn(page, "sensor:light", 0)) > DRAWN_POINTS);
    const area = await plot(page, "sensor:light").locator(".u-over").boundingBox();
    if (area === null) throw new Error("the plot has no area");
    const y = area.y + area.height / 2;
    await page.mouse.move(area.x + area.width * 0.4, y);
    await page.mouse.down();
    await page.mouse.move(area.x + area.width * 0.5, y, { steps: 4 });
    await page.mouse.up();
    await page.getByRole("button", { name: "Live" }).waitFor();
    const stretch = (await page.locator(".stretch").textContent()) ?? "";
    const seconds = [...stretch.matchAll(/:(\d\d\.\d)/g)].map(([, s]) => Number(s));
    expect(((seconds[1] ?? 0) - (seconds[0] ?? 0) + 60) % 60).toBeCloseTo(6, 0);
    await eventually(async () => (await drawn(page, "sensor:light", 0)) > DRAWN_POINTS);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Live" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.getByLabel("How much is shown").selectOption("1 hour");
    await eventually(async () => (await drawn(page, "sensor:light", 0)) > 3);
  });

  it("shows the plots that are chosen, in an address for others, and Back undoes it", async () => {
    const page = await open();
    await page.getByText("Choose plots").click();
    await page.getByRole("checkbox", { name: "Level" }).check();
    await page.getByRole("checkbox", { name: "Accel" }).uncheck();
    await plot(page, "sensor:level").waitFor();
    expect(new URL(page.url()).search).toBe("?show=sensor%3Alight,sensor%3Alevel");
    expect(await page.locator(".plot").count()).toBe(2);
    const other = await open(`/data${new URL(page.url()).search}`);
    await plot(other, "sensor:level").waitFor();
    await page.goBack();
    await plot(page, "sensor:accel").waitFor();
    await page.getByRole("button", { name: "As usual" }).click();
    await eventually(async () => (await page.locator(".plot").count()) === 2 && new URL(page.url()).search === "");
  });

  it("marks the moment at which M was pressed", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.getByRole("button", { name: "Stop" }).waitFor();
    const pressed = Date.now();
    await page.keyboard.press("m");
    await page.keyboard.type("door opened", { delay: 40 });
    await page.keyboard.press("Enter");
    await page.getByText("Marked: door opened").waitFor();
    const [marker] = (await recordings())[0]?.markers ?? [];
    expect(marker).toMatchObject({ text: "door opened", by: "page" });
    expect(Math.abs((marker?.at ?? 0) - pressed)).toBeLessThan(300);
  });

  it("lists recordings: renames, notes, removes a marker, deletes and brings back", async () => {
    await recorded("First");
    const page = await open();
    const row = page.locator(".recording");
    await row.getByText("40 samples").waitFor();
    await row.getByRole("button", { name: "Rename First" }).click();
    await page.keyboard.type("Second");
    await page.keyboard.press("Enter");
    await row.getByRole("heading", { name: "Second" }).waitFor();
    await row.getByText("Notes and markers").click();
    await row.getByRole("textbox", { name: "Notes" }).fill("with the lid");
    await row.getByRole("button", { name: "Save" }).click();
    await row.getByText("Saved.").waitFor();
    await row.getByRole("button", { name: "Remove the marker lid opened" }).click();
    await row.getByText("No markers.").waitFor();
    expect(await recordings()).toMatchObject([{ name: "Second", notes: "with the lid", markers: [] }]);
    await row.getByRole("button", { name: "Delete Second" }).click();
    await page.getByText("“Second” was deleted.").waitFor();
    expect(await recordings()).toEqual([]);
    await page.getByText("Recently deleted (1)").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await row.getByRole("heading", { name: "Second" }).waitFor();
    expect(await recordings()).toMatchObject([{ name: "Second" }]);
  });

  it("downloads a recording as a table and as lines", async () => {
    await recorded("Drop test");
    const page = await open();
    for (const [format, first] of [
      ["CSV", /^hub_time_utc,.*,light,marker\r\n/],
      ["NDJSON", /^\{"time":.*"values":\{"light":0\}\}\n/],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: `Download Drop test as ${format}` }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`Drop test.${format.toLowerCase()}`);
      expect(await readFile(await download.path(), "utf8")).toMatch(first);
    }
  });

  it("shows a recording whole, also of a device that is gone, and says that it is one", async () => {
    await recorded("Gone");
    await fetch(`${hub.url}/api/devices/sensor`, { method: "DELETE" });
    const page = await open();
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await page.getByText("Recording “Gone”").waitFor();
    await eventually(async () => (await drawn(page, "sensor:light", 0)) > DRAWN_POINTS);
    await page.getByRole("button", { name: "Live" }).click();
    await page.getByText("Nothing measured yet").waitFor();
  });

  it("replays a recording, as fast as wished, and leads back to live", async () => {
    const { lengthMs } = await recorded("Drop test");
    const page = await open();
    await page.getByRole("button", { name: "Replay" }).click();
    await page.getByText("What you see was recorded.").waitFor();
    const position = page.getByLabel("Position");
    const start = Number(await position.inputValue());
    await page.getByRole("button", { name: "Play", exact: true }).click();
    const begin = performance.now();
    await eventually(async () => (await legend(page, "sensor:light")).join() === "Light39 lx");
    expect(performance.now() - begin).toBeGreaterThan(lengthMs * 0.6);
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    expect(Number(await position.inputValue()) - start).toBeGreaterThan(lengthMs * 0.9);
    await page.getByLabel("Speed").selectOption("100×");
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    await eventually(async () => (await drawn(page, "sensor:light", 0)) > DRAWN_POINTS);
    await page.getByRole("button", { name: "Back to live" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    expect(await page.getByText("What you see was recorded.").count()).toBe(0);
  });

  it("is right again by itself after the hub was away, and shows where nothing was measured", async () => {
    const page = await open();
    await sensor.ask("report", { light: 1 });
    await eventually(async () => (await legend(page, "sensor:light")).join() === "Light1 lx");
    await hub.close();
    await page.getByText(/Reconnecting/).waitFor();
    expect(await page.getByRole("button", { name: "Start", exact: true }).isDisabled()).toBe(true);
    hub = await startHub(["--open", "--port", `${hub.port}`]);
    sensor = await PLAIN.connect(hub, "sensor");
    await sensor.ask("hello", SENSOR);
    await page.getByText("Connected", { exact: true }).waitFor({ timeout: 10_000 });
    await eventually(async () => {
      await sensor.ask("report", { light: 2 });
      return (await legend(page, "sensor:light")).join() === "Light2 lx";
    });
  });

  it("says so when a device's clock is wrong", async () => {
    const page = await open();
    await plot(page, "sensor:light").waitFor();
    await eventually(async () => {
      sensor.send("report", { light: 3 }, Date.now() - 3_600_000);
      return (await page.getByText("The clock of Bench sensor is off by 60 min").count()) === 1;
    });
  });

  it("teaches where there is nothing to plot", async () => {
    await fetch(`${hub.url}/api/devices/sensor`, { method: "DELETE" });
    const page = await open();
    await page.getByText("Nothing measured yet").waitFor();
    await page.getByText(`npx pharos simulate accelerometer --hub http://localhost:${hub.port}`).waitFor();
    await page.getByText("No recording yet.").waitFor();
  });

  it("offends no rule of accessibility, on a phone as on a projector, light and dark", async () => {
    await recorded("Drop test");
    for (const options of [
      { viewport: { width: 360, height: 780 }, colorScheme: "dark" },
      { viewport: { width: 1600, height: 1000 }, colorScheme: "light" },
    ] as const) {
      const page = await open("/data", options);
      await plot(page, "sensor:light").waitFor();
      await page.getByText("Choose plots").click();
      await page.getByText("Notes and markers").click();
      await page.getByRole("button", { name: "Replay" }).click();
      await page.getByText("What you see was recorded.").waitFor();
      await page.waitForTimeout(300);
      expect(await axeFindings(page)).toEqual([]);
      const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(wide).toBeLessThanOrEqual(0);
    }
  });
});
