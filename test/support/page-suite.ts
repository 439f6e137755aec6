/** What tests of the page share: one browser a file, a fresh fake hub a test, and no fault left unseen. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "@jest/globals";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import type { Property } from "#protocol/values.ts";
import { launchBrowser, type TestBrowser } from "./browser.ts";
import { builtPage } from "./built-page.ts";
import { createFakeHub, type FakeHub } from "./fake-hub.ts";

export const BRIGHTNESS = { type: "number" as const, minimum: 0, maximum: 100, unit: "percent" } satisfies Property;

export interface PageSuite {
  readonly hub: FakeHub;
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
  }, 60_000);
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
    async open(path = "/", options = {}) {
      const page = await browser.open(hub.url + path, options);
      pages.push(page);
      return page;
    },
  };
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
