/** A phone that slept while the hub was killed and came back shows the truth within a second of waking (real browser, real hub). */
import { afterEach, beforeAll, beforeEach, expect, it } from "@jest/globals";
import { launchBrowser, type TestBrowser } from "../support/browser.ts";
import { type DeviceClient, DOORS } from "../support/device-client.ts";
import { eventually } from "../support/eventually.ts";
import { BRIGHTNESS, thumb } from "../support/page-suite.ts";
import { buildBundles, PharosProcess } from "../support/pharos-process.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const WAKE_MS = 1_000;
const newFolder = temporaryFolders();

let browser: TestBrowser;
let hub: PharosProcess;
let lamp: DeviceClient;

beforeAll(buildBundles, 60_000);
beforeEach(async () => {
  browser = await launchBrowser();
});
afterEach(async () => {
  lamp.close();
  await browser.close();
  await hub.end("SIGKILL");
});

async function startHub(port: string, dataDir: string): Promise<string> {
  hub = new PharosProcess("hub", "--port", port, "--host", "127.0.0.1", "--data-dir", dataDir, "--json-logs");
  return String((await hub.event("listening")).port);
}

async function connectLamp(url: string, brightness: number): Promise<void> {
  const door = DOORS.find(({ name }) => name === "plain WebSocket");
  if (door === undefined) throw new Error("there is no plain door");
  lamp = await door.connect({ url, tcpPort: null }, "lamp");
  lamp.on("set", (values) => values);
  await lamp.ask("hello", { name: "Lamp", properties: { brightness: BRIGHTNESS }, state: { brightness } });
}

it("is right within a second of waking", async () => {
  const dataDir = newFolder();
  const port = await startHub("0", dataDir);
  const url = `http://127.0.0.1:${port}`;
  await connectLamp(url, 20);
  const page = await browser.open(url);
  const slider = page.getByRole("slider", { name: "Brightness" });
  await eventually(async () => (await thumb(slider)) === 20);

  const phone = await page.context().newCDPSession(page);
  await phone.send("Debugger.enable");
  const asleep = new Promise((resolve) => phone.once("Debugger.paused", resolve));
  await phone.send("Debugger.pause");
  await asleep;

  await hub.end("SIGKILL");
  lamp.close();
  await startHub(port, dataDir);
  await connectLamp(url, 20);
  const put = await fetch(`${url}/api/devices/lamp/properties/brightness`, { method: "PUT", body: "75" });
  expect(put.status).toBe(200);

  const woke = performance.now();
  await phone.send("Debugger.disable");
  // What a phone says to its pages when it is picked up.
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
  await eventually(async () => (await thumb(slider)) === 75);
  expect(performance.now() - woke).toBeLessThan(WAKE_MS);
});
