/** The right slider (protocol 6.4): what no sequence of wishes, answers, silences and reports may break. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { PharosError } from "#protocol/errors.ts";
import type { Value } from "#protocol/values.ts";
import type { SetOutcome } from "../../../hub/devices/setter.ts";
import { settle } from "../../support/fake-clock.ts";
import { GIVE_UP_MS, type Sent, SetterBench } from "../../support/setter-bench.ts";

type Step =
  | { readonly do: "ask"; readonly property: string; readonly transition: number | undefined }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "answer" | "refuse"; readonly which: number }
  | { readonly do: "report"; readonly property: string }
  | { readonly do: "drop" };

const property = fc.constantFrom("a", "b", "c");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("ask" as const), property, transition: fc.constantFrom(undefined, 0, 500) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 1_200 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("answer" as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("refuse" as const), which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("report" as const), property }) },
  { weight: 1, arbitrary: fc.constant({ do: "drop" } as const) },
);

/** Plays steps on a bench and holds what must be true beside it. Values count up, so a newer one is a greater one. */
class Model {
  readonly bench = new SetterBench();
  readonly askers: Array<{ readonly value: number; readonly asked: { outcomes: SetOutcome[] } }> = [];
  readonly #transitions = new Map<number, number | undefined>();
  readonly #lastAsked = new Map<string, number>();
  readonly #lastSent = new Map<string, number>();
  #value = 0;
  #firstOfConnection = 0;

  constructor() {
    this.bench.onSend = (sent) => this.#check(sent);
  }

  async play(next: Step): Promise<void> {
    const { bench } = this;
    if (next.do === "ask") this.#ask(next.property, next.transition);
    else if (next.do === "wait") await bench.clock.advance(next.ms);
    else if (next.do === "drop") this.#drop();
    else if (next.do === "report") this.#report(next.property);
    else if (bench.sent.length > 0) {
      // Also frames that were answered, given up, or went to an earlier connection.
      const sent = bench.frame(next.which % bench.sent.length);
      if (next.do === "answer") sent.answer();
      else sent.refuse(new PharosError("FAILED"));
    }
    await settle();
  }

  /** The device answers everything from now on. */
  async finish(): Promise<void> {
    const { bench } = this;
    for (let quiet = 0; quiet < 3; ) {
      const open = bench.sent.filter((sent) => sent.open.size > 0);
      for (const sent of open) sent.answer();
      quiet = open.length === 0 ? quiet + 1 : 0;
      await bench.clock.advance(GIVE_UP_MS);
    }
    expect(this.#lastSent).toEqual(this.#lastAsked);
    for (const { value, asked } of this.askers) {
      expect(asked.outcomes).toHaveLength(1);
      const [outcome] = asked.outcomes;
      if (outcome !== undefined && "applied" in outcome) expect(outcome.applied).toBeGreaterThanOrEqual(value);
    }
  }

  #ask(name: string, transition: number | undefined): void {
    this.#value += 1;
    this.#transitions.set(this.#value, transition);
    this.#lastAsked.set(name, this.#value);
    const value = this.#value;
    this.askers.push({ value, asked: this.bench.ask(name, value, transition) });
  }

  #drop(): void {
    this.bench.setter.drop();
    for (const sent of this.bench.sent) sent.open.clear();
    this.#lastAsked.clear();
    this.#lastSent.clear();
    this.#firstOfConnection = this.bench.sent.length;
  }

  /** The device reports what it was sent last. */
  #report(name: string): void {
    const value = this.#lastSent.get(name);
    if (value === undefined) return;
    for (const sent of this.bench.sent) sent.open.delete(name);
    this.bench.setter.reported(name, value);
  }

  #check(sent: Sent): void {
    const earlier = this.bench.sent.slice(this.#firstOfConnection);
    const unanswered = earlier.filter(({ open, at }) => open.size > 0 && sent.at - at < GIVE_UP_MS);
    expect(unanswered).toEqual([]);
    for (const [name, value] of Object.entries(sent.values)) {
      expect(value).toBeGreaterThan(this.#lastSent.get(name) ?? 0);
      expect(sent.frame.transition).toBe(this.#transitions.get(Number(value)));
      this.#lastSent.set(name, Number(value));
    }
  }
}

describe("the setter, whatever happens", () => {
  it("keeps one frame unanswered, sends newest values only and the last one last, and settles every asker once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
        const model = new Model();
        for (const next of steps) await model.play(next);
        await model.finish();
      }),
      { numRuns: 150 },
    );
  });

  it("never lets what it says was applied go back to an older value within a connection", async () => {
    const noDrop = fc.array(
      step.filter((next) => next.do !== "drop"),
      { maxLength: 60, size: "max" },
    );
    await fc.assert(
      fc.asyncProperty(noDrop, async (steps) => {
        const model = new Model();
        for (const next of steps) await model.play(next);
        await model.finish();
        const newest = new Map<string, Value>();
        for (const [name, value] of model.bench.applied.flatMap((values) => Object.entries(values))) {
          expect(value).toBeGreaterThanOrEqual(Number(newest.get(name) ?? 0));
          newest.set(name, value);
        }
      }),
      { numRuns: 100 },
    );
  });
});
