/** A hub whose disk takes nothing goes on, and says so wherever it is asked (protocol 6.3, 7.8). */
import { once } from "node:events";
import { describe, expect, it } from "@jest/globals";
import { io } from "socket.io-client";
import type { Update } from "#protocol/dashboard-events.ts";
import type { MemoryStore } from "../../../hub/devices/memory-store.ts";
import { eventually } from "../../support/eventually.ts";
import { BRIGHTNESS, fault, PLAIN, restBench } from "../../support/rest-bench.ts";

describe("a full disk", () => {
  const { device, put, call, hub, view } = restBench();

  it("is said by /readyz, by metrics, to every page, and to who asks for what would not survive", async () => {
    const lamp = await device("lamp", PLAIN);
    lamp.on("set", (values) => values);
    const store = hub().hub.house.store as MemoryStore;
    const updates: Update[] = [];
    const page = io(`${hub().url}/dashboard`, { transports: ["websocket"] });
    page.on("update", (update: Update, done: () => void) => {
      updates.push(update);
      done();
    });
    await once(page as unknown as NodeJS.EventEmitter, "connect");
    await eventually(() => updates.length > 0);

    store.setWritable(false);
    await eventually(() => updates.some((update) => update.hub?.degraded.includes("storage")));
    expect(await call("GET", "/readyz")).toEqual({ status: 200, body: { status: "ready", degraded: ["storage"] } });
    expect(await (await fetch(`${hub().url}/metrics`)).text()).toContain("pharos_storage_writable 0");
    expect(await put(BRIGHTNESS, 37)).toEqual(fault(507, "STORAGE"));
    // It goes on serving: the light follows all the same.
    await eventually(async () => (await view("lamp")).reported.brightness === 37);

    store.setWritable(true);
    await eventually(
      () => updates.at(-1)?.hub?.degraded.length === 0 || updates.some((u) => u.hub?.degraded.length === 0),
    );
    expect(await put(BRIGHTNESS, 38)).toEqual({ status: 200, body: { applied: 38 } });
    page.close();
  });
});
