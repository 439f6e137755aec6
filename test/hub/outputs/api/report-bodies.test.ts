/** Bodies of HTTP reports (protocol 7.5): of any type that beacons and scripts send, packed or not, and bounded. */

import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { launchBrowser, type TestBrowser } from "../../../support/browser.ts";
import { eventually } from "../../../support/eventually.ts";
import { fault, restBench } from "../../../support/rest-bench.ts";

const { hub, view } = restBench();
const REPORTS = "/api/devices/kitchen/reports";
const LIMIT = 65_536;
const TAKEN = { status: 200, body: { desired: {} } };

async function post(
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(hub().url + REPORTS, {
    method: "POST",
    headers,
    body: new Uint8Array(Buffer.from(body)),
  });
  return { status: response.status, body: await response.json() };
}

/** A report of just so many bytes. */
function ofBytes(length: number): string {
  const report = JSON.stringify({ temperature: 21 });
  return report + " ".repeat(length - report.length);
}

describe("the body of a report", () => {
  it.each([
    "application/json",
    "text/plain;charset=UTF-8",
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "application/senml+json; charset=utf-8",
  ])("may call itself %s", async (type) => {
    expect(await post('{"temperature":21.5}', { "Content-Type": type })).toEqual(TAKEN);
    expect((await view("kitchen")).reported).toEqual({ temperature: 21.5 });
  });

  it("may have 64 KiB, and not one byte more; then nothing of it is kept", async () => {
    expect(await post(ofBytes(LIMIT))).toEqual(TAKEN);
    expect(await post(ofBytes(LIMIT + 1).replace("21", "99"))).toEqual(fault(413, "TOO_BIG"));
    expect((await view("kitchen")).reported).toEqual({ temperature: 21 });
  });

  it("is bounded also when its length is not announced", async () => {
    const body = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 70; i++) controller.enqueue(Buffer.alloc(1024, " "));
        controller.close();
      },
    });
    const response = await fetch(hub().url + REPORTS, { method: "POST", body, duplex: "half" });
    expect(response.status).toBe(413);
  });

  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ] as const)("may be packed by %s, and then has 64 KiB once it is unpacked", async (encoding, pack) => {
    const headers = { "Content-Encoding": encoding };
    expect(await post(pack('[[1767225600000,{"temperature":20.5}]]'), headers)).toEqual(TAKEN);
    expect((await view("kitchen")).reported).toEqual({ temperature: 20.5 });
    expect(await post(pack(ofBytes(LIMIT)), headers)).toEqual(TAKEN);
    expect(await post(pack(ofBytes(LIMIT + 1)), headers)).toEqual(fault(413, "TOO_BIG"));
  });

  it.each<[string, string, Buffer]>([
    ["is not what its encoding says", "gzip", Buffer.from('{"temperature":1}')],
    ["is cut off", "gzip", gzipSync(ofBytes(1000)).subarray(0, 30)],
    ["is packed in a way that the hub cannot unpack", "compress", Buffer.from("x")],
    ["is packed twice", "gzip, gzip", gzipSync(gzipSync("{}"))],
  ])("that %s is answered 400 with a sentence that says so", async (_, encoding, body) => {
    const answer = await post(body, { "Content-Encoding": encoding });
    expect(answer).toEqual(fault(400, "BAD_REQUEST"));
    expect(JSON.stringify(answer.body)).toContain("Content-Encoding");
    expect(hub().hub.house.registry.size).toBe(0);
  });

  it("of one in another character set than UTF-8 is answered 400", async () => {
    const answer = await post('{"temperature":1}', { "Content-Type": "text/plain; charset=iso-8859-1" });
    expect(answer).toEqual(fault(400, "BAD_REQUEST"));
    expect(JSON.stringify(answer.body)).toContain("UTF-8");
  });
});

describe("a body that unpacks to gigabytes", () => {
  it("is answered 413, and costs the hub little memory and time", async () => {
    // 128 parts of 16 MiB of zeros: 2 GiB in 2 MB.
    const part = gzipSync(Buffer.alloc(16_777_216), { level: 9 });
    const bomb = Buffer.concat(Array.from({ length: 128 }, () => part));
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 1);
    const cpu = process.cpuUsage();
    const answer = await post(bomb, { "Content-Encoding": "gzip" });
    clearInterval(watch);
    expect(answer).toEqual(fault(413, "TOO_BIG"));
    expect(peak - before).toBeLessThan(40_000_000);
    expect(process.cpuUsage(cpu).user).toBeLessThan(1_000_000);
  });
});

describe("a page of the hub", () => {
  let browser: TestBrowser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it("reports by navigator.sendBeacon, text and JSON, up to the browser's own 64 KiB", async () => {
    const page = await browser.open(`${hub().url}/healthz`);
    const sent = (body: string, type: string): Promise<unknown> => {
      const text = JSON.stringify(body);
      const data = type === "" ? text : `new Blob([${text}], { type: "${type}" })`;
      return page.evaluate(`navigator.sendBeacon("${REPORTS}", ${data})`);
    };
    expect(await sent('{"temperature":1}', "")).toBe(true);
    await eventually(async () => (await view("kitchen")).reported?.temperature === 1);
    expect(await sent('{"temperature":2}', "application/json")).toBe(true);
    await eventually(async () => (await view("kitchen")).reported.temperature === 2);
    expect(await sent(ofBytes(LIMIT), "text/plain")).toBe(true);
    await eventually(async () => (await view("kitchen")).reported.temperature === 21);
    expect(await sent(ofBytes(LIMIT + 1), "text/plain")).toBe(false);
  });
});
