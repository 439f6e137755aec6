import { beforeEach, describe, expect, it } from "@jest/globals";
import { LIMITS } from "../../../hub/base/limits.ts";
import { EchoMemory, SentTexts } from "../../../hub/doors/echo-memory.ts";
import { type FakeClock, fakeClock } from "../../support/fake-clock.ts";

describe("what was sent to a socket", () => {
  let clock: FakeClock;
  let texts: SentTexts;

  beforeEach(() => {
    clock = fakeClock();
    texts = new SentTexts(clock);
  });

  it("is an echo when it comes back within a second, and once", async () => {
    const memory = new EchoMemory(texts);
    memory.remember(texts.add("hi"));
    expect(memory.isEcho("ho")).toBe(false);
    expect(memory.isEcho("hi")).toBe(true);
    expect(memory.isEcho("hi")).toBe(false);
    memory.remember(texts.add("hi"));
    await clock.advance(LIMITS.echoMs + 1);
    expect(memory.isEcho("hi")).toBe(false);
  });

  it("is no echo from a socket that was not sent it", () => {
    const [one, other] = [new EchoMemory(texts), new EchoMemory(texts)];
    const number = texts.add("hi");
    one.remember(number);
    other.remember(texts.add("ho"));
    expect(other.isEcho("hi")).toBe(false);
    expect(one.isEcho("hi")).toBe(true);
  });

  it("is known of the last ones, however many went to others", () => {
    const memory = new EchoMemory(texts);
    for (let i = 0; i <= LIMITS.echoTexts; i++) memory.remember(texts.add(`to it ${i}`));
    for (let i = 0; i < 10_000; i++) texts.add(`to others ${i}`);
    expect(memory.isEcho("to it 0")).toBe(false);
    expect(memory.isEcho("to it 1")).toBe(true);
    expect(memory.isEcho(`to it ${LIMITS.echoTexts}`)).toBe(true);
  });

  it("is forgotten when all together is too much", () => {
    const memory = new EchoMemory(texts);
    memory.remember(texts.add("first"));
    const long = "x".repeat(65_536);
    for (let i = 0; i < LIMITS.echoCharacters / long.length; i++) texts.add(long);
    memory.remember(texts.add("last"));
    expect(memory.isEcho("first")).toBe(false);
    expect(memory.isEcho("last")).toBe(true);
  });
});
