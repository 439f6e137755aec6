/** The ESP32 client and the hub itself, over the plain-WebSocket door. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type BoardUnderTest, boards, buildClient, clientConfig } from "../support/espruino.ts";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";

const client = buildClient();

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

  function board(more: object = {}): BoardUnderTest {
    const started = start(client, clientConfig(hub.port, more));
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
  }, 15_000);

  it("is refused when its id is taken, says so, and leaves the first alone", async () => {
    const first = await online();
    const second = board();
    await second.saw(/refused with 409|DUPLICATE/);
    expect(first.lines.filter((line) => line.includes("next try"))).toEqual([]);
    expect((await device())?.presence).toBe("online");
  });
});
