/** One connection per id (protocol 2.8). */
import { beforeEach, describe, expect, it } from "@jest/globals";
import type { ErrorCode } from "#protocol/errors.ts";
import { Admission } from "../../../hub/devices/admission.ts";
import type { Connection } from "../../../hub/devices/connection.ts";
import { type FakeClock, fakeClock, settle } from "../../support/fake-clock.ts";

const PROOF_MS = 2_000;
const ADMISSION_MS = 5_000;

describe("admission", () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = fakeClock();
  });

  /** A connection that answers a ping after `ms`, or never. */
  function first(answersAfterMs: number | null) {
    const dismissed: ErrorCode[] = [];
    let asked = 0;
    const connection = {
      dismiss: (code: ErrorCode) => dismissed.push(code),
      prove: (ms: number) => {
        asked += 1;
        return new Promise<boolean>((resolve) => {
          if (answersAfterMs !== null) clock.after(answersAfterMs, () => resolve(true));
          clock.after(ms, () => resolve(false));
        });
      },
    } as unknown as Connection;
    return {
      connection,
      dismissed,
      get asked() {
        return asked;
      },
    };
  }

  /** `waiting`, `in`, or the code of the refusal. */
  function admit(admission: Admission, id: string, present: Connection | null = null): { verdict: string } {
    const newcomer = { verdict: "waiting" };
    admission
      .admit(id, () => present)
      .then(
        () => {
          newcomer.verdict = "in";
        },
        (error: { code: string }) => {
          newcomer.verdict = error.code;
        },
      );
    return newcomer;
  }

  it.each(["ask", "takeover", "refuse"] as const)("lets the first in at once when the policy is %s", async (policy) => {
    const newcomer = admit(new Admission(policy, clock), "lamp");
    await settle();
    expect(newcomer.verdict).toBe("in");
  });

  it("refuses the second when the first answers within two seconds", async () => {
    const lamp = first(PROOF_MS - 1);
    const newcomer = admit(new Admission("ask", clock), "lamp", lamp.connection);
    await clock.advance(PROOF_MS - 2);
    expect(newcomer.verdict).toBe("waiting");
    await clock.advance(1);
    expect([newcomer.verdict, lamp.asked, lamp.dismissed]).toEqual(["DUPLICATE", 1, []]);
  });

  it("lets the second in when the first is silent for two seconds, and tells the first", async () => {
    const lamp = first(null);
    const newcomer = admit(new Admission("ask", clock), "lamp", lamp.connection);
    await clock.advance(PROOF_MS - 1);
    expect([newcomer.verdict, lamp.dismissed]).toEqual(["waiting", []]);
    await clock.advance(1);
    expect([newcomer.verdict, lamp.dismissed]).toEqual(["in", ["REPLACED"]]);
  });

  it("takes over without asking when that is the policy", async () => {
    const lamp = first(0);
    const newcomer = admit(new Admission("takeover", clock), "lamp", lamp.connection);
    await settle();
    expect([newcomer.verdict, lamp.asked, lamp.dismissed]).toEqual(["in", 0, ["REPLACED"]]);
  });

  it("refuses without asking when that is the policy", async () => {
    const lamp = first(null);
    const newcomer = admit(new Admission("refuse", clock), "lamp", lamp.connection);
    await settle();
    expect([newcomer.verdict, lamp.asked, lamp.dismissed]).toEqual(["DUPLICATE", 0, []]);
  });

  it("asks the first again for each newcomer that comes after a refusal", async () => {
    const lamp = first(10);
    const admission = new Admission("ask", clock);
    for (const times of [1, 2]) {
      const newcomer = admit(admission, "lamp", lamp.connection);
      await clock.advance(10);
      expect([newcomer.verdict, lamp.asked]).toEqual(["DUPLICATE", times]);
    }
  });

  it.each(["ask", "takeover"] as const)(
    "lets only one of two newcomers in that come at once, by %s",
    async (policy) => {
      const lamp = first(null);
      const admission = new Admission(policy, clock);
      const one = admit(admission, "lamp", lamp.connection);
      const two = admit(admission, "lamp", lamp.connection);
      await clock.advance(PROOF_MS);
      expect([one.verdict, two.verdict, lamp.dismissed]).toEqual(["in", "DUPLICATE", ["REPLACED"]]);
    },
  );

  it("keeps an id for the one it admitted until that one has arrived", async () => {
    const admission = new Admission("takeover", clock);
    admit(admission, "lamp");
    await clock.advance(ADMISSION_MS - 1);
    const early = admit(admission, "lamp");
    await settle();
    expect(early.verdict).toBe("DUPLICATE");
    admission.arrived("lamp");
    const late = admit(admission, "lamp");
    await settle();
    expect(late.verdict).toBe("in");
  });

  it("keeps an id no longer than five seconds for one that never arrives", async () => {
    const admission = new Admission("ask", clock);
    admit(admission, "lamp");
    await clock.advance(ADMISSION_MS);
    const next = admit(admission, "lamp");
    await settle();
    expect(next.verdict).toBe("in");
  });

  it("counts the five seconds anew for each newcomer", async () => {
    const admission = new Admission("ask", clock);
    admit(admission, "lamp");
    admission.arrived("lamp");
    await clock.advance(ADMISSION_MS - 1_000);
    admit(admission, "lamp");
    await clock.advance(2_000);
    const other = admit(admission, "lamp");
    await settle();
    expect(other.verdict).toBe("DUPLICATE");
  });

  it("keeps ids apart", async () => {
    const admission = new Admission("ask", clock);
    const newcomers = ["lamp", "Lamp", "lamp2"].map((id) => admit(admission, id));
    await settle();
    expect(newcomers.map(({ verdict }) => verdict)).toEqual(["in", "in", "in"]);
  });

  it("frees the id when asking the first fails", async () => {
    const broken = { prove: () => Promise.reject(new Error("reset")) } as unknown as Connection;
    const admission = new Admission("ask", clock);
    admit(admission, "lamp", broken);
    await settle();
    const next = admit(admission, "lamp");
    await settle();
    expect(next.verdict).toBe("in");
  });
});
