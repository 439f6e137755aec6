import { describe, expect, it } from "@jest/globals";
import { createFader } from "../../pi-agent/fader.ts";
import { fakeClock } from "../support/fake-clock.ts";

describe("the fader", () => {
  it("steps all fades together, each until it is removed", async () => {
    const clock = fakeClock();
    const fader = createFader(clock, 20);
    const steps: string[] = [];
    const long = () => void steps.push("long");
    const short = () => {
      steps.push("short");
      fader.remove(short);
    };
    fader.add(long);
    fader.add(short);
    fader.add(long);
    await clock.advance(40);
    expect(steps).toEqual(["long", "short", "long"]);
  });

  it("has one timer for a hundred fades, and none when nothing fades", () => {
    const running = new Set<object>();
    const every = () => {
      const timer = { cancel: () => void running.delete(timer) };
      running.add(timer);
      return timer;
    };
    const fader = createFader({ ...fakeClock(), every }, 20);
    const fades = Array.from({ length: 100 }, () => () => {});
    for (const fade of fades) fader.add(fade);
    expect(running.size).toBe(1);
    for (const fade of fades) fader.remove(fade);
    expect(running.size).toBe(0);
  });
});
