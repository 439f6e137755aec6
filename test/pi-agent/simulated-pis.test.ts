import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type SimulatedPi, startSimulatedPi } from "../../simulate/pi.ts";
import { eventually } from "../support/eventually.ts";
import { SocketHub } from "./socket-hub.ts";

let hub: SocketHub;
let pis: SimulatedPi[];
const lines: string[] = [];

beforeEach(async () => {
  hub = await new SocketHub().start();
  const start = (id: string) => startSimulatedPi({ hub: hub.url, id, log: (line) => lines.push(line) });
  pis = await Promise.all(["pi-1", "pi-2", "pi-3"].map(start));
});
afterEach(async () => {
  await Promise.all(pis.map((pi) => pi.close()));
  await hub.stop();
});

describe("simulated Pis", () => {
  it("are as many as wanted in one process, each with its id, and say that they are simulated", async () => {
    await eventually(() => hub.all("hello").length === 3);
    expect(hub.handshakes).toEqual(expect.arrayContaining([{ id: "pi-1" }, { id: "pi-2" }, { id: "pi-3" }]));
    for (const hello of hub.all("hello"))
      expect(hello).toMatchObject({ model: "Simulated Raspberry Pi", state: { brightness: 0 } });
    expect(lines).toContain("pi-2: brightness: GPIO21 through a simulated LED, no real pin moves.");
  });

  it("take a brightness as a real one does", async () => {
    await hub.heard("hello", 3);
    expect(await hub.ask("set", { brightness: 37 })).toEqual({ brightness: 37 });
  });
});
