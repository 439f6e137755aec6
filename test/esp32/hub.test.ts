/** The ESP32 client and the hub itself, over the plain-WebSocket door. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { systemClock } from "#base/clock.ts";
import { MemoryHistory } from "../../hub/history/memory-history.ts";
import { type BoardUnderTest, boards, buildClient, clientConfig } from "../support/espruino.ts";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";

const client = buildClient();

/** Each reading is a thousandth more than the one before, and the console counts them. */
const WITNESS =
  "var readings=0;analogRead=function(){print('READ '+(++readings)+' '+Date.now());return readings/1000;};\n";

describe.each(boards())("the ESP32 client and the hub, %s", (_name, start) => {
  let hub: TestHub;
  const running: BoardUnderTest[] = [];

  interface Device {
    readonly presence: string;
    readonly model: string | null;
    readonly reported: { readonly [name: string]: unknown };
    readonly vitals: { readonly [name: string]: unknown };
    readonly beats: readonly number[];
  }

  async function device(id = "esp32-1"): Promise<Device | null> {
    const response = await fetch(`${hub.url}/api/devices/${id}`);
    return response.ok ? ((await response.json()) as Device) : null;
  }

  async function put(property: string, value: unknown, id = "esp32-1"): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${hub.url}/api/devices/${id}/properties/${property}`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(value),
    });
    return { status: response.status, body: await response.json() };
  }

  async function points(): Promise<[time: number, value: number][]> {
    const response = await fetch(`${hub.url}/api/history?device=esp32-1&property=input&points=10000`);
    const body = (await response.json()) as { points: [number, number, number, number, number][] };
    return body.points.map(([time, , , , last]) => [time, last]);
  }

  function board(more: object = {}, code = client): BoardUnderTest {
    const started = start(code, clientConfig(hub.port, more));
    running.push(started);
    return started;
  }

  async function online(more: object = {}): Promise<BoardUnderTest> {
    const started = board(more);
    await eventually(async () => (await device())?.model === "ESP32 Espruino");
    return started;
  }

  beforeEach(async () => {
    hub = await startHub(["--open"]);
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.close();
    await hub.close();
  });

  it("is online with model, state, beats and vitals", async () => {
    await online({ heartbeat: 0.2 });
    await eventually(async () => ((await device())?.beats.length ?? 0) >= 3);
    expect(await device()).toMatchObject({
      model: "ESP32 Espruino",
      reported: { brightness: 0, power: true },
      vitals: { memory: expect.any(Number), uptime: expect.any(Number) },
    });
  });

  it("is set over REST, and the LED follows", async () => {
    const esp32 = await online({ heartbeat: 30 });
    expect(await put("brightness", 100)).toEqual({ status: 200, body: { applied: 100 } });
    await eventually(() => esp32.led() === 1);
    expect(await put("brightness", 101)).toMatchObject({ status: 422 });
    expect((await device())?.reported).toMatchObject({ brightness: 100 });
  });

  it("gets what was asked while it was away", async () => {
    const first = await online({ heartbeat: 30 });
    await first.close();
    await eventually(async () => (await device())?.presence === "offline");
    expect((await put("brightness", 100)).status).toBe(202);
    const second = await online({ heartbeat: 30 });
    await second.saw(/Hub: connected/);
    await eventually(async () => (await device())?.reported.brightness === 100);
  });

  it("comes back after the hub was stopped and started again", async () => {
    const esp32 = await online({ heartbeat: 0.5 });
    await hub.close();
    await esp32.saw(/bye: \{"code":"SHUTDOWN"/);
    hub = await startHub(["--open", "--port", `${hub.port}`]);
    await eventually(async () => ((await device())?.beats.length ?? 0) >= 1, 10_000);
  });

  it("loses no sample while the hub is gone: each is in the history once, in order, with both its times", async () => {
    await hub.close();
    const history = new MemoryHistory({ clock: systemClock() });
    const tcp = ["--tcp-port", "0"];
    hub = await startHub(["--open"], systemClock(), tcp, history);
    const begun = await fetch(`${hub.url}/api/acquisition/start`, { method: "POST", body: "{}" });
    const { id } = (await begun.json()) as { id: string };
    const esp32 = board({ sensorPin: 34, report: 0.05 }, WITNESS + client);
    await eventually(async () => (await points()).length >= 20);
    await hub.close();
    await esp32.saw(/Error.*next try/);
    hub = await startHub(["--open", "--port", `${hub.port}`], systemClock(), tcp, history);
    const readings = (): number => esp32.lines.filter((line) => line.startsWith("READ ")).length;
    await eventually(async () => (await device())?.presence === "online", 10_000);
    const enough = readings() + 20;
    await eventually(() => readings() >= enough);
    await esp32.close();
    await eventually(async () => (await device())?.presence === "offline");

    const kept = await points();
    // The last one or two may have been on their way when the board was switched off.
    expect(kept.length).toBeGreaterThanOrEqual(readings() - 2);
    expect(kept.map(([, value]) => Math.round(value * 10))).toEqual(kept.map((_, i) => i + 1));
    // Beside the corrected time stands the board's own.
    const table = await (await fetch(`${hub.url}/api/recordings/${id}.ndjson`)).text();
    const rows = table
      .trim()
      .split("\n")
      .map((row) => JSON.parse(row) as { deviceTimeMs: number; values: object })
      .filter(({ values }) => "input" in values);
    const own = rows.map(({ deviceTimeMs }) => deviceTimeMs);
    expect(own).toHaveLength(kept.length);
    expect(own.every((time, i) => time < 60_000 && time > (own[i - 1] ?? -1))).toBe(true);
  });

  it("measures as often as a recording asks, and not at all when it is over", async () => {
    await online({ sensorPin: 34, report: 3600, heartbeat: 30 });
    await fetch(`${hub.url}/api/acquisition/start`, { method: "POST", body: '{"intervalMs":50}' });
    await eventually(async () => (await points()).length >= 10);
    await fetch(`${hub.url}/api/acquisition/stop`, { method: "POST", body: "{}" });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { length } = await points();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await points()).toHaveLength(length);
  });

  it("waits until a closed hub's admin approves it, keeps its token, and comes back with that", async () => {
    await hub.close();
    hub = await startHub(["--open", "none"]);
    const { access, registry } = hub.hub.house;
    access.pairing.open(60_000);
    const started = board();
    await eventually(() => access.pairing.view().pending.some(({ model }) => model === "ESP32 Espruino"));
    access.approve("esp32-1");
    await started.saw(/^Hub: approved; the token is kept$/);
    access.pairing.close();
    const first = registry.get("esp32-1")?.connection;
    first?.dismiss("DISCONNECTED");
    await eventually(() => ![null, undefined, first].includes(registry.get("esp32-1")?.connection), 10_000);
    await eventually(() => registry.get("esp32-1")?.link().presence === "online");
  });

  it("is refused when its id is taken, says so, and leaves the first alone", async () => {
    const first = await online();
    const second = board();
    await second.saw(/refused with 409|DUPLICATE/);
    expect(first.lines.filter((line) => line.includes("next try"))).toEqual([]);
    expect((await device())?.presence).toBe("online");
  });
});
