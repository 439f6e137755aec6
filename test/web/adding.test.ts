import { describe, expect, it } from "@jest/globals";
import type { DeviceChange, HubInfo } from "#protocol/dashboard-events.ts";
import { type Adding, createAdding } from "../../web/model/adding.ts";
import { createStore } from "../../web/model/store.ts";
import { ABOUT } from "../support/fake-hub.ts";
import { type FakePageClock, fakePageClock } from "../support/page-clock.ts";

const LINK = { reason: "connected", since: 0, lastSeen: 0, door: "websocket", address: "", beatMs: null } as const;
const REST = { beats: [], vitals: {}, roundTripMs: null, uptime: { hour: null, day: null, week: null } };
const HUB: HubInfo = {
  version: "0",
  open: "lan",
  addresses: ["http://192.168.1.5:5000", "http://hub.local:5000"],
  heartbeatIntervalMs: 10_000,
  degraded: [],
};

interface Bench {
  readonly adding: Adding;
  readonly clock: FakePageClock;
  device(id: string, presence: "online" | "offline", name?: string): void;
}

function bench(hub: Partial<HubInfo> = {}): Bench {
  const clock = fakePageClock();
  const store = createStore(
    () => ({ told() {}, reopened() {} }) as never,
    () => clock.now(),
  );
  const tell = (devices: DeviceChange[], info?: HubInfo): void => {
    store.take({ now: 0, devices, gone: [], said: [], ...(info && { hub: info }) });
    store.flush();
  };
  tell([], { ...HUB, ...hub });
  return {
    adding: createAdding({ store, clock, origin: "http://page:80" }),
    clock,
    device: (id, presence, name = id) =>
      tell([{ id, about: { ...ABOUT, name }, link: { ...LINK, ...REST, presence } }]),
  };
}

describe("adding a device", () => {
  it("proposes the first free id", () => {
    const { adding, device } = bench();
    adding.open();
    expect(adding.id.value).toBe("lamp-1");
    device("lamp-1", "offline");
    adding.open();
    expect(adding.id.value).toBe("lamp-2");
  });

  it("proposes an id whose simulated device is free", () => {
    const { adding, device } = bench();
    device("lamp-1", "offline");
    adding.open("simulated");
    expect([adding.id.value, adding.device.value]).toEqual(["lamp-2", "lamp-2-1"]);
    adding.name("porch-1");
    expect(adding.device.value).toBe("porch-1");
  });

  it.each([
    ["", "empty"],
    ["-lamp", "form"],
    ["lamp 1", "form"],
    ["lämp", "form"],
    ["x".repeat(65), "form"],
    ["known", "taken"],
    ["x".repeat(64), null],
    ["Lamp.1_b-C", null],
  ])("says of the id %j: %s", (id, fault) => {
    const { adding, device } = bench();
    device("known", "offline");
    adding.open();
    adding.name(id);
    expect(adding.fault.value).toBe(fault);
  });

  it("takes an id with the spaces around it away", () => {
    const { adding } = bench();
    adding.open();
    adding.name("  lamp-7 ");
    expect(adding.id.value).toBe("lamp-7");
  });

  it("sees the device come, by its name, and go", () => {
    const { adding, device } = bench();
    adding.open();
    expect(adding.arrived.value).toBeNull();
    device("lamp-1", "online", "Window");
    expect([adding.arrived.value, adding.fault.value]).toEqual(["Window", null]);
    device("lamp-1", "offline");
    expect(adding.arrived.value).toBeNull();
  });

  it("waits for another with the next free id", () => {
    const { adding, device } = bench();
    adding.open("python");
    device("lamp-1", "online");
    adding.again();
    expect([adding.kind.value, adding.id.value, adding.arrived.value]).toEqual(["python", "lamp-2", null]);
  });

  it("names those that came meanwhile, and not those that were there", () => {
    const { adding, device } = bench();
    device("old", "online");
    device("asleep", "offline");
    adding.open();
    device("lamp-9", "online");
    device("asleep", "online");
    expect(adding.others.value).toEqual(["asleep", "lamp-9"]);
    device("lamp-1", "online");
    expect(adding.others.value).toEqual(["asleep", "lamp-9"]);
  });

  it("is late after a minute, counted anew when the id changes", async () => {
    const { adding, clock } = bench();
    adding.open();
    await clock.advance(59_999);
    expect(adding.isLate.value).toBe(false);
    adding.name("porch");
    await clock.advance(59_999);
    expect(adding.isLate.value).toBe(false);
    await clock.advance(1);
    expect(adding.isLate.value).toBe(true);
    adding.again();
    expect(adding.isLate.value).toBe(false);
    adding.close();
    await clock.advance(60_000);
    expect(adding.isLate.value).toBe(false);
  });

  it("offers the hub's addresses, the best one first, and falls back to the page's own", () => {
    const { adding } = bench();
    expect(adding.address.value).toBe("http://192.168.1.5:5000");
    adding.reach("http://hub.local:5000");
    expect(adding.address.value).toBe("http://hub.local:5000");
    adding.reach("http://gone:5000");
    expect(adding.address.value).toBe("http://192.168.1.5:5000");
    expect(bench({ addresses: [] }).adding.address.value).toBe("http://page:80");
    const { adding: byTls } = bench({ addresses: ["https://192.168.1.5", "https://[fe80::1]:5443"], devicePort: 5080 });
    expect(byTls.addresses.value).toEqual(["http://192.168.1.5:5080", "http://[fe80::1]:5080"]);
  });

  it("keeps of a Wi-Fi what a program can hold", () => {
    const { adding } = bench();
    adding.join(`Caf\u0000é\n${"x".repeat(40)}`, "y".repeat(70));
    expect(adding.wifi.value).toEqual({ ssid: `Café${"x".repeat(28)}`, password: "y".repeat(63) });
  });
});
