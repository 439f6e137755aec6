import { afterEach, describe, expect, it } from "@jest/globals";
import { type BoardUnderTest, boards } from "../support/espruino.ts";

describe.each(boards())("the library of Espruino, %s", (_name, start) => {
  let board: BoardUnderTest;
  afterEach(() => board.close());

  /** What the board prints for an expression; the fault's name when it throws. */
  async function value(expression: string): Promise<string> {
    board = start(`try { print("VALUE "+(${expression})); } catch (e) { print("VALUE thrown"); }`);
    return (await board.saw(/^VALUE /)).slice(6);
  }

  it.each([
    ..."Map Set WeakMap Symbol Proxy Reflect BigInt Intl RangeError encodeURI escape queueMicrotask".split(" "),
    ..."setImmediate structuredClone URL TextEncoder Buffer crypto fetch performance".split(" "),
    ..."Array.from Array.of Number.isFinite Number.isInteger Number.isNaN Math.trunc Math.hypot Object.freeze".split(
      " ",
    ),
    ..."Object.is Promise.allSettled Promise.race Promise.any String.raw JSON.rawJSON".split(" "),
    ..."[].at [].flat [].flatMap [].entries [].keys [].lastIndexOf [].findLast [].reduceRight".split(" "),
    ..."(1).toPrecision (1).toExponential Promise.resolve().finally".split(" "),
  ])("lacks %s", async (name) => {
    expect(["undefined", "thrown"]).toContain(await value(`typeof ${name}`));
  });

  it.each(["'x'.at", "'x'.search", "'x'.trimStart", "'x'.matchAll", "'x'.codePointAt", "'x'.normalize"])(
    "lacks %s",
    async (name) => {
      expect(["undefined", "thrown"]).toContain(await value(`typeof ${name}`));
    },
  );

  it.each(["({}).on", "({}).emit", "({}).clone", "[].on"])("has %s on every object", async (name) => {
    expect(await value(`typeof ${name}`)).toBe("function");
  });

  it("does not call what every object has its own", async () => {
    expect(await value(`({}).hasOwnProperty("on")`)).toBe("false");
  });

  it("takes rubbish after the JSON", async () => {
    expect(await value(`JSON.parse('{"a":1}rubbish').a`)).toBe("1");
  });

  it("throws on what does not even start as JSON", async () => {
    expect(await value(`JSON.parse("SOS")`)).toBe("thrown");
  });

  it("throws at clearTimeout(undefined)", async () => {
    expect(await value(`clearTimeout(undefined)`)).toBe("thrown");
  });

  it("stops every timer at clearTimeout()", async () => {
    board = start(
      `setTimeout(function() { print("FIRED"); }, 20); clearTimeout(); setTimeout(function() { print("END"); }, 60);`,
    );
    await board.saw(/^END/);
    expect(board.lines).not.toContain("FIRED");
  });

  it("takes the number of a timer that has fired, or never was, for clearTimeout", async () => {
    expect(await value(`(clearTimeout(12345), "fine")`)).toBe("fine");
  });

  it("runs handlers only after the code that emits is done", async () => {
    board = start(`var o={}; o.on("e", function() { print("HANDLER"); }); o.emit("e"); print("EMITTED");`);
    await board.saw(/^HANDLER/);
    expect(board.lines.indexOf("EMITTED")).toBeLessThan(board.lines.indexOf("HANDLER"));
  });

  it("makes up in a burst for the beats that an interval missed while something blocked", async () => {
    board = start(`var beats=0; setInterval(function() { beats++; }, 30);
      setTimeout(function() { var end=getTime()+0.3; while (getTime()<end); beats=0;
        setTimeout(function() { print("BEATS "+beats); }, 60); }, 5);`);
    const line = await board.saw(/^BEATS/);
    expect(Number(line.slice(6))).toBeGreaterThanOrEqual(5);
  });

  it("draws the same random numbers after each start, and others after E.srand", async () => {
    const draw = async (before: string): Promise<string> => {
      board = start(`${before}; print("RANDOM "+Math.random());`);
      const line = await board.saw(/^RANDOM/);
      await board.close();
      return line;
    };
    const first = await draw("");
    expect(await draw("")).toBe(first);
    const seeded = await draw("E.srand(41)");
    expect(seeded).not.toBe(first);
    expect(await draw("E.srand(42)")).not.toBe(seeded);
  });

  it("goes on after a handler has thrown", async () => {
    board = start(`setTimeout(function() { throw new Error("oh"); }, 1); setTimeout(function() { print("ON"); }, 30);`);
    await board.saw(/Uncaught.*oh/);
    await board.saw(/^ON/);
  });
});
