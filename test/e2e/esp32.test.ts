/** The ESP32's own bundle, simulated, against a hub process that dies and comes back. */
import { afterEach, beforeAll, expect, it } from "@jest/globals";
import type { DeviceView } from "#protocol/views.ts";
import { eventually } from "../support/eventually.ts";
import { buildBundles, PharosProcess } from "../support/pharos-process.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const running: PharosProcess[] = [];

beforeAll(buildBundles, 60_000);
afterEach(async () => {
  for (const child of running.splice(0)) await child.end("SIGKILL");
});

function run(...args: string[]): PharosProcess {
  const child = new PharosProcess(...args);
  running.push(child);
  return child;
}

async function startHub(port: string): Promise<{ hub: PharosProcess; url: string; port: string }> {
  const hub = run("hub", "--port", port, "--host", "127.0.0.1", "--data-dir", newFolder(), "--json-logs");
  const taken = String((await hub.event("listening")).port);
  return { hub, url: `http://127.0.0.1:${taken}`, port: taken };
}

async function beats(url: string, id: string): Promise<number> {
  const response = await fetch(`${url}/api/devices/${id}`);
  return response.ok ? ((await response.json()) as DeviceView).beats.length : 0;
}

it("says SOS again within its back-off after the hub was killed and restarted", async () => {
  const { hub, url, port } = await startHub("0");
  run("simulate", "esp32", "--hub", url, "--count", "2");
  await eventually(async () => (await beats(url, "esp32-1")) > 0 && (await beats(url, "esp32-2")) > 0, 15_000);
  await hub.end("SIGKILL");
  await startHub(port);
  await eventually(async () => (await beats(url, "esp32-1")) > 0 && (await beats(url, "esp32-2")) > 0, 30_000);
});

it("takes brightness and power, and refuses what its LED cannot be", async () => {
  const { url } = await startHub("0");
  run("simulate", "esp32", "--hub", url);
  await eventually(async () => (await beats(url, "esp32-1")) > 0, 15_000);
  const put = (name: string, body: string) =>
    fetch(`${url}/api/devices/esp32-1/properties/${name}`, { method: "PUT", body });
  expect(await (await put("brightness", "42")).json()).toEqual({ applied: 42 });
  expect(await (await put("power", "false")).json()).toEqual({ applied: false });
  expect((await put("brightness", "142")).status).toBe(422);
});
