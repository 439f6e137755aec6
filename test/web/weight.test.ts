import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import type { Property } from "#protocol/values.ts";
import { builtPage } from "../support/built-page.ts";
import { eventually } from "../support/eventually.ts";
import { BRIGHTNESS, pageSuite } from "../support/page-suite.ts";

const FIRST_BYTES = 60_000;
/** What is loaded when it is first needed: each file for itself, but the terminal and the plots. */
const LATER_BYTES = 12_000;
const TERMINAL_BYTES = 110_000;
const PLOTS_BYTES = 42_000;

const gzipped = (file: string): number => gzipSync(readFileSync(file), { level: 9 }).length;

/** Files that the browser loads before the page works: those that `index.html` names, and what they import at once. */
function firstFiles(folder: string): Set<string> {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const files = new Set([...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(([, name = ""]) => name));
  for (const file of files) {
    if (!file.endsWith(".js")) continue;
    const code = readFileSync(join(folder, file), "utf8");
    for (const [, name = ""] of code.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+)"/g)) files.add(`assets/${name}`);
  }
  return files;
}

describe("weight of the page", () => {
  it("is at most 60 kB of script and style before it works, gzipped", async () => {
    const folder = await builtPage();
    const first = [...firstFiles(folder)];
    expect(first.filter((name) => name.endsWith(".js")).length).toBeGreaterThan(1);
    expect(first.filter((name) => name.endsWith(".css")).length).toBeGreaterThan(0);
    const total = first.reduce((sum, name) => sum + gzipped(join(folder, name)), 0);
    expect(total).toBeGreaterThan(10_000);
    expect(total).toBeLessThan(FIRST_BYTES);
  });

  it("lies packed beside what is loaded first", async () => {
    const folder = await builtPage();
    const large = [...firstFiles(folder)].filter((name) => readFileSync(join(folder, name)).length > 1_400);
    expect(large.length).toBeGreaterThan(1);
    for (const name of large) {
      expect(gunzipSync(readFileSync(join(folder, `${name}.gz`)))).toEqual(readFileSync(join(folder, name)));
    }
  });

  it("is small in each part that is loaded later", async () => {
    const folder = await builtPage();
    const first = firstFiles(folder);
    const plain = readdirSync(join(folder, "assets")).filter((name) => !name.endsWith(".gz"));
    const later = plain.filter((name) => !first.has(`assets/${name}`));
    expect(later.length).toBeGreaterThan(8);
    for (const name of later) {
      const large = { xterm: TERMINAL_BYTES, "data-room": PLOTS_BYTES };
      const bound = Object.entries(large).find(([start]) => name.startsWith(start))?.[1] ?? LATER_BYTES;
      expect([name, gzipped(join(folder, "assets", name)) < bound]).toEqual([name, true]);
    }
  });

  it("has no inline script or style", async () => {
    const html = readFileSync(join(await builtPage(), "index.html"), "utf8");
    expect(html).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)/);
  });
});

describe("page under load", () => {
  const suite = pageSuite();
  const DEVICES = 200;
  const UPDATES_PER_S = 10;
  const SECONDS = 2;

  it("asks nothing of anyone but the hub", async () => {
    const page = await suite.open();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).host));
    await page.reload();
    await page.getByText("No device yet").waitFor();
    expect(new Set(asked)).toEqual(new Set([new URL(suite.hub.url).host]));
  });

  it("keeps up with 200 devices of 10 updates a second each", async () => {
    const ids = Array.from({ length: DEVICES }, (_, i) => `device-${i}`);
    const level: Property = { type: "number", readOnly: true };
    const properties = { brightness: BRIGHTNESS, level };
    for (const id of ids) suite.hub.device(id, { properties, rooms: [`room-${id.at(-1)}`] });
    const page = await suite.open();
    await eventually(async () => (await page.locator(".card").count()) === DEVICES);
    await page.evaluate(`globalThis.frames = []; let last = performance.now();
      const look = (now) => { frames.push(now - last); last = now; requestAnimationFrame(look); };
      requestAnimationFrame(look);`);
    const rounds = UPDATES_PER_S * SECONDS;
    for (let round = 1; round <= rounds; round++) {
      for (const id of ids) suite.hub.report(id, { brightness: round, level: round });
      await new Promise((resolve) => setTimeout(resolve, 1000 / UPDATES_PER_S));
    }
    await eventually(async () => (await page.locator(".card .value").last().textContent()) === String(rounds));
    const frames = ((await page.evaluate("globalThis.frames")) as number[]).sort((a, b) => a - b);
    const median = frames[Math.floor(frames.length / 2)] ?? Number.POSITIVE_INFINITY;
    expect(median).toBeLessThan(20);
  });
});
