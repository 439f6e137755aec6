/** A first visit to the page in a real Chromium that has nothing of it yet: when its slider is there, and when a move of it is answered. */
import type { Browser } from "playwright-core";

export interface FirstVisit {
  /** From navigation until a slider is there that takes a wish; ms. */
  readonly usableMs: number;
  /** Until the device has applied a move of it and the page shows so; ms. */
  readonly answeredMs: number;
  /** Scripts and styles as they came, their headers not counted. */
  readonly codeBytes: number;
  /** What was fetched when, a line each. */
  readonly waterfall: readonly string[];
}

const GIVE_UP_MS = 15_000;

/** @param value to move the slider to; another one than it has */
export async function visit(browser: Browser, url: string, value: number): Promise<FirstVisit> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(watcher(value));
  await page.goto(url);
  const seen = (await page.evaluate(RESULT)) as FirstVisit;
  await context.close();
  return seen;
}

/** Runs in the page before anything of its own. */
function watcher(value: number): string {
  return `globalThis.firstVisit = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("no slider moves")), ${GIVE_UP_MS});
    let usableMs;
    new MutationObserver(() => {
      const slider = document.querySelector('input[type=range][aria-disabled="false"]');
      if (slider !== null && usableMs === undefined) {
        usableMs = performance.now();
        slider.value = "${value}";
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      }
      const isApplied = document.querySelector('.mark[data-applied="${value}"]') !== null;
      if (isApplied) resolve({ usableMs, answeredMs: performance.now() });
    }).observe(document, { subtree: true, childList: true, attributes: true });
  });`;
}

const RESULT = `firstVisit.then((times) => {
  const round = (ms) => Math.round(ms).toString().padStart(5);
  const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  return {
    ...times,
    codeBytes: entries
      .filter(({ name }) => /\\.(js|css)$/.test(name))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    waterfall: entries.map(
      ({ name, startTime, requestStart, responseStart, responseEnd, encodedBodySize }) =>
        [startTime, requestStart, responseStart, responseEnd].map(round).join(" ") +
        " ms, " + encodedBodySize + " bytes, " + new URL(name).pathname,
    ),
  };
})`;
