/** The last things that were said, as pages get them. */
import { describe, expect, it } from "@jest/globals";
import { LIMITS } from "../../../hub/base/limits.ts";
import { SaidLog } from "../../../hub/outputs/said-log.ts";

function filled(lines: number): SaidLog {
  const log = new SaidLog();
  for (let i = 1; i <= lines; i++) log.add({ from: "lamp", to: ["bench"], kind: "message", text: `line ${i}` }, i);
  return log;
}

describe("the log of what was said", () => {
  it("is empty at first", () => {
    const log = new SaidLog();
    expect([log.newest, log.since(0)]).toEqual([0, []]);
  });

  it("counts its lines and stamps them", () => {
    expect(filled(2).since(0)).toEqual([
      { seq: 1, at: 1, from: "lamp", to: ["bench"], kind: "message", text: "line 1" },
      { seq: 2, at: 2, from: "lamp", to: ["bench"], kind: "message", text: "line 2" },
    ]);
  });

  it("gives what came after a line", () => {
    const log = filled(5);
    expect(log.since(3).map(({ seq }) => seq)).toEqual([4, 5]);
    expect(log.since(5)).toEqual([]);
    expect(log.newest).toBe(5);
  });

  it("keeps only its last lines, and shows by their numbers that some are gone", () => {
    const log = filled(LIMITS.saidLines + 10);
    const all = log.since(0);
    expect(all).toHaveLength(LIMITS.saidLines);
    expect([all[0]?.seq, all.at(-1)?.seq]).toEqual([11, LIMITS.saidLines + 10]);
    expect(log.since(5)).toHaveLength(LIMITS.saidLines);
    expect(log.since(LIMITS.saidLines + 8)).toHaveLength(2);
  });

  it("shortens what is too long to be shown", () => {
    const log = new SaidLog();
    log.add({ from: null, to: [], kind: "sent", text: "x".repeat(60_000) }, 0);
    log.add({ from: null, to: [], kind: "sent", text: "y".repeat(2_000) }, 0);
    const [long, whole] = log.since(0);
    expect(long?.text).toBe(`${"x".repeat(2_000)}…`);
    expect(whole?.text).toBe("y".repeat(2_000));
  });
});
