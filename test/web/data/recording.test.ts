/** Starting, marking, stopping and deleting by hand and keyboard, and what stands still while the hub is away: in Chromium, at the real hub. */
import { describe, expect, it } from "@jest/globals";
import type { Page } from "playwright-core";
import { dataBench } from "../../support/data-bench.ts";
import { eventually } from "../../support/eventually.ts";

describe("recording", () => {
  const bench = dataBench();
  const { open, recordings, recorded } = bench;

  /** What has the focus, as its text; `BODY` when nothing has. */
  const focused = async (page: Page): Promise<string> =>
    String(
      await page.evaluate(
        `(({ activeElement: one, body }) => one === body ? "BODY" : one.textContent.trim() || one.tagName)(document)`,
      ),
    );

  async function openRunning(): Promise<Page> {
    const page = await open();
    await page.getByRole("button", { name: "Start", exact: true }).press("Enter");
    await page.getByRole("button", { name: "Stop" }).waitFor();
    return page;
  }

  it("is not started with an interval that is none, and says why, also when it is folded away", async () => {
    const page = await open();
    const options = page.locator("summary", { hasText: "What is sampled" });
    await options.click();
    await page.getByLabel("Ask them to sample every").fill("0");
    await options.click();
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.getByText("Not started: the interval must be a whole number of ms from 1 to 3,600,000.").waitFor();
    const interval = page.getByLabel("Ask them to sample every");
    expect(await interval.isVisible()).toBe(true);
    expect(await interval.getAttribute("aria-invalid")).toBe("true");
    await interval.fill("50");
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.getByText("every 50 ms").waitFor();
  });

  it("keeps the keyboard on what takes the place of Start, Stop, Delete and Undo", async () => {
    const page = await openRunning();
    await eventually(async () => (await focused(page)) === "Stop");
    await page.keyboard.press("Enter");
    await eventually(async () => (await focused(page)) === "Start");
    await page.getByRole("button", { name: /^Delete/ }).press("Enter");
    await eventually(async () => (await focused(page)) === "Undo");
    await eventually(async () => (await page.locator(".recording").count()) === 0);
    expect(await focused(page)).toBe("Undo");
    await page.keyboard.press("Enter");
    await page.locator(".recording").waitFor();
    await eventually(async () => (await focused(page)) === "Show");
  });

  it("goes on when somebody would delete it: it has to be stopped first", async () => {
    const page = await openRunning();
    const remove = page.getByRole("button", { name: /^Delete/ });
    await remove.waitFor();
    expect(await remove.isDisabled()).toBe(true);
    expect(await remove.getAttribute("title")).toBe("Stop it first: it runs for everyone");
    await page.getByRole("button", { name: "Stop" }).click();
    await eventually(() => remove.isEnabled());
  });

  it("is marked with the key M again and again, in words or without", async () => {
    const page = await openRunning();
    await page.getByText("Choose plots").focus();
    for (const text of ["one", "two"]) {
      await page.keyboard.press("m");
      await page.locator("input:focus").waitFor();
      await page.keyboard.type(text);
      await page.keyboard.press("Enter");
      await page.getByText(`Marked: ${text}`).waitFor();
      await eventually(async () => (await focused(page)) === "Choose plots");
    }
    await page.keyboard.press("m");
    await page.locator("input:focus").waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Marked: Mark").waitFor();
    await page.keyboard.press("m");
    await page.locator("input:focus").waitFor();
    await page.keyboard.type("nothing");
    await page.keyboard.press("Escape");
    expect(await focused(page)).toBe("Choose plots");
    expect((await recordings())[0]?.markers.map(({ text }) => text)).toEqual(["one", "two", "Mark"]);
  });

  it("names its devices as they are named", async () => {
    await bench.post("acquisition/start", { name: "Named", devices: ["sensor", "unknown"] });
    const page = await open();
    await page.locator(".recording").getByText("of Bench sensor, unknown").waitFor();
  });

  it("stands still while the hub is away, with its age, and nothing can be downloaded", async () => {
    await recorded("Whole");
    const page = await openRunning();
    await bench.hub().close();
    await page.getByText(/Reconnecting/).waitFor();
    const timer = page.getByRole("timer");
    const stood = await timer.textContent();
    await page.getByText(/^as of [2-9] s ago$/).waitFor();
    expect(await timer.textContent()).toBe(stood);
    const download = page.locator(".recording", { hasText: "Whole" }).getByRole("button", { name: /as CSV/ });
    expect(await download.isDisabled()).toBe(true);
    await bench.restart();
  });
});

describe("a plot of much", () => {
  const bench = dataBench();

  it("has a place for each field, and stays within the page, however long its names", async () => {
    const field = "a".repeat(60);
    const fields = Object.fromEntries([...Array(9).keys()].map((i) => [`f${i}`, { type: "number" }]));
    const long = await bench.device("long", {
      properties: {
        [`${field}b`]: { type: "number", readOnly: true },
        all: { type: "object", readOnly: true, properties: { ...fields, [field]: { type: "number" } } },
      },
    });
    const show = `show=long:all,long:all:2,long:${field}b`;
    for (const width of [360, 1200]) {
      const page = await bench.open(`/data?${show}`, { viewport: { width, height: 800 } });
      await bench.plot(page, "long:all:2").waitFor();
      await page.getByRole("heading", { name: "All (2 of 2)" }).waitFor();
      await page.getByText("Choose plots").click();
      expect(Number(await page.evaluate("document.documentElement.scrollWidth - innerWidth"))).toBeLessThanOrEqual(0);
      const outside = `[...document.querySelectorAll(".legend li")].filter((one) =>
        one.getBoundingClientRect().right > one.closest(".plot").getBoundingClientRect().right).length`;
      expect(await page.evaluate(outside)).toBe(0);
    }
    long.close();
  });
});
