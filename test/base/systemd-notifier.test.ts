/** What systemd hears: against a fake clock, and by the real systemd-notify on a real socket. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createNotifier, type NotifierParts } from "#base/systemd-notifier.ts";
import { eventually } from "../support/eventually.ts";
import { fakeClock, settle } from "../support/fake-clock.ts";
import { ROOT } from "../support/sources.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const WATCHED = { NOTIFY_SOCKET: "/run/x", WATCHDOG_USEC: "30000000", WATCHDOG_PID: String(process.pid) };

function bench(parts: Partial<NotifierParts> = {}) {
  const clock = fakeClock();
  const sent: string[][] = [];
  const faults: string[] = [];
  const notifier = createNotifier({
    clock,
    env: WATCHED,
    probe: async () => {},
    onFault: ({ message }) => faults.push(message),
    send: async (variables) => void sent.push([...variables]),
    ...parts,
  });
  return { clock, sent, faults, notifier };
}

describe("the notifier", () => {
  it("says that the service is ready, what it does, and that it ends", async () => {
    const { notifier, sent } = bench();
    await notifier.ready("two\npins");
    await notifier.stopping();
    expect(sent).toEqual([["READY=1", "STATUS=two pins"], ["STOPPING=1"]]);
  });

  it("feeds the watchdog twice in its time, from ready until it stops", async () => {
    const { notifier, sent, clock } = bench();
    await clock.advance(60_000);
    expect(sent).toEqual([]);
    await notifier.ready("");
    await clock.advance(45_000);
    expect(sent.slice(1)).toEqual([["WATCHDOG=1"], ["WATCHDOG=1"], ["WATCHDOG=1"]]);
    await notifier.stopping();
    await clock.advance(60_000);
    expect(sent).toHaveLength(5);
  });

  it("feeds it not while the probe fails, says why, and again when it passes", async () => {
    let fault: Error | null = new Error("no pigpiod");
    const { notifier, sent, faults, clock } = bench({
      probe: async () => {
        if (fault !== null) throw fault;
      },
    });
    await notifier.ready("");
    await clock.advance(30_000);
    expect([sent.length, faults]).toEqual([1, Array(2).fill("The watchdog is not fed: no pigpiod")]);
    fault = null;
    await clock.advance(15_000);
    expect(sent.at(-1)).toEqual(["WATCHDOG=1"]);
  });

  it("feeds it not while the probe hangs, nor when its answer comes too late", async () => {
    let answer = (): void => {};
    const { notifier, sent, faults, clock } = bench({
      probe: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    await notifier.ready("");
    await clock.advance(31_000);
    answer();
    await settle();
    expect(sent).toHaveLength(1);
    expect(faults[0]).toBe("The watchdog is not fed: no answer within 15000 ms");
  });

  it("sends one thing after the other, and of many statuses only the newest", async () => {
    const going: Array<() => void> = [];
    const sent: string[][] = [];
    const { notifier } = bench({
      send: (variables) => {
        sent.push([...variables]);
        return new Promise((resolve) => going.push(resolve));
      },
    });
    notifier.status("1");
    await settle();
    for (const text of ["2", "3", "4"]) notifier.status(text);
    await settle();
    expect(sent).toEqual([["STATUS=1"]]);
    going[0]?.();
    await settle();
    expect(sent).toEqual([["STATUS=1"], ["STATUS=4"]]);
  });

  it.each([
    ["nobody listens", { WATCHDOG_USEC: "1000" }, 0],
    ["no watchdog is asked for", { NOTIFY_SOCKET: "/x" }, 1],
    ["the watchdog is for another process", { ...WATCHED, WATCHDOG_PID: "1" }, 1],
  ])("does not more than it is asked for when %s", async (_, env, count) => {
    let probes = 0;
    const { notifier, sent, clock } = bench({
      env,
      probe: async () => {
        probes += 1;
      },
    });
    await notifier.ready("");
    await clock.advance(100_000);
    expect([sent.length, probes]).toEqual([count, 0]);
  });

  it("goes on when systemd cannot be told, and says so", async () => {
    const { notifier, faults } = bench({ env: { ...WATCHED, PATH: "/nowhere" }, send: undefined as never });
    await notifier.ready("");
    expect(faults[0]).toMatch(/^systemd-notify cannot be run: .*ENOENT/);
  });
});

describe("systemd, in the part of a real socket,", () => {
  it("hears of a process that works, and nothing from one whose loop is blocked", async () => {
    const socket = join(newFolder(), "notify");
    const listener = spawn("/usr/bin/python3", [
      "-uc",
      `import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(${JSON.stringify(socket)}); print("bound")
while True: print(s.recv(4096).decode().replace("\\n", "|"))`,
    ]);
    let heard = "";
    listener.stdout.setEncoding("utf8").on("data", (text: string) => {
      heard += text;
    });
    await eventually(() => heard.includes("bound"), 10_000);
    const service = spawn(process.execPath, ["--input-type=module", "-e", blockingService()], {
      env: { PATH: process.env.PATH, NOTIFY_SOCKET: socket, WATCHDOG_USEC: "200000" },
      stdio: ["pipe", "inherit", "inherit"],
    });
    try {
      await eventually(() => (heard.match(/WATCHDOG=1/g) ?? []).length >= 3, 10_000);
      expect(heard).toMatch(/READY=1\|STATUS=works/);
      service.stdin.write("block\n");
      await eventually(() => heard.includes("STATUS=blocked"), 10_000);
      // What was under way when the loop stopped still arrives.
      await new Promise((resolve) => setTimeout(resolve, 300));
      const before = heard;
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(heard).toBe(before);
    } finally {
      service.kill("SIGKILL");
      listener.kill("SIGKILL");
      await Promise.all([once(service, "exit"), once(listener, "exit")]);
    }
  });
});

/** A process that works until it is told to block its loop for ever. */
function blockingService(): string {
  const input = `import { createNotifier } from "./base/systemd-notifier.ts";
import { systemClock } from "./base/clock.ts";
const notifier = createNotifier({ clock: systemClock(), env: process.env, probe: async () => {}, onFault: console.error });
await notifier.ready("works");
process.stdin.once("data", async () => {
  notifier.status("blocked");
  await new Promise((resolve) => setTimeout(resolve, 40));
  for (;;);
});`;
  const words = ["--bundle", "--platform=node", "--format=esm", "--loader=ts"];
  const { stdout, stderr } = spawnSync(join(ROOT, "node_modules/.bin/esbuild"), words, {
    input,
    cwd: ROOT,
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  return stdout;
}
