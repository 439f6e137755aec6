/** A page as the books have it, in a real Chromium: a slider and the Socket.IO 2 client, served by another program (protocol 2.7). */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { launchBrowser, type TestBrowser } from "../../support/browser.ts";
import { eventually } from "../../support/eventually.ts";
import { BRIGHTNESS, PLAIN, restBench } from "../../support/rest-bench.ts";

const CLIENT = "node_modules/socket.io-client-2/dist/socket.io.js";
const { device, hub, put } = restBench();

let browser: TestBrowser;
let server: Server;
let origin: string;

beforeAll(async () => {
  browser = await launchBrowser();
  server = createServer((request, response) => {
    const isClient = request.url === "/client.js";
    response.setHeader("Content-Type", isClient ? "text/javascript" : "text/html");
    response.end(isClient ? readFileSync(CLIENT) : coursePage());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await browser.close();
  server.close();
});

function coursePage(): string {
  return `<!doctype html><link rel="icon" href="data:,"><script src="/client.js"></script>
<input type="range" min="0" max="100" value="50"><p></p>
<script>
var slider = document.querySelector("input"), socket = io("${hub().url}");
socket.on("led", function (data) { slider.value = data.level; document.querySelector("p").textContent = typeof data.level + data.level; });
slider.addEventListener("input", function () { socket.emit("led", { level: slider.value }); });
</script>`;
}

describe("an old course page, served beside the hub", () => {
  it("shows the level, drags the lamp, and follows every other hand", async () => {
    const lamp = await device("lamp", PLAIN);
    lamp.on("set", (data) => data);
    lamp.send("report", { brightness: 30 });
    const page = await browser.open(origin);
    const told = page.locator("p");
    await eventually(async () => (await told.textContent()) === "number30");
    await page.locator("input").fill("64");
    expect(await lamp.next("set")).toEqual({ brightness: 64 });
    await put(BRIGHTNESS, 12);
    await eventually(async () => (await told.textContent()) === "number12");
    expect(await page.locator("input").inputValue()).toBe("12");
    expect(browser.faults).toEqual([]);
  });

  it("cannot be any site: one at a foreign origin is not let in", async () => {
    const page = await browser.open(origin.replace("127.0.0.1", "localhost"));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await page.locator("p").textContent()).toBe("");
    expect(browser.faults.join()).toMatch(/CORS|Access-Control-Allow-Origin/);
  });
});
