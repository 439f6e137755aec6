/** The data room in Chromium at the real hub: start and stop, plots as they come, recordings with what can be done with them. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { DRAWN_POINTS, dataBench } from "../support/data-bench.ts";
import { eventually } from "../support/eventually.ts";
import { axeFindings } from "../support/page-suite.ts";

describe("the data room", () => {
  const bench = dataBench();
  const { open, recordings, recorded, plot, legend, drawn } = bench;

  it("starts and stops for everyone at once, and every page follows", async () => {
    const [one, two] = [await open(), await open("/dashboard")];
    await one.getByLabel("Name").fill("Drop test");
    await one.getByRole("button", { name: "Start", exact: true }).click();
    await one.getByRole("button", { name: "Stop" }).waitFor();
    await two.getByRole("button", { name: "Stop" }).waitFor();
    expect(await bench.sensor().next("acquire")).toEqual({ running: true });
    await two.getByText("Drop test").first().waitFor();
    await two.getByRole("link", { name: /^Recording “Drop test” for 0:0/ }).waitFor();
    await bench.sensor().ask("report", { light: 1, accel: { x: 1, y: 2, z: 3 } });
    await two.getByText("4 samples").first().waitFor();
    await two.getByRole("button", { name: "Stop" }).click();
    await one.getByRole("button", { name: "Start", exact: true }).waitFor();
    expect(await recordings()).toMatchObject([{ name: "Drop test", by: "page", stoppedAt: expect.any(Number) }]);
  });

  it("records only the devices that were chosen, and asks them for the interval", async () => {
    const other = await bench.device("other", {});
    const page = await open();
    await page.locator("summary", { hasText: "What is sampled" }).click();
    await page.getByLabel("Only these").check();
    expect(await page.getByRole("button", { name: "Start", exact: true }).isDisabled()).toBe(true);
    await page.getByRole("checkbox", { name: "Bench sensor" }).check();
    await page.getByLabel("Ask them to sample every").fill("50");
    await page.getByRole("button", { name: "Start", exact: true }).click();
    expect(await bench.sensor().next("acquire")).toEqual({ running: true, intervalMs: 50 });
    await page.getByText("of Bench sensor", { exact: true }).waitFor();
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
    await bench.sensor().ask("reports", past);
    const page = await open();
    await plot(page, "sensor:accel").waitFor();
    await eventually(async () => (await drawn(page, "sensor:accel", 0)) > DRAWN_POINTS);
    expect(await drawn(page, "sensor:accel", 1)).toBeGreaterThan(DRAWN_POINTS);
    expect(await legend(page, "sensor:accel")).toEqual(
      ["x0.83 m/s²", "y0.558 m/s²", "z9.81 m/s²"].map(() => expect.any(String)),
    );
    await bench.sensor().ask("report", { accel: { x: 1.5, y: -2, z: 9.8 }, light: 120 });
    await eventually(async () => (await legend(page, "sensor:accel")).join() === "x1.5 m/s²,y−2 m/s²,z9.8 m/s²");
    expect(await legend(page, "sensor:light")).toEqual(["Light120 lx"]);
    expect(await page.locator(".plot").count()).toBe(2);
  });

  it("hides a line by its name, and shows the values under the cursor in all plots", async () => {
    const now = Date.now();
    await bench.sensor().ask(
      "reports",
      [...Array(100).keys()].map((i) => [now - 50_000 + i * 500, { accel: { x: 5 }, light: 7 }]),
    );
    const page = await open();
    await eventually(async () => (await drawn(page, "sensor:accel", 0)) > DRAWN_POINTS);
    await bench.sensor().ask("report", { accel: { x: 1 }, light: 2 });
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
    await bench.sensor().ask(
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
    await page.locator("input:focus").waitFor();
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
    await page.locator("input:focus").waitFor();
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
    await fetch(`${bench.hub().url}/api/devices/sensor`, { method: "DELETE" });
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
    const begin = performance.now();
    await page.getByRole("button", { name: "Replay" }).click();
    await page.getByText("What you see was recorded.").waitFor();
    const position = page.getByLabel("Position");
    const start = Number(await position.getAttribute("min"));
    await eventually(async () => (await legend(page, "sensor:light")).join() === "Light39 lx");
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    expect(performance.now() - begin).toBeGreaterThan(lengthMs * 0.9);
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
    await bench.sensor().ask("report", { light: 1 });
    await eventually(async () => (await legend(page, "sensor:light")).join() === "Light1 lx");
    await bench.hub().close();
    await page.getByText(/Reconnecting/).waitFor();
    expect(await page.getByRole("button", { name: "Start", exact: true }).isDisabled()).toBe(true);
    await bench.restart();
    await page.getByText("Connected", { exact: true }).waitFor({ timeout: 10_000 });
    await eventually(async () => {
      await bench.sensor().ask("report", { light: 2 });
      return (await legend(page, "sensor:light")).join() === "Light2 lx";
    });
  });

  it("says so when a device's clock is wrong, and shows what it measures in the present", async () => {
    const page = await open();
    await plot(page, "sensor:light").waitFor();
    await eventually(async () => {
      bench.sensor().send("report", { light: 3 }, Date.now() - 3_600_000);
      return (await page.getByText("The clock of Bench sensor is off by 60 min").count()) === 1;
    });
    await eventually(async () => (await legend(page, "sensor:light")).join() === "Light3 lx");
  });

  it("teaches where there is nothing to plot", async () => {
    await fetch(`${bench.hub().url}/api/devices/sensor`, { method: "DELETE" });
    const page = await open();
    await page.getByText("Nothing measured yet").waitFor();
    await page.getByText(`npx pharos simulate accelerometer --hub http://localhost:${bench.hub().port}`).waitFor();
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
