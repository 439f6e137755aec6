/** What one page is told, and how often (`/dashboard`). */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { readOptions } from "#base/options.ts";
import type { HubInfo, Update } from "#protocol/dashboard-events.ts";
import { Access } from "../../../hub/access/access.ts";
import { MemoryAuditLog } from "../../../hub/access/audit-log.ts";
import { MemoryAccessStore } from "../../../hub/access/memory-access-store.ts";
import { EVERYBODY } from "../../../hub/access/principal.ts";
import { HUB_OPTIONS } from "../../../hub/base/config.ts";
import { LIMITS } from "../../../hub/base/limits.ts";
import { createLogger } from "../../../hub/base/logger.ts";
import type { Broadcast } from "../../../hub/devices/connection.ts";
import type { Device } from "../../../hub/devices/device.ts";
import { MemoryStore } from "../../../hub/devices/memory-store.ts";
import { Dials } from "../../../hub/flow/dials.ts";
import { House } from "../../../hub/flow/house.ts";
import { Wishes } from "../../../hub/flow/wishes.ts";
import { MemoryHistory } from "../../../hub/history/memory-history.ts";
import { PageOutbox } from "../../../hub/outputs/page-outbox.ts";
import { SaidLog } from "../../../hub/outputs/said-log.ts";
import { type FakeClock, fakeClock, settle } from "../../support/fake-clock.ts";

const HUB: HubInfo = { version: "0", open: null, addresses: [], heartbeatIntervalMs: 10_000, degraded: [] };
/** Long enough for any pace to let the next update go. */
const LONG_MS = 10_000;

