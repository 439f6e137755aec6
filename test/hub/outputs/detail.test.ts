/** What the room of one device shows: its log, its audit, what waits; told only to the page that watches (protocol 6.2). */
import { once } from "node:events";
import { describe, expect, it } from "@jest/globals";
import { io } from "socket.io-client";
import type { Update } from "#protocol/dashboard-events.ts";
import type { DeviceDetail } from "#protocol/views.ts";
import { eventually } from "../../support/eventually.ts";
import { BRIGHTNESS, PLAIN, restBench } from "../../support/rest-bench.ts";

describe("the detail of a device", () => {
  const { device, put, call, hub, view } = restBench();

  it("follows who asked what with which result, and every change of presence with its reason", async () => {
    const lamp = await device("lamp", PLAIN);
    lamp.on("set", (values) => values);
    let detail: DeviceDetail | undefined;
    const page = io(`${hub().url}/dashboard`, { transports: ["websocket"] });
    page.on("update", (update: Update, done: () => void) => {
      for (const change of update.devices) detail = change.detail ?? detail;
      done();
    });
    await once(page as unknown as NodeJS.EventEmitter, "connect");
    await put(BRIGHTNESS, 1);
    expect(detail).toBeUndefined();

    page.emit("watch", { device: "lamp" });
    await eventually(() => detail !== undefined);
    for (const value of [10, 20, 30]) await put(BRIGHTNESS, value);
    await call("PATCH", "/api/devices/lamp", { name: "Desk" });
    lamp.close();
    await eventually(async () => (await view("lamp")).presence === "offline");
    await call("POST", "/api/devices/lamp/actions/blink", { expiresMs: 60_000 });
    await eventually(() => detail?.queued.length === 1);
    // A drag is one entry, with its last value.
    expect(detail?.audit.map(({ by, what, value, result }) => [by, what, value, result])).toEqual([
      ["rest", "action blink", "", "queued"],
      ["rest", "rename", "Desk", "done"],
      ["rest", "set brightness", "30", "applied"],
    ]);
    expect(detail?.log.map(({ presence, reason }) => `${presence} ${reason}`)).toEqual([
      "offline closed",
      "online connected",
    ]);
    page.close();
  });
});
