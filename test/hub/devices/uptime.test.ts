import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { PresenceEntry } from "#protocol/views.ts";
import { addEntry, uptimeOf } from "../../../hub/devices/uptime.ts";

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 0, 8);

function entry(
  ago: number,
  presence: PresenceEntry["presence"],
  reason: PresenceEntry["reason"] = "connected",
): PresenceEntry {
  return { at: NOW - ago, presence, reason };
}

describe("uptime", () => {
  it("is unknown without a log, and where the hub was down all the time", () => {
    expect(uptimeOf([], NOW, [])).toEqual({ hour: null, day: null, week: null });
    const log = [entry(HOUR_MS / 2, "online")];
    expect(uptimeOf(log, NOW, [{ from: NOW - HOUR_MS, to: NOW }]).hour).toBeNull();
  });

  it("is the part of the known time in which the device was not offline", () => {
    const log = [
      entry(HOUR_MS, "online"),
      entry(HOUR_MS / 2, "late", "silent"),
      entry(HOUR_MS / 4, "offline", "silent"),
    ];
    expect(uptimeOf(log, NOW, []).hour).toBeCloseTo(0.75);
  });

  it("counts the hub's own down time as neither up nor down", () => {
    const log = [entry(HOUR_MS, "online"), entry(HOUR_MS / 2, "offline", "shutdown")];
    expect(uptimeOf(log, NOW, [{ from: NOW - HOUR_MS / 2, to: NOW }]).hour).toBe(1);
  });

  it("lies between 0 and 1 for any log, and sees no more than its time", () => {
    const spans = fc.array(fc.tuple(fc.nat(20 * 24), fc.constantFrom("online", "late", "offline" as const)), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(spans, spans, (changes, downs) => {
        const log = changes.sort(([a], [b]) => b - a).map(([hours, presence]) => entry(hours * HOUR_MS, presence));
        const hubDown = downs.map(([hours]) => ({ from: NOW - hours * HOUR_MS, to: NOW - (hours - 0.5) * HOUR_MS }));
        for (const part of Object.values(uptimeOf(log, NOW, hubDown))) {
          if (part === null) continue;
          expect(part).toBeGreaterThanOrEqual(0);
          expect(part).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe("the log", () => {
  it("makes one entry of a going and a return within one beat", () => {
    const log = [entry(3000, "online"), entry(2000, "offline", "closed")];
    const back = entry(1000, "online", "reconnected");
    expect(addEntry(log, back, 10)).toEqual([log[0], back]);
    expect(addEntry(log, entry(1000, "online"), 10)).toHaveLength(3);
  });

  it("keeps the newest", () => {
    let log: PresenceEntry[] = [];
    for (let i = 0; i < 9; i++) log = addEntry(log, entry(i, "online"), 4);
    expect(log).toHaveLength(4);
  });
});