describe("the outbox of a page", () => {
  let clock: FakeClock;
  let house: House;
  let said: SaidLog;
  let updates: Update[];
  let acknowledge: Array<() => void>;
  let page: PageOutbox;

  beforeEach(() => {
    clock = fakeClock();
    const config = readOptions(HUB_OPTIONS, [], {});
    const logger = createLogger(true, () => {});
    house = new House({
      config,
      clock,
      logger,
      broadcast: {} as Broadcast,
      store: new MemoryStore(),
      history: new MemoryHistory({ clock }),
      access: new Access({ config, clock, store: new MemoryAccessStore(), audit: new MemoryAuditLog() }),
    });
    said = new SaidLog();
    updates = [];
    acknowledge = [];
    page = new PageOutbox({
      house,
      said,
      dials: new Dials(house),
      hub: HUB,
      principal: EVERYBODY,
      send: (update) => {
        updates.push(update);
        return new Promise((resolve) => acknowledge.push(resolve));
      },
    });
  });

  function device(id: string): Device {
    const made = new Wishes(house).createDevice(id, clock.now());
    house.registry.add(made);
    return made;
  }

  function report(of: Device, property: string, value: number): void {
    of.stateOf(property).reported = { value, at: clock.now() };
    page.change({ id: of.id, properties: [property] });
  }

  /** Acknowledges all that was sent, as a fast page does. */
  async function acknowledgeAll(): Promise<void> {
    for (const done of acknowledge.splice(0)) done();
    await settle();
  }

  it("begins with the whole of everything, and says so", () => {
    const lamp = device("lamp");
    lamp.stateOf("brightness").reported = { value: 5, at: 1 };
    device("fan");
    said.add({ from: "lamp", to: [], kind: "message", text: "hi" }, 1);
    page.start();
    expect(updates).toHaveLength(1);
    expect(updates[0]).toMatchObject({ hub: HUB, now: clock.now(), gone: [], said: [{ seq: 1, text: "hi" }] });
    expect(updates[0]?.devices).toEqual([
      { id: "fan", about: house.registry.get("fan")?.about(), link: house.registry.get("fan")?.link() },
      {
        id: "lamp",
        about: lamp.about(),
        link: lamp.link(),
        state: { brightness: { desired: null, reported: { value: 5, at: 1 }, heldBy: null } },
      },
    ]);
  });

  it("tells what is soon known better together with that, or alone a moment later", async () => {
    const lamp = device("lamp");
    page.start();
    await acknowledgeAll();
    await clock.advance(LONG_MS);
    page.change({ id: "lamp", properties: ["brightness"], isPassing: true });
    await clock.advance(1);
    expect(updates).toHaveLength(1);
    report(lamp, "brightness", 7);
    await clock.advance(0);
    expect(updates).toHaveLength(2);
    await acknowledgeAll();
    page.change({ id: "lamp", properties: ["brightness"], isPassing: true });
    await clock.advance(LIMITS.pagePassingMs);
    expect(updates).toHaveLength(3);
  });

  it("says only once that everything is new", async () => {
    page.start();
    await acknowledgeAll();
    device("lamp");
    page.change({ id: "lamp", about: true });
    await clock.advance(LONG_MS);
    expect(updates).toHaveLength(2);
    expect(updates[1]).not.toHaveProperty("hub");
  });

  it("tells only the parts that changed", async () => {
    const lamp = device("lamp");
    lamp.stateOf("other").reported = { value: 1, at: 1 };
    page.start();
    await acknowledgeAll();
    report(lamp, "brightness", 7);
    await clock.advance(LONG_MS);
    expect(updates[1]?.devices).toEqual([{ id: "lamp", state: { brightness: lamp.propertyState("brightness") } }]);
    await acknowledgeAll();
    page.change({ id: "lamp", link: true });
    await clock.advance(LONG_MS);
    expect(updates[2]?.devices).toEqual([{ id: "lamp", link: lamp.link() }]);
  });

  it("tells what changes together in one update, each value at its newest", async () => {
    const lamp = device("lamp");
    const fan = device("fan");
    page.start();
    await acknowledgeAll();
    for (let value = 1; value <= 10; value++) report(lamp, "brightness", value);
    report(fan, "speed", 3);
    page.change({ id: "lamp", about: true });
    await clock.advance(LONG_MS);
    expect(updates).toHaveLength(2);
    expect(updates[1]?.devices).toMatchObject([
      { id: "lamp", about: { name: "lamp" }, state: { brightness: { reported: { value: 10 } } } },
      { id: "fan", state: { speed: { reported: { value: 3 } } } },
    ]);
  });

  it("sends nothing when there is nothing to say", async () => {
    page.start();
    await acknowledgeAll();
    await clock.advance(LONG_MS);
    expect(updates).toHaveLength(1);
  });

  it("sends three updates to a page that acknowledges none, and not one more", async () => {
    const lamp = device("lamp");
    page.start();
    for (let value = 1; value <= 50; value++) {
      report(lamp, "brightness", value);
      await clock.advance(100);
    }
    expect(updates).toHaveLength(LIMITS.pageUnacknowledged);
    expect(LIMITS.pageUnacknowledged).toBe(3);
  });

  it("then tells everything that happened meanwhile at its newest, as soon as the page acknowledges one", async () => {
    const lamp = device("lamp");
    const fan = device("fan");
    page.start();
    for (let value = 1; value <= 50; value++) {
      report(lamp, "brightness", value);
      if (value === 20) report(fan, "speed", 20);
      said.add({ from: "lamp", to: [], kind: "message", text: `line ${value}` }, 1);
      page.schedule();
      await clock.advance(100);
    }
    const told = updates.flatMap((update) => update.said).length;
    acknowledge.shift()?.();
    await clock.advance(LONG_MS);
    expect(updates).toHaveLength(4);
    expect(updates[3]?.devices).toMatchObject([
      { id: "lamp", state: { brightness: { reported: { value: 50 } } } },
      { id: "fan", state: { speed: { reported: { value: 20 } } } },
    ]);
    expect(updates[3]?.said.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 - told }, (_, i) => told + i + 1));
  });

  it("keeps a fast page at a pace, and tells it the newest in the end", async () => {
    const lamp = device("lamp");
    page.start();
    for (let value = 1; value <= 1_000; value++) {
      report(lamp, "brightness", value);
      await clock.advance(1);
      await acknowledgeAll();
    }
    const steady = 1_000 / LIMITS.pageUpdateMs;
    expect(updates.length).toBeGreaterThanOrEqual(Math.floor(steady));
    expect(updates.length).toBeLessThanOrEqual(Math.ceil(steady) + LIMITS.pageBurst + 1);
    expect(updates.length).toBeLessThan(1_000 / 2);
    await clock.advance(LONG_MS);
    expect(updates.at(-1)?.devices).toMatchObject([{ state: { brightness: { reported: { value: 1_000 } } } }]);
  });

  it("says that a device is gone, and nothing else of it", async () => {
    const lamp = device("lamp");
    page.start();
    await acknowledgeAll();
    report(lamp, "brightness", 1);
    house.registry.remove("lamp");
    page.gone("lamp");
    await clock.advance(LONG_MS);
    expect(updates[1]).toMatchObject({ devices: [], gone: ["lamp"] });
  });

  it("tells a device that came back after it was gone", async () => {
    device("lamp");
    page.start();
    await acknowledgeAll();
    page.gone("lamp");
    page.change({ id: "lamp", about: true, link: true });
    await clock.advance(LONG_MS);
    expect(updates[1]).toMatchObject({ devices: [{ id: "lamp", about: { name: "lamp" } }] });
  });

  it("sends nothing more after the page is gone, whatever is said and acknowledged", async () => {
    const lamp = device("lamp");
    page.start();
    report(lamp, "brightness", 1);
    page.close();
    await acknowledgeAll();
    said.add({ from: null, to: [], kind: "sent", text: "later" }, 1);
    page.change({ id: "lamp", about: true });
    await clock.advance(LONG_MS);
    await acknowledgeAll();
    await clock.advance(LONG_MS);
    expect(updates).toHaveLength(1);
  });
});
