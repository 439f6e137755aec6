/** What a plot shows, by its pixels: in Chromium, at the real hub. */
import { describe, expect, it } from "@jest/globals";
import type { Page } from "playwright-core";
import { DRAWN_POINTS, dataBench } from "../../support/data-bench.ts";
import { eventually } from "../../support/eventually.ts";

const MINUTE = 60_000;

describe("a plot", () => {
  const bench = dataBench();
  const { open, plot, legend, drawn } = bench;

  /** Values of light at times that many ms ago. */
  const past = (values: readonly (readonly [ago: number, value: number])[], property = "light"): Promise<unknown> => {
    const now = Date.now();
    return bench.sensor().ask(
      "reports",
      values.map(([ago, value]) => [now - ago, { [property]: value }]),
    );
  };
  const range = (from: number, to: number, step: number): number[] =>
    Array.from({ length: Math.floor((from - to) / step) }, (_, i) => from - i * step);

  const names = async (page: Page, key: string): Promise<readonly string[]> =>
    (await bench.texts(page, key)).map(({ text }) => text);

  it("draws no line where nothing was measured", async () => {
    await past([...range(50_000, 40_000, 100), ...range(15_000, 5_000, 100)].map((ago) => [ago, 5]));
    const now = Date.now();
    const page = await open(`/data?from=${now - MINUTE}&to=${now}`);
    await eventually(async () => (await drawn(page, "sensor:light", 0)) > DRAWN_POINTS);
    expect(await drawn(page, "sensor:light", 0, 0.35, 0.73)).toBe(0);
    expect(await drawn(page, "sensor:light", 0, 0.2, 0.3)).toBeGreaterThan(DRAWN_POINTS);
  });

  it("has an axis for what came last, however much is shown", async () => {
    const page = await open();
    await bench.watchCanvases(page);
    await page.getByLabel("How much is shown").selectOption("1 year");
    for (const light of [0, 16, 64]) await bench.sensor().ask("report", { light });
    await eventually(async () => (await legend(page, "sensor:light")).join() === "Light64 lx");
    await eventually(async () => {
      const labels = await names(page, "sensor:light");
      return ["0", "20", "40", "60"].every((name) => labels.includes(name));
    });
    await eventually(async () => (await drawn(page, "sensor:light", 0)) > DRAWN_POINTS);
  });

  it.each<[string, readonly number[], readonly string[], string]>([
    ["small steps", [20.01, 20.06], ["20.02", "20.04", "20.06"], "20.06"],
    ["large values", [1013.25, 1013.2], ["1013.20", "1013.22", "1013.24"], "1013.2"],
    ["values below zero", [-273.15, -273.15], ["−280", "−270", "−260"], "−273.15"],
    ["huge values", [1.5e12, -1.5e12], ["−1e12", "0e12", "1e12"], "−1.5e12"],
  ])("names its height apart and whole: %s", async (_, values, expected, latest) => {
    await past(values.map((value, i) => [20_000 - i * 10_000, value]));
    const page = await open();
    await bench.watchCanvases(page);
    await eventually(async () => (await legend(page, "sensor:light")).join() === `Light${latest} lx`);
    const texts = await bench.texts(page, "sensor:light");
    const heights = texts.filter(({ text }) => !text.includes(":")).map(({ text }) => text);
    expect(heights).toEqual(expect.arrayContaining(expected.map((name) => name.replace("0e12", "0"))));
    expect(new Set(heights).size).toBe(heights.length);
    expect(Math.min(...texts.map(({ left }) => left))).toBeGreaterThanOrEqual(0);
  });

  it("shows what was measured once, and what was measured before what is shown", async () => {
    await past([[30_000, 12]]);
    const page = await open();
    await eventually(async () => (await drawn(page, "sensor:light", 0, 0.4, 0.6)) > 8);
    await past([[30 * MINUTE, 3]], "accel");
    await past([[30 * MINUTE, 3]], "level");
    const other = await open("/data?show=sensor:level");
    await eventually(async () => (await legend(other, "sensor:level")).join() === "Level3");
    await eventually(async () => (await drawn(other, "sensor:level", 0, 0.9, 1)) > DRAWN_POINTS);
  });

  it("goes on with a switch until its device is gone", async () => {
    const switches = { properties: { lamp: { type: "boolean" } } };
    const lamp = await bench.device("lamp", switches);
    await lamp.ask("report", { lamp: true });
    const page = await open("/data?show=lamp:lamp");
    await bench.watchCanvases(page);
    await eventually(async () => (await drawn(page, "lamp:lamp", 0, 0.98, 0.99)) > 3);
    const texts = await bench.texts(page, "lamp:lamp");
    expect(texts.filter(({ text }) => !text.includes(":")).map(({ text }) => text)).toEqual(["Off", "On"]);
    await page.getByLabel("How much is shown").selectOption("10 s");
    lamp.close();
    await eventually(async () => (await drawn(page, "lamp:lamp", 0, 0.9, 1)) === 0, 10_000);
  });

  it("is drawn with the largest numbers there are", async () => {
    await past([
      [20_000, -1.7e308],
      [10_000, 1.7e308],
    ]);
    const page = await open();
    await eventually(async () => (await drawn(page, "sensor:light", 0)) > DRAWN_POINTS);
    await eventually(async () => (await legend(page, "sensor:light")).join() === "Light1.7e308 lx");
  });

  it("has its last moment whole, and markers within its edges", async () => {
    await bench.post("acquisition/start", { name: "Edge" });
    const [running] = await bench.recordings();
    await past([[1_000, 1]]);
    await bench.post(`recordings/${running?.id}/markers`, { text: "somebody opened the door again" });
    const page = await open();
    await bench.watchCanvases(page);
    await plot(page, "sensor:light").waitFor();
    await eventually(async () => (await names(page, "sensor:light")).some((text) => text.startsWith("somebody")));
    const { width } = (await plot(page, "sensor:light").locator("canvas").boundingBox()) ?? { width: 0 };
    for (const { text, left, right } of await bench.texts(page, "sensor:light")) {
      expect([text, left >= 0, right <= width]).toEqual([text, true, true]);
    }
  });

  it("is drawn only while it is on the screen", async () => {
    const fields = Object.fromEntries([...Array(12).keys()].map((i) => [`f${i}`, { type: "number", readOnly: true }]));
    const many = await bench.device("many", { properties: fields });
    const show = Object.keys(fields).map((name) => `many:${name}`);
    const page = await open(`/data?show=${show.join()}`, { viewport: { width: 600, height: 600 } });
    await bench.watchCanvases(page);
    const values = Object.fromEntries(Object.keys(fields).map((name) => [name, 1]));
    await eventually(async () => {
      await many.ask("report", values);
      return (await bench.drawings(page, "many:f0")) > 5;
    });
    expect(await bench.drawings(page, "many:f11")).toBe(0);
    await plot(page, "many:f11").scrollIntoViewIfNeeded();
    await eventually(async () => (await drawn(page, "many:f11", 0)) > 3);
    many.close();
  });
});
