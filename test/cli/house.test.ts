import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { systemClock } from "#base/clock.ts";
import { type Machine, runHouse } from "../../cli/house.ts";
import { fakeClock, settle } from "../support/fake-clock.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();

/** What stand-ins for the parts do; each is the body of a script. */
const HUB = `stay("hub"); console.log(JSON.stringify({event: "listening", port: 4321, msg: "serving"}));`;
const DEVICE = `stay(part); console.log(part + " reaches " + words[words.indexOf("--hub") + 1]);`;
const STUBBORN = `process.on("SIGTERM", () => {}); console.log(part + " stays"); setInterval(() => {}, 1000);`;

interface Bodies {
  readonly hub?: string;
  readonly agent?: string;
  readonly simulate?: string;
}

/** Runs the house over stand-ins, real processes all, with what it said so far. */
function house(bodies: Bodies = {}, options: { jsonLogs?: boolean; simulate?: boolean } = {}, clock = systemClock()) {
  const folder = newFolder();
  const bin = join(folder, "pharos.mjs");
  const journal = join(folder, "journal");
  const all = { hub: HUB, agent: DEVICE, simulate: DEVICE, ...bodies };
  const cases = Object.entries(all).map(([name, body]) => `${name}() { ${body} }`);
  writeFileSync(
    bin,
    `import { appendFileSync } from "node:fs";
    const [part, ...words] = process.argv.slice(2);
    function stay(name) {
      setInterval(() => {}, 1000);
      process.on("SIGTERM", () => { appendFileSync(${JSON.stringify(journal)}, name + "\\n"); process.exit(0); });
    }
    ({ ${cases.join(",\n")} })[part]();`,
  );
  const out: string[] = [];
  const err: string[] = [];
  const machine: Machine = {
    bin,
    clock,
    raspberryPi: null,
    hostname: "bench",
    interfaces: () => ({}),
    terminal: { columns: 80, colors: false },
    write: (line, stream) => (stream === "stdout" ? out : err).push(line),
  };
  const stop = new AbortController();
  houses.push(stop);
  const given = { host: "::", port: 0, open: "lan", dataDir: folder, simulate: true, jsonLogs: false, ...options };
  const code = runHouse(given, machine, stop.signal);
  return {
    code,
    out,
    err,
    stop,
    stopped: () => (existsSync(journal) ? readFileSync(journal, "utf8").trim().split("\n") : []),
  };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`still not so: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const houses: AbortController[] = [];
afterEach(() => {
  for (const stop of houses.splice(0)) stop.abort();
});

const isUp = (out: readonly string[]) => () => out.some((text) => text.includes("Pharos is running"));

describe("the house", () => {
  it("starts the hub, then the parts with its port, then says where to open the page", async () => {
    const { code, out, stop } = house();
    await until(isUp(out));
    stop.abort();
    expect(await code).toBe(0);
    expect(out[0]).toBe("hub      │ serving");
    expect(out[1]).toMatch(/^start +│ This is not a Raspberry Pi: the LED is a simulated one/);
    expect(out).toContain("agent    │ agent reaches http://127.0.0.1:4321");
    expect(out).toContain("esp32    │ simulate reaches http://127.0.0.1:4321");
    expect(out.at(-1)).toContain("http://localhost:4321");
  });

  it("stops the devices first and the hub last", async () => {
    const { code, out, stop, stopped } = house();
    await until(isUp(out));
    stop.abort();
    await code;
    expect(stopped().sort()).toEqual(["agent", "hub", "simulate"]);
    expect(stopped().at(-1)).toBe("hub");
  });

  it("ends with the hub's code and its own sentence when the hub cannot start", async () => {
    const { code, out, err } = house({ hub: `console.error("Port 5000 is in use."); process.exit(3);` });
    expect(await code).toBe(3);
    expect(err).toEqual(["Port 5000 is in use."]);
    expect(out).toEqual([]);
  });

  it("stops everything, and says so, when the hub ends later", async () => {
    const { code, out, stopped } = house({ hub: `${HUB} setTimeout(() => process.exit(4), 300);` });
    expect(await code).toBe(4);
    expect(out.at(-1)).toBe("hub      │ ended (exit code 4): everything stops");
    expect(stopped().sort()).toEqual(["agent", "simulate"]);
  });

  it("starts a part again that ended, and leaves the others alone", async () => {
    const clock = fakeClock();
    const { code, out, stop } = house({ agent: `console.log("once more"); process.exit(1);` }, {}, clock);
    const starts = (): number => out.filter((line) => line === "agent    │ once more").length;
    await until(() => isUp(out)() && out.some((line) => line.includes("starting again")));
    expect(starts()).toBe(1);
    await clock.advance(1000);
    await until(() => starts() === 2);
    stop.abort();
    await code;
    expect(out.filter((line) => line.startsWith("esp32")).length).toBe(1);
  });

  it("kills what does not stop, and still ends well within five seconds", async () => {
    const clock = fakeClock();
    const { code, out, stop } = house({ agent: STUBBORN }, {}, clock);
    await until(() => isUp(out)() && out.includes("agent    │ agent stays"));
    let ended = false;
    void code.then(() => {
      ended = true;
    });
    stop.abort();
    await settle();
    await clock.advance(1999);
    expect(ended).toBe(false);
    await clock.advance(1);
    expect(await code).toBe(0);
  });

  it("stops in the middle of a start", async () => {
    const { code, stop, out } = house({ hub: `stay("hub"); console.log("still starting");` });
    await until(() => out.length > 0);
    stop.abort();
    expect(await code).toBe(0);
  });

  it("runs the hub alone when nothing may be simulated here", async () => {
    const { code, out, stop, stopped } = house({}, { simulate: false });
    await until(isUp(out));
    stop.abort();
    await code;
    expect(stopped()).toEqual(["hub"]);
  });

  it("says everything as JSON for machines", async () => {
    const { code, out, stop } = house({}, { jsonLogs: true });
    await until(() => out.some((line) => line.includes('"ready"')));
    stop.abort();
    await code;
    const logs = out.map((line) => JSON.parse(line) as { [key: string]: unknown });
    expect(logs).toContainEqual({ event: "listening", port: 4321, msg: "serving" });
    expect(logs.at(-1)).toMatchObject({ event: "ready", local: "http://localhost:4321" });
  });
});
