/** What every command does alike: help, faults, signals. */
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import * as z from "zod";
import { option, UsageError } from "#base/options.ts";
import { aborted, type Program, runProgram, StartError } from "#base/program.ts";
import { settle } from "../support/fake-clock.ts";

const OPTIONS = {
  port: option({ schema: z.literal("1", { error: "must be 1" }), default: "1", value: "PORT", help: "the port" }),
} as const;

type Run = Program<typeof OPTIONS>["run"];

describe("a program", () => {
  let out = "";
  let err = "";

  beforeEach(() => {
    out = "";
    err = "";
    jest.spyOn(process.stdout, "write").mockImplementation((text) => {
      out += String(text);
      return true;
    });
    jest.spyOn(process.stderr, "write").mockImplementation((text) => {
      err += String(text);
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  function run(args: readonly string[], work: Run = async () => 0): Promise<number> {
    return runProgram({ usage: "pharos test [options]", summary: "Tests.", options: OPTIONS, run: work }, args);
  }

  it.each(["--help", "-h"])("explains itself with %s and does nothing", async (flag) => {
    let ran = false;
    const code = await run([flag, "--what"], async () => {
      ran = true;
      return 0;
    });
    expect([code, ran, err]).toEqual([0, false, ""]);
    expect(out).toBe("Usage: pharos test [options]\n\nTests.\n\n  --port PORT  the port (default 1)\n");
  });

  it("ends with the code that its work returns", async () => {
    expect(await run([], async ({ port }) => Number(port) + 6)).toBe(7);
    expect([out, err]).toEqual(["", ""]);
  });

  it("names every fault of usage, says where help is, and ends with 2", async () => {
    expect(await run(["--port", "2", "--what"])).toBe(2);
    expect(err).toBe('--what: there is no such option\n--port: must be 1 (given: "2")\nTry: pharos test --help\n');
  });

  it("ends with 2 when its work finds a fault of usage", async () => {
    const code = await run([], () => Promise.reject(new UsageError("--port: not together with --what")));
    expect([code, err]).toEqual([2, "--port: not together with --what\nTry: pharos test --help\n"]);
  });

  it("says one sentence and ends with 1 when it cannot start", async () => {
    const code = await run([], () => Promise.reject(new StartError("The port is taken.")));
    expect([code, err]).toEqual([1, "The port is taken.\n"]);
  });

  it("shows where a mistake is, and ends with 1", async () => {
    const code = await run([], () => Promise.reject(new TypeError("oops")));
    expect(code).toBe(1);
    expect(err).toMatch(/^TypeError: oops\n\s+at /);
  });

  it("says what was thrown when it is no error", async () => {
    expect(await run([], () => Promise.reject("oops" as unknown as Error))).toBe(1);
    expect(err).toBe("oops\n");
  });

  it.each(["SIGINT", "SIGTERM"] as const)("stops on %s and listens to signals no longer", async (signal) => {
    const before = process.listenerCount(signal);
    const ended = run([], async (_, stop) => {
      await aborted(stop);
      return 3;
    });
    expect(process.listenerCount(signal)).toBe(before + 1);
    process.emit(signal, signal);
    expect(await ended).toBe(3);
    expect(process.listenerCount(signal)).toBe(before);
  });

  it("takes a second signal at once for the same, and ends on one that comes later", async () => {
    const exit = jest.spyOn(process, "exit").mockImplementation((() => {}) as unknown as typeof process.exit);
    const now = jest.spyOn(performance, "now").mockReturnValue(1_000);
    let finish = (_code: number): void => {};
    const ended = run(
      [],
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    process.emit("SIGINT", "SIGINT");
    process.emit("SIGINT", "SIGINT");
    await settle();
    expect(exit).not.toHaveBeenCalled();
    now.mockReturnValue(1_501);
    process.emit("SIGINT", "SIGINT");
    expect(exit).toHaveBeenCalledWith(1);
    finish(0);
    await ended;
  });
});

describe("aborted", () => {
  it("resolves when the signal aborts, also when it did before", async () => {
    const stop = new AbortController();
    const early = aborted(stop.signal);
    stop.abort();
    await Promise.all([early, aborted(stop.signal)]);
  });
});
