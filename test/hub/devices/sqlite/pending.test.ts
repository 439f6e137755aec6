import { describe, expect, it } from "@jest/globals";
import { LIMITS } from "../../../../hub/base/limits.ts";
import { Pending } from "../../../../hub/devices/sqlite/pending.ts";
import { deviceRow } from "../../../support/store-rows.ts";

describe("what is pending", () => {
  it("remembers the removal only of what the file holds", () => {
    const pending = new Pending(new Set(["stored"]));
    for (let i = 0; i < 1000; i++) {
      pending.putDevice(deviceRow(`passing-${i}`));
      pending.removeDevice(`passing-${i}`);
    }
    pending.removeDevice("stored");
    expect([...pending.devices].map(([id, { isRemoved }]) => [id, isRemoved])).toEqual([["stored", true]]);
  });

  it("remembers nothing of actions that came and went", () => {
    const pending = new Pending(new Set(["a"]));
    for (let i = 0; i < 1000; i++) {
      const action = { id: `${i}`, name: "blink", input: i, by: "rest", at: i, expiresAt: i };
      pending.device("a")?.queued.set(action.id, action);
      pending.removeQueued("a", action.id);
    }
    pending.removeQueued("a", "stored");
    expect([...(pending.device("a")?.queued ?? [])]).toEqual([["stored", null]]);
  });

  it("holds as many entries of a list as the file would keep", () => {
    const pending = new Pending(new Set(["a"]));
    for (let i = 0; i < 1000; i++) {
      pending.addPresence("a", { at: i, presence: "late", reason: "silent" });
      pending.addAudit("a", { at: i, by: "page", what: "set level", value: "1", result: "applied" });
    }
    const device = pending.device("a");
    expect(device?.presence).toHaveLength(LIMITS.presenceRowsPerDevice);
    expect(device?.audit).toHaveLength(LIMITS.auditRowsPerDevice);
    expect(device?.audit.at(-1)?.at).toBe(999);
  });

  it("is empty until something is put for a device that has a row", () => {
    const pending = new Pending(new Set());
    pending.addPresence("unknown", { at: 1, presence: "late", reason: "silent" });
    expect(pending.isEmpty).toBe(true);
    pending.putDevice(deviceRow("a"));
    expect(pending.isEmpty).toBe(false);
  });
});
