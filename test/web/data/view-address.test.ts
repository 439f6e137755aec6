/** What is shown stands in the address, and a replay as it is steered: in Chromium, at the real hub. */
import { describe, expect, it } from "@jest/globals";
import type { Page } from "playwright-core";
import { DRAWN_POINTS, dataBench } from "../../support/data-bench.ts";
import { eventually } from "../../support/eventually.ts";

describe("what is shown in the data room", () => {
  const bench = dataBench();
  const { open, recorded, drawn, legend } = bench;

  const search = (page: Page): string => new URL(page.url()).search;
  const isLive = (page: Page): Promise<void> => page.getByRole("button", { name: "Pause" }).waitFor();

  it("stands in the address as a stretch, for others and for Back", async () => {
    const page = await open("/data?show=sensor:light");
    await page.getByRole("button", { name: "Pause" }).click();
    await eventually(() => /^\?show=sensor:light&from=\d+&to=\d+$/.test(decodeURIComponent(search(page))));
    const paused = search(page);
    await page.getByRole("button", { name: "Show less, closer" }).click();
    await eventually(() => search(page) !== paused);
    const other = await open(`/data${search(page)}`);
    expect(await other.locator(".stretch").textContent()).toBe(await page.locator(".stretch").textContent());
    await page.goBack();
    await isLive(page);
    expect(search(page)).toBe("?show=sensor:light");
    await page.goForward();
    await page.getByRole("button", { name: "Live" }).waitFor();
  });

  it("stands in the address as a recording or its replay, also after a reload", async () => {
    const { id } = await recorded("Drop");
    const page = await open();
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await eventually(() => search(page) === `?recording=${id}`);
    await page.reload();
    await page.getByText("Recording “Drop”").waitFor();
    await eventually(async () => (await drawn(page, "sensor:light", 0)) > DRAWN_POINTS);
    await page.getByRole("button", { name: "Replay" }).click();
    await eventually(() => search(page) === `?replay=${id}`);
    await page.goBack();
    await page.getByText("Recording “Drop”").waitFor();
    await page.goBack();
    await isLive(page);
    const other = await open("/data?recording=999");
    await other.getByText("The recording of this address is not there.").waitFor();
    await isLive(other);
    expect(search(other)).toBe("");
  });

  it("takes each of many quick steps, and names what is short to the ms", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Pause" }).click();
    const width = (): number => {
      const query = new URL(page.url()).searchParams;
      return Number(query.get("to")) - Number(query.get("from"));
    };
    await eventually(() => width() === 60_000);
    const closer = `document.querySelector('[aria-label="Show less, closer"]')`;
    await page.evaluate(`for (let i = 0; i < 6; i++) ${closer}.click()`);
    await eventually(() => Math.abs(width() - 60_000 / 64) <= 3);
    expect(await page.locator(".stretch").textContent()).toMatch(/:\d\d\.\d{3} to .*:\d\d\.\d{3}$/);
    await page.evaluate(`for (let i = 0; i < 20; i++) ${closer}.click()`);
    await eventually(() => width() <= 21);
    for (let i = 0; i < 13; i++) await page.keyboard.press("Escape");
    await isLive(page);
  });

  it("is a replay that plays at once, by keyboard, in the window that is chosen, until Escape", async () => {
    await recorded("Drop");
    const page = await open();
    await page.getByRole("button", { name: "Replay" }).press("Enter");
    await page.locator(".replay").getByRole("button", { name: "Pause" }).waitFor();
    expect(await page.evaluate("document.activeElement.closest('.replay') !== null")).toBe(true);
    const window = page.getByLabel("How much is shown");
    expect(await window.inputValue()).toBe("10000");
    await page.getByLabel("Speed").selectOption("2×");
    await window.selectOption("1 min");
    await page.getByText("What you see was recorded.").waitFor();
    expect(await page.getByLabel("Speed").inputValue()).toBe("2");
    await eventually(async () => (await legend(page, "sensor:light")).join() === "Light39 lx");
    await page.keyboard.press("Escape");
    await isLive(page);
    expect(await page.locator(".replay").count()).toBe(0);
  });

  it("is live again, with a sentence, when the recording that is replayed is deleted anywhere", async () => {
    const { id } = await recorded("Drop");
    const page = await open(`/data?replay=${id}`);
    await page.getByText("What you see was recorded.").waitFor();
    await fetch(`${bench.hub().url}/api/recordings/${id}`, { method: "DELETE" });
    await page.getByText("“Drop” was deleted: you see what is live.").waitFor();
    await isLive(page);
    expect(search(page)).toBe("");
  });
});
