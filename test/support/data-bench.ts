/** What tests of the data room share: a real hub with a sensor, pages in Chromium, and looks at what is drawn on a plot. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "@jest/globals";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import type { RecordingView } from "#protocol/recordings.ts";
import { launchBrowser, type TestBrowser } from "./browser.ts";
import { builtPage } from "./built-page.ts";
import type { DeviceClient } from "./device-client.ts";
import { eventually } from "./eventually.ts";
import { startHub, type TestHub } from "./hub.ts";
import { PLAIN } from "./rest-bench.ts";

export const SENSOR = {
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
export const DRAWN_POINTS = 20;

/** A text on a plot, in px from the left of its canvas. */
export interface DrawnText {
  readonly text: string;
  readonly left: number;
  readonly right: number;
}

/** Counts points of a plot that are nearly of the colour of a line, in a part of its width. */
const COUNT_DRAWN = `(key, line, begin, end) => {
  const figure = document.querySelector('[data-plot="' + key + '"]');
  const canvas = figure.querySelector("canvas");
  const [over, whole] = [figure.querySelector(".u-over").getBoundingClientRect(), canvas.getBoundingClientRect()];
  const scale = canvas.width / whole.width;
  const x = (part) => Math.round((over.left - whole.left + over.width * part) * scale);
  const swatch = getComputedStyle(figure.querySelectorAll(".swatch")[line]).borderTopColor;
  const [r, g, b] = swatch.match(/[0-9]+/g).map(Number);
  const { data } = canvas.getContext("2d").getImageData(x(begin), 0, Math.max(1, x(end) - x(begin)), canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    const far = (data[i] - r) ** 2 + (data[i + 1] - g) ** 2 + (data[i + 2] - b) ** 2;
    if (data[i + 3] > 100 && far < 1500) count += 1;
  }
  return count;
}`;

/** From now on each canvas keeps the texts of its last drawing, and counts its drawings. */
const WATCH_CANVASES = `(() => {
  const { fillText, clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...area) {
    this.canvas.drawings = (this.canvas.drawings ?? 0) + 1;
    this.canvas.texts = [];
    clearRect.apply(this, area);
  };
  CanvasRenderingContext2D.prototype.fillText = function (text, x, ...rest) {
    const width = this.measureText(text).width;
    const left = this.textAlign === "right" ? x - width : this.textAlign === "center" ? x - width / 2 : x;
    this.canvas.texts?.push({ text, left, right: left + width });
    fillText.call(this, text, x, ...rest);
  };
})()`;

/** Call it once, at the top of a `describe`. */
export function dataBench() {
  let browser: TestBrowser;
  let hub: TestHub;
  let sensor: DeviceClient;
  let pages: Page[] = [];

  beforeAll(async () => {
    await builtPage();
    browser = await launchBrowser();
  });
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

  async function recordings(): Promise<readonly RecordingView[]> {
    return (await (await fetch(`${hub.url}/api/recordings`)).json()) as RecordingView[];
  }

  async function post(path: string, body: object): Promise<RecordingView> {
    const response = await fetch(`${hub.url}/api/${path}`, { method: "POST", body: JSON.stringify(body) });
    return (await response.json()) as RecordingView;
  }

  /** Forty samples of light, a marker at their end. */
  async function recorded(name: string): Promise<RecordingView> {
    const { id } = await post("acquisition/start", { name });
    for (let i = 0; i < 40; i++) {
      await sensor.ask("report", { light: i });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await post(`recordings/${id}/markers`, { text: "lid opened" });
    await post("acquisition/stop", {});
    return (await recordings()).find((one) => one.id === id) as RecordingView;
  }

  const plot = (page: Page, key: string): Locator => page.locator(`[data-plot="${key}"]`);

  return {
    open,
    recordings,
    recorded,
    post,
    plot,
    hub: (): TestHub => hub,
    sensor: (): DeviceClient => sensor,
    /** The hub goes, and comes back at the same address. */
    async restart(): Promise<void> {
      hub = await startHub(["--open", "--port", `${hub.port}`]);
      sensor = await PLAIN.connect(hub, "sensor");
      await sensor.ask("hello", SENSOR);
    },
    /** Another device at the hub; close it at the end. */
    async device(id: string, hello: object): Promise<DeviceClient> {
      const client = await PLAIN.connect(hub, id);
      await client.ask("hello", hello);
      return client;
    },
    /** What the legend says: `x 1 m/s²`. */
    legend: async (page: Page, key: string): Promise<readonly string[]> =>
      (await plot(page, key).locator(".legend li").allTextContents()).map((text) => text.trim()),
    /** How many points of a plot are drawn in the colour of a line, in a part of its width. */
    async drawn(page: Page, key: string, line: number, begin = 0, end = 1): Promise<number> {
      await plot(page, key).locator("canvas").waitFor();
      return Number(await page.evaluate(`(${COUNT_DRAWN})(${JSON.stringify(key)}, ${line}, ${begin}, ${end})`));
    },
    watchCanvases: (page: Page): Promise<unknown> => page.evaluate(WATCH_CANVASES),
    /** The texts of a plot, as it was drawn last; call `watchCanvases` before. */
    async texts(page: Page, key: string): Promise<readonly DrawnText[]> {
      const canvas = `document.querySelector('[data-plot="${key}"] canvas')`;
      await eventually(async () => Boolean(await page.evaluate(`(${canvas}.texts ?? []).length > 0`)));
      return (await page.evaluate(`${canvas}.texts`)) as DrawnText[];
    },
    /** How often a plot was drawn since `watchCanvases`. */
    drawings: async (page: Page, key: string): Promise<number> =>
      Number(await page.evaluate(`document.querySelector('[data-plot="${key}"] canvas').drawings ?? 0`)),
  };
}
