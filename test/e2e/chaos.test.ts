/**
 * Agent, simulated ESP32 and hub are killed at random moments while somebody moves the sliders. Afterwards every light is
 * where it was last asked to be, and nothing that was acknowledged is lost (protocol 6.3).
 */
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { DeviceView } from "#protocol/views.ts";
import { eventually } from "../support/eventually.ts";
import { buildBundles, PharosProcess } from "../support/pharos-process.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const KILLS = 50;
const DEVICES = ["pi", "esp-1"] as const;
const newFolder = temporaryFolders();

let port = "0";
let url = "";
const folders = { hub: "", pi: "" };
const parts = new Map<string, PharosProcess>();

beforeAll(() => {
  buildBundles();
  Object.assign(folders, { hub: newFolder(), pi: newFolder() });
});
afterAll(async () => {
  for (const part of parts.values()) await part.end("SIGKILL");
});

/** A small generator of numbers from 0 to 1, the same for the same seed. */
let seed = 7;
function random(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

const START: { readonly [name: string]: () => PharosProcess } = {
  hub: () => new PharosProcess("hub", "--port", port, "--host", "127.0.0.1", "--data-dir", folders.hub, "--json-logs"),
  pi: () =>
    new PharosProcess(
      "agent",
      "--hub",
      url,
      "--id",
      "pi",
      "--driver",
      "simulated",
      "--data-dir",
      folders.pi,
      "--json-logs",
    ),
  esp: () => new PharosProcess("simulate", "esp32", "--hub", url, "--id", "esp"),
};

async function start(name: string): Promise<void> {
  const part = START[name]?.();
  if (part === undefined) throw new Error(`there is no part ${name}`);
  parts.set(name, part);
  if (name !== "hub") return;
  port = String((await part.event("listening")).port);
  url = `http://127.0.0.1:${port}`;
}

async function view(id: string): Promise<DeviceView | null> {
  const response = await fetch(`${url}/api/devices/${id}`).catch(() => null);
  return response?.ok ? ((await response.json()) as DeviceView) : null;
}

it("loses nothing that was acknowledged in 50 kills, and every light ends where it was asked to be", async () => {
  for (const name of ["hub", "pi", "esp"]) await start(name);
  for (const id of DEVICES) await eventually(async () => (await view(id))?.presence === "online", 20_000);

  /** Device → the last value that was acknowledged, and those asked since, whose fate is unknown. */
  const known = new Map<string, Set<number>>(DEVICES.map((id) => [id, new Set<number>()]));
  let isOver = false;
  let acknowledged = 0;
  const traffic = DEVICES.map(async (id) => {
    for (let value = 1; !isOver; value = (value % 100) + 1) {
      known.get(id)?.add(value);
      const body = String(value);
      const answer = await fetch(`${url}/api/devices/${id}/properties/brightness`, { method: "PUT", body }).catch(
        () => null,
      );
      if (answer?.ok) {
        known.set(id, new Set([value]));
        acknowledged += 1;
      } else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

  for (let kill = 0; kill < KILLS; kill++) {
    const name = ["hub", "pi", "esp"][Math.floor(random() * 3)] ?? "hub";
    await new Promise((resolve) => setTimeout(resolve, 20 + random() * 150));
    await parts.get(name)?.end("SIGKILL");
    await start(name);
  }
  isOver = true;
  await Promise.all(traffic);
  expect(acknowledged).toBeGreaterThan(KILLS);

  for (const id of DEVICES) {
    await eventually(async () => {
      const device = await view(id);
      return device?.presence === "online" && device.reported.brightness === device.desired.brightness;
    }, 40_000);
    const { desired, state } = (await view(id)) as DeviceView;
    expect([...(known.get(id) ?? [])]).toContain(desired.brightness);
    expect(state.brightness?.desired?.status).toBe("applied");
  }
}, 180_000);
