/** Presence by the device's own beat, in pure time (protocol 6.1). */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  ABSENT,
  beaten,
  closed,
  connected,
  declared,
  heard,
  judged,
  nextJudgement,
  type PresenceState,
} from "../../../hub/devices/presence.ts";

const HOUR_MS = 3_600_000;
const SEED = 20_260_101;

/** A small generator of numbers from 0 to 1, the same for the same seed. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A device that has beaten so often, with its last beat at the returned time. */
function beating(beatMs: number, times = 20): { state: PresenceState; now: number } {
  let state = connected(ABSENT, 0);
  let now = 0;
  for (let i = 0; i < times; i++) {
    now += beatMs;
    state = beaten(state, now, "heartbeat");
  }
  return { state, now };
}

/** What the hub says at a time, judged as its timer would: whenever something may be new. */
function at(state: PresenceState, now: number): PresenceState {
  const due = nextJudgement(state);
  if (due === null || due > now) return state;
  // A hair later: the sum of two times may round down.
  const next = judged(state, due + 0.001);
  return next.presence === "late" ? judged(next, now) : next;
}

describe.each([1_000, 3_250, 5_000, 60_000])("a device that beats every %i ms and stops", (beatMs) => {
  it("is late after two of its beats and offline after three", () => {
    const { state, now } = beating(beatMs);
    expect(at(state, now + 1.9 * beatMs).presence).toBe("online");
    expect(at(state, now + 2.6 * beatMs + 250).presence).toBe("late");
    expect(at(state, now + 2.95 * beatMs).presence).toBe("late");
    expect(at(state, now + 3 * beatMs + 250)).toMatchObject({ presence: "offline", reason: "silent" });
  });

  it("is back with its next frame", () => {
    const { state, now } = beating(beatMs);
    const gone = at(state, now + 10 * beatMs);
    expect(gone.presence).toBe("offline");
    expect(heard(gone, now + 10 * beatMs)).toMatchObject({ presence: "online" });
  });
});

describe("a beat with ±20 % jitter", () => {
  it("never makes one of 1,000 devices late in 24 hours", () => {
    let lates = 0;
    for (let device = 0; device < 1_000; device++) {
      const next = random(SEED + device);
      // A day of the shortest beat is 86,400 of them, so few devices have it, and most beat every one to four minutes.
      const beatMs = device < 2 ? 1_000 : device < 10 ? 3_250 : 60_000 + next() * 180_000;
      let state = connected(ABSENT, 0);
      for (let now = 0; now < 24 * HOUR_MS; ) {
        const step = beatMs * (0.8 + 0.4 * next());
        // Compared at once, not judged: these are two million beats.
        if ((nextJudgement(state) ?? Number.POSITIVE_INFINITY) <= now + step) lates += 1;
        now += step;
        state = beaten(state, now, "heartbeat");
      }
    }
    expect(lates).toBe(0);
  });

  it.each([1_000, 60_000])("of %i ms may lose a beat without being late once it is known", (beatMs) => {
    const next = random(SEED);
    let state = connected(ABSENT, 0);
    let now = 0;
    let lates = 0;
    for (let beat = 0; beat < 20_000; beat++) {
      const isLost = beat > 50 && beat % 25 === 0;
      const step = beatMs * (0.8 + 0.4 * next()) + (isLost ? beatMs * (0.8 + 0.4 * next()) : 0);
      if (at(state, now + step).presence !== "online") lates += 1;
      now += step;
      state = beaten(state, now, "heartbeat");
    }
    expect(lates).toBe(0);
  });
});

