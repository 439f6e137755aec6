/** What tests of the page share: one browser a file, a fresh fake hub a test, and no fault left unseen. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "@jest/globals";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import type { Property } from "#protocol/values.ts";
import { launchBrowser, type TestBrowser } from "./browser.ts";
import { builtPage } from "./built-page.ts";
import { createFakeHub, type FakeHub } from "./fake-hub.ts";

export const BRIGHTNESS = { type: "number" as const, minimum: 0, maximum: 100, unit: "percent" } satisfies Property;

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export interface PageSuite {
  readonly hub: FakeHub;
  /** Faults of the page so far; a test that means them takes them out. */
  readonly faults: string[];
  open(path?: string, options?: BrowserContextOptions): Promise<Page>;
}

/** Call inside `describe`. */
export function pageSuite(): PageSuite {
  let browser: TestBrowser;
  let hub: FakeHub;
  let pages: Page[] = [];

  beforeAll(async () => {
    await builtPage();
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    hub = createFakeHub({ webDir: await builtPage(), open: "lan" });
    await hub.start();
  });
  afterEach(async () => {
    for (const page of pages) await page.context().close();
    pages = [];
    await hub.close();
    expect(browser.faults.splice(0)).toEqual([]);
  });
  afterAll(() => browser.close());

  return {
    get hub() {
      return hub;
    },
    get faults() {
      return browser.faults;
    },
    async open(path = "/", options = {}) {
      const page = await browser.open(hub.url + path, options);
      pages.push(page);
      return page;
    },
  };
}

/** What axe finds, as `rule: element`. */
export async function axeFindings(page: Page): Promise<unknown> {
  await page.evaluate(readFileSync(AXE, "utf8"));
  return page.evaluate(
    "axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html)))",
  );
}

/** The card of a device. */
export function card(page: Page, id: string): Locator {
  return page.locator(`[data-device="${id}"]`);
}

/** Value of an input as the browser has it, as a number. */
export async function thumb(slider: Locator): Promise<number> {
  return Number(await slider.inputValue());
}

/** The point on a slider's track that stands for `fraction` of its range. */
export async function pointAt(slider: Locator, fraction: number): Promise<{ x: number; y: number }> {
  const box = await slider.boundingBox();
  if (box === null) throw new Error("the slider is not on the screen");
  const thumbWidth = 24;
  return { x: box.x + thumbWidth / 2 + (box.width - thumbWidth) * fraction, y: box.y + box.height / 2 };
}
