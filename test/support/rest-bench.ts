/** A real hub for each test of a file, asked over HTTP, with real devices behind its doors. */
import { afterEach, beforeEach, expect } from "@jest/globals";
import type { DeviceView } from "#protocol/views.ts";
import { type DeviceClient, DOORS, type DoorKit } from "./device-client.ts";
import { startHub, type TestHub } from "./hub.ts";

export const SOCKET_IO = door("Socket.IO");
export const PLAIN = door("plain WebSocket");

export const LAMP = {
  name: "Lamp",
  rooms: ["bench"],
  properties: {
    brightness: { type: "number", minimum: 0, maximum: 100, unit: "percent" },
    power: { type: "boolean" },
    mode: { type: "string", enum: ["eco", "boost"] },
    aim: { type: "object", properties: { x: { type: "number", maximum: 5 }, y: { type: "number" } } },
    temperature: { type: "number", readOnly: true },
  },
  actions: { blink: { title: "Blink" } },
};

export const BRIGHTNESS = "/api/devices/lamp/properties/brightness";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function door(wanted: string): DoorKit {
  const kit = DOORS.find(({ name }) => name === wanted);
  if (kit === undefined) throw new Error(`there is no door ${wanted}`);
  return kit;
}

/** An answer that refuses: this status, this code, and some sentence. */
export function fault(status: number, code: string): object {
  return { status, body: { error: { code, message: expect.stringMatching(/\S/) } } };
}

/** Call it once, at the top of a `describe`. */
export function restBench() {
  let hub: TestHub;
  let clients: DeviceClient[] = [];

  beforeEach(async () => {
    hub = await startHub();
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    clients = [];
    await hub.close();
  });

  async function connect(id: string, through: DoorKit): Promise<DeviceClient> {
    const client = await through.connect(hub, id);
    clients.push(client);
    return client;
  }

  async function device(id: string, through: DoorKit, hello: object = LAMP): Promise<DeviceClient> {
    const client = await connect(id, through);
    await client.ask("hello", hello);
    return client;
  }

  async function raw(method: string, path: string, body?: string, headers = {}): Promise<Answer> {
    const response = await fetch(`${hub.url}${path}`, { method, headers, ...(body !== undefined && { body }) });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : (JSON.parse(text) as unknown) };
  }

  function call(method: string, path: string, body?: unknown, headers = {}): Promise<Answer> {
    return raw(method, path, body === undefined ? undefined : JSON.stringify(body), headers);
  }

  return {
    connect,
    /** Connects and says hello. */
    device,
    raw,
    call,
    put: (path: string, body?: unknown): Promise<Answer> => call("PUT", path, body),
    view: async (id: string): Promise<DeviceView> => (await call("GET", `/api/devices/${id}`)).body as DeviceView,
    /** The hub of this test. */
    hub: (): TestHub => hub,
  };
}