describe("the beat", () => {
  it("is learned anew when the device beats otherwise, slower or faster", () => {
    const { state, now } = beating(1_000);
    let slower = state;
    let time = now;
    for (let i = 0; i < 4; i++) {
      time += 60_000;
      slower = beaten(slower, time, "heartbeat");
    }
    expect(at(slower, time + 100_000).presence).toBe("online");
    for (let i = 0; i < 4; i++) {
      time += 1_000;
      slower = beaten(slower, time, "heartbeat");
    }
    expect(at(slower, time + 3_300).presence).toBe("offline");
  });

  it("is not spoilt by a burst or by lost beats", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("burst", "lost"), { maxLength: 10 }), (faults) => {
        let { state, now } = beating(5_000);
        for (const fault of faults) {
          now += fault === "burst" ? 5 : 10_000;
          state = beaten(state, now, "heartbeat");
          for (let i = 0; i < 3; i++) {
            now += 5_000;
            state = beaten(state, now, "heartbeat");
          }
        }
        expect(state.beat?.meanMs).toBeCloseTo(5_000, -3);
      }),
      { seed: SEED },
    );
  });

  it("starts as it was declared", () => {
    const state = declared(connected(ABSENT, 0), 2_000, false);
    expect(at(state, 3_900).presence).toBe("online");
    expect(at(state, 6_250).presence).toBe("offline");
  });

  it("is taught by reports only as long as no heartbeat was sent or declared", () => {
    let state = connected(ABSENT, 0);
    for (let i = 1; i <= 5; i++) state = beaten(state, i * 60_000, "report");
    expect(state.beat).toMatchObject({ kind: "report", meanMs: 60_000 });
    state = beaten(state, 301_000, "heartbeat");
    state = beaten(state, 302_000, "heartbeat");
    state = beaten(state, 303_000, "heartbeat");
    expect(state.beat).toMatchObject({ kind: "heartbeat", meanMs: 1_000 });
    expect(beaten(state, 303_100, "report").beat).toEqual(state.beat);
  });
});

describe("a connection", () => {
  it("that never beats is online until it closes", () => {
    const state = connected(ABSENT, 0);
    expect(nextJudgement(state)).toBeNull();
    expect(at(state, 10 * HOUR_MS).presence).toBe("online");
    expect(closed(state, 5, "closed")).toMatchObject({ presence: "offline", reason: "closed" });
  });

  it("that returns within one beat is reconnected; later it is connected", () => {
    const { state, now } = beating(5_000);
    const gone = closed(state, now + 100, "closed");
    expect(connected(gone, now + 4_000).reason).toBe("reconnected");
    expect(connected(gone, now + 6_000).reason).toBe("connected");
  });

  it("that was given up as silent is connected when it returns, not reconnected", () => {
    const { state, now } = beating(1_000);
    const gone = closed(at(state, now + 5_000), now + 5_000, "closed");
    expect(gone).toMatchObject({ presence: "offline", reason: "silent" });
    expect(connected(gone, now + 5_500).reason).toBe("connected");
  });

  it("of a device that sleeps may close between beats", () => {
    const { state, now } = beating(60_000);
    const asleep = closed(declared(state, 60_000, true), now + 10, "closed");
    expect(at(asleep, now + 60_000).presence).toBe("online");
    expect(at(asleep, now + 190_000)).toMatchObject({ presence: "offline", reason: "silent" });
  });

  it("of a device that sleeps is no change while it is online", () => {
    const { state, now } = beating(60_000);
    const asleep = closed(declared(state, 60_000, true), now + 10, "closed");
    expect(connected(asleep, now + 30_000)).toMatchObject({ presence: "online", reason: "connected" });
  });
});

describe("silence", () => {
  it.each(["a visit over HTTP", "a device that sleeps"])("ends %s also when its beat was never learned", (how) => {
    const open = declared(connected(ABSENT, 0), undefined, true);
    const gone = how === "a visit over HTTP" ? { ...heard(ABSENT, 0), sleeps: true } : closed(open, 0, "closed");
    expect(at(gone, 60_000).presence).toBe("online");
    expect(at(gone, HOUR_MS)).toMatchObject({ presence: "offline", reason: "silent" });
  });

  it("says nothing within 1 s, however fast the beat", () => {
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 500 }), (beatMs) => {
        const { state, now } = beating(beatMs, 40);
        expect(at(state, now + 999).presence).toBe("online");
        expect(at(state, now + 1_750).presence).toBe("offline");
      }),
      { seed: SEED },
    );
  });

  it("raises no alarm after a burst, once the beat goes on", () => {
    fc.assert(
      fc.property(fc.constantFrom(1_000, 5_000, 60_000), fc.integer({ min: 1, max: 12 }), (beatMs, burst) => {
        let { state, now } = beating(beatMs);
        const steps = [...Array<number>(burst).fill(2), beatMs - 2 * burst, beatMs, beatMs];
        for (const step of steps) {
          expect(at(state, now + step).presence).toBe("online");
          now += step;
          state = beaten(state, now, "heartbeat");
        }
      }),
      { seed: SEED },
    );
  });
});
